//! The shortest bytes that turn one screen into the next.
//!
//! Written for streamed text over slow lines: `CR LF` and short moves, a few equal cells printed again rather
//! than jumped over, `EL` for blank ends, SGR only where it changes. The cursor's place is taken as known only
//! where every terminal agrees on it: not after the last column (some wrap at once, some wait) and not after a
//! cell of several code points, or of a half of such a one, as streamed text ends in (terminals differ in how many
//! cells they give them). Rows that moved are moved by the terminal first, and drawn where they then differ.

use std::cmp::Ordering;
use std::io::Write;
use std::ops::Range;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::text::width::grapheme_width;

use super::colour::ColorDepth;
use super::linked::Linked;
use super::scroll::{Scroll, Way};
use super::sheet::{SEEN_ON_BLANKS, Sheet, has_ground, is_same};

/// The most equal cells that are printed again instead of moved over.
const REPRINT: usize = 3;

/// The most rows that are gone down by line feeds.
const STEP_DOWN: u16 = 2;

/// What SGR says now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// Modifiers and their SGR numbers.
const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

/// The SGR numbers that take modifiers away, of those that they take (ECMA-48, 8.3.117).
const ENDS: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

impl Pen {
    /// What a cell is printed with.
    fn of(cell: &Cell, depth: ColorDepth) -> Self {
        Self { fg: depth.nearest(cell.fg), bg: depth.nearest(cell.bg), modifier: cell.modifier }
    }

    /// Whether a blank looks the same with either pen.
    fn blanks_like(self, other: Self) -> bool {
        let plain = |pen: Self| !pen.modifier.intersects(SEEN_ON_BLANKS);
        self == other || (self.bg == other.bg && plain(self) && plain(other))
    }
}

/// What the terminal is known to be in, and the bytes for the frame that is being made.
pub(super) struct Encoder {
    pub bytes: Vec<u8>,
    /// The links that cells may belong to.
    pub linked: Linked,
    depth: ColorDepth,
    pen: Pen,
    /// The link that what is printed belongs to, or 0.
    link: u32,
    /// Where the cursor is, as column and row, if that is known.
    at: Option<(u16, u16)>,
    /// The row it is in.
    row: u16,
    origin: Origin,
    /// Whether the cursor shows.
    cursor: Cursor,
    /// Where the cursor stood after the last frame, if it showed.
    stood: Option<(u16, u16)>,
    /// The place that the terminal remembers (DECSC), and the pen it remembers with it.
    kept: Option<((u16, u16), Pen)>,
    /// The pen that this frame wanted first.
    first: Option<Pen>,
    /// The rows that scroll, if not all do. They stay so from frame to frame: most scroll the same ones.
    region: Option<Range<usize>>,
}

/// Where rows are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The top of the screen.
    Screen,
    /// A row of which nobody knows where on the screen it is: the cursor is moved from where it is. The terminal does
    /// not wrap, so its row is always known.
    Area,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cursor {
    Shown,
    Hidden,
}

impl Encoder {
    /// For a terminal with the cursor hidden, SGR reset and its place unknown.
    pub fn new(depth: ColorDepth) -> Self {
        Self {
            bytes: Vec::new(),
            linked: Linked::default(),
            depth,
            pen: Pen::default(),
            link: 0,
            at: None,
            row: 0,
            origin: Origin::Screen,
            cursor: Cursor::Hidden,
            stood: None,
            kept: None,
            first: None,
            region: None,
        }
    }

    /// Takes the row that the cursor is in as the first one, and empties it and what is below it.
    pub fn begin_area(&mut self) {
        self.push("\r\x1b[m\x1b[J");
        self.pen = Pen::default();
        (self.at, self.row, self.origin) = (Some((0, 0)), 0, Origin::Area);
        self.kept = None;
    }

    /// Goes to the first row of an area, `above` rows up, and empties it all.
    pub fn empty_area(&mut self, above: usize) {
        if above > 0 {
            self.write(format_args!("\x1b[{above}A"));
        }
        self.begin_area();
    }

