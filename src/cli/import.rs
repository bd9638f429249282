//! `loquat import`
//!
//! Each conversation is stored whole or not at all, and one that cannot be read stops no other. One that is there
//! already, in the trash too, is left alone and told of; `--again` makes a copy. The exit code is 0 where nothing
//! failed, whatever was left out of a conversation, and 1 where a file or a conversation could not be read or stored.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::args::ImportArgs;
use super::stored::{with_new_store, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, Preset};
use crate::storage::import::Held;
use crate::storage::{Store, StoreError, presets};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line, width::truncate};
use crate::transfer::{Complaint, Imported, Item, What, read};

/// Cells of a title, so that a row fits 80 columns.
const TITLE: usize = 40;
/// Things that could not be read which a line names.
const NAMED: usize = 6;

/// What came of everything: `--json`.
#[derive(Serialize)]
struct Report {
    dry_run: bool,
    files: Vec<FileReport>,
    imported: usize,
    skipped: usize,
    failed: usize,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    /// Why nothing of it could be read.
    error: Option<String>,
    /// What of the file belongs to no conversation.
    complaints: Vec<ComplaintJson>,
    conversations: Vec<Row>,
    presets: Vec<PresetRow>,
}

#[derive(Serialize)]
struct PresetRow {
    name: String,
    result: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Imported,
    /// There already.
    Skipped,
    Failed,
}

/// What came of storing a conversation.
enum Stored {
    New,
    There(Held),
    /// A message of it is in another conversation.
    Refused(Safe),
}

#[derive(Serialize)]
struct Row {
    index: usize,
    format: Option<&'static str>,
    title: String,
    conversation: Option<ConversationId>,
    messages: usize,
    branches: usize,
    result: Outcome,
    error: Option<String>,
    complaints: Vec<ComplaintJson>,
}

#[derive(Serialize)]
struct ComplaintJson {
    /// The message's id in the file.
    message: Option<String>,
    what: &'static str,
    detail: Option<String>,
}

impl From<&Complaint> for ComplaintJson {
    fn from(Complaint { message, what }: &Complaint) -> Self {
        Self { message: message.clone(), what: what.name(), detail: what.detail().map(str::to_owned) }
    }
}

/// Reads files, and stores their conversations.
pub fn run(args: &ImportArgs, context: &Context) -> Exit {
    let work = |store: &mut Store| {
        let mut importing = Importing { args, context, store, seen: HashMap::new(), now: Timestamp::now() };
        let mut report =
            Report { dry_run: args.dry_run, files: Vec::new(), imported: 0, skipped: 0, failed: 0 };
        let ended = args.files.iter().try_for_each(|path| importing.file(path, &mut report));
        // What was stored before the database failed is stored.
        importing.tell(&report)?;
        ended?;
        let whole = report.failed == 0 && report.files.iter().all(|file| file.error.is_none());
        Ok(if whole { Exit::OK } else { Exit::INTERNAL })
    };
    if args.dry_run { with_store(context, work) } else { with_new_store(context, work) }
}

struct Importing<'a> {
    args: &'a ImportArgs,
    context: &'a Context,
    store: &'a mut Store,
    /// Conversations of a dry run, which stores none and may meet one twice all the same, and their messages.
    seen: HashMap<ConversationId, u64>,
    now: Timestamp,
}

