//! Writing to cells: the one place that does, and only with safe text.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use crate::layout::Emphasis;
use crate::text::width::{fit_hints, grapheme_width, truncate, width};
use crate::text::{Safe, sanitise};

use super::links::Links;
use super::theme::{Role, Theme};

/// Stands at what has the focus, or is selected: a colour alone would not tell everybody.
pub const FOCUS: &str = "▌";

/// A buffer and the theme it is painted with.
pub struct Painter<'a> {
    /// What is painted on.
    pub buffer: &'a mut Buffer,
    /// Where what is painted leads.
    pub links: Links,
    theme: &'a Theme,
}

impl<'a> Painter<'a> {
    /// Paints on `buffer` with `theme`.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Self {
        let links = Links::new(buffer.area);
        Self { buffer, links, theme }
    }

    /// Writes one line from (x, y) on, at most `cells` wide, with `…` where it is cut. Returns the column
    /// after it.
    pub fn text(&mut self, (x, y): (u16, u16), text: &Safe, role: Role, cells: u16) -> u16 {
        let area = self.buffer.area;
        let room = cells.min(area.right().saturating_sub(x));
        if y >= area.bottom() || room == 0 {
            return x;
        }
        let style = self.theme.style(role);
        // Most of what is drawn, sixty times a second: every byte is a cell.
        if text.len() <= usize::from(room) && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            let mut at = x;
            for byte in text.bytes() {
                if let Some(cell) = self.buffer.cell_mut((at, y)) {
                    cell.set_char(char::from(byte)).set_style(style);
                }
                at += 1;
            }
            self.links.cover(Rect { x, y, width: at - x, height: 1 });
            return at;
        }
        let text = truncate(text, usize::from(room));
        let mut at = x;
        for grapheme in text.graphemes(true) {
            let wide = u16::try_from(grapheme_width(grapheme)).unwrap_or(1);
            if wide == 0 || grapheme == "\n" || at + wide > x + room {
                continue;
            }
            if let Some(cell) = self.buffer.cell_mut((at, y)) {
                cell.set_symbol(if grapheme == "\t" { " " } else { grapheme }).set_style(style);
            }
            if wide == 2
                && let Some(cell) = self.buffer.cell_mut((at + 1, y))
            {
                // The second half of a wide character belongs to the first.
                cell.set_symbol(" ").set_style(style);
            }
            at += wide;
        }
        self.links.cover(Rect { x, y, width: at - x, height: 1 });
        at
    }

    /// Writes a sign behind what stands from column `left` on, in its style; a terminal that is to go on there with
    /// the same has no other to be told of.
    pub fn go_on(&mut self, (left, x, y): (u16, u16, u16), sign: &Safe) {
        let before = (x > left).then(|| self.buffer.cell((x - 1, y)).map(Cell::style)).flatten();
        self.text((x, y), sign, Role::Text, 1);
        if let (Some(style), Some(cell)) = (before, self.buffer.cell_mut((x, y))) {
            cell.set_style(style.remove_modifier(Modifier::UNDERLINED | Modifier::CROSSED_OUT));
        }
    }

    /// Writes one line that ends before column `right`, and not before column `left`. Returns its column.
    pub fn text_right(&mut self, (right, y): (u16, u16), text: &Safe, role: Role, left: u16) -> u16 {
        let cells = u16::try_from(width(text)).unwrap_or(u16::MAX);
        let x = right.saturating_sub(cells).max(left);
        self.text((x, y), text, role, right.saturating_sub(x));
        x
    }

    /// Fills an area with blanks of a role. A wide character whose second half it takes goes with it.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let style = self.theme.style(role);
        let area = area.intersection(self.buffer.area);
        self.links.cover(area);
        if let Some(before) = area.x.checked_sub(1) {
            for y in area.top()..area.bottom() {
                if let Some(cell) = self.buffer.cell_mut((before, y))
                    && grapheme_width(cell.symbol()) == 2
                {
                    cell.set_symbol(" ");
                }
            }
        }
        let mut blank = Cell::EMPTY;
        blank.set_style(style);
        let whole = self.buffer.area;
        let columns = usize::from(area.left() - whole.left())..usize::from(area.right() - whole.left());
        // Row by row: every frame begins with a fill of the whole screen.
        let rows = self.buffer.content.chunks_exact_mut(usize::from(whole.width).max(1));
        for row in rows.skip(usize::from(area.top() - whole.top())).take(usize::from(area.height)) {
            if let Some(cells) = row.get_mut(columns.clone()) {
                cells.fill(blank.clone());
            }
        }
    }

    /// Gives the cells of an area the style of a role; their text stays.
    pub fn restyle(&mut self, area: Rect, role: Role) {
        let style = self.theme.style(role);
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    /// Marks a row as the selected one: its style, and a sign in the column before it.
    pub fn select(&mut self, area: Rect) {
        self.restyle(area, Role::Selected);
        if let Some(before) = area.x.checked_sub(1) {
            self.text((before, area.y), &sanitise(FOCUS), Role::Accent, 1);
        }
    }

    /// Marks what was looked for: a line below it, besides its style.
    pub fn found(&mut self, area: Rect, role: Role) {
        self.restyle(area, role);
        self.emphasise(area, Emphasis { underlined: true, ..Emphasis::default() });
    }

    /// Stresses what is written in an area; its colours stay.
    pub fn emphasise(&mut self, area: Rect, emphasis: Emphasis) {
        let modifiers = [
            (emphasis.bold, Modifier::BOLD),
            (emphasis.italic, Modifier::ITALIC),
            (emphasis.struck, Modifier::CROSSED_OUT),
            (emphasis.underlined, Modifier::UNDERLINED),
        ];
        let modifier = modifiers.into_iter().filter(|(holds, _)| *holds).map(|(_, modifier)| modifier);
        let style = Style::new().add_modifier(modifier.collect());
        if emphasis != Emphasis::default() {
            self.buffer.set_style(area.intersection(self.buffer.area), style);
        }
    }

    /// A line across.
    pub fn rule(&mut self, area: Rect) {
        let style = self.theme.style(Role::Border);
        for x in area.left()..area.right() {
            if let Some(cell) = self.buffer.cell_mut((x, area.y)) {
                cell.set_symbol("─").set_style(style);
            }
        }
    }

    /// A line down.
    pub fn rule_down(&mut self, area: Rect) {
        let style = self.theme.style(Role::Border);
        for y in area.top()..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((area.x, y)) {
                cell.set_symbol("│").set_style(style);
            }
        }
    }

    /// A box with a title, a note at its right, and a footer; what is inside is cleared. Returns the inside.
    pub fn frame(&mut self, area: Rect, title: &Safe, note: &Safe, footer: &Safe) -> Rect {
        self.fill(area, Role::Text);
        if area.width < 4 || area.height < 2 {
            return Rect::default();
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.rule(Rect { height: 1, ..area });
        self.rule(Rect { y: bottom, height: 1, ..area });
        let style = self.theme.style(Role::Border);
        for y in area.y..=bottom {
            for x in [area.x, right] {
                let corner = match (x == area.x, y == area.y, y == bottom) {
                    (true, true, _) => "╭",
                    (false, true, _) => "╮",
                    (true, _, true) => "╰",
                    (false, _, true) => "╯",
                    (_, false, false) => "│",
                };
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.set_symbol(corner).set_style(style);
                }
            }
        }
        let inside = area.width - 4;
        let after = self.padded((area.x + 1, area.y), title, Role::Title, inside);
        if !note.is_empty() {
            let cells = u16::try_from(width(note)).unwrap_or(u16::MAX).saturating_add(2);
            if after + cells < right {
                self.padded((right - cells - 1, area.y), note, Role::Dim, cells);
            }
        }
        let footer = fit_hints(footer, " · ", usize::from(inside));
        self.padded((area.x + 1, bottom), &footer, Role::Dim, inside + 1);
        Rect { x: area.x + 2, y: area.y + 1, width: inside, height: area.height - 2 }
    }

    fn padded(&mut self, (x, y): (u16, u16), text: &Safe, role: Role, cells: u16) -> u16 {
        if text.is_empty() {
            return x;
        }
        let after = self.text((x + 1, y), text, role, cells.saturating_sub(1));
        for column in [x, after] {
            if let Some(cell) = self.buffer.cell_mut((column, y)) {
                cell.set_symbol(" ");
            }
        }
        after + 1
    }
}
