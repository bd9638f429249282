//! What is spent and reserved, by all processes of a person.
//!
//! `budgets.json` in the state folder says how far the log was counted, what that came to for each budget, and what
//! the turns that are on their way may cost. Whoever wants to spend takes the lock beside it, counts what was appended
//! since, looks, reserves and lets go: so of many processes that look at once, each sees what the others are about to
//! spend. A check reads the lines of the last turns and not the log, however long that is.
//!
//! The log is the truth. A file that is missing, damaged, of other budgets or about a log that was replaced is counted
//! again. A reservation lasts as long as its turn may; that of a process that was killed runs out with it. Where the
//! file cannot be written, what was spent still counts and what others are about to spend does not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;

use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use super::Log;
use super::budget::{Level, Names, Standing, Subject, Window};
use super::line::Entry;
use super::log::{Locked, lock};
use super::source::{Covered, each_line, month, sources};
use crate::chat::Money;
use crate::config::{Budget, private};

const NAME: &str = "budgets.json";
const LOCK: &str = "budgets.lock";
/// Version of the file's shape.
const VERSION: u8 = 1;
/// How often a lock is waited for that somebody has: others need it for less than a millisecond.
const LOCK_TRIES: u32 = 5;

/// What budgets are paid from. Cheap to make; touches nothing before it is asked.
#[derive(Clone, Debug)]
pub struct Till {
    log: Log,
    folder: PathBuf,
}

/// Whether a person wants a turn sent though a budget is spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Allowance {
    /// What a hard limit refuses is not sent.
    #[default]
    Kept,
    /// It is sent, and its event says so.
    Lifted,
}

/// What a turn is about to do.
#[derive(Clone, Copy, Debug)]
pub struct Want {
    /// What it will cost, about; `None` is unknown.
    pub cost: Option<Money>,
    /// When it is over at the latest.
    pub until: Timestamp,
    /// Whether it may go over a hard limit.
    pub allowance: Allowance,
}

/// Whether a turn may be sent.
#[derive(Debug)]
pub enum Admission {
    /// It may.
    Granted(Granted),
    /// A hard limit is reached; the budgets of which, as they stand.
    Refused(Vec<Standing>),
}

/// What a turn may spend, and how the budgets stand that it spends from.
#[derive(Debug)]
pub struct Granted {
    /// What is reserved, for as long as this lives.
    pub hold: Hold,
    /// Every budget that holds the turn, without what is reserved for it.
    pub standings: Vec<Standing>,
}

/// A reservation. It ends with this, once the turn's event is in the log.
#[derive(Debug)]
pub struct Hold {
    till: Till,
    id: u64,
}

impl Drop for Hold {
    fn drop(&mut self) {
        let _held = self.till.lock();
        if let Some(mut book) = self.till.read() {
            book.reserved.retain(|reserved| reserved.id != self.id);
            // Where that cannot be written, it runs out.
            let _ = self.till.write(&book);
        }
    }
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Book {
    v: u8,
    /// When it was brought up to date.
    at: Timestamp,
    /// How far each file of the log was counted.
    covered: BTreeMap<PathBuf, Covered>,
    /// What that came to, by what a budget counts.
    counts: BTreeMap<String, Count>,
    reserved: Vec<Reserved>,
}

/// What a budget counted in its window.
#[derive(Debug, Serialize, Deserialize)]
struct Count {
    from: Timestamp,
    groups: BTreeMap<String, Sum>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sum {
    spent: Money,
    unpriced: u64,
}

/// What a turn that is on its way may cost.
#[derive(Debug, Serialize, Deserialize)]
struct Reserved {
    id: u64,
    until: Timestamp,
    cost: Option<Money>,
    subject: Subject,
}

/// A budget in the window of a moment, and where its count is.
struct Counted<'a> {
    budget: &'a Budget,
    window: Window,
    of: String,
}

impl<'a> Counted<'a> {
    fn all(budgets: &'a [Budget], now: &Zoned) -> Vec<Self> {
        let counted = |budget: &'a Budget| Self {
            budget,
            window: Window::of(budget.per, now),
            // Whatever decides what counts for it; its limits and its name do not.
            of: format!(
                "{:?}",
                (
                    (budget.per, budget.each),
                    (&budget.endpoint, &budget.key, &budget.model, &budget.user, budget.conversation)
                )
            ),
        };
        budgets.iter().map(counted).collect()
    }

