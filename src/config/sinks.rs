//! `telemetry.sinks`: where request events are sent, beside the log they stay in.
//!
//! Nothing leaves unless it is written here, and only in the person's own file: an included one may be somebody
//! else's, and a sink sends what a person did to whom it names, or runs a program.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use super::build::Builder;
use super::files::Origin;
use super::node::Node;
use super::schema::{Field, Kind, name, required, used};
use super::telemetry::{FootprintConfig, footprint};
use super::values::{flag, number, text, texts};
use super::{Location, Severity, Template};
use crate::t;

/// Somebody who gets request events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkConfig {
    /// What it is called, and its files in the folder of states: small letters, digits, `-` and `_`.
    pub name: String,
    /// Who gets them.
    pub to: SinkTarget,
    /// What of an event is sent.
    pub shape: Shape,
    /// The most events that are sent at once.
    pub batch: usize,
    /// How long one delivery may take.
    pub timeout: Duration,
    /// Events before this UTC day are not sent; `None` sends all that the log has.
    pub since: Option<Date>,
    /// How energy and carbon are estimated, which whole events then tell too: `telemetry.footprint`.
    pub footprint: Option<FootprintConfig>,
    /// Where it is configured.
    pub at: Location,
}

/// Who gets events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SinkTarget {
    /// A collector that takes JSON by POST.
    Http(HttpSink),
    /// A collector that takes OpenTelemetry's spans and metrics by HTTP.
    Otlp(HttpSink, Encoding),
    /// A file that lines are appended to.
    File(PathBuf),
    /// A program that reads lines: its words.
    Command(Vec<String>),
}

