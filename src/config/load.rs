//! Finds the files, lays them over one another and makes the configuration of them.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::build::build;
use super::check::check;
use super::files::{Files, Manner, Origin, Source, Told};
use super::litellm;
use super::merge::merge;
use super::node::{FileId, Mark, Node, Value, parse};
use super::problem::BUILTIN_NAME;
use super::schema::{Field, LIBRECHAT_ROOT, LOQUAT_ROOT};
use super::{Config, Env, Loaded, Paths, Problem, Severity};
use crate::t;

const BUILTIN: &str = include_str!("../../config/loquat.yaml");
/// A longer file is not a configuration.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// More files in one load are refused.
const MAX_FILES: u16 = 64;

/// Loads the built-in configuration with the person's file over it: `explicit` where one is named, else
/// `<config dir>/loquat.yaml` where there is one.
///
/// # Errors
/// Every problem found, warnings included, where at least one of them is an error.
pub fn load(explicit: Option<&Path>, paths: &Paths, env: Env) -> Result<Loaded, Vec<Problem>> {
    load_telling(Told::Everything, explicit, paths, env)
}

/// Loads the same for one who wants to use it and nothing else.
///
/// # Errors
/// The problems that keep it from being used.
pub fn load_to_use(explicit: Option<&Path>, paths: &Paths, env: Env) -> Result<Config, Vec<Problem>> {
    load_telling(Told::Errors, explicit, paths, env).map(|loaded| loaded.config)
}

/// Every file that a load looks at, whether or not it is there and can be read: what to watch for changes.
pub fn sources(explicit: Option<&Path>, paths: &Paths, env: Env) -> Vec<PathBuf> {
    let own = explicit.map_or_else(|| paths.config_file(), Path::to_owned);
    let Layers { files, beside, .. } = layers(Told::Errors, explicit, paths, env);
    let mut sources: Vec<PathBuf> = [own].into_iter().chain(files.paths()).chain(beside).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

fn load_telling(
    told: Told,
    explicit: Option<&Path>,
    paths: &Paths,
    env: Env,
) -> Result<Loaded, Vec<Problem>> {
    let Layers { root, files, env, mut problems, beside: _ } = layers(told, explicit, paths, env);
    let config = build(&root, &files, env, &mut problems);
    files.sort(&mut problems);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(problems);
    }
    Ok(Loaded { config, problems })
}

/// Everything that was read, merged, before it is made a configuration.
pub(super) struct Layers {
    pub root: Node,
    pub files: Files,
    pub env: Env,
    pub problems: Vec<Problem>,
    /// Files that were read for what they hold beside configuration.
    pub beside: Vec<PathBuf>,
}

/// Reads and checks every file, and merges them.
pub(super) fn layers(told: Told, explicit: Option<&Path>, paths: &Paths, mut env: Env) -> Layers {
    let mut loader = Loader {
        files: Files::new(told),
        problems: Vec::new(),
        beside: Vec::new(),
        names: litellm::Names::default(),
    };
    let builtin = loader.builtin();
    loader.names = litellm::Names::builtin(&builtin);
    let own = match explicit {
        Some(path) => loader.own(path, Named::Explicitly),
        None => {
            let path = paths.config_file();
            // A link that leads nowhere is a mistake to tell of; a file that was never made is not.
            if path.symlink_metadata().is_ok() { loader.own(&path, Named::ByItsPlace) } else { None }
        }
    };
    let root = match own {
        Some(own) => {
            loader.env_file(&own, &mut env);
            merge(builtin, loader.with_includes(own, &env, &mut Vec::new()))
        }
        None => builtin,
    };
    Layers { root, files: loader.files, env, problems: loader.problems, beside: loader.beside }
}

/// How the person's own file was found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// By a flag or a variable: it may be another program's file.
    Explicitly,
    /// It is `loquat.yaml` in its folder.
    ByItsPlace,
}

struct Loader {
    files: Files,
    problems: Vec<Problem>,
    /// The dotenv file, where there is one.
    beside: Vec<PathBuf>,
    /// Names of the endpoints that LiteLLM's files need.
    names: litellm::Names,
}

impl Loader {
    fn builtin(&mut self) -> Node {
        let file = self.files.add(Source {
            name: Arc::from(BUILTIN_NAME),
            path: None,
            origin: Origin::Builtin,
            manner: Manner::Strict,
        });
        self.parse(file, BUILTIN)
    }

    fn own(&mut self, path: &Path, named: Named) -> Option<Node> {
        let file = self.files.add(Source {
            name: Arc::from(path.to_string_lossy()),
            path: Some(path.to_owned()),
            origin: Origin::Own,
            manner: Manner::Strict,
        });
        let root = self.read(file, path, None)?;
        if named == Named::Explicitly && is_foreign(&root) {
            self.files.set_manner(file, Manner::Lenient);
        }
        check(&root, &self.files, &mut self.problems);
        Some(root)
    }

