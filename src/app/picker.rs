//! A list that filters as one types: the palette, models, endpoints, conversations, prompts, code blocks.
//!
//! Matches are computed once a keystroke; a longer filter looks only at what the shorter one left, so a list
//! of thousands stays instant.

use std::ops::Range;

use crossterm::event::KeyEvent;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use uuid::Uuid;

use crate::chat::{ConversationId, MessageId, Part, Reach, Route};
use crate::text::width::width;
use crate::text::{Safe, sanitise_line};

use super::block::Tone;
use super::command::CommandId;
use super::effect::SearchId;
use super::fanout::Party;
use super::field::Line;
use super::fit::{Fit, Way};
use super::fork::Where;
use super::model::KeyOf;
use super::summarise::Aim;

/// What a list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Commands.
    Palette,
    /// Models; those of one key only, or of all.
    Models(Option<KeyOf>),
    /// Endpoints and their keys.
    Endpoints,
    /// Stored conversations.
    Conversations,
    /// Presets.
    Presets,
    /// What is in the trash.
    Trash,
    /// Messages that hold the words typed; found by the storage, not by the filter.
    Search(SearchId),
    /// Prompts of before.
    History,
    /// Themes.
    Themes,
    /// Code blocks of a message.
    Code,
    /// What can be copied of a message.
    Copy,
    /// Links of a message.
    Links,
    /// How much of a conversation a fork takes along.
    Fork(Where),
    /// Places of the conversation.
    Messages(Among),
    /// Former versions of a message.
    Revisions,
    /// What is wrong with the configuration on disk.
    Problems,
    /// Named sets and models, to be marked: who is asked at once.
    FanOut(Party),
    /// Models, to ask a branch's questions again of one.
    Ghost,
    /// What can be done about a request that is too long.
    Fit(Fit),
    /// Models, to have a summary made by one.
    Summariser(Aim),
}

/// Which places of a conversation are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// The siblings of what is read.
    Siblings,
    /// The ends of all branches.
    Branches,
}

/// What choosing a row does.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Runs a command.
    Command(CommandId),
    /// Sends to this route from now on.
    Route(Route),
    /// Goes on with this key of this endpoint.
    Key(KeyOf),
    /// Opens a conversation.
    Conversation(ConversationId),
    /// Opens a conversation at a message and marks these words in it.
    Message(ConversationId, MessageId, Vec<String>),
    /// Sends by this preset.
    Preset(String),
    /// Takes something out of the trash.
    Trashed(Uuid),
    /// Asks who is in this set.
    Set(String),
    /// Looks like this theme; `None` is the one that is configured.
    Theme(Option<String>),
    /// Puts a prompt in the composer.
    Prompt(String),
    /// Copies text.
    Copy(String),
    /// Opens a link.
    Open(String),
    /// Saves text to a file, whose name is asked for; this one is offered.
    Save(String, String),
    /// Makes a fork, seen from a message.
    Fork(MessageId, Reach, Where),
    /// Makes a request that is too long fit, or sends it all the same.
    Way(Way),
    /// Goes into the group of this name on the usage page.
    UsageRow(String),
    /// Lets a message say again what it said.
    Revision(Box<Former>),
}

/// What a message said.
#[derive(Clone, Debug, PartialEq)]
pub struct Former {
    /// In which conversation it is.
    pub conversation: ConversationId,
    /// Which message.
    pub message: MessageId,
    /// What it said.
    pub parts: Vec<Part>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What choosing it does.
    pub choice: Choice,
    /// A sign before it: a star, a dot.
    pub sign: Safe,
    /// What it belongs to.
    pub owner: Safe,
    /// What it is.
    pub name: Safe,
    /// What is told of it, at the right.
    pub detail: Safe,
    /// What the foot of the list tells of it while it is selected.
    pub about: Safe,
    /// How what it is is meant.
    pub tone: Tone,
    /// When it is there at all.
    pub shown: Shown,
    /// The part of the list it stands in: a heading tells it while nothing is typed.
    pub group: Safe,
    /// What `#` and some letters of it find it by.
    pub tags: Vec<Safe>,
    /// What of its name was looked for, as bytes, in order.
    pub marks: Vec<Range<usize>>,
}

impl Entry {
    /// A row that tells no more than what it is.
    pub fn new(choice: Choice, name: Safe) -> Self {
        Self {
            choice,
            sign: Safe::default(),
            owner: Safe::default(),
            name,
            detail: Safe::default(),
            about: Safe::default(),
            tone: Tone::Text,
            shown: Shown::Always,
            group: Safe::default(),
            tags: Vec::new(),
            marks: Vec::new(),
        }
    }

