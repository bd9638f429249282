//! `loquat search`

use serde::Serialize;

use super::args::SearchArgs;
use super::stored::{speaker, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, MessageId, Role};
use crate::storage::{Hit, StoreError};
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
    /// Where in the snippet the matches are: the first character, and the one behind the last.
    matches: Vec<[usize; 2]>,
    /// The end of the branch that the message is on.
    branch: MessageId,
}

impl<'a> Row<'a> {
    fn new(hit: &'a Hit, branch: MessageId) -> Self {
        let Hit { conversation, message, role, model: _, snippet, matches, title } = hit;
        let characters = |bytes: usize| snippet.get(..bytes).map_or(0, |before| before.chars().count());
        Self {
            conversation: *conversation,
            message: *message,
            role: *role,
            snippet,
            title,
            matches: matches.iter().map(|range| [range.start, range.end].map(characters)).collect(),
            branch,
        }
    }
}

/// Prints the messages found, best first.
pub fn run(args: &SearchArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let hits = store.search(&args.words.join(" "), args.limit)?;
        if args.json {
            let rows: Vec<Row<'_>> = hits
                .iter()
                .map(|hit| Ok(Row::new(hit, store.leaf_below(hit.conversation, hit.message)?)))
                .collect::<Result<_, StoreError>>()?;
            context.out.json(&rows);
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
    fn a_row_has_the_contracts_names_and_tells_matches_in_characters() {
        let id = uuid::Uuid::from_u128(1);
        let hit = Hit {
            conversation: ConversationId(id),
            message: MessageId(id),
            model: None,
            role: Role::User,
            snippet: "…日本 s".into(),
            matches: vec![3..9, 10..11],
            title: "t".into(),
        };
        assert_eq!(
            serde_json::to_string(&Row::new(&hit, hit.message)).unwrap(),
            concat!(
                r#"{"conversation":"00000000-0000-0000-0000-000000000001","#,
                r#""message":"00000000-0000-0000-0000-000000000001","role":"user","snippet":"…日本 s","title":"t","#,
                r#""matches":[[1,3],[4,5]],"branch":"00000000-0000-0000-0000-000000000001"}"#
            )
        );
    }
}
