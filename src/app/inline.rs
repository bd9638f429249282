//! The app on the shell's own screen: a small area below what was said, which the terminal keeps.
//!
//! What is settled of the branch is printed above the area, once and in its order, and is the terminal's from then on:
//! its scrolling, selection and search work on it, and it stays there when the app is left. What is decided here is which
//! rows those are; how they come onto the screen is the runtime's. Only what is still open stays in the area, as far as
//! it has room. Nothing that was printed can be taken back, so a branch that turns out to be another one goes on below a
//! rule that says so. Whatever needs more room (a list, a page, panes, reading back) has the whole screen, the alternate
//! one, for as long as it is open.

use std::cmp::Ordering;

use crate::chat::{ConversationId, MessageId, Status, Tree};
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::{Block, Growth, Row, Tone};
use super::command::CommandId;
use super::effect::Effect;
use super::find::Find;
use super::geometry::{SMALLEST, composer_rows, text_width};
use super::message::{Extent, Size};
use super::model::{Focus, Model};
use super::pane::Presence;
use super::transcript::{self, Anchor};
use super::{complete, strip};

/// So many of a branch's last messages are printed when it is opened; the others are told of.
const LAST: usize = 20;
/// Rows of the area beside those of the branch and the prompt: a line, the facts, the hints.
pub const FRAME: u16 = 3;
/// The most rows of what is offered for what is typed, with one above them.
const OFFERED: usize = 9;
/// The most cells of the message that a rule names.
const WORDS: usize = 32;

/// The app on the shell's own screen.
#[derive(Clone, Debug)]
pub struct Inline {
    /// The terminal.
    pub window: Size,
    /// What of it is taken now.
    pub place: Place,
    /// Where keys went before the last message.
    focus: Focus,
    printed: Printed,
}

/// What of the terminal is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An area below what was printed.
    Below,
    /// All of it, on the alternate screen.
    Whole,
}

/// What the terminal was given.
#[derive(Clone, Debug, Default)]
struct Printed {
    /// Of which conversation.
    conversation: Option<ConversationId>,
    /// Its messages, root first, each with how often it had been changed in its place.
    whole: Vec<(MessageId, u64)>,
    /// As far as the one after them was.
    begun: Option<Begun>,
    /// What is said before anything else is.
    rule: Option<Rule>,
    /// How many messages are printed of a branch that is opened; all of them for `None`.
    last: Option<usize>,
}

/// The beginning of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Begun {
    message: MessageId,
    /// So many rows of it, at that width.
    rows: usize,
    width: u16,
    /// The text they end in: its part of the message, and where in there.
    end: Option<(usize, usize)>,
}

/// What a line between two branches says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// A new conversation begins.
    New,
    /// Another conversation begins.
    Conversation,
    /// What was printed last is not on the branch: this message goes on another way.
    Branch(Option<MessageId>),
    /// What follows says another thing by now.
    Changed,
}

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    /// What later text leaves as it is, once its colours are known.
    Settled,
    /// All there is.
    End,
}

impl Inline {
    /// Nothing was printed yet.
    pub fn new(window: Size) -> Self {
        let printed = Printed { last: Some(LAST), ..Printed::default() };
        Self { window, place: Place::Below, focus: Focus::Composer, printed }
    }
}

/// Whether the app has no more of the screen than an area below what was printed.
pub fn is_below(model: &Model) -> bool {
    place(model) == Place::Below
}

/// What of the terminal is taken now.
pub fn place(model: &Model) -> Place {
    model.inline.as_ref().map_or(Place::Whole, |inline| inline.place)
}

/// The size of the terminal, of which the app may have a part.
pub fn window(model: &Model) -> Size {
    model.inline.as_ref().map_or(model.size, |inline| inline.window)
}

