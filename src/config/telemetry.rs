//! The `telemetry` block: how long the log's months are kept as they are, who gets its events, and whether what
//! requests took in energy and carbon is estimated.
//!
//! Nothing happens to a month unless this is written, and only the person's own file may say it.

use std::path::PathBuf;

use super::files::Files;
use super::node::Node;
use super::schema::{Field, Kind, own, required, used};
use super::sinks::{SINK, SinkConfig};
use super::values::text;
use super::{Env, Problem, Severity};
use crate::t;

/// The `telemetry` block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TelemetryConfig {
    /// What is done with old months; `None` keeps everything as it is.
    pub retention: Option<Retention>,
    /// Who gets events, as they are sent.
    pub sinks: Vec<SinkConfig>,
    /// How energy and carbon are estimated; `None` is not at all.
    pub footprint: Option<FootprintConfig>,
}

/// How energy and carbon are estimated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FootprintConfig {
    /// The zone whose electricity is taken for every host: one of [`ZONES`]. `None` takes each host's own.
    pub zone: Option<String>,
}

/// The zones whose electricity is known: those of `config/footprint.yaml`.
pub const ZONES: &[&str] = &[
    "WOR", "AUS", "AUT", "BRA", "CAN", "CHE", "CHN", "DEU", "EEE", "ESP", "FIN", "FRA", "GBR", "IND", "IRL",
    "ITA", "JPN", "KOR", "NLD", "NOR", "POL", "SGP", "SWE", "USA",
];

/// What is done with months that are old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So many months before the current one stay as they are.
    pub months: u32,
    /// What is done with those before.
    pub then: Then,
}

/// What is done with an old month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Its file is packed with gzip, where it is.
    Compress,
    /// Its file is moved to this folder; its events count on.
    Move(PathBuf),
    /// Its file is deleted, and its events count no more.
    Delete,
}

impl TelemetryConfig {
    /// The folder that months are moved to.
    pub fn archive(&self) -> Option<PathBuf> {
        match &self.retention.as_ref()?.then {
            Then::Move(folder) => Some(folder.clone()),
            Then::Compress | Then::Delete => None,
        }
    }
}

/// The keys of `telemetry`.
pub(super) const TELEMETRY: &[Field] = &[
    own("retention", Kind::Object(&[RETENTION])),
    own("sinks", Kind::List(&Kind::Object(&[SINK]))),
    used("footprint", Kind::ObjectOr(FOOTPRINT, &Kind::Bool)),
];

const FOOTPRINT: &[Field] = &[used("zone", Kind::OneOf(ZONES))];

const RETENTION: &[Field] = &[
    required("months", Kind::Count),
    used("then", Kind::OneOf(&["compress", "move", "delete"])),
    used("folder", Kind::Text),
];

/// What a checked tree says of old months. `months: 0` keeps everything, as leaving it out does.
pub(super) fn retention(
    node: Option<&Node>,
    files: &Files,
    env: &Env,
    problems: &mut Vec<Problem>,
) -> Option<Retention> {
    let node = node.and_then(|node| node.get("retention"))?;
    let folder = node.get("folder").and_then(|folder| Some(files.named(folder.at, folder.text()?, env)));
    let then = match (text(node, "then").as_deref(), folder) {
        (Some("delete"), _) => Then::Delete,
        (Some("move"), Some(folder)) => Then::Move(folder),
        (Some("move"), None) => {
            let message = t!("config-retention-folder").into_string();
            problems.push(files.problem(Severity::Error, node.at, "telemetry.retention", message));
            return None;
        }
        (Some(_) | None, _) => Then::Compress,
    };
    let months = text(node, "months").and_then(|months| months.parse().ok()).filter(|months| *months > 0);
    months.map(|months| Retention { months, then })
}

/// What a checked tree says of estimates: `true` and a map want them.
pub(super) fn footprint(node: Option<&Node>) -> Option<FootprintConfig> {
    let node = node?.get("footprint")?;
    let wanted = node.text().is_none_or(|text| text == "true");
    wanted.then(|| FootprintConfig { zone: text(node, "zone") })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{errors, load_yaml};
    use super::*;

    fn retention(yaml: &str) -> Option<Retention> {
        load_yaml(yaml, &[]).unwrap().config.telemetry.retention
    }

    #[test]
    fn months_are_kept_as_they_are_unless_said() {
        for keeps in ["", "telemetry: {}", "telemetry: {retention: {months: 0, then: delete}}"] {
            assert_eq!(retention(keeps), None, "{keeps}");
        }
        let of = |months, then| Some(Retention { months, then });
        assert_eq!(retention("telemetry: {retention: {months: 12}}"), of(12, Then::Compress));
        assert_eq!(retention("telemetry: {retention: {months: 3, then: delete}}"), of(3, Then::Delete));
        assert_eq!(
            retention("telemetry: {retention: {months: 3, then: move, folder: /mnt/old}}"),
            of(3, Then::Move("/mnt/old".into()))
        );
    }

    #[test]
    fn estimates_are_made_where_they_are_wanted() {
        let footprint = |yaml: &str| load_yaml(yaml, &[]).unwrap().config.telemetry.footprint;
        for without in ["", "telemetry: {}", "telemetry: {footprint: false}"] {
            assert_eq!(footprint(without), None, "{without}");
        }
        let of = |zone: Option<&str>| Some(FootprintConfig { zone: zone.map(str::to_owned) });
        assert_eq!(footprint("telemetry: {footprint: true}"), of(None));
        assert_eq!(footprint("telemetry: {footprint: {zone: FRA}}"), of(Some("FRA")));
        let said = errors("telemetry: {footprint: {zone: FRX}}\n");
        assert!(said.starts_with("loquat.yaml:1:31: error") && said.contains("FRA"), "{said}");
    }

    #[test]
    fn moving_needs_to_be_told_where_to() {
        assert_eq!(
            errors("telemetry: {retention: {months: 3, then: move}}\n").lines().next(),
            Some(
                "loquat.yaml:1:24: error: `then: move` needs `folder`, the folder months are moved to [telemetry.retention]"
            )
        );
    }
}
