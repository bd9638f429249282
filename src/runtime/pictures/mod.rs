//! Pictures on the screen: the one that is shown, its pixels, and the bytes or cells that show it.
//!
//! The page of pictures is drawn like any other; the picture comes on top of it here. As half blocks it is cells, and
//! nothing beside. By a protocol it is bytes that the terminal gets after the cells below it, which are blank; it is
//! taken away by clearing the screen, with the next frame drawn from nothing. So no frame between the two has to know
//! of it. It is scaled, and quantised, to what the window has room for, on a thread for such work.
//!
//! | file | subject |
//! |---|---|
//! | `decoded` | from a file's bytes to pixels, within limits |
//! | `fitted` | how many cells a picture takes, and what shows it there |
//! | `cells` | half blocks |
//! | `sequences` | kitty's and iTerm2's sequences |
//! | `sixel` | DEC's |

mod cells;
mod decoded;
mod fitted;
mod sequences;
mod sixel;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::geometry::{is_too_small, picture_room};
use crate::app::overlay::Overlay;
use crate::app::pictures::{Facts, Instead, Missing, PictureId, State, Way, Why};
use crate::app::strip::strip;
use crate::app::{Message, Model};
use crate::config::Images;
use crate::config::quirks::Quirks;
use crate::t;

use super::colour::ColorDepth;

use decoded::Decoded;
use fitted::{Fitted, Shown};

/// What pictures are shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A screen of cells.
    Screen {
        /// What the terminal can do.
        quirks: &'static Quirks,
        /// How many colours there are.
        colors: ColorDepth,
    },
    /// Lines: pictures are told of in words.
    Lines,
}

/// Columns and rows of pixels that a cell has.
pub type CellSize = (u16, u16);

/// What is taken for a cell of a terminal that does not tell: twice as high as wide.
const USUAL_CELL: CellSize = (8, 16);

/// How a picture is shown there, if `asked` is what the configuration asks for.
pub fn way(surface: Surface, asked: Option<Images>, cell: Option<CellSize>) -> Way {
    let Surface::Screen { quirks, colors } = surface else { return Way::Words(Why::Unable) };
    let blocks = |instead| match colors {
        ColorDepth::None => Way::Words(Why::Colourless),
        ColorDepth::Ansi16 | ColorDepth::Ansi256 | ColorDepth::True => Way::HalfBlocks(instead),
    };
    match asked.unwrap_or(quirks.images) {
        Images::None => Way::Words(Why::Unable),
        Images::HalfBlocks => blocks(Instead::Nothing),
        Images::Kitty | Images::Iterm2 if !quirks.hands_pictures_on() => blocks(Instead::Wrapped),
        Images::Kitty => Way::Kitty,
        Images::Iterm2 => Way::Iterm2,
        Images::Sixel if cell.is_none() => blocks(Instead::Unmeasured),
        Images::Sixel => Way::Sixel,
    }
}

/// The size of a cell, where the terminal tells it.
pub fn cell_size() -> Option<CellSize> {
    let size = crossterm::terminal::window_size().ok()?;
    let cell = (size.width.checked_div(size.columns)?, size.height.checked_div(size.rows)?);
    (cell.0 > 0 && cell.1 > 0).then_some(cell)
}

/// The picture that is shown, or on its way. Clones are the same album.
#[derive(Clone, Debug, Default)]
pub struct Album {
    page: Arc<Mutex<Page>>,
}

#[derive(Debug, Default)]
struct Page {
    /// What was ordered last, and for which room. Anything else that comes is late.
    wanted: Option<(PictureId, (u16, u16))>,
    /// The picture, of whichever order.
    held: Option<(PictureId, Arc<Decoded>)>,
    /// The same, as it is shown.
    fitted: Option<(PictureId, Arc<Fitted>)>,
    /// How often one was fitted.
    count: u64,
}

/// A picture as the terminal takes it.
#[derive(Clone, Debug)]
pub struct OnScreen {
    /// Tells it from others.
    pub key: u64,
    /// Its cells.
    pub area: Rect,
    /// What shows it, with the cursor in its first cell.
    pub show: Arc<Fitted>,
}

