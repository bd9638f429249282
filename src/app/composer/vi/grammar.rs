//! What the letters of a command say: counts, operators, motions, objects, as tables and a reader of them.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::motion::{Extent, FINDS, MOTIONS, Motion, OBJECTS, Object, Reach};
use super::{Mode, Shape};

/// A larger count is a slip.
const LARGEST_COUNT: usize = 9999;

/// What letters say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing yet.
    More,
    /// Nothing at all.
    Nothing,
    /// Go there.
    Go(Option<usize>, Motion),
    /// Do this to what a motion passes, to an object, to lines, or to what is selected.
    Do(Operator, Over),
    /// Take an object into the selection.
    Select(Object, Reach),
    /// Something else, so many times.
    Act(Option<usize>, Act),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Motion(Option<usize>, Motion, Extent),
    Object(Object, Reach),
    Lines(usize),
    Selection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Delete,
    Change,
    Yank,
    Indent,
    Outdent,
    SwapCase,
    Join,
    Replace(char),
}

const OPERATORS: &[(char, Operator)] = &[
    ('d', Operator::Delete),
    ('c', Operator::Change),
    ('y', Operator::Yank),
    ('>', Operator::Indent),
    ('<', Operator::Outdent),
];

/// Operators that a selection has besides.
const OF_SELECTION: &[(char, Operator)] = &[
    ('x', Operator::Delete),
    ('X', Operator::Delete),
    ('s', Operator::Change),
    ('~', Operator::SwapCase),
    ('J', Operator::Join),
];

/// Letters that stand for an operator and what it is over.
const SHORT: &[(char, Operator, Motion, Extent)] = &[
    ('x', Operator::Delete, Motion::Right, Extent::Upto),
    ('X', Operator::Delete, Motion::Left, Extent::Upto),
    ('s', Operator::Change, Motion::Right, Extent::Upto),
    ('D', Operator::Delete, Motion::LineEnd, Extent::With),
    ('C', Operator::Change, Motion::LineEnd, Extent::With),
    ('~', Operator::SwapCase, Motion::Right, Extent::Upto),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Insert(Where),
    OpenBelow,
    OpenAbove,
    PutAfter,
    PutBefore,
    Join,
    Undo,
    Redo,
    Repeat,
    Visual(Shape),
    OtherEnd,
}

/// Where text is inserted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    Here,
    After,
    LineStart,
    LineEnd,
}

const ACTS: &[(char, Act)] = &[
    ('i', Act::Insert(Where::Here)),
    ('a', Act::Insert(Where::After)),
    ('I', Act::Insert(Where::LineStart)),
    ('A', Act::Insert(Where::LineEnd)),
    ('o', Act::OpenBelow),
    ('O', Act::OpenAbove),
    ('p', Act::PutAfter),
    ('P', Act::PutBefore),
    ('J', Act::Join),
    ('u', Act::Undo),
    ('\u{12}', Act::Redo),
    ('.', Act::Repeat),
    ('v', Act::Visual(Shape::Chars)),
    ('V', Act::Visual(Shape::Lines)),
];

/// The letter that a key stands for in a command.
pub(super) fn letter(key: KeyEvent) -> Option<char> {
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('r') if ctrl => Some('\u{12}'),
        KeyCode::Char('h') if ctrl => Some('h'),
        KeyCode::Char(c) if !ctrl && !key.modifiers.contains(KeyModifiers::ALT) => Some(c),
        KeyCode::Esc => Some('\u{1b}'),
        KeyCode::Left | KeyCode::Backspace => Some('h'),
        KeyCode::Right => Some('l'),
        KeyCode::Down => Some('j'),
        KeyCode::Up => Some('k'),
        KeyCode::Home => Some('0'),
        KeyCode::End => Some('$'),
        KeyCode::Delete => Some('x'),
        _ => None,
    }
}

