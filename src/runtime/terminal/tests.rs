use std::num::NonZeroU16;

use crate::text::width::grapheme_width;
use proptest::prelude::*;
use ratatui::style::{Color, Modifier, Style};

use super::*;

/// The alternate screen of a terminal that can do most of what there is.
fn alternate() -> Options {
    let quirks = Quirks::detect(|name| (name == "TERM").then(|| "foot".to_owned()));
    Options {
        screen: Screen::Alternate,
        mouse: Mouse::Free,
        title: Title::Untouched,
        colors: ColorDepth::True,
        quirks,
    }
}

/// Keeps each write apart.
#[derive(Default)]
struct Writes(Vec<Vec<u8>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.push(bytes.to_vec());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Screened {
    terminal: Terminal<Writes>,
    vt: vt100::Parser,
}

impl Screened {
    fn new(columns: u16, rows: u16) -> Self {
        let sides = (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        let mut screened = Self {
            terminal: Terminal::over(Writes::default(), alternate(), (columns, rows)).unwrap(),
            vt: vt100::Parser::new(sides.0, sides.1, 0),
        };
        screened.show();
        screened
    }

    /// Draws, and returns what was written, write by write.
    fn draw(&mut self, draw: impl FnOnce(&mut Buffer) -> Option<(u16, u16)>) -> Vec<String> {
        self.terminal.draw(draw).unwrap();
        self.show()
    }

    fn show(&mut self) -> Vec<String> {
        let writes = std::mem::take(&mut self.terminal.out.0);
        writes
            .into_iter()
            .map(|bytes| {
                self.vt.process(&bytes);
                String::from_utf8(bytes).unwrap()
            })
            .collect()
    }

    fn text(&self) -> String {
        self.vt.screen().contents()
    }
}

#[test]
fn entering_is_one_write_and_asks_nothing() {
    let terminal = Terminal::over(Writes::default(), alternate(), (10, 2)).unwrap();
    let writes: Vec<_> = terminal.out.0.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert_eq!(
        writes,
        [
            "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[?25l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[m\x1b[2J"
        ]
    );
}

#[test]
fn a_frame_is_one_write_and_an_equal_one_is_none() {
    let mut screened = Screened::new(20, 4);
    let draw = |buffer: &mut Buffer| {
        buffer.set_string(2, 1, "hello", Style::new());
        Some((7, 1))
    };
    assert_eq!(screened.draw(draw), ["\x1b[2;3Hhello\x1b[?25h"]);
    assert_eq!(screened.draw(draw), Vec::<String>::new());
    assert_eq!(screened.text(), "\n  hello");
    assert_eq!(screened.vt.screen().cursor_position(), (1, 7));
}

#[test]
fn streamed_text_costs_little_more_than_itself() {
    let mut screened = Screened::new(40, 4);
    let draw = |text: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Style::new());
            None
        }
    };
    screened.draw(draw("one"));
    assert_eq!(screened.draw(draw("one two")), ["\x1b[Ctwo"]);
    assert_eq!(screened.draw(draw("")), ["\r\x1b[K"]);
}

#[test]
fn the_cursor_is_placed_anew_where_terminals_disagree_on_it() {
    let mut screened = Screened::new(4, 3);
    let writes = screened.draw(|buffer| {
        buffer.set_string(0, 0, "abcd", Style::new());
        buffer.set_string(0, 1, "e\u{301}x", Style::new());
        buffer.set_string(0, 2, "日x", Style::new());
        None
    });
    assert_eq!(writes, ["\x1b[Habcd\x1b[2He\u{301}\x1b[2;2Hx  \x1b[3H日x"]);
}

#[test]
fn half_a_flag_that_a_stream_ends_in_does_not_displace_what_is_written_after_it() {
    let mut screened = Screened::new(6, 2);
    let writes = screened.draw(|buffer| {
        buffer.set_string(0, 0, "\u{1f1ef}x", Style::new());
        buffer.set_string(3, 1, "y", Style::new());
        None
    });
    assert_eq!(writes, ["\x1b[H\u{1f1ef}\x1b[1;2Hx\x1b[K\n\x1b[Cy"]);
}

