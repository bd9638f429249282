use super::*;
use crate::text::sanitise_line;

fn composer(text: &str) -> Composer {
    let mut composer = Composer::default();
    composer.set(text);
    composer
}

#[test]
fn rows_wrap_by_cells_and_the_cursor_follows() {
    let rows = composer("日本語ab").rows(4, 9);
    assert_eq!(
        rows,
        Rows {
            rows: vec![sanitise_line("日本"), sanitise_line("語ab"), sanitise_line("")],
            cursor: (2, 0),
            marks: Vec::new(),
        }
    );
}

/// The text and the row and column of the cursor, after some keys.
fn shown(composer: &Composer, width: usize, height: usize) -> (Vec<String>, (usize, usize)) {
    let rows = composer.rows(width, height);
    (rows.rows.into_iter().map(Safe::into_string).collect(), rows.cursor)
}

#[test]
fn only_a_window_with_the_cursor_in_it_is_made_rows_of() {
    let mut composer = composer("one\ntwo two two\nthree");
    assert_eq!(shown(&composer, 4, 2), (vec!["thre".into(), "e".into()], (1, 1)));
    assert_eq!(composer.height(4, 99), 6);
    assert_eq!(composer.height(4, 3), 3);
    for _ in 0..3 {
        assert!(composer.up(4));
    }
    assert_eq!(shown(&composer, 4, 3), (vec!["one".into(), "two ".into(), "two ".into()], (2, 1)));
    for _ in 0..2 {
        assert!(composer.up(4));
    }
    assert_eq!(shown(&composer, 4, 3), (vec!["one".into(), "two ".into(), "two ".into()], (0, 1)));
    assert!(!composer.up(4));
}

#[test]
fn up_and_down_go_by_the_rows_that_are_seen() {
    let mut composer = composer("日本語日本語\nab\nabcdefgh");
    let mut places = vec![shown(&composer, 5, 9).1];
    while composer.up(5) {
        places.push(shown(&composer, 5, 9).1);
    }
    // The line that is full to its last cell has the cursor below it; a wide row ends a cell early.
    assert_eq!(places, [(5, 3), (4, 3), (3, 2), (2, 2), (1, 2), (0, 2)]);
    let mut back = vec![shown(&composer, 5, 9).1];
    while composer.down(5) {
        back.push(shown(&composer, 5, 9).1);
    }
    assert_eq!(back, [(0, 2), (1, 2), (2, 2), (3, 2), (4, 2), (5, 2)]);
}

#[test]
fn a_cursor_behind_a_full_row_goes_up_to_its_beginning() {
    let mut composer = composer("abcdabcd");
    assert_eq!(shown(&composer, 4, 9), (vec!["abcd".into(), "abcd".into(), String::new()], (2, 0)));
    assert_eq!(composer.height(4, 9), 3);
    assert!(composer.up(4));
    composer.insert("x");
    assert_eq!(composer.text(), "abcdxabcd");
}

proptest::proptest! {
    /// Against the plain way: every row there is, and the window cut out of them.
    #[test]
    fn a_window_is_cut_out_of_all_rows(
        text in "([a-c ]{0,9}|[日é👩\u{301}\u{200d}]{0,4}|\n){0,6}",
        (width, height) in (2usize..7, 1usize..6),
        moves in proptest::collection::vec(0..4u8, 0..9),
    ) {
        let mut composer = composer(&text);
        for way in moves {
            let code = [KeyCode::Left, KeyCode::Right, KeyCode::Up, KeyCode::Down][usize::from(way)];
            composer.edit(KeyEvent::from(code));
        }
        let all = composer.rows(width, usize::MAX >> 8);
        let first = (all.cursor.0 + 1).saturating_sub(height);
        let window = Rows {
            rows: all.rows.iter().skip(first).take(height).cloned().collect(),
            cursor: (all.cursor.0 - first, all.cursor.1),
            marks: Vec::new(),
        };
        proptest::prop_assert_eq!(composer.rows(width, height), window);
        proptest::prop_assert_eq!(composer.height(width, 99), all.rows.len());
        proptest::prop_assert_eq!(
            crate::text::sanitise_line(&all.rows.iter().map(Safe::as_str).collect::<String>()),
            crate::text::sanitise_line(&composer.text().replace('\n', ""))
        );
    }
}

