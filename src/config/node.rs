//! YAML as a tree in which every key and value knows where it was written.
//!
//! Built straight from the parser's events, because messages need places and no typed deserialiser keeps
//! them. Anchors, aliases and `<<` are expanded here under a budget, so that nothing after this has to know
//! of them and a small hostile file cannot become a large tree.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, StrInput};

use crate::t;

/// Deeper nesting is refused, so that walking a tree cannot exhaust the stack.
const MAX_DEPTH: usize = 64;
/// Larger trees, aliases expanded, are refused.
const MAX_NODES: usize = 100_000;

/// Which of the files of one load something is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId(pub u16);

/// A place in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub file: FileId,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub at: Mark,
    pub value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing, `~`, or `null`: as if the key were not there.
    Null,
    Scalar {
        text: String,
        /// Not quoted, so that it may be a number or a truth value.
        plain: bool,
        /// Where the text's first character is, where each of its lines is a line of the file and all begin
        /// in that column: a literal block, or a text on one line without escapes.
        start: Option<Mark>,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map with its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub key: String,
    pub at: Mark,
    pub value: Node,
}

/// Something that is wrong with a file as YAML.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub at: Mark,
    pub message: String,
    pub suggestion: Option<String>,
}

impl Node {
    /// A map without entries.
    pub fn empty(at: Mark) -> Self {
        Self { at, value: Value::Map(Vec::new()) }
    }

    /// A map of these, each at the place of its value.
    pub fn map<'k>(at: Mark, fields: impl IntoIterator<Item = (&'k str, Self)>) -> Self {
        let entry = |(key, value): (&str, Self)| Entry { key: key.to_owned(), at: value.at, value };
        Self { at, value: Value::Map(fields.into_iter().map(entry).collect()) }
    }

    /// A list of these.
    pub fn list(at: Mark, items: Vec<Self>) -> Self {
        Self { at, value: Value::List(items) }
    }

    /// A text.
    pub fn quoted(at: Mark, text: &str) -> Self {
        Self { at, value: Value::Scalar { text: text.to_owned(), plain: false, start: None } }
    }

    /// A number or a truth value.
    pub fn bare(at: Mark, text: &str) -> Self {
        Self { at, value: Value::Scalar { text: text.to_owned(), plain: true, start: None } }
    }

    /// The value of a key that is there and not null.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value).filter(|value| value.value != Value::Null)
    }

    /// The entry of a key, null or not.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Null | Value::Scalar { .. } | Value::List(_) => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Scalar { .. } | Value::Map(_) => &[],
        }
    }

    /// The items of a list, or the one scalar that stands for a list of one.
    pub fn items_or_self(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar { .. } => std::slice::from_ref(self),
            Value::Null | Value::Map(_) => &[],
        }
    }

    /// A scalar as text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Where a scalar's first character is, where its lines are lines of the file.
    pub fn start(&self) -> Option<Mark> {
        match self.value {
            Value::Scalar { start, .. } => start,
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A truth value as YAML 1.2 writes it.
    pub fn boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, plain: true, .. } => match text.as_str() {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            Value::Scalar { .. } | Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A finite number.
    pub fn number(&self) -> Option<f64> {
        match &self.value {
            Value::Scalar { text, plain: true, .. } => {
                text.parse().ok().filter(|number: &f64| number.is_finite())
            }
            Value::Scalar { .. } | Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// How many values this one is made of, itself included.
    fn size(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Scalar { .. } => 0,
            Value::List(items) => items.iter().map(Self::size).sum(),
            Value::Map(entries) => entries.iter().map(|entry| entry.value.size()).sum(),
        }
    }

    /// How deep this value nests.
    fn depth(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Scalar { .. } => 0,
            Value::List(items) => items.iter().map(Self::depth).max().unwrap_or(0),
            Value::Map(entries) => entries.iter().map(|entry| entry.value.depth()).max().unwrap_or(0),
        }
    }
}

/// A file as a tree, and every fault found in it; an empty file is null. After a syntax error the tree is
/// what had been complete before it: nothing.
pub(super) fn parse(file: FileId, text: &str) -> (Node, Vec<Fault>) {
    let mut builder = Builder {
        file,
        source: text,
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        nodes: 0,
        faults: Vec::new(),
    };
    let mut parser = Parser::new(StrInput::new(text));
    let start = Mark { file, line: 1, column: 1 };
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((Event::DocumentStart(_), span)) => {
                documents += 1;
                if documents > 1 {
                    builder.fault(builder.mark(span.start), t!("config-yaml-documents").into_string());
                    break;
                }
                Ok(())
            }
            Ok((event, span)) => builder.take(event, builder.mark(span.start)),
            // The parser has a limit of its own for brackets.
            Err(error) if error.info().contains("recursion limit") => {
                Err(too_large(builder.mark(*error.marker())))
            }
            Err(error) => Err(Fault {
                at: builder.mark(*error.marker()),
                message: t!("config-yaml-syntax", reason = error.info()).into_string(),
                suggestion: hint(error.info()),
            }),
        };
        if let Err(fault) = step {
            builder.faults.push(fault);
            return (Node { at: start, value: Value::Null }, builder.faults);
        }
    }
    (builder.root.unwrap_or(Node { at: start, value: Value::Null }), builder.faults)
}

