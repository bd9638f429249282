//! Which rows of the screen belong to what. `update` needs it to know what is visible, `ui` to draw it;
//! both ask here, so that they cannot disagree.

use ratatui::layout::Rect;

use super::Model;

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (40, 12);
/// Below this many columns what floats takes the whole screen.
pub const NARROW: u16 = 80;
/// Columns left of a message's text: a margin, the role's bar, a space.
pub const TEXT_LEFT: u16 = 3;
/// Columns before the composer's text: a margin, the prompt sign, a space.
pub const COMPOSER_LEFT: u16 = 3;

/// The parts of the main view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// One row of facts.
    pub status: Rect,
    /// The branch.
    pub transcript: Rect,
    /// A line between what was said and what will be.
    pub divider: Rect,
    /// The prompt.
    pub composer: Rect,
    /// What Enter would do, toasts, and the which-key strip.
    pub hint: Rect,
}

/// The parts of the screen as it is now.
pub fn screen(model: &Model) -> Screen {
    let (width, height) = (model.size.width, model.size.height);
    let most = (height / 3).max(1);
    let rows = model.pane.composer.height(composer_width(width), usize::from(most));
    let composer = u16::try_from(rows).unwrap_or(most).clamp(1, most);
    let row = |y: u16, rows: u16| Rect { x: 0, y: y.min(height), width, height: rows };
    let transcript = height.saturating_sub(3 + composer);
    Screen {
        status: row(0, 1.min(height)),
        transcript: row(1, transcript),
        divider: row(1 + transcript, 1),
        composer: row(2 + transcript, composer),
        hint: row(2 + transcript + composer, 1),
    }
}

/// The cells a message's text may take.
pub fn text_width(width: u16) -> u16 {
    width.saturating_sub(TEXT_LEFT + 1).max(1)
}

/// The cells a row of the composer may take.
pub fn composer_width(width: u16) -> usize {
    usize::from(width.saturating_sub(COMPOSER_LEFT + 1).max(2))
}

/// The last line the help page can begin with: a row a command, and a name and a gap a section.
pub fn last_help_line(model: &Model) -> usize {
    const SECTIONS: usize = 4;
    let lines = super::command::COMMANDS.len() + 2 * SECTIONS - 1;
    lines.saturating_sub(usize::from(model.size.height.saturating_sub(3)))
}

/// The rows of the usage page for what is counted: the rest are the notices' row, the frame, the range and a gap,
/// the heads of the columns, a line and the total.
pub fn usage_rows(model: &Model) -> usize {
    usize::from(model.size.height).saturating_sub(1 + 2 + 2 + 1 + 2).max(1)
}

/// Whether the screen is too small for anything but saying so.
pub fn is_too_small(model: &Model) -> bool {
    model.size.width < SMALLEST.0 || model.size.height < SMALLEST.1
}
