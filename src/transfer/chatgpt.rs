//! ChatGPT's `conversations.json`: a map of nodes that name their parents, with a current one.
//!
//! Not every node is a message. Hidden ones and those of the system are passed over; thoughts, calls of tools and
//! what tools answered are steps on the way to an answer, and become its first parts. Who answers a node that is
//! passed over answers the message above it, so every branch is kept.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::{Error, Map, Value};

use super::draft::{Draft, Head, Parent, build};
use super::import::{Complaint, Format, Imported, What};
use super::loose::{finish, first_text, items, push_text, push_tool, shown, text, time};
use super::markdown::fenced;
use crate::chat::{FinishReason, Part, Provenance, Role, Route, ServerTool, Settings, Source, Status};
use crate::t;

/// Where an answer was asked, in the words of the configuration.
const ENDPOINT: &str = "openAI";
/// Addressed to the person, and not to a tool.
const EVERYBODY: &str = "all";

/// What a node is to a conversation.
enum Node {
    /// A message.
    Said(Role, Vec<Part>),
    /// A step on the way to an answer.
    Step(Vec<Part>),
    /// Nothing.
    Passed,
}

/// Reads one conversation.
pub(super) fn read(file: &str, now: Timestamp) -> Result<Imported, Error> {
    let told: Value = serde_json::from_str(file)?;
    let nodes =
        told["mapping"].as_object().ok_or_else(|| serde::de::Error::custom(t!("cli-import-no-messages")))?;
    let mut reader = Reader {
        nodes,
        model: text(&told, "default_model_slug"),
        places: HashMap::new(),
        steps: HashMap::new(),
        written: HashMap::new(),
        drafts: Vec::new(),
        complaints: Vec::new(),
        settings: Settings::default(),
    };
    for (id, parent) in ordered(nodes) {
        reader.node(id, parent);
    }
    reader.write_last_steps();
    let leaf = text(&told, "current_node").and_then(|current| {
        let above = || reader.places.get(current).and_then(|place| place.message);
        reader.written.get(current).copied().or_else(above)
    });
    let head = Head {
        format: Format::ChatGpt,
        id: first_text(&told, &["conversation_id", "id"]).map(str::to_owned),
        title: text(&told, "title").unwrap_or_default().to_owned(),
        created: time(&told["create_time"]),
        updated: time(&told["update_time"]),
        settings: reader.settings,
        leaf: leaf.map(str::to_owned),
    };
    Ok(build(head, reader.drafts, reader.complaints, file, now))
}

/// Every node once with its parent, parents before children and siblings oldest first, as far as the links allow.
fn ordered(nodes: &Map<String, Value>) -> Vec<(&str, Option<&str>)> {
    let parent = |id: &str| text(&nodes[id], "parent");
    let is_root = |id: &&str| parent(id).is_none_or(|parent| !nodes.contains_key(parent));
    let names = || nodes.keys().map(String::as_str);
    let mut seen = HashSet::new();
    let mut order = Vec::with_capacity(nodes.len());
    // Parents whose list of children leaves one out, and circles, come after the others.
    let starts = names().filter(is_root).chain(names());
    for start in starts {
        let mut open = vec![(start, parent(start))];
        while let Some((id, parent)) = open.pop() {
            if seen.insert(id) {
                order.push((id, parent));
                let children = items(&nodes[id], "children").iter().rev().filter_map(Value::as_str);
                let ours = children.filter_map(|child| nodes.get_key_value(child));
                let ours = ours.filter(|(_, node)| text(node, "parent").is_none_or(|parent| parent == id));
                open.extend(ours.map(|(child, _)| (child.as_str(), Some(id))));
            }
        }
    }
    order
}

/// Where a node leaves those below it.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    /// The nearest message.
    message: Option<&'a str>,
    /// The nearest step below that message.
    step: Option<&'a str>,
}

struct Reader<'a> {
    nodes: &'a Map<String, Value>,
    /// What an answer that does not say so was asked of.
    model: Option<&'a str>,
    places: HashMap<&'a str, Place<'a>>,
    /// The parts of each step, and the place above it.
    steps: HashMap<&'a str, (Vec<Part>, Place<'a>)>,
    /// The nodes that are in some draft, messages and steps alike, with the name of that draft.
    written: HashMap<&'a str, &'a str>,
    drafts: Vec<Draft>,
    complaints: Vec<Complaint>,
    settings: Settings,
}

