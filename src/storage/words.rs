//! Words as the index has them, and what a person types as a query of it.
//!
//! The engine takes a run of CJK characters for one word. In the index each of them stands apart, so that one is
//! found, and every two that stand together are written behind the text as a word of their own, so that a
//! run of any length is a phrase of pairs: rare words, unlike the characters. What a person types is quoted whole:
//! the engine's own syntax cannot be reached.

use std::borrow::Cow;

/// Stands between the pairs of two runs, which would make a phrase else. The engine takes it for a letter, and
/// nobody types it.
const BETWEEN_RUNS: char = '\u{f8ff}';

/// Letters of scripts that are written without blanks between words.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11ff}'      // Hangul jamo
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}'    // kana, bopomofo, compatibility jamo
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}'    // Hangul syllables
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'    // half-width kana
        | '\u{20000}'..='\u{3ffff}'
    ) && c.is_alphanumeric()
}

/// A text as the index takes it.
pub(super) fn indexed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_cjk) {
        return Cow::Borrowed(text);
    }
    let mut apart = set_apart(text).into_owned();
    for run in text.split(|c| !is_cjk(c)) {
        let before = apart.len();
        push_pairs(&mut apart, run);
        if apart.len() > before {
            apart.extend([' ', BETWEEN_RUNS]);
        }
    }
    Cow::Owned(apart)
}

/// The text with a blank on both sides of each CJK character.
fn set_apart(text: &str) -> Cow<'_, str> {
    if !text.contains(is_cjk) {
        return Cow::Borrowed(text);
    }
    let mut apart = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_cjk(c) {
            apart.extend([' ', c, ' ']);
        } else {
            apart.push(c);
        }
    }
    Cow::Owned(apart)
}

fn push_pairs(to: &mut String, run: &str) {
    for (first, second) in run.chars().zip(run.chars().skip(1)) {
        to.extend([' ', first, second]);
    }
}

/// Something to be found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub text: String,
    /// More may follow the last letter: so for the word that is perhaps still being typed.
    pub open: bool,
}

/// The words and "phrases" of what was typed; those without a letter or digit are left out.
pub(super) fn terms(typed: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let ends_in_word = !typed.ends_with(|c: char| c.is_whitespace() || c == '"');
    for (n, run) in typed.split('"').enumerate() {
        if n % 2 == 1 {
            terms.push(Term { text: run.to_owned(), open: false });
        } else {
            terms.extend(run.split_whitespace().map(|word| Term { text: word.to_owned(), open: false }));
        }
    }
    let in_phrase = typed.matches('"').count() % 2 == 1;
    if ends_in_word
        && !in_phrase
        && let Some(last) = terms.last_mut()
    {
        last.open = last.text.chars().count() > 1 && !last.text.ends_with(is_cjk);
    }
    for term in &mut terms {
        term.text.retain(|c| c != '\0');
    }
    terms.retain(|term| term.text.contains(char::is_alphanumeric));
    terms
}

/// The terms in the engine's syntax, each quoted.
pub(super) fn query(terms: &[Term]) -> String {
    let quoted: Vec<String> = terms
        .iter()
        .map(|Term { text, open }| {
            let is_run = text.chars().nth(1).is_some() && text.chars().all(is_cjk);
            let star = if *open { "*" } else { "" };
            if is_run {
                let mut pairs = String::new();
                push_pairs(&mut pairs, text);
                format!("\"{}\"", pairs.trim_start())
            } else {
                format!("\"{}\"{star}", set_apart(text))
            }
        })
        .collect();
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_phrases_are_quoted_and_only_an_unfinished_word_is_open() {
        for (typed, expected) in [
            ("fig tree", r#""fig" "tree"*"#),
            ("fig tree ", r#""fig" "tree""#),
            (r#""fig tree" leaf"#, r#""fig tree" "leaf"*"#),
            (r#""fig tree""#, r#""fig tree""#),
            (r#"open "fig tr"#, r#""open" "fig tr""#),
            ("a OR b* NOT text:(c)", r#""a" "OR" "b*" "NOT" "text:(c)"*"#),
            ("-- * ()", ""),
        ] {
            assert_eq!(query(&terms(typed)), expected, "{typed}");
        }
    }

    #[test]
    fn cjk_is_asked_for_by_pairs_and_one_character_by_itself() {
        for (typed, expected) in [
            ("日", r#"" 日 ""#),
            ("日本", r#""日本""#),
            ("日本語 fi", r#""日本 本語" "fi"*"#),
            ("Rust語", r#""Rust 語 ""#),
            ("日本rust", r#"" 日  本 rust"*"#),
        ] {
            assert_eq!(query(&terms(typed)), expected, "{typed}");
        }
    }

    #[test]
    fn pairs_stand_behind_the_text_and_those_of_two_runs_apart() {
        assert_eq!(indexed("plain text"), "plain text");
        assert_eq!(indexed("é 日"), "é  日 ");
        assert_eq!(indexed("a東京都、b 日本"), "a 東  京  都 、b  日  本  東京 京都 \u{f8ff} 日本 \u{f8ff}");
    }
}
