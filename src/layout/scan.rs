//! What a line begins, told from the line alone: enough of Markdown's block structure to know where later text
//! cannot reach back to. Inside a piece that is still open, the parser decides.

use super::code::Fence;

/// What a line that stands in no other block begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    /// Nothing: it is blank.
    Blank,
    Fence(Fence),
    IndentedCode,
    Heading,
    Rule,
    Quote,
    Item(Marker),
    /// A footnote's text.
    Footnote,
    /// HTML that goes on until this is seen, over blank lines too.
    Html(&'static str),
    /// HTML that goes on until a blank line, and may stand below a paragraph without one.
    HtmlBlock,
    /// A formula of its own, until this is seen.
    Math(&'static str),
    Text,
}

/// The mark of a list's item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// `-`, `+`, `*`, or what stands after a number.
    pub sign: char,
    /// The number, where it has one.
    pub number: Option<u64>,
    /// Where the item's text begins: what is indented as far belongs to the item.
    pub offset: usize,
    /// Whether anything stands after the mark.
    pub text: After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    Nothing,
    Text,
}

/// The spaces a line begins with; a tab reaches to the next stop of four.
pub(super) fn indent(line: &str) -> usize {
    let mut cells = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => cells += 1,
            b'\t' => cells += 4 - cells % 4,
            _ => break,
        }
    }
    cells
}

pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

impl Begins {
    pub fn of(line: &str) -> Self {
        if is_blank(line) {
            return Self::Blank;
        }
        let indent = indent(line);
        if indent >= 4 {
            return Self::IndentedCode;
        }
        let rest = line.trim_start_matches([' ', '\t']);
        if let Some(fence) = Fence::opened_by(line) {
            return Self::Fence(fence);
        }
        if rest.starts_with('>') {
            return Self::Quote;
        }
        let after_marks = rest.trim_start_matches('#');
        if matches!(rest.len() - after_marks.len(), 1..=6)
            && (after_marks.is_empty() || after_marks.starts_with([' ', '\t']))
        {
            return Self::Heading;
        }
        if is_rule(rest) {
            return Self::Rule;
        }
        if let Some(marker) = Marker::of(rest, indent) {
            return Self::Item(marker);
        }
        if rest.starts_with("[^")
            && rest.split_once("]:").is_some_and(|(label, _)| !label.contains([' ', ']']))
        {
            return Self::Footnote;
        }
        if rest.starts_with('<') {
            return html(rest);
        }
        let open_formula =
            |(open, close): &(&str, &str)| rest.strip_prefix(open).is_some_and(|rest| !rest.contains(close));
        match [("$$", "$$"), ("\\[", "\\]")].into_iter().find(open_formula) {
            Some((_, close)) => Self::Math(close),
            None => Self::Text,
        }
    }

    /// Whether it ends a paragraph above it without a blank line.
    pub fn interrupts(self) -> bool {
        match self {
            Self::Blank
            | Self::Fence(_)
            | Self::Heading
            | Self::Rule
            | Self::Quote
            | Self::Html(_)
            | Self::HtmlBlock
            | Self::Math(_) => true,
            Self::Item(marker) => {
                marker.text == After::Text && marker.number.is_none_or(|number| number == 1)
            }
            Self::IndentedCode | Self::Footnote | Self::Text => false,
        }
    }
}

/// Whether a line, without its indentation, is a rule.
pub fn is_rule(rest: &str) -> bool {
    let mut signs = rest.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
    let Some(first) = signs.next().filter(|sign| matches!(sign, b'-' | b'_' | b'*')) else { return false };
    let mut count = 1;
    signs.all(|sign| {
        count += 1;
        sign == first
    }) && count >= 3
}

/// How many quotes a line stands in, by the marks that it begins with.
pub(super) fn quote_depth(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b'>' | b' ' | b'\t')).filter(|byte| *byte == b'>').count()
}

/// Whether a line makes the paragraph above it a heading.
pub(super) fn is_underline(line: &str) -> bool {
    let line = line.trim_matches([' ', '\t']);
    indent(line) < 4
        && !line.is_empty()
        && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'='))
}

impl Marker {
    fn of(rest: &str, indent: usize) -> Option<Self> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let sign = rest.get(digits..)?.chars().next()?;
        let number = match (sign, digits) {
            ('-' | '*' | '+', 0) => None,
            ('.' | ')', 1..=9) => rest.get(..digits)?.parse().ok(),
            _ => return None,
        };
        let mark = digits + 1;
        let after = rest.get(mark..)?;
        if is_blank(after) {
            return Some(Self { sign, number, offset: indent + mark + 1, text: After::Nothing });
        }
        let blanks = self::indent(after);
        // Five blanks are one, and indented code.
        let blanks = match blanks {
            0 => return None,
            1..=4 => blanks,
            _ => 1,
        };
        Some(Self { sign, number, offset: indent + mark + blanks, text: After::Text })
    }
}

