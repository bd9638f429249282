//! Request events of turns: one for each attempt, whether the turn was lived through or found left behind.

use uuid::Uuid;

use super::spending::Spending;
use super::{TurnRequest, Turns, failure};
use crate::catalog::prices::seller::bills_what_it_says;
use crate::chat::{AliasName, ConversationId, End, FinishReason, MessageId, Money, Rate, Route};
use crate::config::Endpoint;
use crate::keys::Credential;
use crate::providers;
use crate::router::Attempt;
use crate::telemetry::{EventStatus, Mode, RequestEvent};

/// Whether another attempt of the turn follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Finality {
    Retried,
    Final,
}

/// What all events of a turn tell alike.
pub(super) struct Subject<'a> {
    pub user: &'a str,
    /// What was asked for, where that was an alias.
    pub alias: Option<AliasName>,
    pub provider: String,
    /// The conversation it is for, where that is kept, and the answer, where it is kept there.
    pub conversation: Option<ConversationId>,
    /// See above.
    pub message: Option<MessageId>,
    pub mode: Mode,
    pub rate: Rate,
    /// The spent budgets that it went over, as a person wanted.
    pub over_budget: Vec<String>,
}

impl Subject<'_> {
    /// The event of an attempt at this price in dollars.
    pub fn event(&self, attempt: &Attempt, finality: Finality, cost_usd: Option<Money>) -> RequestEvent {
        RequestEvent {
            v: 1,
            id: Uuid::now_v7(),
            user_id: self.user.to_owned(),
            ts: attempt.started,
            model: attempt.route.model.clone(),
            provider: self.provider.clone(),
            tokens_in: attempt.usage.tokens_in,
            tokens_out: attempt.usage.tokens_out,
            cost_eur: cost_usd.map(|cost| cost.convert(self.rate)),
            latency: attempt.latency.as_secs_f64(),
            endpoint: attempt.route.endpoint.clone(),
            key: attempt.route.key.clone(),
            alias: self.alias.as_ref().map(ToString::to_string),
            model_served: attempt.model_served.clone(),
            ttft: attempt.ttft.map(|ttft| ttft.as_secs_f64()),
            cached_in: attempt.usage.cached_in,
            cache_write: attempt.usage.cache_write,
            cache_write_1h: attempt.usage.cache_write_1h,
            reasoning_out: attempt.usage.reasoning_out,
            estimated: attempt.usage.estimated,
            cost_usd,
            eur_per_usd: cost_usd.map(|_| self.rate),
            cost_told: cost_usd.is_some() && cost_usd == attempt.usage.told_cost,
            status: match &attempt.end {
                End::Finished(FinishReason::ContentFilter) => EventStatus::Error,
                End::Finished(_) => EventStatus::Ok,
                End::Failed(_) => EventStatus::Error,
                End::Cancelled => EventStatus::Cancelled,
                End::Cut(_) => EventStatus::Cut,
            },
            error: failure(&attempt.end).map(|failure| failure.kind),
            http_status: attempt.status,
            attempt: attempt.number,
            attempts: attempt.number,
            is_final: finality == Finality::Final,
            finish: Some(attempt.end.finish_reason()),
            conversation: self.conversation,
            message: self.message,
            mode: self.mode,
            over_budget: self.over_budget.clone(),
        }
    }
}

/// Writes the request events of one turn.
pub(super) struct Ledger<'a> {
    pub turns: &'a Turns,
    pub turn: &'a TurnRequest,
    pub spending: Option<&'a Spending>,
}

/// What an attempt was asked with, where it is known.
type Seat<'a> = Option<(&'a Endpoint, &'a Credential)>;

impl Ledger<'_> {
    /// Appends an attempt's event and returns its price in euros. An event that cannot be written fails no turn.
    pub fn record(&self, attempt: &Attempt, seat: Seat<'_>, finality: Finality) -> Option<Money> {
        let subject = Subject {
            user: &self.turns.user,
            alias: self.turn.route.alias(),
            provider: self.turns.provider(&attempt.route),
            conversation: conversation(self.turns, self.turn),
            message: self.turns.storage.is_some().then_some(self.turn.answer.id),
            mode: self.turn.mode,
            rate: self.turns.config.prices.eur_per_usd,
            over_budget: self.spending.map(Spending::over).unwrap_or_default(),
        };
        let event = subject.event(attempt, finality, self.price(attempt, seat));
        // The log keeps what it cannot write, and tells of it; no turn fails for that.
        let _ = self.turns.log.append(&event);
        event.cost_eur
    }

    fn price(&self, attempt: &Attempt, seat: Seat<'_>) -> Option<Money> {
        let (endpoint, credential) = seat.filter(|_| attempt.usage.is_known())?;
        let told = attempt.usage.told_cost.filter(|_| bills_what_it_says(endpoint));
        if told.is_some() {
            return told;
        }
        let model = &attempt.route.model;
        let known = self.turns.catalog.known(endpoint, credential);
        let listed = known.models.iter().find(|listed| listed.id == *model);
        self.turns.catalog.price(endpoint, listed, model, attempt.model_served.as_ref())?.cost(&attempt.usage)
    }
}

/// The conversation a turn is for, where that is kept: the one it is in, or whose title it makes, which only one that is kept has.
pub(super) fn conversation(turns: &Turns, turn: &TurnRequest) -> Option<ConversationId> {
    let is_kept = match turn.mode {
        Mode::Title => true,
        Mode::Tui | Mode::Oneshot | Mode::Summary | Mode::Imported => turns.storage.is_some(),
    };
    is_kept.then_some(turn.conversation)
}

/// The maker of a route's wire; the endpoint's name, where that is gone from the configuration.
pub(super) fn provider(endpoint: Option<&Endpoint>, route: &Route) -> String {
    endpoint.map_or_else(
        || route.endpoint.as_str().to_lowercase(),
        |endpoint| providers::provider_name(endpoint, &route.model),
    )
}
