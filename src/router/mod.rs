//! From what was asked for to attempts: what is tried, what is tried again, what is waited for, and when it is
//! given up.
//!
//! | file | subject |
//! |---|---|
//! | [`plan`] | what a turn may try: an alias and its fallbacks as groups of routes; pure |
//! | [`health`] | what is known of routes, folded from what became of requests; pure |
//! | [`strategy`] | which of several healthy routes is asked first; pure |
//! | [`mod@decide`] | what a turn does next: the whole policy; pure |
//! | [`shared`] | what the turns of a process share: health under a lock, and the queue |
//! | [`flight`] | a turn's requests, in the air; the async shell |
//!
//! **How a turn uses it.** Make a [`Plan`]: [`Plan::alias`] where the name is one, else [`Plan::route`]; the facts
//! about a route's model (window, price) are asked of the caller, who has the catalog. Make a [`Flight`] from the
//! plan, the request, and a deadline. [`Flight::prepare`] does everything before the first byte is sent, so that the
//! disk can be waited for meanwhile; its error means that nothing was and will be sent. Then [`Flight::next`] until
//! [`Step::Ended`]. Each [`Attempt`] names the [`Route`](crate::chat::Route) it went to, and [`Flight::seat`] the
//! endpoint and key while the step is looked at: request events and prices take them from there, not from the
//! turn, whose route may be an alias's. [`Flight::nudge`] is what a person may do to a turn that waits: have it
//! move on, or ask now; it is dropped to be cancelled.
//!
//! One [`Router`] a process, made with the configuration's cooldown, is handed to every flight.

pub mod decide;
pub mod flight;
pub mod health;
pub mod plan;
pub mod shared;
pub mod strategy;

#[cfg(test)]
mod testing;

pub use decide::{Cause, Decision, TurnState, Wait, Why, decide};
pub use flight::{Attempt, Credentials, Flight, Means, Nudge, Step, out_of_time};
pub use health::{Circuit, Health, Probe};
pub use plan::{Facts, Plan, Scope};
pub use shared::Router;
