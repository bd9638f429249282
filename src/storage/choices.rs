//! What a person chose last, in a small file of the state folder: the first frame shows it, and a one-shot
//! falls back to it, without opening the database.

use serde::{Deserialize, Serialize};

use crate::chat::Route;

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
}

#[expect(unused_variables, reason = "the seam before the room behind it")]
impl Choices {
    /// Reads `<state>/choices.json`.
    pub fn load(state: &std::path::Path) -> Self {
        todo!()
    }
    /// Writes it atomically, 0600 in a 0700 folder.
    pub fn save(&self, state: &std::path::Path) -> std::io::Result<()> {
        todo!()
    }
    /// Notes that a route was used.
    pub fn used(&mut self, route: &Route) {
        todo!()
    }
}
