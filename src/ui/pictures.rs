//! The page of pictures: which one, what is known of it, and room for it.
//!
//! The picture itself is put there by whoever has its pixels.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::words;
use crate::app::copies::size;
use crate::app::geometry::picture_room;
use crate::app::pictures::{Facts, Instead, Picture, PicturesPage, Source, State, Way, Why, name_of};
use crate::chat::picture::Pixels;
use crate::chat::{Media, Part};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// Draws all but the picture.
pub fn draw(model: &Model, page: &PicturesPage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    let place = sanitise(&format!("{}/{}", page.at + 1, page.pictures.len()));
    let foot = match page.state {
        State::Asks(_) => t!("ui-pictures-foot-asks"),
        State::Loading | State::Failed(_) => t!("ui-pictures-foot"),
        State::Here(_) => t!("ui-pictures-foot-here"),
    };
    let inside = painter.frame(area, &t!("ui-pictures"), &place, &foot);
    let picture = page.pictures.get(page.at)?;
    let (known, text) = match &page.state {
        State::Loading => (Safe::default(), Some(t!("ui-pictures-loading"))),
        State::Failed(why) => (Safe::default(), Some(why.clone())),
        State::Here(facts) => (known(*facts), said(*facts)),
        State::Asks(url) => {
            let host = url.host_str().unwrap_or_default();
            let asks = match url.scheme() {
                "http" => t!("ui-pictures-asks-plainly", url = url.as_str(), host = host),
                _ => t!("ui-pictures-asks", url = url.as_str(), host = host),
            };
            (Safe::default(), Some(asks))
        }
    };
    let after = painter.text((inside.x, inside.y), &picture.name, Role::Title, inside.width);
    painter.text((after + 2, inside.y), &known, Role::Dim, inside.right().saturating_sub(after + 2));
    let room = picture_room(model);
    if let Some(text) = text {
        let rows = words(&text, usize::from(room.width), usize::from(room.height));
        let top = room.y + 1.min(room.height.saturating_sub(u16::try_from(rows.len()).unwrap_or(u16::MAX)));
        for (y, row) in (top..room.bottom()).zip(&rows) {
            painter.text((room.x, y), row, Role::Text, room.width);
        }
    }
    None
}

/// What is known of a picture that is there.
fn known(facts: Facts) -> Safe {
    let Pixels { width, height } = facts.pixels;
    let way = match facts.way {
        Way::Kitty => sanitise("kitty"),
        Way::Iterm2 => sanitise("iTerm2"),
        Way::Sixel => sanitise("sixel"),
        Way::HalfBlocks(Instead::Nothing) => t!("ui-pictures-cells"),
        Way::HalfBlocks(Instead::Wrapped) => t!("ui-pictures-cells-wrapped"),
        Way::HalfBlocks(Instead::Unmeasured) => t!("ui-pictures-cells-unmeasured"),
        Way::Words(_) => Safe::default(),
    };
    let told = [
        format!("{width}×{height}"),
        facts.format.ending().to_uppercase(),
        size(facts.bytes).into_string(),
        way.into_string(),
    ];
    let told: Vec<String> = told.into_iter().filter(|part| !part.is_empty()).collect();
    sanitise_line(&told.join(" · "))
}

/// What stands in the place of a picture that cannot be shown.
fn said(facts: Facts) -> Option<Safe> {
    match facts.way {
        Way::Kitty | Way::Iterm2 | Way::Sixel | Way::HalfBlocks(_) => None,
        Way::Words(Why::Unable) => Some(t!("ui-pictures-unable")),
        Way::Words(Why::Colourless) => Some(t!("ui-pictures-colourless")),
    }
}

/// The pictures in words, a line each.
pub fn told(model: &Model, page: &PicturesPage) -> Vec<Safe> {
    let line = |(at, picture): (usize, &Picture)| {
        t!("ui-linear-picture", number = at + 1, about = described(model, picture))
    };
    std::iter::once(t!("ui-linear-pictures", count = page.pictures.len()))
        .chain(page.pictures.iter().enumerate().map(line))
        .collect()
}

/// What a line says of a picture.
fn described(model: &Model, picture: &Picture) -> Safe {
    let message = model.open.conversation.tree.get(picture.message);
    match (&picture.source, message.and_then(|message| message.parts.get(picture.part))) {
        (Source::Part, Some(Part::Image(media))) => in_words(media),
        (Source::Away(url), _) => {
            sanitise_line(&format!("{}, {}", picture.name, url.host_str().unwrap_or_default()))
        }
        (Source::Part | Source::Written(_) | Source::Nowhere(_), _) => picture.name.clone(),
    }
}

/// What is known of an image, to be read out.
pub fn in_words(media: &Media) -> Safe {
    let name = name_of(media);
    let length = media.bytes().and_then(|bytes| usize::try_from(bytes).ok()).map(size);
    match (media.pixels(), length) {
        (Some(Pixels { width, height }), Some(size)) => {
            t!("ui-linear-picture-facts", name = name, width = width, height = height, size = size)
        }
        (_, Some(size)) => sanitise_line(&format!("{name}, {size}")),
        (_, None) => name,
    }
}
