//! The gallery as an answer: streamed into the program, read page by page from its first row to its last on terminals
//! of three sizes, and each cell of each page compared with what the layout says stands there.
//!
//! The terminal counts cells for itself, by code points. So a character for which it and the layout disagree puts
//! what follows out of place, unless the program says where that goes; what a cluster looks like is the terminal's.

use std::ops::Range;

use loquat::layout::{Line, View, lay_out, split_cells};
use loquat::text::width::{grapheme_width, width};
use unicode_segmentation::UnicodeSegmentation;

use super::support::mock::{self, GALLERY_END};
use super::support::pty::framed;
use super::support::{Home, Mock, Pty};

/// Where the text of a message begins, and the columns and rows around it.
const LEFT: u16 = 3;
const TOP: u16 = 1;
const BESIDE: u16 = 4;
const AROUND: u16 = 4;

/// The columns at the end of the last row that tell of what is below it.
const PILL: u16 = 6;

/// Pages that hold these are kept as snapshots.
const KEPT: [&str; 8] = [
    "A gallery",
    "Links",
    "in_a_list",
    "Mind the gap",
    "Backpressure",
    "Mathematics",
    "Georgian:",
    "As text:",
];

/// The rows that the layout makes of the gallery, cell by cell. What covers several cells stands in the first.
struct Layout(Vec<Vec<String>>);

impl Layout {
    fn of_gallery(columns: u16) -> Self {
        let (gallery, code) = mock::gallery();
        let laid = lay_out(&(gallery + &code), columns, View::Rendered);
        let cells = |line: &Line| {
            let mut cells: Vec<String> = Vec::new();
            for grapheme in line.spans.iter().flat_map(|span| span.text.graphemes(true)) {
                let wide = grapheme_width(grapheme);
                cells.extend((0..wide).map(|nth| if nth == 0 { grapheme.to_owned() } else { String::new() }));
            }
            cells.resize(usize::from(columns), " ".to_owned());
            cells
        };
        Self(laid.lines.iter().map(cells).collect())
    }

    fn rows(&self) -> u16 {
        u16::try_from(self.0.len()).expect("a gallery of fewer rows")
    }

    /// The first column at which a row of the terminal differs from one of the layout, and both cells there.
    fn differs(&self, row: u16, screen: &vt100::Screen, y: u16) -> Option<(u16, String, String)> {
        let pill = if y + 1 == TOP + body(screen) { usize::from(PILL) } else { 0 };
        let cells = &self.0[usize::from(row)];
        for (x, wanted) in (0..).zip(&cells[..cells.len() - pill]) {
            let shown = screen.cell(y, LEFT + x).map(vt100::Cell::contents).unwrap_or_default();
            let mut points = wanted.chars();
            let same = match (points.next(), points.next()) {
                // The second half of what stands before it is the terminal's.
                (None, _) => true,
                (Some(base), Some(_)) => shown.starts_with(base),
                (Some(_), None) => shown == wanted || (wanted == " " && shown.is_empty()),
            };
            if !same {
                return Some((x, wanted.clone(), shown.to_owned()));
            }
        }
        None
    }

    /// The row of the layout that the terminal shows at `y`, if it is one of these, with the next ones below it.
    fn shown(&self, screen: &vt100::Screen, y: u16, rows: Range<u16>) -> Option<u16> {
        let bottom = TOP + body(screen);
        let is_there = |first: &u16| {
            (*first..self.rows()).zip(y..bottom).all(|(row, y)| self.differs(row, screen, y).is_none())
        };
        rows.into_iter().find(is_there)
    }

    /// What is wrong on a terminal that should show one of these rows at its top: told of the best of them.
    fn complain(&self, screen: &vt100::Screen, rows: Range<u16>) -> String {
        let bottom = TOP + body(screen);
        let right = |first: u16| {
            let rows = (first..self.rows()).zip(TOP..bottom);
            rows.take_while(|(row, y)| self.differs(*row, screen, *y).is_none()).count()
        };
        let first = rows.clone().max_by_key(|first| right(*first)).unwrap_or(rows.start);
        let row = first + u16::try_from(right(first)).expect("a few rows");
        let wrong = self.differs(row, screen, TOP + row - first);
        format!(
            "row {row} of the layout, column, wanted and shown: {wrong:?}\n{}",
            framed(&screen.contents())
        )
    }
}

/// The rows of messages.
fn body(screen: &vt100::Screen) -> u16 {
    screen.size().0.get() - AROUND
}

/// How much of the block of code is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// Every page.
    All,
    /// The first pages and the last: where pages are small there are too many.
    Ends,
}

/// Someone who reads the gallery.
struct Reader {
    pty: Pty,
    layout: Layout,
    /// The rows of a page, and the row at the top of the one that is read.
    page: u16,
    top: u16,
}

