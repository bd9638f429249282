//! A closed piece of Markdown, or the open end of one, as rows.
//!
//! The parser's events drive it: containers (quotes, items of lists, footnotes) put margins around what is in them,
//! leaves (paragraphs, headings, code, tables) become rows. Blank rows stand where the text has blank lines, one for
//! any number of them, whatever the list around them is called; so an item looks the same whether it is laid out
//! alone or with its list.

mod rows;
mod text;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options,
    Parser, Tag, TagEnd,
};

use crate::text::{sanitise, width::width};

use super::inline::Runs;
use super::origin::Places;
use super::table::{self, Table};
use super::{Emphasis, Ink, Laid, Line, Span, code, math, work};

use rows::{Margin, State};
use text::{is_break, is_said_by, shortened};

/// The most cells of a rule between two parts: a longer one parts them no better, and costs three bytes a cell.
const LONGEST_RULE: usize = 40;

/// Where references lead, by their labels as they are compared.
pub(super) type Definitions = HashMap<String, String>;

/// What laying out a piece came to.
pub(super) struct Flowed {
    /// The last paragraph's last row, for text that goes on in it.
    pub last: Runs,
    /// The definitions it holds: labels as they are compared, and targets.
    pub definitions: Vec<(String, String)>,
}

/// What a piece of text is laid out in.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    /// The cells there are.
    pub width: usize,
    /// Blanks left of everything: it stands in an item that began before.
    pub indent: usize,
    /// The number of the item it begins with, where that is counted from an earlier one.
    pub number: Option<u64>,
    /// The end of a paragraph's last row, which goes on here.
    pub carry: Runs,
    /// Whether anything stands above it.
    pub above: Above,
    /// Where it stands in the source.
    pub places: Places,
}

/// What stands above a piece.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Above {
    /// Nothing: blank lines before it are not shown.
    #[default]
    Nothing,
    /// Something.
    Rows,
}

/// What of Markdown is known.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
}

/// A reference's label as labels are compared.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Lays `source` out below what `laid` holds.
pub(super) fn lay_out(source: &str, mut setting: Setting, known: &Definitions, laid: &mut Laid) -> Flowed {
    work::count(source.len());
    let (source, dollars) = &math::with_dollars(source);
    setting.places = dollars.then(&setting.places);
    let parser =
        Parser::new_with_broken_link_callback(source, options(), Some(|link| resolved(&link, known)));
    let stated = parser.reference_definitions().iter();
    let mut stated: Vec<(Range<usize>, String, String)> =
        stated.map(|(label, def)| (def.span.clone(), label.to_owned(), def.dest.to_string())).collect();
    stated.sort_by_key(|(span, ..)| span.start);
    let mut flow = Flow::new(source, setting, laid);
    let mut left = stated.iter().peekable();
    for (event, at) in parser.into_offset_iter() {
        while let Some((span, label, target)) = left.next_if(|(span, ..)| span.start <= at.start) {
            flow.definition(span, label, target);
        }
        flow.event(event, &at);
    }
    flow.flush();
    for (span, label, target) in left {
        flow.definition(span, label, target);
    }
    let last = flow.last;
    let definitions = stated.into_iter().map(|(_, label, target)| (folded(&label), target)).collect();
    Flowed { last, definitions }
}

/// Whether a text is one paragraph in which nothing is left open that later text could close.
pub(super) fn stands_alone(source: &str, known: &Definitions) -> bool {
    work::count(source.len());
    let (source, _) = &math::with_dollars(source);
    let parser =
        Parser::new_with_broken_link_callback(source, options(), Some(|link| resolved(&link, known)));
    if source.contains("\\(")
        || source.contains("\\[")
        || parser.reference_definitions().iter().next().is_some()
    {
        return false;
    }
    let mut paragraphs = 0;
    for (event, at) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) => paragraphs += 1,
            Event::Text(_) if text::is_open(source, at) => return false,
            Event::Start(
                Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. },
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            )
            | Event::Text(_)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::FootnoteReference(_)
            | Event::InlineHtml(_)
            | Event::SoftBreak
            | Event::HardBreak => {}
            // What follows tells whether it stands apart.
            Event::DisplayMath(_) => return false,
            Event::Start(_) | Event::End(_) | Event::Html(_) | Event::Rule | Event::TaskListMarker(_) => {
                return false;
            }
        }
    }
    paragraphs == 1
}

/// The target of a reference whose definition stands further up.
fn resolved<'a>(link: &BrokenLink<'_>, known: &Definitions) -> Option<(CowStr<'a>, CowStr<'a>)> {
    known.get(&folded(&link.reference)).map(|target| (CowStr::from(target.clone()), CowStr::from("")))
}

/// The beginning of a table.
pub(super) struct Head {
    pub alignments: Vec<Alignment>,
    pub header: table::Cells,
    /// The last of the rows below it; none where there is none, or it has no cell.
    pub row: Option<table::Cells>,
}

