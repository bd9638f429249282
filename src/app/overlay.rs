//! What floats above the panes, as data, and the rows of each list.

use jiff::Timestamp;

use crate::chat::{ConversationId, MessageId};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::command::{COMMANDS, Command, Needs};
use super::compare::ComparePage;
use super::composer::in_short;
use super::form::Form;
use super::ghost;
use super::help::HelpPage;
use super::lens::LensPage;
use super::model::Model;
use super::picker::{Choice, Entry, List};
use super::pictures::PicturesPage;
use super::summarise::Summarising;
use super::tree::TreePage;
use super::usage::UsagePage;

/// Something that floats, or a page that covers the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// A list that filters.
    List(List),
    /// A form.
    Form(Form),
    /// A question before something is done.
    Confirm(Confirm),
    /// The help page.
    Help(HelpPage),
    /// The usage page.
    Usage(Box<UsagePage>),
    /// Two messages beside each other.
    Compare(Box<ComparePage>),
    /// What the next prompt would send.
    Lens(LensPage),
    /// The pictures of the branch.
    Pictures(Box<PicturesPage>),
    /// The tree page.
    Tree(Box<TreePage>),
    /// A summary that is being written.
    Summary(Box<Summarising>),
}

/// What Enter or `y` will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Put a message and all below it in the trash; so many messages.
    Message(MessageId, usize),
    /// Put a conversation in the trash.
    Conversation(ConversationId),
    /// Remove what is in the trash for good.
    EmptyTrash,
    /// Remove one of a person's own presets, by its place among them.
    Preset(usize),
    /// Send what a budget refused, by its answer.
    OverBudget(MessageId),
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
        Needs::List | Needs::Tree | Needs::Usage => false,
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
            owner: sanitise(&format!("/{}", command.name)),
            detail: sanitise(model.keymap.keys_of(command.id).first().map_or("", String::as_str)),
            ..Entry::new(Choice::Command(command.id), (command.line)())
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

/// A title as it is shown.
pub fn title_or_untitled(title: &str) -> Safe {
    if title.trim().is_empty() { t!("app-untitled") } else { sanitise_line(title) }
}

/// Prompts, newest first.
pub fn prompts(model: &Model) -> Vec<Entry> {
    let entry =
        |prompt: &String| Entry::new(Choice::Prompt(prompt.clone()), sanitise_line(&in_short(prompt)));
    model.history.entries().iter().rev().map(entry).collect()
}

/// The code blocks of a message that is laid out.
pub fn code_blocks(model: &Model, message: MessageId) -> Vec<Entry> {
    let (_, layouts) = model.pane.reading();
    let Some(block) = layouts.get(message) else { return Vec::new() };
    block
        .code()
        .map(|code| Entry {
            sign: sanitise(&code.number.to_string()),
            owner: sanitise_line(&code.language),
            detail: t!("app-lines", count = code.source.lines().count()),
            ..Entry::new(
                Choice::Copy(code.source.clone()),
                sanitise_line(code.source.lines().next().unwrap_or_default()),
            )
        })
        .collect()
}
