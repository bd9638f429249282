//! `loquat search`

use serde::Serialize;

use super::args::SearchArgs;
use super::stored::{speaker, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, MessageId, Role};
use crate::storage::Hit;
use crate::t;
use crate::text::sanitise_line;

/// A row of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    conversation: ConversationId,
    message: MessageId,
    role: Role,
    snippet: &'a str,
    title: &'a str,
}

impl<'a> From<&'a Hit> for Row<'a> {
    fn from(hit: &'a Hit) -> Self {
        let Hit { conversation, message, role, snippet, title } = hit;
        Self { conversation: *conversation, message: *message, role: *role, snippet, title }
    }
}

/// Prints the messages found, best first.
pub fn run(args: &SearchArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let hits = store.search(&args.words.join(" "), args.limit)?;
        if args.json {
            context.out.json(&hits.iter().map(Row::from).collect::<Vec<_>>());
            return Ok(Exit::OK);
        }
        if hits.is_empty() {
            context.out.note(&t!("store-search-empty"));
        }
        for hit in &hits {
            let (id, role) = (store.short_message(hit.message)?, speaker(hit.role));
            context.out.line(&format!("{id}  {}", sanitise_line(&hit.title)));
            context.out.line(&format!("  {role}: {}", sanitise_line(&hit.snippet)));
        }
        Ok(Exit::OK)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_the_contracts_names_and_no_others() {
        let id = uuid::Uuid::from_u128(1);
        let hit = Hit {
            conversation: ConversationId(id),
            message: MessageId(id),
            role: Role::User,
            snippet: "s".into(),
            title: "t".into(),
        };
        assert_eq!(
            serde_json::to_string(&Row::from(&hit)).unwrap(),
            concat!(
                r#"{"conversation":"00000000-0000-0000-0000-000000000001","#,
                r#""message":"00000000-0000-0000-0000-000000000001","role":"user","snippet":"s","title":"t"}"#
            )
        );
    }
}
