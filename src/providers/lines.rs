//! Lines: a JSON value a line, in any pieces.

use std::ops::ControlFlow;

use memchr::memchr;

use super::sse::LONGEST_EVENT;

/// Cuts a stream into lines. Empty ones are left out, and a carriage return before the line feed.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    /// The beginning of a line whose end has not come.
    held: Vec<u8>,
}

impl Splitter {
    /// Takes the next bytes and gives each line that they complete, until told to stop.
    pub fn push(&mut self, mut block: &[u8], mut each: impl FnMut(&[u8]) -> ControlFlow<()>) {
        while let Some(end) = memchr(b'\n', block) {
            let (line, rest) = (&block[..end], &block[end + 1..]);
            block = rest;
            let flow = if self.held.is_empty() {
                give(line, &mut each)
            } else {
                self.held.extend_from_slice(line);
                let flow = give(&self.held, &mut each);
                self.held.clear();
                flow
            };
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

    /// The line that the end of the stream left without its line feed, if any.
    pub fn finish(self, mut each: impl FnMut(&[u8])) {
        let _ = give(&self.held, &mut |line| {
            each(line);
            ControlFlow::Continue(())
        });
    }
}

fn give(line: &[u8], each: &mut impl FnMut(&[u8]) -> ControlFlow<()>) -> ControlFlow<()> {
    let line = line.trim_ascii();
    if line.is_empty() { ControlFlow::Continue(()) } else { each(line) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> Vec<Vec<u8>> {
        let mut splitter = Splitter::default();
        let mut found = Vec::new();
        for block in blocks {
            splitter.push(block, |line| {
                found.push(line.to_vec());
                ControlFlow::Continue(())
            });
        }
        splitter.finish(|line| found.push(line.to_vec()));
        found
    }

    #[test]
    fn nothing_is_given_after_a_stop() {
        let mut seen = 0;
        Splitter::default().push(b"a\nb\nc\n", |_| {
            seen += 1;
            if seen == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 2);
    }

    proptest! {
        #[test]
        fn any_bytes_cut_anywhere_are_the_same_lines(text in "[a\r\né]{0,60}", size in 1usize..9) {
            let lines: Vec<&[u8]> =
                text.split('\n').map(|line| line.as_bytes().trim_ascii()).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(split([text.as_bytes()]), lines.clone());
            prop_assert_eq!(split(text.as_bytes().chunks(size)), lines);
        }
    }
}
