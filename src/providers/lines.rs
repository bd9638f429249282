//! Lines: bytes in any pieces to whole lines, as newline-delimited JSON has them.
//!
//! A line that is whole in a block is lent from it; one that a block's end cuts is put together. The last line
//! may lack its newline, because servers forget it.

use std::ops::ControlFlow;

use super::sse::LONGEST_EVENT;

/// Cuts a stream into lines.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The beginning of a line whose end has not come.
    held: Vec<u8>,
}

impl Lines {
    /// Takes the next bytes and gives each line that they complete, without its newline, until told to stop.
    pub fn push(&mut self, mut block: &[u8], mut each: impl FnMut(&[u8]) -> ControlFlow<()>) {
        while let Some(end) = memchr::memchr(b'\n', block) {
            let flow = if self.held.is_empty() {
                each(&block[..end])
            } else {
                self.held.extend_from_slice(&block[..end]);
                let flow = each(&self.held);
                self.held.clear();
                flow
            };
            block = &block[end + 1..];
            if flow.is_break() {
                return;
            }
        }
        self.held.extend_from_slice(block);
    }

    /// Whether a line has grown beyond [`LONGEST_EVENT`].
    pub fn is_overfull(&self) -> bool {
        self.held.len() > LONGEST_EVENT
    }

    /// The line that the end of the stream left without its newline; empty where there is none.
    pub fn finish(self) -> Vec<u8> {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for block in blocks {
            lines.push(block, |line| {
                found.push(line.to_vec());
                ControlFlow::Continue(())
            });
        }
        found.push(lines.finish());
        found
    }

    #[test]
    fn nothing_is_given_after_a_stop() {
        let mut seen = 0;
        Lines::default().push(b"a\nb\nc\n", |_| {
            seen += 1;
            if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 2);
    }

    proptest! {
        #[test]
        fn any_bytes_cut_anywhere_are_the_same_lines(bytes in "[a\né]{0,60}", size in 1usize..9) {
            let lines: Vec<Vec<u8>> = bytes.split('\n').map(|line| line.as_bytes().to_vec()).collect();
            prop_assert_eq!(split([bytes.as_bytes()]), lines.clone());
            prop_assert_eq!(split(bytes.as_bytes().chunks(size)), lines);
        }
    }
}
