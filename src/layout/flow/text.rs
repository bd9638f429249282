//! Running text as it is gathered: its ink, its line ends, the targets of its links.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::HeadingLevel;

use crate::layout::inline::Style;
use crate::layout::origin::Origin;
use crate::layout::{Emphasis, Ink};
use crate::text::sanitise;

use super::Flow;

/// The longest target that is shown whole: more of one is data.
const LONGEST_TARGET: usize = 160;

impl Flow<'_> {
    /// A link's target, after its text.
    pub(super) fn target(&mut self, target: &Arc<str>) {
        let style = Style { link: Some(target.clone()), ..self.style(Ink::Meta) };
        self.runs.push(&format!(" ({})", shortened(target)), style);
    }

    /// A mark for the next item of the innermost list.
    pub(super) fn item_mark(&mut self, at: usize) -> (String, Emphasis) {
        const BULLETS: [&str; 3] = ["• ", "◦ ", "▪ "];
        let depth = self.lists.len().saturating_sub(1);
        match self.lists.last_mut() {
            Some(Some(next)) => {
                let number = *next;
                *next = next.saturating_add(1);
                let written = self.source.get(at..).unwrap_or_default();
                let sign = written.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
                let sign = if sign.starts_with(')') { ')' } else { '.' };
                (format!("{number}{sign} "), Emphasis::default())
            }
            Some(None) | None => {
                let depth = depth + self.setting.indent / 2;
                let bullet = BULLETS.get(depth).or(BULLETS.last()).copied().unwrap_or("• ");
                (bullet.to_owned(), Emphasis::default())
            }
        }
    }

    pub(super) fn begin(&mut self, at: usize) {
        self.runs_at.get_or_insert(at);
    }

    pub(super) fn style(&self, ink: Ink) -> Style {
        let level = self.heading;
        let emphasis = Emphasis {
            bold: self.bold > 0,
            italic: self.italic > 0
                || matches!(
                    level,
                    Some(HeadingLevel::H3 | HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6)
                ),
            struck: self.struck > 0,
            underlined: level == Some(HeadingLevel::H1),
        };
        Style { ink, emphasis, link: self.links.last().map(|(_, target, _)| target.clone()) }
    }

    pub(super) fn text(&mut self, text: &str, at: &Range<usize>) {
        let ink = match (self.links.is_empty(), self.heading, self.quotes) {
            (false, ..) => Ink::Link,
            (true, Some(_), _) => Ink::Heading,
            (true, None, 0) => Ink::Text,
            (true, None, _) => Ink::Quote,
        };
        self.styled(text, at, ink);
    }

    pub(super) fn styled(&mut self, text: &str, at: &Range<usize>, ink: Ink) {
        self.begin(at.start);
        self.runs.push_from(text, self.style(ink), self.origin(text, at));
    }

    /// What of the source a text shows that was read at `at`.
    pub(super) fn origin(&self, text: &str, at: &Range<usize>) -> Origin {
        self.setting.places.origin(self.source, text, at)
    }

    /// Whether nothing else is on the lines that something stands on.
    pub(super) fn stands_apart(&self, at: &Range<usize>) -> bool {
        let before = self.runs.since(0).rsplit('\n').next().unwrap_or_default();
        let after = self.source.get(at.end..).unwrap_or_default().split('\n').next().unwrap_or_default();
        self.table.is_none() && before.trim().is_empty() && after.trim().is_empty()
    }

    pub(super) fn html(&mut self, html: &str, at: &Range<usize>) {
        let mut from = at.start;
        for line in html.split_inclusive('\n') {
            let text = line.trim_end_matches('\n');
            self.text(text, &(from..from + text.len()));
            from += line.len();
            if line.ends_with('\n') {
                self.runs.newline();
            }
        }
    }

    /// The text's own line ends stay, and so do the blanks that a line begins with: models and people mean them.
    pub(super) fn newline(&mut self, at: &Range<usize>) {
        if self.table.is_some() {
            self.runs.newline();
            return;
        }
        self.runs.newline();
        let next = self.source.get(at.end..).unwrap_or_default();
        let started = self.source.get(..at.end).is_some_and(|before| before.ends_with('\n'));
        if started && self.margins.is_empty() {
            let indent = next.len() - next.trim_start_matches(' ').len();
            let blanks = " ".repeat(indent);
            let origin = self.origin(&blanks, &(at.end..at.end + indent));
            self.runs.push_from(&blanks, Ink::Text.into(), origin);
        }
    }

    /// A definition is shown where it stands: the references above it stay as they are.
    pub(super) fn definition(&mut self, span: &Range<usize>, label: &str, target: &str) {
        self.flush();
        self.begin(span.start);
        let origin = self.origin("", span);
        self.runs.push_from(&format!("[{label}]: "), self.style(Ink::Meta), origin.clone());
        let link = Some(Arc::from(sanitise(target).as_str()));
        self.runs.push_from(&shortened(target), Style { link, ..self.style(Ink::Link) }, origin);
        self.flush();
    }
}

pub(super) fn is_break(html: &str) -> bool {
    html.strip_prefix("<br").is_some_and(|rest| matches!(rest.trim(), ">" | "/>"))
}

/// Whether text that the parser took as it is holds a mark that more text may give a meaning. A mark between
/// blanks, an underscore inside a word and what follows a backslash never have one.
pub(super) fn is_open(source: &str, at: Range<usize>) -> bool {
    let marks = source.get(at.clone()).unwrap_or_default().char_indices();
    let around = |mark: usize, length: usize| {
        let before = source.get(..mark).and_then(|before| before.chars().next_back());
        let after = source.get(mark + length..).and_then(|after| after.chars().next());
        (before.unwrap_or(' '), after.unwrap_or(' '))
    };
    marks.into_iter().any(|(offset, c)| {
        let (before, after) = around(at.start + offset, c.len_utf8());
        match c {
            '*' => !(before.is_whitespace() && after.is_whitespace()) && before != '\\',
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()) && before != '\\',
            '`' | '~' | '[' | ']' | '<' | '$' => true,
            _ => false,
        }
    })
}

/// Whether a link's text tells its target already.
pub(super) fn is_said_by(target: &str, text: &str) -> bool {
    let bare = |address: &str| {
        let address = ["https://", "http://", "mailto:"]
            .iter()
            .find_map(|scheme| address.strip_prefix(scheme))
            .unwrap_or(address);
        address.trim_end_matches('/').to_owned()
    };
    bare(target) == bare(text)
}

pub(super) fn shortened(target: &str) -> String {
    match target.char_indices().nth(LONGEST_TARGET) {
        Some((end, _)) => format!("{}…", target.get(..end).unwrap_or_default()),
        None => target.to_owned(),
    }
}
