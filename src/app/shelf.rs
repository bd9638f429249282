//! The list of stored conversations and the trash: their rows, and what is done to one of them.
//!
//! What is pinned stands first, the rest in the order that was chosen; headings tell both. A change shows at once and
//! is stored behind it.

use std::cmp::Reverse;

use jiff::tz::TimeZone;

use crate::chat::shelf::{self, DateGroup};
use crate::chat::{ConversationId, Shelf};
use crate::storage::choices::Listing;
use crate::storage::{Filter, Place, ShelfChange, Summary, Trashed};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::euros;
use super::conversation;
use super::effect::Effect;
use super::form::Form;
use super::lists;
use super::model::{Model, Mood};
use super::overlay::{Overlay, age, title_or_untitled};
use super::panes;
use super::picker::{Choice, Columns, Entry, ListKind};

/// The stored conversations that are in the list or, where that is looked at, in the archive: how much is in each,
/// what it cost, and when it was last changed.
pub fn conversations(model: &Model) -> Vec<Entry> {
    let filter = Filter { place: model.listed, ..Filter::default() };
    let mut shown: Vec<&Summary> =
        model.conversations.iter().filter(|summary| filter.holds(&summary.shelf)).collect();
    let order = model.choices.listing;
    sort(&mut shown, order);
    let facts: Vec<[String; 4]> = shown
        .iter()
        .map(|summary| {
            let branches =
                if summary.branches > 1 { format!("⑂ {}", summary.branches) } else { String::new() };
            [
                t!("app-messages", count = summary.messages).into_string(),
                branches,
                summary.cost_eur.map(|cost| euros(cost).into_string()).unwrap_or_default(),
                age(model.now, if order == Listing::Made { summary.created } else { summary.updated })
                    .into_string(),
            ]
        })
        .collect();
    let columns = Columns::of(&facts);
    let now = model.now.to_zoned(model.zone.clone());
    let entry = |(summary, facts): (&&Summary, &[String; 4])| {
        let told: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
        let group = if summary.shelf.pinned {
            t!("app-group-pinned")
        } else {
            match order {
                Listing::Changed => group_name(DateGroup::of(summary.updated, &now)),
                Listing::Made => group_name(DateGroup::of(summary.created, &now)),
                Listing::Title => t!("app-group-by-title"),
                Listing::Price => t!("app-group-by-price"),
                Listing::Size => t!("app-group-by-size"),
            }
        };
        let sign = match (summary.id == model.open.conversation.id, summary.shelf.pinned) {
            (true, _) => "●",
            (false, true) => "★",
            (false, false) => "",
        };
        Entry {
            sign: sanitise(sign),
            about: sanitise_line(&told.join(" · ")),
            detail: columns.line(facts),
            group,
            tags: summary.shelf.tags.iter().map(|tag| sanitise_line(tag)).collect(),
            ..Entry::new(Choice::Conversation(summary.id), title_or_untitled(&summary.title))
        }
    };
    shown.iter().zip(&facts).map(entry).collect()
}

/// Puts conversations in an order. What is alike in it stays as it is listed: what changed last comes first.
fn sort(shown: &mut [&Summary], order: Listing) {
    shown.sort_by_key(|summary| !summary.shelf.pinned);
    let parts = shown.partition_point(|summary| summary.shelf.pinned);
    let (pinned, rest) = shown.split_at_mut(parts);
    for part in [pinned, rest] {
        match order {
            Listing::Changed => {}
            Listing::Made => part.sort_by_key(|summary| Reverse(summary.created)),
            // What has no title yet is looked for by other means.
            Listing::Title => {
                part.sort_by_cached_key(|summary| (summary.title.is_empty(), summary.title.to_lowercase()));
            }
            Listing::Price => part.sort_by_key(|summary| Reverse(summary.cost_eur)),
            Listing::Size => part.sort_by_key(|summary| Reverse(summary.messages)),
        }
    }
}

