//! Branches beside each other, as a tree and as a rail; what is done to messages, and what of them is sent.

use super::*;

/// Two panes of one conversation on different branches, and one of another conversation below the second.
pub(super) fn three_panes(width: u16, height: u16) -> App {
    let mut app = talking(width, height);
    app.keys("ctrl-x w v alt-t K K h tab");
    app.keys("ctrl-x w s ctrl-x n");
    app.turn("日本語で答えて。", "はい。");
    app.keys("ctrl-x 1");
    app
}

#[test]
fn panes_beside_each_other() {
    insta::assert_snapshot!("panes_200x50", screen(&three_panes(200, 50)));
    insta::assert_snapshot!("panes_100x30", screen(&three_panes(100, 30)));
    insta::assert_snapshot!("panes_80x24", screen(&three_panes(80, 24)));
    insta::assert_snapshot!("panes_40x12", screen(&three_panes(40, 12)));
}

/// Three lanes: one that is done, one that is written, one that failed.
pub(super) fn three_lanes(width: u16, height: u16, keys: &str) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.send(Message::ModelsLoaded { list: models(3), at: noon() });
    app.type_text("Why does the borrow checker reject this?");
    let effects = app.keys(&format!("ctrl-x a space down space down space {keys} enter"));
    let turns: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::StartTurn(_))).collect();
    let [first, second, third] = turns.as_slice() else { panic!("{effects:?}") };
    let turn = |effect: &&Effect| started(std::slice::from_ref(*effect));
    for (request, text) in [(turn(first), REPLY), (turn(second), "The reference outlives the value it ")] {
        app.say(request.turn, StreamEvent::Text(text.into()));
        app.at += std::time::Duration::from_secs(1);
        app.say(request.turn, StreamEvent::Text("borrows from, and".into()));
    }
    app.end(&turn(first), REPLY, Status::Complete);
    app.end(&turn(third), "", Status::Failed);
    app
}

/// A question asked twice: of the first time three answers, one of them cut, the second one gone on with and being
/// written to; of the second time one that failed.
pub(super) fn grown(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.send(Message::SpentToday(Money::from_nanos(410_000_000)));
    app.model.pane.route = litellm("claude-sonnet");
    app.turn("Why does the borrow checker reject this?", "It is a lifetime error: the value is dropped.");
    app.model.pane.route = litellm("gpt-4o");
    let cut = started(&app.keys("alt-t r"));
    app.end(&cut, "The reference outlives the value it borrows from, and", Status::Cut);
    app.model.pane.route = litellm("claude-sonnet");
    let again = started(&app.keys("r"));
    app.end(&again, REPLY, Status::Complete);
    app.keys("esc");
    app.turn("And with a Box?", "Then the value moves to the heap. 日本語も。");
    app.keys("alt-t K K K e ctrl-u");
    let failed = app.ask("Explain lifetimes to me");
    app.end(&failed, "", Status::Failed);
    app.at += std::time::Duration::from_secs(300);
    app.keys("alt-t h");
    app.keys("esc");
    let live = app.ask("What about Rc?");
    app.say(live.turn, StreamEvent::Text("An `Rc` counts its owners:".into()));
    app
}

#[test]
fn lanes_beside_each_other_and_as_tabs() {
    insta::assert_snapshot!("lanes_200x50", screen(&three_lanes(200, 50, "")));
    insta::assert_snapshot!("lanes_100x30", screen(&three_lanes(100, 30, "")));
    insta::assert_snapshot!("lanes_80x24", screen(&three_lanes(80, 24, "")));
    insta::assert_snapshot!("lanes_60x20", screen(&three_lanes(60, 20, "")));
    insta::assert_snapshot!("lanes_40x12", screen(&three_lanes(40, 12, "")));
    let mut beside_rail = three_lanes(80, 24, "");
    beside_rail.keys("ctrl-x |");
    beside_rail.model.toast = None;
    assert_eq!(screen(&beside_rail), screen(&three_lanes(80, 24, "")));
    let mut blind = three_lanes(100, 30, "ctrl-t");
    insta::assert_snapshot!("lanes_blind_100x30", screen(&blind));
    blind.keys("esc");
    let shown = screen(&blind);
    assert!(!shown.contains("model-") && !shown.contains("sonnet-2026"), "{shown}");
}

