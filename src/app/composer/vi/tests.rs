use super::*;

/// Types keys as one would: `<esc>`, `<c-r>` and `<cr>` are keys, everything else is letters.
fn press(vi: &mut Vi, buffer: &mut Buffer, ring: &mut Ring, keys: &str) {
    let named = [
        ("<esc>", KeyEvent::from(KeyCode::Esc)),
        ("<c-r>", KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL)),
        ("<bs>", KeyEvent::from(KeyCode::Backspace)),
        ("<cr>", KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL)),
    ];
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let found = named.iter().find(|(name, _)| rest.starts_with(name));
        let (length, key) =
            found.map_or((c.len_utf8(), KeyEvent::from(KeyCode::Char(c))), |(name, key)| (name.len(), *key));
        if vi.press(buffer, ring, key) == Taken::No {
            type_key(buffer, ring, key);
        }
        rest = &rest[length..];
    }
}

/// The text after some keys, `|` where the cursor is. It begins in normal mode at the `|` of the text before.
fn after(before: &str, keys: &str) -> String {
    let at = before.find('|').unwrap();
    let (mut vi, mut buffer, mut ring) = (Vi::default(), Buffer::default(), Ring::default());
    buffer.set(before.replacen('|', "", 1));
    buffer.go(at);
    vi.mode = Mode::Normal;
    press(&mut vi, &mut buffer, &mut ring, keys);
    let mut text = buffer.text().to_owned();
    text.insert(buffer.at(), '|');
    text
}

fn check(cases: &[(&str, &str, &str)]) {
    for (before, keys, wanted) in cases {
        assert_eq!(after(before, keys), *wanted, "{before:?} {keys}");
    }
}

#[test]
fn motions_go_where_vi_goes() {
    check(&[
        ("|one two", "l", "o|ne two"),
        ("one| two", "h", "on|e two"),
        ("|one\ntwo", "j", "one\n|two"),
        ("one\ntw|o", "k", "on|e\ntwo"),
        ("|one.two three", "w", "one|.two three"),
        ("|one.two three", "W", "one.two |three"),
        ("|a\n\nb", "w", "a\n|\nb"),
        ("one two|", "b", "one |two"),
        ("one.two|", "B", "|one.two"),
        ("|one two", "e", "on|e two"),
        ("|one two", "2e", "one tw|o"),
        ("one t|wo", "0", "|one two"),
        ("  one t|wo", "^", "  |one two"),
        ("|one two\nx", "$", "one tw|o\nx"),
        ("a\nb\n|c", "gg", "|a\nb\nc"),
        ("|a\nb\nc", "G", "a\nb\n|c"),
        ("|a\nb\nc", "2G", "a\n|b\nc"),
        ("|one two one", "fo", "one tw|o one"),
        ("|one two one", "2fo", "one two |one"),
        ("|one two", "to", "one t|wo"),
        ("one tw|o", "Fn", "o|ne two"),
        ("one tw|o", "Tn", "on|e two"),
        ("|a.b.c.d", "f.;;", "a.b.c|.d"),
        ("|a.b.c.d", "f.;;,", "a.b|.c.d"),
        ("|a.b.c", "t.;", "a.|b.c"),
        ("|f(a(b))", "%", "f(a(b)|)"),
        ("f(a(b)|)", "%", "f|(a(b))"),
        ("|a\nb\n\nc\n", "}", "a\nb\n|\nc\n"),
        ("a\n\nb\n|c", "{", "a\n|\nb\nc"),
        ("|日本語", "2l", "日本|語"),
    ]);
}

#[test]
fn operators_take_motions_objects_lines_and_counts() {
    check(&[
        ("|one two", "dw", "|two"),
        ("one |two\nthree", "dw", "one| \nthree"),
        ("|one two three", "d2w", "|three"),
        ("|one two three", "2dw", "|three"),
        ("|one two", "cwx<esc>", "|x two"),
        ("one t|wo three", "diw", "one | three"),
        ("one t|wo three", "daw", "one |three"),
        ("one t|wo", "daw", "on|e"),
        ("say \"h|i you\" now", "di\"", "say \"|\" now"),
        ("say \"h|i you\" now", "ci\"x<esc>", "say \"|x\" now"),
        ("f(a, (b), |c)", "dib", "f(|)"),
        ("f(a, |c)", "dab", "|f"),
        ("a\n\nb\n|c\n\nd", "dap", "a\n\n|d"),
        ("one|two", "D", "on|e"),
        ("one|two", "Cx<esc>", "one|x"),
        ("a\n|b\nc", "dd", "a\n|c"),
        ("a\n|b", "dd", "|a"),
        ("|a\nb\nc", "2dd", "|c"),
        ("|a\nb\nc", "dj", "|c"),
        ("a\n|b\nc", "dG", "|a"),
        ("a\nb\n|c", "dgg", "|"),
        ("|a b", "dfb", "|"),
        ("|a b", "dtb", "|b"),
        ("ab|c", "d0", "|c"),
        ("a\n|b\nc", "ccx<esc>", "a\n|x\nc"),
        ("|abc", "x", "|bc"),
        ("|abc", "2x", "|c"),
        ("ab|c", "X", "a|c"),
        ("|abc", "sxy<esc>", "x|ybc"),
        ("|abc", "rx", "|xbc"),
        ("|abc", "3rx", "xx|x"),
        ("|aBc", "3~", "Ab|C"),
        ("|a\n  b", "J", "a| b"),
        ("|a\nb\nc", "3J", "a b| c"),
        ("|a\nb", ">>", "    |a\nb"),
        ("|    a", "<<", "|a"),
        ("|one two", "ywP", "one| one two"),
        ("|a\nb", "yyp", "a\n|a\nb"),
        ("|a\nb", "ddp", "b\n|a"),
        ("a\n|b", "yyP", "a\n|b\nb"),
        ("|one two", "dwep", "twoone| "),
    ]);
}

