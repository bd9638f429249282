//! How the app reaches a person who does not look at it all the time, or not at all: linear mode, motion, notices
//! and the terminal's title. All of it stands below `ui`.

use super::node::Node;
use super::schema::{Field, Kind, used};

/// The keys of `ui` that are read here.
pub(super) const FIELDS: &[Field] = &[
    used("linear", Kind::Bool),
    used("motion", Kind::OneOf(&["full", "reduced"])),
    used("notices", Kind::Object(&[NOTICES])),
    used("title", Kind::Bool),
];

const NOTICES: &[Field] = &[
    used("when", Kind::OneOf(&["unfocused", "always", "never"])),
    used("bell", Kind::Bool),
    used("desktop", Kind::OneOf(&["auto", "osc9", "osc777", "osc99", "none"])),
];

/// What a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// How the app is shown.
    pub view: ViewMode,
    /// What may move by itself.
    pub motion: Motion,
    /// When and how attention is called for.
    pub notices: NoticeConfig,
    /// Whose the terminal's title is.
    pub title: Title,
}

/// How the app is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewMode {
    /// On a screen of cells.
    #[default]
    Screen,
    /// As lines, one after another.
    Linear,
}

/// What may move by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// Text grows as it comes, and counters count.
    #[default]
    Full,
    /// Text comes in whole lines, and nothing counts.
    Reduced,
}

/// When and how attention is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeConfig {
    /// When.
    pub when: NoticeWhen,
    /// Whether the terminal's bell rings.
    pub bell: bool,
    /// What the desktop is told by.
    pub desktop: Desktop,
}

impl Default for NoticeConfig {
    fn default() -> Self {
        Self { when: NoticeWhen::default(), bell: true, desktop: Desktop::default() }
    }
}

/// When attention is called for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeWhen {
    /// While the terminal does not have the focus.
    #[default]
    Unfocused,
    /// Whenever there is something to tell.
    Always,
    /// Not at all.
    Never,
}

/// The sequence by which a desktop is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Desktop {
    /// Whichever the terminal is known to take.
    #[default]
    Auto,
    /// OSC 9, of iTerm2.
    Osc9,
    /// OSC 777, of rxvt.
    Osc777,
    /// OSC 99, of kitty.
    Osc99,
    /// None.
    None,
}

/// Whose the terminal's title is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Title {
    /// It tells what the app does; on leaving it is what it was.
    #[default]
    Told,
    /// The app leaves it alone.
    Untouched,
}

/// Reads `ui`. What is not one of the words was told by the check.
pub(super) fn read(ui: Option<&Node>) -> Access {
    let Some(ui) = ui else { return Access::default() };
    let flag = |node: &Node, key: &str| node.get(key).and_then(Node::boolean);
    let notices = ui.get("notices").map_or_else(NoticeConfig::default, |node| NoticeConfig {
        when: word(node, "when", &[("always", NoticeWhen::Always), ("never", NoticeWhen::Never)]),
        bell: flag(node, "bell").unwrap_or(true),
        desktop: word(
            node,
            "desktop",
            &[
                ("osc9", Desktop::Osc9),
                ("osc777", Desktop::Osc777),
                ("osc99", Desktop::Osc99),
                ("none", Desktop::None),
            ],
        ),
    });
    Access {
        view: if flag(ui, "linear") == Some(true) { ViewMode::Linear } else { ViewMode::Screen },
        motion: word(ui, "motion", &[("reduced", Motion::Reduced)]),
        notices,
        title: if flag(ui, "title") == Some(false) { Title::Untouched } else { Title::Told },
    }
}

/// What a word means; the default for any other one, and for none.
fn word<T: Copy + Default>(node: &Node, key: &str, words: &[(&str, T)]) -> T {
    let written = node.get(key).and_then(Node::text);
    words.iter().find(|(word, _)| written == Some(*word)).map(|(_, meant)| *meant).unwrap_or_default()
}
