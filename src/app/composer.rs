//! The prompt being written: a text that readline's keys or vi's change, long pastes and files folded in it, and
//! the history of prompts.
//!
//! The widget of `ratatui-textarea` counts places by row and character, undoes letter by letter, cuts one thing at
//! a time and knows nothing that stands for something longer. What vi and folds need is a place between graphemes,
//! so the text is ours, and what is shown is cut out of it row by row.

mod buffer;
mod fold;
mod history;
mod readline;
mod vi;
mod words;
mod wrap;

use std::collections::VecDeque;
use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

use crate::chat::{Media, MediaData};
use crate::text::Safe;
use crate::text::hidden::{Hidden, without_hidden};

use buffer::Buffer;
use fold::{Fold, Folds, is_fold};
use readline::{Act, Ring};
use wrap::Ruler;

pub use fold::{LONG_PASTE, in_short, mention};
pub use history::History;
pub use vi::{Mode, Shape, Taken};

/// The composer's text and cursor.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    buffer: Buffer,
    folds: Folds,
    ring: Ring,
    vi: vi::Vi,
    /// Control characters that were left out of what was put in.
    left_out: usize,
}

/// What of the composer a screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The rows, top first; never none.
    pub rows: Vec<Safe>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
    /// Parts of rows that are more than text.
    pub marks: Vec<Mark>,
}

/// A part of a row that is more than text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which row.
    pub row: usize,
    /// The cells before it in the row.
    pub left: usize,
    /// The cells it takes.
    pub cells: usize,
    /// What it is.
    pub what: Marked,
}

/// What a part of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// A paste or a file, folded.
    Fold,
    /// Selected.
    Selected,
}

/// What nobody sees in a prompt, and what was left out of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unseen {
    /// What is there and does not show.
    pub hidden: Hidden,
    /// Control characters that were left out.
    pub left_out: usize,
}

/// Where the cursor stands in its wrapped line.
struct Place {
    /// The bytes of the line.
    line: Range<usize>,
    /// The rows of the line down to the cursor's, the last of them: as many as were asked for.
    rows: VecDeque<Range<usize>>,
    /// The cells before the cursor in its row.
    column: usize,
}

impl Composer {
    /// What was written, as it is sent.
    pub fn text(&self) -> String {
        self.folds.spell_out(self.buffer.text())
    }

    /// What was written, as drafts and history keep it: what is folded stays so ([`restore`](Self::restore)).
    pub fn kept(&self) -> String {
        self.folds.keep(self.buffer.text())
    }

    /// The images in it, in their order.
    pub fn images(&self) -> Vec<Media> {
        self.folds.images(self.buffer.text())
    }

    /// What was written, as the history of prompts keeps it: images by their names.
    pub fn remembered(&self) -> String {
        self.folds.keep(&self.folds.without_images(self.buffer.text()))
    }

    /// What is written as it stands there: each fold is one character.
    pub fn written(&self) -> &str {
        self.buffer.text()
    }

    /// Where the cursor stands in [`written`](Self::written).
    pub fn at(&self) -> usize {
        self.buffer.at()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.buffer.text().is_empty()
    }

    /// Replaces the text; the cursor goes to its end. There is nothing to undo then.
    pub fn set(&mut self, text: &str) {
        self.forget();
        let (text, left_out) = clean(text);
        self.left_out = left_out;
        self.buffer.set(text);
    }

    /// The same with a text that was kept.
    pub fn restore(&mut self, kept: &str) {
        self.forget();
        let text = self.folds.restore(kept);
        self.buffer.set(text);
    }

    /// Replaces the text with one that was kept; what was there comes back by undo.
    pub fn replace(&mut self, kept: &str) {
        let text = self.folds.restore(kept);
        self.buffer.replace(0..self.buffer.text().len(), &text);
        self.ring.settle();
    }

    /// Takes the text and leaves nothing.
    pub fn take(&mut self) -> String {
        let text = self.text();
        self.forget();
        text
    }

