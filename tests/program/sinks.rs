//! Request events on their way to those who get them: a collector that is down, fails, hangs and recovers, files and
//! programs, over restarts and sudden ends.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Said;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};

use super::support::home::finish;
use super::support::http::{Reply, Request, Step};
use super::support::{Home, Mock, Pty, eventually};

/// What a collector got: every request, and by its key the first body it took.
#[derive(Clone, Default)]
struct Got {
    requests: Arc<Mutex<Vec<Request>>>,
    taken: Arc<Mutex<BTreeMap<String, Value>>>,
}

impl Got {
    fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no thread panics while it holds the lock").clone()
    }

    fn taken(&self) -> BTreeMap<String, Value> {
        self.taken.lock().expect("no thread panics while it holds the lock").clone()
    }
}

/// A collector on this port that takes events by their key once, and answers its requests by their number.
fn collector(listener: TcpListener, answer: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Got {
    let got = Got::default();
    let (told, answer, number) = (got.clone(), Arc::new(answer), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (got, answer, number) = (told.clone(), Arc::clone(&answer), Arc::clone(&number));
            std::thread::spawn(move || {
                while let Ok(Some(request)) = Request::read(&mut stream) {
                    let reply = answer(number.fetch_add(1, Ordering::SeqCst));
                    got.requests.lock().expect("a lock").push(request.clone());
                    if reply.status == 200 {
                        let key = request.headers.get("idempotency-key").cloned().unwrap_or_default();
                        got.taken.lock().expect("a lock").entry(key).or_insert(request.body);
                    }
                    if reply.write(&mut stream).is_err() {
                        return;
                    }
                }
            });
        }
    });
    got
}

fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let url = format!("http://{}/api/request-event", listener.local_addr().expect("an address"));
    (listener, url)
}

fn well() -> Reply {
    Reply::json(200, &json!({}))
}

/// One that takes the event, and whose answer never comes.
fn hanging() -> Reply {
    Reply { steps: vec![Step::Hang], ..well() }.after(std::time::Duration::from_secs(600))
}

/// A home whose events go to a sink that is written like this.
fn home(sink: &str) -> Home {
    asked(sink, &[])
}

/// The same, in which these were asked before there was a sink.
fn asked(sink: &str, prompts: &[&str]) -> Home {
    let config = Home::config(&Mock::start());
    let home = Home::with_config(&config).with_variable("MOCK_KEY", super::support::KEY);
    for prompt in prompts {
        home.ask(prompt, &[]);
    }
    home.write_config(&format!("{config}telemetry: {{sinks: [{sink}]}}\n"));
    home
}

fn impact(url: &str, more: &str) -> String {
    format!("{{name: impact, kind: http, url: \"{url}\", timeout: 1{more}}}")
}

const FIXED: [&str; 8] =
    ["userId", "ts", "model", "provider", "tokens_in", "tokens_out", "costEUR", "latency"];

