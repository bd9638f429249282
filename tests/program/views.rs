//! Ways of seeing a tree: runs beside it, lanes without names, the tree page, four panes. Keys in, screen and
//! stored tree out.

use serde_json::{Value, json};

use super::support::orchard::{self, ORCHARD};
use super::support::pty::{framed, keys};
use super::support::words;
use super::support::{Home, Pty};

/// What was said from the root down to each leaf of the only conversation, by model, and whether it is chosen.
fn branches(home: &Home) -> Vec<(Vec<String>, bool)> {
    let tree = home.tree(&home.conversations()[0]["id"]);
    let said = |message: &Value| match message["role"].as_str() {
        Some("user") => message["text"].as_str().unwrap_or_default().to_owned(),
        _ => format!(
            "{}: {}",
            message["model"].as_str().unwrap_or("?"),
            message["status"].as_str().unwrap_or("?")
        ),
    };
    let parent = |message: &Value| tree.iter().find(|other| other["id"] == message["parent"]);
    tree.iter()
        .filter(|message| tree.iter().all(|other| other["parent"] != message["id"]))
        .map(|leaf| {
            let mut path: Vec<String> =
                std::iter::successors(Some(leaf), |at| parent(at)).map(said).collect();
            path.reverse();
            (path, leaf["chosen"] == json!(true))
        })
        .collect()
}

/// One prompt after the other from a script, each after the one before. Returns the id of the last answer.
fn scripted(home: &Home, prompts: &[&str], at: Option<&str>) -> String {
    let mut last = at.map(str::to_owned);
    for prompt in prompts {
        let mut arguments = vec!["-p", prompt, "--json", "-n"];
        if let Some(at) = &last {
            arguments.extend(["--at", at]);
        }
        let answer = home.run(&arguments).exits(0).json();
        last = answer["message"].as_str().map(str::to_owned);
    }
    last.expect("an answer")
}

#[test]
fn a_ghost_run_asks_the_prompts_of_a_branch_again_and_is_stopped_with_what_came() {
    let (_orchard, home) = orchard::start();
    scripted(&home, &["first question", "second one, quince waits"], None);
    let mut pty = Pty::open_at(&home, 140, 40, &["-c"]);
    pty.wait_for_text("second one");
    pty.leader("G");
    pty.wait_for("the models", |screen| ORCHARD.iter().all(|(id, _)| screen.contains(id)));
    pty.send("quince");
    pty.wait_for_text("1 of ");
    pty.send(keys::ENTER);
    // It is seen in a pane beside, and waits in the middle of its second answer.
    pty.wait_for("the run", |screen| {
        screen.contains("ghost 2/2") && screen.matches(ORCHARD[2].1).count() == 2
    });
    pty.leader("x");
    let screen = pty.wait_for_text("stopped at 2 of 2");
    assert!(screen.matches(ORCHARD[0].1).count() == 2, "{}", framed(&screen));
    pty.quit();
    let branch = |model: &str, end: &str| {
        let answers = [format!("{model}: complete"), format!("{model}: {end}")];
        let [first, second] = answers;
        vec!["first question".to_owned(), first, "second one, quince waits".to_owned(), second]
    };
    assert_eq!(
        branches(&home),
        [(branch("apricot", "complete"), true), (branch("quince", "cancelled"), false)]
    );
}

