//! A turn against a scripted transport and a database in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use http::{HeaderMap, HeaderValue, header};
use uuid::Uuid;

use super::*;
use crate::chat::request::Delivery;
use crate::chat::{
    FinishReason, KeyLabel, Part, Price, Rate, Rates, RequestMessage, Role, Settings, Status, Tree, Usage,
};
use crate::config::{Budget, Cooldown, Env, Paths, Period, PriceRow, WireFormat};
use crate::http::{HttpRequest, HttpResponse};
use crate::providers::testing;
use crate::storage::Store;
use crate::telemetry::budget::tests::budget;
use crate::telemetry::{EventStatus, Level, RequestEvent};

/// One piece of a scripted answer.
#[derive(Clone)]
enum Piece {
    Bytes(&'static str),
    Wait(Duration),
    Breaks,
    Hangs,
}

/// One scripted answer.
#[derive(Clone)]
struct Script {
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    pieces: Vec<Piece>,
}

fn sse(pieces: &[Piece]) -> Script {
    Script { status: 200, headers: &[("content-type", "text/event-stream")], pieces: pieces.to_vec() }
}

fn error(status: u16, headers: &'static [(&'static str, &'static str)], body: &'static str) -> Script {
    Script { status, headers, pieces: vec![Piece::Bytes(body)] }
}

/// Answers with its scripts, one a request, and keeps the bodies of the requests.
struct Scripted {
    scripts: Mutex<VecDeque<Script>>,
    asked: Asked,
}

/// The bodies of the requests so far.
type Asked = Arc<Mutex<Vec<String>>>;

impl Transport for Scripted {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let script = self.scripts.lock().unwrap().pop_front();
        let body = request.body.unwrap_or_default();
        self.asked.lock().unwrap().push(String::from_utf8_lossy(&body).into_owned());
        async move {
            let script = script.ok_or_else(|| Failure::new(ErrorKind::Network, "connection refused"))?;
            let mut headers = HeaderMap::new();
            for (name, value) in script.headers {
                headers.insert(header::HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            let body = stream::iter(script.pieces)
                .filter_map(|piece| async move {
                    match piece {
                        Piece::Bytes(bytes) => Some(Ok(Bytes::from_static(bytes.as_bytes()))),
                        Piece::Wait(pause) => {
                            tokio::time::sleep(pause).await;
                            None
                        }
                        Piece::Breaks => Some(Err(Failure::new(ErrorKind::Network, "connection reset"))),
                        Piece::Hangs => std::future::pending().await,
                    }
                })
                .boxed();
            Ok(HttpResponse { status: script.status, headers, body })
        }
        .boxed()
    }
}

/// Keeps what it hears.
#[derive(Default)]
struct Heard(Vec<TurnEvent>);

impl Listener for Heard {
    async fn hear(&mut self, event: TurnEvent) {
        self.0.push(event);
    }
}

struct Bench {
    turns: Turns,
    storage: Storage,
    folder: tempfile::TempDir,
    asked: Asked,
}

fn bench(scripts: Vec<Script>) -> Bench {
    bench_of(WireFormat::OpenaiChat, scripts)
}

fn bench_of(api: WireFormat, scripts: Vec<Script>) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let env = Env::of(
        ["DATA", "CACHE", "STATE"]
            .map(|name| (format!("LOQUAT_{name}_DIR"), folder.path().join(name).display().to_string())),
    );
    let paths = Paths::from_env(&env);
    let storage = Storage::start(Store::in_memory, |opened| opened.unwrap());
    let config = Config {
        endpoints: vec![Endpoint { api, ..testing::endpoint("mock", "http://127.0.0.1:9/v1") }],
        env,
        ..Config::default()
    };
    let asked = Asked::default();
    let turns = Turns {
        config: Arc::new(config),
        keys: Keys::new(paths.clone()),
        transport: Arc::new(Scripted { scripts: Mutex::new(scripts.into()), asked: asked.clone() }),
        catalog: Catalog::new(paths.clone()),
        storage: Some(storage.clone()),
        router: Router::new(Cooldown::default(), Some(paths.state.clone())),
        log: Log::of(&paths),
        user: "ana".into(),
    };
    Bench { turns, storage, folder, asked }
}

fn turn() -> TurnRequest {
    let now = Timestamp::UNIX_EPOCH;
    let route = Route { endpoint: "mock".into(), key: KeyLabel::default(), model: "m".into() };
    let id = |n| Uuid::from_u128(n);
    let user = Message {
        id: MessageId(id(1)),
        parent: None,
        role: Role::User,
        parts: vec![Part::Text { text: "secret prompt".into() }],
        status: Status::Complete,
        route: Some(route.clone()),
        provenance: None,
        created: now,
    };
    let answer = Message {
        id: MessageId(id(2)),
        parent: Some(user.id),
        role: Role::Assistant,
        parts: Vec::new(),
        status: Status::Streaming,
        ..user.clone()
    };
    let conversation = ConversationId(id(3));
    TurnRequest {
        turn: TurnId(id(4)),
        conversation,
        create: Some(Box::new(Conversation {
            id: conversation,
            title: "t".into(),
            created: now,
            updated: now,
            settings: Settings::default(),
            tree: Tree::default(),
        })),
        user: Some(Box::new(user.clone())),
        answer: Box::new(answer),
        standing: Standing::Chosen,
        allowance: Allowance::Kept,
        request: ChatRequest {
            model: "m".into(),
            messages: vec![RequestMessage::from(&user)],
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        },
        route,
        mode: Mode::Tui,
    }
}

const HELLO: &str = "data: {\"model\":\"m-1\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n";
const REST: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n\
    data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";

/// Runs the turn; returns what was heard, the answer as it is on disk, and the events of the log.
async fn run(
    bench: &Bench,
    deadline: Option<Duration>,
    stop: Wishes,
) -> (Vec<TurnEvent>, Message, Vec<RequestEvent>) {
    let mut heard = Heard::default();
    let deadline = deadline.map(|deadline| Instant::now() + deadline);
    let answer = bench.turns.run(turn(), deadline, stop, &mut heard).await;
    let stored = bench.storage.call(|store| store.load(ConversationId(Uuid::from_u128(3)))).await.unwrap();
    assert_eq!(stored.tree.get(answer.id), Some(&answer), "what is on disk is what was told");
    assert_eq!(heard.0.last(), Some(&TurnEvent::Ended(Box::new(answer.clone()))));
    (heard.0, answer, events(bench))
}

/// The events of the log.
fn events(bench: &Bench) -> Vec<RequestEvent> {
    let mut events = Vec::new();
    for file in std::fs::read_dir(bench.folder.path().join("DATA/telemetry")).into_iter().flatten() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("secret prompt") && !text.contains("Hel"));
        events.extend(text.lines().map(|line| serde_json::from_str::<RequestEvent>(line).unwrap()));
    }
    events
}

