//! What `/` and `@` offer while one types: commands and saved prompts, files and folders.
//!
//! The list follows what stands before the cursor. Files are listed by an effect and matched here; a file is read
//! when it is chosen, and stands in the prompt folded, so that what is sent is what is seen.

use jiff::{SignedDuration, Timestamp};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::command::{self, COMMANDS, CommandId};
use super::composer::mention;
use super::effect::{Effect, Listing};
use super::message::{FileHeld, Unread};
use super::model::{Focus, Model, Mood};
use super::overlay::is_available;
use super::pane::{EditWay, PaneId, Purpose};
use super::{conversation, prompts, run, turn};

/// A list that follows what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where what is completed begins in what is written.
    start: usize,
    /// Whether it shows.
    state: State,
    /// What is offered, the best first.
    pub rows: Vec<Row>,
    /// Which row is taken.
    pub selected: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Shown,
    /// Esc closed it: it stays away until something else is completed.
    Dismissed,
}

/// A row of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is called.
    pub name: Safe,
    /// What it does.
    pub about: Safe,
    take: Take,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Take {
    Command(CommandId),
    Prompt(String),
    File(String),
    Folder(String),
}

/// The files that were listed last.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// What was asked for, and when.
    asked: Option<(Listing, Timestamp)>,
    /// What came: folders end in a slash.
    found: Vec<String>,
    /// Files that were chosen and are being read.
    reading: Vec<(PaneId, String)>,
    /// The pane whose prompt is sent once they are read.
    sending: Option<PaneId>,
    /// What was named in a prompt and is no file that can be attached.
    left: Vec<(PaneId, String)>,
}

/// A list of files is asked for again after this.
const FRESH: SignedDuration = SignedDuration::from_secs(5);
/// The most rows that are offered.
const MOST: usize = 100;

/// What stands before the cursor to be completed.
struct Token<'a> {
    start: usize,
    kind: Kind,
    typed: &'a str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Command,
    File,
}

/// The token before the cursor, where there is one.
fn token(written: &str, at: usize) -> Option<Token<'_>> {
    let before = written.get(..at)?;
    if let Some(typed) = before.strip_prefix('/') {
        let word = !typed.contains(|c: char| c.is_whitespace() || c == '/');
        return word.then_some(Token { start: 0, kind: Kind::Command, typed });
    }
    let start = before.rfind('@')?;
    let begins = before[..start].chars().next_back().is_none_or(|c| c.is_whitespace() || "([{".contains(c));
    let typed = &before[start + 1..];
    let (typed, open) = match typed.strip_prefix('"') {
        Some(quoted) => (quoted, !quoted.contains(['"', '\n'])),
        None => (typed, !typed.contains(|c: char| c.is_whitespace() || c.is_control())),
    };
    (begins && open).then_some(Token { start, kind: Kind::File, typed })
}

/// What is typed changed: the list follows.
pub fn follow(model: &mut Model) -> Vec<Effect> {
    let composer = &model.pane.composer;
    let token = token(composer.written(), composer.at());
    let in_place = matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. });
    let Some(Token { start, kind, typed }) = token.filter(|_| !in_place) else {
        model.completion = None;
        return Vec::new();
    };
    if model.completion.as_ref().is_some_and(|open| open.start == start && open.state == State::Dismissed) {
        return Vec::new();
    }
    let typed = typed.to_owned();
    let (rows, effects) = match kind {
        Kind::Command => (commands(model, &typed), Vec::new()),
        Kind::File => {
            let effects = list(model, &Listing::of(&typed));
            (files(model, &typed), effects)
        }
    };
    model.completion = Some(Completion { start, state: State::Shown, rows, selected: 0 });
    effects
}

/// The list where it shows: while one writes, and there is something in it.
pub fn shown(model: &Model) -> Option<&Completion> {
    let writing = model.focus == Focus::Composer && model.overlays.is_empty() && model.recall.is_none();
    model.completion.as_ref().filter(|open| writing && open.state == State::Shown && !open.rows.is_empty())
}

/// Selects a row before or after.
pub fn select(model: &mut Model, by: isize) {
    if let Some(open) = &mut model.completion {
        let count = isize::try_from(open.rows.len()).unwrap_or(isize::MAX).max(1);
        let selected = isize::try_from(open.selected).unwrap_or(0);
        open.selected = usize::try_from((selected + by).rem_euclid(count)).unwrap_or(0);
    }
}

/// Closes it until something else is completed.
pub fn dismiss(model: &mut Model) {
    if let Some(open) = &mut model.completion {
        open.state = State::Dismissed;
    }
}

/// Whether what is typed is a command's name, or a saved prompt's.
pub fn is_name(model: &Model) -> bool {
    let name = model.pane.composer.written().strip_prefix('/');
    name.is_some_and(|name| command::by_name(name).is_some() || prompts::by_name(model, name).is_some())
}

/// What taking a row does with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// It is written out (Tab).
    Writes,
    /// It is run (Enter).
    Runs,
}

