//! Presets: named places to send to, and settings to send with.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::settings::{RESERVED_PARAMS, Settings};
use super::{EndpointName, KeyLabel, ModelId};

/// A preset. What it leaves out stays as it is when the preset is chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preset {
    /// Its name. Untrusted text.
    pub name: String,
    /// Endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<EndpointName>,
    /// Model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelId>,
    /// Key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyLabel>,
    /// Settings.
    pub settings: Settings,
    /// Whether new conversations begin with it.
    pub is_default: bool,
    /// Its place among the others: small numbers first, those without one last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
}

/// Parameters of LibreChat's presets that go into requests, and the names they have there.
const PARAMS: &[(&str, &str)] = &[
    ("top_p", "top_p"),
    ("topP", "top_p"),
    ("top_k", "top_k"),
    ("topK", "top_k"),
    ("frequency_penalty", "frequency_penalty"),
    ("presence_penalty", "presence_penalty"),
    ("stop", "stop"),
    ("seed", "seed"),
    ("verbosity", "verbosity"),
    ("num_ctx", "num_ctx"),
    ("num_predict", "num_predict"),
    ("repeat_penalty", "repeat_penalty"),
];

impl Preset {
    /// A preset as LibreChat has it: what its `modelSpecs` call `preset`. What is of no use here is left out; an
    /// empty value is none.
    pub fn from_librechat(name: &str, fields: &Map<String, Value>) -> Self {
        let text = |key: &str| {
            fields.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
        };
        let first = |keys: &[&str]| keys.iter().find_map(|key| text(key));
        let params = PARAMS.iter().filter_map(|(key, sent)| {
            let value = fields.get(*key).filter(|value| !value.is_null() && value.as_str() != Some(""))?;
            Some(((*sent).to_owned(), value.clone()))
        });
        let settings = Settings {
            system: text("promptPrefix"),
            temperature: fields.get("temperature").and_then(Value::as_f64),
            max_tokens: ["max_tokens", "maxOutputTokens", "maxTokens"]
                .iter()
                .find_map(|key| fields.get(*key).and_then(Value::as_u64)),
            effort: first(&["reasoning_effort", "effort"]),
            params: params.collect(),
        };
        Self {
            name: name.to_owned(),
            endpoint: text("endpoint").map(EndpointName::from),
            model: text("model").map(ModelId::from),
            settings,
            ..Self::default()
        }
    }
}

/// Settings from parameters by the names that requests have for them.
pub fn settings(system: Option<String>, mut params: Map<String, Value>) -> Settings {
    for reserved in RESERVED_PARAMS {
        params.shift_remove(reserved);
    }
    let mut take = |key: &str| params.shift_remove(key);
    let temperature = take("temperature").and_then(|value| value.as_f64());
    let max_tokens = take("max_tokens").and_then(|value| value.as_u64());
    let effort = take("effort").and_then(|value| value.as_str().map(ToOwned::to_owned));
    Settings { system, temperature, max_tokens, effort, params }
}

/// The configured presets and a person's own, in their order. One that is configured hides another of its name.
pub fn all(configured: &[Preset], own: &[Preset]) -> Vec<Preset> {
    let hidden = |preset: &Preset| configured.iter().any(|other| other.name == preset.name);
    let mut all = configured.to_vec();
    all.extend(own.iter().filter(|preset| !hidden(preset)).cloned());
    all.sort_by_key(|preset| preset.order.unwrap_or(u64::MAX));
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_preset_of_librechat_is_read_with_what_requests_take() {
        let fields = json!({
            "endpoint": "Mistral", "model": "mistral-tiny", "promptPrefix": "Be brief.", "temperature": 0.5,
            "topP": 0.9, "maxOutputTokens": 100, "reasoning_effort": "", "iconURL": "x", "stop": ["a"],
        });
        let settings = Settings {
            system: Some("Be brief.".into()),
            temperature: Some(0.5),
            max_tokens: Some(100),
            effort: None,
            params: json!({"top_p": 0.9, "stop": ["a"]}).as_object().cloned().unwrap_or_default(),
        };
        let expected = Preset {
            name: "Short".into(),
            endpoint: Some("Mistral".into()),
            model: Some("mistral-tiny".into()),
            settings,
            ..Preset::default()
        };
        assert_eq!(Preset::from_librechat("Short", fields.as_object().unwrap()), expected);
    }

    #[test]
    fn configured_presets_hide_own_ones_and_all_stand_in_their_order() {
        let preset = |name: &str, order| Preset { name: name.into(), order, ..Preset::default() };
        let configured = [preset("b", None), preset("a", Some(2))];
        let own = [preset("a", Some(0)), preset("first", Some(1))];
        let names: Vec<String> = all(&configured, &own).into_iter().map(|preset| preset.name).collect();
        assert_eq!(names, ["first", "a", "b"]);
    }
}