/// A collector, and how it is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpSink {
    /// Its URL; `None` is that of `IMPACT_SERVICE_URL`, else [`COLLECTOR`]; for OpenTelemetry that of
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`, else [`OTLP`].
    pub url: Option<Template>,
    /// Headers; their values may be secret.
    pub headers: Vec<(String, Template)>,
    /// Proxy; `None` follows the environment.
    pub proxy: Option<Template>,
    /// A PEM file of further certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Whether plain http may go beyond this machine.
    pub allow_insecure: bool,
}

/// How OpenTelemetry's messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As Protocol Buffers, which every collector takes.
    Protobuf,
    /// As JSON.
    Json,
}

/// What of an event is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The whole line of the log.
    Event,
    /// Its eight fields that the platform's collector knows, and nothing else.
    RequestEvent,
}

impl Shape {
    /// Its word in the configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::RequestEvent => "request-event",
        }
    }
}

/// Where the platform's collector listens unless somebody says otherwise.
pub const COLLECTOR: &str = "http://localhost:3090/api/request-event";
/// Where an OpenTelemetry collector listens for HTTP unless somebody says otherwise.
pub const OTLP: &str = "http://localhost:4318";
/// The variable that OpenTelemetry's own SDKs read for another one.
pub const OTLP_VARIABLE: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// The variable that names another one.
pub const COLLECTOR_VARIABLE: &str = "IMPACT_SERVICE_URL";

/// How long a delivery may take unless it is said.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How many lines a file or a program gets at once unless it is said.
const LINES: usize = 100;

pub(super) const SINK: &[Field] = &[
    name("name"),
    required("kind", Kind::OneOf(&["http", "otlp", "file", "command"])),
    used("shape", Kind::OneOf(&["event", "request-event"])),
    used("batch", Kind::Whole),
    used("timeout", Kind::Positive),
    used("since", Kind::Text),
    used("url", Kind::Text),
    used("headers", Kind::Map(&Kind::Text)),
    used("proxy", Kind::Text),
    used("caFile", Kind::Text),
    used("allowInsecure", Kind::Bool),
    used("encoding", Kind::OneOf(&["protobuf", "json"])),
    used("path", Kind::Text),
    used("command", Kind::List(&Kind::Text)),
];

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'-' | b'_'))
}

impl Builder<'_> {
    /// The sinks of a tree, those of included files left out.
    pub(super) fn sinks(&mut self, root: &Node) -> Vec<SinkConfig> {
        let sinks = root.get("telemetry").and_then(|telemetry| telemetry.get("sinks"));
        let items = sinks.map_or(&[][..], Node::items);
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            if self.files.origin(item.at) != Origin::Included {
                let sink = self.sink(item, &format!("telemetry.sinks[{index}]"));
                found.extend(
                    sink.map(|sink| SinkConfig { footprint: footprint(root.get("telemetry")), ..sink }),
                );
            }
        }
        found
    }

    fn sink(&mut self, item: &Node, path: &str) -> Option<SinkConfig> {
        let name = text(item, "name")?;
        if !is_name(&name) {
            let at = item.get("name").map_or(item.at, |node| node.at);
            let message = t!("config-sink-name", name = name.as_str()).into_string();
            self.slip(at, &format!("{path}.name"), message);
            return None;
        }
        let to = match text(item, "kind")?.as_str() {
            "http" => SinkTarget::Http(self.collector(item)),
            "otlp" => {
                let is_json = text(item, "encoding").as_deref() == Some("json");
                let encoding = if is_json { Encoding::Json } else { Encoding::Protobuf };
                SinkTarget::Otlp(self.collector(item), encoding)
            }
            "file" => SinkTarget::File(self.needed(item, path, "path", |of, node| of.file(Some(node)))?),
            "command" => SinkTarget::Command(self.needed(item, path, "command", |_, node| {
                Some(texts(Some(node))).filter(|words| !words.is_empty())
            })?),
            _ => return None,
        };
        let is_http = matches!(to, SinkTarget::Http(_));
        let shape = match text(item, "shape").as_deref() {
            // Spans are made of whole events.
            _ if matches!(to, SinkTarget::Otlp(..)) => Shape::Event,
            Some("event") => Shape::Event,
            Some("request-event") => Shape::RequestEvent,
            Some(_) | None if is_http => Shape::RequestEvent,
            Some(_) | None => Shape::Event,
        };
        let batch = number(item, "batch").unwrap_or(if is_http { 1 } else { LINES });
        if is_http && shape == Shape::RequestEvent && batch > 1 {
            let at = item.get("batch").map_or(item.at, |node| node.at);
            let message = t!("config-sink-batch").into_string();
            self.problem(Severity::Error, at, &format!("{path}.batch"), message);
        }
        let seconds = item.get("timeout").and_then(Node::number);
        Some(SinkConfig {
            name,
            to,
            shape,
            batch,
            timeout: seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()).unwrap_or(TIMEOUT),
            since: self.date(item, "since", path),
            footprint: None,
            at: self.locate(item.at),
        })
    }

    fn collector(&self, item: &Node) -> HttpSink {
        HttpSink {
            url: item.get("url").and_then(|url| self.template(url)),
            headers: self.templates(item.get("headers")),
            proxy: item.get("proxy").and_then(|proxy| self.template(proxy)),
            ca_file: self.file(item.get("caFile")),
            allow_insecure: flag(item, "allowInsecure"),
        }
    }

    /// What a kind of sink cannot do without; told where it is missing.
    fn needed<T>(
        &mut self,
        item: &Node,
        path: &str,
        key: &str,
        read: impl FnOnce(&Self, &Node) -> Option<T>,
    ) -> Option<T> {
        let value = item.get(key).and_then(|node| read(self, node));
        if value.is_none() {
            let message = t!("config-missing", key = key).into_string();
            self.problem(Severity::Error, item.at, path, message);
        }
        value
    }

    fn file(&self, node: Option<&Node>) -> Option<PathBuf> {
        let node = node?;
        let text = self.filled(Some(node)).filter(|text| !text.trim().is_empty())?;
        Some(self.files.named(node.at, &text, self.env))
    }

    fn templates(&self, node: Option<&Node>) -> Vec<(String, Template)> {
        let entries = node.map_or(&[][..], Node::entries);
        entries.iter().filter_map(|entry| Some((entry.key.clone(), self.template(&entry.value)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{errors, load_yaml};
    use super::*;

    fn sinks(yaml: &str) -> Vec<SinkConfig> {
        load_yaml(yaml, &[]).unwrap().config.telemetry.sinks
    }

    #[test]
    fn nothing_leaves_unless_it_is_said() {
        for silent in ["", "telemetry: {}", "telemetry: {sinks: []}"] {
            assert_eq!(sinks(silent), [], "{silent}");
        }
    }

    #[test]
    fn a_collector_gets_the_eight_fields_one_event_at_a_time_unless_said() {
        let [sink] = &sinks("telemetry: {sinks: [{name: impact, kind: http}]}")[..] else { panic!() };
        assert_eq!((sink.shape, sink.batch, sink.timeout), (Shape::RequestEvent, 1, TIMEOUT));
        let none = HttpSink { url: None, headers: vec![], proxy: None, ca_file: None, allow_insecure: false };
        assert_eq!(sink.to, SinkTarget::Http(none));
    }

    #[test]
    fn spans_are_made_of_whole_events_a_hundred_at_a_time() {
        let yaml = "telemetry: {sinks: [{name: o, kind: otlp, shape: request-event}, {name: p, kind: otlp, encoding: json}]}";
        let [first, second] = &sinks(yaml)[..] else { panic!() };
        assert_eq!((first.shape, first.batch), (Shape::Event, LINES));
        let encoding = |sink: &SinkConfig| match &sink.to {
            SinkTarget::Otlp(_, encoding) => *encoding,
            other => panic!("{other:?}"),
        };
        assert_eq!((encoding(first), encoding(second)), (Encoding::Protobuf, Encoding::Json));
    }

    #[test]
    fn files_and_programs_get_whole_lines() {
        let yaml = "telemetry: {sinks: [{name: a, kind: file, path: /x/a.jsonl, since: 2026-11-01},
                    {name: b, kind: command, command: [tee, /x/b], batch: 7, timeout: 2}]}";
        let [file, command] = &sinks(yaml)[..] else { panic!() };
        assert_eq!(
            (&file.to, file.shape, file.batch),
            (&SinkTarget::File("/x/a.jsonl".into()), Shape::Event, LINES)
        );
        assert_eq!(file.since, Some(jiff::civil::date(2026, 11, 1)));
        assert_eq!(command.to, SinkTarget::Command(vec!["tee".into(), "/x/b".into()]));
        assert_eq!((command.batch, command.timeout), (7, Duration::from_secs(2)));
    }

    #[test]
    fn what_cannot_be_sent_is_told_with_its_place() {
        for (sink, told) in [
            ("{name: Otel, kind: file, path: x}", "sinks[0].name"),
            ("{name: o, kind: grpc}", "sinks[0].kind"),
            ("{name: o, kind: otlp, encoding: xml}", "sinks[0].encoding"),
            ("{name: o, kind: file}", "sinks[0]"),
            ("{name: o, kind: command}", "sinks[0]"),
            ("{name: o, kind: http, batch: 2}", "sinks[0].batch"),
            ("{name: o, kind: http, since: soon}", "sinks[0].since"),
        ] {
            let errors = errors(&format!("telemetry: {{sinks: [{sink}]}}\n"));
            assert!(errors.contains(&format!("[telemetry.{told}]")), "{sink}: {errors}");
        }
    }
}
