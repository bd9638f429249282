//! Where cells lead: a table beside a frame's cells, since a cell has no room for it.
//!
//! A target comes out of somebody else's text and goes into an escape sequence, so it is made here, once, into
//! something that can be neither: an absolute address that a browser or a mail program opens, in ASCII without
//! blanks. Everything else is no link; its text is shown as any other.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::text::address::target;

/// The targets of a frame, and which cell leads to which.
#[derive(Clone, Debug, Default)]
pub struct Links {
    area: Rect,
    /// Row by row, the number of each cell's target from 1, or 0. Empty where nothing leads anywhere.
    cells: Vec<u16>,
    targets: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16>,
}

impl Links {
    /// None yet, on a screen.
    pub fn new(area: Rect) -> Self {
        Self { area, ..Self::default() }
    }

    /// Row by row, the number of each cell's target from 1, or 0. Empty where nothing leads anywhere.
    pub fn cells(&self) -> &[u16] {
        &self.cells
    }

    /// The targets by number, the first one's being 1.
    pub fn targets(&self) -> &[Arc<str>] {
        &self.targets
    }

    /// Lets cells lead where a text says, if that is anywhere.
    pub fn lead(&mut self, cells: Rect, to: &str) {
        let Some(number) = self.number(to) else { return };
        if self.cells.is_empty() {
            self.cells.resize(usize::from(self.area.width) * usize::from(self.area.height), 0);
        }
        self.fill(cells, number);
    }

    /// Something else stands there now.
    pub fn cover(&mut self, cells: Rect) {
        if !self.cells.is_empty() {
            self.fill(cells, 0);
        }
    }

    fn fill(&mut self, cells: Rect, number: u16) {
        let cells = cells.intersection(self.area);
        let columns = usize::from(cells.left())..usize::from(cells.right());
        let rows = self.cells.chunks_exact_mut(usize::from(self.area.width).max(1));
        for row in rows.skip(usize::from(cells.top())).take(usize::from(cells.height)) {
            if let Some(cells) = row.get_mut(columns.clone()) {
                cells.fill(number);
            }
        }
    }

    fn number(&mut self, to: &str) -> Option<u16> {
        let target = target(to)?;
        if let Some(number) = self.numbers.get(target.as_str()) {
            return Some(*number);
        }
        let number = u16::try_from(self.targets.len() + 1).ok()?;
        let target: Arc<str> = target.into();
        self.targets.push(Arc::clone(&target));
        self.numbers.insert(target, number);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_covers_a_link_leads_nowhere() {
        let mut links = Links::new(Rect::new(0, 0, 4, 2));
        links.cover(Rect::new(0, 0, 4, 2));
        assert_eq!(links.cells(), [0; 0]);
        links.lead(Rect::new(1, 0, 9, 1), "https://a.example");
        links.lead(Rect::new(0, 1, 2, 1), "https://b.example");
        links.lead(Rect::new(2, 1, 1, 1), "https://a.example");
        links.lead(Rect::new(3, 1, 1, 1), "no address");
        links.cover(Rect::new(2, 0, 1, 1));
        assert_eq!(links.cells(), [0, 1, 0, 1, 2, 2, 1, 0]);
        assert_eq!(links.targets(), ["https://a.example/".into(), "https://b.example/".into()]);
    }
}