/// Takes the selected row.
pub fn take(model: &mut Model, taking: Taking) -> Vec<Effect> {
    let Some(open) = model.completion.take() else { return Vec::new() };
    let Some(row) = open.rows.get(open.selected) else { return Vec::new() };
    let part = open.start..model.pane.composer.at();
    match &row.take {
        Take::Command(command) if taking == Taking::Runs => {
            model.pane.composer.take();
            let mut effects = conversation::draft_changed(model);
            effects.extend(run::run(model, *command));
            effects
        }
        Take::Command(command) => {
            let name = command.row().map_or("", |row| row.name);
            model.pane.composer.complete(part, &format!("/{name}"));
            conversation::draft_changed(model)
        }
        Take::Prompt(name) => prompts::begin(model, name, ""),
        Take::Folder(path) => {
            let quote = if path.contains(char::is_whitespace) { "\"" } else { "" };
            model.pane.composer.complete(part, &format!("@{quote}{path}"));
            let mut effects = conversation::draft_changed(model);
            effects.extend(follow(model));
            effects
        }
        Take::File(path) => {
            model.pane.composer.complete(part, &format!("{} ", mention(path)));
            let pane = model.pane.id;
            model.files.reading.push((pane, path.clone()));
            let mut effects = conversation::draft_changed(model);
            effects.push(Effect::ReadFile { pane, path: path.clone() });
            effects
        }
    }
}

/// Whether a file of the pane is being read: what is sent would be without it.
pub fn is_reading(model: &Model) -> bool {
    model.files.reading.iter().any(|(pane, _)| *pane == model.pane.id)
}

/// A file was read, or could not be.
pub fn read(model: &mut Model, pane: PaneId, path: &str, held: Result<FileHeld, Unread>) -> Vec<Effect> {
    model.files.reading.retain(|reading| reading != &(pane, path.to_owned()));
    let held = match held {
        Ok(held) => held,
        Err(unread) => {
            let reason = match unread {
                // Whoever wrote it may have meant something else than a file.
                Unread::Missing if model.files.sending == Some(pane) => {
                    model.files.left.push((pane, path.to_owned()));
                    return send_on(model, pane);
                }
                Unread::Missing => t!("app-file-missing"),
                Unread::NotText => t!("app-file-not-text"),
                Unread::TooLarge { most } => t!("app-file-too-large", most = most),
                Unread::Failed(reason) => sanitise_line(&reason),
            };
            // It was to be part of what is sent: once it is told, another Enter sends without it.
            if model.files.sending.take_if(|sending| *sending == pane).is_some() {
                model.files.left.push((pane, path.to_owned()));
            }
            return vec![
                model.notify(t!("app-file-unread", file = path, reason = reason.as_str()), Mood::Bad),
            ];
        }
    };
    let others = model.panes.others_mut(&model.open).map(|(pane, _)| pane);
    let Some(shown) = others.chain([&mut model.pane]).find(|other| other.id == pane) else {
        return Vec::new();
    };
    let mention = mention(path);
    let Some(start) = last_of(shown.composer.written(), &mention) else { return Vec::new() };
    let part = start..start + mention.len();
    match held {
        FileHeld::Text(text) => shown.composer.attach(part, path, &text),
        FileHeld::Image(image) => shown.composer.attach_image(part, path, &image),
    }
    if model.files.sending == Some(pane) {
        // Where it is named again, the name does.
        model.files.left.push((pane, path.to_owned()));
    }
    let mut effects = conversation::draft_changed(model);
    effects.extend(send_on(model, pane));
    effects
}

/// Where a mention stands for itself last, and is not the beginning of a longer one.
fn last_of(written: &str, mention: &str) -> Option<usize> {
    let ends =
        |at: &usize| mentions(&written[*at..]).first().is_some_and(|path| self::mention(path) == mention);
    written.rmatch_indices(mention).map(|(at, _)| at).find(ends)
}

/// Reads what a prompt names with `@` and that was not chosen from the list, before it is sent; nothing where there is
/// none. It is sent when all of it is read.
pub fn before_sending(model: &mut Model) -> Option<Vec<Effect>> {
    let pane = model.pane.id;
    let mut named = mentions(model.pane.composer.written());
    named.retain(|path| !model.files.left.contains(&(pane, path.clone())));
    if named.is_empty() {
        model.files.left.retain(|(other, _)| *other != pane);
        return None;
    }
    model.files.sending = Some(pane);
    named.sort();
    named.dedup();
    model.files.reading.extend(named.iter().map(|path| (pane, path.clone())));
    Some(named.into_iter().map(|path| Effect::ReadFile { pane, path }).collect())
}

/// Sends the prompt that waited for its files, when the last one is read and its pane still has the focus.
fn send_on(model: &mut Model, pane: PaneId) -> Vec<Effect> {
    if model.files.sending != Some(pane) || model.files.reading.iter().any(|(other, _)| *other == pane) {
        return Vec::new();
    }
    model.files.sending = None;
    if model.pane.id == pane { turn::send(model) } else { Vec::new() }
}

