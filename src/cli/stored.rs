//! What the subcommands that read conversations share: the open store, its errors in words, and a message
//! as JSON.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::report::{ErrorReport, tool_calls};
use super::{Context, Exit};
use crate::chat::{ConversationId, Message, MessageId, Money, Role, Summary, Tree, Usage};
use crate::storage::{Store, StoreError};
use crate::t;
use crate::text::{Safe, sanitise_line};
use crate::turns::open_store;

/// Runs `work` with the person's database. One that does not exist yet answers as an empty one and is not
/// made. What was in the trash for too long is gone before.
pub(super) fn with_store(
    context: &Context,
    work: impl FnOnce(&mut Store) -> Result<Exit, StoreError>,
) -> Exit {
    let opened = if context.paths.database().exists() { open(context) } else { Store::in_memory() };
    with_opened(context, opened, work)
}

/// The same, and makes a database where there is none.
pub(super) fn with_new_store(
    context: &Context,
    work: impl FnOnce(&mut Store) -> Result<Exit, StoreError>,
) -> Exit {
    with_opened(context, open(context), work)
}

fn open(context: &Context) -> Result<Store, StoreError> {
    open_store(&context.paths, || context.config.clone())
}

fn with_opened(
    context: &Context,
    opened: Result<Store, StoreError>,
    work: impl FnOnce(&mut Store) -> Result<Exit, StoreError>,
) -> Exit {
    let kept_since = context.config.storage.trash_kept_since(Timestamp::now());
    let current = opened.and_then(|mut store| {
        kept_since.map_or(Ok(0), |since| store.expire_trash(since))?;
        Ok(store)
    });
    current.and_then(|mut store| work(&mut store)).unwrap_or_else(|error| {
        context.out.error(&t!("cli-error", message = error.explain()));
        error.kind().into()
    })
}

