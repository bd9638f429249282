//! Watches the files of the configuration, and reads them again when they change.
//!
//! One thread owns the watch, because setting it up, waiting and reading all take time that a frame may not
//! lose. It watches folders, not files: an editor puts a new file in the place of the old one. What it reads is
//! either whole and without an error, or refused; the loop hands the former on and the app tells of the latter.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant, SystemTime};

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::themes::Library;
use crate::app::keymap::Keymap;
use crate::config::{Config, Env, Paths, Problem, Severity, Themes, load_to_use, sources};

/// Changes this close to each other are one: an editor writes, renames and sets the mode.
const QUIET: Duration = Duration::from_millis(150);
/// Changes that do not end are read after this.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often files are looked at where nothing tells of their changes.
const POLL: Duration = Duration::from_secs(10);

/// Where the configuration comes from.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file that a flag or a variable names.
    pub explicit: Option<PathBuf>,
    /// Where it is looked for otherwise.
    pub paths: Paths,
}

/// What reading it again came to.
#[derive(Clone, Debug)]
pub enum Reload {
    /// It can be used.
    Fresh(Arc<Config>),
    /// It cannot, for these reasons: one at least.
    Refused(Vec<Problem>),
}

impl Source {
    /// Reads everything.
    pub fn read(&self) -> Reload {
        let config = match load_to_use(self.explicit.as_deref(), &self.paths, Env::process()) {
            Ok(config) => config,
            Err(problems) => return Reload::Refused(errors(problems)),
        };
        let (_, mut problems) = Keymap::load(&config.keymap);
        let library = Library::of(&self.paths);
        let themes = config.ui.theme.iter().flat_map(Themes::names);
        problems.extend(themes.flat_map(|theme| library.named(theme).err().unwrap_or_default()));
        match errors(problems) {
            problems if problems.is_empty() => Reload::Fresh(Arc::new(config)),
            problems => Reload::Refused(problems),
        }
    }

    /// Every file that [`read`](Self::read) looks at.
    fn files(&self) -> Vec<PathBuf> {
        let files = sources(self.explicit.as_deref(), &self.paths, Env::process());
        files.into_iter().map(|file| std::path::absolute(&file).unwrap_or(file)).collect()
    }

    /// The folder of a person's own themes.
    fn themes(&self) -> PathBuf {
        self.paths.config.join("themes")
    }
}

fn errors(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

/// What the thread waits for.
#[derive(Debug)]
enum Wake {
    /// Something happened to these.
    Seen(Vec<PathBuf>),
    /// A person asks for it.
    Asked,
    /// Nobody wants to know any more.
    Over,
}

/// Reads the configuration again whenever it changes, until it is dropped.
pub struct Watcher {
    wake: Sender<Wake>,
}

impl Watcher {
    /// Starts the thread. What it reads goes to `tell`, which says whether anybody still listens.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(source: Source, tell: impl Fn(Reload) -> bool + Send + 'static) -> io::Result<Self> {
        let (wake, woken) = mpsc::channel();
        let seen = wake.clone();
        std::thread::Builder::new()
            .name("watch".to_owned())
            .spawn(move || Watch::new(source, seen).run(&woken, tell))?;
        Ok(Self { wake })
    }

    /// Reads it now, changed or not.
    pub fn ask(&self) {
        // A thread that is gone has nobody to tell.
        let _ = self.wake.send(Wake::Asked);
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.wake.send(Wake::Over);
    }
}

/// What the thread has.
struct Watch {
    source: Source,
    /// `None` where the system does not tell of changes.
    notifier: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    files: Vec<PathBuf>,
    stamps: Vec<Option<Stamp>>,
}

/// What tells one state of a file from another.
type Stamp = (Option<SystemTime>, u64);

/// What came of waiting.
enum Woken {
    /// Read again.
    Read,
    /// Look whether there is something to read.
    Look,
    /// The end.
    Over,
}