    /// Counts rows from the top of the screen.
    pub fn end_area(&mut self) {
        (self.at, self.origin) = (None, Origin::Screen);
    }

    /// The row that the cursor is in.
    pub fn row_at(&self) -> u16 {
        self.row
    }

    /// Adds rows below the last one of an area of so many: where the screen ends, it goes up.
    pub fn grow_area(&mut self, rows: usize, by: usize) {
        // Rows that come in have the ground of the pen.
        if !self.pen.blanks_like(Pen::default()) {
            self.set_pen(Pen::default());
        }
        self.go((0, column(rows.saturating_sub(1))));
        self.bytes.extend(std::iter::repeat_n(b'\n', by));
        self.row = self.row.saturating_add(column(by));
        self.at = Some((0, self.row));
    }

    /// The first rows of an area belong to the terminal from now on.
    pub fn leave_rows(&mut self, rows: usize) {
        let rows = column(rows);
        if self.row < rows {
            self.go((0, rows));
        }
        self.row = self.row.saturating_sub(rows);
        self.at = self.at.map(|(x, y)| (x, y.saturating_sub(rows)));
    }

    /// Forgets what the terminal is in, and empties it.
    pub fn clear(&mut self) {
        self.set_region(None);
        self.push("\x1b[m\x1b[2J");
        self.pen = Pen::default();
        self.at = None;
        self.kept = None;
    }

    /// The rows that scroll now, if not all do.
    pub fn region(&self) -> Option<Range<usize>> {
        self.region.clone()
    }

    /// Has these rows scroll (DECSTBM), or all.
    pub fn set_region(&mut self, region: Option<Range<usize>>) {
        if self.region == region {
            return;
        }
        match &region {
            Some(rows) => self.write(format_args!("\x1b[{};{}r", rows.start + 1, rows.end)),
            None => self.push("\x1b[r"),
        }
        // The cursor went to the first place of the screen.
        self.at = None;
        self.region = region;
    }

    /// Moves rows, on the terminal and in what is known to be on it.
    pub fn scroll(&mut self, scroll: Scroll, prev: &mut Sheet, next: &Sheet) {
        let Scroll { top, bottom, way } = scroll;
        let is_whole = top == 0 && bottom == prev.rows();
        if self.origin == Origin::Screen {
            self.set_region((!is_whole).then_some(top..bottom));
            // Text that goes on in a row below ends the last one first, as it is printed.
            if let Way::Up(by) = way {
                self.row(bottom - 1, prev.row(bottom - 1), next.row(bottom - 1 - by));
                prev.take_row(bottom - 1, next, bottom - 1 - by);
            }
        }
        prev.scroll(scroll);
        // Rows that come in have the ground of the pen.
        if !self.pen.blanks_like(Pen::default()) {
            self.set_pen(Pen::default());
        }
        if self.origin == Origin::Area {
            // Lines that are taken out and put in move what is below them; so the same number of both.
            let (out, into, by) = match way {
                Way::Up(by) => (top, bottom - by, by),
                Way::Down(by) => (bottom - by, top, by),
            };
            self.go((0, column(out)));
            self.write(format_args!("\x1b[{by}M"));
            self.go((0, column(into)));
            self.write(format_args!("\x1b[{by}L"));
            return;
        }
        let (from, step, by) = match way {
            Way::Up(by) => (bottom - 1, "\n", by),
            Way::Down(by) => (top, "\x1bM", by),
        };
        if self.at.is_none_or(|(_, y)| usize::from(y) != from) {
            self.go((0, column(from)));
        }
        (0..by).for_each(|_| self.push(step));
    }

    /// The bytes from `prev`, which is on the screen, to `next`. Both have the same area, and differ in no other rows.
    pub fn frame(&mut self, prev: &Sheet, next: &Sheet, changed: Range<usize>) {
        for y in changed {
            if !next.is_row_of(y, prev, y) {
                self.row(y, prev.row(y), next.row(y));
            }
        }
        self.set_link(0);
    }

