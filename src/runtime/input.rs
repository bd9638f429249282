//! Keys, pastes, mouse and sizes: one thread that blocks on the terminal, and a bounded channel.
//!
//! crossterm 0.29 reads the answer to a colour query as typed keys; `answer` takes it out again, ours
//! and that to a program which ran before us. Keys that it does not read, `relay` makes into such that it does.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::Timestamp;
use tokio::sync::mpsc;

use super::answer::AnswerFilter;
use super::echo::Echo;
use super::relay::{Passed, Relay};
use super::tty::Tty;
use crate::config::Background;
use crate::config::quirks::{Feature, Quirks};

/// What crossterm read, before it is known whether the user did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was read.
    pub at: Timestamp,
    /// What it reads as.
    pub event: Event,
}

/// Something the user did, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// When it was read.
    pub at: Timestamp,
    /// What it was.
    pub what: What,
}

/// What a user did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// One thing.
    Event(Event),
    /// Keys without Ctrl and Alt that came at once.
    Keys(Vec<KeyEvent>),
}

/// How a terminal tells of keys with modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// As crossterm reads it.
    Known,
    /// As xterm does, where it is asked to: to be made into what crossterm reads.
    Other,
}

impl Keys {
    /// How this terminal does.
    pub fn of(quirks: &Quirks) -> Self {
        if quirks.can(Feature::OtherKeys) { Self::Other } else { Self::Known }
    }
}

/// How long more of keys that came at once is waited for: a paste comes in pieces.
const MORE: Duration = Duration::from_millis(5);

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
    /// Where the terminal could be opened once more.
    tty: Option<Tty>,
    /// What is read in its place, where something is.
    other: Option<OwnedFd>,
}

#[derive(Default)]
struct Shared {
    turn: Mutex<Turn>,
    changed: Condvar,
    /// When the terminal was asked something.
    asked: Mutex<Option<Timestamp>>,
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
    /// Starts the thread. The receiver ends when the terminal does; an error is the last thing it gives. What the
    /// terminal says of its background is told to `told`, on that thread; what is read and is no key, to `echo`.
    pub fn start(
        keys: Keys,
        echo: Arc<Echo>,
        told: impl Fn(Background) + Send + 'static,
    ) -> io::Result<(Self, mpsc::Receiver<io::Result<Input>>)> {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (woken, wake) = std::io::pipe()?;
        let tty = Tty::open();
        // A key less is no reason to have none.
        let relay =
            tty.as_ref().filter(|_| keys == Keys::Other).and_then(|tty| Relay::of(tty.own().ok()?).ok());
        let other = relay.as_ref().and_then(|relay| relay.other().try_clone_to_owned().ok());
        let reader = Self { shared: Arc::default(), wake, tty, other };
        reader.take()?;
        let threads = Arc::clone(&reader.shared);
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || read(&threads, &woken, relay, &sender, &echo, told))?;
        Ok((reader, receiver))
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
        if let Some(tty) = &self.tty {
            // Standard input is open, or nobody would be here; and one that does not wait is read all the same.
            let _ = tty.give_back();
        }
    }

    /// Says that the terminal was asked: an answer may come.
    pub fn await_answer(&self, at: Timestamp) {
        *self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }

    /// Has standard input be what is read.
    fn take(&self) -> io::Result<()> {
        match (&self.tty, &self.other) {
            (Some(tty), Some(other)) => tty.lend(other.as_fd()),
            (Some(tty), None) => tty.take(),
            (None, _) => Ok(()),
        }
    }

    fn rouse(&self) {
        // A thread that is gone needs no waking.
        let _ = (&self.wake).write(&[0]);
    }

    /// Reads again after [`pause`](Self::pause).
    pub fn resume(&self) {
        // Where that fails, it is read as it is.
        let _ = self.take();
        let mut turn = self.shared.lock();
        if *turn != Turn::Over {
            *turn = Turn::Ours;
        }
        self.shared.changed.notify_all();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.pause();
        *self.shared.lock() = Turn::Over;
        self.shared.changed.notify_all();
        self.rouse();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the terminal was asked, told once.
    fn asked(&self) -> Option<Timestamp> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).take()
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