/// Decides what is printed and how large the area is, before anything is arranged for it.
pub fn arrange(model: &mut Model) -> Vec<Effect> {
    let Some(inline) = &mut model.inline else { return Vec::new() };
    let came_back = std::mem::replace(&mut inline.focus, model.focus) == Focus::Transcript;
    if came_back && model.focus == Focus::Composer && is_alone(model) {
        model.pane.view.anchor = Anchor::Follow;
    }
    let place = wanted(model);
    let Some(inline) = &mut model.inline else { return Vec::new() };
    inline.place = place;
    model.size = inline.window;
    match place {
        Place::Whole => Vec::new(),
        Place::Below => {
            model.pane.view.anchor = Anchor::Follow;
            let (rows, asked) = print(model, Until::Settled);
            model.size.height = height(model);
            let settled = (!rows.is_empty()).then_some(Effect::Settle(rows));
            settled.into_iter().chain(asked).collect()
        }
    }
}

/// What of the branch was not printed yet, settled or not: the app is left.
pub fn rest(model: &mut Model) -> Vec<Row> {
    let Some(inline) = &mut model.inline else { return Vec::new() };
    inline.place = Place::Below;
    model.size = inline.window;
    print(model, Until::End).0
}

/// Takes the whole screen, to read in it what was printed.
pub fn read_back(model: &mut Model) {
    if let Some(inline) = &mut model.inline {
        inline.place = Place::Whole;
        model.size = inline.window;
    }
}

/// Prints the whole branch again.
pub fn print_again(model: &mut Model) {
    model.focus = Focus::Composer;
    if let Some(inline) = &mut model.inline {
        let conversation = inline.printed.conversation;
        inline.printed = Printed { conversation, rule: Some(Rule::Conversation), ..Printed::default() };
    }
}

/// What the app needs of the terminal.
fn wanted(model: &Model) -> Place {
    let Size { width, height } = window(model);
    let pane = &model.pane;
    let follows = !matches!(pane.view.anchor, Anchor::At(..));
    let types = model.focus == Focus::Composer && !pane.find.as_ref().is_some_and(Find::is_typed);
    let fits = width >= SMALLEST.0 && height >= SMALLEST.1;
    let is_enough = model.overlays.is_empty() && types && is_alone(model) && follows && fits;
    if is_enough { Place::Below } else { Place::Whole }
}

/// Whether one branch is all that is shown.
fn is_alone(model: &Model) -> bool {
    model.panes.count() == 1 && model.pane.lanes.is_none()
}

/// The rows of the area: the prompt and what stands around it, and what of the branch is open.
fn height(model: &mut Model) -> u16 {
    let window = window(model);
    let own = FRAME + composer_rows(model);
    let most = (window.height / 2).min(window.height.saturating_sub(own + 1));
    let open = open_rows(model);
    let offered = complete::shown(model).map_or(0, |offered| (offered.rows.len() + 1).min(OFFERED));
    let strip = strip::strip(model).map_or(0, |strip| strip.area.height.saturating_sub(own));
    let rows = u16::try_from(open.max(offered)).unwrap_or(most).min(most).max(strip);
    rows + own
}

/// Rows of the branch that were not printed. The empty one at the end is not counted.
fn open_rows(model: &mut Model) -> usize {
    match model.open.presence {
        Presence::Loading => return 1,
        Presence::Here(Extent::Tail(_)) => return 0,
        Presence::New | Presence::Here(Extent::Whole) => {}
    }
    let Some(printed) = model.inline.as_ref().map(|inline| &inline.printed) else { return 0 };
    let begun = printed.begun.map_or(0, |begun| begun.rows);
    let open = model.pane.view.branch.get(printed.whole.len()..).unwrap_or_default().to_vec();
    let rows: usize = open.iter().filter_map(|id| Some(transcript::lay_out(model, *id)?.rows())).sum();
    rows.saturating_sub(begun + 1)
}

