//! Markdown as it is read out: words in place of signs, a word at a time as the text comes.
//!
//! A line is cut into fragments at blanks where no mark is open, each the shortest there is, and a fragment is given to
//! [`layout`](crate::layout) for what its marks mean. Where the cuts are depends on the text alone, so the same text
//! reads the same however it came in pieces. What can only be known from a whole line (a fence, a row of a table)
//! waits for its end; code goes as it is written.

use std::fmt::Write as _;

use crate::layout::{Fence, View, is_rule, lay_out, split_cells, table_rule};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::wrap::Wrap;

/// Markdown that comes in pieces.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// The line that is being written, from what has not been read out on.
    open: String,
    /// What is known of that line.
    line: LineState,
    /// What the lines stand in.
    within: Within,
    /// Blocks of code so far.
    blocks: usize,
    /// The last line, where it may be the head of a table.
    head: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LineState {
    /// Not enough of it is here to tell what it begins.
    #[default]
    Unknown,
    /// It waits for its end.
    Whole,
    /// Its words are read out as they come.
    Words,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Within {
    #[default]
    Text,
    Quote,
    Code {
        fence: Fence,
        lines: usize,
    },
    Table {
        columns: Vec<String>,
        rows: usize,
    },
}

/// Enough of a line to tell what it begins.
const TELLING: usize = 12;
/// A mark that is open for longer than this is taken for a sign.
const LONGEST_OPEN: usize = 300;
/// What an inline mark may begin with.
const MARKS: &[char] = &['*', '_', '`', '[', ']', '<', '&', '\\', '~', '$', '!', '^', '='];

impl Prose {
    /// Takes the next piece in.
    pub fn push(&mut self, piece: &str, out: &mut Wrap) {
        for part in piece.split_inclusive('\n') {
            match part.strip_suffix('\n') {
                Some(rest) => {
                    self.open.push_str(rest);
                    self.grow(out);
                    self.end_line(out);
                }
                None => {
                    self.open.push_str(part);
                    self.grow(out);
                }
            }
        }
    }

    /// Reads out what is left; what was not closed is.
    pub fn finish(&mut self, out: &mut Wrap) {
        if !self.open.is_empty() || self.line != LineState::Unknown {
            self.grow(out);
            self.end_line(out);
        }
        self.settle_head(out);
        self.leave(out);
    }

    /// Reads out the words of the open line that are whole.
    fn grow(&mut self, out: &mut Wrap) {
        if self.line == LineState::Unknown && self.open.trim_start().chars().nth(TELLING - 1).is_some() {
            self.begin(out);
        }
        if self.line == LineState::Words {
            let left = say_fragments(&self.open, out);
            self.open.drain(..self.open.len() - left);
        }
    }

    fn end_line(&mut self, out: &mut Wrap) {
        if self.line == LineState::Unknown {
            self.begin(out);
        }
        let text = std::mem::take(&mut self.open);
        match std::mem::take(&mut self.line) {
            LineState::Words => {
                let left = say_fragments(&text, out);
                say(&text[text.len() - left..], out);
                out.end_line();
            }
            LineState::Whole | LineState::Unknown => self.whole(text, out),
        }
    }

    /// Tells from its beginning what a line is, and reads that out where it has a word.
    fn begin(&mut self, out: &mut Wrap) {
        let rest = self.open.trim_start();
        let first: String = rest.chars().take(TELLING).collect();
        let indent = self.open.len() - rest.len();
        let whole = matches!(self.within, Within::Code { .. } | Within::Table { .. })
            || self.head.is_some()
            || first.is_empty()
            || first.contains('|')
            || Fence::opened_by(&first).is_some()
            || is_rule(&first)
            || is_underline(&first);
        if whole {
            self.line = LineState::Whole;
            return;
        }
        let quote = first.starts_with('>');
        if !quote {
            self.leave(out);
            // One blank means nothing: it parts what is gone on with from what it goes on from.
            out.indent(indent - indent % 2);
        }
        let (skip, said) = if quote { self.quote(&first) } else { marker(&first) };
        out.words(&said);
        self.open.drain(..indent + skip);
        self.line = LineState::Words;
    }

    /// A quotation is announced once.
    fn quote(&mut self, first: &str) -> (usize, String) {
        let skip = first.len() - first.trim_start_matches(['>', ' ']).len();
        if self.within == Within::Quote {
            return (skip, String::new());
        }
        self.within = Within::Quote;
        (skip, t!("ui-linear-quote").into_string())
    }

    /// A line that waited for its end.
    fn whole(&mut self, text: String, out: &mut Wrap) {
        match &mut self.within {
            Within::Code { fence, .. } if fence.is_closed_by(&text) => {
                self.leave(out);
                return;
            }
            Within::Code { fence, lines } => {
                *lines += 1;
                let indent = text.len() - text.trim_start_matches(' ').len();
                out.verbatim(&text[indent.min(fence.indent)..]);
                return;
            }
            Within::Table { columns, rows } if text.contains('|') => {
                *rows += 1;
                out.line(&record(columns, *rows, &text));
                return;
            }
            Within::Table { .. } => self.leave(out),
            Within::Text | Within::Quote => {}
        }
        match self.head.take() {
            Some(head) if table_rule(&text).is_some() => {
                let columns: Vec<String> = split_cells(&head).into_iter().map(read).collect();
                out.line(&t!("ui-linear-table", columns = columns.join(", ")));
                self.within = Within::Table { columns, rows: 0 };
            }
            Some(head) => {
                say(&head, out);
                out.end_line();
                self.open = text;
                self.end_line(out);
            }
            None => self.line_of(text, out),
        }
    }

    fn line_of(&mut self, text: String, out: &mut Wrap) {
        let rest = text.trim();
        self.leave(out);
        if rest.is_empty() || is_rule(rest) || is_underline(rest) {
            // What a line across tells, a blank one does.
            out.blank();
        } else if let Some(fence) = Fence::opened_by(&text) {
            self.blocks += 1;
            let language = fence.info(&text).split_whitespace().next().unwrap_or_default();
            out.line(&if language.is_empty() {
                t!("ui-linear-code", number = self.blocks)
            } else {
                t!("ui-linear-code-in", number = self.blocks, language = language)
            });
            self.within = Within::Code { fence, lines: 0 };
        } else if rest.contains('|') {
            self.head = Some(text);
        } else {
            say(rest, out);
            out.end_line();
        }
    }

    fn settle_head(&mut self, out: &mut Wrap) {
        if let Some(head) = self.head.take() {
            say(&head, out);
            out.end_line();
        }
    }

    /// Says that what the lines stood in has ended, where that is worth a word.
    fn leave(&mut self, out: &mut Wrap) {
        match std::mem::take(&mut self.within) {
            Within::Text => {}
            Within::Quote => out.line(&t!("ui-linear-quote-end")),
            Within::Code { lines, .. } => {
                out.line(&t!("ui-linear-code-end", number = self.blocks, lines = lines));
            }
            Within::Table { rows, .. } => out.line(&t!("ui-linear-table-end", rows = rows)),
        }
    }
}

/// What stands before the text of a line: how much of it is a mark, and the word for it.
fn marker(rest: &str) -> (usize, String) {
    let level = rest.bytes().take_while(|byte| *byte == b'#').count();
    if matches!(level, 1..=6) && rest[level..].starts_with(' ') {
        return (level + 1, t!("ui-linear-heading", level = level).into_string());
    }
    if let Some(item) = ["- ", "* ", "+ "].iter().find_map(|mark| rest.strip_prefix(mark)) {
        return match item.get(..4) {
            Some("[ ] ") => (6, format!("- {}", t!("ui-linear-open"))),
            Some("[x] " | "[X] ") => (6, format!("- {}", t!("ui-linear-done-task"))),
            Some(_) | None => (2, "-".to_owned()),
        };
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..).unwrap_or_default();
    if (1..=9).contains(&digits) && (after.starts_with(". ") || after.starts_with(") ")) {
        return (digits + 2, rest[..=digits].to_owned());
    }
    (0, String::new())
}

fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().all(|c| c == '=')
}