/// What to do about the syntax errors that people make most.
fn hint(reason: &str) -> Option<String> {
    let hints = [
        ("tab", t!("config-yaml-hint-tab")),
        ("mapping values are not allowed", t!("config-yaml-hint-colon")),
        ("flow mapping", t!("config-yaml-hint-braces")),
        ("quot", t!("config-yaml-hint-quote")),
    ];
    hints.into_iter().find(|(word, _)| reason.contains(word)).map(|(_, hint)| hint.into_string())
}

/// A container that is not closed yet.
struct Open {
    at: Mark,
    anchor: usize,
    contents: Contents,
}

enum Contents {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        /// The key whose value comes next.
        key: Option<Key>,
        /// Maps that `<<` named.
        merged: Vec<Node>,
    },
}

struct Key {
    text: String,
    at: Mark,
    is_merge: bool,
}

struct Builder<'a> {
    file: FileId,
    source: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    faults: Vec<Fault>,
}

impl Builder<'_> {
    fn mark(&self, marker: Marker) -> Mark {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Mark { file: self.file, line: number(marker.line()), column: number(marker.col() + 1) }
    }

    fn fault(&mut self, at: Mark, message: String) {
        self.faults.push(Fault { at, message, suggestion: None });
    }

    fn take(&mut self, event: Event<'_>, at: Mark) -> Result<(), Fault> {
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Scalar(text, style, anchor, _) => self.scalar(text.into_owned(), style, anchor, at),
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::SequenceStart(anchor, _) => self.start(at, anchor, Contents::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                let contents = Contents::Map { entries: Vec::new(), key: None, merged: Vec::new() };
                self.start(at, anchor, contents)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
    }

    fn scalar(&mut self, text: String, style: ScalarStyle, anchor: usize, at: Mark) -> Result<(), Fault> {
        let plain = style == ScalarStyle::Plain;
        if let Some(Open { contents: Contents::Map { key: key @ None, .. }, .. }) = self.open.last_mut() {
            let is_merge = plain && text == "<<";
            *key = Some(Key { text, at, is_merge });
            return Ok(());
        }
        let value = match text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" if plain => Value::Null,
            _ => {
                let start = self.start_of(&text, style, at);
                Value::Scalar { text, plain, start }
            }
        };
        self.close(Node { at, value }, anchor, 1)
    }

    /// Where a text's first character is, where its lines are lines of the file.
    fn start_of(&self, text: &str, style: ScalarStyle, at: Mark) -> Option<Mark> {
        let lines = |from: u32| self.source.lines().skip(from.saturating_sub(1) as usize);
        let here = lines(at.line).next()?;
        match style {
            ScalarStyle::Literal => {
                // The block begins below its indicator.
                let line =
                    if here.trim_end().ends_with(text.lines().next()?) { at.line } else { at.line + 1 };
                let (shown, written) =
                    text.lines().zip(lines(line)).find(|(shown, _)| !shown.trim().is_empty())?;
                let indent = written.strip_suffix(shown)?.chars().count();
                Some(Mark { line, column: u32::try_from(indent + 1).ok()?, ..at })
            }
            ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let quote = u32::from(style != ScalarStyle::Plain);
                let column = at.column + quote;
                let written: String = here.chars().skip(column as usize - 1).collect();
                written.starts_with(text).then_some(Mark { column, ..at })
            }
            ScalarStyle::Folded => None,
        }
    }

    fn alias(&mut self, anchor: usize, at: Mark) -> Result<(), Fault> {
        let Some(named) = self.anchors.get(&anchor) else {
            return Err(Fault { at, message: t!("config-yaml-alias").into_string(), suggestion: None });
        };
        let size = named.size();
        if self.nodes + size > MAX_NODES || self.open.len() + named.depth() > MAX_DEPTH {
            return Err(too_large(at));
        }
        let node = named.clone();
        if self.awaits_key() {
            return Err(Fault { at, message: t!("config-yaml-key").into_string(), suggestion: None });
        }
        self.close(node, 0, size)
    }

    fn awaits_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { contents: Contents::Map { key: None, .. }, .. }))
    }

    fn start(&mut self, at: Mark, anchor: usize, contents: Contents) -> Result<(), Fault> {
        if self.awaits_key() {
            return Err(Fault { at, message: t!("config-yaml-key").into_string(), suggestion: None });
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(too_large(at));
        }
        self.open.push(Open { at, anchor, contents });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(Open { at, anchor, contents }) = self.open.pop() else { return Ok(()) };
        let value = match contents {
            Contents::List(items) => Value::List(items),
            Contents::Map { mut entries, merged, .. } => {
                for entry in merged.into_iter().flat_map(into_entries) {
                    if !entries.iter().any(|own| own.key == entry.key) {
                        entries.push(entry);
                    }
                }
                Value::Map(entries)
            }
        };
        self.close(Node { at, value }, anchor, 1)
    }

    /// Puts a finished value where it belongs. `size` is what it adds to the tree.
    fn close(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Fault> {
        self.nodes += size;
        if self.nodes > MAX_NODES {
            return Err(too_large(node.at));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let fault = match self.open.last_mut().map(|open| &mut open.contents) {
            None => {
                self.root = Some(node);
                None
            }
            Some(Contents::List(items)) => {
                items.push(node);
                None
            }
            Some(Contents::Map { entries, key, merged }) => key.take().and_then(|key| {
                if key.is_merge {
                    return merge_key(&key, node, merged);
                }
                if let Some(first) = entries.iter().find(|entry| entry.key == key.text) {
                    let message = t!(
                        "config-yaml-duplicate",
                        key = key.text.as_str(),
                        line = first.at.line.to_string()
                    );
                    return Some((key.at, message.into_string()));
                }
                entries.push(Entry { key: key.text, at: key.at, value: node });
                None
            }),
        };
        if let Some((at, message)) = fault {
            self.fault(at, message);
        }
        Ok(())
    }
}

/// Keeps what `<<` names: a map or a list of maps, of which the earlier wins.
fn merge_key(key: &Key, node: Node, merged: &mut Vec<Node>) -> Option<(Mark, String)> {
    let maps = match node.value {
        Value::List(items) => items,
        Value::Null | Value::Scalar { .. } | Value::Map(_) => vec![node],
    };
    if maps.iter().any(|map| !matches!(map.value, Value::Map(_))) {
        return Some((key.at, t!("config-yaml-merge").into_string()));
    }
    merged.extend(maps);
    None
}

fn into_entries(node: Node) -> Vec<Entry> {
    match node.value {
        Value::Map(entries) => entries,
        Value::Null | Value::Scalar { .. } | Value::List(_) => Vec::new(),
    }
}

fn too_large(at: Mark) -> Fault {
    Fault { at, message: t!("config-yaml-large").into_string(), suggestion: None }
}
