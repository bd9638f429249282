//! How panes share the screen: a tree whose inner nodes cut an area in two.

use ratatui::layout::{Position, Rect};
use serde::{Deserialize, Serialize};

use super::pane::PaneId;

/// Which way an area is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// One part left of the other.
    Beside,
    /// One part above the other.
    Stacked,
}

/// Thousandths of an area that the first part of a cut has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(u16);

impl Share {
    /// As much as the other part.
    pub const HALF: Self = Self(500);
    const LEAST: u16 = 100;

    /// A share, moved into what leaves room for both parts.
    pub fn new(thousandths: u16) -> Self {
        Self(thousandths.clamp(Self::LEAST, 1000 - Self::LEAST))
    }

    fn of(self, cells: u16) -> u16 {
        u16::try_from(u32::from(cells) * u32::from(self.0) / 1000).unwrap_or(cells)
    }
}

/// An area: a pane's, or cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A pane's.
    One(PaneId),
    /// Cut.
    Cut(Box<Cut>),
}

/// An area cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which way.
    pub way: Way,
    /// How much the first part has.
    pub share: Share,
    /// The left or upper part.
    pub first: Layout,
    /// The right or lower part.
    pub second: Layout,
}

impl Layout {
    /// The panes, first parts first.
    pub fn order(&self) -> Vec<PaneId> {
        match self {
            Self::One(id) => vec![*id],
            Self::Cut(cut) => [cut.first.order(), cut.second.order()].concat(),
        }
    }

    /// Cuts the area of a pane, so that a new one has its second part.
    pub fn split(&mut self, at: PaneId, new: PaneId, way: Way) {
        match self {
            Self::One(id) if *id == at => {
                let (first, second) = (Self::One(at), Self::One(new));
                *self = Self::Cut(Box::new(Cut { way, share: Share::HALF, first, second }));
            }
            Self::One(_) => {}
            Self::Cut(cut) => {
                cut.first.split(at, new, way);
                cut.second.split(at, new, way);
            }
        }
    }

    /// Gives the area of a pane to the other part of its cut. The only pane stays.
    pub fn remove(&mut self, id: PaneId) {
        let Self::Cut(cut) = self else { return };
        if cut.first == Self::One(id) {
            *self = cut.second.clone();
        } else if cut.second == Self::One(id) {
            *self = cut.first.clone();
        } else {
            cut.first.remove(id);
            cut.second.remove(id);
        }
    }

    /// Lets two panes change places.
    pub fn swap(&mut self, a: PaneId, b: PaneId) {
        match self {
            Self::One(id) if *id == a => *id = b,
            Self::One(id) if *id == b => *id = a,
            Self::One(_) => {}
            Self::Cut(cut) => {
                cut.first.swap(a, b);
                cut.second.swap(a, b);
            }
        }
    }

    /// Moves the edge of a pane: that of the nearest cut around it which goes this way. A positive number makes the
    /// pane larger. `false` where no cut goes this way.
    pub fn resize(&mut self, id: PaneId, way: Way, by: i16) -> bool {
        let Self::Cut(cut) = self else { return false };
        let in_first = cut.first.order().contains(&id);
        let inner = if in_first { &mut cut.first } else { &mut cut.second };
        if inner.resize(id, way, by) {
            return true;
        }
        if cut.way != way || !(in_first || cut.second.order().contains(&id)) {
            return false;
        }
        let by = if in_first { by } else { -by };
        cut.share = Share::new(cut.share.0.saturating_add_signed(by));
        true
    }

    /// Gives the parts of every cut the same room.
    pub fn even(&mut self) {
        if let Self::Cut(cut) = self {
            cut.share = Share::HALF;
            cut.first.even();
            cut.second.even();
        }
    }

    /// Moves the edge at the cell `at` to the cell `to`: the gap between two parts, or the first row of a lower one.
    /// `false` where there is no edge.
    pub fn drag(&mut self, area: Rect, at: Position, to: Position) -> bool {
        let Self::Cut(cut) = self else { return false };
        let (first, second, gap) = cut.parts(area);
        let edge = gap.unwrap_or(Rect { height: 1.min(second.height), ..second });
        if !edge.contains(at) {
            return cut.first.drag(first, at, to) || cut.second.drag(second, at, to);
        }
        let (cells, room) = match cut.way {
            Way::Beside => (to.x.saturating_sub(area.x), area.width.saturating_sub(1)),
            Way::Stacked => (to.y.saturating_sub(area.y), area.height),
        };
        // Rounded up, so that the edge comes to stand where it was dragged to.
        let thousandths = (u32::from(cells) * 1000).div_ceil(u32::from(room.max(1)));
        cut.share = Share::new(u16::try_from(thousandths).unwrap_or(1000));
        true
    }

    /// The area of each pane, and the gaps between those that stand beside each other.
    pub fn areas(&self, area: Rect) -> (Vec<(PaneId, Rect)>, Vec<Rect>) {
        let (mut panes, mut gaps) = (Vec::new(), Vec::new());
        self.lay(area, &mut panes, &mut gaps);
        (panes, gaps)
    }

