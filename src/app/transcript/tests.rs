use proptest::prelude::*;

use super::*;
use crate::app::pane::Presence;
use crate::app::testing::App;
use crate::app::{Extent, Message, Size};
use crate::chat::StreamEvent;

#[test]
fn what_is_read_stays_while_an_answer_grows_and_the_pill_counts() {
    let mut app = App::new(80, 24);
    app.turn("long", &"line\n\n".repeat(40));
    let request = app.ask("more");
    app.keys("pageup");
    let before = app.model.pane.view.visible.clone();
    assert!(matches!(app.model.pane.view.anchor, Anchor::At(..)));
    for _ in 0..10 {
        app.say(request.turn, StreamEvent::Text("word\n\n".into()));
    }
    assert_eq!(app.model.pane.view.visible, before);
    assert!(app.model.pane.view.new_lines >= 10, "{}", app.model.pane.view.new_lines);
    app.keys("alt-t G");
    assert_eq!((app.model.pane.view.anchor, app.model.pane.view.new_lines), (Anchor::Follow, 0));
}

#[test]
fn nothing_is_new_for_being_wrapped_at_another_width() {
    let mut app = App::new(120, 24);
    app.turn("long", &"words that are wrapped on a narrow screen, and on a wide one are not\n\n".repeat(40));
    app.keys("alt-end alt-t u");
    assert!(app.model.pane.view.more_below);
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: app.at });
    assert_eq!(app.model.pane.view.new_lines, 0);
    app.keys("esc");
    let request = app.ask("more");
    app.keys("alt-t g");
    app.say(request.turn, StreamEvent::Text("word\n\nword".into()));
    let new = app.model.pane.view.new_lines;
    assert!(new > 0);
    app.send(Message::Resize { size: Size { width: 120, height: 24 }, at: app.at });
    assert_eq!(app.model.pane.view.new_lines, new);
}

#[test]
fn scrolling_up_and_down_again_comes_back_to_the_same_rows() {
    let mut app = App::new(80, 24);
    app.turn("a", &"line\n\n".repeat(40));
    app.turn("b", &"line\n\n".repeat(40));
    app.keys("alt-t u u");
    let here = app.model.pane.view.visible.clone();
    app.keys("k k k j j j");
    assert_eq!(app.model.pane.view.visible, here);
    app.keys("g");
    assert_eq!(app.model.pane.view.visible[0].1, 0);
    app.keys("G");
    assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
}

#[test]
fn only_what_is_visible_of_a_long_conversation_is_laid_out() {
    let mut app = App::new(80, 24);
    let id = app.model.open.conversation.id;
    let mut conversation = app.model.open.conversation.clone();
    for n in 1..=10_000u128 {
        conversation.tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.open.presence = Presence::Loading;
    app.send(Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent: Extent::Whole,
        draft: None,
    });
    let tree = app.model.open.conversation.tree.branch();
    let laid = tree.iter().filter(|id| app.model.pane.layouts.get(**id).is_some()).count();
    assert_eq!((app.model.open.conversation.id, tree.len()), (id, 10_000));
    assert!(laid <= 12, "{laid}");
}