/// Leaves the turn behind in a database on disk, with an event for each of its attempts so far, and opens it.
fn left_behind(bench: &Bench, attempts: &[(u32, Finality)]) {
    let (turn, paths) = (turn(), Paths::from_env(&bench.turns.config.env));
    let mut store = Store::open(&paths.database(), Timestamp::UNIX_EPOCH, |_| {}).unwrap();
    let begun = Begun { at: Timestamp::UNIX_EPOCH, purpose: turn.mode.name(), standing: turn.standing };
    store
        .begin_turn(turn.conversation, turn.create.as_deref(), turn.user.as_deref(), &turn.answer, begun)
        .unwrap();
    let ledger = Ledger { turns: &bench.turns, turn: &turn, spending: None };
    for (number, finality) in attempts {
        let end = End::Failed(Failure::new(ErrorKind::Network, "reset"));
        let attempt = Attempt {
            number: *number,
            route: turn.route.clone(),
            started: Timestamp::UNIX_EPOCH,
            latency: Duration::ZERO,
            ttft: None,
            status: None,
            end,
            usage: Usage::default(),
            model_served: None,
        };
        ledger.record(&attempt, None, *finality);
    }
    drop(store);
    for _ in 0..2 {
        drop(open_store(&paths, || bench.turns.config.clone()).unwrap());
    }
}

#[test]
fn a_turn_that_was_left_behind_ends_in_the_log_after_its_failed_attempts() {
    let bench = bench(Vec::new());
    left_behind(&bench, &[(1, Finality::Retried)]);
    assert_eq!(
        ledger(&events(&bench)),
        [
            (1, false, EventStatus::Error, Some(ErrorKind::Network)),
            (2, true, EventStatus::Cut, Some(ErrorKind::Cut))
        ]
    );
}