    /// Writes what shows a picture with its first cell at this place, and forgets where the cursor is.
    pub fn place(&mut self, place: (u16, u16), show: &[u8]) {
        // There are terminals that a picture scrolls.
        self.set_region(None);
        self.go(place);
        self.bytes.extend_from_slice(show);
        self.at = None;
    }

    /// Puts the cursor where the user types, or hides it.
    pub fn cursor(&mut self, place: Option<(u16, u16)>) {
        match place {
            Some(place) => {
                self.return_to(place);
                if self.cursor == Cursor::Hidden {
                    self.push("\x1b[?25h");
                    self.cursor = Cursor::Shown;
                }
            }
            None => {
                if self.cursor == Cursor::Shown {
                    self.push("\x1b[?25l");
                    self.cursor = Cursor::Hidden;
                }
            }
        }
        self.stood = place;
        self.first = None;
    }

    /// Moves the cursor to where the user types. While something else is streamed that is one place, frame after
    /// frame, and the terminal remembers it, with the pen that the text goes on in.
    fn return_to(&mut self, place: (u16, u16)) {
        let goes_on = self.first == Some(self.pen);
        match self.kept {
            _ if self.at == Some(place) => {}
            Some((kept, pen)) if kept == place && (pen == self.pen || !goes_on) => {
                self.push("\x1b8");
                (self.at, self.pen) = (Some(place), pen);
            }
            Some(_) | None => {
                self.go(place);
                // An area goes up with the screen, and what the terminal remembers does not.
                if self.stood == Some(place) && self.origin == Origin::Screen {
                    self.push("\x1b7");
                    self.kept = Some((place, self.pen));
                }
            }
        }
    }

    /// The bytes from what a row of the screen shows to what it is to show.
    fn row(&mut self, y: usize, (prev, led): (&[Cell], &[u32]), (next, links): (&[Cell], &[u32])) {
        let y = column(y);
        let (was, is) = (heads(prev), heads(next));
        let depth = self.depth;
        let looks_like = |before: &Cell, now: &Cell| {
            let blank = |cell: &Cell| cell.symbol() == " ";
            is_same(before, now)
                || (blank(before) && blank(now) && Pen::of(before, depth).blanks_like(Pen::of(now, depth)))
        };
        let differs = |x: &usize| {
            let same = prev.get(*x).zip(next.get(*x)).is_some_and(|(before, now)| looks_like(before, now));
            !same || was.get(*x) != is.get(*x) || led.get(*x) != links.get(*x)
        };
        let link_at = |x: usize| links.get(x).copied().unwrap_or_default();
        let columns = next.len();
        let (Some(first), Some(mut last)) = ((0..columns).find(differs), (0..columns).rev().find(differs))
        else {
            return;
        };
        let has = |heads: &[Head], last: usize, head| {
            heads.get(first..=last).is_some_and(|changed| changed.contains(&head))
        };
        let clusters = has(&was, last, Head::Cluster) || has(&is, last, Head::Cluster);
        if clusters {
            // Where a terminal gave a cluster other cells than we do, everything after it is out of place.
            last = columns - 1;
        }
        let solid = clusters || has(&was, last, Head::Rest) || has(&is, last, Head::Rest);

        let end = blank_end(next, &is, links);
        let erase = end <= last && last - end.max(first) >= REPRINT;
        let stop = if erase { end.max(first) } else { last + 1 };
        let mut skipped = 0;
        for x in first..stop {
            let (Some(cell), Some(&head)) = (next.get(x), is.get(x)) else { continue };
            if head == Head::Rest {
                continue;
            }
            if !solid && !differs(&x) {
                skipped += 1;
                continue;
            }
            let equal = x - skipped..x;
            let (cells, kinds) = (next.get(equal.clone()), is.get(equal));
            if let (Some(cells), Some(kinds)) = (cells, kinds)
                && skipped <= REPRINT
                && self.at == Some((column(x - skipped), y))
                && cells.iter().all(|cell| Pen::of(cell, self.depth) == self.pen)
                && (x - skipped..x).all(|x| link_at(x) == self.link)
            {
                for (cell, &head) in cells.iter().zip(kinds) {
                    self.print(cell, head, columns);
                }
            }
            skipped = 0;
            self.go((column(x), y));
            self.set_link(link_at(x));
            self.print(cell, head, columns);
        }
        if erase {
            self.set_link(0);
            self.go((column(stop), y));
            if !self.pen.blanks_like(Pen::default()) {
                self.set_pen(Pen::default());
            }
            self.push("\x1b[K");
        }
    }