#[test]
fn paging_through_a_long_conversation_lays_out_only_what_is_passed() {
    let mut app = App::new(120, 40);
    let mut tree = crate::chat::Tree::default();
    for n in 1..=10_000u128 {
        tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.open.conversation.tree = tree;
    app.model.pane.view.read(&app.model.open.conversation.tree);
    app.keys("pageup pageup pagedown");
    let laid = app.model.pane.layouts.len();
    assert!(laid < 100, "{laid}");
}

#[test]
fn lines_that_break_elsewhere_at_another_width_are_not_new() {
    let mut app = App::new(160, 30);
    app.turn("a", &"word ".repeat(2000));
    app.keys("alt-end alt-t pageup pageup");
    for width in [60, 160, 40] {
        app.send(Message::Resize { size: crate::app::Size { width, height: 30 }, at: app.at });
        assert_eq!(app.model.pane.view.new_lines, 0, "{width}");
        assert!(app.model.pane.view.more_below);
    }
}

#[test]
fn the_beginning_of_a_long_answer_stays_in_view_until_it_is_followed() {
    let mut app = App::new(80, 24);
    app.turn("before", &"line\n\n".repeat(40));
    let request = app.ask("the question");
    for _ in 0..5 {
        app.say(request.turn, StreamEvent::Text("word\n\n".into()));
        assert_eq!((app.model.pane.view.more_below, app.model.pane.view.new_lines), (false, 0));
    }
    for _ in 0..20 {
        app.say(request.turn, StreamEvent::Text("word\n\n".into()));
    }
    assert_eq!(rows(&app)[..5], ["you", "the question", "", "demo", "word"]);
    assert!(app.model.pane.view.new_lines > 10, "{}", app.model.pane.view.new_lines);
    let top = app.model.pane.view.visible.clone();
    app.end(&request, &"word\n\n".repeat(25), crate::chat::Status::Complete);
    assert_eq!(app.model.pane.view.visible, top);
    app.keys("alt-end");
    assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
    // The next one is stopped at as well, however long its question is.
    let request = app.ask(&"words of a question that is long. ".repeat(40));
    app.say(request.turn, StreamEvent::Text("word\n\n".repeat(40)));
    assert!(rows(&app)[..8].contains(&"demo".to_owned()), "{:?}", rows(&app));
}

#[test]
fn what_is_new_is_counted_down_as_it_is_read() {
    let mut app = App::new(80, 24);
    let request = app.ask("the question");
    app.say(request.turn, StreamEvent::Text("word\n\n".repeat(40)));
    app.end(&request, &"word\n\n".repeat(40), crate::chat::Status::Complete);
    let mut counted = vec![app.model.pane.view.unread_lines];
    app.keys("alt-t");
    while app.model.pane.view.more_below {
        app.keys("j");
        counted.push(app.model.pane.view.unread_lines);
    }
    let (first, last) = (counted[0], counted.len() - 1);
    assert_eq!(counted, (0..=last).map(|nth| first - nth).collect::<Vec<_>>());
    assert_eq!(first, last, "the last line that is read is the last one that is counted");
}

#[test]
fn what_is_configured_of_following_is_what_a_run_begins_with_and_no_choice() {
    let mut config = crate::config::Config::default();
    config.ui.follow = crate::config::Following::Always;
    let mut app = App::new(80, 24);
    let (config, looks, at) = (std::sync::Arc::new(config), crate::app::configured::Looks::Same, app.at);
    app.send(crate::app::Message::Configured { config, looks, at });
    assert_eq!(app.model.follow, Follow::Always);
    app.turn("one", "two");
    let effects = app.keys("alt-t T");
    assert_eq!((app.model.follow, app.model.choices.follow), (Follow::Beginning, Follow::Beginning));
    assert_eq!(effects, []);
}

#[test]
fn who_always_follows_sees_the_end_and_the_choice_is_kept() {
    let mut app = App::new(80, 24);
    let request = app.ask("the question");
    app.say(request.turn, StreamEvent::Text("word\n\n".repeat(40)));
    assert!(app.model.pane.view.more_below);
    let effects = app.keys("alt-t T");
    assert_eq!(app.model.choices.follow, Follow::Always);
    assert_eq!(effects, [crate::app::Effect::SaveChoices(app.model.choices.clone())]);
    assert_eq!((app.model.pane.view.anchor, app.model.pane.view.more_below), (Anchor::Follow, false));
    app.end(&request, &"word\n\n".repeat(40), crate::chat::Status::Complete);
    app.keys("esc");
    let request = app.ask("another");
    app.say(request.turn, StreamEvent::Text("word\n\n".repeat(40)));
    assert!(!app.model.pane.view.more_below);
}

#[test]
fn reasoning_is_open_while_it_runs_and_folds_when_the_answer_begins() {
    let mut app = App::new(80, 24);
    let request = app.ask("why");
    app.say(request.turn, StreamEvent::Reasoning("first thought\n\nsecond thought".into()));
    assert!(rows(&app).contains(&"second thought".to_owned()));
    app.say(request.turn, StreamEvent::Text("because".into()));
    let folded = "▸ reasoning, 3 lines · z shows it";
    assert_eq!(rows(&app)[3..6], ["demo", folded, "because"]);
    app.keys("alt-t z");
    assert!(rows(&app).contains(&"second thought".to_owned()));
}

#[test]
fn reasoning_that_is_being_read_stays_open_when_the_answer_begins() {
    let mut app = App::new(80, 24);
    let request = app.ask("why");
    app.say(request.turn, StreamEvent::Reasoning("a thought\n\n".repeat(40)));
    app.keys("alt-t u");
    app.keys("j j j");
    let before = (rows(&app), app.model.pane.view.visible.clone());
    app.say(request.turn, StreamEvent::Text("because".into()));
    assert_eq!((rows(&app), app.model.pane.view.visible.clone()), before);
}

#[test]
fn the_last_fold_is_kept_for_answers_to_come_unless_the_configuration_says_which() {
    let think = |app: &mut App| {
        let request = app.ask("why");
        app.say(request.turn, StreamEvent::Reasoning("a thought".into()));
        app.say(request.turn, StreamEvent::Text("because".into()));
        request.answer.id
    };
    let mut app = App::new(80, 24);
    let first = think(&mut app);
    let effects = app.keys("alt-t z");
    assert_eq!(effects, [crate::app::Effect::SaveChoices(app.model.choices.clone())]);
    assert_eq!(app.model.choices.thoughts, crate::storage::choices::Thoughts::Open);
    let folds = Folds::new(crate::config::Reasoning::Remember, &app.model.choices);
    assert_eq!(folds.of(first), crate::app::block::Fold::Open);
    let folds = Folds::new(crate::config::Reasoning::Folded, &app.model.choices);
    assert_eq!(folds.of(first), crate::app::block::Fold::OnceSaid);
}

#[test]
fn a_pill_that_is_clicked_leads_to_the_end() {
    let mut app = App::new(80, 24);
    app.turn("a", &"line\n\n".repeat(60));
    app.keys("alt-end alt-t g");
    let body = crate::app::geometry::screen(&app.model).transcript;
    let text = crate::app::pill::text(&app.model, &app.model.pane.view).unwrap();
    assert_eq!(text.as_str(), "▼ G");
    let place = crate::app::pill::place(&text, body);
    let event = crossterm::event::MouseEvent {
        kind: crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left),
        column: place.x + 1,
        row: place.y,
        modifiers: crossterm::event::KeyModifiers::NONE,
    };
    app.send(Message::Mouse { event, at: app.at });
    assert_eq!((app.model.pane.view.anchor, app.model.pane.view.more_below), (Anchor::Follow, false));
}