impl Watch {
    fn new(source: Source, seen: Sender<Wake>) -> Self {
        let told = move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            // Our own reading is no change.
            if !matches!(event.kind, EventKind::Access(_)) {
                let _ = seen.send(Wake::Seen(event.paths));
            }
        };
        let notifier = notify::recommended_watcher(told).ok();
        let mut watch =
            Self { source, notifier, folders: BTreeSet::new(), files: Vec::new(), stamps: Vec::new() };
        watch.look();
        watch
    }

    fn run(mut self, woken: &Receiver<Wake>, tell: impl Fn(Reload) -> bool) {
        loop {
            match self.wait(woken) {
                Woken::Over => return,
                Woken::Look if self.stamps == stamps(&self.files) => {}
                Woken::Look | Woken::Read => {
                    // First the watch, then the files: what changes in between is seen again.
                    self.look();
                    if !tell(self.source.read()) {
                        return;
                    }
                }
            }
        }
    }

    /// Waits for a change to end, or to be asked.
    fn wait(&self, woken: &Receiver<Wake>) -> Woken {
        loop {
            let wake = match self.notifier {
                Some(_) => woken.recv().map_err(|_| RecvTimeoutError::Disconnected),
                None => woken.recv_timeout(POLL),
            };
            match wake {
                Ok(Wake::Asked) => return Woken::Read,
                Ok(Wake::Seen(paths)) if paths.iter().any(|path| self.concerns(path)) => {
                    return settle(woken);
                }
                Ok(Wake::Seen(_)) => {}
                Err(RecvTimeoutError::Timeout) => return Woken::Look,
                Ok(Wake::Over) | Err(RecvTimeoutError::Disconnected) => return Woken::Over,
            }
        }
    }

    /// Whether a change there may be one of the configuration. The folder of a file may be what is new.
    fn concerns(&self, path: &Path) -> bool {
        let themes = self.source.themes();
        path.starts_with(&themes) || self.files.iter().chain([&themes]).any(|file| file.starts_with(path))
    }

    /// Notes which files there are and watches their folders. A folder may have been made anew, so that each is
    /// watched anew.
    fn look(&mut self) {
        self.files = self.source.files();
        // A link may lead to where the file really is, and that is what changes.
        let real: Vec<PathBuf> = self.files.iter().filter_map(|file| file.canonicalize().ok()).collect();
        self.files.extend(real);
        self.files.sort_unstable();
        self.files.dedup();
        self.stamps = stamps(&self.files);
        let themes = self.source.themes().join("*");
        let folders = self.files.iter().chain([&themes]).filter_map(|file| nearest_folder(file)).collect();
        let Some(notifier) = &mut self.notifier else { return };
        for old in &self.folders {
            // It may be gone, and its watch with it.
            let _ = notifier.unwatch(old);
        }
        let watch = |folder: &PathBuf| notifier.watch(folder, RecursiveMode::NonRecursive);
        self.folders = folders;
        if self.folders.iter().map(watch).any(|watched| watched.is_err()) {
            // No more watches to be had: looked at now and then, everything is still seen.
            (self.notifier, self.folders) = (None, BTreeSet::new());
        }
    }
}

/// Lets what changes become quiet.
fn settle(woken: &Receiver<Wake>) -> Woken {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match woken.recv_timeout(QUIET) {
            Ok(Wake::Seen(_) | Wake::Asked) => {}
            Err(RecvTimeoutError::Timeout) => break,
            Ok(Wake::Over) | Err(RecvTimeoutError::Disconnected) => return Woken::Over,
        }
    }
    Woken::Read
}

/// The folder of a file, or where that is not there yet, the one in which it would be made.
fn nearest_folder(file: &Path) -> Option<PathBuf> {
    file.ancestors().skip(1).find(|folder| folder.is_dir()).map(Path::to_owned)
}