impl Reader {
    /// Waits for one of these rows at the top, and returns the page.
    fn arrive(&mut self, rows: Range<u16>) -> String {
        let Some(top) = self.pty.wait_to_find(|screen| self.layout.shown(screen, TOP, rows.clone())) else {
            panic!("below row {}: {}", self.top, self.pty.look(|screen| self.layout.complain(screen, rows)));
        };
        self.top = top;
        framed(&self.pty.screen())
    }

    fn down(&mut self, from: u16) -> String {
        self.pty.send(" ");
        self.arrive(from..(from + self.page).min(self.layout.rows()))
    }

    fn up(&mut self) -> String {
        self.pty.send("\u{1b}[5~");
        self.arrive(self.top.saturating_sub(self.page)..self.top)
    }
}

/// Reads the gallery on a terminal of this size, and returns its pages.
fn pages(columns: u16, rows: u16, piece: usize, code: Code) -> Vec<String> {
    let mock = Mock::start();
    let model = format!("gallery-{piece:04}");
    let home = Home::with_model(&mock, &model);
    let mut pty = Pty::open_at(&home, columns, rows, &[]);
    let layout = Layout::of_gallery(columns - BESIDE);
    pty.say("show me");
    pty.wait_for_text("A gallery");
    pty.focus_transcript();
    pty.send("G");
    pty.wait_for("the end of the gallery, and how long it took", |screen| {
        screen.contains(GALLERY_END) && screen.contains("-2026-01-01 · ")
    });
    pty.send("g");
    let begins = pty.wait_to_find(|screen| {
        let first = (TOP..TOP + body(screen)).find(|y| layout.differs(0, screen, *y).is_none())?;
        layout.shown(screen, first, 0..1)
    });
    assert_eq!(begins, Some(0), "{}", framed(&pty.screen()));
    let mut pages = vec![framed(&pty.screen())];
    let mut reader = Reader { pty, layout, page: rows - AROUND, top: 0 };
    pages.push(reader.down(0));
    while !reader.pty.screen().contains(GALLERY_END) {
        if code == Code::Ends && reader.pty.screen().contains("let line_20 ") {
            reader.pty.send("G");
            let end = reader.layout.rows();
            pages.push(reader.arrive(end - reader.page..end));
            (0..3).for_each(|_| pages.push(reader.up()));
            (0..3).for_each(|_| pages.push(reader.down(reader.top + 1)));
        } else {
            pages.push(reader.down(reader.top + 1));
        }
    }
    assert!(reader.top + reader.page >= reader.layout.rows(), "the last page shows the last row");
    let bytes = String::from_utf8_lossy(&reader.pty.bytes()).into_owned();
    assert!(!bytes.contains(['\u{202e}', '\u{2067}', '\u{2069}']), "nothing reorders what is read");
    reader.pty.focus_transcript();
    reader.pty.quit();
    pages.iter().map(|page| page.replace(&model, "gallery")).collect()
}

fn reads(columns: u16, rows: u16, piece: usize, code: Code) {
    let pages = pages(columns, rows, piece, code);
    let kept = KEPT.map(|words| {
        let page = pages.iter().find(|page| page.contains(words));
        page.map_or_else(|| panic!("no page has {words:?}"), String::as_str)
    });
    insta::assert_snapshot!(format!("gallery_{columns}x{rows}"), kept.join("\n"));
}

#[test]
fn each_cell_of_the_gallery_stands_where_the_layout_says_at_40_columns() {
    reads(40, 12, 7, Code::Ends);
}

#[test]
fn each_cell_of_the_gallery_stands_where_the_layout_says_at_80_columns() {
    reads(80, 24, 20, Code::Ends);
}

#[test]
fn each_cell_of_the_gallery_stands_where_the_layout_says_at_200_columns() {
    reads(200, 50, 333, Code::All);
}

#[test]
fn the_widths_that_are_told_in_the_documentation_are_those_that_are_counted() {
    let documented = include_str!("../../docs/widths.md");
    let rows = documented.lines().filter_map(|line| match split_cells(line).as_slice() {
        [what, sample, ours, theirs, _] => Some([what, sample, ours, theirs].map(|cell| cell.trim())),
        _ => None,
    });
    let rows: Vec<[&str; 4]> = rows.skip(2).collect();
    let counted = rows.iter().map(|[what, sample, ..]| {
        let mut terminal = vt100::Parser::default();
        terminal.process(sample.as_bytes());
        (*what, *sample, width(sample).to_string(), terminal.screen().cursor_position().1.to_string())
    });
    let told = rows
        .iter()
        .map(|[what, sample, ours, theirs]| (*what, *sample, (*ours).to_owned(), (*theirs).to_owned()));
    assert_eq!(told.collect::<Vec<_>>(), counted.collect::<Vec<_>>());
    assert!(rows.len() > 20);
}