/// Takes what is to be printed, and notes that it was.
fn print(model: &mut Model, until: Until) -> (Vec<Row>, Vec<Effect>) {
    let Some(inline) = &mut model.inline else { return (Vec::new(), Vec::new()) };
    let mut printed = std::mem::take(&mut inline.printed);
    let given = match model.open.presence {
        // Of a branch that is being read nobody knows where it begins.
        Presence::Loading | Presence::Here(Extent::Tail(_)) => (Vec::new(), Vec::new()),
        Presence::New | Presence::Here(Extent::Whole) => printed.go_on(model, until),
    };
    if let Some(inline) = &mut model.inline {
        inline.printed = printed;
    }
    given
}

impl Printed {
    fn go_on(&mut self, model: &mut Model, until: Until) -> (Vec<Row>, Vec<Effect>) {
        self.follow(model);
        let mut printing =
            Printing { width: text_width(model.size.width), rows: Vec::new(), effects: Vec::new() };
        if model.pane.view.branch.get(self.whole.len()).is_some() && self.begun.is_none() {
            self.introduce(model, &mut printing);
        }
        while let Some(id) = model.pane.view.branch.get(self.whole.len()).copied() {
            if printing.message(model, id, &mut self.begun, until) == Left::Some {
                break;
            }
            self.whole.push((id, model.open.conversation.tree.revisions(id)));
            self.begun = None;
        }
        (printing.rows, printing.effects)
    }

    /// Finds out how far what was printed is what is read now.
    fn follow(&mut self, model: &Model) {
        let conversation = &model.open.conversation;
        let (tree, branch) = (&conversation.tree, &model.pane.view.branch);
        if self.conversation != Some(conversation.id) {
            let rule = match (self.conversation, model.open.presence) {
                // What the app begins with needs no line above it.
                (None, Presence::New) => None,
                (Some(_), Presence::New) => Some(Rule::New),
                (_, Presence::Loading | Presence::Here(_)) => Some(Rule::Conversation),
            };
            *self = Self { conversation: Some(conversation.id), rule, last: Some(LAST), ..Self::default() };
            return;
        }
        let same = |((id, revisions), on_branch): &(&(MessageId, u64), &MessageId)| {
            id == *on_branch && *revisions == tree.revisions(*id)
        };
        let shared = self.whole.iter().zip(branch).take_while(same).count();
        let last = self.whole.last().filter(|_| shared == self.whole.len()).and_then(|(id, _)| tree.get(*id));
        let reopened = last.is_some_and(|last| last.status == Status::Streaming);
        let next = branch.get(shared);
        if shared < self.whole.len() {
            let changed = self.whole.get(shared).is_some_and(|(id, _)| Some(id) == next);
            let parent = shared.checked_sub(1).and_then(|at| branch.get(at)).copied();
            self.rule = Some(if changed { Rule::Changed } else { Rule::Branch(parent) });
            self.whole.truncate(shared);
            (self.begun, self.last) = (None, Some(LAST));
        } else if reopened {
            self.whole.pop();
            (self.rule, self.begun) = (Some(Rule::Changed), None);
        } else if self.begun.is_some_and(|begun| Some(&begun.message) != next) {
            self.rule = Some(Rule::Branch(branch.last().copied()));
            self.begun = None;
        }
    }

    /// What stands above the first message that is printed of a branch.
    fn introduce(&mut self, model: &Model, printing: &mut Printing) {
        let width = usize::from(printing.width);
        if let Some(said) = self.rule.take().map(|rule| rule.words(model)) {
            printing.rows.extend([rule(&said, width), Row::default()]);
        }
        let Some(last) = self.last.take() else { return };
        let (tree, branch) = (&model.open.conversation.tree, &model.pane.view.branch);
        let left_out = (branch.len() - self.whole.len()).saturating_sub(last);
        if left_out > 0 {
            let skipped = branch.iter().skip(self.whole.len()).take(left_out);
            self.whole.extend(skipped.map(|id| (*id, tree.revisions(*id))));
            let keys = model.keymap.keys_of(CommandId::Print).join(", ");
            let told = truncate(&t!("app-inline-earlier", count = left_out, keys = keys), width);
            printing.rows.extend([Row::of(told, Tone::Dim), Row::default()]);
        }
    }
}