impl OnScreen {
    /// One of these bytes.
    #[cfg(test)]
    pub fn of_bytes(key: u64, area: Rect, show: &[u8], remove: &'static [u8]) -> Self {
        let show = Fitted::of_bytes((area.width, area.height), show.to_vec(), remove);
        Self { key, area, show: Arc::new(show) }
    }

    /// The bytes that show it.
    pub fn bytes(&self) -> &[u8] {
        self.show.bytes()
    }

    /// The bytes that take it away, beside clearing the screen.
    pub fn removal(&self) -> &'static [u8] {
        self.show.removal()
    }
}

/// How a picture is made to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// How it is shown.
    pub way: Way,
    /// The size of a cell, where it is known.
    pub cell: Option<CellSize>,
}

impl Album {
    /// Notes what is wanted now.
    pub fn want(&self, id: PictureId, room: (u16, u16)) {
        let mut page = self.page();
        page.wanted = Some((id, room));
        // One picture at a time takes room.
        page.held = page.held.take().filter(|(held, _)| *held == id);
        page.fitted = page.fitted.take().filter(|(fitted, _)| *fitted == id);
    }

    /// Reads a picture and makes it fit. It blocks.
    pub fn load(&self, id: PictureId, bytes: Vec<u8>, room: (u16, u16), manner: Manner) -> Message {
        if self.page().wanted.is_none_or(|(wanted, _)| wanted != id) {
            // Nobody waits for it any more, so nobody hears of this.
            return Message::PictureCame { id, result: Err(Missing::Failed(t!("app-picture-let-go"))) };
        }
        let result = Decoded::of(bytes).map(|decoded| self.hold(id, Arc::new(decoded), room, manner));
        Message::PictureCame { id, result: result.map_err(Missing::Failed) }
    }

    /// Makes the picture that is held fit elsewhere. It blocks.
    pub fn fit(&self, id: PictureId, room: (u16, u16), manner: Manner) -> Option<Message> {
        let held = self.page().held.clone();
        let (_, decoded) = held.filter(|(held, _)| *held == id)?;
        Some(Message::PictureCame { id, result: Ok(self.hold(id, decoded, room, manner)) })
    }

    fn hold(&self, id: PictureId, decoded: Arc<Decoded>, room: (u16, u16), manner: Manner) -> Facts {
        let is_wanted = |page: &Page| page.wanted == Some((id, room));
        let facts = decoded.facts(manner.way);
        if !is_wanted(&self.page()) {
            return facts;
        }
        let fitted = Fitted::of(&decoded, room, manner);
        let mut page = self.page();
        if is_wanted(&page) {
            page.held = Some((id, decoded));
            page.count += 1;
            page.fitted = fitted.map(|fitted| (id, Arc::new(fitted)));
        }
        facts
    }

    /// The file's bytes of the picture that is shown.
    pub fn bytes(&self, id: PictureId) -> Option<Arc<[u8]>> {
        let page = self.page();
        page.held.as_ref().filter(|(held, _)| *held == id).map(|(_, decoded)| decoded.bytes())
    }

    /// Puts the picture that the model shows on a screen that was drawn: as cells at once, else as what the terminal
    /// is to be given. Where no picture is open, what was held is let go.
    pub fn show(&self, model: &Model, buffer: &mut Buffer) -> Option<OnScreen> {
        let mut page = self.page();
        let is_open = model.overlays.iter().any(|overlay| matches!(overlay, Overlay::Pictures(_)));
        if !is_open {
            *page = Page { count: page.count, ..Page::default() };
            return None;
        }
        // What floats above it, and what may follow a key, would be drawn over.
        let is_covered = strip(model).is_some() || is_too_small(model);
        let Some(Overlay::Pictures(shown)) = model.overlays.last() else { return None };
        if is_covered || !matches!(shown.state, State::Here(_)) {
            return None;
        }
        let (_, fitted) = page.fitted.as_ref().filter(|(id, _)| *id == shown.id)?;
        let area = fitted.place(picture_room(model))?;
        match &fitted.shown {
            Shown::Cells(rows) => {
                cells::paint(rows, area, buffer);
                None
            }
            Shown::Bytes { .. } => Some(OnScreen { key: page.count, area, show: Arc::clone(fitted) }),
        }
    }

    fn page(&self) -> std::sync::MutexGuard<'_, Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
