//! The mouse, where it is the app's: a click gives the focus, the wheel scrolls what is below the pointer, and the
//! edges between panes are dragged.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::t;

use super::effect::Effect;
use super::geometry::{COMPOSER_LEFT, composer_width, places, screen};
use super::model::{Focus, Model, Mood};
use super::overlay::Overlay;
use super::transcript::{self, Scroll};
use super::{conversation, keyboard, lanes, lens, lists, panes, pill, recall, strip, tree};

/// Whose the mouse is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks, drags and the wheel are reported.
    Captured,
    /// The terminal keeps them, and selects text with them.
    #[default]
    Free,
}

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

/// Takes the mouse, or gives it back to the terminal.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    let (mouse, text) = match model.mouse {
        Mouse::Captured => (Mouse::Free, t!("app-mouse-free")),
        Mouse::Free => (Mouse::Captured, t!("app-mouse-captured")),
    };
    model.mouse = mouse;
    model.drag = None;
    vec![Effect::SetMouse(mouse), model.notify(text, Mood::Plain)]
}

/// Something was done with the mouse.
pub fn moved(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    let at = Position { x: event.column, y: event.row };
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => pressed(model, at),
        MouseEventKind::Drag(MouseButton::Left) => {
            let from = model.drag;
            if let Some(from) = from
                && model.panes.layout.drag(screen(model).panes, from, at)
            {
                model.drag = Some(at);
            }
            Vec::new()
        }
        MouseEventKind::Up(MouseButton::Left) => {
            model.drag = None;
            Vec::new()
        }
        MouseEventKind::ScrollUp => wheel(model, at, Scroll::Up(NOTCH)),
        MouseEventKind::ScrollDown => wheel(model, at, Scroll::Down(NOTCH)),
        MouseEventKind::Down(_)
        | MouseEventKind::Up(_)
        | MouseEventKind::Drag(_)
        | MouseEventKind::Moved
        | MouseEventKind::ScrollLeft
        | MouseEventKind::ScrollRight => Vec::new(),
    }
}

fn pressed(model: &mut Model, at: Position) -> Vec<Effect> {
    if let Some(effects) = strip::clicked(model, at) {
        return effects;
    }
    match model.overlays.last() {
        Some(Overlay::List(_)) => return lists::clicked(model, at),
        Some(Overlay::Tree(_)) => return tree::clicked(model, at),
        Some(Overlay::Lens(_)) => return lens::clicked(model, at),
        Some(
            Overlay::Form(_)
            | Overlay::Confirm(_)
            | Overlay::Summary(_)
            | Overlay::Help(_)
            | Overlay::Usage(_)
            | Overlay::Compare(_),
        ) => return Vec::new(),
        None => {}
    }
    let screen = screen(model);
    if screen.composer.contains(at) {
        model.focus = Focus::Composer;
        recall::leave(model);
        let cell = (usize::from(at.y - screen.composer.y), usize::from(at.x.saturating_sub(COMPOSER_LEFT)));
        let (width, height) = (composer_width(screen.composer.width), usize::from(screen.composer.height));
        if model.pane.composer.click(width, height, cell) {
            return conversation::draft_changed(model);
        }
        return Vec::new();
    }
    model.drag = Some(at);
    let places = places(model);
    let Some(place) = places.iter().find(|place| place.area().contains(at)).copied() else {
        return Vec::new();
    };
    let effects = panes::focus(model, place.pane);
    if pill_at(model, at, place.body) {
        transcript::scroll(model, Scroll::Bottom);
        return effects;
    }
    let in_rail = place.rail.is_some_and(|rail| rail.contains(at));
    if let Some(lane) = model.pane.lane_at(at, place.body) {
        lanes::go(model, lane.lane);
        model.focus = Focus::Transcript;
    } else if model.pane.lanes.is_none() && (in_rail || place.body.contains(at)) {
        let row = usize::from(at.y - place.body.y);
        if let Some((message, _)) = model.pane.view.visible.get(row).copied() {
            model.focus = Focus::Transcript;
            model.pane.view.cursor = Some(message);
        }
    }
    effects
}

/// Whether a cell is the pill's, of what is read in the pane with the focus.
fn pill_at(model: &Model, at: Position, body: Rect) -> bool {
    let area = model.pane.lane_area(model.pane.focused_lane(), body);
    let text = pill::text(model, model.pane.reading().0);
    text.is_some_and(|text| pill::place(&text, area).contains(at))
}

