//! Pictures of a conversation: attached, sent, shown over the window and taken away again, fetched when a person says so.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{Rgb, RgbImage};

use super::support::http::Reply;
use super::support::mock::PLAIN;
use super::support::pty::keys;
use super::support::service::Service;
use super::support::{Home, Mock, Pty};

/// A red square.
fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = RgbImage::from_pixel(64, 64, Rgb([200, 30, 30]));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG can be written");
    bytes.into_inner()
}

fn put(path: &Path) {
    std::fs::write(path, png()).expect("a file can be written");
}

/// The app after a prompt with the picture attached was answered.
fn attached(home: &Home) -> Pty {
    put(&home.path().join("square.png"));
    let mut pty = Pty::open(home, &[]);
    pty.wait_for_text("F1");
    pty.send("what is @squ");
    pty.wait_for("the file offered", |screen| screen.contains("square.png"));
    pty.send("\t");
    pty.wait_for_text("[square.png: 64×64,");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    pty.wait_for_text("▣ square.png · 64×64");
    pty
}

#[test]
fn an_attached_picture_is_sent_and_shown_over_the_window_and_saved() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let mut pty = attached(&home);
    let content = &mock.chat().body["messages"][0]["content"];
    assert_eq!(content[0]["text"], "what is square.png ");
    let expected = format!("data:image/png;base64,{}", STANDARD.encode(png()));
    assert_eq!(content[1]["image_url"]["url"], expected.as_str());

    let before = pty.settle();
    pty.leader("V");
    pty.wait_for("the picture", |screen| screen.matches('▀').count() > 100 && screen.contains("half blocks"));
    pty.resize(50, 16);
    pty.wait_for("it in a smaller window", |screen| (50..300).contains(&screen.matches('▀').count()));
    pty.resize(80, 24);
    pty.wait_for("it in the first window", |screen| screen.matches('▀').count() > 300);
    pty.send("s");
    pty.wait_for_text("save to a file");
    pty.send(keys::CTRL_U);
    pty.send("copy.png\r");
    pty.wait_for_text("Saved");
    assert_eq!(std::fs::read(home.path().join("copy.png")).expect("it was saved"), png());
    pty.wait_until_gone("Saved");
    pty.send("q");
    pty.wait_until_gone("▀");
    assert_eq!(pty.settle(), before);
    pty.quit();
}

#[test]
fn a_terminal_with_a_protocol_gets_the_picture_after_the_page_and_is_told_to_let_it_go() {
    let mock = Mock::start();
    let home = Home::of(&mock).with_variable("TERM", "xterm-kitty");
    let mut pty = attached(&home);
    let before = pty.settle();
    let count = |pty: &Pty, what: &str| String::from_utf8_lossy(&pty.bytes()).matches(what).count();
    pty.leader("V");
    pty.wait_for_text("kitty");
    assert_eq!(count(&pty, "\u{1b}_Ga=T,f=100,"), 1);
    pty.send("\u{1b}");
    pty.wait_until_gone("kitty");
    assert_eq!(pty.settle(), before);
    assert_eq!(count(&pty, "\u{1b}_Ga=d,d=I,"), 1);
    pty.quit();
}

#[test]
fn what_a_text_points_to_is_fetched_after_its_host_was_told_and_no_sooner() {
    let host = Service::start(|request| match request.path.as_str() {
        "/moved.png" => Reply::whole(302, "text/plain", "").header("Location", "/square.png"),
        "/away.png" => {
            Reply::whole(302, "text/plain", "").header("Location", "http://127.0.0.2:9/square.png")
        }
        "/file.png" => Reply::whole(302, "text/plain", "").header("Location", "file:///etc/passwd"),
        "/square.png" => Reply::whole(200, "image/png", png()),
        _ => Reply::whole(404, "text/plain", "no"),
    });
    let mock = Mock::start();
    let mut pty = Pty::open_at(&Home::of(&mock), 100, 30, &[]);
    pty.wait_for_text("F1");
    let picture = |name: &str| format!("![{name}]({}/{name}.png) ", host.url());
    pty.send(&["gone", "file", "away", "moved"].map(picture).concat());
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    pty.leader("V");
    pty.wait_for_text("Nothing was fetched yet");
    pty.settle();
    assert_eq!(host.requests().len(), 0);
    pty.send(keys::ENTER);
    pty.wait_for("the picture", |screen| screen.matches('▀').count() > 100);
    let paths: Vec<String> = host.requests().iter().map(|request| request.path.clone()).collect();
    assert_eq!(paths, ["/moved.png", "/square.png"]);
    assert!(host.requests().iter().all(|request| request.key().is_empty()));
    // Another host is asked about anew, and nothing else is a host.
    pty.send("h");
    pty.wait_for_text("away.png");
    pty.send(keys::ENTER);
    pty.wait_for("the other host", |screen| screen.contains("asks 127.0.0.2 for"));
    pty.send("h");
    pty.wait_for_text("file.png");
    pty.send(keys::ENTER);
    pty.wait_for_text("file:///etc/passwd");
    pty.send("h");
    pty.wait_for_text("gone.png");
    pty.send(keys::ENTER);
    pty.wait_for_text("status 404");
    pty.send("q");
    pty.quit();
}
