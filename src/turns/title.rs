//! Titles: made by a model where the endpoint says so, else from the first words.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Listener, TurnEvent, TurnRequest, Turns, Wishes};
use crate::chat::request::Delivery;
use crate::chat::{
    ChatRequest, ConversationId, KeyLabel, Message, MessageId, Part, RequestMessage, Role, Route, Settings,
    Status, TurnId,
};
use crate::config::TitleModel;
use crate::storage::Standing;
use crate::telemetry::{Allowance, Mode};
use crate::text::{Safe, sanitise, sanitise_line, width};

/// The longest title, in cells.
const LONGEST: usize = 60;
/// How much of the prompt and of the answer the title model is shown, in characters.
const EXCERPT: usize = 2_000;

const PROMPT: &str = "Give this conversation a title of at most five words, in the language it is held in. \
                      Answer with the title alone, without quotes or a full stop.\n\n{convo}";
const TEMPLATE: &str = "User: {input}\nAI: {output}";

/// A title from the first words of a prompt: one line, cut at a word where it is too long.
pub fn from_words(prompt: &str) -> Safe {
    let line = sanitise(prompt).split_whitespace().collect::<Vec<_>>().join(" ");
    let line = sanitise(&line);
    if width::width(&line) <= LONGEST {
        return line;
    }
    let cut = width::truncate(&line, LONGEST);
    match cut.rfind(' ').filter(|&at| at > cut.len() / 2).and_then(|at| cut.slice(0..at)) {
        Some(mut words) => {
            words.push(&sanitise("…"));
            words
        }
        None => cut,
    }
}

/// A model's answer as a title: its first line that is not reasoning, without quotes and marks around it.
pub fn from_answer(answer: &str) -> Option<Safe> {
    let text = answer.rsplit("</think>").next().unwrap_or(answer);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let line = line.trim_start_matches(['#', ' ']);
    let line = line.strip_prefix("Title:").unwrap_or(line);
    let line = line.trim_matches(|c: char| c.is_whitespace() || "\"'“”„«»*_`.".contains(c));
    let title = width::truncate(&sanitise_line(line), LONGEST);
    (!title.is_empty()).then_some(title)
}

/// What a title is made of.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// Where the turn went.
    pub route: &'a Route,
    /// What the person said.
    pub prompt: &'a str,
    /// What was answered.
    pub answer: &'a str,
}

struct Silent;

impl Listener for Silent {
    async fn hear(&mut self, _: TurnEvent) {}
}

impl Turns {
    /// Asks the title model of a route's endpoint for a title of an exchange. `None` where the endpoint makes
    /// no titles, or the model gave none. Nothing but the request event is stored.
    pub async fn title(
        &self,
        conversation: ConversationId,
        exchange: Exchange<'_>,
        wishes: Wishes,
    ) -> Option<Safe> {
        let Exchange { route, prompt, answer } = exchange;
        let endpoint =
            self.config.endpoint(route.endpoint.as_str()).filter(|endpoint| endpoint.title.enabled)?;
        let words = endpoint
            .title
            .prompt_template
            .as_deref()
            .unwrap_or(TEMPLATE)
            .replace("{input}", &excerpt(prompt))
            .replace("{output}", &excerpt(answer));
        let ask = endpoint.title.prompt.as_deref().unwrap_or(PROMPT).replace("{convo}", &words);
        let elsewhere = endpoint.title.endpoint.as_ref();
        let route = Route {
            endpoint: elsewhere.unwrap_or(&route.endpoint).clone(),
            key: if elsewhere.is_some() { KeyLabel::default() } else { route.key.clone() },
            model: match &endpoint.title.model {
                TitleModel::Current => route.model.clone(),
                TitleModel::Named(model) => model.clone(),
            },
        };
        let request = ChatRequest {
            model: route.model.clone(),
            messages: vec![RequestMessage {
                role: Role::User,
                parts: vec![Part::Text { text: ask }],
                route: None,
            }],
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Whole,
            user: None,
        };
        let turn = TurnRequest {
            turn: TurnId(Uuid::now_v7()),
            conversation,
            create: None,
            user: None,
            answer: Box::new(Message {
                id: MessageId(Uuid::now_v7()),
                parent: None,
                role: Role::Assistant,
                parts: Vec::new(),
                status: Status::Streaming,
                route: Some(route.clone()),
                provenance: None,
                created: Timestamp::now(),
            }),
            route,
            request,
            mode: Mode::Title,
            standing: Standing::Chosen,
            allowance: Allowance::Kept,
        };
        let unstored = Self { storage: None, ..self.clone() };
        let message = unstored.run(turn, None, wishes, &mut Silent).await;
        (message.status == Status::Complete).then(|| from_answer(&message.text())).flatten()
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_are_cut_at_a_word() {
        assert_eq!(
            from_words("  Why does\nthe borrow checker\treject this?  "),
            "Why does the borrow checker reject this?"
        );
        assert_eq!(
            from_words("one two three four five six seven eight nine ten eleven twelve thirteen fourteen"),
            "one two three four five six seven eight nine ten eleven…"
        );
        assert_eq!(width::width(&from_words(&"長".repeat(50))), 59);
    }

    #[test]
    fn a_models_title_loses_its_wrapping() {
        for (answer, title) in [
            ("\"Rust Lifetimes Explained.\"", Some("Rust Lifetimes Explained")),
            ("<think>hm\nhm</think>\n\n**Title: Borrow Checker**", Some("Title: Borrow Checker")),
            ("# A heading\nmore", Some("A heading")),
            ("Title: Plain", Some("Plain")),
            ("  \n ", None),
        ] {
            assert_eq!(from_answer(answer).as_deref(), title, "{answer:?}");
        }
    }
}
