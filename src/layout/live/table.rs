//! A table that is open, row by row: a finished row is added below the others, or moves them.

use crate::layout::flow::{self, Definitions};
use crate::layout::origin::Places;
use crate::layout::scan::Begins;
use crate::layout::table::{Added, Cells, Rows, Table};

use super::{LONGEST, Live, State};

/// A table, row by row.
#[derive(Clone, Debug)]
pub(super) struct OpenTable {
    table: Table,
    columns: usize,
    /// The row at which it begins.
    first_row: usize,
    shown: Shown,
    open: OpenRow,
}

/// The row that is being written. It may have hundreds of cells, so those that are finished are kept.
#[derive(Clone, Debug, Default)]
struct OpenRow {
    cells: Cells,
    /// How many of them are finished, and where in the row the bar after those stands.
    finished: usize,
    from: usize,
    /// The last bar of those that were looked for, and as far as that was.
    bar: usize,
    looked: usize,
    record: Option<Record>,
}

/// How the open row is shown as a record: one field below the other, those to come by their names.
#[derive(Clone, Copy, Debug)]
struct Record {
    /// The cells that names take.
    names: usize,
    /// The rows above the fields that may change, and the rows of those.
    above: usize,
    rows: usize,
    /// The fields that have a value.
    fields: usize,
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
        Self { table, columns, first_row, shown: Shown::Finished, open: OpenRow::default() }
    }

    /// The row at which it begins.
    pub fn first_row(&self) -> usize {
        self.first_row
    }

    /// The cells of a row, or of the end of one, that stands in the source at `at`: at most so many.
    fn cells(row: &str, most: usize, at: usize, known: &Definitions) -> Option<Cells> {
        // The parser wants a header and a rule of as many columns.
        let columns = most.min(row.matches('|').count() + 1);
        let head = format!("{}|\n{}|\n", "|a".repeat(columns), "|-".repeat(columns));
        let mut places = Places::default();
        places.push(head.len()..head.len() + row.len(), at..at + row.len());
        let table = flow::head(&format!("{head}{row}\n"), &places, known)?;
        Some(table.row.unwrap_or_default())
    }

    /// Reads the open row, which stands in the source at `at`. Returns its first cell that may have changed; `None`
    /// where it is no row.
    fn read(&mut self, row: &str, at: usize, known: &Definitions) -> Option<usize> {
        let first = self.open.finished;
        let open = &mut self.open;
        open.cells.truncate(first);
        let rest = row.get(open.from..).unwrap_or_default();
        let more = match first == self.columns {
            true => Some(Cells::new()),
            false => Self::cells(rest, self.columns - first, at + open.from, known),
        };
        let Some(more) = more else {
            *open = OpenRow::default();
            return None;
        };
        open.cells.extend(more);
        let is_bar = |at: &usize| !rest.get(..*at).is_some_and(|before| before.ends_with('\\'));
        let bars: Vec<usize> = rest.match_indices('|').map(|(at, _)| at).filter(is_bar).collect();
        // The first may stand before the first cell.
        let finished = bars.len() - usize::from(rest.trim_start().starts_with('|'));
        // The brackets of a formula are looked for in all of a row.
        let formula = rest.contains("\\(") || rest.contains("\\[");
        if let Some(bar) = bars.last().filter(|bar| finished > 0 && !formula && !has_open_code(rest, **bar)) {
            open.finished = self.columns.min(first + finished);
            open.from += bar;
        }
        Some(first)
    }
}

/// Whether code may be open at the end of so many bytes: what follows it reads otherwise.
fn has_open_code(row: &str, end: usize) -> bool {
    let before = row.get(..end).unwrap_or_default();
    let signs = before.matches('`').count();
    signs % 2 == 1 || before.contains("``") || (signs > 0 && before.contains('\\'))
}

