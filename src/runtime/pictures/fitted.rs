//! How many cells a picture takes, and what shows it there.

use image::RgbaImage;
use image::imageops::{FilterType, resize};
use ratatui::layout::Rect;

use crate::app::pictures::Way;

use super::cells::{self, Halves};
use super::decoded::Decoded;
use super::{CellSize, Manner, USUAL_CELL, sequences, sixel};

/// The most pixels that a terminal is sent: it scales what it shows larger.
const MOST_SENT: u64 = 1_500_000;

/// A picture that fits.
#[derive(Debug)]
pub struct Fitted {
    /// Columns and rows.
    size: (u16, u16),
    /// What shows it.
    pub shown: Shown,
}

/// What shows a picture.
#[derive(Debug)]
pub enum Shown {
    /// Its cells, row by row.
    Cells(Vec<Vec<Halves>>),
    /// A sequence, and what takes it away.
    Bytes {
        /// The sequence.
        show: Vec<u8>,
        /// What takes it away.
        remove: &'static [u8],
    },
}

impl Fitted {
    /// Makes a picture fit; `None` where there is no room, or it is not shown.
    pub fn of(decoded: &Decoded, room: (u16, u16), manner: Manner) -> Option<Self> {
        let image = &decoded.image;
        let cell = manner.cell.unwrap_or(USUAL_CELL);
        let largest = match manner.way {
            // A pixel is half a cell there.
            Way::HalfBlocks(_) => cell.0,
            Way::Kitty | Way::Iterm2 | Way::Sixel => 1,
            Way::Words(_) => return None,
        };
        let size = fit(image.dimensions(), room, cell, largest)?;
        let of_cells = |cell: CellSize| (pixels(size.0, cell.0), pixels(size.1, cell.1));
        let shown = match manner.way {
            Way::HalfBlocks(_) => Shown::Cells(cells::halves(&scaled(image, of_cells((1, 2))))),
            Way::Kitty => Shown::Bytes {
                show: sequences::kitty(&sent(image, of_cells(cell)), size)?,
                remove: sequences::KITTY_REMOVES,
            },
            Way::Iterm2 => {
                Shown::Bytes { show: sequences::iterm2(&sent(image, of_cells(cell)), size)?, remove: b"" }
            }
            Way::Sixel => Shown::Bytes { show: sixel::encode(&scaled(image, of_cells(cell))), remove: b"" },
            Way::Words(_) => return None,
        };
        Some(Self { size, shown })
    }

    /// One of these bytes.
    #[cfg(test)]
    pub fn of_bytes(size: (u16, u16), show: Vec<u8>, remove: &'static [u8]) -> Self {
        Self { size, shown: Shown::Bytes { show, remove } }
    }

    /// Where it stands in a room; `None` where that is another one than it was made for.
    pub fn place(&self, room: Rect) -> Option<Rect> {
        let (width, height) = self.size;
        let (left, above) = (room.width.checked_sub(width)? / 2, room.height.checked_sub(height)? / 2);
        Some(Rect { x: room.x + left, y: room.y + above, width, height })
    }

    /// The bytes that show it, where it is not cells.
    pub fn bytes(&self) -> &[u8] {
        match &self.shown {
            Shown::Cells(_) => &[],
            Shown::Bytes { show, .. } => show,
        }
    }

    /// The bytes that take it away.
    pub fn removal(&self) -> &'static [u8] {
        match &self.shown {
            Shown::Cells(_) => b"",
            Shown::Bytes { remove, .. } => remove,
        }
    }
}

fn pixels(cells: u16, each: u16) -> u32 {
    u32::from(cells) * u32::from(each)
}

/// The columns and rows of an image in a room of cells: as large as its shape allows, and no larger than so many times
/// its own size.
pub fn fit(image: (u32, u32), room: (u16, u16), cell: CellSize, largest: u16) -> Option<(u16, u16)> {
    let (width, height) = (u64::from(image.0), u64::from(image.1));
    let (cell_width, cell_height) = (u64::from(cell.0), u64::from(cell.1));
    if width == 0 || height == 0 || room.0 == 0 || room.1 == 0 {
        return None;
    }
    let (most_width, most_height) = (u64::from(room.0) * cell_width, u64::from(room.1) * cell_height);
    let is_wide = width * most_height > height * most_width;
    let shaped = if is_wide {
        (most_width, height * most_width / width)
    } else {
        (width * most_height / height, most_height)
    };
    let own = (width * u64::from(largest), height * u64::from(largest));
    let (width, height) = if own.0 < shaped.0 || own.1 < shaped.1 { own } else { shaped };
    let cells = |pixels: u64, cell: u64, most: u16| {
        u16::try_from((pixels + cell / 2) / cell).unwrap_or(most).clamp(1, most)
    };
    Some((cells(width, cell_width, room.0), cells(height, cell_height, room.1)))
}

/// An image in so many pixels.
fn scaled(image: &RgbaImage, (width, height): (u32, u32)) -> RgbaImage {
    if image.dimensions() == (width, height) {
        return image.clone();
    }
    // Between pixels that are to be told apart nothing is made up.
    let filter = if image.width() < width { FilterType::Nearest } else { FilterType::Triangle };
    resize(image, width, height, filter)
}

/// An image for a terminal that scales it itself: no larger than its cells, and not too large for the line.
fn sent(image: &RgbaImage, (width, height): (u32, u32)) -> RgbaImage {
    let pixels = u64::from(width) * u64::from(height);
    // In thousandths.
    let shrink = (pixels * 1_000_000 / MOST_SENT).isqrt().max(1000);
    let side = |side: u32| u32::try_from(u64::from(side) * 1000 / shrink).unwrap_or(side).max(1);
    let (width, height) = (side(width), side(height));
    if image.width() <= width && image.height() <= height {
        return image.clone();
    }
    scaled(image, (width, height))
}
