//! The command line, as one struct: parsing, `--help`, completions and the man page all read it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::t;
use crate::telemetry::import::Origin;
use crate::telemetry::{GroupBy, Mode};

mod conversations;
mod endpoints;

pub use conversations::{
    BackupArgs, ExportArgs, ExportFormat, ImportArgs, ListArgs, RmArgs, SearchArgs, ShowArgs, TrashCommand,
};
pub use endpoints::{
    EndpointsAction, EndpointsArgs, KeysCommand, ModelsArgs, PricesAction, PricesArgs, PricesExplainArgs,
    PricesListArgs, StoreArg, TestArgs,
};

/// A branching, multi-model chat client for the terminal.
#[derive(Debug, Parser)]
#[command(name = "loquat", version, max_term_width = 100)]
#[command(override_usage = "loquat [OPTIONS]\n       loquat <COMMAND> [OPTIONS]")]
pub struct Cli {
    /// The app and one-shots.
    #[command(flatten)]
    pub turn: TurnArgs,
    /// Everything else.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Configuration file
    #[arg(long, value_name = "FILE", env = "LOQUAT_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// Only errors on stderr
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more on stderr
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

impl Cli {
    /// Reads the process's arguments; tells what is wrong with them, or what they ask about, and exits.
    pub fn from_process() -> Self {
        Self::read(std::env::args_os()).unwrap_or_else(|error| error.exit())
    }

    /// Reads a command line. Flags that hold everywhere may stand before a subcommand; those of a turn may not.
    fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = Self::command();
        let words: Vec<OsString> = words.into_iter().collect();
        let matches = command
            .try_get_matches_from_mut(&words)
            .map_err(|error| in_own_words(error, &words))
            .map_err(with_tip)?;
        if let Some(name) = matches.subcommand_name() {
            let given = command.get_arguments().find(|arg| {
                let source = matches.value_source(arg.get_id().as_str());
                !arg.is_global_set() && source == Some(ValueSource::CommandLine)
            });
            if let Some(arg) = given {
                let message = format!("the subcommand '{name}' cannot be used with '{arg}' before it");
                return Err(command.error(ErrorKind::ArgumentConflict, message));
            }
        }
        Self::from_arg_matches(&matches)
    }
}

/// Help is told in the language that is spoken.
fn in_own_words(error: clap::Error, words: &[OsString]) -> clap::Error {
    let told =
        matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    if !told {
        return error;
    }
    super::help::translated(Cli::command()).try_get_matches_from(words).err().unwrap_or(error)
}

