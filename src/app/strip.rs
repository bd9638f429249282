//! The strip of what may follow the keys of a chord: which keys it shows, in which part of the help page they
//! belong, and where each of them stands, so that what is drawn is what is clicked.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::{Position, Rect};

use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::command::Section;
use super::effect::Effect;
use super::geometry::screen;
use super::inline::window;
use super::keyboard;
use super::keymap::{Chord, Follow, Stroke, display};
use super::model::Model;
use super::overlay::is_available;

/// A screen narrower than this has no column for the names of parts.
const NARROW: u16 = 60;
/// Cells that most keys and their names fit in.
const COLUMN: u16 = 17;
/// Fewer rows than this are no strip.
const LEAST_ROWS: u16 = 5;

/// The strip, laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// All of it, the line above it included.
    pub area: Rect,
    /// The keys pressed so far.
    pub title: Safe,
    /// How many pages there are.
    pub pages: usize,
    /// Which of them is shown, where there are several, and where that stands.
    pub pager: Option<(Rect, Safe)>,
    /// The names of parts, and where they stand.
    pub heads: Vec<(Rect, Safe)>,
    /// The keys.
    pub keys: Vec<Key>,
}

/// A key that may follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Where it stands.
    pub area: Rect,
    /// It, or the first of those that do the same.
    pub stroke: Stroke,
    /// All of them, as people read them.
    pub label: Safe,
    /// What it leads to, in a word.
    pub name: Safe,
    /// What it leads to.
    pub kind: Kind,
}

/// What a key of the strip leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A command that can be done now.
    Possible,
    /// One that cannot.
    Impossible,
    /// More keys.
    Group,
}

/// The strip as it shows now.
pub fn strip(model: &Model) -> Option<Strip> {
    let chord = model.chord.as_ref().filter(|chord| chord.strip_at <= model.now)?;
    let keys = keys(model, &chord.strokes);
    let size = model.size;
    let several = keys.windows(2).any(|pair| matches!(pair, [(one, _), (next, _)] if one != next));
    let head = if several && size.width >= NARROW {
        keys.iter().map(|(part, _)| cells(&part.name())).max().unwrap_or(0) + 2
    } else {
        0
    };
    let room = size.width.saturating_sub(2 + head);
    let longest = keys.iter().map(|(_, key)| key.width() + 2).max().unwrap_or(1);
    let column = longest.min(room / (room / COLUMN).max(2)).max(1);
    let rows = rows(keys, usize::from((room / column).max(1)));
    let most = most_rows(window(model).height);
    let pages = rows.len().div_ceil(usize::from(most)).max(1);
    let page = chord.page.min(pages - 1);
    let shown: Vec<Vec<(Part, Key)>> =
        rows.into_iter().skip(page * usize::from(most)).take(usize::from(most)).collect();
    let height = u16::try_from(shown.len()).unwrap_or(most) + 1;
    let bottom = screen(model).hint.bottom();
    let area = Rect { x: 0, y: bottom.saturating_sub(height), width: size.width, height };
    let mut strip = Strip {
        area,
        title: sanitise(&display(&chord.strokes)),
        pages,
        pager: (pages > 1).then(|| pager(page, pages, area)),
        heads: Vec::new(),
        keys: Vec::new(),
    };
    let mut part = None;
    for (y, row) in (area.y + 1..).zip(shown) {
        for (x, (of, mut key)) in (1 + head..).step_by(usize::from(column)).zip(row) {
            if head > 0 && part != Some(of) {
                part = Some(of);
                strip.heads.push((Rect { x: 1, y, width: head - 2, height: 1 }, of.name()));
            }
            key.area = Rect { x, y, width: key.width().min(column - 1), height: 1 };
            strip.keys.push(key);
        }
    }
    Some(strip)
}

/// The most rows of keys on a screen so high.
fn most_rows(height: u16) -> u16 {
    (height * 3 / 8).max(LEAST_ROWS)
}

/// What stands together: the groups, for most of what follows is behind them, then each part of the help page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Groups,
    Of(Section),
}

impl Part {
    fn name(self) -> Safe {
        match self {
            Self::Groups => t!("app-part-groups"),
            Self::Of(section) => section.word(),
        }
    }
}

/// The keys that may follow. Where several do the same they are one.
fn keys(model: &Model, strokes: &[Stroke]) -> Vec<(Part, Key)> {
    let mut keys: Vec<(Part, Key)> = Vec::new();
    let mut last = None;
    for (stroke, follow) in model.keymap.followers(model.context(), strokes) {
        if last == Some(follow)
            && let Some((_, before)) = keys.last_mut().filter(|(_, key)| key.kind != Kind::Group)
        {
            before.label = sanitise(&format!("{} {stroke}", before.label.as_str()));
            continue;
        }
        last = Some(follow);
        let part = match follow {
            Follow::Command(_) => Part::Of(follow.section()),
            Follow::More(_) => Part::Groups,
        };
        keys.push((part, key(model, stroke, follow)));
    }
    keys.sort_by_key(|(part, _)| *part != Part::Groups);
    keys
}

fn key(model: &Model, stroke: Stroke, follow: Follow) -> Key {
    let (name, kind) = match follow {
        Follow::Command(command) => {
            let row = command.row();
            let possible = row.is_some_and(|row| is_available(model, row));
            let kind = if possible { Kind::Possible } else { Kind::Impossible };
            (sanitise(row.map_or("", |row| row.name)), kind)
        }
        Follow::More(section) => (t!("app-more-keys", section = section.word()), Kind::Group),
    };
    Key { area: Rect::default(), stroke, label: sanitise(&stroke.to_string()), name, kind }
}

