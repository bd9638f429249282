//! The body of a request, and what model families want differently.

use serde_json::{Map, Value, json};

use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure, ModelId, RequestMessage, Role};
use crate::config::Endpoint;
use crate::http::HttpRequest;
use crate::keys::Credential;
use crate::providers::site::{Auth, Site};
use crate::providers::{params, urls};

/// What a family of models wants.
#[derive(Debug)]
struct Family {
    /// How its ids begin, after any `maker/`.
    prefixes: &'static [&'static str],
    /// Ids that hold one of these are not of the family after all.
    except: &'static [&'static str],
    system: SystemRole,
    sampling: Sampling,
}

/// Where the system prompt goes. A family that is listed also wants `max_completion_tokens`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SystemRole {
    System,
    Developer,
    /// The model refuses any role but user and assistant.
    User,
}

/// Whether sampling parameters are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sampling {
    Taken,
    Refused,
    /// Only where reasoning is switched off.
    WithoutReasoning,
}

/// Families in the order in which they are asked: the first that matches is meant.
const FAMILIES: &[Family] = &[
    Family {
        prefixes: &["o1-mini", "o1-preview"],
        except: &[],
        system: SystemRole::User,
        sampling: Sampling::Refused,
    },
    Family {
        prefixes: &["o1", "o3", "o4"],
        except: &[],
        system: SystemRole::Developer,
        sampling: Sampling::Refused,
    },
    Family {
        prefixes: &["gpt-5."],
        except: &["-chat"],
        system: SystemRole::Developer,
        sampling: Sampling::WithoutReasoning,
    },
    Family {
        prefixes: &["gpt-5"],
        except: &["-chat"],
        system: SystemRole::Developer,
        sampling: Sampling::Refused,
    },
    Family { prefixes: &["gpt-5"], except: &[], system: SystemRole::System, sampling: Sampling::Taken },
];

/// What reasoning families refuse.
const SAMPLING: &[&str] = &[
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "n",
    "stop",
];

fn family(model: &ModelId) -> Option<&'static Family> {
    let id = model.as_str().rsplit('/').next().unwrap_or_default();
    FAMILIES.iter().find(|family| {
        family.prefixes.iter().any(|prefix| id.starts_with(prefix))
            && !family.except.iter().any(|part| id.contains(part))
    })
}

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let body = body(chat, site.endpoint, site.credential);
    site.post(urls::completions(site.endpoint, site.credential)?, Auth::Bearer, &body)
}

/// The JSON of a request. Parameters in the order LibreChat documents: what the person set, then the
/// endpoint's defaults for what is unset, then `addParams`, then `dropParams` takes away.
fn body(chat: &ChatRequest, endpoint: &Endpoint, credential: &Credential) -> Value {
    let family = family(&chat.model);
    let mut body = Map::new();
    body.insert("model".into(), chat.model.as_str().into());
    body.insert("messages".into(), messages(chat, family));
    match chat.delivery {
        Delivery::Streamed => {
            body.insert("stream".into(), true.into());
            body.insert("stream_options".into(), json!({"include_usage": true}));
        }
        Delivery::Whole => {
            body.insert("stream".into(), false.into());
        }
    }
    params::lay(parameters(chat, endpoint, credential, family), NO_ROWS, &mut body);
    if let Some((name, value)) = params::user(chat, endpoint) {
        body.insert(name.into(), value);
    }
    params::amend(endpoint, NO_ROWS, &mut body);
    Value::Object(body)
}

/// This format has every parameter at the top level, by the name that people have for it.
const NO_ROWS: &[params::Row] = &[];

fn parameters(
    chat: &ChatRequest,
    endpoint: &Endpoint,
    credential: &Credential,
    family: Option<&Family>,
) -> Map<String, Value> {
    let mut params = params::asked(chat, endpoint);
    if let Some(effort) = params::effort(chat, &mut params) {
        if wants_reasoning_object(endpoint, credential) {
            params.insert("reasoning".into(), json!({"effort": effort}));
        } else {
            params.insert("reasoning_effort".into(), effort.into());
        }
    }
    let Some(family) = family else { return params };
    if let Some(most) = params.shift_remove("max_tokens") {
        params.entry("max_completion_tokens").or_insert(most);
    }
    let is_refused = match family.sampling {
        Sampling::Taken => false,
        Sampling::Refused => true,
        Sampling::WithoutReasoning => params.get("reasoning_effort").is_none_or(|effort| effort != "none"),
    };
    if is_refused {
        for name in SAMPLING {
            params.shift_remove(*name);
        }
    }
    params
}

/// OpenRouter takes effort in an object of its own.
fn wants_reasoning_object(endpoint: &Endpoint, credential: &Credential) -> bool {
    let is_openrouter = |text: &str| text.to_ascii_lowercase().contains("openrouter");
    is_openrouter(endpoint.name.as_str()) || is_openrouter(&credential.base_url)
}

fn messages(chat: &ChatRequest, family: Option<&Family>) -> Value {
    let mut messages = Vec::with_capacity(chat.messages.len() + 1);
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        let role = match family.map_or(SystemRole::System, |family| family.system) {
            SystemRole::System => "system",
            SystemRole::Developer => "developer",
            SystemRole::User => "user",
        };
        messages.push(json!({"role": role, "content": system}));
    }
    for message in &chat.messages {
        let content = content(message);
        // An answer that came to nothing, or to calls that were not run, has nothing to send back.
        if !content.is_empty() || message.role == Role::User {
            let role = match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            messages.push(json!({"role": role, "content": content}));
        }
    }
    Value::Array(messages)
}

