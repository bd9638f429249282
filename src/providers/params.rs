//! Parameters: whose word wins, and where a body has them.
//!
//! LibreChat's order, which people's files rely on: what the person set, then the endpoint's defaults for what
//! is unset, then `addParams` overwrites, then `dropParams` takes away. A format whose body has a parameter
//! under another name or deeper inside says so in a table of [`Row`]s; what no row names goes to the body's top
//! level as it is, because a provider's novelty must be usable without a new release.

use serde_json::{Map, Value};

use crate::chat::ChatRequest;
use crate::config::{Endpoint, UserIdPolicy};

/// Where a format's body has a parameter.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The names that people and LibreChat's files have for it.
    pub names: &'static [&'static str],
    /// The keys that lead to it from the body's top level.
    pub path: &'static [&'static str],
}

/// Parameters that a request can do without, by the names that errors have for them.
const OPTIONAL: &[&str] = &[
    "temperature",
    "top_p",
    "top_k",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "n",
    "stop",
    "seed",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "reasoning_effort",
    "reasoning",
    "reasoning.effort",
    "reasoning.summary",
    "verbosity",
    "text.verbosity",
    "parallel_tool_calls",
    "stream_options",
    "include",
    "store",
    "user",
    "metadata",
];

/// Whether a request can do without this parameter.
pub fn is_optional(name: &str) -> bool {
    OPTIONAL.contains(&name)
}

/// What was set for a request: the person's settings, and below them the endpoint's defaults. The effort is not
/// among them, see [`effort`].
pub fn asked(chat: &ChatRequest, endpoint: &Endpoint) -> Map<String, Value> {
    let settings = &chat.settings;
    let mut params = Map::new();
    if let Some(temperature) = settings.temperature {
        params.insert("temperature".into(), temperature.into());
    }
    if let Some(most) = settings.max_tokens {
        params.insert("max_tokens".into(), most.into());
    }
    for (name, value) in &settings.params {
        params.insert(name.clone(), value.clone());
    }
    for (name, value) in &endpoint.default_params {
        params.entry(name.clone()).or_insert_with(|| value.clone());
    }
    params
}

/// The reasoning effort that is asked for, taken out of the parameters: the person's setting, else a parameter of
/// one of the names it has.
pub fn effort(chat: &ChatRequest, params: &mut Map<String, Value>) -> Option<String> {
    let set = chat.settings.effort.clone().filter(|effort| !effort.is_empty());
    let told =
        ["reasoning_effort", "effort"].map(|name| params.shift_remove(name)).into_iter().flatten().next();
    set.or_else(|| told?.as_str().filter(|effort| !effort.is_empty()).map(str::to_owned))
}

/// Puts parameters where `rows` say. Of two names for one thing the earlier stands: the person's come first.
pub fn lay(params: Map<String, Value>, rows: &[Row], body: &mut Map<String, Value>) {
    let mut laid: Vec<&[&str]> = Vec::new();
    for (name, value) in params {
        let row = rows.iter().find(|row| row.names.contains(&&*name));
        match row {
            Some(row) if laid.contains(&row.path) => {}
            Some(row) => {
                put(body, row.path, value);
                laid.push(row.path);
            }
            None => put(body, &[&name], value),
        }
    }
}

/// The endpoint's last word: `addParams`, then `dropParams`. Both may use any name that a row has.
pub fn amend(endpoint: &Endpoint, rows: &[Row], body: &mut Map<String, Value>) {
    amend_but(endpoint, rows, |_, _| false, body);
}

/// The same, without what of `addParams` has been read in another way.
pub fn amend_but(
    endpoint: &Endpoint,
    rows: &[Row],
    is_read: fn(&str, &Value) -> bool,
    body: &mut Map<String, Value>,
) {
    for (name, value) in endpoint.add_params.iter().filter(|(name, value)| !is_read(name, value)) {
        put(body, &path_of(name, rows), value.clone());
    }
    for name in &endpoint.drop_params {
        take(body, &path_of(name, rows));
    }
}

