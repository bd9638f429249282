//! `loquat show`: one conversation's chosen branch, or one message.

use super::args::ShowArgs;
use super::stored::{ConversationJson, MessageJson, local, on_branch, speaker, with_store};
use super::{Context, Exit};
use crate::chat::{Conversation, Message, MessageId};
use crate::storage::{Store, StoreError};
use crate::t;
use crate::text::sanitise_line;

/// What an id names.
enum Found {
    Conversation(Box<Conversation>),
    Message(Box<Conversation>, MessageId),
}

/// Prints it.
pub fn run(args: &ShowArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        match find(store, &args.id)? {
            Found::Conversation(conversation) if args.json => context.out.json(&branch(&conversation)),
            Found::Conversation(conversation) => context.out.line(&transcript(&conversation)),
            Found::Message(conversation, id) => {
                let Some(message) = conversation.tree.get(id) else {
                    return Err(StoreError::NotFound(args.id.clone()));
                };
                if args.json {
                    let branch = on_branch(&conversation.tree);
                    context.out.json(&MessageJson::new(conversation.id, &branch, message));
                } else {
                    context.out.line(&said(message));
                }
            }
        }
        Ok(Exit::OK)
    })
}

/// A conversation of this id, else a message.
fn find(store: &Store, id: &str) -> Result<Found, StoreError> {
    match store.find_conversation(id) {
        Ok(id) => Ok(Found::Conversation(Box::new(store.load(id)?))),
        Err(StoreError::NotFound(_)) => {
            let (conversation, message) = store.find_message(id)?;
            Ok(Found::Message(Box::new(store.load(conversation)?), message))
        }
        Err(error) => Err(error),
    }
}

fn chosen(conversation: &Conversation) -> impl Iterator<Item = &Message> {
    conversation.tree.branch().into_iter().filter_map(|id| conversation.tree.get(id))
}

fn branch(conversation: &Conversation) -> ConversationJson<'_> {
    let branch = on_branch(&conversation.tree);
    ConversationJson {
        conversation: conversation.id,
        title: &conversation.title,
        messages: chosen(conversation)
            .map(|message| MessageJson::new(conversation.id, &branch, message))
            .collect(),
    }
}

fn said(message: &Message) -> String {
    let summary = message.summary().map(|summary| {
        let id = summary.until.to_string();
        let heading = t!("store-summary", id = id, model = summary.model.as_str());
        format!("[{heading}]\n{}", summary.text)
    });
    let pieces = [summary, Some(message.text()), message.refusal()];
    pieces.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn transcript(conversation: &Conversation) -> String {
    let mut blocks: Vec<String> = Vec::new();
    if !conversation.title.is_empty() {
        blocks.push(sanitise_line(&conversation.title).into_string());
    }
    for message in chosen(conversation) {
        let who = speaker(message.role);
        let model = message.route.as_ref().filter(|_| message.provenance.is_some());
        let model =
            model.map(|route| format!(" · {}", sanitise_line(route.model.as_str()))).unwrap_or_default();
        blocks.push(format!("── {who}{model} · {}\n{}", local(message.created), said(message).trim_end()));
    }
    blocks.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{ConversationId, Settings, Tree};
    use jiff::Timestamp;

    #[test]
    fn an_id_is_a_conversations_or_a_messages_and_the_branch_is_the_chosen_one() {
        let mut store = Store::in_memory().unwrap();
        let id = ConversationId(uuid::Uuid::from_u128(0xa << 124));
        let told = Conversation {
            id,
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings::default(),
            tree: Tree::default(),
        };
        store.create(&told).unwrap();
        for message in [message(1, None, "q"), message(2, Some(1), "old"), message(4, Some(1), "new")] {
            store.add_message(id, &message).unwrap();
        }
        let Ok(Found::Conversation(found)) = find(&store, "a0000") else { panic!("not a conversation") };
        let json = serde_json::to_value(branch(&found)).unwrap();
        assert_eq!(
            (&json["conversation"], &json["title"], &json["messages"][1]["text"]),
            (&id.to_string().into(), &"figs".into(), &"new".into())
        );
        assert!(transcript(&found).contains("new") && !transcript(&found).contains("old"));
        let Ok(Found::Message(found, id)) = find(&store, "00000000-0000-0000-0000-000000000002") else {
            panic!("not a message")
        };
        assert_eq!(said(found.tree.get(id).unwrap()), "old");
        assert!(matches!(find(&store, "ff"), Err(StoreError::NotFound(_))));
    }
}
