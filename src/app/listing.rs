//! Where a list stands on the screen, and which of its lines are seen: `ui` draws them, a click finds them, and
//! the first of them stays where it is until the selected row would be out of sight.

use ratatui::layout::{Position, Rect};

use crate::text::Safe;

use super::geometry::floating;
use super::model::Model;
use super::overlay::Overlay;
use super::picker::{Entry, List, ListKind};

/// The widest a list is.
const COLUMNS: u16 = 100;
/// The rows a search is given for what it may find: nobody knows how much that is.
const SEARCH_ROWS: u16 = 16;
/// The columns of the list of themes: as few as let what is behind it be seen in the theme that is selected.
const THEME_COLUMNS: u16 = 46;

/// The parts of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPlace {
    /// All of it, with its frame.
    pub frame: Rect,
    /// The lines.
    pub body: Rect,
    /// Below them, what tells more of the selected one.
    pub about: Rect,
}

/// A line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// The heading of a part, which cannot be selected.
    Heading(&'a Safe),
    /// One of the matches.
    Row(usize),
}

/// Where a list stands. It keeps its height while it is filtered.
pub fn place(model: &Model, list: &List) -> ListPlace {
    let about = about_rows(&list.kind);
    let all = match list.kind {
        ListKind::Search(_) => SEARCH_ROWS,
        ListKind::Palette
        | ListKind::Models(_)
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::History
        | ListKind::Themes
        | ListKind::FanOut(_)
        | ListKind::Ghost
        | ListKind::Fit(_)
        | ListKind::Summariser(_)
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems => u16::try_from(list.total() + list.headings()).unwrap_or(u16::MAX),
    };
    let columns = if list.kind == ListKind::Themes { THEME_COLUMNS } else { COLUMNS };
    let frame = floating(model, columns, all.saturating_add(3 + about).max(5 + about));
    // Within the frame: what is typed, the lines, and what is told of one.
    let (left, width) = (frame.x + 2, frame.width.saturating_sub(4));
    let inside = frame.height.saturating_sub(2);
    let body = Rect { x: left, y: frame.y + 2, width, height: inside.saturating_sub(1 + about) };
    let about = Rect { x: left, y: body.bottom(), width, height: about.min(inside.saturating_sub(1)) };
    ListPlace { frame, body, about }
}

/// The rows at the foot of a list that tell more of what is selected.
const fn about_rows(kind: &ListKind) -> u16 {
    match kind {
        ListKind::Models(_)
        | ListKind::Endpoints
        | ListKind::FanOut(_)
        | ListKind::Ghost
        | ListKind::Fit(_)
        | ListKind::Summariser(_) => 2,
        // What is wrong, where the key stands, and what was meant: all of it.
        ListKind::Problems => 6,
        ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::Search(_)
        | ListKind::Themes
        | ListKind::Fork(_) => 1,
        ListKind::Palette
        | ListKind::History
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Messages(_)
        | ListKind::Revisions => 0,
    }
}

/// The lines that are seen.
pub fn visible(list: &List, height: usize) -> Vec<Line<'_>> {
    (list.top..list.matches.len()).flat_map(|at| lines(list, at)).take(height).collect()
}

fn lines(list: &List, at: usize) -> impl Iterator<Item = Line<'_>> {
    list.heading(at).map(Line::Heading).into_iter().chain([Line::Row(at)])
}

/// The row of a match.
pub fn entry(list: &List, at: usize) -> Option<&Entry> {
    list.entries.get(*list.matches.get(at)?)
}

/// Moves the first line as little as lets the selected row be seen, and lets no room go to waste.
pub fn arrange(model: &mut Model) {
    let Some(Overlay::List(list)) = model.overlays.last() else { return };
    let height = usize::from(place(model, list).body.height).max(1);
    // The first row with which this one is the last that is seen.
    let first_above = |last: usize| {
        let mut left = height;
        let mut first = last;
        loop {
            let Some(rest) = left.checked_sub(lines(list, first).count()) else { return first + 1 };
            left = rest;
            let Some(above) = first.checked_sub(1) else { return first };
            first = above;
        }
    };
    let last = list.matches.len().saturating_sub(1);
    let lowest = first_above(list.selected).min(list.selected);
    let top = list.top.clamp(lowest, list.selected).min(first_above(last).max(lowest));
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        list.top = top;
    }
}

/// The match that stands at a cell of the screen.
pub fn row_at(model: &Model, at: Position) -> Option<usize> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return None };
    let body = place(model, list).body;
    if !body.contains(at) {
        return None;
    }
    match visible(list, usize::from(body.height)).get(usize::from(at.y - body.y))? {
        Line::Heading(_) => None,
        Line::Row(row) => Some(*row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;

    fn seen(app: &App) -> (usize, usize, usize) {
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let height = usize::from(place(&app.model, list).body.height);
        let rows = visible(list, height).into_iter().filter_map(|line| match line {
            Line::Heading(_) => None,
            Line::Row(row) => Some(row),
        });
        let rows: Vec<usize> = rows.collect();
        (rows[0], *rows.last().unwrap(), list.selected)
    }

    #[test]
    fn a_list_moves_no_further_than_lets_the_selected_row_be_seen() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-p");
        let (first, last, selected) = seen(&app);
        assert_eq!((first, selected), (0, 0));
        for _ in 0..=last {
            app.keys("down");
        }
        assert_eq!(seen(&app), (1, last + 1, last + 1));
        app.keys("up up");
        assert_eq!(seen(&app), (1, last + 1, last - 1));
        app.keys("home");
        assert_eq!(seen(&app), (0, last, 0));
        app.keys("end");
        let (first, last, selected) = seen(&app);
        assert_eq!(last, selected);
        assert!(first > 0);
        app.type_text("quit");
        assert_eq!(seen(&app).0, 0);
    }
}
