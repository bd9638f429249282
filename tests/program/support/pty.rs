//! The program on a terminal that remembers: its screen, every byte it was sent, and the state it was left in.
//!
//! The terminal answers no query, unless it is told to be at the end of a slow line. Its size is set before the program
//! starts, as a real one's is.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

use super::home::{Home, signal};
use super::{PATIENCE, eventually, hostile_remains, words};

/// The rows that can be scrolled back to.
const SCROLLBACK: usize = 1000;

/// A program running on a terminal.
pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Writer,
    seen: Arc<Seen>,
    // Dropped before the master: the reader thread ends when nobody holds the other side.
    slave: Option<Box<dyn SlavePty + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    // Kept for as long as the program may use it.
    _home: Home,
}

struct Seen {
    terminal: Mutex<Terminal>,
    more: Condvar,
    line: Mutex<Line>,
}

/// How the other end of the terminal reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    /// As quickly as it can, and answering nothing.
    Quick,
    /// So many bytes in each 20 ms, and answering whether it is there (DSR 5) when it has read the question.
    Slow(usize),
    /// Not at all: it is gone.
    Dropped,
}

/// How often a slow line reads.
const BEAT: Duration = Duration::from_millis(20);

struct Terminal {
    parser: vt100::Parser,
    bytes: Vec<u8>,
}

impl Pty {
    /// The app, once it can be typed into.
    #[track_caller]
    pub fn open(home: &Home, arguments: &[&str]) -> Self {
        Self::open_at(home, 80, 24, arguments)
    }

    /// The same on a terminal of this size.
    #[track_caller]
    pub fn open_at(home: &Home, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let pty = Self::app(home, columns, rows, arguments);
        pty.wait_for_text(words::READY);
        pty
    }

    /// The app in this home, on a terminal of this size, as it starts.
    pub fn app(home: &Home, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        Self::spawn(home, env!("CARGO_BIN_EXE_loquat"), columns, rows, arguments)
    }

