//! The loop: terminal, input, effects, pacing, signals.
//!
//! One thread runs everything but the blocking reads: a current-thread runtime in which turns are tasks. The
//! loop waits for whatever comes first, folds it into the model, hands the orders to [`effects`], and draws
//! when [`pacing`] says so. The first frame is drawn before any of that exists.

mod answer;
pub mod clipboard;
pub mod colour;
#[cfg(unix)]
pub mod ear;
mod echo;
mod editor;
pub mod effects;
pub mod encode;
pub mod flow;
mod going;
mod growth;
pub mod input;
pub mod linear;
mod linked;
pub mod notices;
pub mod pacing;
mod paste;
pub mod pictures;
pub mod print;
mod relay;
mod scroll;
mod sheet;
mod show;
pub mod signals;
pub mod terminal;
pub mod themes;
mod tty;
pub mod watch;
mod words;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyEventKind};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use tokio::sync::{mpsc, oneshot};

use crate::app::block::Row;
use crate::app::command::CommandId;
use crate::app::configured::Looks;
use crate::app::print::Printout;
use crate::app::run::run as command;
use crate::app::{self, Effect, Message, Model, Size, update};
use crate::chat::ConversationId;
use crate::config::access::Title;
use crate::config::quirks::{Feature, Quirks};
use crate::config::{Paths, Problem};
use crate::storage::Storage;
use crate::t;
use crate::text::Safe;
use crate::turns::Turns;
use crate::ui::Theme;

use clipboard::Surroundings;
use colour::Knows;
use echo::Echo;
use editor::Editor;
use effects::{Effects, Terminally};
use flow::Flow;
use going::{Going, Over};
use notices::Notices;
use pacing::{Cause, Pacing};
use pictures::Surface;
use show::{settle, show};
use signals::{Signal, Signals};
use terminal::{Options, Screen, Terminal};
use themes::Library;
use watch::{Reload, Source, Watcher};

/// What the app is started with.
pub struct App {
    /// The model before its first message.
    pub model: Model,
    /// Which conversation it opens on; `None` is a new one.
    pub open: Option<ConversationId>,
    /// How it looks.
    pub theme: Theme,
    /// Where it is shown.
    pub screen: Screen,
    /// What runs turns. Made after the first frame.
    pub turns: Box<dyn FnOnce() -> Turns>,
    /// The database, already opening.
    pub storage: Storage,
    /// What its opening says, if it fails.
    pub storage_failed: oneshot::Receiver<String>,
    /// Where the configuration came from.
    pub source: Source,
}

/// How the app ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The person left.
    Quit,
    /// SIGTERM.
    Terminated,
    /// SIGHUP: the terminal is gone.
    HungUp,
}

/// How many messages wait before whoever sends them does.
const WAITING: usize = 256;
/// How long whoever is given the terminal waits for an answer to a question of ours.
const SETTLE: Duration = Duration::from_millis(200);
/// The most messages folded into the model before a look at the input.
const AT_ONCE: usize = 512;

/// Runs the app until it is left. The terminal is restored on every way out.
///
/// # Errors
/// The terminal's own: it cannot be entered, or it is gone.
pub fn run(app: App) -> io::Result<Ended> {
    terminal::install_panic_hook();
    let options = options(&app.model, app.screen);
    let mut terminal = Terminal::enter(options)?;
    let mut app = app;
    let area = terminal.area();
    update(
        &mut app.model,
        Message::Resize { size: Size { width: area.width, height: area.height }, at: Timestamp::now() },
    );
    show(&mut terminal, &app.model, &app.theme, &mut Vec::new(), |_| None)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let theme = app.theme.clone();
        let (going, begun) = Going::start(app, surface(options))?;
        let (mut run, incoming) = Loop::begin(going, terminal, options, theme)?;
        begun.tell(run.messages.clone(), |message| run.tell(message));
        // A window that changed before anybody listened did so unheard.
        run.fit()?;
        going::on(run.until_left(incoming).await?).await
    })
}

/// Goes on on the screen, in the place of another view.
async fn go_on(mut going: Going) -> io::Result<Over> {
    let options = options(&going.model, going.screen);
    going.effects.show_on(surface(options));
    let theme = match Library::of(&going.paths).find(&going.model.look.shown) {
        Some(Ok(theme)) => theme,
        Some(Err(_)) | None => Theme::default(),
    };
    let terminal = Terminal::enter(options)?;
    let (mut run, incoming) = Loop::begin(going, terminal, options, theme.at(options.colors))?;
    run.resumed();
    run.until_left(incoming).await
}