impl Live {
    pub(super) fn end_table_line(&mut self, next: usize) {
        let text = self.text(next - 1).to_owned();
        let State::Table(open) = &mut self.state else { return };
        open.open = OpenRow::default();
        let added = match self.line == self.piece {
            // The rule below the header.
            true => Added::Moved(open.table.lay_out()),
            false => match OpenTable::cells(&text, open.columns, next - 1 - text.len(), &self.definitions) {
                Some(cells) => open.table.push(cells),
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
        open.open.record = None;
        self.laid.lines.extend(flow::indented(indent, rows));
    }

    /// Shows the finished rows of a table alone, without what an open line that ends it showed below them.
    pub(super) fn drop_open_row(&mut self) {
        self.laid.code.truncate(self.settled.1);
        self.show_table(Added::Below(Rows::new()), Shown::Finished);
    }

    /// The row that is being written. Where it moved the others, they are laid out again.
    pub(super) fn lay_open_table(&mut self) {
        let text = self.text(self.source.len());
        let begins = Begins::of(text);
        if begins == Begins::Blank || begins.interrupts() {
            let text = text.to_owned();
            self.drop_open_row();
            if begins != Begins::Blank {
                self.lay_below(&text);
            }
            return;
        }
        let at = self.source.len() - text.len();
        let State::Table(open) = &self.state else { return };
        let more = text.get(open.open.looked..).unwrap_or_default();
        let (bar, looked) = (more.rfind('|').map_or(open.open.bar, |bar| open.open.looked + bar), text.len());
        // The end of a very long cell is shown when it is finished.
        let text = text.get(..text.floor_char_boundary(bar + LONGEST)).unwrap_or_default().to_owned();
        let State::Table(open) = &mut self.state else { return };
        (open.open.bar, open.open.looked) = (bar, looked);
        let first = open.read(&text, at, &self.definitions);
        if first.is_some_and(|first| self.lay_open_fields(first)) {
            return;
        }
        self.drop_open_row();
        let State::Table(open) = &self.state else { return };
        match first.map(|_| open.table.with_open(&open.open.cells)) {
            Some(added @ Added::Below(_)) => self.show_table(added, Shown::Finished),
            Some(added @ Added::Moved(_)) => self.show_table(added, Shown::WithOpen),
            None => {}
        }
        self.keep_open_fields();
    }

    /// Where the open row is shown as a record, lays out its fields from this one on that have a value. Returns whether
    /// it is shown so, and as before.
    fn lay_open_fields(&mut self, first: usize) -> bool {
        let indent = self.indent();
        let State::Table(open) = &mut self.state else { return false };
        let cells = &open.open.cells;
        let names = open.table.names_with_open(cells);
        let Some(record) = open.open.record.filter(|record| Some(record.names) == names) else {
            return false;
        };
        let fields = cells.len().max(record.fields);
        let finished = open.open.finished.max(first);
        let above = open.table.fields(first..finished, record.names, cells);
        let below = open.table.fields(finished..fields, record.names, cells);
        let top = match open.table.rows_above_open() {
            // The first record stands in place of the names alone.
            0 => open.first_row,
            _ => self.settled.0,
        };
        let start = top + record.above;
        // A field without a value has one row.
        let end = start + record.rows + (fields - record.fields);
        open.open.record =
            Some(Record { above: record.above + above.len(), rows: below.len(), fields, ..record });
        let rows = above.into_iter().chain(below).collect();
        self.laid.lines.splice(start..end, flow::indented(indent, rows));
        true
    }

    /// Keeps how the open row is shown, if it is as a record.
    fn keep_open_fields(&mut self) {
        let State::Table(open) = &mut self.state else { return };
        let cells = &open.open.cells;
        let Some(names) = open.table.names_with_open(cells).filter(|_| !cells.is_empty()) else { return };
        let (finished, fields) = (open.open.finished, cells.len());
        let above = open.table.rows_above_open() + open.table.fields(0..finished, names, cells).len();
        let rows = open.table.fields(finished..fields, names, cells).len();
        open.open.record = Some(Record { names, above, rows, fields });
    }
}