#[test]
fn nothing_stays_where_a_terminal_gives_a_cluster_fewer_cells() {
    let mut screened = Screened::new(4, 1);
    let draw = |text: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Style::new());
            None
        }
    };
    screened.draw(draw("abcd"));
    assert_eq!(screened.draw(draw("👩\u{200d}💻cd")), ["\x1b[H  \x1b[H👩\u{200d}💻\x1b[1;3Hcd"]);
}

#[test]
fn a_joiner_with_nothing_to_join_is_not_printed() {
    let mut screened = Screened::new(10, 1);
    let draw = |buffer: &mut Buffer| {
        buffer.set_string(0, 0, "👩\u{200d}b", Style::new());
        None
    };
    assert_eq!(screened.draw(draw), ["\x1b[H  \x1b[H👩\x1b[1;3Hb\x1b[K"]);
}

#[test]
fn a_few_equal_cells_are_printed_again_and_more_are_passed_over() {
    let mut screened = Screened::new(20, 1);
    let draw = |text: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Style::new());
            None
        }
    };
    screened.draw(draw("abcdefghijkl"));
    assert_eq!(screened.draw(draw("AbcdEfghiJkl")), ["\rAbcdE\x1b[4CJ"]);
}

#[test]
fn large_frames_are_synchronized() {
    let mut screened = Screened::new(80, 10);
    let writes = screened.draw(|buffer| {
        for y in 0..10 {
            buffer.set_string(0, y, "x".repeat(60), Style::new());
        }
        None
    });
    assert_eq!(writes.len(), 1);
    assert!(writes[0].starts_with("\x1b[?2026h") && writes[0].ends_with("\x1b[?2026l"), "{:?}", writes[0]);
}

#[test]
fn control_characters_in_cells_become_blanks() {
    let mut screened = Screened::new(20, 2);
    let writes = screened.draw(|buffer| {
        buffer[(0, 0)].set_symbol("\x1b]0;title\x07");
        buffer[(1, 0)].set_symbol("a");
        buffer[(2, 0)].set_symbol("\u{9b}");
        buffer[(3, 0)].set_symbol("b\n");
        buffer[(4, 0)].set_symbol("c");
        None
    });
    assert_eq!(screened.text(), " a  c");
    assert!(writes.iter().all(|write| !write.contains(['\x07', '\u{9b}'])), "{writes:?}");
}

#[test]
fn a_resized_screen_is_drawn_from_nothing() {
    let mut screened = Screened::new(10, 2);
    screened.draw(|buffer| {
        buffer.set_string(0, 0, "abc", Style::new());
        None
    });
    screened.terminal.resize(12, 3).unwrap();
    assert_eq!(screened.terminal.area(), Rect::new(0, 0, 12, 3));
    screened.draw(|buffer| {
        buffer.set_string(0, 1, "abc", Style::new());
        None
    });
    assert_eq!(screened.text(), "\nabc");
}

#[test]
fn leaving_gives_everything_back_once() {
    let mut screened = Screened::new(20, 2);
    screened.terminal.suspend();
    assert_eq!(screened.show(), [leave(Way::Alternate, Title::Untouched)]);
    let screen = screened.vt.screen();
    assert_eq!(
        (screen.alternate_screen(), screen.bracketed_paste(), screen.hide_cursor()),
        (false, false, false)
    );
    screened.terminal.restore();
    assert_eq!(screened.draw(|_| Some((1, 1))), Vec::<String>::new());
}

#[test]
fn what_was_taken_again_is_drawn_from_nothing() {
    let mut screened = Screened::new(20, 2);
    let draw = |buffer: &mut Buffer| {
        buffer.set_string(0, 0, "abc", Style::new());
        None
    };
    screened.draw(draw);
    screened.terminal.suspend();
    screened.terminal.resume().unwrap();
    screened.show();
    assert!(screened.vt.screen().alternate_screen());
    assert_eq!(screened.draw(draw), ["\x1b[Habc"]);
    screened.terminal.resume().unwrap();
    assert_eq!(screened.show(), ["\x1b[m\x1b[2J"]);
}