/// Whether anything of a message is left to be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    None,
    Some,
}

/// What is printed at once.
struct Printing {
    width: u16,
    rows: Vec<Row>,
    effects: Vec<Effect>,
}

impl Printing {
    /// Prints of a message what can be.
    fn message(&mut self, model: &mut Model, id: MessageId, begun: &mut Option<Begun>, until: Until) -> Left {
        transcript::lay_out(model, id);
        let Model { pane, open, colours, .. } = model;
        let Some(block) = pane.layouts.get(id) else { return Left::None };
        let revision = open.conversation.tree.revisions(id);
        let (all, settled) = (block.rows(), block.settled());
        let from = begun.map_or(0, |begun| begun.rows_in(block, self.width));
        let mut until_row = match until {
            Until::Settled => settled,
            Until::End => all,
        };
        for at in from..until_row {
            if until == Until::Settled
                && let Some((section, code)) = block.code_at(at)
                && let Some(row) = block.row(at).and_then(|row| row.code)
                && let Some(asked) = colours.missing(id, revision, (section, code), row.1.line)
            {
                self.effects.extend(asked);
                until_row = at;
                break;
            }
            self.rows.extend(
                block.row(at).map(|row| Row { growth: Growth::Still, ..colours.paint(id, revision, row) }),
            );
        }
        if until_row == all {
            return Left::None;
        }
        if until_row > 0 {
            *begun = Some(Begun {
                message: id,
                rows: until_row,
                width: self.width,
                end: end_of(block, until_row),
            });
        }
        Left::Some
    }
}

impl Begun {
    /// The rows of the message that were printed, however it is laid out by now.
    fn rows_in(self, block: &Block, width: u16) -> usize {
        if self.width == width {
            return self.rows;
        }
        let Some((part, end)) = self.end else { return self.rows.min(1) };
        let before = block.text_rows().filter(|(_, of, line)| match of.cmp(&part) {
            Ordering::Less => true,
            Ordering::Equal => line
                .spans
                .iter()
                .filter_map(|span| span.origin.range(&span.text))
                .any(|range| range.end <= end),
            Ordering::Greater => false,
        });
        before.last().map_or(1, |(row, _, _)| row + 1)
    }
}

/// Where the text of so many rows of a message ends.
fn end_of(block: &Block, rows: usize) -> Option<(usize, usize)> {
    let ends = block.text_rows().take_while(|(row, _, _)| *row < rows).flat_map(|(_, part, line)| {
        line.spans.iter().filter_map(move |span| Some((part, span.origin.range(&span.text)?.end)))
    });
    ends.max()
}

impl Rule {
    /// What it says.
    fn words(self, model: &Model) -> Safe {
        let conversation = &model.open.conversation;
        match self {
            Self::New => t!("app-inline-new"),
            Self::Conversation if conversation.title.is_empty() => t!("app-inline-untitled"),
            Self::Conversation => sanitise_line(&conversation.title),
            Self::Branch(Some(message)) => {
                t!("app-inline-branch", after = beginning(&conversation.tree, message))
            }
            Self::Branch(None) => t!("app-inline-beginning"),
            Self::Changed => t!("app-inline-changed"),
        }
    }
}

/// The first words of a message.
fn beginning(tree: &Tree, message: MessageId) -> Safe {
    let text = tree.get(message).map(|message| message.text()).unwrap_or_default();
    truncate(&sanitise_line(text.trim().lines().next().unwrap_or_default()), WORDS)
}

/// A line across the screen with words in it.
fn rule(words: &Safe, cells: usize) -> Row {
    let words = truncate(words, cells.saturating_sub(6));
    let rest = cells.saturating_sub(width(&words) + 4);
    Row::of(sanitise(&format!("── {words} {}", "─".repeat(rest))), Tone::Dim)
}

#[cfg(test)]
mod tests;
