//! How the app looks: what the terminal says of its background, themes that are chosen, and files of one's own.

use std::time::Duration;

use crate::support::pty::{Pty, keys};
use crate::support::{Home, eventually};

/// What the terminal is asked: its background, and behind it what every terminal answers.
const QUESTION: &str = "\u{1b}]11;?\u{7}\u{1b}[c";
/// What it answers, and what it says of itself.
const LIGHT: &str = "\u{1b}]11;rgb:ffff/ffff/ffff\u{7}";
const ITSELF: &str = "\u{1b}[?62;22c";
/// Text of the themes `loquat-light` and `nord`, as it is written: the second paints its background too.
const LIGHT_TEXT: &str = "38;2;47;44;39";
const NORD_TEXT: &str = "38;2;216;222;233";
const NORD_BACKGROUND: &str = "48;2;46;52;64";

fn home(config: &str) -> Home {
    Home::with_config(config).with_variable("COLORTERM", "truecolor")
}

fn written(pty: &Pty) -> String {
    String::from_utf8_lossy(&pty.bytes()).into_owned()
}

#[test]
fn an_answer_that_comes_late_while_one_types_changes_the_theme_and_nothing_else() {
    let home = home("{}\n");
    let mut pty = Pty::open(&home, &[]);
    let first = written(&pty);
    // It is asked once the first frame is there, and nobody waited.
    eventually("the question", || written(&pty).contains(QUESTION).then_some(()));
    assert!(!first.contains(LIGHT_TEXT));
    pty.send("three ");
    // The scene itself: a terminal that answers this late.
    std::thread::sleep(Duration::from_secs(3));
    pty.send("sec");
    pty.send(&format!("{LIGHT}{ITSELF}"));
    pty.send("onds");
    pty.wait_for_text("› three seconds");
    eventually("the light theme", || written(&pty).contains(LIGHT_TEXT).then_some(()));
    // Only what looks different was written: the screen was never emptied.
    assert_eq!(written(&pty).matches("\u{1b}[2J").count(), first.matches("\u{1b}[2J").count());

    // The next start begins with it, before the terminal said anything.
    pty.send(keys::CTRL_U);
    pty.quit();
    let pty = Pty::open(&home, &[]);
    assert!(written(&pty).contains(LIGHT_TEXT));
    pty.quit();
}

#[test]
fn an_answer_in_pieces_or_without_an_end_is_never_typed() {
    let whole = format!("{LIGHT}{ITSELF}");
    let unended = LIGHT.trim_end_matches('\u{7}');
    let torn: [&[&str]; 4] = [
        &[&whole[..1], &whole[1..]],
        &[&whole[..3], &whole[3..14], &whole[14..]],
        &[&whole[..LIGHT.len() + 1], &whole[LIGHT.len() + 1..]],
        &[unended],
    ];
    for pieces in torn {
        let mut pty = Pty::open(&home("{}\n"), &[]);
        eventually("the question", || written(&pty).contains(QUESTION).then_some(()));
        pty.send("before ");
        pty.wait_for_text("› before");
        for piece in pieces {
            pty.send(piece);
            // The scene itself: its pieces come apart from each other.
            std::thread::sleep(Duration::from_millis(300));
        }
        pty.send("after");
        let screen = pty.wait_for("what was typed", |screen| screen.contains("after"));
        assert!(screen.contains("› before after"), "{pieces:?}:\n{screen}");
        eventually("the light theme", || written(&pty).contains(LIGHT_TEXT).then_some(()));
        pty.send(keys::CTRL_U);
        pty.quit();
    }
}

#[test]
fn a_terminal_whose_background_changes_nothing_is_not_asked() {
    for (config, no_color) in [
        ("ui: {theme: nord}\n", ""),
        ("ui: {background: dark}\n", ""),
        ("ui: {colors: 16}\n", ""),
        ("{}\n", "1"),
    ] {
        let pty = Pty::open(&home(config).with_variable("NO_COLOR", no_color), &[]);
        pty.settle();
        assert!(!written(&pty).contains("\u{1b}]11"), "{config}");
        pty.quit();
    }
}

#[test]
fn a_theme_is_seen_while_one_walks_the_list_and_kept_with_enter() {
    let home = home("{}\n");
    let mut pty = Pty::open(&home, &[]);
    pty.leader("vt");
    pty.wait_for_text("solarized");
    pty.send("nord");
    eventually("its background", || written(&pty).contains(NORD_BACKGROUND).then_some(()));
    let corner = |pty: &Pty| pty.look(|screen| screen.cell(0, 0).map(vt100::Cell::bgcolor));
    assert_eq!(corner(&pty), Some(vt100::Color::Rgb(0x2e, 0x34, 0x40)));
    pty.send(keys::ESC);
    eventually("the theme before", || (corner(&pty) == Some(vt100::Color::Default)).then_some(()));

    pty.leader("vt");
    pty.wait_for_text("solarized");
    pty.send("nord");
    pty.send(keys::ENTER);
    pty.wait_until_gone("Enter keep");
    pty.quit();
    let pty = Pty::open(&home, &[]);
    assert_eq!(corner(&pty), Some(vt100::Color::Rgb(0x2e, 0x34, 0x40)));
    pty.quit();
    // Whoever then writes another one into the configuration means that.
    home.write_config("ui:\n  theme: dracula\n");
    let pty = Pty::open(&home, &[]);
    assert_eq!(corner(&pty), Some(vt100::Color::Rgb(0x28, 0x2a, 0x36)));
    pty.quit();
}

#[test]
fn files_of_ones_own_lie_over_the_built_in_ones_and_are_checked() {
    let home = home("ui:\n  theme: {dark: mine, light: mine}\n  background: dark\n");
    let folder = home.config_file().with_file_name("themes");
    std::fs::create_dir(&folder).expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    put("mine.yaml", "from: nord\naccent: \"#ffffff\"\n");
    home.run(&["config", "check"]).exits(0);
    let pty = Pty::open(&home, &[]);
    assert!(written(&pty).contains(NORD_TEXT));
    pty.quit();

    put("mine.yaml", "from: nord\nacent: \"#ffffff\"\n");
    put("other.yaml", "system: base16\npalette:\n  base00: 1e1e\n");
    let said = home.run(&["config", "check"]).exits(3);
    for part in
        ["mine.yaml:2:1: error: “acent” is no role", "did you mean “accent”?", "other.yaml:3:3: error"]
    {
        assert!(said.text().contains(part), "{part:?} is not in:\n{}", said.text());
    }
}

#[test]
fn without_colours_none_is_written() {
    for home in [
        Home::with_config("ui: {colors: none, theme: dracula}\n").with_variable("COLORTERM", "truecolor"),
        Home::with_config("ui: {theme: dracula}\n").with_variable("NO_COLOR", "1"),
    ] {
        let mut pty = Pty::open(&home, &[]);
        pty.say("tables");
        pty.settle();
        let bytes = written(&pty);
        let sgr = bytes.split("\u{1b}[").filter_map(|rest| rest.split_once('m')).map(|(sgr, _)| sgr);
        let colored: Vec<&str> = sgr
            .filter(|sgr| sgr.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
            .filter(|sgr| sgr.split(';').any(|number| matches!(number.parse(), Ok(30..=49 | 90..=107))))
            .collect();
        assert_eq!(colored, [""; 0]);
        pty.quit();
    }
}
