//! The colours of code that is visible. Code is plain until they come: they are found elsewhere, some lines at a time,
//! and kept for as long as the code stays what it was.

use std::collections::{BTreeSet, HashMap};

use crate::chat::MessageId;
use crate::layout::CodeBlock;
use crate::layout::colour::{State, Token, Tokens};

use super::block::{Piece, Row, Tone};
use super::effect::Effect;
use super::model::Model;
use super::pane::{Opened, Pane};

/// A block of code of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeOf {
    /// The message.
    pub message: MessageId,
    /// How often it was changed in its place.
    pub revision: u64,
    /// Which of the parts of the message that are shown holds it.
    pub section: usize,
    /// Its number in there.
    pub block: usize,
}

/// Lines to be coloured, after those that were.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Of which block.
    pub of: CodeOf,
    /// In which language.
    pub language: String,
    /// What the lines before came to.
    pub state: Option<State>,
    /// The lines, each with its newline; the last has none where it is still being written.
    pub lines: String,
}

impl PartialEq for Slice {
    /// Everything but the state, which the lines before decide.
    fn eq(&self, other: &Self) -> bool {
        (self.of, &self.language, &self.lines) == (other.of, &other.language, &other.lines)
    }
}

/// Lines coloured at once.
const SLICE: usize = 100;

/// A line that is still written is coloured again with each word of it, up to so many bytes.
const LONGEST_OPEN: usize = 400;

/// Lines whose colours are kept.
const MOST: usize = 50_000;

/// The colours known so far.
#[derive(Clone, Debug, Default)]
pub struct Colours {
    blocks: HashMap<CodeOf, Coloured>,
}

#[derive(Clone, Debug, Default)]
struct Coloured {
    lines: Vec<Tokens>,
    /// The bytes of the code that these lines are.
    bytes: usize,
    /// The line after them that is still being written: its first bytes, and their colours.
    open: Option<(usize, Tokens)>,
    state: Option<State>,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    Idle,
    /// Lines of so many bytes are being coloured, and so many of the one after them.
    Asked { whole: usize, open: usize },
    /// Nobody knows the language.
    Plain,
}

/// Orders colours for what is visible and has none.
pub fn wanted(model: &mut Model) -> Vec<Effect> {
    let mut asked = Vec::new();
    let Model { pane, open, panes, colours, .. } = model;
    colours.look(pane, open, &mut asked);
    panes.others(open).for_each(|(pane, opened)| colours.look(pane, opened, &mut asked));
    asked
}

/// Lines were coloured; without a state, nobody knows the language.
pub fn came(model: &mut Model, of: CodeOf, lines: Vec<Tokens>, state: Option<State>) {
    let Some(coloured) = model.colours.blocks.get_mut(&of) else { return };
    let Progress::Asked { whole, open } = coloured.progress else { return };
    coloured.progress = if state.is_some() { Progress::Idle } else { Progress::Plain };
    coloured.lines.extend(lines);
    coloured.bytes += whole;
    coloured.open = (open > 0).then(|| coloured.lines.pop()).flatten().map(|tokens| (open, tokens));
    coloured.state = state;
}

impl Colours {
    fn look(&mut self, pane: &Pane, opened: &Opened, asked: &mut Vec<Effect>) {
        let lanes = pane.lanes.iter().flat_map(|lanes| &lanes.lanes).map(|lane| (&lane.view, &lane.layouts));
        let mut seen = BTreeSet::new();
        for (view, layouts) in lanes.chain([(&pane.view, &pane.layouts)]) {
            for (message, at) in &view.visible {
                let Some((section, code)) = layouts.get(*message).and_then(|block| block.code_at(*at)) else {
                    continue;
                };
                let revision = opened.conversation.tree.revisions(*message);
                let of = CodeOf { message: *message, revision, section, block: code.number };
                if !code.language.is_empty() && seen.insert(of) {
                    asked.extend(self.ask(of, &code.language, &code.source));
                }
            }
        }
    }

    /// Whether the colours of a line of code are still to come; and what is to be asked for them.
    pub fn missing(
        &mut self,
        message: MessageId,
        revision: u64,
        (section, code): (usize, &CodeBlock),
        line: usize,
    ) -> Option<Option<Effect>> {
        let of = CodeOf { message, revision, section, block: code.number };
        if code.language.is_empty() || self.blocks.get(&of).is_some_and(|known| known.lines.len() > line) {
            return None;
        }
        let asked = self.ask(of, &code.language, &code.source);
        let waits =
            self.blocks.get(&of).is_some_and(|known| matches!(known.progress, Progress::Asked { .. }));
        waits.then_some(asked)
    }

    /// The next lines of a block, where there are some that nobody colours yet.
    fn ask(&mut self, of: CodeOf, language: &str, source: &str) -> Option<Effect> {
        if !self.blocks.contains_key(&of)
            && self.blocks.values().map(|block| block.lines.len()).sum::<usize>() > MOST
        {
            self.blocks.clear();
        }
        let coloured = self.blocks.entry(of).or_default();
        if coloured.progress != Progress::Idle {
            return None;
        }
        let rest = source.get(coloured.bytes..)?;
        let slice = rest.split_inclusive('\n').take(SLICE);
        let (whole, open) = slice.fold((0, 0), |(whole, _), line| match line.strip_suffix('\n') {
            Some(_) => (whole + line.len(), 0),
            None => (whole, line.len()),
        });
        let open = if open > LONGEST_OPEN { 0 } else { open };
        let known = coloured.open.as_ref().map_or(0, |(bytes, _)| *bytes);
        if whole == 0 && open <= known {
            return None;
        }
        let lines = rest.get(..whole + open)?.to_owned();
        coloured.progress = Progress::Asked { whole, open };
        let state = coloured.state.clone();
        Some(Effect::Colour(Box::new(Slice { of, language: language.to_owned(), state, lines })))
    }