/// What the letters say so far.
pub(super) fn read(letters: &str, mode: Mode) -> Said {
    let (count, rest) = number(letters);
    let mut chars = rest.chars();
    let Some(first) = chars.next() else { return Said::More };
    let rest_after = chars.as_str();
    let visual = matches!(mode, Mode::Visual(_));
    let of = |table: &[(char, Operator)]| {
        table.iter().find(|(letter, _)| *letter == first).map(|(_, operator)| *operator)
    };
    if visual {
        if let Some(operator) = of(OPERATORS).or_else(|| of(OF_SELECTION)) {
            return Said::Do(operator, Over::Selection);
        }
        if first == 'o' {
            return Said::Act(count, Act::OtherEnd);
        }
        if matches!(first, 'i' | 'a') {
            return match rest_after.chars().next() {
                None => Said::More,
                Some(letter) => {
                    object_of(letter).map_or(Said::Nothing, |object| Said::Select(object, reach(first)))
                }
            };
        }
    } else if let Some(operator) = of(OPERATORS) {
        return operated(operator, first, count, rest_after);
    }
    if first == 'r' {
        let over = if visual { Over::Selection } else { Over::Motion(count, Motion::Right, Extent::Upto) };
        return rest_after.chars().next().map_or(Said::More, |c| Said::Do(Operator::Replace(c), over));
    }
    let lines = |operator| Said::Do(operator, Over::Lines(count.unwrap_or(1)));
    match first {
        'S' => return lines(Operator::Change),
        'Y' => return lines(Operator::Yank),
        _ => {}
    }
    if let Some((_, operator, motion, extent)) = SHORT.iter().find(|(letter, ..)| *letter == first) {
        return Said::Do(*operator, Over::Motion(count, *motion, *extent));
    }
    if let Some((_, act)) = ACTS.iter().find(|(letter, _)| *letter == first) {
        return Said::Act(count, *act);
    }
    match motion_of(rest) {
        Read::More => Said::More,
        Read::Nothing => Said::Nothing,
        Read::Motion(motion, _) => Said::Go(count, motion),
    }
}

/// An operator, and what it is over.
fn operated(operator: Operator, first: char, count: Option<usize>, rest: &str) -> Said {
    let (second, rest) = number(rest);
    let count = match (count, second) {
        (None, None) => None,
        (one, other) => Some((one.unwrap_or(1) * other.unwrap_or(1)).min(LARGEST_COUNT)),
    };
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Said::More,
        (Some(letter), _) if letter == first => Said::Do(operator, Over::Lines(count.unwrap_or(1))),
        (Some('i' | 'a'), None) => Said::More,
        (Some(which @ ('i' | 'a')), Some(letter)) => object_of(letter)
            .map_or(Said::Nothing, |object| Said::Do(operator, Over::Object(object, reach(which)))),
        (Some(_), _) => match motion_of(rest) {
            Read::More => Said::More,
            Read::Nothing => Said::Nothing,
            Read::Motion(motion, extent) => Said::Do(operator, Over::Motion(count, motion, extent)),
        },
    }
}

/// A count that letters begin with: none begins with 0.
fn number(letters: &str) -> (Option<usize>, &str) {
    let end = letters.find(|c: char| !c.is_ascii_digit()).unwrap_or(letters.len());
    if letters.starts_with('0') || end == 0 {
        return (None, letters);
    }
    let count = letters[..end].parse().unwrap_or(LARGEST_COUNT).min(LARGEST_COUNT);
    (Some(count), &letters[end..])
}

/// What letters are of a motion.
enum Read {
    More,
    Nothing,
    Motion(Motion, Extent),
}

fn motion_of(letters: &str) -> Read {
    if let Some((_, motion, extent)) = MOTIONS.iter().find(|(name, ..)| *name == letters) {
        return Read::Motion(*motion, *extent);
    }
    let mut chars = letters.chars();
    let (first, second) = (chars.next(), chars.next());
    match (FINDS.iter().find(|(letter, _)| Some(*letter) == first), second) {
        (Some(_), None) => Read::More,
        (Some((_, find)), Some(wanted)) => Read::Motion(Motion::Find(*find, wanted), Extent::With),
        (None, _) if MOTIONS.iter().any(|(name, ..)| name.starts_with(letters)) => Read::More,
        (None, _) => Read::Nothing,
    }
}

fn object_of(letter: char) -> Option<Object> {
    OBJECTS.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, object)| *object)
}

fn reach(letter: char) -> Reach {
    if letter == 'a' { Reach::Around } else { Reach::Inner }
}