impl Importing<'_> {
    fn file(&mut self, path: &Path, report: &mut Report) -> Result<(), StoreError> {
        let name = path.display().to_string();
        let mut told = FileReport {
            file: name.clone(),
            error: None,
            complaints: Vec::new(),
            conversations: Vec::new(),
            presets: Vec::new(),
        };
        let ended = match bytes(path) {
            Err(error) => {
                let reason = t!("cli-file-unreadable", file = name.as_str(), error = error.to_string());
                told.error = Some(reason.into_string());
                Ok(())
            }
            Ok(bytes) => self.contents(&bytes, &mut told),
        };
        if let Some(error) = &told.error {
            self.context.out.error(&t!("cli-error", message = error.as_str()));
        }
        let presets = told.presets.iter().map(|row| row.result);
        for result in told.conversations.iter().map(|row| row.result).chain(presets) {
            match result {
                Outcome::Imported => report.imported += 1,
                Outcome::Skipped => report.skipped += 1,
                Outcome::Failed => report.failed += 1,
            }
        }
        report.files.push(told);
        ended
    }

    fn contents(&mut self, bytes: &[u8], told: &mut FileReport) -> Result<(), StoreError> {
        let contents = match read(bytes) {
            Ok(contents) => contents,
            Err(error) => {
                let reason = error.explain();
                let reason = t!("cli-import-file", file = told.file.as_str(), reason = reason);
                told.error = Some(reason.into_string());
                return Ok(());
            }
        };
        for item in &contents.items {
            let row = self.item(item, &told.file)?;
            told.conversations.push(row);
        }
        told.presets = self.presets(contents.presets, &told.file)?;
        self.note_complaints(&told.file, None, &contents.complaints);
        told.complaints = contents.complaints.iter().map(ComplaintJson::from).collect();
        Ok(())
    }

    fn item(&mut self, item: &Item<'_>, file: &str) -> Result<Row, StoreError> {
        let mut row = Row {
            index: item.index,
            format: item.format.map(|format| format.name()),
            title: item.title().unwrap_or_default(),
            conversation: None,
            messages: 0,
            branches: 0,
            result: Outcome::Failed,
            error: None,
            complaints: Vec::new(),
        };
        let mut imported = match item.read(self.now) {
            Ok(imported) => imported,
            Err(reason) => return Ok(self.failed(row, file, reason)),
        };
        let tree = &imported.conversation.tree;
        (row.messages, row.branches) = (tree.len(), tree.branch_count());
        row.title.clone_from(&imported.conversation.title);
        let complaints = std::mem::take(&mut imported.complaints);
        row.complaints = complaints.iter().map(ComplaintJson::from).collect();
        let (id, stored) = self.store(imported)?;
        row.conversation = Some(id);
        Ok(match stored {
            Stored::New => {
                self.note_complaints(file, Some(&named(&row)), &complaints);
                Row { result: Outcome::Imported, ..row }
            }
            Stored::There(held) => {
                self.note_held(file, &row, held);
                Row { result: Outcome::Skipped, ..row }
            }
            Stored::Refused(reason) => self.failed(row, file, reason),
        })
    }

    /// Keeps presets beside those there are. One whose name is taken is left alone, or with `--again` gets another.
    fn presets(&self, presets: Vec<Preset>, file: &str) -> Result<Vec<PresetRow>, StoreError> {
        if presets.is_empty() {
            return Ok(Vec::new());
        }
        let state = &self.context.paths.state;
        let (configured, mut own) = (&self.context.config.presets, presets::load(state));
        let mut rows = Vec::new();
        for mut preset in presets {
            let taken = |name: &str| configured.iter().chain(&own).any(|other| other.name == name);
            if taken(&preset.name) && self.args.again {
                let names = (2_u64..).map(|n| format!("{} ({n})", preset.name));
                preset.name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
            }
            let (name, result) =
                (preset.name.clone(), if taken(&preset.name) { Outcome::Skipped } else { Outcome::Imported });
            let shown = sanitise_line(&name);
            match result {
                Outcome::Imported => {
                    self.context.out.note(&t!("cli-import-preset", file = file, name = shown));
                    preset.is_default &= !own.iter().any(|other| other.is_default);
                    own.push(preset);
                }
                Outcome::Skipped | Outcome::Failed => {
                    self.context.out.detail(|| t!("cli-import-preset-held", file = file, name = shown));
                }
            }
            rows.push(PresetRow { name, result });
        }
        if !self.args.dry_run {
            presets::save(state, &own).map_err(|source| StoreError::File { path: state.clone(), source })?;
        }
        Ok(rows)
    }

    /// Stores a conversation, or with `--again` a copy of it where something of it is there already.
    fn store(&mut self, imported: Imported) -> Result<(ConversationId, Stored), StoreError> {
        let stored = self.store_as_it_is(&imported)?;
        if self.args.again && !matches!(stored, Stored::New) {
            let copy = imported.copied(ConversationId(Uuid::now_v7()));
            return Ok((copy.conversation.id, self.store_as_it_is(&copy)?));
        }
        Ok((imported.conversation.id, stored))
    }

    /// Stores a conversation whole, or nothing of it.
    fn store_as_it_is(&mut self, imported: &Imported) -> Result<Stored, StoreError> {
        let conversation = &imported.conversation;
        if let Some(held) = self.store.held(conversation.id)? {
            return Ok(Stored::There(held));
        }
        if self.args.dry_run {
            let messages = u64::try_from(conversation.tree.len()).unwrap_or(u64::MAX);
            let seen = self.seen.insert(conversation.id, messages);
            return Ok(seen.map_or(Stored::New, |messages| Stored::There(Held { messages, trash: None })));
        }
        match self.store.import_with(conversation, &imported.kept) {
            Ok(()) => Ok(Stored::New),
            Err(error @ StoreError::Taken(_)) => Ok(Stored::Refused(error.explain())),
            Err(error) => Err(error),
        }
    }

    fn failed(&self, row: Row, file: &str, reason: Safe) -> Row {
        let message = t!("cli-import-failed", file = file, conversation = named(&row), reason = &reason);
        self.context.out.error(&t!("cli-error", message = message));
        Row { error: Some(reason.into_string()), ..row }
    }

    /// Tells of a conversation that is there already. That it is as it was is a detail; that the file has more, or
    /// that it lies in the trash, is not.
    fn note_held(&self, file: &str, row: &Row, held: Held) {
        let out = &self.context.out;
        let here = usize::try_from(held.messages).unwrap_or(usize::MAX);
        let name = named(row);
        match held.trash {
            Some(entry) => {
                let id = entry.to_string();
                out.note(&t!("cli-import-in-trash", file = file, conversation = name, id = id));
            }
            None if row.messages > here => {
                let messages = row.messages;
                out.note(&t!(
                    "cli-import-has-more",
                    file = file,
                    conversation = name,
                    messages = messages,
                    here = here
                ));
            }
            None => out.detail(|| t!("cli-import-held", file = file, conversation = name)),
        }
    }

    fn note_complaints(&self, file: &str, conversation: Option<&Safe>, complaints: &[Complaint]) {
        let mut counts: BTreeMap<&What, usize> = BTreeMap::new();
        for complaint in complaints {
            *counts.entry(&complaint.what).or_default() += 1;
        }
        if counts.is_empty() {
            return;
        }
        let mut said: Vec<Safe> =
            counts.iter().take(NAMED).map(|(what, count)| phrase(what, *count)).collect();
        if counts.len() > NAMED {
            said.push(t!("cli-import-and-more", count = counts.len() - NAMED));
        }
        let said = said.iter().map(Safe::as_str).collect::<Vec<_>>().join(", ");
        self.context.out.note(&match conversation {
            Some(name) => t!("cli-import-complaints", file = file, conversation = name, said = said),
            None => t!("cli-import-file", file = file, reason = said),
        });
    }

    fn tell(&self, report: &Report) -> Result<(), StoreError> {
        let out = &self.context.out;
        if self.args.json {
            out.json(report);
            return Ok(());
        }
        let mut rows = Vec::new();
        for row in report.files.iter().flat_map(|file| &file.conversations) {
            if let (Outcome::Imported, Some(id)) = (row.result, row.conversation) {
                rows.push(vec![
                    sanitise(&self.store.short_conversation(id)?),
                    sanitise(&row.messages.to_string()),
                    sanitise(&row.branches.to_string()),
                    truncate(&sanitise_line(&row.title), TITLE),
                ]);
            }
        }
        if !rows.is_empty() {
            let header = [
                t!("store-column-id"),
                t!("store-column-messages"),
                t!("store-column-branches"),
                t!("store-column-title"),
            ];
            out.table(&header, rows);
        }
        let Report { imported, skipped, failed, .. } = *report;
        out.note(&if self.args.dry_run {
            t!("cli-import-would", imported = imported, skipped = skipped, failed = failed)
        } else {
            t!("cli-import-done", imported = imported, skipped = skipped, failed = failed)
        });
        if skipped > 0 {
            out.note(&t!("cli-import-again"));
        }
        Ok(())
    }
}

/// A file's bytes, or those of stdin.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() != "-" {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A conversation of a file by its title, or by its place.
fn named(row: &Row) -> Safe {
    if row.title.trim().is_empty() {
        t!("cli-import-numbered", number = row.index + 1)
    } else {
        t!("cli-import-titled", title = truncate(&sanitise_line(&row.title), TITLE))
    }
}

fn phrase(what: &What, count: usize) -> Safe {
    match what {
        What::Image => t!("cli-import-images", count = count),
        What::Audio => t!("cli-import-audio", count = count),
        What::Attachment(name) => t!("cli-import-attachment", name = sanitise_line(name)),
        What::Part(kind) => t!("cli-import-parts", count = count, kind = sanitise_line(kind)),
        What::NotAMessage => t!("cli-import-not-messages", count = count),
        What::Setting(name) => t!("cli-import-setting", name = sanitise_line(name)),
        What::Prompt => t!("cli-import-prompts", count = count),
        What::Folder => t!("cli-import-folders", count = count),
        What::ParentMissing => t!("cli-import-parents", count = count),
        What::Circle => t!("cli-import-circles", count = count),
        What::SameId => t!("cli-import-same-ids", count = count),
    }
}
