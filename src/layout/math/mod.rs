//! LaTeX mathematics as Unicode that reads in a line: letters, operators, indices, fractions, roots.
//!
//! What the tables do not know stays as it was written: half a formula translated wrongly is worse than its source.

mod names;

use std::borrow::Cow;
use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

use super::origin::Places;
use names::{BLACKBOARD, NAMES, OVER, SUBSCRIPTS, SUPERSCRIPTS, SYMBOLS, UNSEEN, WORDS};

/// Deeper than this, a formula stays as it is.
const DEEPEST: usize = 24;

/// A formula, without the marks around it, as it reads in lines. A line ends where the formula says so.
pub(super) fn readable(latex: &str) -> String {
    let mut reader = Reader { rest: latex.trim().chars().peekable() };
    let read = reader.until_end(0);
    let lines: Vec<String> =
        read.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Text in which `\(…\)` and `\[…\]` are written with dollars, as the parser knows formulas. Code stays as it is.
pub(super) fn with_dollars(source: &str) -> (Cow<'_, str>, Places) {
    if !source.contains("\\(") && !source.contains("\\[") {
        return (Cow::Borrowed(source), Places::shifted(source.len(), 0));
    }
    let mut text = String::with_capacity(source.len());
    let mut places = Places::default();
    let mut add = |shown: &str, written: Range<usize>| {
        places.push(text.len()..text.len() + shown.len(), written);
        text.push_str(shown);
    };
    let mut at = 0;
    while let Some(next) = source.get(at..).and_then(|rest| rest.find(['`', '\\'])).map(|next| at + next) {
        add(source.get(at..next).unwrap_or_default(), at..next);
        let tail = source.get(next..).unwrap_or_default();
        let (shown, length) = match formula(tail) {
            Some((formula, length)) => (Cow::Owned(formula), length),
            None => {
                let length = opaque(tail);
                (Cow::Borrowed(tail.get(..length).unwrap_or_default()), length)
            }
        };
        at = source.len().min(next + length);
        add(&shown, next..at);
    }
    add(source.get(at..).unwrap_or_default(), at..source.len());
    (Cow::Owned(text), places)
}

/// The formula that `text` begins with, in dollars, and its length as it is written.
fn formula(text: &str) -> Option<(String, usize)> {
    let (close, dollars) = match text.get(..2)? {
        "\\(" => ("\\)", "$"),
        "\\[" => ("\\]", "$$"),
        _ => return None,
    };
    let inside = text.get(2..)?;
    let inside = inside.get(..inside.find(close)?)?;
    let is_one = !inside.trim().is_empty() && !inside.contains('$') && !inside.contains("\n\n");
    is_one.then(|| (format!("{dollars}{}{dollars}", inside.trim()), inside.len() + 4))
}

/// How much of `text`, which begins with a backtick or a backslash, holds no formula: code, or an escape.
fn opaque(text: &str) -> usize {
    let ticks = text.len() - text.trim_start_matches('`').len();
    if ticks == 0 {
        return 1 + text.chars().nth(1).map_or(0, char::len_utf8);
    }
    let mut from = ticks;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('`')) {
        let run = text.get(from + at..).unwrap_or_default();
        let length = run.len() - run.trim_start_matches('`').len();
        from += at + length;
        if length == ticks {
            return from;
        }
    }
    ticks
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    fn until_end(&mut self, depth: usize) -> String {
        let mut read = String::new();
        while self.rest.peek().is_some() {
            if self.rest.next_if_eq(&'}').is_some() {
                if depth > 0 {
                    break;
                }
                read.push('}');
                continue;
            }
            let piece = self.piece(depth);
            read.push_str(&piece);
        }
        read
    }

    /// The next thing: a letter, a group, a command with what belongs to it, an index.
    fn piece(&mut self, depth: usize) -> String {
        match self.rest.next() {
            None => String::new(),
            Some('{') if depth < DEEPEST => self.until_end(depth + 1),
            Some('\\') => self.command(depth),
            Some('^') => self.index(depth, '^', SUPERSCRIPTS),
            Some('_') => self.index(depth, '_', SUBSCRIPTS),
            Some('-') => "−".into(),
            Some('\'') => "′".into(),
            Some('&' | '~') => " ".into(),
            Some('\n') => " ".into(),
            Some(other) => other.to_string(),
        }
    }

    /// An argument: a group or one piece.
    fn argument(&mut self, depth: usize) -> String {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
        if depth >= DEEPEST {
            return self.rest.next().map(String::from).unwrap_or_default();
        }
        self.piece(depth + 1)
    }

    fn index(&mut self, depth: usize, sign: char, table: &[(char, char)]) -> String {
        let of = self.argument(depth);
        let raised: Option<String> = of.chars().map(|c| found(table, c)).collect();
        match raised {
            Some(raised) => raised.trim().to_owned(),
            None if of.chars().count() == 1 => format!("{sign}{of}"),
            None => format!("{sign}({of})"),
        }
    }

    fn command(&mut self, depth: usize) -> String {
        let mut name = String::new();
        while let Some(letter) = self.rest.next_if(char::is_ascii_alphabetic) {
            name.push(letter);
        }
        if name.is_empty() {
            return match self.rest.next() {
                Some('\\') => "\n".into(),
                Some(',' | ';' | ':' | ' ' | '>') => " ".into(),
                Some('!') => String::new(),
                Some('|') => "‖".into(),
                Some(sign @ ('{' | '}' | '$' | '%' | '&' | '#' | '_')) => sign.into(),
                Some(other) => format!("\\{other}"),
                None => "\\".into(),
            };
        }
        let known = |list: &[&str]| list.contains(&name.as_str());
        if let Some((_, symbol)) = SYMBOLS.iter().find(|(known, _)| *known == name) {
            return (*symbol).to_owned();
        }
        if known(NAMES) {
            // A name and what it is of are told apart.
            let apart = self.rest.peek().is_some_and(|next| next.is_alphanumeric() || *next == '\\');
            return if apart { format!("{name} ") } else { name };
        }
        if known(WORDS) {
            return self.words();
        }
        if known(UNSEEN) {
            // `\left.` is no bracket.
            if matches!(name.as_str(), "left" | "right") {
                self.rest.next_if_eq(&'.');
            }
            return String::new();
        }
        if let Some((_, mark)) = OVER.iter().find(|(known, _)| *known == name) {
            let of = self.argument(depth);
            return match of.chars().count() {
                1 => format!("{of}{mark}"),
                _ => format!("{name}({of})"),
            };
        }
        match name.as_str() {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let (above, below) = (self.argument(depth), self.argument(depth));
                format!("{}/{}", grouped(&above), grouped(&below))
            }
            "binom" => {
                let (above, below) = (self.argument(depth), self.argument(depth));
                format!("C({above}, {below})")
            }
            "sqrt" => {
                let degree = self.rest.next_if_eq(&'[').map(|_| {
                    let mut degree = String::new();
                    while let Some(c) = self.rest.next().filter(|c| *c != ']') {
                        degree.push(c);
                    }
                    degree
                });
                let of = self.argument(depth);
                let sign = match degree.as_deref() {
                    None | Some("2") => "√".to_owned(),
                    Some("3") => "∛".to_owned(),
                    Some("4") => "∜".to_owned(),
                    Some(other) => {
                        let raised: Option<String> = other.chars().map(|c| found(SUPERSCRIPTS, c)).collect();
                        raised.map_or_else(|| format!("{other}√"), |raised| format!("{raised}√"))
                    }
                };
                format!("{sign}{}", if of.chars().count() == 1 { of } else { format!("({of})") })
            }
            "mathbb" => {
                let of = self.argument(depth);
                of.chars().map(|c| found(BLACKBOARD, c).unwrap_or(c)).collect()
            }
            "mathcal" | "mathscr" | "mathfrak" => self.argument(depth),
            "pmod" => format!("(mod {})", self.argument(depth)),
            "not" => format!("{}\u{338}", self.argument(depth)),
            "begin" | "end" => {
                // The columns that an array names are not part of it.
                if self.words() == "array" && name == "begin" && self.rest.peek() == Some(&'{') {
                    self.words();
                }
                String::new()
            }
            "tag" => format!("  ({})", self.words()),
            _ if self.rest.peek() == Some(&'{') => format!("\\{name}{{{}}}", self.words()),
            _ => format!("\\{name}"),
        }
    }

    /// A group as it is written.
    fn words(&mut self) -> String {
        let mut words = String::new();
        if self.rest.next_if_eq(&'{').is_none() {
            return words;
        }
        let mut open = 1;
        for c in self.rest.by_ref() {
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
            words.push(c);
        }
        words
    }
}

