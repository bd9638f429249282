//! Tables, row by row as they come.
//!
//! Columns are as wide as their widest cell while all of them fit. Where they do not, they share the width: narrow
//! ones keep what they need, the others get equal parts. The first rows decide ([`SAMPLE`] of them); a column grows
//! after that only while there is room left, and a cell that needs more is wrapped. So a finished row moves
//! sideways a few times at most, and after the first rows never down. Where columns would be too narrow to read, a table
//! is shown as records, one field a row; the header and the first row decide that, once.

use std::ops::Range;

use pulldown_cmark::Alignment;

use crate::text::width::{truncate, width};
use crate::text::{sanitise, sanitise_line};

use super::inline::Runs;
use super::{Ink, Span, work};

/// Rows after which columns do not shrink any more.
const SAMPLE: usize = 8;

/// Fewer cells than this, where a column needs them, and a table is shown as records.
const NARROWEST: usize = 8;

/// Rows up to which an unfinished one may widen columns.
const SMALL: usize = 64;

/// What stands between two columns, and in the rule below the header.
const BETWEEN: &str = " │ ";
const CROSSING: &str = "─┼─";
const GAP: usize = 3;

/// The cells of one row of a table.
pub(super) type Cells = Vec<Runs>;

/// A table that may be growing.
#[derive(Clone, Debug)]
pub(super) struct Table {
    room: usize,
    alignments: Vec<Alignment>,
    header: Cells,
    rows: Vec<Cells>,
    shape: Shape,
}

/// How a table is shown, by the rows seen so far.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape {
    seen: usize,
    /// The widest cell of each column.
    natural: Vec<usize>,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// In columns of these widths.
    Grid(Vec<usize>),
    /// One field a row, the names in so many cells.
    Records(usize),
}

/// Rows of a screen.
pub(super) type Rows = Vec<Vec<Span>>;

impl Table {
    /// A table without rows, to be shown in `room` cells.
    pub fn new(room: usize, alignments: Vec<Alignment>, header: Cells) -> Self {
        let natural: Vec<usize> = header.iter().map(Runs::cells).collect();
        let form = form(room, &natural);
        Self { room, alignments, header, rows: Vec::new(), shape: Shape { seen: 0, natural, form } }
    }

    /// Adds a row. Returns what is to be shown from now on after what was: everything, where rows had to move.
    pub fn push(&mut self, cells: Cells) -> Added {
        let shape = self.shape.with(self.room, &cells);
        let moved = shape.form != self.shape.form || self.rows.is_empty();
        self.shape = shape;
        let row = if moved { Vec::new() } else { self.row(&self.shape.form, self.rows.len(), &cells) };
        self.rows.push(cells);
        if moved { Added::Moved(self.lay_out()) } else { Added::Below(row) }
    }

    /// What would be shown with a row that is not finished. It widens no column of a long table.
    pub fn with_open(&self, cells: &Cells) -> Added {
        if self.rows.len() < SMALL {
            let shape = self.shape.with(self.room, cells);
            if shape.form != self.shape.form || self.rows.is_empty() {
                return Added::Moved(self.laid_as(&shape.form, Some(cells)));
            }
        }
        Added::Below(self.row(&self.shape.form, self.rows.len(), cells))
    }

    /// The cells that names take, where the table is shown as records with a row that is not finished.
    pub fn names_with_open(&self, cells: &Cells) -> Option<usize> {
        match (&self.shape.form, self.rows.is_empty()) {
            (Form::Grid(_), false) => None,
            (Form::Records(names), false) => Some(*names),
            (Form::Grid(_) | Form::Records(_), true) => match self.shape.with(self.room, cells).form {
                Form::Records(names) => Some(names),
                Form::Grid(_) => None,
            },
        }
    }

    /// The rows above the first field of the record that is not finished: the line between it and the one before.
    pub fn rows_above_open(&self) -> usize {
        usize::from(!self.rows.is_empty())
    }

    /// All of it.
    pub fn lay_out(&self) -> Rows {
        self.laid_as(&self.shape.form, None)
    }

    /// All of it in a form, and a row that is not finished.
    fn laid_as(&self, form: &Form, open: Option<&Cells>) -> Rows {
        let mut cells = self.rows.iter().chain(open).peekable();
        let mut rows = match form {
            Form::Grid(widths) => {
                let mut rows = self.grid_row(widths, &self.header);
                let rule = widths.iter().map(|cells| "─".repeat(*cells)).collect::<Vec<_>>().join(CROSSING);
                rows.push(vec![mark(&rule)]);
                rows
            }
            // The names alone, until there is a record.
            Form::Records(_) if cells.peek().is_none() => self.row(form, 0, &[]),
            Form::Records(_) => Vec::new(),
        };
        rows.extend(cells.enumerate().flat_map(|(at, cells)| self.row(form, at, cells)));
        rows
    }