#[test]
fn a_turn_that_ended_in_the_log_before_its_process_went_is_not_told_again() {
    let bench = bench(Vec::new());
    left_behind(&bench, &[(1, Finality::Final)]);
    assert_eq!(ledger(&events(&bench)), [(1, true, EventStatus::Error, Some(ErrorKind::Network))]);
}

/// (attempt, final, status, error) of each event.
fn ledger(events: &[RequestEvent]) -> Vec<(u32, bool, EventStatus, Option<ErrorKind>)> {
    events.iter().map(|event| (event.attempt, event.is_final, event.status, event.error)).collect()
}

#[tokio::test]
async fn an_answer_is_told_stored_and_logged_alike() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Bytes(REST)])]);
    let (_keep, stop) = wishes();
    let (heard, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.text(), "Hello");
    assert_eq!(answer.status, Status::Complete);
    let provenance = answer.provenance.unwrap();
    assert_eq!(provenance.finish, Some(FinishReason::Stop));
    assert_eq!(provenance.model_served, Some("m-1".into()));
    assert_eq!(provenance.usage, Usage { tokens_in: Some(9), tokens_out: Some(2), ..Usage::default() });
    assert!(matches!(heard[0], TurnEvent::Sent { .. }));
    assert_eq!(ledger(&events), [(1, true, EventStatus::Ok, None)]);
    assert_eq!((events[0].tokens_in, events[0].tokens_out), (Some(9), Some(2)));
}

#[tokio::test]
async fn a_price_that_a_provider_bills_by_is_taken_at_its_word_and_marked() {
    const TOLD: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"cost\":0.0000123}}\n\n\
        data: [DONE]\n\n";
    let told = "0.0000123".parse().ok();
    for (url, price) in [("https://openrouter.ai/api/v1", told), ("https://gateway.example/v1", None)] {
        let mut bench = bench(vec![sse(&[Piece::Bytes(TOLD)])]);
        let mut config = (*bench.turns.config).clone();
        config.endpoints = vec![testing::endpoint("mock", url)];
        bench.turns.config = Arc::new(config);
        let (_keep, stop) = wishes();
        let (_, answer, events) = run(&bench, None, stop).await;
        assert_eq!((events[0].cost_usd, events[0].cost_told), (price, price.is_some()), "{url}");
        assert_eq!(answer.provenance.unwrap().cost_eur, events[0].cost_eur);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_content_is_tried_again_and_both_attempts_are_logged() {
    let overloaded =
        error(503, &[("content-type", "application/json")], "{\"error\":{\"message\":\"overloaded\"}}");
    let bench = bench(vec![overloaded, sse(&[Piece::Bytes(HELLO), Piece::Bytes(REST)])]);
    let (_keep, stop) = wishes();
    let (heard, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.text(), "Hello");
    assert_eq!(answer.provenance.unwrap().attempts, 2);
    assert!(heard.iter().any(|event| matches!(event, TurnEvent::AttemptFailed { attempt: 1, .. })));
    assert_eq!(
        ledger(&events),
        [(1, false, EventStatus::Error, Some(ErrorKind::Provider)), (2, true, EventStatus::Ok, None)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_not_tried_again() {
    let refused =
        error(401, &[("content-type", "application/json")], "{\"error\":{\"message\":\"bad key\"}}");
    let bench = bench(vec![refused]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, None, stop).await;
    assert!(answer.is_dead_leaf());
    assert_eq!(answer.provenance.unwrap().failure.unwrap().kind, ErrorKind::Auth);
    assert_eq!(ledger(&events), [(1, true, EventStatus::Error, Some(ErrorKind::Auth))]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_stream_keeps_what_came_and_is_cut() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Breaks])]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!((answer.text().as_str(), answer.status), ("Hel", Status::Cut));
    assert_eq!(ledger(&events), [(1, true, EventStatus::Cut, Some(ErrorKind::Cut))]);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_turn_that_hangs_and_keeps_what_came() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Hangs])]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, Some(Duration::from_secs(3)), stop).await;
    assert_eq!((answer.text().as_str(), answer.status), ("Hel", Status::Failed));
    assert_eq!(ledger(&events), [(1, true, EventStatus::Error, Some(ErrorKind::Timeout))]);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_stops_the_turn_and_keeps_what_came() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Wait(Duration::from_secs(5)), Piece::Hangs])]);
    let (keep, stop) = wishes();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(keep);
    });
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!((answer.text().as_str(), answer.status), ("Hel", Status::Cancelled));
    assert_eq!(ledger(&events), [(1, true, EventStatus::Cancelled, None)]);
}