/// Orders the list of conversations another way, at the next start, too. Where it is not open, it opens.
pub fn reorder(model: &mut Model) -> Vec<Effect> {
    let is_open =
        |overlay: &Overlay| matches!(overlay, Overlay::List(list) if list.kind == ListKind::Conversations);
    if !model.overlays.last().is_some_and(is_open) {
        return open(model);
    }
    model.choices.listing = model.choices.listing.next();
    lists::refill(model);
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        // Another order is looked at from its top.
        list.select(isize::MIN);
    }
    let told = match model.choices.listing {
        Listing::Changed => t!("app-listing-changed"),
        Listing::Made => t!("app-listing-made"),
        Listing::Title => t!("app-group-by-title"),
        Listing::Price => t!("app-group-by-price"),
        Listing::Size => t!("app-group-by-size"),
    };
    vec![Effect::SaveChoices(model.choices.clone()), model.notify(told, Mood::Plain)]
}

fn group_name(group: DateGroup) -> Safe {
    match group {
        DateGroup::Today => t!("app-group-today"),
        DateGroup::Yesterday => t!("app-group-yesterday"),
        DateGroup::Last7Days => t!("app-group-7-days"),
        DateGroup::Last30Days => t!("app-group-30-days"),
        DateGroup::Month(std::cmp::Reverse((year, month))) => {
            t!("app-group-month", month = i64::from(month), year = year.to_string())
        }
    }
}

/// What is in the trash, the last deleted first.
pub fn trash(model: &Model) -> Vec<Entry> {
    let facts: Vec<[String; 3]> = model
        .trash
        .iter()
        .map(|thing| {
            let kind = if thing.message.is_some() { t!("app-trash-branch") } else { Safe::default() };
            [
                kind.into_string(),
                t!("app-messages", count = thing.messages).into_string(),
                age(model.now, thing.deleted).into_string(),
            ]
        })
        .collect();
    let columns = Columns::of(&facts);
    let entry = |(thing, facts): (&Trashed, &[String; 3])| Entry {
        detail: columns.line(facts),
        about: sanitise_line(&day(thing, &model.zone)),
        ..Entry::new(Choice::Trashed(thing.id), title_or_untitled(&thing.title))
    };
    model.trash.iter().zip(&facts).map(entry).collect()
}

fn day(thing: &Trashed, zone: &TimeZone) -> String {
    let deleted = thing.deleted.to_zoned(zone.clone());
    t!("app-trash-deleted", day = deleted.strftime("%Y-%m-%d %H:%M").to_string()).into_string()
}

/// Opens the list, without the archive.
pub fn open(model: &mut Model) -> Vec<Effect> {
    model.listed = Place::Unarchived;
    lists::open_list(model, ListKind::Conversations);
    vec![Effect::ListConversations]
}

/// Opens the trash.
pub fn open_trash(model: &mut Model) -> Vec<Effect> {
    lists::open_list(model, ListKind::Trash);
    vec![Effect::ListTrash]
}

/// From the list to the archive, and back.
pub fn toggle_archive(model: &mut Model) -> Vec<Effect> {
    model.listed = match model.listed {
        Place::Unarchived | Place::Anywhere => Place::Archived,
        Place::Archived => Place::Unarchived,
    };
    lists::refill(model);
    Vec::new()
}

/// Keeps a conversation at the top, or lets it go.
pub fn pin(model: &mut Model, id: ConversationId) -> Vec<Effect> {
    let shelf = shelf_of(model, id);
    let change = if shelf.pinned { ShelfChange::Unpin } else { ShelfChange::Pin };
    let told = if shelf.pinned { t!("app-unpinned") } else { t!("app-pinned") };
    let mut effects = vec![model.notify(told, Mood::Plain)];
    effects.extend(changed(model, id, [change]));
    // Where it stands among the rest is the storage's to say.
    if effects.last() != Some(&Effect::ListConversations) {
        effects.push(Effect::ListConversations);
    }
    effects
}

