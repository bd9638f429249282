//! Which routes the router leaves alone for now, for whoever looks at the endpoint picker.
//!
//! The router knows, and is asked ([`Effect::LoadCircuits`]) when the picker opens and when a turn ends while it is
//! open. What it said is counted down here, so that nobody has to ask every second.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::chat::Route;
use crate::router::{Circuit, Probe};

use super::effect::Effect;
use super::model::{KeyOf, Model};
use super::overlay::Overlay;
use super::picker::ListKind;
use super::{lists, motion, turn};

/// What the circuits of a key's routes come to, where one is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut<'a> {
    /// A route is not asked until then; of several, the one that is asked again first.
    Open(&'a Route, Timestamp),
    /// The next request tries a route, or one is on its way that does.
    HalfOpen(&'a Route, Probe),
}

/// Asks the router, where the endpoint picker is open.
pub fn ask(model: &Model) -> Option<Effect> {
    is_shown(model).then_some(Effect::LoadCircuits)
}

fn is_shown(model: &Model) -> bool {
    let is_picker =
        |overlay: &Overlay| matches!(overlay, Overlay::List(list) if list.kind == ListKind::Endpoints);
    model.overlays.iter().any(is_picker)
}

/// Takes in what the router said.
pub fn known(model: &mut Model, circuits: Vec<(Route, Circuit)>) -> Vec<Effect> {
    model.circuits = circuits;
    lists::refill(model);
    let open: BTreeSet<Timestamp> = model
        .circuits
        .iter()
        .filter_map(|(_, circuit)| match circuit {
            Circuit::Open(until) => Some(*until),
            Circuit::HalfOpen(_) | Circuit::Closed => None,
        })
        .collect();
    open.into_iter().flat_map(|until| turn::countdown(model, until)).collect()
}

/// Counts down what is shown.
pub fn tick(model: &mut Model) {
    let is_due =
        |(_, circuit): &(Route, Circuit)| matches!(circuit, Circuit::Open(until) if *until <= model.now);
    let told = !motion::is_reduced(model) || model.circuits.iter().any(is_due);
    if told && !model.circuits.is_empty() && is_shown(model) {
        lists::refill(model);
    }
}

/// What the circuits of a key's routes come to now; `None` where all are closed, as far as is known.
pub fn of<'a>(model: &'a Model, of: &KeyOf) -> Option<Shut<'a>> {
    let own = model.circuits.iter().filter(|(route, _)| KeyOf::from(route) == *of);
    let shut = own.filter_map(|(route, circuit)| match circuit {
        Circuit::Closed => None,
        Circuit::Open(until) if *until > model.now => Some(Shut::Open(route, *until)),
        Circuit::Open(_) => Some(Shut::HalfOpen(route, Probe::Wanted)),
        Circuit::HalfOpen(probe) => Some(Shut::HalfOpen(route, *probe)),
    });
    shut.min_by_key(|shut| match shut {
        Shut::Open(_, until) => (0, *until),
        Shut::HalfOpen(_, Probe::Sent) => (1, Timestamp::MIN),
        Shut::HalfOpen(_, Probe::Wanted) => (2, Timestamp::MIN),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, litellm, noon};
    use crate::chat::Status;

    fn rows(app: &App) -> Vec<String> {
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let rows = list.matches.iter().filter_map(|at| list.entries.get(*at));
        rows.map(|entry| format!("{}: {}", entry.owner, entry.name)).collect()
    }

    #[test]
    fn an_open_circuit_is_counted_down_to_the_request_that_tries_it() {
        let mut app = App::new(80, 24);
        let asked = app.keys("ctrl-x p");
        assert!(asked.contains(&Effect::LoadCircuits), "{asked:?}");
        let until = noon() + Duration::from_secs(24);
        let later = Circuit::Open(until + Duration::from_secs(5));
        let circuits = vec![(litellm("other"), later), (litellm("gpt"), Circuit::Open(until))];
        let effects = app.send(Message::CircuitsKnown { circuits, at: noon() });
        assert_eq!(effects.len(), 24 + 29, "a wake-up for each second of each: {effects:?}");
        let row = |app: &App| rows(app).into_iter().find(|row| row.starts_with("LiteLLM/work")).unwrap();
        assert_eq!(row(&app), "LiteLLM/work: gpt failed too often: left alone for 24 s");
        app.send(Message::Tick { at: noon() + Duration::from_secs(20) });
        assert_eq!(row(&app), "LiteLLM/work: gpt failed too often: left alone for 4 s");
        app.send(Message::Tick { at: until });
        assert_eq!(row(&app), "LiteLLM/work: other failed too often: left alone for 5 s");
        app.send(Message::Tick { at: until + Duration::from_secs(5) });
        assert_eq!(row(&app), "LiteLLM/work: other failed too often: the next request tries it");
        let probed = vec![(litellm("gpt"), Circuit::HalfOpen(Probe::Sent))];
        app.send(Message::CircuitsKnown { circuits: probed, at: until });
        assert_eq!(row(&app), "LiteLLM/work: gpt failed too often: being tried");
        app.send(Message::CircuitsKnown { circuits: Vec::new(), at: until });
        assert_eq!(row(&app), "LiteLLM/work: ");
    }

    #[test]
    fn the_router_is_asked_again_when_a_turn_ends_while_the_picker_is_open() {
        let mut app = App::new(80, 24);
        let first = app.ask("hello");
        app.keys("ctrl-x p");
        assert!(app.end(&first, "hi", Status::Complete).contains(&Effect::LoadCircuits));
        app.keys("esc");
        let second = app.ask("and");
        assert!(!app.end(&second, "so", Status::Complete).contains(&Effect::LoadCircuits));
    }
}