    fn is_tagged(&self, wanted: &str) -> bool {
        self.tags.iter().any(|tag| tag.to_lowercase().starts_with(wanted))
    }
}

/// When a row is in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Always.
    Always,
    /// When what it belongs to is typed.
    ByName,
    /// Last, for what was typed: see [`List::offer`].
    Unlisted,
}

/// Facts of rows as columns, so that like stands below like. Numbers align right.
pub struct Columns<const N: usize> {
    widths: [usize; N],
}

impl<const N: usize> Columns<N> {
    /// The widths that hold all of these.
    pub fn of(rows: &[[String; N]]) -> Self {
        let mut widths = [0; N];
        for row in rows {
            for (widest, fact) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(width(fact));
            }
        }
        Self { widths }
    }

    /// A row of facts; a column that no row fills takes no room.
    pub fn line(&self, row: &[String; N]) -> Safe {
        if row.iter().all(String::is_empty) {
            return Safe::default();
        }
        let mut line = String::new();
        for (cells, fact) in self.widths.into_iter().zip(row).filter(|(cells, _)| *cells > 0) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            line.extend(std::iter::repeat_n(' ', cells - width(fact)));
            line.push_str(fact);
        }
        sanitise_line(&line)
    }
}

/// The rows of a list, and what heads the facts at their right.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The rows.
    pub entries: Vec<Entry>,
    /// As wide as those facts; empty where they need no head.
    pub head: Safe,
    /// What decides which of those that match stands first.
    pub first: First,
}

impl From<Vec<Entry>> for Rows {
    fn from(entries: Vec<Entry>) -> Self {
        Self { entries, ..Self::default() }
    }
}

/// Which of the rows that match stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    /// The one that is most like what was typed.
    #[default]
    Likest,
    /// The one that was first before anything was typed: they have an order of their own.
    Foremost,
}

/// A list, its filter, what matches, and what is selected.
#[derive(Clone, Debug)]
pub struct List {
    /// What it is of.
    pub kind: ListKind,
    /// What was typed.
    pub filter: Line,
    /// All rows.
    pub entries: Vec<Entry>,
    /// What heads the facts at their right.
    pub head: Safe,
    first: First,
    /// Indices of the rows that match, best first.
    pub matches: Vec<usize>,
    /// Which of the matches is selected.
    pub selected: usize,
    /// The first of the matches that is seen.
    pub top: usize,
    /// Who selected it.
    pub picked: Picked,
}

/// Who selected a row of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picked {
    /// Nobody: it is the best row as it stands on top.
    Best,
    /// The person, or what the list was opened for.
    Meant,
}

impl List {
    /// A list of these rows.
    pub fn new(kind: ListKind, entries: Vec<Entry>) -> Self {
        Self::of(kind, entries.into())
    }

    /// A list of rows that may have a head, and an order of their own.
    pub fn of(kind: ListKind, Rows { entries, head, first }: Rows) -> Self {
        let mut list = Self {
            kind,
            filter: Line::default(),
            entries,
            head,
            first,
            matches: Vec::new(),
            selected: 0,
            top: 0,
            picked: Picked::Best,
        };
        list.narrow((0..list.entries.len()).collect());
        list
    }

    /// How many rows there are without a filter.
    pub fn total(&self) -> usize {
        self.entries.iter().filter(|entry| entry.shown == Shown::Always).count()
    }

    /// The heading above a match, where one stands there: as nothing is typed, above the first row of each part.
    pub fn heading(&self, at: usize) -> Option<&Safe> {
        if !self.filter.text().trim().is_empty() {
            return None;
        }
        let group = |at: usize| Some(&self.entries.get(*self.matches.get(at)?)?.group);
        let here = group(at)?;
        let before = at.checked_sub(1).and_then(group);
        (!here.is_empty() && before != Some(here)).then_some(here)
    }

    /// How many headings stand in it without a filter.
    pub fn headings(&self) -> usize {
        let groups = self.entries.iter().map(|entry| &entry.group).filter(|group| !group.is_empty());
        let mut last = None;
        groups.filter(|group| last.replace(*group) != Some(*group)).count()
    }

    /// How many of these match.
    pub fn matching(&self) -> usize {
        let offered = self.entries.last().is_some_and(|entry| entry.shown == Shown::Unlisted);
        self.matches.len() - usize::from(offered)
    }

    /// Selects the row that does this, where there is one.
    pub fn select_choice(&mut self, choice: &Choice) {
        let is_it = |at: &usize| self.entries.get(*at).is_some_and(|entry| entry.choice == *choice);
        if let Some(at) = self.matches.iter().position(is_it) {
            (self.selected, self.picked) = (at, Picked::Meant);
        } else {
            self.select_best();
        }
    }

