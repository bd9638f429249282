//! A place in a message that outlives its rows.
//!
//! Rows are counted at one width, with what is folded folded. Once a message is laid out another way (a resize, a
//! fold, its Markdown as it is written) the same words stand elsewhere: a place is the words that are read there, and
//! how much of their part of the message stands before them.

use std::ops::Range;

use super::block::Block;

/// So many letters and digits tell a place from others like it, as a rule.
const TELLING: usize = 40;
/// So many are looked for where those are not found in one piece: a table may have become records.
const LESS_TELLING: usize = 8;

/// Where a row of a message stands in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which section of the block.
    section: usize,
    /// The row in it: all there is to go by where it says nothing.
    row: usize,
    /// Bytes of letters before it in the section, and in all of it.
    before: usize,
    all: usize,
    /// The letters it begins with.
    words: String,
    /// Rows between it and those; where none follow, the rows after it.
    gap: usize,
}

/// The letters and digits of a section: marks, bars and gutters differ from one layout to another.
struct Letters {
    text: String,
    /// Rows that say something: where their letters begin, and the row in the section.
    rows: Vec<(usize, usize)>,
}

impl Letters {
    fn of(block: &Block, rows: Range<usize>) -> Self {
        let mut letters = Self { text: String::new(), rows: Vec::new() };
        for (nth, row) in rows.enumerate() {
            let start = letters.text.len();
            for said in block.words(row) {
                letters.text.extend(said.chars().filter(|c| c.is_alphanumeric()));
            }
            if letters.text.len() > start {
                letters.rows.push((start, nth));
            }
        }
        letters
    }

    /// The row that shows the letter at this byte.
    fn row_at(&self, at: usize) -> Option<usize> {
        let after = self.rows.partition_point(|(start, _)| *start <= at);
        Some(self.rows.get(after.checked_sub(1)?)?.1)
    }

    /// The row that says something before this one.
    fn row_before(&self, row: usize) -> Option<usize> {
        let after = self.rows.partition_point(|(_, nth)| *nth < row);
        Some(self.rows.get(after.checked_sub(1)?)?.1)
    }

    /// Where these letters stand, nearest to a byte.
    fn find(&self, words: &str, near: usize) -> Option<usize> {
        let places = self.text.match_indices(words).map(|(at, _)| at);
        places.min_by_key(|at| at.abs_diff(near))
    }
}

impl Place {
    /// The place of a row.
    pub fn of(block: &Block, row: usize) -> Self {
        let section = block.section_at(row);
        let rows = block.section_rows(section);
        let row = row.saturating_sub(rows.start);
        let last = rows.len().saturating_sub(1);
        let letters = Letters::of(block, rows);
        let next = letters.rows.partition_point(|(_, nth)| *nth < row);
        let (before, nth) = letters.rows.get(next).copied().unwrap_or((letters.text.len(), last.max(row)));
        let words = letters.text.get(before..).unwrap_or_default().chars().take(TELLING).collect();
        Self { section, row, before, all: letters.text.len(), words, gap: nth - row }
    }

    /// The row of this place in the same message laid out another way.
    pub fn row_in(&self, block: &Block) -> usize {
        let rows = block.section_rows(self.section);
        let last = rows.len().saturating_sub(1);
        let start = rows.start;
        let letters = Letters::of(block, rows);
        let row = if letters.text.is_empty() {
            self.row.min(last)
        } else if self.words.is_empty() {
            last.saturating_sub(self.gap)
        } else {
            let row = letters.row_at(self.byte_in(&letters)).unwrap_or(0);
            // What stood above the words and said nothing still does.
            let above = letters.row_before(row).map_or(0, |before| before + 1);
            row.saturating_sub(self.gap).max(above.min(row))
        };
        start + row
    }

