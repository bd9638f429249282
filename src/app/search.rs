//! Full-text search over all conversations: while one types the newest come first, after a pause the best.
//!
//! Every keystroke asks anew and the storage stops what it was at. Hits name the search they answer, so that those
//! of an older one are dropped; a search that nobody looks at any more is stopped.

use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;

use crate::chat::Role;
use crate::storage::{Hit, Order};
use crate::t;
use crate::text::width::truncate;
use crate::text::{Safe, sanitise_line};

use super::effect::{Effect, SearchId};
use super::model::Model;
use super::overlay::{Overlay, title_or_untitled};
use super::picker::{Choice, Entry, ListKind};

/// Who pauses this long has typed what they look for.
const PAUSE: Duration = Duration::from_millis(250);

/// What the storage was asked to search for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Searching {
    /// Nothing.
    #[default]
    No,
    /// What was typed so far; the best of it at this moment, unless more is typed.
    Typing {
        /// When.
        best_at: Timestamp,
    },
    /// The best of what was typed.
    Best,
}

/// Asks for what is typed in the list on top. Hits of earlier searches are dropped from now on.
pub fn typed(model: &mut Model) -> Vec<Effect> {
    let Some(words) = next(model) else { return Vec::new() };
    if words.trim().is_empty() {
        if let Some(Overlay::List(list)) = model.overlays.last_mut() {
            list.replace(Vec::new());
        }
        return stop(model);
    }
    let best_at = model.now + PAUSE;
    model.searching = Searching::Typing { best_at };
    vec![Effect::Search { search: model.search, words, order: Order::Newest }, Effect::WakeAt(best_at)]
}

/// Some time went by: after a pause the best hits are asked for.
pub fn tick(model: &mut Model) -> Vec<Effect> {
    match model.searching {
        Searching::Typing { best_at } if best_at <= model.now => {}
        Searching::Typing { .. } | Searching::Best | Searching::No => return Vec::new(),
    }
    let Some(words) = next(model) else { return Vec::new() };
    model.searching = Searching::Best;
    vec![Effect::Search { search: model.search, words, order: Order::Best }]
}

/// Gives the list of hits the number of the next search. Returns what is typed in it.
fn next(model: &mut Model) -> Option<String> {
    let list = model.overlays.iter_mut().rev().find_map(|overlay| match overlay {
        Overlay::List(list) if matches!(list.kind, ListKind::Search(_)) => Some(list),
        _ => None,
    })?;
    model.search = SearchId(model.search.0 + 1);
    list.kind = ListKind::Search(model.search);
    Some(list.filter.text().to_owned())
}

/// Messages were found.
pub fn found(model: &mut Model, search: SearchId, hits: &[Hit]) {
    if search == model.search && model.searching == Searching::Best {
        model.searching = Searching::No;
    }
    for overlay in &mut model.overlays {
        if let Overlay::List(list) = overlay
            && list.kind == ListKind::Search(search)
        {
            list.replace(rows(hits));
            break;
        }
    }
}

/// Stops the search that nobody looks at any more.
pub fn forget(model: &mut Model) -> Vec<Effect> {
    let wanted = model
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::List(list) if list.kind == ListKind::Search(model.search)));
    if wanted { Vec::new() } else { stop(model) }
}

fn stop(model: &mut Model) -> Vec<Effect> {
    match std::mem::take(&mut model.searching) {
        Searching::No => Vec::new(),
        Searching::Typing { .. } | Searching::Best => vec![Effect::StopSearch],
    }
}

fn rows(hits: &[Hit]) -> Vec<Entry> {
    let row = |hit: &Hit| {
        let (snippet, marks) = marked(&hit.snippet, &hit.matches);
        let mut words: Vec<String> = Vec::new();
        for word in hit.matches.iter().filter_map(|range| hit.snippet.get(range.clone())) {
            if !words.iter().any(|other| other.to_lowercase() == word.to_lowercase()) {
                words.push(word.to_owned());
            }
        }
        let said_by = match (hit.role, &hit.model) {
            (Role::User, _) => t!("app-you"),
            (Role::Assistant, Some(model)) => sanitise_line(model.as_str()),
            (Role::Assistant, None) => t!("app-assistant"),
        };
        let title = title_or_untitled(&hit.title);
        Entry {
            owner: truncate(&title, 24),
            about: t!("app-hit-about", who = &said_by, title = &title),
            detail: truncate(&said_by, 20),
            marks,
            ..Entry::new(Choice::Message(hit.conversation, hit.message, words), snippet)
        }
    };
    hits.iter().map(row).collect()
}

/// Text made safe with the places in it.
fn marked(text: &str, places: &[Range<usize>]) -> (Safe, Vec<Range<usize>>) {
    let mut safe = Safe::default();
    let mut marks = Vec::new();
    let mut after = 0;
    for place in places {
        let (Some(before), Some(found)) = (text.get(after..place.start), text.get(place.clone())) else {
            continue;
        };
        safe.push(&sanitise_line(before));
        let start = safe.len();
        safe.push(&sanitise_line(found));
        marks.push(start..safe.len());
        after = place.end;
    }
    safe.push(&sanitise_line(text.get(after..).unwrap_or_default()));
    (safe, marks)
}

#[cfg(test)]
mod tests;