/// What a collector has to have of these events, by their ids.
fn expected(home: &Home) -> BTreeMap<String, Value> {
    let fixed = |event: &Value| -> Value {
        FIXED
            .iter()
            .map(|name| ((*name).to_owned(), event[name].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    home.events()
        .iter()
        .map(|event| (event["id"].as_str().expect("an id").to_owned(), fixed(event)))
        .collect()
}

#[test]
fn a_collector_that_is_down_fails_and_hangs_gets_every_event_once_by_its_id() {
    let (listener, url) = port();
    drop(listener);
    let address = url.trim_start_matches("http://").split('/').next().expect("an address").to_owned();
    let home = home(&impact(&url, ""));
    for prompt in ["one", "two", "three"] {
        home.ask(prompt, &[]);
    }
    let down = home.run(&["telemetry", "flush", "--json"]).exits(6).json();
    assert_eq!((&down[0]["delivered"], &down[0]["rejected"]), (&json!(0), &json!(0)));

    let listener = TcpListener::bind(&address).expect("the port is still free");
    let got = collector(listener, |number| match number {
        0 => Reply::json(500, &json!({"error": "not now"})),
        // It is taken, and nobody is told.
        2 => hanging(),
        _ => well(),
    });
    home.run(&["telemetry", "flush"]).exits(7);
    home.run(&["telemetry", "flush"]).exits(6);
    let status = home.run(&["telemetry", "status", "--json"]).exits(0).json();
    assert_eq!(
        (&status[0]["delivered"], &status[0]["pending"], &status[0]["failures"]),
        (&json!(1), &json!(2), &json!(1))
    );
    home.run(&["telemetry", "flush"]).exits(0);
    assert_eq!(got.taken(), expected(&home));
    // One was asked for twice more: after the 500, and as its answer never came.
    assert_eq!(got.requests().len(), 5);
    home.run(&["telemetry", "flush"]).exits(0);
    assert_eq!(got.requests().len(), 5);
}

#[test]
fn what_is_sent_is_what_the_preview_printed_and_no_header_is_told() {
    let (listener, url) = port();
    let secret = "sink-secret-4711";
    let got = collector(listener, |number| match number {
        0 => Reply::json(500, &json!({"said": "Bearer sink-secret-4711"})),
        _ => well(),
    });
    let sink = impact(&url, ", headers: {Authorization: \"Bearer ${TOKEN}\"}");
    let home = asked(&sink, &["hi"]).with_variable("TOKEN", secret);
    let preview = home.run(&["telemetry", "preview", "--json"]).exits(0);
    let text = home.run(&["telemetry", "preview"]).exits(0);
    let failed = home.run(&["telemetry", "flush"]).exits(7);
    let status = home.run(&["telemetry", "status"]).exits(0);
    let status_json = home.run(&["telemetry", "status", "--json"]).exits(0);
    home.run(&["telemetry", "flush"]).exits(0);

    let sent = got.requests().pop().expect("a request");
    assert_eq!(sent.headers["authorization"], format!("Bearer {secret}"));
    let printed = preview.json();
    let body = printed[0]["body"].as_str().expect("a body");
    assert_eq!(body, sent.body.to_string());
    assert!(text.text().contains(body), "{}", text.text());
    assert_eq!(
        printed[0]["headers"],
        json!({"content-type": "application/json", "idempotency-key": sent.headers["idempotency-key"],
               "authorization": "***"})
    );
    for outcome in [&preview, &text, &failed, &status, &status_json] {
        assert!(!outcome.text().contains(secret) && !outcome.stderr.contains(secret), "{outcome:?}");
    }
    home.assert_no_file_holds(secret);
    let after = home.run(&["telemetry", "preview", "--json"]).exits(0);
    assert_eq!(after.json(), json!([]));
}

#[test]
fn what_a_collector_will_never_take_is_put_aside_with_its_reason() {
    let (listener, url) = port();
    let got = collector(listener, |number| match number {
        0 => Reply::json(422, &json!({"error": "no such model"})),
        _ => well(),
    });
    let home = asked(&impact(&url, ""), &["one", "two"]);
    let flushed = home.run(&["telemetry", "flush", "--json"]).exits(0).json();
    assert_eq!((&flushed[0]["delivered"], &flushed[0]["rejected"]), (&json!(1), &json!(1)));
    let aside =
        std::fs::read_to_string(home.path().join("state/sinks/impact.rejected.jsonl")).expect("it is there");
    let aside: Value = serde_json::from_str(&aside).expect("one line");
    let mut expected = expected(&home);
    assert_eq!(expected.remove(aside["id"].as_str().expect("an id")), Some(aside["event"].clone()));
    assert!(aside["reason"].as_str().expect("a reason").contains("422"), "{aside}");
    assert_eq!(got.taken(), expected);
    // It is sent again where that is asked for.
    home.run(&["telemetry", "replay", "impact"]).exits(0);
    assert_eq!(got.taken().len(), 2);
}

#[test]
fn the_app_delivers_beside_its_turns_and_after_it_was_killed() {
    let (listener, url) = port();
    // The first answer never comes; until the app is killed nothing else is asked for.
    let got = collector(listener, |number| if number == 0 { hanging() } else { well() });
    let home = home(&impact(&url, "").replace("timeout: 1", "timeout: 600"));
    let mut pty = Pty::open(&home, &[]);
    let turns = |count: usize| {
        let finals = || home.events().iter().filter(|event| event["final"] == true).count();
        eventually("the turn's event", || (finals() >= count).then_some(()));
    };
    pty.say("the first");
    eventually("the hanging delivery", || (got.requests().len() == 1).then_some(()));
    turns(1);
    // Turns go on while the collector hangs.
    for (count, prompt) in [(2, "the second"), (3, "the third")] {
        // The event is written before the app knows that the turn has ended.
        pty.wait_until_gone("^C stop");
        pty.say(prompt);
        turns(count);
    }
    assert_eq!(got.requests().len(), 1);
    pty.signal("KILL");
    eventually("the lock's end", || {
        let flushed = home.run(&["telemetry", "flush", "--json"]).exits(0).json();
        (flushed[0]["busy"] == false).then_some(())
    });
    assert_eq!(got.taken(), expected(&home));
}

/// The file in which a sink keeps how it stands.
fn state(home: &Home) -> std::path::PathBuf {
    home.path().join("state/sinks/impact.json")
}

#[test]
fn a_collector_that_was_down_for_an_hour_gets_all_from_the_app_after_kills_and_restarts() {
    let (listener, url) = port();
    drop(listener);
    let address = url.trim_start_matches("http://").split('/').next().expect("an address").to_owned();
    let home = home(&impact(&url, ""));
    let kept =
        || std::fs::read(state(&home)).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    let turn = |pty: &mut Pty, prompt: &str, count: usize| {
        pty.say(prompt);
        eventually("the turn's event", || (home.events().len() >= count).then_some(()));
    };
    let mut pty = Pty::open(&home, &[]);
    turn(&mut pty, "the first", 1);
    eventually("a failure", || (kept()?["failures"].as_u64()? > 0).then_some(()));
    pty.signal("KILL");
    // The hour: many more failures, and the next try far away.
    let later = |minutes: i64, failures: u64| {
        let mut told = kept().expect("a state");
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(minutes);
        told["failures"] = failures.into();
        told["retry_at"] = at.to_string().into();
        std::fs::write(state(&home), told.to_string()).expect("it can be written");
    };
    later(5, 19);
    let listener = TcpListener::bind(&address).expect("the port is still free");
    let got = collector(listener, |number| match number {
        0 => Reply::json(500, &json!({"error": "still starting"})),
        _ => well(),
    });
    let mut pty = Pty::open(&home, &[]);
    // A sink that is stuck is told of once, and turns go on.
    pty.wait_for_text("telemetry status");
    turn(&mut pty, "the second", 2);
    assert_eq!(got.requests().len(), 0, "nobody is asked before the time");
    pty.signal("KILL");
    later(-1, 20);
    let mut pty = Pty::open(&home, &[]);
    turn(&mut pty, "the third", 3);
    // It answered 500 once more, and is asked again after a pause: that is over, too.
    eventually("the collector's 500", || (!got.requests().is_empty()).then_some(()));
    eventually("its failure", || (kept()?["failures"].as_u64()? == 21).then_some(()));
    pty.signal("KILL");
    later(-1, 21);
    let pty = Pty::open(&home, &[]);
    eventually("every event", || (got.taken().len() == 3).then_some(()));
    pty.quit();
    assert_eq!(got.taken(), expected(&home));
    let standing = home.run(&["telemetry", "status", "--json"]).exits(0).json();
    assert_eq!((&standing[0]["pending"], &standing[0]["failures"]), (&json!(0), &json!(0)));
}

#[test]
fn one_shots_deliver_what_they_can_and_wait_for_nobody_who_hangs() {
    let (listener, url) = port();
    let hangs = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&hangs);
    let got = collector(listener, move |_| if told.load(Ordering::SeqCst) { hanging() } else { well() });
    let home = home(&impact(&url, "").replace("timeout: 1", "timeout: 600"));
    // What a run has no time for, the next one delivers.
    eventually("an event", || {
        home.ask("one", &[]);
        (!got.taken().is_empty()).then_some(())
    });
    hangs.store(true, Ordering::SeqCst);
    home.ask("two", &[]);
    hangs.store(false, Ordering::SeqCst);
    home.run(&["telemetry", "flush"]).exits(0);
    assert_eq!(got.taken(), expected(&home));
}

#[test]
fn a_collector_that_hangs_is_waited_for_once_and_then_left_alone_until_its_pause_is_over() {
    let (listener, url) = port();
    let got = collector(listener, |_| hanging());
    let home = home(&impact(&url, "").replace("timeout: 1", "timeout: 600"));
    // On a busy machine a run may be over before it has written down that it waited; the next one does.
    let waits = |failures: u64| {
        eventually("a failure that is written down", || {
            home.ask("one", &[]);
            let standing = home.run(&["telemetry", "status", "--json"]).exits(0).json();
            (standing[0]["failures"] == json!(failures)).then_some(())
        });
    };
    waits(1);
    let tries = got.requests().len();
    // The pause is a second at most: a run must not have to be as quick as that.
    let state = state(&home);
    let mut told: Value = serde_json::from_slice(&std::fs::read(&state).expect("a state")).expect("JSON");
    assert_eq!(told["error"], "no answer before Loquat ended");
    told["retry_at"] = json!("2999-01-01T00:00:00Z");
    std::fs::write(&state, told.to_string()).expect("a folder that can be written");
    home.ask("two", &[]);
    home.ask("three", &[]);
    assert_eq!(got.requests().len(), tries, "nobody knocked");
    told["retry_at"] = json!("2026-01-01T00:00:00Z");
    std::fs::write(&state, told.to_string()).expect("a folder that can be written");
    waits(2);
}

/// Models and prices by the ids of spans.
type Spans = BTreeMap<Vec<u8>, (String, Option<f64>)>;

/// What an OpenTelemetry collector understood: spans, and how many tokens the histograms of usage add up to.
fn understood(requests: &[Request]) -> (Spans, f64) {
    let said = |span: &Span, name: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key == name);
        match found.and_then(|attribute| attribute.value.as_ref()?.value.as_ref()) {
            Some(Said::StringValue(text)) => text.clone(),
            other => panic!("{name}: {other:?}"),
        }
    };
    let (mut spans, mut tokens) = (BTreeMap::new(), 0.0);
    for request in requests {
        assert_eq!(request.headers["content-type"], "application/x-protobuf");
        match request.path.as_str() {
            "/otel/v1/traces" => {
                let export = ExportTraceServiceRequest::decode(&*request.bytes).expect("spans");
                for span in
                    export.resource_spans.iter().flat_map(|of| &of.scope_spans).flat_map(|of| &of.spans)
                {
                    let told =
                        (said(span, "gen_ai.request.model"), said(span, "loquat.cost_eur").parse().ok());
                    spans.insert(span.span_id.clone(), told);
                }
            }
            "/otel/v1/metrics" => {
                let export = ExportMetricsServiceRequest::decode(&*request.bytes).expect("metrics");
                let metrics = export.resource_metrics.iter().flat_map(|of| &of.scope_metrics);
                for metric in metrics.flat_map(|of| &of.metrics) {
                    let Some(Data::Histogram(histogram)) = &metric.data else { panic!("{metric:?}") };
                    if metric.name == "gen_ai.client.token.usage" {
                        tokens += histogram.data_points.iter().filter_map(|point| point.sum).sum::<f64>();
                    }
                }
            }
            other => panic!("{other}"),
        }
    }
    (spans, tokens)
}

