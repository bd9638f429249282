//! Where vi's motions lead, and what its text objects take in.

use std::ops::Range;

use super::super::buffer::Buffer;
use super::super::words::{Class, Word};

/// A motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Motion {
    Left,
    Right,
    Down,
    Up,
    NextStart(Word),
    Back(Word),
    NextEnd(Word),
    LineStart,
    FirstLetter,
    LineEnd,
    FirstLine,
    LastLine,
    Find(Find, char),
    Again,
    AgainBack,
    Pair,
    ParagraphBack,
    Paragraph,
}

/// How a character of the line is gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Find {
    pub(super) way: Way,
    pub(super) stop: Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Ahead,
    Behind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    At,
    Before,
}

/// What an operator takes of a motion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Up to where it leads.
    Upto,
    /// The character there too.
    With,
    /// Whole lines.
    Lines,
}

const fn find(way: Way, stop: Stop) -> Find {
    Find { way, stop }
}

/// The motions that take a character.
pub(super) const FINDS: &[(char, Find)] = &[
    ('f', find(Way::Ahead, Stop::At)),
    ('F', find(Way::Behind, Stop::At)),
    ('t', find(Way::Ahead, Stop::Before)),
    ('T', find(Way::Behind, Stop::Before)),
];

/// The others. What begins with `g` has two letters.
pub(super) const MOTIONS: &[(&str, Motion, Extent)] = &[
    ("h", Motion::Left, Extent::Upto),
    ("l", Motion::Right, Extent::Upto),
    (" ", Motion::Right, Extent::Upto),
    ("j", Motion::Down, Extent::Lines),
    ("k", Motion::Up, Extent::Lines),
    ("w", Motion::NextStart(Word::Small), Extent::Upto),
    ("W", Motion::NextStart(Word::Big), Extent::Upto),
    ("b", Motion::Back(Word::Small), Extent::Upto),
    ("B", Motion::Back(Word::Big), Extent::Upto),
    ("e", Motion::NextEnd(Word::Small), Extent::With),
    ("E", Motion::NextEnd(Word::Big), Extent::With),
    ("0", Motion::LineStart, Extent::Upto),
    ("^", Motion::FirstLetter, Extent::Upto),
    ("$", Motion::LineEnd, Extent::With),
    ("gg", Motion::FirstLine, Extent::Lines),
    ("G", Motion::LastLine, Extent::Lines),
    (";", Motion::Again, Extent::With),
    (",", Motion::AgainBack, Extent::With),
    ("%", Motion::Pair, Extent::With),
    ("{", Motion::ParagraphBack, Extent::Upto),
    ("}", Motion::Paragraph, Extent::Upto),
];

impl Find {
    /// The same the other way.
    pub(super) fn back(self) -> Self {
        let way = match self.way {
            Way::Ahead => Way::Behind,
            Way::Behind => Way::Ahead,
        };
        Self { way, ..self }
    }

    /// Where the character stands `count` times on in the line.
    fn from(self, buffer: &Buffer, at: usize, wanted: char, count: usize) -> Option<usize> {
        let line = buffer.line(at);
        let text = buffer.text();
        // What stands right there was found already.
        let skipped = match self.stop {
            Stop::At => at,
            Stop::Before if self.way == Way::Ahead => buffer.after(at).min(line.end),
            Stop::Before => buffer.before(at).max(line.start),
        };
        match self.way {
            Way::Ahead => {
                let from = buffer.after(skipped).min(line.end);
                let found = text[from..line.end].match_indices(wanted).nth(count - 1)?.0 + from;
                Some(if self.stop == Stop::At { found } else { buffer.before(found) })
            }
            Way::Behind => {
                let found = text[line.start..skipped.max(line.start)].rmatch_indices(wanted);
                let found = found.map(|(found, _)| found + line.start).nth(count - 1)?;
                Some(if self.stop == Stop::At { found } else { buffer.after(found) })
            }
        }
    }
}