    fn select_best(&mut self) {
        (self.selected, self.picked) = (0, Picked::Best);
    }

    /// The row that Enter chooses.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(*self.matches.get(self.selected)?)
    }

    /// Puts text in the filter, at its cursor.
    pub fn type_text(&mut self, text: &str) {
        self.ask(|filter| filter.insert(text));
    }

    /// A key in the filter. Returns whether another text is looked for now.
    pub fn edit(&mut self, key: KeyEvent) -> bool {
        self.ask(|filter| filter.edit(key))
    }

    /// Replaces the filter.
    pub fn look_for(&mut self, text: &str) {
        self.ask(|filter| *filter = Line::new(text));
    }

    fn ask(&mut self, change: impl FnOnce(&mut Line)) -> bool {
        let before = self.filter.text().to_owned();
        change(&mut self.filter);
        if self.filter.text() == before {
            return false;
        }
        let by_name = |at: &usize| self.entries.get(*at).is_some_and(|entry| entry.shown == Shown::ByName);
        // What a longer filter matches, a shorter one did; but for rows that a name brings in.
        let among = if self.filter.text().starts_with(&before) {
            let mut among = std::mem::take(&mut self.matches);
            among.retain(|at| !by_name(at));
            among.extend((0..self.entries.len()).filter(by_name));
            among
        } else {
            (0..self.entries.len()).collect()
        };
        self.narrow(among);
        self.select_best();
        true
    }

    /// Replaces the rows. What was meant to be selected stays so where it is still there, else the best row is.
    pub fn replace(&mut self, rows: impl Into<Rows>) {
        let meant = self.chosen().filter(|_| self.picked == Picked::Meant).map(|entry| entry.choice.clone());
        let offered = self.entries.pop_if(|entry| entry.shown == Shown::Unlisted);
        self.fill(rows.into());
        self.offer(offered);
        match meant {
            Some(choice) => self.select_choice(&choice),
            None => self.select_best(),
        }
    }

    /// Replaces the rows by those of the same choices: nothing moves.
    pub fn refresh(&mut self, rows: impl Into<Rows>) {
        let (selected, offered) =
            (self.selected, self.entries.pop_if(|entry| entry.shown == Shown::Unlisted));
        self.fill(rows.into());
        self.offer(offered);
        (self.selected, self.picked) = (selected.min(self.matches.len().saturating_sub(1)), Picked::Meant);
    }

    fn fill(&mut self, rows: Rows) {
        (self.entries, self.head, self.first) = (rows.entries, rows.head, rows.first);
        self.narrow((0..self.entries.len()).collect());
    }

    /// Offers a row for what was typed as the last one, or takes it back. It is not filtered.
    pub fn offer(&mut self, row: Option<Entry>) {
        if self.entries.pop_if(|entry| entry.shown == Shown::Unlisted).is_some() {
            let gone = self.entries.len();
            self.matches.retain(|at| *at != gone);
        }
        if let Some(row) = row {
            self.matches.push(self.entries.len());
            self.entries.push(Entry { shown: Shown::Unlisted, ..row });
        }
        self.selected = self.selected.min(self.matches.len().saturating_sub(1));
    }

    /// Moves the selection; it stops at both ends.
    pub fn select(&mut self, by: isize) {
        let last = self.matches.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        self.picked = Picked::Meant;
    }

    fn narrow(&mut self, mut among: Vec<usize>) {
        // What a search found matches already, by rules the filter does not know.
        let filter = self.filter.text().trim().to_lowercase();
        among.retain(|at| {
            self.entries.get(*at).is_some_and(|entry| match entry.shown {
                Shown::Always => true,
                Shown::ByName => !filter.is_empty() && entry.owner.to_lowercase().contains(&filter),
                Shown::Unlisted => false,
            })
        });
        if filter.is_empty() || matches!(self.kind, ListKind::Search(_)) {
            among.sort_unstable();
            self.matches = among;
            return;
        }
        let (tags, words): (Vec<&str>, Vec<&str>) =
            filter.split_whitespace().partition(|word| word.starts_with('#'));
        let tags: Vec<&str> = tags.iter().map(|tag| tag.trim_start_matches('#')).collect();
        among.retain(|at| {
            self.entries.get(*at).is_some_and(|entry| {
                entry.shown == Shown::ByName || tags.iter().all(|tag| entry.is_tagged(tag))
            })
        });
        if words.is_empty() {
            among.sort_unstable();
            self.matches = among;
            return;
        }
        let typed = self.filter.text().split_whitespace();
        let typed: Vec<&str> = typed.filter(|word| !word.starts_with('#')).collect();
        let pattern = Pattern::parse(&typed.join(" "), CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut text = String::new();
        let mut scored: Vec<(u32, usize)> = among
            .into_iter()
            .filter_map(|at| {
                let entry = self.entries.get(at)?;
                text.clear();
                text.push_str(&entry.owner);
                // What is told of an endpoint is not what anybody looks for.
                if !matches!(entry.choice, Choice::Key(_)) {
                    text.push(' ');
                    text.push_str(&entry.name);
                }
                Some((pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?, at))
            })
            .collect();
        scored.sort_unstable_by_key(|&(score, at)| match self.first {
            First::Likest => (std::cmp::Reverse(score), at),
            First::Foremost => (std::cmp::Reverse(0), at),
        });
        self.matches = scored.into_iter().map(|(_, at)| at).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Stroke;
    use crate::text::sanitise;

    fn list(names: &[&str]) -> List {
        let entry = |name: &&str| Entry::new(Choice::Prompt((*name).to_owned()), sanitise(name));
        List::new(ListKind::History, names.iter().map(entry).collect())
    }

    fn shown(list: &List) -> Vec<&str> {
        list.matches.iter().map(|at| list.entries[*at].name.as_str()).collect()
    }

    #[test]
    fn typing_narrows_and_erasing_widens() {
        let mut list = list(&["gpt-4o", "claude-sonnet", "claude-haiku"]);
        list.type_text("clson");
        assert_eq!(shown(&list), ["claude-sonnet"]);
        for _ in 0..3 {
            assert!(list.edit(Stroke::parse("backspace").unwrap().event()));
        }
        assert_eq!(shown(&list), ["claude-sonnet", "claude-haiku"]);
        list.look_for("");
        assert_eq!(shown(&list), ["gpt-4o", "claude-sonnet", "claude-haiku"]);
    }

    #[test]
    fn the_filter_is_edited_in_its_middle_by_the_keys_of_a_line() {
        let mut list = list(&["gpt-4o", "claude-sonnet", "claude-haiku"]);
        list.type_text("claude four");
        assert_eq!(shown(&list), Vec::<&str>::new());
        let press = |list: &mut List, keys: &str| {
            keys.split(' ').filter(|key| list.edit(Stroke::parse(key).unwrap().event())).count()
        };
        assert_eq!(press(&mut list, "ctrl-w"), 1);
        assert_eq!((list.filter.text(), shown(&list).len()), ("claude ", 2));
        assert_eq!(press(&mut list, "ctrl-a ctrl-e alt-b"), 0);
        assert_eq!(press(&mut list, "alt-d h a i"), 4);
        assert_eq!((list.filter.text(), shown(&list)), ("hai ", vec!["claude-haiku"]));
        assert_eq!(press(&mut list, "ctrl-u ctrl-_"), 2);
        assert_eq!((list.filter.text(), shown(&list)), ("hai ", vec!["claude-haiku"]));
    }

    #[test]
    fn a_row_that_is_shown_by_name_comes_only_when_it_is_called() {
        let mut list = list(&["one", "refused"]);
        list.entries[1].shown = Shown::ByName;
        list.entries[1].owner = sanitise("Ollama");
        let mut list = List::new(ListKind::History, list.entries);
        assert_eq!((shown(&list), list.total()), (vec!["one"], 1));
        list.type_text("o");
        assert_eq!(shown(&list), ["one", "refused"]);
        list.type_text("ll");
        assert_eq!(shown(&list), ["refused"]);
        list.look_for("ref");
        assert_eq!(shown(&list), Vec::<&str>::new());
    }

    #[test]
    fn facts_stand_below_each_other() {
        let rows = [["1", "", "x"], ["10", "", ""]].map(|row| row.map(str::to_owned));
        let columns = Columns::of(&rows);
        assert_eq!(rows.each_ref().map(|row| columns.line(row).into_string()), [" 1  x", "10   "]);
    }

    #[test]
    fn new_rows_keep_what_was_selected() {
        let mut picked = list(&["a", "b"]);
        picked.select(1);
        picked.replace(list(&["x", "b", "a"]).entries);
        assert_eq!(picked.chosen().unwrap().name, "b");
    }

    #[test]
    fn a_newer_row_on_top_is_selected_where_nobody_selected_another() {
        let mut untouched = list(&["a", "b"]);
        untouched.replace(list(&["newer", "a", "b"]).entries);
        assert_eq!(untouched.chosen().unwrap().name, "newer");
    }
}
