use uuid::Uuid;

use super::*;
use crate::app::Message;
use crate::app::testing::App;
use crate::chat::{ConversationId, MessageId};

fn hit(snippet: &str, matches: Vec<Range<usize>>) -> Hit {
    Hit {
        conversation: ConversationId(Uuid::from_u128(1)),
        message: MessageId(Uuid::from_u128(2)),
        role: Role::User,
        model: None,
        snippet: snippet.into(),
        matches,
        title: "t".into(),
    }
}

fn shown(app: &App) -> Vec<String> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    list.matches.iter().map(|at| list.entries[*at].name.to_string()).collect()
}

fn asked(search: u64, words: &str, order: Order) -> Effect {
    Effect::Search { search: SearchId(search), words: words.into(), order }
}

fn after_pause(app: &mut App) -> Vec<Effect> {
    app.at += PAUSE;
    let at = app.at;
    app.send(Message::Tick { at })
}

#[test]
fn the_newest_come_while_typing_and_the_best_after_a_pause() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x / a");
    assert_eq!(app.keys("b"), [asked(2, "ab", Order::Newest)]);
    app.send(Message::Searched { search: SearchId(2), hits: vec![hit("newest", vec![])] });
    assert_eq!(shown(&app), ["newest"]);
    assert_eq!(after_pause(&mut app), [asked(3, "ab", Order::Best)]);
    assert_eq!(after_pause(&mut app), []);
    app.send(Message::Searched { search: SearchId(3), hits: vec![hit("best", vec![])] });
    assert_eq!(shown(&app), ["best"]);
    assert_eq!(app.keys("esc"), []);
}

#[test]
fn hits_of_an_older_search_are_dropped() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x / a b");
    app.send(Message::Searched { search: SearchId(2), hits: vec![hit("new", vec![])] });
    app.send(Message::Searched { search: SearchId(1), hits: vec![hit("old", vec![])] });
    assert_eq!(shown(&app), ["new"]);
}

#[test]
fn a_search_that_nobody_looks_at_any_more_is_stopped() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x / a");
    assert_eq!(app.keys("esc"), [Effect::StopSearch]);
    assert_eq!(after_pause(&mut app), []);
    app.keys("ctrl-x / a");
    assert_eq!(app.keys("backspace"), [Effect::StopSearch]);
}

#[test]
fn enter_opens_the_branch_of_the_hit_and_marks_its_words() {
    let mut app = App::new(80, 24);
    app.turn("Tell me of figs", "figs grow on trees");
    let target = app.model.open.conversation.tree.branch()[1];
    let again = crate::app::testing::started(&app.keys("alt-t r"));
    app.end(&again, "dates do too", crate::chat::Status::Complete);
    assert_eq!(app.branch_texts(), ["Tell me of figs", "dates do too"]);
    app.keys("esc ctrl-x / f");
    let found = Hit {
        conversation: app.model.open.conversation.id,
        message: target,
        ..hit("figs grow on trees", std::iter::once(0..4).collect())
    };
    app.send(Message::Searched { search: SearchId(1), hits: vec![found] });
    app.keys("enter");
    assert_eq!(app.branch_texts(), ["Tell me of figs", "figs grow on trees"]);
    assert_eq!(app.model.pane.view.current(), Some(target));
    let find = app.model.pane.find.as_ref().unwrap();
    assert_eq!((find.typed.text(), find.place()), ("figs", (2, 2)));
    app.keys("n");
    assert_eq!(app.model.pane.find.as_ref().unwrap().place(), (1, 2));
    app.keys("esc");
    assert!(app.model.pane.find.is_none() && app.model.pane.view.marks.is_empty());
}

#[test]
fn places_in_a_snippet_stay_where_they_are_when_it_is_made_safe() {
    let (safe, marks) = marked("a\u{1b}[31mb 日本 c", &[6..7, 8..14]);
    let words: Vec<&str> = marks.into_iter().map(|mark| &safe.as_str()[mark]).collect();
    assert_eq!((safe.as_str(), words), ("ab 日本 c", vec!["b", "日本"]));
}
