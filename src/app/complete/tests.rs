use super::*;
use crate::app::Message;
use crate::app::testing::{App, started};

fn names(app: &App) -> Vec<&str> {
    shown(&app.model).map_or_else(Vec::new, |open| open.rows.iter().map(|row| row.name.as_str()).collect())
}

fn written(app: &App) -> &str {
    app.model.pane.composer.written()
}

/// The app after a text was typed and the files it asks for were told.
fn asking(text: &str, found: &[&str]) -> App {
    let mut app = App::new(80, 24);
    app.type_text(text);
    let listing = app.model.files.asked.clone().unwrap().0;
    let found = found.iter().map(|path| (*path).to_owned()).collect();
    app.send(Message::FilesListed { listing, found });
    app
}

#[test]
fn a_slash_offers_commands_by_what_is_typed_of_their_names() {
    let mut app = App::new(80, 24);
    app.type_text("/mod");
    assert_eq!(names(&app)[0], "/model");
    app.keys("tab");
    assert_eq!(written(&app), "/model");
    app.keys("backspace enter");
    assert!(matches!(app.model.overlays.last(), Some(crate::app::overlay::Overlay::List(_))));
    assert_eq!(written(&app), "");
    app.keys("esc");
    app.type_text("/etc/ho");
    assert_eq!(names(&app), [""; 0]);
}

#[test]
fn esc_closes_the_list_and_enter_means_what_is_typed() {
    let mut app = App::new(80, 24);
    app.type_text("/mod");
    app.keys("esc");
    assert_eq!(names(&app), [""; 0]);
    assert_eq!(app.keys("enter"), []);
    assert_eq!((written(&app), app.model.overlays.len()), ("/mod", 0));
}

#[test]
fn files_are_listed_once_and_the_best_match_comes_first() {
    let mut app = App::new(80, 24);
    app.type_text("mail a@b.c, see ");
    assert_eq!(app.model.files.asked, None);
    app.type_text("@ma");
    let listing = app.model.files.asked.clone().unwrap().0;
    assert_eq!(listing, Listing::Below(crate::app::effect::Dots::Hidden));
    let found = ["notes/march.md", "src/", "src/main.rs"].map(ToOwned::to_owned).to_vec();
    app.send(Message::FilesListed { listing, found });
    assert_eq!(names(&app), ["src/main.rs", "notes/march.md"]);
}

#[test]
fn a_chosen_file_is_read_folded_and_sent_as_the_flag_sends_it() {
    let mut app = asking("explain @main", &["src/main.rs"]);
    let pane = app.model.pane.id;
    let path = "src/main.rs".to_owned();
    assert_eq!(app.keys("enter"), [Effect::ReadFile { pane, path: path.clone() }]);
    app.type_text("please");
    assert_eq!(app.keys("enter"), []);
    assert!(app.model.toast.is_some());
    app.send(Message::FileRead { pane, path, held: Ok(FileHeld::Text("fn main() {}\n".to_owned())) });
    app.type_text("!");
    let request = started(&app.keys("enter"));
    let said = "explain src/main.rs please!\n\n```src/main.rs\nfn main() {}\n```";
    assert_eq!(request.user.unwrap().text(), said);
}

/// What is read when Enter is pressed.
fn named(app: &mut App) -> Vec<String> {
    let path = |effect| match effect {
        Effect::ReadFile { path, .. } => Some(path),
        _ => None,
    };
    app.keys("enter").into_iter().filter_map(path).collect()
}

#[test]
fn a_file_that_is_named_by_hand_is_attached_as_it_is_sent_and_what_is_none_stays_text() {
    let mut app = App::new(80, 24);
    let pane = app.model.pane.id;
    app.type_text("Hi @ana: see (@src/main.rs), \"@x\" a@b.c and @src/main.rs.bak ");
    assert_eq!(named(&mut app), ["ana", "src/main.rs", "src/main.rs.bak"]);
    let read =
        |app: &mut App, path: &str, text| app.send(Message::FileRead { pane, path: path.into(), held: text });
    assert_eq!(read(&mut app, "ana", Err(Unread::Missing)), []);
    read(&mut app, "src/main.rs", Ok(FileHeld::Text("fn main() {}\n".into())));
    let request = started(&read(&mut app, "src/main.rs.bak", Err(Unread::Missing)));
    let said =
        "Hi @ana: see (src/main.rs), \"@x\" a@b.c and @src/main.rs.bak \n\n```src/main.rs\nfn main() {}\n```";
    assert_eq!(request.user.as_ref().unwrap().text(), said);
    // It is looked for anew in the next prompt.
    app.end(&request, "answer", crate::chat::Status::Complete);
    app.type_text("@ana ");
    assert_eq!(named(&mut app), ["ana"]);
}

#[test]
fn one_that_cannot_be_attached_is_told_before_it_is_sent_without_it() {
    let mut app = App::new(80, 24);
    let pane = app.model.pane.id;
    app.type_text("see @a.png ");
    assert_eq!(named(&mut app), ["a.png"]);
    app.send(Message::FileRead { pane, path: "a.png".into(), held: Err(Unread::NotText) });
    assert!(app.model.toast.as_ref().unwrap().text.contains("a.png"));
    assert_eq!(written(&app), "see @a.png ");
    assert_eq!(started(&app.keys("enter")).user.unwrap().text(), "see @a.png ");
}

#[test]
fn who_types_on_while_it_is_read_has_not_sent() {
    let mut app = App::new(80, 24);
    let pane = app.model.pane.id;
    app.type_text("see @a.md ");
    assert_eq!(named(&mut app), ["a.md"]);
    app.type_text("and");
    let effects =
        app.send(Message::FileRead { pane, path: "a.md".into(), held: Ok(FileHeld::Text("words".into())) });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::StartTurn(_))));
    assert!(!written(&app).contains('@'));
}

#[test]
fn a_folder_is_gone_into_and_a_blank_is_quoted() {
    let mut app = asking("@my", &["my notes/", "my notes/a b.md"]);
    app.keys("tab");
    assert_eq!(written(&app), "@\"my notes/");
    app.type_text("a b");
    assert_eq!(names(&app), ["my notes/a b.md"]);
    app.keys("tab");
    assert_eq!(written(&app), "@\"my notes/a b.md\" ");
}

#[test]
fn a_file_that_cannot_be_read_leaves_its_name() {
    let mut app = asking("@a", &["a.png"]);
    app.keys("enter");
    let pane = app.model.pane.id;
    app.send(Message::FileRead { pane, path: "a.png".into(), held: Err(Unread::NotText) });
    assert_eq!(written(&app), "@a.png ");
    assert!(app.model.toast.as_ref().unwrap().text.contains("a.png"));
}

#[test]
fn hidden_names_and_other_folders_are_listed_when_they_are_typed() {
    use crate::app::effect::Dots;
    for (typed, listing) in [
        ("", Listing::Below(Dots::Hidden)),
        ("src/m", Listing::Below(Dots::Hidden)),
        (".g", Listing::Below(Dots::Shown)),
        ("src/.x", Listing::Below(Dots::Shown)),
        ("/etc/ho", Listing::In("/etc/".into())),
        ("~/a", Listing::In("~/".into())),
        ("../a/b", Listing::In("../a/".into())),
    ] {
        assert_eq!(Listing::of(typed), listing, "{typed}");
    }
}
