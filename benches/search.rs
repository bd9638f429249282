//! Search in 100,000 messages of 2,000 conversations, and the list of these: milliseconds of many queries of a kind,
//! of each the quickest of five.
//!
//! A table of percentiles is what is wanted here, and not the mean of one query repeated, so this bench reports for
//! itself. The corpus is the same every time: words by Zipf's law, the common ones short, and one message in ten of
//! CJK characters by the same law.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]
#![expect(clippy::print_stdout, reason = "its report")]

use std::collections::HashSet;
use std::time::{Duration, Instant};

use fastrand::Rng;
use jiff::Timestamp;
use loquat::chat::{
    Conversation, ConversationId, Mark, Message, MessageId, Part, Role, Settings, Status, Tree,
};
use loquat::storage::{Order, ShelfChange, Store};
use uuid::Uuid;

const CONVERSATIONS: u128 = 2_000;
const MESSAGES: u128 = 50;
const WORDS: usize = 20_000;
const CHARACTERS: usize = 3_000;
const HITS: usize = 50;

/// What is drawn by Zipf's law.
struct Zipf<T> {
    items: Vec<T>,
    weights: Vec<f64>,
}

impl<T> Zipf<T> {
    fn new(items: Vec<T>) -> Self {
        let weights = (1..=items.len())
            .scan(0.0, |sum, rank| {
                *sum += 1.0 / f64::from(u32::try_from(rank).unwrap());
                Some(*sum)
            })
            .collect();
        Self { items, weights }
    }

    fn draw(&self, rng: &mut Rng) -> &T {
        let at = rng.f64() * self.weights.last().unwrap();
        &self.items[self.weights.partition_point(|weight| *weight < at).min(self.items.len() - 1)]
    }
}

