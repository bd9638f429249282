//! Lays one configuration over another.
//!
//! Maps merge key by key, lists of named things by name, everything else is replaced. What is laid over
//! comes first, so that a person's endpoints stand before the built-in ones.

use super::node::{Entry, Node, Value};

/// A list whose items are told apart by a key.
struct NamedList {
    /// The key that the list stands below.
    below: &'static str,
    list: &'static str,
    id: &'static str,
    same: fn(&str, &str) -> bool,
}

/// Names of people's making: `groq` in somebody's file means the built-in `Groq`.
fn in_any_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Names that are looked up as they are written.
fn exactly(a: &str, b: &str) -> bool {
    a == b
}

/// Stands for any key.
const ANYTHING: &str = "";

const NAMED_LISTS: &[NamedList] = &[
    NamedList { below: "endpoints", list: "custom", id: "name", same: in_any_case },
    NamedList { below: ANYTHING, list: "keys", id: "label", same: in_any_case },
    NamedList { below: ANYTHING, list: "budgets", id: "name", same: exactly },
    NamedList { below: "router", list: "models", id: "name", same: exactly },
];

/// `over` laid over `base`.
pub(super) fn merge(base: Node, over: Node) -> Node {
    merge_below(ANYTHING, base, over)
}

/// The same, of what stands below `key`.
fn merge_below(key: &str, base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (Value::Map(base), Value::Map(over_entries)) => {
            Node { at: over.at, value: Value::Map(merge_entries(key, base, over_entries)) }
        }
        // `endpoints:` with nothing below it is a heading, not a wish for no endpoints.
        (value @ (Value::Map(_) | Value::List(_)), Value::Null) => Node { at: base.at, value },
        (_, value) => Node { at: over.at, value },
    }
}

fn merge_entries(key: &str, mut base: Vec<Entry>, over: Vec<Entry>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = over
        .into_iter()
        .map(|entry| match base.iter().position(|below| below.key == entry.key) {
            Some(index) => merge_entry(key, base.remove(index), entry),
            None => entry,
        })
        .collect();
    merged.append(&mut base);
    merged
}

fn merge_entry(below: &str, base: Entry, over: Entry) -> Entry {
    let named = NAMED_LISTS
        .iter()
        .find(|named| named.list == over.key && (named.below == below || named.below == ANYTHING));
    let Entry { key, at, value } = over;
    let value = match (named, base.value, value) {
        (Some(named), Node { value: Value::List(base), .. }, Node { at, value: Value::List(over) }) => {
            Node { at, value: Value::List(merge_named(base, over, named)) }
        }
        (_, base, over) => merge_below(&key, base, over),
    };
    Entry { key, at, value }
}

/// Items of the same name become one. A name that is nearly the same is, unless another item has it exactly.
fn merge_named(base: Vec<Node>, over: Vec<Node>, named: &NamedList) -> Vec<Node> {
    let name = |node: &Node| node.get(named.id).and_then(Node::text).map(ToOwned::to_owned);
    let taken: Vec<Option<String>> = over.iter().map(name).collect();
    let mut base: Vec<(Option<String>, Node)> = base.into_iter().map(|node| (name(&node), node)).collect();
    let mut merged: Vec<Node> = over
        .into_iter()
        .zip(&taken)
        .map(|(item, wanted)| {
            let Some(wanted) = wanted else { return item };
            let exactly = base.iter().position(|(name, _)| name.as_ref() == Some(wanted));
            let nearly = || {
                base.iter().position(|(name, _)| {
                    name.as_ref().is_some_and(|below| (named.same)(below, wanted)) && !taken.contains(name)
                })
            };
            match exactly.or_else(nearly) {
                Some(index) => merge(base.remove(index).1, item),
                None => item,
            }
        })
        .collect();
    merged.extend(base.into_iter().map(|(_, node)| node));
    merged
}
