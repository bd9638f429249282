//! What takes a processor rather than a server: the colours of code, themes, old months of the log.

use jiff::Timestamp;

use super::super::themes::Library;
use super::{Effects, Terminally};
use crate::app::Message;
use crate::app::colours::Slice;
use crate::layout::colour::colour;
use crate::telemetry::sinks::Desk;

/// Lines of code that are coloured while the loop waits.
const AT_ONCE: usize = 4;

fn coloured(Slice { of, language, state, lines }: Slice) -> Message {
    let (lines, state) = colour(&language, state, &lines).unzip();
    Message::Coloured { of, lines: lines.unwrap_or_default(), state }
}

impl Effects {
    /// Colours code. A line or two of a block whose language is ready are done before the next frame, so that code
    /// which streams in is never plain first.
    pub(super) fn colour(&self, slice: Slice) -> Option<Terminally> {
        if slice.state.is_some() && slice.lines.lines().count() <= AT_ONCE {
            return Some(Terminally::Tell(Box::new(coloured(slice))));
        }
        self.spawn_blocking(move || Some(coloured(slice)));
        None
    }

    pub(super) fn list_themes(&self) {
        let library = Library::of(&self.paths);
        self.spawn_blocking(move || Some(Message::ThemesListed(library.list())));
    }

    /// Does with old months of the log what the configuration says. What cannot be done now is done by the
    /// next run; `loquat usage archive` tells why.
    pub fn archive_log(&self) {
        let Some(retention) = self.turns.config.telemetry.retention.clone() else { return };
        let desk = Desk::new(self.turns.log.clone(), &self.paths);
        let config = self.turns.config.clone();
        self.spawn_blocking(move || {
            let sinks = &config.telemetry.sinks;
            desk.archive(&retention, sinks, Timestamp::now()).err().and(None)
        });
    }
}