/// How the terminal is entered.
fn options(model: &Model, screen: Screen) -> Options {
    Options {
        screen,
        mouse: model.mouse,
        title: title(model),
        colors: model.look.colors,
        quirks: Quirks::detect(|name| std::env::var(name).ok()),
    }
}

fn surface(options: Options) -> Surface {
    Surface::Screen { quirks: options.quirks, colors: options.colors }
}

/// Whose the title is: a terminal that has none is left alone.
fn title(model: &Model) -> Title {
    let can = Quirks::detect(|name| std::env::var(name).ok()).can(Feature::Title);
    if can { model.config.ui.access.title } else { Title::Untouched }
}

/// What comes in from outside the loop.
struct Incoming {
    inbox: mpsc::Receiver<Message>,
    input: mpsc::Receiver<io::Result<input::Input>>,
    reloads: mpsc::Receiver<Reload>,
    signals: Signals,
}

struct Loop {
    model: Model,
    terminal: Terminal,
    theme: Theme,
    screen: Screen,
    /// Rows that are to be printed above the app.
    settled: Vec<Row>,
    library: Library,
    effects: Effects,
    messages: mpsc::Sender<Message>,
    reader: input::Reader,
    /// Tells of changed configuration.
    watcher: Option<Watcher>,
    paths: Paths,
    pacing: Pacing,
    /// What the line to the terminal takes.
    flow: Flow,
    /// The terminal's answers to whether it is there.
    echo: Arc<Echo>,
    /// Moments at which the model wants a tick.
    wakes: BinaryHeap<Reverse<Timestamp>>,
    /// The program that has the terminal.
    editor: Option<Editor>,
    /// How a person who is away is told.
    notices: Notices,
    leaving: Option<Ended>,
    showing: Showing,
}

/// Which way the app is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Showing {
    /// As it is.
    Here,
    /// The other way.
    Elsewhere,
}

impl Loop {
    /// The loop over what goes on, and what comes in from outside.
    fn begin(
        going: Going,
        terminal: Terminal,
        options: Options,
        theme: Theme,
    ) -> io::Result<(Self, Incoming)> {
        let Going { model, effects, messages, inbox, watcher, reloads, signals, paths, screen, wakes } =
            going;
        let echo = Arc::new(Echo::default());
        let told = messages.clone();
        let keys = input::Keys::of(options.quirks);
        let (reader, input) = input::Reader::start(keys, Arc::clone(&echo), move |background| {
            // Nobody listens only when the app is leaving.
            let _ = told.blocking_send(Message::BackgroundTold(background));
        })?;
        let notices = Notices::new(model.config.ui.access.notices, |name| std::env::var(name).ok());
        notices.ask_tmux();
        let pacing = Pacing::new(model.config.ui.frames);
        let library = Library::of(&paths);
        let run = Self {
            model,
            terminal,
            theme,
            screen,
            settled: Vec::new(),
            library,
            effects,
            messages,
            reader,
            paths,
            watcher,
            pacing,
            flow: Flow::default(),
            echo,
            wakes,
            editor: None,
            notices,
            leaving: None,
            showing: Showing::Here,
        };
        Ok((run, Incoming { inbox, input, reloads, signals }))
    }

    async fn until_left(
        mut self,
        Incoming { mut inbox, mut input, mut reloads, mut signals }: Incoming,
    ) -> io::Result<Over> {
        loop {
            let drawn = self.draw_if_due();
            self.unless_gone(drawn);
            if let Some(ended) = self.leaving {
                return self.leave(ended, inbox).await.map(Over::Ended);
            }
            if self.showing == Showing::Elsewhere {
                return Ok(Over::Lines(Box::new(self.give_up(inbox, reloads, signals))));
            }
            let wake = self.wakes.peek().map(|Reverse(at)| *at);
            let frame = if self.editor.is_some() { None } else { self.next_frame(Instant::now()) };
            let echo = Arc::clone(&self.echo);
            tokio::select! {
                biased;
                signal = signals.next() => {
                    let done = self.signalled(signal);
                    self.unless_gone(done);
                }
                read = input.recv(), if self.editor.is_none() => match read {
                    Some(Ok(read)) => {
                        self.input(read);
                        while let Ok(Ok(more)) = input.try_recv() {
                            self.input(more);
                        }
                    }
                    // The terminal is gone without a signal: leave as if it had sent one.
                    Some(Err(_)) | None => self.leaving = Some(Ended::HungUp),
                },
                Some(message) = inbox.recv() => {
                    self.tell(message);
                    for _ in 0..AT_ONCE {
                        match inbox.try_recv() {
                            Ok(message) => self.tell(message),
                            Err(_) => break,
                        }
                    }
                },
                () = self.effects.words().came() => self.pacing.mark(Cause::News, Instant::now()),
                Some(reload) = reloads.recv() => self.reloaded(reload),
                () = sleep_until(wake) => self.wake(),
                () = frame_at(frame) => {},
                at = echo.answer() => {
                    self.echo.taken();
                    self.flow.answered(at);
                },
                text = edited(&mut self.editor) => {
                    let done = self.editor_closed(text);
                    self.unless_gone(done);
                }
            }
        }
    }