    fn print(&mut self, cell: &Cell, head: Head, columns: usize) {
        let symbol = if head == Head::Blank { " " } else { cell.symbol() };
        let pen = Pen::of(cell, self.depth);
        if !(symbol == " " && pen.blanks_like(self.pen)) {
            self.set_pen(pen);
        }
        let cells = if head == Head::Blank { 1 } else { column(grapheme_width(cell.symbol())) };
        if head == Head::Cluster && cells > 1 {
            // A terminal that gives it fewer cells would keep what stood in the others.
            self.bytes.extend(std::iter::repeat_n(b' ', usize::from(cells)));
            if let Some(place) = self.at.take() {
                self.go(place);
            }
        }
        // Some terminals join what is printed next to a cell that ends in a joiner, wherever that is.
        self.push(symbol.trim_end_matches(JOINER));
        self.at = match self.at {
            Some((x, y)) if head != Head::Cluster && usize::from(x + cells) < columns => Some((x + cells, y)),
            _ => None,
        };
    }

    /// Moves the cursor the shortest way.
    fn go(&mut self, (x, y): (u16, u16)) {
        match self.at {
            Some((at_x, at_y)) if self.steps_to(at_y, y) && (x >= at_x || y > at_y || x == 0) => {
                let mut at_x = at_x;
                if x < at_x {
                    self.push("\r");
                    at_x = 0;
                }
                for _ in at_y..y {
                    self.push("\n");
                }
                match x - at_x {
                    0 => {}
                    1 => self.push("\x1b[C"),
                    right => self.write(format_args!("\x1b[{right}C")),
                }
            }
            Some(_) | None if self.origin == Origin::Area => {
                self.push("\r");
                match y.cmp(&self.row) {
                    Ordering::Less => self.write(format_args!("\x1b[{}A", self.row - y)),
                    Ordering::Equal => {}
                    Ordering::Greater => self.write(format_args!("\x1b[{}B", y - self.row)),
                }
                if x > 0 {
                    self.write(format_args!("\x1b[{x}C"));
                }
            }
            Some(_) | None => match (x, y) {
                (0, 0) => self.push("\x1b[H"),
                (0, y) => self.write(format_args!("\x1b[{}H", y + 1)),
                (x, y) => self.write(format_args!("\x1b[{};{}H", y + 1, x + 1)),
            },
        }
        (self.at, self.row) = (Some((x, y)), y);
    }

    /// Whether line feeds lead from a row to another, and scroll nothing.
    fn steps_to(&self, from: u16, to: u16) -> bool {
        let leaves = |rows: &Range<usize>| usize::from(from) < rows.end && rows.end <= usize::from(to);
        (from..=from.saturating_add(STEP_DOWN)).contains(&to) && !self.region.as_ref().is_some_and(leaves)
    }

    fn set_pen(&mut self, pen: Pen) {
        self.first.get_or_insert(pen);
        if pen == self.pen {
            return;
        }
        if pen == Pen::default() {
            self.push("\x1b[m");
            self.pen = pen;
            return;
        }
        self.push("\x1b[");
        let goes = self.pen.modifier - pen.modifier;
        for (modifiers, number) in ENDS.into_iter().filter(|(modifiers, _)| goes.intersects(*modifiers)) {
            self.write(format_args!("{number};"));
            self.pen.modifier.remove(modifiers);
        }
        for (modifier, number) in MODIFIERS {
            if (pen.modifier - self.pen.modifier).contains(modifier) {
                self.write(format_args!("{number};"));
            }
        }
        if pen.fg != self.pen.fg {
            self.color(pen.fg, 30);
        }
        if pen.bg != self.pen.bg {
            self.color(pen.bg, 40);
        }
        // Every part ends in a semicolon; the last one's place is the `m`'s.
        self.bytes.pop();
        self.push("m");
        self.pen = pen;
    }

