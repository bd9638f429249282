//! vi's keys: modes, counts, motions, operators, text objects, and the last change again.
//!
//! Letters are gathered until they are a command; what each one means stands in tables. The last change is kept as
//! the keys that made it, so that whatever can be done can be repeated.

mod grammar;
mod motion;

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::buffer::Buffer;
use super::readline::{self, Ring};
use grammar::{Act, Operator, Over, Said, Where, letter, read};
use motion::{Extent, Find, Motion, Stop, Way, first_letter};

/// What keys mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Letters are text.
    #[default]
    Insert,
    /// Letters are commands.
    Normal,
    /// Letters are commands about what is selected.
    Visual(Shape),
}

/// What a selection is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Characters.
    Chars,
    /// Whole lines.
    Lines,
}

/// Whether a key was one of vi's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was.
    Yes,
    /// It is somebody else's.
    No,
}

/// What is between two keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Vi {
    mode: Mode,
    /// Where a selection began.
    from: usize,
    /// The letters of a command so far.
    letters: String,
    /// What was looked for in a line last.
    found: Option<(Find, char)>,
    /// The keys of the command that is being made, and of the last one that changed something.
    making: Vec<KeyEvent>,
    last: Vec<KeyEvent>,
    repeating: Repeating,
}

/// Whether the keys are those of an earlier change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Repeating {
    #[default]
    No,
    Yes,
}

/// What a line is moved in by.
const SHIFT: &str = "    ";

impl Vi {
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// Back to where letters are text.
    pub(super) fn reset(&mut self) {
        *self = Self { last: std::mem::take(&mut self.last), ..Self::default() };
    }

    /// What is selected.
    pub(super) fn selection(&self, buffer: &Buffer) -> Option<Range<usize>> {
        let Mode::Visual(shape) = self.mode else { return None };
        let from = self.from.min(buffer.text().len());
        let (start, end) = (from.min(buffer.at()), from.max(buffer.at()));
        Some(match shape {
            Shape::Chars => start..buffer.after(end),
            Shape::Lines => buffer.line_start(start)..buffer.line_end(end),
        })
    }

    /// A key.
    pub(super) fn press(&mut self, buffer: &mut Buffer, ring: &mut Ring, key: KeyEvent) -> Taken {
        let taken = match self.mode {
            Mode::Insert => self.insert(buffer, ring, key),
            Mode::Normal | Mode::Visual(_) => self.command(buffer, ring, key),
        };
        if self.mode != Mode::Insert {
            keep_on_a_character(buffer, self.mode);
        }
        taken
    }

    fn insert(&mut self, buffer: &mut Buffer, ring: &mut Ring, key: KeyEvent) -> Taken {
        // What is written before any command is no command to be repeated.
        if !self.making.is_empty() {
            self.making.push(key);
        }
        if key.code == KeyCode::Esc {
            if buffer.at() > buffer.line_start(buffer.at()) {
                buffer.go(buffer.before(buffer.at()));
            }
            buffer.release();
            self.mode = Mode::Normal;
            self.made();
            return Taken::Yes;
        }
        // While a change is repeated nobody else is asked.
        if self.repeating == Repeating::Yes {
            type_key(buffer, ring, key);
            return Taken::Yes;
        }
        Taken::No
    }

    /// The command is whole, and changed something.
    fn made(&mut self) {
        let keys = std::mem::take(&mut self.making);
        if self.repeating == Repeating::No && !keys.is_empty() {
            self.last = keys;
        }
    }

    fn command(&mut self, buffer: &mut Buffer, ring: &mut Ring, key: KeyEvent) -> Taken {
        let Some(letter) = letter(key) else { return Taken::No };
        if letter == '\u{1b}' {
            let idle = self.letters.is_empty() && self.mode == Mode::Normal;
            self.letters.clear();
            self.making.clear();
            self.mode = Mode::Normal;
            return if idle { Taken::No } else { Taken::Yes };
        }
        self.letters.push(letter);
        self.making.push(key);
        let said = read(&self.letters, self.mode);
        if said == Said::More {
            return Taken::Yes;
        }
        self.letters.clear();
        let changed = self.perform(buffer, ring, said);
        if changed == Changed::Yes && self.mode != Mode::Insert {
            self.made();
        } else if self.mode == Mode::Normal {
            self.making.clear();
        }
        Taken::Yes
    }