impl<'a> Reader<'a> {
    fn complain(&mut self, id: &str, what: What) {
        self.complaints.push(Complaint { message: Some(id.to_owned()), what });
    }

    fn node(&mut self, id: &'a str, parent: Option<&'a str>) {
        let above = parent.and_then(|parent| self.places.get(parent)).copied();
        let message = &self.nodes[id]["message"];
        let here = above.unwrap_or_default();
        let place = match self.classify(id, message) {
            Node::Passed => here,
            Node::Step(parts) => {
                self.steps.insert(id, (parts, here));
                Place { step: Some(id), ..here }
            }
            Node::Said(role, parts) => {
                // A parent that is not read yet is one of a circle, or is not there: the tree's builder tells.
                let unknown = parent.filter(|_| above.is_none());
                self.write(id, here, unknown, message, (role, parts));
                Place { message: Some(id), step: None }
            }
        };
        self.places.insert(id, place);
    }

    /// Adds a message. Steps before an answer are its beginning; before a user's message they are an answer.
    fn write(
        &mut self,
        id: &'a str,
        place: Place<'a>,
        unknown: Option<&str>,
        message: &'a Value,
        (role, mut parts): (Role, Vec<Part>),
    ) {
        let mut parent = place.message.or(unknown);
        match (role, place.step) {
            (Role::Assistant, Some(step)) => parts = self.steps_to(step, id, parts),
            (Role::User, Some(step)) => {
                self.write_steps(step);
                parent = Some(step);
            }
            (Role::User | Role::Assistant, None) => {}
        }
        let parent = parent.map_or(Parent::Root, |parent| Parent::Id(parent.to_owned()));
        let mut draft = Draft::new(id, parent, role, parts);
        draft.created = time(&message["create_time"]);
        let made = &message["metadata"];
        if role == Role::Assistant {
            draft.route = first_text(made, &["model_slug"]).or(self.model).map(|model| Route {
                endpoint: ENDPOINT.into(),
                key: Default::default(),
                model: model.into(),
            });
            let finish = text(&made["finish_details"], "type").and_then(finish);
            draft.status = match (text(message, "status"), finish) {
                (_, Some(FinishReason::Cancelled)) => Status::Cancelled,
                (Some("in_progress"), _) => Status::Cut,
                _ => Status::Complete,
            };
            draft.provenance = Some(Provenance { finish, ..Provenance::default() });
        }
        self.written.insert(id, id);
        self.drafts.push(draft);
    }

    /// The parts of a step and of those before it, and then these.
    fn steps_to(&mut self, last: &'a str, draft: &'a str, then: Vec<Part>) -> Vec<Part> {
        let mut way = vec![last];
        while let Some(above) = way.last().and_then(|step| self.steps.get(step)?.1.step) {
            way.push(above);
        }
        let mut parts = Vec::new();
        for step in way.iter().rev() {
            self.written.entry(step).or_insert(draft);
            let said = self.steps.get(step).map_or(&[][..], |(parts, _)| parts);
            for part in said.iter().cloned() {
                match part {
                    Part::ServerTool(tool) => push_tool(&mut parts, tool),
                    other => parts.push(other),
                }
            }
        }
        parts.extend(then);
        parts
    }

    /// Adds an answer of nothing but steps, under the name of the last one, unless it is there.
    fn write_steps(&mut self, last: &'a str) {
        if self.written.get(last) != Some(&last)
            && let Some((_, place)) = self.steps.get(last)
        {
            let (message, place) = (&self.nodes[last]["message"], *place);
            self.write(
                last,
                Place { step: Some(last), ..place },
                None,
                message,
                (Role::Assistant, Vec::new()),
            );
        }
    }

    /// Steps that no message follows are kept as an answer that was on its way.
    fn write_last_steps(&mut self) {
        let mut left: Vec<&'a str> = ordered(self.nodes).into_iter().map(|(id, _)| id).collect();
        left.retain(|id| self.steps.contains_key(id));
        for step in left.into_iter().rev() {
            if !self.written.contains_key(step) {
                self.write_steps(step);
            }
        }
    }

