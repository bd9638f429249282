//! `loquat list`

use jiff::Timestamp;
use serde::Serialize;

use super::args::ListArgs;
use super::stored::{local, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, Money};
use crate::storage::Summary;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line, width::truncate};

/// Cells of a title, so that a row fits 80 columns.
const TITLE: usize = 26;

/// A row of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    id: ConversationId,
    title: &'a str,
    created: Timestamp,
    updated: Timestamp,
    messages: u64,
    branches: u64,
    cost_eur: Option<Money>,
}

impl<'a> From<&'a Summary> for Row<'a> {
    fn from(summary: &'a Summary) -> Self {
        let Summary { id, title, created, updated, messages, branches, cost_eur } = summary;
        Self {
            id: *id,
            title,
            created: *created,
            updated: *updated,
            messages: *messages,
            branches: *branches,
            cost_eur: *cost_eur,
        }
    }
}

/// Lists conversations, last changed first.
pub fn run(args: &ListArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let summaries = store.list(args.limit)?;
        if args.json {
            context.out.json(&summaries.iter().map(Row::from).collect::<Vec<_>>());
            return Ok(Exit::OK);
        }
        if summaries.is_empty() {
            context.out.note(&t!("store-list-empty"));
            return Ok(Exit::OK);
        }
        let mut rows = Vec::new();
        for summary in &summaries {
            rows.push(vec![
                sanitise(&store.short_conversation(summary.id)?),
                local(summary.updated),
                sanitise(&summary.messages.to_string()),
                sanitise(&summary.branches.to_string()),
                price(summary.cost_eur),
                truncate(&sanitise_line(&summary.title), TITLE),
            ]);
        }
        let header = [
            t!("store-column-id"),
            t!("store-column-updated"),
            t!("store-column-messages"),
            t!("store-column-branches"),
            t!("store-column-price"),
            t!("store-column-title"),
        ];
        context.out.table(&header, rows);
        Ok(Exit::OK)
    })
}

fn price(cost: Option<Money>) -> Safe {
    cost.map_or_else(|| sanitise("-"), |cost| sanitise(&format!("{:.4}", cost.to_decimal())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_contracts_names() {
        let summary = Summary {
            id: ConversationId(uuid::Uuid::from_u128(1)),
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            messages: 3,
            branches: 2,
            cost_eur: None,
        };
        assert_eq!(
            serde_json::to_string(&Row::from(&summary)).unwrap(),
            concat!(
                r#"{"id":"00000000-0000-0000-0000-000000000001","title":"figs","created":"1970-01-01T00:00:00Z","#,
                r#""updated":"1970-01-01T00:00:00Z","messages":3,"branches":2,"cost_eur":null}"#
            )
        );
    }
}