/// A row of a table as `head: cell` for each.
fn record(columns: &[String], number: usize, row: &str) -> Safe {
    let mut text = t!("ui-linear-row", number = number).into_string();
    for (at, cell) in split_cells(row).into_iter().enumerate() {
        let separator = if at == 0 { " " } else { "; " };
        let cell = read(cell);
        // Writing to a string does not fail.
        let _ = match columns.get(at).filter(|head| !head.is_empty()) {
            Some(head) => write!(text, "{separator}{head}: {cell}"),
            None => write!(text, "{separator}{cell}"),
        };
    }
    sanitise_line(&text)
}

/// Reads out the fragments that are whole. Returns the bytes that are left.
fn say_fragments(text: &str, out: &mut Wrap) -> usize {
    let mut rest = text;
    while let Some(end) = cut(rest) {
        let (fragment, after) = rest.split_at(end);
        say(fragment, out);
        rest = after;
    }
    rest.len()
}

/// Where the first fragment ends: behind the first blank at which no mark is open.
fn cut(text: &str) -> Option<usize> {
    let mut open = Open::default();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == ' ' && before != ' ' && (open.is_closed() || at > LONGEST_OPEN) {
            return Some(at + 1);
        }
        let mut run = 1;
        while matches!(c, '`' | '*' | '_' | '~') && chars.next_if(|(_, next)| *next == c).is_some() {
            run += 1;
        }
        open.note((before, chars.peek().map(|(_, next)| *next)), c, run);
        before = c;
    }
    None
}

