//! `loquat tree`

use super::args::ShowArgs;
use super::stored::{ConversationJson, MessageJson, on_branch, speaker, with_store};
use super::{Context, Exit};
use crate::chat::{Conversation, Message, MessageId};
use crate::storage::{Store, StoreError};
use crate::text::{Safe, sanitise, sanitise_line, width::truncate};

/// Cells of a line.
const WIDTH: usize = 80;
/// Branches further in than this are not moved further right.
const DEEPEST: usize = 12;

/// Prints a conversation's tree.
pub fn run(args: &ShowArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let conversation = store.load(store.find_conversation(&args.id)?)?;
        if args.json {
            context.out.json(&json(&conversation));
            return Ok(Exit::OK);
        }
        context.out.line(&sanitise_line(&conversation.title));
        for line in lines(store, &conversation)? {
            context.out.line(&line);
        }
        Ok(Exit::OK)
    })
}

fn json(conversation: &Conversation) -> ConversationJson<'_> {
    let tree = &conversation.tree;
    let branch = on_branch(tree);
    ConversationJson {
        conversation: conversation.id,
        title: &conversation.title,
        messages: tree
            .walk()
            .into_iter()
            .map(|message| MessageJson::new(conversation.id, &branch, message))
            .collect(),
    }
}

/// One line a message, `●` on the chosen branch. Only where branches part does a line move to the right.
fn lines(store: &Store, conversation: &Conversation) -> Result<Vec<Safe>, StoreError> {
    let tree = &conversation.tree;
    let branch: std::collections::HashSet<MessageId> = tree.branch().into_iter().collect();
    let mut depths: std::collections::HashMap<MessageId, usize> = std::collections::HashMap::new();
    let mut lines = Vec::new();
    for message in tree.walk() {
        let above = message.parent.and_then(|parent| depths.get(&parent)).copied().unwrap_or_default();
        let parts = tree.children(message.parent).len() > 1;
        let depth = above + usize::from(parts);
        depths.insert(message.id, depth);
        let indent = "  ".repeat(depth.saturating_sub(usize::from(parts)).min(DEEPEST));
        let stem = if parts {
            "├─"
        } else if depth > 0 {
            "  "
        } else {
            ""
        };
        let dot = if branch.contains(&message.id) { "●" } else { "○" };
        let id = store.short_message(message.id)?;
        let line = format!("{indent}{stem}{dot} {id} {}: {}", name(message), message.text());
        lines.push(truncate(&sanitise_line(&line), WIDTH));
    }
    Ok(lines)
}

fn name(message: &Message) -> Safe {
    match (&message.provenance, &message.route) {
        (Some(_), Some(route)) => sanitise(route.model.as_str()),
        _ => speaker(message.role),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{ConversationId, Settings, Tree};
    use jiff::Timestamp;

    fn told() -> Conversation {
        let links = [(1, None), (2, Some(1)), (4, Some(1)), (5, Some(2)), (7, Some(4))];
        Conversation {
            id: ConversationId(uuid::Uuid::from_u128(1)),
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings::default(),
            tree: Tree::build(links.map(|(id, parent)| message(id, parent, &id.to_string())), []),
        }
    }

    #[test]
    fn the_tree_is_flat_with_every_message_once_and_parents_first() {
        let told = told();
        let json = serde_json::to_value(json(&told)).unwrap();
        let flat: Vec<(&str, bool)> = json["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| (message["text"].as_str().unwrap(), message["chosen"].as_bool().unwrap()))
            .collect();
        assert_eq!(flat, [("1", true), ("2", false), ("5", false), ("4", true), ("7", true)]);
    }

    #[test]
    fn lines_move_right_only_where_branches_part() {
        let store = Store::in_memory().unwrap();
        let lines = lines(&store, &told()).unwrap();
        assert_eq!(
            lines,
            [
                "● 00000000 You: 1",
                "├─○ 00000000 Assistant: 2",
                "    ○ 00000000 You: 5",
                "├─● 00000000 Assistant: 4",
                "    ● 00000000 You: 7",
            ]
        );
    }
}
