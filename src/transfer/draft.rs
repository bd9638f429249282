//! A tree from messages that name each other by any ids.
//!
//! Other programs' ids may be anything, and siblings of ours stand in the order of their ids. So every message gets
//! an id that follows its parent's and its elder sibling's, made from the conversation's id and the message's place:
//! the same file gives the same tree. Only where all ids of a file are ordered in time already (UUID v7, as ours
//! are) are they kept.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid, Version};

use super::import::{Complaint, Format, Imported, What};
use super::json;
use crate::chat::summary::renamed;
use crate::chat::{
    Conversation, ConversationId, Kept, Message, MessageId, Part, Provenance, Revision, Role, Route,
    Settings, Status, Tree,
};

/// The message that one answers, as a file tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// None: it begins a tree.
    Root,
    /// The one with this id.
    Id(String),
    /// The one at this place in the list.
    At(usize),
}

/// A message as a file tells it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub id: String,
    pub parent: Parent,
    pub role: Role,
    pub parts: Vec<Part>,
    pub status: Status,
    pub route: Option<Route>,
    pub provenance: Option<Provenance>,
    pub created: Option<Timestamp>,
}

impl Draft {
    /// A whole message.
    pub fn new(id: impl Into<String>, parent: Parent, role: Role, parts: Vec<Part>) -> Self {
        Self {
            id: id.into(),
            parent,
            role,
            parts,
            status: Status::Complete,
            route: None,
            provenance: (role == Role::Assistant).then(Provenance::default),
            created: None,
        }
    }
}

/// What a file tells of a conversation besides its messages.
pub(super) struct Head {
    pub format: Format,
    /// Its id there, where it has one.
    pub id: Option<String>,
    pub title: String,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub settings: Settings,
    /// The last message of the chosen branch.
    pub leaf: Option<String>,
}

/// The conversation of these messages; siblings are told oldest first. `text` is all of it as it stands in the file,
/// to tell it by where it has no id. A message without a time has its parent's and a little more.
pub(super) fn build(
    head: Head,
    drafts: Vec<Draft>,
    mut complaints: Vec<Complaint>,
    text: &str,
    now: Timestamp,
) -> Imported {
    let id = conversation_id(head.format, head.id.as_deref(), text);
    let parents = parents(&drafts, &mut complaints);
    let order = parents_first(&parents);
    let base = head.created.or_else(|| drafts.iter().filter_map(|draft| draft.created).min()).unwrap_or(now);

    let mut times: Vec<Timestamp> = vec![base; drafts.len()];
    for &at in &order {
        let above = parents[at].map(|parent| times[parent]);
        times[at] = drafts[at].created.or(above.map(a_little_later)).unwrap_or(base);
    }
    let ids = kept_ids(&drafts).unwrap_or_else(|| message_ids(id, &parents, &order, &times));
    let leaf = head.leaf.and_then(|leaf| drafts.iter().position(|draft| draft.id == leaf)).map(|at| ids[at]);
    let updated = head.updated.or_else(|| times.iter().copied().max()).unwrap_or(base);
    let messages = drafts.into_iter().enumerate().map(|(at, draft)| Message {
        id: ids[at],
        parent: parents[at].map(|parent| ids[parent]),
        role: draft.role,
        parts: draft.parts,
        status: draft.status,
        route: draft.route,
        provenance: draft.provenance,
        created: times[at],
    });
    let mut tree = Tree::build(messages, []);
    if let Some(leaf) = leaf {
        tree.choose(leaf);
    }
    let Head { title, settings, .. } = head;
    let conversation = Conversation { id, title, created: base, updated: updated.max(base), settings, tree };
    Imported { conversation, kept: Kept::default(), complaints }
}

/// The same conversation under this id, with other ids for its messages, and what is kept of it under those.
pub(super) fn renumbered(conversation: Conversation, kept: Kept, id: ConversationId) -> (Conversation, Kept) {
    // By age: which sibling is the youngest decides what is chosen where nothing was.
    let by_age = Tree::build(conversation.tree.walk().into_iter().cloned(), []);
    let walked = by_age.walk();
    let places: HashMap<MessageId, usize> =
        walked.iter().enumerate().map(|(at, message)| (message.id, at)).collect();
    let parents: Vec<Option<usize>> =
        walked.iter().map(|message| places.get(&message.parent?).copied()).collect();
    let times: Vec<Timestamp> = walked.iter().map(|message| message.created).collect();
    let order: Vec<usize> = (0..walked.len()).collect();
    let ids = message_ids(id, &parents, &order, &times);
    let new = |old: MessageId| places.get(&old).map(|&at| ids[at]);
    let messages = walked.iter().zip(&ids).map(|(message, &id)| Message {
        id,
        parent: message.parent.and_then(new),
        parts: renamed(message.parts.clone(), new),
        ..Message::clone(message)
    });
    let choices =
        conversation.tree.choices().filter_map(|(parent, child)| Some((parent.and_then(new), new(child)?)));
    let tree = &conversation.tree;
    let ranks = tree.ranks().filter_map(|(of, rank)| Some((new(of)?, rank)));
    let marks = tree.marks().filter_map(|(of, mark)| Some((new(of)?, mark.clone())));
    let rules = tree.rules().filter_map(|(from, of, presence)| Some((new(from)?, new(of)?, presence)));
    let former = |revision: Revision| Revision { parts: renamed(revision.parts, new), ..revision };
    let revisions = kept
        .revisions
        .into_iter()
        .filter_map(|(of, versions)| Some((new(of)?, versions.into_iter().map(former).collect())));
    let kept = Kept { revisions: revisions.collect(), ..kept };
    let tree = Tree::build(messages, choices).with_order(ranks).with_marks(marks).with_rules(rules);
    (Conversation { id, tree: json::counted(tree, &kept.revisions), ..conversation }, kept)
}