    /// Leaves nothing but what was cut.
    fn forget(&mut self) {
        let folds = std::mem::take(&mut self.folds);
        self.ring.each(|cut| folds.spell_out(cut));
        self.buffer = Buffer::default();
        self.vi.reset();
        self.left_out = 0;
    }

    /// Puts text in at the cursor. Control characters but newline and tab are left out.
    pub fn insert(&mut self, text: &str) {
        let (text, left_out) = clean(text);
        self.left_out += left_out;
        self.put(&text);
    }

    /// Puts pasted text in at the cursor: folded where it is long.
    pub fn paste(&mut self, text: &str) {
        let (text, left_out) = clean(text);
        self.left_out += left_out;
        let folded = fold::is_long(&text).then(|| self.folds.add(Fold::paste(&text))).flatten();
        match folded {
            Some(c) => self.put(c.encode_utf8(&mut [0; 4])),
            None => self.put(&text),
        }
    }

    /// Puts a file, folded, in the place of a part of what is written.
    pub fn attach(&mut self, part: Range<usize>, name: &str, text: &str) {
        let (text, left_out) = clean(text);
        self.left_out += left_out;
        let fold = Fold::file(name, &text);
        let opened = fold.opened();
        let stands = self.folds.add(fold).map_or(opened, String::from);
        self.put_fold(part, &stands);
    }

    fn put_fold(&mut self, part: Range<usize>, stands: &str) {
        // Who went on writing goes on there.
        let behind = self.buffer.at().checked_sub(part.end);
        self.buffer.replace(part, stands);
        self.buffer.go(self.buffer.at() + behind.unwrap_or_default());
        self.ring.settle();
    }

    /// Puts an image, folded, in the place of a part of what is written.
    pub fn attach_image(&mut self, part: Range<usize>, path: &str, image: &Media) {
        if let MediaData::Base64(data) = &image.data
            && let Some(c) = self.folds.add(Fold::image(path, &image.mime, data))
        {
            self.put_fold(part, &String::from(c));
        }
    }

    /// Replaces the text with that of a message and its images: each stands where its name does, else at the end.
    pub fn set_with(&mut self, text: &str, images: &[Media]) {
        self.set(text);
        for image in images {
            let name = if image.name.is_empty() { &image.mime } else { &image.name };
            let part = match self.buffer.text().find(name.as_str()) {
                Some(at) => at..at + name.len(),
                None => {
                    let end = self.buffer.text().len();
                    self.buffer.replace(end..end, if end == 0 { "" } else { " " });
                    self.buffer.text().len()..self.buffer.text().len()
                }
            };
            self.attach_image(part, name, image);
        }
        self.buffer.go(self.buffer.text().len());
    }

    /// Replaces the text with what became of it elsewhere ([`text`](Self::text) went there): an image whose name is
    /// still there stands in its place.
    pub fn edited(&mut self, text: &str) {
        let mut text = text.to_owned();
        for c in self.buffer.text().chars() {
            let Some(fold) = self.folds.get(c).filter(|fold| fold.media().is_some()) else { continue };
            let name = fold.opened();
            if let Some(at) = text.find(&name) {
                text.replace_range(at..at + name.len(), c.encode_utf8(&mut [0; 4]));
            }
        }
        self.replace(&text);
    }

    /// Puts text in the place of a part of what is written.
    pub fn complete(&mut self, part: Range<usize>, text: &str) {
        self.buffer.replace(part, text);
        self.ring.settle();
    }

    fn put(&mut self, text: &str) {
        let at = self.buffer.at();
        self.buffer.replace(at..at, text);
        self.ring.settle();
    }

    /// A line end at the cursor.
    pub fn newline(&mut self) {
        self.buffer.type_text("\n");
        self.ring.settle();
    }

