//! Requests that will not fit in the model's context window: what is offered, and what is sent then.

use super::support::http::Request;
use super::support::words;
use super::support::{Home, KEY, Mock, Pty, eventually};

/// A home whose endpoint has a model with a window of so many tokens, and one with more room.
fn home(mock: &Mock, window: u64) -> Home {
    let config = Home::config(mock).replace("model: plain}", "model: echo}");
    Home::with_config(&format!(
        "{config}\x20       echo: {{prompt: 1.0, completion: 2.0, context: {window}}}\n\
         router: {{retries: 0}}\n"
    ))
    .with_variable("MOCK_KEY", KEY)
}

/// Prompts of about 25 tokens.
const PROMPTS: [&str; 3] = ["first", "second", "third"];

fn prompt(word: &str) -> String {
    format!("{word} {}", "la ".repeat(28).trim_end())
}

/// Three turns at the echo, which fit, and a fourth prompt, which does not.
fn at_the_choice(home: &Home) -> Pty {
    let mut pty = Pty::open_at(home, 100, 40, &[]);
    for (at, word) in PROMPTS.iter().enumerate() {
        pty.send(&prompt(word));
        pty.send(super::support::pty::keys::ENTER);
        eventually("the answer", || (home.events().len() == at + 1).then_some(()));
        pty.wait_for("the echo", |screen| screen.matches(word).count() >= 2);
        pty.settle();
    }
    pty.say("and the fourth?");
    pty.wait_for_text(words::TOO_LONG);
    pty
}

/// The first word of each message of a request.
fn told(request: &Request) -> Vec<String> {
    let first = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    request.messages().iter().map(|(_, text)| first(text)).collect()
}

#[test]
fn the_oldest_messages_are_left_out_of_the_request_and_stay_in_the_conversation() {
    let mock = Mock::start();
    let home = home(&mock, 150);
    let mut pty = at_the_choice(&home);
    assert_eq!(mock.chats().len(), 3, "nothing is sent before a row is chosen");
    let screen = pty.screen();
    let row = screen.lines().find(|line| line.contains(words::LEAVE_OUT)).unwrap_or_default().to_owned();
    let number = row.trim_start_matches([' ', '│']).chars().next().unwrap_or_default();
    pty.send(&number.to_string());
    eventually("the answer", || (home.events().len() == 4).then_some(()));
    let last = mock.chats().pop().expect("a fourth request");
    assert_eq!(told(&last), ["second", "second", "third", "third", "and"]);
    pty.quit();
    let conversations = home.conversations();
    assert_eq!(home.tree(&conversations[0]["id"]).len(), 8);
}

#[test]
fn a_summary_by_a_chosen_model_is_kept_with_the_prompt_and_sent_instead() {
    let mock = Mock::start();
    let home = home(&mock, 150);
    let mut pty = at_the_choice(&home);
    let screen = pty.screen();
    let row = screen.lines().find(|line| line.contains(words::SUMMARISE)).unwrap_or_default().to_owned();
    let number = row.trim_start_matches([' ', '│']).chars().next().unwrap_or_default();
    pty.send(&number.to_string());
    pty.wait_for_text(words::SUMMARY_BY);
    // The one with room is chosen already.
    pty.send(super::support::pty::keys::ENTER);
    eventually("the answer", || (home.events().len() == 5).then_some(()));
    let chats = mock.chats();
    let (made, sent) = (&chats[3], &chats[4]);
    assert_eq!((made.text("model"), made.messages().len()), ("plain", 1));
    assert!(made.messages()[0].1.contains("<user>\nfirst"), "{:?}", made.messages());
    let messages = sent.messages();
    assert!(messages[0].1.contains("Hello from the mock."), "{messages:?}");
    assert!(messages.iter().all(|(_, text)| !text.starts_with("first")), "{messages:?}");
    // Its event says what it was for and what it cost.
    let events = home.events();
    let summary = events.iter().find(|event| event["mode"] == "summary").expect("the event of the summary");
    assert_eq!((summary["model"].as_str(), summary["status"].as_str()), (Some("plain"), Some("ok")));
    assert!(summary["costEUR"].is_number(), "{summary}");
    pty.wait_for_text(words::SUMMARY_OF);
    pty.quit();
    let conversations = home.conversations();
    let id = conversations[0]["id"].as_str().expect("an id").to_owned();
    let question =
        home.tree(&conversations[0]["id"]).into_iter().find(|message| message["summary"].is_object());
    assert_eq!(question.expect("a question with a summary")["summary"]["model"], "plain");
    let exported = home.run(&["export", &id, "--format", "markdown"]).exits(0);
    assert!(exported.text().contains("Hello from the mock."), "{}", exported.text());
    // A one-shot that goes on from there sends the summary, too.
    home.run(&["-p", "go on", "-c", "-n"]).exits(0);
    let last = mock.chats().pop().expect("one more request");
    assert!(last.messages()[0].1.contains("Hello from the mock."), "{:?}", last.messages());
    assert!(last.messages().iter().all(|(_, text)| !text.starts_with("first")));
}

#[test]
fn a_one_shot_that_will_not_fit_is_sent_and_says_so_on_stderr() {
    let mock = Mock::start();
    let home = home(&mock, 1_500);
    let fits = home.run(&["-p", "hello", "-n"]).exits(0);
    assert!(!fits.stderr.contains("estimate"), "{}", fits.stderr);
    let long = "word ".repeat(2_000);
    let outcome = home.run(&["-p", &long, "-n"]).exits(0);
    assert!(outcome.stderr.contains("1500") && outcome.stderr.contains("estimate"), "{}", outcome.stderr);
    assert_eq!(mock.chats().len(), 2);
}