#[test]
fn an_opentelemetry_collector_gets_spans_and_histograms_once_it_takes_them() {
    let (listener, url) = port();
    let got = collector(listener, |number| match number {
        0 => Reply::json(503, &json!({"message": "not now"})),
        _ => Reply::whole(200, "application/x-protobuf", Vec::new()),
    });
    let base = url.replace("/api/request-event", "/otel/");
    let sink = format!("{{name: otel, kind: otlp, url: \"{base}\", timeout: 2}}");
    let home = asked(&sink, &["one", "two", "three"]);
    let preview = home.run(&["telemetry", "preview", "--json"]).exits(0).json();
    assert_eq!(preview[0]["to"], format!("{base}v1/traces"));
    assert!(
        preview[0]["body"].as_str().is_some_and(|body| body.contains("gen_ai.provider.name")),
        "{preview:#}"
    );
    home.run(&["telemetry", "flush"]).exits(7);
    assert_eq!(got.requests().len(), 1, "no histogram before its spans were taken");
    home.run(&["telemetry", "flush"]).exits(0);
    let events = home.events();
    let id = |event: &Value| {
        let id: uuid::Uuid = event["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        id.as_bytes()[8..].to_vec()
    };
    let expected: Spans =
        events.iter().map(|event| (id(event), ("plain".to_owned(), event["costEUR"].as_f64()))).collect();
    let tokens = |event: &Value| event["tokens_in"].as_f64().zip(event["tokens_out"].as_f64());
    let sum: f64 = events.iter().filter_map(tokens).map(|(read, written)| read + written).sum();
    assert_eq!(understood(&got.requests()[1..]), (expected, sum));
    home.run(&["telemetry", "flush"]).exits(0);
    assert_eq!(got.requests().len(), 3);
}

#[test]
fn a_file_and_a_program_get_whole_lines_and_months_that_were_packed_too() {
    let home = asked(
        "{name: copy, kind: file, path: ../../copy.jsonl}, \
         {name: program, kind: command, command: [sh, -c, 'cat >> program.jsonl']}",
        &["one", "two"],
    );
    home.run(&["telemetry", "flush"]).exits(0);
    // Asked while there are none: a program that a run's end stops gets its lines again.
    let config = std::fs::read_to_string(home.config_file()).expect("a configuration");
    home.write_config(config.split("telemetry:").next().unwrap_or_default());
    home.ask("three", &[]);
    home.write_config(&config);
    let log = std::fs::read_dir(home.data().join("telemetry")).expect("a log").next().expect("a month");
    let log = log.expect("a month").path();
    let packed = std::process::Command::new("gzip").arg(&log).status().expect("there is gzip");
    assert!(packed.success());
    home.run(&["telemetry", "flush"]).exits(0);
    let lines = std::process::Command::new("gzip").args(["-dc"]).arg(log.with_extension("jsonl.gz")).output();
    let lines = String::from_utf8(lines.expect("there is gzip").stdout).expect("text");
    for name in ["copy.jsonl", "program.jsonl"] {
        assert_eq!(std::fs::read_to_string(home.path().join(name)).expect("it is there"), lines, "{name}");
    }
}

#[test]
fn nothing_leaves_unless_it_is_configured() {
    let home = Home::of(&Mock::start());
    home.ask("hi", &[]);
    for command in ["status", "flush", "preview"] {
        let outcome = home.run(&["telemetry", command]).exits(0);
        assert_eq!(outcome.text(), "");
        assert!(outcome.stderr.contains("telemetry.sinks"), "{}", outcome.stderr);
    }
    home.run(&["telemetry", "flush", "impact"]).exits(5);
    assert!(!home.path().join("state/sinks").exists());
    let child = home.command(&["telemetry", "replay"]).spawn().expect("it starts");
    finish(child).exits(2);
}
