//! How many tokens something has, about.
//!
//! Nobody but the provider counts its tokens. The usual ones hold about four bytes of text; what media weigh is each
//! provider's own affair, and reasoning goes back to few of them: neither is counted. A text's length is known without
//! reading it, so that the weight of ten thousand messages is a sum of ten thousand numbers.

use super::{ChatRequest, Message, Part, Settings, Summary};

/// A token of the usual models is about so many bytes of text.
pub const BYTES_A_TOKEN: usize = 4;

/// A message takes a few tokens to tell who speaks.
const SPEAKER: u64 = 4;

/// The tokens of a message of so many bytes, about.
pub fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(BYTES_A_TOKEN)).unwrap_or(u64::MAX).saturating_add(SPEAKER)
}

fn bytes(parts: &[Part]) -> usize {
    let bytes = parts.iter().map(|part| match part {
        Part::Text { text } | Part::Refusal { text } => text.len(),
        Part::ToolCall(call) => call.name.len() + call.arguments.len(),
        Part::ToolResult(result) => result.content.len(),
        // A summary is told at the beginning of a request, and counted there.
        Part::Summary(_)
        | Part::Reasoning { .. }
        | Part::Image(_)
        | Part::Document(_)
        | Part::Source(_)
        | Part::ServerTool(_)
        | Part::State(_) => 0,
    });
    bytes.sum()
}

impl Message {
    /// How many tokens it has in a request, about; without its summary.
    pub fn weight(&self) -> u64 {
        tokens(bytes(&self.parts))
    }
}

impl Summary {
    /// How many tokens it has in a request, about.
    pub fn weight(&self) -> u64 {
        tokens(self.told().len())
    }
}

impl ChatRequest {
    /// How many tokens it has, about, with the most that its answer may have where that is set.
    pub fn weight(&self) -> u64 {
        let system = self.settings.system.as_ref().filter(|system| !system.trim().is_empty());
        let system = system.map_or(0, |system| tokens(system.len()));
        let messages: u64 = self.messages.iter().map(|message| tokens(bytes(&message.parts))).sum();
        system.saturating_add(messages).saturating_add(self.settings.most_out())
    }
}

/// Parameters that bound an answer, in the words of the providers.
const BOUNDS: [&str; 5] =
    ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "num_predict"];

impl Settings {
    /// The most tokens that an answer may have; 0 where that is not set.
    pub fn most_out(&self) -> u64 {
        let told = || BOUNDS.iter().find_map(|name| self.params.get(*name)?.as_u64());
        self.max_tokens.or_else(told).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::request::Delivery;
    use crate::chat::{RequestMessage, Role};

    #[test]
    fn a_request_weighs_what_it_tells_and_what_its_answer_may_have() {
        let text = |text: &str| vec![Part::Text { text: text.into() }];
        let said = |role, parts| RequestMessage { role, parts, route: None };
        let mut request = ChatRequest {
            model: "m".into(),
            messages: vec![said(Role::User, text("one two three")), said(Role::Assistant, text("four"))],
            settings: Settings { system: Some("be brief".into()), ..Settings::default() },
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        };
        assert_eq!(request.weight(), 6 + 8 + 5);
        request.settings.params.insert("max_completion_tokens".into(), 100.into());
        assert_eq!(request.weight(), 119);
        request.settings.max_tokens = Some(1000);
        assert_eq!(request.weight(), 1019);
    }
}
