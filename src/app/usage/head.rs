//! The words above what is shown: days, parts of the page, groupings, the way here. Each can be clicked.

use ratatui::layout::Rect;

use crate::t;
use crate::telemetry::{GroupBy, Sort};
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise};

use super::places::{NARROW, Room, below, top};
use super::query::UsageRange;
use super::{GROUPS, UsagePage, UsageView};

/// A word of the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it says.
    pub text: Safe,
    /// Where.
    pub area: Rect,
    /// What a click does.
    pub hit: Hit,
    /// Whether it is what is shown.
    pub chosen: Chosen,
}

/// Whether a word names what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// It does.
    Yes,
    /// It names something else.
    No,
}

impl Chosen {
    /// Whether it is what is shown.
    fn of<T: PartialEq>(it: T, shown: T) -> Self {
        if it == shown { Self::Yes } else { Self::No }
    }
}

/// What is below the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// These days.
    Range(UsageRange),
    /// Other days.
    NextRange,
    /// Days that are asked for.
    Dates,
    /// This grouping.
    Group(GroupBy),
    /// Another grouping.
    NextGroup,
    /// A part of the page.
    View(UsageView),
    /// A page that led here, by its depth.
    Back(usize),
    /// An order.
    Sort(Sort),
    /// A row, by its place in the list.
    Row(usize),
}

/// The head, and what it leaves.
pub(super) struct Head {
    pub words: Vec<Word>,
    /// The row of what is looked for.
    pub filter: Option<Rect>,
    pub rest: Rect,
}

impl Head {
    /// The rows above what is asked for: days, groupings, the way here.
    pub fn new(page: &UsagePage, inside: Rect, room: Room) -> Self {
        if inside.width < NARROW {
            return Self::short(page, inside);
        }
        let mut words = days(page, inside, room).words;
        let mut row = Line::new(below(inside, 1));
        let grouped = page.query.events.is_none().then_some(page.query.by);
        for by in GROUPS.into_iter().filter(|by| !page.query.is_narrowed(*by)) {
            row.push(group_name(by), Hit::Group(by), Chosen::of(Some(by), grouped));
        }
        words.append(&mut row.words);
        let third = top(below(inside, 2), 1);
        let filter = page.has_filter().then_some(third);
        if filter.is_none() {
            words.extend(crumbs(page, third));
        }
        Self { words, filter, rest: below(inside, 3) }
    }

    /// One row, of what is chosen.
    fn short(page: &UsagePage, inside: Rect) -> Self {
        let rest = below(inside, 1);
        if page.has_filter() {
            return Self { words: Vec::new(), filter: Some(top(inside, 1)), rest };
        }
        let mut row = Line::new(inside);
        row.push(page.query.range.name(), Hit::NextRange, Chosen::Yes);
        if page.query.events.is_none() {
            row.push(group_name(page.query.by), Hit::NextGroup, Chosen::Yes);
            row.push(page.view.name(), Hit::View(page.view.next()), Chosen::Yes);
        } else if let Some(visit) = page.trail.last() {
            row.push(visit.name.clone(), Hit::Back(page.trail.len() - 1), Chosen::No);
        }
        Self { words: row.words, filter: None, rest }
    }
}

/// The days, and the parts of the page where not all are shown.
fn days(page: &UsagePage, inside: Rect, room: Room) -> Line {
    let mut row = Line::new(inside);
    let shown = page.query.range;
    for range in UsageRange::EACH {
        row.push(range.name(), Hit::Range(range), Chosen::of(range, shown));
    }
    match shown {
        UsageRange::Days(..) => row.push(shown.name(), Hit::Dates, Chosen::Yes),
        UsageRange::Today | UsageRange::Week | UsageRange::Thirty | UsageRange::Month | UsageRange::All => {
            row.push(t!("app-range-days"), Hit::Dates, Chosen::No)
        }
    }
    if room == Room::Part && page.query.events.is_none() {
        row.push_right(
            UsageView::EACH.map(|view| (view.name(), Hit::View(view), Chosen::of(view, page.view))),
        );
    }
    row
}

/// The pages that led here. Where they have no room, those further back are left out.
fn crumbs(page: &UsagePage, area: Rect) -> Vec<Word> {
    const LONGEST: usize = 32;
    if page.trail.is_empty() {
        return Vec::new();
    }
    let first = [t!("app-usage-everything")];
    let names = first.iter().chain(page.trail.iter().map(|visit| &visit.name));
    let names: Vec<Safe> = names.map(|name| truncate(name, LONGEST)).collect();
    let cells = |names: &[Safe]| names.iter().map(|name| width(name) + 3).sum::<usize>();
    let mut skip = 0;
    while skip + 1 < names.len() && cells(&names[skip..]) > usize::from(area.width) {
        skip += 1;
    }
    let mut x = area.x;
    let word = |(depth, name): (usize, &Safe)| {
        let text = if depth == 0 { name.clone() } else { sanitise(&format!("› {name}")) };
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let place = Rect { x, width: cells.min(area.right().saturating_sub(x)), ..area };
        x = place.right() + 1;
        Word { text, area: place, hit: Hit::Back(depth), chosen: Chosen::of(depth + 1, names.len()) }
    };
    names.iter().enumerate().skip(skip).map(word).collect()
}

/// Words beside each other.
struct Line {
    area: Rect,
    x: u16,
    words: Vec<Word>,
}

impl Line {
    fn new(area: Rect) -> Self {
        Self { area: top(area, 1), x: area.x, words: Vec::new() }
    }

    fn push(&mut self, name: Safe, hit: Hit, chosen: Chosen) {
        let text = match chosen {
            Chosen::Yes => sanitise(&format!("[{name}]")),
            Chosen::No => name,
        };
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let width = cells.min(self.area.right().saturating_sub(self.x));
        let area = Rect { x: self.x, width, ..self.area };
        self.x = area.right() + 2;
        self.words.push(Word { text, area, hit, chosen });
    }

    /// Words that end where the row does, where they have room.
    fn push_right<const N: usize>(&mut self, words: [(Safe, Hit, Chosen); N]) {
        let cells = |(name, _, chosen): &(Safe, Hit, Chosen)| match chosen {
            Chosen::Yes => width(name) + 4,
            Chosen::No => width(name) + 2,
        };
        let all = u16::try_from(words.iter().map(cells).sum::<usize>()).unwrap_or(u16::MAX).saturating_sub(2);
        let begin = self.area.right().saturating_sub(all);
        if begin >= self.x + 2 {
            self.x = begin;
        }
        for (name, hit, chosen) in words {
            self.push(name, hit, chosen);
        }
    }
}

/// What a grouping is called.
pub fn group_name(by: GroupBy) -> Safe {
    match by {
        GroupBy::Day => t!("app-by-day"),
        GroupBy::Week => t!("app-by-week"),
        GroupBy::Model => t!("app-by-model"),
        GroupBy::Endpoint => t!("app-by-endpoint"),
        GroupBy::Key => t!("app-by-key"),
        GroupBy::Conversation => t!("app-by-conversation"),
        GroupBy::Branch => t!("app-by-branch"),
        GroupBy::User => t!("app-by-user"),
        GroupBy::Mode => t!("app-by-mode"),
    }
}
