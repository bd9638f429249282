//! Rows that moved: found by comparing two screens, so that nothing which draws has to tell.
//!
//! A row that goes from one place to another costs nothing where the terminal can move it. What is found need not
//! be what really happened: the rows between are moved as the terminal moves them, and whatever is then still
//! different is drawn. So a wrong guess costs bytes and never a wrong cell.

use std::ops::Range;

use super::sheet::{Sheet, is_same};

/// What asking a terminal for it costs, in cells that could be printed instead.
const PRICE: usize = 24;

/// What telling a terminal costs which rows scroll.
const RETOLD: usize = 8;

/// Rows of the screen that move by some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scroll {
    /// The first row that is part of it.
    pub top: usize,
    /// The row after the last.
    pub bottom: usize,
    /// Where they go.
    pub way: Way,
}

/// Where rows go, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Up; blank rows come in below.
    Up(usize),
    /// Down; blank rows come in above.
    Down(usize),
}

impl Scroll {
    /// The rows that are blank after it.
    pub fn freed(self) -> Range<usize> {
        match self.way {
            Way::Up(by) => self.bottom - by..self.bottom,
            Way::Down(by) => self.top..self.top + by,
        }
    }

    /// The same way for all these rows, where that is as good: a terminal that is to scroll them anyway is not told
    /// again.
    pub fn within(self, rows: Range<usize>, prev: &Sheet, next: &Sheet) -> Option<Self> {
        let all = Self { top: rows.start, bottom: rows.end, ..self };
        if all.top > self.top || self.bottom > all.bottom {
            return None;
        }
        // Most rows come from the same place either way.
        let others = rows.filter(|y| self.source(*y) != all.source(*y));
        let price = |scroll: Self| others.clone().map(|y| scroll.price(y, prev, next)).sum::<usize>();
        (price(all) <= price(self) + RETOLD).then_some(all)
    }

    /// The row that a row holds after it, as they were numbered before; `None` for one that is blank.
    fn source(self, y: usize) -> Option<usize> {
        if self.freed().contains(&y) {
            return None;
        }
        Some(match self.way {
            _ if !(self.top..self.bottom).contains(&y) => y,
            Way::Up(by) => y + by,
            Way::Down(by) => y - by,
        })
    }

    /// How many cells of a row are to be printed after it.
    fn price(self, y: usize, prev: &Sheet, next: &Sheet) -> usize {
        self.source(y).map_or_else(|| next.filled(y), |from| differing(next, y, prev, from))
    }

    /// The move that saves most of what is to be printed, if any does. Only the rows `changed` differ.
    pub fn find(prev: &Sheet, next: &Sheet, changed: Range<usize>) -> Option<Self> {
        let (first, last) = (changed.start, changed.end.checked_sub(1)?);
        if last.saturating_sub(first) < 2 {
            return None;
        }
        let changes: Vec<usize> =
            (0..=last).map(|y| if y < first { 0 } else { differing(next, y, prev, y) }).collect();
        if changes.iter().sum::<usize>() < PRICE {
            return None;
        }
        let filled = |sheet: &Sheet| (0..=last).map(|y| sheet.filled(y)).collect::<Vec<usize>>();
        let (was, search) = (filled(prev), Search { first, last, changes, filled: filled(next) });
        // Rows that are the same tell which way to look at closely. Most others have not even as many cells.
        let roughly = |y: usize, from: usize| {
            let cells = search.filled(y);
            let is_same = was.get(from) == Some(&cells) && (cells == 0 || next.is_row_of(y, prev, from));
            if is_same { 0 } else { cells }
        };
        let ways = (1..=last - first).flat_map(|by| [Way::Up(by), Way::Down(by)]);
        let found = ways.filter_map(|way| search.best(way, roughly)).max_by_key(|(saved, _)| *saved)?;
        let closely = |y: usize, from: usize| differing(next, y, prev, from);
        search.best(found.1.way, closely).map(|(_, scroll)| scroll)
    }
}

/// What is known of the rows that may have moved.
struct Search {
    /// The first row that differs, and the last.
    first: usize,
    last: usize,
    /// How many cells of each row differ.
    changes: Vec<usize>,
    /// How many cells each row has that are not blank.
    filled: Vec<usize>,
}

impl Search {
    fn changed(&self, y: usize) -> usize {
        self.changes.get(y).copied().unwrap_or_default()
    }

    fn filled(&self, y: usize) -> usize {
        self.filled.get(y).copied().unwrap_or_default()
    }