fn stamps(files: &[PathBuf]) -> Vec<Option<Stamp>> {
    let stamp = |file: &PathBuf| {
        let told = file.metadata().ok()?;
        Some((told.modified().ok(), told.len()))
    };
    files.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    /// A person's folders, and what is read of them from now on.
    fn watched(yaml: Option<&str>) -> (TempDir, Paths, Watcher, Receiver<Reload>) {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        let paths = Paths { config: at("a/config"), data: at("d"), cache: at("c"), state: at("s") };
        if let Some(yaml) = yaml {
            fs::create_dir_all(&paths.config).unwrap();
            fs::write(paths.config_file(), yaml).unwrap();
        }
        let (told, reloads) = mpsc::channel();
        let source = Source { explicit: None, paths: paths.clone() };
        let watcher = Watcher::start(source, move |reload| told.send(reload).is_ok()).unwrap();
        // The answer says that the watch stands.
        watcher.ask();
        next(&reloads);
        (folder, paths, watcher, reloads)
    }

    fn next(reloads: &Receiver<Reload>) -> Reload {
        reloads.recv_timeout(Duration::from_secs(20)).expect("something is read")
    }

    /// Waits until what is read names this user.
    fn until_user(reloads: &Receiver<Reload>, user: &str) {
        loop {
            if let Reload::Fresh(config) = next(reloads)
                && config.user.as_deref() == Some(user)
            {
                return;
            }
        }
    }

    /// As editors do it: another file takes the place.
    fn replace(file: &Path, yaml: &str) {
        let other = file.with_extension("new");
        fs::write(&other, yaml).unwrap();
        fs::rename(&other, file).unwrap();
    }

    #[test]
    fn a_file_that_is_replaced_is_read_again_and_a_broken_one_is_refused_with_its_places() {
        let (_folder, paths, _watcher, reloads) = watched(Some("user: ana\n"));
        replace(&paths.config_file(), "user: eva\n");
        until_user(&reloads, "eva");
        replace(&paths.config_file(), "usr: eva\nui: {theme: nonesuch}\n");
        let problems = loop {
            if let Reload::Refused(problems) = next(&reloads) {
                break problems;
            }
        };
        assert_eq!((problems.len(), problems[0].at.line, problems[0].at.column), (1, 1, 1));
        replace(&paths.config_file(), "user: ida\n");
        until_user(&reloads, "ida");
    }

    #[test]
    fn a_configuration_that_was_not_there_is_seen_when_it_comes() {
        let (_folder, paths, _watcher, reloads) = watched(None);
        fs::create_dir_all(&paths.config).unwrap();
        fs::write(paths.config_file(), "user: eva\n").unwrap();
        until_user(&reloads, "eva");
    }

    #[test]
    fn files_that_are_included_are_watched_with_it() {
        let (folder, paths, _watcher, reloads) = watched(Some("include: ../../shared/team.yaml\n"));
        fs::create_dir_all(folder.path().join("shared")).unwrap();
        fs::write(folder.path().join("shared/team.yaml"), "user: team\n").unwrap();
        until_user(&reloads, "team");
        replace(&folder.path().join("shared/team.yaml"), "user: them\n");
        until_user(&reloads, "them");
        fs::write(paths.config_file(), "user: ana\n").unwrap();
        until_user(&reloads, "ana");
    }

    #[test]
    fn only_what_may_be_of_the_configuration_concerns_it() {
        let paths = Paths {
            config: "/home/ana/.config/loquat".into(),
            data: "/d".into(),
            cache: "/c".into(),
            state: "/s".into(),
        };
        let source = Source { explicit: None, paths };
        let (seen, _woken) = mpsc::channel();
        let watch = Watch::new(source, seen);
        for (path, concerns) in [
            ("/home/ana/.config/loquat/loquat.yaml", true),
            ("/home/ana/.config/loquat/themes/own.yaml", true),
            ("/home/ana/.config/loquat", true),
            ("/home/ana/.config/loquat/.loquat.yaml.swp", false),
            ("/home/ana/.config/other", false),
        ] {
            assert_eq!(watch.concerns(Path::new(path)), concerns, "{path}");
        }
    }
}
