//! What was used and what it cost, from the index; and telling when there is more of it.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use super::Effects;
use crate::app::Message;
use crate::app::usage::{
    EVENTS, Lineage, SideFigures, SideQuery, Totals, UsageAnswer, UsageQuery, UsageRange, Watch,
};
use crate::chat::{ConversationId, MessageId, Part, Tree};
use crate::config::Config;
use crate::runtime::growth::Growth;
use crate::telemetry::footprint::Method;
use crate::telemetry::{GroupBy, Index, Only, Page, Query, SHARED, Step, Till, UsageRow, branches};

/// The characters of a message that name its branch.
const WORDS: usize = 80;

impl Effects {
    pub(super) fn load_usage(&self, query: UsageQuery) {
        let of = query.conversation().filter(|_| query.by == GroupBy::Branch);
        let config = self.turns.config.clone();
        self.ask_about(of, move |index, tree| {
            let answer = answer(index, &query, method(&config), tree).map_err(|error| error.to_string());
            Some(Message::UsageLoaded { query, answer })
        });
    }

    pub(super) fn load_side(&self, query: SideQuery) {
        let config = self.turns.config.clone();
        self.ask_about(query.conversation.map(|(id, _)| id), move |index, tree| {
            let figures = side(index, query, method(&config), tree);
            let figures = figures.map(Box::new).map_err(|error| error.to_string());
            Some(Message::SideLoaded { query, figures })
        });
    }

    pub(super) fn watch_usage(&mut self, watch: Watch) {
        self.growth = match watch {
            Watch::Off => None,
            Watch::On => {
                let messages = self.messages.clone();
                let tell = move || messages.blocking_send(Message::UsageGrew).is_ok();
                // Without a thread for it, what is shown is as it was when it was asked for.
                Growth::start(self.index.clone(), self.turns.log.folder().to_owned(), tell).ok()
            }
        };
    }

    pub(super) fn load_spent_today(&self) {
        self.ask_about(None, |index, _| {
            let today = Zoned::now().date();
            let usage = index.usage(&Query::new(today, today, GroupBy::Day, TimeZone::system())).ok()?;
            Some(Message::SpentToday(usage.report.total.cost_eur))
        });
    }

    pub(super) fn load_budgets(&self) {
        let config = self.turns.config.clone();
        let till = Till::of(&self.turns.log.clone().with_archive(config.telemetry.archive()));
        self.spawn_blocking(move || {
            let standings = till.standings(&config.budgets, &Zoned::now()).ok()?;
            Some(Message::BudgetsKnown(standings))
        });
    }

    /// Answers from the index, with the tree of a conversation where one is named and stored, and then keeps what was
    /// read for the next time.
    fn ask_about(
        &self,
        conversation: Option<ConversationId>,
        answer: impl FnOnce(&Index, Option<&Tree>) -> Option<Message> + Send + 'static,
    ) {
        let (index, messages) = (self.index.clone(), self.messages.clone());
        let stored = conversation.map(|id| self.storage.call(move |store| store.load(id)));
        self.spawn(async move {
            let tree = match stored {
                Some(stored) => stored.await.ok().map(|conversation| conversation.tree),
                None => None,
            };
            let worked = tokio::task::spawn_blocking(move || {
                if let Some(message) = answer(&index, tree.as_ref()) {
                    // The loop is gone only when the app is leaving.
                    let _ = messages.blocking_send(message);
                }
                // What cannot be written is read from the log again.
                let _ = index.save();
            });
            worked.await.ok()?;
            None
        });
    }
}

/// What estimates energy and carbon, where the configuration wants that.
fn method(config: &Config) -> Option<Arc<Method>> {
    config.telemetry.footprint.as_ref().map(Method::new).map(Arc::new)
}

fn answer(
    index: &Index,
    query: &UsageQuery,
    footprint: Option<Arc<Method>>,
    tree: Option<&Tree>,
) -> io::Result<UsageAnswer> {
    let branches: Arc<HashMap<MessageId, String>> = Arc::new(tree.map(branches).unwrap_or_default());
    let on_day = query.on(Zoned::now().date(), TimeZone::system());
    let asked = Query { branches, footprint, ..on_day };
    if let Some(events) = &query.events {
        let page = Page { skip: events.skip, take: EVENTS };
        return Ok(UsageAnswer::Events(index.events(&asked, events.group.as_deref(), page)?));
    }
    let usage = index.usage(&asked)?;
    let mut totals = Totals { usage, names: HashMap::new(), lineage: None };
    if let Some(tree) = tree {
        totals.names = names(tree);
        if let Some(leaf) = query.leaf.or_else(|| tree.leaf()) {
            let prefix = prefix(index, &asked, tree, leaf)?;
            totals.lineage = Some(Lineage::new(&totals.usage, leaf, prefix));
        }
    }
    Ok(UsageAnswer::Totals(Box::new(totals)))
}

/// What a branch shares with others, of what is asked about.
fn prefix(index: &Index, asked: &Query, tree: &Tree, leaf: MessageId) -> io::Result<UsageRow> {
    let is_shared = |id: &MessageId| asked.branches.get(id).is_some_and(|branch| branch == SHARED);
    let shared: HashSet<MessageId> = tree.path(leaf).into_iter().filter(is_shared).collect();
    let mut only = asked.only.clone();
    only.push(Only::Messages(Arc::new(shared)));
    let of_shared = Query { only, by: GroupBy::Mode, charts: None, footprint: None, ..asked.clone() };
    Ok(index.usage(&of_shared)?.report.total)
}

/// What branches are called: the label of their leaf, or its first words.
fn names(tree: &Tree) -> HashMap<String, String> {
    let leaves = tree.walk().into_iter().filter(|message| tree.children(Some(message.id)).is_empty());
    leaves
        .map(|leaf| {
            let label = tree.mark(leaf.id).and_then(|mark| mark.label.clone());
            let words = || {
                let text = leaf.parts.iter().find_map(Part::text).unwrap_or_default();
                let said: String = text.trim_start().chars().take(WORDS).collect();
                match &leaf.route {
                    Some(route) => format!("{}: {said}", route.model),
                    None => said,
                }
            };
            (leaf.id.to_string(), label.unwrap_or_else(words))
        })
        .collect()
}

fn side(
    index: &Index,
    query: SideQuery,
    footprint: Option<Arc<Method>>,
    tree: Option<&Tree>,
) -> io::Result<SideFigures> {
    let (today, zone) = (Zoned::now().date(), TimeZone::system());
    let (from, to) = UsageRange::Thirty.days(today);
    let by_model = Query::new(from, to, GroupBy::Model, zone.clone());
    let days = Query { charts: Some(Step::Day), footprint, ..by_model };
    let mut figures = SideFigures { days: index.usage(&days)?, lineage: None };
    if let (Some((id, began)), Some(tree)) = (query.conversation, tree)
        && let Some(leaf) = query.leaf
    {
        // Its first event may be of another day where it was begun in another time zone.
        let from: Date = began.saturating_sub(1.day());
        let asked = Query {
            only: vec![Only::Conversation(Some(id))],
            branches: Arc::new(branches(tree)),
            ..Query::new(from, today, GroupBy::Branch, zone)
        };
        let prefix = prefix(index, &asked, tree, leaf)?;
        figures.lineage = Some(Lineage::new(&index.usage(&asked)?, leaf, prefix));
    }
    Ok(figures)
}