    /// Where a backslash ends the line before the cursor, a line end takes its place. `false` where none does.
    pub fn newline_for_backslash(&mut self) -> bool {
        let at = self.buffer.at();
        if at != self.buffer.line_end(at) || !self.buffer.text()[..at].ends_with('\\') {
            return false;
        }
        self.buffer.replace(at - 1..at, "\n");
        self.ring.settle();
        true
    }

    /// Whether the cursor is in the first line.
    pub fn at_top(&self) -> bool {
        self.buffer.line_start(self.buffer.at()) == 0
    }

    /// Whether the cursor is in the last line.
    pub fn at_bottom(&self) -> bool {
        self.buffer.line_end(self.buffer.at()) == self.buffer.text().len()
    }

    /// Whether letters are text, or commands.
    pub fn mode(&self) -> Mode {
        self.vi.mode()
    }

    /// Leaves vi's modes: letters are text.
    pub fn write(&mut self) {
        self.vi.reset();
        self.buffer.release();
    }

    /// A key, as vi knows it.
    pub fn press(&mut self, key: KeyEvent) -> Taken {
        let taken = self.vi.press(&mut self.buffer, &mut self.ring, key);
        if taken == Taken::Yes {
            self.ring.settle();
        }
        taken
    }

    /// An editing key, as readline knows it. `false` where it is none.
    pub fn edit(&mut self, key: KeyEvent) -> bool {
        let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match (readline::act(key), key.code) {
            (Some(Act::Up), _) => {
                self.up(usize::MAX);
            }
            (Some(Act::Down), _) => {
                self.down(usize::MAX);
            }
            (Some(act), _) => readline::perform(&mut self.buffer, &mut self.ring, act),
            (None, KeyCode::Char(c)) if plain => {
                self.buffer.type_text(c.encode_utf8(&mut [0; 4]));
                self.ring.settle();
            }
            (None, _) => return false,
        }
        true
    }

    /// Opens what is folded: the one the cursor is at or behind, else the first one. `false` where there is none.
    pub fn unfold(&mut self) -> bool {
        let (text, at) = (self.buffer.text(), self.buffer.at());
        // There is nothing to be read in an image.
        let opens = |c: char| is_fold(c) && self.folds.get(c).is_some_and(|fold| fold.media().is_none());
        let behind = text[..at].char_indices().next_back();
        let here = text[at..].chars().next().map(|c| (at, c));
        let found = [here, behind].into_iter().flatten().find(|(_, c)| opens(*c));
        let Some((from, c)) = found.or_else(|| text.char_indices().find(|(_, c)| opens(*c))) else {
            return false;
        };
        let Some(opened) = self.folds.get(c).map(Fold::opened) else { return false };
        self.buffer.replace(from..from + c.len_utf8(), &opened);
        // It is read from its beginning.
        self.buffer.go(from);
        self.ring.settle();
        true
    }

    /// Puts the cursor at a cell of what [`rows`](Self::rows) shows, and opens what is folded there; `true` where
    /// something is.
    pub fn click(&mut self, width: usize, height: usize, (row, column): (usize, usize)) -> bool {
        let width = width.max(NARROWEST);
        let (rows, _, _) = self.window(width, height);
        let Some(row) = rows.get(row.min(rows.len() - 1)).cloned() else { return false };
        let text = &self.buffer.text()[row.clone()];
        let at = row.start + self.ruler(width).byte_at(text, column);
        self.buffer.go(at);
        at < row.end && self.buffer.text()[at..].starts_with(is_fold) && self.unfold()
    }

    /// What nobody sees in it.
    pub fn unseen(&self) -> Unseen {
        Unseen { hidden: self.folds.hidden(self.buffer.text()), left_out: self.left_out }
    }

    /// Takes out what nobody sees, of what is folded too.
    pub fn strip(&mut self) {
        let mut text = without_hidden(self.buffer.text());
        for c in self.buffer.text().chars().filter(|c| is_fold(*c)) {
            if let Some(fold) = self.folds.get(c).map(Fold::without_hidden)
                && let Some(shown) = self.folds.add(fold)
            {
                text = text.replace(c, shown.encode_utf8(&mut [0; 4]));
            }
        }
        self.left_out = 0;
        if text != self.buffer.text() {
            self.buffer.replace(0..self.buffer.text().len(), &text);
        }
        self.ring.settle();
    }

