//! `loquat keys-debug`: what the terminal sends for each key, what is made of it, and what that is bound to.
//!
//! It prints lines on the screen as it is, so that they can be scrolled and copied. `--json` prints one object a
//! line, wherever stdout leads; keys are read from the terminal in any case, so that without one there is nothing
//! to debug.

use std::io::IsTerminal;
use std::process::Command;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use serde_json::{Map, Value, json};

use super::args::KeysDebugArgs;
use super::{Context, Exit};
use crate::app::keymap::{Context as Place, Keymap, Meaning, Stroke, arrival, written};
use crate::app::mouse::Mouse;
use crate::config::quirks::Quirks;
use crate::runtime::Ended;
use crate::runtime::ear::{Answer, Heard, More, listen};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise, sanitise_line};

/// Variables that tell of the terminal and of what stands before it.
const TOLD_BY: &[&str] = &[
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "COLORTERM",
    "TMUX",
    "STY",
    "ZELLIJ",
    "SSH_TTY",
    "VTE_VERSION",
    "KITTY_WINDOW_ID",
];

/// Options of tmux that decide which keys arrive, and when.
const OF_TMUX: &[&str] = &["escape-time", "extended-keys", "extended-keys-format", "xterm-keys", "prefix"];

/// More bytes than this in one piece are a paste, and not printed in full.
const MOST_BYTES: usize = 24;

/// Runs it.
pub fn run(args: &KeysDebugArgs, context: &Context) -> Exit {
    let out = &context.out;
    if !std::io::stdin().is_terminal() || !(args.json || out.is_terminal()) {
        out.error(&t!("cli-error", message = t!("cli-keys-debug-terminal")));
        return Exit::USAGE;
    }
    let (keymap, _) = Keymap::load(&context.config.keymap);
    let mouse = if context.config.ui.mouse { Mouse::Captured } else { Mouse::Free };
    let mut session = Session { keymap, chord: Vec::new(), last: None, kitty: None };
    let facts = facts(context);
    // In raw mode, a line ends in two characters.
    let end = if out.is_terminal() { "\r\n" } else { "\n" };
    let say = |line: &str| out.raw(format!("{line}{end}").as_bytes());
    let begin = || {
        if args.json {
            let facts: Map<String, Value> =
                facts.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            say(&as_json(&json!({ "terminal": facts })));
            return;
        }
        for (name, value) in &facts {
            say(sanitise_line(&format!("{name:<22} {value}")).as_str());
        }
        say(t!("cli-keys-debug-begin").as_str());
    };
    let quirks = Quirks::detect(|name| context.config.env.get(name).map(str::to_owned));
    let ended = listen(mouse, quirks, begin, |heard| {
        let (lines, object, more) = session.hear(heard);
        if args.json {
            say(&as_json(&object));
        } else {
            lines.iter().for_each(|line| say(line.as_str()));
        }
        if out.is_broken() { More::Leave } else { more }
    });
    match ended {
        Ok(Ended::Quit) => out.settle(Exit::OK),
        Ok(Ended::Terminated | Ended::HungUp) => Exit(143),
        Err(error) => {
            out.error(&t!("cli-error", message = error.to_string()));
            Exit::INTERNAL
        }
    }
}

/// What is known of the terminal without asking it.
fn facts(context: &Context) -> Vec<(String, String)> {
    let env = |name: &str| context.config.env.get(name).map(str::to_owned);
    let mut facts = vec![("terminal".to_owned(), Quirks::detect(env).name.to_owned())];
    facts.extend(TOLD_BY.iter().filter_map(|name| Some(((*name).to_owned(), env(name)?))));
    if env("TMUX").is_some() {
        let told = |option: &&str| {
            let asked = Command::new("tmux").args(["show", "-Agqv", option]).output().ok()?;
            let value = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
            (!value.is_empty()).then(|| (format!("tmux {option}"), value))
        };
        facts.extend(OF_TMUX.iter().filter_map(told));
    }
    facts
}

fn as_json(value: &Value) -> String {
    crate::text::safe::escape_json(&value.to_string()).into_owned()
}

/// What goes from one piece of input to the next.
struct Session {
    keymap: Keymap,
    /// Keys that begin bindings and were pressed just now.
    chord: Vec<Stroke>,
    /// The last key, where pressing it again leaves.
    last: Option<Stroke>,
    /// What the terminal said of the kitty protocol.
    kitty: Option<u8>,
}

