//! LiteLLM's router as its documentation and behaviour have it, in the simulated world, with its defaults: two
//! retries, five seconds of cooldown, a percentage of a calendar minute's failures, a new routing decision for each
//! retry, which may fall on the same deployment.
//!
//! Where it has no strategy of a name, the one that does the same work stands in: for order its shuffle within the
//! lowest `order`, where only an exhausted group falls to the next; for headroom its usage-based routing.
//!
//! It is given what it does not have by default: the same limit on the first word as ours.

use loquat::config::Strategy;

use super::world::{Agenda, Answer, FIRST_TOKEN, Meter, Report, World};

const RETRIES: u32 = 2;
const COOLDOWN: f64 = 5.0;
const FIRST_PAUSE: f64 = 0.5;
const LONGEST_PAUSE: f64 = 8.0;
const JITTER: f64 = 0.75;
/// The longest Retry-After that it heeds.
const LONGEST_TOLD: f64 = 60.0;
const SAMPLES: usize = 10;

#[derive(Clone, Default)]
struct Deployment {
    cooled_until: f64,
    in_flight: u32,
    /// Seconds to the first word, of the last few.
    samples: Vec<f64>,
    /// The calendar minute, and what happened in it.
    minute: u64,
    asked: u32,
    failed: u32,
}

impl Deployment {
    fn turn_to(&mut self, now: f64) {
        let minute = (now / 60.0) as u64;
        if self.minute != minute {
            (self.minute, self.asked, self.failed) = (minute, 0, 0);
        }
    }
}

enum Event {
    /// The `1`st attempt (from 0) of request `0`, at the `2`nd order where orders are used.
    Attempt(usize, u32, usize),
    Over {
        request: usize,
        attempt: u32,
        order: usize,
        place: usize,
        answer: Answer,
        began: f64,
    },
}

pub fn run(world: &World, strategy: Strategy) -> Report {
    let mut dice = fastrand::Rng::with_seed(13);
    let mut places = vec![Deployment::default(); world.places.len()];
    let mut meters = vec![Meter::default(); world.places.len()];
    let requests = world.arrivals.len();
    let mut report = Report { times: vec![f64::INFINITY; requests], asked: 0 };
    let mut agenda = Agenda::default();
    for (request, arrival) in world.arrivals.iter().enumerate() {
        agenda.add(*arrival, Event::Attempt(request, 0, 0));
    }
    while let Some((now, event)) = agenda.next() {
        places.iter_mut().for_each(|place| place.turn_to(now));
        match event {
            Event::Attempt(request, attempt, order) => {
                let group = group(strategy, order, places.len());
                let healthy = |place: &usize| places[*place].cooled_until <= now;
                let healthy: Vec<usize> = group.into_iter().filter(healthy).collect();
                let Some(place) = pick(strategy, &healthy, world, &places, &mut dice) else {
                    // None of its deployments is left: the next order, else the error is raised.
                    if strategy == Strategy::Order && order + 1 < places.len() {
                        agenda.add(now, Event::Attempt(request, 0, order + 1));
                    }
                    continue;
                };
                report.asked += 1;
                places[place].in_flight += 1;
                places[place].asked += 1;
                let answer = world.ask(place, request, report.asked, now, &mut meters[place]);
                let over = now
                    + match answer {
                        Answer::Whole { ttft, took } | Answer::Cut { ttft, took } => ttft + took,
                        Answer::Down | Answer::Busy { .. } => 0.1,
                        Answer::Silent => FIRST_TOKEN,
                    };
                agenda.add(over, Event::Over { request, attempt, order, place, answer, began: now });
            }
            Event::Over { request, attempt, order, place, answer, began } => {
                let here = &mut places[place];
                here.in_flight -= 1;
                if let Answer::Whole { ttft, .. } = answer {
                    sample(here, ttft);
                    report.times[request] = began + ttft - world.arrivals[request];
                    continue;
                }
                if let Answer::Cut { .. } = answer {
                    // Once a word is out the error is raised.
                    continue;
                }
                if answer == Answer::Silent {
                    sample(here, 1000.0);
                }
                here.failed += 1;
                cool(here, strategy, answer, now);
                let group = group(strategy, order, places.len());
                let others = group.iter().any(|place| places[*place].cooled_until <= now);
                if attempt < RETRIES && others {
                    let pause = if group.len() > 1 { 0.0 } else { pause(answer, attempt, &mut dice) };
                    agenda.add(now + pause, Event::Attempt(request, attempt + 1, order));
                } else if strategy == Strategy::Order && order + 1 < places.len() {
                    // It sleeps after the last attempt too.
                    let pause = if others { pause(answer, attempt, &mut dice) } else { 0.0 };
                    agenda.add(now + pause, Event::Attempt(request, 0, order + 1));
                }
            }
        }
    }
    report
}

fn sample(place: &mut Deployment, seconds: f64) {
    if place.samples.len() == SAMPLES {
        place.samples.remove(0);
    }
    place.samples.push(seconds);
}

/// The deployments that are asked as one: each order has one here.
fn group(strategy: Strategy, order: usize, places: usize) -> Vec<usize> {
    if strategy == Strategy::Order { vec![order] } else { (0..places).collect() }
}

fn pick(
    strategy: Strategy,
    healthy: &[usize],
    world: &World,
    places: &[Deployment],
    dice: &mut fastrand::Rng,
) -> Option<usize> {
    let mut any = |among: Vec<usize>| (!among.is_empty()).then(|| among[dice.usize(..among.len())]);
    let least = |worth: &dyn Fn(usize) -> f64| {
        let best = healthy.iter().map(|place| worth(*place)).fold(f64::INFINITY, f64::min);
        healthy.iter().copied().filter(|place| worth(*place) <= best).collect::<Vec<_>>()
    };
    match strategy {
        Strategy::Order | Strategy::Shuffle => any(healthy.to_vec()),
        Strategy::LeastBusy => any(least(&|place| f64::from(places[place].in_flight))),
        // Those that were not asked yet count as the fastest.
        Strategy::Latency => any(least(&|place| {
            let samples = &places[place].samples;
            if samples.is_empty() { 0.0 } else { samples.iter().sum::<f64>() / samples.len() as f64 }
        })),
        Strategy::Cost => any(least(&|place| world.places[place].price as f64)),
        Strategy::Headroom => any(least(&|place| f64::from(places[place].asked))),
    }
}

/// Whether the deployment is left alone for a while.
fn cool(place: &mut Deployment, strategy: Strategy, answer: Answer, now: f64) {
    let has_others = strategy != Strategy::Order;
    let told = match answer {
        Answer::Busy { wait } => wait,
        Answer::Whole { .. } | Answer::Cut { .. } | Answer::Down | Answer::Silent => None,
    };
    let is_busy = matches!(answer, Answer::Busy { .. });
    let share = f64::from(place.failed) / f64::from(place.asked.max(1));
    let is_failing = share > 0.5 && place.asked >= 5;
    if has_others && (is_busy || is_failing) {
        place.cooled_until = now + told.unwrap_or(COOLDOWN);
    }
}

/// The pause before a retry of a group of one.
fn pause(answer: Answer, attempt: u32, dice: &mut fastrand::Rng) -> f64 {
    let jitter = JITTER * dice.f64();
    match answer {
        Answer::Busy { wait: Some(wait) } if wait > 0.0 && wait <= LONGEST_TOLD => wait.floor() + jitter,
        _ => (FIRST_PAUSE * f64::from(1u32 << attempt)).min(LONGEST_PAUSE) + jitter,
    }
}
