//! The files of one load: their names for messages, and how far each is trusted.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::node::{FileId, Mark};
use super::{Env, Location, Problem, Severity};

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Compiled in.
    Builtin,
    /// Named by another file: somebody else may have written it.
    Included,
    /// The person's own.
    Own,
}

/// How a key that nobody knows is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As an error: it is a slip of the pen.
    Strict,
    /// As a warning: the file was written for another program.
    Lenient,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub name: Arc<str>,
    /// `None` for the built-in one.
    pub path: Option<PathBuf>,
    pub origin: Origin,
    pub manner: Manner,
}

/// What of a load's problems is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// All of them.
    Everything,
    /// What keeps the configuration from being used. To word a warning takes longer than to find it, and
    /// a warning nobody reads would be worded at every start.
    Errors,
}

/// Every file of a load, in the order they were opened.
#[derive(Clone, Debug)]
pub(super) struct Files {
    sources: Vec<Source>,
    told: Told,
}

impl Files {
    /// No files yet.
    pub fn new(told: Told) -> Self {
        Self { sources: Vec::new(), told }
    }

    /// Whether problems of this severity are put into words.
    pub fn tells(&self, severity: Severity) -> bool {
        self.told == Told::Everything || severity == Severity::Error
    }

    /// Adds a file.
    pub fn add(&mut self, source: Source) -> FileId {
        self.sources.push(source);
        FileId(u16::try_from(self.sources.len() - 1).unwrap_or(u16::MAX))
    }

    /// The file something is written in.
    pub fn source(&self, file: FileId) -> Option<&Source> {
        self.sources.get(usize::from(file.0))
    }

    /// Says how unknown keys of a file are taken, once its keys are known.
    pub fn set_manner(&mut self, file: FileId, manner: Manner) {
        if let Some(source) = self.sources.get_mut(usize::from(file.0)) {
            source.manner = manner;
        }
    }

    /// Whose file something is written in.
    pub fn origin(&self, at: Mark) -> Origin {
        self.source(at.file).map_or(Origin::Included, |source| source.origin)
    }

    /// How a slip is taken in the file something is written in.
    pub fn severity(&self, at: Mark) -> Severity {
        match self.source(at.file).map(|source| source.manner) {
            Some(Manner::Lenient) => Severity::Warning,
            Some(Manner::Strict) | None => Severity::Error,
        }
    }

    /// A place as messages tell it.
    pub fn locate(&self, at: Mark) -> Location {
        let file = self.source(at.file).map_or_else(|| Arc::from("?"), |source| Arc::clone(&source.name));
        Location { file, line: at.line, column: at.column }
    }

    /// A problem at a place.
    pub fn problem(&self, severity: Severity, at: Mark, path: &str, message: String) -> Problem {
        Problem { severity, at: self.locate(at), path: path.to_owned(), message, suggestion: None }
    }

    /// The file that a text names: relative to the file it is written in, `~/` being the home.
    pub fn named(&self, at: Mark, text: &str, env: &Env) -> PathBuf {
        if let (Some(below), Some(home)) = (text.strip_prefix("~/"), env.get("HOME")) {
            return Path::new(home).join(below);
        }
        let here = self.source(at.file).and_then(|source| source.path.as_deref());
        here.and_then(Path::parent).unwrap_or(Path::new("")).join(text)
    }

    /// Puts problems in the order of the files, and in each from its top.
    pub fn sort(&self, problems: &mut [Problem]) {
        let place = |at: &Location| self.sources.iter().position(|source| source.name == at.file);
        problems.sort_by_cached_key(|problem| (place(&problem.at), problem.at.line, problem.at.column));
    }

    /// The files that were read from disk.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.sources.iter().filter_map(|source| source.path.clone()).collect()
    }
}