impl Key {
    /// The cells it would like.
    fn width(&self) -> u16 {
        cells(&self.label) + 1 + cells(&self.name)
    }
}

/// Rows of so many keys; each part begins one.
fn rows(keys: Vec<(Part, Key)>, columns: usize) -> Vec<Vec<(Part, Key)>> {
    let mut rows: Vec<Vec<(Part, Key)>> = Vec::new();
    for (part, key) in keys {
        match rows.last_mut() {
            Some(row) if row.len() < columns && row.first().is_some_and(|(before, _)| *before == part) => {
                row.push((part, key));
            }
            Some(_) | None => rows.push(vec![(part, key)]),
        }
    }
    rows
}

fn pager(page: usize, pages: usize, area: Rect) -> (Rect, Safe) {
    let text = t!("app-strip-pages", page = page + 1, pages = pages);
    let width = cells(&text);
    let x = area.right().saturating_sub(width + 3);
    (Rect { x, y: area.y, width, height: 1 }, text)
}

fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

/// A key that is not bound after those of a chord: some turn its pages, or go back to where one was.
pub fn typed(model: &mut Model, chord: Chord, key: KeyEvent) -> Vec<Effect> {
    let now = model.now;
    match key.code {
        KeyCode::PageDown => turn(model, chord, 1),
        KeyCode::PageUp => turn(model, chord, -1),
        KeyCode::Backspace if chord.strokes.len() > 1 => {
            let strokes = chord.strokes.split_last().map_or(&[][..], |(_, before)| before).to_vec();
            model.chord = Some(Chord { strokes, strip_at: now, page: 0 });
        }
        // A chord that leads nowhere does nothing.
        _ => {}
    }
    Vec::new()
}

/// Shows another page, the first after the last.
fn turn(model: &mut Model, chord: Chord, by: isize) {
    model.chord = Some(Chord { strip_at: model.now, ..chord });
    let pages = strip(model).map_or(1, |strip| strip.pages);
    let count = isize::try_from(pages).unwrap_or(1);
    if let Some(chord) = &mut model.chord {
        let page = isize::try_from(chord.page).unwrap_or(0);
        chord.page = usize::try_from((page + by).rem_euclid(count)).unwrap_or(0);
    }
}

/// A click, where the strip is: on a key, it is that key; on the count of pages, the next one is shown.
pub fn clicked(model: &mut Model, at: Position) -> Option<Vec<Effect>> {
    let strip = strip(model).filter(|strip| strip.area.contains(at))?;
    if let Some(key) = strip.keys.iter().find(|key| key.area.contains(at)) {
        return Some(keyboard::pressed(model, key.stroke.event()));
    }
    if strip.pager.is_some_and(|(area, _)| area.contains(at))
        && let Some(chord) = model.chord.clone()
    {
        turn(model, chord, 1);
    }
    Some(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::overlay::Overlay;
    use crate::app::testing::App;

    /// The app after the leader, when its strip shows.
    fn led(columns: u16, rows: u16) -> App {
        let mut app = App::new(columns, rows);
        app.keys("ctrl-x");
        app.at += std::time::Duration::from_millis(400);
        let at = app.at;
        app.send(Message::Tick { at });
        app
    }

    #[test]
    fn its_pages_show_every_key_once_and_begin_again_after_the_last() {
        for (columns, rows) in [(40, 12), (80, 24), (200, 50)] {
            let mut app = led(columns, rows);
            let first = strip(&app.model).unwrap();
            assert!(first.area.height <= most_rows(rows) + 1);
            let mut shown = Vec::new();
            for _ in 0..first.pages {
                let page = strip(&app.model).unwrap();
                assert!(page.keys.iter().all(|key| key.area.right() <= columns), "{columns}x{rows}");
                shown.extend(page.keys.into_iter().map(|key| key.stroke));
                app.keys("pagedown");
            }
            assert_eq!(strip(&app.model).unwrap(), first);
            let all = keys(&app.model, &[Stroke::parse("ctrl-x").unwrap()]);
            assert_eq!(shown, all.into_iter().map(|(_, key)| key.stroke).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_click_on_a_key_is_that_key_and_one_beside_it_changes_nothing() {
        let mut app = led(80, 24);
        let shown = strip(&app.model).unwrap();
        let model = Stroke::parse("m").unwrap();
        let key = shown.keys.iter().find(|key| key.stroke == model).unwrap().clone();
        assert_eq!(clicked(&mut app.model, Position { x: 0, y: 0 }), None);
        assert_eq!(clicked(&mut app.model, shown.area.as_position()), Some(Vec::new()));
        assert_eq!(strip(&app.model), Some(shown));
        clicked(&mut app.model, key.area.as_position()).unwrap();
        assert!(matches!(app.model.overlays.last(), Some(Overlay::List(_))));
    }

    #[test]
    fn what_cannot_be_done_now_is_told_apart_and_backspace_goes_back() {
        let mut app = led(80, 24);
        app.keys("w");
        let kinds: Vec<Kind> = strip(&app.model).unwrap().keys.iter().map(|key| key.kind).collect();
        // There is one pane: it can be split, and no more.
        assert!(kinds.contains(&Kind::Possible) && kinds.contains(&Kind::Impossible));
        app.keys("backspace");
        assert_eq!(strip(&app.model).unwrap().title.as_str(), "^X");
        app.keys("esc");
        assert_eq!(strip(&app.model), None);
    }
}