#[test]
fn answers_judged_blind_show_their_names_with_the_choice_which_is_counted() {
    let (_orchard, home) = orchard::start();
    let mut pty = Pty::open_at(&home, 140, 40, &[]);
    pty.send("which of you");
    pty.wait_for_text("which of you");
    pty.leader("a");
    pty.wait_for("the models", |screen| ORCHARD.iter().all(|(id, _)| screen.contains(id)));
    for _ in ORCHARD {
        pty.send(" ");
        pty.send(keys::DOWN);
    }
    pty.wait_for_text("3 marked");
    pty.send(keys::CTRL_T);
    pty.wait_for_text("marked, blind");
    pty.send(keys::ENTER);
    let screen =
        pty.wait_for("three answers", |screen| ORCHARD.iter().all(|(_, said)| screen.contains(said)));
    // The first is where the composer sends to, which says nothing of the lanes.
    assert!(ORCHARD[1..].iter().all(|(id, _)| !screen.contains(id)), "{}", framed(&screen));
    pty.send("l");
    pty.settle();
    pty.send("p");
    pty.wait_for("the names", |screen| ORCHARD.iter().all(|(id, _)| screen.contains(&format!(" = {id}"))));
    pty.quit();
    let chosen: Vec<String> = branches(&home)
        .into_iter()
        .filter(|(_, chosen)| *chosen)
        .filter_map(|(said, _)| said.last()?.strip_suffix(": complete").map(str::to_owned))
        .collect();
    let mut wins = home.run(&["usage", "--wins", "--json"]).exits(0).json();
    let rows = wins.as_array_mut().expect("a list");
    assert_eq!(rows.first(), Some(&json!({"model": chosen[0], "shown": 1, "won": 1})));
    let lost: Vec<&Value> = rows[1..].iter().map(|row| &row["won"]).collect();
    assert_eq!((chosen.len(), lost), (1, vec![&json!(0), &json!(0)]));
}

#[test]
fn the_tree_is_walked_folded_and_filtered_and_leaps_are_taken_back() {
    let (_orchard, home) = orchard::start();
    let alder = scripted(&home, &["alder"], None);
    scripted(&home, &["birch", "dogwood"], Some(&alder));
    scripted(&home, &["cedar"], Some(&alder));
    let mut pty = Pty::open_at(&home, 100, 30, &["-c"]);
    pty.wait_for("the branch", |screen| screen.contains("cedar") && !screen.contains("dogwood"));
    pty.leader("b");
    pty.wait_for_text("8 messages");
    // From the last answer the sibling before is meant of the prompt above it.
    pty.send("K");
    pty.send("z");
    pty.wait_for("birch folded", |screen| screen.contains("▸ 3") && !screen.contains("dogwood"));
    pty.send("z");
    pty.wait_for_text("dogwood");
    pty.send("/");
    pty.send("dogwood");
    pty.wait_for_text("1 of 8 messages");
    pty.send(keys::ENTER);
    pty.wait_for_text("q close");
    pty.send(keys::ENTER);
    pty.wait_for("its branch", |screen| screen.contains("dogwood") && !screen.contains("cedar"));
    pty.send("[");
    pty.wait_for("back", |screen| screen.contains("cedar") && !screen.contains("dogwood"));
    pty.send("]");
    pty.wait_for("forward", |screen| screen.contains("dogwood") && !screen.contains("cedar"));
    pty.quit();
    // The branch that was left is the one that is chosen.
    let chosen: Vec<bool> = branches(&home).into_iter().map(|(_, chosen)| chosen).collect();
    assert_eq!(chosen, [true, false]);
}

#[test]
fn four_panes_scroll_together_one_is_zoomed_and_all_are_there_at_the_next_start() {
    let (_orchard, home) = orchard::start();
    scripted(&home, &["turn one", "turn two", "turn three", "turn four", "turn five"], None);
    let mut pty = Pty::open_at(&home, 200, 50, &["-c"]);
    pty.wait_for_text("turn five");
    for (pane, key) in [("1", "v"), ("1", "s"), ("3", "s")] {
        pty.leader(pane);
        pty.leader("w");
        pty.send(key);
    }
    pty.wait_for("four ends", |screen| screen.matches("turn five").count() == 4);
    let ends = pty.settle();
    assert!(!ends.contains("turn two"), "{}", framed(&ends));
    pty.leader("w");
    pty.send("y");
    pty.wait_for_text(words::TOGETHER);
    pty.focus_transcript();
    pty.send("g");
    pty.wait_for("four beginnings", |screen| screen.matches("turn two").count() == 4);
    pty.leader("w");
    pty.send("z");
    pty.wait_for("one pane", |screen| screen.contains("4/4") && screen.matches("turn two").count() == 1);
    pty.resize(40, 12);
    pty.settle();
    pty.resize(200, 50);
    pty.quit();
    let mut pty = Pty::open_at(&home, 200, 50, &[]);
    pty.wait_for("all of them", |screen| screen.matches("turn five").count() == 4);
    // They are still linked.
    pty.focus_transcript();
    pty.send("g");
    pty.wait_for("four beginnings", |screen| screen.matches("turn two").count() == 4);
    pty.quit();
}
