//! The mouse, where it is the app's: a click gives the focus or does what it points at, a drag selects text or moves an
//! edge between panes, the wheel scrolls what is below the pointer.

use std::sync::Arc;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use crate::chat::tree::Neighbour;
use crate::t;
use crate::text::sanitise;
use crate::text::width::width;

use super::block::{Act, Row, Tone};
use super::effect::Effect;
use super::geometry::{COMPOSER_LEFT, composer_width, places, screen};
use super::model::{Focus, Model, Mood};
use super::overlay::Overlay;
use super::select::{self, Grain, Place};
use super::transcript::{self, Scroll, area_read};
use super::{
    conversation, copies, fold, keyboard, lanes, lens, lists, panes, pictures, pill, recall, status, strip,
    tabs, tree, usage, walk,
};

/// Whose the mouse is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks, drags and the wheel are reported.
    Captured,
    /// The terminal keeps them, and selects text with them.
    #[default]
    Free,
}

/// The button that is held down, or was last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pointer {
    /// Where it was pressed.
    at: Position,
    /// When.
    when: Timestamp,
    /// How often in a row.
    clicks: u8,
    /// The text below it there.
    from: Option<Place>,
    /// Whether it is held down in a transcript, and was moved since.
    held: Held,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Held {
    #[default]
    No,
    Pressed,
    Dragged,
}

