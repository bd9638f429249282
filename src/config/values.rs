//! Single values of a checked tree: what is wrong was told, so here it is only left out.

use std::collections::HashMap;
use std::str::FromStr;
use std::time::Duration;

use super::node::Node;
use super::{
    Following, Limits, Reasoning, ReasoningBack, ReasoningFormat, StorageConfig, Timeouts, TokenConfig,
    WhichKey, WireFormat,
};
use crate::chat::Money;
use crate::chat::money::parse_decimal;
use crate::text::catalogue::LANGUAGES;

/// Every wire format, to find one by the name `api` uses.
const WIRE_FORMATS: &[WireFormat] = &[
    WireFormat::OpenaiChat,
    WireFormat::OpenaiResponses,
    WireFormat::Anthropic,
    WireFormat::Gemini,
    WireFormat::Azure,
    WireFormat::Bedrock,
    WireFormat::Ollama,
    WireFormat::Adapter,
];

pub(super) fn wire_format(node: &Node) -> Option<WireFormat> {
    let named = node.get("api").or_else(|| node.get("provider")).and_then(Node::text)?;
    WIRE_FORMATS.iter().copied().find(|format| format.name() == named)
}

pub(super) fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(ToOwned::to_owned)
}

pub(super) fn texts(node: Option<&Node>) -> Vec<String> {
    let items = node.map_or(&[][..], Node::items_or_self);
    items.iter().filter_map(Node::text).map(ToOwned::to_owned).collect()
}

/// The language that `ui` names; `None` where the environment chooses.
pub(super) fn language(ui: &Node) -> Option<&'static str> {
    let wanted = ui.get("language").and_then(Node::text)?;
    LANGUAGES.iter().map(|language| language.tag).find(|tag| *tag == wanted)
}

pub(super) fn flag(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::boolean).unwrap_or(false)
}

/// What `ui` says of reasoning.
pub(super) fn reasoning(ui: &Node) -> Reasoning {
    match ui.get("reasoning").and_then(Node::text) {
        Some("open") => Reasoning::Open,
        Some("folded") => Reasoning::Folded,
        Some(_) | None => Reasoning::Remember,
    }
}

/// What `ui` says of following answers.
pub(super) fn follow(ui: &Node) -> Following {
    match ui.get("follow").and_then(Node::text) {
        Some("beginning") => Following::Beginning,
        Some("always") => Following::Always,
        Some(_) | None => Following::Remember,
    }
}

/// How `customParams` says that effort is told.
pub(super) fn reasoning_format(custom_params: &Node) -> Option<ReasoningFormat> {
    const NAMES: &[(&str, ReasoningFormat)] = &[
        ("reasoning_effort", ReasoningFormat::Effort),
        ("reasoning_object", ReasoningFormat::Object),
        ("disabled", ReasoningFormat::Disabled),
    ];
    let named = custom_params.get("reasoningFormat").and_then(Node::text)?;
    NAMES.iter().find(|(name, _)| *name == named).map(|(_, format)| *format)
}

/// Which reasoning `customParams` wants sent back.
pub(super) fn reasoning_back(custom_params: &Node) -> Option<ReasoningBack> {
    let said = |key: &str| custom_params.get(key).and_then(Node::boolean);
    match (said("includeReasoningHistory"), said("includeReasoningContent")) {
        (Some(true), _) => Some(ReasoningBack::Always),
        (_, Some(true)) => Some(ReasoningBack::ToolTurns),
        (_, Some(false)) => Some(ReasoningBack::Never),
        (Some(false) | None, None) => None,
    }
}

/// `base` with the limits that are written.
pub(super) fn timeouts(node: Option<&Node>, base: Timeouts) -> Timeouts {
    let Some(node) = node else { return base };
    let seconds = |key: &str, otherwise: Duration| {
        node.get(key)
            .and_then(Node::number)
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .unwrap_or(otherwise)
    };
    Timeouts {
        connect: seconds("connect", base.connect),
        first_token: seconds("first_token", base.first_token),
        idle: seconds("idle", base.idle),
        total: seconds("total", base.total),
    }
}

/// What `limits` says.
pub(super) fn limits(node: Option<&Node>) -> Limits {
    let Some(node) = node else { return Limits::default() };
    Limits {
        requests_per_minute: number(node, "requests_per_minute"),
        tokens_per_minute: number(node, "tokens_per_minute"),
        parallel: number(node, "parallel"),
    }
}

/// A whole number.
pub(super) fn number<T: FromStr>(node: &Node, key: &str) -> Option<T> {
    node.get(key)?.text()?.parse().ok()
}

pub(super) fn storage(node: Option<&Node>) -> StorageConfig {
    let days = node.and_then(|node| number(node, "trash_days"));
    days.map_or_else(StorageConfig::default, |trash_days| StorageConfig { trash_days })
}

/// Two characters that show.
pub(super) fn two_letters(text: &str) -> Option<[char; 2]> {
    let letters: Vec<char> = text.chars().collect();
    let two = <[char; 2]>::try_from(letters).ok()?;
    two.iter().all(|c| !c.is_whitespace() && !c.is_control()).then_some(two)
}

pub(super) fn which_key(ui: Option<&Node>) -> WhichKey {
    let ms = ui.and_then(|ui| number(ui, "which_key_ms"));
    ms.map_or_else(WhichKey::default, |ms: u32| WhichKey(Duration::from_millis(ms.into())))
}

pub(super) fn token_config(node: Option<&Node>) -> HashMap<String, TokenConfig> {
    let money = |node: &Node, key: &str| {
        text(node, key).and_then(|text| parse_decimal(&text)).and_then(Money::from_decimal)
    };
    node.map_or(&[][..], Node::entries)
        .iter()
        .map(|entry| {
            let config = TokenConfig {
                prompt: money(&entry.value, "prompt"),
                completion: money(&entry.value, "completion"),
                context: text(&entry.value, "context").and_then(|text| text.parse().ok()),
                cache_read: money(&entry.value, "cacheRead"),
                cache_write: money(&entry.value, "cacheWrite"),
            };
            (entry.key.clone(), config)
        })
        .collect()
}