/// Where a motion leads; `None` where it leads nowhere.
pub(super) fn target(buffer: &Buffer, motion: Motion, count: Option<usize>) -> Option<usize> {
    let at = buffer.at();
    let times = count.unwrap_or(1);
    let line = buffer.line(at);
    let repeated = |step: &dyn Fn(usize) -> usize| (0..times).fold(at, |at, _| step(at));
    let to = match motion {
        Motion::Left => repeated(&|at| buffer.before(at).max(line.start)),
        Motion::Right => repeated(&|at| if at < line.end { buffer.after(at) } else { at }),
        Motion::Down => vertical(buffer, at, times, buffer.line_end(at), &|at| {
            let end = buffer.line_end(at);
            (end < buffer.text().len()).then_some(end + 1)
        })?,
        Motion::Up => vertical(buffer, at, times, line.start, &|at| {
            buffer.line_start(at).checked_sub(1).map(|end| buffer.line_start(end))
        })?,
        Motion::NextStart(word) => repeated(&|at| word.next_start(buffer, at)),
        Motion::Back(word) => repeated(&|at| word.start_behind(buffer, at)),
        Motion::NextEnd(word) => repeated(&|at| word.next_end(buffer, at)),
        Motion::LineStart => line.start,
        Motion::FirstLetter => first_letter(buffer, at),
        Motion::LineEnd => {
            let line = (1..times).fold(line, |line, _| {
                if line.end < buffer.text().len() { buffer.line(line.end + 1) } else { line }
            });
            last_of(buffer, line)
        }
        Motion::FirstLine => first_letter(buffer, nth_line(buffer, times)),
        Motion::LastLine => first_letter(buffer, nth_line(buffer, count.unwrap_or(usize::MAX))),
        Motion::Find(find, wanted) => find.from(buffer, at, wanted, times)?,
        // Their character is known to whoever looked last.
        Motion::Again | Motion::AgainBack => return None,
        Motion::Pair => pair(buffer, at)?,
        Motion::ParagraphBack => repeated(&|at| {
            let text = &buffer.text()[..at];
            let text = text.trim_end_matches('\n');
            text.rfind("\n\n").map_or(0, |found| found + 1)
        }),
        Motion::Paragraph => repeated(&|at| {
            let rest = &buffer.text()[at..];
            let blank = rest.len() - rest.trim_start_matches('\n').len();
            rest[blank..].find("\n\n").map_or(buffer.text().len(), |found| at + blank + found + 1)
        }),
    };
    Some(to)
}

/// So many lines on, in the same column as far as there is one.
fn vertical(
    buffer: &Buffer,
    at: usize,
    times: usize,
    from: usize,
    next: &dyn Fn(usize) -> Option<usize>,
) -> Option<usize> {
    let mut column = 0;
    let mut place = buffer.line_start(at);
    while place < at {
        place = buffer.after(place);
        column += 1;
    }
    let start = (0..times).try_fold(from, |at, _| next(at))?;
    let line = buffer.line(start);
    let mut place = line.start;
    for _ in 0..column {
        if place >= line.end {
            break;
        }
        place = buffer.after(place);
    }
    Some(place)
}

/// The first character of the line that is no blank.
pub(super) fn first_letter(buffer: &Buffer, at: usize) -> usize {
    let line = buffer.line(at);
    let text = &buffer.text()[line.clone()];
    line.start + (text.len() - text.trim_start().len())
}

/// The last character of a line.
fn last_of(buffer: &Buffer, line: Range<usize>) -> usize {
    if line.is_empty() { line.end } else { buffer.before(line.end) }
}

fn nth_line(buffer: &Buffer, number: usize) -> usize {
    let starts = memchr::memchr_iter(b'\n', buffer.text().as_bytes()).map(|end| end + 1);
    std::iter::once(0).chain(starts).take(number.max(1)).last().unwrap_or(0)
}

const PAIRS: &[(char, char)] = &[('(', ')'), ('[', ']'), ('{', '}'), ('<', '>')];