/// Run as a program of its own, inside the terminal of the test below.
#[test]
#[ignore = "takes the terminal"]
fn takes_the_terminal_and_panics_on_another_thread() {
    install_panic_hook();
    let mut terminal = Terminal::enter(alternate()).unwrap();
    let draw = |buffer: &mut Buffer| {
        buffer.set_string(0, 0, "drawn", Style::new());
        None
    };
    terminal.draw(draw).unwrap();
    std::thread::spawn(|| panic!("the thread is lost")).join().unwrap_err();
    terminal.draw(draw).unwrap();
}

#[cfg(unix)]
#[test]
fn a_panic_on_any_thread_gives_the_terminal_back_before_it_is_printed() {
    use portable_pty::{CommandBuilder, PtySize, native_pty_system};

    let size = PtySize { rows: 24, cols: 100, pixel_width: 0, pixel_height: 0 };
    let pty = native_pty_system().openpty(size).unwrap();
    let before = pty.master.get_termios().unwrap();
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    let program = "runtime::terminal::tests::takes_the_terminal_and_panics_on_another_thread";
    command.args(["--exact", program, "--ignored", "--nocapture"]);
    let mut child = pty.slave.spawn_command(command).unwrap();
    let mut reader = pty.master.try_clone_reader().unwrap();
    let (sender, output) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(length @ 1..) = io::Read::read(&mut reader, &mut bytes) {
            if sender.send(bytes[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    assert!(child.wait().unwrap().success());
    assert_eq!(pty.master.get_termios().unwrap(), before);
    drop(pty);
    let output = String::from_utf8(output.iter().flatten().collect()).unwrap();
    let place = |part: &str| output.find(part).unwrap_or_else(|| panic!("no {part:?} in {output:?}"));
    assert!(place("\x1b[?1049h") < place("drawn"));
    assert!(place("drawn") < place(&leave(Way::Alternate, Title::Untouched)));
    assert!(place(&leave(Way::Alternate, Title::Untouched)) < place("the thread is lost"));
    assert_eq!(output.matches("\x1b[?1049l").count(), 1);
    assert_eq!(output.matches("drawn").count(), 1);
}

const LINES: [&str; 5] = [
    "A reference may not outlive",
    "what it points to; whoever",
    "lends has to wait until it",
    "comes back, and nobody else",
    "may change it while it is out",
];

#[test]
fn a_row_that_comes_in_below_moves_those_above_it() {
    let mut screened = Screened::new(40, 6);
    let rows = |from: u16| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, "status", Style::new());
            for y in 1..5 {
                buffer.set_string(0, y, LINES[usize::from(from + y) - 1], Style::new());
            }
            buffer.set_string(0, 5, "> a prompt", Style::new());
            Some((10, 5))
        }
    };
    screened.draw(rows(0));
    assert_eq!(screened.draw(rows(1)), ["\x1b[2;5r\x1b[5H\nmay change it while it is out\x1b[6;11H\x1b7"]);
    // The same rows scroll from now on, and a line feed in the last of them would move them.
    assert_eq!(screened.draw(rows(0)), ["\x1b[2H\x1bMA reference may not outlive\x1b8"]);
    assert_eq!(screened.text(), format!("status\n{}\n> a prompt", LINES[..4].join("\n")));
    screened.terminal.redraw().unwrap();
    assert_eq!(screened.show(), ["\x1b[r\x1b[m\x1b[2J"]);
}

#[test]
fn text_that_streams_in_goes_on_in_the_colour_that_it_had() {
    let mut screened = Screened::new(40, 3);
    let draw = |text: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Style::new().fg(Color::Red));
            buffer.set_string(0, 2, "> a prompt", Style::new());
            Some((10, 2))
        }
    };
    screened.draw(draw("one"));
    assert_eq!(screened.draw(draw("one two")), ["\x1b[1;5H\x1b[31mtwo\n\n\x1b[3C\x1b7"]);
    assert_eq!(screened.draw(draw("one two three")), ["\x1b[1;9Hthree\x1b8"]);
}

#[test]
fn emphasis_ends_without_its_colour_being_told_again() {
    let mut screened = Screened::new(20, 1);
    let writes = screened.draw(|buffer| {
        let red = Style::new().fg(Color::Red);
        buffer.set_string(0, 0, "a", red.add_modifier(Modifier::BOLD | Modifier::DIM));
        buffer.set_string(1, 0, "b", red.add_modifier(Modifier::DIM | Modifier::ITALIC));
        buffer.set_string(2, 0, "c", red);
        buffer.set_string(3, 0, "d", Style::new());
        None
    });
    assert_eq!(writes, ["\x1b[H\x1b[1;2;31ma\x1b[22;2;3mb\x1b[22;23mc\x1b[md"]);
}