/// Who writes a question without a flag is told the flag.
fn with_tip(mut error: clap::Error) -> clap::Error {
    if error.kind() == ErrorKind::InvalidSubcommand {
        let tip = t!("cli-tip-prompt").into_string().into();
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// When something is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where stdout is a terminal.
    #[default]
    Auto,
    /// In any case.
    Always,
    /// In no case.
    Never,
}

/// Flags of the app and of one-shots.
#[derive(Clone, Debug, Default, Args)]
#[command(group = clap::ArgGroup::new("place").multiple(true))]
pub struct TurnArgs {
    /// Ask this and print the answer; `-` reads the prompt from stdin
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub prompt: Option<String>,
    /// Endpoint to ask
    #[arg(short, long, value_name = "NAME")]
    pub endpoint: Option<String>,
    /// Model to ask: an id, or ENDPOINT/MODEL
    #[arg(short, long, value_name = "MODEL", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub model: Option<String>,
    /// Label of the key to use
    #[arg(long, value_name = "LABEL")]
    pub key: Option<String>,
    /// Preset to begin with; other flags go over it
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// System prompt
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    pub system: Option<String>,
    /// Text file to send along; may be repeated
    #[arg(short, long = "file", value_name = "PATH")]
    pub files: Vec<PathBuf>,
    /// Parameter of the request, as JSON or text; may be repeated
    #[arg(long = "param", value_name = "K=V")]
    pub params: Vec<String>,
    /// Go on with the last conversation
    #[arg(short, long = "continue", group = "place")]
    pub continue_last: bool,
    /// Go on with this conversation
    #[arg(long, value_name = "ID", conflicts_with = "continue_last", group = "place")]
    pub conversation: Option<String>,
    /// Go on at this message: below an answer, beside a user message
    #[arg(long, value_name = "MESSAGE", group = "place")]
    pub at: Option<String>,
    /// Copy the path to that message into a new conversation first
    #[arg(long, requires = "place")]
    pub fork: bool,
    /// Store nothing of this turn but its request event
    #[arg(long)]
    pub no_save: bool,
    /// Send it though a budget is spent; its event says so
    #[arg(long)]
    pub over_budget: bool,
    /// Print one JSON object at the end
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Print one JSON event a line
    #[arg(long)]
    pub jsonl: bool,
    /// Ask the provider for a whole answer
    #[arg(long)]
    pub no_stream: bool,
    /// Render Markdown
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub render: When,
    /// Use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// Bound on the whole run, in seconds
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<f64>,
    /// Never read stdin
    #[arg(short = 'n', long)]
    pub no_stdin: bool,
    /// Run the app without the alternate screen
    #[arg(long, hide = true)]
    pub inline: bool,
    /// Run the app line by line, for screen readers and serial lines
    #[arg(long)]
    pub linear: bool,
}

/// Subcommands. Each one's arguments are made known to the parser when it is called: a one-shot needs none.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// List endpoints and their state, or test one
    Endpoints(EndpointsArgs),
    /// List models
    Models(ModelsArgs),
    /// Keep keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List conversations
    List(ListArgs),
    /// Print a conversation's chosen branch, or one message
    Show(ShowArgs),
    /// Print a conversation's tree
    Tree(ShowArgs),
    /// Find messages
    Search(SearchArgs),
    /// Write conversations to files
    Export(ExportArgs),
    /// Read conversations from files of Loquat, LibreChat, ChatGPT, Claude or Chatbot UI
    Import(ImportArgs),
    /// Put conversations, or messages and what follows them, in the trash
    Rm(RmArgs),
    /// What was put in the trash
    #[command(subcommand)]
    Trash(TrashCommand),
    /// Copy the database to a file
    Backup(BackupArgs),
    /// What was used and what it cost
    Usage(UsageArgs),
    /// What models cost, and who says so
    Prices(PricesArgs),
    /// How the routes of aliases are
    #[command(subcommand)]
    Router(RouterCommand),
    /// Who gets request events, by `telemetry.sinks`; nobody does unless that is configured
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
    /// Look at everything this program needs, and say what to do; asks nothing that costs money
    Doctor(DoctorArgs),
    /// Show what the terminal sends for each key, and what it is bound to
    KeysDebug(KeysDebugArgs),
    /// Check, make and show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the man page
    Man,
}

/// `loquat keys-debug`
#[derive(Debug, Args)]
pub struct KeysDebugArgs {
    /// Print a JSON object a line, wherever stdout leads
    #[arg(long)]
    pub json: bool,
}