/// Puts a conversation in the archive, or takes it out.
pub fn archive(model: &mut Model, id: ConversationId) -> Vec<Effect> {
    let shelf = shelf_of(model, id);
    let (change, told) = if shelf.archived {
        (ShelfChange::Unarchive, t!("app-unarchived"))
    } else {
        (ShelfChange::Archive, t!("app-archived"))
    };
    let mut effects = vec![model.notify(told, Mood::Plain)];
    effects.extend(changed(model, id, [change]));
    effects
}

/// Asks for a conversation's tags.
pub fn ask_tags(model: &mut Model, id: ConversationId) {
    let tags = shelf_of(model, id).tags;
    model.overlays.push(Overlay::Form(Form::tags(id, &tags)));
}

/// Gives a conversation these tags, written with commas between them.
pub fn set_tags(model: &mut Model, id: ConversationId, written: &str) -> Vec<Effect> {
    let before = shelf_of(model, id);
    let wanted: Vec<String> = written.split(',').filter_map(shelf::tag).collect();
    let lower = |tag: &String| tag.to_lowercase();
    let without = |tags: &[String], others: &[String]| -> Vec<String> {
        let others: Vec<String> = others.iter().map(lower).collect();
        tags.iter().filter(|tag| !others.contains(&lower(tag))).cloned().collect()
    };
    let gone = without(&before.tags, &wanted).into_iter().map(ShelfChange::Untag);
    let new = without(&wanted, &before.tags).into_iter().map(ShelfChange::Tag);
    let changes: Vec<ShelfChange> = gone.chain(new).collect();
    changed(model, id, changes)
}

/// Asks for another title.
pub fn ask_title(model: &mut Model, id: ConversationId) {
    let here = model.panes.opened(&model.open, id).map(|opened| opened.conversation.title.as_str());
    let listed = || model.conversations.iter().find(|summary| summary.id == id);
    let title = here.or_else(|| listed().map(|summary| summary.title.as_str())).unwrap_or_default();
    let form = Form::rename(id, title);
    model.overlays.push(Overlay::Form(form));
}

/// Opens a conversation in a new pane.
pub fn open_beside(model: &mut Model, id: ConversationId) -> Vec<Effect> {
    let before = model.pane.id;
    let mut effects = panes::split(model, panes::roomier(model));
    if model.pane.id != before {
        effects.extend(conversation::open_conversation(model, id));
    }
    effects
}

/// Where a conversation stands. One that is younger than the list stands where all begin.
fn shelf_of(model: &Model, id: ConversationId) -> Shelf {
    let listed = model.conversations.iter().find(|summary| summary.id == id);
    listed.map(|summary| summary.shelf.clone()).unwrap_or_default()
}

/// Shows changes at once and orders them.
fn changed(
    model: &mut Model,
    id: ConversationId,
    changes: impl IntoIterator<Item = ShelfChange>,
) -> Vec<Effect> {
    let mut effects = Vec::new();
    for change in changes {
        if let Some(summary) = model.conversations.iter_mut().find(|summary| summary.id == id) {
            apply(&mut summary.shelf, &change);
        }
        effects.push(Effect::ChangeShelf { conversation: id, change });
    }
    if !effects.is_empty() && !model.conversations.iter().any(|summary| summary.id == id) {
        effects.push(Effect::ListConversations);
    }
    lists::refill(model);
    effects
}

fn apply(shelf: &mut Shelf, change: &ShelfChange) {
    match change {
        ShelfChange::Pin => shelf.pinned = true,
        ShelfChange::Unpin => shelf.pinned = false,
        ShelfChange::Archive => shelf.archived = true,
        ShelfChange::Unarchive => shelf.archived = false,
        ShelfChange::Tag(tag) => {
            shelf.tags.push(tag.clone());
            shelf.tags.sort_by_key(|tag| tag.to_lowercase());
        }
        ShelfChange::Untag(tag) => shelf.tags.retain(|other| other != tag),
    }
}

#[cfg(test)]
mod tests;
