//! What a person chose last, in a small file of the state folder: the first frame shows it, and a one-shot
//! falls back to it, without opening the database.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::chat::Route;
use crate::config::{Background, Following, private};

const FILE: &str = "choices.json";
const RECENTS: usize = 20;

/// Last choices. A missing or damaged file reads as none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// Endpoint, key and model used last in the app.
    pub last: Option<Route>,
    /// Starred models, in the order they were starred.
    pub favourites: Vec<Route>,
    /// Models used, newest first, at most twenty.
    pub recents: Vec<Route>,
    /// Whether the graph rail is shown.
    pub rail: Rail,
    /// What is shown beside the conversation.
    pub side: Side,
    /// Whether reasoning is shown once its answer has begun.
    pub thoughts: Thoughts,
    /// How far the view follows an answer.
    pub follow: Follow,
    /// The order of the list of conversations.
    pub listing: Listing,
    /// The theme that was chosen.
    pub theme: Option<ChosenTheme>,
    /// What the terminal said last of its background.
    pub background: Option<Background>,
}

/// A theme that was chosen in the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenTheme {
    /// Its name.
    pub name: String,
    /// What `ui.theme` said then: once it says something else, the choice is the older word.
    pub over: Option<String>,
}

/// Whether reasoning is shown once its answer has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thoughts {
    /// Only that there is some.
    #[default]
    Folded,
    /// All of it.
    Open,
}

/// How far the view follows an answer that grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Follow {
    /// Until its beginning would leave the view.
    #[default]
    Beginning,
    /// Always.
    Always,
}

/// Whether the graph rail is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rail {
    /// It is not.
    #[default]
    Off,
    /// It is, where there is room.
    On,
}

/// What is shown beside the conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Nothing.
    #[default]
    Off,
    /// What was used, where there is room.
    Usage,
}

/// The order of the list of conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Listing {
    /// What was changed last comes first.
    #[default]
    Changed,
    /// What was made last comes first.
    Made,
    /// By title.
    Title,
    /// What cost most comes first.
    Price,
    /// What holds most messages comes first.
    Size,
}

impl Listing {
    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Changed => Self::Made,
            Self::Made => Self::Title,
            Self::Title => Self::Price,
            Self::Price => Self::Size,
            Self::Size => Self::Changed,
        }
    }
}

impl Follow {
    /// How far it is configured to, or was chosen last.
    pub fn new(configured: Following, choices: &Choices) -> Self {
        match configured {
            Following::Remember => choices.follow,
            Following::Beginning => Self::Beginning,
            Following::Always => Self::Always,
        }
    }
}

impl Choices {
    /// Reads `<state>/choices.json`.
    pub fn load(state: &Path) -> Self {
        std::fs::read(state.join(FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Writes it atomically, 0600 in a 0700 folder.
    pub fn save(&self, state: &Path) -> std::io::Result<()> {
        private::create_folder(state)?;
        private::write(&state.join(FILE), &serde_json::to_vec_pretty(self)?)
    }

    /// Notes that a route was used, and is to be used next.
    pub fn used(&mut self, route: &Route) {
        self.noted(route);
        self.last = Some(route.clone());
    }

    /// Notes that a route was used, beside others.
    pub fn noted(&mut self, route: &Route) {
        self.recents.retain(|recent| recent != route);
        self.recents.insert(0, route.clone());
        self.recents.truncate(RECENTS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(n: usize) -> Route {
        Route { endpoint: "demo".into(), key: "default".into(), model: format!("m{n}").into() }
    }

    #[test]
    fn recents_are_the_newest_twenty_without_repeats() {
        let mut choices = Choices::default();
        for n in 0..25 {
            choices.used(&route(n));
        }
        choices.used(&route(23));
        let expected: Vec<Route> = [23, 24].into_iter().chain((5..23).rev()).map(route).collect();
        let last = Some(route(23));
        assert_eq!(choices, Choices { last, recents: expected, ..Choices::default() });
    }

    #[test]
    fn what_is_saved_is_read_again_and_a_damaged_file_reads_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        assert_eq!(Choices::load(&state), Choices::default());
        let mut choices = Choices::default();
        choices.used(&route(1));
        choices.favourites.push(route(2));
        choices.rail = Rail::On;
        choices.save(&state).unwrap();
        assert_eq!(Choices::load(&state), choices);
        std::fs::write(state.join(FILE), "{\"last\":").unwrap();
        assert_eq!(Choices::load(&state), Choices::default());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_file_and_nothing_is_left_beside_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        Choices::default().save(&state).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&state), mode(&state.join(FILE))), (0o700, 0o600));
        assert_eq!(std::fs::read_dir(&state).unwrap().count(), 1);
    }
}
