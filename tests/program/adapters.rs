//! Services that speak no known format, integrated by YAML alone: the examples of `config/examples/`, each
//! against a small server that behaves as its example says, and one that was made to be odd.

use std::fs;

use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::{Home, Service};

/// Long and odd enough to be searched for in files and on screens.
const KEY: &str = "hk-5d1e90c7f3ab62";

/// An example, with the service in place of the one it names.
fn example(name: &str, service: &Service) -> Home {
    let file = format!("{}/config/examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let yaml = fs::read_to_string(file).expect("an example can be read");
    let port = yaml.find("http://localhost:").expect("an example names a port of this machine");
    let (place, _) = yaml[port..].split_at("http://localhost:8090".len());
    let variable = format!("{}_KEY", name.to_uppercase());
    Home::with_config(&yaml.replace(place, &service.url())).with_variable(&variable, KEY)
}

/// What `--json` says of an answer: what a codec is responsible for.
fn told(outcome: &Value) -> Value {
    json!({
        "text": outcome["text"],
        "reasoning": outcome["reasoning"],
        "tool_calls": outcome["tool_calls"],
        "finish": outcome["finish_reason"],
        "model_served": outcome["model_served"],
        "usage": outcome["usage"],
        "error": outcome["error"]["kind"],
    })
}

fn stream(content_type: &str, pieces: &[&str]) -> Reply {
    let mut reply = Reply::stream(pieces.iter().map(|piece| Step::Send(piece.as_bytes().to_vec())).collect());
    reply.headers = vec![("content-type".to_owned(), content_type.to_owned())];
    reply
}

// --- a service with another path and another shape

const HARBOR_ENGINES: &str =
    r#"{"engines": [{"slug": "tide", "window": 8192}, {"slug": "gale", "window": 32768}]}"#;
const HARBOR_ANSWER: &str = r#"{"engine": "tide-3", "output": {"text": "Ahoy there", "reason": "natural", "stats": {"read": 9, "written": 3}}}"#;
const HARBOR_STREAM: [&str; 3] = [
    "data: {\"engine\": \"tide-3\", \"token\": \"Ahoy\"}\n\n",
    "data: {\"token\": \" there\"}\n\n",
    "data: {\"end\": {\"reason\": \"natural\", \"stats\": {\"read\": 9, \"written\": 3}}}\n\n",
];
const HARBOR_FAULT: &str = r#"{"fault": {"why": "no such berth", "kind": "bad_berth"}}"#;

fn harbor(request: &Request) -> Reply {
    if request.headers.get("x-harbor-key").map(String::as_str) != Some(KEY) {
        return Reply::whole(
            401,
            "application/json",
            r#"{"fault": {"why": "unknown pass", "kind": "pass"}}"#,
        );
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/api/v2/ping") => Reply::whole(200, "text/plain", "pong"),
        ("GET", "/api/v2/engines") => Reply::whole(200, "application/json", HARBOR_ENGINES),
        ("POST", "/api/v2/generate/gale") => Reply::whole(400, "application/json", HARBOR_FAULT),
        ("POST", "/api/v2/generate/tide") if request.body["stream"] == json!(true) => {
            stream("text/event-stream", &HARBOR_STREAM)
        }
        ("POST", "/api/v2/generate/tide") => Reply::whole(200, "application/json", HARBOR_ANSWER),
        _ => Reply::whole(404, "text/plain", "no such place"),
    }
}

#[test]
fn a_service_with_paths_and_shapes_of_its_own_answers_streamed_and_whole() {
    let service = Service::start(harbor);
    let home = example("harbor", &service);
    home.run(&["config", "check"]).exits(0);
    let listed = home.run(&["models", "-e", "Harbor", "--json"]).exits(0).json();
    let models: Vec<(&Value, &Value)> =
        listed.as_array().expect("a list").iter().map(|row| (&row["model"], &row["context"])).collect();
    assert_eq!(models, [(&json!("tide"), &json!(8192)), (&json!("gale"), &json!(32768))]);

    let ask = |more: &[&str]| {
        let outcome = home.run(&[&["-p", "hi", "-n", "-e", "Harbor", "-m", "tide", "--json"], more].concat());
        (told(&outcome.exits(0).json()), service.last())
    };
    let expected = json!({"text": "Ahoy there", "reasoning": null, "tool_calls": [], "finish": "stop",
        "model_served": "tide-3", "usage": {"tokens_in": 9, "tokens_out": 3, "cached_in": null,
        "cache_write": null, "reasoning_out": null, "estimated": false}, "error": null});
    let (streamed, sent) = ask(&["-s", "Be brief.", "--param", "temperature=0.5"]);
    assert_eq!(streamed, expected);
    assert_eq!(
        sent.body,
        json!({"dialogue": [{"by": "user", "says": "hi"}], "briefing": "Be brief.", "stream": true,
               "options": {"heat": 0.5}})
    );
    assert_eq!(sent.headers.get("authorization"), None);
    let (whole, sent) = ask(&["--no-stream"]);
    assert_eq!(whole, expected);
    assert_eq!(
        sent.body,
        json!({"dialogue": [{"by": "user", "says": "hi"}], "stream": false, "options": {}})
    );
}

#[test]
fn an_error_of_an_odd_shape_is_told_in_the_services_own_words() {
    let service = Service::start(harbor);
    let home = example("harbor", &service);
    let refused = home.run(&["-p", "hi", "-n", "-e", "Harbor", "-m", "gale", "--json"]).exits(7).json();
    assert_eq!(
        refused["error"],
        json!({"kind": "provider", "message": "no such berth", "status": 400, "retry_after": null})
    );
    let home = home.with_variable("HARBOR_KEY", "hk-of-somebody-else");
    let refused = home.run(&["-p", "hi", "-n", "-e", "Harbor", "-m", "tide", "--json"]).exits(4).json();
    assert_eq!(refused["error"]["message"], "unknown pass");
}

// --- a service that answers line by line

const MILL_STREAM: [&str; 6] = [
    "{\"kind\": \"dust\", \"value\": \"Hm. \"}\n{\"kind\": \"flour\", \"value\": \"Fi",
    "ne\"}\n{\"kind\": \"sack\", \"number\": 0, \"tag\": \"s1\", \"tool\": \"weigh\", \"part\": \"{\\\"kg\\\"\"}\n",
    "{\"kind\": \"sack\", \"number\": 0, \"part\": \": 2}\"}\n",
    "{\"kind\": \"bell\", \"why\": \"sacks\"}\n",
    "{\"kind\": \"till\", \"bill\": {\"in\": 4, \"kept\": 6, \"out\": 8, \"dust\": 2}}\n",
    "END\n",
];

fn mill(request: &Request) -> Reply {
    match (request.method.as_str(), request.path.as_str(), request.headers.get("x-grain").map(String::as_str))
    {
        ("PUT", _, Some("wind")) => stream(
            "application/x-ndjson",
            &[
                "{\"kind\": \"flour\", \"value\": \"So\"}\n",
                "{\"kind\": \"fire\", \"value\": \"the wheel broke\"}\n",
            ],
        ),
        ("PUT", "/mill/grind?token=hk-5d1e90c7f3ab62", Some("stone")) => {
            stream("application/x-ndjson", &MILL_STREAM)
        }
        _ => Reply::whole(404, "text/plain", "no such place"),
    }
}

#[test]
fn a_service_that_answers_line_by_line_is_read_with_its_thoughts_calls_and_costs() {
    let service = Service::start(mill);
    let home = example("mill", &service);
    home.run(&["config", "check"]).exits(0);
    let outcome = home.run(&["-p", "hi", "-n", "-e", "Mill", "-m", "stone", "-s", "Grind.", "--json"]);
    assert_eq!(
        told(&outcome.exits(0).json()),
        json!({"text": "Fine", "reasoning": "Hm. ",
            "tool_calls": [{"id": "s1", "name": "weigh", "arguments": {"kg": 2}}], "finish": "tool_calls",
            "model_served": null, "usage": {"tokens_in": 10, "tokens_out": 8, "cached_in": 6,
            "cache_write": null, "reasoning_out": 2, "estimated": false}, "error": null})
    );
    assert_eq!(service.last().body, json!({"grain": "Grind.\nuser: hi", "tools": [], "fine": false}));
}

#[test]
fn an_error_in_the_middle_of_lines_keeps_what_was_said() {
    let home = example("mill", &Service::start(mill));
    let outcome = home.run(&["-p", "hi", "-n", "-e", "Mill", "-m", "wind", "--json"]).exits(7).json();
    assert_eq!(
        (outcome["text"].as_str(), outcome["error"]["message"].as_str()),
        (Some("So"), Some("the wheel broke"))
    );
}

// --- a service that wants a wrapper

const VAULT_ANSWER: &str = r#"{"jsonrpc": "2.0", "id": 1, "result": {"model": "safe-1b", "reply": {"content": "Open.", "ended": "length"}, "tokens": [7, 2]}}"#;

fn vault(request: &Request) -> Reply {
    let Some(turns) = request.body["params"]["turns"].as_array() else {
        return Reply::whole(
            200,
            "application/json",
            r#"{"jsonrpc": "2.0", "error": {"code": -32600, "message": "no turns"}}"#,
        );
    };
    if turns.iter().any(|turn| turn["content"] == "sesame") {
        return Reply::whole(200, "application/json", VAULT_ANSWER);
    }
    Reply::whole(
        200,
        "application/json",
        r#"{"jsonrpc": "2.0", "id": 1, "error": {"code": 429, "message": "the vault is busy"}}"#,
    )
}

#[test]
fn a_service_that_wants_a_wrapper_gets_it_and_is_always_asked_for_a_whole_answer() {
    let service = Service::start(vault);
    let home = example("vault", &service);
    home.run(&["config", "check"]).exits(0);
    let outcome = home.run(&["-p", "sesame", "-n", "-e", "Vault", "-m", "safe-1", "-s", "Guard.", "--json"]);
    let outcome = outcome.exits(0).json();
    assert_eq!(
        told(&outcome),
        json!({"text": "Open.", "reasoning": null, "tool_calls": [], "finish": "length",
            "model_served": "safe-1b", "usage": {"tokens_in": 7, "tokens_out": 2, "cached_in": null,
            "cache_write": null, "reasoning_out": null, "estimated": false}, "error": null})
    );
    let sent = service.last();
    assert_eq!(sent.key(), KEY);
    assert_eq!(
        sent.body,
        json!({"jsonrpc": "2.0", "id": 1, "method": "chat.complete", "params": {"model": "safe-1",
            "turns": [{"role": "system", "content": "Guard."}, {"role": "user", "content": "sesame"}],
            "limits": {"tokens": 1024}}})
    );
    let busy = home.run(&["-p", "hi", "-n", "-e", "Vault", "-m", "safe-1", "--json"]).exits(7).json();
    assert_eq!(busy["error"]["kind"], "rate_limit");
}

// --- a service made to be odd: a version in the path, the model below it, deltas three levels down in one
// array that comes in pieces, and the bill in a trailer

const DELPHI: &str = "
user: ana
router: {retries: 0}
endpoints:
  custom:
    - name: Delphi
      api: adapter
      baseURL: BASE
      apiKey: ${DELPHI_KEY}
      models: {default: [pythia]}
      userId: user
      adapter:
        paths:
          chat: /v2/ask/{{model}}?as={{user}}
        headers:
          X-Offering: drachma {{key}}
        request: |
          {
            supplicant: {
              question: .messages[-1].content,
              before: [.messages[:-1][] | [.role[:1], .content]]
            }
          }
        framing: json-array
        stream:
          text: .vision?.layers[]?.deep[]?.utterance
          reasoning: .vision?.fumes
          finish_reason: .trailer.closed_because
          usage:
            tokens_in: .trailer.counts | .[\"question-words\"]
            tokens_out: .trailer.counts | .[\"answer-words\"]
        error: .curse
        finish_reasons: {\"the god is silent\": stop, \"the smoke is gone\": length}
";

const DELPHI_STREAM: [&str; 5] = [
    "[{\"vision\": {\"fumes\": \"Smoke\"}},\n {\"vision\": {\"layers\": [{\"deep\": [{\"utterance\": \"Know\"}, {\"utter",
    "ance\": \" thy\"}]}]}}",
    ",\n {\"vision\": {\"layers\": [{\"deep\": [{\"utterance\": \"self, \\\"[\\\" and \\\\\"}]}]}}\n",
    ", {\"trailer\": {\"closed_because\": \"the god is silent\", \"counts\": {\"question-words\": 5, \"answer-words\": 3}}}",
    "]\n",
];

fn delphi(request: &Request) -> Reply {
    let offering = format!("drachma {KEY}");
    match (request.method.as_str(), request.path.as_str()) {
        _ if request.headers.get("x-offering") != Some(&offering) => {
            Reply::whole(403, "application/json", r#"{"curse": "the offering is not enough"}"#)
        }
        ("POST", "/v2/ask/pythia?as=ana") => stream("application/json", &DELPHI_STREAM),
        ("POST", "/v2/ask/py%2Fcut?as=ana") => stream("application/json", &DELPHI_STREAM[..3]),
        _ => Reply::whole(404, "text/plain", "no such oracle"),
    }
}

fn delphi_home(service: &Service) -> Home {
    Home::with_config(&DELPHI.replace("BASE", &service.url())).with_variable("DELPHI_KEY", KEY)
}

#[test]
fn a_service_with_odd_paths_odd_json_and_odd_framing_is_integrated_by_yaml_alone() {
    let service = Service::start(delphi);
    let home = delphi_home(&service);
    home.run(&["config", "check"]).exits(0);
    let ask = |prompt: &str, more: &[&str]| {
        home.run(&[&["-p", prompt, "-n", "-e", "Delphi", "-m", "pythia", "--json"], more].concat())
            .exits(0)
            .json()
    };
    let expected = json!({"text": "Know thyself, \"[\" and \\", "reasoning": "Smoke", "tool_calls": [],
        "finish": "stop", "model_served": null, "usage": {"tokens_in": 5, "tokens_out": 3, "cached_in": null,
        "cache_write": null, "reasoning_out": null, "estimated": false}, "error": null});
    assert_eq!(told(&ask("what now?", &[])), expected);
    assert_eq!(told(&ask("and then?", &["-c"])), expected);
    assert_eq!(
        service.last().body,
        json!({"supplicant": {"question": "and then?",
               "before": [["u", "what now?"], ["a", "Know thyself, \"[\" and \\"]]}})
    );
    let cut = home.run(&["-p", "hi", "-n", "-e", "Delphi", "-m", "py/cut", "--json"]).exits(9).json();
    assert_eq!(
        (cut["finish_reason"].as_str(), cut["text"].as_str()),
        (Some("cut"), expected["text"].as_str())
    );
    let refused = home
        .with_variable("DELPHI_KEY", "obol")
        .run(&["-p", "hi", "-n", "-e", "Delphi", "-m", "x", "--json"]);
    assert_eq!(refused.exits(4).json()["error"]["message"], "the offering is not enough");
}

// --- slips in an adapter

/// What is said of an adapter that is wrong, without folders and ports.
fn slip(home: &Home, service: &Service, said: &str) -> String {
    said.replace(&*home.config_file().to_string_lossy(), "loquat.yaml").replace(&service.url(), "URL")
}

#[test]
fn a_wrong_adapter_is_told_with_every_place_at_once() {
    let service = Service::start(delphi);
    let yaml = DELPHI
        .replace("framing: json-array", "framing: ndjsn")
        .replace("reasoning: .vision?.fumes", "reasonings: .vision?.fumes")
        .replace("{{key}}", "{{keys}}")
        .replace(": length}", ": longth}")
        .replace("          chat: /v2/ask/{{model}}?as={{user}}\n", "          chatt: /v2\n");
    let home = Home::with_config(&yaml.replace("BASE", &service.url())).with_variable("DELPHI_KEY", KEY);
    let outcome = home.run(&["config", "check"]).exits(3);
    insta::assert_snapshot!(slip(&home, &service, outcome.text()), @r#"
    loquat.yaml:14:11: error: unknown key “chatt”
        endpoints.custom[0].adapter.paths.chatt
        did you mean “chat”?
    loquat.yaml:14:11: error: “chat” is missing
        endpoints.custom[0].adapter.paths
    loquat.yaml:16:23: error: there is no placeholder “keys”
        endpoints.custom[0].adapter
        did you mean “key”?
    loquat.yaml:24:18: error: has to be one of sse, ndjson, json-array, whole; it is “ndjsn”
        endpoints.custom[0].adapter.framing
        did you mean “ndjson”?
    loquat.yaml:27:11: error: unknown key “reasonings”
        endpoints.custom[0].adapter.stream.reasonings
        did you mean “reasoning”?
    loquat.yaml:33:74: error: has to be one of stop, length, tool_calls, content_filter, refusal, error; it is “longth”
        endpoints.custom[0].adapter.finish_reasons.the smoke is gone
        did you mean “length”?
    loquat.yaml: 6 errors, no warnings, every key used
    "#);
    let contradicting = DELPHI.replace("framing: json-array", "framing: whole");
    home.write_config(&contradicting.replace("BASE", &service.url()));
    let outcome = home.run(&["config", "check"]).exits(3);
    insta::assert_snapshot!(slip(&home, &service, outcome.text()), @r#"
    loquat.yaml:26:11: error: `framing: whole` is for answers in one piece, which `response` reads; `stream` reads pieces
        endpoints.custom[0].adapter
    loquat.yaml: 1 error, no warnings, every key used
    "#);
}

#[test]
fn a_selector_that_does_not_compile_is_told_at_its_line_and_column() {
    let service = Service::start(delphi);
    let yaml = DELPHI
        .replace("before: [.messages", "before: [.messages |")
        .replace("reasoning: .vision?.fumes", "reasoning: '.vision | repeat(.fumes)'")
        .replace("error: .curse", "error: 'def f: .curse | f; f'")
        .replace("text: .vision?.layers", "text: $ENV.HOME + .vision?.layers");
    let home = Home::with_config(&yaml.replace("BASE", &service.url())).with_variable("DELPHI_KEY", KEY);
    let outcome = home.run(&["config", "check"]).exits(3);
    insta::assert_snapshot!(slip(&home, &service, outcome.text()), @r#"
    loquat.yaml:21:36: error: jq: expected term, found “:”
        adapter.request
    loquat.yaml:26:17: error: jq: there is no variable “$ENV”
        adapter.stream.text
    loquat.yaml:27:33: error: jq: “repeat” may go on without an end, and cannot be used here
        adapter.stream.reasoning
    loquat.yaml:32:33: error: jq: “f” calls itself, and might do so without an end
        adapter.error
    loquat.yaml: 4 errors, no warnings, every key used
    "#);
    // A run that uses it says the same, and nothing is sent.
    let outcome = home.run(&["-p", "hi", "-n", "-e", "Delphi", "-m", "pythia"]).exits(3);
    insta::assert_snapshot!(slip(&home, &service, &outcome.stderr), @r#"
    loquat: Delphi/default: Delphi: adapter.request (loquat.yaml:21:36): expected term, found “:”
      → Correct that expression; to see what the service says: loquat endpoints test "Delphi"
    "#);
    assert_eq!(service.requests().len(), 0);
    // One that does not, does not know of it.
    home.run(&["-p", "hi", "-n", "-e", "demo", "-m", "tour"]).exits(0);
}

#[test]
fn a_selector_that_yields_nothing_or_the_wrong_thing_is_told_with_what_it_was_asked_of() {
    let service = Service::start(delphi);
    let said = |from: &str, to: &str| {
        let yaml = DELPHI.replace(from, to).replace("BASE", &service.url());
        let home = Home::with_config(&yaml).with_variable("DELPHI_KEY", KEY);
        let outcome = home.run(&["-p", "hi", "-n", "-e", "Delphi", "-m", "pythia"]).exits(3);
        slip(&home, &service, &outcome.stderr)
    };
    let nothing = ".vision?.layers[]?.deep[]?.utterance\n          reasoning: .vision?.fumes";
    insta::assert_snapshot!(said(nothing, ".vison?.text"), @r#"
    loquat: Delphi/default: Delphi: adapter.stream.text (loquat.yaml:26:17): it gave nothing; the input was {"vision": {"fumes": "Smoke"}}
      → Correct that expression; to see what the service says: loquat endpoints test "Delphi"
    "#);
    insta::assert_snapshot!(said("[]?.utterance", ""), @r#"
    loquat: Delphi/default: Delphi: adapter.stream.text (loquat.yaml:26:17): it gave a list where a text is needed; the input was {"vision": {"layers": [{"deep": [{"utterance": "Know"}, {"utterance": " thy"}]}]}}
      → Correct that expression; to see what the service says: loquat endpoints test "Delphi"
    "#);
    insta::assert_snapshot!(said("reasoning: .vision?.fumes", "reasoning: .vision.fumes.thick"), @r#"
    loquat: Delphi/default: Delphi: adapter.stream.reasoning (loquat.yaml:27:22): cannot index "Smoke" with "thick"; the input was {"vision": {"fumes": "Smoke"}}
      → Correct that expression; to see what the service says: loquat endpoints test "Delphi"
    "#);
    insta::assert_snapshot!(said("question: .messages[-1].content", "question: .messages[].content.first"), @r#"
    loquat: Delphi/default: Delphi: adapter.request (loquat.yaml:18:11): cannot index "hi" with "first"; the input was {"model":"pythia","messages":[{"role":"user","content":"hi","parts":[{"type":"text","text":"hi"}]}],"system":null,"temperature":null,"max_tokens":null,"effort":null,"params":{},"tools":[],"stream":tru…
      → Correct that expression; to see what the service says: loquat endpoints test "Delphi"
    "#);
}

// --- loquat endpoints test

#[test]
fn a_test_walks_through_an_adapter_and_says_what_passed() {
    let service = Service::start(harbor);
    let home = example("harbor", &service);
    let outcome = home.run(&["endpoints", "test", "Harbor"]).exits(0);
    assert!(!outcome.text().contains(KEY) && !outcome.stderr.contains(KEY));
    insta::assert_snapshot!(slip(&home, &service, outcome.text()), @r#"
    dns       ok       127.0.0.1
    tls       ok       connected, without TLS
    auth      ok       key default, from the environment
    health    ok       > GET URL/api/v2/ping · x-harbor-key: ***
                       < 200 text/plain · pong
                       it is up
    models    ok       > GET URL/api/v2/engines · x-harbor-key: ***
                       < 200 application/json · {"engines": [{"slug": "tide", "window": 8192}, {"slug": "gale", "window": 32768}]}
                       2 models: tide, gale
    whole     ok       > POST URL/api/v2/generate/tide · x-harbor-key: *** · {"dialogue":[{"by":"user","says":"Say hi."}],"stream":false,"options":{"limit":16}}
                       < 200 application/json · {"engine": "tide-3", "output": {"text": "Ahoy there", "reason": "natural", "stats": {"read": 9, "written": 3}}}
                       text “Ahoy there” · reasoning none · tool calls 0 · finish stop · tokens 9 in, 3 out · model served tide-3
    streamed  ok       > POST URL/api/v2/generate/tide · x-harbor-key: *** · {"dialogue":[{"by":"user","says":"Say hi."}],"stream":true,"options":{"limit":16}}
                       < 200 text/event-stream · data: {"engine": "tide-3", "token": "Ahoy"}  data: {"token": " there"}  data: {"end": {"reason": "natural", "stats": {"read": 9, "written": 3}}}  
                       text “Ahoy there” · reasoning none · tool calls 0 · finish stop · tokens 9 in, 3 out · model served tide-3
    "#);
    insta::assert_snapshot!(outcome.stderr, @r#"
    whole: asking tide for at most 16 tokens, which may cost something (--no-chat leaves it out)
    streamed: asking tide for at most 16 tokens, which may cost something (--no-chat leaves it out)
    "#);
    let before = service.requests().len();
    let outcome = home.run(&["endpoints", "test", "Harbor", "--no-chat", "--json"]).exits(0).json();
    let states: Vec<(&str, &str)> = outcome["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (step["step"].as_str().unwrap_or("?"), step["state"].as_str().unwrap_or("?")))
        .collect();
    assert_eq!(
        states,
        [
            ("dns", "ok"),
            ("tls", "ok"),
            ("auth", "ok"),
            ("health", "ok"),
            ("models", "ok"),
            ("whole", "skipped"),
            ("streamed", "skipped")
        ]
    );
    assert_eq!(service.requests().len(), before + 2);
}

#[test]
fn a_recording_holds_no_key_replaces_no_file_and_is_read_again_without_a_network() {
    let service = Service::start(mill);
    let home = example("mill", &service);
    let file = home.path().join("mill.json");
    let name = file.to_string_lossy().into_owned();
    let live = home.run(&["endpoints", "test", "Mill", "--record", &name]).exits(0);
    home.assert_no_file_holds(KEY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).expect("a recording is a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = fs::read(&file).expect("a recording can be read");
    let sent = service.requests().len();
    home.run(&["endpoints", "test", "Mill", "--record", &name]).exits(1);
    assert_eq!((fs::read(&file).expect("it is still there"), service.requests().len()), (kept, sent));

    let replayed = home.run(&["endpoints", "test", "Mill", "--replay", &name]).exits(0);
    let streamed = |text: &str| text[text.find("streamed  ok").expect("a step of that name")..].to_owned();
    assert_eq!(streamed(replayed.text()), streamed(live.text()));
    assert_eq!(service.requests().len(), sent);
    fs::write(&file, "{}").expect("a file can be written");
    home.run(&["endpoints", "test", "Mill", "--replay", &name]).exits(3);
}

#[test]
fn a_test_exits_as_its_first_failure_does() {
    let service = Service::start(harbor);
    let home = example("harbor", &service).with_variable("HARBOR_KEY", "hk-of-somebody-else");
    home.run(&["endpoints", "test", "Harbor"]).exits(4);
    assert!(service.requests().iter().all(|request| request.method == "GET"), "a refused key asks no model");
    let nobody =
        Home::with_config(&DELPHI.replace("BASE", "http://127.0.0.1:1")).with_variable("DELPHI_KEY", KEY);
    nobody.run(&["endpoints", "test", "Delphi"]).exits(6);
}

// --- the guide

#[test]
fn every_snippet_of_the_guide_is_of_an_example_or_of_a_service_that_is_tested() {
    let root = env!("CARGO_MANIFEST_DIR");
    let read = |file: &str| fs::read_to_string(format!("{root}/{file}")).expect("a file of the repository");
    let guide = read("docs/adapters.md");
    let flat = |text: &str| {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let examples: Vec<String> =
        ["harbor", "mill", "vault"].map(|name| flat(&read(&format!("config/examples/{name}.yaml")))).into();
    let services: String = [
        HARBOR_ENGINES,
        HARBOR_ANSWER,
        HARBOR_FAULT,
        VAULT_ANSWER,
        MILL_STREAM.concat().as_str(),
        HARBOR_STREAM.concat().as_str(),
    ]
    .map(flat)
    .join("\n");
    let mut found = 0;
    for block in guide.split("```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').expect("a block has a language");
        let text = flat(text);
        match language {
            "yaml" => {
                assert!(examples.iter().any(|example| example.contains(&text)), "in no example:\n{text}")
            }
            "json" | "text" => {
                for line in text.lines() {
                    assert!(services.contains(line), "said by no service: {line}");
                }
            }
            _ => continue,
        }
        found += 1;
    }
    assert!(found >= 8, "the guide has {found} snippets");
}
