//! `loquat config`: check, make and show the configuration.
//!
//! It runs without a [`Context`](super::Context): the configuration may be what is broken.

use std::path::{Path, PathBuf};

use super::Exit;
use super::args::ConfigCommand;
use super::out::Out;
use crate::app::keymap::Keymap;
use crate::chat::ErrorKind;
use crate::config::{
    Config, Env, Paths, Problem, Severity, adapter, did_you_mean, explain, load, load_to_use, private, show,
};
use crate::runtime::themes::Library;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

/// Runs `loquat config COMMAND`. `explicit` is the file that `--config` or `LOQUAT_CONFIG` names.
pub fn run(command: &ConfigCommand, explicit: Option<&Path>, env: Env, paths: &Paths, out: &Out) -> Exit {
    match command {
        ConfigCommand::Check { file } => check(file.as_deref().or(explicit), env, paths, out),
        ConfigCommand::Init { force } => {
            let file = in_use(explicit, paths);
            let replace = if *force { Existing::Replaced } else { Existing::Kept };
            init(&file, replace, out)
        }
        ConfigCommand::Path => {
            let file = in_use(explicit, paths);
            out.line(&file.to_string_lossy());
            if !file.exists() {
                out.note(&t!("config-none-yet"));
            }
            Exit::OK
        }
        ConfigCommand::Show => match show::show(explicit, paths, env) {
            Ok(yaml) => {
                out.line(yaml.trim_end());
                Exit::OK
            }
            Err(problems) => report(&problems, out),
        },
        ConfigCommand::Explain { alias } => match load_to_use(explicit, paths, env) {
            Ok(config) => explained(&config, alias, out),
            Err(problems) => report(&problems, out),
        },
    }
}

fn explained(config: &Config, alias: &str, out: &Out) -> Exit {
    if let Some(text) = explain(config, alias) {
        out.line(text.trim_end());
        return Exit::OK;
    }
    let names = || config.router.models.iter().map(|alias| alias.name.as_str());
    let known = names().collect::<Vec<_>>().join(", ");
    let next = did_you_mean(alias, names()).unwrap_or_else(|| match known.as_str() {
        "" => t!("config-explain-none").into_string(),
        known => t!("config-explain-known", names = known).into_string(),
    });
    let mut lines = t!("config-explain-unknown", name = alias);
    lines.push(&sanitise("\n    "));
    lines.push(&sanitise_line(&next));
    out.error(&lines);
    Exit::from(ErrorKind::UnknownModel)
}

/// Tells the problems that keep a configuration from being used, on stderr, and the exit code for it.
pub fn report(problems: &[Problem], out: &Out) -> Exit {
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        out.error(&lines(problem));
    }
    Exit::from(ErrorKind::Config)
}

fn in_use(explicit: Option<&Path>, paths: &Paths) -> PathBuf {
    explicit.map_or_else(|| paths.config_file(), Path::to_owned)
}

fn check(file: Option<&Path>, env: Env, paths: &Paths, out: &Out) -> Exit {
    let problems = match load(file, paths, env) {
        Ok(loaded) => {
            // What only the app makes of it is checked too, and what is compiled when it is first used.
            let (_, keys) = Keymap::load(&loaded.config.keymap);
            let themes = Library::of(paths).check(&loaded.config);
            let expressions = adapter::check(&loaded.config);
            loaded.problems.into_iter().chain(keys).chain(themes).chain(expressions).collect()
        }
        Err(problems) => problems,
    };
    let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
    let exit = if broken { Exit::from(ErrorKind::Config) } else { Exit::OK };
    for problem in &problems {
        out.line(&lines(problem));
    }
    let file = in_use(file, paths);
    if file.exists() || !problems.is_empty() {
        out.line(&summary(&file, &problems));
    } else {
        out.line(&t!("config-check-builtin", file = file.to_string_lossy().into_owned()));
    }
    exit
}

/// `file:line:column: severity: message`, and below it the path of the key and what was probably meant.
fn lines(problem: &Problem) -> Safe {
    let mut lines = sanitise_line(&problem.headline());
    let below = [Some(problem.path.as_str()).filter(|path| !path.is_empty()), problem.suggestion.as_deref()];
    for line in below.into_iter().flatten() {
        lines.push(&sanitise("\n    "));
        lines.push(&sanitise_line(line));
    }
    lines
}

