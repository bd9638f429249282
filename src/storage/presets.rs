//! A person's own presets, in a small file of the state folder: the configuration is theirs to write.

use std::path::Path;

use crate::chat::Preset;
use crate::config::private;

const FILE: &str = "presets.json";

/// Reads `<state>/presets.json`. A missing or damaged file reads as none.
pub fn load(state: &Path) -> Vec<Preset> {
    std::fs::read(state.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes it atomically, 0600 in a 0700 folder.
///
/// # Errors
/// What the file system says.
pub fn save(state: &Path, presets: &[Preset]) -> std::io::Result<()> {
    private::create_folder(state)?;
    private::write(&state.join(FILE), &serde_json::to_vec_pretty(presets)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_read_again_and_a_damaged_file_reads_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        assert_eq!(load(&state), []);
        let presets = [Preset { name: "brief".into(), model: Some("m".into()), ..Preset::default() }];
        save(&state, &presets).unwrap();
        assert_eq!(load(&state), presets);
        std::fs::write(state.join(FILE), "[{").unwrap();
        assert_eq!(load(&state), []);
    }
}