#[test]
fn a_blank_of_another_colour_is_the_same_blank() {
    let mut screened = Screened::new(10, 1);
    let draw = |colour: Color, ground: Color| {
        move |buffer: &mut Buffer| {
            buffer.set_style(buffer.area, Style::new().fg(colour).bg(ground));
            None
        }
    };
    assert_eq!(screened.draw(draw(Color::Red, Color::Reset)), Vec::<String>::new());
    assert_eq!(screened.draw(draw(Color::Red, Color::Blue)), ["\x1b[H\x1b[31;44m          "]);
}

fn linked(buffer: &mut Buffer, at: (u16, u16), text: &str, to: &str) -> Drawn {
    let mut links = crate::ui::Links::new(buffer.area);
    buffer.set_string(at.0, at.1, text, Style::new());
    links.lead(Rect { x: at.0, y: at.1, width: u16::try_from(text.len()).unwrap(), height: 1 }, to);
    Drawn { cursor: None, links }
}

#[test]
fn a_link_is_told_once_and_keeps_its_number() {
    let mut screened = Screened::new(40, 2);
    let draw =
        |text: &'static str| move |buffer: &mut Buffer| linked(buffer, (2, 0), text, "https://a.example");
    screened.terminal.draw(draw("here")).unwrap();
    assert_eq!(screened.show(), ["\x1b[1;3H\x1b]8;id=1;https://a.example/\x1b\\here\x1b]8;;\x1b\\"]);
    screened.terminal.draw(draw("here")).unwrap();
    assert_eq!(screened.show(), [""; 0]);
    screened.terminal.draw(draw("hereby")).unwrap();
    assert_eq!(screened.show(), ["\x1b]8;id=1;https://a.example/\x1b\\by\x1b]8;;\x1b\\"]);
    // The same text without the link is another text.
    screened.draw(|buffer| {
        buffer.set_string(2, 0, "hereby", Style::new());
        None
    });
    screened.terminal.draw(draw("gone")).unwrap();
    assert_eq!(screened.show(), ["\x1b[1;3H\x1b]8;id=1;https://a.example/\x1b\\gone\x1b]8;;\x1b\\  "]);
}

#[test]
fn a_terminal_without_links_is_told_of_none() {
    let quirks = Quirks::detect(|name| (name == "TERM").then(|| "linux".to_owned()));
    let mut terminal = Terminal::over(Writes::default(), Options { quirks, ..alternate() }, (40, 2)).unwrap();
    terminal.draw(|buffer| linked(buffer, (0, 0), "here", "https://a.example")).unwrap();
    assert_eq!(terminal.out.0[1], b"\x1b[Hhere");
}

/// What stands in a row, from left to right; words of one style.
type Word = (u16, u16, &'static str, Style);

fn word() -> impl Strategy<Value = Word> {
    let text = prop::sample::select(vec![
        "a",
        "hello world",
        "   ",
        "x   y",
        "日本",
        "語",
        "│ ",
        "e\u{301}",
        "ü",
        "0123456789abcdefghij",
        "한",
    ]);
    let color = prop::sample::select(vec![
        Color::Reset,
        Color::Red,
        Color::LightBlue,
        Color::Indexed(100),
        Color::Rgb(1, 2, 3),
    ]);
    let modifier = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC,
        Modifier::UNDERLINED,
        Modifier::REVERSED,
        Modifier::BOLD.union(Modifier::UNDERLINED),
    ]);
    (0..24u16, 0..6u16, text, color.clone(), color, modifier).prop_map(|(x, y, text, fg, bg, modifier)| {
        // Later words take over: the emulator knows one intensity at a time, not bold and dim together.
        let style = Style::new().fg(fg).bg(bg).remove_modifier(Modifier::all() - modifier);
        (x, y, text, style.add_modifier(modifier))
    })
}

fn vt_color(color: Color) -> vt100::Color {
    match color {
        Color::Red => vt100::Color::Idx(1),
        Color::LightBlue => vt100::Color::Idx(12),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        _ => vt100::Color::Default,
    }
}