    fn standing(&self, book: &Book, group: &str) -> Standing {
        let count = book.counts.get(&self.of);
        let sum = count.and_then(|count| count.groups.get(group)).copied().unwrap_or_default();
        let holds = |reserved: &&Reserved| {
            reserved.subject.names().group(self.budget).is_some_and(|own| own == group)
        };
        let Budget { name, per, each, soft, hard, .. } = self.budget;
        Standing {
            budget: name.clone(),
            of: each.map(|each| (each, group.to_owned())),
            per: *per,
            window: self.window.clone(),
            soft: *soft,
            hard: *hard,
            spent: sum.spent,
            reserved: book.reserved.iter().filter(holds).filter_map(|reserved| reserved.cost).sum(),
            unpriced: sum.unpriced,
        }
    }
}

impl Till {
    /// What is paid from for what this log tells.
    pub fn of(log: &Log) -> Self {
        Self { folder: log.state().to_owned(), log: log.clone() }
    }

    /// Looks whether a turn may be sent, and reserves what it will cost.
    ///
    /// # Errors
    /// What the file system says of the log: nobody knows what was spent.
    pub fn admit(
        &self,
        budgets: &[Budget],
        subject: &Subject,
        want: Want,
        now: &Zoned,
    ) -> io::Result<Admission> {
        let _held = self.lock();
        let counted = Counted::all(budgets, now);
        let mut book = self.up_to_date(&counted, now)?;
        let standings = of_subject(&counted, &book, subject);
        let over = standings.iter().filter(|standing| standing.level() == Level::Hard);
        let refused = match want.allowance {
            Allowance::Kept => over.cloned().collect(),
            Allowance::Lifted => Vec::new(),
        };
        let id = fastrand::u64(..);
        if refused.is_empty() {
            let Want { cost, until, .. } = want;
            book.reserved.push(Reserved { id, until, cost, subject: subject.clone() });
        }
        // What others do not hear of, the log tells them when the turn is over.
        let _ = self.write(&book);
        Ok(match refused.is_empty() {
            true => Admission::Granted(Granted { hold: Hold { till: self.clone(), id }, standings }),
            false => Admission::Refused(refused),
        })
    }

    /// How the budgets stand that hold a subject.
    ///
    /// # Errors
    /// Those of [`admit`](Self::admit).
    pub fn standings_of(
        &self,
        budgets: &[Budget],
        subject: &Subject,
        now: &Zoned,
    ) -> io::Result<Vec<Standing>> {
        let counted = Counted::all(budgets, now);
        Ok(of_subject(&counted, &self.look(&counted, now)?, subject))
    }

    /// How all budgets stand, in their order; one that each has for itself once for each that spent or is about to,
    /// the largest share first.
    ///
    /// # Errors
    /// Those of [`admit`](Self::admit).
    pub fn standings(&self, budgets: &[Budget], now: &Zoned) -> io::Result<Vec<Standing>> {
        let counted = Counted::all(budgets, now);
        let book = self.look(&counted, now)?;
        let mut standings = Vec::new();
        for counted in &counted {
            if counted.budget.each.is_none() {
                standings.push(counted.standing(&book, ""));
                continue;
            }
            let count = book.counts.get(&counted.of);
            let mut groups: Vec<String> =
                count.map(|count| count.groups.keys().cloned().collect()).unwrap_or_default();
            let reserved = book.reserved.iter();
            groups.extend(reserved.filter_map(|reserved| {
                reserved.subject.names().group(counted.budget).map(|group| group.into_owned())
            }));
            groups.sort_unstable();
            groups.dedup();
            let mut each: Vec<Standing> = groups.iter().map(|group| counted.standing(&book, group)).collect();
            each.sort_by_key(|standing| std::cmp::Reverse(standing.committed()));
            standings.extend(each);
        }
        Ok(standings)
    }