    fn perform(&mut self, buffer: &mut Buffer, ring: &mut Ring, said: Said) -> Changed {
        match said {
            Said::More | Said::Nothing => Changed::No,
            Said::Go(count, motion) => {
                if let Some(to) = self.target(buffer, motion, count) {
                    buffer.go(to);
                }
                Changed::No
            }
            Said::Select(object, reach) => {
                if let Some((range, extent)) = motion::object(buffer, object, reach) {
                    self.from = range.start;
                    buffer.go(buffer.before(range.end).max(range.start));
                    if extent == Extent::Lines {
                        self.mode = Mode::Visual(Shape::Lines);
                    }
                }
                Changed::No
            }
            Said::Do(operator, over) => match self.range(buffer, operator, over) {
                Some((range, extent)) => self.operate(buffer, ring, operator, range, extent),
                None => Changed::No,
            },
            Said::Act(count, act) => self.act(buffer, ring, act, count),
        }
    }

    /// Where a motion leads, those among them that go on from what was looked for.
    fn target(&mut self, buffer: &Buffer, motion: Motion, count: Option<usize>) -> Option<usize> {
        let motion = match motion {
            Motion::Find(find, wanted) => {
                self.found = Some((find, wanted));
                return find_first(buffer, find, wanted, count);
            }
            Motion::Again => self.found.map(|(find, wanted)| Motion::Find(find, wanted))?,
            Motion::AgainBack => self.found.map(|(find, wanted)| Motion::Find(find.back(), wanted))?,
            other => other,
        };
        motion::target(buffer, motion, count)
    }

    /// What an operator is done to.
    fn range(&mut self, buffer: &Buffer, operator: Operator, over: Over) -> Option<(Range<usize>, Extent)> {
        let at = buffer.at();
        match over {
            Over::Selection => {
                let extent = match self.mode {
                    Mode::Visual(Shape::Lines) => Extent::Lines,
                    Mode::Visual(Shape::Chars) | Mode::Normal | Mode::Insert => Extent::Upto,
                };
                Some((self.selection(buffer)?, extent))
            }
            Over::Object(object, reach) => motion::object(buffer, object, reach),
            Over::Lines(count) => {
                let start = buffer.line_start(at);
                let end = (1..count).fold(buffer.line_end(at), |end, _| {
                    if end < buffer.text().len() { buffer.line_end(end + 1) } else { end }
                });
                Some((start..end, Extent::Lines))
            }
            Over::Motion(count, motion, extent) => {
                let text = buffer.text();
                // To change a word is to change it to its end, and not the blanks after it.
                let (motion, extent) = match motion {
                    Motion::NextStart(word)
                        if operator == Operator::Change
                            && text[at..].chars().next().is_some_and(|c| !c.is_whitespace()) =>
                    {
                        (Motion::NextEnd(word), Extent::With)
                    }
                    other => (other, extent),
                };
                let mut to = self.target(buffer, motion, count)?;
                let behind = matches!(motion, Motion::Find(Find { way: Way::Behind, .. }, _)) || to < at;
                if let (Motion::NextStart(_), Some(end)) = (motion, text[at..to.max(at)].rfind('\n'))
                    && end > 0
                    && text[at + end..to].trim().is_empty()
                {
                    to = at + end;
                }
                match extent {
                    Extent::Lines => {
                        Some((buffer.line_start(at.min(to))..buffer.line_end(at.max(to)), Extent::Lines))
                    }
                    Extent::With if behind && motion != Motion::Pair => Some((to..at, Extent::Upto)),
                    Extent::With => {
                        let (start, end) = (at.min(to), at.max(to));
                        let line_end = text[end..].is_empty() || text[end..].starts_with('\n');
                        Some((start..if line_end { end } else { buffer.after(end) }, Extent::Upto))
                    }
                    Extent::Upto => Some((at.min(to)..at.max(to), Extent::Upto)),
                }
            }
        }
    }

