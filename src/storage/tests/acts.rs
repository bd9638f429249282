//! Whatever is done, and wherever the process or the power goes away: no message is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proptest::prelude::*;

use super::super::rows;
use super::{BEGUN, Disk, conversation, live, mid, time};
use crate::chat::tree::tests::message;
use crate::chat::{Conversation, ConversationId, Message, MessageId, Part, Status, StreamEvent, Tree};
use crate::storage::Store;

/// Something a person does; numbers pick what it is done to.
#[derive(Clone, Debug)]
enum Act {
    /// A message below another: an edit or another answer where that has a child already.
    Add(usize),
    /// A turn to its end, to its failure before any text, or left in the middle.
    Turn(usize, Option<Status>),
    Revise(usize),
    Delete(usize),
    DeleteAll(usize),
    Restore(usize),
    Choose(usize),
    PutFirst(usize),
    Fork(usize),
    Import,
}

fn act() -> impl Strategy<Value = Act> {
    let ends = prop_oneof![Just(Some(Status::Complete)), Just(Some(Status::Failed)), Just(None)];
    prop_oneof![
        4 => any::<usize>().prop_map(Act::Add),
        3 => (any::<usize>(), ends).prop_map(|(at, end)| Act::Turn(at, end)),
        1 => any::<usize>().prop_map(Act::Revise),
        2 => any::<usize>().prop_map(Act::Delete),
        1 => any::<usize>().prop_map(Act::DeleteAll),
        2 => any::<usize>().prop_map(Act::Restore),
        1 => any::<usize>().prop_map(Act::Choose),
        1 => any::<usize>().prop_map(Act::PutFirst),
        1 => any::<usize>().prop_map(Act::Fork),
        1 => Just(Act::Import),
    ]
}

/// A store, and how many ids were given.
struct Person {
    store: Store,
    ids: u128,
}

impl Person {
    fn new_id(&mut self) -> u128 {
        self.ids += 1;
        self.ids
    }

    fn conversations(&self) -> Vec<Conversation> {
        let list = self.store.list(None).unwrap();
        list.iter().map(|summary| self.store.load(summary.id).unwrap()).collect()
    }

    /// A message that is there, and its conversation.
    fn pick(&self, at: usize) -> Option<(Conversation, MessageId)> {
        let all: Vec<(ConversationId, MessageId)> = self
            .conversations()
            .iter()
            .flat_map(|told| told.tree.walk().into_iter().map(|message| (told.id, message.id)))
            .collect();
        let (conversation, message) = *all.get(at.checked_rem(all.len())?)?;
        Some((self.store.load(conversation).unwrap(), message))
    }

    /// Does it, where there is something to do it to.
    fn act(&mut self, act: &Act) -> Option<()> {
        match act {
            Act::Add(at) => {
                let (told, above) = self.pick(*at)?;
                let added = message(self.new_id(), Some(above.0.as_u128()), "added");
                self.store.add_message(told.id, &added).unwrap();
            }
            Act::Turn(at, end) => {
                let (told, above) = self.pick(*at)?;
                let answer = live(self.new_id(), above.0.as_u128());
                self.store.begin_turn(told.id, None, None, &answer, BEGUN).unwrap();
                if *end != Some(Status::Failed) {
                    self.store.append_chunk(answer.id, &[StreamEvent::Text("said".into())], time(7)).unwrap();
                }
                if let Some(status) = *end {
                    let words = Some(Part::Text { text: "said".into() });
                    let parts = words.filter(|_| status != Status::Failed).into_iter().collect();
                    self.store.end_answer(told.id, &Message { status, parts, ..answer }).unwrap();
                }
            }
            Act::Revise(at) => {
                let (told, id) = self.pick(*at)?;
                if told.tree.get(id)?.status != Status::Streaming {
                    let parts = [Part::Text { text: format!("revised {}", self.new_id()) }];
                    self.store.revise(told.id, id, &parts, time(8)).unwrap();
                }
            }
            Act::Delete(at) => {
                let (told, id) = self.pick(*at)?;
                self.store.trash(told.id, Some(id), time(9)).unwrap();
            }
            Act::DeleteAll(at) => {
                let (told, _) = self.pick(*at)?;
                self.store.trash(told.id, None, time(9)).unwrap();
            }
            Act::Restore(at) => {
                let trashed = self.store.trashed().unwrap();
                let entry = trashed.get(at.checked_rem(trashed.len())?)?;
                self.store.restore(&entry.id.to_string()).unwrap();
            }
            Act::Choose(at) => {
                let (mut told, id) = self.pick(*at)?;
                self.store.choose(told.id, &told.tree.choose(id)).unwrap();
            }
            Act::PutFirst(at) => {
                let (mut told, id) = self.pick(*at)?;
                self.store.set_ranks(told.id, &told.tree.put_first(id)).unwrap();
            }
            Act::Fork(at) => {
                let (told, id) = self.pick(*at)?;
                let mut copy = conversation(self.new_id(), "fork");
                let mut parent = None;
                for message in told.tree.path(id).into_iter().filter_map(|id| told.tree.get(id)) {
                    let id = mid(self.new_id());
                    // A copy of a live answer has no process of its own.
                    copy.tree.add(Message { id, parent, status: Status::Complete, ..message.clone() });
                    parent = Some(id);
                }
                self.store.import(&copy).unwrap();
            }
            Act::Import => {
                let (first, second) = (self.new_id(), self.new_id());
                let orphan = message(self.new_id(), Some(9_999), "");
                let messages = [message(first, None, ""), message(second, Some(first), ""), orphan];
                let told =
                    Conversation { tree: Tree::build(messages, []), ..conversation(self.new_id(), "import") };
                self.store.import(&told).unwrap();
            }
        }
        Some(())
    }
}