    /// Brings the file up to date, and reads it.
    fn look(&self, counted: &[Counted<'_>], now: &Zoned) -> io::Result<Book> {
        let _held = self.lock();
        let book = self.up_to_date(counted, now)?;
        let _ = self.write(&book);
        Ok(book)
    }

    /// The file with everything that the log tells by now, and without what has run out.
    fn up_to_date(&self, counted: &[Counted<'_>], now: &Zoned) -> io::Result<Book> {
        let at = now.timestamp();
        let mut book = self.read().unwrap_or_default();
        book.reserved.retain(|reserved| reserved.until > at);
        let first = counted.iter().map(|counted| counted.window.from.timestamp()).min().unwrap_or(at);
        let first = month(first);
        let mut sources = sources(&self.log.folders())?;
        sources.retain(|source| source.month >= first);
        if !book.can_go_on(counted, |path, covered| {
            let source = sources.iter().find(|source| source.path == path);
            // A month before all windows matters no more.
            source.map_or(Ok(!is_month_since(path, &first)), |source| covered.holds(source))
        })? {
            book.counts.clear();
            book.covered.clear();
        }
        book.begin_windows(counted);
        for source in &sources {
            let from = book.covered.get(&source.path).map_or(0, |covered| covered.lines);
            if source.length()? == from {
                continue;
            }
            let read = each_line(&mut *source.reader(from)?, from, |_, line| {
                if let Ok(entry) = Entry::read(line.trim_ascii()) {
                    book.count(&entry, counted);
                }
            })?;
            book.covered.insert(source.path.clone(), Covered::of(source, read)?);
        }
        book.covered.retain(|path, _| sources.iter().any(|source| source.path == *path));
        book.at = at;
        Ok(book)
    }

    /// Keeps other processes from looking, as far as that can be had.
    fn lock(&self) -> Option<File> {
        let open =
            || private::options().write(true).create(true).truncate(false).open(self.folder.join(LOCK));
        let file = open().or_else(|_| private::create_folder(&self.folder).and_then(|()| open())).ok()?;
        let had = (0..LOCK_TRIES).any(|_| lock(&file) == Locked::Yes);
        had.then_some(file)
    }

    fn read(&self) -> Option<Book> {
        let text = fs::read(self.folder.join(NAME)).ok()?;
        serde_json::from_slice(&text).ok().filter(|book: &Book| book.v == VERSION)
    }

    fn write(&self, book: &Book) -> io::Result<()> {
        private::write_cache(&self.folder.join(NAME), &serde_json::to_vec(book)?)
    }
}

impl Book {
    /// Whether it has what these budgets need, so that only what was appended has to be counted.
    fn can_go_on(
        &self,
        counted: &[Counted<'_>],
        mut is_same: impl FnMut(&std::path::Path, &Covered) -> io::Result<bool>,
    ) -> io::Result<bool> {
        let counts = counted.iter().all(|counted| {
            let from = counted.window.from.timestamp();
            // Where the window began after the last look, nothing that was counted lies in it.
            self.counts.get(&counted.of).is_some_and(|count| count.from == from || self.at < from)
        });
        if !counts {
            return Ok(false);
        }
        for (path, covered) in &self.covered {
            if !is_same(path, covered)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin_windows(&mut self, counted: &[Counted<'_>]) {
        self.v = VERSION;
        self.counts.retain(|of, _| counted.iter().any(|counted| counted.of == *of));
        for counted in counted {
            let from = counted.window.from.timestamp();
            let count = self.counts.entry(counted.of.clone());
            let count = count.or_insert_with(|| Count { from, groups: BTreeMap::new() });
            if count.from != from {
                *count = Count { from, groups: BTreeMap::new() };
            }
        }
    }

    /// Counts an event, once for each way of counting.
    fn count(&mut self, entry: &Entry<'_>, counted: &[Counted<'_>]) {
        let Ok(at) = Timestamp::from_millisecond(entry.at) else { return };
        let tokens = entry.tokens_in.unwrap_or_default().saturating_add(entry.tokens_out.unwrap_or_default());
        let is_unpriced = entry.cost_eur.is_none() && tokens > 0;
        let cost = entry.cost_eur.unwrap_or_default();
        if cost == Money::ZERO && !is_unpriced {
            return;
        }
        let names = Names::of(entry);
        for (nth, way) in counted.iter().enumerate() {
            let is_first = counted[..nth].iter().all(|before| before.of != way.of);
            let group = names.group(way.budget).filter(|_| is_first && way.window.holds(at));
            if let (Some(group), Some(count)) = (group, self.counts.get_mut(&way.of)) {
                let sum = count.groups.entry(group.into_owned()).or_default();
                sum.spent += cost;
                sum.unpriced += u64::from(is_unpriced);
            }
        }
    }
}

fn of_subject(counted: &[Counted<'_>], book: &Book, subject: &Subject) -> Vec<Standing> {
    let names = subject.names();
    let of = |counted: &Counted<'_>| Some(counted.standing(book, &names.group(counted.budget)?));
    counted.iter().filter_map(of).collect()
}

/// Whether a file of the log is of this month or a later one.
fn is_month_since(path: &std::path::Path, first: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_prefix("requests-").is_some_and(|rest| rest >= first)
}

#[cfg(test)]
mod tests;
