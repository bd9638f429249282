//! Files that `@` offers and reads, and the saved prompts beside the configuration.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ignore::WalkBuilder;

use super::Effects;
use crate::app::Message;
use crate::app::effect::{Dots, Listing};
use crate::app::message::{FileHeld, Unread};
use crate::app::pane::PaneId;
use crate::chat::picture::ImageFormat;
use crate::chat::{Media, MediaData};
use crate::config::{SavedPrompt, is_prompt_name};

/// The most files that are listed, and how long is looked for them: a home folder has no end.
const MOST: usize = 20_000;
const LONGEST: Duration = Duration::from_secs(2);

/// The most that a file may hold, in MiB, as for `--file`.
const LARGEST: u64 = 32;

/// The most that an image may hold, in MiB: more than providers take of one.
const LARGEST_IMAGE: u64 = 20;

impl Effects {
    pub(super) fn list_files(&self, listing: Listing) {
        self.spawn_blocking(move || {
            let found = match &listing {
                Listing::Below(dots) => below(Path::new("."), *dots),
                Listing::In(folder) => within(folder),
            };
            Some(Message::FilesListed { listing, found })
        });
    }

    pub(super) fn read_file(&self, pane: PaneId, path: String) {
        self.spawn_blocking(move || {
            let held = hold(&at_home(&path));
            Some(Message::FileRead { pane, path, held })
        });
    }

    pub(super) fn load_prompts(&self) {
        let folder = self.paths.config.join("prompts");
        self.spawn_blocking(move || Some(Message::PromptsKnown(prompts(&folder))));
    }
}

/// What is below a folder and not ignored, what is nearest first.
fn below(folder: &Path, dots: Dots) -> Vec<String> {
    let until = Instant::now() + LONGEST;
    let walk = WalkBuilder::new(folder)
        .hidden(dots == Dots::Hidden)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let mut found: Vec<String> = walk
        .take_while(|_| Instant::now() < until)
        .filter_map(Result::ok)
        .filter(|entry| entry.depth() > 0)
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(folder).ok()?.to_str()?.to_owned();
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            Some(if is_folder { path + "/" } else { path })
        })
        .take(MOST)
        .collect();
    found.sort_by_cached_key(|path| (path.trim_end_matches('/').matches('/').count(), path.clone()));
    found
}

/// What is in one folder.
fn within(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(at_home(folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let is_folder = entry.path().is_dir();
            let name = entry.file_name().into_string().ok()?;
            Some(format!("{folder}{name}{}", if is_folder { "/" } else { "" }))
        })
        .take(MOST)
        .collect();
    found.sort();
    found
}

/// A path that may begin with `~/`.
fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        (Some(_) | None, _) => PathBuf::from(path),
    }
}

/// What a file holds that goes with a prompt: an image where it begins as one, else text.
fn hold(path: &Path) -> Result<FileHeld, Unread> {
    let bytes = bytes(path)?;
    let Some(format) = ImageFormat::of(&bytes) else { return text(bytes).map(FileHeld::Text) };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST_IMAGE << 20) {
        return Err(Unread::TooLarge { most: LARGEST_IMAGE });
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let data = MediaData::Base64(STANDARD.encode(&bytes));
    Ok(FileHeld::Image(Box::new(Media { mime: format.mime().to_owned(), name, data })))
}

fn read(path: &Path) -> Result<String, Unread> {
    text(bytes(path)?)
}

fn text(bytes: Vec<u8>) -> Result<String, Unread> {
    String::from_utf8(bytes).map_err(|_| Unread::NotText)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Unread> {
    let failed = |error: std::io::Error| Unread::Failed(error.to_string());
    // What a file cannot be below is as little there as what nobody made.
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => Unread::Missing,
        _ => failed(error),
    })?;
    if !metadata.is_file() {
        return Err(Unread::Missing);
    }
    let most = LARGEST << 20;
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > most) {
        return Err(Unread::TooLarge { most: LARGEST });
    }
    Ok(bytes)
}

/// The prompts of `NAME.md` files; the first line tells what one is for.
fn prompts(folder: &Path) -> Vec<SavedPrompt> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut prompts: Vec<SavedPrompt> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let path = entry.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            if path.extension()? != "md" || !is_prompt_name(&name) {
                return None;
            }
            let text = read(&path).ok()?;
            let description = text.trim_start().lines().next().unwrap_or_default().trim().to_owned();
            Some(SavedPrompt { name, text, description })
        })
        .collect();
    prompts.sort_by(|one, other| one.name.cmp(&other.name));
    prompts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn what_is_ignored_or_hidden_is_not_listed() {
        let files = [
            ("b.rs", ""),
            ("src/a b.rs", ""),
            ("out/x", ""),
            (".gitignore", "out/"),
            (".git/x", ""),
            (".env", ""),
        ];
        let folder = folder(&files);
        assert_eq!(below(folder.path(), Dots::Hidden), ["b.rs", "src/", "src/a b.rs"]);
        assert_eq!(below(folder.path(), Dots::Shown), [".env", ".gitignore", "b.rs", "src/", "src/a b.rs"]);
    }

    #[test]
    fn a_folder_elsewhere_is_listed_alone() {
        let folder = folder(&[("a", ""), ("b/c", "")]);
        let path = format!("{}/", folder.path().display());
        assert_eq!(within(&path), [format!("{path}a"), format!("{path}b/")]);
        assert_eq!(within("/nowhere/at/all/"), Vec::<String>::new());
    }

    #[test]
    fn only_text_is_read() {
        let folder = folder(&[("a", "text")]);
        std::fs::write(folder.path().join("b"), [0xff, 0xfe]).unwrap();
        assert_eq!(read(&folder.path().join("a")), Ok("text".to_owned()));
        assert_eq!(read(&folder.path().join("b")), Err(Unread::NotText));
        for missing in [folder.path(), &folder.path().join("c"), &folder.path().join("b/c")] {
            assert_eq!(read(missing), Err(Unread::Missing), "{}", missing.display());
        }
    }

    #[test]
    fn a_file_that_begins_as_an_image_is_one() {
        let folder = folder(&[("a.txt", "text")]);
        let image = b"GIF89a\x01\0\x01\0";
        std::fs::write(folder.path().join("b.txt"), image).unwrap();
        assert_eq!(hold(&folder.path().join("a.txt")), Ok(FileHeld::Text("text".to_owned())));
        let data = MediaData::Base64(STANDARD.encode(image));
        let media = Media { mime: "image/gif".into(), name: "b.txt".into(), data };
        assert_eq!(hold(&folder.path().join("b.txt")), Ok(FileHeld::Image(Box::new(media))));
    }

    #[test]
    fn prompts_are_files_named_after_them() {
        let folder =
            folder(&[("review.md", "Review this.\n\n{{code}}\n"), ("not this.md", "x"), ("nor.txt", "x")]);
        assert_eq!(
            prompts(folder.path()),
            [SavedPrompt {
                name: "review".into(),
                text: "Review this.\n\n{{code}}\n".into(),
                description: "Review this.".into()
            }]
        );
    }
}
