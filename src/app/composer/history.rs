//! The prompts of before: walked with Up and Down, looked through with Ctrl+R.

/// Prompts that were sent or cleared, oldest first, and the place walked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<String>,
    at: Option<(usize, String)>,
    /// What was added and is on no disk yet.
    unsaved: Vec<String>,
}

/// The most prompts kept.
const LONGEST_HISTORY: usize = crate::storage::history::KEPT;

impl History {
    /// Adds a prompt and goes back to the newest.
    pub fn add(&mut self, text: &str) {
        self.at = None;
        if text.trim().is_empty() || self.entries.last().is_some_and(|last| last == text) {
            return;
        }
        if self.entries.len() == LONGEST_HISTORY {
            self.entries.remove(0);
        }
        self.entries.push(text.to_owned());
        self.unsaved.push(text.to_owned());
    }

    /// Puts the prompts of earlier runs before those of this one.
    pub fn restore(&mut self, earlier: Vec<String>) {
        self.at = None;
        let added = std::mem::replace(&mut self.entries, earlier);
        self.entries.extend(added);
        self.entries.dedup();
        self.entries.drain(..self.entries.len().saturating_sub(LONGEST_HISTORY));
    }

    /// What was added since this was asked last.
    pub fn take_unsaved(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unsaved)
    }

    /// The prompts, oldest first.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// The prompt before the one shown; `draft` is kept to come back to.
    pub fn older(&mut self, draft: &str) -> Option<&str> {
        let (index, kept) = match self.at.take() {
            None => (self.entries.len(), draft.to_owned()),
            Some(at) => at,
        };
        let older = index.checked_sub(1);
        self.at = (index < self.entries.len() || older.is_some()).then(|| (older.unwrap_or(0), kept));
        older.and_then(|older| self.entries.get(older)).map(String::as_str)
    }

    /// The prompt after the one shown, and after the last one the draft.
    pub fn newer(&mut self) -> Option<String> {
        let (index, kept) = self.at.take()?;
        match self.entries.get(index + 1) {
            Some(entry) => {
                let entry = entry.clone();
                self.at = Some((index + 1, kept));
                Some(entry)
            }
            None => Some(kept),
        }
    }

    /// Leaves the walk: the text shown is being changed.
    pub fn settle(&mut self) {
        self.at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn history_walks_up_and_comes_back_to_the_draft() {
        let mut history = History::default();
        history.add("one");
        history.add("two");
        assert_eq!(history.older("draft"), Some("two"));
        assert_eq!(history.older("two"), Some("one"));
        assert_eq!(history.older("one"), None);
        assert_eq!(history.newer(), Some("two".to_owned()));
        assert_eq!(history.newer(), Some("draft".to_owned()));
        assert_eq!(history.newer(), None);
    }
}