/// Something was typed: what is written now was not sent yet.
pub fn hold(model: &mut Model) {
    model.files.sending = None;
}

/// The paths that a text names with `@`. What ends a sentence or closes a bracket is not of a path without quotes.
fn mentions(written: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut before = None;
    for (at, c) in written.char_indices() {
        let begins = before.is_none_or(|c: char| c.is_whitespace() || "([{".contains(c));
        before = Some(c);
        if c != '@' || !begins {
            continue;
        }
        let rest = &written[at + 1..];
        let path = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').map_or("", |(path, _)| path).trim(),
            None => {
                let end = |c: char| c.is_whitespace() || c.is_control();
                rest.split(end)
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}'])
            }
        };
        if !path.is_empty()
            && !path.contains('\n')
            && rest.starts_with('"') == path.contains(char::is_whitespace)
        {
            paths.push(path.to_owned());
        }
    }
    paths
}

/// Files were listed.
pub fn listed(model: &mut Model, listing: &Listing, found: Vec<String>) {
    if model.files.asked.as_ref().is_none_or(|(asked, _)| asked != listing) {
        return;
    }
    model.files.found = found;
    let selected = model.completion.as_ref().and_then(|open| open.rows.get(open.selected)).cloned();
    let Some(open) = model.completion.as_ref().filter(|open| open.state == State::Shown) else { return };
    let start = open.start;
    let composer = &model.pane.composer;
    let Some(typed) = token(composer.written(), composer.at())
        .filter(|token| token.kind == Kind::File && token.start == start)
        .map(|token| token.typed.to_owned())
    else {
        return;
    };
    let rows = files(model, &typed);
    let selected = rows.iter().position(|row| Some(row) == selected.as_ref()).unwrap_or(0);
    model.completion = Some(Completion { start, state: State::Shown, rows, selected });
}

/// Asks for the files that are offered, where they were not just listed.
fn list(model: &mut Model, listing: &Listing) -> Vec<Effect> {
    let fresh =
        |(asked, at): &(Listing, Timestamp)| asked == listing && model.now.duration_since(*at) < FRESH;
    if model.files.asked.as_ref().is_some_and(fresh) {
        return Vec::new();
    }
    if model.files.asked.as_ref().is_none_or(|(asked, _)| asked != listing) {
        model.files.found.clear();
    }
    model.files.asked = Some((listing.clone(), model.now));
    vec![Effect::ListFiles(listing.clone())]
}

/// Saved prompts and commands by what is typed of their names.
fn commands(model: &Model, typed: &str) -> Vec<Row> {
    let prompts = prompts::all(model).map(|prompt| Row {
        name: sanitise_line(&format!("/{}", prompt.name)),
        about: sanitise_line(&prompt.description),
        take: Take::Prompt(prompt.name.clone()),
    });
    let commands = COMMANDS.iter().filter(|command| is_available(model, command)).map(|command| Row {
        name: sanitise(&format!("/{}", command.name)),
        about: (command.line)(),
        take: Take::Command(command.id),
    });
    let mut rows: Vec<(u32, Row)> =
        ranked(prompts.chain(commands), typed, Config::DEFAULT, |row| row.name.trim_start_matches('/'));
    // What begins with it is meant before what holds its letters, and what it is before both.
    rows.sort_by_key(|(score, row)| {
        let name = row.name.trim_start_matches('/');
        (name != typed, !name.starts_with(typed), std::cmp::Reverse(*score))
    });
    rows.into_iter().map(|(_, row)| row).take(MOST).collect()
}

/// Files by what is typed of their paths.
fn files(model: &Model, typed: &str) -> Vec<Row> {
    let last = typed.rsplit('/').next().unwrap_or(typed);
    let hidden = |path: &str| {
        let path = path.trim_end_matches('/');
        path.rsplit('/').next().is_some_and(|name| name.starts_with('.'))
    };
    let found = model
        .files
        .found
        .iter()
        .filter(|path| last.starts_with('.') || !hidden(path) || typed.contains("/."));
    let rows = found.map(|path| Row {
        name: sanitise_line(path),
        about: Safe::default(),
        take: if path.ends_with('/') { Take::Folder(path.clone()) } else { Take::File(path.clone()) },
    });
    let mut rows = ranked(rows, typed, Config::DEFAULT.match_paths(), |row| &row.name);
    rows.sort_by_key(|(score, row)| (std::cmp::Reverse(*score), row.name.len()));
    rows.into_iter().map(|(_, row)| row).take(MOST).collect()
}

/// The rows that match, with how well, in their order.
fn ranked(
    rows: impl Iterator<Item = Row>,
    typed: &str,
    config: Config,
    of: impl Fn(&Row) -> &str,
) -> Vec<(u32, Row)> {
    let pattern = Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart);
    let (mut matcher, mut buffer) = (Matcher::new(config), Vec::new());
    rows.filter_map(|row| {
        let score = pattern.score(Utf32Str::new(of(&row), &mut buffer), &mut matcher)?;
        Some((score, row))
    })
    .collect()
}

#[cfg(test)]
mod tests;