/// `loquat doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Look only at this endpoint
    pub endpoint: Option<String>,
    /// Look only at keys of this label
    #[arg(long, value_name = "LABEL")]
    pub key: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat usage`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct UsageArgs {
    /// Something else than totals
    #[command(subcommand)]
    pub command: Option<UsageCommand>,
    /// Group by this; `branch` needs --conversation
    #[arg(long, value_name = "WHAT", default_value = "day")]
    pub by: GroupBy,
    /// Only this model, by the id that is sent
    #[arg(short, long)]
    pub model: Option<String>,
    /// Only this endpoint
    #[arg(short, long, value_name = "NAME")]
    pub endpoint: Option<String>,
    /// Only this key of --endpoint
    #[arg(long, value_name = "LABEL", requires = "endpoint")]
    pub key: Option<String>,
    /// Only this conversation: its id, or a unique beginning of it
    #[arg(long, value_name = "ID")]
    pub conversation: Option<String>,
    /// Only what this user asked
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// Only what was asked for this
    #[arg(long, value_name = "PURPOSE")]
    pub mode: Option<Mode>,
    /// First day: YYYY-MM-DD; without it, 30 days are shown
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    /// Last day, inclusive: YYYY-MM-DD; without it, today
    #[arg(long, value_name = "DAY")]
    pub until: Option<String>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print comma-separated values
    #[arg(long)]
    pub csv: bool,
    /// Write a page that any browser shows, with charts: to this file, or `-` for stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "csv"])]
    pub html: Option<PathBuf>,
    /// How often each model was chosen where answers were judged blind, instead of what was used
    #[arg(long, conflicts_with_all = ["by", "since", "until", "csv", "html"])]
    pub wins: bool,
}

/// `loquat usage …`
#[derive(Debug, Subcommand)]
pub enum UsageCommand {
    /// Read every line of the log and tell what is damaged; exits with 1 where something is
    Verify {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Do with old months what `telemetry.retention` says; the app does so by itself
    Archive,
    /// Put what others have counted into the log; what is there already is left out
    ///
    /// LiteLLM's spend logs, and the usage that OpenAI and Anthropic export, as CSV or JSON.
    Import {
        /// The file
        file: PathBuf,
        /// Who wrote it; told by its columns where it is not said
        #[arg(long, value_enum)]
        from: Option<Origin>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `loquat router`
#[derive(Debug, Subcommand)]
pub enum RouterCommand {
    /// Show what is known of each alias's routes, as every process has learned it; asks nobody
    ///
    /// An open circuit is not asked until its time is over; a half-open one is asked once, to see whether it works
    /// again.
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `loquat telemetry`
#[derive(Debug, Subcommand)]
pub enum TelemetryCommand {
    /// Show what each sink got, what waits for it, and what went wrong last
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Deliver everything that waits, now; the app does so by itself
    Flush(FlushArgs),
    /// Deliver again what was delivered before; its ids tell a collector what it has
    Replay(ReplayArgs),
    /// Print what is sent next, byte for byte, with the values of headers masked; sends nothing
    Preview(PreviewArgs),
}

/// `loquat telemetry flush`
#[derive(Debug, Args)]
pub struct FlushArgs {
    /// Only this sink
    pub sink: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat telemetry replay`
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// Sink
    pub sink: String,
    /// First UTC day: YYYY-MM-DD; without it, everything the log has
    #[arg(long, value_name = "DAY")]
    pub since: Option<jiff::civil::Date>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat telemetry preview`
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// Only this sink
    pub sink: Option<String>,
    /// How many deliveries of each sink
    #[arg(short = 'n', long, value_name = "COUNT", default_value_t = 1)]
    pub count: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat config`
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Tell every problem of the configuration
    Check {
        /// File to check instead of the one in use
        file: Option<PathBuf>,
    },
    /// Write a commented configuration to start from
    Init {
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Print where the configuration is
    Path,
    /// Print the configuration in effect, secrets masked
    Show,
    /// Print what an alias leads to, and which lines of which files say so
    Explain {
        /// Alias, or any name that a wildcard fits
        alias: String,
    },
}

/// `loquat completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell
    pub shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Cli, ErrorKind> {
        Cli::read(line.split(' ').map(OsString::from)).map_err(|error| error.kind())
    }

    #[test]
    fn flags_that_hold_everywhere_stand_before_and_after_a_subcommand() {
        for line in ["loquat -q --config a.yaml list --json", "loquat list --json --config a.yaml -q"] {
            let cli = read(line).unwrap();
            assert_eq!((cli.config, cli.quiet), (Some(PathBuf::from("a.yaml")), true), "{line}");
            assert!(
                matches!(cli.command, Some(Command::List(ListArgs { limit: None, json: true, .. }))),
                "{line}"
            );
        }
    }

    #[test]
    fn flags_of_a_turn_do_not_go_with_a_subcommand() {
        for line in ["loquat -p hi list", "loquat --json list", "loquat --render never man"] {
            assert_eq!(read(line).unwrap_err(), ErrorKind::ArgumentConflict, "{line}");
        }
    }

    #[test]
    fn nobody_is_told_more_and_less() {
        assert_eq!(read("loquat -q -v").unwrap_err(), ErrorKind::ArgumentConflict);
    }
}
