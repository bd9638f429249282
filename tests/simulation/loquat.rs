//! Our router in the simulated world: the real plan, health and decisions; only the requests are made up.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use loquat::catalog::Price;
use loquat::chat::{AliasName, End, ErrorKind, Failure, FinishReason, KeyLabel, Money, Rates};
use loquat::config::{
    Alias, AliasRoute, Config, Cooldown, Endpoint, Limits, Location, Strategy, Template, WireFormat,
};
use loquat::router::health::{AttemptId, Ended, Ending, Outcome};
use loquat::router::plan::TargetId;
use loquat::router::{Decision, Facts, Health, Plan, TurnState, decide, patience};

use super::world::{Agenda, Answer, FIRST_TOKEN, Meter, Report, TOTAL, World};

enum Event {
    /// Request `0` decides what to do.
    Decide(usize),
    /// The first word of an attempt came.
    Spoke(AttemptId),
    /// Its attempt is over.
    Over(usize, Box<Ended>, End),
}

pub fn run(world: &World, strategy: Strategy) -> Report {
    let config = config(world, strategy);
    let alias = AliasName::from("x");
    let facts = |route: &loquat::chat::Route| {
        let place = world.places.iter().find(|place| place.route == *route).unwrap();
        let price = Money::from_nanos(place.price);
        Facts { context: None, price: Some(Price::from(Rates::new(price, price))) }
    };
    let plan = Arc::new(Plan::alias(&config, &alias, &KeyLabel::default(), &facts).unwrap().unwrap());
    let mut dice = fastrand::Rng::with_seed(11);
    let mut health = Health::default();
    let mut meters = vec![Meter::default(); world.places.len()];
    let mut turns: Vec<TurnState> = world
        .arrivals
        .iter()
        .map(|arrival| TurnState::new(plan.clone(), time(arrival + TOTAL), None))
        .collect();
    let mut first = vec![f64::INFINITY; turns.len()];
    let mut report = Report { times: vec![f64::INFINITY; turns.len()], asked: 0 };
    let mut agenda = Agenda::default();
    for (request, arrival) in world.arrivals.iter().enumerate() {
        agenda.add(*arrival, Event::Decide(request));
    }
    while let Some((now, event)) = agenda.next() {
        let at = time(now);
        match event {
            Event::Decide(request) => match decide(&turns[request], &health, at, dice.f64()) {
                Decision::Try(target) => {
                    report.asked += 1;
                    let nth = report.asked;
                    turns[request].tries(target);
                    let route = turns[request].route_of(target).clone();
                    let place = world.places.iter().position(|place| place.route == route).unwrap();
                    let limit = patience(&turns[request], &health, target, at);
                    let limit = limit.map_or(FIRST_TOKEN, |limit| limit.as_secs_f64().min(FIRST_TOKEN));
                    let id = AttemptId(nth as u64);
                    let lease = Duration::from_secs_f64(TOTAL);
                    health.apply(
                        &Outcome::Began { id, route: route.clone(), at, lease, tokens: 0 },
                        Cooldown::default(),
                    );
                    let answer = world.ask(place, request, nth, now, &mut meters[place]);
                    let (after, ttft, end) = end(answer, limit);
                    if let Some(ttft) = ttft {
                        first[request] = first[request].min(now + ttft - world.arrivals[request]);
                        agenda.add(now + ttft, Event::Spoke(id));
                    }
                    let (ending, wait) = Ending::of(&end, || None);
                    let over = now + after;
                    let ended = Ended {
                        id,
                        route,
                        began: at,
                        at: time(over),
                        ending,
                        error: None,
                        ttft: ttft.map(Duration::from_secs_f64),
                        wait,
                        tokens: None,
                    };
                    agenda.add(over, Event::Over(request, Box::new(ended), end));
                }
                // No earlier, for all that is lost on the way.
                Decision::Wait(wait) => agenda.add(seconds(wait.until) + 1e-6, Event::Decide(request)),
                Decision::Offer(_) | Decision::GiveUp(_) => {}
            },
            Event::Spoke(id) => health.apply(&Outcome::Spoke { id }, Cooldown::default()),
            Event::Over(request, ended, end) => {
                let target = target_of(&plan, &ended);
                health.apply(&Outcome::Ended(*ended), Cooldown::default());
                match end {
                    End::Failed(failure) | End::Cut(failure) => {
                        turns[request].failed(target, &failure, at, dice.f64());
                        agenda.add(now, Event::Decide(request));
                    }
                    // One that was cut is gone on with: its first word was that of the first attempt.
                    End::Finished(_) | End::Cancelled => report.times[request] = first[request],
                }
            }
        }
    }
    report
}

fn target_of(plan: &Plan, ended: &Ended) -> TargetId {
    plan.targets().find(|(_, target)| target.route == ended.route).unwrap().0
}

/// How long an attempt takes, when its first word comes, and how it ends.
fn end(answer: Answer, limit: f64) -> (f64, Option<f64>, End) {
    const ROUND_TRIP: f64 = 0.1;
    let failed = |kind, status, wait: Option<f64>| {
        let retry_after = wait.map(Duration::from_secs_f64);
        End::Failed(Failure { status, retry_after, ..Failure::new(kind, "") })
    };
    match answer {
        Answer::Whole { ttft, took } => (ttft + took, Some(ttft), End::Finished(FinishReason::Stop)),
        Answer::Cut { ttft, took } => (ttft + took, Some(ttft), End::Cut(Failure::new(ErrorKind::Cut, ""))),
        Answer::Down => (ROUND_TRIP, None, failed(ErrorKind::Provider, Some(503), None)),
        Answer::Busy { wait } => (ROUND_TRIP, None, failed(ErrorKind::RateLimit, Some(429), wait)),
        Answer::Silent => (limit, None, failed(ErrorKind::Timeout, None, None)),
    }
}

fn config(world: &World, strategy: Strategy) -> Config {
    let at = Location { file: "world.yaml".into(), line: 1, column: 1 };
    let url = Template { raw: "https://x.test".to_owned(), at: at.clone() };
    let routes = world.places.iter().map(|place| AliasRoute {
        endpoint: place.route.endpoint.clone(),
        model: place.route.model.clone(),
        key: None,
        weight: 1,
        order: 1,
        limits: Limits::default(),
        timeouts: None,
        at: at.clone(),
    });
    let alias = Alias {
        name: "x".into(),
        strategy,
        routes: routes.collect(),
        fallbacks: Vec::new(),
        context_window_fallbacks: Vec::new(),
        content_policy_fallbacks: Vec::new(),
        retries: None,
        at: at.clone(),
    };
    let endpoint = |name: &str| Endpoint::new(name, WireFormat::OpenaiChat, url.clone());
    let mut config = Config {
        endpoints: world.places.iter().map(|place| endpoint(place.route.endpoint.as_str())).collect(),
        ..Config::default()
    };
    config.router.models = vec![alias];
    config
}

fn time(seconds: f64) -> Timestamp {
    Timestamp::UNIX_EPOCH.checked_add(Duration::from_secs_f64(seconds)).unwrap()
}

fn seconds(at: Timestamp) -> f64 {
    at.duration_since(Timestamp::UNIX_EPOCH).as_secs_f64()
}
