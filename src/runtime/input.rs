//! Keys, pastes, mouse and sizes: one thread that blocks on the terminal, and a bounded channel.
//!
//! crossterm 0.29 reads the answer to a colour query as typed keys. We put no such query, but a program that
//! ran before us may have, and its answer comes late; [`AnswerFilter`] takes it out.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::echo::Echo;

/// Something the user did, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// When it was read.
    pub at: Timestamp,
    /// What it was.
    pub event: Event,
}

/// How many inputs wait before the reader does: more than a paste without brackets types between two frames.
const WAITING: usize = 1024;

/// How long crossterm looks for something to read. With no time at all it does not look, and what is less than a
/// millisecond it spins away, on a core that the thread which draws may want: long enough to look, no longer.
const LOOK: Duration = Duration::from_micros(50);

/// Looks that find nothing before the thread waits. A thread put aside in its look has not looked, and a key
/// that crossterm read with the one before it would lie there until the next.
const LOOKS: u8 = 2;

/// How long [`Reader::pause`] waits for a thread that waits itself.
const PATIENCE: Duration = Duration::from_millis(200);

/// Reads the terminal until it is dropped.
pub struct Reader {
    shared: Arc<Shared>,
    /// Ends the thread's wait for the terminal.
    wake: PipeWriter,
}

#[derive(Default)]
struct Shared {
    turn: Mutex<Turn>,
    changed: Condvar,
}

/// Whose turn it is to read the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Turn {
    #[default]
    Ours,
    /// Another program wants it; the thread has not yet let go.
    Asked,
    /// Another program has it.
    Theirs,
    /// Nobody's any more.
    Over,
}

