//! What the app looked like when it was left, in a small file of the state folder. What is in it is the app's.

use std::io;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::private;

const FILE: &str = "panes.json";

/// Reads `<state>/panes.json`. A missing or damaged file reads as none.
pub fn load<T: DeserializeOwned>(state: &Path) -> Option<T> {
    serde_json::from_slice(&std::fs::read(state.join(FILE)).ok()?).ok()
}

/// Writes it, 0600 in a 0700 folder; `None` removes it.
///
/// # Errors
/// What the file system says.
pub fn save<T: Serialize>(state: &Path, session: Option<&T>) -> io::Result<()> {
    let path = state.join(FILE);
    match session {
        Some(session) => {
            private::create_folder(state)?;
            private::write_cache(&path, &serde_json::to_vec_pretty(session)?)
        }
        None => match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        },
    }
}