    fn operate(
        &mut self,
        buffer: &mut Buffer,
        ring: &mut Ring,
        operator: Operator,
        range: Range<usize>,
        extent: Extent,
    ) -> Changed {
        let was = std::mem::replace(&mut self.mode, Mode::Normal);
        let taken = |buffer: &Buffer| {
            let text = &buffer.text()[range.clone()];
            if extent == Extent::Lines { format!("{text}\n") } else { text.to_owned() }
        };
        if !matches!(operator, Operator::Change) && extent != Extent::Lines && range.is_empty() {
            return Changed::No;
        }
        match operator {
            Operator::Yank => {
                ring.push(taken(buffer));
                let to =
                    if extent == Extent::Lines && was == Mode::Normal { buffer.at() } else { range.start };
                buffer.go(to);
                return Changed::No;
            }
            Operator::Delete => {
                ring.push(taken(buffer));
                let mut range = range;
                if extent == Extent::Lines {
                    if range.end < buffer.text().len() {
                        range.end += 1;
                    } else {
                        range.start = range.start.saturating_sub(1);
                    }
                }
                buffer.replace(range, "");
                if extent == Extent::Lines {
                    buffer.go(first_letter(buffer, buffer.at()));
                }
            }
            Operator::Change => {
                ring.push(taken(buffer));
                buffer.hold();
                buffer.replace(range, "");
                self.mode = Mode::Insert;
            }
            Operator::Indent => shift(buffer, range, indented),
            Operator::Outdent => shift(buffer, range, outdented),
            Operator::SwapCase => {
                let swapped: String = buffer.text()[range.clone()].chars().flat_map(swap_case).collect();
                let start = range.start;
                buffer.replace(range, &swapped);
                if was != Mode::Normal {
                    buffer.go(start);
                }
            }
            Operator::Replace(with) => {
                let replaced: String = buffer.text()[range.clone()]
                    .chars()
                    .map(|c| if c == '\n' { '\n' } else { with })
                    .collect();
                let start = range.start;
                buffer.replace(range, &replaced);
                buffer.go(if was == Mode::Normal { buffer.before(buffer.at()) } else { start });
            }
            Operator::Join => {
                let lines = buffer.text()[range.clone()].matches('\n').count().max(1);
                buffer.go(range.start);
                join(buffer, lines);
            }
        }
        Changed::Yes
    }

    fn act(&mut self, buffer: &mut Buffer, ring: &mut Ring, act: Act, count: Option<usize>) -> Changed {
        let at = buffer.at();
        let times = count.unwrap_or(1);
        match act {
            Act::Insert(place) => {
                buffer.hold();
                buffer.go(match place {
                    Where::Here => at,
                    Where::After if at == buffer.line_end(at) => at,
                    Where::After => buffer.after(at),
                    Where::LineStart => first_letter(buffer, at),
                    Where::LineEnd => buffer.line_end(at),
                });
                self.mode = Mode::Insert;
            }
            Act::OpenBelow => {
                buffer.hold();
                let end = buffer.line_end(at);
                buffer.replace(end..end, "\n");
                self.mode = Mode::Insert;
            }
            Act::OpenAbove => {
                buffer.hold();
                let start = buffer.line_start(at);
                buffer.replace(start..start, "\n");
                buffer.go(start);
                self.mode = Mode::Insert;
            }
            Act::PutAfter | Act::PutBefore => return self.put(buffer, ring, act, times),
            Act::Join => join(buffer, times.saturating_sub(1).max(1)),
            Act::Undo => {
                for _ in 0..times {
                    buffer.undo();
                }
                return Changed::No;
            }
            Act::Redo => {
                for _ in 0..times {
                    buffer.redo();
                }
                return Changed::No;
            }
            Act::Repeat => {
                self.making.clear();
                let keys = self.last.clone();
                self.repeating = Repeating::Yes;
                for _ in 0..times {
                    for key in &keys {
                        self.press(buffer, ring, *key);
                    }
                }
                self.repeating = Repeating::No;
                self.making.clear();
                return Changed::No;
            }
            Act::Visual(shape) => {
                self.mode = match self.mode {
                    Mode::Visual(before) if before == shape => Mode::Normal,
                    Mode::Visual(_) => Mode::Visual(shape),
                    Mode::Normal | Mode::Insert => {
                        self.from = at;
                        Mode::Visual(shape)
                    }
                };
                return Changed::No;
            }
            Act::OtherEnd => {
                let from = std::mem::replace(&mut self.from, at);
                buffer.go(from);
                return Changed::No;
            }
        }
        Changed::Yes
    }