impl Session {
    /// A piece of input: its lines, the same as JSON, and whether more is wanted.
    fn hear(&mut self, heard: &Heard) -> (Vec<Safe>, Value, More) {
        let (mut lines, mut answers) = (Vec::new(), Vec::new());
        for answer in &heard.answers {
            let told = self.answered(*answer);
            answers.push(json!(told.as_str()));
            lines.push(told);
        }
        let (mut events, mut more) = (Vec::new(), More::Listen);
        let bytes = (hex(&heard.bytes), readable(&heard.bytes));
        for event in &heard.events {
            let (told, object) = self.told(event);
            let beside = if events.is_empty() { bytes.clone() } else { Default::default() };
            lines.push(columns(&beside, &told));
            if self.leaves(event) {
                more = More::Leave;
            } else if self.last.is_some() {
                lines.push(t!("cli-keys-debug-again"));
            }
            events.push(object);
        }
        if heard.events.is_empty() && heard.answers.is_empty() {
            lines.push(columns(&bytes, t!("cli-keys-debug-nothing").as_str()));
        }
        let object = json!({"bytes": bytes.0, "text": bytes.1, "events": events, "answers": answers});
        (lines, object, more)
    }

    fn answered(&mut self, answer: Answer) -> Safe {
        match answer {
            Answer::Kitty(flags) => {
                self.kitty = Some(flags);
                t!("cli-keys-debug-kitty", flags = flags.to_string())
            }
            Answer::ModifyOtherKeys(level) => t!("cli-keys-debug-modify", level = level.to_string()),
            Answer::Attributes if self.kitty.is_none() => t!("cli-keys-debug-no-kitty"),
            Answer::Attributes => t!("cli-keys-debug-answers"),
        }
    }

    /// Whether a key is the second of the two that leave.
    fn leaves(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else { return false };
        if key.kind == KeyEventKind::Release {
            return false;
        }
        let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        let stroke = Stroke::from(*key);
        let leaving = stroke == Stroke::from(ctrl_c) || stroke.letter() == Some('q');
        let again = self.last == Some(stroke);
        self.last = leaving.then_some(stroke);
        leaving && again
    }

    /// What an event is, in words and as JSON.
    fn told(&mut self, event: &Event) -> (String, Value) {
        let (text, kind) = match event {
            Event::Key(key) => return self.key(*key),
            Event::Paste(text) => (t!("cli-keys-debug-paste", count = text.chars().count()), "paste"),
            Event::FocusGained => (t!("cli-keys-debug-focus"), "focus"),
            Event::FocusLost => (t!("cli-keys-debug-blur"), "blur"),
            Event::Mouse(mouse) => {
                let what = format!("{:?} {},{}", mouse.kind, mouse.column, mouse.row);
                (t!("cli-keys-debug-mouse", what = what), "mouse")
            }
            Event::Resize(columns, rows) => {
                (t!("cli-keys-debug-size", columns = *columns, rows = *rows), "resize")
            }
        };
        let object = json!({"kind": kind, "text": text.as_str()});
        (text.into_string(), object)
    }

    fn key(&mut self, key: KeyEvent) -> (String, Value) {
        let stroke = Stroke::from(key);
        let name = written(&[stroke]);
        if key.kind == KeyEventKind::Release {
            let text = t!("cli-keys-debug-release", key = name.as_str());
            return (text.into_string(), json!({"kind": "release", "key": name}));
        }
        let mut chord = std::mem::take(&mut self.chord);
        let began = !chord.is_empty();
        chord.push(stroke);
        let (mut keys, mut meanings) = (written(&chord), self.keymap.meanings(&chord));
        if began && meanings.is_empty() {
            // The chord leads nowhere; what the key is by itself is told then.
            (keys, meanings) = (name.clone(), self.keymap.meanings(&[stroke]));
            chord = vec![stroke];
        }
        let begins = |(_, meaning): &(Place, Meaning)| matches!(meaning, Meaning::Begins(_));
        if meanings.iter().any(begins) {
            self.chord = chord;
        }
        let mut bound = Map::new();
        let mut parts = Vec::new();
        for (place, meaning) in meanings {
            let what = match meaning {
                Meaning::Command(command) => command.row().map_or("", |row| row.name).to_owned(),
                Meaning::Begins(count) => t!("cli-keys-debug-begins", count = count).into_string(),
            };
            parts.push(format!("{}: {what}", place.name()));
            bound.insert(place.name().to_owned(), json!(what));
        }
        match (parts.is_empty(), stroke.letter()) {
            (true, Some(_)) => parts.push(t!("cli-keys-debug-typed").into_string()),
            (true, None) => parts.push(t!("cli-keys-debug-unbound").into_string()),
            (false, _) => {}
        }
        let trouble = arrival::trouble(&name).map(|trouble| trouble.told().into_string());
        let object = json!({"kind": "press", "key": name, "keys": keys, "bound": bound, "note": trouble});
        parts.extend(trouble.map(|trouble| format!("({trouble})")));
        (format!("{keys:<12} {}", parts.join(" · ")), object)
    }
}