#[tokio::test]
async fn a_turn_stopped_between_two_attempts_ends_the_one_that_was_waited_for() {
    let busy = error(429, &[("retry-after", "30")], "{\"error\":{\"message\":\"slow down\"}}");
    let bench = bench(vec![busy]);
    let (keep, stop) = wishes();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(keep);
    });
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.status, Status::Cancelled);
    assert_eq!(
        ledger(&events),
        [(1, false, EventStatus::Error, Some(ErrorKind::RateLimit)), (2, true, EventStatus::Cancelled, None)]
    );
}

#[tokio::test]
async fn a_continued_answer_grows_from_what_was_there() {
    let bench = bench(vec![sse(&[Piece::Bytes(REST)])]);
    let mut request = turn();
    request.answer.parts = vec![Part::Text { text: "Hel".into() }];
    let before = Usage { tokens_in: Some(9), tokens_out: Some(100), ..Usage::default() };
    request.answer.provenance = Some(Provenance { usage: before, ..Provenance::default() });
    let (_keep, stop) = wishes();
    let answer = bench.turns.run(request, None, stop, &mut Heard::default()).await;
    assert_eq!(answer.parts, [Part::Text { text: "Hello".into() }]);
    let usage = answer.provenance.as_ref().map(|provenance| provenance.usage);
    assert_eq!(usage, Some(Usage { tokens_in: Some(18), tokens_out: Some(102), ..Usage::default() }));
    let stored = bench.storage.call(|store| store.load(ConversationId(Uuid::from_u128(3)))).await.unwrap();
    assert_eq!(stored.tree.get(answer.id), Some(&answer));
}

#[tokio::test]
async fn text_of_a_live_answer_reaches_the_database_before_the_stream_goes_on() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Hangs])]);
    let (_keep, stop) = wishes();
    let turns = bench.turns.clone();
    let running = tokio::spawn(async move { turns.run(turn(), None, stop, &mut Heard::default()).await });
    let hello = [Part::Text { text: "Hel".into() }];
    loop {
        // The message is not there before the turn has begun.
        let live = bench.storage.call(|store| store.live_answer(MessageId(Uuid::from_u128(2)))).await;
        if live.is_ok_and(|live| live.parts == hello) {
            break;
        }
        assert!(!running.is_finished());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.abort();
}

const PAUSED: &str = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-x\",\"usage\":\
    {\"input_tokens\":9,\"output_tokens\":1}}}\n\n\
    data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"Hel\"}}\n\n\
    data: {\"type\":\"content_block_stop\",\"index\":0}\n\n\
    data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"pause_turn\"},\"usage\":{\"output_tokens\":2}}\n\n\
    data: {\"type\":\"message_stop\"}\n\n";
const RESUMED: &str = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-x\",\"usage\":\
    {\"input_tokens\":11,\"output_tokens\":1}}}\n\n\
    data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"lo\"}}\n\n\
    data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n\
    data: {\"type\":\"message_stop\"}\n\n";

