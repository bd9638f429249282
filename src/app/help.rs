//! The help page: what there is to know first, every command with the keys it has, and the keys that do not arrive.
//!
//! It is a list of rows, made of the table of commands and the keymap as they are; what is typed narrows it to the
//! rows that have those words. No key and no word is cut: a row takes as many lines as it needs.

use crossterm::event::{KeyCode, KeyEvent};

use crate::config::quirks::{Feature, Quirks};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::block::words;
use super::command::{COMMANDS, Command, CommandId, Section};
use super::field::Line;
use super::geometry::page_rows;
use super::keymap::Stroke;
use super::keymap::arrival::{EATERS, Eater};
use super::model::Model;
use super::overlay::Overlay;

/// A page narrower than this has the keys of a command below what it does.
const NARROW: u16 = 70;
/// The column of what a command does, where the keys stand before it.
pub const KEYS: u16 = 27;

/// The page as it is open.
#[derive(Clone, Debug, Default)]
pub struct HelpPage {
    /// The first row that is shown.
    pub top: usize,
    /// What is looked for.
    pub query: Line,
}

/// A row of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The name of a part.
    Head(Safe),
    /// Nothing.
    Gap,
    /// Words.
    Prose(Safe),
    /// What a command does, or its keys and its slash form: below each other where it is narrow.
    About(Safe),
    /// See above.
    Keys(Safe),
    /// All of them beside each other.
    Command {
        /// Keys.
        keys: Safe,
        /// What it does.
        about: Safe,
        /// Its slash form.
        name: Safe,
    },
}

/// What the page has to say for what is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// All of them.
    pub rows: Vec<Row>,
    /// How many commands there are among them.
    pub commands: usize,
}

impl Rows {
    /// The rows for what is looked for.
    pub fn of(model: &Model, query: &str) -> Self {
        let wanted = query.to_lowercase();
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let is_wanted = |text: &str| {
            let text = text.to_lowercase();
            wanted.iter().all(|word| text.contains(word))
        };
        let here = eaters(model);
        let room = usize::from(cells(model));
        let mut page = Self::default();
        let prose = |page: &mut Self, head: Safe, told: Vec<Safe>| {
            let told: Vec<Safe> = told.into_iter().filter(|text| is_wanted(text)).collect();
            if !told.is_empty() {
                page.begin(head);
                let rows = told.iter().flat_map(|text| words(text.as_str(), room, usize::MAX));
                page.rows.extend(rows.map(Row::Prose));
            }
        };
        prose(&mut page, t!("app-help-gist"), gist(model));
        prose(&mut page, t!("app-help-arrival"), arrival(model, &here));
        let mut commands: Vec<&Command> = COMMANDS.iter().collect();
        commands.sort_by_key(|command| command.section);
        let mut section = None;
        for command in commands {
            let keys: Vec<String> =
                model.keymap.keys_of(command.id).iter().map(|key| with_eater(key, &here)).collect();
            let head = command.section.name();
            let text = format!("/{} {} {head} {}", command.name, (command.line)(), keys.join(" "));
            if !is_wanted(&text) {
                continue;
            }
            if section.replace(command.section) != Some(command.section) {
                page.begin(head);
            }
            page.commands += 1;
            page.rows.extend(of_command(command, &keys, cells(model)));
        }
        page
    }

    fn begin(&mut self, head: Safe) {
        if !self.rows.is_empty() {
            self.rows.push(Row::Gap);
        }
        self.rows.push(Row::Head(head));
    }

    /// The last row that the page can begin with.
    fn last_top(&self, model: &Model) -> usize {
        self.rows.len().saturating_sub(page_rows(model))
    }
}

/// The cells inside the page's frame.
fn cells(model: &Model) -> u16 {
    model.size.width.saturating_sub(4)
}