/// What the screen shows, row by row.
fn rows(app: &App) -> Vec<String> {
    let (view, layouts) = app.model.pane.reading();
    let row = |(id, at): &(MessageId, usize)| layouts.get(*id)?.row(*at);
    let text = |row: crate::app::block::Row| row.pieces.iter().map(|piece| piece.text.as_str()).collect();
    view.visible.iter().filter_map(row).map(text).collect()
}

/// Something that comes while a person reads.
#[derive(Clone, Debug)]
enum Arrival {
    Text(String),
    Reasoning(String),
    End,
    Title,
    Ask,
    Models,
}

fn arrival() -> impl Strategy<Value = Arrival> {
    let piece = prop_oneof![
        "[a-z ]{1,60}",
        "(\n\n)?#{1,3} [a-z]{1,10}\n\n",
        "\n\n```rs\n[a-z =\n]{0,60}",
        "\n```\n\n",
        "\n\\| [a-z]{1,9} \\| [a-z]{1,40} \\|\n\\|---\\|---\\|\n",
        "\n\\| [a-z]{1,20} \\| [a-z]{1,40} \\|\n",
        "\n- [a-z ]{1,40}",
        "\n\n",
    ];
    prop_oneof![
        12 => piece.clone().prop_map(Arrival::Text),
        4 => piece.prop_map(Arrival::Reasoning),
        1 => Just(Arrival::End),
        1 => Just(Arrival::Title),
        1 => Just(Arrival::Ask),
        1 => Just(Arrival::Models),
    ]
}

