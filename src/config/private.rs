//! Files that only their owner may read: written whole or not at all, in folders only the owner may enter.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder and those above it that are missing, for the owner alone.
///
/// # Errors
/// What the file system says.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Options that make a file for the owner alone, where they make one.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a new, empty file for the owner alone.
///
/// # Errors
/// What the file system says; where there is one already, that.
pub fn create(path: &Path) -> io::Result<File> {
    options().write(true).create_new(true).open(path)
}

/// Writes a file for the owner alone, in one step: who reads it meanwhile sees the old one or the new one, and
/// so does who reads it after a power cut.
///
/// # Errors
/// What the file system says; the old file is then still there.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, |mut file| file.write_all(bytes).and_then(|()| file.sync_data()))
}

/// The same for a file whose loss costs nothing: its reader has to get along with one that a power cut tore.
///
/// # Errors
/// Those of [`write()`].
pub fn write_cache(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, |mut file| file.write_all(bytes))
}

fn replace(path: &Path, fill: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", uuid::Uuid::now_v7().simple()));
    let beside = path.with_file_name(name);
    let written = create(&beside).and_then(fill).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may never have been made; what went wrong is told either way.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Whether others than the owner may read a file.
///
/// # Errors
/// What the file system says.
#[cfg(unix)]
pub fn is_exposed(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(fs::metadata(path)?.mode() & 0o077 != 0)
}

/// Whether others than the owner may read a file: the folder's own rules decide here, and they are not read.
///
/// # Errors
/// None here.
#[cfg(not(unix))]
pub fn is_exposed(_path: &Path) -> io::Result<bool> {
    Ok(false)
}
