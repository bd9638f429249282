//! The gallery as an answer: streamed into the program in pieces of several sizes, read from its first row to its
//! last on terminals of three sizes.

use super::support::pty::{framed, keys};
use super::support::{Home, Mock, Pty};

/// What stands in the last row of the gallery.
const END: &str = "one cell";

/// The screens of the gallery from the first to the last.
fn screens(columns: u16, rows: u16, piece: usize) -> Vec<String> {
    let mock = Mock::start();
    let model = format!("gallery-{piece:04}");
    let home = Home::with_model(&mock, &model);
    let mut pty = Pty::open_at(&home, columns, rows, &[]);
    pty.say("show me");
    pty.wait_for("the end of the gallery, and what it cost", |screen| {
        screen.contains(END) && screen.contains(" out")
    });
    pty.focus_transcript();
    pty.send("g");
    let mut screens = vec![pty.wait_for("its beginning", |screen| screen.contains("Every element"))];
    while !screens.last().is_some_and(|screen| screen.contains(END)) {
        let before = screens.last().cloned().unwrap_or_default();
        pty.send(" ");
        screens.push(pty.wait_for("the next page", |screen| screen != before));
    }
    let bytes = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!bytes.contains(['\u{202e}', '\u{2067}', '\u{2069}']), "nothing reorders what is read");
    pty.send(keys::ALT_T);
    pty.quit();
    screens.iter().map(|screen| screen.replace(&model, "gallery")).collect()
}

#[test]
fn the_gallery_reads_the_same_in_pieces_of_any_size_on_terminals_of_three_sizes() {
    for (columns, rows) in [(80, 24), (120, 40), (200, 50)] {
        let whole = screens(columns, rows, 4000);
        let pieces = screens(columns, rows, 7);
        // The last one tells how long the answer took.
        assert_eq!(whole[..whole.len() - 1], pieces[..pieces.len() - 1]);
        let shown: Vec<String> = whole[..whole.len() - 1].iter().map(|screen| framed(screen)).collect();
        insta::assert_snapshot!(format!("gallery_{columns}x{rows}"), shown.join("\n"));
    }
}
