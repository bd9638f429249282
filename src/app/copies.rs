//! What can be copied of a message: all of it, its blocks of code by number, tables, paragraphs and links, and the branch
//! it ends.

use crate::chat::{Message, MessageId, Role};
use crate::layout::pieces::{PieceKind, pieces, tsv};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::effect::Effect;
use super::message::{Copied, CopyPath, ThroughTerminal};
use super::model::{Focus, Model, Mood};
use super::overlay::{self, Overlay};
use super::picker::{Choice, Entry, List, ListKind};
use super::{links, lists, quote, transcript};

/// The message that is to be copied: the one pointed at, else the last answer.
pub fn said(model: &Model) -> Option<MessageId> {
    let tree = &model.open.conversation.tree;
    let is_answer = |id: &&MessageId| tree.get(**id).is_some_and(|message| message.role == Role::Assistant);
    match model.focus {
        Focus::Transcript => model.pane.reading().0.current(),
        Focus::Composer => model.pane.view.branch.iter().rev().find(is_answer).copied(),
    }
}

/// Copies a message's text.
pub fn message(model: &mut Model, message: Option<MessageId>) -> Vec<Effect> {
    match message.and_then(|id| model.open.conversation.tree.get(id)).map(copied) {
        Some(text) if !text.is_empty() => vec![Effect::Copy { text: sanitise(&text) }],
        Some(_) | None => vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)],
    }
}

/// What is copied of a message: its text, after the summary that it keeps.
fn copied(message: &Message) -> String {
    let text = message.text();
    let Some(summary) = message.summary() else { return text };
    let heading = t!("store-summary", id = summary.until.to_string(), model = summary.model.as_str());
    format!("[{heading}]\n{}\n\n{text}", summary.text.trim_end())
}

/// The branch as Markdown: who said it as a heading, and what.
pub(super) fn branch(model: &Model) -> String {
    let tree = &model.open.conversation.tree;
    let messages = model.pane.view.branch.iter().filter_map(|id| tree.get(*id));
    let parts: Vec<String> = messages
        .map(|message| format!("## {}\n\n{}\n", quote::origin(model, message), copied(message).trim_end()))
        .collect();
    parts.join("\n")
}

/// How much a text is, as people read it.
pub fn size(bytes: usize) -> Safe {
    match bytes {
        ..1000 => t!("app-bytes", count = bytes),
        1000..1_000_000 => {
            let tenths = bytes.div_ceil(100);
            t!("app-kilobytes", count = format!("{}.{}", tenths / 10, tenths % 10))
        }
        1_000_000.. => {
            let tenths = bytes.div_ceil(100_000);
            t!("app-megabytes", count = format!("{}.{}", tenths / 10, tenths % 10))
        }
    }
}

fn entry(kind: Safe, text: String) -> Entry {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let name = sanitise_line(first.trim_start());
    Entry { owner: kind, detail: size(text.len()), ..Entry::new(Choice::Copy(text), name) }
}

/// Tells which ways a copy took. What a terminal does with it is not known, and not claimed.
pub fn done(model: &mut Model, copied: &Copied) -> Vec<Effect> {
    let size = size(copied.bytes);
    let (told, mood) = match (copied.path, &copied.file) {
        (CopyPath::Native, _) => (t!("app-copied-native", size = size), Mood::Plain),
        (CopyPath::Terminal(ThroughTerminal::Osc52), _) => (t!("app-copied-osc52", size = size), Mood::Plain),
        (CopyPath::Terminal(ThroughTerminal::Tmux), _) => (t!("app-copied-tmux", size = size), Mood::Plain),
        (CopyPath::Terminal(ThroughTerminal::TmuxAlone), _) => {
            (t!("app-copied-tmux-alone", size = size), Mood::Plain)
        }
        (CopyPath::Both(ThroughTerminal::Osc52), _) => (t!("app-copied-both", size = size), Mood::Plain),
        (CopyPath::Both(ThroughTerminal::Tmux | ThroughTerminal::TmuxAlone), _) => {
            (t!("app-copied-both-tmux", size = size), Mood::Plain)
        }
        (CopyPath::Neither, Some(file)) => {
            (t!("app-copied-file", size = size, file = file.as_str()), Mood::Plain)
        }
        (CopyPath::Neither, None) => (t!("app-copied-neither"), Mood::Bad),
    };
    let told = links::instead(model, told);
    vec![model.notify(told, mood)]
}

/// Opens the list of all that can be copied of the message that commands are about.
pub fn menu(model: &mut Model) -> Vec<Effect> {
    let mut entries = Vec::new();
    if let Some(id) = said(model) {
        transcript::lay_out(model, id);
        entries.extend(pieces_of(model, id));
    }
    let branch = branch(model);
    if !branch.is_empty() {
        entries.push(entry(t!("app-copy-branch"), branch));
    }
    let draft = model.pane.composer.text();
    if !draft.is_empty() {
        entries.push(entry(t!("app-copy-draft"), draft));
    }
    if entries.is_empty() {
        return vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)];
    }
    model.overlays.push(Overlay::List(List::new(ListKind::Copy, entries)));
    Vec::new()
}

/// Shows where a link leads, to be copied or opened.
pub fn link(model: &mut Model, target: &str) {
    let entries = vec![entry(t!("app-copy-link"), target.to_owned()), links::entry(target)];
    model.overlays.push(Overlay::List(List::new(ListKind::Copy, entries)));
}