    /// What is printed from now on belongs to this link.
    fn set_link(&mut self, link: u32) {
        if link == self.link {
            return;
        }
        self.link = link;
        match self.linked.target(link) {
            Some(target) => {
                let target = std::sync::Arc::clone(target);
                self.write(format_args!("\x1b]8;id={link};{target}\x1b\\"));
            }
            None => self.push("\x1b]8;;\x1b\\"),
        }
    }

    fn color(&mut self, color: Color, base: u8) {
        let plain = match color {
            Color::Reset => 9,
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 60,
            Color::LightRed => 61,
            Color::LightGreen => 62,
            Color::LightYellow => 63,
            Color::LightBlue => 64,
            Color::LightMagenta => 65,
            Color::LightCyan => 66,
            Color::White => 67,
            Color::Rgb(r, g, b) => return self.write(format_args!("{};2;{r};{g};{b};", base + 8)),
            Color::Indexed(index) => return self.write(format_args!("{};5;{index};", base + 8)),
        };
        self.write(format_args!("{};", base + plain));
    }

    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a vector does not fail.
        let _ = self.bytes.write_fmt(text);
    }
}

/// What stands at a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Head {
    /// A character of one cell.
    One,
    /// A character of two cells or more.
    Wide,
    /// Several code points, or a part of such a cluster alone: terminals disagree on its width.
    Cluster,
    /// Covered by what stands left of it.
    Rest,
    /// Nothing that could be shown: a control character, no width at all, or half a wide character at the edge.
    Blank,
}

/// Regional indicators, two of which make a flag, and the skin tones of emoji.
const FIRST_REGIONAL: char = '\u{1f1e6}';
const LAST_REGIONAL: char = '\u{1f1ff}';
const FIRST_TONE: char = '\u{1f3fb}';
const LAST_TONE: char = '\u{1f3ff}';

/// What joins emoji to one.
const JOINER: char = '\u{200d}';

fn heads(row: &[Cell]) -> Vec<Head> {
    let mut heads = Vec::with_capacity(row.len());
    while let Some(cell) = row.get(heads.len()) {
        let symbol = cell.symbol();
        if let [0x20..=0x7e] = symbol.as_bytes() {
            heads.push(Head::One);
            continue;
        }
        let cells = if symbol.chars().any(char::is_control) { 0 } else { grapheme_width(symbol) };
        if cells == 0 || heads.len() + cells > row.len() {
            heads.push(Head::Blank);
            continue;
        }
        let mut chars = symbol.chars();
        heads.push(match (chars.next(), chars.next(), cells) {
            (_, Some(_), _) | (Some(FIRST_REGIONAL..=LAST_REGIONAL | FIRST_TONE..=LAST_TONE), None, _) => {
                Head::Cluster
            }
            (_, None, 1) => Head::One,
            (_, None, _) => Head::Wide,
        });
        heads.extend(std::iter::repeat_n(Head::Rest, cells - 1));
    }
    heads
}

/// The column from which the row is blank to its end, as `EL` would make it.
fn blank_end(row: &[Cell], heads: &[Head], links: &[u32]) -> usize {
    let shows = |((cell, head), link): ((&Cell, &Head), &u32)| {
        let blank = *head == Head::Blank || (*head == Head::One && cell.symbol() == " ");
        !blank || has_ground(cell) || *link != 0
    };
    row.iter().zip(heads).zip(links).rposition(shows).map_or(0, |last| last + 1)
}

/// A column of a screen, whose sides are `u16`.
fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}
