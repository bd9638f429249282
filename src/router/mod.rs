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
//! | `journal` | how health outlives a process and is shared by those of one person |
//! | [`seam`] | where an answer that stopped is gone on with |
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
//! An answer that stops after some of it has come is gone on with by the flight itself where the configuration says
//! `on_cut: automatic`: the attempt is told of as failed, and what follows joins what was said. Else the turn ends, and
//! [`Flight::onward`] says where it could be gone on with. A request that ends with an answer is one to go on with it:
//! what the model repeats of it is taken out.
//!
//! One [`Router`] a process, made with the configuration's cooldown and the state folder, is handed to every flight.

pub mod decide;
pub mod flight;
pub mod health;
mod journal;
pub mod plan;
pub mod seam;
pub mod shared;
pub mod strategy;

#[cfg(test)]
pub(crate) mod testing;

pub use decide::{Cause, Decision, TurnState, Wait, Why, decide, patience};
pub use flight::{Attempt, Credentials, Flight, Gate, Means, Nudge, Step, out_of_time};
pub use health::{Circuit, Health, Known, Probe};
pub use plan::{Facts, Plan, Scope, Target};
pub use shared::Router;