fn take(app: &mut App, running: &mut Option<crate::turns::TurnRequest>, arrival: &Arrival) {
    match (arrival, running.clone()) {
        (Arrival::Text(text), Some(request)) => {
            app.say(request.turn, StreamEvent::Text(text.clone()));
        }
        (Arrival::Reasoning(text), Some(request)) => {
            app.say(request.turn, StreamEvent::Reasoning(text.clone()));
        }
        (Arrival::End, Some(request)) => {
            let parts = app.model.open.conversation.tree.get(request.answer.id).unwrap().parts.clone();
            let mut answer = crate::app::testing::answer(&request, "", crate::chat::Status::Complete);
            answer.parts = parts;
            let event = crate::turns::TurnEvent::Ended(Box::new(answer));
            app.send(Message::Turn { turn: request.turn, event, at: app.at });
            *running = None;
        }
        (Arrival::Ask, None) => {
            // From another pane of the same conversation: this one is read on in.
            let pane = app.model.pane.id;
            app.keys("ctrl-x w w esc");
            if app.model.pane.id != pane {
                *running = Some(app.ask("more"));
                app.keys("ctrl-x w w");
            }
        }
        (Arrival::Title, _) => {
            let conversation = app.model.open.conversation.id;
            app.send(Message::TitleMade { conversation, title: "A title".into() });
        }
        (Arrival::Models, _) => {
            app.send(Message::ModelsLoaded { list: crate::app::testing::models(3), at: app.at });
        }
        (_, _) => {}
    }
}

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 12), (200, 50)];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_arrives_moves_what_is_read(
        up in 1usize..60,
        split in any::<bool>(),
        before in proptest::collection::vec(arrival(), 0..20),
        after in proptest::collection::vec(arrival(), 1..40),
    ) {
        let mut app = App::new(160, 30);
        app.turn("a question", &"a paragraph of some words that is read\n\n".repeat(15));
        let mut running = Some(app.ask("more"));
        if split {
            app.keys("ctrl-x w v");
        }
        for arrival in &before {
            take(&mut app, &mut running, arrival);
        }
        app.keys("alt-t");
        for _ in 0..up {
            app.keys("k");
        }
        if !matches!(app.model.pane.view.anchor, Anchor::At(..)) {
            return Ok(());
        }
        for arrival in &after {
            let (was, live) = (rows(&app), app.model.live().map(|(_, live)| live.message));
            let visible = app.model.pane.view.visible.clone();
            take(&mut app, &mut running, arrival);
            let now = rows(&app);
            prop_assert_eq!(app.model.pane.view.visible.first(), visible.first(), "{:?}", arrival);
            // Of the answer that grows, the open end may still become something else.
            let settled = visible.iter().take_while(|(id, _)| Some(*id) != live).count();
            prop_assert_eq!(&now[..settled], &was[..settled], "{:?}", arrival);
        }
    }

    #[test]
    fn a_window_that_is_dragged_about_and_what_is_folded_above_leave_the_words_at_the_top(
        up in 1usize..80,
        mut sizes in proptest::collection::vec(0usize..4, 1..6),
        fold in any::<bool>(),
    ) {
        sizes.dedup();
        let mut app = App::new(120, 40);
        let words = |n: usize| format!("w{n}a w{n}b w{n}c w{n}d w{n}e w{n}f w{n}g w{n}h w{n}i w{n}j ");
        let text: String = (0..60).map(|n| format!("{}{}\n\n", words(n), "filling ".repeat(20))).collect();
        let request = app.ask("a question");
        app.say(request.turn, StreamEvent::Reasoning("thought\n\n".repeat(30)));
        app.say(request.turn, StreamEvent::Text(text));
        app.keys("alt-end alt-t");
        for _ in 0..up {
            app.keys("k");
        }
        let top = |app: &App| rows(app)[0].clone();
        let (word, visible) = (top(&app), app.model.pane.view.visible[0]);
        let word = word.split(' ').next().unwrap_or_default().to_owned();
        if fold {
            app.keys("z");
        }
        for size in sizes {
            let (width, height) = SIZES[size];
            app.send(Message::Resize { size: Size { width, height }, at: app.at });
            // A window that reaches beyond the end shows more above.
            let shown = if app.model.pane.view.more_below { top(&app) } else { rows(&app).join("\n") };
            prop_assert!(shown.contains(&word), "{word}: {shown}");
        }
        app.send(Message::Resize { size: Size { width: 120, height: 40 }, at: app.at });
        if !fold {
            prop_assert_eq!(app.model.pane.view.visible[0], visible);
        }
    }
}