    // --- rows

    fn ruler(&self, width: usize) -> Ruler<'_> {
        Ruler { folds: &self.folds, width }
    }

    /// Moves the cursor to the row above, as it is shown in `width` cells. `false` where there is none.
    pub fn up(&mut self, width: usize) -> bool {
        let width = width.max(NARROWEST);
        let place = self.place(width, 2);
        let above = match (place.rows.len(), place.line.start.checked_sub(1)) {
            (2, _) => place.rows.front().cloned(),
            (_, Some(end)) => self.rows_of(self.buffer.line(end), width).last(),
            (_, None) => return false,
        };
        self.go_to_column(above, place.column, width);
        true
    }

    /// Moves the cursor to the row below. `false` where there is none.
    pub fn down(&mut self, width: usize) -> bool {
        let width = width.max(NARROWEST);
        let place = self.place(width, 1);
        let next = place.line.end + 1;
        let below = match self.rows_after(place.line.clone(), width, place.end()).next() {
            Some(row) => Some(row),
            None if next > self.buffer.text().len() => return false,
            None => self.rows_of(self.buffer.line(next), width).next(),
        };
        self.go_to_column(below, place.column, width);
        true
    }

    /// Puts the cursor in a row, at the column or at the last one before the row ends.
    fn go_to_column(&mut self, row: Option<Range<usize>>, column: usize, width: usize) {
        let Some(row) = row else { return };
        let text = &self.buffer.text()[row.clone()];
        let at = self.ruler(width).byte_at(text, column);
        // What stands behind a row that goes on is the beginning of the next.
        let goes_on = at == text.len() && row.end < self.buffer.line_end(row.start);
        let last = || text.grapheme_indices(true).next_back().map_or(0, |(last, _)| last);
        let to = row.start + if goes_on { last() } else { at };
        self.buffer.go(to);
        self.ring.settle();
    }

    /// How many rows of `width` cells the text takes, counted up to `most`.
    pub fn height(&self, width: usize, most: usize) -> usize {
        let width = width.max(NARROWEST);
        let lines = self.buffer.text().split('\n');
        let rows = lines.flat_map(|line| self.ruler(width).rows(line)).take(most).count();
        // The cursor may stand in a row of its own.
        if rows < most && self.place(width, 1).is_past_the_line() { rows + 1 } else { rows }
    }

    /// At most `height` rows of the text wrapped to `width` cells, with the cursor's among them: the first ones
    /// while it is in these. What is not shown costs no more than to be passed over.
    pub fn rows(&self, width: usize, height: usize) -> Rows {
        let width = width.max(NARROWEST);
        let (rows, cursor, column) = self.window(width, height);
        let ruler = self.ruler(width);
        let selected = self.vi.selection(&self.buffer);
        let mut marks = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            mark(&ruler, (&self.buffer.text()[row.clone()], row, nth), selected.as_ref(), &mut marks);
        }
        let shown = rows.iter().map(|row| ruler.shown(&self.buffer.text()[row.clone()])).collect();
        Rows { rows: shown, cursor: (cursor, column), marks }
    }

    /// The bytes of the visible rows, and row and column of the cursor.
    fn window(&self, width: usize, height: usize) -> (VecDeque<Range<usize>>, usize, usize) {
        let height = height.max(1);
        let mut place = self.place(width, height);
        let end = place.end();
        let mut rows = std::mem::take(&mut place.rows);
        let mut line = place.line.clone();
        while rows.len() < height && line.start > 0 {
            line = self.buffer.line(line.start - 1);
            let above: Vec<Range<usize>> = self.rows_of(line.clone(), width).collect();
            for row in above.into_iter().rev().take(height - rows.len()) {
                rows.push_front(row);
            }
        }
        let cursor = rows.len() - 1;
        let mut next = place.line.end + 1;
        rows.extend(self.rows_after(place.line.clone(), width, end).take(height - rows.len()));
        while rows.len() < height && next <= self.buffer.text().len() {
            let line = self.buffer.line(next);
            next = line.end + 1;
            rows.extend(self.rows_of(line, width).take(height - rows.len()));
        }
        (rows, cursor, place.column)
    }

    /// The rows of a line.
    fn rows_of(&self, line: Range<usize>, width: usize) -> impl Iterator<Item = Range<usize>> {
        let start = line.start;
        let rows = self.ruler(width).rows(&self.buffer.text()[line]);
        rows.map(move |row| start + row.start..start + row.end)
    }

    /// Those of them after one that ended there.
    fn rows_after(&self, line: Range<usize>, width: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
        let start = line.start;
        let rows = self.ruler(width).rows_from(&self.buffer.text()[line], end - start);
        rows.map(move |row| start + row.start..start + row.end)
    }

    /// Where the cursor is, with at most so many rows of its line, the last of which is the cursor's.
    fn place(&self, width: usize, most: usize) -> Place {
        let at = self.buffer.at();
        let line = self.buffer.line(at);
        let mut rows = VecDeque::new();
        for row in self.rows_of(line.clone(), width).take_while(|row| row.start <= at) {
            if rows.len() == most {
                rows.pop_front();
            }
            rows.push_back(row);
        }
        let mut place = Place { line, rows, column: 0 };
        let row = place.row();
        place.column = self.ruler(width).column(&self.buffer.text()[row.clone()], at - row.start);
        // Past the last cell the cursor stands at the beginning of the next row.
        if at == place.line.end && place.column >= width {
            if place.rows.len() == most {
                place.rows.pop_front();
            }
            place.rows.push_back(at..at);
            place.column = 0;
        }
        place
    }
}

