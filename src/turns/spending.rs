//! What a turn may spend: asked before each of its requests, reserved while it runs, told in words.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, Zoned};
use tokio::time::Instant;

use super::{TurnRequest, Turns};
use crate::chat::forecast::USUAL_ANSWER;
use crate::chat::{ConversationId, ErrorKind, Failure, Money, Route, Usage};
use crate::config::{Each, Period};
use crate::router::Gate;
use crate::t;
use crate::telemetry::budget::holds;
use crate::telemetry::{Admission, Allowance, Granted, Hold, Level, Standing, Subject, Till, Want};
use crate::text::{Safe, sanitise, sanitise_line};

/// The budgets of a turn.
pub(super) struct Spending {
    turns: Turns,
    till: Till,
    conversation: Option<ConversationId>,
    allowance: Allowance,
    /// What it will use, about.
    usage: Usage,
    until: Timestamp,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What is reserved for the route that is asked.
    hold: Option<Hold>,
    /// What was asked last.
    subject: Option<Subject>,
    found: Vec<Standing>,
    over: Vec<String>,
}

impl Spending {
    /// Those of a turn; `None` where there are no budgets, so that nothing is looked at.
    pub fn of(turns: &Turns, turn: &TurnRequest, deadline: Instant) -> Option<Arc<Self>> {
        if turns.config.budgets.is_empty() {
            return None;
        }
        let most_out = turn.request.settings.most_out();
        let usage = Usage {
            tokens_in: Some(turn.request.weight().saturating_sub(most_out)),
            tokens_out: Some(if most_out > 0 { most_out } else { USUAL_ANSWER }),
            ..Usage::default()
        };
        let now = Timestamp::now();
        Some(Arc::new(Self {
            till: Till::of(&turns.log.clone().with_archive(turns.config.telemetry.archive())),
            conversation: super::ledger::conversation(turns, turn),
            allowance: turn.allowance,
            usage,
            until: now.checked_add(deadline.saturating_duration_since(Instant::now())).unwrap_or(now),
            state: Mutex::default(),
            turns: turns.clone(),
        }))
    }

    /// How the budgets stood before the turn was sent.
    pub fn found(&self) -> Vec<Standing> {
        self.state().found.clone()
    }

    /// The spent budgets that it went over.
    pub fn over(&self) -> Vec<String> {
        self.state().over.clone()
    }

