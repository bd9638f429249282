//! The language of the interface: from the environment, or from the configuration, in the app, on the command line and in
//! its help; and what scripts read, which has none.

use super::support::pty::keys;
use super::support::{Home, Pty};

const GERMAN: (&str, &str) = ("LC_ALL", "de_DE.UTF-8");

#[test]
fn help_and_errors_are_told_in_the_language_of_the_environment() {
    let home = Home::bare().with_variable(GERMAN.0, GERMAN.1);
    let outcome = home.run(&["usage", "--help"]).exits(0);
    let help = outcome.text();
    for said in ["Aufruf: loquat usage", "Optionen:", "Befehle:", "Danach gruppieren", "Tag, Ortszeit"] {
        assert!(help.contains(said), "{said} in {help}");
    }
    for left in ["Usage:", "Options:", "Commands:", "Group by", "Print JSON"] {
        assert!(!help.contains(left), "{left} in {help}");
    }
    let refused = home.run(&["-p", "hi", "-e", "nowhere", "-m", "x"]).exits(5);
    assert!(refused.stderr.contains("einen Endpunkt „nowhere“ gibt es nicht"), "{refused:?}");
    assert!(home.run(&["man"]).exits(0).text().contains("Unterhaltungen mit vielen Modellen"));
}

#[test]
fn the_configuration_goes_before_the_environment_and_knows_no_other_language() {
    let home = Home::with_config("ui: {language: en}\n").with_variable(GERMAN.0, GERMAN.1);
    let refused = home.run(&["-p", "hi", "-e", "nowhere", "-m", "x"]).exits(5);
    assert!(refused.stderr.contains("there is no endpoint “nowhere”"), "{refused:?}");
    let home = Home::with_config("ui: {language: xx}\n");
    let refused = home.run(&["list"]).exits(3);
    assert!(refused.stderr.contains("1:16") && refused.stderr.contains("auto, en, de"), "{refused:?}");
}

#[test]
fn what_scripts_read_is_the_same_in_every_language() {
    let keys = |home: Home| {
        let answer = home.ask("hello", &["-e", "demo", "-m", "tour"]);
        answer.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(keys(Home::bare().with_variable(GERMAN.0, GERMAN.1)), keys(Home::bare()));
}

#[test]
fn the_app_speaks_it_too() {
    let home = Home::bare().with_variable(GERMAN.0, GERMAN.1);
    let mut pty = Pty::app(&home, 80, 24, &[]);
    pty.wait_for_text("Enter senden");
    pty.send(keys::CTRL_P);
    pty.wait_for_text("Enter ausführen");
}