/// Compares the screen with the buffer, cell by cell. On blanks, only what shows there counts.
fn differences(screen: &vt100::Screen, buffer: &Buffer) -> Vec<String> {
    let mut differences = Vec::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let shown = screen.cell(y, x).unwrap();
            let cells = u16::try_from(grapheme_width(cell.symbol())).unwrap().max(1);
            let fits = x + cells <= buffer.area.width;
            let symbol = if fits { cell.symbol() } else { " " };
            let contents = if shown.has_contents() { shown.contents() } else { " " };
            let blank = symbol == " ";
            let has = |modifier| cell.modifier.contains(modifier);
            let ground = (vt_color(cell.bg), has(Modifier::UNDERLINED), has(Modifier::REVERSED));
            let shown_ground = (shown.bgcolor(), shown.underline(), shown.inverse());
            let ink = (vt_color(cell.fg), has(Modifier::BOLD), has(Modifier::DIM), has(Modifier::ITALIC));
            let shown_ink = (shown.fgcolor(), shown.bold(), shown.dim(), shown.italic());
            if symbol.trim_end_matches('\u{200d}') != contents
                || ground != shown_ground
                || (!blank && ink != shown_ink)
            {
                differences.push(format!("{x},{y}: {cell:?} is shown as {shown:?}"));
            }
            x += if fits { cells } else { 1 };
        }
    }
    differences
}

/// What happens to rows that are read, between one frame and the next.
#[derive(Clone, Debug)]
enum Act {
    /// More come in below.
    More(Vec<Read>),
    /// The last ones go.
    Fewer(usize),
    /// They are read further up, by so many rows.
    Up(usize),
    /// They are read to their end.
    End,
    /// The last one grows.
    Grows(Read),
    /// Something stands over them.
    Over(Word),
}

/// A row: words, and a link from one column on, for some columns.
type Read = (Vec<Word>, Option<(u16, u16, bool)>);

fn read() -> impl Strategy<Value = Read> {
    (prop::collection::vec(word(), 0..5), prop::option::of((0..24u16, 1..12u16, any::<bool>())))
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => prop::collection::vec(read(), 1..4).prop_map(Act::More),
        1 => (1..4usize).prop_map(Act::Fewer),
        2 => (1..6usize).prop_map(Act::Up),
        1 => Just(Act::End),
        3 => read().prop_map(Act::Grows),
        1 => word().prop_map(Act::Over),
    ]
}

const TARGETS: [&str; 2] = ["https://a.example/", "https://b.example/"];

/// The bytes without colours, and with italics where a link leads to `target`.
fn as_italics(bytes: &str, target: &str) -> String {
    let mut shown = String::new();
    let mut rest = bytes;
    while let Some((before, after)) = rest.split_once('\x1b') {
        shown.push_str(before);
        let end = match after.as_bytes().first() {
            Some(b']') => after.find("\x1b\\").map(|at| at + 2),
            Some(b'[') => after.find(|c: char| ('@'..='~').contains(&c) && c != '[').map(|at| at + 1),
            _ => Some(1),
        };
        let (sequence, later) = after.split_at(end.unwrap());
        if let Some(link) = sequence.strip_prefix("]8;") {
            shown.push_str(if link.ends_with(&format!("{target}\x1b\\")) { "\x1b[3m" } else { "\x1b[m" });
        } else if !sequence.ends_with('m') {
            shown.push('\x1b');
            shown.push_str(sequence);
        }
        rest = later;
    }
    shown + rest
}

