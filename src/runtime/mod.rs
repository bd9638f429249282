//! The loop: terminal, input, effects, pacing, signals.
//!
//! One thread runs everything but the blocking reads: a current-thread runtime in which turns are tasks. The
//! loop waits for whatever comes first, folds it into the model, hands the orders to [`effects`], and draws
//! when [`pacing`] says so. The first frame is drawn before any of that exists.

mod answer;
pub mod clipboard;
pub mod colour;
mod editor;
pub mod effects;
pub mod encode;
pub mod input;
pub mod pacing;
pub mod quirks;
pub mod signals;
pub mod terminal;
pub mod themes;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::time::Instant;

use crossterm::event::{Event, KeyEventKind};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::app::command::CommandId;
use crate::app::run::run as command;
use crate::app::{Copied, CopyPath, Effect, Message, Model, Size, update};
use crate::chat::ConversationId;
use crate::config::{Paths, Problem};
use crate::storage::Storage;
use crate::t;
use crate::text::Safe;
use crate::turns::Turns;
use crate::ui::Theme;

use clipboard::{CopyReport, Native, Surroundings};
use colour::Knows;
use editor::Editor;
use effects::{Effects, Terminally};
use pacing::{Cause, Pacing};
use signals::{Signal, Signals};
use terminal::{Options, Screen, Terminal};
use themes::Library;

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
    /// Where files live.
    pub paths: Paths,
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
/// The most messages folded into the model before a look at the input.
const AT_ONCE: usize = 512;

/// Runs the app until it is left. The terminal is restored on every way out.
///
/// # Errors
/// The terminal's own: it cannot be entered, or it is gone.
pub fn run(app: App) -> io::Result<Ended> {
    terminal::install_panic_hook();
    let options = Options { screen: app.screen, mouse: app.model.mouse, colors: app.model.look.colors };
    let mut terminal = Terminal::enter(options)?;
    let mut model = app.model;
    let area = terminal.area();
    update(
        &mut model,
        Message::Resize { size: Size { width: area.width, height: area.height }, at: Timestamp::now() },
    );
    terminal.draw(|buffer| crate::ui::draw(&model, &app.theme, buffer))?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let (messages, inbox) = mpsc::channel(WAITING);
        let told = messages.clone();
        let (reader, input) = input::Reader::start(move |background| {
            // Nobody listens only when the app is leaving.
            let _ = told.blocking_send(Message::BackgroundTold(background));
        })?;
        let effects = Effects::new((app.turns)(), app.storage, app.paths.clone(), messages.clone());
        effects.archive_log();
        let mut run = Loop {
            model,
            terminal,
            theme: app.theme,
            library: Library::of(&app.paths),
            effects,
            messages,
            reader,
            paths: app.paths,
            pacing: Pacing::default(),
            wakes: BinaryHeap::new(),
            editor: None,
            leaving: None,
        };
        run.tell(Message::Started { at: Timestamp::now() });
        if let Some(id) = app.open {
            run.tell(Message::OpenRequested { conversation: id, at: Timestamp::now() });
        }
        let told = run.messages.clone();
        tokio::spawn(async move {
            if let Ok(reason) = app.storage_failed.await {
                let _ = told.send(Message::StorageFailed { reason }).await;
            }
        });
        let signals = Signals::listen()?;
        // A window that changed before anybody listened did so unheard.
        run.fit()?;
        run.until_left(inbox, input, signals).await
    })
}

struct Loop {
    model: Model,
    terminal: Terminal,
    theme: Theme,
    library: Library,
    effects: Effects,
    messages: mpsc::Sender<Message>,
    reader: input::Reader,
    paths: Paths,
    pacing: Pacing,
    /// Moments at which the model wants a tick.
    wakes: BinaryHeap<Reverse<Timestamp>>,
    /// The program that has the terminal.
    editor: Option<Editor>,
    leaving: Option<Ended>,
}