    /// A file with those it includes below it. `open` holds the files on the way here.
    fn with_includes(&mut self, root: Node, env: &Env, open: &mut Vec<PathBuf>) -> Node {
        let Some(here) = self.files.source(root.at.file).and_then(|source| source.path.clone()) else {
            return root;
        };
        open.push(identity(&here));
        let root = litellm::translate(root, &self.files, env, &mut self.names, &mut self.problems);
        let mut below: Option<Node> = None;
        for item in root.get("include").map_or(&[][..], Node::items_or_self) {
            let Some(name) = item.text() else { continue };
            let path = self.files.named(item.at, name, env);
            if open.contains(&identity(&path)) {
                self.problem(item.at, "include", t!("config-include-cycle", file = name).into_string());
                continue;
            }
            let file = self.files.add(Source {
                name: Arc::from(path.to_string_lossy()),
                path: Some(path.clone()),
                origin: Origin::Included,
                manner: Manner::Lenient,
            });
            if file.0 >= MAX_FILES {
                self.problem(item.at, "include", t!("config-include-many").into_string());
                break;
            }
            let Some(included) = self.read(file, &path, Some(item.at)) else { continue };
            check(&included, &self.files, &mut self.problems);
            let included = self.with_includes(included, env, open);
            below = Some(match below {
                Some(below) => merge(below, included),
                None => included,
            });
        }
        open.pop();
        match below {
            Some(below) => merge(below, root),
            None => root,
        }
    }

    /// A file as a tree. `named` is where another file names it.
    fn read(&mut self, file: FileId, path: &Path, named: Option<Mark>) -> Option<Node> {
        let start = Mark { file, line: 1, column: 1 };
        match read_text(path) {
            Ok(text) => Some(self.parse(file, &text)),
            Err(reason) => {
                let message =
                    t!("config-cannot-read", file = path.to_string_lossy().into_owned(), reason = reason);
                self.problem(
                    named.unwrap_or(start),
                    if named.is_some() { "include" } else { "" },
                    message.into_string(),
                );
                None
            }
        }
    }

    fn parse(&mut self, file: FileId, text: &str) -> Node {
        let (root, faults) = parse(file, text.strip_prefix('\u{feff}').unwrap_or(text));
        for fault in faults {
            let mut problem = self.files.problem(Severity::Error, fault.at, "", fault.message);
            problem.suggestion = fault.suggestion;
            self.problems.push(problem);
        }
        // An empty file is an empty map.
        if root.value == Value::Null { Node::empty(root.at) } else { root }
    }

    /// Puts the variables of the dotenv file that the person's own file names below the environment's.
    fn env_file(&mut self, own: &Node, env: &mut Env) {
        let Some(named) = own.get("envFile") else { return };
        let Some(name) = named.text() else { return };
        let path = self.files.named(named.at, name, env);
        self.beside.push(path.clone());
        let text = match read_text(&path) {
            Ok(text) => text,
            Err(reason) => {
                let message =
                    t!("config-cannot-read", file = path.to_string_lossy().into_owned(), reason = reason);
                self.problem(named.at, "envFile", message.into_string());
                return;
            }
        };
        for (index, line) in dotenvy::from_read_iter(text.as_bytes()).enumerate() {
            match line {
                Ok((name, value)) => env.add_default(name, value),
                // The parser's own message repeats the line, and the line may hold a key.
                Err(_) => {
                    let message = t!(
                        "config-env-line",
                        file = path.to_string_lossy().into_owned(),
                        number = (index + 1).to_string()
                    );
                    self.problem(named.at, "envFile", message.into_string());
                    break;
                }
            }
        }
    }

    fn problem(&mut self, at: Mark, path: &str, message: String) {
        self.problems.push(self.files.problem(Severity::Error, at, path, message));
    }
}

/// Keys that do not tell whose file it is.
const COMMON_KEYS: &[&str] = &["endpoints", "include", litellm::schema::SHARED];

/// Whether a file was written for LibreChat or LiteLLM: it has top-level keys of theirs and none of ours.
fn is_foreign(root: &Node) -> bool {
    let has = |fields: &[Field]| {
        fields.iter().any(|field| !COMMON_KEYS.contains(&field.key) && root.entry(field.key).is_some())
    };
    (has(LIBRECHAT_ROOT) || has(litellm::schema::ROOT)) && !has(LOQUAT_ROOT)
}

/// A file's path with links resolved, to tell a cycle.
fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn read_text(path: &Path) -> Result<String, String> {
    let describe = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => t!("config-file-missing").into_string(),
        _ => error.to_string(),
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(describe)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(t!("config-file-large").into_string());
    }
    String::from_utf8(bytes).map_err(|_| t!("config-file-encoding").into_string())
}
