//! One JSON array whose items come piece by piece: each item is given as soon as it is complete.
//!
//! Nothing of the items is understood here but where they end: strings, escapes and brackets are counted.

use std::ops::ControlFlow;

use super::sse::LONGEST_EVENT;

/// Cuts an array into its items.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    /// What has come of an item that is not complete.
    held: Vec<u8>,
    /// How many brackets are open, the array's own included.
    depth: usize,
    place: Place,
}

/// Where in the JSON the next byte is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Not in a string.
    #[default]
    Plain,
    /// In a string.
    Text,
    /// In a string, after a backslash.
    Escape,
    /// After the array.
    After,
}

impl Splitter {
    /// Takes the next bytes and gives each item that they complete, until told to stop. The bytes begin with
    /// the array's bracket, white space aside. Returns whether the array is complete.
    pub fn push(&mut self, block: &[u8], mut each: impl FnMut(&[u8]) -> ControlFlow<()>) -> bool {
        for byte in block {
            let flow = match (self.place, byte) {
                (Place::After, _) => return true,
                (Place::Text, b'\\') => self.hold(*byte, Place::Escape),
                (Place::Text, b'"') => self.hold(*byte, Place::Plain),
                (Place::Text | Place::Escape, _) => self.hold(*byte, Place::Text),
                (Place::Plain, b'"') => self.hold(*byte, Place::Text),
                (Place::Plain, b'[' | b'{') => {
                    self.depth += 1;
                    // The array's own bracket is no part of an item.
                    if self.depth > 1 { self.hold(*byte, Place::Plain) } else { ControlFlow::Continue(()) }
                }
                (Place::Plain, b']' | b'}') => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.place = Place::After;
                        self.give(&mut each)
                    } else {
                        let flow = self.hold(*byte, Place::Plain);
                        // Nothing that follows can belong to it any more.
                        if self.depth == 1 { self.give(&mut each) } else { flow }
                    }
                }
                (Place::Plain, b',') if self.depth == 1 => self.give(&mut each),
                (Place::Plain, _) => self.hold(*byte, Place::Plain),
            };
            if flow.is_break() {
                return false;
            }
        }
        self.place == Place::After
    }

    /// Whether an item has grown beyond [`LONGEST_EVENT`].
    pub fn is_overfull(&self) -> bool {
        self.held.len() > LONGEST_EVENT
    }

    fn hold(&mut self, byte: u8, next: Place) -> ControlFlow<()> {
        self.held.push(byte);
        self.place = next;
        ControlFlow::Continue(())
    }

    fn give(&mut self, each: &mut impl FnMut(&[u8]) -> ControlFlow<()>) -> ControlFlow<()> {
        let item = self.held.trim_ascii();
        let flow = if item.is_empty() { ControlFlow::Continue(()) } else { each(item) };
        self.held.clear();
        flow
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn split<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<String>, bool) {
        let (mut splitter, mut items, mut complete) = (Splitter::default(), Vec::new(), false);
        for block in blocks {
            complete |= splitter.push(block, |item| {
                items.push(String::from_utf8_lossy(item).into_owned());
                ControlFlow::Continue(())
            });
        }
        (items, complete)
    }

    #[test]
    fn an_item_is_given_as_soon_as_it_is_complete() {
        let items = |text: &str| split([text.as_bytes()]);
        let found = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(items(" [ {\"a\":\"]}\\\"\"}"), (found(&["{\"a\":\"]}\\\"\"}"]), false));
        assert_eq!(
            items("[1, \"a,b\" ,[2,[3]],null]  x"),
            (found(&["1", "\"a,b\"", "[2,[3]]", "null"]), true)
        );
        assert_eq!(items("[]"), (vec![], true));
        assert_eq!(items("[1"), (vec![], false));
    }

    #[test]
    fn nothing_is_given_after_a_stop() {
        let mut seen = 0;
        Splitter::default().push(b"[1,2,3]", |_| {
            seen += 1;
            ControlFlow::Break(())
        });
        assert_eq!(seen, 1);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[\\[\\]{},\"\\\\ é]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
    }

    proptest! {
        #[test]
        fn any_array_cut_anywhere_is_its_items(items in prop::collection::vec(value(), 0..6), size in 1usize..9) {
            let text = Value::from(items.clone()).to_string();
            let texts: Vec<String> = items.iter().map(Value::to_string).collect();
            prop_assert_eq!(split(text.as_bytes().chunks(size)), (texts, true));
        }
    }
}