impl Place {
    /// The cursor's row.
    fn row(&self) -> Range<usize> {
        self.rows.back().cloned().unwrap_or_default()
    }

    /// Where its row ends.
    fn end(&self) -> usize {
        self.row().end
    }

    /// Whether the cursor stands in a row of its own, below a line that fills its last one.
    fn is_past_the_line(&self) -> bool {
        let row = self.row();
        row.is_empty() && row.start > self.line.start
    }
}

/// The narrowest row that holds a character of two cells.
const NARROWEST: usize = 2;

/// Marks what is folded and what is selected in a row.
fn mark(
    ruler: &Ruler<'_>,
    (text, row, nth): (&str, &Range<usize>, usize),
    selected: Option<&Range<usize>>,
    marks: &mut Vec<Mark>,
) {
    if text.is_ascii() && selected.is_none_or(|range| range.end < row.start || range.start > row.end) {
        return;
    }
    let mut left = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let cells = ruler.cells(grapheme);
        if grapheme.starts_with(is_fold) {
            marks.push(Mark { row: nth, left, cells, what: Marked::Fold });
        }
        if selected.is_some_and(|range| range.contains(&(row.start + at))) {
            match marks.last_mut() {
                Some(last)
                    if last.what == Marked::Selected && last.row == nth && last.left + last.cells == left =>
                {
                    last.cells += cells;
                }
                Some(_) | None => marks.push(Mark { row: nth, left, cells, what: Marked::Selected }),
            }
        }
        left += cells;
    }
}

/// `text` with line ends as newlines and without control characters but newline and tab, and how many these were.
fn clean(text: &str) -> (String, usize) {
    let fine = |c: char| matches!(c, '\n' | '\t') || !c.is_control();
    if text.chars().all(fine) {
        return (text.to_owned(), 0);
    }
    let mut left_out = 0;
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            c if fine(c) => clean.push(c),
            _ => left_out += 1,
        }
    }
    (clean, left_out)
}

#[cfg(test)]
mod tests;