#[test]
fn a_picture_comes_after_its_cells_once_and_goes_with_the_whole_screen() {
    let mut screened = Screened::new(20, 5);
    let frame = |picture: Option<OnScreen>, word: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, word, Style::new());
            Layers { drawn: None.into(), picture }
        }
    };
    let picture =
        |key| OnScreen::of_bytes(key, Rect { x: 3, y: 1, width: 4, height: 2 }, b"<picture>", b"<gone>");
    let mut draw = |picture, word| {
        screened.terminal.draw(frame(picture, word)).unwrap();
        screened.show().concat()
    };
    assert_eq!(draw(None, "one"), "\x1b[Hone");
    assert_eq!(draw(Some(picture(1)), "one"), "\n<picture>");
    assert_eq!(draw(Some(picture(1)), "one"), "");
    assert_eq!(draw(Some(picture(1)), "two"), "\x1b[Htwo");
    assert_eq!(draw(Some(picture(2)), "two"), "<gone>\x1b[m\x1b[2J\x1b[Htwo\n<picture>");
    assert_eq!(draw(None, "two"), "<gone>\x1b[m\x1b[2J\x1b[Htwo");
    assert_eq!(draw(None, "two"), "");
    draw(Some(picture(3)), "two");
    // Whatever clears the screen has the picture written again.
    screened.terminal.redraw().unwrap();
    screened.show();
    screened.terminal.draw(frame(Some(picture(3)), "two")).unwrap();
    assert!(screened.show().concat().ends_with("<picture>"));
    screened.terminal.suspend();
    assert!(screened.show().concat().starts_with("<gone>"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_moved_by_the_terminal_is_what_was_drawn(acts in prop::collection::vec(act(), 1..24)) {
        const ROWS: u16 = 12;
        let mut screened = Screened::new(24, ROWS);
        let mut italic = TARGETS.map(|_| {
            let sides = (NonZeroU16::new(ROWS).unwrap(), NonZeroU16::new(24).unwrap());
            vt100::Parser::new(sides.0, sides.1, 0)
        });
        let (mut rows, mut up): (Vec<Read>, usize) = (Vec::new(), 0);
        for act in acts {
            let mut over = None;
            match act {
                Act::More(more) => rows.extend(more),
                Act::Fewer(fewer) => rows.truncate(rows.len().saturating_sub(fewer)),
                Act::Up(by) => up += by,
                Act::End => up = 0,
                Act::Grows(row) => {
                    rows.pop();
                    rows.push(row);
                }
                Act::Over(word) => over = Some(word),
            }
            up = up.min(rows.len());
            let mut expected = vec![None; 24 * usize::from(ROWS)];
            screened.terminal.draw(|buffer| {
                let mut links = crate::ui::Links::new(buffer.area);
                let height = usize::from(ROWS) - 3;
                let shown = rows.iter().skip((rows.len() - up).saturating_sub(height)).take(height);
                for (y, (words, link)) in (1..).zip(shown) {
                    for &(x, _, text, style) in words {
                        buffer.set_string(x, y, text, style);
                    }
                    if let Some((x, width, second)) = *link {
                        let which = usize::from(second);
                        let cells = Rect { x, y, width, height: 1 }.intersection(buffer.area);
                        links.lead(cells, TARGETS[which]);
                        for x in cells.left()..cells.right() {
                            expected[usize::from(y) * 24 + usize::from(x)] = Some(which);
                        }
                    }
                }
                if let Some((x, y, text, style)) = over {
                    buffer.set_string(x, y, text, style);
                }
                buffer.set_string(0, 0, format!("{} rows", rows.len()), Style::new());
                buffer.set_string(0, ROWS - 1, "> a prompt", Style::new());
                Drawn { cursor: Some((10, ROWS - 1)), links }
            }).unwrap();
            let writes = screened.show();
            let buffer = &screened.terminal.prev.buffer;
            prop_assert_eq!(differences(screened.vt.screen(), buffer), Vec::<String>::new(), "{:?}", writes);
            for (which, (target, parser)) in TARGETS.iter().zip(&mut italic).enumerate() {
                for write in &writes {
                    parser.process(as_italics(write, target).as_bytes());
                }
                for (at, expected) in (0u16..).zip(&expected) {
                    let (x, y) = (at % 24, at / 24);
                    // What is covered by a wide character leads where that leads.
                    let is_rest = x > 0 && screened.vt.screen().cell(y, x).unwrap().is_wide_continuation();
                    let leads = parser.screen().cell(y, x).unwrap().italic();
                    prop_assert!(is_rest || leads == (*expected == Some(which)), "{x},{y} of {writes:?}");
                }
            }
        }
    }

    #[test]
    fn the_screen_shows_every_frame(
        frames in prop::collection::vec(
            (prop::collection::vec(word(), 0..10), prop::option::of((0..24u16, 0..6u16))),
            1..12,
        ),
    ) {
        let mut screened = Screened::new(24, 6);
        for (words, cursor) in frames {
            let writes = screened.draw(|buffer| {
                for (x, y, text, style) in words {
                    buffer.set_string(x, y, text, style);
                }
                cursor
            });
            prop_assert!(writes.len() <= 1);
            let screen = screened.vt.screen();
            prop_assert_eq!(differences(screen, &screened.terminal.prev.buffer), Vec::<String>::new(), "{:?}", writes);
            prop_assert_eq!(screen.hide_cursor(), cursor.is_none());
            if let Some((x, y)) = cursor {
                prop_assert_eq!(screen.cursor_position(), (y, x));
            }
        }
    }
}

/// An area of the shell's own screen, and a terminal that keeps what scrolls out of it.
struct Shelled {
    terminal: Terminal<Writes>,
    vt: vt100::Parser,
}

impl Shelled {
    /// A shell that has told so many lines.
    fn new(columns: u16, rows: u16, told: usize) -> Self {
        let sides = (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        let mut vt = vt100::Parser::new(sides.0, sides.1, 1000);
        (0..told).for_each(|line| vt.process(format!("$ {line}\r\n").as_bytes()));
        let options = Options { screen: Screen::Inline, ..alternate() };
        let terminal = Terminal::over(Writes::default(), options, (columns, rows)).unwrap();
        let mut shelled = Self { terminal, vt };
        shelled.show();
        shelled
    }

    fn show(&mut self) {
        for bytes in std::mem::take(&mut self.terminal.out.0) {
            self.vt.process(&bytes);
        }
    }

    /// Prints rows, and draws an area of these.
    fn draw(&mut self, printed: &[String], area: &[String]) {
        let (width, height) = self.terminal.window();
        let painted = |rows: &[String]| {
            let count = u16::try_from(rows.len()).unwrap();
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, count));
            for (y, row) in (0..).zip(rows) {
                buffer.set_string(0, y, row, Style::new());
            }
            buffer
        };
        let most = usize::from(height - 1);
        let printed: Vec<_> =
            printed.chunks(most).map(|rows| (painted(rows), crate::ui::Links::default())).collect();
        let rows = u16::try_from(area.len()).unwrap();
        let draw = |buffer: &mut Buffer| -> Option<(u16, u16)> {
            *buffer = painted(area);
            Some((1, rows - 1))
        };
        self.terminal.draw_below(printed.into_iter(), rows, draw).unwrap();
        self.show();
    }

    /// Everything there is, what was scrolled out of the screen too.
    fn all(&mut self) -> Vec<String> {
        let (_, width) = self.vt.screen().size();
        self.vt.screen_mut().set_scrollback(usize::MAX);
        let kept = self.vt.screen().scrollback();
        let mut rows = Vec::new();
        for above in (0..=kept).rev() {
            self.vt.screen_mut().set_scrollback(above);
            let screen: Vec<String> = self.vt.screen().rows(0, width.get()).collect();
            rows.extend(if above == 0 { screen } else { screen[..1].to_vec() });
        }
        rows.iter_mut().for_each(|row| row.truncate(row.trim_end().len()));
        while rows.last().is_some_and(String::is_empty) {
            rows.pop();
        }
        rows
    }
}

