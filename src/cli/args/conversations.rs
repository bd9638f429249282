//! Arguments of what is done with conversations that are stored.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// `loquat list`
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Those in the archive instead
    #[arg(long)]
    pub archived: bool,
    /// Only those that are pinned
    #[arg(long)]
    pub pinned: bool,
    /// Only those with this tag (repeat: with all of them)
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// At most this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat show` and `loquat tree`
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Conversation (or, for `show`, message): an id or a unique beginning of one
    pub id: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat search`
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Words and "phrases"
    #[arg(required = true)]
    pub words: Vec<String>,
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Export formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Markdown; all branches, with marks where they part
    #[default]
    Markdown,
    /// Plain text; all branches, with marks where they part
    Text,
    /// Our own JSON; the whole tree, without loss
    Json,
    /// JSON that LibreChat imports, with every branch
    #[value(name = "librechat")]
    LibreChat,
}

/// `loquat export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Conversation
    #[arg(required_unless_present = "all")]
    pub id: Option<String>,
    /// Every conversation, into the folder that -o names
    #[arg(long, requires = "output", conflicts_with = "id")]
    pub all: bool,
    /// Format
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: ExportFormat,
    /// Only the branch that ends in this message
    #[arg(long, value_name = "LEAF", conflicts_with = "all")]
    pub branch: Option<String>,
    /// File (or, with --all, folder) to write to; stdout without it
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file that -o names
    #[arg(long, requires = "output", conflicts_with = "all")]
    pub force: bool,
}

/// `loquat import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files; `-` reads stdin. Their format is told by what is in them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Store nothing, and say what would be imported and what could not be read
    #[arg(long)]
    pub dry_run: bool,
    /// Import conversations that are there already once more, as copies
    #[arg(long)]
    pub again: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `loquat rm`
#[derive(Debug, Args)]
pub struct RmArgs {
    /// Conversations, or messages: one goes with all that follows it
    #[arg(required = true)]
    pub ids: Vec<String>,
}

/// `loquat trash`
#[derive(Debug, Subcommand)]
pub enum TrashCommand {
    /// List what is in the trash
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Put something back
    Restore {
        /// Id, or a unique beginning of one
        id: String,
    },
    /// Remove everything in the trash for good, from the database's free space too
    Empty,
}

/// `loquat backup`
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; must not exist
    pub file: PathBuf,
}