    /// Folds a fact into the model and carries out what it orders.
    fn tell(&mut self, message: Message) {
        self.pacing.mark(Cause::News, Instant::now());
        self.tell_words();
        self.fold(message);
    }

    fn fold(&mut self, message: Message) {
        for order in update(&mut self.model, message) {
            self.order(order);
        }
    }

    /// Tells the words that wait for a frame.
    fn tell_words(&mut self) {
        for words in self.effects.words().release() {
            self.fold(words);
        }
    }

    fn order(&mut self, order: Effect) {
        match self.effects.run(order) {
            None => {}
            Some(Terminally::Tell(message)) => self.fold(*message),
            Some(Terminally::WakeAt(at)) => self.wakes.push(Reverse(at)),
            Some(Terminally::Quit) => self.leaving = Some(Ended::Quit),
            Some(Terminally::Copy(text)) => self.copy(&text),
            Some(Terminally::Redraw) => {
                // A terminal that cannot be written to is met again by the next frame.
                let _ = self.terminal.redraw();
                self.pacing.mark(Cause::Key, Instant::now());
            }
            Some(Terminally::Notice(text)) => {
                // A terminal that cannot be written to is met again by the next frame.
                let _ = self.terminal.notify(&self.notices.bytes(&text));
            }
            Some(Terminally::ReadConfig) => {
                if let Some(watcher) = &self.watcher {
                    watcher.ask();
                }
            }
            Some(Terminally::Mouse(mouse)) => {
                // A terminal that cannot be written to is met again by the next frame.
                let _ = self.terminal.set_mouse(mouse);
            }
            Some(Terminally::Print(printout)) => self.print(&printout),
            Some(Terminally::Settle(rows)) => self.settled.extend(rows),
            Some(Terminally::ShowTheme(name)) => self.show_theme(name),
            Some(Terminally::AskBackground) => self.ask_background(),
            Some(Terminally::Suspend) => self.suspend(),
            Some(Terminally::SwitchView) => self.showing = Showing::Elsewhere,
            Some(Terminally::Edit(text)) => self.edit(&text),
        }
    }

    /// A terminal that cannot be written to is gone; what runs is stored all the same.
    fn unless_gone(&mut self, done: io::Result<()>) {
        if done.is_err() {
            self.leaving = Some(Ended::HungUp);
        }
    }