/// The bracket that belongs to the next one of the line.
fn pair(buffer: &Buffer, at: usize) -> Option<usize> {
    let text = buffer.text();
    let of = |c: char| PAIRS.iter().take(3).find(|(open, close)| c == *open || c == *close).copied();
    let line = buffer.line(at);
    let (from, c) = text[at..line.end].char_indices().find(|(_, c)| of(*c).is_some())?;
    let (open, close) = of(c)?;
    if c == open { closing(text, at + from + 1, open, close) } else { opening(text, at + from, open, close) }
}

fn closing(text: &str, from: usize, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text[from..].char_indices() {
        if c == close && depth == 0 {
            return Some(from + at);
        }
        depth = depth + usize::from(c == open) - usize::from(c == close);
    }
    None
}

fn opening(text: &str, upto: usize, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text[..upto].char_indices().rev() {
        if c == open && depth == 0 {
            return Some(at);
        }
        depth = depth + usize::from(c == close) - usize::from(c == open);
    }
    None
}

/// A text object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Word(Word),
    Quotes(char),
    /// Brackets, by their place in [`PAIRS`].
    Brackets(usize),
    Paragraph,
}

/// The objects by their letters.
pub(super) const OBJECTS: &[(&str, Object)] = &[
    ("w", Object::Word(Word::Small)),
    ("W", Object::Word(Word::Big)),
    ("\"", Object::Quotes('"')),
    ("'", Object::Quotes('\'')),
    ("`", Object::Quotes('`')),
    ("b()", Object::Brackets(0)),
    ("[]", Object::Brackets(1)),
    ("B{}", Object::Brackets(2)),
    ("<>", Object::Brackets(3)),
    ("p", Object::Paragraph),
];

/// How much of an object is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// What is in it.
    Inner,
    /// What is around it too.
    Around,
}

/// What an object takes in.
pub(super) fn object(buffer: &Buffer, object: Object, reach: Reach) -> Option<(Range<usize>, Extent)> {
    let (text, at) = (buffer.text(), buffer.at());
    let chars = |range| Some((range, Extent::Upto));
    match object {
        Object::Word(word) => {
            let line = buffer.line(at);
            let kind = word.at(buffer, at).filter(|_| at < line.end)?;
            let start = word.skip_back(buffer, at, |class| class == kind).max(line.start);
            let end = word.skip(buffer, at, |class| class == kind).min(line.end);
            if reach == Reach::Inner {
                return chars(start..end);
            }
            let blank = |class| class == Class::Blank;
            let wider = match kind {
                Class::Blank => word.end_ahead(buffer, end).min(line.end),
                Class::Letter | Class::Other => word.skip(buffer, end, blank).min(line.end),
            };
            if wider > end {
                return chars(start..wider);
            }
            chars(word.skip_back(buffer, start, blank).max(line.start)..end)
        }
        Object::Quotes(quote) => {
            let line = buffer.line(at);
            let places: Vec<usize> =
                text[line.clone()].match_indices(quote).map(|(found, _)| line.start + found).collect();
            let around = places.chunks_exact(2).find(|pair| at <= pair[1])?;
            chars(match reach {
                Reach::Inner => around[0] + 1..around[1],
                Reach::Around => around[0]..around[1] + 1,
            })
        }
        Object::Brackets(which) => {
            let (open, close) = PAIRS.get(which).copied()?;
            let start = if text[at..].starts_with(open) { at } else { opening(text, at, open, close)? };
            let end = closing(text, start + 1, open, close)?;
            chars(match reach {
                Reach::Inner => start + 1..end,
                Reach::Around => start..end + 1,
            })
        }
        Object::Paragraph => {
            let blank = |at: usize| text[buffer.line(at)].trim().is_empty();
            let kind = blank(at);
            let mut start = buffer.line_start(at);
            while start > 0 && blank(start - 1) == kind {
                start = buffer.line_start(start - 1);
            }
            let on = |mut end: usize, kind: bool| {
                while end < text.len() && blank(end + 1) == kind {
                    end = buffer.line_end(end + 1);
                }
                end
            };
            let end = on(buffer.line_end(at), kind);
            let end = if reach == Reach::Around { on(end, !kind) } else { end };
            Some((start..end, Extent::Lines))
        }
    }
}
