//! Files that only their owner may read: made with their mode, never made first and closed off later.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder and those above it, 0700, where they are missing.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Options that make a file 0600 where they make one.
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a new, empty 0600 file; an error where there is one already.
pub fn create_private(path: &Path) -> io::Result<File> {
    private_file().write(true).create_new(true).open(path)
}

/// Puts a 0600 file of these bytes in the place of `path`: a reader sees the old one or the new one whole.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", uuid::Uuid::now_v7().simple()));
    let temporary = path.with_file_name(name);
    let written = create_private(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_data()))
        .and_then(|()| std::fs::rename(&temporary, path));
    if written.is_err() {
        // The error that counts is the first; a leftover is harmless.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}