#[test]
fn who_is_asked_is_marked() {
    let mut app = three_lanes(100, 30, "");
    let member = |samples| crate::storage::sets::Member { route: litellm("model-1"), samples };
    let set = crate::storage::sets::Set { name: "pair".into(), members: vec![member(2)] };
    app.send(Message::SetsKnown(vec![set]));
    app.keys("esc esc ctrl-x a down down right right ctrl-t");
    insta::assert_snapshot!("fan_out_100x30", screen(&app));
    for (width, height) in [(80, 24), (40, 12)] {
        app.send(Message::Resize { size: Size { width, height }, at: app.at });
        insta::assert_snapshot!(format!("fan_out_{width}x{height}"), screen(&app));
    }
}

#[test]
fn a_ghost_run_is_seen_beside_where_there_is_room() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = App::new(width, height);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        app.turn("Why does the borrow checker reject this?", REPLY);
        app.turn("And with a Box?", "Then the value moves to the heap.");
        app.keys("ctrl-x G");
        app.type_text("model-1");
        let first = started(&app.keys("enter"));
        let second = started(&app.end(&first, "The reference outlives the value.", Status::Complete));
        app.say(second.turn, StreamEvent::Text("A box owns what it".into()));
        insta::assert_snapshot!(format!("ghost_{width}x{height}"), screen(&app));
    }
}

#[test]
fn resizing_lanes_to_the_smallest_and_back_leaves_nothing() {
    let mut app = three_lanes(200, 50, "");
    let before = screen(&app);
    for (width, height) in [(40, 12), (79, 12), (80, 24), (1, 1), (200, 50)] {
        app.send(Message::Resize { size: Size { width, height }, at: app.at });
        buffer(&app.model, &Theme::terminal());
    }
    assert_eq!(screen(&app), before);
}

#[test]
fn the_tree_page() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = grown(width, height);
        app.keys("alt-t m t");
        insta::assert_snapshot!(format!("tree_{width}x{height}"), screen(&app));
    }
    let mut app = grown(80, 24);
    app.keys("alt-t t g j z /");
    app.type_text("the");
    insta::assert_snapshot!("tree_filtered_80x24", screen(&app));
    app.keys("ctrl-u x x x");
    insta::assert_snapshot!("tree_filtered_to_nothing_80x24", screen(&app));
    app.keys("esc");
    app.keys("x");
    insta::assert_snapshot!("tree_delete_80x24", screen(&app));
}

#[test]
fn the_tree_of_many_nested_branches_stays_in_its_columns() {
    for (width, height) in [(40, 12), (80, 24)] {
        let mut app = App::new(width, height);
        let tree = &mut app.model.open.conversation.tree;
        tree.add(crate::chat::tree::tests::message(1, None, "where it begins"));
        for n in 1..60u128 {
            let text = |what: &str| format!("{what} of level {n}");
            tree.add(crate::chat::tree::tests::message(2 * n + 1, Some(2 * n - 1), &text("what goes on")));
            tree.add(crate::chat::tree::tests::message(2 * n + 2, Some(2 * n - 1), &text("what ends")));
        }
        app.model.pane.view.read(&app.model.open.conversation.tree);
        app.keys("alt-t t G k k");
        insta::assert_snapshot!(format!("tree_nested_{width}x{height}"), screen(&app));
    }
}

#[test]
fn the_rail_beside_the_branch() {
    // Below 80 columns there is none, and what is said of it is why.
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = grown(width, height);
        app.keys("ctrl-x |");
        insta::assert_snapshot!(format!("rail_{width}x{height}"), screen(&app));
    }
    let mut app = grown(120, 20);
    app.keys("ctrl-x | alt-t K K K j");
    insta::assert_snapshot!("rail_scrolled_120x20", screen(&app));
}

#[test]
fn a_rail_in_panes_that_are_wide_enough() {
    let mut app = grown(160, 24);
    app.keys("ctrl-x | ctrl-x w v alt-t {");
    insta::assert_snapshot!("rail_panes_160x24", screen(&app));
}

