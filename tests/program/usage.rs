//! What was used, against what others compute from the same lines, and the log under everything that happens to
//! files: many processes, sudden ends, a disk that is full.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use loquat::chat::Money;
use loquat::telemetry::{Log, RequestEvent};
use serde_json::{Value, json};

use super::support::{Home, Mock, Pty, words};

/// Events of the log that is compared in every run; the ignored test takes a million.
const EVENTS: usize = 50_000;

/// Tells the helper below what to do: a folder of data, one of states, its number, how many events.
const HELPER: &str = "LOQUAT_TEST_WRITER";

/// Not a test: what another process does, which is this program started again for it alone.
#[test]
#[ignore = "is run by the other tests, in processes of its own"]
fn a_process_that_writes_events() {
    let Ok(told) = std::env::var(HELPER) else { return };
    let [data, state, number, count] = told.split('|').collect::<Vec<_>>().try_into().expect("four words");
    let paths = loquat::config::Paths {
        config: PathBuf::new(),
        data: data.into(),
        cache: PathBuf::new(),
        state: state.into(),
    };
    let log = Log::of(&paths);
    let number: u128 = number.parse().expect("a number");
    for at in 0..count.parse().expect("a number") {
        // Whatever cannot be written waits.
        let _ = log.append(&event(number, at));
    }
    if let Some(leftover) = log.finish() {
        println!("left over: {}, kept: {:?}", leftover.count, leftover.kept.is_some());
    }
}

fn event(process: u128, number: u128) -> RequestEvent {
    let line = json!({
        "v": 1, "id": uuid::Uuid::from_u128(process << 64 | number), "userId": "ana",
        "ts": "2026-11-21T05:04:16.123Z", "model": format!("model-{process}"), "provider": "mock", "tokens_in": number,
        "tokens_out": 7, "costEUR": null, "latency": 1.5, "endpoint": "Mock", "key": "default", "estimated": false,
        "status": "ok", "attempt": 1, "attempts": 1, "final": true, "mode": "oneshot",
    });
    let event: RequestEvent = serde_json::from_value(line).expect("an event");
    RequestEvent { cost_eur: Some(Money::from_nanos(1 + number as i64)), ..event }
}

