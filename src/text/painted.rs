//! Markdown printed to a terminal, while it streams: colours for headings and code, and not one character
//! more or less than the model wrote, so that what is copied from the screen is what was said.

use super::Safe;

const RESET: &str = "\x1b[0m";

/// How a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    Heading,
    Fence,
    Code,
    Quote,
}

impl Look {
    const fn sgr(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Heading => "\x1b[1m",
            Self::Fence => "\x1b[2m",
            Self::Code => "\x1b[36m",
            Self::Quote => "\x1b[3m",
        }
    }
}

/// Adds colour to text that comes in pieces.
#[derive(Debug, Default)]
pub struct Painter {
    /// The beginning of a line whose look is not known yet.
    held: String,
    /// The look of the line that is being written.
    look: Option<Look>,
    /// The fence that closes the open code block.
    fence: Option<String>,
}

/// Enough of a line to know what it is: three spaces of indent and six marks.
const TELLING: usize = 9;

impl Painter {
    /// The next piece, coloured, as far as its looks are known.
    pub fn push(&mut self, piece: &Safe) -> String {
        let mut painted = String::with_capacity(piece.len() + 16);
        for part in piece.split_inclusive('\n') {
            let (text, ends) = match part.strip_suffix('\n') {
                Some(text) => (text, true),
                None => (part, false),
            };
            match self.look {
                Some(_) => painted.push_str(text),
                None => {
                    self.held.push_str(text);
                    if ends || self.is_telling() {
                        self.start_line(&mut painted);
                    }
                }
            }
            if ends {
                self.end_line(&mut painted);
            }
        }
        painted
    }

    /// What was held back, and the end of any colour.
    pub fn finish(mut self) -> String {
        let mut painted = String::new();
        if self.look.is_none() && !self.held.is_empty() {
            self.start_line(&mut painted);
        }
        if self.look.is_some_and(|look| look != Look::Plain) {
            painted.push_str(RESET);
        }
        painted
    }

    fn is_telling(&self) -> bool {
        let text = self.held.trim_start_matches(' ');
        self.held.len() >= TELLING || text.starts_with(|c| !"#`~>".contains(c))
    }

    fn start_line(&mut self, painted: &mut String) {
        let look = self.look_of_held();
        self.look = Some(look);
        painted.push_str(look.sgr());
        painted.push_str(&std::mem::take(&mut self.held));
    }

    fn end_line(&mut self, painted: &mut String) {
        if self.look.take().is_some_and(|look| look != Look::Plain) {
            painted.push_str(RESET);
        }
        painted.push('\n');
    }

    fn look_of_held(&mut self) -> Look {
        let text = self.held.trim_start_matches(' ');
        let indent = self.held.len() - text.len();
        let marks = |mark: char| text.chars().take_while(|&c| c == mark).count();
        if let Some(fence) = &self.fence {
            let mark = fence.chars().next().unwrap_or('`');
            let closes =
                indent < 4 && marks(mark) >= fence.len() && text.trim_end().chars().all(|c| c == mark);
            if closes {
                self.fence = None;
                return Look::Fence;
            }
            return Look::Code;
        }
        if indent > 3 {
            return Look::Plain;
        }
        for mark in ['`', '~'] {
            if marks(mark) >= 3 {
                self.fence = Some(String::from(mark).repeat(marks(mark)));
                return Look::Fence;
            }
        }
        match marks('#') {
            1..=6 if text.trim_start_matches('#').starts_with([' ']) || text.trim_matches('#').is_empty() => {
                Look::Heading
            }
            _ if text.starts_with('>') => Look::Quote,
            _ => Look::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::sanitise;

    fn paint(pieces: &[&str]) -> String {
        let mut painter = Painter::default();
        let mut painted: String = pieces.iter().map(|piece| painter.push(&sanitise(piece))).collect();
        painted.push_str(&painter.finish());
        painted
    }

    #[test]
    fn headings_code_and_quotes_are_coloured_line_by_line() {
        assert_eq!(
            paint(&["# Head\ntext\n```rs\nlet x;\n# no\n```\n> q"]),
            "\x1b[1m# Head\x1b[0m\ntext\n\x1b[2m```rs\x1b[0m\n\x1b[36mlet x;\x1b[0m\n\x1b[36m# no\x1b[0m\n\x1b[2m```\x1b[0m\n\x1b[3m> q\x1b[0m"
        );
    }

    proptest! {
        #[test]
        fn any_split_paints_the_same_and_changes_no_character(text in "([#`>~ a\n]{0,6}[a-z é\n]{0,8}){0,6}", at in 0usize..80) {
            let cut = text.char_indices().map(|(i, _)| i).nth(at).unwrap_or(text.len());
            let whole = paint(&[&text]);
            let split = paint(&[&text[..cut], &text[cut..]]);
            prop_assert_eq!(&strip(&split), &text);
            prop_assert_eq!(split, whole);
        }
    }

    fn strip(painted: &str) -> String {
        sanitise(painted).into_string()
    }
}
