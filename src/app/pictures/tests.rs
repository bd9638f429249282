use super::*;
use crate::app::Message;
use crate::app::message::FileHeld;
use crate::app::testing::{App, answer, started};
use crate::chat::Status;
use crate::turns::TurnEvent;

/// The header of a PNG of 640x480, in base64.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAoAAAAHg";

fn png(name: &str) -> Media {
    Media { mime: "image/png".into(), name: name.into(), data: MediaData::Base64(PNG.into()) }
}

/// A turn whose prompt has an image attached, and whose answer is this.
fn turn(app: &mut App, parts: Vec<Part>) {
    app.type_text("see @cat.png");
    let held = Ok(FileHeld::Image(Box::new(png("cat.png"))));
    let pane = app.model.pane.id;
    app.send(Message::FileRead { pane, path: "cat.png".into(), held });
    let request = started(&app.keys("enter"));
    let ended = ChatMessage { parts, ..answer(&request, "", Status::Complete) };
    let event = TurnEvent::Ended(Box::new(ended));
    let at = app.at;
    app.send(Message::Turn { turn: request.turn, event, at });
}

fn page(app: &App) -> &PicturesPage {
    match app.model.overlays.last() {
        Some(Overlay::Pictures(page)) => page,
        other => panic!("{other:?}"),
    }
}

fn order(effects: &[Effect]) -> PictureOrder {
    match effects {
        [Effect::LoadPicture(order)] => order.clone(),
        other => panic!("{other:?}"),
    }
}

fn here() -> Facts {
    let pixels = Pixels { width: 640, height: 480 };
    let way = Way::HalfBlocks(Instead::Nothing);
    Facts { pixels, bytes: 81_000, format: ImageFormat::Png, way }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

#[test]
fn a_prompt_takes_its_images_along_and_an_edit_of_it_too() {
    let mut app = App::new(80, 24);
    turn(&mut app, vec![text("a cat")]);
    let question = app.model.pane.view.branch[0];
    let expected = [text("see cat.png"), Part::Image(png("cat.png"))];
    assert_eq!(app.model.open.conversation.tree.get(question).unwrap().parts, expected[..]);
    app.keys("alt-t k e");
    app.type_text(" again");
    let request = started(&app.keys("enter"));
    assert_eq!(request.user.unwrap().parts, [text("see cat.png again"), Part::Image(png("cat.png"))]);
    assert_eq!(app.model.history.entries(), ["see @cat.png", "see @cat.png again"]);
}

#[test]
fn a_row_tells_of_an_image_and_a_click_or_the_key_shows_it() {
    let mut app = App::new(80, 24);
    turn(&mut app, vec![text("a cat"), Part::Image(png(""))]);
    let told = |app: &App| {
        let visible = &app.model.pane.view.visible;
        let row = |(id, row): &(MessageId, usize)| app.model.pane.layouts.get(*id)?.row(*row);
        let said = |row: super::super::block::Row| -> String {
            row.pieces.iter().map(|piece| piece.text.as_str()).collect()
        };
        let rows = visible.iter().filter_map(row).map(said);
        rows.filter(|row| row.starts_with('▣')).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&app),
        ["▣ cat.png · 640×480 · 24 B · ^X V shows it", "▣ image/png · 640×480 · 24 B · ^X V shows it"]
    );
    let loaded = order(&app.keys("ctrl-x V"));
    assert_eq!((loaded.from, loaded.room), (PictureFrom::Base64(PNG.into()), (76, 20)));
    assert_eq!((page(&app).at, page(&app).pictures.len(), &page(&app).state), (1, 2, &State::Loading));
    app.keys("esc");
    let question = app.model.pane.view.branch[0];
    order(&open(&mut app.model, Some((question, 1))));
    assert_eq!(page(&app).at, 0);
}