/// What ends HTML that may hold blank lines.
const HTML: &[(&str, &str)] = &[
    ("<script", "</script>"),
    ("<pre", "</pre>"),
    ("<style", "</style>"),
    ("<textarea", "</textarea>"),
    ("<!--", "-->"),
    ("<?", "?>"),
    ("<![CDATA[", "]]>"),
];

fn html(rest: &str) -> Begins {
    let head: String = rest.chars().take(12).collect::<String>().to_ascii_lowercase();
    for (open, close) in HTML {
        let after = head.strip_prefix(&open.to_ascii_lowercase());
        let is_name = open.ends_with(|c: char| c.is_ascii_alphabetic());
        if after.is_some_and(|after| !is_name || !after.starts_with(|c: char| c.is_ascii_alphanumeric())) {
            return Begins::Html(close);
        }
    }
    if head.strip_prefix("<!").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return Begins::Html(">");
    }
    let name = rest.trim_start_matches(['<', '/']);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
    if BLOCK_TAGS.contains(&name.as_str()) { Begins::HtmlBlock } else { Begins::Text }
}

/// Tags that begin a block of HTML wherever they stand.
const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "base",
    "basefont",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "iframe",
    "legend",
    "li",
    "link",
    "main",
    "menu",
    "menuitem",
    "nav",
    "noframes",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "section",
    "source",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "track",
    "ul",
];

/// The columns of a table that this line would be the rule of, if it is one.
pub fn table_rule(line: &str) -> Option<usize> {
    if indent(line) >= 4 || !line.contains('-') {
        return None;
    }
    let cells = split_cells(line);
    let is_rule = |cell: &str| {
        let cell = cell.trim();
        let cell = cell.strip_prefix(':').unwrap_or(cell);
        let cell = cell.strip_suffix(':').unwrap_or(cell);
        !cell.is_empty() && cell.bytes().all(|byte| byte == b'-')
    };
    cells.iter().all(|cell| is_rule(cell)).then_some(cells.len())
}

/// The columns of a table that this line would be the header of.
pub(super) fn table_columns(line: &str) -> Option<usize> {
    (line.contains('|') && indent(line) < 4).then(|| split_cells(line).len())
}

/// The cells of a row of a table, as they are written.
pub fn split_cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'|' && !escaped {
            cells.push(line.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    let last = line.get(start..).unwrap_or_default();
    if !last.trim().is_empty() || cells.is_empty() {
        cells.push(last);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_by_how_they_begin() {
        let marker = |sign, number, offset, text| Begins::Item(Marker { sign, number, offset, text });
        for (line, expected) in [
            ("", Begins::Blank),
            ("  \t", Begins::Blank),
            ("    x", Begins::IndentedCode),
            ("# a", Begins::Heading),
            ("#", Begins::Heading),
            ("#a", Begins::Text),
            ("---", Begins::Rule),
            (" * * *", Begins::Rule),
            ("--", Begins::Text),
            ("> a", Begins::Quote),
            ("- a", marker('-', None, 2, After::Text)),
            (" -", marker('-', None, 3, After::Nothing)),
            ("12)   a", marker(')', Some(12), 6, After::Text)),
            ("-a", Begins::Text),
            ("[^1]: a", Begins::Footnote),
            ("<!-- x", Begins::Html("-->")),
            ("<PRE>", Begins::Html("</pre>")),
            ("<div>", Begins::HtmlBlock),
            ("</p>", Begins::HtmlBlock),
            ("<b>x", Begins::Text),
            ("$$", Begins::Math("$$")),
            ("\\[", Begins::Math("\\]")),
            ("\\[ x \\]", Begins::Text),
            ("a", Begins::Text),
        ] {
            assert_eq!(Begins::of(line), expected, "{line:?}");
        }
    }

    #[test]
    fn a_table_is_told_by_its_second_line() {
        assert_eq!(table_rule("|---|:-:|"), Some(2));
        assert_eq!(table_rule("--- | ---"), Some(2));
        assert_eq!(table_rule("| a |"), None);
        assert_eq!(table_columns("| a \\| b | c"), Some(2));
        assert_eq!(table_columns("a"), None);
    }
}