/// The helper, told to write so many events, begun by this command where one is given.
fn writer(home: &Home, number: usize, count: usize, by: Option<&str>) -> Command {
    let own = std::env::current_exe().expect("the test program has a path");
    let mut command = match by {
        Some(script) => {
            let mut command = Command::new("sh");
            command.args(["-c", script]).arg(own);
            command
        }
        None => Command::new(own),
    };
    let folders = [home.data(), home.path().join("state")].map(|folder| folder.display().to_string());
    command
        .args([
            "usage::a_process_that_writes_events",
            "--exact",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(HELPER, format!("{}|{}|{number}|{count}", folders[0], folders[1]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn ended(child: Child) -> String {
    let output = child.wait_with_output().expect("the helper ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn month(home: &Home) -> PathBuf {
    home.data().join("telemetry/requests-2026-11.jsonl")
}

fn november(home: &Home, by: &str) -> Value {
    home.run(&["usage", "--since", "2026-11-01", "--until", "2026-11-30", "--by", by, "--json"])
        .exits(0)
        .json()
}

#[test]
fn ten_processes_that_write_at_once_leave_whole_lines_and_exact_totals() {
    const EACH: usize = 10_000;
    let home = Home::bare();
    let writers: Vec<Child> =
        (0..10).map(|number| writer(&home, number, EACH, None).spawn().expect("it starts")).collect();
    // Somebody looks on meanwhile.
    while !month(&home).exists() {
        std::thread::yield_now();
    }
    let early = november(&home, "model")["total"]["requests"].as_u64().expect("a count");
    assert!(early <= 10 * EACH as u64);
    for writer in writers {
        ended(writer);
    }
    let verified = home.run(&["usage", "verify", "--json"]).exits(0).json();
    assert_eq!((&verified["lines"], &verified["damage"]), (&json!(10 * EACH), &json!([])));
    let report = november(&home, "model");
    let each = (EACH * (EACH + 1) / 2) as f64 / 1e9;
    for row in report["rows"].as_array().expect("rows") {
        assert_eq!((&row["requests"], row["cost_eur"].as_f64()), (&json!(EACH), Some(each)), "{row:#}");
    }
    let total = &report["total"];
    assert_eq!(
        json!([total["requests"], total["tokens_in"], total["tokens_out"], total["cost_eur"]]),
        json!([10 * EACH, 10 * EACH * (EACH - 1) / 2, 70 * EACH, 10.0 * each])
    );
}

#[test]
fn a_process_that_is_killed_leaves_whole_lines() {
    let home = Home::bare();
    for round in 0..5 {
        let mut child = writer(&home, round, 1_000_000, None).spawn().expect("it starts");
        let lines = || fs::metadata(month(&home)).map_or(0, |metadata| metadata.len());
        let before = lines();
        while lines() < before + 20_000 {
            std::thread::yield_now();
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
    }
    ended(writer(&home, 9, 1, None).spawn().expect("it starts"));
    home.run(&["usage", "verify"]).exits(0);
    let report = november(&home, "model");
    assert_eq!(report["rows"].as_array().map(Vec::len), Some(6));
}

/// A file may grow to 64 blocks of 512 bytes, as if there were no more room; the signal for that is not heeded.
const FULL: &str = "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\"";

#[test]
fn what_finds_no_room_is_kept_and_put_into_the_log_later_in_order() {
    let home = Home::bare();
    ended(writer(&home, 1, 60, None).spawn().expect("it starts"));
    let told = ended(writer(&home, 2, 60, Some(FULL)).spawn().expect("it starts"));
    assert!(told.contains("kept: true"), "{told}");
    let full = fs::read_to_string(month(&home)).expect("the log is text");
    assert!(full.len() <= 64 * 512 && full.ends_with('\n'), "nothing torn stays: {}", full.len());
    assert!(full.lines().count() < 120);
    ended(writer(&home, 3, 1, None).spawn().expect("it starts"));
    let ids: Vec<String> = fs::read_to_string(month(&home))
        .expect("the log is text")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("whole")["id"].to_string())
        .collect();
    let of = |process: u128, count: u128| {
        (0..count).map(move |number| json!(event(process, number).id).to_string())
    };
    assert_eq!(ids, of(1, 60).chain(of(2, 60)).chain(of(3, 1)).collect::<Vec<_>>());
    home.run(&["usage", "verify"]).exits(0);
}

#[test]
fn a_turn_does_not_fail_because_its_event_cannot_be_written_and_the_person_is_told_where_it_is() {
    let home = Home::of(&Mock::start());
    fs::create_dir_all(home.data()).expect("a folder can be made");
    let folder = home.data().join("telemetry");
    fs::write(&folder, "a file where the folder should be").expect("a file can be written");
    let outcome = home.run(&["-p", "one", "--json"]).exits(0);
    let kept = home.path().join("state/requests-unwritten.jsonl");
    assert!(outcome.stderr.contains(&kept.display().to_string()), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("could not be written").count(), 1, "{}", outcome.stderr);
    fs::remove_file(&folder).expect("it can be removed");
    let outcome = home.run(&["-p", "two", "--json"]).exits(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(home.events().len(), 2);
    assert!(!kept.exists());
}

#[test]
fn verify_tells_file_line_and_reason_and_exits_so_that_a_script_knows() {
    let home = Home::bare();
    home.run(&["usage", "verify"]).exits(0);
    ended(writer(&home, 1, 2, None).spawn().expect("it starts"));
    home.run(&["usage", "verify"]).exits(0);
    let mut log = fs::OpenOptions::new().append(true).open(month(&home)).expect("it can be opened");
    log.write_all(b"not an event\n{\"v\":1,\"id").expect("it can be written");
    let outcome = home.run(&["usage", "verify"]).exits(1);
    let place = |line: u32| format!("{}:{line}: ", month(&home).display());
    let lines: Vec<&str> = outcome.text().lines().collect();
    assert!(lines[0].starts_with(&format!("{}not an event: ", place(3))), "{lines:?}");
    assert!(lines[1].starts_with(&format!("{}no newline", place(4))), "{lines:?}");
    assert_eq!(lines.len(), 3);
    let verified = home.run(&["usage", "verify", "--json"]).exits(1).json();
    assert_eq!(verified["damaged"], 2);
    assert_eq!(verified["damage"][0]["line"], 3);
    assert_eq!(verified["damage"][1]["why"], "torn");
}

#[test]
fn old_months_are_packed_only_where_the_configuration_says_so() {
    let home = Home::bare();
    let folder = home.data().join("telemetry");
    ended(writer(&home, 1, 3, None).spawn().expect("it starts"));
    let old = fs::read_to_string(month(&home)).expect("text").replace("2026-11-21T", "2020-01-21T");
    fs::write(folder.join("requests-2020-01.jsonl"), old).expect("a file can be written");
    let total = || {
        let report =
            home.run(&["usage", "--since", "2020-01-01", "--until", "2026-12-31", "--json"]).exits(0).json();
        report["total"].clone()
    };
    let before = total();
    assert_eq!(before["requests"], 6);
    home.run(&["usage", "archive"]).exits(0);
    assert!(folder.join("requests-2020-01.jsonl").exists());
    home.write_config("telemetry: {retention: {months: 12, then: compress}}\n");
    let outcome = home.run(&["usage", "archive"]).exits(0);
    assert!(outcome.text().starts_with("2020-01 "), "{}", outcome.text());
    assert!(!folder.join("requests-2020-01.jsonl").exists());
    assert_eq!(total(), before);
    home.run(&["usage", "verify"]).exits(1);
}

#[test]
fn usage_by_branch_is_of_one_conversation() {
    let home = Home::of(&Mock::start());
    let first = home.ask("one", &[]);
    let conversation = first["conversation"].as_str().expect("an id");
    let [left, right] = ["left", "right"]
        .map(|prompt| home.ask(prompt, &["--at", first["message"].as_str().expect("an id")]));
    home.ask("elsewhere", &[]);
    let report = home
        .run(&["usage", "--by", "branch", "--conversation", &conversation[..20], "--json"])
        .exits(0)
        .json();
    let mut rows: Vec<(&str, u64)> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["key"].as_str().expect("a key"), row["requests"].as_u64().expect("a count")))
        .collect();
    rows.sort_unstable();
    let leaf = |answer: &Value| answer["message"].as_str().expect("an id").to_owned();
    let (left, right) = (leaf(&left), leaf(&right));
    let mut expected = vec![(left.as_str(), 1), (right.as_str(), 1), ("shared", 1)];
    expected.sort_unstable();
    assert_eq!(rows, expected);
    home.run(&["usage", "--by", "branch"]).exits(2);
    home.run(&["usage", "--conversation", "nonsense"]).exits(5);
}

/// Compares every grouping of a generated log with a computation that shares no line of code with this one.
fn agrees_with_the_script(count: usize) {
    let zone = "Europe/Berlin";
    let home = Home::bare().with_variable("TZ", zone);
    let folder = home.data().join("telemetry");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/usage/independent.py");
    let python = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("python3")
            .arg(&script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is there");
        child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let folder = folder.to_str().expect("a path of ASCII");
    assert!(python(&["generate", folder, &count.to_string()], b"").0);
    let mut reports = Vec::new();
    let ranges = [("2026-01-01", "2026-12-31"), ("2026-03-28", "2026-03-30"), ("2026-10-24", "2026-10-26")];
    for (since, until) in ranges {
        for by in ["day", "week", "model", "endpoint", "key", "conversation", "user", "mode"] {
            let report =
                home.run(&["usage", "--since", since, "--until", until, "--by", by, "--json"]).exits(0);
            reports.extend(report.stdout);
        }
    }
    let (agree, told) = python(&["compare", folder, zone], &reports);
    assert!(agree, "{told}");
}

#[test]
fn totals_of_every_grouping_are_those_of_an_independent_computation() {
    agrees_with_the_script(EVENTS);
}

#[test]
#[ignore = "a million events take minutes in a debug build, and the test above compares the same: run with --release"]
fn totals_of_a_million_events_are_those_of_an_independent_computation() {
    agrees_with_the_script(1_000_000);
}

#[test]
fn what_others_have_counted_is_imported_once_and_told_apart() {
    let home = Home::with_config("user: ana\nprices: {eur_per_usd: 0.5}\n");
    let export = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/usage/import").join(name);
        path.to_str().expect("a path of ASCII").to_owned()
    };
    let outcome = home.run(&["usage", "import", &export("litellm.csv"), "--json"]).exits(0).json();
    assert_eq!(outcome, json!({"rows": 2, "imported": 2, "known": 0, "unpriced": 0}));
    let again = home.run(&["usage", "import", &export("litellm.csv")]).exits(0);
    assert_eq!(again.text().trim_end(), "0 rows were imported, 2 were there already");
    home.run(&["usage", "import", &export("anthropic.csv"), "--from", "anthropic"]).exits(0);
    let modes = november(&home, "mode");
    assert_eq!(modes["rows"].as_array().map(Vec::len), Some(1));
    // 0.000513 as LiteLLM says; 11 x 3 + 50 x 0.30 + 60 x 3.75 + 40 x 6 + 6 x 15 dollars for a million of Anthropic's.
    let row = &modes["rows"][0];
    assert_eq!(
        json!([row["key"], row["requests"], row["tokens_in"], row["cost_eur"], row["unpriced"]]),
        json!(["imported", 2, 161 + 10 + 161 + 100, 0.000_558, 1])
    );
    home.run(&["usage", "verify"]).exits(0);
    let broken = home.path().join("broken.csv");
    fs::write(&broken, "request_id,startTime\na,soon\n").expect("a file can be written");
    let path = broken.display().to_string();
    let outcome = home.run(&["usage", "import", &path]).exits(3);
    assert!(outcome.stderr.contains(&format!("{path}:2: `startTime`")), "{}", outcome.stderr);
    home.run(&["usage", "import", "no such file"]).exits(5);
}

#[test]
fn energy_and_carbon_are_told_as_ranges_where_the_configuration_wants_them() {
    let home = Home::with_config("telemetry: {footprint: {zone: FRA}}\n");
    let folder = home.data().join("telemetry");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let line = |model: &str| {
        let event = RequestEvent { model: model.into(), tokens_out: Some(500), latency: 60.0, ..event(1, 7) };
        format!("{}\n", serde_json::to_string(&event).expect("a line"))
    };
    fs::write(month(&home), line("gpt-4o") + &line("no-such-model")).expect("a file can be written");
    let report = november(&home, "model");
    let total = &report["total"]["footprint"];
    // Worked out by hand beside the method's own tests.
    let low = total["energy_wh"]["low"].as_f64().expect("a number");
    assert!((low - 0.72167).abs() < 1e-4, "{total}");
    assert!(total["carbon_g"]["low"].as_f64() < total["carbon_g"]["high"].as_f64());
    assert_eq!(total["unknown"], 1);
    let words = ["usage", "--since", "2026-11-01", "--until", "2026-11-30", "--by", "model"];
    let shown = home.run(&words).exits(0);
    assert!(shown.text().contains("0.72-1.2 Wh"), "{}", shown.text());
    assert!(
        shown.stderr.contains("EcoLogits") && shown.stderr.contains("without an estimate: 1"),
        "{}",
        shown.stderr
    );
    let csv = home.run(&[&words[..], &["--csv"]].concat()).exits(0);
    assert!(
        csv.text().lines().next().is_some_and(|head| head.ends_with("footprint_unknown")),
        "{}",
        csv.text()
    );
    home.write_config("telemetry: {footprint: false}\n");
    assert_eq!(november(&home, "model")["total"]["footprint"], Value::Null);
}

/// Opens the app on a home and the usage page in it.
fn page(home: &Home, columns: u16, rows: u16) -> Pty {
    let mut app = Pty::open_at(home, columns, rows, &[]);
    app.wait_for_text(words::READY);
    app.leader("u");
    app.wait_for_text(words::USAGE_RANGES);
    app
}

#[test]
fn the_page_shows_what_another_process_writes_at_once() {
    let home = Home::bare();
    let mut app = page(&home, 100, 30);
    app.wait_for_text(words::USAGE_NONE);
    let seen = |count: usize| {
        let mut line = serde_json::to_value(event(9, count as u128)).expect("an event");
        line["ts"] = json!(jiff::Timestamp::now().to_string());
        line["model"] = json!(format!("written-{count}"));
        fs::create_dir_all(home.data().join("telemetry")).expect("a folder");
        let month = jiff::Timestamp::now().strftime("%Y-%m").to_string();
        let path = home.data().join(format!("telemetry/requests-{month}.jsonl"));
        let mut file = fs::OpenOptions::new().append(true).create(true).open(path).expect("the log");
        writeln!(file, "{line}").expect("it is written");
        let began = std::time::Instant::now();
        app.wait_for_text(&format!("written-{count}"));
        began.elapsed()
    };
    // The folder is made by the first.
    seen(0);
    let mut took: Vec<std::time::Duration> = (1..12).map(seen).collect();
    took.sort_unstable();
    println!("a new event is seen after {:?}, at most {:?}", took[took.len() / 2], took[took.len() - 1]);
    app.send("q");
    app.wait_until_gone(words::USAGE_RANGES);
    app.quit();
}

#[test]
fn an_event_leads_back_to_its_message_and_the_panel_counts_its_branch() {
    let home = Home::bare();
    home.run(&["-p", "what is a branch?", "-e", "demo", "-q"]).exits(0);
    home.run(&["-p", "another conversation", "-e", "demo", "-q"]).exits(0);
    let mut app = page(&home, 100, 30);
    app.wait_for_text(words::USAGE_TOTAL);
    app.send("e");
    app.wait_for_text(words::USAGE_OF_EVENTS);
    // The first is the last of the list.
    app.send("G\r");
    app.wait_for_text("what is a branch?");
    app.wait_until_gone(words::USAGE_RANGES);
    app.leader("U");
    app.wait_for_text(words::THIS_BRANCH);
    app.quit();
}

#[test]
fn the_written_page_needs_nothing_else_and_has_the_figures_of_json() {
    let home = Home::bare();
    let log = Log::new(home.data().join("telemetry"));
    for number in 0..50 {
        let hostile = RequestEvent {
            model: "<script>alert(\"x\")</script>&\u{1b}[2J'".into(),
            cost_eur: None,
            ..event(2, number)
        };
        for event in [event(1, number), hostile] {
            log.append(&event).expect("it is written");
        }
    }
    let file = home.path().join("usage.html");
    let days = ["usage", "--since", "2026-11-01", "--until", "2026-11-30", "--by", "model"];
    let with = |more: &[&str]| home.run(&[&days, more].concat()).exits(0);
    with(&["--html", file.to_str().expect("a path")]);
    let page = fs::read_to_string(&file).expect("it was written");
    assert_eq!(with(&["--html", "-"]).text(), page);
    let report = with(&["--json"]).json();
    for row in report["rows"].as_array().expect("rows").iter().chain([&report["total"]]) {
        for (name, figure) in row.as_object().expect("a row").iter().filter(|(name, _)| *name != "key") {
            let cell = match name.as_str() {
                _ if figure.is_null() => String::new(),
                "cost_eur" => figure.to_string().parse::<Money>().expect("money").to_string(),
                _ => figure.to_string(),
            };
            assert!(page.contains(&format!("<td>{cell}</td>")), "{name}: {cell}");
        }
    }
    assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;"));
    assert!(page.contains("<svg") && page.contains("prefers-color-scheme:dark"));
    for foreign in ["<script", "http:", "https:", "@import", "url(\"", "<link", "<img", "\u{1b}"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let bare = with(&["--html", "-", "--model", "nobody"]);
    let bare = bare.text();
    assert!(bare.contains("<table") && !bare.contains("<figure"), "nothing is drawn of nothing");
}