#[test]
fn pictures_of_the_branch_are_walked_and_only_the_one_that_is_waited_for_is_taken() {
    let mut app = App::new(80, 24);
    turn(&mut app, vec![Part::Image(png("one.png")), Part::Image(png("two.png"))]);
    let late = order(&app.keys("ctrl-x V"));
    let now = order(&app.keys("left"));
    assert_eq!(page(&app).at, 1);
    app.send(Message::PictureCame { id: late.id, result: Ok(here()) });
    assert_eq!(page(&app).state, State::Loading);
    app.send(Message::PictureCame { id: now.id, result: Ok(here()) });
    assert_eq!(page(&app).state, State::Here(here()));
    // The window changed while it was on its way.
    let late = order(&app.keys("left"));
    assert_eq!(
        app.send(Message::Resize { size: crate::app::Size { width: 70, height: 20 }, at: app.at }),
        []
    );
    let fits = app.send(Message::PictureCame { id: late.id, result: Ok(here()) });
    let now = PictureOrder { id: late.id, from: PictureFrom::Held, room: (66, 16) };
    assert_eq!(order(&fits), now);
    let fits = app.send(Message::Resize { size: crate::app::Size { width: 60, height: 20 }, at: app.at });
    assert_eq!(order(&fits), PictureOrder { id: now.id, from: PictureFrom::Held, room: (56, 16) });
    let shown = order(&app.keys("right"));
    assert_eq!((shown.from, shown.room), (PictureFrom::Base64(PNG.into()), (56, 16)));
    // Behind the last one is nothing.
    assert_eq!(app.keys("right right right").len(), 1);
    app.keys("q");
    assert!(app.model.overlays.is_empty());
}

#[test]
fn what_a_text_points_to_is_not_asked_for_before_somebody_says_so() {
    let mut app = App::new(80, 24);
    let said = "![a cat](https://pics.test/cat.png) ![](ftp://x.test/a) ![](http://me@x.test/) \
                ![in it](data:image/png;base64,QUJD) `![no](https://x.test)`";
    turn(&mut app, vec![text(said)]);
    let names: Vec<(String, bool)> = of_branch(&app.model)
        .iter()
        .map(|picture| (picture.name.to_string(), matches!(picture.source, Source::Away(_))))
        .collect();
    let expected =
        [("cat.png", false), ("a cat", true), ("picture", false), ("picture", false), ("in it", false)];
    assert_eq!(names, expected.map(|(name, away)| (name.to_owned(), away)));
    assert_eq!(order(&app.keys("ctrl-x V")).from, PictureFrom::Base64("QUJD".into()));
    assert_eq!(app.keys("left left left"), []);
    let url = Url::parse("https://pics.test/cat.png").unwrap();
    assert_eq!(page(&app).state, State::Asks(url.clone()));
    let fetched = order(&app.keys("enter"));
    assert_eq!(fetched.from, PictureFrom::Away(url));
    // It is asked for once.
    assert_eq!(app.keys("enter"), []);
    // Another host is another question.
    let other = Url::parse("https://cdn.test/cat.png").unwrap();
    app.send(Message::PictureCame { id: fetched.id, result: Err(Missing::Moved(other.clone())) });
    assert_eq!(page(&app).state, State::Asks(other.clone()));
    assert_eq!(order(&app.keys("enter")).from, PictureFrom::Away(other));
}

#[test]
fn a_picture_is_saved_by_a_plain_name_and_replaces_nothing_unasked() {
    let mut app = App::new(80, 24);
    turn(&mut app, vec![text("a cat")]);
    let id = order(&app.keys("ctrl-x V")).id;
    app.keys("s");
    assert!(app.model.toast.is_some(), "there is nothing to save yet");
    app.send(Message::PictureCame { id, result: Ok(here()) });
    app.keys("s");
    let path = "cat.png".to_owned();
    let save = |replace| Effect::SavePicture { id, path: path.clone(), replace };
    assert_eq!(app.keys("enter"), [save(Replace::Refused)]);
    app.send(Message::PictureSaved { id, path: path.clone(), result: Err(NotSaved::Exists) });
    assert_eq!(app.keys("enter"), [save(Replace::Allowed)]);
    app.send(Message::PictureSaved { id, path: path.clone(), result: Ok((path.clone(), 81_000)) });
    assert_eq!(app.model.toast.as_ref().unwrap().text, "Saved 81.0 kB to cat.png");
    for (name, expected) in [
        ("../../etc/passwd", "passwd.png"),
        ("a b?.jpeg", "a-b.png"),
        (".bashrc", "picture.png"),
        ("", "picture.png"),
        ("Bär", "Bär.png"),
    ] {
        assert_eq!(file_name(name, ImageFormat::Png), expected);
    }
}

#[test]
fn a_branch_without_pictures_says_so() {
    let mut app = App::new(80, 24);
    app.turn("one", "two");
    app.keys("ctrl-x V");
    assert!(app.model.overlays.is_empty());
    assert_eq!(app.model.toast.as_ref().unwrap().text, "There is no picture on this branch");
}
