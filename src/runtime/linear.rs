//! The loop of linear mode: lines in, lines out, and the same model, messages and effects in between.
//!
//! The terminal stays as it was found: its own line editor is what a person types in, and Ctrl+C and Ctrl+Z come as
//! signals. Text is only ever added. What comes in one tick is written at once; a person is asked for a line when it
//! has been quiet for a moment, so that what a command leads to stands above the prompt and not behind it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::command::CommandId;
use crate::app::configured::Looks;
use crate::app::print::{Printed, Printout};
use crate::app::run::run as command;
use crate::app::{Effect, Message, Size, update};
use crate::config::Paths;
use crate::text::{Safe, sanitise};
use crate::ui::linear::Narrator;

use super::clipboard::{self, Osc52, Surroundings};
use super::editor::Editor;
use super::effects::{Effects, Terminally};
use super::going::{self, Going, Over};
use super::pacing::{Cause, Pacing};
use super::pictures::Surface;
use super::signals::{self, Signal, Signals};
use super::terminal::{self, Screen, lines::Lines};
use super::watch::{Reload, Watcher};
use super::{AT_ONCE, App, Ended, Model, Showing, edited, frame_at, sleep_until};

/// How long nothing is told before a person is asked for a line.
const QUIET: Duration = Duration::from_millis(80);

/// A line that was typed; `None` at the end of the input.
type Typed = io::Result<Option<String>>;

/// Runs the app until it is left.
///
/// # Errors
/// The terminal's own: it cannot be written to, or it is gone.
pub fn run(app: App) -> io::Result<Ended> {
    let lines = Lines::open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let (going, begun) = Going::start(app, Surface::Lines)?;
        let (mut linear, incoming) = Linear::begin(going, lines)?;
        begun.tell(linear.messages.clone(), |message| linear.tell(message));
        going::on(linear.until_left(incoming).await?).await
    })
}

/// Goes on line by line, in the place of another view.
pub(super) async fn go_on(mut going: Going) -> io::Result<Over> {
    going.effects.show_on(Surface::Lines);
    let (mut linear, incoming) = Linear::begin(going, Lines::open()?)?;
    linear.tell(Message::Resumed { at: Timestamp::now() });
    linear.until_left(incoming).await
}

/// What comes in from outside the loop.
struct Incoming {
    inbox: mpsc::Receiver<Message>,
    input: mpsc::Receiver<Typed>,
    reloads: mpsc::Receiver<Reload>,
    signals: Signals,
}

/// Reads a line whenever one is wanted. A thread of its own does, as a terminal is only read by waiting for it.
fn read_lines() -> io::Result<(std::sync::mpsc::Sender<()>, mpsc::Receiver<Typed>)> {
    let (sender, receiver) = mpsc::channel(1);
    let (wanted, wants) = std::sync::mpsc::channel();
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        for () in wants {
            let mut bytes = Vec::new();
            let line = io::stdin().lock().read_until(b'\n', &mut bytes).map(|count| {
                let line = String::from_utf8_lossy(&bytes);
                (count > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned())
            });
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    })?;
    Ok((wanted, receiver))
}

/// Whether a line is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    No,
    Yes,
}

struct Linear {
    model: Model,
    narrator: Narrator,
    lines: Lines,
    effects: Effects,
    messages: mpsc::Sender<Message>,
    /// Tells of changed configuration.
    watcher: Option<Watcher>,
    paths: Paths,
    pacing: Pacing,
    /// When something was told last.
    told: Instant,
    /// Moments at which the model wants a tick.
    wakes: BinaryHeap<Reverse<Timestamp>>,
    /// The program that has the terminal.
    editor: Option<Editor>,
    wanted: std::sync::mpsc::Sender<()>,
    reading: Reading,
    leaving: Option<Ended>,
    screen: Screen,
    showing: Showing,
}

impl Linear {
    /// The loop over what goes on, and what comes in from outside.
    fn begin(going: Going, lines: Lines) -> io::Result<(Self, Incoming)> {
        let Going { model, effects, messages, inbox, watcher, reloads, signals, paths, screen, wakes } =
            going;
        let (wanted, input) = read_lines()?;
        let linear = Self {
            narrator: Narrator::new(&model),
            model,
            lines,
            effects,
            messages,
            watcher,
            paths,
            pacing: Pacing::new(None),
            told: Instant::now(),
            wakes,
            editor: None,
            wanted,
            reading: Reading::No,
            leaving: None,
            screen,
            showing: Showing::Here,
        };
        Ok((linear, Incoming { inbox, input, reloads, signals }))
    }

