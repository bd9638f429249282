//! A table that is open, row by row: a finished row is added below the others, or moves them.

use pulldown_cmark::Alignment;

use crate::layout::flow::{self, Definitions};
use crate::layout::origin::Places;
use crate::layout::scan::Begins;
use crate::layout::table::{Added, Cells, Rows, Table};

use super::{Live, State};

/// A table, row by row.
#[derive(Clone, Debug)]
pub(super) struct OpenTable {
    table: Table,
    /// A header and a rule of as many columns, which a row is parsed with.
    head: String,
    /// The row at which it begins.
    first_row: usize,
    shown: Shown,
}

/// What the rows of a table that are shown are laid out for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    /// The rows that are finished.
    #[default]
    Finished,
    /// The one that is being written too.
    WithOpen,
}

impl OpenTable {
    /// A table without rows, which begins at this row of the screen's.
    pub fn new(table: Table, columns: usize, first_row: usize) -> Self {
        let head = format!("{}|\n{}|\n", "|a".repeat(columns), "|-".repeat(columns));
        Self { table, head, first_row, shown: Shown::Finished }
    }

    /// The row at which it begins.
    pub fn first_row(&self) -> usize {
        self.first_row
    }

    /// The cells of a row that stands in the source at `at`.
    fn cells(&self, row: &str, at: usize, known: &Definitions) -> Option<(Vec<Alignment>, Cells)> {
        let mut places = Places::default();
        let head = self.head.len();
        places.push(head..head + row.len(), at..at + row.len());
        flow::cells(&format!("{}{row}\n", self.head), &places, known)
    }
}

impl Live {
    pub(super) fn end_table_line(&mut self, next: usize) {
        let text = self.text(next - 1).to_owned();
        let State::Table(open) = &mut self.state else { return };
        let added = match self.line == self.piece {
            // The rule below the header.
            true => Added::Moved(open.table.lay_out()),
            false => match open.cells(&text, next - 1 - text.len(), &self.definitions) {
                Some((_, cells)) => open.table.push(cells),
                None => return,
            },
        };
        self.show_table(added, Shown::Finished);
        self.settled.0 = self.laid.lines.len();
    }

    /// Shows rows below the finished ones, or all of a table.
    fn show_table(&mut self, added: Added, shown: Shown) {
        let indent = self.indent();
        let State::Table(open) = &mut self.state else { return };
        let rows = match (added, open.shown) {
            (Added::Below(rows), Shown::Finished) => {
                self.laid.lines.truncate(self.settled.0);
                rows
            }
            (Added::Below(_), Shown::WithOpen) => {
                self.laid.lines.truncate(open.first_row);
                open.table.lay_out()
            }
            (Added::Moved(rows), _) => {
                self.laid.lines.truncate(open.first_row);
                rows
            }
        };
        open.shown = shown;
        self.laid.lines.extend(flow::indented(indent, rows));
    }

    /// Shows the finished rows of a table alone.
    pub(super) fn drop_open_row(&mut self) {
        self.show_table(Added::Below(Rows::new()), Shown::Finished);
    }

    /// The row that is being written. Nothing of it is kept: where it moved the others, they are laid out again.
    pub(super) fn lay_open_table(&mut self) {
        let text = self.text(self.source.len()).to_owned();
        self.drop_open_row();
        self.laid.code.truncate(self.settled.1);
        let State::Table(open) = &self.state else { return };
        let begins = Begins::of(&text);
        if begins == Begins::Blank {
            return;
        }
        if begins.interrupts() {
            return self.lay_below(&text);
        }
        let row = open.cells(&text, self.source.len() - text.len(), &self.definitions);
        match row.map(|(_, cells)| open.table.with_open(&cells)) {
            Some(added @ Added::Below(_)) => self.show_table(added, Shown::Finished),
            Some(added @ Added::Moved(_)) => self.show_table(added, Shown::WithOpen),
            None => {}
        }
    }
}
