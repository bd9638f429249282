//! What is told where request events could not be written.

use crate::t;
use crate::telemetry::{Leftover, Log};
use crate::text::Safe;

/// That events are not in the log as the process ends, why, and where they are.
pub(super) fn told(log: &Log, leftover: &Leftover) -> Safe {
    let (count, folder) = (leftover.count, log.folder().display().to_string());
    let reason = leftover.error.to_string();
    match &leftover.kept {
        Some(kept) => {
            let kept = kept.display().to_string();
            t!("cli-events-kept", count = count, folder = folder, reason = reason, kept = kept)
        }
        None => t!("cli-events-lost", count = count, folder = folder, reason = reason),
    }
}
