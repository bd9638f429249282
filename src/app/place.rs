//! A row's place in what its message says: what is being read stays where it is when the width changes.
//!
//! A place is counted in characters that are said at any width: no blanks, no bars, no bullets. It is kept for as long
//! as the view is held there, so that a width that comes back brings its rows back.

use crate::chat::MessageId;

use super::block::{Block, Row, Tone};

/// A row that a view is held at, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The message.
    pub message: MessageId,
    /// Its row, at the width of now.
    pub row: usize,
    /// What is said above the row, at the width it was first held at.
    above: usize,
}

impl Held {
    /// The first row of a view at the width that goes; where it was held before, its place stays.
    pub fn at(before: Option<Self>, (message, row): (MessageId, usize), block: &Block) -> Self {
        let same = before.filter(|held| (held.message, held.row) == (message, row));
        same.unwrap_or_else(|| {
            let above = (0..row).filter_map(|at| block.row(at)).map(|row| said(&row)).sum();
            Self { message, row, above }
        })
    }

    /// The same place in the block at another width.
    pub fn moved(self, block: &Block) -> Self {
        let mut above = 0;
        let row = (0..block.rows()).find(|at| {
            above += block.row(*at).map_or(0, |row| said(&row));
            above > self.above
        });
        Self { row: row.unwrap_or_else(|| block.rows() - 1), ..self }
    }
}

/// The characters of a row that it says at any width.
fn said(row: &Row) -> usize {
    let pieces = row.pieces.iter().filter(|piece| !matches!(piece.tone, Tone::Mark | Tone::CodeMark));
    let is_said = |c: &char| !c.is_whitespace() && !matches!(c, '─' | '│' | '┼' | '┆' | '▎' | '…');
    pieces.map(|piece| piece.text.chars().filter(is_said).count()).sum()
}

#[cfg(test)]
mod tests {
    use crate::app::testing::App;
    use crate::app::transcript::Scroll;
    use crate::app::{Message, Size, transcript};
    use crate::chat::Status;

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
}