#[test]
fn selections_are_operated_on() {
    check(&[
        ("|one two", "ved", "| two"),
        ("|one two", "vlcx<esc>", "|xe two"),
        ("a\n|b\nc", "Vd", "a\n|c"),
        ("|a\nb\nc", "Vj>", "    |a\n    b\nc"),
        ("one |two", "viwy0P", "tw|oone two"),
        ("|abc", "vlo~", "|ABc"),
        ("|a b", "vlrx", "|xxb"),
        ("|one two", "yewviwp", "one on|e"),
        ("|abc", "vl<esc>x", "a|c"),
    ]);
}

#[test]
fn the_last_change_is_done_again_and_undone_as_one() {
    check(&[
        ("|a b c d", "dw..", "|d"),
        ("|one two three", "cwx<esc>w.", "x |x three"),
        ("|a", "ohi there<esc>.", "a\nhi there\nhi ther|e"),
        ("|one", "Atwo three<esc>u", "on|e"),
        ("|one", "xxu", "|ne"),
        ("|one", "xxuu<c-r>", "|ne"),
        ("|a b", "dwu", "|a b"),
        ("|abc", "ixy<bs>z<esc>", "x|zabc"),
        ("|a b c d e", "2dw.", "|e"),
    ]);
}

#[test]
fn esc_is_only_its_own_where_there_is_something_to_leave() {
    let (mut vi, mut buffer, mut ring) = (Vi::default(), Buffer::default(), Ring::default());
    let esc = KeyEvent::from(KeyCode::Esc);
    assert_eq!((vi.press(&mut buffer, &mut ring, esc), vi.mode()), (Taken::Yes, Mode::Normal));
    assert_eq!(vi.press(&mut buffer, &mut ring, esc), Taken::No);
    press(&mut vi, &mut buffer, &mut ring, "2d");
    assert_eq!(vi.press(&mut buffer, &mut ring, esc), Taken::Yes);
    press(&mut vi, &mut buffer, &mut ring, "v");
    assert_eq!((vi.press(&mut buffer, &mut ring, esc), vi.mode()), (Taken::Yes, Mode::Normal));
}

#[test]
fn what_was_written_before_any_command_is_not_taken_for_one() {
    let (mut vi, mut buffer, mut ring) = (Vi::default(), Buffer::default(), Ring::default());
    press(&mut vi, &mut buffer, &mut ring, "ddxx<esc>.");
    assert_eq!((buffer.text(), vi.mode()), ("ddxx", Mode::Normal));
}

proptest::proptest! {
    #[test]
    fn whatever_is_pressed_the_cursor_is_between_graphemes_and_undo_goes_back(
        begin in "([a-c (\"]|[é👩\u{301}]|\n){0,8}",
        keys in "([hjklwbeWBE0^$xXDJ~upPYG;,%{}.vVo<>]|gg|d[wbe$0jkd]|c[weiob]w|[fFtT]a|di[w\"bp]|y[wy]|r.|i[ab]<esc>|[1-3]){0,20}",
    ) {
        use unicode_segmentation::UnicodeSegmentation;
        let (mut vi, mut buffer, mut ring) = (Vi::default(), Buffer::default(), Ring::default());
        buffer.set(begin.clone());
        vi.mode = Mode::Normal;
        press(&mut vi, &mut buffer, &mut ring, &keys);
        let text = buffer.text().to_owned();
        let mut places = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
        proptest::prop_assert!(places.any(|at| at == buffer.at()), "{:?} at {}", text, buffer.at());
        while buffer.undo() {}
        proptest::prop_assert_eq!(buffer.text(), begin.as_str());
    }
}
