//! What a conversation adds up to: all of its branches, whatever of them is read or shown.

use super::{Money, Tree};

/// The sums over a conversation's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Branches.
    pub branches: usize,
    /// Sum of the known prices; `None` where none is known.
    pub spent: Option<Money>,
    /// Answers with tokens and without a known price, which are not in it.
    pub unpriced: usize,
}

impl Totals {
    /// Those of a whole tree.
    pub fn of(tree: &Tree) -> Self {
        let mut totals = Self { branches: tree.branch_count(), ..Self::default() };
        for provenance in tree.walk().into_iter().filter_map(|message| message.provenance.as_ref()) {
            match provenance.cost_eur {
                Some(cost) => totals.spent = Some(totals.spent.unwrap_or_default() + cost),
                None => totals.unpriced += usize::from(provenance.usage.is_known()),
            }
        }
        totals
    }
}
