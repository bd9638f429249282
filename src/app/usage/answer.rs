//! What the log has to say: totals with their charts, single events, and what the branch in view costs.

use std::collections::HashMap;

use crate::chat::{ConversationId, MessageId, Money};
use crate::telemetry::{Events, SHARED, Usage, UsageRow};

/// An answer to a [`UsageQuery`](super::UsageQuery).
#[derive(Clone, Debug, PartialEq)]
pub enum UsageAnswer {
    /// Totals.
    Totals(Box<Totals>),
    /// Single events, from the one that was asked for on.
    Events(Events),
}

/// Totals, and what belongs to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// The rows and the charts.
    pub usage: Usage,
    /// What branches are called, by their leaf: the first words of it.
    pub names: HashMap<String, String>,
    /// What the branch in view costs, grouped by branch.
    pub lineage: Option<Lineage>,
}

/// What a branch costs: what it shares with others, and what it has for itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lineage {
    /// The answers on it that other branches have too.
    pub prefix: UsageRow,
    /// The answers that it has alone: what it cost to go this way, too.
    pub own: UsageRow,
    /// All of the conversation, with what is of no branch: titles, and messages that were removed.
    pub whole: UsageRow,
    /// The other branches.
    pub others: usize,
}

impl Lineage {
    /// Of the rows by branch: the leaf's, and the sum of what is shared on its path.
    pub fn new(by_branch: &Usage, leaf: MessageId, prefix: UsageRow) -> Self {
        let leaf = leaf.to_string();
        let rows = &by_branch.report.rows;
        let own = rows.iter().find(|row| row.key == leaf).cloned().unwrap_or_default();
        let is_other = |row: &&UsageRow| row.key != leaf && row.key != SHARED && !row.key.is_empty();
        let others = rows.iter().filter(is_other).count();
        Self { prefix, own, whole: by_branch.report.total.clone(), others }
    }

    /// What is told of all that is not of the branch.
    pub fn elsewhere(&self) -> UsageRow {
        let (all, here) = (&self.whole, self.branch());
        UsageRow {
            requests: all.requests.saturating_sub(here.requests),
            tokens_in: all.tokens_in.saturating_sub(here.tokens_in),
            tokens_out: all.tokens_out.saturating_sub(here.tokens_out),
            cost_eur: Money::from_nanos(all.cost_eur.nanos().saturating_sub(here.cost_eur.nanos())),
            unpriced: all.unpriced.saturating_sub(here.unpriced),
            ..UsageRow::default()
        }
    }

    /// What is told of all of the branch: requests, tokens, price. Times of two sums make none of both.
    pub fn branch(&self) -> UsageRow {
        let (a, b) = (&self.prefix, &self.own);
        UsageRow {
            requests: a.requests + b.requests,
            tokens_in: a.tokens_in + b.tokens_in,
            tokens_out: a.tokens_out + b.tokens_out,
            cost_eur: a.cost_eur + b.cost_eur,
            unpriced: a.unpriced + b.unpriced,
            ..UsageRow::default()
        }
    }
}

/// What the panel beside the conversation tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideQuery {
    /// The conversation in view, where it is stored, and when it began.
    pub conversation: Option<(ConversationId, jiff::civil::Date)>,
    /// The leaf of the branch in view.
    pub leaf: Option<MessageId>,
}

/// What it tells.
#[derive(Clone, Debug, PartialEq)]
pub struct SideFigures {
    /// The last thirty days by model, with a slot a day.
    pub days: Usage,
    /// The conversation in view.
    pub lineage: Option<Lineage>,
}
