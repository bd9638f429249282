//! Named sets of models that a prompt is sent to at once, in a small file of the state folder. What one process
//! keeps or forgets leaves the sets of others as they are.

use std::fs::File;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::chat::Route;
use crate::config::private;

const FILE: &str = "sets.json";
const LOCK: &str = "sets.lock";

/// A named set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Who is in it, in the order they were marked.
    pub members: Vec<Member>,
}

/// A model, and how often it is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub route: Route,
    /// How many answers it gives.
    pub samples: usize,
}

/// The sets of `<state>/sets.json`, by name. A missing or damaged file reads as none.
pub fn load(state: &Path) -> Vec<Set> {
    std::fs::read(state.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Keeps a set, in the place of one of the same name. Returns all of them.
///
/// # Errors
/// What the file system says.
pub fn keep(state: &Path, set: Set) -> io::Result<Vec<Set>> {
    change(state, |sets| {
        sets.retain(|other| other.name != set.name);
        sets.push(set);
        sets.sort_by_key(|set| set.name.to_lowercase());
    })
}

/// Forgets the set of this name. Returns those that are left.
///
/// # Errors
/// What the file system says.
pub fn forget(state: &Path, name: &str) -> io::Result<Vec<Set>> {
    change(state, |sets| sets.retain(|set| set.name != name))
}

fn change(state: &Path, change: impl FnOnce(&mut Vec<Set>)) -> io::Result<Vec<Set>> {
    private::create_folder(state)?;
    let lock: File = private::options().write(true).create(true).truncate(false).open(state.join(LOCK))?;
    // Where the file system has no locks, the last one wins. Closing unlocks.
    let _ = lock.lock();
    let mut sets = load(state);
    change(&mut sets);
    private::write(&state.join(FILE), &serde_json::to_vec_pretty(&sets)?)?;
    Ok(sets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, models: &[&str]) -> Set {
        let member = |model: &&str| Member {
            route: Route { endpoint: "demo".into(), key: "default".into(), model: (*model).into() },
            samples: 1,
        };
        Set { name: name.into(), members: models.iter().map(member).collect() }
    }

    #[test]
    fn sets_are_kept_by_name_replaced_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        assert_eq!(load(&state), []);
        keep(&state, set("small", &["a", "b"])).unwrap();
        keep(&state, set("Large", &["c"])).unwrap();
        let sets = [set("Large", &["c"]), set("small", &["d"])];
        assert_eq!(keep(&state, set("small", &["d"])).unwrap(), sets);
        assert_eq!(load(&state), sets);
        assert_eq!(forget(&state, "Large").unwrap(), [set("small", &["d"])]);
    }
}