    async fn until_left(
        mut self,
        Incoming { mut inbox, mut input, mut reloads, mut signals }: Incoming,
    ) -> io::Result<Over> {
        loop {
            self.write_if_due()?;
            if let Some(ended) = self.leaving {
                return self.leave(ended, inbox).await.map(Over::Ended);
            }
            // While a line is read, nobody else may read the terminal.
            if self.showing == Showing::Elsewhere && self.reading == Reading::No {
                let Self { model, effects, messages, watcher, paths, screen, wakes, .. } = self;
                let going = Going {
                    model,
                    effects,
                    messages,
                    inbox,
                    watcher,
                    reloads,
                    signals,
                    paths,
                    screen,
                    wakes,
                };
                return Ok(Over::Screen(Box::new(going)));
            }
            if self.editor.is_none() && self.reading == Reading::No {
                // A thread that is gone has told why.
                let _ = self.wanted.send(());
                self.reading = Reading::Yes;
            }
            let wake = self.wakes.peek().map(|Reverse(at)| *at);
            let due = self.next_write();
            tokio::select! {
                biased;
                signal = signals.next() => self.signalled(signal),
                line = input.recv() => {
                    self.reading = Reading::No;
                    match line {
                        Some(Ok(Some(line))) => self.entered(line),
                        Some(Ok(None)) => self.leaving = Some(Ended::Quit),
                        // The terminal is gone without a signal: leave as if it had sent one.
                        Some(Err(_)) | None => self.leaving = Some(Ended::HungUp),
                    }
                }
                Some(message) = inbox.recv() => {
                    self.tell(message);
                    for _ in 0..AT_ONCE {
                        match inbox.try_recv() {
                            Ok(message) => self.tell(message),
                            Err(_) => break,
                        }
                    }
                },
                () = self.effects.words().came() => {
                    for words in self.effects.words().release() {
                        self.tell(words);
                    }
                }
                Some(reload) = reloads.recv() => self.reloaded(reload),
                () = sleep_until(wake) => self.wake(),
                () = frame_at(due) => {},
                text = edited(&mut self.editor) => {
                    self.editor = None;
                    self.narrator.resumed();
                    self.tell(Message::EditorClosed { text });
                }
            }
        }
    }

    /// Folds a fact into the model, carries out what it orders, and takes in what is to be told of it.
    fn tell(&mut self, message: Message) {
        for order in update(&mut self.model, message) {
            self.order(order);
        }
        self.narrator.hear(&self.model);
        self.pacing.mark(Cause::News, Instant::now());
    }

    fn order(&mut self, order: Effect) {
        match self.effects.run(order) {
            // There are no cells to draw and no colours, and there is no mouse.
            None
            | Some(
                Terminally::Redraw
                | Terminally::Settle(_)
                | Terminally::Mouse(_)
                | Terminally::ShowTheme(_)
                | Terminally::AskBackground,
            ) => {}
            Some(Terminally::Print(printout)) => self.print(&printout),
            Some(Terminally::ReadConfig) => {
                if let Some(watcher) = &self.watcher {
                    watcher.ask();
                }
            }
            Some(Terminally::Tell(message)) => self.tell(*message),
            Some(Terminally::WakeAt(at)) => self.wakes.push(Reverse(at)),
            Some(Terminally::Notice(_)) if self.model.config.ui.access.notices.bell => {
                // A terminal that is gone is met again by the next line.
                let _ = self.lines.ring();
            }
            Some(Terminally::Notice(_)) => {}
            Some(Terminally::Quit) => self.leaving = Some(Ended::Quit),
            Some(Terminally::Copy(text)) => self.copy(&text),
            Some(Terminally::Suspend) => self.suspend(),
            Some(Terminally::SwitchView) => self.showing = Showing::Elsewhere,
            Some(Terminally::Edit(text)) => match Editor::open(&text, &self.paths.state) {
                Ok(editor) => self.editor = Some(editor),
                Err(error) => self.tell(Message::EditorClosed { text: Err(error) }),
            },
        }
    }