/// The marks that are open.
#[derive(Default)]
struct Open {
    /// Backticks that close it.
    code: Option<usize>,
    brackets: usize,
    stress: Vec<char>,
    /// The sign that ends a target, a tag or a formula.
    until: Option<char>,
    escaped: bool,
}

impl Open {
    fn is_closed(&self) -> bool {
        self.code.is_none() && self.brackets == 0 && self.stress.is_empty() && self.until.is_none()
    }

    /// Takes in a run of a sign, and what stands around it.
    fn note(&mut self, (before, next): (char, Option<char>), c: char, run: usize) {
        let opens = next.is_some_and(|next| !next.is_whitespace());
        if std::mem::take(&mut self.escaped) {
            return;
        }
        match (c, self.code, self.until) {
            ('`', Some(ticks), _) => self.code = Some(ticks).filter(|ticks| *ticks != run),
            (_, Some(_), _) => {}
            (c, _, Some(end)) => self.until = Some(end).filter(|end| *end != c),
            ('\\', ..) => self.escaped = true,
            ('`', ..) => self.code = Some(run),
            ('[', ..) => self.brackets += 1,
            (']', ..) => {
                self.brackets = self.brackets.saturating_sub(1);
                self.until = next.filter(|next| *next == '(').map(|_| ')');
            }
            ('<', ..) if next.is_some_and(char::is_alphanumeric) => self.until = Some('>'),
            ('$', ..) if opens && !next.is_some_and(|next| next.is_ascii_digit()) => self.until = Some('$'),
            ('*' | '_' | '~', ..) if !before.is_whitespace() && self.stress.last() == Some(&c) => {
                self.stress.pop();
            }
            ('*' | '_' | '~', ..) if opens && (c == '*' || !before.is_alphanumeric()) => self.stress.push(c),
            _ => {}
        }
    }
}

/// A fragment as it reads, word by word.
fn say(fragment: &str, out: &mut Wrap) {
    for word in read(fragment).split_whitespace() {
        out.word(word);
    }
}