fn lines(name: &str, count: usize) -> Vec<String> {
    (0..count).map(|line| format!("{name} {line}")).collect()
}

#[test]
fn rows_are_printed_above_the_area_wherever_on_the_screen_it_begins() {
    for (told, printed) in [(0, 3), (0, 40), (5, 2), (5, 9), (11, 1), (30, 100)] {
        let mut shelled = Shelled::new(30, 12, told);
        shelled.draw(&[], &lines("area", 4));
        shelled.draw(&lines("row", printed), &lines("open", 6));
        let shell: Vec<String> = (0..told).map(|line| format!("$ {line}")).collect();
        let expected = [shell, lines("row", printed), lines("open", 6)].concat();
        assert_eq!(shelled.all(), expected, "{told} {printed}");
    }
}

#[test]
fn an_area_that_is_left_leaves_what_was_printed_and_the_cursor_below_it() {
    let mut shelled = Shelled::new(30, 12, 3);
    shelled.draw(&lines("row", 20), &lines("area", 5));
    shelled.terminal.restore();
    shelled.show();
    assert_eq!(shelled.all()[3..], lines("row", 20));
    shelled.vt.process(b"$ next");
    assert_eq!(shelled.all()[23], "$ next");
}

#[test]
fn the_whole_screen_is_taken_and_given_back() {
    let mut shelled = Shelled::new(30, 12, 3);
    shelled.draw(&lines("row", 2), &lines("area", 4));
    shelled.terminal.take(Place::Whole).unwrap();
    shelled.show();
    assert!(shelled.vt.screen().alternate_screen());
    shelled
        .terminal
        .draw(|buffer| {
            buffer.set_string(0, 11, "a list", Style::new());
            None
        })
        .unwrap();
    shelled.show();
    shelled.terminal.take(Place::Below).unwrap();
    shelled.draw(&lines("more", 2), &lines("area", 3));
    assert!(!shelled.vt.screen().alternate_screen());
    assert_eq!(shelled.all()[3..], [lines("row", 2), lines("more", 2), lines("area", 3)].concat());
    shelled.terminal.take(Place::Whole).unwrap();
    shelled.terminal.restore();
    shelled.show();
    assert!(!shelled.vt.screen().alternate_screen());
    assert_eq!(shelled.all()[3..], [lines("row", 2), lines("more", 2)].concat());
}