/// What of a message is sent back: its text, or else the refusal that it was. Reasoning is not: several
/// providers refuse it. Calls are not: each would need a result, and none was run.
fn content(message: &RequestMessage) -> String {
    let mut text = String::new();
    let mut refusal = String::new();
    for part in &message.parts {
        text.push_str(part.text().unwrap_or_default());
        refusal.push_str(part.refusal().unwrap_or_default());
    }
    if text.is_empty() { refusal } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Part, Settings};
    use crate::config::UserIdPolicy;
    use crate::providers::testing;

    fn said(role: Role, text: &str) -> RequestMessage {
        RequestMessage { role, parts: vec![Part::Text { text: text.into() }], route: None }
    }

    fn chat(model: &str) -> ChatRequest {
        ChatRequest {
            model: model.into(),
            messages: vec![said(Role::User, "hi")],
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        }
    }

    fn made(chat: &ChatRequest, endpoint: &Endpoint) -> Value {
        body(chat, endpoint, &testing::credential("https://x.test/v1", "k"))
    }

    fn plain() -> Endpoint {
        testing::endpoint("X", "https://x.test/v1")
    }

    #[test]
    fn a_plain_request_holds_the_model_the_messages_and_the_wish_for_usage() {
        assert_eq!(
            made(&chat("m"), &plain()),
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
                   "stream_options": {"include_usage": true}})
        );
        let whole = ChatRequest { delivery: Delivery::Whole, ..chat("m") };
        assert_eq!(
            made(&whole, &plain()),
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": false})
        );
    }

    #[test]
    fn a_branch_is_sent_with_its_system_prompt_first_and_a_cut_answer_last() {
        let mut chat = chat("m");
        chat.settings.system = Some("Be brief.".into());
        chat.messages = vec![
            said(Role::User, "a"),
            RequestMessage {
                role: Role::Assistant,
                parts: vec![Part::Reasoning { text: "hm".into() }, Part::Text { text: "b".into() }],
                route: None,
            },
            said(Role::User, "c"),
            RequestMessage { role: Role::Assistant, parts: vec![], route: None },
            said(Role::User, "d"),
            said(Role::Assistant, "Once upon"),
        ];
        assert_eq!(
            made(&chat, &plain())["messages"],
            json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"},
                   {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"},
                   {"role": "user", "content": "d"}, {"role": "assistant", "content": "Once upon"}])
        );
    }

    #[test]
    fn reasoning_families_get_their_own_names_and_no_sampling() {
        let ask = |model: &str, effort: Option<&str>| {
            let mut chat = chat(model);
            chat.settings = Settings {
                system: Some("s".into()),
                temperature: Some(0.5),
                max_tokens: Some(9),
                effort: effort.map(str::to_owned),
                ..Settings::default()
            };
            let body = made(&chat, &plain());
            let names: Vec<String> = body.as_object().unwrap().keys().skip(4).cloned().collect();
            (body["messages"][0]["role"].as_str().unwrap().to_owned(), names.join(" "))
        };
        let cases = [
            ("gpt-4o", None, "system", "temperature max_tokens"),
            ("o3-mini", Some("low"), "developer", "reasoning_effort max_completion_tokens"),
            ("openai/o1", None, "developer", "max_completion_tokens"),
            ("o1-mini", None, "user", "max_completion_tokens"),
            ("gpt-5-nano", None, "developer", "max_completion_tokens"),
            ("gpt-5-chat-latest", None, "system", "temperature max_completion_tokens"),
            ("gpt-5.1", Some("none"), "developer", "temperature reasoning_effort max_completion_tokens"),
            ("gpt-5.1", Some("high"), "developer", "reasoning_effort max_completion_tokens"),
            ("olmo-2", None, "system", "temperature max_tokens"),
        ];
        for (model, effort, role, names) in cases {
            assert_eq!(ask(model, effort), (role.to_owned(), names.to_owned()), "{model} {effort:?}");
        }
    }

    #[test]
    fn parameters_are_laid_over_each_other_in_librechats_order() {
        let mut endpoint = plain();
        let object = |value: Value| value.as_object().unwrap().clone();
        endpoint.default_params = object(json!({"temperature": 1.0, "top_p": 0.9, "seed": 1}));
        endpoint.add_params = object(json!({"seed": 2, "safe": {"deep": true}, "stop": ["x"]}));
        endpoint.drop_params = vec!["stop".into(), "stream_options".into(), "absent".into()];
        endpoint.user_id = UserIdPolicy::User;
        let mut chat = ChatRequest { user: Some("ana".into()), ..chat("m") };
        chat.settings.temperature = Some(0.2);
        assert_eq!(
            made(&chat, &endpoint),
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
                   "temperature": 0.2, "top_p": 0.9, "seed": 2, "user": "ana", "safe": {"deep": true}})
        );
        endpoint.user_id = UserIdPolicy::Metadata;
        assert_eq!(made(&chat, &endpoint)["metadata"], json!({"user_id": "ana"}));
    }

    #[test]
    fn openrouter_gets_effort_in_an_object() {
        let mut chat = chat("m");
        chat.settings.effort = Some("high".into());
        let endpoint = testing::endpoint("OpenRouter", "https://x.test");
        assert_eq!(made(&chat, &endpoint)["reasoning"], json!({"effort": "high"}));
        assert_eq!(made(&chat, &plain())["reasoning_effort"], json!("high"));
    }
}