#[test]
fn a_large_draft_costs_what_is_shown_of_it() {
    let composer = composer(&"lorem ipsum dolor sit amet\n".repeat(40_000));
    let before = wrap::MADE.get();
    assert_eq!(composer.height(76, 8), 8);
    assert_eq!(composer.rows(76, 8).cursor, (7, 0));
    assert!(wrap::MADE.get() - before < 40, "{} rows", wrap::MADE.get() - before);
}

#[test]
fn what_is_read_as_one_character_is_moved_over_and_deleted_as_one() {
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    let mut composer = composer(&format!("a\n{family}e\u{301}b"));
    for code in [KeyCode::Left, KeyCode::Left, KeyCode::Backspace, KeyCode::Delete, KeyCode::Backspace] {
        composer.edit(KeyEvent::from(code));
    }
    assert_eq!(composer.text(), "ab");
}

/// The text after some keys, `|` where the cursor is; it begins at the `|` of the text before.
fn after(before: &str, keys: &str) -> String {
    let at = before.find('|').unwrap();
    let mut composer = composer(&before.replacen('|', "", 1));
    composer.buffer.go(at);
    for key in keys.split_whitespace() {
        assert!(composer.edit(crate::app::keymap::Stroke::parse(key).unwrap().event()), "{key}");
    }
    let mut text = composer.text();
    text.insert(composer.at(), '|');
    text
}

#[test]
fn keys_do_what_readline_does() {
    for (before, keys, wanted) in [
        ("a\none two|", "ctrl-a", "a\n|one two"),
        ("|one two\nb", "ctrl-e", "one two|\nb"),
        ("one.two|", "alt-b", "one.|two"),
        ("|one.two", "alt-f", "one|.two"),
        ("o|ne two", "ctrl-k", "o|"),
        ("one|\ntwo", "ctrl-k", "one|two"),
        ("a\none |two", "ctrl-u", "a\n|two"),
        ("one/two three|", "ctrl-w ctrl-w", "|"),
        ("one/two|", "alt-backspace", "one/|"),
        ("|one two", "alt-d", "| two"),
        ("one two|", "alt-backspace alt-backspace ctrl-y", "one two|"),
        ("one two|", "ctrl-w left ctrl-w ctrl-y alt-y", "two| "),
        ("one two|", "ctrl-w left right ctrl-u ctrl-y ctrl-y alt-y", "one two|"),
        ("abc|", "ctrl-t", "acb|"),
        ("a|bc", "ctrl-t", "ba|c"),
        ("one two|", "ctrl-alt-t", "two one|"),
        ("|one two", "alt-u alt-l alt-c", "ONE two|"),
        ("|one two", "alt-c", "One| two"),
        ("one|", "x y ctrl-_", "one|"),
        ("one|", "ctrl-w ctrl-_ alt-_", "|"),
        ("one|", "ctrl-w ctrl-/", "one|"),
    ] {
        assert_eq!(after(before, keys), wanted, "{before:?} {keys}");
    }
}

fn long() -> String {
    "a line of a log\n".repeat(1000)
}