/// What everything else rests on.
pub fn gist(model: &Model) -> Vec<Safe> {
    let key = |command: CommandId| model.keymap.keys_of(command).first().cloned().unwrap_or_default();
    vec![
        t!("app-help-tree"),
        t!("app-help-focus", focus = key(CommandId::ToggleFocus), leave = key(CommandId::Leave)),
        t!(
            "app-help-route",
            endpoint = key(CommandId::PickEndpoint),
            model = key(CommandId::PickModel),
            palette = key(CommandId::Palette)
        ),
    ]
}

/// Which keys do not come as they are pressed, of the terminal that is there and of whatever is around it.
fn arrival(model: &Model, here: &[&Eater]) -> Vec<Safe> {
    let terminal = Quirks::detect(|name| model.config.env.get(name).map(ToOwned::to_owned));
    let mut told: Vec<Safe> = here
        .iter()
        .map(|eater| t!("app-help-eater", who = eater.who, keys = eater.keys.join(", ")))
        .collect();
    told.push(if terminal.name == "tmux" {
        t!("app-help-tmux-keys")
    } else if terminal.can(Feature::KittyKeys) || terminal.can(Feature::OtherKeys) {
        t!("app-help-kitty", terminal = terminal.name)
    } else {
        t!("app-help-no-kitty", terminal = terminal.name)
    });
    told
}

/// Who takes keys here before they arrive.
fn eaters(model: &Model) -> Vec<&'static Eater> {
    let is_set = |name: &&str| model.config.env.get(name).is_some_and(|value| !value.is_empty());
    EATERS.iter().filter(|eater| eater.told_by.iter().any(is_set)).collect()
}

/// A key, with who eats its first stroke here.
fn with_eater(key: &str, here: &[&Eater]) -> String {
    let first = key.split(' ').next().unwrap_or_default();
    let is_first = |eaten: &&str| Stroke::parse(eaten).is_some_and(|stroke| stroke.to_string() == first);
    match here.iter().find(|eater| eater.keys.iter().any(is_first)) {
        Some(eater) => format!("{key} ({})", eater.who),
        None => key.to_owned(),
    }
}

/// A command in as many rows as it takes.
fn of_command(command: &Command, keys: &[String], cells: u16) -> Vec<Row> {
    let name = sanitise(&format!("/{}", command.name));
    let about = (command.line)();
    let blank = Safe::default;
    if cells < NARROW {
        let room = usize::from(cells);
        let told = words(about.as_str(), room, usize::MAX).into_iter().map(Row::About);
        let rows = fill(keys.iter().map(String::as_str).chain([name.as_str()]), room.saturating_sub(2));
        return told.chain(rows.into_iter().map(Row::Keys)).collect();
    }
    let rows = fill(keys.iter().map(String::as_str), usize::from(KEYS) - 1);
    let room = usize::from(cells - KEYS).saturating_sub(width(&name) + 1);
    let told = words(about.as_str(), room.max(1), usize::MAX);
    let row = |at: usize| Row::Command {
        keys: rows.get(at).cloned().unwrap_or_default(),
        about: told.get(at).cloned().unwrap_or_default(),
        name: if at == 0 { name.clone() } else { blank() },
    };
    (0..rows.len().max(told.len())).map(row).collect()
}

/// Keys in rows of so many cells.
fn fill<'a>(keys: impl Iterator<Item = &'a str>, cells: usize) -> Vec<Safe> {
    let mut rows: Vec<String> = Vec::new();
    for key in keys {
        match rows.last_mut() {
            Some(row) if width(row) + 2 + width(key) <= cells => {
                row.push_str("  ");
                row.push_str(key);
            }
            Some(_) | None => rows.push(key.to_owned()),
        }
    }
    rows.iter().map(|row| sanitise(row)).collect()
}

/// The page, open where it tells of a section.
pub fn open_at(model: &Model, section: Section) -> HelpPage {
    let page = Rows::of(model, "");
    let at = match section {
        // Who writes has seen nothing yet: from the beginning.
        Section::Composer => 0,
        Section::App
        | Section::Conversation
        | Section::Transcript
        | Section::Acts
        | Section::Tree
        | Section::Panes
        | Section::Lanes
        | Section::Usage => {
            let head = Row::Head(section.name());
            page.rows.iter().position(|row| *row == head).unwrap_or(0)
        }
    };
    HelpPage { top: at.min(page.last_top(model)), query: Line::default() }
}

