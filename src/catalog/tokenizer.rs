//! Counting tokens as a model does, where its vocabulary is public and a maintained crate has it.
//!
//! That is so of OpenAI's o200k: GPT-4o and later, the o models, gpt-oss. Anthropic and Google publish none, and of
//! the open models' no crate brings the vocabularies along. Loading the table takes about a quarter of a second and
//! tens of megabytes, so it is loaded when something has to be counted, which is seldom, and let go afterwards.

use crate::chat::ModelId;
use crate::chat::tokens::estimate;

/// Counts the tokens of texts.
pub enum Counter {
    /// With the model's own vocabulary.
    #[cfg(feature = "tokenizer")]
    Exact(Box<tiktoken_rs::CoreBPE>),
    /// By the rule of [`estimate`].
    Rule,
}

/// How the ids of models with the o200k vocabulary begin, a seller's prefix left out.
const O200K: &[&str] =
    &["gpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "gpt-6", "gpt-oss", "chatgpt-4o", "o1", "o3", "o4"];

impl Counter {
    /// The best counter for a model. It may take a quarter of a second: not for the thread that draws.
    pub fn of(model: &ModelId) -> Self {
        if is_o200k(model.as_str()) { Self::o200k() } else { Self::Rule }
    }

    #[cfg(feature = "tokenizer")]
    fn o200k() -> Self {
        tiktoken_rs::o200k_base().map_or(Self::Rule, |table| Self::Exact(Box::new(table)))
    }

    #[cfg(not(feature = "tokenizer"))]
    const fn o200k() -> Self {
        Self::Rule
    }

    /// How many tokens a text has.
    pub fn count(&self, text: &str) -> u64 {
        match self {
            #[cfg(feature = "tokenizer")]
            Self::Exact(table) => pieces(text)
                .map(|piece| u64::try_from(table.encode_ordinary(piece).len()).unwrap_or(u64::MAX))
                .sum(),
            Self::Rule => estimate(text),
        }
    }
}

/// The most bytes that are counted at once: the expression that splits text gives up on a blank run without end. A seam
/// costs a token at most.
#[cfg(feature = "tokenizer")]
const PIECE: usize = 4096;

#[cfg(feature = "tokenizer")]
fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (piece, rest) = text.split_at(text.floor_char_boundary(PIECE));
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Whether a model has a vocabulary to count with: then [`Counter::of`] takes its time.
pub fn is_o200k(id: &str) -> bool {
    let id = id.rsplit('/').next().unwrap_or(id);
    let id = id.strip_prefix("ft:").unwrap_or(id);
    let id = id.strip_prefix("openai.").unwrap_or(id);
    O200K
        .iter()
        .any(|start| id.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_with_a_public_vocabulary_are_known_by_their_ids() {
        for (id, known) in [
            ("gpt-4o-mini", true),
            ("openai/gpt-5.6-luna", true),
            ("ft:gpt-4.1-2025-04-14:acme::x", true),
            ("o3", true),
            ("o1-preview", true),
            ("openai/gpt-oss-120b", true),
            ("chatgpt-4o-latest", true),
            ("gpt-4", false),
            ("gpt-3.5-turbo", false),
            ("o365-helper", false),
            ("claude-opus-4-5", false),
            ("gemini-2.5-pro", false),
        ] {
            assert_eq!(is_o200k(id), known, "{id}");
        }
    }

    #[cfg(feature = "tokenizer")]
    #[test]
    fn the_vocabulary_counts_as_openai_does_and_the_rule_comes_near_it() {
        let exact = Counter::of(&"gpt-4o".into());
        assert_eq!(exact.count("tiktoken is great!"), 6);
        let long = exact.count(&"word ".repeat(10_000));
        assert!((10_000..10_100).contains(&long), "{long}");
        assert!(exact.count(&" ".repeat(100_000)) > 0);
        // Special tokens that a text spells out are text.
        assert!(exact.count("<|endoftext|>") > 1);
        for text in [
            "The program writes every answer to disk as it comes, so that a crash loses a quarter of a second at most.",
            "pub fn count(&self, text: &str) -> u64 {\n    match self {\n        Self::Rule => estimate(text),\n    }\n}\n",
            "Die Rechnung für den vergangenen Monat wurde heute verschickt; bitte prüfen Sie, ob alle Beträge stimmen.",
            "Вчера мы обсуждали, как лучше хранить историю разговоров, чтобы ни одно сообщение не потерялось.",
            "这个程序可以同时与多个模型对话，每条消息都会保存在本地数据库中，用户可以随时查看花费了多少钱。",
            "このプログラムは複数のモデルと同時に会話でき、すべてのメッセージはローカルに保存されます。",
        ] {
            let (counted, estimated) = (exact.count(text), estimate(text));
            let off = estimated.abs_diff(counted) * 100 / counted;
            assert!(off <= 20, "{estimated} for {counted}: {text}");
        }
    }
}
