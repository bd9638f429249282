//! `budgets`: what may be spent in a day, a week or a month, of what, and from when on that is told or refused.
//!
//! Plain data. What a budget holds of an event and how much of it is spent is told by `telemetry::budget`.

use super::Location;
use super::build::Builder;
use super::node::Node;
use super::schema::{Field, Kind, name, required, used};
use super::values::text;
use crate::chat::{ConversationId, EndpointName, KeyLabel, ModelId, Money};
use crate::t;

/// A limit on what is spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// What it is called where it is told of.
    pub name: String,
    /// After what time it begins again.
    pub per: Period,
    /// Only what this endpoint was asked.
    pub endpoint: Option<EndpointName>,
    /// Only what was asked with the key of this label.
    pub key: Option<KeyLabel>,
    /// Only what this model was asked.
    pub model: Option<ModelId>,
    /// Only what this user asked.
    pub user: Option<String>,
    /// Only what was asked in this conversation.
    pub conversation: Option<ConversationId>,
    /// Whether each of these has the whole amount for itself; `None` is one amount for all.
    pub each: Option<Each>,
    /// In euros: from here on it is told how much is spent.
    pub soft: Option<Money>,
    /// In euros: from here on nothing more is sent.
    pub hard: Option<Money>,
    /// Where it is configured.
    pub at: Location,
}

/// A time on the calendar of the person's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From midnight.
    Day,
    /// From midnight before Monday.
    Week,
    /// From midnight before the first.
    Month,
}

/// What may have a budget each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Each {
    /// An endpoint.
    Endpoint,
    /// A key of an endpoint.
    Key,
    /// A model, wherever it is asked.
    Model,
    /// A conversation; what is not kept is one together.
    Conversation,
    /// A user.
    User,
}

impl Period {
    /// The word for it in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

impl Each {
    const ALL: [Self; 5] = [Self::Endpoint, Self::Key, Self::Model, Self::Conversation, Self::User];

    /// The word for it in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Key => "key",
            Self::Model => "model",
            Self::Conversation => "conversation",
            Self::User => "user",
        }
    }
}

/// The keys of a budget.
pub(super) const BUDGET: &[Field] = &[
    name("name"),
    required("per", Kind::OneOf(&["day", "week", "month"])),
    used("endpoint", Kind::Text),
    used("key", Kind::Text),
    used("model", Kind::Text),
    used("user", Kind::Text),
    used("conversation", Kind::Text),
    used("each", Kind::OneOf(&["endpoint", "key", "model", "conversation", "user"])),
    used("soft", Kind::Amount),
    used("hard", Kind::Amount),
];

impl Builder<'_> {
    /// `budgets` of a checked tree.
    pub(super) fn budgets(&mut self, root: &Node) -> Vec<Budget> {
        let items = root.get("budgets").map_or(&[][..], Node::items);
        items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.budget(item, &format!("budgets[{index}]")))
            .collect()
    }

    fn budget(&mut self, item: &Node, path: &str) -> Option<Budget> {
        let amount = |key: &str| text(item, key).and_then(|text| text.parse::<Money>().ok());
        let (soft, hard) = (amount("soft"), amount("hard"));
        if soft.is_none() && hard.is_none() {
            self.slip(item.at, path, t!("config-budget-without-limit").into_string());
        }
        if soft.zip(hard).is_some_and(|(soft, hard)| soft > hard) {
            self.slip(item.at, path, t!("config-budget-soft-above-hard").into_string());
        }
        let per = match text(item, "per").as_deref() {
            Some("day") => Period::Day,
            Some("week") => Period::Week,
            // What else may be written was checked before.
            Some(_) | None => Period::Month,
        };
        let each =
            text(item, "each").and_then(|each| Each::ALL.into_iter().find(|known| known.name() == each));
        let conversation = match self.filled(item.get("conversation")) {
            None => None,
            Some(id) => {
                let Ok(id) = id.parse() else {
                    self.slip(item.at, path, t!("config-budget-conversation", id = id).into_string());
                    return None;
                };
                Some(ConversationId(id))
            }
        };
        Some(Budget {
            name: self.filled(item.get("name"))?,
            per,
            endpoint: self.filled(item.get("endpoint")).map(EndpointName::from),
            key: self.filled(item.get("key")).map(KeyLabel::from),
            model: self.filled(item.get("model")).map(ModelId::from),
            user: self.filled(item.get("user")),
            conversation,
            each,
            soft,
            hard,
            at: self.locate(item.at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{errors, load_yaml};
    use super::*;

    #[test]
    fn a_budget_says_of_what_how_much_and_for_how_long() {
        let yaml = "budgets:\n  - {name: all, per: month, soft: 40, hard: 50.5}\n  - {name: work, per: day, endpoint: openAI, key: work, model: gpt-4o, user: ana, conversation: 00000000-0000-0000-0000-000000000007, each: conversation, hard: 0}\n";
        let found = load_yaml(yaml, &[]).unwrap().config.budgets;
        let money = |text: &str| text.parse::<Money>().ok();
        let all = Budget {
            name: "all".into(),
            per: Period::Month,
            endpoint: None,
            key: None,
            model: None,
            user: None,
            conversation: None,
            each: None,
            soft: money("40"),
            hard: money("50.5"),
            at: found[0].at.clone(),
        };
        let work = Budget {
            name: "work".into(),
            per: Period::Day,
            endpoint: Some("openAI".into()),
            key: Some("work".into()),
            model: Some("gpt-4o".into()),
            user: Some("ana".into()),
            conversation: Some(ConversationId(uuid::Uuid::from_u128(7))),
            each: Some(Each::Conversation),
            soft: None,
            hard: money("0"),
            at: found[1].at.clone(),
        };
        assert_eq!(found, [all, work]);
        assert_eq!(load_yaml("{}", &[]).unwrap().config.budgets, []);
    }

    #[test]
    fn a_budget_needs_a_limit_and_warns_before_it_refuses() {
        for (yaml, said) in [
            (
                "budgets: [{name: a, per: day}]\n",
                "loquat.yaml:1:11: error: a budget needs `soft`, `hard` or both, in euros [budgets[0]]",
            ),
            (
                "budgets: [{name: a, per: day, soft: 2, hard: 1}]\n",
                "loquat.yaml:1:11: error: `soft` has to come before `hard`: it is the larger of the two [budgets[0]]",
            ),
        ] {
            assert_eq!(errors(yaml).lines().next(), Some(said));
        }
        for wrong in [
            "budgets: [{per: day, hard: 1}]\n",
            "budgets: [{name: a, hard: 1}]\n",
            "budgets: [{name: a, per: year, hard: 1}]\n",
        ] {
            assert!(!errors(wrong).is_empty(), "{wrong}");
        }
    }
}
