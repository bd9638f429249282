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
