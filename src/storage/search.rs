//! Full-text search over all branches and titles.
//!
//! The index takes a run of CJK characters for one word, so they are set apart by blanks in what is indexed
//! and in what is asked for, and a word of several is looked for as a phrase. What a person types is quoted
//! whole: the engine's own syntax cannot be reached.

use std::borrow::Cow;

use rusqlite::{Connection, params};

use super::{Hit, Store, StoreError, rows};
use crate::chat::{Message, Part};

/// Ranking reads every hit, so it is bounded to this many of the newest.
const RANKED: i64 = 2000;
/// Characters shown before the match, and in all.
const BEFORE: usize = 30;
const SNIPPET: usize = 120;

impl Store {
    /// Messages that hold these words and "phrases", on any branch, best first; CJK too. A conversation whose
    /// title holds them is found by its first message, after those.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let terms = terms(words);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let query = query(&terms);
        let mut hits = self.hits(
            &format!(
                "SELECT {}, c.id, c.title FROM message_words \
                 JOIN messages m ON m.seq = message_words.rowid JOIN conversations c ON c.seq = m.conversation \
                 WHERE message_words MATCH ?1 AND message_words.rowid >= (SELECT coalesce(min(seq), 0) FROM \
                 (SELECT rowid AS seq FROM message_words WHERE message_words MATCH ?1 \
                 ORDER BY rowid DESC LIMIT {RANKED})) \
                 AND m.trash IS NULL AND c.trash IS NULL ORDER BY message_words.rank LIMIT ?2",
                rows::COLUMNS
            ),
            &query,
            limit,
            &terms,
        )?;
        let titled = self.hits(
            &format!(
                "SELECT {}, c.id, c.title FROM title_words \
                 JOIN conversations c ON c.seq = title_words.rowid \
                 JOIN messages m ON m.id = (SELECT min(f.id) FROM messages f WHERE f.conversation = c.seq \
                 AND f.parent IS NULL AND f.trash IS NULL) \
                 WHERE title_words MATCH ?1 AND c.trash IS NULL ORDER BY title_words.rank LIMIT ?2",
                rows::COLUMNS
            ),
            &query,
            limit,
            &terms,
        )?;
        let new: Vec<Hit> =
            titled.into_iter().filter(|title| hits.iter().all(|hit| hit.message != title.message)).collect();
        hits.extend(new);
        hits.truncate(limit);
        Ok(hits)
    }

    fn hits(&self, sql: &str, query: &str, limit: usize, terms: &[Term]) -> Result<Vec<Hit>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.db.prepare_cached(sql)?;
        let hits = statement.query_map(params![query, limit], |row| {
            let message = rows::message(row)?;
            Ok(Hit {
                conversation: rows::conversation_id(row, 12)?,
                message: message.id,
                role: message.role,
                snippet: snippet(&said(&message), terms),
                title: row.get(13)?,
            })
        })?;
        Ok(hits.collect::<Result<_, _>>()?)
    }
}

/// Puts a message into the index, in the place of what stood there for it.
pub(super) fn index_message(db: &Connection, seq: i64, message: &Message) -> Result<(), StoreError> {
    index(db, "message_words", seq, &said(message))
}

/// Puts a conversation's title into the index, in the place of the one before.
pub(super) fn index_title(db: &Connection, seq: i64, title: &str) -> Result<(), StoreError> {
    index(db, "title_words", seq, title)
}

fn index(db: &Connection, table: &str, seq: i64, text: &str) -> Result<(), StoreError> {
    if text.is_empty() {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?.execute([seq])?;
    } else {
        db.prepare_cached(&format!("INSERT OR REPLACE INTO {table} (rowid, text) VALUES (?1, ?2)"))?
            .execute(params![seq, set_apart(text)])?;
    }
    Ok(())
}

/// What can be found of a message: its text and its refusals.
fn said(message: &Message) -> Cow<'_, str> {
    if let [Part::Text { text }] = message.parts.as_slice() {
        return Cow::Borrowed(text);
    }
    let pieces: Vec<&str> =
        message.parts.iter().filter_map(|part| part.text().or_else(|| part.refusal())).collect();
    Cow::Owned(pieces.join("\n"))
}

/// Scripts that are written without blanks between words.
fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{11ff}'      // Hangul jamo
        | '\u{2e80}'..='\u{2fdf}'    // radicals
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31ff}'    // kana, bopomofo, compatibility jamo
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}'    // Hangul syllables
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}'    // half-width kana
        | '\u{20000}'..='\u{3ffff}'
    )
}