impl Loop {
    async fn until_left(
        mut self,
        mut inbox: mpsc::Receiver<Message>,
        mut input: mpsc::Receiver<io::Result<input::Input>>,
        mut signals: Signals,
    ) -> io::Result<Ended> {
        loop {
            self.draw_if_due()?;
            if let Some(ended) = self.leaving {
                return self.leave(ended, inbox).await;
            }
            let wake = self.wakes.peek().map(|Reverse(at)| *at);
            let frame = if self.editor.is_some() { None } else { self.pacing.next_frame(Instant::now()) };
            tokio::select! {
                biased;
                signal = signals.next() => self.signalled(signal)?,
                read = input.recv(), if self.editor.is_none() => match read {
                    Some(Ok(read)) => {
                        self.input(read)?;
                        while let Ok(Ok(more)) = input.try_recv() {
                            self.input(more)?;
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
                () = sleep_until(wake) => self.wake(),
                () = frame_at(frame) => {},
                text = edited(&mut self.editor) => self.editor_closed(text)?,
            }
        }
    }

    /// Folds a fact into the model and carries out what it orders.
    fn tell(&mut self, message: Message) {
        self.pacing.mark(Cause::News);
        for order in update(&mut self.model, message) {
            self.order(order);
        }
    }

    fn order(&mut self, order: Effect) {
        match self.effects.run(order) {
            None => {}
            Some(Terminally::WakeAt(at)) => self.wakes.push(Reverse(at)),
            Some(Terminally::Quit) => self.leaving = Some(Ended::Quit),
            Some(Terminally::Copy(text)) => self.copy(&text),
            Some(Terminally::Redraw) => {
                // A terminal that cannot be written to is met again by the next frame.
                let _ = self.terminal.redraw();
                self.pacing.mark(Cause::Key);
            }
            Some(Terminally::Mouse(mouse)) => {
                // A terminal that cannot be written to is met again by the next frame.
                let _ = self.terminal.set_mouse(mouse);
            }
            Some(Terminally::ShowTheme(name)) => self.show_theme(name),
            Some(Terminally::AskBackground) => self.ask_background(),
            Some(Terminally::Suspend) => self.suspend(),
            Some(Terminally::Edit(text)) => self.edit(&text),
        }
    }

    fn input(&mut self, input: input::Input) -> io::Result<()> {
        let at = input.at;
        let message = match input.event {
            Event::Key(key) if key.kind == KeyEventKind::Release => return Ok(()),
            Event::Key(key) => Message::Key { key, at },
            Event::Paste(text) => Message::Paste { text, at },
            // A size that a signal told of already comes again with the next key.
            Event::Resize(width, height) if self.terminal.area().as_size() == (width, height).into() => {
                return Ok(());
            }
            Event::Resize(width, height) => {
                self.terminal.resize(width, height)?;
                Message::Resize { size: Size { width, height }, at }
            }
            Event::FocusGained => Message::FocusGained { at },
            Event::FocusLost => Message::FocusLost { at },
            Event::Mouse(event) => Message::Mouse { event, at },
        };
        self.tell(message);
        self.pacing.mark(Cause::Key);
        Ok(())
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
        if self.terminal.area().as_size() != (width, height).into() {
            self.terminal.resize(width, height)?;
            self.tell(Message::Resize { size: Size { width, height }, at: Timestamp::now() });
            self.pacing.mark(Cause::Key);
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

    fn draw_if_due(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let due = self.pacing.next_frame(now).is_some_and(|at| at <= now);
        if due && self.editor.is_none() {
            self.terminal.draw(|buffer| crate::ui::draw(&self.model, &self.theme, buffer))?;
            self.pacing.drawn(now);
        }
        Ok(())
    }

    fn copy(&mut self, text: &Safe) {
        let surroundings = Surroundings::detect(|name| std::env::var(name).ok());
        let osc52 = clipboard::osc52(text, self.terminal.out(), surroundings);
        let (text, messages, state) = (text.clone(), self.messages.clone(), self.paths.state.clone());
        // A desktop may take its time, and so may tmux.
        tokio::spawn(async move {
            let shown = text.clone();
            let native = tokio::task::spawn_blocking(move || clipboard::native(&shown, surroundings));
            let (tmux, native) = tokio::join!(clipboard::tmux(&text, surroundings), native);
            let path = CopyReport { osc52, tmux, native: native.unwrap_or(Native::NoAnswer) }.path();
            let file = match path {
                CopyPath::Neither => clipboard::file(&text, &state),
                CopyPath::Native | CopyPath::Terminal(_) | CopyPath::Both(_) => None,
            };
            let _ = messages.send(Message::Copied(Copied { path, bytes: text.len(), file })).await;
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
        self.reader.pause();
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
        self.pacing.mark(Cause::Key);
    }

    fn edit(&mut self, text: &str) {
        self.reader.pause();
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

    /// Stops what runs, waits until all of it is stored, and gives the terminal back at once.
    async fn leave(mut self, ended: Ended, inbox: mpsc::Receiver<Message>) -> io::Result<Ended> {
        self.terminal.restore();
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
