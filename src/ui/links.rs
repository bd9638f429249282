//! Where cells lead: a table beside a frame's cells, since a cell has no room for it.
//!
//! A target comes out of somebody else's text and goes into an escape sequence, so it is made here, once, into
//! something that can be neither: an absolute address that a browser or a mail program opens, in ASCII without
//! blanks. Everything else is no link; its text is shown as any other.

use std::collections::HashMap;
use std::sync::Arc;

use ratatui::layout::Rect;
use url::Url;

/// What may be opened. Not `file:`, which would start what is on this machine, nor what programs register.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The longest target in bytes; terminals begin to drop longer ones at 2083.
const LONGEST: usize = 2048;

/// The targets of a frame, and which cell leads to which.
#[derive(Clone, Debug, Default)]
pub struct Links {
    area: Rect,
    /// Row by row, the number of each cell's target from 1, or 0. Empty where nothing leads anywhere.
    cells: Vec<u16>,
    targets: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u16>,
}

impl Links {
    /// None yet, on a screen.
    pub fn new(area: Rect) -> Self {
        Self { area, ..Self::default() }
    }

    /// Row by row, the number of each cell's target from 1, or 0. Empty where nothing leads anywhere.
    pub fn cells(&self) -> &[u16] {
        &self.cells
    }

    /// The targets by number, the first one's being 1.
    pub fn targets(&self) -> &[Arc<str>] {
        &self.targets
    }

    /// Lets cells lead where a text says, if that is anywhere.
    pub fn lead(&mut self, cells: Rect, to: &str) {
        let Some(number) = self.number(to) else { return };
        if self.cells.is_empty() {
            self.cells.resize(usize::from(self.area.width) * usize::from(self.area.height), 0);
        }
        self.fill(cells, number);
    }

    /// Something else stands there now.
    pub fn cover(&mut self, cells: Rect) {
        if !self.cells.is_empty() {
            self.fill(cells, 0);
        }
    }

    fn fill(&mut self, cells: Rect, number: u16) {
        let cells = cells.intersection(self.area);
        let columns = usize::from(cells.left())..usize::from(cells.right());
        let rows = self.cells.chunks_exact_mut(usize::from(self.area.width).max(1));
        for row in rows.skip(usize::from(cells.top())).take(usize::from(cells.height)) {
            if let Some(cells) = row.get_mut(columns.clone()) {
                cells.fill(number);
            }
        }
    }

    fn number(&mut self, to: &str) -> Option<u16> {
        let target = target(to)?;
        if let Some(number) = self.numbers.get(target.as_str()) {
            return Some(*number);
        }
        let number = u16::try_from(self.targets.len() + 1).ok()?;
        let target: Arc<str> = target.into();
        self.targets.push(Arc::clone(&target));
        self.numbers.insert(target, number);
        Some(number)
    }
}

/// What a terminal may be told to open for a link in a text: printable ASCII without blanks; `None` for nothing.
pub fn target(link: &str) -> Option<String> {
    if link.len() > LONGEST || link.chars().any(char::is_control) {
        return None;
    }
    let url = Url::parse(link).ok().filter(|url| SCHEMES.contains(&url.scheme()))?;
    // A name before the host reads as if it were the host.
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let written: String = url.as_str().chars().fold(String::new(), |mut written, c| {
        match c {
            '!'..='~' => written.push(c),
            c => written.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}"))),
        }
        written
    });
    (written.len() <= LONGEST).then_some(written)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_a_browser_or_a_mail_program_opens_is_a_target() {
        for (link, told) in [
            ("https://example.org/a b?c=d#e", Some("https://example.org/a%20b?c=d#e")),
            ("HTTP://Example.ORG", Some("http://example.org/")),
            ("mailto:ana@example.org?subject=a b", Some("mailto:ana@example.org?subject=a%20b")),
            ("https://bücher.example/ö", Some("https://xn--bcher-kva.example/%C3%B6")),
            ("/etc/passwd", None),
            ("example.org", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("vscode://open", None),
            ("https://bank.example@evil.example/", None),
            ("https://", None),
            ("https://example.org/\u{1b}]8;;https://evil.example\u{7}", None),
        ] {
            assert_eq!(target(link).as_deref(), told, "{link}");
        }
        assert_eq!(target(&format!("https://example.org/{}", "a".repeat(LONGEST))), None);
        assert_eq!(target(&format!("https://example.org/{}", "ö".repeat(LONGEST / 4))), None);
    }

    #[test]
    fn what_covers_a_link_leads_nowhere() {
        let mut links = Links::new(Rect::new(0, 0, 4, 2));
        links.cover(Rect::new(0, 0, 4, 2));
        assert_eq!(links.cells(), [0; 0]);
        links.lead(Rect::new(1, 0, 9, 1), "https://a.example");
        links.lead(Rect::new(0, 1, 2, 1), "https://b.example");
        links.lead(Rect::new(2, 1, 1, 1), "https://a.example");
        links.lead(Rect::new(3, 1, 1, 1), "no address");
        links.cover(Rect::new(2, 0, 1, 1));
        assert_eq!(links.cells(), [0, 1, 0, 1, 2, 2, 1, 0]);
        assert_eq!(links.targets(), ["https://a.example/".into(), "https://b.example/".into()]);
    }

    proptest! {
        #[test]
        fn no_text_becomes_more_than_an_address(link in "(https?://|mailto:|)\\PC{0,40}[\u{1b}\u{9b}\u{7}\n]?\\PC{0,5}") {
            if let Some(target) = target(&link) {
                prop_assert!(target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{target:?}");
                prop_assert!(SCHEMES.iter().any(|scheme| target.starts_with(scheme)), "{target:?}");
            }
        }
    }
}
