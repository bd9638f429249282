//! Asking a route: its key, its request, the head of its answer, and what it is asked again without.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{AttemptId, Flight, Place, Reading, Sending, State, Step};
use crate::chat::request::Delivery;
use crate::chat::{End, ErrorKind, Failure};
use crate::config::{Config, Endpoint};
use crate::http::HttpResponse;
use crate::keys::{Credential, Fingerprint};
use crate::providers::limits::RateLimits;
use crate::providers::{self, Decoder, Pause, Site};
use crate::router::health::{Ending, Outcome};
use crate::router::shared::Audience;
use crate::t;

/// How often a provider that pauses is asked to go on: each time costs the whole prompt again.
const MOST_PAUSES: u32 = 10;

/// What is needed to ask a route.
pub(super) struct Seat {
    pub(super) endpoint: Endpoint,
    pub(super) credential: Credential,
    /// How long its first word is waited for at most.
    first_token: Duration,
}

impl Seat {
    fn site<'a>(&'a self, config: &'a Config) -> Site<'a> {
        Site { config, endpoint: &self.endpoint, credential: &self.credential, now: Timestamp::now() }
    }
}

impl Flight {
    /// The key of the route that is next is there.
    pub(super) fn sit(&mut self, credential: Credential) {
        let plan = Arc::clone(self.turn.plan());
        let target = plan.target(self.target);
        let Some(endpoint) = self.means.config.endpoint(target.route.endpoint.as_str()) else {
            self.state = State::Asking;
            return;
        };
        let mut endpoint = endpoint.clone();
        endpoint.timeouts = target.timeouts.unwrap_or(endpoint.timeouts);
        let fingerprint = Fingerprint::of(&credential.base_url, credential.secret.as_ref());
        self.turn.learn_key(self.target, fingerprint.clone());
        let is_refused =
            plan.targets().len() > 1 && self.means.router.is_refused(&target.route, &fingerprint);
        if is_refused {
            let message = t!(
                "net-key-was-refused",
                endpoint = endpoint.name.as_str(),
                label = credential.label.as_str()
            );
            let step =
                t!("net-step-auth", endpoint = endpoint.name.as_str(), label = credential.label.as_str());
            let failure = Failure::new(ErrorKind::Auth, message.into_string());
            self.trouble.get_or_insert(failure.with_next_step(step.into_string()));
            self.give_back((Ending::Stopped, None), None);
            self.state = State::Asking;
            return;
        }
        let first_token = endpoint.timeouts.first_token;
        self.seats[self.target.0] = Some(Seat { endpoint, credential, first_token });
        self.state = State::Ready;
    }

    pub(super) fn request(&mut self) -> Result<Sending, Failure> {
        self.chat.model = self.turn.route_of(self.target).model.clone();
        let patience = self.patience();
        let Self { means, chat, seats, .. } = self;
        let Some(seat) = &mut seats[self.target.0] else {
            return Err(Failure::new(ErrorKind::Internal, t!("net-no-seat").into_string()));
        };
        seat.endpoint.timeouts.first_token = seat.first_token.min(patience);
        self.sewing.begin(chat, providers::goes_on(chat, &seat.endpoint));
        if let Some(own) = providers::credential(&chat.model, &seat.site(&means.config))? {
            seat.credential = own;
        }
        Ok(means.transport.send(providers::request(chat, &seat.site(&means.config))?))
    }

    /// How long the first word is waited for. An answer in one piece takes as long as it is.
    pub(super) fn patience(&self) -> Duration {
        let patience = match self.chat.delivery {
            Delivery::Streamed => self.means.router.patience(&self.turn, self.target, self.clock.now()),
            Delivery::Whole => None,
        };
        patience.unwrap_or(Duration::MAX)
    }

    pub(super) fn head(&mut self, response: HttpResponse) {
        self.current.status = Some(response.status);
        let at = self.clock.now();
        let limits = RateLimits::told(&response.headers, at);
        if !limits.is_unknown() {
            let route = self.turn.route_of(self.target).clone();
            self.means.router.tell(&Outcome::Told { route, at, limits }, Audience::of(&self.turn));
        }
        let Some(Seat { endpoint, credential, .. }) = &self.seats[self.target.0] else { return };
        let decoder = match self.pause.take() {
            Some(pause) => Decoder::resume(*pause, endpoint, credential, response.status, &response.headers),
            None => Decoder::new(endpoint, credential, response.status, &response.headers),
        };
        self.state = State::Reading(Box::new(Reading { response, decoder }));
    }

    /// Asks a provider to go on that paused, as a part of the same attempt; how the attempt ended, where that
    /// cannot be.
    pub(super) fn resume(&mut self, pause: Box<Pause>) -> Result<(), End> {
        self.current.resumed += 1;
        if self.current.resumed > MOST_PAUSES {
            let message = t!("net-paused-too-often", count = MOST_PAUSES.to_string()).into_string();
            let failure = Failure::new(ErrorKind::Cut, message);
            return Err(End::Cut(failure.with_next_step(t!("net-step-cut").into_string())));
        }
        let Some(seat) = &self.seats[self.target.0] else { return Err(End::Cancelled) };
        let request =
            providers::resume(&self.chat, &seat.site(&self.means.config), &pause).map_err(End::Failed)?;
        self.state = State::Sending(self.means.transport.send(request));
        self.pause = Some(pause);
        Ok(())
    }

    /// The parameter to ask without, where that is all that is wrong with a request. What it is without already,
    /// its refusal means something else.
    pub(super) fn to_drop(&self, failure: &Failure) -> Option<String> {
        let refused = failure.refused_param.as_ref()?;
        let seat = self.seats[self.target.0].as_ref()?;
        (!seat.endpoint.drop_params.contains(refused)).then(|| refused.clone())
    }

    /// Asks the same route again without a parameter that it refused.
    pub(super) fn without(&mut self, param: String, end: End) -> Step {
        let attempt = Box::new(self.attempt(end));
        if let Some(seat) = &mut self.seats[self.target.0] {
            seat.endpoint.drop_params.push(param);
        }
        let (id, now) = (AttemptId(fastrand::u64(..)), self.clock.now());
        self.means.router.begin(&mut self.turn, self.target, id, now);
        self.place = Some(Place { id, began: now });
        self.state = State::Ready;
        Step::Failed { attempt, route: self.turn.route_of(self.target).clone(), next: now }
    }

    pub(super) fn fingerprint(&self) -> Option<Fingerprint> {
        let credential = &self.seats[self.target.0].as_ref()?.credential;
        Some(Fingerprint::of(&credential.base_url, credential.secret.as_ref()))
    }
}
