//! Themes by name: the files of `<config dir>/themes` over the built-in ones.
//!
//! One is read when it is shown, so a start reads one; only the list of themes and `config check` read them all.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::app::look::{ThemeOrigin, ThemeRow};
use crate::config::{Config, Location, Paths, Problem, Severity, ThemeName, Themes, did_you_mean};
use crate::t;
use crate::text::sanitise_line;
use crate::ui::Theme;
use crate::ui::theme::built_in;

/// A longer file is no theme.
const MAX_BYTES: u64 = 256 << 10;

/// Where themes are.
#[derive(Clone, Debug)]
pub struct Library {
    folder: PathBuf,
}

impl Library {
    /// The person's own and the built-in ones.
    pub fn of(paths: &Paths) -> Self {
        Self { folder: paths.config.join("themes") }
    }

    /// The theme of this name; `None` where there is none.
    pub fn find(&self, name: &str) -> Option<Result<Theme, Vec<Problem>>> {
        // A name is no way to another folder.
        let is_name = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
        let file = self.folder.join(format!("{name}.yaml"));
        if is_name && file.exists() {
            return Some(read(&file));
        }
        built_in::source(name).map(|source| Theme::parse(name, source))
    }

    /// The theme that a configuration names.
    ///
    /// # Errors
    /// There is none of that name, or its file cannot be used.
    pub fn named(&self, wanted: &ThemeName) -> Result<Theme, Vec<Problem>> {
        self.find(&wanted.name).unwrap_or_else(|| {
            let own = self.own();
            let mut names: Vec<&str> = built_in::names().collect();
            names.extend(own.iter().map(|(name, _)| name.as_str()));
            let all = || t!("ui-theme-names", names = names.join(", ")).into_string();
            Err(vec![Problem {
                severity: Severity::Error,
                at: wanted.at.clone(),
                path: "ui.theme".to_owned(),
                message: t!("ui-theme-unknown", name = wanted.name.as_str()).into_string(),
                suggestion: Some(did_you_mean(&wanted.name, names.iter().copied()).unwrap_or_else(all)),
            }])
        })
    }

    /// Every theme, the person's own first.
    pub fn list(&self) -> Vec<ThemeRow> {
        let own = self.own();
        let built_in = built_in::names().filter(|name| !own.iter().any(|(own, _)| own == name)).map(|name| {
            let background = Theme::named(name).and_then(|theme| theme.background);
            ThemeRow { name: name.to_owned(), background, origin: ThemeOrigin::BuiltIn }
        });
        let built_in: Vec<ThemeRow> = built_in.collect();
        let own = own.into_iter().map(|(name, file)| match read(&file) {
            Ok(theme) => {
                let origin = ThemeOrigin::Own(sanitise_line(&file.to_string_lossy()));
                ThemeRow { name, background: theme.background, origin }
            }
            Err(problems) => {
                let why = problems.first().map(Problem::headline).unwrap_or_default();
                ThemeRow { name, background: None, origin: ThemeOrigin::Broken(sanitise_line(&why)) }
            }
        });
        own.chain(built_in).collect()
    }

    /// Everything that is wrong with the themes that are configured, and with the person's own.
    pub fn check(&self, config: &Config) -> Vec<Problem> {
        let own = self.own();
        let missing = config
            .ui
            .theme
            .iter()
            .flat_map(Themes::names)
            .filter(|wanted| self.find(&wanted.name).is_none())
            .flat_map(|wanted| self.named(wanted).err().unwrap_or_default());
        missing.chain(own.iter().flat_map(|(_, file)| read(file).err().unwrap_or_default())).collect()
    }

    /// The person's own files, by name.
    fn own(&self) -> Vec<(String, PathBuf)> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut own: Vec<(String, PathBuf)> = entries
            .filter_map(|entry| {
                let file = entry.ok()?.path();
                let is_theme = file.extension().is_some_and(|extension| extension == "yaml");
                let name = file.file_stem()?.to_str().filter(|name| !name.starts_with('.'))?.to_owned();
                is_theme.then_some((name, file))
            })
            .collect();
        own.sort();
        own
    }
}

