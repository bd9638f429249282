//! A list that filters as one types: the palette, models, endpoints, conversations, prompts, code blocks.
//!
//! Matches are computed once a keystroke; a longer filter looks only at what the shorter one left, so a list
//! of thousands stays instant.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::chat::{ConversationId, EndpointName, MessageId, Route};
use crate::text::Safe;

use super::command::CommandId;
use super::effect::SearchId;
use super::model::KeyOf;

/// What a list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// Commands.
    Palette,
    /// Models; of one endpoint only, or of all.
    Models(Option<EndpointName>),
    /// Endpoints and their keys.
    Endpoints,
    /// Stored conversations.
    Conversations,
    /// Messages that hold the words typed; found by the storage, not by the filter.
    Search(SearchId),
    /// Prompts of before.
    History,
    /// Code blocks of a message.
    Code,
}

/// What choosing a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Runs a command.
    Command(CommandId),
    /// Sends to this route from now on.
    Route(Route),
    /// Goes on with this key of this endpoint.
    Key(KeyOf),
    /// Opens a conversation.
    Conversation(ConversationId),
    /// Opens a conversation at a message.
    Message(ConversationId, MessageId),
    /// Puts a prompt in the composer.
    Prompt(String),
    /// Copies text.
    Copy(String),
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// A list, its filter, what matches, and what is selected.
#[derive(Clone, Debug)]
pub struct List {
    /// What it is of.
    pub kind: ListKind,
    /// What was typed.
    pub filter: String,
    /// All rows.
    pub entries: Vec<Entry>,
    /// Indices of the rows that match, best first.
    pub matches: Vec<usize>,
    /// Which of the matches is selected.
    pub selected: usize,
}

impl List {
    /// A list of these rows.
    pub fn new(kind: ListKind, entries: Vec<Entry>) -> Self {
        let matches = (0..entries.len()).collect();
        Self { kind, filter: String::new(), entries, matches, selected: 0 }
    }

    /// The row that Enter chooses.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entries.get(*self.matches.get(self.selected)?)
    }

    /// Adds to the filter.
    pub fn type_text(&mut self, text: &str) {
        self.filter.extend(text.chars().filter(|c| !c.is_control()));
        let among = std::mem::take(&mut self.matches);
        self.narrow(among);
        self.selected = 0;
    }

    /// Takes the filter's last character away.
    pub fn backspace(&mut self) {
        self.filter.pop();
        self.narrow((0..self.entries.len()).collect());
        self.selected = 0;
    }

    /// Empties the filter.
    pub fn clear(&mut self) {
        self.filter.clear();
        self.narrow((0..self.entries.len()).collect());
        self.selected = 0;
    }

    /// Replaces the rows; what was selected stays so where it is still there.
    pub fn replace(&mut self, entries: Vec<Entry>) {
        let chosen = self.chosen().map(|entry| entry.choice.clone());
        self.entries = entries;
        self.narrow((0..self.entries.len()).collect());
        self.selected = self
            .matches
            .iter()
            .position(|at| self.entries.get(*at).map(|entry| &entry.choice) == chosen.as_ref())
            .unwrap_or(0);
    }

    /// Moves the selection; it stops at both ends.
    pub fn select(&mut self, by: isize) {
        let last = self.matches.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    fn narrow(&mut self, mut among: Vec<usize>) {
        // What a search found matches already, by rules the filter does not know.
        if self.filter.trim().is_empty() || matches!(self.kind, ListKind::Search(_)) {
            among.sort_unstable();
            self.matches = if self.filter.is_empty() { (0..self.entries.len()).collect() } else { among };
            return;
        }
        let pattern = Pattern::parse(&self.filter, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut text = String::new();
        let mut scored: Vec<(u32, usize)> = among
            .into_iter()
            .filter_map(|at| {
                let entry = self.entries.get(at)?;
                text.clear();
                text.push_str(&entry.owner);
                text.push(' ');
                text.push_str(&entry.name);
                Some((pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?, at))
            })
            .collect();
        scored.sort_unstable_by_key(|&(score, at)| (std::cmp::Reverse(score), at));
        self.matches = scored.into_iter().map(|(_, at)| at).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sanitise;

    fn list(names: &[&str]) -> List {
        let entry = |name: &&str| Entry {
            choice: Choice::Prompt((*name).to_owned()),
            sign: Safe::default(),
            owner: Safe::default(),
            name: sanitise(name),
            detail: Safe::default(),
        };
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
            list.backspace();
        }
        assert_eq!(shown(&list), ["claude-sonnet", "claude-haiku"]);
        list.clear();
        assert_eq!(shown(&list), ["gpt-4o", "claude-sonnet", "claude-haiku"]);
    }

    #[test]
    fn new_rows_keep_what_was_selected() {
        let mut picked = list(&["a", "b"]);
        picked.select(1);
        picked.replace(list(&["x", "b", "a"]).entries);
        assert_eq!(picked.chosen().unwrap().name, "b");
    }
}
