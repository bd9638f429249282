//! A summary that is being written.

use ratatui::layout::Rect;

use crate::app::block::words;
use crate::app::geometry::floating;
use crate::app::summarise::Summarising;
use crate::app::{Model, motion};
use crate::t;
use crate::text::Safe;

use super::paint::Painter;
use super::theme::Role;

/// The rows that are given to its text.
const ROWS: u16 = 8;
/// How many rows of text are made at most: a summary is short.
const MOST: usize = 500;

/// Draws it: who writes, how much there is, and its end.
pub fn draw(model: &Model, summarising: &Summarising, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let area = floating(model, 76, ROWS + 4);
    let inside = painter.frame(area, &t!("ui-summary"), &Safe::default(), &t!("ui-summary-foot"));
    // Where motion is reduced, a line is shown when it is whole.
    let whole = summarising.text.rfind('\n').map_or(0, |at| at + 1);
    let shown = if motion::is_reduced(model) { whole } else { summarising.text.len() };
    let text = summarising.text.get(..shown).unwrap_or_default();
    let told = t!(
        "ui-summary-doing",
        model = summarising.route.model.as_str(),
        count = summarising.count,
        words = text.split_whitespace().count()
    );
    let width = usize::from(inside.width);
    let heading = words(&told, width, 2);
    for (y, row) in (inside.y..inside.bottom()).zip(&heading) {
        painter.text((inside.x, y), row, Role::Title, inside.width);
    }
    let above = u16::try_from(heading.len()).unwrap_or(1) + 1;
    let body = Rect {
        y: (inside.y + above).min(inside.bottom()),
        height: inside.height.saturating_sub(above),
        ..inside
    };
    let rows = words(text, width, MOST);
    let first = rows.len().saturating_sub(usize::from(body.height));
    for (y, row) in (body.y..body.bottom()).zip(rows.iter().skip(first)) {
        painter.text((body.x, y), row, Role::Text, body.width);
    }
    None
}