    /// The rows that are best moved this way together, and the cells which that saves; `cost` tells what a row
    /// still costs that came from another.
    fn best(&self, way: Way, cost: impl Fn(usize, usize) -> usize) -> Option<(i64, Scroll)> {
        let (rows, by) = match way {
            Way::Up(by) => (self.first..self.last + 1 - by, by),
            Way::Down(by) => (self.first + by..self.last + 1, by),
        };
        let (mut saved, mut from) = (0, rows.start);
        let mut most: Option<(i64, usize, usize)> = None;
        for y in rows {
            let source = if matches!(way, Way::Up(_)) { y + by } else { y - by };
            if saved <= 0 {
                (saved, from) = (0, y);
            }
            saved += signed(self.changed(y)) - signed(cost(y, source));
            if most.is_none_or(|(best, ..)| saved > best) {
                most = Some((saved, from, y + 1));
            }
        }
        let (saved, from, to) = most?;
        let (top, bottom) = if matches!(way, Way::Up(_)) { (from, to + by) } else { (from - by, to) };
        let scroll = Scroll { top, bottom, way };
        let lost: i64 = scroll.freed().map(|y| signed(self.filled(y)) - signed(self.changed(y))).sum();
        let saved = saved - lost - signed(PRICE);
        (saved > 0).then_some((saved, scroll))
    }
}

/// How many cells of a row differ from those of a row of another sheet; a link is as good as a cell.
fn differing(sheet: &Sheet, y: usize, other: &Sheet, from: usize) -> usize {
    if sheet.is_row_of(y, other, from) {
        return 0;
    }
    let (is, was) = (sheet.row(y), other.row(from));
    let cells = is.0.iter().zip(was.0).zip(is.1.iter().zip(was.1));
    cells.filter(|((is, was), (to, led))| to != led || !is_same(is, was)).count()
}

fn signed(cells: usize) -> i64 {
    i64::try_from(cells).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn sheet(rows: &[&str]) -> Sheet {
        let mut sheet = Sheet::new(Rect::new(0, 0, 40, u16::try_from(rows.len()).unwrap()));
        for (y, row) in (0..).zip(rows) {
            sheet.buffer.set_string(0, y, row, Style::new());
        }
        sheet
    }

    fn found(prev: &[&str], next: &[&str]) -> Option<Scroll> {
        let (prev, next) = (sheet(prev), sheet(next));
        Scroll::find(&prev, &next, next.changed(&prev))
    }

    const TEXT: [&str; 7] = [
        "status",
        "first of the rows that are read",
        "second of the rows that are read",
        "third of the rows that are read",
        "fourth of the rows that are read",
        "",
        "> a prompt",
    ];

    #[test]
    fn rows_that_went_up_are_found_between_those_that_stay() {
        let mut later = TEXT;
        later[1..6].rotate_left(1);
        later[4] = "and a fifth that came in below them";
        let found = found(&TEXT, &later);
        assert_eq!(found, Some(Scroll { top: 1, bottom: 6, way: Way::Up(1) }));
    }

    #[test]
    fn rows_that_went_down_are_found_too() {
        let mut later = TEXT;
        later[1..6].rotate_right(2);
        later[1] = "zeroth of the rows that are read";
        let found = found(&TEXT, &later);
        assert_eq!(found, Some(Scroll { top: 1, bottom: 6, way: Way::Down(2) }));
    }

    #[test]
    fn what_is_cheaper_to_print_is_not_moved() {
        let mut later = TEXT;
        assert_eq!(found(&TEXT, &later), None);
        later[3] = "third of the rows that are written";
        assert_eq!(found(&TEXT, &later), None);
        assert_eq!(found(&["a", "b", "c", "d"], &["b", "c", "d", "e"]), None);
    }

    #[test]
    fn a_sheet_moves_its_rows_and_their_links() {
        let mut moved = sheet(&["a", "b", "c", "d"]);
        moved.links[40] = 1;
        moved.scroll(Scroll { top: 0, bottom: 3, way: Way::Up(1) });
        let mut rest = sheet(&["b", "c", "", "d"]);
        rest.links[0] = 1;
        assert!((0..4).all(|y| moved.is_row_of(y, &rest, y)));
        moved.scroll(Scroll { top: 0, bottom: 4, way: Way::Down(2) });
        let mut rest = sheet(&["", "", "b", "c"]);
        rest.links[80] = 1;
        assert!((0..4).all(|y| moved.is_row_of(y, &rest, y)));
    }
}