    /// Gives back what was reserved, and tells how the budgets stand with what the turn cost.
    pub fn settle(&self) -> Vec<Standing> {
        let mut state = self.state();
        state.hold = None;
        let Some(subject) = &state.subject else { return Vec::new() };
        let standings = self.till.standings_of(&self.turns.config.budgets, subject, &Zoned::now());
        // The turn is over: what cannot be read is told before the next one.
        standings.unwrap_or_default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn subject(&self, route: &Route) -> Subject {
        Subject {
            endpoint: route.endpoint.clone(),
            key: route.key.clone(),
            model: route.model.clone(),
            user: self.turns.user.to_string(),
            conversation: self.conversation,
        }
    }
}

impl Gate for Spending {
    fn admit(&self, route: &Route) -> Result<(), Failure> {
        let (budgets, subject) = (&self.turns.config.budgets, self.subject(route));
        let mut state = self.state();
        // What was reserved for a route that failed is not wanted any more.
        state.hold = None;
        if !budgets.iter().any(|budget| holds(budget, &subject)) {
            return Ok(());
        }
        let price = self.turns.facts(route).price.and_then(|price| price.cost(&self.usage));
        let cost = price.map(|price| price.convert(self.turns.config.prices.eur_per_usd));
        let want = Want { cost, until: self.until, allowance: self.allowance };
        let admitted = self.till.admit(budgets, &subject, want, &Zoned::now());
        state.subject = Some(subject);
        match admitted {
            Ok(Admission::Granted(Granted { hold, standings })) => {
                let over = standings.iter().filter(|standing| standing.level() == Level::Hard);
                state.over = over.map(|standing| standing.budget.clone()).collect();
                (state.hold, state.found) = (Some(hold), standings);
                Ok(())
            }
            Ok(Admission::Refused(standings)) => Err(refusal(&standings)),
            // Who wants it sent in any case gets it sent; else a limit that nobody can check is one that is reached.
            Err(_) if self.allowance == Allowance::Lifted => Ok(()),
            Err(error) => {
                let folder = self.turns.log.folder().display().to_string();
                let message = t!("turns-budget-unreadable", path = folder, error = error.to_string());
                Err(Failure::new(ErrorKind::Budget, message.into_string())
                    .with_next_step(t!("turns-budget-unreadable-next").into_string()))
            }
        }
    }
}

fn refusal(standings: &[Standing]) -> Failure {
    let told: Vec<String> = standings
        .iter()
        .map(|standing| {
            let renews = moment(&standing.window.renews);
            t!("turns-budget-spent", budget = told(standing), renews = renews).into_string()
        })
        .collect();
    let renews = standings.iter().map(|standing| standing.renews_in(Timestamp::now())).max();
    let failure = Failure::new(ErrorKind::Budget, told.join("; "));
    Failure { retry_after: renews.and_then(|renews| renews.try_into().ok()), ..failure }
        .with_next_step(t!("turns-budget-next").into_string())
}

/// A budget and how much of it is spent: `“month”: 82 %, €41.00 of €50.00 this month`, with what is on its way and what
/// has no price.
pub fn told(standing: &Standing) -> Safe {
    let name = sanitise_line(&standing.budget);
    let name = match &standing.of {
        None => t!("turns-budget-name", name = name),
        Some((each, of)) if of.is_empty() && *each == Each::Conversation => {
            t!("turns-budget-of", name = name, of = t!("turns-budget-unkept"))
        }
        Some((_, of)) => t!("turns-budget-of", name = name, of = sanitise_line(of)),
    };
    let period = match standing.per {
        Period::Day => t!("turns-budget-day"),
        Period::Week => t!("turns-budget-week"),
        Period::Month => t!("turns-budget-month"),
    };
    let (spent, limit) = (amount(standing.spent), amount(standing.limit()));
    let mut said = vec![t!(
        "turns-budget-stands",
        name = name,
        percent = standing.percent(),
        spent = spent,
        limit = limit,
        period = period
    )];
    if standing.reserved > Money::ZERO {
        said.push(t!("turns-budget-reserved", amount = amount(standing.reserved)));
    }
    if standing.unpriced > 0 {
        said.push(t!("turns-budget-unpriced", count = standing.unpriced));
    }
    sanitise(&said.iter().map(Safe::as_str).collect::<Vec<_>>().join(", "))
}

/// When a budget begins again, by the clock on the wall.
fn moment(at: &Zoned) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Euros with two digits; less than a cent with as many as it has.
pub fn amount(amount: Money) -> Safe {
    let exact = amount.to_decimal();
    let cents = exact.round_dp(2);
    let is_small = amount.nanos().abs() < 10_000_000 && amount != Money::ZERO;
    sanitise(&if is_small { format!("€{exact}") } else { format!("€{cents:.2}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::budget::tests::{money, standing};

    #[test]
    fn a_budget_is_told_with_its_share_what_is_on_its_way_and_what_has_no_price() {
        let plain = standing(Some("40"), Some("50"), "41");
        assert_eq!(told(&plain).as_str(), "“all”: 82 %, €41.00 of €50.00 this month");
        let more = Standing {
            reserved: money("0.0045"),
            unpriced: 2,
            of: Some((Each::Model, "gpt-\u{1b}[31m4o".into())),
            ..plain
        };
        assert_eq!(
            told(&more).as_str(),
            "“all” for gpt-4o: 82 %, €41.00 of €50.00 this month, €0.0045 on its way, 2 requests without a known price not counted"
        );
    }

    #[test]
    fn a_refusal_says_which_budget_how_much_until_when_and_what_to_do() {
        let failure = refusal(&[standing(None, Some("5"), "5.02")]);
        assert_eq!(failure.kind, ErrorKind::Budget);
        assert_eq!(
            failure.message,
            "budget “all”: 100 %, €5.02 of €5.00 this month; it begins again at 2026-12-01 00:00"
        );
        assert!(failure.next_step.unwrap().contains("--over-budget"));
    }
}