#[tokio::test]
async fn an_answer_that_its_provider_pauses_goes_on_within_one_attempt_and_its_tokens_add_up() {
    let bench =
        bench_of(WireFormat::Anthropic, vec![sse(&[Piece::Bytes(PAUSED)]), sse(&[Piece::Bytes(RESUMED)])]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.text(), "Hello");
    let provenance = answer.provenance.unwrap();
    assert_eq!((provenance.finish, provenance.attempts), (Some(FinishReason::Stop), 1));
    assert_eq!(provenance.usage, Usage { tokens_in: Some(20), tokens_out: Some(5), ..Usage::default() });
    assert_eq!(ledger(&events), [(1, true, EventStatus::Ok, None)]);
    assert_eq!((events[0].tokens_in, events[0].tokens_out), (Some(20), Some(5)));
    let bodies = bench.asked.lock().unwrap();
    assert_eq!(bodies.len(), 2);
    assert!(!bodies[0].contains("assistant"));
    assert!(bodies[1].contains(r#"{"role":"assistant","content":[{"type":"text","text":"Hel"}]}"#));
}

#[tokio::test]
async fn a_provider_that_only_pauses_is_not_asked_for_ever() {
    let bench = bench_of(WireFormat::Anthropic, vec![sse(&[Piece::Bytes(PAUSED)]); 30]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.text(), "Hel".repeat(11));
    assert_eq!(ledger(&events), [(1, true, EventStatus::Cut, Some(ErrorKind::Cut))]);
    assert_eq!(bench.asked.lock().unwrap().len(), 11);
}

#[tokio::test(start_paused = true)]
async fn an_error_after_a_pause_is_not_tried_again_and_keeps_what_came() {
    let busy = error(
        529,
        &[],
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}",
    );
    let bench = bench_of(WireFormat::Anthropic, vec![sse(&[Piece::Bytes(PAUSED)]), busy]);
    let (_keep, stop) = wishes();
    let (_, answer, events) = run(&bench, None, stop).await;
    assert_eq!(answer.text(), "Hel");
    assert_eq!(ledger(&events), [(1, true, EventStatus::Error, Some(ErrorKind::Provider))]);
    assert_eq!(events[0].tokens_in, Some(9));
}

/// The bench with a budget of so much a day, and a price of a euro a token.
fn with_budget(bench: &mut Bench, hard: &str) {
    let mut config = (*bench.turns.config).clone();
    let each = Money::from_decimal(1_000_000.into()).unwrap();
    let rates = Rates {
        input: each,
        output: each,
        cache_read: None,
        cache_write: None,
        cache_write_1h: None,
        reasoning: None,
    };
    config.prices.eur_per_usd = Rate(1.into());
    config.endpoints[0].prices = vec![PriceRow {
        model: "*".into(),
        endpoint: None,
        price: Price::tiered(rates, Vec::new()).unwrap(),
        as_of: None,
        source: None,
        at: config.endpoints[0].base_url.at.clone(),
    }];
    let day = budget(None, Some(hard));
    config.budgets = vec![Budget { per: Period::Day, ..day }];
    bench.turns = bench.turns.configured(Arc::new(config));
}

#[tokio::test]
async fn a_spent_budget_refuses_before_anything_leaves_and_a_person_may_go_over_it() {
    let answers = || sse(&[Piece::Bytes(HELLO), Piece::Bytes(REST)]);
    let mut bench = bench(vec![answers(), answers()]);
    with_budget(&mut bench, "11");
    let again = |number: u128, allowance| {
        let mut turn = turn();
        turn.answer.id = MessageId(Uuid::from_u128(number));
        TurnRequest { create: None, user: None, allowance, ..turn }
    };
    let (_first_wisher, first) = wishes();
    let mut heard = Heard::default();
    bench.turns.run(turn(), None, first, &mut heard).await;
    let levels = |heard: &Heard| -> Vec<(Level, Money)> {
        let told = heard.0.iter().filter_map(|event| match event {
            TurnEvent::Budgets(standings) => Some(standings),
            _ => None,
        });
        told.flatten().map(|standing| (standing.level(), standing.spent)).collect()
    };
    let eleven = "11".parse::<Money>().unwrap();
    assert_eq!(levels(&heard), [(Level::Hard, eleven)], "told with what it cost");

    let (_second_wisher, second) = wishes();
    let mut heard = Heard::default();
    let refused = bench.turns.run(again(12, Allowance::Kept), None, second, &mut heard).await;
    let failure = refused.provenance.unwrap().failure.unwrap();
    assert_eq!((failure.kind, heard.0.len()), (ErrorKind::Budget, 1));
    assert_eq!(bench.asked.lock().unwrap().len(), 1);

    let (_third_wisher, third) = wishes();
    let over = bench.turns.run(again(13, Allowance::Lifted), None, third, &mut Heard::default()).await;
    assert_eq!(over.status, Status::Complete);
    let over: Vec<Vec<String>> = events(&bench).into_iter().map(|event| event.over_budget).collect();
    assert_eq!(over, [vec![], vec!["all".to_owned()]]);
}

#[tokio::test]
async fn without_budgets_nothing_is_kept_of_them() {
    let bench = bench(vec![sse(&[Piece::Bytes(HELLO), Piece::Bytes(REST)])]);
    let (_wisher, wishes) = wishes();
    bench.turns.run(turn(), None, wishes, &mut Heard::default()).await;
    assert!(!bench.folder.path().join("STATE/budgets.json").exists());
}
