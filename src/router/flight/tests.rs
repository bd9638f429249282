//! Flights over scripted endpoints, in paused time.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use bytes::Bytes;
use futures::stream;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::chat::{AliasName, Answer, FinishReason};
use crate::config::{Cooldown, Limits};
use crate::http::HttpRequest;
use crate::providers::testing as make;
use crate::router::plan::Facts;
use crate::router::testing::{alias, config, leads_to, route};

/// What an endpoint does with a request.
#[derive(Clone)]
enum Does {
    Says(&'static str),
    /// Says this, and breaks.
    Breaks(&'static str),
    Refuses(u16, Option<&'static str>),
    /// Takes so many seconds to say it.
    Takes(u64, &'static str),
}

/// Endpoints by host, each with what it does with one request after the other.
#[derive(Default)]
struct World {
    scripts: Mutex<HashMap<String, VecDeque<Does>>>,
    /// Hosts and bodies of the requests.
    asked: Mutex<Vec<(String, String)>>,
    key: Mutex<String>,
    now: Mutex<(u32, u32)>,
}

fn event(text: &str) -> Bytes {
    let text = serde_json::to_string(text).unwrap();
    Bytes::from(format!("data: {{\"choices\":[{{\"delta\":{{\"content\":{text}}}}}]}}\n\n"))
}

fn last() -> Bytes {
    let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    Bytes::from_static(stop.as_bytes())
}

struct Wire(Arc<World>);

impl Transport for Wire {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let world = self.0.clone();
        async move {
            let host = request.url.host_str().unwrap().trim_end_matches(".test").to_owned();
            let body = String::from_utf8(request.body.unwrap().to_vec()).unwrap();
            world.asked.lock().unwrap().push((host.clone(), body));
            let does = world.scripts.lock().unwrap().get_mut(&host).and_then(VecDeque::pop_front);
            let answer = |status: u16, body: Vec<Result<Bytes, Failure>>| {
                Ok(HttpResponse { status, headers: HeaderMap::new(), body: stream::iter(body).boxed() })
            };
            match does.unwrap_or(Does::Says("hi")) {
                Does::Says(text) => answer(200, vec![Ok(event(text)), Ok(last())]),
                Does::Breaks(text) => {
                    answer(200, vec![Ok(event(text)), Err(Failure::new(ErrorKind::Network, "reset"))])
                }
                Does::Refuses(status, wait) => {
                    let mut refused = answer(status, vec![Ok(Bytes::from_static(b"{\"error\":\"no\"}"))])?;
                    let wait = wait.map(HeaderValue::from_static);
                    refused.headers.extend(wait.map(|wait| (http::header::RETRY_AFTER, wait)));
                    Ok(refused)
                }
                Does::Takes(seconds, text) => {
                    {
                        let mut now = world.now.lock().unwrap();
                        now.0 += 1;
                        now.1 = now.1.max(now.0);
                    }
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    world.now.lock().unwrap().0 -= 1;
                    answer(200, vec![Ok(event(text)), Ok(last())])
                }
            }
        }
        .boxed()
    }
}

impl Credentials for World {
    fn credential(
        &self,
        endpoint: &Endpoint,
        _: &KeyLabel,
    ) -> BoxFuture<'static, Result<Credential, Failure>> {
        let key = self.key.lock().unwrap().clone();
        future::ready(Ok(make::credential(&endpoint.base_url.raw, &key))).boxed()
    }
}

struct Bench {
    world: Arc<World>,
    means: Means,
}

/// Alias `x` to A and B; every endpoint is at a host of its name.
fn bench(scripts: &[(&str, &[Does])], change: impl FnOnce(&mut Config)) -> Bench {
    let mut config = config(vec![alias("x", vec![leads_to("A"), leads_to("B")], &[])]);
    for endpoint in &mut config.endpoints {
        endpoint.base_url.raw = format!("https://{}.test/v1", endpoint.name.as_str().to_lowercase());
    }
    change(&mut config);
    let scripts =
        scripts.iter().map(|(name, does)| (name.to_lowercase(), does.iter().cloned().collect())).collect();
    let world = Arc::new(World { scripts: Mutex::new(scripts), ..World::default() });
    *world.key.lock().unwrap() = "sk-one".to_owned();
    let means = Means {
        transport: Arc::new(Wire(world.clone())),
        config: Arc::new(config),
        router: Router::new(Cooldown::default(), None),
        credentials: world.clone(),
        gate: None,
    };
    Bench { world, means }
}

impl Bench {
    fn alias(&self) -> Flight {
        let config = &self.means.config;
        let plan = Plan::alias(config, &AliasName::from("x"), &KeyLabel::default(), &|_| Facts::default());
        self.fly(plan.unwrap().unwrap(), Duration::from_secs(600))
    }

    fn only(&self, endpoint: &str, seconds: f64) -> Flight {
        let plan = Plan::route(&self.means.config, route(endpoint), &|_| Facts::default());
        self.fly(plan, Duration::from_secs_f64(seconds))
    }

    fn fly(&self, plan: Plan, time: Duration) -> Flight {
        let deadline = Instant::now() + time;
        Flight::new(self.means.clone(), Arc::new(plan), make::hi("m"), deadline, None)
    }

    /// The hosts that were asked, in order.
    fn asked(&self) -> String {
        self.world.asked.lock().unwrap().iter().map(|(host, _)| host.as_str()).collect()
    }
}

/// Flies to the end: what was said, how it ended, and every step on the way but what was said, in words.
async fn flown(flight: &mut Flight) -> (String, Attempt, Vec<String>) {
    let (mut events, mut steps) = (Vec::new(), Vec::new());
    let began = Instant::now();
    loop {
        let step = flight.next(&mut events).await;
        let at = began.elapsed().as_secs_f64();
        match step {
            Step::Said => {}
            Step::Failed { attempt, route, .. } => {
                steps.push(format!("{}:{} -> {}", attempt.number, attempt.route.endpoint, route.endpoint));
            }
            Step::Waiting { route, until, .. } => {
                let known = if until.is_some() { "until" } else { "for room" };
                steps.push(format!("{at} waits {known} {}", route.endpoint));
            }
            Step::Ended(attempt) => {
                let mut answer = Answer::default();
                events.iter().for_each(|event| answer.apply(event));
                let text = answer.parts.iter().filter_map(crate::chat::Part::text).collect();
                return (text, *attempt, steps);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_the_first_word_moves_on_without_a_pause() {
    let bench = bench(&[("A", &[Does::Refuses(503, None)])], |_| {});
    let began = Instant::now();
    let (text, attempt, steps) = flown(&mut bench.alias()).await;
    assert_eq!((text.as_str(), attempt.number, attempt.route), ("hi", 2, route("B")));
    assert_eq!(steps, ["1:A -> B"]);
    assert_eq!(attempt.end, End::Finished(FinishReason::Stop));
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_only_route_is_waited_for_as_it_asks() {
    let bench = bench(&[("A", &[Does::Refuses(429, Some("2"))])], |_| {});
    let began = Instant::now();
    let (text, attempt, steps) = flown(&mut bench.only("A", 600.0)).await;
    assert_eq!((text.as_str(), attempt.number), ("hi", 2));
    assert_eq!(steps, ["1:A -> A"]);
    assert!((2.0..2.1).contains(&began.elapsed().as_secs_f64()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_hour_is_told_of_and_not_waited_for() {
    let bench = bench(&[("A", &[Does::Refuses(429, Some("3600"))])], |_| {});
    let began = Instant::now();
    let (_, attempt, steps) = flown(&mut bench.only("A", 600.0)).await;
    let failure = attempt.end.failure().unwrap().clone();
    assert_eq!((failure.kind, failure.retry_after), (ErrorKind::RateLimit, Some(Duration::from_secs(3600))));
    assert!(failure.next_step.unwrap().contains("A/m can be asked again in 3600 s"));
    assert_eq!((attempt.number, steps.len(), began.elapsed()), (1, 0, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_the_deadline_is_out_of_time_at_once() {
    let bench = bench(&[("A", &[Does::Refuses(429, Some("2"))])], |_| {});
    let began = Instant::now();
    let (_, attempt, steps) = flown(&mut bench.only("A", 0.5)).await;
    assert_eq!(attempt.end.failure().unwrap().kind, ErrorKind::Timeout);
    assert_eq!((attempt.number, steps, began.elapsed()), (2, vec!["1:A -> A".to_owned()], Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn eight_at_once_on_a_key_for_two_are_queued_in_order() {
    let does = [const { Does::Takes(1, "hi") }; 8];
    let bench = bench(&[("A", &does)], |config| {
        config.endpoints[0].limits = Limits { parallel: Some(2), ..Limits::default() };
    });
    let began = Instant::now();
    let flights = (0..8).map(|nth| {
        let mut flight = bench.only("A", 600.0);
        async move {
            let (text, ..) = flown(&mut flight).await;
            assert_eq!(text, "hi");
            (nth / 2, began.elapsed().as_secs())
        }
    });
    let done = future::join_all(flights).await;
    assert_eq!(done, [(0, 1), (0, 1), (1, 2), (1, 2), (2, 3), (2, 3), (3, 4), (3, 4)]);
    assert_eq!(bench.world.now.lock().unwrap().1, 2);
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_waits_can_be_moved_on_or_hurried_and_gives_up_its_place_when_dropped() {
    let bench = bench(&[("A", &[Does::Takes(50, "slow")])], |config| {
        config.endpoints[0].limits = Limits { parallel: Some(1), ..Limits::default() };
        config.endpoints[1].limits = Limits { parallel: Some(1), ..Limits::default() };
    });
    let mut events = Vec::new();
    let mut first = bench.only("A", 600.0);
    first.prepare().await.unwrap();
    let mut second = bench.only("B", 600.0);
    second.prepare().await.unwrap();
    let mut waits = bench.alias();
    assert!(matches!(waits.next(&mut events).await, Step::Waiting { until: None, .. }));
    waits.nudge(Nudge::AskNow);
    let (text, attempt, _) = flown(&mut waits).await;
    assert_eq!((text.as_str(), attempt.number), ("slow", 1));
    drop(second);
    let mut waits = bench.alias();
    let (text, attempt, _) = flown(&mut waits).await;
    assert_eq!((text.as_str(), attempt.route), ("hi", route("B")));
}

#[tokio::test(start_paused = true)]
async fn a_turn_that_hangs_can_be_moved_on() {
    let bench = bench(&[("A", &[Does::Takes(500, "late")])], |_| {});
    let mut flight = bench.alias();
    let mut events = Vec::new();
    let hangs = tokio::time::timeout(Duration::from_secs(5), flight.next(&mut events)).await;
    assert!(hangs.is_err());
    flight.nudge(Nudge::MoveOn);
    let (text, attempt, steps) = flown(&mut flight).await;
    assert_eq!((text.as_str(), attempt.route, steps.len()), ("hi", route("B"), 1));
}

#[tokio::test(start_paused = true)]
async fn a_broken_answer_says_where_it_could_be_gone_on_with() {
    let bench = bench(&[("A", &[Does::Breaks("The quick bro")])], |_| {});
    let mut flight = bench.alias();
    let (text, attempt, _) = flown(&mut flight).await;
    assert_eq!((text.as_str(), attempt.number), ("The quick bro", 1));
    assert!(matches!(attempt.end, End::Cut(_)));
    assert_eq!(flight.onward(), Some(&route("B")));
}

#[tokio::test(start_paused = true)]
async fn a_broken_answer_is_gone_on_with_and_has_no_seam() {
    let does: &[(&str, &[Does])] =
        &[("A", &[Does::Breaks("The quick bro")]), ("B", &[Does::Says("quick brown fox")])];
    let bench = bench(does, |config| config.router.on_cut = OnCut::Automatic);
    let (text, attempt, steps) = flown(&mut bench.alias()).await;
    assert_eq!((text.as_str(), attempt.number), ("The quick brown fox", 2));
    assert_eq!(steps, ["1:A -> B"]);
    let asked = bench.world.asked.lock().unwrap();
    let body: serde_json::Value = serde_json::from_str(&asked[1].1).unwrap();
    let said: Vec<_> = body["messages"].as_array().unwrap().iter().map(|said| &said["role"]).collect();
    assert_eq!(said, ["user", "assistant", "user"]);
    assert_eq!(body["messages"][1]["content"], "The quick bro");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_goes_on_with_is_cut() {
    let down = [const { Does::Refuses(503, None) }; 9];
    let mut first = vec![Does::Breaks("Half")];
    first.extend(down.clone());
    let bench = bench(&[("A", &first), ("B", &down)], |config| config.router.on_cut = OnCut::Automatic);
    let (text, attempt, _) = flown(&mut bench.alias()).await;
    assert_eq!(text, "Half");
    assert!(matches!(attempt.end, End::Cut(_)), "{:?}", attempt.end);
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_not_asked_again_until_it_is_another() {
    let bench = bench(&[("A", &[Does::Refuses(401, None)])], |_| {});
    for _ in 0..3 {
        assert_eq!(flown(&mut bench.alias()).await.0, "hi");
    }
    assert_eq!(bench.asked(), "abbb");
    *bench.world.key.lock().unwrap() = "sk-two".to_owned();
    assert_eq!(flown(&mut bench.alias()).await.0, "hi");
    assert_eq!(bench.asked(), "abbba");
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_gives_back_its_place() {
    let bench = bench(&[], |config| {
        config.endpoints[0].limits = Limits { parallel: Some(1), ..Limits::default() };
    });
    for _ in 0..3 {
        let mut flight = bench.only("A", 600.0);
        flight.prepare().await.unwrap();
    }
    let began = Instant::now();
    assert_eq!(flown(&mut bench.only("A", 600.0)).await.0, "hi");
    assert_eq!(began.elapsed(), Duration::ZERO);
}

/// Lets nobody go to one endpoint.
struct Shut(&'static str);

impl Gate for Shut {
    fn admit(&self, route: &Route) -> Result<(), Failure> {
        let is_shut = route.endpoint.as_str() == self.0;
        if is_shut { Err(Failure::new(ErrorKind::Budget, "spent")) } else { Ok(()) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_route_that_the_gate_refuses_is_left_out_and_never_asked() {
    let mut bench = bench(&[("A", &[Does::Says("a")]), ("B", &[Does::Says("b")])], |_| {});
    bench.means.gate = Some(Arc::new(Shut("A")));
    let (text, attempt, _) = flown(&mut bench.alias()).await;
    assert_eq!((text.as_str(), attempt.number, bench.asked().as_str()), ("b", 1, "b"));
    let mut only = bench.only("A", 60.0);
    let refused = only.prepare().await.unwrap_err();
    assert_eq!((refused.kind, bench.asked().as_str()), (ErrorKind::Budget, "b"));
}