fn page_mut(model: &mut Model) -> Option<&mut HelpPage> {
    match model.overlays.last_mut() {
        Some(Overlay::Help(page)) => Some(page),
        _ => None,
    }
}

/// Moves the rows that are shown.
pub fn scroll(model: &mut Model, by: isize) {
    let Some(page) = page_mut(model).cloned() else { return };
    let last = Rows::of(model, page.query.text()).last_top(model);
    if let Some(page) = page_mut(model) {
        page.top = page.top.min(last).saturating_add_signed(by).min(last);
    }
}

/// Shows all again, where something is looked for. Returns whether it was.
pub fn widen(model: &mut Model) -> bool {
    let Some(page) = page_mut(model).filter(|page| !page.query.text().is_empty()) else { return false };
    *page = HelpPage::default();
    true
}

/// Text was pasted.
pub fn pasted(page: &mut HelpPage, text: &str) {
    page.query.insert(text.trim());
    page.top = 0;
}

/// A key without a binding.
pub fn typed(model: &mut Model, key: KeyEvent) {
    let Some(page) = page_mut(model) else { return };
    let asked = !page.query.text().is_empty();
    match key.code {
        KeyCode::Up => scroll(model, -1),
        KeyCode::Down => scroll(model, 1),
        KeyCode::Home => scroll(model, isize::MIN),
        KeyCode::End => scroll(model, isize::MAX),
        KeyCode::Tab => walk(model, Way::Down),
        KeyCode::BackTab => walk(model, Way::Up),
        KeyCode::Enter => {
            model.overlays.pop();
        }
        // It opens the page, and closes it.
        KeyCode::Char('?') if !asked => {
            model.overlays.pop();
        }
        _ => {
            let before = page.query.text().to_owned();
            page.query.edit(key);
            if page.query.text() != before {
                page.top = 0;
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Down,
    Up,
}

/// To the next part, or back to one.
fn walk(model: &mut Model, way: Way) {
    let Some(page) = page_mut(model).cloned() else { return };
    let rows = Rows::of(model, page.query.text());
    let mut heads =
        rows.rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Head(_))).map(|(at, _)| at);
    let to = match way {
        Way::Down => heads.find(|at| *at > page.top),
        Way::Up => heads.take_while(|at| *at < page.top).last(),
    };
    let last = rows.last_top(model);
    if let (Some(page), Some(to)) = (page_mut(model), to) {
        page.top = to.min(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, config};
    use crate::config::{Env, KeymapEntry};

    fn page(app: &App) -> &HelpPage {
        match app.model.overlays.last() {
            Some(Overlay::Help(page)) => page,
            other => panic!("no help, but {other:?}"),
        }
    }

    fn rows(app: &App) -> Vec<Row> {
        Rows::of(&app.model, page(app).query.text()).rows
    }

    fn named(rows: &[Row]) -> Vec<&str> {
        let name = rows.iter().filter_map(|row| match row {
            Row::Command { name, .. } => Some(name.as_str()),
            Row::Head(_) | Row::Gap | Row::Prose(_) | Row::About(_) | Row::Keys(_) => None,
        });
        name.filter(|name| !name.is_empty()).collect()
    }

    /// The app with these variables around it.
    fn within(variables: &[(&str, &str)]) -> App {
        let mut app = App::new(100, 30);
        let env = Env::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        app.model.config = std::sync::Arc::new(crate::config::Config { env, ..config() });
        app.keys("f1");
        app
    }

    fn told(app: &App) -> String {
        let text = |row: &Row| match row {
            Row::Head(text) | Row::Prose(text) | Row::About(text) | Row::Keys(text) => text.to_string(),
            Row::Command { keys, about, name } => format!("{keys}|{about}|{name}"),
            Row::Gap => String::new(),
        };
        rows(app).iter().map(text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_command_is_told_at_every_width() {
        for width in [40, 73, 74, 80, 200] {
            let mut app = App::new(width, 12);
            app.keys("f1");
            let all = Rows::of(&app.model, "");
            assert_eq!(all.commands, COMMANDS.len());
            for command in COMMANDS {
                let name = format!("/{}", command.name);
                assert!(told(&app).contains(&name), "{name} at {width}");
            }
            let room = usize::from(cells(&app.model));
            for row in &all.rows {
                let cells = match row {
                    Row::Head(text) | Row::Prose(text) | Row::About(text) => super::width(text),
                    Row::Keys(text) => super::width(text) + 2,
                    Row::Gap => 0,
                    Row::Command { keys, about, name } => {
                        assert!(super::width(keys) < usize::from(KEYS), "{keys}");
                        usize::from(KEYS) + super::width(about) + 1 + super::width(name)
                    }
                };
                assert!(cells <= room, "{row:?} at {width}");
            }
        }
    }

    #[test]
    fn what_is_typed_narrows_it_and_esc_widens_it_before_it_closes() {
        let mut app = App::new(100, 30);
        app.keys("f1");
        app.type_text("copy code");
        let found = rows(&app);
        assert!(named(&found).contains(&"/copy-code") && !named(&found).contains(&"/quit"), "{found:?}");
        app.keys("ctrl-w c x q z");
        assert_eq!((rows(&app), page(&app).query.text()), (vec![], "copy cxqz"));
        app.keys("esc");
        assert_eq!((page(&app).query.text(), named(&rows(&app)).len()), ("", COMMANDS.len()));
        app.keys("esc");
        assert!(app.model.overlays.is_empty());
    }

    #[test]
    fn a_key_finds_what_it_does_and_another_one_that_was_bound() {
        let mut app = App::new(100, 30);
        let entry = |keys: &str, command: &str| KeymapEntry {
            context: "anywhere".into(),
            keys: keys.into(),
            command: command.into(),
            at: crate::config::Location { file: "loquat.yaml".into(), line: 1, column: 1 },
        };
        let (keymap, problems) =
            crate::app::keymap::Keymap::load(&[entry("f7", "usage"), entry("ctrl-x u", "none")]);
        assert_eq!(problems, []);
        app.model.keymap = keymap;
        app.keys("f1 F 7");
        assert_eq!(named(&rows(&app)), ["/usage"]);
        assert!(told(&app).contains("F7|"), "{}", told(&app));
        assert!(!told(&app).contains("^X u"));
    }

    #[test]
    fn keys_that_do_not_arrive_here_say_who_has_them() {
        let bare = within(&[("TERM", "xterm-256color")]);
        assert!(!told(&bare).contains("zellij"));
        let zellij = within(&[("TERM", "xterm-256color"), ("ZELLIJ", "0")]);
        let told_there = told(&zellij);
        assert!(told_there.contains("zellij") && told_there.contains("^P (zellij)"), "{told_there}");
        let tmux = within(&[("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0")]);
        assert!(told(&tmux).contains("ctrl-b"), "{}", told(&tmux));
    }

    #[test]
    fn tab_walks_the_parts_and_keys_that_page_page() {
        let mut app = App::new(40, 12);
        app.keys("f1 tab");
        assert!(matches!(rows(&app)[page(&app).top], Row::Head(_)));
        let second = page(&app).top;
        app.keys("tab backtab");
        assert_eq!(page(&app).top, second);
        app.keys("end down pagedown");
        let end = page(&app).top;
        assert_eq!(end, rows(&app).len() - page_rows(&app.model));
        app.keys("up");
        assert_eq!(page(&app).top + 1, end);
        app.keys("home");
        assert_eq!(page(&app).top, 0);
    }

    #[test]
    fn it_opens_where_it_tells_of_what_has_the_keys() {
        let mut app = App::new(80, 24);
        app.turn("a", "b");
        app.keys("f1");
        assert_eq!(page(&app).top, 0);
        app.keys("? alt-t ?");
        assert_eq!(rows(&app)[page(&app).top], Row::Head(Section::Transcript.name()));
    }
}
