//! Running text with its emphasis: one string, and what each stretch of it is.
//!
//! Text is made safe here, because a parser turns `&#27;` into what the sanitiser took out before it. What the
//! parser does not know, bare addresses and footnotes whose text is elsewhere, is found here too.

use std::ops::Range;
use std::sync::Arc;

use crate::text::{sanitise_line, width::width};

use super::origin::Origin;
use super::wrap::{Breaks, fill};
use super::{Emphasis, Ink, Span};

/// How a stretch of text looks, and where it leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub ink: Ink,
    pub emphasis: Emphasis,
    pub link: Option<Arc<str>>,
}

impl From<Ink> for Style {
    fn from(ink: Ink) -> Self {
        Self { ink, ..Self::default() }
    }
}

/// Text in stretches of one style. A newline ends a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs {
    text: String,
    ends: Vec<End>,
}

/// The end of a stretch, how the stretch looks, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    at: usize,
    style: Style,
    origin: Origin,
}

/// A stretch of runs: its bytes, how it looks, and where it comes from.
type Stretch<'a> = (Range<usize>, &'a Style, Origin);

impl Runs {
    pub fn of(text: &str, style: Style, origin: Origin) -> Self {
        let mut runs = Self::default();
        runs.push_from(text, style, origin);
        runs
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written from a byte on.
    pub fn since(&self, start: usize) -> &str {
        self.text.get(start..).unwrap_or_default()
    }

    /// The cells of its widest line.
    pub fn cells(&self) -> usize {
        self.text.split('\n').map(width).max().unwrap_or(0)
    }

    /// Adds text, made safe. Newlines and tabs in it are blanks.
    pub fn push(&mut self, text: &str, style: Style) {
        self.push_from(text, style, Origin::Added);
    }

    /// Adds text that stands somewhere in the source.
    pub fn push_from(&mut self, text: &str, style: Style, origin: Origin) {
        let safe = sanitise_line(text);
        // What was made safe here was an entity.
        let origin = if safe.len() == text.len() { origin } else { Origin::Added };
        self.text.push_str(&safe);
        self.end(style, origin);
    }

    pub fn newline(&mut self) {
        self.text.push('\n');
        self.end(Style::default(), Origin::Added);
    }

    pub fn append(&mut self, more: &Self) {
        for (stretch, style, origin) in more.stretches(0..more.text.len()) {
            self.text.push_str(more.text.get(stretch).unwrap_or_default());
            self.end(style.clone(), origin);
        }
    }

    fn end(&mut self, style: Style, origin: Origin) {
        let at = self.text.len();
        let before = self.ends.len().checked_sub(2).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |before| before.at);
        match self.ends.last_mut() {
            Some(last) if last.at == at => {}
            Some(last) if last.style == style && last.origin.goes_on(last.at - start, &origin) => {
                last.at = at;
            }
            Some(_) | None if at > 0 => self.ends.push(End { at, style, origin }),
            Some(_) | None => {}
        }
    }

    /// A part of it.
    pub fn slice(&self, range: Range<usize>) -> Self {
        let mut slice = Self { text: self.since(range.start).to_owned(), ends: Vec::new() };
        slice.text.truncate(range.end.saturating_sub(range.start));
        for (stretch, style, origin) in self.stretches(range.clone()) {
            slice.ends.push(End { at: stretch.end - range.start, style: style.clone(), origin });
        }
        slice
    }

    fn stretches(&self, range: Range<usize>) -> impl Iterator<Item = Stretch<'_>> {
        let first = self.ends.partition_point(|end| end.at <= range.start);
        let before = first.checked_sub(1).and_then(|before| self.ends.get(before));
        let mut begins = before.map_or(0, |before| before.at);
        let mut start = range.start;
        self.ends.iter().skip(first).map_while(move |end| {
            let stretch = start..end.at.min(range.end);
            if stretch.is_empty() {
                return None;
            }
            let origin = end.origin.part(&(start - begins..stretch.end - begins));
            (start, begins) = (stretch.end, end.at);
            Some((stretch, &end.style, origin))
        })
    }

    /// Its lines: the bytes of each, without the newline.
    pub fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut start = 0;
        self.text.split('\n').map(move |line| {
            let range = start..start + line.len();
            start = range.end + 1;
            range
        })
    }

    /// The blanks that a line begins with.
    pub fn indent(&self, line: &Range<usize>) -> usize {
        let text = self.text.get(line.clone()).unwrap_or_default();
        text.len() - text.trim_start_matches(' ').len()
    }

    /// The rows of one of its lines: the bytes of each.
    pub fn rows(&self, line: Range<usize>, first_cells: usize, cells: usize) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let mut from = line.start;
        loop {
            let text = self.text.get(from..line.end).unwrap_or_default();
            let row = fill(text, if rows.is_empty() { first_cells } else { cells }, Breaks::Words);
            // A character that has no room in a row is one too.
            let end = match text.starts_with(row.text.as_str()) {
                true => from + row.text.len(),
                false => from + row.next.unwrap_or(text.len()),
            };
            rows.push(from..end);
            match row.next {
                Some(next) => from += next,
                None => return rows,
            }
        }
    }

    /// A row's spans. What is wider than `cells` is a character that has no room: it is told by `…`.
    pub fn spans(&self, row: Range<usize>, cells: usize) -> Vec<Span> {
        if width(self.text.get(row.clone()).unwrap_or_default()) > cells {
            let text = sanitise_line("…");
            let origin = self.stretches(row.clone()).next().map_or(Origin::Added, |(_, _, origin)| origin);
            let origin = origin.all_of(row.len());
            return vec![Span { text, origin, ..Span::default() }];
        }
        self.stretches(row)
            .map(|(stretch, style, origin)| Span {
                text: sanitise_line(self.text.get(stretch).unwrap_or_default()),
                ink: style.ink,
                emphasis: style.emphasis,
                link: style.link.clone(),
                origin,
            })
            .collect()
    }

    /// Gives bare addresses their target, and footnotes that are told elsewhere the look of one, from a byte on.
    pub fn recognise(&mut self, from: usize) {
        if !self.text.contains("www.") && !self.text.contains("://") && !self.text.contains("[^") {
            return;
        }
        let mut found = self.slice(0..from);
        for (stretch, style, origin) in self.stretches(from..self.text.len()) {
            let text = self.text.get(stretch).unwrap_or_default();
            if style.link.is_some() || style.ink == Ink::Code {
                found.append(&Self::as_it_is(text, style.clone(), origin));
                continue;
            }
            let mut rest = text;
            while let Some((before, special, link, after)) = next_special(rest) {
                let begins = text.len() - rest.len();
                let range = begins + before.len()..text.len() - after.len();
                let special_origin = match origin.part(&range) {
                    same if special.len() == range.len() => same,
                    other => other.all_of(range.len()),
                };
                found.append(&Self::as_it_is(before, style.clone(), origin.part(&(begins..range.start))));
                let special_style = match link {
                    Some(target) => Style { ink: Ink::Link, link: Some(target), ..style.clone() },
                    None => Style { ink: Ink::Mark, ..style.clone() },
                };
                found.append(&Self::as_it_is(&special, special_style, special_origin));
                rest = after;
            }
            let rest_origin = origin.part(&(text.len() - rest.len()..text.len()));
            found.append(&Self::as_it_is(rest, style.clone(), rest_origin));
        }
        *self = found;
    }

    /// Text that is safe already, newlines and all.
    fn as_it_is(text: &str, style: Style, origin: Origin) -> Self {
        let end = End { at: text.len(), style, origin };
        let ends = if text.is_empty() { Vec::new() } else { vec![end] };
        Self { text: text.to_owned(), ends }
    }
}