fn wheel(model: &mut Model, at: Position, by: Scroll) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        keyboard::move_overlay(model, if matches!(by, Scroll::Up(_)) { -1 } else { 1 });
        return Vec::new();
    }
    let places = places(model);
    let Some(place) = places.iter().find(|place| place.area().contains(at)) else { return Vec::new() };
    let body = place.body;
    panes::within(model, place.pane, |model| match model.pane.lane_at(at, body) {
        Some(lane) => transcript::scroll_lane(model, Some(lane.lane), by),
        None => transcript::scroll(model, by),
    });
    Vec::new()
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyModifiers;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;
    use crate::app::transcript::Anchor;

    fn mouse(app: &mut App, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Effect> {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        app.send(Message::Mouse { event, at: app.at })
    }

    fn two_panes() -> App {
        let mut app = App::new(160, 40);
        app.turn("one", &"line\n\n".repeat(60));
        app.keys("ctrl-x w v");
        app
    }

    const LEFT: MouseButton = MouseButton::Left;

    #[test]
    fn a_click_gives_the_focus_to_the_pane_and_message_below_it() {
        let mut app = two_panes();
        let right = app.model.pane.id;
        mouse(&mut app, MouseEventKind::Down(LEFT), (10, 10));
        assert_ne!(app.model.pane.id, right);
        assert_eq!(app.model.focus, Focus::Transcript);
        assert_eq!(app.model.pane.view.cursor, app.model.pane.view.branch.get(1).copied());
        mouse(&mut app, MouseEventKind::Down(LEFT), (10, 38));
        assert_eq!(app.model.focus, Focus::Composer);
    }

    #[test]
    fn the_wheel_scrolls_what_is_below_the_pointer_and_moves_no_focus() {
        let mut app = two_panes();
        let right = app.model.pane.id;
        mouse(&mut app, MouseEventKind::ScrollUp, (10, 10));
        assert_eq!(app.model.pane.id, right);
        assert!(!matches!(app.model.pane.view.anchor, Anchor::At(..)));
        let (left, _) = app.model.panes.others(&app.model.open).next().unwrap();
        assert!(matches!(left.view.anchor, Anchor::At(..)));
    }

    #[test]
    fn in_lanes_the_wheel_scrolls_the_one_below_the_pointer_and_a_click_goes_there() {
        let mut app = App::new(160, 40);
        app.turn("one", &"line\n\n".repeat(60));
        app.keys("alt-t r");
        app.keys("ctrl-x L g");
        assert_eq!(app.model.pane.focused_lane(), Some(1));
        mouse(&mut app, MouseEventKind::ScrollDown, (10, 10));
        let lanes = app.model.pane.lanes.as_ref().unwrap();
        assert_eq!(lanes.lanes[0].view.visible.first().map(|(_, row)| *row), Some(NOTCH));
        assert_eq!(app.model.pane.focused_lane(), Some(1));
        mouse(&mut app, MouseEventKind::Down(LEFT), (10, 10));
        assert_eq!(app.model.pane.focused_lane(), Some(0));
    }

    #[test]
    fn an_edge_between_panes_is_dragged() {
        let mut app = two_panes();
        let gap = crate::app::geometry::gaps(&app.model)[0];
        mouse(&mut app, MouseEventKind::Down(LEFT), (gap.x, 9));
        mouse(&mut app, MouseEventKind::Drag(LEFT), (gap.x + 10, 9));
        mouse(&mut app, MouseEventKind::Drag(LEFT), (gap.x + 20, 9));
        mouse(&mut app, MouseEventKind::Up(LEFT), (gap.x + 20, 9));
        assert_eq!(crate::app::geometry::gaps(&app.model)[0].x, gap.x + 20);
        mouse(&mut app, MouseEventKind::Drag(LEFT), (gap.x, 9));
        assert_eq!(crate::app::geometry::gaps(&app.model)[0].x, gap.x + 20);
    }

    #[test]
    fn the_mouse_is_the_terminals_until_it_is_asked_for() {
        let mut app = App::new(80, 24);
        assert_eq!(app.model.mouse, Mouse::Free);
        assert_eq!(app.keys("ctrl-x M"), [Effect::SetMouse(Mouse::Captured)]);
        assert_eq!(app.keys("ctrl-x M"), [Effect::SetMouse(Mouse::Free)]);
    }
}
