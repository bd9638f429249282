//! What a one-shot prints, and how: the answer's text, one object, or a line an event.
//!
//! Text is flushed at once after a pause and otherwise within three milliseconds, so that a flood of chunks
//! costs few writes and the first byte none.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::args::{TurnArgs, When};
use super::out::Out;
use super::report::{self, ErrorReport, Line, Report};
use crate::chat::{Failure, Route, StreamEvent};
use crate::t;
use crate::telemetry::{Level, Standing};
use crate::text::painted::Painter;
use crate::text::{Sanitiser, safe::escape_json, sanitise};
use crate::turns::{Listener, TurnEvent, told_standing};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The answer's text.
    Text(Surface),
    /// One object at the end.
    Json,
    /// One event a line.
    Jsonl,
}

/// Where the text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surface {
    /// Not a terminal: the bytes the model wrote.
    Raw,
    /// A terminal: sanitised.
    Plain,
    /// A terminal that takes colour.
    Painted,
}

impl Form {
    pub(super) fn of(args: &TurnArgs, out: &Out) -> Self {
        if args.json {
            return Self::Json;
        }
        if args.jsonl {
            return Self::Jsonl;
        }
        let colour = match args.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let rendered = match args.render {
            When::Always => true,
            When::Never => false,
            When::Auto => out.is_terminal(),
        };
        Self::Text(match (rendered && colour, out.is_terminal()) {
            (true, _) => Surface::Painted,
            (false, true) => Surface::Plain,
            (false, false) => Surface::Raw,
        })
    }
}

pub(super) fn print_report(out: &Out, form: Form, report: &Report, failure: Option<&Failure>) {
    match form {
        Form::Text(_) => {}
        Form::Json => print_line(out, report),
        Form::Jsonl => print_line(
            out,
            &match failure {
                Some(failure) => Line::Error { error: ErrorReport::from(failure), result: report },
                None => Line::Finish { result: report },
            },
        ),
    }
}

pub(super) fn print_line(out: &Out, value: &impl serde::Serialize) {
    match serde_json::to_string(value) {
        Ok(json) => out.raw(format!("{}\n", escape_json(&json)).as_bytes()),
        Err(error) => out.error(&sanitise(&error.to_string())),
    }
}

/// Prints a turn as it goes.
pub(super) struct Printer {
    form: Form,
    out: Arc<Out>,
    route: Route,
    /// What was told of budgets: of which, how far it was spent, and whether something in it has no price.
    told: Vec<(String, Level, bool)>,
    pending: Arc<Mutex<Pending>>,
}

/// Text on its way to stdout.
struct Pending {
    out: Arc<Out>,
    bytes: Vec<u8>,
    flushed: Option<Instant>,
    timer: Timer,
    /// Line ends at the end of what came: printed when more comes, so that the answer ends in exactly one.
    held_newlines: usize,
    any: bool,
    sanitiser: Sanitiser,
    painter: Painter,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Timer {
    Idle,
    Armed,
}

/// How long printed text may wait for more.
const COALESCE: Duration = Duration::from_millis(3);

impl Printer {
    pub(super) fn new(form: Form, out: Arc<Out>, route: &Route) -> Self {
        let pending = Pending {
            out: out.clone(),
            bytes: Vec::new(),
            flushed: None,
            timer: Timer::Idle,
            held_newlines: 0,
            any: false,
            sanitiser: Sanitiser::default(),
            painter: Painter::default(),
        };
        Self { form, out, route: route.clone(), told: Vec::new(), pending: Arc::new(Mutex::new(pending)) }
    }

    fn said(&self, event: &StreamEvent) {
        match self.form {
            Form::Text(surface) => {
                if let StreamEvent::Text(text) = event {
                    self.text(text, surface);
                }
            }
            Form::Json => {}
            Form::Jsonl => match event {
                StreamEvent::Text(text) if !text.is_empty() => print_line(&self.out, &Line::Text { text }),
                StreamEvent::Reasoning(text) if !text.is_empty() => {
                    print_line(&self.out, &Line::Reasoning { text })
                }
                StreamEvent::Usage(usage) => print_line(&self.out, &Line::Usage { usage: (*usage).into() }),
                // Calls come whole, at the end; a refusal stands in the result.
                StreamEvent::Text(_)
                | StreamEvent::Reasoning(_)
                | StreamEvent::Refusal(_)
                | StreamEvent::ToolCall { .. }
                | StreamEvent::Source(_)
                | StreamEvent::ServerTool(_)
                | StreamEvent::Image(_)
                | StreamEvent::State(_)
                | StreamEvent::ModelServed(_) => {}
            },
        }
    }

