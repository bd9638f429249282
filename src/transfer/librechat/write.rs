//! LibreChat's recursive export, which LibreChat imports again with every branch.
//!
//! Its import drops a message that has neither text nor content, and all below it: so each has a list of content.
//! Which sibling is chosen has no place in the format; LibreChat shows the newest.

use serde_json::{Map, Value, json};

use super::ROOT;
use crate::chat::{Conversation, Media, MediaData, Message, MessageId, Part, Role, Route, Settings, Status};

/// A conversation as LibreChat exports it: the whole tree, or one branch of it.
pub fn to_librechat(conversation: &Conversation, leaf: Option<MessageId>) -> String {
    let tree = &conversation.tree;
    let path = leaf.map(|leaf| tree.path(leaf));
    let last = path.as_ref().map_or_else(|| tree.leaf(), |path| path.last().copied());
    let route =
        last.and_then(|leaf| tree.path(leaf).into_iter().rev().find_map(|id| tree.get(id)?.route.as_ref()));
    let mut head = json!({
        "conversationId": conversation.id,
        "title": conversation.title,
        "exportAt": conversation.updated,
        "createdAt": conversation.created,
        "updatedAt": conversation.updated,
        "branches": leaf.is_none(),
        "recursive": true,
        "options": options(&conversation.settings, route),
    });
    if let Some(route) = route {
        head["endpoint"] = route.endpoint.as_str().into();
    }
    let mut out = without_end(&head);
    out.push_str(",\"messages\":[");
    // Written without recursion: each message lies two levels deeper than the one it answers.
    let mut depth = 0;
    let mut depths = std::collections::HashMap::new();
    for message in super::super::messages(conversation, leaf) {
        let above = message.parent.and_then(|parent| depths.get(&parent)).copied().unwrap_or_default();
        depths.insert(message.id, above + 1);
        if depth > above {
            out.push_str(&"]}".repeat(depth - above));
            out.push(',');
        }
        depth = above + 1;
        out.push_str(&without_end(&node(conversation, message)));
        out.push_str(",\"children\":[");
    }
    out.push_str(&"]}".repeat(depth));
    out.push_str("]}\n");
    out
}

/// An object as JSON, without the brace that closes it.
fn without_end(object: &Value) -> String {
    let mut text = object.to_string();
    text.pop();
    text
}

fn node(conversation: &Conversation, message: &Message) -> Value {
    let route = message.route.as_ref();
    let made = message.provenance.as_ref();
    let failed = made.and_then(|made| made.failure.as_ref()).filter(|_| message.status == Status::Failed);
    let words = [message.text(), message.refusal().unwrap_or_default()].concat();
    let said = if message.parts.is_empty() {
        failed.map(|failure| failure.message.clone()).unwrap_or_default()
    } else {
        words
    };
    let sender = match (message.role, route) {
        (Role::User, _) => "User",
        (Role::Assistant, Some(route)) => route.model.as_str(),
        (Role::Assistant, None) => "Assistant",
    };
    let unfinished = match message.status {
        Status::Cut | Status::Cancelled | Status::Streaming => true,
        Status::Complete | Status::Failed => false,
    };
    let mut node = json!({
        "messageId": message.id,
        "conversationId": conversation.id,
        "parentMessageId": message.parent.map_or_else(|| ROOT.to_owned(), |parent| parent.to_string()),
        "sender": sender,
        "text": said,
        "content": message.parts.iter().filter_map(content).collect::<Vec<_>>(),
        "isCreatedByUser": message.role == Role::User,
        "error": message.status == Status::Failed,
        "unfinished": unfinished,
        "createdAt": message.created,
        "updatedAt": message.created,
    });
    if let Some(route) = route {
        node["endpoint"] = route.endpoint.as_str().into();
        node["model"] = route.model.as_str().into();
    }
    if let Some(summary) = message.summary() {
        node["summary"] = summary.text.as_str().into();
    }
    if let Some(finish) = made.and_then(|made| made.finish) {
        node["finish_reason"] = finish.name().into();
    }
    for (name, tokens) in [
        ("promptTokens", made.and_then(|made| made.usage.tokens_in)),
        ("tokenCount", made.and_then(|made| made.usage.tokens_out)),
    ] {
        if let Some(tokens) = tokens {
            node[name] = tokens.into();
        }
    }
    node
}

/// A piece in LibreChat's shape; none for what it has no place for.
fn content(part: &Part) -> Option<Value> {
    let tool = |id: &str, name: &str, args: &str, output: &str| {
        let call = json!({"id": id, "name": name, "args": args, "type": "tool_call", "output": output});
        Some(json!({"type": "tool_call", "tool_call": call}))
    };
    match part {
        Part::Text { text } | Part::Refusal { text } => Some(json!({"type": "text", "text": text})),
        Part::Reasoning { text } => Some(json!({"type": "think", "think": text})),
        Part::ToolCall(call) => tool(&call.id, &call.name, &call.arguments, ""),
        Part::ToolResult(result) => tool(&result.call, &result.name, "", &result.content),
        Part::ServerTool(ran) => tool(&ran.id, &ran.name, &ran.input, &ran.output),
        Part::Image(image) => Some(json!({"type": "image_url", "image_url": {"url": url(image)}})),
        // A summary has a field of its own.
        Part::Document(_) | Part::Source(_) | Part::Summary(_) | Part::State(_) => None,
    }
}

