//! The one-shot writer: the only thing besides the app's terminal that writes to one.
//!
//! stdout carries answers and listings; it is sanitised when it is a terminal and left alone when it is not.
//! stderr is always sanitised. A broken pipe is not an error: whoever read has had enough.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::Exit;
use crate::t;
use crate::text::{Safe, sanitise};

/// Where output goes.
#[derive(Debug)]
pub struct Out {
    stdout_is_terminal: bool,
    notes: Notes,
    broken: AtomicBool,
    failed: AtomicBool,
    breaks: Notify,
}

/// How much is told on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notes {
    /// Only errors.
    Quiet,
    /// Notes too.
    Shown,
    /// Notes, and what is done and what it took.
    Detailed,
}

/// How a command tells what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// In lines for a person, each as soon as there is something to tell.
    Lines,
    /// As JSON at the end.
    Json,
}

impl Out {
    /// For this process's stdout and stderr.
    pub fn new(notes: Notes) -> Self {
        Self {
            stdout_is_terminal: io::stdout().is_terminal(),
            notes,
            broken: AtomicBool::new(false),
            failed: AtomicBool::new(false),
            breaks: Notify::new(),
        }
    }

    /// Whether stdout is a terminal.
    pub fn is_terminal(&self) -> bool {
        self.stdout_is_terminal
    }

    /// Whether nobody reads stdout any more.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Returns once nobody reads stdout any more.
    pub async fn broken(&self) {
        self.breaks.notified().await;
    }

    /// A line for stdout.
    pub fn line(&self, text: &str) {
        if self.stdout_is_terminal {
            self.raw(format!("{}\n", sanitise(text)).as_bytes());
        } else {
            self.raw(format!("{text}\n").as_bytes());
        }
    }

    /// A value as JSON on stdout, in lines, with everything a terminal would obey escaped.
    pub fn json(&self, value: &impl serde::Serialize) {
        match serde_json::to_string_pretty(value) {
            Ok(json) => self.raw(format!("{}\n", crate::text::safe::escape_json(&json)).as_bytes()),
            Err(error) => self.error(&sanitise(&error.to_string())),
        }
    }

    /// Bytes for stdout that the caller has made fit for it.
    pub fn raw(&self, bytes: &[u8]) {
        if self.is_broken() {
            return;
        }
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            self.broken.store(true, Ordering::Relaxed);
            self.breaks.notify_one();
            // Whoever closed a pipe has had enough; a full disk has lost something.
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.failed.store(true, Ordering::Relaxed);
                let message = t!("cli-stdout-failed", error = error.to_string());
                self.error(&t!("cli-error", message = message));
            }
        }
    }

    /// The exit code of something that printed: a failure where what it printed is lost.
    pub fn settle(&self, exit: Exit) -> Exit {
        if self.failed.load(Ordering::Relaxed) { Exit::INTERNAL } else { exit }
    }

    /// A note on stderr, unless they are not wanted.
    pub fn note(&self, text: &Safe) {
        if self.notes != Notes::Quiet {
            self.error(text);
        }
    }

    /// A detail on stderr, where details are wanted.
    pub fn detail(&self, text: impl FnOnce() -> Safe) {
        if self.notes == Notes::Detailed {
            self.error(&text());
        }
    }

    /// An error on stderr.
    pub fn error(&self, text: &Safe) {
        // With stderr gone there is nobody left to tell.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A table on stdout: aligned columns without lines, the last columns cut where a terminal is too narrow.
    pub fn table(&self, header: &[Safe], rows: Vec<Vec<Safe>>) {
        use comfy_table::{ContentArrangement, Table, presets};
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(header.iter().map(Safe::as_str));
        for row in rows {
            table.add_row(row.iter().map(Safe::as_str));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        self.line(&table.trim_fmt());
    }
}