    fn classify(&mut self, id: &str, message: &Value) -> Node {
        let hidden = &message["metadata"]["is_visually_hidden_from_conversation"];
        if !message.is_object() || hidden.as_bool() == Some(true) {
            return Node::Passed;
        }
        let content = &message["content"];
        let kind = text(content, "content_type").unwrap_or_default();
        if matches!(kind, "user_editable_context" | "model_editable_context" | "reasoning_recap") {
            return Node::Passed;
        }
        let said = self.said(id, content);
        let tool = |name: &str, input: String, output: String| {
            Node::Step(vec![Part::ServerTool(ServerTool {
                id: String::new(),
                name: name.to_owned(),
                input,
                output,
            })])
        };
        let recipient = text(message, "recipient").filter(|recipient| *recipient != EVERYBODY);
        match (text(&message["author"], "role").unwrap_or_default(), recipient) {
            ("system", _) => {
                if !said.is_empty() {
                    self.settings.system.get_or_insert(said);
                }
                Node::Passed
            }
            ("user", _) => {
                self.attachments(id, &message["metadata"]);
                let mut parts = Vec::new();
                push_text(&mut parts, &said);
                Node::Said(Role::User, parts)
            }
            ("assistant", _) if kind == "thoughts" => Node::Step(thoughts(content)),
            ("assistant", Some(recipient)) => tool(recipient, said, String::new()),
            ("assistant", None) => Node::Said(Role::Assistant, answer(said, content, &message["metadata"])),
            ("tool", _) => {
                let name = text(&message["author"], "name").unwrap_or_default();
                tool(name, String::new(), said)
            }
            (other, _) => {
                self.complain(id, What::Part(other.to_owned()));
                Node::Passed
            }
        }
    }

    /// What a node says, as text; what is no text is told of.
    fn said(&mut self, id: &str, content: &Value) -> String {
        let mut pieces: Vec<String> = Vec::new();
        for part in items(content, "parts") {
            match (part, text(part, "content_type").unwrap_or_default()) {
                (Value::String(words), _) => pieces.push(words.clone()),
                (_, "audio_transcription") => {
                    pieces.push(text(part, "text").unwrap_or_default().to_owned());
                }
                (_, "image_asset_pointer") => self.complain(id, What::Image),
                (_, "audio_asset_pointer" | "real_time_user_audio_video_asset_pointer") => {
                    self.complain(id, What::Audio);
                }
                (Value::Null, _) => {}
                (_, kind) => self.complain(id, What::Part(kind.to_owned())),
            }
        }
        pieces.extend(first_text(content, &["text", "result"]).map(str::to_owned));
        pieces.retain(|piece| !piece.is_empty());
        pieces.join("\n")
    }

    fn attachments(&mut self, id: &str, metadata: &Value) {
        for file in items(metadata, "attachments") {
            // An image is in the message itself, too.
            let kind = first_text(file, &["mime_type", "mimeType"]).unwrap_or_default();
            if !kind.starts_with("image/") {
                let name = first_text(file, &["name", "id"]).unwrap_or_default();
                self.complain(id, What::Attachment(name.to_owned()));
            }
        }
    }
}

fn thoughts(content: &Value) -> Vec<Part> {
    let thought = |thought: &Value| {
        let words = ["summary", "content"].map(|name| shown(&thought[name]));
        words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let text: Vec<String> = items(content, "thoughts").iter().map(thought).collect();
    let text = text.join("\n\n");
    if text.is_empty() { Vec::new() } else { vec![Part::Reasoning { text }] }
}

/// An answer's text and its sources. Marks that stand for a source in the text, which their own pages draw, are
/// replaced by what they are drawn as.
fn answer(mut said: String, content: &Value, metadata: &Value) -> Vec<Part> {
    if text(content, "content_type") == Some("code") && !said.is_empty() {
        let language = text(content, "language").filter(|language| *language != "unknown");
        said = fenced(language.unwrap_or_default(), &said);
    }
    for reference in items(metadata, "content_references") {
        if let Some(mark) = text(reference, "matched_text").filter(|mark| mark.starts_with('\u{e200}')) {
            said = said.replace(mark, text(reference, "alt").unwrap_or_default());
        }
    }
    let mut parts = Vec::new();
    push_text(&mut parts, &said);
    for cited in items(metadata, "citations") {
        if let Some(url) = text(&cited["metadata"], "url") {
            let title = text(&cited["metadata"], "title").unwrap_or_default();
            parts.push(Part::Source(Source { url: url.to_owned(), title: title.to_owned() }));
        }
    }
    parts
}