fn url(image: &Media) -> String {
    match &image.data {
        MediaData::Base64(data) => format!("data:{};base64,{data}", image.mime),
        MediaData::Url(url) => url.clone(),
    }
}

fn options(settings: &Settings, route: Option<&Route>) -> Value {
    let mut options: Map<String, Value> = settings.params.clone();
    let named = [
        ("endpoint", route.map(|route| route.endpoint.as_str().into())),
        ("model", route.map(|route| route.model.as_str().into())),
        ("promptPrefix", settings.system.as_deref().map(Value::from)),
        ("temperature", settings.temperature.map(Value::from)),
        ("max_tokens", settings.max_tokens.map(Value::from)),
        ("reasoning_effort", settings.effort.as_deref().map(Value::from)),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            options.insert(name.to_owned(), value);
        }
    }
    options.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::transfer::markdown::tests::{conversation, mid};

    /// A conversation of these links, with texts; a parent of 0, or one that is not older, is none.
    fn grown(parents: &[u128], texts: &[String]) -> Conversation {
        let mut told = conversation(&[]);
        for (n, &parent) in parents.iter().enumerate() {
            let parent = (parent > 0 && parent <= n as u128).then_some(parent);
            told.tree.add(message(n as u128 + 1, parent, &texts[n]));
        }
        told
    }

    /// The texts of every message, each with those above it, as the tree is walked.
    fn branches(told: &Conversation) -> Vec<Vec<String>> {
        let tree = &told.tree;
        let text = |id: MessageId| tree.get(id).map(Message::text);
        tree.walk()
            .iter()
            .map(|message| tree.path(message.id).into_iter().filter_map(text).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn every_branch_comes_back_in_its_order(
            parents in prop::collection::vec(0u128..16, 1..16),
            texts in prop::collection::vec(".*", 16),
        ) {
            let told = grown(&parents, &texts);
            let file = to_librechat(&told, None);
            let back = super::super::read(&file, told.created).unwrap();
            prop_assert_eq!(&back.complaints, &[]);
            prop_assert_eq!(branches(&back.conversation), branches(&told));
        }

        #[test]
        fn a_branch_alone_is_the_path_to_its_leaf(parents in prop::collection::vec(0u128..16, 1..16), pick in 0usize..16) {
            let texts: Vec<String> = (0..16).map(|n| n.to_string()).collect();
            let told = grown(&parents, &texts);
            let leaf = mid(u128::try_from(pick % parents.len()).unwrap() + 1);
            let back = super::super::read(&to_librechat(&told, Some(leaf)), told.created).unwrap().conversation;
            let path: Vec<String> =
                told.tree.path(leaf).into_iter().map(|id| told.tree.get(id).unwrap().text()).collect();
            let branches = branches(&back);
            prop_assert_eq!(branches.last(), Some(&path));
            prop_assert_eq!(back.tree.len(), path.len());
        }
    }

    #[test]
    fn our_own_conversation_comes_back_as_itself_and_the_newest_sibling_is_chosen() {
        let v7 = |n: u64| MessageId(uuid::Builder::from_unix_timestamp_millis(n, &[0; 10]).into_uuid());
        let mut told = conversation(&[]);
        told.id = crate::chat::ConversationId(v7(1).0);
        told.settings = Settings {
            system: Some("Be brief.".into()),
            temperature: Some(0.5),
            max_tokens: Some(9),
            effort: Some("low".into()),
            params: Map::from_iter([("top_p".to_owned(), json!(0.9))]),
        };
        let mut user = Message { id: v7(1), ..message(1, None, "hi") };
        user.route = Some(Route { endpoint: "e".into(), key: Default::default(), model: "m".into() });
        let mut answer =
            Message { id: v7(2), parent: Some(v7(1)), role: Role::Assistant, ..message(2, None, "") };
        answer.parts = vec![
            Part::Reasoning { text: "hm".into() },
            Part::Text { text: "hello".into() },
            Part::Image(Media {
                mime: "image/png".into(),
                name: String::new(),
                data: MediaData::Base64("aGk=".into()),
            }),
        ];
        answer.route.clone_from(&user.route);
        answer.provenance = Some(crate::chat::Provenance::default());
        let other = Message { id: v7(3), status: Status::Cancelled, ..answer.clone() };
        told.updated = answer.created;
        told.tree = crate::chat::Tree::build([user, answer, other], []);
        let back = super::super::read(&to_librechat(&told, None), told.created).unwrap();
        assert_eq!(back.conversation, told);
        assert_eq!(back.conversation.tree.leaf(), Some(v7(3)));
    }

    #[test]
    fn a_long_conversation_nests_without_end_and_comes_back() {
        let told = conversation(
            &(1..=5_000).map(|n| (n, (n > 1).then_some(n - 1), "x")).collect::<Vec<(u128, _, _)>>(),
        );
        let back = super::super::read(&to_librechat(&told, None), told.created).unwrap().conversation;
        assert_eq!(back.tree.branch().len(), 5_000);
        assert_eq!(Uuid::nil().to_string(), ROOT);
    }
}
