//! What of a text can be copied apart: its paragraphs, tables and links, each as it stands in the source.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::flow::options;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// A paragraph that stands in nothing else.
    Paragraph,
    /// A table: its rows, the header first, each as the text of its cells.
    Table(Vec<Vec<String>>),
    /// A link, and where it leads.
    Link(String),
}

/// The pieces of a Markdown text, in order. `text` is safe already.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell: Option<String> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) if depth == 0 => {
                found.push(Piece { range, kind: PieceKind::Paragraph });
            }
            Event::Start(Tag::Table(_)) => rows.clear(),
            Event::End(TagEnd::Table) => {
                found.push(Piece { range, kind: PieceKind::Table(std::mem::take(&mut rows)) });
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => cell = Some(String::new()),
            Event::End(TagEnd::TableCell) => {
                if let Some(row) = rows.last_mut() {
                    row.push(cell.take().unwrap_or_default());
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                found.push(Piece { range, kind: PieceKind::Link(dest_url.into_string()) });
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition) => {
                depth = depth.saturating_sub(1);
            }
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&text);
                }
            }
            Event::InlineMath(latex) => {
                if let Some(cell) = &mut cell {
                    cell.push_str(&latex);
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|piece| piece.range.start);
    found
}

/// A table as lines of cells between tabs. A tab or a line end inside a cell is a blank.
pub fn tsv(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace(['\t', '\n'], " ")).collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_tables_and_links_are_found_where_they_stand() {
        let text = "One [a](http://b).\n\n- item\n\n  more\n\n| x | `y` |\n|---|---|\n| 1 | **2** |\n\nend";
        let found: Vec<(&str, PieceKind)> =
            pieces(text).into_iter().map(|piece| (text[piece.range].trim_end(), piece.kind)).collect();
        let table = vec![vec!["x".to_owned(), "y".to_owned()], vec!["1".to_owned(), "2".to_owned()]];
        assert_eq!(
            found,
            [
                ("One [a](http://b).", PieceKind::Paragraph),
                ("[a](http://b)", PieceKind::Link("http://b".to_owned())),
                ("| x | `y` |\n|---|---|\n| 1 | **2** |", PieceKind::Table(table.clone())),
                ("end", PieceKind::Paragraph),
            ]
        );
        assert_eq!(tsv(&table), "x\ty\n1\t2\n");
    }
}