/// Who the endpoint is told is asking, where it is configured to be told.
pub fn user(chat: &ChatRequest, endpoint: &Endpoint) -> Option<(&'static str, Value)> {
    let user = chat.user.as_deref()?;
    match endpoint.user_id {
        UserIdPolicy::None => None,
        UserIdPolicy::User => Some(("user", user.into())),
        UserIdPolicy::Metadata => Some(("metadata", serde_json::json!({"user_id": user}))),
    }
}

fn path_of<'a>(name: &'a str, rows: &[Row]) -> Vec<&'a str> {
    rows.iter().find(|row| row.names.contains(&name)).map_or_else(|| vec![name], |row| row.path.to_vec())
}

/// Puts a value; an object is laid over one that is there already.
pub fn put(body: &mut Map<String, Value>, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if !rest.is_empty() {
        let inner = body.entry(*first).or_insert_with(|| Value::Object(Map::new()));
        if !inner.is_object() {
            *inner = Value::Object(Map::new());
        }
        if let Value::Object(inner) = inner {
            put(inner, rest, value);
        }
        return;
    }
    match (body.get_mut(*first), value) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            for (key, value) in new {
                put(old, &[&key], value);
            }
        }
        (_, value) => {
            body.insert((*first).to_owned(), value);
        }
    }
}

fn take(body: &mut Map<String, Value>, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        body.shift_remove(*first);
        return;
    }
    if let Some(Value::Object(inner)) = body.get_mut(*first) {
        take(inner, rest);
        if inner.is_empty() {
            body.shift_remove(*first);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::Settings;
    use crate::chat::request::Delivery;
    use crate::providers::testing;

    const ROWS: &[Row] = &[
        Row { names: &["top_p", "topP"], path: &["config", "topP"] },
        Row { names: &["temperature"], path: &["config", "temperature"] },
    ];

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn chat(settings: Settings) -> ChatRequest {
        ChatRequest {
            model: "m".into(),
            messages: Vec::new(),
            settings,
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        }
    }

    #[test]
    fn every_word_is_laid_over_the_one_before_it_wherever_the_body_has_it() {
        let mut endpoint = testing::endpoint("X", "https://x.test");
        endpoint.default_params = object(json!({"temperature": 1.0, "topP": 0.9, "seed": 1}));
        endpoint.add_params = object(json!({"config": {"deep": true}, "seed": 2, "top_p": 0.5}));
        endpoint.drop_params = vec!["temperature".into(), "absent".into()];
        let chat = chat(Settings { temperature: Some(0.2), ..Settings::default() });
        let mut body = Map::new();
        lay(asked(&chat, &endpoint), ROWS, &mut body);
        assert_eq!(body, object(json!({"config": {"temperature": 0.2, "topP": 0.9}, "seed": 1})));
        amend(&endpoint, ROWS, &mut body);
        assert_eq!(body, object(json!({"config": {"topP": 0.5, "deep": true}, "seed": 2})));
    }

    #[test]
    fn a_default_under_another_name_does_not_overwrite_what_the_person_set() {
        let mut endpoint = testing::endpoint("X", "https://x.test");
        endpoint.default_params = object(json!({"topP": 0.9}));
        let chat = chat(Settings { params: object(json!({"top_p": 0.1})), ..Settings::default() });
        let mut body = Map::new();
        lay(asked(&chat, &endpoint), ROWS, &mut body);
        assert_eq!(body, object(json!({"config": {"topP": 0.1}})));
    }

    #[test]
    fn dropping_the_last_parameter_of_an_object_drops_the_object() {
        let mut endpoint = testing::endpoint("X", "https://x.test");
        endpoint.drop_params = vec!["top_p".into()];
        let mut body = object(json!({"model": "m", "config": {"topP": 1}}));
        amend(&endpoint, ROWS, &mut body);
        assert_eq!(body, object(json!({"model": "m"})));
    }

    #[test]
    fn the_persons_effort_wins_over_a_parameter_and_leaves_none_behind() {
        let mut params = object(json!({"reasoning_effort": "low", "effort": "medium", "x": 1}));
        let set = chat(Settings { effort: Some("high".into()), ..Settings::default() });
        assert_eq!(effort(&set, &mut params.clone()), Some("high".into()));
        assert_eq!(effort(&chat(Settings::default()), &mut params), Some("low".into()));
        assert_eq!(params, object(json!({"x": 1})));
    }
}
