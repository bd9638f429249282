//! Words into lines of a width, for text that can only be added to.

use crate::text::{Safe, sanitise, sanitise_line, width::width};

/// Text that was made and not yet taken.
#[derive(Clone, Debug)]
pub struct Wrap {
    text: String,
    cells: usize,
    /// The cells that the open line has.
    column: usize,
    above: Above,
    /// What comes before the next word.
    gap: Gap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
}

/// What stands above the open line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Above {
    Text,
    Blank,
}

/// Fewer cells than this are not wrapped to.
const NARROWEST: usize = 20;

impl Wrap {
    /// Lines of at most so many cells.
    pub fn new(cells: usize) -> Self {
        Self {
            text: String::new(),
            cells: cells.max(NARROWEST),
            column: 0,
            above: Above::Blank,
            gap: Gap::None,
        }
    }

    /// From now on, lines of at most so many cells.
    pub fn set_width(&mut self, cells: usize) {
        self.cells = cells.max(NARROWEST);
    }

    /// What was made since it was taken last.
    pub fn take(&mut self) -> Safe {
        sanitise(&std::mem::take(&mut self.text))
    }

    /// Whether nothing was made since then.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A word, after a blank where one is needed, on the next line where there is no room.
    pub fn word(&mut self, word: &str) {
        let cells = width(word);
        if self.column > 0 && self.column + 1 + cells > self.cells {
            self.end_line();
        }
        if std::mem::replace(&mut self.gap, Gap::Blank) == Gap::Blank {
            self.text.push(' ');
            self.column += 1;
        }
        self.text.push_str(word);
        self.column += cells.max(1);
    }

    /// Several words.
    pub fn words(&mut self, words: &str) {
        for word in words.split_whitespace() {
            self.word(word);
        }
    }

    /// Blanks at the beginning of a line.
    pub fn indent(&mut self, cells: usize) {
        if self.column == 0 {
            let cells = cells.min(self.cells / 2);
            self.text.extend(std::iter::repeat_n(' ', cells));
            self.column = cells;
        }
    }

    /// A line of words of its own.
    pub fn line(&mut self, words: &str) {
        self.end_line();
        self.words(words);
        self.end_line();
    }

    /// A line as it is written, however long.
    pub fn verbatim(&mut self, line: &str) {
        self.end_line();
        self.text.push_str(&sanitise_line(line));
        self.text.push('\n');
        self.above = if line.trim().is_empty() { Above::Blank } else { Above::Text };
    }

    /// Text that is no line yet: a prompt.
    pub fn prompt(&mut self, text: &str) {
        self.end_line();
        self.text.push_str(text);
        self.column = width(text);
    }

    /// The terminal showed this by itself.
    pub fn echoed(&mut self, text: &str) {
        self.column += width(text);
    }

    /// The person ended the open line.
    pub fn entered(&mut self) {
        (self.column, self.gap) = (0, Gap::None);
        self.above = Above::Text;
    }

    /// Ends the open line, if one is.
    pub fn end_line(&mut self) {
        if self.column > 0 {
            self.text.push('\n');
            self.entered();
        }
    }

    /// A blank line, if there is none already.
    pub fn blank(&mut self) {
        self.end_line();
        if self.above == Above::Text {
            self.text.push('\n');
            self.above = Above::Blank;
        }
    }
}
