//! The app in an area of the shell's own screen, below what was printed.
//!
//! Nobody knows where on the screen the area is, and nobody asks: all moves are from where the cursor is. What is printed
//! is drawn as the first rows of the area and then left to the terminal, so that a row which stood there already, as
//! what is open of an answer does, costs nothing. Rows are added at the end of the area by line feeds: a screen that is
//! full goes up and keeps its first rows in what can be scrolled back to.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU16, Ordering};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{BEGIN_FRAME, CAPTURE_MOUSE, ENTERED, FREE_MOUSE, Kind, Screen, Terminal, Written, mark};
use crate::app::inline::Place;
use crate::app::mouse::Mouse;
use crate::config::quirks::Feature;
use crate::runtime::sheet::Sheet;
use crate::ui::{Drawn, Links};

/// Rows of the area above the cursor, for whoever has to take it away.
pub(super) static ABOVE: AtomicU16 = AtomicU16::new(0);

/// Onto the alternate screen, whose stack of keyboard flags is its own, and back.
const TO_WHOLE: &str = "\x1b[?1049h\x1b[>1u";
const FROM_WHOLE: &str = "\x1b[<1u\x1b[?1049l";

/// Below everything there is on the screen.
const BELOW_ALL: &str = "\x1b[9999B\r\n";

/// Whether the window stayed as it was while the area was out of sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    Same,
    Changed,
}

impl<W: Write> Terminal<W> {
    /// Takes the whole screen, or an area below what was printed.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn take(&mut self, place: Place) -> io::Result<()> {
        if self.place == place || self.options.screen == Screen::Alternate {
            return Ok(());
        }
        self.place = place;
        if self.is_left() {
            return Ok(());
        }
        let captures = self.options.mouse == Mouse::Captured;
        match place {
            Place::Whole => {
                // The area goes: another size of the window would leave it anywhere.
                self.encoder.empty_area(usize::from(self.encoder.row_at()));
                self.encoder.end_area();
                self.encoder.bytes.extend_from_slice(TO_WHOLE.as_bytes());
                if captures {
                    self.encoder.bytes.extend_from_slice(CAPTURE_MOUSE.as_bytes());
                }
                self.encoder.clear();
                (self.prev, self.next) = (self.blank(self.window.1), self.blank(self.window.1));
                self.met = Window::Same;
            }
            Place::Below => {
                self.encoder.set_region(None);
                if let Some(picture) = self.picture.take() {
                    self.encoder.bytes.extend_from_slice(picture.removal());
                }
                if captures {
                    self.encoder.bytes.extend_from_slice(FREE_MOUSE.as_bytes());
                }
                self.encoder.bytes.extend_from_slice(FROM_WHOLE.as_bytes());
                if self.met == Window::Changed {
                    self.encoder.bytes.extend_from_slice(BELOW_ALL.as_bytes());
                }
                self.encoder.begin_area();
                self.prev = self.blank(1);
            }
        }
        self.note();
        self.write_out()
    }

    /// Prints rows for good and shows below them what `draw` puts into an empty buffer of so many rows; it returns
    /// what [`draw`](Self::draw) is to be returned. One write, or none where nothing changed.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn draw_below<D: Into<Drawn>>(
        &mut self,
        mut printed: impl Iterator<Item = (Buffer, Links)>,
        height: u16,
        draw: impl FnOnce(&mut Buffer) -> D,
    ) -> io::Result<Written> {
        if self.is_left() {
            return Ok(Written::default());
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.window.0, height));
        let Drawn { cursor, links } = draw(&mut buffer).into();
        self.encoder.bytes.extend_from_slice(BEGIN_FRAME);
        let mut above = printed.next();
        while let Some((rows, linked)) = above.take() {
            above = printed.next();
            let room = self.window.1.saturating_sub(height);
            if above.is_none() && rows.area.height <= room {
                above = Some((rows, linked));
                break;
            }
            // More than the screen has room for: the area comes when they are out of it.
            self.show_below(
                Some((rows, linked)),
                (Buffer::empty(Rect::new(0, 0, self.window.0, 1)), Links::default()),
            );
        }
        self.show_below(above, (buffer, links));
        let cursor = cursor.filter(|&(x, y)| x < self.window.0 && y < height);
        self.encoder.cursor(cursor);
        self.note();
        self.write_frame()
    }

    /// Draws rows and the area below them, and leaves the rows to the terminal.
    fn show_below(&mut self, above: Option<(Buffer, Links)>, (area, links): (Buffer, Links)) {
        let first = above.as_ref().map_or(0, |(rows, _)| usize::from(rows.area.height));
        let rows = first + usize::from(area.area.height);
        let height = rows.max(self.prev.rows());
        let mut next = self.blank(u16::try_from(height).unwrap_or(u16::MAX));
        let cells = first * usize::from(self.window.0);
        let parts = || above.iter().map(|(rows, links)| (rows, links, 0)).chain([(&area, &links, cells)]);
        for (sheet, _, at) in parts() {
            for (cell, drawn) in next.buffer.content.iter_mut().skip(at).zip(&sheet.content) {
                cell.clone_from(drawn);
            }
        }
        if self.options.quirks.can(Feature::Links) {
            // What makes room forgets the numbers that were given before.
            for (_, links, _) in parts() {
                if self.encoder.linked.make_room(links) {
                    self.prev.unlink();
                }
            }
            for (_, links, at) in parts() {
                self.encoder.linked.number(links, next.links.get_mut(at..).unwrap_or_default());
            }
        }
        let before = self.prev.rows();
        if height > before {
            self.encoder.grow_area(before, height - before);
            self.prev = self.prev.cut(0..before, height);
        }
        self.next = next;
        let changed = self.next.changed(&self.prev);
        let changed = self.scroll(changed);
        self.encoder.frame(&self.prev, &self.next, changed);
        // What is below the area is blank now, and no part of it.
        self.encoder.leave_rows(first);
        self.prev = self.next.cut(first..rows, rows - first);
    }

    /// The window has another size: the area is drawn anew where it begins, as far as that can be known.
    pub(super) fn resize_below(&mut self, before: u16) -> io::Result<()> {
        let above = usize::from(self.encoder.row_at());
        let columns = usize::from(self.window.0.max(1));
        let above = if self.options.quirks.can(Feature::Reflow) && columns < usize::from(before) {
            (0..above).map(|y| self.prev.end(y).div_ceil(columns).max(1)).sum()
        } else {
            above
        };
        self.encoder.empty_area(above.min(usize::from(self.window.1.saturating_sub(1))));
        self.prev = self.blank(1);
        self.note();
        self.write_out()
    }

    /// Empties the area, to draw it anew.
    pub(super) fn redraw_below(&mut self) -> io::Result<()> {
        self.encoder.empty_area(usize::from(self.encoder.row_at()));
        self.prev = self.blank(1);
        self.note();
        self.write_out()
    }

    pub(super) fn blank(&self, rows: u16) -> Sheet {
        Sheet::new(Rect::new(0, 0, self.window.0, rows))
    }

    fn write_out(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.encoder.bytes);
        self.encoder.bytes.clear();
        written.and_then(|()| self.out.flush())
    }

    /// Notes what is to be undone.
    fn note(&self) {
        if self.kind == Kind::Own {
            ABOVE.store(self.encoder.row_at(), Ordering::SeqCst);
            ENTERED.store(mark(self.options, self.place), Ordering::SeqCst);
        }
    }
}
