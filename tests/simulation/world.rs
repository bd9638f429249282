//! Routes that fail, and requests that come whatever they do.

use std::cmp::Ordering;
use std::time::Duration;

use loquat::chat::Route;
use loquat::config::Strategy;

pub const STRATEGIES: [Strategy; 6] = [
    Strategy::Order,
    Strategy::Shuffle,
    Strategy::LeastBusy,
    Strategy::Latency,
    Strategy::Cost,
    Strategy::Headroom,
];

/// How long the first word of a route is waited for, by both.
pub const FIRST_TOKEN: f64 = 60.0;
/// How long a turn may take, where somebody keeps a deadline.
pub const TOTAL: f64 = 600.0;
/// Seconds between two requests, on average.
const BETWEEN: f64 = 1.5;

/// What is wrong with the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Routes answer 503 for minutes, one after the other.
    Outages,
    /// Routes answer 429 when they were asked so often, half of them saying until when. Together they allow hardly more
    /// than is asked.
    Storms,
    /// Routes take the request and say nothing.
    Hangs,
    /// Streams break in the middle.
    Cuts,
    /// All of it.
    All,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::Outages, Self::Storms, Self::Hangs, Self::Cuts, Self::All];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Outages => "outages",
            Self::Storms => "storms",
            Self::Hangs => "hangs",
            Self::Cuts => "cuts",
            Self::All => "all",
        }
    }
}

/// A route and its habits.
pub struct Place {
    pub route: Route,
    /// Seconds until its first word, on average.
    ttft: f64,
    /// Dollars per million tokens, in nanos.
    pub price: i64,
    /// Requests a minute before it says 429.
    allows: usize,
    /// Whether it then says how long to wait.
    tells: bool,
    /// One of how many streams breaks.
    cuts: f64,
    /// When it is down: a period, and a part of it at the end.
    outage: (f64, f64),
    /// When it hangs, in the same way.
    hang: (f64, f64),
}

/// The world, before anybody asks it anything.
pub struct World {
    pub places: Vec<Place>,
    /// When requests come.
    pub arrivals: Vec<f64>,
}

/// What a route does with a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// It answers after so long, and is done after so much longer.
    Whole { ttft: f64, took: f64 },
    /// It begins after so long and breaks after so much longer.
    Cut { ttft: f64, took: f64 },
    /// It refuses at once.
    Down,
    /// It has had enough for this minute; it may say for how long.
    Busy { wait: Option<f64> },
    /// It says nothing for as long as anybody waits.
    Silent,
}

/// What a place was asked in the last minute.
#[derive(Clone, Default)]
pub struct Meter(Vec<f64>);

impl World {
    /// Four routes. At any time at least one of them is well; only storms have no regard for that, and end.
    pub fn new(fault: Fault, requests: usize) -> Self {
        let is = |kind: Fault| fault == kind || fault == Fault::All;
        let place = |nth: usize, ttft: f64, price: i64| Place {
            route: Route {
                endpoint: ["North", "East", "South", "West"][nth].into(),
                key: loquat::chat::KeyLabel::default(),
                model: "m".into(),
            },
            ttft,
            price,
            allows: match fault {
                Fault::Storms => 12,
                Fault::All => 25,
                Fault::Outages | Fault::Hangs | Fault::Cuts => usize::MAX,
            },
            tells: nth.is_multiple_of(2),
            cuts: if is(Fault::Cuts) { 0.04 } else { 0.0 },
            outage: if is(Fault::Outages) { (1_200.0, 100.0 + 300.0 * nth as f64) } else { (1.0, f64::MAX) },
            hang: if is(Fault::Hangs) { (1_600.0, 500.0 + 400.0 * nth as f64) } else { (1.0, f64::MAX) },
        };
        // The first is the cheapest and the slowest; the last is well all the time, but for storms and cuts.
        let mut places = vec![place(0, 0.9, 1), place(1, 0.5, 2), place(2, 0.6, 3), place(3, 0.8, 4)];
        places[3].outage = (1.0, f64::MAX);
        places[3].hang = (1.0, f64::MAX);
        let mut dice = fastrand::Rng::with_seed(7);
        let mut at = 0.0;
        let arrivals = std::iter::repeat_with(|| {
            at += -BETWEEN * (1.0 - dice.f64()).ln();
            at
        });
        Self { places, arrivals: arrivals.take(requests).collect() }
    }

    /// What a route does with attempt `nth` of a request that is made now. The same for whoever asks.
    pub fn ask(&self, place: usize, request: usize, nth: usize, now: f64, meter: &mut Meter) -> Answer {
        const DOWN_FOR: f64 = 200.0;
        let here = &self.places[place];
        let mut dice =
            fastrand::Rng::with_seed((request as u64) << 16 | (nth as u64) << 8 | (place as u64 + 1));
        let within = |(period, from): (f64, f64)| (from..from + DOWN_FOR).contains(&(now % period));
        meter.0.retain(|at| *at > now - 60.0);
        if within(here.outage) {
            return Answer::Down;
        }
        if meter.0.len() >= here.allows {
            let wait = meter.0[0] + 60.0 - now;
            return Answer::Busy { wait: here.tells.then_some(wait) };
        }
        meter.0.push(now);
        if within(here.hang) {
            return Answer::Silent;
        }
        let ttft = here.ttft * (0.6 + 0.8 * dice.f64() + if dice.f64() < 0.02 { 2.0 } else { 0.0 });
        let took = 1.0 + 6.0 * dice.f64();
        if dice.f64() < here.cuts {
            Answer::Cut { ttft, took: took / 2.0 }
        } else {
            Answer::Whole { ttft, took }
        }
    }
}

/// How it went.
#[derive(Default)]
pub struct Report {
    /// Seconds until the first word of each whole answer; never, where there was none.
    pub times: Vec<f64>,
    /// Requests that routes were asked.
    pub asked: usize,
}

impl Report {
    pub fn success(&self) -> f64 {
        self.times.iter().filter(|time| time.is_finite()).count() as f64 / self.times.len() as f64
    }

    pub fn percentile(&self, part: f64) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times[((times.len() - 1) as f64 * part) as usize]
    }

    /// More answers; or as many, and the slow ones sooner; or as soon, and fewer requests in vain.
    pub fn beats(&self, other: &Self) -> bool {
        /// What the dice of two runs may make of one percentile.
        const NOISE: f64 = 1.03;
        let (slow, their_slow) = (self.percentile(0.95), other.percentile(0.95));
        match self.success().total_cmp(&other.success()) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => {
                slow * NOISE < their_slow || (slow < their_slow * NOISE && self.asked < other.asked)
            }
        }
    }
}

/// What happens next, soonest first.
pub struct Agenda<T>(std::collections::BTreeMap<(Duration, u64), T>, u64);

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self(std::collections::BTreeMap::new(), 0)
    }
}

impl<T> Agenda<T> {
    pub fn add(&mut self, at: f64, what: T) {
        self.1 += 1;
        self.0.insert((Duration::from_secs_f64(at), self.1), what);
    }

    pub fn next(&mut self) -> Option<(f64, T)> {
        self.0.pop_first().map(|((at, _), what)| (at.as_secs_f64(), what))
    }
}
