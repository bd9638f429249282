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

/// Writes a file for the owner alone, in one step: who reads it meanwhile sees the old one or the new one.
///
/// # Errors
/// What the file system says; the old file is then still there.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    create_folder(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = fill(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It may never have been made; what went wrong is told either way.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Opens a file for writing, for the owner alone, made where it is missing.
///
/// # Errors
/// What the file system says.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a file for the owner alone, where there is none.
///
/// # Errors
/// What the file system says; `AlreadyExists` where there is one.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn fill(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = open(path)?;
    file.set_len(0)?;
    file.write_all(bytes)?;
    file.sync_all()
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