/// Something the parser leaves to us: what stands before it, how it reads, where it leads, what stands after it.
type Special<'a> = (&'a str, String, Option<Arc<str>>, &'a str);

fn next_special(text: &str) -> Option<Special<'_>> {
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let at = from + rest.find(['h', 'w', '['])?;
        let tail = text.get(at..)?;
        let begins_word = !text.get(..at)?.ends_with(|c: char| c.is_alphanumeric());
        if let Some(name) =
            tail.strip_prefix("[^").and_then(|tail| tail.split_once(']')).map(|(name, _)| name)
            && !name.is_empty()
            && !name.contains(|c: char| c.is_whitespace() || matches!(c, '[' | '^'))
        {
            return Some((text.get(..at)?, format!("[{name}]"), None, tail.get(name.len() + 3..)?));
        }
        if begins_word && let Some(length) = address(tail) {
            let address = tail.get(..length)?;
            let target =
                if address.starts_with("www.") { format!("http://{address}") } else { address.into() };
            let target = Some(Arc::from(target));
            return Some((text.get(..at)?, address.to_owned(), target, tail.get(length..)?));
        }
        from = at + 1;
    }
}

/// The length of the address that `text` begins with, by the rules of GitHub's autolinks: no punctuation at its
/// end, and no closing bracket that it does not open.
fn address(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://", "www."].into_iter().find(|scheme| text.starts_with(scheme))?;
    let mut address = text
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
        .next()
        .unwrap_or_default();
    loop {
        let last = address.chars().next_back()?;
        let count = |wanted: char| address.matches(wanted).count();
        let trim = match last {
            '?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' => true,
            ')' => count(')') > count('('),
            ']' => count(']') > count('['),
            _ => false,
        };
        if !trim {
            break;
        }
        address = address.get(..address.len() - last.len_utf8())?;
    }
    let host = address.strip_prefix(scheme)?;
    let is_host = host.starts_with(|c: char| c.is_alphanumeric() || c == '[') && address.len() > scheme.len();
    is_host.then_some(address.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(text: &str) -> Vec<(String, Option<String>)> {
        let mut runs = Runs::of(text, Style::default(), Origin::Same(0));
        runs.recognise(0);
        let spans = runs.spans(0..runs.len(), usize::MAX);
        spans
            .into_iter()
            .map(|span| (span.text.into_string(), span.link.map(|link| link.to_string())))
            .collect()
    }

    #[test]
    fn bare_addresses_lead_where_they_say_without_the_punctuation_around_them() {
        let link = |shown: &str, to: &str| (shown.to_owned(), Some(to.to_owned()));
        let text = |shown: &str| (shown.to_owned(), None);
        assert_eq!(
            recognised("see (https://a.example/x_(y)), www.b.example."),
            [
                text("see ("),
                link("https://a.example/x_(y)", "https://a.example/x_(y)"),
                text("), "),
                link("www.b.example", "http://www.b.example"),
                text("."),
            ]
        );
        assert_eq!(
            recognised("xhttp://a and http:// and wwww.x"),
            [text("xhttp://a and http:// and wwww.x")]
        );
    }

    #[test]
    fn a_footnote_that_is_told_elsewhere_is_marked() {
        assert_eq!(
            recognised("so[^1] and [^a b]"),
            [("so".to_owned(), None), ("[1]".to_owned(), None), (" and [^a b]".to_owned(), None)]
        );
    }

    #[test]
    fn an_entity_makes_no_control_character() {
        let mut runs = Runs::default();
        runs.push("a\u{1b}[31mb\u{202e}c\nd", Style::default());
        assert_eq!(runs.since(0), "abc d");
    }
}
