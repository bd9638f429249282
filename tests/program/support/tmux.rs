//! The program in a real tmux.

use super::{Home, eventually};

/// A tmux server of its own, gone with this.
pub struct Tmux<'a>(&'a Home);

impl<'a> Tmux<'a> {
    /// The program in it, with these lines as tmux's configuration. `None` where there is no tmux.
    pub fn start(home: &'a Home, config: &str, arguments: &[&str]) -> Option<Self> {
        let tmux = Self(home);
        std::fs::write(home.path().join("tmux.conf"), config).expect("a file can be written");
        let program = [env!("CARGO_BIN_EXE_loquat")];
        let start = ["new-session", "-d", "-x", "100", "-y", "30"];
        tmux.run(&[&start[..], &program, arguments].concat()).ok()?;
        Some(tmux)
    }

    /// Runs a command of tmux and returns what it says.
    pub fn run(&self, arguments: &[&str]) -> std::io::Result<String> {
        let mut command = std::process::Command::new("tmux");
        command.arg("-S").arg(self.0.path().join("tmux"));
        command.arg("-f").arg(self.0.path().join("tmux.conf")).args(arguments);
        let said = command.env_clear().envs(self.0.environment()).output()?;
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }

    /// Presses keys, by tmux's names of them.
    pub fn press(&self, keys: &[&str]) {
        self.run(&[&["send-keys"], keys].concat()).expect("tmux runs");
    }

    /// What is on its screen.
    pub fn screen(&self) -> String {
        self.run(&["capture-pane", "-p"]).expect("tmux runs")
    }

    /// Waits until a text is on its screen, and returns that.
    pub fn wait_for(&self, text: &str) -> String {
        eventually(text, || Some(self.screen()).filter(|screen| screen.contains(text)))
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        // Where it never started there is nothing to end.
        let _ = self.run(&["kill-server"]);
    }
}
