//! The numbers that targets have on the terminal, for as long as they are shown.
//!
//! A frame numbers its links from 1; a terminal joins the pieces of a link by its number, and a link that stays where
//! it is must not change its number from frame to frame.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ui::Links;

/// So many targets are remembered.
const MOST: usize = 1024;

/// Targets by number, from 1.
#[derive(Debug, Default)]
pub(super) struct Linked {
    numbers: HashMap<Arc<str>, u32>,
    targets: Vec<Arc<str>>,
}

impl Linked {
    /// Where a number leads.
    pub fn target(&self, number: u32) -> Option<&Arc<str>> {
        self.targets.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Forgets all targets if there is no room for those of another frame. Tells whether it did.
    pub fn make_room(&mut self, links: &Links) -> bool {
        let is_full = self.targets.len() + links.targets().len() > MOST;
        if is_full {
            self.numbers.clear();
            self.targets.clear();
        }
        is_full
    }

    /// Gives the cells of a frame the numbers of their targets.
    pub fn number(&mut self, links: &Links, cells: &mut [u32]) {
        if links.cells().is_empty() {
            return;
        }
        let numbers: Vec<u32> = links.targets().iter().map(|target| self.number_of(target)).collect();
        for (cell, link) in cells.iter_mut().zip(links.cells()) {
            let number = usize::from(*link).checked_sub(1).and_then(|at| numbers.get(at));
            *cell = number.copied().unwrap_or_default();
        }
    }

    fn number_of(&mut self, target: &Arc<str>) -> u32 {
        if let Some(number) = self.numbers.get(target) {
            return *number;
        }
        self.targets.push(Arc::clone(target));
        let number = u32::try_from(self.targets.len()).unwrap_or_default();
        self.numbers.insert(Arc::clone(target), number);
        number
    }
}