/// Different words, the first ones short.
fn words(rng: &mut Rng) -> Vec<String> {
    const SYLLABLES: [&str; 20] = [
        "ka", "to", "mi", "re", "no", "sa", "li", "pe", "du", "vo", "ga", "zi", "che", "th", "ing", "or",
        "en", "al", "st", "ur",
    ];
    let mut seen = HashSet::new();
    let mut words = Vec::new();
    while words.len() < WORDS {
        let syllables = match words.len() {
            0..100 => 1..3,
            100..1_000 => 2..4,
            _ => 2..6,
        };
        let word: String =
            (0..rng.usize(syllables)).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect();
        let word = if seen.contains(&word) { format!("{word}{}", rng.lowercase()) } else { word };
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

struct Corpus {
    words: Zipf<String>,
    characters: Zipf<char>,
    rng: Rng,
}

impl Corpus {
    fn new() -> Self {
        let mut rng = Rng::with_seed(7);
        let characters =
            (0..CHARACTERS).map(|n| char::from_u32(0x4e00 + u32::try_from(n * 5).unwrap()).unwrap());
        Self { words: Zipf::new(words(&mut rng)), characters: Zipf::new(characters.collect()), rng }
    }

    fn text(&mut self) -> String {
        if self.rng.u8(..10) == 0 {
            return (0..500).map(|_| *self.characters.draw(&mut self.rng)).collect();
        }
        let words: Vec<&str> = (0..90).map(|_| self.words.draw(&mut self.rng).as_str()).collect();
        words.join(" ")
    }

    fn conversation(&mut self, n: u128) -> Conversation {
        let mut message = |m: u128| {
            let id = n * 1_000 + m;
            // Now and then a branch.
            let parent = if m > 4 && self.rng.u8(..10) == 0 { id - 3 } else { id - 1 };
            Message {
                id: MessageId(Uuid::from_u128(id)),
                parent: (m > 1).then(|| MessageId(Uuid::from_u128(parent))),
                role: if m.is_multiple_of(2) { Role::Assistant } else { Role::User },
                parts: vec![Part::Text { text: self.text() }],
                status: Status::Complete,
                route: None,
                provenance: m.is_multiple_of(2).then(Default::default),
                created: Timestamp::from_second(i64::try_from(id).unwrap()).unwrap(),
            }
        };
        let messages: Vec<Message> = (1..=MESSAGES).map(&mut message).collect();
        let tree = Tree::build(messages, []);
        let time = Timestamp::from_second(i64::try_from(n).unwrap()).unwrap();
        Conversation {
            id: ConversationId(Uuid::from_u128(n)),
            title: format!("conversation {n}"),
            created: time,
            updated: time,
            settings: Settings::default(),
            tree,
        }
    }
}

/// One line: how many, median, 95th percentile, worst.
fn report(name: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1e3;
    println!("{name:<44} {:>5} {:>8.2} {:>8.2} {:>8.2}", took.len(), at(50), at(95), at(100));
}

/// The quickest of several, so that what else the machine does counts for little.
fn quickest<R>(mut work: impl FnMut() -> R) -> Duration {
    (0..5).map(|_| timed(&mut work)).min().unwrap_or_default()
}

fn timed<R>(mut work: impl FnMut() -> R) -> Duration {
    let began = Instant::now();
    std::hint::black_box(work());
    began.elapsed()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("loquat.db");
    let mut store = Store::open(&path, Timestamp::UNIX_EPOCH, |_| {}).unwrap();
    let mut corpus = Corpus::new();
    let began = Instant::now();
    for n in 1..=CONVERSATIONS {
        let conversation = corpus.conversation(n);
        store.import(&conversation).unwrap();
        if n.is_multiple_of(5) {
            store
                .change_shelf(conversation.id, &ShelfChange::Tag("work".to_owned()), conversation.created)
                .unwrap();
        }
    }
    let count = CONVERSATIONS * MESSAGES;
    println!(
        "{count} messages stored in {:.1} s; the file has {} MB",
        began.elapsed().as_secs_f64(),
        std::fs::metadata(&path).unwrap().len() / 1_000_000
    );
    println!("{:<44} {:>5} {:>8} {:>8} {:>8}", "milliseconds", "n", "median", "p95", "worst");

    let words = corpus.words.items.clone();
    let characters = corpus.characters.items.clone();
    let closed = |words: &[String]| words.iter().map(|word| format!("{word} ")).collect::<Vec<_>>();
    let prefix = |length: usize| -> Vec<String> {
        words[..100]
            .iter()
            .filter(|word| word.len() >= length)
            .map(|word| word[..length].to_owned())
            .collect()
    };
    let runs = |length: usize| -> Vec<String> {
        let firsts = [0, 1, 2, 3, 5, 9, 20, 60, 300, 2_000];
        firsts
            .iter()
            .flat_map(|a| firsts.iter().map(move |b| [*a, *b, (a + b) / 2, b + 1]))
            .map(|run| run[..length].iter().map(|at| characters[*at]).collect())
            .collect()
    };
    let kinds: Vec<(&str, Vec<String>)> = vec![
        ("the 20 commonest words", closed(&words[..20])),
        ("words of rank 20 to 200", closed(&words[20..200])),
        ("words of rank 1,000 to 1,200", closed(&words[1_000..1_200])),
        ("rare words", closed(&words[15_000..15_200])),
        ("two common words", (0..60).map(|n| format!("{} {} ", words[n], words[n + 7])).collect()),
        (
            "phrases of two common words",
            (0..60).map(|n| format!("\"{} {}\"", words[n], words[n + 3])).collect(),
        ),
        ("2 letters of a common word", prefix(2)),
        ("3 letters of a common word", prefix(3)),
        ("4 letters of a common word", prefix(4)),
        ("a common word, unfinished", words[..100].iter().filter(|word| word.len() > 1).cloned().collect()),
        ("a word of rank 200 to 1,000, unfinished", words[200..1_000].iter().step_by(5).cloned().collect()),
        ("1 CJK character", runs(1)),
        ("2 CJK characters", runs(2)),
        ("3 CJK characters", runs(3)),
        ("4 CJK characters", runs(4)),
    ];
    for (order, name) in [(Order::Newest, "newest first"), (Order::Best, "best first")] {
        let mut all = Vec::new();
        for (kind, queries) in &kinds {
            let took: Vec<Duration> = queries
                .iter()
                .map(|query| quickest(|| store.search_by(query, order, HITS).unwrap()))
                .collect();
            all.extend_from_slice(&took);
            report(&format!("{name}: {kind}"), took);
        }
        report(&format!("{name}: all of these"), all);
    }
    report("the list", (0..50).map(|_| timed(|| store.list(None).unwrap())).collect());

    let long = long_conversation(&mut store, &mut corpus);
    report(
        "10,000 messages, 500 marks, loaded",
        (0..20).map(|_| timed(|| store.load(long).unwrap())).collect(),
    );
    let store = Store::open(&path, Timestamp::UNIX_EPOCH, |_| {}).unwrap();
    report(
        "a first search after opening",
        vec![timed(|| store.search_by(&words[0], Order::Newest, HITS).unwrap())],
    );
}

fn long_conversation(store: &mut Store, corpus: &mut Corpus) -> ConversationId {
    let id = ConversationId(Uuid::from_u128(CONVERSATIONS + 1));
    let mut long = Conversation { id, ..corpus.conversation(CONVERSATIONS + 1) };
    let mut messages = Vec::new();
    for n in 1..=10_000 {
        let number = (CONVERSATIONS + 2) * 1_000_000 + n;
        messages.push(Message {
            id: MessageId(Uuid::from_u128(number)),
            parent: (n > 1).then(|| {
                MessageId(Uuid::from_u128(if n.is_multiple_of(20) { number - 5 } else { number - 1 }))
            }),
            role: if n.is_multiple_of(2) { Role::Assistant } else { Role::User },
            parts: vec![Part::Text { text: corpus.text() }],
            status: Status::Complete,
            route: None,
            provenance: None,
            created: Timestamp::UNIX_EPOCH,
        });
    }
    let marks: Vec<(MessageId, Mark)> = messages
        .iter()
        .step_by(20)
        .map(|message| (message.id, Mark { starred: true, label: Some("label".into()) }))
        .collect();
    let ranks: Vec<(MessageId, i64)> = messages.iter().step_by(40).map(|message| (message.id, -1)).collect();
    long.tree = Tree::build(messages, []).with_marks(marks).with_order(ranks);
    store.import(&long).unwrap();
    id
}
