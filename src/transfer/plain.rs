//! Plain text: for reading where nothing draws Markdown.

use super::markdown::{branch_mark, ending, speaker, summary_heading};
use crate::chat::{Conversation, MessageId};
use crate::t;
use crate::text::sanitise_line;

/// A conversation as plain text: all branches with marks where they part, or the one branch that ends in `leaf`.
pub fn to_text(conversation: &Conversation, leaf: Option<MessageId>) -> String {
    let mut blocks = Vec::new();
    if !conversation.title.is_empty() {
        blocks.push(sanitise_line(&conversation.title).into_string());
    }
    for message in super::messages(conversation, leaf) {
        if let Some(mark) = branch_mark(conversation, message).filter(|_| leaf.is_none()) {
            blocks.push(format!("---- {mark}"));
        }
        let mut said = vec![format!(">> {}", speaker(message))];
        if let Some(summary) = message.summary() {
            said.push(format!("[{}]\n{}\n", summary_heading(summary), summary.text.trim_end()));
        }
        if let Some(reasoning) = message.reasoning() {
            said.push(format!("[{}]\n{}\n", t!("store-export-reasoning"), reasoning.trim_end()));
        }
        let words = [Some(message.text()), message.refusal()].into_iter().flatten();
        said.extend(words.filter(|text| !text.is_empty()).map(|text| text.trim_end().to_owned()));
        said.extend(
            message.tool_calls().map(|call| format!("{} {}", sanitise_line(&call.name), call.arguments)),
        );
        said.extend(ending(message).map(|ended| format!("({ended})")));
        blocks.push(said.join("\n"));
    }
    blocks.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::markdown::tests::{conversation, mid};

    const ALL: &str = "Figs: \"a guide\"

>> You
hi

---- Branch 1 of 2 after message 00000000-0000-0000-0000-000000000001

>> Assistant
old

---- Branch 2 of 2 after message 00000000-0000-0000-0000-000000000001

>> Assistant
new
";

    #[test]
    fn branches_are_told_with_marks_where_they_part_and_one_alone_without() {
        let told = conversation(&[(1, None, "hi"), (2, Some(1), "old\n"), (4, Some(1), "new")]);
        assert_eq!(to_text(&told, None), ALL);
        assert_eq!(to_text(&told, Some(mid(4))), "Figs: \"a guide\"\n\n>> You\nhi\n\n>> Assistant\nnew\n");
    }
}