    /// A row with the colours of its code.
    pub fn paint(&self, message: MessageId, revision: u64, mut row: Row) -> Row {
        let Some((section, at)) = row.code else { return row };
        let of = CodeOf { message, revision, section, block: at.block };
        let Some(tokens) = self.blocks.get(&of).and_then(|block| block.tokens(at.line)) else { return row };
        let is_code = |piece: &Piece| piece.tone == Tone::Code;
        let Some(last) = row.pieces.pop_if(|piece| is_code(piece)) else { return row };
        row.pieces.extend(painted(&last, tokens, at.before));
        row
    }
}

impl Coloured {
    /// What the words of a line are, as far as that is known.
    fn tokens(&self, line: usize) -> Option<&Tokens> {
        let open = || self.open.as_ref().filter(|_| line == self.lines.len()).map(|(_, tokens)| tokens);
        self.lines.get(line).or_else(open)
    }
}

/// A piece of code in stretches of one token, after so many characters of its line.
fn painted(piece: &Piece, tokens: &Tokens, before: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut ends = Vec::with_capacity(tokens.len());
    let mut total = 0;
    for (count, token) in tokens {
        total += count;
        ends.push((total, *token));
    }
    let token_at = |solid: usize| -> Option<Token> {
        ends.get(ends.partition_point(|(end, _)| *end <= solid)).and_then(|(_, token)| *token)
    };
    let mut solid = before;
    let mut start = 0;
    let mut now: Option<Option<Token>> = None;
    let mut cut = |range: std::ops::Range<usize>, token: Option<Token>| {
        let tone = token.map_or(Tone::Code, Tone::Token);
        pieces.extend(piece.text.slice(range).map(|text| Piece { text, tone, ..piece.clone() }));
    };
    for (at, c) in piece.text.char_indices() {
        if c.is_whitespace() {
            continue;
        }
        let token = token_at(solid);
        solid += 1;
        match now {
            Some(before) if before != token => {
                cut(start..at, before);
                start = at;
            }
            Some(_) | None => {}
        }
        now = Some(token);
    }
    cut(start..piece.text.len(), now.flatten());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;
    use crate::chat::{Status, StreamEvent};
    use crate::layout::colour::colour;

    fn slices(effects: &[Effect]) -> Vec<Slice> {
        let slice = |effect: &Effect| match effect {
            Effect::Colour(slice) => Some(Slice::clone(slice)),
            _ => None,
        };
        effects.iter().filter_map(slice).collect()
    }

    fn tones(app: &App) -> Vec<(String, Tone)> {
        let view = &app.model.pane.view;
        let rows = view.visible.iter().filter_map(|(id, at)| {
            let row = app.model.pane.layouts.get(*id)?.row(*at)?;
            row.code.is_some().then(|| app.model.colours.paint(*id, 0, row))
        });
        rows.flat_map(|row| row.pieces).map(|piece| (piece.text.into_string(), piece.tone)).collect()
    }

    #[test]
    fn code_is_plain_until_its_colours_come_and_is_asked_for_once() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        let asked = slices(&app.end(&request, "```rust\nlet x = 1;\n```\n", Status::Complete));
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].language.as_str(), asked[0].lines.as_str()), ("rust", "let x = 1;\n"));
        assert_eq!(tones(&app)[1], ("let x = 1;".to_owned(), Tone::Code));
        assert_eq!(slices(&app.keys("alt-t")), []);
        let (lines, state) = colour("rust", None, &asked[0].lines).unwrap();
        let effects = app.send(Message::Coloured { of: asked[0].of, lines, state: Some(state) });
        assert_eq!(slices(&effects), []);
        assert_eq!(
            tones(&app)[1..],
            [
                ("let ".to_owned(), Tone::Token(Token::Keyword)),
                ("x = ".to_owned(), Tone::Code),
                ("1".to_owned(), Tone::Token(Token::Number)),
                (";".to_owned(), Tone::Code),
            ]
        );
    }

    #[test]
    fn a_line_is_coloured_while_it_is_written() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        let mut state = None;
        let mut said = |app: &mut App, text: &str| {
            let asked = slices(&app.say(request.turn, StreamEvent::Text(text.to_owned())));
            let coloured = colour("rust", state.clone(), &asked[0].lines).unwrap();
            state = Some(coloured.1.clone());
            let message = Message::Coloured { of: asked[0].of, lines: coloured.0, state: Some(coloured.1) };
            assert_eq!(slices(&app.send(message)), []);
            asked[0].lines.clone()
        };
        assert_eq!(said(&mut app, "```rust\nlet x"), "let x");
        assert_eq!(said(&mut app, " = 1"), "let x = 1");
        assert_eq!(tones(&app)[1], ("let ".to_owned(), Tone::Token(Token::Keyword)));
        assert_eq!(said(&mut app, "2;\n    //"), "let x = 12;\n    //");
        assert_eq!(said(&mut app, " so"), "    // so");
        assert_eq!(tones(&app).last(), Some(&("    // so".to_owned(), Tone::Token(Token::Comment))));
    }

    #[test]
    fn code_in_a_language_that_nobody_knows_is_not_asked_for_again() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        let asked = slices(&app.end(&request, "```klingon\nx\n```\n", Status::Complete));
        let effects = app.send(Message::Coloured { of: asked[0].of, lines: Vec::new(), state: None });
        assert_eq!(slices(&effects), []);
    }
}
