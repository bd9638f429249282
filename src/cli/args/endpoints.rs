//! Arguments of what tells of endpoints, their keys, their models and what these cost.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `loquat endpoints`
#[derive(Debug, Args)]
pub struct EndpointsArgs {
    /// Endpoint to test: its key is used to ask for its models
    #[command(subcommand)]
    pub action: Option<EndpointsAction>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat endpoints ACTION`
#[derive(Debug, Subcommand)]
pub enum EndpointsAction {
    /// List endpoints
    List,
    /// Walk through an endpoint and say what is sent, what comes and what is made of it
    ///
    /// Two answers of a few tokens are asked for; --no-chat leaves these out.
    Test(TestArgs),
}

/// `loquat endpoints test`
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Endpoint
    pub name: String,
    /// Label of the key to use
    #[arg(long, value_name = "LABEL")]
    pub key: Option<String>,
    /// Model to ask; the first one listed otherwise
    #[arg(short, long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Ask no model: nothing that costs anything
    #[arg(long)]
    pub no_chat: bool,
    /// Keep what was sent and what came, without secrets, for a bug report
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Read what --record kept, without a network or a key
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat prices`
#[derive(Debug, Args)]
pub struct PricesArgs {
    /// What to do with prices; they are listed otherwise
    #[command(subcommand)]
    pub action: Option<PricesAction>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat prices ACTION`
#[derive(Debug, Subcommand)]
pub enum PricesAction {
    /// List what sellers ask, in US dollars for a million tokens
    List(PricesListArgs),
    /// Show everything that tells a model's price, and which of it counts
    Explain(PricesExplainArgs),
    /// Take the prices of LiteLLM's model_prices_and_context_window.json
    ///
    /// They are kept in the data folder, instead of those imported before.
    Import {
        /// File, or https:// address
        #[arg(value_name = "FILE|URL")]
        from: String,
    },
}

/// `loquat prices list`
#[derive(Debug, Args)]
pub struct PricesListArgs {
    /// Only where all of these stand in the seller or the model
    pub words: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat prices explain`
#[derive(Debug, Args)]
pub struct PricesExplainArgs {
    /// Model: an id, or ENDPOINT/MODEL
    pub model: String,
    /// Only at this endpoint
    #[arg(short, long, value_name = "NAME")]
    pub endpoint: Option<String>,
    /// Say what these tokens cost: {"tokens_in":1000,"tokens_out":200,"cached_in":600}, as in --json
    #[arg(long, value_name = "JSON")]
    pub usage: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat models`
#[derive(Debug, Args)]
pub struct ModelsArgs {
    /// Only of this endpoint
    #[arg(short, long, value_name = "NAME")]
    pub endpoint: Option<String>,
    /// Only of the key with this label
    #[arg(long, value_name = "LABEL")]
    pub key: Option<String>,
    /// Fetch the lists now
    #[arg(long)]
    pub refresh: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StoreArg {
    /// The operating system's keyring
    Keyring,
    /// A file only you can read
    File,
}

/// `loquat keys`
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Store a key, read from a prompt or from stdin
    Set {
        /// Endpoint
        endpoint: String,
        /// Label
        #[arg(long, value_name = "LABEL", default_value = "default")]
        label: String,
        /// Where to keep it
        #[arg(long, value_name = "STORE")]
        store: Option<StoreArg>,
        /// The base URL to use with it, for endpoints that ask for one
        #[arg(long, value_name = "URL")]
        base_url: Option<String>,
        /// When to stop using it: 30m, 2h, 12h, 1d, 7d, 30d, never
        #[arg(long, value_name = "TIME", default_value = "never")]
        expires: String,
    },
    /// List keys, without their secrets
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget a stored key
    Remove {
        /// Endpoint
        endpoint: String,
        /// Label
        #[arg(long, value_name = "LABEL", default_value = "default")]
        label: String,
    },
    /// Ask an endpoint for its models with a key
    Test {
        /// Endpoint
        endpoint: String,
        /// Label
        #[arg(long, value_name = "LABEL", default_value = "default")]
        label: String,
    },
}
