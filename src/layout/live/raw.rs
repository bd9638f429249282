//! Text as it is written, line by line: an open line keeps the rows it has, but for the last ones.

use crate::layout::Ink;
use crate::layout::wrap::{Breaks, fill};

use super::{Live, State, UNSETTLED_ROWS, plain};

impl Live {
    pub(super) fn push_raw(&mut self, from: usize) {
        let mut end = from;
        while end < self.source.len() {
            let rest = self.source.get(end..).unwrap_or_default();
            let newline = rest.find('\n');
            end = newline.map_or(self.source.len(), |newline| end + newline);
            self.lay_written_line(end);
            if newline.is_some() {
                end += 1;
                self.line = end;
                self.settled.0 = self.laid.lines.len();
                self.state = State::Blank;
            }
        }
    }

    /// The open line keeps the rows it has, but for the last ones.
    fn lay_written_line(&mut self, end: usize) {
        let mut rows = match std::mem::take(&mut self.state) {
            State::Written(rows) => rows,
            _ => Vec::new(),
        };
        let text = self.source.get(self.line..end).unwrap_or_default();
        let settled = rows.len().saturating_sub(UNSETTLED_ROWS);
        let mut next = Some(rows.get(settled).copied().unwrap_or(0));
        rows.truncate(settled);
        self.laid.lines.truncate(self.settled.0 + settled);
        while let Some(from) = next {
            let rest = text.get(from..).unwrap_or_default();
            let row = fill(rest, self.width, Breaks::Words);
            self.laid.lines.push(plain(0, &row, Ink::Text, row.origin(rest, self.line + from)));
            rows.push(from);
            next = row.next.map(|next| from + next);
        }
        self.state = State::Written(rows);
    }
}