fn pieces_of(model: &Model, id: MessageId) -> Vec<Entry> {
    let Some(message) = model.open.conversation.tree.get(id) else { return Vec::new() };
    let text = copied(message);
    if text.is_empty() {
        return Vec::new();
    }
    let mut entries = vec![entry(t!("app-copy-message"), text)];
    let code = overlay::code_blocks(model, id);
    entries.extend(code.into_iter().map(|code| match &code.choice {
        Choice::Copy(source) => {
            let kind = t!("app-copy-code", number = code.sign.as_str(), language = code.owner.as_str());
            Entry { sign: code.sign.clone(), ..entry(kind, source.clone()) }
        }
        _ => code,
    }));
    let text = sanitise(&message.text());
    let found = pieces(&text);
    for piece in &found {
        if let PieceKind::Table(rows) = &piece.kind {
            entries.push(entry(t!("app-copy-tsv"), tsv(rows)));
            let source = text.get(piece.range.clone()).unwrap_or_default();
            entries.push(entry(t!("app-copy-table"), source.to_owned()));
        }
    }
    for piece in &found {
        if let PieceKind::Link(target) = &piece.kind {
            entries.push(entry(t!("app-copy-link"), target.clone()));
        }
    }
    let paragraphs: Vec<&str> = found
        .iter()
        .filter(|piece| piece.kind == PieceKind::Paragraph)
        .filter_map(|piece| Some(text.get(piece.range.clone())?.trim_end()))
        .collect();
    // The only one is the message.
    if paragraphs.len() > 1 {
        let paragraphs = paragraphs.into_iter();
        entries.extend(paragraphs.map(|text| entry(t!("app-copy-paragraph"), text.to_owned())));
    }
    entries
}

/// Copies a block of code of the last message that has any: the only one, or one of a list.
pub fn code(model: &mut Model) -> Vec<Effect> {
    let with_code = |id: &MessageId| !overlay::code_blocks(model, *id).is_empty();
    let upto = model.pane.view.current();
    let branch = &model.pane.view.branch;
    let end = upto.and_then(|id| branch.iter().position(|other| *other == id)).map_or(0, |at| at + 1);
    let found = branch[..end].iter().rev().copied().find(with_code);
    let entries = found.map(|id| overlay::code_blocks(model, id)).unwrap_or_default();
    match entries.as_slice() {
        [] => vec![model.notify(t!("app-no-code"), Mood::Plain)],
        [only] => lists::choose(model, only.choice.clone()),
        _ => {
            model.overlays.push(Overlay::List(List::new(ListKind::Code, entries)));
            Vec::new()
        }
    }
}

/// The blocks of code that are typed by number in a list of some, joined; `None` where that is no numbers.
pub fn by_number(list: &List) -> Option<String> {
    let numbers = numbers(list.filter.text())?;
    let block = |number: &usize| {
        let sign = number.to_string();
        let entry = list.entries.iter().find(|entry| entry.sign.as_str() == sign)?;
        match &entry.choice {
            Choice::Copy(text) => Some(text.as_str()),
            _ => None,
        }
    };
    let blocks: Option<Vec<&str>> = numbers.iter().map(block).collect();
    blocks.map(|blocks| blocks.join("\n"))
}

/// Numbers as people write several: `1,3`, `2..5`, `2-5`. At most so many as there can be blocks to read.
fn numbers(typed: &str) -> Option<Vec<usize>> {
    const MOST: usize = 1000;
    let mut numbers = Vec::new();
    for piece in typed.split([',', ' ']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let (from, to) = piece.split_once("..").or_else(|| piece.split_once('-')).unwrap_or((piece, piece));
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        if from > to || to > MOST {
            return None;
        }
        numbers.extend(from..=to);
    }
    (!numbers.is_empty()).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, list_names};

    const ANSWER: &str = "See [it](http://a.example):\n\n```sh\nls\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ntwo\n```\n\nEnd.";

    fn copied(effects: &[Effect]) -> Option<&str> {
        effects.iter().find_map(|effect| match effect {
            Effect::Copy { text } => Some(text.as_str()),
            _ => None,
        })
    }

    #[test]
    fn several_numbers_are_read_as_people_write_them() {
        assert_eq!(numbers("1,3"), Some(vec![1, 3]));
        assert_eq!(numbers("2..4, 1"), Some(vec![2, 3, 4, 1]));
        assert_eq!(numbers("2-3"), Some(vec![2, 3]));
        for wrong in ["", "rust", "3..1", "1,x", "1..100000"] {
            assert_eq!(numbers(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn blocks_of_code_are_copied_by_their_numbers() {
        let mut app = App::new(80, 24);
        app.turn("one", ANSWER);
        app.keys("alt-t Y");
        app.type_text("2");
        assert_eq!(copied(&app.keys("enter")), Some("two\n"));
        app.keys("Y");
        app.type_text("1..2");
        assert_eq!(copied(&app.keys("enter")), Some("ls\n\ntwo\n"));
    }

    #[test]
    fn the_menu_lists_what_the_message_holds_with_a_first_line_and_a_size() {
        let mut app = App::new(80, 30);
        app.turn("one", ANSWER);
        app.type_text("a draft");
        app.keys("ctrl-x C");
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let rows: Vec<[&str; 3]> = list
            .entries
            .iter()
            .map(|entry| [entry.owner.as_str(), entry.name.as_str(), entry.detail.as_str()])
            .collect();
        insta::assert_debug_snapshot!(rows);
        assert_eq!(list_names(&app, 1), ["See [it](http://a.example):"]);
        app.type_text("tsv");
        assert_eq!(copied(&app.keys("enter")), Some("a\tb\n1\t2\n"));
    }

    #[test]
    fn the_branch_is_copied_as_markdown() {
        let mut app = App::new(80, 30);
        app.turn("one", "first");
        app.keys("alt-t C");
        app.type_text("branch");
        assert_eq!(copied(&app.keys("enter")), Some("## you\n\none\n\n## demo\n\nfirst\n"));
    }
}