    fn input(&mut self, input: input::Input) {
        self.flow.keys_came(Instant::now());
        let at = input.at;
        let event = match input.what {
            input::What::Event(event) => event,
            input::What::Keys(keys) => {
                self.tell(Message::Keys { keys, at });
                self.pacing.mark(Cause::Key, Instant::now());
                return;
            }
        };
        let message = match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => return,
            Event::Key(key) => Message::Key { key, at },
            Event::Paste(text) => Message::Paste { text, at },
            // A size that a signal told of already comes again with the next key.
            Event::Resize(width, height) if self.terminal.window() == (width, height) => {
                return;
            }
            Event::Resize(width, height) => {
                let done = self.terminal.resize(width, height);
                self.unless_gone(done);
                Message::Resize { size: Size { width, height }, at }
            }
            Event::FocusGained => Message::FocusGained { at },
            Event::FocusLost => Message::FocusLost { at },
            Event::Mouse(event) => Message::Mouse { event, at },
        };
        self.tell(message);
        self.pacing.mark(Cause::Key, Instant::now());
    }

    /// The one way in which a changed configuration reaches what runs.
    fn reloaded(&mut self, reload: Reload) {
        let at = Timestamp::now();
        match reload {
            Reload::Fresh(fresh) => {
                let looks = self.look_again();
                self.effects.configure(fresh.clone());
                // Which theme it names, the model finds out and orders.
                self.tell(Message::Configured { config: fresh, looks, at });
            }
            Reload::Refused(problems) => self.tell(Message::ConfigRefused { problems, at }),
        }
    }

    /// Reads the theme that is shown again. One that is gone or broken is shown as it was.
    fn look_again(&mut self) -> Looks {
        let Some(Ok(theme)) = self.library.find(&self.model.look.shown) else { return Looks::Same };
        let theme = theme.at(self.model.look.colors);
        if theme == self.theme {
            return Looks::Same;
        }
        self.theme = theme;
        Looks::Changed
    }

    fn signalled(&mut self, signal: Signal) -> io::Result<()> {
        match signal {
            Signal::Terminate => self.leaving = Some(Ended::Terminated),
            Signal::HangUp => self.leaving = Some(Ended::HungUp),
            // In raw mode Ctrl+C is a key; a signal comes from another process and means to end.
            Signal::Interrupt => self.leaving = Some(Ended::Quit),
            Signal::Stop => self.suspend(),
            Signal::Continue => {}
            Signal::Resize => self.fit()?,
        }
        Ok(())
    }

    /// Takes the terminal's size, where it has another one than the last frame had.
    fn fit(&mut self) -> io::Result<()> {
        let (width, height) = terminal::size();
        if self.terminal.window() != (width, height) {
            self.terminal.resize(width, height)?;
            self.tell(Message::Resize { size: Size { width, height }, at: Timestamp::now() });
            self.pacing.mark(Cause::Key, Instant::now());
        }
        Ok(())
    }

    fn wake(&mut self) {
        let now = Timestamp::now();
        while self.wakes.peek().is_some_and(|Reverse(at)| *at <= now) {
            self.wakes.pop();
        }
        self.tell(Message::Tick { at: now });
    }

    fn next_frame(&self, now: Instant) -> Option<Instant> {
        self.pacing.next_frame(now, self.flow.free(now))
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        let began = Instant::now();
        let due = self.next_frame(began).is_some_and(|at| at <= began);
        if due && self.editor.is_none() {
            self.tell_words();
            if self.flow.asks(began) {
                // Before the question is written: its answer may be there before the write returns.
                self.echo.ask();
                self.terminal.ask();
            }
            self.terminal.set_caret(self.model.caret())?;
            let album = |buffer: &mut Buffer| self.effects.album().show(&self.model, buffer);
            let written = show(&mut self.terminal, &self.model, &self.theme, &mut self.settled, album)?;
            let now = Instant::now();
            self.flow.wrote(written.bytes, written.took, now);
            if written.asks {
                self.flow.asked(now);
            }
            self.terminal.set_title(&crate::ui::title::of(&self.model))?;
            self.pacing.drawn(began);
        }
        Ok(())
    }

    /// Lets a terminal that answers do so before somebody else has it.
    fn settle(&self) {
        if self.flow.awaits(Instant::now()) {
            self.echo.settle(SETTLE);
        }
    }

    /// Lets go of the terminal's input, and of what it still answers.
    fn pause(&self) {
        self.settle();
        self.reader.pause();
    }

    fn copy(&mut self, text: &Safe) {
        let surroundings = Surroundings::detect(|name| std::env::var(name).ok());
        let osc52 = clipboard::osc52(text, self.terminal.out(), surroundings);
        let (text, messages, state) = (text.clone(), self.messages.clone(), self.paths.state.clone());
        tokio::spawn(async move {
            let copied = clipboard::copied(text, osc52, surroundings, state).await;
            // The loop is gone only when the app is leaving.
            let _ = messages.send(Message::Copied(copied)).await;
        });
    }

    /// Shows everything in another theme. Only what looks different is written.
    fn show_theme(&mut self, name: String) {
        let reason = match self.library.find(&name) {
            Some(Ok(theme)) => {
                self.theme = theme.at(self.model.look.colors);
                return;
            }
            Some(Err(problems)) => problems.first().map(Problem::headline).unwrap_or_default(),
            None => t!("ui-theme-unknown", name = name.as_str()).into_string(),
        };
        self.tell(Message::ThemeFailed { name, reason });
    }

    /// Asks, and goes on: the answer comes among the keys, or never.
    fn ask_background(&mut self) {
        self.reader.await_answer(Timestamp::now());
        // A terminal that cannot be written to is met again by the next frame.
        let knows = if self.model.look.told.is_some() { Knows::Surely } else { Knows::Perhaps };
        let _ = colour::ask_background(self.terminal.out(), knows);
    }

    /// Gives the terminal back, stops, and takes it again when continued.
    fn suspend(&mut self) {
        self.pause();
        self.terminal.suspend();
        let stopped = signals::stop();
        let resumed = self.terminal.resume();
        self.reader.resume();
        if resumed.is_err() || stopped.is_err() {
            self.leaving = resumed.is_err().then_some(Ended::HungUp);
        }
        self.resumed();
    }

    /// The terminal may have another size than when it was given away.
    fn resumed(&mut self) {
        let (width, height) = terminal::size();
        let _ = self.terminal.resize(width, height);
        let at = Timestamp::now();
        self.tell(Message::Resize { size: Size { width, height }, at });
        self.tell(Message::Resumed { at });
        self.pacing.mark(Cause::Key, Instant::now());
    }

    /// Leaves a branch in the terminal's scrollback, where other programs find it too.
    fn print(&mut self, printout: &Printout) {
        let (_, rows) = self.terminal.window();
        self.pause();
        self.terminal.suspend();
        let text = print::scrolled(printout, self.model.look.colors, rows);
        let printed = self.terminal.out().write_all(text.as_bytes());
        if printed.and_then(|()| self.terminal.resume()).is_err() {
            self.leaving = Some(Ended::HungUp);
        }
        self.reader.resume();
        self.resumed();
    }

    fn edit(&mut self, text: &str) {
        self.pause();
        self.terminal.suspend();
        match Editor::open(text, &self.paths.state) {
            Ok(editor) => self.editor = Some(editor),
            Err(error) => {
                if self.editor_closed(Err(error)).is_err() {
                    self.leaving = Some(Ended::HungUp);
                }
            }
        }
    }

    fn editor_closed(&mut self, text: Result<String, String>) -> io::Result<()> {
        self.editor = None;
        self.terminal.resume()?;
        self.reader.resume();
        self.resumed();
        self.tell(Message::EditorClosed { text });
        Ok(())
    }

    /// Leaves the screen, and what goes on to another view.
    fn give_up(
        mut self,
        inbox: mpsc::Receiver<Message>,
        reloads: mpsc::Receiver<Reload>,
        signals: Signals,
    ) -> Going {
        self.pause();
        if self.screen == Screen::Inline {
            // A terminal that is gone is met again by the next line.
            let _ = settle(&mut self.terminal, &self.theme, &mut self.settled);
        }
        self.terminal.restore();
        let Self { model, effects, messages, watcher, paths, screen, wakes, .. } = self;
        Going { model, effects, messages, inbox, watcher, reloads, signals, paths, screen, wakes }
    }

    /// Stops what runs, waits until all of it is stored, and gives the terminal back at once.
    async fn leave(mut self, ended: Ended, inbox: mpsc::Receiver<Message>) -> io::Result<Ended> {
        self.tell_words();
        if ended != Ended::HungUp {
            self.settle();
        }
        if ended != Ended::HungUp && self.screen == Screen::Inline {
            self.settled.extend(app::inline::rest(&mut self.model));
            // A terminal that is gone is no reason not to store what there is.
            let _ = settle(&mut self.terminal, &self.theme, &mut self.settled);
        }
        self.terminal.restore();
        if self.screen == Screen::Alternate
            && ended != Ended::HungUp
            && self.model.config.ui.print_on_exit
            && let Some(printout) = app::print::of(&self.model)
        {
            let text = print::plain(&printout, self.model.look.colors);
            // A terminal that is gone is no reason not to store what there is.
            let _ = self.terminal.out().write_all(text.as_bytes());
        }
        // Whatever ended the app, its draft is kept.
        for order in command(&mut self.model, CommandId::Quit) {
            self.effects.run(order);
        }
        drop(self.messages);
        self.effects.finish(inbox).await;
        Ok(ended)
    }
}

async fn sleep_until(at: Option<Timestamp>) {
    match at {
        Some(at) => {
            let wait = Timestamp::now().duration_until(at);
            tokio::time::sleep(wait.try_into().unwrap_or_default()).await;
        }
        None => std::future::pending().await,
    }
}

async fn frame_at(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

async fn edited(editor: &mut Option<Editor>) -> Result<String, String> {
    match editor {
        Some(editor) => editor.closed().await,
        None => std::future::pending().await,
    }
}