#[test]
fn siblings_that_a_message_has_no_rows_for_are_counted() {
    let mut app = App::new(100, 14);
    let request = app.turn("one", "answer 1");
    for n in 2..8 {
        let again = started(&app.keys("ctrl-x r"));
        app.end(&again, &format!("answer {n}"), Status::Complete);
    }
    app.keys("alt-t h h h |");
    let tree = &app.model.open.conversation.tree;
    assert_eq!(tree.children(request.user.map(|user| user.id)).len(), 7);
    insta::assert_snapshot!("rail_many_100x14", screen(&app));
}

/// A conversation with two answers to its first prompt, one message left out, and two picked.
pub(super) fn acted_on(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.model.open.conversation.settings.system = Some("Answer in a few words.".into());
    app.send(Message::ModelsLoaded { list: models(40), at: noon() });
    app.turn(
        "Why does the borrow checker reject this?",
        "It is a lifetime error.\n\nThe block ends too early.",
    );
    let again = started(&app.keys("alt-t r"));
    app.end(
        &again,
        "It is an error of lifetimes.\n\nThe block ends before `r` is used. 日本語も。",
        Status::Complete,
    );
    app.keys("esc");
    app.turn("And with a Box?", "Then the value moves to the heap.");
    app.keys("alt-t K K K X v J v");
    app
}

#[test]
fn signs_of_what_was_done_to_messages() {
    let mut app = acted_on(80, 24);
    app.keys("E");
    app.type_text(" So use it earlier.");
    app.keys("enter");
    app.model.toast = None;
    insta::assert_snapshot!("acts_80x24", screen(&app));
    app.keys("f");
    insta::assert_snapshot!("fork_80x24", screen(&app));
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: noon() });
    insta::assert_snapshot!("fork_40x12", screen(&app));
}

#[test]
fn two_answers_compared() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = acted_on(width, height);
        app.model.picked.clear();
        app.keys("=");
        insta::assert_snapshot!(format!("compare_{width}x{height}"), screen(&app));
        app.keys("tab");
        insta::assert_snapshot!(format!("compare_sent_{width}x{height}"), screen(&app));
    }
}

#[test]
fn what_the_next_prompt_would_send() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = acted_on(width, height);
        app.model.toast = None;
        app.keys("esc");
        app.type_text("what about Rc?");
        app.keys("ctrl-x v i k");
        insta::assert_snapshot!(format!("lens_{width}x{height}"), screen(&app));
    }
}

/// A branch that has grown too long for its model, and the choice of what can be done.
fn too_long(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.turn("Why does the borrow checker reject this?", &"It is a lifetime error. ".repeat(20));
    app.turn("And with a Box?", &"Then the value moves to the heap. ".repeat(20));
    app.turn("What about Rc?", "An `Rc` counts its owners.");
    let mut list = models(3);
    let price = Money::from_nanos(3_000_000_000);
    for (model, window) in list.models.iter_mut().zip([300, 128_000, 1_000_000]) {
        model.context = Some(window);
        model.price = Some(crate::catalog::Price::from(crate::chat::Rates::new(price, price)));
    }
    app.send(Message::ModelsLoaded { list, at: noon() });
    app.type_text("Is there a third way?");
    app.keys("enter");
    app
}

#[test]
fn a_request_that_is_too_long_offers_what_can_be_done() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = too_long(width, height);
        app.keys("down down");
        insta::assert_snapshot!(format!("fit_{width}x{height}"), screen(&app));
    }
}

#[test]
fn a_summary_is_seen_as_it_is_written_then_folded_above_its_prompt_and_in_the_lens() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = too_long(width, height);
        app.keys("4");
        let effects = app.keys("enter");
        let [Effect::StartTemporaryTurn(request)] = effects.as_slice() else { panic!("{effects:?}") };
        let text = "The borrow checker rejects a reference that outlives its value. 日本語も。";
        app.say(request.turn, StreamEvent::Text(text.into()));
        insta::assert_snapshot!(format!("summary_writing_{width}x{height}"), screen(&app));
        let effects = app.end(request, text, Status::Complete);
        app.end(&started(&effects), "A third way is to clone.", Status::Complete);
        insta::assert_snapshot!(format!("summary_folded_{width}x{height}"), screen(&app));
        app.keys("alt-t K z");
        insta::assert_snapshot!(format!("summary_open_{width}x{height}"), screen(&app));
        app.keys("i");
        insta::assert_snapshot!(format!("summary_lens_{width}x{height}"), screen(&app));
    }
}