    /// Any program.
    pub fn spawn(home: &Home, program: &str, columns: u16, rows: u16, arguments: &[&str]) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        for (name, value) in home.environment() {
            command.env(name, value);
        }
        command.cwd(home.path());
        let child = pair.slave.spawn_command(command).expect("the program starts");
        let seen = Arc::new(Seen {
            terminal: Mutex::new(Terminal {
                parser: vt100::Parser::new(cells(rows), cells(columns), SCROLLBACK),
                bytes: Vec::new(),
            }),
            more: Condvar::new(),
            line: Mutex::new(Line::Quick),
        });
        let writer = pair.master.take_writer().expect("a terminal can be written to");
        let writer = Arc::new(Mutex::new(Some(writer)));
        let mut reader = pair.master.try_clone_reader().expect("a terminal can be read");
        let (shared, answers) = (Arc::clone(&seen), Arc::clone(&writer));
        std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            loop {
                let line = *shared.line.lock().expect("no thread panics while it holds the lock");
                let most = match line {
                    Line::Quick => buffer.len(),
                    Line::Slow(bytes) => bytes,
                    Line::Dropped => break,
                };
                let Ok(count @ 1..) = reader.read(&mut buffer[..most]) else { break };
                let mut terminal = shared.lock();
                let before = terminal.questions();
                terminal.parser.process(&buffer[..count]);
                terminal.bytes.extend_from_slice(&buffer[..count]);
                let asked = terminal.questions() - before;
                shared.more.notify_all();
                drop(terminal);
                if line != Line::Quick {
                    write(&answers, &"\u{1b}[0n".repeat(asked));
                    std::thread::sleep(BEAT);
                }
            }
        });
        Self { child, writer, seen, slave: Some(pair.slave), master: Some(pair.master), _home: home.clone() }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        write(&self.writer, keys);
    }

    /// From now on the terminal is at the end of a line that takes so many bytes a second, and answers.
    pub fn slow_down(&self, bytes_a_second: usize) {
        let beats = usize::try_from(1000 / BEAT.as_millis()).expect("a few");
        *self.line() = Line::Slow(bytes_a_second / beats);
    }

    fn master(&self) -> &(dyn MasterPty + Send) {
        self.master.as_deref().expect("a line that is not dropped")
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.seen.line.lock().expect("no thread panics while it holds the lock")
    }

    /// Takes the terminal away, as a closed window does, from a program that goes on writing. Its exit code.
    #[track_caller]
    pub fn drop_line(&mut self) -> u32 {
        *self.line() = Line::Dropped;
        self.slave = None;
        self.master = None;
        *self.writer.lock().expect("no thread panics while it holds the lock") = None;
        self.wait_for_exit()
    }

    /// Whether the program is stopped, as by Ctrl+Z.
    fn is_stopped(&self) -> bool {
        let process = self.child.process_id().expect("a running program has an id");
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
    }

    /// Stops the program by its key; the terminal is as it was. It goes on by the signal `CONT`.
    #[track_caller]
    pub fn suspend(&mut self) {
        self.send(keys::CTRL_Z);
        eventually("a stopped program", || self.is_stopped().then_some(()));
        assert_eq!(self.left_behind(), [""; 0]);
    }

    /// Types a text, sees it on the screen, and presses Enter.
    #[track_caller]
    pub fn say(&mut self, text: &str) {
        self.send(text);
        self.wait_for_text(text);
        self.send(keys::ENTER);
    }

    /// Presses the leader and a key.
    pub fn leader(&mut self, key: &str) {
        self.send(keys::CTRL_X);
        self.send(key);
    }

    /// Leaves the composer, whatever is in it, for the transcript.
    pub fn focus_transcript(&mut self) {
        self.send(keys::ALT_T);
    }

    /// Quits the app, and expects the terminal to be as it was.
    #[track_caller]
    pub fn quit(mut self) {
        self.leader("q");
        assert_eq!(self.wait_for_exit(), 0);
        assert_eq!(self.left_behind(), [""; 0]);
    }

    /// The screen as text, lines without trailing blanks.
    pub fn screen(&self) -> String {
        self.seen.lock().screen()
    }

    /// What was on the screen and left it at its top, row by row.
    pub fn scrolled_back(&self) -> String {
        let mut terminal = self.seen.lock();
        let mut rows = String::new();
        terminal.parser.screen_mut().set_scrollback(SCROLLBACK);
        let mut left = terminal.parser.screen().scrollback();
        while left > 0 {
            terminal.parser.screen_mut().set_scrollback(left);
            let screen = terminal.screen();
            rows.push_str(screen.lines().next().unwrap_or_default());
            rows.push('\n');
            left -= 1;
        }
        terminal.parser.screen_mut().set_scrollback(0);
        rows
    }

    /// Whatever the terminal's state tells.
    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.seen.lock().parser.screen())
    }

    /// Every byte the program wrote so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().bytes.clone()
    }

    /// Waits until the screen is as wanted and returns it; fails the test, showing the screen, when it never is.
    #[track_caller]
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        self.wait_at_most(PATIENCE, what, wanted)
    }

    /// The same with a limit of one's own.
    #[track_caller]
    pub fn wait_at_most(&self, limit: Duration, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        let mut terminal = self.seen.lock();
        loop {
            let screen = terminal.screen();
            if wanted(&screen) {
                return screen;
            }
            let Some(left) = limit.checked_sub(start.elapsed()) else {
                panic!("after {limit:?} the screen still does not show {what}:\n{}", framed(&screen));
            };
            terminal = self
                .seen
                .more
                .wait_timeout(terminal, left)
                .expect("no thread panics while it holds the lock")
                .0;
        }
    }

    /// Waits until something is found on the terminal, cell by cell. `None` when it never is.
    pub fn wait_to_find<T>(&self, find: impl Fn(&vt100::Screen) -> Option<T>) -> Option<T> {
        let start = Instant::now();
        let mut terminal = self.seen.lock();
        loop {
            if let Some(found) = find(terminal.parser.screen()) {
                return Some(found);
            }
            let left = PATIENCE.checked_sub(start.elapsed())?;
            let more = self.seen.more.wait_timeout(terminal, left);
            terminal = more.expect("no thread panics while it holds the lock").0;
        }
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until a text is gone from the screen.
    #[track_caller]
    pub fn wait_until_gone(&self, text: &str) -> String {
        self.wait_for(&format!("anything but {text:?}"), |screen| !screen.contains(text))
    }

    /// Waits until nothing was written for a while, and returns the screen.
    pub fn settle(&self) -> String {
        let mut count = self.seen.lock().bytes.len();
        super::eventually("a quiet terminal", || {
            std::thread::sleep(Duration::from_millis(400));
            let now = self.seen.lock().bytes.len();
            let quiet = now == count;
            count = now;
            quiet.then_some(())
        });
        self.screen()
    }

    /// How many bytes are written during a time in which nothing happens.
    pub fn bytes_within(&self, time: Duration) -> usize {
        let before = self.seen.lock().bytes.len();
        std::thread::sleep(time);
        self.seen.lock().bytes.len() - before
    }

    /// Changes the window's size, as a person who drags its corner does.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.seen.lock().parser.set_size(cells(rows), cells(columns));
        self.master().resize(size(columns, rows)).expect("a terminal can be resized");
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        signal(self.child.process_id().expect("a running program has an id"), name);
    }

    /// Waits for the program's end and returns its exit code (128 + n where a signal ended it is up to it).
    #[track_caller]
    pub fn wait_for_exit(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "still running:\n{}", framed(&self.screen()));
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What is not as a shell expects to find its terminal. Ask once the program has ended.
    pub fn left_behind(&self) -> Vec<&'static str> {
        // Its last bytes may still be on their way to the reader.
        self.settle();
        let mut wrong = self.look(|screen| {
            let states = [
                ("the alternate screen is still on", screen.alternate_screen()),
                ("the cursor is hidden", screen.hide_cursor()),
                ("bracketed paste is still on", screen.bracketed_paste()),
                (
                    "the mouse is still reported",
                    screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
                ),
            ];
            states.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect::<Vec<_>>()
        });
        if !self.is_cooked() {
            wrong.push("the terminal is still in raw mode");
        }
        wrong
    }

    /// Whether lines are edited and echoed by the terminal: what raw mode turns off.
    fn is_cooked(&self) -> bool {
        let termios = self.master().get_termios().expect("a terminal has settings");
        let flags = format!("{:?}", termios.local_flags);
        flags.contains("ICANON") && flags.split(|c: char| !c.is_alphanumeric()).any(|flag| flag == "ECHO")
    }

    /// What of a hostile text reached the terminal.
    pub fn hostile_remains(&self) -> Vec<&'static str> {
        hostile_remains(&self.bytes())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Ending a program that has ended is an error nobody needs to hear of.
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.slave = None;
    }
}