    /// Tells how budgets stand, each threshold once.
    fn budgets(&mut self, standings: Vec<Standing>) {
        for standing in standings {
            let told = (standing.budget.clone(), standing.level(), standing.unpriced > 0);
            if self.told.contains(&told) {
                continue;
            }
            let budget = told_standing(&standing);
            self.out.note(&match standing.level() {
                Level::Within | Level::Soft => t!("cli-budget", budget = budget),
                Level::Hard => t!("cli-budget-spent", budget = budget),
            });
            self.told.push(told);
        }
    }

    fn text(&self, text: &str, surface: Surface) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.add(text, surface);
        if pending.timer == Timer::Armed {
            // It flushes soon enough; a flood of chunks need not read the clock for each.
            return;
        }
        if pending.flushed.is_none_or(|flushed| flushed.elapsed() >= COALESCE) {
            pending.flush();
        } else {
            pending.timer = Timer::Armed;
            let pending = self.pending.clone();
            tokio::spawn(async move {
                tokio::time::sleep(COALESCE).await;
                let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
                pending.timer = Timer::Idle;
                pending.flush();
            });
        }
    }

    pub(super) fn finish(self) {
        if let Form::Text(surface) = self.form {
            self.pending.lock().unwrap_or_else(PoisonError::into_inner).finish(surface);
        }
    }
}

impl Pending {
    fn add(&mut self, text: &str, surface: Surface) {
        match surface {
            Surface::Raw => self.add_text(text, surface),
            Surface::Plain | Surface::Painted => {
                let safe = self.sanitiser.push(text);
                self.add_text(&safe, surface);
            }
        }
    }

    fn add_text(&mut self, text: &str, surface: Surface) {
        let body = text.trim_end_matches('\n');
        if !body.is_empty() {
            for _ in 0..std::mem::take(&mut self.held_newlines) {
                self.emit("\n", surface);
            }
            self.emit(body, surface);
            self.any = true;
        }
        self.held_newlines += text.len() - body.len();
    }

    fn emit(&mut self, text: &str, surface: Surface) {
        match surface {
            Surface::Raw | Surface::Plain => self.bytes.extend_from_slice(text.as_bytes()),
            Surface::Painted => {
                let painted = self.painter.push(&sanitise(text));
                self.bytes.extend_from_slice(painted.as_bytes());
            }
        }
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.out.raw(&self.bytes);
            self.bytes.clear();
            self.flushed = Some(Instant::now());
        }
    }

    pub(super) fn finish(&mut self, surface: Surface) {
        if surface != Surface::Raw {
            let rest = std::mem::take(&mut self.sanitiser).finish();
            self.add_text(&rest, surface);
        }
        if surface == Surface::Painted {
            let rest = std::mem::take(&mut self.painter).finish();
            self.bytes.extend_from_slice(rest.as_bytes());
        }
        if self.any {
            self.bytes.push(b'\n');
        }
        self.flush();
    }
}

impl Listener for Printer {
    async fn hear(&mut self, event: TurnEvent) {
        match event {
            TurnEvent::Said(event) => self.said(&event),
            TurnEvent::Sent { .. } => {
                if self.form == Form::Jsonl {
                    print_line(&self.out, &Line::Start { route: (&self.route).into() });
                }
            }
            TurnEvent::Budgets(standings) => self.budgets(standings),
            TurnEvent::Asks(route) => self.route = route,
            TurnEvent::AttemptFailed { attempt, route, failure, next } => {
                if self.form == Form::Jsonl {
                    let error = (&failure).into();
                    print_line(&self.out, &Line::AttemptFailed { attempt, route: (&route).into(), error });
                    if next > Timestamp::now() {
                        print_line(&self.out, &Line::Waiting { until: Some(next), why: None });
                    }
                }
                let (attempt, message) = (attempt.to_string(), failure.message.as_str());
                self.out.note(&t!(
                    "cli-attempt-failed",
                    attempt = attempt,
                    route = route.to_string(),
                    message = message
                ));
            }
            TurnEvent::Waiting { until, cause } => {
                if self.form == Form::Jsonl {
                    print_line(&self.out, &Line::Waiting { until, why: Some(report::why(&cause)) });
                }
                let route = self.route.to_string();
                self.out.note(&match until {
                    Some(until) => {
                        let pause = Duration::try_from(until.duration_since(Timestamp::now()));
                        let seconds = pause.unwrap_or_default().as_secs_f64().ceil().to_string();
                        t!("cli-waiting", route = route, seconds = seconds)
                    }
                    None => t!("cli-waiting-for-room", route = route),
                });
            }
            TurnEvent::Ended(_) => {}
        }
    }
}
