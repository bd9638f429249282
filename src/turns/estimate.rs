//! The tokens of an attempt that nobody reported, counted here and marked so.
//!
//! A provider that ends an answer without a word on tokens is believed to have read the request and written what came.
//! One whose stream was cut, failed after it had begun, or was stopped bills what it had written all the same. What was
//! refused before anything came is billed by nobody, and stays unknown.

use crate::catalog::tokenizer::{Counter, is_o200k};
use crate::chat::{ChatRequest, End, Part, Usage, tokens};
use crate::router::Attempt;

/// What of an attempt was billed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Billed {
    /// All of it, and the provider said how much, if it says so at all.
    Whole,
    /// What had come when it ended.
    Part,
    /// Nothing.
    Nothing,
}

/// The attempt's usage with what is missing counted; `None` where nothing is missing, or nothing was billed. `before` is
/// what the answer held when the attempt began, `now` what it holds.
pub(super) async fn missing(
    request: &ChatRequest,
    before: &[Part],
    now: &[Part],
    attempt: &Attempt,
) -> Option<Usage> {
    let billed = billed(attempt, before, now);
    let is_missing = match billed {
        Billed::Nothing => false,
        Billed::Whole => attempt.usage.tokens_in.is_none() || attempt.usage.tokens_out.is_none(),
        Billed::Part => true,
    };
    if !is_missing {
        return None;
    }
    let model = attempt.model_served.as_ref().unwrap_or(&attempt.route.model).clone();
    let (request, before, now) = (request.clone(), before.to_vec(), now.to_vec());
    let loads = is_o200k(model.as_str());
    let count = move || {
        let counter = Counter::of(&model);
        let count = |text: &str| counter.count(text);
        let written = tokens::of_answer(&now, &count).saturating_sub(tokens::of_answer(&before, &count));
        Counted { read: tokens::of_request(&request, &count), written }
    };
    let counted = if loads { tokio::task::spawn_blocking(count).await.ok()? } else { count() };
    let usage = filled(attempt.usage, billed, counted);
    (usage != attempt.usage).then_some(usage)
}

/// Tokens that were counted here.
#[derive(Clone, Copy)]
struct Counted {
    read: u64,
    written: u64,
}

fn billed(attempt: &Attempt, before: &[Part], now: &[Part]) -> Billed {
    let began = before != now;
    let taken = attempt.status.is_some_and(|status| (200..300).contains(&status));
    match &attempt.end {
        End::Finished(_) => Billed::Whole,
        End::Cut(_) | End::Cancelled if taken || began => Billed::Part,
        End::Failed(_) if began => Billed::Part,
        End::Failed(_) | End::Cut(_) | End::Cancelled => Billed::Nothing,
    }
}

/// What was said, with what was counted where nothing was. Of an answer that did not come to its end, a provider may
/// have told only what it had written at the start: where what came is more than twice that, it is counted.
fn filled(said: Usage, billed: Billed, counted: Counted) -> Usage {
    let is_stale = |told: u64| billed == Billed::Part && counted.written > told.saturating_mul(2);
    Usage {
        tokens_in: said.tokens_in.or(Some(counted.read)),
        tokens_out: said.tokens_out.filter(|told| !is_stale(*told)).or(Some(counted.written)),
        estimated: said.estimated || said.tokens_in.is_none() || said.tokens_out.is_none_or(is_stale),
        ..said
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::chat::request::Delivery;
    use crate::chat::{ErrorKind, Failure, FinishReason, KeyLabel, RequestMessage, Role, Route, Settings};

    fn text(text: &str) -> Part {
        Part::Text { text: text.into() }
    }

    fn request() -> ChatRequest {
        ChatRequest {
            model: "some-model".into(),
            messages: vec![RequestMessage { role: Role::User, parts: vec![text("Hello")], route: None }],
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        }
    }

    fn attempt(end: End, status: Option<u16>, usage: Usage) -> Attempt {
        Attempt {
            number: 1,
            route: Route { endpoint: "E".into(), key: KeyLabel::default(), model: "some-model".into() },
            started: Timestamp::UNIX_EPOCH,
            latency: Duration::ZERO,
            ttft: None,
            status,
            end,
            usage,
            model_served: None,
        }
    }

    fn told(tokens_in: Option<u64>, tokens_out: Option<u64>) -> Usage {
        Usage { tokens_in, tokens_out, ..Usage::default() }
    }

    fn counted(tokens_in: u64, tokens_out: u64) -> Option<Usage> {
        Some(Usage { estimated: true, ..told(Some(tokens_in), Some(tokens_out)) })
    }

    /// The request has 8 tokens (its word, who speaks, the beginning of the answer), each word written one.
    #[tokio::test]
    async fn what_was_billed_and_not_reported_is_counted_and_marked() {
        let failure = || Failure::new(ErrorKind::Cut, "");
        let (stop, cut, failed) =
            (End::Finished(FinishReason::Stop), End::Cut(failure()), End::Failed(failure()));
        let words = "a b c d e f";
        for (what, end, status, usage, now, expected) in [
            ("nothing reported", &stop, Some(200), told(None, None), words, counted(8, 6)),
            ("all reported", &stop, Some(200), told(Some(9), Some(2)), words, None),
            ("zero reported", &stop, Some(200), told(Some(0), Some(0)), words, None),
            ("half reported", &stop, Some(200), told(Some(9), None), words, counted(9, 6)),
            ("cut", &cut, Some(200), told(None, None), words, counted(8, 6)),
            ("cut, the start told", &cut, Some(200), told(Some(9), Some(1)), words, counted(9, 6)),
            ("cut, told as it went", &cut, Some(200), told(Some(9), Some(5)), words, None),
            ("stopped at once", &End::Cancelled, Some(200), told(None, None), "", counted(8, 0)),
            ("stopped before an answer", &End::Cancelled, None, told(None, None), "", None),
            ("failed on the way", &failed, Some(200), told(None, None), words, counted(8, 6)),
            ("refused", &failed, Some(429), told(None, None), "", None),
            ("failed under 200", &failed, Some(200), told(None, None), "", None),
        ] {
            let parts: Vec<Part> = if now.is_empty() { Vec::new() } else { vec![text(now)] };
            let attempt = attempt(end.clone(), status, usage);
            assert_eq!(missing(&request(), &[], &parts, &attempt).await, expected, "{what}");
        }
    }

    #[tokio::test]
    async fn of_a_continued_answer_only_what_was_added_counts() {
        let attempt = attempt(End::Finished(FinishReason::Stop), Some(200), Usage::default());
        let usage = missing(&request(), &[text("a b c")], &[text("a b c d")], &attempt).await;
        assert_eq!(usage, counted(8, 1));
    }
}