/// What `source`, the beginning of a table, holds. `None` where it is no table.
pub(super) fn head(source: &str, places: &Places, known: &Definitions) -> Option<Head> {
    work::count(source.len());
    let (source, dollars) = &math::with_dollars(source);
    let parser =
        Parser::new_with_broken_link_callback(source, options(), Some(|link| resolved(&link, known)));
    let mut laid = Laid::default();
    let setting = Setting { width: 1, places: dollars.then(places), ..Setting::default() };
    let mut flow = Flow::new(source, setting, &mut laid);
    for (event, at) in parser.into_offset_iter() {
        if matches!(event, Event::End(TagEnd::Table)) {
            break;
        }
        flow.event(event, &at);
    }
    let open = flow.table?;
    Some(Head { alignments: open.alignments, header: open.header, row: open.rows.into_iter().next_back() })
}

/// Rows of a table, or of anything that is laid out elsewhere, with the blanks of an item before them.
pub(super) fn indented(indent: usize, rows: table::Rows) -> impl Iterator<Item = Line> {
    rows.into_iter().map(move |mut spans| {
        if indent > 0 {
            spans.insert(0, blanks(indent));
        }
        Line { spans, code: None }
    })
}

fn blanks(cells: usize) -> Span {
    Span { text: sanitise(&" ".repeat(cells)), ..Span::default() }
}

/// A table whose end has not come.
struct OpenTable {
    alignments: Vec<Alignment>,
    header: table::Cells,
    rows: Vec<table::Cells>,
    row: table::Cells,
    at: usize,
}

/// A block of code whose end has not come.
struct OpenCode {
    at: usize,
    language: String,
    text: String,
    places: Places,
}

struct Flow<'a> {
    source: &'a str,
    setting: Setting,
    laid: &'a mut Laid,
    margins: Vec<Margin>,
    /// The lists around, innermost last: the number of the next item, where items have numbers.
    lists: Vec<Option<u64>>,
    /// The text that is being gathered, and where it began.
    runs: Runs,
    runs_at: Option<usize>,
    /// How much of it was laid out before: the end of a row that goes on.
    carried: usize,
    bold: usize,
    italic: usize,
    struck: usize,
    heading: Option<HeadingLevel>,
    quotes: usize,
    /// The links and images around, each with where its text begins in `runs`.
    links: Vec<(LinkType, Arc<str>, usize)>,
    code: Option<OpenCode>,
    table: Option<OpenTable>,
    /// The line before which a blank row was thought of last.
    gap_at: Option<usize>,
    above: Above,
    last: Runs,
}