/// The same file gives the same id. One of ours, made here or for an earlier import, is kept.
fn conversation_id(format: Format, id: Option<&str>, text: &str) -> ConversationId {
    if let Some(id) = id.and_then(|id| of_version(id, &[Version::SortRand, Version::Custom])) {
        return ConversationId(id);
    }
    let mut hash = Sha256::new();
    hash.update(format.name());
    match id {
        Some(id) => hash.update(["\0id\0", id].concat()),
        None => hash.update(["\0text\0", text].concat()),
    }
    ConversationId(Builder::from_custom_bytes(first(&hash.finalize())).into_uuid())
}

fn of_version(id: &str, versions: &[Version]) -> Option<Uuid> {
    Uuid::parse_str(id).ok().filter(|id| id.get_version().is_some_and(|version| versions.contains(&version)))
}

/// The ids of the file, where all of them sort by time and no two are alike.
fn kept_ids(drafts: &[Draft]) -> Option<Vec<MessageId>> {
    let ids: Vec<MessageId> = drafts
        .iter()
        .map(|draft| of_version(&draft.id, &[Version::SortRand]).map(MessageId))
        .collect::<Option<_>>()?;
    let different = ids.iter().collect::<HashSet<_>>().len() == ids.len();
    different.then_some(ids)
}

/// Ids that sort after the parent's and the elder sibling's. `order` has parents first and siblings oldest first.
fn message_ids(
    conversation: ConversationId,
    parents: &[Option<usize>],
    order: &[usize],
    times: &[Timestamp],
) -> Vec<MessageId> {
    let mut ids = vec![MessageId(Uuid::nil()); parents.len()];
    let mut milliseconds = vec![0_u64; parents.len()];
    let mut youngest: HashMap<Option<usize>, u64> = HashMap::new();
    for &at in order {
        let parent = parents[at];
        let before = [parent.map(|parent| milliseconds[parent]), youngest.get(&parent).copied()];
        let earliest = before.into_iter().flatten().max().map_or(0, |before| before + 1);
        let told = u64::try_from(times[at].as_millisecond()).unwrap_or_default();
        milliseconds[at] = told.max(earliest);
        youngest.insert(parent, milliseconds[at]);
        let mut hash = Sha256::new();
        hash.update(conversation.0.as_bytes());
        hash.update(at.to_be_bytes());
        let random = first(&hash.finalize());
        ids[at] = MessageId(Builder::from_unix_timestamp_millis(milliseconds[at], &random).into_uuid());
    }
    ids
}

fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

fn a_little_later(time: Timestamp) -> Timestamp {
    time.checked_add(SignedDuration::from_millis(1)).unwrap_or(time)
}

/// The place of each message's parent, circles cut open at their first message.
fn parents(drafts: &[Draft], complaints: &mut Vec<Complaint>) -> Vec<Option<usize>> {
    let mut complain =
        |at: usize, what: What| complaints.push(Complaint { message: Some(drafts[at].id.clone()), what });
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        if places.contains_key(draft.id.as_str()) {
            complain(at, What::SameId);
        } else {
            places.insert(&draft.id, at);
        }
    }
    let mut parents = Vec::with_capacity(drafts.len());
    for (at, draft) in drafts.iter().enumerate() {
        let parent = match &draft.parent {
            Parent::Root => None,
            Parent::At(place) => Some(*place).filter(|place| *place < drafts.len()),
            Parent::Id(id) => places.get(id.as_str()).copied(),
        };
        if parent.is_none() && draft.parent != Parent::Root {
            complain(at, What::ParentMissing);
        }
        parents.push(parent);
    }
    for at in circles(&parents) {
        parents[at] = None;
        complain(at, What::Circle);
    }
    parents
}

/// The first message of each circle. Every way up is walked once.
fn circles(parents: &[Option<usize>]) -> Vec<usize> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        OnTheWay,
        Done,
    }
    let mut seen = vec![Seen::Not; parents.len()];
    let mut cut = Vec::new();
    for start in 0..parents.len() {
        let mut way = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next.filter(|&at| seen[at] == Seen::Not) {
            seen[at] = Seen::OnTheWay;
            way.push(at);
            next = parents[at];
        }
        if let Some(met) = next.filter(|&at| seen[at] == Seen::OnTheWay) {
            cut.extend(way.iter().copied().skip_while(|&at| at != met).min());
        }
        for at in way {
            seen[at] = Seen::Done;
        }
    }
    cut
}