impl Reader {
    /// Starts the thread. The receiver ends when the terminal does; an error is the last thing it gives.
    /// What is read and is no key goes to `echo`.
    pub fn start(echo: Arc<Echo>) -> io::Result<(Self, mpsc::Receiver<io::Result<Input>>)> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (woken, wake) = std::io::pipe()?;
        let shared = Arc::new(Shared::default());
        let threads = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || read(&threads, &woken, &sender, &echo))?;
        Ok((Self { shared, wake }, receiver))
    }

    /// Leaves the terminal's input to another program. Returns when the thread has let go of it.
    pub fn pause(&self) {
        let mut turn = self.shared.lock();
        if *turn == Turn::Ours {
            *turn = Turn::Asked;
        }
        self.rouse();
        // A thread that has not answered by then waits for room in the channel, and reads nothing either.
        let asked = |turn: &mut Turn| *turn == Turn::Asked;
        drop(self.shared.changed.wait_timeout_while(turn, PATIENCE, asked));
    }

    fn rouse(&self) {
        // A thread that is gone needs no waking.
        let _ = (&self.wake).write(&[0]);
    }

    /// Reads again after [`pause`](Self::pause).
    pub fn resume(&self) {
        let mut turn = self.shared.lock();
        if *turn != Turn::Over {
            *turn = Turn::Ours;
        }
        self.shared.changed.notify_all();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        *self.shared.lock() = Turn::Over;
        self.shared.changed.notify_all();
        self.rouse();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is the thread's turn. `false` when there is nothing more to read.
    fn may_read(&self) -> bool {
        let mut turn = self.lock();
        loop {
            match *turn {
                Turn::Ours => return true,
                Turn::Over => return false,
                Turn::Asked => {
                    *turn = Turn::Theirs;
                    self.changed.notify_all();
                }
                Turn::Theirs => {
                    turn = self.changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

fn read(shared: &Shared, woken: &PipeReader, sender: &mpsc::Sender<io::Result<Input>>, echo: &Echo) {
    let mut filter = AnswerFilter::default();
    let mut in_vain = 0;
    let mut came = Came::Nothing;
    while shared.may_read() {
        let event = match crossterm::event::poll(LOOK) {
            Ok(true) => crossterm::event::read(),
            Ok(false) if in_vain + 1 < LOOKS => {
                in_vain += 1;
                continue;
            }
            Ok(false) => {
                if came == Came::Something {
                    echo.heard(Instant::now());
                }
                match wait(woken) {
                    Ok(what) => {
                        came = what;
                        continue;
                    }
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        (in_vain, came) = (0, Came::Nothing);
        let failed = event.is_err();
        let at = Timestamp::now();
        let input = match event {
            Ok(event) => filter.pass(event, at).map(|event| Ok(Input { at, event })),
            Err(error) => Some(Err(error)),
        };
        let gone = input.is_some_and(|input| sender.blocking_send(input).is_err());
        if failed || gone {
            break;
        }
    }
    // Whoever waits for the terminal has it now.
    *shared.lock() = Turn::Over;
    shared.changed.notify_all();
}

/// Whether the terminal had something to read that has not become a key yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Nothing,
    Something,
}

/// Blocks until the terminal has something to read, or the reader is woken: without a time limit, so that an
/// idle app costs nothing. crossterm itself can only wait for the first of the two.
fn wait(woken: &PipeReader) -> io::Result<Came> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = io::stdin();
    let mut waited = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
    loop {
        match poll(&mut waited, None) {
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let [terminal, wake] = waited.map(|fd| fd.revents());
    if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if wake.contains(PollFlags::IN) {
        let mut reader = woken;
        reader.read_exact(&mut [0])?;
    }
    Ok(if terminal.contains(PollFlags::IN) { Came::Something } else { Came::Nothing })
}

/// Takes the answer to an operating system command (`OSC … BEL` or `OSC … ST`) out of the keys that it was
/// read as: Alt+`]`, a number and other characters, and Ctrl+G or Alt+`\`. Alt+`]` alone is lost with it.
#[derive(Clone, Debug, Default)]
pub struct AnswerFilter {
    /// When the answer began that is being taken out.
    since: Option<Timestamp>,
    /// Its keys so far.
    taken: usize,
}

/// A terminal sends an answer in one go. What comes later than this was typed.
const ANSWER_TIME: jiff::SignedDuration = jiff::SignedDuration::from_millis(100);

/// More than any answer about a colour has.
const LONGEST_ANSWER: usize = 256;

impl AnswerFilter {
    /// The event, unless it is a part of an answer.
    pub fn pass(&mut self, event: Event, at: Timestamp) -> Option<Event> {
        let Event::Key(KeyEvent { code: KeyCode::Char(key), modifiers, kind, .. }) = event else {
            return Some(event);
        };
        if kind == KeyEventKind::Release {
            return Some(event);
        }
        let alt = modifiers.contains(KeyModifiers::ALT);
        if alt && key == ']' {
            self.since = Some(at);
            self.taken = 0;
            return None;
        }
        let Some(since) = self.since else { return Some(event) };
        let number = self.taken > 0 || key.is_ascii_digit();
        if !number || at.duration_since(since) > ANSWER_TIME || self.taken >= LONGEST_ANSWER {
            self.since = None;
            return Some(event);
        }
        self.taken += 1;
        let bell = modifiers.contains(KeyModifiers::CONTROL) && key == 'g';
        if bell || (alt && key == '\\') {
            self.since = None;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(code), modifiers))
    }

    fn typed(text: &str) -> Vec<Event> {
        text.chars().map(|c| key(c, KeyModifiers::NONE)).collect()
    }

    /// What passes of events that come `apart` milliseconds after each other.
    fn passed(events: &[Event], apart: i64) -> Vec<Event> {
        let mut filter = AnswerFilter::default();
        (0..)
            .zip(events)
            .filter_map(|(nth, event)| {
                filter.pass(event.clone(), Timestamp::from_millisecond(nth * apart).unwrap())
            })
            .collect()
    }

    fn answer(end: Event) -> Vec<Event> {
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(typed("11;rgb:0000/0000/0000"));
        events.push(end);
        events
    }

    #[test]
    fn an_answer_is_never_typed() {
        for end in [key('g', KeyModifiers::CONTROL), key('\\', KeyModifiers::ALT)] {
            let mut events = typed("a");
            events.extend(answer(end));
            events.extend(typed("b"));
            assert_eq!(passed(&events, 0), typed("ab"));
        }
    }

    #[test]
    fn what_comes_later_or_is_no_number_was_typed_by_a_person() {
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(typed("hello"));
        assert_eq!(passed(&events, 0), typed("hello"));
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend(typed("123"));
        assert_eq!(passed(&events, 150), typed("123"));
    }

    #[test]
    fn everything_else_passes() {
        let mut events = typed("x]11;g");
        events.extend([
            key('g', KeyModifiers::CONTROL),
            key('\\', KeyModifiers::ALT),
            Event::FocusGained,
            Event::Paste("]".to_owned()),
            Event::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)),
        ]);
        assert_eq!(passed(&events, 0), events);
    }

    /// Run as a program of its own, inside the terminal of the test below: names each key until `q`.
    #[test]
    #[ignore = "takes the terminal"]
    fn names_the_keys_that_are_typed() {
        crossterm::terminal::enable_raw_mode().unwrap();
        let (reader, mut inputs) = Reader::start(Arc::default()).unwrap();
        println!("<ready>");
        while let Some(Ok(Input { event: Event::Key(key), .. })) = inputs.blocking_recv() {
            println!("<{}>", key.code);
            if key.code == KeyCode::Char('p') {
                reader.pause();
                println!("<paused>");
                reader.resume();
            }
            if key.code == KeyCode::Char('q') {
                break;
            }
        }
        crossterm::terminal::disable_raw_mode().unwrap();
    }

    /// That program, and the terminal it runs in.
    #[cfg(unix)]
    struct Typist {
        child: Box<dyn portable_pty::Child + Send + Sync>,
        keyboard: Box<dyn Write + Send>,
        screen: Box<dyn Read + Send>,
        shown: String,
        _pty: Box<dyn portable_pty::MasterPty + Send>,
    }

    #[cfg(unix)]
    impl Typist {
        fn start() -> Self {
            use portable_pty::{CommandBuilder, PtySize, native_pty_system};

            let pty = native_pty_system().openpty(PtySize::default()).unwrap();
            let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
            let program = "runtime::input::tests::names_the_keys_that_are_typed";
            command.args(["--exact", program, "--ignored", "--nocapture"]);
            let child = pty.slave.spawn_command(command).unwrap();
            let keyboard = pty.master.take_writer().unwrap();
            let screen = pty.master.try_clone_reader().unwrap();
            let mut typist = Self { child, keyboard, screen, shown: String::new(), _pty: pty.master };
            typist.wait_for("<ready>", 1);
            typist
        }

        fn type_text(&mut self, text: &str) {
            self.keyboard.write_all(text.as_bytes()).unwrap();
            self.keyboard.flush().unwrap();
        }

        fn wait_for(&mut self, until: &str, times: usize) {
            while self.shown.matches(until).count() < times {
                let mut bytes = [0; 1024];
                let length = self.screen.read(&mut bytes).unwrap();
                self.shown.push_str(std::str::from_utf8(&bytes[..length]).unwrap());
            }
        }

        /// Leaves it. The keys it named.
        fn quit(mut self) -> Vec<String> {
            self.type_text("q");
            self.wait_for("<q>", 1);
            assert!(self.child.wait().unwrap().success());
            let keys = self.shown.split('<').skip(1).filter_map(|key| key.split('>').next());
            keys.map(ToOwned::to_owned).collect()
        }
    }

    #[cfg(unix)]
    #[test]
    fn keys_come_from_a_terminal_one_by_one_and_answers_do_not() {
        let mut typist = Typist::start();
        // Each is typed when the one before has been seen, so that a held back Esc would hang here.
        for (typed, until) in [
            ("\x1b", "<Esc>"),
            ("\x1b]11;rgb:0000/0000/0000\x1b\\a", "<a>"),
            ("\x1b]11;rgb:ffff/ffff/ffff\x07p", "<paused>"),
        ] {
            typist.type_text(typed);
            typist.wait_for(until, 1);
        }
        assert_eq!(typist.quit(), ["ready", "Esc", "a", "p", "paused", "q"]);
    }

    /// What the reader does after a key, it does on a core that the thread which draws the key may be on.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_key_costs_no_more_than_it_takes_to_read_it() {
        const KEYS: u64 = 200;
        let mut typist = Typist::start();
        let process = typist.child.process_id().unwrap();
        // In hundredths of a second: see proc_pid_stat(5), fields 14 and 15.
        let spent = || -> u64 {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
            let fields = stat.rsplit(')').next().unwrap().split_whitespace();
            fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
        };
        let before = spent();
        for nth in 1..=KEYS {
            typist.type_text("a");
            typist.wait_for("<a>", usize::try_from(nth).unwrap());
            // The next key is typed when the reader is done with this one.
            std::thread::sleep(Duration::from_millis(2));
        }
        let microseconds = (spent() - before) * 10_000 / KEYS;
        assert!(microseconds < 600, "{microseconds} µs a key");
        typist.quit();
    }

    #[test]
    fn a_reader_that_cannot_answer_does_not_hold_up_the_pause() {
        let reader = Reader { shared: Arc::default(), wake: std::io::pipe().unwrap().1 };
        reader.pause();
        assert_eq!(*reader.shared.lock(), Turn::Asked);
        reader.resume();
        assert_eq!(*reader.shared.lock(), Turn::Ours);
    }

    #[test]
    fn a_paused_reader_reads_nothing_until_it_is_resumed() {
        let shared = Arc::new(Shared::default());
        let reader = Reader { shared: Arc::clone(&shared), wake: std::io::pipe().unwrap().1 };
        let (sender, turns) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            while shared.may_read() {
                if sender.send(()).is_err() {
                    return;
                }
            }
        });
        turns.recv().unwrap();
        reader.pause();
        while turns.try_recv().is_ok() {}
        assert_eq!(*reader.shared.lock(), Turn::Theirs);
        assert!(turns.try_recv().is_err());
        reader.resume();
        turns.recv().unwrap();
        drop(reader);
        thread.join().unwrap();
    }
}