    /// Puts back what was cut last: whole lines where it is lines.
    fn put(&mut self, buffer: &mut Buffer, ring: &mut Ring, act: Act, times: usize) -> Changed {
        let Some(cut) = ring.top().map(|cut| cut.repeat(times)) else { return Changed::No };
        if let Some(selected) = self.selection(buffer) {
            self.mode = Mode::Normal;
            buffer.replace(selected, &cut);
            return Changed::Yes;
        }
        let at = buffer.at();
        match (cut.strip_suffix('\n'), act == Act::PutAfter) {
            (Some(lines), true) => {
                let end = buffer.line_end(at);
                buffer.replace(end..end, &format!("\n{lines}"));
                buffer.go(first_letter(buffer, end + 1));
            }
            (Some(_), false) => {
                let start = buffer.line_start(at);
                buffer.replace(start..start, &cut);
                buffer.go(first_letter(buffer, start));
            }
            (None, after) => {
                let to = if after && at < buffer.line_end(at) { buffer.after(at) } else { at };
                buffer.replace(to..to, &cut);
                buffer.go(buffer.before(buffer.at()));
            }
        }
        Changed::Yes
    }
}

/// Whether a command changed the text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Changed {
    Yes,
    No,
}

/// A character that is looked for the first time: what stands right beside the cursor counts.
fn find_first(buffer: &Buffer, find: Find, wanted: char, count: Option<usize>) -> Option<usize> {
    let at = buffer.at();
    if find.stop == Stop::Before {
        let beside = match find.way {
            Way::Ahead => buffer.text()[buffer.after(at)..].starts_with(wanted),
            Way::Behind => buffer.text()[..at].ends_with(wanted),
        };
        if beside {
            return match count {
                None | Some(1) => Some(at),
                Some(count) => motion::target(buffer, Motion::Find(find, wanted), Some(count - 1)),
            };
        }
    }
    motion::target(buffer, Motion::Find(find, wanted), count)
}

/// Outside of where text is inserted the cursor is on a character, not behind the last.
fn keep_on_a_character(buffer: &mut Buffer, mode: Mode) {
    let at = buffer.at();
    let line = buffer.line(at);
    if mode == Mode::Normal && at == line.end && !line.is_empty() {
        buffer.go(buffer.before(at));
    }
}

/// A key of a change that is repeated.
fn type_key(buffer: &mut Buffer, ring: &mut Ring, key: KeyEvent) {
    match (key.code, readline::act(key)) {
        (_, Some(act)) => readline::perform(buffer, ring, act),
        (KeyCode::Enter, None) => buffer.type_text("\n"),
        (KeyCode::Char('j'), None) if key.modifiers == KeyModifiers::CONTROL => buffer.type_text("\n"),
        (KeyCode::Char(c), None) => buffer.type_text(c.encode_utf8(&mut [0; 4])),
        _ => {}
    }
}

fn swap_case(c: char) -> Vec<char> {
    if c.is_uppercase() { c.to_lowercase().collect() } else { c.to_uppercase().collect() }
}

/// Joins the line with so many of the next ones, a blank between them.
fn join(buffer: &mut Buffer, lines: usize) {
    for _ in 0..lines {
        let end = buffer.line_end(buffer.at());
        if end == buffer.text().len() {
            return;
        }
        let rest = &buffer.text()[end + 1..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let next = &rest[blank..];
        let bare = next.is_empty() || next.starts_with(['\n', ')']) || buffer.text()[..end].ends_with(' ');
        buffer.replace(end..end + 1 + blank, if bare { "" } else { " " });
        buffer.go(end);
    }
}

fn indented(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{SHIFT}{line}") }
}

fn outdented(line: &str) -> String {
    let blanks = line.chars().take(SHIFT.len()).take_while(|c| *c == ' ').count();
    line.strip_prefix('\t').unwrap_or(&line[blanks..]).to_owned()
}

/// Moves lines in or out.
fn shift(buffer: &mut Buffer, range: Range<usize>, shifted: fn(&str) -> String) {
    let lines = buffer.line_start(range.start)..buffer.line_end(range.end.max(range.start));
    let shifted: Vec<String> = buffer.text()[lines.clone()].split('\n').map(shifted).collect();
    let start = lines.start;
    buffer.replace(lines, &shifted.join("\n"));
    buffer.go(first_letter(buffer, start));
}

#[cfg(test)]
mod tests;
