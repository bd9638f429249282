//! `loquat list`

use jiff::Timestamp;
use serde::Serialize;

use super::args::ListArgs;
use super::stored::{local, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, Money};
use crate::storage::{Filter, Place, Summary};
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
    pinned: bool,
    archived: bool,
    tags: &'a [String],
}

impl<'a> From<&'a Summary> for Row<'a> {
    fn from(summary: &'a Summary) -> Self {
        let Summary { id, title, created, updated, messages, branches, cost_eur, shelf } = summary;
        Self {
            id: *id,
            title,
            created: *created,
            updated: *updated,
            messages: *messages,
            branches: *branches,
            cost_eur: *cost_eur,
            pinned: shelf.pinned,
            archived: shelf.archived,
            tags: &shelf.tags,
        }
    }
}

/// Lists conversations, the pinned ones first, each part with the last changed first.
pub fn run(args: &ListArgs, context: &Context) -> Exit {
    let filter = Filter {
        place: if args.archived { Place::Archived } else { Place::Unarchived },
        only_pinned: args.pinned,
        tags: args.tag.clone(),
    };
    with_store(context, |store| {
        let summaries = store.list_by(&filter, args.limit)?;
        if args.json {
            context.out.json(&summaries.iter().map(Row::from).collect::<Vec<_>>());
            return Ok(Exit::OK);
        }
        if summaries.is_empty() {
            let none =
                if filter == Filter::default() { t!("store-list-empty") } else { t!("store-list-none") };
            context.out.note(&none);
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
                truncate(&title(summary), TITLE),
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

/// The title, behind `*` where it is pinned and before its tags.
fn title(summary: &Summary) -> Safe {
    let pin = if summary.shelf.pinned { "* " } else { "" };
    let tags: String = summary.shelf.tags.iter().map(|tag| format!(" #{tag}")).collect();
    sanitise_line(&format!("{pin}{}{tags}", summary.title))
}

fn price(cost: Option<Money>) -> Safe {
    cost.map_or_else(|| sanitise("-"), |cost| sanitise(&format!("{:.4}", cost.to_decimal())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Shelf;

    #[test]
    fn a_row_has_the_contracts_names_and_its_place_in_the_list() {
        let summary = Summary {
            id: ConversationId(uuid::Uuid::from_u128(1)),
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            messages: 3,
            branches: 2,
            cost_eur: None,
            shelf: Shelf { pinned: true, archived: false, tags: vec!["work".into()] },
        };
        assert_eq!(title(&summary), sanitise("* figs #work"));
        assert_eq!(
            serde_json::to_string(&Row::from(&summary)).unwrap(),
            concat!(
                r#"{"id":"00000000-0000-0000-0000-000000000001","title":"figs","created":"1970-01-01T00:00:00Z","#,
                r#""updated":"1970-01-01T00:00:00Z","messages":3,"branches":2,"cost_eur":null,"#,
                r#""pinned":true,"archived":false,"tags":["work"]}"#
            )
        );
    }
}