/// Bytes and their meaning beside each other.
fn columns((hex, readable): &(String, String), told: &str) -> Safe {
    let padded =
        |text: &str, cells: usize| format!("{text}{}", " ".repeat(cells.saturating_sub(width(text))));
    sanitise(&format!("{} {} {told}", padded(hex, 18), padded(readable, 14)))
}

/// Bytes in hexadecimal; the beginning of many.
fn hex(bytes: &[u8]) -> String {
    let shown = bytes.iter().take(MOST_BYTES).map(|byte| format!("{byte:02x}"));
    let more = if bytes.len() > MOST_BYTES { " …" } else { "" };
    shown.collect::<Vec<_>>().join(" ") + more
}

/// Bytes as terminal manuals write them: `ESC [ A`, `^X`, `SP`.
fn readable(bytes: &[u8]) -> String {
    let shown = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let more = if bytes.len() > MOST_BYTES { " …" } else { "" };
    let text = String::from_utf8_lossy(shown);
    let words = text.chars().map(|c| match c {
        '\x1b' => "ESC".to_owned(),
        ' ' => "SP".to_owned(),
        '\x7f' => "DEL".to_owned(),
        c @ '\0'..='\x1f' => format!("^{}", char::from(u8::try_from(c).unwrap_or(0) + b'@')),
        c => c.to_string(),
    });
    words.collect::<Vec<_>>().join(" ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session { keymap: Keymap::load(&[]).0, chord: Vec::new(), last: None, kitty: None }
    }

    fn pressed(bytes: &[u8], keys: &str) -> Heard {
        let events = keys.split_whitespace().map(|key| Event::Key(Stroke::parse(key).unwrap().event()));
        Heard { bytes: bytes.to_vec(), events: events.collect(), answers: Vec::new() }
    }

    #[test]
    fn a_key_is_told_with_its_bytes_and_all_it_is_bound_to() {
        let mut session = session();
        let mut told = |bytes: &[u8], keys: &str| {
            let (lines, _, more) = session.hear(&pressed(bytes, keys));
            assert_eq!(more, More::Listen);
            lines.iter().map(|line| line.as_str().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(
            told(b"\x1b[A", "up"),
            "1b 5b 41           ESC [ A        up           transcript: line-up · tree: line-up · usage: line-up"
        );
        let chord = [told(b"\x18", "ctrl-x"), told(b"w", "w"), told(b"v", "v")];
        assert!(chord[0].starts_with("18                 ^X             ctrl-x       anywhere: begins "));
        assert_eq!(chord[2], "76                 v              ctrl-x w v   anywhere: split-right");
        assert!(told(b"\x02", "ctrl-b").ends_with(
            "bound to nothing · (ctrl-b does not arrive where tmux, zellij has it, as it does by default)"
        ));
        assert!(told("ä".as_bytes(), "ä").ends_with("ä            typed"));
        assert!(told(b"ab", "a b").contains("\n"));
    }

    #[test]
    fn two_of_the_same_leave_and_two_different_ones_do_not() {
        let mut session = session();
        let mut press = |keys: &str| session.hear(&pressed(b"", keys)).2;
        assert_eq!(press("q"), More::Listen);
        assert_eq!(press("ctrl-c"), More::Listen);
        assert_eq!(press("a"), More::Listen);
        assert_eq!(press("ctrl-c"), More::Listen);
        assert_eq!(press("ctrl-c"), More::Leave);
    }

    #[test]
    fn what_the_terminal_answers_is_told_apart_from_keys() {
        let mut session = session();
        let answers = vec![Answer::ModifyOtherKeys(2), Answer::Attributes];
        let heard = Heard { bytes: b"\x1b[>4;2m".to_vec(), events: Vec::new(), answers };
        let (lines, object, _) = session.hear(&heard);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].contains("kitty"), "{}", lines[1].as_str());
        assert_eq!(object["events"], json!([]));
    }

    #[test]
    fn a_long_piece_is_cut() {
        assert_eq!(hex(&[0x61; 30]).split(' ').count(), MOST_BYTES + 1);
        assert!(readable(&[0x61; 30]).ends_with("a …"));
    }
}