#[test]
fn a_long_paste_is_folded_sent_whole_kept_and_deleted_as_one() {
    let mut composer = composer("see ");
    composer.paste(&long());
    composer.insert("please");
    assert_eq!(composer.text(), format!("see {}please", long()));
    let label = "[paste: 16.0 kB, 1\u{202f}000 lines]";
    let rows = composer.rows(80, 9);
    assert_eq!(rows.rows, [sanitise_line(&format!("see {label}please"))]);
    assert_eq!(rows.marks, [Mark { row: 0, left: 4, cells: 29, what: Marked::Fold }]);
    let mut later = Composer::default();
    later.restore(&composer.kept());
    assert_eq!((later.rows(80, 9), later.text()), (rows, composer.text()));
    composer.buffer.go(4);
    composer.edit(KeyEvent::from(KeyCode::Right));
    composer.edit(KeyEvent::from(KeyCode::Backspace));
    assert_eq!(composer.text(), "see please");
    composer.edit(KeyEvent::new(KeyCode::Char('_'), KeyModifiers::CONTROL));
    assert_eq!(composer.text(), format!("see {}please", long()));
}

#[test]
fn a_fold_is_opened_to_be_edited_by_a_key_or_a_click() {
    let mut by_key = composer("");
    by_key.paste(&long());
    assert!(by_key.unfold());
    assert_eq!((by_key.written(), by_key.at()), (long().as_str(), 0));
    assert!(!by_key.unfold());
    let mut by_click = composer("x ");
    by_click.paste(&long());
    assert!(!by_click.click(80, 9, (0, 1)));
    assert!(by_click.click(80, 9, (0, 7)));
    assert_eq!(by_click.written(), format!("x {}", long()));
}

#[test]
fn a_fold_is_never_wider_than_a_row() {
    let mut composer = composer("ab");
    composer.paste(&long());
    let rows = composer.rows(10, 9);
    assert_eq!(rows.rows, ["ab", "[paste: 1…", ""].map(sanitise_line));
    assert_eq!(rows.cursor, (2, 0));
}

#[test]
fn what_nobody_sees_is_counted_and_stripped_of_folds_too() {
    let mut composer = composer("");
    composer.paste("a\u{200b}b\u{1b}[31m\u{202e}");
    composer.paste(&format!("{}\u{e0041}", long()));
    let unseen = composer.unseen();
    let hidden = Hidden { zero_width: 1, bidi: 1, tags: 1 };
    assert_eq!(unseen, Unseen { hidden, left_out: 1 });
    composer.strip();
    assert_eq!(composer.unseen(), Unseen::default());
    assert_eq!(composer.text(), format!("ab[31m{}", long()));
}

#[test]
fn a_backslash_at_the_end_of_a_line_becomes_a_line_end() {
    let mut composer = composer("one\\");
    assert!(composer.newline_for_backslash());
    assert!(!composer.newline_for_backslash());
    assert_eq!(composer.text(), "one\n");
}

#[test]
fn pasted_controls_are_left_out_and_never_drawn() {
    let mut composer = composer("");
    composer.insert("a\u{1b}[31mb\r\nc\u{202e}d\u{9b}");
    assert_eq!(composer.text(), "a[31mb\nc\u{202e}d");
    assert_eq!(composer.rows(20, 9).rows, [sanitise_line("a[31mb"), sanitise_line("cd")]);
}

#[test]
fn an_image_stays_where_its_name_does_through_another_program() {
    let data = MediaData::Base64("iVBORw0KGgo=".into());
    let image = |name: &str| Media { mime: "image/png".into(), name: name.into(), data: data.clone() };
    let mut composer = Composer::default();
    composer.set("see @pics/a.png now");
    composer.attach_image(4..15, "pics/a.png", &image("a.png"));
    assert_eq!(composer.text(), "see pics/a.png now");
    composer.edited("look: pics/a.png, please");
    assert_eq!(composer.text(), "look: pics/a.png, please");
    assert_eq!(composer.images(), [image("a.png")]);
    composer.edited("nothing to see");
    assert_eq!(composer.images(), []);
    // What a message had comes back where it is named, else at the end.
    composer.set_with("is a.png red?", &[image("a.png"), image("b.png")]);
    assert_eq!(composer.text(), "is a.png red? b.png");
    assert_eq!(composer.images(), [image("a.png"), image("b.png")]);
}
