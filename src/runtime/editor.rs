//! `$VISUAL` or `$EDITOR` on a file that only the person can read.

use std::io::Write;
use std::path::{Path, PathBuf};

use tokio::process::{Child, Command};

use crate::config::private;
use crate::t;

/// An editor that has the terminal.
pub struct Editor {
    child: Child,
    file: PathBuf,
}

impl Editor {
    /// Starts it on `text`, in a file of the state folder.
    ///
    /// # Errors
    /// A message: no editor is named, or it, or the file, cannot be had.
    pub fn open(text: &str, state: &Path) -> Result<Self, String> {
        let named = ["VISUAL", "EDITOR"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
        let words = shlex::split(named.as_deref().unwrap_or("vi")).unwrap_or_default();
        let [program, arguments @ ..] = words.as_slice() else {
            return Err(t!("turns-no-editor").into_string());
        };
        let file = state.join(format!("draft-{}.md", std::process::id()));
        let failed = |error: std::io::Error| {
            t!("turns-editor-failed", editor = program.as_str(), error = error.to_string()).into_string()
        };
        private::create_folder(state).map_err(failed)?;
        let mut options = private::options();
        options.write(true).create(true).truncate(true);
        options.open(&file).and_then(|mut open| open.write_all(text.as_bytes())).map_err(failed)?;
        let child = Command::new(program).args(arguments).arg(&file).spawn().map_err(failed)?;
        Ok(Self { child, file })
    }

    /// What the file holds once the editor has ended. Cancel-safe.
    ///
    /// # Errors
    /// A message: the editor failed, and the text is as it was before.
    pub async fn closed(&mut self) -> Result<String, String> {
        let status = self.child.wait().await;
        let text = std::fs::read_to_string(&self.file);
        // The draft is in memory again; a file that stays behind is overwritten by the next one.
        let _ = std::fs::remove_file(&self.file);
        match (status, text) {
            (Ok(status), Ok(text)) if status.success() => {
                Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
            }
            (Ok(status), Ok(_)) => Err(t!("turns-editor-ended", status = status.to_string()).into_string()),
            (Err(error), _) | (Ok(_), Err(error)) => Err(error.to_string()),
        }
    }
}
