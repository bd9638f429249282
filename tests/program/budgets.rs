//! Budgets: told once they are nearly spent, refused once they are, and gone over on purpose.

use std::process::Stdio;

use serde_json::{Value, json};

use super::support::home::{finish, signal};
use super::support::pty::keys;
use super::support::{Home, KEY, Mock, Pty, eventually, words};

/// A home in which an answer of `model` costs 90 cents: nine tokens, at a hundred thousand euros for a million.
fn home(mock: &Mock, model: &str, budgets: &str) -> Home {
    let config = Home::config(mock).replace("model: plain}", &format!("model: {model}}}")).replace(
        "plain: {prompt: 1.0, completion: 2.0",
        &format!("{model}: {{prompt: 100000, completion: 0"),
    );
    Home::with_config(&format!(
        "{config}prices: {{eur_per_usd: 1}}\nrouter: {{retries: 0}}\nbudgets:\n{budgets}"
    ))
    .with_variable("MOCK_KEY", KEY)
}

const SOFT_AND_HARD: &str = "  - {name: purse, per: month, soft: 0.5, hard: 1.5}\n";

#[test]
fn one_shots_are_warned_then_refused_and_go_over_it_where_that_is_said() {
    let mock = Mock::start();
    let home = home(&mock, "plain", SOFT_AND_HARD);
    let first = home.run(&["-p", "hi"]).exits(0);
    assert!(first.stderr.contains("“purse”: 60 %, €0.90 of €1.50 this month"), "{}", first.stderr);
    assert_eq!(first.stderr.matches("purse").count(), 1, "a threshold is told once: {}", first.stderr);
    let second = home.run(&["-p", "hi"]).exits(0);
    assert!(second.stderr.contains("120 %, €1.80 of €1.50"), "{}", second.stderr);

    let third = home.run(&["-p", "hi", "--json"]).exits(8);
    let report = third.json();
    assert_eq!(mock.chats().len(), 2, "nothing left");
    assert_eq!(report["error"]["kind"], "budget");
    let message = report["error"]["message"].as_str().unwrap_or_default();
    for said in ["“purse”", "120 %", "€1.80 of €1.50", "begins again at"] {
        assert!(message.contains(said), "{said}: {message}");
    }
    assert!(report["error"]["retry_after"].as_f64().is_some_and(|seconds| seconds > 0.0));
    assert!(third.stderr.contains("--over-budget"), "{}", third.stderr);
    assert_eq!(home.events().len(), 2, "what was not sent has no event");

    home.run(&["-p", "hi", "--over-budget"]).exits(0);
    let events = home.events();
    let over: Vec<&Value> = events.iter().map(|event| &event["over_budget"]).collect();
    assert_eq!(over, [&Value::Null, &Value::Null, &json!(["purse"])]);
}

#[test]
fn usage_shows_how_budgets_stand_and_is_as_before_without_them() {
    let mock = Mock::start();
    let home = home(&mock, "plain", SOFT_AND_HARD);
    home.run(&["-p", "hi"]).exits(0);
    let report = home.run(&["usage", "--json"]).exits(0).json();
    let budget = &report["budgets"][0];
    let told = ["name", "per", "of", "soft", "hard", "spent", "reserved", "percent", "unpriced", "state"];
    let told: Vec<&Value> = told.iter().map(|field| &budget[*field]).collect();
    let expected = json!(["purse", "month", null, 0.5, 1.5, 0.9, 0, 60, 0, "soft"]);
    assert_eq!(json!(told), expected, "{budget:#}");
    let table = home.run(&["usage"]).exits(0);
    let row = table.text().lines().find(|line| line.contains("purse")).unwrap_or_default().to_owned();
    for said in ["€0.90", "€0.50", "€1.50", "60 %", "soft limit"] {
        assert!(row.contains(said), "{said}: {row}");
    }
    home.write_config(&Home::config(&mock));
    let report = home.run(&["usage", "--json"]).exits(0).json();
    assert_eq!(report.get("budgets"), None);
}

#[test]
fn what_has_no_price_is_said_and_not_taken_for_free() {
    let mock = Mock::start();
    let home = home(&mock, "plain", "  - {name: purse, per: day, hard: 1.5}\n");
    let unpriced = home.run(&["-e", "Mock", "-m", "no-done", "-p", "hi"]).exits(0);
    assert!(unpriced.stderr.contains("1 request without a known price not counted"), "{}", unpriced.stderr);
    let report = home.run(&["usage", "--json"]).exits(0).json();
    assert_eq!((&report["budgets"][0]["unpriced"], &report["budgets"][0]["spent"]), (&json!(1), &json!(0)));
}

