//! Markdown: for people, other programs' search, and version control.

use std::fmt::Write as _;

use crate::chat::{Conversation, Message, MessageId, Role, Status, Summary, ToolCall};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// A conversation as Markdown: all branches with marks where they part, or the one branch that ends in `leaf`.
/// Branches follow each other, the oldest first; a mark names the message that they part at.
pub fn to_markdown(conversation: &Conversation, leaf: Option<MessageId>) -> String {
    let title = sanitise_line(&conversation.title);
    let mut out = format!(
        "---\ntitle: {}\nid: {}\ncreated: {}\n---\n",
        // JSON strings are YAML strings too.
        serde_json::Value::from(conversation.title.as_str()),
        conversation.id,
        conversation.created,
    );
    if !title.is_empty() {
        push(&mut out, &format!("# {title}"));
    }
    for message in super::messages(conversation, leaf) {
        if let Some(mark) = branch_mark(conversation, message).filter(|_| leaf.is_none()) {
            push(&mut out, "---");
            push(&mut out, &format!("*{mark}*"));
        }
        push_message(&mut out, message);
    }
    out
}

/// Adds a block, a blank line before it.
fn push(out: &mut String, block: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "\n{}", block.trim_end_matches('\n'));
}

/// Which of the branches that part here a message begins; none where there is only one.
pub(super) fn branch_mark(conversation: &Conversation, message: &Message) -> Option<Safe> {
    let place = conversation.tree.place(message.id).filter(|place| place.count > 1)?;
    let at = message
        .parent
        .map_or_else(|| t!("store-export-start"), |parent| t!("store-export-after", id = parent.to_string()));
    Some(t!("store-export-branch", position = place.position, count = place.count, at = at))
}

/// Who says a message.
pub(super) fn speaker(message: &Message) -> Safe {
    match (message.role, &message.route) {
        (Role::User, _) => t!("store-role-user"),
        (Role::Assistant, Some(route)) => sanitise_line(route.model.as_str()),
        (Role::Assistant, None) => t!("store-role-assistant"),
    }
}

/// What stands above a summary.
pub(super) fn summary_heading(summary: &Summary) -> Safe {
    t!("store-summary", id = summary.until.to_string(), model = summary.model.as_str())
}

/// How a message ended that is not whole.
pub(super) fn ending(message: &Message) -> Option<Safe> {
    match message.status {
        Status::Complete => None,
        Status::Streaming => Some(t!("store-status-streaming")),
        Status::Cut => Some(t!("store-status-cut")),
        Status::Cancelled => Some(t!("store-status-cancelled")),
        Status::Failed => Some(t!("store-status-failed")),
    }
}

fn push_message(out: &mut String, message: &Message) {
    push(out, &format!("## {}", speaker(message)));
    push(out, &format!("<!-- {} -->", message.id));
    let summary = message.summary().map(|summary| (summary_heading(summary), summary.text.clone()));
    let reasoning = message.reasoning().map(|reasoning| (t!("store-export-reasoning"), reasoning));
    for (heading, text) in summary.into_iter().chain(reasoning) {
        push(out, &format!("<details><summary>{heading}</summary>"));
        push(out, &text);
        push(out, "</details>");
    }
    for text in [Some(message.text()), message.refusal()].into_iter().flatten() {
        if !text.is_empty() {
            push(out, &text);
        }
    }
    for ToolCall { name, arguments, .. } in message.tool_calls() {
        let fence = fence(arguments);
        push(out, &format!("`{}`", sanitise_line(name)));
        push(out, &format!("{fence}json\n{arguments}\n{fence}"));
    }
    if let Some(ended) = ending(message) {
        push(out, &format!("*({ended})*"));
    }
}

/// Text as a block of code with a name, which it cannot close.
pub(super) fn fenced(name: &str, text: &str) -> String {
    let fence = fence(text);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{}\n{text}{end}{fence}", name.replace(['\n', '`'], " "))
}

/// A fence longer than any run of backticks inside.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{ConversationId, Part, Route, Settings, Tree};

    pub fn mid(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    pub fn conversation(messages: &[(u128, Option<u128>, &str)]) -> Conversation {
        Conversation {
            id: ConversationId(Uuid::from_u128(1)),
            title: "Figs: \"a\nguide\"".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings::default(),
            tree: Tree::build(messages.iter().map(|&(id, parent, text)| message(id, parent, text)), []),
        }
    }

    const EXPECTED: &str = r#"---
title: "Figs: \"a\nguide\""
id: 00000000-0000-0000-0000-000000000001
created: 1970-01-01T00:00:00Z
---

# Figs: "a guide"

## You

<!-- 00000000-0000-0000-0000-000000000001 -->

hi

---

*Branch 1 of 2 after message 00000000-0000-0000-0000-000000000001*

## Assistant

<!-- 00000000-0000-0000-0000-000000000002 -->

old

## You

<!-- 00000000-0000-0000-0000-000000000005 -->

on

---

*Branch 2 of 2 after message 00000000-0000-0000-0000-000000000001*

## m-1

<!-- 00000000-0000-0000-0000-000000000004 -->

<details><summary>Reasoning</summary>

hm

</details>

new

`f`

````json
{"a":"```"}
````

*(cut off)*
"#;

    #[test]
    fn all_branches_are_told_with_marks_where_they_part() {
        let mut told =
            conversation(&[(1, None, "hi"), (2, Some(1), "old\n"), (4, Some(1), ""), (5, Some(2), "on")]);
        let answer = told.tree.get_mut(mid(4)).unwrap();
        answer.status = Status::Cut;
        answer.route = Some(Route { endpoint: "e".into(), key: "default".into(), model: "m-1".into() });
        answer.parts = vec![
            Part::Reasoning { text: "hm".into() },
            Part::Text { text: "new".into() },
            Part::ToolCall(ToolCall {
                id: "c".into(),
                name: "f".into(),
                arguments: "{\"a\":\"```\"}".into(),
            }),
        ];
        assert_eq!(to_markdown(&told, None), EXPECTED);
    }

    #[test]
    fn one_branch_has_no_marks() {
        let told = conversation(&[(1, None, "hi"), (2, Some(1), "old"), (4, Some(1), "new")]);
        let text = to_markdown(&told, Some(mid(2)));
        assert!(text.contains("old") && !text.contains("new") && !text.contains("branch"), "{text}");
    }
}
