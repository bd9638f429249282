//! `loquat backup`

use super::args::BackupArgs;
use super::stored::with_store;
use super::{Context, Exit};
use crate::t;

/// Copies the database to a new file that only its owner can read.
pub fn run(args: &BackupArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        store.backup(&args.file)?;
        context.out.note(&t!("store-backup-done", path = args.file.display().to_string()));
        Ok(Exit::OK)
    })
}
