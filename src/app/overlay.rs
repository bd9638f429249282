//! What floats above the panes, as data, and the rows of each list.

use jiff::Timestamp;

use crate::chat::{ConversationId, MessageId, Role};
use crate::storage::{Hit, Summary};
use crate::t;
use crate::telemetry::UsageReport;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::{Tone, euros};
use super::command::{COMMANDS, Command, Needs};
use super::compare::ComparePage;
use super::effect::UsageQuery;
use super::form::Form;
use super::ghost;
use super::lens::LensPage;
use super::model::Model;
use super::picker::{Choice, Columns, Entry, List, Shown};
use super::tree::TreePage;

/// Something that floats, or a page that covers the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// A list that filters.
    List(List),
    /// A form.
    Form(Form),
    /// A question before something is done.
    Confirm(Confirm),
    /// The help page, from this line on.
    Help(usize),
    /// The usage page.
    Usage(UsagePage),
    /// Two messages beside each other.
    Compare(Box<ComparePage>),
    /// What the next prompt would send.
    Lens(LensPage),
    /// The tree page.
    Tree(Box<TreePage>),
}

/// What Enter or `y` will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Put a message and all below it in the trash; so many messages.
    Message(MessageId, usize),
    /// Put a conversation in the trash.
    Conversation(ConversationId),
}

/// Totals over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct UsagePage {
    /// What is shown, or on its way.
    pub query: UsageQuery,
    /// The totals.
    pub state: UsageState,
    /// The first row that is shown.
    pub top: usize,
    /// Which table it shows.
    pub table: UsageTable,
}

/// Which table the usage page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageTable {
    /// What was used.
    Totals,
    /// How often each model was chosen blind, of all time.
    Wins,
}

/// Whether totals are there.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageState {
    /// They are being added up.
    Loading,
    /// They are here.
    Here(Box<UsageReport>),
    /// They could not be added up.
    Failed(Safe),
}

/// Whether a command can be done now.
pub fn is_available(model: &Model, command: &Command) -> bool {
    match command.needs {
        Needs::Nothing => true,
        Needs::Message => !model.open.conversation.tree.is_empty(),
        Needs::LiveTurn => model.live().is_some() || ghost::of(model, model.open.conversation.id).is_some(),
        Needs::Turns => {
            let here = model.open.conversation.id;
            model.turns.values().any(|live| live.conversation == here)
        }
        Needs::Lanes => model.pane.lanes.is_some(),
        Needs::Stored => model.open.stored().is_some(),
        Needs::Panes => model.panes.count() > 1,
        Needs::Undo => !model.undo.is_empty(),
        // The palette would be that list, and takes the page's place.
        Needs::List | Needs::Tree => false,
    }
}

/// Every command that can be done now, with its keys.
pub fn palette(model: &Model) -> Vec<Entry> {
    let mut commands: Vec<&Command> =
        COMMANDS.iter().filter(|command| is_available(model, command)).collect();
    commands.sort_by_key(|command| command.section);
    commands
        .into_iter()
        .map(|command| Entry {
            choice: Choice::Command(command.id),
            sign: Safe::default(),
            owner: sanitise(&format!("/{}", command.name)),
            name: (command.line)(),
            detail: sanitise(model.keymap.keys_of(command.id).first().map_or("", String::as_str)),
            about: Safe::default(),
            tone: Tone::Text,
            shown: Shown::Always,
        })
        .collect()
}

/// How long ago, in words.
pub fn age(now: Timestamp, then: Timestamp) -> Safe {
    let seconds = now.as_second() - then.as_second();
    match seconds {
        ..60 => t!("app-age-now"),
        60..3600 => t!("app-age-minutes", count = seconds / 60),
        3600..86_400 => t!("app-age-hours", count = seconds / 3600),
        86_400.. => t!("app-age-days", count = seconds / 86_400),
    }
}

/// The stored conversations: how much is in each, what it cost, and when it was last changed.
pub fn conversations(model: &Model) -> Vec<Entry> {
    let facts: Vec<[String; 4]> = model
        .conversations
        .iter()
        .map(|summary| {
            let branches =
                if summary.branches > 1 { format!("⑂ {}", summary.branches) } else { String::new() };
            [
                t!("app-messages", count = summary.messages).into_string(),
                branches,
                summary.cost_eur.map(|cost| euros(cost).into_string()).unwrap_or_default(),
                age(model.now, summary.updated).into_string(),
            ]
        })
        .collect();
    let columns = Columns::of(&facts);
    let entry = |(summary, facts): (&Summary, &[String; 4])| {
        let title = title_or_untitled(&summary.title);
        let told: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
        Entry {
            choice: Choice::Conversation(summary.id),
            sign: sanitise(if summary.id == model.open.conversation.id { "●" } else { "" }),
            owner: Safe::default(),
            about: sanitise_line(&told.join(" · ")),
            name: title,
            detail: columns.line(facts),
            tone: Tone::Text,
            shown: Shown::Always,
        }
    };
    model.conversations.iter().zip(&facts).map(entry).collect()
}

/// A title as it is shown.
pub fn title_or_untitled(title: &str) -> Safe {
    if title.trim().is_empty() { t!("app-untitled") } else { sanitise_line(title) }
}

/// Messages that were found.
pub fn hits(hits: &[Hit]) -> Vec<Entry> {
    hits.iter()
        .map(|hit| Entry {
            choice: Choice::Message(hit.conversation, hit.message),
            sign: Safe::default(),
            owner: crate::text::width::truncate(&title_or_untitled(&hit.title), 24),
            name: sanitise_line(&hit.snippet),
            detail: match hit.role {
                Role::User => t!("app-you"),
                Role::Assistant => t!("app-assistant"),
            },
            about: title_or_untitled(&hit.title),
            tone: Tone::Text,
            shown: Shown::Always,
        })
        .collect()
}

/// Prompts, newest first.
pub fn prompts(model: &Model) -> Vec<Entry> {
    let entry = |prompt: &String| Entry {
        choice: Choice::Prompt(prompt.clone()),
        sign: Safe::default(),
        owner: Safe::default(),
        name: sanitise_line(prompt),
        detail: Safe::default(),
        about: Safe::default(),
        tone: Tone::Text,
        shown: Shown::Always,
    };
    model.history.entries().iter().rev().map(entry).collect()
}

/// The code blocks of a message that is laid out.
pub fn code_blocks(model: &Model, message: MessageId) -> Vec<Entry> {
    let (_, layouts) = model.pane.reading();
    let Some(block) = layouts.get(message) else { return Vec::new() };
    block
        .code()
        .map(|code| Entry {
            choice: Choice::Copy(code.source.clone()),
            sign: sanitise(&code.number.to_string()),
            owner: sanitise_line(&code.language),
            name: sanitise_line(code.source.lines().next().unwrap_or_default()),
            detail: t!("app-lines", count = code.source.lines().count()),
            about: Safe::default(),
            tone: Tone::Text,
            shown: Shown::Always,
        })
        .collect()
}
