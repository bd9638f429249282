//! Prompt history in a file of the state folder, one prompt a line, newest last. Several processes append to
//! it; one that finds it grown too long writes its end anew. Both hold a lock beside the file, because the
//! file itself is replaced.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::config::private;

const FILE: &str = "history.jsonl";
const LOCK: &str = "history.lock";
/// Prompts that are kept.
pub const KEPT: usize = 500;
/// The file is written anew when it holds more bytes than this, and more prompts than are kept.
const LONG_FILE: u64 = 4 << 20;
/// A longer prompt is not worth calling back; it is in its conversation.
const LONGEST_PROMPT: usize = 2 << 20;

#[derive(Serialize, Deserialize)]
struct Line {
    prompt: String,
}

/// The last [`KEPT`] prompts of `<state>/history.jsonl`, newest last, none twice in a row. A missing file
/// holds none, and a damaged line is passed over.
///
/// # Errors
/// What the file system says.
pub fn load(state: &Path) -> io::Result<Vec<String>> {
    let bytes = match std::fs::read(state.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    Ok(last(&bytes))
}

fn last(bytes: &[u8]) -> Vec<String> {
    let mut prompts: Vec<String> = bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok())
        .map(|line| line.prompt)
        .collect();
    prompts.dedup();
    prompts.drain(..prompts.len().saturating_sub(KEPT));
    prompts
}

/// Appends a prompt.
///
/// # Errors
/// What the file system says; the prompts before this one are still there.
pub fn append(state: &Path, prompt: &str) -> io::Result<()> {
    if prompt.len() > LONGEST_PROMPT {
        return Ok(());
    }
    private::create_folder(state)?;
    let lock = private::options().write(true).create(true).truncate(false).open(state.join(LOCK))?;
    // Where the file system has no locks, one write a line still keeps lines whole. Closing unlocks.
    let _ = lock.lock();
    let path = state.join(FILE);
    let mut file = private::options().read(true).append(true).create(true).open(&path)?;
    let mut line = Vec::new();
    if is_torn(&mut file)? {
        line.push(b'\n');
    }
    write_line(&mut line, prompt)?;
    file.write_all(&line)?;
    if file.metadata()?.len() > LONG_FILE {
        shorten(&path)?;
    }
    Ok(())
}

fn write_line(to: &mut Vec<u8>, prompt: &str) -> io::Result<()> {
    serde_json::to_writer(&mut *to, &Line { prompt: prompt.to_owned() })?;
    to.push(b'\n');
    Ok(())
}

/// Whether a writer was cut off in its line.
pub(super) fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut end = [0];
    file.read_exact(&mut end)?;
    Ok(end != *b"\n")
}

/// Keeps the newest prompts: half of what may be there, so that this is rare.
fn shorten(path: &Path) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut room = usize::try_from(LONG_FILE / 2).unwrap_or(usize::MAX);
    let prompts = last(&std::fs::read(path)?);
    let fitting = prompts.iter().rev().take_while(|prompt| {
        let fits = prompt.len() <= room;
        room = room.saturating_sub(prompt.len());
        fits
    });
    let from = prompts.len() - fitting.count();
    for prompt in &prompts[from..] {
        write_line(&mut bytes, prompt)?;
    }
    private::write(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_read_again_without_repeats_in_a_row() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        assert_eq!(load(&state).unwrap(), Vec::<String>::new());
        for prompt in ["one", "one", "two\nlines", "one"] {
            append(&state, prompt).unwrap();
        }
        assert_eq!(load(&state).unwrap(), ["one", "two\nlines", "one"]);
    }

    #[test]
    fn a_line_that_was_cut_off_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        append(folder.path(), "before").unwrap();
        let mut file = File::options().append(true).open(folder.path().join(FILE)).unwrap();
        file.write_all(b"{\"prompt\":\"ha").unwrap();
        append(folder.path(), "after").unwrap();
        assert_eq!(load(folder.path()).unwrap(), ["before", "after"]);
    }

    #[test]
    fn the_file_stays_bounded_and_keeps_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(10_000);
        for n in 0..100 {
            append(folder.path(), &format!("{n}{long}")).unwrap();
        }
        append(folder.path(), &"y".repeat(LONGEST_PROMPT + 1)).unwrap();
        let kept = load(folder.path()).unwrap();
        let size = std::fs::metadata(folder.path().join(FILE)).unwrap().len();
        assert!(size <= LONG_FILE, "{size}");
        assert_eq!(kept.last(), Some(&format!("99{long}")));
        assert!(kept.len() >= 12, "{}", kept.len());
        for n in 0..KEPT + 20 {
            append(folder.path(), &n.to_string()).unwrap();
        }
        let kept = load(folder.path()).unwrap();
        assert_eq!((kept.len(), kept[0].as_str()), (KEPT, "20"));
    }

    #[test]
    fn many_writers_at_once_lose_nothing_but_the_oldest() {
        for (length, shortened) in [(100, false), (50_000, true)] {
            let folder = tempfile::tempdir().unwrap();
            std::thread::scope(|scope| {
                for writer in 0..4 {
                    let state = folder.path();
                    scope.spawn(move || {
                        for n in 0..40 {
                            append(state, &format!("{writer} {n} {}", "x".repeat(length))).unwrap();
                        }
                    });
                }
            });
            let kept = load(folder.path()).unwrap();
            assert_eq!(kept.len() < 160, shortened);
            for writer in ["0 ", "1 ", "2 ", "3 "] {
                let mine = kept.iter().filter_map(|prompt| prompt.strip_prefix(writer));
                let numbers: Vec<usize> = mine.map(|rest| rest[..2].trim().parse().unwrap()).collect();
                let newest: Vec<usize> = (40 - numbers.len()..40).collect();
                assert_eq!(numbers, newest);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        append(&state, "one").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&state), mode(&state.join(FILE))), (0o700, 0o600));
    }
}