/// Whoever types; nobody, once the line is dropped.
type Writer = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

fn write(writer: &Writer, keys: &str) {
    let mut writer = writer.lock().expect("no thread panics while it holds the lock");
    let Some(writer) = &mut *writer else { return };
    writer.write_all(keys.as_bytes()).and_then(|()| writer.flush()).expect("keys can be sent");
}

impl Seen {
    fn lock(&self) -> MutexGuard<'_, Terminal> {
        self.terminal.lock().expect("no thread panics while it holds the lock")
    }
}

impl Terminal {
    /// How often it was asked whether it is there.
    fn questions(&self) -> usize {
        self.bytes.windows(4).filter(|bytes| bytes == b"\x1b[5n").count()
    }

    fn screen(&self) -> String {
        let screen = self.parser.screen();
        let (_, columns) = screen.size();
        screen.rows(0, columns.get()).map(|row| row.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }
}

/// The keys that have no letter.
pub mod keys {
    pub const ENTER: &str = "\r";
    pub const ESC: &str = "\u{1b}";
    pub const UP: &str = "\u{1b}[A";
    pub const DOWN: &str = "\u{1b}[B";
    pub const RIGHT: &str = "\u{1b}[C";
    pub const F1: &str = "\u{1b}OP";
    pub const ALT_T: &str = "\u{1b}t";
    /// A newline in the composer.
    pub const CTRL_J: &str = "\n";
    /// Suspend.
    pub const CTRL_Z: &str = "\u{1a}";
    /// Stop, clear, quit.
    pub const CTRL_C: &str = "\u{3}";
    pub const CTRL_L: &str = "\u{c}";
    pub const CTRL_P: &str = "\u{10}";
    pub const CTRL_T: &str = "\u{14}";
    pub const CTRL_U: &str = "\u{15}";
    /// The leader.
    pub const CTRL_X: &str = "\u{18}";
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

/// A screen to be read in a test's output.
pub fn framed(screen: &str) -> String {
    let lines: Vec<String> = screen.lines().map(|line| format!("│{line}")).collect();
    format!("┌──\n{}\n└──", lines.join("\n"))
}