    fn row(&self, form: &Form, at: usize, cells: &[Runs]) -> Rows {
        match form {
            Form::Grid(widths) => self.grid_row(widths, cells),
            Form::Records(names) => self.record(at, *names, cells),
        }
    }

    fn grid_row(&self, widths: &[usize], cells: &[Runs]) -> Rows {
        let none = Runs::default();
        let columns: Vec<Rows> = widths
            .iter()
            .enumerate()
            .map(|(at, cells_wide)| wrapped(cells.get(at).unwrap_or(&none), *cells_wide))
            .collect();
        let height = columns.iter().map(Vec::len).max().unwrap_or(0).max(1);
        (0..height)
            .map(|y| {
                let mut row = Vec::new();
                for (at, (wide, column)) in widths.iter().zip(&columns).enumerate() {
                    if at > 0 {
                        row.push(mark(BETWEEN));
                    }
                    let spans = column.get(y).cloned().unwrap_or_default();
                    let used: usize = spans.iter().map(|span| width(&span.text)).sum();
                    let left = wide.saturating_sub(used);
                    let before = match self.alignments.get(at) {
                        Some(Alignment::Right) => left,
                        Some(Alignment::Center) => left / 2,
                        Some(Alignment::Left | Alignment::None) | None => 0,
                    };
                    row.extend(blanks(before));
                    row.extend(spans);
                    if at + 1 < widths.len() {
                        row.extend(blanks(left - before));
                    }
                }
                row
            })
            .collect()
    }

    fn record(&self, at: usize, names: usize, cells: &[Runs]) -> Rows {
        let mut rows = Vec::new();
        if at > 0 {
            rows.push(vec![mark(&"─".repeat(self.room))]);
        }
        rows.extend(self.fields(0..self.header.len(), names, cells));
        rows
    }

    /// Some fields of a record.
    pub fn fields(&self, fields: Range<usize>, names: usize, cells: &[Runs]) -> Rows {
        let mut rows = Vec::new();
        let named = names + 2;
        // Where there is hardly room for a value, it gets all of it.
        let named = if named * 2 <= self.room { named } else { 0 };
        let room = self.room - named;
        let none = Runs::default();
        for (at, name) in self.header.iter().enumerate().skip(fields.start).take(fields.len()) {
            work::count(1);
            let mut name = truncate(&sanitise_line(name.since(0)), named.saturating_sub(2));
            name.push(&sanitise(&" ".repeat(named - width(&name))));
            let values = wrapped(cells.get(at).unwrap_or(&none), room);
            for y in 0..values.len().max(1) {
                let mut row = Vec::new();
                match y {
                    0 => row.push(Span { text: name.clone(), ink: Ink::Meta, ..Span::default() }),
                    _ => row.extend(blanks(width(&name))),
                }
                row.extend(values.get(y).cloned().unwrap_or_default());
                rows.push(row);
            }
        }
        rows
    }
}

/// What a row added to what is shown.
#[derive(Debug)]
pub(super) enum Added {
    /// These rows below the others.
    Below(Rows),
    /// Rows moved: these are all of them.
    Moved(Rows),
}

impl Shape {
    fn with(&self, room: usize, cells: &[Runs]) -> Self {
        let mut next = self.clone();
        next.seen += 1;
        for (natural, cell) in next.natural.iter_mut().zip(cells) {
            *natural = (*natural).max(cell.cells());
        }
        match &mut next.form {
            Form::Records(_) if self.seen > 0 => {}
            Form::Grid(widths) if self.seen > 0 => {
                let total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
                if self.seen < SAMPLE {
                    *widths = shares(room, &next.natural);
                } else {
                    let mut left = room.saturating_sub(total);
                    for (wide, natural) in widths.iter_mut().zip(&next.natural) {
                        let more = natural.saturating_sub(*wide).min(left);
                        *wide += more;
                        left -= more;
                    }
                }
            }
            Form::Grid(_) | Form::Records(_) => next.form = form(room, &next.natural),
        }
        next
    }
}

fn form(room: usize, natural: &[usize]) -> Form {
    let gaps = GAP * natural.len().saturating_sub(1);
    let least: usize = natural.iter().map(|cells| (*cells).min(NARROWEST)).sum();
    if least + gaps <= room {
        return Form::Grid(shares(room, natural));
    }
    let widest = natural.iter().copied().max().unwrap_or(0);
    Form::Records(widest.min(room / 3).max(1))
}

