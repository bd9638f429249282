//! Half blocks: a cell shows two pixels, one above the other. They are cells like any others, so the depth of colours,
//! the difference between frames and scrolling are as they are for text.

use image::{Rgba, RgbaImage};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;

/// The upper and the lower half of a cell; `None` shows what is below.
pub type Halves = (Option<[u8; 3]>, Option<[u8; 3]>);

/// What is less opaque than this is not shown.
const OPAQUE: u8 = 128;

/// The cells of an image that has two rows of pixels for each.
pub fn halves(image: &RgbaImage) -> Vec<Vec<Halves>> {
    let colour = |x, y| {
        let Rgba([r, g, b, alpha]) = *image.get_pixel_checked(x, y)?;
        (alpha >= OPAQUE).then_some([r, g, b])
    };
    let row = |y: u32| (0..image.width()).map(|x| (colour(x, y), colour(x, y + 1))).collect();
    (0..image.height()).step_by(2).map(row).collect()
}

/// Puts them into their cells.
pub fn paint(rows: &[Vec<Halves>], area: Rect, buffer: &mut Buffer) {
    for (y, row) in (area.top()..area.bottom()).zip(rows) {
        for (x, halves) in (area.left()..area.right()).zip(row) {
            let Some(cell) = buffer.cell_mut((x, y)) else { continue };
            let colour = |[r, g, b]: [u8; 3]| Color::Rgb(r, g, b);
            match *halves {
                (None, None) => {}
                (Some(upper), None) => {
                    cell.set_symbol("▀").set_fg(colour(upper));
                }
                (None, Some(lower)) => {
                    cell.set_symbol("▄").set_fg(colour(lower));
                }
                (Some(upper), Some(lower)) => {
                    cell.set_symbol("▀").set_fg(colour(upper)).set_bg(colour(lower));
                }
            }
        }
    }
}