/// What a piece of one line reads as.
fn read(fragment: &str) -> String {
    let fragment = fragment.trim();
    if !fragment.contains(MARKS) {
        return sanitise(fragment).into_string();
    }
    // The word before it keeps it from being read as a list, a heading or a rule.
    let laid = lay_out(&format!("x {fragment}"), u16::MAX, View::Rendered);
    let spans = laid.lines.iter().flat_map(|line| &line.spans);
    let text: String = spans.map(|span| span.text.as_str()).collect();
    text.strip_prefix("x ").unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reads(text: &str, pieces: usize) -> String {
        let mut out = Wrap::new(60);
        let mut prose = Prose::default();
        let chars: Vec<char> = text.chars().collect();
        for piece in chars.chunks(pieces.max(1)) {
            prose.push(&piece.iter().collect::<String>(), &mut out);
        }
        prose.finish(&mut out);
        out.take().into_string()
    }

    #[test]
    fn signs_become_words() {
        for (text, read) in [
            ("# One **two**\n", "Heading 1: One two\n"),
            ("- a\n- [x] b\n  1. c\n", "- a\n- done: b\n  1. c\n"),
            ("> said\n> more\n\nafter", "Quote: said\nmore\nEnd of quote.\n\nafter\n"),
            ("See [the *book*](https://a.example/b) now.", "See the book (https://a.example/b) now.\n"),
            ("`let x` and 2 * 3 * 4", "`let x` and 2 * 3 * 4\n"),
            (
                "```rust\nlet a;\n\n  b\n```\nso",
                "Code 1, rust:\nlet a;\n\n  b\nEnd of code 1, 3 lines.\nso\n",
            ),
            ("~~~\nx", "Code 1:\nx\nEnd of code 1, 1 line.\n"),
            (
                "| Name | `Price` |\n|---|---:|\n| tea | 2 |\n| cup \\| pot | **9** |\n\nend",
                "Table with columns: Name, `Price`.\nRow 1. Name: tea; `Price`: 2\n\
                 Row 2. Name: cup | pot; `Price`: 9\nEnd of table, 2 rows.\n\nend\n",
            ),
            ("a | b\nc", "a | b\nc\n"),
            ("one\n\n---\n\ntwo", "one\n\ntwo\n"),
        ] {
            assert_eq!(reads(text, 1), read, "{text}");
        }
    }

    #[test]
    fn words_come_before_their_line_ends() {
        let mut out = Wrap::new(60);
        let mut prose = Prose::default();
        prose.push("The value moves to the he", &mut out);
        assert_eq!(out.take().as_str(), "The value moves to the");
        prose.push("ap, and **never", &mut out);
        assert_eq!(out.take().as_str(), " heap, and");
        prose.push(" back** again.", &mut out);
        prose.finish(&mut out);
        assert_eq!(out.take().as_str(), " never back again.\n");
    }

    #[test]
    fn nothing_a_terminal_would_obey_comes_through() {
        let hostile =
            "a\x1b[2Jb \x1b]0;x\x07 c\u{9b}1m\n```\n\x1b[31mred\n```\n| \x1b[1m | b |\n|-|-|\n| \x07 | \r |";
        for pieces in [1, 3, 1000] {
            let read = reads(hostile, pieces);
            assert!(!read.chars().any(|c| c.is_control() && c != '\n'), "{read:?}");
        }
    }

    proptest! {
        #[test]
        fn the_same_text_reads_the_same_however_it_comes(
            text in "(?:[a-z #*_`|>\\[\\]()~$.<-]|\n|```\n|\\| a \\|\n|\\|-\\|\n| word ){0,60}",
            pieces in 1usize..9,
        ) {
            prop_assert_eq!(reads(&text, pieces), reads(&text, usize::MAX));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,200}", pieces in 1usize..9) {
            let read = reads(&text, pieces);
            let obeyed = read.chars().filter(|c| c.is_control() && *c != '\n').count();
            prop_assert_eq!(obeyed, 0);
        }
    }
}
