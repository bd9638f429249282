//! Blind choices, one a line of a file in the data folder: which models answered a question, and which answer was
//! chosen before their names were seen. Only ever appended to; several processes may.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::history::is_torn;
use crate::chat::{ConversationId, MessageId, ModelId, Route};
use crate::config::private;

const FILE: &str = "blind.jsonl";

/// A choice between answers whose names were hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// When it was made.
    pub ts: Timestamp,
    /// Where the question was asked.
    pub conversation: ConversationId,
    /// The question.
    pub question: MessageId,
    /// Who answered; a model twice, where two samples of it were there.
    pub shown: Vec<Route>,
    /// Whose answer was chosen.
    pub won: Route,
}

/// How often a model was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wins {
    /// Model.
    pub model: ModelId,
    /// Choices it was part of.
    pub shown: u64,
    /// How many of them it won.
    pub won: u64,
}

impl Wins {
    /// Its share of the choices it was part of, in percent.
    pub fn percent(&self) -> u64 {
        (self.won * 100).checked_div(self.shown).unwrap_or_default()
    }
}

/// Adds a choice to `<data>/blind.jsonl`.
///
/// # Errors
/// What the file system says; the choices before this one are still there.
pub fn append(data: &Path, trial: &Trial) -> io::Result<()> {
    private::create_folder(data)?;
    let mut file = private::options().read(true).append(true).create(true).open(data.join(FILE))?;
    let mut line = Vec::new();
    if is_torn(&mut file)? {
        line.push(b'\n');
    }
    serde_json::to_writer(&mut line, trial)?;
    line.push(b'\n');
    // One write a line keeps lines whole.
    file.write_all(&line)
}

/// What the choices add up to, the model with the greatest share first. A missing file holds none, and a damaged
/// line is passed over.
///
/// # Errors
/// What the file system says.
pub fn wins(data: &Path) -> io::Result<Vec<Wins>> {
    let bytes = match std::fs::read(data.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let trials = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    Ok(sum(trials))
}

fn sum(trials: impl Iterator<Item = Trial>) -> Vec<Wins> {
    let mut found: BTreeMap<ModelId, (u64, u64)> = BTreeMap::new();
    for trial in trials {
        let mut models: Vec<ModelId> = trial.shown.into_iter().map(|route| route.model).collect();
        models.sort_unstable();
        models.dedup();
        for model in models {
            let won_it = u64::from(trial.won.model == model);
            let (shown, won) = found.entry(model).or_default();
            *shown += 1;
            *won += won_it;
        }
    }
    let mut wins: Vec<Wins> =
        found.into_iter().map(|(model, (shown, won))| Wins { model, shown, won }).collect();
    wins.sort_by_key(|wins| std::cmp::Reverse((wins.percent(), wins.shown)));
    wins
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn route(model: &str) -> Route {
        Route { endpoint: "demo".into(), key: "default".into(), model: model.into() }
    }

    fn trial(shown: &[&str], won: &str) -> Trial {
        Trial {
            ts: Timestamp::UNIX_EPOCH,
            conversation: ConversationId(Uuid::from_u128(1)),
            question: MessageId(Uuid::from_u128(2)),
            shown: shown.iter().map(|model| route(model)).collect(),
            won: route(won),
        }
    }

    #[test]
    fn choices_add_up_by_model_and_two_samples_of_one_count_once() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert_eq!(wins(&data).unwrap(), []);
        append(&data, &trial(&["a", "b"], "a")).unwrap();
        append(&data, &trial(&["a", "a", "c"], "c")).unwrap();
        let row = |model: &str, shown, won| Wins { model: model.into(), shown, won };
        assert_eq!(wins(&data).unwrap(), [row("c", 1, 1), row("a", 2, 1), row("b", 1, 0)]);
    }

    #[test]
    fn a_torn_line_costs_that_choice_only() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{\"ts\":").unwrap();
        append(folder.path(), &trial(&["a", "b"], "b")).unwrap();
        assert_eq!(wins(folder.path()).unwrap().first().map(Wins::percent), Some(100));
    }
}
