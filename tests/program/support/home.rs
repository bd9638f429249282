//! A person's folders, a configuration that points at a mock, and the program run in them with an
//! environment in which nothing else is set.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::mock::{KEY, Mock};

/// How long a run may take before it is killed and the test fails.
const LIMIT: Duration = Duration::from_secs(60);

/// A fresh home. It is removed when it, its clones and the terminals opened in it are dropped.
#[derive(Clone)]
pub struct Home {
    folder: Arc<TempDir>,
    variables: Vec<(String, String)>,
}

/// What a run of the program left behind.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Outcome {
    /// stdout as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("stdout is UTF-8")
    }

    /// stdout as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_slice(&self.stdout) {
            Ok(value) => value,
            Err(error) => panic!("not JSON ({error}): {:?}\n--- stderr\n{}", self.shown(), self.stderr),
        }
    }

    /// stdout as one JSON value a line.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let parsed: Result<Vec<Value>, _> = self.text().lines().map(serde_json::from_str).collect();
        match parsed {
            Ok(values) => values,
            Err(error) => panic!("not JSON lines ({error}): {:?}\n--- stderr\n{}", self.shown(), self.stderr),
        }
    }

    /// The same, once it is sure that the run ended with this code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n--- stderr\n{}", self.shown(), self.stderr);
        self
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

impl Home {
    /// A home without a configuration.
    pub fn bare() -> Self {
        let folder = tempfile::Builder::new().prefix("loquat-test-").tempdir().expect("a temporary folder");
        Self { folder: Arc::new(folder), variables: Vec::new() }
    }

    /// A home with this configuration.
    pub fn with_config(yaml: &str) -> Self {
        let home = Self::bare();
        home.write_config(yaml);
        home
    }

    /// A home with one endpoint, `Mock`, that is the default, with `plain` as its model and its key in the
    /// environment.
    pub fn of(mock: &Mock) -> Self {
        Self::with_config(&Self::config(mock)).with_variable("MOCK_KEY", KEY)
    }

    /// The same with another model chosen, and no patience with servers.
    pub fn with_model(mock: &Mock, model: &str) -> Self {
        let config = Self::config(mock).replace("model: plain}", &format!("model: {model}}}"));
        Self::with_config(&format!(
            "{config}      timeouts: {{connect: 2, first_token: 2, idle: 2}}\nrouter: {{retries: 0}}\n"
        ))
        .with_variable("MOCK_KEY", KEY)
    }

    /// The configuration of [`Home::of`].
    pub fn config(mock: &Mock) -> String {
        format!(
            "user: ana\n\
             defaults: {{endpoint: Mock, model: plain}}\n\
             endpoints:\n\
             \x20 custom:\n\
             \x20   - name: Mock\n\
             \x20     apiKey: \"${{MOCK_KEY}}\"\n\
             \x20     baseURL: \"{}\"\n\
             \x20     models: {{default: [plain], fetch: true}}\n\
             \x20     tokenConfig:\n\
             \x20       plain: {{prompt: 1.0, completion: 2.0, context: 8000}}\n",
            mock.url()
        )
    }

    /// Puts a file where the program looks for its configuration.
    pub fn write_config(&self, yaml: &str) {
        let file = self.config_file();
        fs::create_dir_all(file.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(file, yaml).expect("a file can be written");
    }

    /// Adds a variable to the environment.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn config_file(&self) -> PathBuf {
        self.path().join("config/loquat/loquat.yaml")
    }

    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The environment every run gets, and nothing besides it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let below = |name: &str| self.path().join(name).to_string_lossy().into_owned();
        let mut variables = vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("HOME".to_owned(), below("home")),
            ("XDG_CONFIG_HOME".to_owned(), below("config")),
            ("LOQUAT_DATA_DIR".to_owned(), below("data")),
            ("LOQUAT_CACHE_DIR".to_owned(), below("cache")),
            ("LOQUAT_STATE_DIR".to_owned(), below("state")),
        ];
        variables.extend(self.variables.iter().cloned());
        variables
    }

    /// The program, in this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loquat"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, with nothing on stdin.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        finish(self.command(arguments).spawn().expect("the program starts"))
    }

    /// Runs it to its end, with this on stdin.
    pub fn run_with_stdin(&self, arguments: &[&str], input: &[u8]) -> Outcome {
        let mut child = self.command(arguments).stdin(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("stdin is a pipe");
        // A program that does not want its input closes the pipe, which is its right.
        let _ = stdin.write_all(input);
        drop(stdin);
        finish(child)
    }

    /// Asks once and returns the object of `--json`.
    #[track_caller]
    pub fn ask(&self, prompt: &str, more: &[&str]) -> Value {
        let arguments = [&["-p", prompt, "--json"], more].concat();
        self.run(&arguments).exits(0).json()
    }

    /// Every stored conversation, as `list` tells them.
    #[track_caller]
    pub fn conversations(&self) -> Vec<Value> {
        self.run(&["list", "--json"]).exits(0).json().as_array().expect("a list").clone()
    }

    /// Every message of a conversation, as `tree` tells them.
    #[track_caller]
    pub fn tree(&self, conversation: &Value) -> Vec<Value> {
        let id = conversation.as_str().expect("an id");
        let tree = self.run(&["tree", id, "--json"]).exits(0).json();
        tree["messages"].as_array().expect("messages").clone()
    }

    /// Every request event so far, oldest first.
    pub fn events(&self) -> Vec<Value> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.data().join("telemetry"))
            .into_iter()
            .flatten()
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| {
                let text = fs::read_to_string(file).expect("the log is text");
                text.lines().map(|line| serde_json::from_str(line).expect("a whole line")).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Fails where a file below this home, other than the configuration, holds these bytes.
    #[track_caller]
    pub fn assert_no_file_holds(&self, needle: &str) {
        let holding: Vec<PathBuf> = files_below(self.path())
            .into_iter()
            .filter(|file| *file != self.config_file())
            .filter(|file| holds(file, needle))
            .collect();
        assert!(holding.is_empty(), "{needle:?} is in {holding:?}");
    }

    /// Whether a file of the data folder holds these bytes.
    pub fn has_stored(&self, needle: &str) -> bool {
        files_below(&self.data()).iter().any(|file| holds(file, needle))
    }
}

fn holds(file: &Path, needle: &str) -> bool {
    let bytes = fs::read(file).unwrap_or_default();
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Waits for the end of a run, reading what it says; kills it when it takes too long.
pub fn finish(mut child: Child) -> Outcome {
    let stdout = child.stdout.take().map(read_aside);
    let stderr = child.stderr.take().map(read_aside);
    let start = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status.code();
        }
        if start.elapsed() > LIMIT {
            child.kill().expect("a child can be killed");
            let status = child.wait().expect("a killed child ends");
            panic!("still running after {LIMIT:?}, killed ({status})");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let collect = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        reader.map_or_else(Vec::new, |reader| reader.join().expect("a reader ends with its pipe"))
    };
    let stdout = collect(stdout);
    let stderr = String::from_utf8_lossy(&collect(stderr)).into_owned();
    Outcome { code, stdout, stderr }
}

fn read_aside(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before an error is what was said.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

/// Sends a signal by its name: `INT`, `TERM`, `HUP`, `KILL`.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .status()
        .expect("there is a kill command");
    assert!(status.success(), "no process {pid} to send {name} to");
}