#[test]
fn what_is_open_and_then_settled_where_it_stands_costs_nothing() {
    let mut shelled = Shelled::new(60, 12, 0);
    let area = |open: &[&str]| -> Vec<String> {
        let own = ["-".repeat(58), "> ".to_owned()];
        open.iter().map(|row| (*row).to_owned()).chain(own).collect()
    };
    shelled.draw(&[], &area(&LINES[..3]));
    let painted = |rows: &[&str]| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>();
    shelled.terminal.out.0.clear();
    let (width, _) = shelled.terminal.window();
    let mut settled = Buffer::empty(Rect::new(0, 0, width, 2));
    for (y, row) in (0..).zip(painted(&LINES[..2])) {
        settled.set_string(0, y, row, Style::new());
    }
    let rows = area(&LINES[2..3]);
    let written = shelled
        .terminal
        .draw_below(std::iter::once((settled, crate::ui::Links::default())), 3, |buffer: &mut Buffer| {
            for (y, row) in (0..).zip(&rows) {
                buffer.set_string(0, y, row, Style::new());
            }
            Some((1u16, 2u16))
        })
        .unwrap();
    assert_eq!(written.bytes, 0);
}

#[test]
fn an_area_on_a_window_of_another_width_is_drawn_where_it_began() {
    // A terminal that cuts what it has no room for, as vt100 does.
    let mut shelled = Shelled::new(40, 12, 2);
    shelled.terminal.options.quirks = Quirks::detect(|_| None);
    shelled.draw(&lines("row", 3), &["=".repeat(40), "area".to_owned(), "> ".to_owned()]);
    for (columns, rows) in [(20, 12), (40, 8), (30, 14)] {
        let (height, width) = (NonZeroU16::new(rows).unwrap(), NonZeroU16::new(columns).unwrap());
        shelled.vt.screen_mut().set_size(height, width);
        shelled.terminal.resize(columns, rows).unwrap();
        let area = ["=".repeat(usize::from(columns)), "area".to_owned(), "> ".to_owned()];
        shelled.draw(&[], &area);
        let shell = ["$ 0", "$ 1"].map(str::to_owned).to_vec();
        let mut expected = [shell, lines("row", 3), area.to_vec()].concat();
        expected[7] = ">".to_owned();
        assert_eq!(shelled.all(), expected, "{columns}");
    }
}

proptest! {
    #[test]
    fn whatever_is_printed_stands_there_once_and_the_area_below_it(
        told in 0usize..20,
        frames in prop::collection::vec((0usize..30, 1usize..9), 1..12),
    ) {
        let mut shelled = Shelled::new(30, 12, told);
        let mut expected: Vec<String> = (0..told).map(|line| format!("$ {line}")).collect();
        for (nth, (printed, height)) in frames.into_iter().enumerate() {
            let (printed, area) = (lines(&format!("row {nth}"), printed), lines("area", height));
            shelled.draw(&printed, &area);
            expected.extend(printed);
            prop_assert_eq!(shelled.all(), [expected.clone(), area].concat());
        }
    }
}