/// The text with a blank on both sides of each CJK character.
fn set_apart(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_cjk) {
        return Cow::Borrowed(text);
    }
    let mut apart = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_cjk(*c)) {
        apart.push_str(&rest[..at]);
        apart.extend([' ', c, ' ']);
        rest = &rest[at + c.len_utf8()..];
    }
    apart.push_str(rest);
    Cow::Owned(apart)
}

/// Something to be found.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    text: String,
    /// More may follow the last letter: so for the word that is perhaps still being typed.
    open: bool,
}

/// The words and "phrases" of what was typed; those without a letter or digit are left out.
fn terms(typed: &str) -> Vec<Term> {
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
        last.open = last.text.chars().count() > 1;
    }
    for term in &mut terms {
        term.text.retain(|c| c != '\0');
    }
    terms.retain(|term| term.text.contains(char::is_alphanumeric));
    terms
}

/// The terms in the engine's syntax, each quoted.
fn query(terms: &[Term]) -> String {
    let quoted: Vec<String> = terms
        .iter()
        .map(|term| {
            let star = if term.open { "*" } else { "" };
            format!("\"{}\"{star}", set_apart(&term.text))
        })
        .collect();
    quoted.join(" ")
}

/// The words around the first match, on one line, `…` where something was left out.
fn snippet(text: &str, terms: &[Term]) -> String {
    let line: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let at = terms.iter().filter_map(|term| position(&line, &term.text)).min().unwrap_or(0);
    let mut start = at.saturating_sub(BEFORE);
    // Not in the middle of a word, where its beginning is near.
    if start > 0 {
        start += line[start..at].iter().position(|c| *c == ' ').map_or(0, |blank| blank + 1);
    }
    let end = (start + SNIPPET).min(line.len());
    let mut snippet = String::new();
    if start > 0 {
        snippet.push('…');
    }
    snippet.extend(&line[start..end]);
    if end < line.len() {
        snippet.push('…');
    }
    snippet
}

fn position(line: &[char], term: &str) -> Option<usize> {
    let term: Vec<char> = term.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    line.windows(term.len().max(1))
        .position(|window| window.iter().zip(&term).all(|(a, b)| looks_like(*a, *b)))
}

/// Whether the index may have taken two letters for the same: case apart, and diacritics.
fn looks_like(a: char, b: char) -> bool {
    let marked = |c: char| ('\u{c0}'..='\u{24f}').contains(&c);
    a.to_lowercase().eq(b.to_lowercase())
        || (marked(a) && b.is_ascii_alphabetic())
        || (marked(b) && a.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_and_phrases_are_quoted_and_only_an_unfinished_word_is_open() {
        for (typed, expected) in [
            ("fig tree", r#""fig" "tree"*"#),
            ("fig tree ", r#""fig" "tree""#),
            (r#""fig tree" leaf"#, r#""fig tree" "leaf"*"#),
            (r#""fig tree""#, r#""fig tree""#),
            (r#"open "fig tr"#, r#""open" "fig tr""#),
            ("日本語", r#"" 日  本  語 "*"#),
            ("a OR b* NOT text:(c)", r#""a" "OR" "b*" "NOT" "text:(c)"*"#),
            ("-- * ()", ""),
        ] {
            assert_eq!(query(&terms(typed)), expected, "{typed}");
        }
    }

    #[test]
    fn a_snippet_shows_the_match_in_its_words_on_one_line() {
        let text = format!("{}\nthe  Café\tcloses at nine {}", "before ".repeat(20), "after ".repeat(40));
        let snippet = snippet(&text, &terms("cafe"));
        assert!(snippet.starts_with("…before before before "), "{snippet}");
        assert!(snippet.contains("the Café closes at nine after"), "{snippet}");
        assert!(snippet.ends_with('…'), "{snippet}");
        assert!(snippet.chars().count() <= SNIPPET + 2, "{snippet}");
    }

    proptest! {
        #[test]
        fn nothing_that_can_be_typed_is_an_error_or_a_panic(typed in "\\PC{0,24}", text in "\\PC{0,60}") {
            let store = Store::in_memory().unwrap();
            prop_assert_eq!(store.search(&typed, 10).unwrap(), vec![]);
            snippet(&text, &terms(&typed));
        }
    }
}