fn read(
    shared: &Shared,
    woken: &PipeReader,
    mut relay: Option<Relay>,
    sender: &mpsc::Sender<io::Result<Input>>,
    echo: &Echo,
    told: impl Fn(Background),
) {
    let mut filter = AnswerFilter::default();
    // Keys without Ctrl and Alt that came with nothing between them.
    let mut burst: Vec<KeyEvent> = Vec::new();
    let mut in_vain = 0;
    let mut came = Waited::ForNothing;
    while shared.may_read() {
        // One key was typed, and is told at once; several were not.
        let patience = if burst.len() > 1 { MORE } else { LOOK };
        let event = match look(&mut relay, patience) {
            Ok(Look::Event) => crossterm::event::read(),
            Ok(Look::Passed) => continue,
            Ok(Look::Nothing) if !burst.is_empty() => {
                if tell(sender, &mut burst).is_err() {
                    break;
                }
                continue;
            }
            Ok(Look::Nothing) if in_vain + 1 < LOOKS => {
                in_vain += 1;
                continue;
            }
            Ok(Look::Nothing) => {
                if came == Waited::ForSomething {
                    echo.heard(Instant::now());
                }
                match wait(woken, relay.as_ref(), filter.holds_for()) {
                    Ok(Waited::ForNothing) => {
                        if hand_on(sender, &mut burst, filter.release()).is_err() {
                            break;
                        }
                        came = Waited::ForNothing;
                        continue;
                    }
                    Ok(waited) => {
                        came = waited;
                        continue;
                    }
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        (in_vain, came) = (0, Waited::ForNothing);
        match event {
            Ok(event) => {
                if let Some(asked) = shared.asked() {
                    filter.ask(asked);
                }
                let taken = filter.take(Seen { at: Timestamp::now(), event });
                if let Some(background) = taken.background {
                    told(background);
                }
                if hand_on(sender, &mut burst, taken.inputs).is_err() {
                    break;
                }
            }
            Err(error) => {
                // Nobody reads only when the app is leaving.
                let _ = tell(sender, &mut burst);
                let _ = sender.blocking_send(Err(error));
                break;
            }
        }
    }
    // Whoever waits for the terminal has it now.
    *shared.lock() = Turn::Over;
    shared.changed.notify_all();
}

/// What a look at the input found.
enum Look {
    Event,
    /// Bytes, which were passed on.
    Passed,
    Nothing,
}

/// Looks for an event, and where there is none, for bytes to be made one.
fn look(relay: &mut Option<Relay>, patience: Duration) -> io::Result<Look> {
    let Some(relay) = relay else {
        return crossterm::event::poll(patience).map(|is| if is { Look::Event } else { Look::Nothing });
    };
    if crossterm::event::poll(LOOK)? {
        return Ok(Look::Event);
    }
    relay.pass_on(patience).map(|passed| match passed {
        Passed::Something => Look::Passed,
        Passed::Nothing => Look::Nothing,
    })
}

/// Whether a key may be a part of a text that is pasted.
fn is_text(key: KeyEvent) -> bool {
    let bare = match key.code {
        KeyCode::Char(_) => key.modifiers.difference(KeyModifiers::SHIFT).is_empty(),
        KeyCode::Enter | KeyCode::Tab => key.modifiers.is_empty(),
        _ => false,
    };
    bare && key.kind == KeyEventKind::Press
}

type Gone = mpsc::error::SendError<io::Result<Input>>;

/// Tells what the user did, keys that may be a paste when it is known where they end.
fn hand_on(
    sender: &mpsc::Sender<io::Result<Input>>,
    burst: &mut Vec<KeyEvent>,
    seen: Vec<Seen>,
) -> Result<(), Gone> {
    for Seen { at, event } in seen {
        match event {
            Event::Key(key) if is_text(key) => burst.push(key),
            event => {
                tell(sender, burst)?;
                sender.blocking_send(Ok(Input { at, what: What::Event(event) }))?;
            }
        }
    }
    Ok(())
}

/// Tells the keys that came at once.
fn tell(sender: &mpsc::Sender<io::Result<Input>>, burst: &mut Vec<KeyEvent>) -> Result<(), Gone> {
    let what = match std::mem::take(burst) {
        keys if keys.is_empty() => return Ok(()),
        keys => match keys.as_slice() {
            [only] => What::Event(Event::Key(*only)),
            _ => What::Keys(keys),
        },
    };
    sender.blocking_send(Ok(Input { at: Timestamp::now(), what }))
}

/// What a wait came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waited {
    /// The terminal has something to read.
    ForSomething,
    /// The reader was woken.
    Woken,
    /// Neither.
    ForNothing,
}

/// Blocks until the terminal has something to read, or the reader is woken: without a time limit but where keys are
/// held back, so that an idle app costs nothing. crossterm itself can only wait for the first of the two.
fn wait(woken: &PipeReader, relay: Option<&Relay>, limit: Option<Duration>) -> io::Result<Waited> {
    use rustix::event::{PollFd, PollFlags, poll};
    let limit = limit.and_then(|limit| limit.try_into().ok());
    let stdin = io::stdin();
    // Standard input has what was passed on and not read yet; the terminal what was not passed on yet.
    let terminal = relay.map_or_else(|| stdin.as_fd(), Relay::terminal);
    let mut waited = [
        PollFd::new(&terminal, PollFlags::IN),
        PollFd::new(woken, PollFlags::IN),
        PollFd::new(&stdin, PollFlags::IN),
    ];
    loop {
        match poll(&mut waited, limit.as_ref()) {
            Ok(0) => return Ok(Waited::ForNothing),
            Ok(_) => break,
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let [terminal, wake, passed_on] = waited.map(|fd| fd.revents());
    if terminal.intersects(PollFlags::HUP | PollFlags::ERR) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if wake.contains(PollFlags::IN) {
        let mut reader = woken;
        reader.read_exact(&mut [0])?;
    }
    let is_there = terminal.contains(PollFlags::IN) || passed_on.contains(PollFlags::IN);
    Ok(if is_there { Waited::ForSomething } else { Waited::Woken })
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::*;

    /// Run as a program of its own, inside the terminal of the test below: names each key until `q`, and waits at `e`
    /// until the terminal has answered.
    #[test]
    #[ignore = "takes the terminal"]
    fn names_the_keys_that_are_typed() {
        crossterm::terminal::enable_raw_mode().unwrap();
        let echo = Arc::<Echo>::default();
        let (reader, mut inputs) =
            Reader::start(Keys::Other, Arc::clone(&echo), |background| println!("<{background:?}>")).unwrap();
        println!("<ready>");
        'typed: while let Some(Ok(Input { what, .. })) = inputs.blocking_recv() {
            let keys = match what {
                What::Event(Event::Key(key)) => vec![key],
                What::Event(_) => break,
                What::Keys(keys) => keys,
            };
            for key in keys {
                println!("<{}>", key.code);
                if key.code == KeyCode::Char('p') {
                    reader.pause();
                    println!("<paused>");
                    reader.resume();
                }
                if key.code == KeyCode::Char('e') {
                    // By then the reader waits. In the microseconds in which it looks for more keys after one, an
                    // answer is read as part of them and not heard of, and nothing tells when they are over.
                    std::thread::sleep(Duration::from_millis(20));
                    echo.ask();
                    println!("<asked>");
                    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(echo.answer());
                    echo.taken();
                    println!("<answered>");
                }
                if key.code == KeyCode::Char('q') {
                    break 'typed;
                }
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
                assert!(length > 0, "{until} was never shown: {:?}", self.shown);
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
    fn keys_come_from_a_terminal_one_by_one_and_answers_as_what_they_say() {
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
        assert_eq!(typist.quit(), ["ready", "Esc", "Dark", "a", "Light", "p", "paused", "q"]);
    }

    #[cfg(unix)]
    #[test]
    fn an_answer_is_heard_of_when_it_comes_and_not_with_the_next_key() {
        let mut typist = Typist::start();
        for _ in 0..3 {
            typist.type_text("e");
            let asked = typist.shown.matches("<asked>").count() + 1;
            typist.wait_for("<asked>", asked);
            typist.type_text("\x1b[0n");
            typist.wait_for("<answered>", asked);
        }
        typist.quit();
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
        let reader =
            Reader { shared: Arc::default(), wake: std::io::pipe().unwrap().1, tty: None, other: None };
        reader.pause();
        assert_eq!(*reader.shared.lock(), Turn::Asked);
        reader.resume();
        assert_eq!(*reader.shared.lock(), Turn::Ours);
    }

    #[test]
    fn a_paused_reader_reads_nothing_until_it_is_resumed() {
        let shared = Arc::new(Shared::default());
        let reader =
            Reader { shared: Arc::clone(&shared), wake: std::io::pipe().unwrap().1, tty: None, other: None };
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