/// Clicks in one place within this are one gesture.
const AGAIN: std::time::Duration = std::time::Duration::from_millis(400);

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
            } else {
                dragged(model, at);
            }
            Vec::new()
        }
        MouseEventKind::Up(MouseButton::Left) => {
            model.drag = None;
            released(model, at)
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
    if let Some(effects) = status::clicked(model, at) {
        return effects;
    }
    match model.overlays.last() {
        Some(Overlay::Usage(_)) => return usage::clicked(model, at),
        Some(Overlay::List(_)) => return lists::clicked(model, at),
        Some(Overlay::Tree(_)) => return tree::clicked(model, at),
        Some(Overlay::Lens(_)) => return lens::clicked(model, at),
        Some(
            Overlay::Form(_)
            | Overlay::Confirm(_)
            | Overlay::Summary(_)
            | Overlay::Help(_)
            | Overlay::Pictures(_)
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
    model.pointer.held = Held::No;
    let places = places(model);
    let Some(place) = places.iter().find(|place| place.area().contains(at)).copied() else {
        return Vec::new();
    };
    let effects = panes::focus(model, place.pane);
    if pill_at(model, at, place.body) {
        transcript::scroll(model, Scroll::Bottom);
        return effects;
    }
    let in_rail = model.pane.lanes.is_none() && place.rail.is_some_and(|rail| rail.contains(at));
    let lane = model.pane.lane_at(at, place.body).map(|lane| lane.lane);
    if let Some(lane) = lane.or_else(|| tabs::lane_at(model, at, place.body)) {
        lanes::go(model, lane);
        model.focus = Focus::Transcript;
    }
    let body = model.pane.lane_area(model.pane.focused_lane(), place.body);
    if in_rail || body.contains(at) {
        let (view, _) = model.pane.reading_mut();
        if let Some((message, _)) = view.visible.get(usize::from(at.y - body.y)).copied() {
            view.cursor = Some(message);
            model.focus = Focus::Transcript;
        }
        if !in_rail {
            point(model, at, body);
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

/// The button went down on a branch: what was selected is not any more; twice selects a word, three times a line.
fn point(model: &mut Model, at: Position, body: Rect) {
    let before = model.pointer;
    let again = before.at == at && model.now.duration_since(before.when).unsigned_abs() <= AGAIN;
    let clicks = if again { before.clicks % 3 + 1 } else { 1 };
    model.pane.select = None;
    let from = select::place_at(model, at, body);
    model.pointer = Pointer { at, when: model.now, clicks, from, held: Held::Pressed };
    let grain = match clicks {
        2 => Grain::Word,
        3 => Grain::Line,
        _ => return,
    };
    if let Some(place) = from {
        select::with_mouse(model, place, place, grain);
    }
}

/// The pointer was moved with the button down: what is between is selected. At an edge the text moves along.
fn dragged(model: &mut Model, at: Position) {
    if model.pointer.held == Held::No || model.pointer.at == at {
        return;
    }
    let body = area_read(model);
    if at.y <= body.y {
        transcript::scroll(model, Scroll::Up(1));
    } else if at.y + 1 >= body.bottom() {
        transcript::scroll(model, Scroll::Down(1));
    }
    transcript::arrange(model);
    model.pointer.held = Held::Dragged;
    if let (Some(from), Some(to)) = (model.pointer.from, select::place_at(model, at, body)) {
        select::with_mouse(model, from, to, Grain::Grapheme);
    }
}

/// The button went up: after a drag it is told how to copy; a click does what it points at.
fn released(model: &mut Model, at: Position) -> Vec<Effect> {
    let (held, clicks) = (model.pointer.held, model.pointer.clicks);
    model.pointer.held = Held::No;
    match held {
        Held::No => Vec::new(),
        Held::Pressed if clicks == 1 => clicked(model, at),
        Held::Pressed | Held::Dragged if model.pane.select.is_some() => {
            vec![model.notify(t!("app-selected"), Mood::Plain)]
        }
        Held::Pressed | Held::Dragged => Vec::new(),
    }
}

/// What a click in the transcript points at: siblings, a fold, the number of a block of code, a link.
fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let body = area_read(model);
    let line = usize::from(at.y.saturating_sub(body.y));
    let (view, layouts) = model.pane.reading();
    let Some((message, row)) = view.visible.get(line).copied() else { return Vec::new() };
    let Some(block) = layouts.get(message) else { return Vec::new() };
    let shown = block.row(row).and_then(|row| pointed(&row, at.x.saturating_sub(body.x)));
    match shown {
        Some(Target::Act(Act::Siblings)) => walk::sibling(model, Neighbour::Next),
        Some(Target::Act(Act::Fold)) => fold::toggle(model, message),
        Some(Target::Act(Act::Picture(part))) => pictures::open(model, Some((message, part))),
        Some(Target::Code) => match block.code_at(row) {
            Some((_, code)) => vec![Effect::Copy { text: sanitise(&code.source) }],
            None => Vec::new(),
        },
        // Where it leads is told before anything is done.
        Some(Target::Link(target)) => {
            copies::link(model, &target);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// What a piece of a row is good for.
enum Target {
    Act(Act),
    Code,
    Link(Arc<str>),
}

/// What stands in a column of a row, counted from the left of its transcript.
fn pointed(row: &Row, column: u16) -> Option<Target> {
    let mut x = row.left();
    for piece in &row.pieces {
        let end = x + u16::try_from(width(&piece.text)).unwrap_or(u16::MAX).min(u16::MAX - x);
        if (x..end).contains(&column) {
            let code = row.code.is_some() && piece.tone == Tone::CodeMark;
            return match (&piece.link, piece.act) {
                (Some(target), _) => Some(Target::Link(target.clone())),
                (None, Some(act)) => Some(Target::Act(act)),
                (None, None) => code.then_some(Target::Code),
            };
        }
        x = end;
    }
    None
}

fn wheel(model: &mut Model, at: Position, by: Scroll) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        return keyboard::move_overlay(model, if matches!(by, Scroll::Up(_)) { -1 } else { 1 });
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
    fn a_drag_in_a_lane_selects_what_that_lane_says() {
        let mut app = App::new(160, 40);
        app.turn("one", "first words");
        let other = crate::app::testing::started(&app.keys("alt-t r"));
        app.end(&other, "second words", crate::chat::Status::Complete);
        app.keys("ctrl-x L");
        let body = screen(&app.model).transcript;
        let lane = app.model.pane.lane_area(Some(0), body);
        let (left, y) = (lane.x + crate::app::geometry::TEXT_LEFT, lane.y);
        mouse(&mut app, MouseEventKind::Down(LEFT), (left, y));
        mouse(&mut app, MouseEventKind::Drag(LEFT), (left + 4, y));
        mouse(&mut app, MouseEventKind::Up(LEFT), (left + 4, y));
        assert_eq!(app.keys("y"), [Effect::Copy { text: sanitise("first") }]);
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

    fn lines() -> App {
        let mut app = App::new(60, 20);
        app.turn("ask", "alpha **beta** gamma\n\n```sh\nls -l\n```\n\nlast words");
        app
    }

    /// The cell of a text on the screen of the only pane.
    fn cell_of(app: &App, text: &str) -> (u16, u16) {
        let body = screen(&app.model).transcript;
        let rows = app.model.pane.view.visible.iter().enumerate();
        let mut found = rows.filter_map(|(y, (id, row))| {
            let row = app.model.pane.layouts.get(*id)?.row(*row)?;
            let said: String = row.pieces.iter().map(|piece| piece.text.as_str()).collect();
            let at = width(&said[..said.find(text)?]);
            let left = body.x + row.left() + u16::try_from(at).unwrap();
            Some((left, body.y + u16::try_from(y).unwrap()))
        });
        found.next_back().unwrap_or_else(|| panic!("{text} is not shown"))
    }

    #[test]
    fn a_drag_selects_the_source_that_y_copies() {
        let mut app = lines();
        let (from, to) = (cell_of(&app, "alpha"), cell_of(&app, "words"));
        mouse(&mut app, MouseEventKind::Down(LEFT), from);
        mouse(&mut app, MouseEventKind::Drag(LEFT), to);
        let told = mouse(&mut app, MouseEventKind::Up(LEFT), to);
        assert!(matches!(told.as_slice(), [Effect::WakeAt(_)]));
        let text = sanitise("alpha **beta** gamma\n\n```sh\nls -l\n```\n\nlast w");
        assert_eq!(app.keys("y"), [Effect::Copy { text }]);
        assert_eq!(app.model.pane.select, None);
    }

    #[test]
    fn two_clicks_select_a_word_and_three_its_line() {
        let mut app = lines();
        for expected in ["", "beta", "alpha **beta** gamma"] {
            let at = cell_of(&app, "eta");
            mouse(&mut app, MouseEventKind::Down(LEFT), at);
            mouse(&mut app, MouseEventKind::Up(LEFT), at);
            assert_eq!(select::text(&mut app.model).unwrap_or_default(), expected);
        }
    }

    #[test]
    fn a_click_on_the_number_of_a_block_copies_it_and_one_on_a_counter_goes_to_the_next_sibling() {
        let mut app = lines();
        let at = cell_of(&app, " 1 │");
        mouse(&mut app, MouseEventKind::Down(LEFT), at);
        let copied = mouse(&mut app, MouseEventKind::Up(LEFT), at);
        assert_eq!(copied, [Effect::Copy { text: sanitise("ls -l\n") }]);
        let again = crate::app::testing::started(&app.keys("r"));
        app.end(&again, "another", crate::chat::Status::Complete);
        let at = cell_of(&app, "2/2");
        mouse(&mut app, MouseEventKind::Down(LEFT), at);
        mouse(&mut app, MouseEventKind::Up(LEFT), at);
        assert_eq!(app.branch_texts()[1], "another");
    }

    fn click(app: &mut App, area: Rect) -> Vec<Effect> {
        let at = (area.x + area.width / 2, area.y);
        let mut effects = mouse(app, MouseEventKind::Down(LEFT), at);
        effects.extend(mouse(app, MouseEventKind::Up(LEFT), at));
        effects.retain(|effect| !matches!(effect, Effect::WakeAt(_)));
        effects
    }

    /// A conversation with all there is to tell of one, on a wide screen.
    fn told() -> App {
        let mut app = App::new(140, 30);
        app.turn("one", &"line\n\n".repeat(60));
        app.keys("alt-t r");
        app.model.open.conversation.title = "A title".into();
        app.model.pane.route = crate::app::testing::litellm("claude-sonnet");
        app.model.spent_today = Some(crate::chat::Money::from_nanos(20_000_000));
        app.send(Message::Resize { size: crate::app::Size { width: 140, height: 30 }, at: app.at });
        app
    }

    #[test]
    fn each_fact_of_the_status_line_leads_to_where_it_is_changed_or_told() {
        use crate::app::status::{What, items};
        let told_of: Vec<What> = items(&told().model).iter().map(|item| item.what).collect();
        for (what, opened) in [
            (What::Endpoint, "Endpoints"),
            (What::Key, "form"),
            (What::Model, "Models(None)"),
            (What::Title, "Conversations"),
            (What::Branches, "tree"),
            (What::Today, "usage"),
            (What::Doing, "nothing"),
        ] {
            let mut app = told();
            let item = items(&app.model).into_iter().find(|item| item.what == what);
            let item = item.unwrap_or_else(|| panic!("{what:?} is not among {told_of:?}"));
            click(&mut app, item.area);
            let is = match app.model.overlays.last() {
                Some(Overlay::List(list)) => format!("{:?}", list.kind),
                Some(Overlay::Form(_)) => "form".into(),
                Some(Overlay::Tree(_)) => "tree".into(),
                Some(Overlay::Usage(_)) => "usage".into(),
                Some(other) => panic!("{what:?} opens {other:?}"),
                None => "nothing".into(),
            };
            assert_eq!(is, opened, "{what:?}");
        }
    }

    #[test]
    fn facts_stand_where_they_are_drawn() {
        use crate::app::status::items;
        let app = told();
        let (theme, size) = (crate::ui::Theme::default(), Rect::new(0, 0, 140, 30));
        let mut buffer = ratatui::buffer::Buffer::empty(size);
        crate::ui::draw(&app.model, &theme, &mut buffer);
        for item in items(&app.model) {
            let drawn: String =
                (item.area.left()..item.area.right()).map(|x| buffer[(x, 0)].symbol()).collect();
            assert_eq!(drawn, item.text.as_str());
        }
    }

    #[test]
    fn a_click_on_a_notice_lets_it_go_and_does_nothing_below_it() {
        let mut app = lines();
        app.keys("ctrl-x M");
        assert!(app.model.toast.is_some());
        let hint = screen(&app.model).hint;
        assert_eq!(click(&mut app, hint), []);
        assert_eq!(app.model.toast, None);
    }

    #[test]
    fn a_click_on_the_mode_goes_from_writing_to_commands_and_back() {
        let mut app = lines();
        app.model.habit = crate::app::model::Habit::Vi;
        let area = |app: &App| {
            let divider = screen(&app.model).divider;
            crate::app::status::mode(&app.model, divider).unwrap().1
        };
        let before = app.model.pane.composer.mode();
        let at = area(&app);
        click(&mut app, at);
        assert_ne!(app.model.pane.composer.mode(), before);
        let at = area(&app);
        click(&mut app, at);
        assert_eq!(app.model.pane.composer.mode(), before);
    }

    #[test]
    fn a_click_on_the_pill_goes_to_the_end() {
        let mut app = App::new(60, 20);
        app.turn("one", &"line\n\n".repeat(60));
        app.keys("alt-t g");
        let body = screen(&app.model).transcript;
        let text = pill::text(&app.model, &app.model.pane.view).unwrap();
        click(&mut app, pill::place(&text, body));
        assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
    }

    #[test]
    fn a_click_on_a_tab_goes_to_its_lane() {
        let mut app = App::new(60, 20);
        app.turn("one", "first");
        app.keys("alt-t r");
        app.keys("ctrl-x L");
        assert_eq!(app.model.pane.focused_lane(), Some(1));
        let body = screen(&app.model).transcript;
        let tabs = tabs::tabs(&app.model, &app.model.open, &app.model.pane, body);
        assert_eq!(tabs.len(), 2);
        click(&mut app, tabs[0].area);
        assert_eq!(app.model.pane.focused_lane(), Some(0));
    }

    #[test]
    fn the_mouse_is_the_terminals_until_it_is_asked_for() {
        let mut app = App::new(80, 24);
        assert_eq!(app.model.mouse, Mouse::Free);
        assert_eq!(app.keys("ctrl-x M"), [Effect::SetMouse(Mouse::Captured)]);
        assert_eq!(app.keys("ctrl-x M"), [Effect::SetMouse(Mouse::Free)]);
    }
}