/// A time in a table: local, to the minute.
pub(super) fn local(time: Timestamp) -> Safe {
    let zoned = time.to_zoned(jiff::tz::TimeZone::system());
    sanitise_line(&zoned.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Who speaks, in a table or a transcript.
pub(super) fn speaker(role: Role) -> Safe {
    match role {
        Role::User => t!("store-role-user"),
        Role::Assistant => t!("store-role-assistant"),
    }
}

/// The messages of the chosen branch.
pub(super) fn on_branch(tree: &Tree) -> HashSet<MessageId> {
    tree.branch().into_iter().collect()
}

/// A message in the JSON of `show` and `tree`.
#[derive(Serialize)]
pub(super) struct MessageJson<'a> {
    id: MessageId,
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: String,
    /// What the requests of its branch tell instead of the messages that it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Summary>,
    reasoning: Option<String>,
    refusal: Option<String>,
    tool_calls: Vec<Value>,
    status: &'static str,
    endpoint: Option<&'a str>,
    key: Option<&'a str>,
    model: Option<&'a str>,
    model_served: Option<&'a str>,
    finish_reason: Option<&'static str>,
    usage: Option<Usage>,
    cost_eur: Option<Money>,
    latency: Option<f64>,
    ttft: Option<f64>,
    attempts: Option<u32>,
    error: Option<ErrorReport>,
    created: Timestamp,
    /// Whether it is on the chosen branch.
    chosen: bool,
}

impl<'a> MessageJson<'a> {
    /// A message of a conversation whose chosen branch is this.
    pub fn new(conversation: ConversationId, branch: &HashSet<MessageId>, message: &'a Message) -> Self {
        let (route, made) = (message.route.as_ref(), message.provenance.as_ref());
        let seconds = |milliseconds: u64| std::time::Duration::from_millis(milliseconds).as_secs_f64();
        Self {
            id: message.id,
            conversation,
            parent: message.parent,
            role: message.role,
            text: message.text(),
            summary: message.summary(),
            reasoning: message.reasoning(),
            refusal: message.refusal(),
            tool_calls: tool_calls(message),
            status: message.status.name(),
            endpoint: route.map(|route| route.endpoint.as_str()),
            key: route.map(|route| route.key.as_str()),
            model: route.map(|route| route.model.as_str()),
            model_served: made.and_then(|made| made.model_served.as_ref()).map(|model| model.as_str()),
            finish_reason: made.and_then(|made| made.finish).map(|finish| finish.name()),
            usage: made.map(|made| made.usage),
            cost_eur: made.and_then(|made| made.cost_eur),
            latency: made.and_then(|made| made.latency_ms).map(seconds),
            ttft: made.and_then(|made| made.ttft_ms).map(seconds),
            attempts: made.map(|made| made.attempts),
            error: made.and_then(|made| made.failure.as_ref()).map(ErrorReport::from),
            created: message.created,
            chosen: branch.contains(&message.id),
        }
    }
}

/// A conversation in the JSON of `show` and `tree`.
#[derive(Serialize)]
pub(super) struct ConversationJson<'a> {
    pub conversation: ConversationId,
    pub title: &'a str,
    pub messages: Vec<MessageJson<'a>>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{ErrorKind, Part, Provenance, Route, Status, ToolCall};

    #[test]
    fn a_message_is_told_with_all_that_is_known_of_it() {
        let mut answer = message(2, Some(1), "hi");
        answer.parts.extend([("a", "{\"x\":1}"), ("b", ""), ("c", "{\"x\"")].map(|(name, arguments)| {
            Part::ToolCall(ToolCall { id: "i".into(), name: name.into(), arguments: arguments.into() })
        }));
        answer.status = Status::Cut;
        answer.route = Some(Route { endpoint: "e".into(), key: "k".into(), model: "m".into() });
        answer.provenance = Some(Provenance {
            cost_eur: Some(Money::from_nanos(12_000)),
            latency_ms: Some(1234),
            attempts: 1,
            failure: Some(crate::chat::Failure::new(ErrorKind::Cut, "gone")),
            ..Provenance::default()
        });
        let tree = Tree::build([message(1, None, "q"), answer.clone()], []);
        let branch = on_branch(&tree);
        let told = MessageJson::new(ConversationId(Uuid::from_u128(9)), &branch, &answer);
        assert_eq!(
            serde_json::to_string(&told).unwrap(),
            concat!(
                r#"{"id":"00000000-0000-0000-0000-000000000002","conversation":"00000000-0000-0000-0000-000000000009","#,
                r#""parent":"00000000-0000-0000-0000-000000000001","role":"assistant","text":"hi","reasoning":null,"#,
                r#""refusal":null,"tool_calls":[{"id":"i","name":"a","arguments":{"x":1}},"#,
                r#"{"id":"i","name":"b","arguments":"","invalid":true},{"id":"i","name":"c","arguments":"{\"x\"","invalid":true}],"#,
                r#""status":"cut","endpoint":"e","key":"k","model":"m","model_served":null,"finish_reason":null,"#,
                r#""usage":{"tokens_in":null,"tokens_out":null,"cached_in":null,"cache_write":null,"#,
                r#""reasoning_out":null,"estimated":false},"cost_eur":0.000012,"latency":1.234,"ttft":null,"#,
                r#""attempts":1,"error":{"kind":"cut","message":"gone","status":null,"retry_after":null},"#,
                r#""created":"1970-01-01T00:00:02Z","chosen":true}"#,
            )
        );
    }

    #[test]
    fn unknown_and_ambiguous_ids_exit_5_and_name_the_candidates() {
        let ids = [1, 2].map(Uuid::from_u128);
        let ambiguous = StoreError::Ambiguous { prefix: "0000".into(), count: 2, candidates: ids.into() };
        assert_eq!(Exit::from(ambiguous.kind()), Exit(5));
        assert!(ids.iter().all(|id| ambiguous.explain().contains(&id.to_string())));
        assert_eq!(Exit::from(StoreError::NotFound("x".into()).kind()), Exit(5));
        assert_eq!(Exit::from(StoreError::Newer { found: 9, known: 1 }.kind()), Exit::INTERNAL);
    }
}