    fn reloaded(&mut self, reload: Reload) {
        let at = Timestamp::now();
        match reload {
            Reload::Fresh(fresh) => {
                self.effects.configure(fresh.clone());
                self.tell(Message::Configured { config: fresh, looks: Looks::Same, at });
            }
            Reload::Refused(problems) => self.tell(Message::ConfigRefused { problems, at }),
        }
    }

    /// The branch from its beginning, as it was written.
    fn print(&mut self, printout: &Printout) {
        for Printed { name, text } in &printout.messages {
            for part in [name, text] {
                // A terminal that is gone is met again by the next line.
                let _ = self.lines.append(part).and_then(|()| self.lines.append(&sanitise("\n\n")));
            }
        }
    }

    fn entered(&mut self, line: String) {
        if let Some(message) = self.narrator.entered(&self.model, line, Timestamp::now()) {
            self.tell(message);
        }
        self.told = Instant::now();
        self.pacing.mark(Cause::Key, Instant::now());
    }

    fn signalled(&mut self, signal: Signal) {
        match signal {
            Signal::Terminate => self.leaving = Some(Ended::Terminated),
            Signal::HangUp => self.leaving = Some(Ended::HungUp),
            Signal::Interrupt => {
                self.narrator.interrupted();
                self.tell(Message::Interrupted { at: Timestamp::now() });
            }
            Signal::Stop => self.suspend(),
            Signal::Continue => {}
            Signal::Resize => {
                let (width, height) = terminal::size();
                self.tell(Message::Resize { size: Size { width, height }, at: Timestamp::now() });
            }
        }
    }

    fn suspend(&mut self) {
        // Where there are no jobs, there is nothing to come back from.
        let _ = signals::stop();
        self.narrator.resumed();
        self.tell(Message::Resumed { at: Timestamp::now() });
    }

    fn wake(&mut self) {
        let now = Timestamp::now();
        while self.wakes.peek().is_some_and(|Reverse(at)| *at <= now) {
            self.wakes.pop();
        }
        self.tell(Message::Tick { at: now });
    }

    /// When there will be something to write.
    fn next_write(&self) -> Option<Instant> {
        if self.editor.is_some() {
            return None;
        }
        let now = Instant::now();
        let text = self.pacing.next_frame(now, now);
        let prompt = self.narrator.is_due(&self.model).then(|| self.told + QUIET);
        text.into_iter().chain(prompt).min()
    }

    fn write_if_due(&mut self) -> io::Result<()> {
        if self.editor.is_some() {
            return Ok(());
        }
        let now = Instant::now();
        if self.pacing.next_frame(now, now).is_some_and(|at| at <= now) {
            self.write()?;
            self.pacing.drawn(now);
        }
        if self.narrator.is_due(&self.model) && self.told + QUIET <= now {
            self.narrator.ask(&self.model);
            self.lines.set_typed(Narrator::typed(&self.model))?;
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> io::Result<()> {
        let text = self.narrator.take();
        if text.is_empty() {
            return Ok(());
        }
        self.told = Instant::now();
        self.lines.append(&text)
    }

    /// To the clipboards that need no sequence.
    fn copy(&mut self, text: &Safe) {
        let surroundings = Surroundings::detect(|name| std::env::var(name).ok());
        let (text, messages, state) = (text.clone(), self.messages.clone(), self.paths.state.clone());
        tokio::spawn(async move {
            let none = Osc52::Failed(String::new());
            let copied = clipboard::copied(text, none, surroundings, state).await;
            // The loop is gone only when the app is leaving.
            let _ = messages.send(Message::Copied(copied)).await;
        });
    }

    /// Stops what runs, and waits until all of it is stored.
    async fn leave(mut self, ended: Ended, inbox: mpsc::Receiver<Message>) -> io::Result<Ended> {
        // Whatever ended the app, its draft is kept.
        for order in command(&mut self.model, CommandId::Quit) {
            self.effects.run(order);
        }
        self.narrator.leave();
        if ended != Ended::HungUp {
            self.write()?;
        }
        drop(self.messages);
        self.effects.finish(inbox).await;
        Ok(ended)
    }
}