impl<'a> Flow<'a> {
    fn new(source: &'a str, mut setting: Setting, laid: &'a mut Laid) -> Self {
        let above = setting.above;
        let mut margins = Vec::new();
        if setting.indent > 0 {
            let blanks = blanks(setting.indent);
            let mut margin = Margin::new(blanks.clone(), blanks);
            margin.state = State::Begun;
            margins.push(margin);
        }
        let runs = std::mem::take(&mut setting.carry);
        let runs_at = (!runs.is_empty()).then_some(0);
        let carried = runs.len();
        Self {
            source,
            setting,
            laid,
            margins,
            lists: Vec::new(),
            runs,
            runs_at,
            carried,
            bold: 0,
            italic: 0,
            struck: 0,
            heading: None,
            quotes: 0,
            links: Vec::new(),
            code: None,
            table: None,
            gap_at: None,
            above,
            last: Runs::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, at: &Range<usize>) {
        work::count(1);
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, at),
            Event::Text(text) if self.code.is_some() => {
                let same = self.source.get(at.clone()) == Some(&*text);
                let there = self.setting.places.range(at).filter(|there| same && there.len() == text.len());
                if let Some(code) = &mut self.code {
                    if let Some(there) = there {
                        code.places.push(code.text.len()..code.text.len() + text.len(), there);
                    }
                    code.text.push_str(&text);
                }
            }
            Event::Text(text) => self.text(&text, at),
            // Its marks stay: without them, nothing but a colour would tell it from the text around it.
            Event::Code(text) => self.styled(&format!("`{text}`"), at, Ink::Code),
            Event::Html(html) => self.html(&html, at),
            Event::InlineHtml(html) if is_break(&html) => self.newline(at),
            Event::InlineHtml(html) => self.text(&html, at),
            Event::InlineMath(latex) => {
                // `$5-$10` are two prices.
                let price = self.source.as_bytes().get(at.end).is_some_and(u8::is_ascii_digit);
                let text = match price {
                    true => format!("${latex}$"),
                    false => math::readable(&latex).replace('\n', " "),
                };
                self.text(&text, at);
            }
            Event::DisplayMath(latex) => {
                let lines = math::readable(&latex);
                let apart = self.stands_apart(at);
                for (nth, line) in lines.split('\n').enumerate() {
                    if nth > 0 {
                        self.runs.newline();
                    }
                    if apart {
                        self.runs.push("  ", Ink::Text.into());
                    }
                    self.text(line, at);
                }
            }
            Event::FootnoteReference(label) => self.styled(&format!("[{label}]"), at, Ink::Mark),
            Event::SoftBreak | Event::HardBreak => self.newline(at),
            Event::Rule => {
                self.gap(at.start);
                let cells = self.room().min(LONGEST_RULE);
                self.row(vec![mark(&"─".repeat(cells))], None);
            }
            Event::TaskListMarker(done) => {
                if let Some(margin) = self.margins.last_mut().filter(|margin| margin.state == State::Fresh) {
                    let sign = if done { "☑ " } else { "☐ " };
                    // A number stays before it.
                    let numbered = margin.first.text.starts_with(|c: char| c.is_ascii_digit());
                    let before = if numbered { margin.first.text.to_string() } else { String::new() };
                    let text = sanitise(&format!("{before}{sign}"));
                    let rest = blanks(width(&text));
                    *margin = Margin::new(Span { text, ..margin.first.clone() }, rest);
                }
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.begin(at.start),
            Tag::Heading { level, .. } => {
                self.flush();
                self.begin(at.start);
                self.heading = Some(level);
            }
            Tag::BlockQuote(kind) => {
                self.flush();
                self.quotes += 1;
                let bar = Span { text: sanitise("▎ "), ink: Ink::Mark, ..Span::default() };
                self.margins.push(Margin::new(bar.clone(), bar));
                if let Some(kind) = kind {
                    self.gap(at.start);
                    let emphasis = Emphasis { bold: true, ..Emphasis::default() };
                    let text = sanitise(note(kind));
                    self.row(vec![Span { text, ink: Ink::Quote, emphasis, ..Span::default() }], None);
                }
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => code::language(&info),
                    CodeBlockKind::Indented => String::new(),
                };
                let (text, places) = (String::new(), Places::default());
                self.code = Some(OpenCode { at: at.start, language, text, places });
            }
            Tag::HtmlBlock => {
                self.flush();
                self.begin(at.start);
            }
            Tag::List(first) => {
                self.flush();
                // Only the item that the piece begins with is counted from one before it.
                let counted = if self.lists.is_empty() { self.setting.number.take() } else { None };
                self.lists.push(first.map(|first| counted.unwrap_or(first)));
            }
            Tag::Item => {
                self.flush();
                let (first, emphasis) = self.item_mark(at.start);
                let rest = blanks(width(&first));
                let first = Span { text: sanitise(&first), ink: Ink::Mark, emphasis, ..Span::default() };
                self.margins.push(Margin::new(first, rest));
            }
            Tag::FootnoteDefinition(label) => {
                self.flush();
                let first = mark(&format!("[{label}] "));
                let cells = width(&first.text);
                self.margins.push(Margin::new(first, blanks(cells.min(4))));
            }
            Tag::Table(alignments) => {
                self.flush();
                let (header, rows, row) = (Vec::new(), Vec::new(), Vec::new());
                self.table = Some(OpenTable { alignments, header, rows, row, at: at.start });
            }
            Tag::TableHead => self.bold += 1,
            Tag::TableRow | Tag::TableCell => {}
            Tag::Emphasis => self.italic += 1,
            Tag::Strong => self.bold += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { link_type, dest_url, .. } => {
                self.begin(at.start);
                self.links.push((link_type, Arc::from(sanitise(&dest_url).as_str()), self.runs.len()));
            }
            Tag::Image { link_type, dest_url, .. } => {
                self.begin(at.start);
                self.styled("▣ ", at, Ink::Mark);
                self.links.push((link_type, Arc::from(sanitise(&dest_url).as_str()), self.runs.len()));
            }
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd, at: &Range<usize>) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                self.heading = None;
            }
            TagEnd::BlockQuote(_) => {
                self.close_container(at.start);
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => self.close_container(at.start),
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Table => {
                if let Some(open) = self.table.take() {
                    self.gap(open.at);
                    let mut table = Table::new(self.room(), open.alignments, open.header);
                    open.rows.into_iter().for_each(|row| drop(table.push(row)));
                    table.lay_out().into_iter().for_each(|row| self.row(row, None));
                }
            }
            TagEnd::TableHead => {
                self.bold = self.bold.saturating_sub(1);
                if let Some(table) = &mut self.table {
                    table.header = std::mem::take(&mut table.row);
                }
            }
            TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(std::mem::take(&mut table.row));
                }
            }
            TagEnd::TableCell => {
                let mut cell = std::mem::take(&mut self.runs);
                self.runs_at = None;
                cell.recognise(0);
                if let Some(table) = &mut self.table {
                    table.row.push(cell);
                }
            }
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link => {
                if let Some((kind, target, start)) = self.links.pop() {
                    let text = self.runs.since(start);
                    let said = matches!(kind, LinkType::Autolink | LinkType::Email)
                        || is_said_by(&target, text)
                        || target.is_empty();
                    if !said {
                        self.target(&target);
                    }
                }
            }
            TagEnd::Image => {
                if let Some((_, target, start)) = self.links.pop() {
                    let apart = self.runs.since(start).is_empty();
                    if apart {
                        let origin = self.origin("", at);
                        self.runs.push_from(&shortened(&target), self.style(Ink::Meta), origin);
                    } else {
                        self.target(&target);
                    }
                }
            }
            TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }
}

fn mark(text: &str) -> Span {
    Span { text: crate::text::sanitise_line(text), ink: Ink::Mark, ..Span::default() }
}

fn note(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}