fn read(file: &Path) -> Result<Theme, Vec<Problem>> {
    let name = file.to_string_lossy();
    let refuse = |reason: String| {
        vec![Problem {
            severity: Severity::Error,
            at: Location { file: (&*name).into(), line: 1, column: 1 },
            path: String::new(),
            message: t!("ui-theme-unread", reason = reason).into_string(),
            suggestion: None,
        }]
    };
    let mut bytes = Vec::new();
    File::open(file)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| refuse(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refuse(t!("ui-theme-long").into_string()));
    }
    let text = String::from_utf8(bytes).map_err(|error| refuse(error.utf8_error().to_string()))?;
    Theme::parse(&name, &text)
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;
    use crate::ui::theme::Role;

    fn library(files: &[(&str, &str)]) -> (tempfile::TempDir, Library) {
        let folder = tempfile::tempdir().unwrap();
        let library = Library { folder: folder.path().join("themes") };
        if !files.is_empty() {
            std::fs::create_dir(&library.folder).unwrap();
        }
        for (name, text) in files {
            std::fs::write(library.folder.join(name), text).unwrap();
        }
        (folder, library)
    }

    #[test]
    fn own_themes_come_first_and_lie_over_the_built_in_ones() {
        let (_folder, library) = library(&[
            ("nord.yaml", "text: red\n"),
            ("a.yaml", "from: dracula\n"),
            ("bad.yaml", "text: \"#12\"\n"),
            ("notes.txt", "no theme"),
            (".hidden.yaml", "text: red\n"),
        ]);
        let text = library.find("nord").unwrap().unwrap().style(Role::Text);
        assert_eq!(text.fg, Some(Color::Red));
        let listed = library.list();
        let names: Vec<&str> = listed.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names[..5], ["a", "bad", "nord", "loquat-dark", "loquat-light"]);
        assert_eq!(names.iter().filter(|name| **name == "nord").count(), 1);
        assert!(matches!(&listed[1].origin, ThemeOrigin::Broken(why) if why.contains("bad.yaml:1:1: error")));
    }

    #[test]
    fn a_name_leads_to_no_other_folder_and_a_missing_one_says_what_there_is() {
        let (folder, library) = library(&[("mine.yaml", "text: red\n")]);
        std::fs::write(folder.path().join("outside.yaml"), "text: red\n").unwrap();
        assert!(library.find("../outside").is_none());
        let at = Location { file: "loquat.yaml".into(), line: 3, column: 10 };
        let wanted = |name: &str| ThemeName { name: name.into(), at: at.clone() };
        let problems = library.named(&wanted("mime")).unwrap_err();
        assert_eq!(problems[0].headline(), "loquat.yaml:3:10: error: there is no theme “mime”");
        assert_eq!(problems[0].suggestion.as_deref(), Some("did you mean “mine”?"));
        let problems = library.named(&wanted("qqqqq")).unwrap_err();
        assert!(problems[0].suggestion.as_ref().unwrap().ends_with("none, mine"));
    }

    #[test]
    fn a_check_tells_every_file_that_is_wrong() {
        let (_folder, library) = library(&[("bad.yaml", "text: nocolour\nacent: red\n"), ("long.yaml", "")]);
        std::fs::write(library.folder.join("long.yaml"), vec![b' '; 300 << 10]).unwrap();
        let told: Vec<String> = library
            .check(&Config::default())
            .iter()
            .map(|problem| problem.headline().rsplit('/').next().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(
            told,
            [
                "bad.yaml:1:1: error: “nocolour” is no colour of the palette, none of the terminal's, and no modifier",
                "bad.yaml:2:1: error: “acent” is no role",
                "long.yaml:1:1: error: this theme cannot be read: it is longer than a theme ever is",
            ]
        );
    }
}
