//! `loquat export`
//!
//! `-o FILE` makes a file, and replaces one only with `--force`. With `--all`, a file's name ends in its conversation's
//! id, so that exporting again replaces what an earlier export wrote and nothing else.

use std::io;
use std::path::Path;

use super::args::{ExportArgs, ExportFormat};
use super::stored::with_store;
use super::{Context, Exit};
use crate::chat::{Conversation, Kept, MessageId};
use crate::config::private;
use crate::storage::{Store, StoreError};
use crate::t;
use crate::transfer::{to_json, to_librechat, to_markdown, to_text};

/// Characters of a title in a file name.
const NAME: usize = 40;

/// Writes conversations to stdout, a file or a folder.
pub fn run(args: &ExportArgs, context: &Context) -> Exit {
    with_store(context, |store| match (&args.id, &args.output) {
        (Some(id), output) => one(store, context, args, id, output.as_deref()),
        (None, Some(folder)) => all(store, context, args.format, folder),
        // The arguments ask for one of the two.
        (None, None) => Ok(Exit::USAGE),
    })
}

fn one(
    store: &Store,
    context: &Context,
    args: &ExportArgs,
    id: &str,
    output: Option<&Path>,
) -> Result<Exit, StoreError> {
    let conversation = store.load(store.find_conversation(id)?)?;
    let leaf = args.branch.as_deref().map(|leaf| in_conversation(store, &conversation, leaf)).transpose()?;
    let text = text(&conversation, &store.kept(conversation.id)?, leaf, args.format);
    match output {
        None => context.out.line(text.trim_end_matches('\n')),
        Some(path) if path.is_file() && !args.force => {
            let message = t!("store-export-exists", path = path.display().to_string());
            context.out.error(&t!("cli-error", message = message));
            return Ok(Exit::INTERNAL);
        }
        Some(path) => write(path, &text)?,
    }
    Ok(Exit::OK)
}

fn all(store: &Store, context: &Context, format: ExportFormat, folder: &Path) -> Result<Exit, StoreError> {
    private::create_folder(folder).map_err(|source| StoreError::File { path: folder.to_owned(), source })?;
    let summaries = store.list(None)?;
    for summary in &summaries {
        let conversation = store.load(summary.id)?;
        let text = text(&conversation, &store.kept(conversation.id)?, None, format);
        write(&folder.join(file_name(&conversation, format)), &text)?;
    }
    let path = folder.display().to_string();
    context.out.note(&t!("store-export-done", count = summaries.len(), path = path));
    Ok(Exit::OK)
}

fn in_conversation(store: &Store, conversation: &Conversation, leaf: &str) -> Result<MessageId, StoreError> {
    let (_, id) = store.find_message(leaf)?;
    conversation.tree.get(id).map(|message| message.id).ok_or_else(|| StoreError::NotFound(leaf.to_owned()))
}

fn text(conversation: &Conversation, kept: &Kept, leaf: Option<MessageId>, format: ExportFormat) -> String {
    match format {
        ExportFormat::Markdown => to_markdown(conversation, leaf),
        ExportFormat::Text => to_text(conversation, leaf),
        ExportFormat::Json => format!("{:#}\n", to_json(conversation, kept, leaf)),
        ExportFormat::LibreChat => to_librechat(conversation, leaf),
    }
}

/// The title in letters and digits that no file system minds, and the id.
fn file_name(conversation: &Conversation, format: ExportFormat) -> String {
    let extension = match format {
        ExportFormat::Markdown => "md",
        ExportFormat::Text => "txt",
        ExportFormat::Json => "json",
        // Both are JSON: exports of both into one folder stay apart.
        ExportFormat::LibreChat => "librechat.json",
    };
    let words: Vec<&str> =
        conversation.title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let title: String = words.join("-").chars().take(NAME).collect();
    let dash = if title.is_empty() { "" } else { "-" };
    format!("{title}{dash}{}.{extension}", conversation.id)
}

/// Replaces a file at once, through a link to it; writes into what is no file (a pipe, a device).
pub(super) fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let written: io::Result<()> = if target.exists() && !target.is_file() {
        std::fs::write(&target, text)
    } else {
        private::write(&target, text.as_bytes())
    };
    written.map_err(|source| StoreError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{ConversationId, Settings, Tree};
    use jiff::Timestamp;

    #[test]
    fn file_names_are_harmless_and_end_in_the_id() {
        for (title, expected) in [
            ("../../etc/passwd", "etc-passwd-"),
            ("a\u{1b}[31m\nb", "a-31m-b-"),
            ("果樹園 notes", "果樹園-notes-"),
            ("...", ""),
            (&"x".repeat(300), &format!("{}-", "x".repeat(40))),
        ] {
            let conversation = Conversation {
                id: ConversationId(uuid::Uuid::from_u128(1)),
                title: title.into(),
                created: Timestamp::UNIX_EPOCH,
                updated: Timestamp::UNIX_EPOCH,
                settings: Settings::default(),
                tree: Tree::default(),
            };
            assert_eq!(
                file_name(&conversation, ExportFormat::Markdown),
                format!("{expected}00000000-0000-0000-0000-000000000001.md")
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());
    }
}
