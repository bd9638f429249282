//! Lays one configuration over another.
//!
//! Maps merge key by key, lists of named things by name, everything else is replaced. What is laid over
//! comes first, so that a person's endpoints stand before the built-in ones.

use super::node::{Entry, Node, Value};

/// Lists whose items are told apart by a key, and that key.
const NAMED_LISTS: &[(&str, &str)] = &[("custom", "name"), ("keys", "label")];

/// `over` laid over `base`.
pub(super) fn merge(base: Node, over: Node) -> Node {
    match (base.value, over.value) {
        (Value::Map(base), Value::Map(over_entries)) => {
            Node { at: over.at, value: Value::Map(merge_entries(base, over_entries)) }
        }
        // `endpoints:` with nothing below it is a heading, not a wish for no endpoints.
        (value @ (Value::Map(_) | Value::List(_)), Value::Null) => Node { at: base.at, value },
        (_, value) => Node { at: over.at, value },
    }
}

fn merge_entries(mut base: Vec<Entry>, over: Vec<Entry>) -> Vec<Entry> {
    let mut merged: Vec<Entry> = over
        .into_iter()
        .map(|entry| match base.iter().position(|below| below.key == entry.key) {
            Some(index) => merge_entry(base.remove(index), entry),
            None => entry,
        })
        .collect();
    merged.append(&mut base);
    merged
}

fn merge_entry(base: Entry, over: Entry) -> Entry {
    let id = NAMED_LISTS.iter().find(|(list, _)| *list == over.key).map(|(_, id)| *id);
    let value = match (id, base.value, over.value) {
        (Some(id), Node { value: Value::List(base), .. }, Node { at, value: Value::List(over) }) => {
            Node { at, value: Value::List(merge_named(base, over, id)) }
        }
        (_, base, over) => merge(base, over),
    };
    Entry { key: over.key, at: over.at, value }
}

/// Items of the same name become one. A name that differs only in case is the same, unless another item has
/// it exactly: `groq` in somebody's file means the built-in `Groq`.
fn merge_named(base: Vec<Node>, over: Vec<Node>, id: &str) -> Vec<Node> {
    let name = |node: &Node| node.get(id).and_then(Node::text).map(ToOwned::to_owned);
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
                    name.as_ref().is_some_and(|below| below.eq_ignore_ascii_case(wanted))
                        && !taken.contains(name)
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