#[test]
fn a_process_sees_what_another_one_is_about_to_spend() {
    let mock = Mock::start();
    let home = home(&mock, "hang", "  - {name: purse, per: day, hard: 0.000001}\n");
    let one = home
        .command(&["-p", "hi"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    eventually("its request", || (mock.chats().len() == 1).then_some(()));
    let two = home.run(&["-p", "hi", "--json"]).exits(8).json();
    assert!(two["error"]["message"].as_str().is_some_and(|said| said.contains("on its way")), "{two:#}");
    assert_eq!(mock.chats().len(), 1);
    signal(one.id(), "INT");
    finish(one).exits(130);
    let budget = home.run(&["usage", "--json"]).exits(0).json()["budgets"][0].clone();
    assert_eq!(budget["reserved"], 0, "it gave back what it did not spend: {budget:#}");
}

#[test]
fn processes_that_start_at_once_overshoot_a_limit_by_no_more_than_what_is_in_flight() {
    let mock = Mock::start();
    // Each answer costs 90 cents and reserves fifty while it is on its way.
    let home = home(&mock, "plain", "  - {name: purse, per: day, soft: 0.5, hard: 1.5}\n");
    let start = |_| {
        let mut command = home.command(&["-p", "hi", "--json"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program can be started")
    };
    let running: Vec<_> = (0..8).map(start).collect();
    let codes: Vec<_> = running.into_iter().map(|child| finish(child).code).collect();
    let count = |code| codes.iter().filter(|found| **found == Some(code)).count();
    let (sent, refused) = (count(0), count(8));
    assert_eq!((sent + refused, mock.chats().len(), home.events().len()), (8, sent, sent), "{codes:?}");
    // Two reach the limit one after the other; at once, no more are let go than it has room for by the estimate.
    assert!((2..=4).contains(&sent), "{codes:?}");
    home.run(&["-p", "hi"]).exits(8);
}

#[test]
fn one_conversation_may_have_a_budget_by_its_id() {
    let mock = Mock::start();
    let home = home(&mock, "plain", "  - {name: other, per: day, hard: 100}\n");
    let id = home.ask("hi", &[])["conversation"].as_str().expect("a conversation").to_owned();
    let config = std::fs::read_to_string(home.config_file()).expect("a configuration");
    let budget = format!("  - {{name: this, per: day, conversation: {id}, hard: 0.5}}\n");
    home.write_config(&format!("{config}{budget}"));
    let refused = home.run(&["-p", "more", "--conversation", &id, "--json"]).exits(8).json();
    assert!(refused["error"]["message"].as_str().is_some_and(|said| said.contains("“this”")), "{refused:#}");
    home.run(&["-p", "elsewhere"]).exits(0);
    home.write_config(&format!("{config}  - {{name: this, per: day, conversation: mine, hard: 1}}\n"));
    let broken = home.run(&["config", "check"]).exits(3);
    assert!(
        broken.stderr.contains("loquat list --json") || broken.text().contains("loquat list --json"),
        "{broken:?}"
    );
}

#[test]
fn the_app_warns_asks_before_it_goes_over_and_takes_up_another_limit() {
    let mock = Mock::start();
    let home = home(&mock, "plain", SOFT_AND_HARD);
    let mut pty = Pty::open_at(&home, 100, 30, &[]);
    let turns = |count: usize| eventually("the event", || (home.events().len() == count).then_some(()));
    pty.say("first");
    turns(1);
    pty.wait_for_text("€0.90 of €1.50");
    pty.wait_for_text("purse 60 %");
    pty.say("second");
    turns(2);
    pty.wait_for_text("purse 120 %");
    pty.say("third");
    pty.wait_for_text(words::SEND_ALL_THE_SAME);
    assert_eq!(mock.chats().len(), 2, "nothing left before an answer");
    pty.send("n");
    pty.wait_until_gone(words::SEND_ALL_THE_SAME);
    pty.say("fourth");
    pty.wait_for_text(words::SEND_ALL_THE_SAME);
    pty.send("y");
    turns(3);
    assert_eq!(home.events()[2]["over_budget"], json!(["purse"]));

    pty.settle();
    pty.leader("u");
    let page = pty.wait_for_text("▓");
    assert!(page.contains("180 % €2.70 of €1.50 · spent"), "{page}");
    pty.send(keys::ESC);
    let config = std::fs::read_to_string(home.config_file()).expect("a configuration");
    home.write_config(&config.replace("hard: 1.5", "hard: 100"));
    pty.wait_for_text(words::CONFIG_TAKEN);
    pty.wait_for_text("purse 2 %");
    pty.say("fifth");
    turns(4);
    assert_eq!(home.events()[3].get("over_budget"), None);
    pty.quit();
}