fn summary(file: &Path, problems: &[Problem]) -> Safe {
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    t!(
        "config-check-summary",
        file = file.to_string_lossy().into_owned(),
        errors = count(Severity::Error),
        warnings = count(Severity::Warning),
        unused = count(Severity::NotUsed)
    )
}

/// What happens to a file that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Existing {
    Kept,
    Replaced,
}

fn init(file: &Path, existing: Existing, out: &Out) -> Exit {
    let name = file.to_string_lossy().into_owned();
    if existing == Existing::Kept && file.symlink_metadata().is_ok() {
        out.error(&t!("config-init-exists", file = name));
        return Exit::INTERNAL;
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), private::create_folder);
    match made.and_then(|()| private::write(file, show::STARTER.as_bytes())) {
        Ok(()) => {
            out.line(&t!("config-init-done", file = name));
            Exit::OK
        }
        Err(error) => {
            out.error(&t!("config-init-failed", file = name, reason = error.to_string()));
            Exit::INTERNAL
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::super::out::Notes;
    use super::*;

    fn home() -> (TempDir, Paths) {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        let paths = Paths { config: at("a/config"), data: at("d"), cache: at("c"), state: at("s") };
        (folder, paths)
    }

    fn run_in(paths: &Paths, command: &ConfigCommand) -> Exit {
        run(command, None, Env::default(), paths, &Out::new(Notes::Quiet))
    }

    #[test]
    fn init_writes_a_valid_file_for_the_owner_alone_and_replaces_none() {
        let (_folder, paths) = home();
        assert_eq!(run_in(&paths, &ConfigCommand::Init { force: false }), Exit::OK);
        assert_eq!(run_in(&paths, &ConfigCommand::Check { file: None }), Exit::OK);
        fs::write(paths.config_file(), "user: ana\n").unwrap();
        assert_eq!(run_in(&paths, &ConfigCommand::Init { force: false }), Exit::INTERNAL);
        assert_eq!(fs::read_to_string(paths.config_file()).unwrap(), "user: ana\n");
        assert_eq!(run_in(&paths, &ConfigCommand::Init { force: true }), Exit::OK);
        assert_eq!(fs::read_to_string(paths.config_file()).unwrap(), show::STARTER);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&paths.config), mode(&paths.config_file())), (0o700, 0o600));
        }
    }

    #[test]
    fn check_and_show_exit_with_3_where_the_configuration_cannot_be_used() {
        let (folder, paths) = home();
        let file = folder.path().join("broken.yaml");
        fs::write(&file, "endpoint: {}\n").unwrap();
        let check = ConfigCommand::Check { file: Some(file.clone()) };
        assert_eq!(run_in(&paths, &check), Exit(3));
        let out = Out::new(Notes::Quiet);
        assert_eq!(run(&ConfigCommand::Show, Some(&file), Env::default(), &paths, &out), Exit(3));
        assert_eq!(run_in(&paths, &ConfigCommand::Show), Exit::OK);
    }

    #[test]
    fn a_problem_is_told_in_lines_that_an_editor_can_follow() {
        let (folder, paths) = home();
        let file = folder.path().join("broken.yaml");
        fs::write(&file, "endpoint: {}\n\"a\\e[31m\": 1\n").unwrap();
        let problems = load(Some(&file), &paths, Env::default()).unwrap_err();
        let told: Vec<String> = problems.iter().map(|problem| lines(problem).into_string()).collect();
        let told = format!("{}\n{}", told.join("\n"), summary(Path::new("broken.yaml"), &problems));
        insta::assert_snapshot!(told.replace(&*folder.path().to_string_lossy(), "HOME"), @r#"
        HOME/broken.yaml:1:1: error: unknown key “endpoint”
            endpoint
            did you mean “endpoints”?
        HOME/broken.yaml:2:1: error: unknown key “a”
            a
        broken.yaml: 2 errors, no warnings, every key used
        "#);
    }
}