/// Every message that is stored; fails unless each is in a tree or in the trash, behind its parent.
fn stored_messages(store: &Store) -> BTreeSet<u128> {
    let mut reachable = BTreeSet::new();
    for summary in store.list(None).unwrap() {
        let told = store.load(summary.id).unwrap();
        let walked = told.tree.walk();
        let mut before = BTreeSet::new();
        for message in &walked {
            assert!(message.parent.is_none_or(|parent| before.contains(&parent)), "{:?}", message.id);
            before.insert(message.id);
        }
        assert_eq!(walked.len(), told.tree.len());
        assert_eq!(
            (summary.messages, summary.branches),
            (walked.len() as u64, told.tree.branch_count() as u64)
        );
        let cost = walked
            .iter()
            .filter_map(|message| message.provenance.as_ref()?.cost_eur)
            .map(crate::chat::Money::nanos)
            .sum::<i64>();
        assert_eq!(summary.cost_eur.map_or(0, crate::chat::Money::nanos), cost);
        assert_eq!(store.load_tail(told.id, 999).unwrap().tree.leaf(), told.tree.leaf());
        reachable.extend(walked.iter().map(|message| message.id.0.as_u128()));
    }
    let ids = |sql: &str| -> BTreeSet<u128> {
        let mut statement = store.db.prepare(sql).unwrap();
        let ids = statement.query_map([], |row| rows::message_id(row, 0)).unwrap();
        ids.map(|id| id.unwrap().0.as_u128()).collect()
    };
    let trashed = ids("SELECT m.id FROM messages m JOIN conversations c ON c.seq = m.conversation \
                       JOIN trash t ON t.id = coalesce(m.trash, c.trash)");
    let all = ids("SELECT id FROM messages");
    assert!(reachable.is_disjoint(&trashed));
    assert_eq!(reachable.union(&trashed).copied().collect::<BTreeSet<_>>(), all);
    let behind = ids("SELECT m.id FROM messages m JOIN messages p ON p.id = m.parent WHERE p.seq >= m.seq \
                      OR p.conversation <> m.conversation");
    assert_eq!(behind, BTreeSet::new());
    all
}

/// What a crash leaves after this many bytes of the log: opened again.
fn after_crash(disk: &Disk, log: &[u8], database: &Path) -> Store {
    std::fs::create_dir_all(database.parent().unwrap()).unwrap();
    std::fs::copy(disk.path(), database).unwrap();
    std::fs::write(database.with_file_name("loquat.db-wal"), log).unwrap();
    Store::open(database, time(1000), |_| {}).unwrap()
}

const LOG_HEADER: usize = 32;
const FRAME: usize = 24 + 4096;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_sequence_of_acts_and_no_crash_between_two_writes_loses_a_message(
        acts in prop::collection::vec(act(), 1..24),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let disk = Disk::new();
        let mut person = Person { store: disk.open(), ids: 10 };
        // Everything stays in the log, so that a piece of it is what was written before a crash.
        person.store.db.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        person.act(&Act::Import);
        let log = disk.path().with_file_name("loquat.db-wal");
        let length = || std::fs::metadata(&log).unwrap().len();
        // What was stored when the log had this length.
        let mut known = BTreeMap::from([(length(), stored_messages(&person.store))]);
        for act in &acts {
            person.act(act);
            let now = stored_messages(&person.store);
            let before = known.values().next_back().unwrap();
            prop_assert!(before.is_subset(&now), "{act:?}");
            known.insert(length(), now);
        }
        let written = std::fs::read(&log).unwrap();
        let frames = (written.len() - LOG_HEADER) / FRAME;
        for (n, cut) in cuts.iter().enumerate() {
            let end = LOG_HEADER + FRAME * (cut.index(frames) + 1);
            let folder = disk.folder.path().join(format!("crash {n}"));
            let store = after_crash(&disk, &written[..end], &folder.join("loquat.db"));
            let left = stored_messages(&store);
            let committed = known.range(..=end as u64).next_back();
            prop_assert!(committed.is_none_or(|(_, ids)| ids.is_subset(&left)));
            prop_assert!(left.is_subset(known.values().next_back().unwrap()));
        }
    }
}
