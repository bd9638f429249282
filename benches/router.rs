//! What the router and the transport add to a request: a whole turn through [`Flight`] beside the same request made
//! with reqwest and nothing else, on loopback, one after the other in one run.
//!
//! The figure to keep is the difference of the medians: 150 microseconds at most.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run has nothing to say"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::{self, BoxFuture};
use loquat::chat::request::Delivery;
use loquat::chat::{ChatRequest, Failure, KeyLabel, Part, RequestMessage, Role, Route, Settings};
use loquat::config::{Alias, AliasRoute, Config, Endpoint, Limits, Location, Strategy, Template, WireFormat};
use loquat::http::NetTransport;
use loquat::keys::{Credential, KeyOrigin, Secret};
use loquat::router::{Credentials, Facts, Flight, Means, Plan, Router, Step};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const REQUESTS: usize = 3_000;
const ANSWER: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: [DONE]\n\n";

struct OneKey;

impl Credentials for OneKey {
    fn credential(
        &self,
        endpoint: &Endpoint,
        _: &KeyLabel,
    ) -> BoxFuture<'static, Result<Credential, Failure>> {
        future::ready(Ok(Credential {
            label: KeyLabel::default(),
            secret: Some(Secret::new("sk-bench".to_owned())),
            base_url: endpoint.base_url.raw.clone(),
            own_base_url: false,
            origin: KeyOrigin::Literal,
        }))
        .boxed()
    }
}

fn main() {
    // For the bare client, which is never asked for TLS. Another one there already does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = serve();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("http://{server}/v1");
        let state = tempfile::tempdir().unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let means =
            means(&url, Router::new(Config::default().router.cooldown, Some(state.path().to_owned())));
        let (mut bare, mut one, mut alias) = (Vec::new(), Vec::new(), Vec::new());
        // In turns, so that what else the machine does falls on all alike.
        for _ in 0..REQUESTS {
            bare.push(timed(ask_bare(&client, &url)).await);
            let route = Route { endpoint: "E".into(), key: KeyLabel::default(), model: "m".into() };
            let plan = Plan::route(&means.config, route, &|_| Facts::default());
            one.push(timed(fly(&means, plan)).await);
            let plan = Plan::alias(&means.config, &"x".into(), &KeyLabel::default(), &|_| Facts::default());
            alias.push(timed(fly(&means, plan.unwrap().unwrap())).await);
        }
        let bare = tell("bare reqwest", bare, Duration::ZERO);
        tell("one route", one, bare);
        tell("an alias, with its journal", alias, bare);
    });
}

async fn timed(what: impl Future<Output = ()>) -> Duration {
    let began = Instant::now();
    what.await;
    began.elapsed()
}

/// Prints a median and what it is over `bare`.
fn tell(name: &str, mut took: Vec<Duration>, bare: Duration) -> Duration {
    took.sort_unstable();
    let (median, late) = (took[took.len() / 2], took[took.len() * 95 / 100]);
    println!("{name}: median {median:?} (+{:?}), p95 {late:?}", median.saturating_sub(bare));
    median
}

async fn ask_bare(client: &reqwest::Client, url: &str) {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}"#;
    let request = client.post(format!("{url}/chat/completions"));
    let request =
        request.header("content-type", "application/json").header("authorization", "Bearer sk-bench");
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(answer.bytes().await.unwrap(), ANSWER);
}

async fn fly(means: &Means, plan: Plan) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    let mut flight = Flight::new(means.clone(), Arc::new(plan), hi(), deadline, None);
    let mut events = Vec::new();
    flight.prepare().await.unwrap();
    loop {
        match flight.next(&mut events).await {
            Step::Said => {}
            Step::Ended(attempt) => break assert_eq!(attempt.end.failure(), None),
            other => unreachable!("nothing fails here: {other:?}"),
        }
    }
}

fn hi() -> ChatRequest {
    let parts = vec![Part::Text { text: "hi".into() }];
    ChatRequest {
        model: "m".into(),
        messages: vec![RequestMessage { role: Role::User, parts, route: None }],
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    }
}

fn means(url: &str, router: Router) -> Means {
    let at = Location { file: "bench.yaml".into(), line: 1, column: 1 };
    let url = Template { raw: url.to_owned(), at: at.clone() };
    let route = |model: &str| AliasRoute {
        endpoint: "E".into(),
        model: model.into(),
        key: None,
        weight: 1,
        order: 1,
        limits: Limits::default(),
        timeouts: None,
        at: at.clone(),
    };
    let alias = Alias {
        name: "x".into(),
        strategy: Strategy::Latency,
        routes: vec![route("m"), route("n")],
        fallbacks: Vec::new(),
        context_window_fallbacks: Vec::new(),
        content_policy_fallbacks: Vec::new(),
        retries: None,
        at: at.clone(),
    };
    let mut config =
        Config { endpoints: vec![Endpoint::new("E", WireFormat::OpenaiChat, url)], ..Config::default() };
    config.router.models = vec![alias];
    let transport = Arc::new(NetTransport::default());
    Means { transport, config: Arc::new(config), router, credentials: Arc::new(OneKey), gate: None }
}

/// A server that gives every request the same answer at once, on a thread of its own; where it is.
fn serve() -> std::net::SocketAddr {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (mut socket, _) = listener.accept().await.unwrap();
                socket.set_nodelay(true).unwrap();
                tokio::spawn(async move {
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ";
                    let answer = format!("{head}{}\r\n\r\n{ANSWER}", ANSWER.len());
                    let mut held = Vec::new();
                    let mut buffer = [0; 4096];
                    while let Ok(read @ 1..) = socket.read(&mut buffer).await {
                        held.extend_from_slice(&buffer[..read]);
                        // A body of one JSON object without a nested end of line: the last byte ends it.
                        if held.ends_with(b"}") {
                            held.clear();
                            socket.write_all(answer.as_bytes()).await.unwrap();
                        }
                    }
                });
            }
        });
    });
    told.recv().unwrap()
}