    fn byte_in(&self, letters: &Letters) -> usize {
        if letters.text.get(self.before..).is_some_and(|rest| rest.starts_with(&self.words)) {
            return self.before;
        }
        let near = self.before * letters.text.len() / self.all.max(1);
        let few: String = self.words.chars().take(LESS_TELLING).collect();
        letters.find(&self.words, near).or_else(|| letters.find(&few, near)).unwrap_or(near)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::app::block::{Fold, Heading, Manner, Names, block};
    use crate::app::keymap::Keymap;
    use crate::app::testing::{App, config};
    use crate::app::transcript::{self, Scroll};
    use crate::app::{Message, Size};
    use crate::chat::tree::tests::message;
    use crate::chat::{Part, Role, Status, Tree};
    use crate::layout::View;

    fn laid(parts: &[Part], width: u16, fold: Fold, view: View) -> Block {
        let mut tree = Tree::default();
        let mut said = message(1, None, "");
        said.role = Role::Assistant;
        said.parts = parts.to_vec();
        tree.add(said.clone());
        let (config, blind) = (config(), Default::default());
        let (keymap, _) = Keymap::load(&config.keymap);
        let names = Names { config: &config, blind: &blind, keymap: &keymap };
        block(&said, &tree, &names, width, Manner { fold, heading: Heading::Own, view })
    }

    fn words(block: &Block, row: usize) -> String {
        block.words(row).concat()
    }

    /// Forty paragraphs, each of which begins with a word of its own.
    fn paragraphs() -> Vec<Part> {
        let paragraph = |n: usize| format!("word{n} {}\n\n", "and more of the same ".repeat(6));
        let text = (0..40).map(paragraph).collect();
        vec![Part::Reasoning { text: "thought ".repeat(100) }, Part::Text { text }]
    }

    fn first_row_of(block: &Block, word: &str) -> usize {
        (0..block.rows()).find(|row| words(block, *row).starts_with(word)).unwrap()
    }

    #[test]
    fn a_place_is_found_again_at_another_width_and_with_what_is_above_it_folded() {
        let before = laid(&paragraphs(), 100, Fold::Open, View::Rendered);
        for word in ["word0 ", "word17 ", "word39 "] {
            let row = first_row_of(&before, word);
            let (place, gap) = (Place::of(&before, row), Place::of(&before, row - 1));
            for (width, fold, view) in [
                (30, Fold::Open, View::Rendered),
                (100, Fold::Folded, View::Rendered),
                (60, Fold::Folded, View::Raw),
            ] {
                let after = laid(&paragraphs(), width, fold, view);
                assert_eq!(place.row_in(&after), first_row_of(&after, word), "{word} {width}");
                if word != "word0 " {
                    assert_eq!(gap.row_in(&after) + 1, first_row_of(&after, word), "{word} {width}");
                }
            }
        }
    }

    #[test]
    fn the_name_and_what_is_told_below_keep_their_rows() {
        let (before, after) = (
            laid(&paragraphs(), 100, Fold::Open, View::Rendered),
            laid(&paragraphs(), 40, Fold::Folded, View::Rendered),
        );
        assert_eq!(Place::of(&before, 0).row_in(&after), 0);
        assert_eq!(Place::of(&before, before.rows() - 1).row_in(&after), after.rows() - 1);
    }

    fn top(app: &App) -> String {
        let (id, at) = app.model.pane.view.visible[0];
        let row = app.model.pane.layouts.get(id).unwrap().row(at).unwrap();
        row.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn a_new_width_moves_nothing_of_what_is_read_and_the_old_one_brings_it_back() {
        let mut app = App::new(120, 24);
        let request = app.ask("hello");
        let words: Vec<String> = (0..3000).map(|nth| format!("word{nth}")).collect();
        let text = format!(
            "- {}\n\n> {}\n\n```\n{}\n```\n",
            words[..900].join(" "),
            words[900..2000].join(" "),
            words[2000..].join("\n")
        );
        app.end(&request, &text, Status::Complete);
        for rows in [20, 90, 300] {
            transcript::scroll(&mut app.model, Scroll::Top);
            transcript::scroll(&mut app.model, Scroll::Down(rows));
            let before = top(&app);
            let word = before.split_whitespace().find(|word| word.starts_with("word")).unwrap().to_owned();
            for width in [40, 63, 200] {
                app.send(Message::Resize { size: Size { width, height: 24 }, at: app.at });
                assert!(top(&app).split_whitespace().any(|shown| shown == word), "{word}: {}", top(&app));
            }
            app.send(Message::Resize { size: Size { width: 120, height: 24 }, at: app.at });
            assert_eq!(top(&app), before);
        }
    }

    proptest! {
        #[test]
        fn every_row_of_any_text_is_found_again_in_the_same_layout(
            text in "([-*>|#`] )?[a-c |]{0,12}(\n{1,2}([-*>|#`] ?|```\n)?[a-c1 |]{0,30}){0,20}",
            width in 8u16..60,
        ) {
            let block = laid(&[Part::Text { text }], width, Fold::Open, View::Rendered);
            for row in 0..block.rows() {
                prop_assert_eq!(Place::of(&block, row).row_in(&block), row);
            }
        }
    }
}