/// The widths of columns that want so many cells each: what they want where it fits, else equal parts for those that
/// want more than that.
fn shares(room: usize, natural: &[usize]) -> Vec<usize> {
    let mut widths: Vec<usize> = natural.iter().map(|cells| (*cells).max(1)).collect();
    let mut left = room.saturating_sub(GAP * natural.len().saturating_sub(1));
    if widths.iter().sum::<usize>() <= left {
        return widths;
    }
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by_key(|at| widths.get(*at).copied());
    for (done, at) in order.iter().enumerate() {
        let part = left / (order.len() - done);
        if let Some(wide) = widths.get_mut(*at) {
            *wide = (*wide).min(part).max(1);
            left = left.saturating_sub(*wide);
        }
    }
    widths
}

/// A cell's rows.
fn wrapped(cell: &Runs, cells: usize) -> Rows {
    if cell.is_empty() {
        return Vec::new();
    }
    let rows = cell.lines().flat_map(|line| cell.rows(line, cells, cells));
    rows.map(|row| cell.spans(row, cells)).collect()
}

fn mark(text: &str) -> Span {
    Span { text: sanitise(text), ink: Ink::Mark, ..Span::default() }
}

fn blanks(cells: usize) -> Option<Span> {
    (cells > 0).then(|| Span { text: sanitise(&" ".repeat(cells)), ..Span::default() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::layout::Origin;

    fn cells(row: &str) -> Cells {
        row.split('|').map(|cell| Runs::of(cell.trim(), Ink::Text.into(), Origin::Added)).collect()
    }

    fn shown(room: usize, header: &str, rows: &[&str]) -> Vec<String> {
        let header = cells(header);
        let mut table = Table::new(room, vec![Alignment::None, Alignment::Right], header);
        rows.iter().for_each(|row| drop(table.push(cells(row))));
        text(&table.lay_out())
    }

    fn text(rows: &Rows) -> Vec<String> {
        rows.iter().map(|row| row.iter().map(|span| span.text.as_str()).collect()).collect()
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_where_that_fits() {
        assert_eq!(
            shown(40, "name | qty | note", &["pear | 3 | ripe", "banana | 12 | "]),
            ["name   │ qty │ note", "───────┼─────┼─────", "pear   │   3 │ ripe", "banana │  12 │ "]
        );
    }

    #[test]
    fn columns_that_do_not_fit_share_the_width_and_wrap() {
        assert_eq!(
            shown(22, "id | text", &["1 | one two three four five"]),
            [
                "id │              text",
                "───┼──────────────────",
                "1  │     one two three",
                "   │         four five"
            ]
            .map(|row| row.to_owned())
            .to_vec()
            .into_iter()
            .collect::<Vec<String>>()
        );
    }

    #[test]
    fn where_columns_would_be_too_narrow_each_row_is_a_record() {
        assert_eq!(
            shown(18, "first name | second name", &["some words here | 2", "b | 3"]),
            [
                "first…  some words",
                "        here",
                "secon…  2",
                "──────────────────",
                "first…  b",
                "secon…  3"
            ]
        );
    }

    #[test]
    fn after_the_first_rows_a_row_that_stands_never_changes_its_height() {
        let mut table = Table::new(30, Vec::new(), cells("a | b"));
        for _ in 0..SAMPLE {
            table.push(cells("x | y"));
        }
        let before = table.lay_out().len();
        table.push(cells("a wider cell | y"));
        assert_eq!(table.lay_out().len(), before + 1);
        table.push(cells("x | many words that are wider than the room that is left"));
        let rows = text(&table.lay_out());
        assert_eq!(rows[2], "x            │ y");
        assert_eq!(rows.len(), before + 1 + 4);
    }

    proptest! {
        #[test]
        fn what_is_added_row_by_row_is_what_is_laid_out_at_once(
            room in 1usize..60,
            rows in prop::collection::vec("[a-z 日]{0,20}(\\|[a-z 日]{0,20}){0,4}", 1..24),
        ) {
            let mut table = Table::new(room, Vec::new(), cells(&rows[0]));
            let mut shown = table.lay_out();
            for row in &rows[1..] {
                match table.push(cells(row)) {
                    Added::Below(more) => shown.extend(more),
                    Added::Moved(all) => shown = all,
                }
            }
            prop_assert_eq!(&shown, &table.lay_out());
            for row in text(&shown) {
                prop_assert!(width(&row) <= room, "{:?} in {}", row, room);
            }
        }
    }
}