fn found(table: &[(char, char)], wanted: char) -> Option<char> {
    table.iter().find(|(from, _)| *from == wanted).map(|(_, to)| *to)
}

/// A part of a fraction: in brackets where it is more than one number, letter or call.
fn grouped(part: &str) -> String {
    let is_one = part.chars().all(char::is_alphanumeric) || part.chars().count() == 1;
    if is_one { part.to_owned() } else { format!("({part})") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_read_in_a_line() {
        for (latex, expected) in [
            (r"E = mc^2", "E = mc²"),
            (r"\alpha_{i} \leq \beta^{2n}", "αᵢ ≤ β²ⁿ"),
            (r"\frac{a+b}{2}", "(a+b)/2"),
            (r"\frac{1}{2}", "1/2"),
            (r"\sqrt{x^2 + y^2}", "√(x² + y²)"),
            (r"\sqrt[3]{x}", "∛x"),
            (r"\sum_{i=1}^{n} i", "∑ᵢ₌₁ⁿ i"),
            (r"x_{max,q}", "x_(max,q)"),
            (r"e^{-x^2}", "e^(−x²)"),
            (r"\sin\theta", "sin θ"),
            (r"\mathbb{R}^n \to \mathbb{C}", "ℝⁿ → ℂ"),
            (r"\left( \frac{x}{y} \right)", "( x/y )"),
            (r"\text{if } x > 0", "if x > 0"),
            (r"\hat{x} \cdot \vec{v}", "x\u{302} · v\u{20d7}"),
            (r"a \bmod n", "a bmod n"),
            (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b\n= c"),
            (r"\unknown{x^2} y", r"\unknown{x^2} y"),
        ] {
            assert_eq!(readable(latex), expected, "{latex}");
        }
    }

    #[test]
    fn brackets_of_formulas_become_dollars_but_not_in_code() {
        for (text, expected) in [
            (r"so \( a_1 \) and \[x\]", "so $a_1$ and $$x$$"),
            (r"`\(a\)` and ``\(`\)``", r"`\(a\)` and ``\(`\)``"),
            (r"\\(a\\) and \(open", r"\\(a\\) and \(open"),
            ("\\(a\n\nb\\)", "\\(a\n\nb\\)"),
        ] {
            assert_eq!(with_dollars(text).0, expected);
        }
    }

    proptest! {
        #[test]
        fn any_formula_reads_as_something(latex in r"[\\{}^_$a-z0-9 &\[\]]{0,60}") {
            readable(&latex);
        }
    }
}