/// All places, parents before their children and siblings in the order of the list.
fn parents_first(parents: &[Option<usize>]) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); parents.len()];
    let mut open = Vec::new();
    for (at, parent) in parents.iter().enumerate().rev() {
        match parent {
            Some(parent) => children[*parent].push(at),
            None => open.push(at),
        }
    }
    let mut order = Vec::with_capacity(parents.len());
    while let Some(at) = open.pop() {
        order.push(at);
        open.append(&mut children[at]);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(id: Option<&str>) -> Head {
        Head {
            format: Format::LibreChat,
            id: id.map(str::to_owned),
            title: String::new(),
            created: None,
            updated: None,
            settings: Settings::default(),
            leaf: None,
        }
    }

    fn draft(id: &str, parent: Option<&str>) -> Draft {
        let parent = parent.map_or(Parent::Root, |parent| Parent::Id(parent.to_owned()));
        Draft::new(id, parent, Role::User, vec![Part::Text { text: id.to_owned() }])
    }

    /// Each message as (its text, its parent's text), as the tree is walked.
    fn links(imported: &Imported) -> Vec<(String, Option<String>)> {
        let tree = &imported.conversation.tree;
        let text = |id| tree.get(id).map(Message::text);
        tree.walk().iter().map(|message| (message.text(), message.parent.and_then(text))).collect()
    }

    fn built(links: &[(&str, Option<&str>)]) -> Imported {
        let drafts = links.iter().map(|&(id, parent)| draft(id, parent)).collect();
        build(head(Some("c")), drafts, Vec::new(), "", Timestamp::UNIX_EPOCH)
    }

    fn complaint(message: &str, what: What) -> Complaint {
        Complaint { message: Some(message.to_owned()), what }
    }

    #[test]
    fn siblings_keep_the_order_of_the_file_and_children_follow_their_parents() {
        let read = built(&[("b", Some("a")), ("z", Some("a")), ("a", None), ("c", Some("a"))]);
        let told = links(&read);
        let told: Vec<_> = told.iter().map(|(text, parent)| (text.as_str(), parent.as_deref())).collect();
        assert_eq!(told, [("a", None), ("b", Some("a")), ("z", Some("a")), ("c", Some("a"))]);
        assert_eq!(read.complaints, []);
    }

    #[test]
    fn orphans_circles_and_equal_ids_lose_nothing_and_are_told() {
        let read = built(&[
            ("a", Some("gone")),
            ("b", Some("c")),
            ("c", Some("b")),
            ("d", Some("c")),
            ("e", Some("e")),
            ("a", Some("a")),
        ]);
        assert_eq!(read.conversation.tree.len(), 6);
        assert_eq!(
            read.complaints,
            [
                complaint("a", What::SameId),
                complaint("a", What::ParentMissing),
                complaint("b", What::Circle),
                complaint("e", What::Circle),
            ]
        );
        let roots = read.conversation.tree.children(None).len();
        assert_eq!(roots, 3);
    }

    #[test]
    fn the_same_file_gives_the_same_ids_and_another_conversation_gives_others() {
        let ids = |read: &Imported| -> Vec<MessageId> {
            read.conversation.tree.walk().iter().map(|message| message.id).collect()
        };
        let (one, again) = (built(&[("a", None), ("b", Some("a"))]), built(&[("a", None), ("b", Some("a"))]));
        assert_eq!(one, again);
        let copy = again.copied(ConversationId(Uuid::from_u128(7)));
        assert_eq!(links(&one), links(&copy));
        assert!(ids(&one).iter().all(|id| !ids(&copy).contains(id)));
        let other = build(head(None), vec![draft("a", None)], Vec::new(), "x", Timestamp::UNIX_EPOCH);
        assert_ne!(other.conversation.id, one.conversation.id);
    }

    #[test]
    fn ids_that_sort_by_time_are_kept() {
        let own = "01934d4e-0000-7000-8000-000000000001";
        let read = build(head(Some(own)), vec![draft(own, None)], Vec::new(), "", Timestamp::UNIX_EPOCH)
            .conversation;
        assert_eq!(
            (read.id.to_string(), read.tree.branch()[0].to_string()),
            (own.to_owned(), own.to_owned())
        );
    }

    #[test]
    fn a_missing_time_is_the_parents_and_a_little_more() {
        let mut told = draft("a", None);
        told.created = Timestamp::from_second(9).ok();
        let drafts = vec![draft("b", Some("a")), told];
        let read = build(head(None), drafts, Vec::new(), "", Timestamp::UNIX_EPOCH).conversation;
        let times: Vec<i64> =
            read.tree.walk().iter().map(|message| message.created.as_millisecond()).collect();
        assert_eq!(
            (times, read.created, read.updated.as_millisecond()),
            (vec![9000, 9001], Timestamp::from_second(9).unwrap(), 9001)
        );
    }
}
