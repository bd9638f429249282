//! The context lens: what the next prompt would send.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{euros, grouped, words};
use crate::app::geometry::Room;
use crate::app::lens::{LensPage, Row, Sent, Sum, Told, price};
use crate::app::quote::origin;
use crate::chat::{Money, Role as Speaker};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(model: &Model, page: &LensPage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    let note = sanitise_line(model.pane.route.model.as_str());
    let inside = painter.frame(area, &t!("ui-lens"), &note, &t!("ui-lens-foot"));
    let body = Rect { height: inside.height.saturating_sub(1), ..inside };
    if page.rows.is_empty() {
        let told = words(&t!("ui-lens-none"), usize::from(body.width), 3);
        for (y, row) in (body.y..body.bottom()).zip(&told) {
            painter.text((body.x, y), row, Role::Dim, body.width);
        }
        return None;
    }
    let room = Room::of(model.size.width);
    for (y, (at, row)) in (body.y..body.bottom()).zip(page.rows.iter().enumerate().skip(page.top)) {
        line(model, row, Rect { y, height: 1, ..body }, room, painter);
        if at == page.selected {
            painter.select(Rect { y, height: 1, ..body });
        }
    }
    let Sum { messages, tokens } = page.sum;
    let window =
        model.model_info(&model.pane.route).and_then(|info| info.context).filter(|window| *window > 0);
    let percent = window.map(|window| format!(" · {} %", tokens * 100 / window)).unwrap_or_default();
    let cost = price(model, tokens).map(|cost| format!(" · {}", about(cost))).unwrap_or_default();
    let mut foot = t!("ui-lens-sum", count = messages, tokens = grouped(tokens)).into_string();
    foot.push_str(&percent);
    foot.push_str(&cost);
    if room == Room::Wide {
        foot.push_str(" · ");
        foot.push_str(&t!("ui-lens-estimate"));
    }
    painter.text((inside.x, body.bottom()), &sanitise_line(&foot), Role::Title, inside.width);
    None
}

fn line(model: &Model, row: &Row, area: Rect, room: Room, painter: &mut Painter<'_>) {
    let (name, text, role) = match &row.told {
        Told::System => {
            (t!("app-field-system"), model.open.conversation.settings.system.clone(), Role::Title)
        }
        Told::Summary(id) => {
            let keeper = model.open.conversation.tree.get(*id);
            let text = keeper.and_then(|keeper| keeper.summary()).map(|summary| summary.text.clone());
            (t!("ui-lens-summary"), text, Role::Heading)
        }
        Told::Draft => (t!("ui-lens-draft"), Some(model.pane.composer.text()), Role::User),
        Told::Message(id) => match model.open.conversation.tree.get(*id) {
            Some(message) => {
                let role = match message.role {
                    Speaker::User => Role::User,
                    Speaker::Assistant => Role::Assistant,
                };
                (sanitise_line(&origin(model, message)), Some(message.text()), role)
            }
            None => return,
        },
    };
    let (sign, why) = match row.sent {
        Sent::Yes => (" ", None),
        Sent::LeftOut => ("⊘", Some(t!("ui-lens-left-out"))),
        Sent::Covered => ("▸", Some(t!("ui-lens-covered"))),
        Sent::Empty => ("∅", Some(t!("ui-lens-empty"))),
    };
    let role = if row.sent == Sent::Yes { role } else { Role::Dim };
    let text_role = if row.sent == Sent::Yes { Role::Text } else { Role::Dim };
    painter.text((area.x, area.y), &sanitise(sign), Role::Accent, 1);
    let speaker = match room {
        Room::Wide => 20,
        Room::Narrow => 10,
    };
    painter.text((area.x + 2, area.y), &name, role, speaker - 1);
    let told = why.unwrap_or_else(|| weight(model, row, room));
    let end = painter.text_right((area.right(), area.y), &told, Role::Dim, area.x + 2 + speaker);
    let words = first_line(&text.unwrap_or_default());
    let left = area.x + 2 + speaker;
    painter.text((left, area.y), &words, text_role, end.saturating_sub(left + 2));
}

/// The first line that says something, as far as a screen can be wide.
fn first_line(text: &str) -> Safe {
    const WIDEST: usize = 500;
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    sanitise_line(&line.chars().take(WIDEST).collect::<String>())
}

/// What a row weighs: tokens, and where there is room and it is known, what they cost.
fn weight(model: &Model, row: &Row, room: Room) -> Safe {
    let tokens = format!("≈ {}", grouped(row.tokens));
    let cost = match room {
        Room::Wide => price(model, row.tokens).map(|cost| format!("{:>12}", about(cost).as_str())),
        Room::Narrow => None,
    };
    sanitise_line(&format!("{tokens:>8}{}", cost.unwrap_or_default()))
}

/// An amount that rests on an estimate.
fn about(cost: Money) -> Safe {
    if cost == Money::ZERO { euros(cost) } else { sanitise(&format!("≈ {}", euros(cost))) }
}
