//! What a screen shows: its cells, and where they lead.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::scroll::{Scroll, Way};

/// Modifiers that show on a blank.
pub(super) const SEEN_ON_BLANKS: Modifier =
    Modifier::UNDERLINED.union(Modifier::REVERSED).union(Modifier::CROSSED_OUT).union(Modifier::SLOW_BLINK);

/// Cells, and beside each the link it belongs to.
pub(super) struct Sheet {
    pub buffer: Buffer,
    /// As many as there are cells; 0 for those that lead nowhere.
    pub links: Vec<u32>,
}

impl Sheet {
    /// A blank one.
    pub fn new(area: Rect) -> Self {
        let buffer = Buffer::empty(area);
        Self { links: vec![0; buffer.content.len()], buffer }
    }

    /// Makes it blank.
    pub fn reset(&mut self) {
        self.buffer.reset();
        self.links.fill(0);
    }

    /// Forgets which links its cells belong to, and that these are no longer.
    pub fn unlink(&mut self) {
        self.links.iter_mut().filter(|link| **link != 0).for_each(|link| *link = u32::MAX);
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        usize::from(self.buffer.area.height)
    }

    /// A row's cells and their links.
    pub fn row(&self, y: usize) -> (&[Cell], &[u32]) {
        let cells = self.cells_of(y..y + 1);
        let links = self.links.get(cells.clone()).unwrap_or_default();
        (self.buffer.content.get(cells).unwrap_or_default(), links)
    }

    /// Whether a row is the same as one of another sheet of this width.
    pub fn is_row_of(&self, y: usize, other: &Self, from: usize) -> bool {
        let (own, others) = (self.row(y), other.row(from));
        own.1 == others.1 && own.0.iter().zip(others.0).all(|(cell, other)| is_same(cell, other))
    }

    /// The rows from the first that differs from another sheet's to the last: none where all are the same. Both have
    /// the same area.
    pub fn changed(&self, other: &Self) -> Range<usize> {
        let differs = |y: &usize| !self.is_row_of(*y, other, *y);
        let first = (0..self.rows()).find(differs);
        let last = first.and_then(|first| (first..self.rows()).rev().find(differs));
        first.zip(last).map_or(0..0, |(first, last)| first..last + 1)
    }

    /// How many cells of a row are to be printed on a blank screen.
    pub fn filled(&self, y: usize) -> usize {
        self.row(y).0.iter().filter(|cell| cell.symbol() != " " || has_ground(cell)).count()
    }

    /// The column after the last cell of a row that is not blank.
    pub fn end(&self, y: usize) -> usize {
        let shows = |cell: &Cell| cell.symbol() != " " || has_ground(cell);
        self.row(y).0.iter().rposition(shows).map_or(0, |last| last + 1)
    }

    /// Some of its rows, with blank ones below them up to `height`.
    pub fn cut(&self, rows: Range<usize>, height: usize) -> Self {
        let area = Rect { height: u16::try_from(height).unwrap_or(u16::MAX), ..self.buffer.area };
        let mut cut = Self::new(area);
        let cells = self.cells_of(rows);
        for (to, from) in
            cut.buffer.content.iter_mut().zip(self.buffer.content.get(cells.clone()).unwrap_or_default())
        {
            to.clone_from(from);
        }
        for (to, from) in cut.links.iter_mut().zip(self.links.get(cells).unwrap_or_default()) {
            *to = *from;
        }
        cut
    }

    /// Makes a row the same as one of another sheet of this width.
    pub fn take_row(&mut self, y: usize, other: &Self, from: usize) {
        let (cells, links) = other.row(from);
        let own = self.cells_of(y..y + 1);
        if let Some(own) = self.buffer.content.get_mut(own.clone()) {
            own.iter_mut().zip(cells).for_each(|(to, from)| to.clone_from(from));
        }
        if let Some(own) = self.links.get_mut(own) {
            own.iter_mut().zip(links).for_each(|(to, from)| *to = *from);
        }
    }

    /// Moves rows as a terminal does.
    pub fn scroll(&mut self, scroll: Scroll) {
        let cells = self.cells_of(scroll.top..scroll.bottom);
        let width = usize::from(self.buffer.area.width);
        let (Some(moved), Some(links)) =
            (self.buffer.content.get_mut(cells.clone()), self.links.get_mut(cells))
        else {
            return;
        };
        match scroll.way {
            Way::Up(by) => {
                moved.rotate_left(by * width);
                links.rotate_left(by * width);
            }
            Way::Down(by) => {
                moved.rotate_right(by * width);
                links.rotate_right(by * width);
            }
        }
        let freed = self.cells_of(scroll.freed());
        if let (Some(cells), Some(links)) =
            (self.buffer.content.get_mut(freed.clone()), self.links.get_mut(freed))
        {
            cells.fill(Cell::EMPTY);
            links.fill(0);
        }
    }

    fn cells_of(&self, rows: Range<usize>) -> Range<usize> {
        let width = usize::from(self.buffer.area.width);
        rows.start * width..rows.end * width
    }
}

/// Whether two cells are the same. Most hold one byte, and thousands are compared for a frame.
pub(super) fn is_same(cell: &Cell, other: &Cell) -> bool {
    let same = match (cell.symbol().as_bytes(), other.symbol().as_bytes()) {
        ([byte], [other]) => byte == other,
        (bytes, others) => bytes == others,
    };
    same && (cell.fg, cell.bg, cell.modifier) == (other.fg, other.bg, other.modifier)
}

/// Whether a cell shows even if nothing stands in it.
pub(super) fn has_ground(cell: &Cell) -> bool {
    cell.bg != Color::Reset || cell.modifier.intersects(SEEN_ON_BLANKS)
}