    fn lay(&self, area: Rect, panes: &mut Vec<(PaneId, Rect)>, gaps: &mut Vec<Rect>) {
        match self {
            Self::One(id) => panes.push((*id, area)),
            Self::Cut(cut) => {
                let (first, second, gap) = cut.parts(area);
                cut.first.lay(first, panes, gaps);
                gaps.extend(gap);
                cut.second.lay(second, panes, gaps);
            }
        }
    }
}

impl Cut {
    fn parts(&self, area: Rect) -> (Rect, Rect, Option<Rect>) {
        match self.way {
            Way::Beside => {
                let room = area.width.saturating_sub(1);
                let left = self.share.of(room);
                let first = Rect { width: left, ..area };
                let gap = Rect { x: area.x + left, width: 1.min(area.width), ..area };
                let second = Rect { x: area.x + left + gap.width, width: room - left, ..area };
                (first, second, Some(gap))
            }
            Way::Stacked => {
                let upper = self.share.of(area.height);
                let first = Rect { height: upper, ..area };
                let second = Rect { y: area.y + upper, height: area.height - upper, ..area };
                (first, second, None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ids(count: usize) -> Vec<PaneId> {
        std::iter::successors(Some(PaneId::FIRST), |id| Some(id.next())).take(count).collect()
    }

    /// Splits the pane of each number in turn; `true` cuts beside.
    fn layout(splits: &[(usize, bool)]) -> (Layout, Vec<PaneId>) {
        let ids = ids(splits.len() + 1);
        let mut layout = Layout::One(ids[0]);
        for (at, (which, beside)) in splits.iter().enumerate() {
            let way = if *beside { Way::Beside } else { Way::Stacked };
            layout.split(ids[which % (at + 1)], ids[at + 1], way);
        }
        (layout, ids)
    }

    fn area() -> Rect {
        Rect { x: 0, y: 1, width: 120, height: 40 }
    }

    #[test]
    fn the_edge_nearest_to_a_pane_moves_and_none_where_nothing_is_beside() {
        let (mut layout, ids) = layout(&[(0, true), (1, false)]);
        assert!(layout.resize(ids[2], Way::Beside, 100));
        let (panes, _) = layout.areas(area());
        assert_eq!(panes.iter().map(|(_, area)| area.width).collect::<Vec<_>>(), [47, 72, 72]);
        assert!(layout.resize(ids[1], Way::Stacked, 5000));
        let (panes, _) = layout.areas(area());
        assert_eq!(panes.iter().map(|(_, area)| area.height).collect::<Vec<_>>(), [40, 36, 4]);
        assert!(!layout.resize(ids[0], Way::Stacked, 100));
        layout.even();
        let (panes, _) = layout.areas(area());
        assert_eq!(panes.iter().map(|(_, area)| area.height).collect::<Vec<_>>(), [40, 20, 20]);
    }

    #[test]
    fn an_edge_is_dragged_to_where_the_pointer_is() {
        let (mut layout, _) = layout(&[(0, true), (1, false)]);
        let gap = layout.areas(area()).1[0];
        assert!(layout.drag(area(), Position { x: gap.x, y: 9 }, Position { x: 80, y: 9 }));
        assert_eq!(layout.areas(area()).1[0].x, 80);
        let lower = layout.areas(area()).0[2].1;
        assert!(layout.drag(area(), Position { x: 100, y: lower.y }, Position { x: 100, y: 11 }));
        assert_eq!(layout.areas(area()).0[2].1.y, 11);
        assert!(!layout.drag(area(), Position { x: 3, y: 9 }, Position { x: 80, y: 9 }));
    }

    #[test]
    fn swapped_panes_have_each_others_areas_and_a_removed_one_leaves_its_area_to_its_neighbour() {
        let (mut layout, ids) = layout(&[(0, true), (1, false)]);
        layout.swap(ids[0], ids[2]);
        assert_eq!(layout.order(), [ids[2], ids[1], ids[0]]);
        layout.remove(ids[2]);
        assert_eq!(layout.order(), [ids[1], ids[0]]);
        layout.remove(ids[1]);
        layout.remove(ids[0]);
        assert_eq!(layout, Layout::One(ids[0]));
    }

    proptest! {
        #[test]
        fn panes_and_gaps_fill_the_area_and_never_overlap(
            splits in prop::collection::vec((0usize..4, any::<bool>()), 0..4),
            resizes in prop::collection::vec((0usize..5, any::<bool>(), -900i16..900), 0..6),
            width in 0u16..200, height in 0u16..60,
        ) {
            let (mut layout, ids) = layout(&splits);
            for (which, beside, by) in resizes {
                layout.resize(ids[which % ids.len()], if beside { Way::Beside } else { Way::Stacked }, by);
            }
            let area = Rect { x: 0, y: 1, width, height };
            let (panes, gaps) = layout.areas(area);
            prop_assert_eq!(panes.iter().map(|(id, _)| *id).collect::<Vec<_>>(), layout.order());
            let all: Vec<Rect> = panes.iter().map(|(_, area)| *area).chain(gaps).collect();
            prop_assert_eq!(all.iter().map(|one| one.area()).sum::<u32>(), area.area());
            for (at, one) in all.iter().enumerate() {
                prop_assert!(all[at + 1..].iter().all(|other| !one.intersects(*other)));
            }
        }
    }
}
