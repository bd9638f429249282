//! What a file is, told by its content: a list of conversations of any of the known formats, or one.
//!
//! A file is taken apart without being read ([`RawValue`]), so that one bad conversation fails alone and a file
//! of a few hundred megabytes is held once, with one conversation beside it. Only text that is no JSON, or in which
//! nothing is known, fails as a whole.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{chatbot_ui, chatgpt, claude, draft, json, librechat, preset};
use crate::chat::{Conversation, ConversationId, Kept, Preset};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// An object taken apart: its values as they stand in the file.
pub(super) type Fields<'a> = HashMap<String, &'a RawValue>;

/// What wrote a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Our own JSON.
    Loquat,
    /// LibreChat's JSON, flat or recursive.
    LibreChat,
    /// ChatGPT's `conversations.json`.
    ChatGpt,
    /// Claude's `conversations.json`.
    Claude,
    /// Chatbot UI, version 1.
    ChatbotUi,
}

impl Format {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loquat => "Loquat",
            Self::LibreChat => "LibreChat",
            Self::ChatGpt => "ChatGPT",
            Self::Claude => "Claude",
            Self::ChatbotUi => "Chatbot UI",
        }
    }

    /// The format of one conversation, by the names that only it has.
    fn of(fields: &Fields<'_>) -> Option<Self> {
        const MARKS: [(Format, &[&str]); 5] = [
            (Format::Loquat, &["loquat", "conversation"]),
            (Format::Claude, &["chat_messages"]),
            (Format::ChatGpt, &["mapping"]),
            (Format::LibreChat, &["conversationId", "messages"]),
            (Format::LibreChat, &["conversationId", "messagesTree"]),
        ];
        let has = |names: &[&str]| names.iter().all(|name| fields.contains_key(*name));
        MARKS.into_iter().find(|(_, names)| has(names)).map(|(format, _)| format)
    }
}

/// What a reader had to leave out, or to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The message it is about, by its id in the file; none for the whole conversation or file.
    pub message: Option<String>,
    /// What it is.
    pub what: What,
}

/// What is left out or mended. Names are untrusted text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// An image whose bytes are not in the file.
    Image,
    /// A recording.
    Audio,
    /// An attached file, by its name.
    Attachment(String),
    /// A piece of a message, by its type.
    Part(String),
    /// What is no message at all.
    NotAMessage,
    /// A setting, by its name.
    Setting(String),
    /// A prompt of a prompt library.
    Prompt,
    /// A folder of conversations.
    Folder,
    /// Mended: the message it answers is not in the file; it begins a tree of its own.
    ParentMissing,
    /// Mended: messages that answer each other in a circle; this one begins a tree of its own.
    Circle,
    /// Mended: another message has the same id; both are kept.
    SameId,
}

impl What {
    /// Its name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Attachment(_) => "attachment",
            Self::Part(_) => "part",
            Self::NotAMessage => "not_a_message",
            Self::Setting(_) => "setting",
            Self::Prompt => "prompt",
            Self::Folder => "folder",
            Self::ParentMissing => "parent_missing",
            Self::Circle => "circle",
            Self::SameId => "same_id",
        }
    }

    /// The name of what was left out, where it has one. Untrusted text.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Attachment(name) | Self::Part(name) | Self::Setting(name) => Some(name),
            Self::Image
            | Self::Audio
            | Self::NotAMessage
            | Self::Prompt
            | Self::Folder
            | Self::ParentMissing
            | Self::Circle
            | Self::SameId => None,
        }
    }
}

/// A conversation that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// It. The same file always gives the same id, so that importing again can be noticed; an id of ours is kept.
    pub conversation: Conversation,
    /// What the file keeps of it beside its tree.
    pub kept: Kept,
    /// What could not be read of it.
    pub complaints: Vec<Complaint>,
}

impl Imported {
    /// The same under this id, and its messages under others, in the same order.
    #[must_use]
    pub fn copied(self, id: ConversationId) -> Self {
        let (conversation, kept) = draft::renumbered(self.conversation, self.kept, id);
        Self { conversation, kept, ..self }
    }
}

/// What a file holds.
#[derive(Debug)]
pub struct Contents<'a> {
    /// Its conversations, in its order.
    pub items: Vec<Item<'a>>,
    /// Its presets.
    pub presets: Vec<Preset>,
    /// What of the file is not read at all.
    pub complaints: Vec<Complaint>,
}

/// A conversation of a file, not read yet.
#[derive(Debug)]
pub struct Item<'a> {
    /// Which of the file, from 0.
    pub index: usize,
    /// Its format; none where it is of no known one, among others that are.
    pub format: Option<Format>,
    text: &'a str,
}

impl Item<'_> {
    /// Reads it. Where neither a message nor the conversation tells a time, it is `now`.
    ///
    /// # Errors
    /// Why it is no conversation.
    pub fn read(&self, now: Timestamp) -> Result<Imported, Safe> {
        let read = match self.format {
            Some(Format::Loquat) => json::read(self.text),
            Some(Format::LibreChat) => librechat::read(self.text, now),
            Some(Format::ChatGpt) => chatgpt::read(self.text, now),
            Some(Format::Claude) => claude::read(self.text, now),
            Some(Format::ChatbotUi) => chatbot_ui::read(self.text, now),
            None => return Err(t!("cli-import-unknown-item")),
        };
        read.map_err(|error| sanitise_line(&error.to_string()))
    }

    /// Its title, as far as one can be told without reading it. Untrusted text.
    pub fn title(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Titled<'a> {
            #[serde(borrow, alias = "name")]
            title: Option<&'a RawValue>,
        }
        serde_json::from_str::<Titled<'_>>(self.text)
            .ok()
            .and_then(|titled| serde_json::from_str(titled.title?.get()).ok())
    }
}

/// Why a file cannot be read at all.
#[derive(Debug)]
pub enum Unreadable {
    /// A zip archive.
    Zip,
    /// Not text: the first byte that is not UTF-8.
    NotText(usize),
    /// Not JSON.
    NotJson(serde_json::Error),
    /// JSON of no known format.
    Unknown,
}

impl Unreadable {
    /// What is wrong, and what to do next.
    pub fn explain(&self) -> Safe {
        match self {
            Self::Zip => t!("cli-import-zip"),
            Self::NotText(at) => t!("cli-import-not-text", at = *at),
            Self::NotJson(error) => t!("cli-import-not-json", error = error.to_string()),
            Self::Unknown => t!("cli-import-unknown"),
        }
    }
}

/// The conversations of a file, told by its content alone.
///
/// # Errors
/// That it is no JSON, or JSON of no known format.
pub fn read(bytes: &[u8]) -> Result<Contents<'_>, Unreadable> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Unreadable::Zip);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| Unreadable::NotText(error.valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(Unreadable::NotJson)?;
        return list(&items, |fields| Format::of(fields));
    }
    let file: &RawValue = serde_json::from_str(text).map_err(Unreadable::NotJson)?;
    let fields = fields(file.get()).ok_or(Unreadable::Unknown)?;
    if let (Some(_), Some(history)) = (fields.get("version"), fields.get("history"))
        && let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(history.get())
    {
        let mut contents =
            list(&items, |fields| fields.contains_key("messages").then_some(Format::ChatbotUi))?;
        for (name, what) in [("prompts", What::Prompt), ("folders", What::Folder)] {
            let others: Vec<&RawValue> =
                fields.get(name).and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
            let complaint = || Complaint { message: None, what: what.clone() };
            contents.complaints.extend(others.iter().map(|_| complaint()));
        }
        return Ok(contents);
    }
    if preset::is_one(&fields) {
        let (preset, complaints) = preset::read(file.get()).ok_or(Unreadable::Unknown)?;
        return Ok(Contents { items: Vec::new(), presets: vec![preset], complaints });
    }
    let format = Format::of(&fields).ok_or(Unreadable::Unknown)?;
    let item = Item { index: 0, format: Some(format), text: file.get() };
    Ok(Contents { items: vec![item], presets: Vec::new(), complaints: Vec::new() })
}

/// The items of a list. One in which nothing is known is of another kind; an empty one holds no conversation.
fn list<'a>(
    raws: &[&'a RawValue],
    format: impl Fn(&Fields<'a>) -> Option<Format>,
) -> Result<Contents<'a>, Unreadable> {
    let mut contents = Contents { items: Vec::new(), presets: Vec::new(), complaints: Vec::new() };
    for (index, raw) in raws.iter().enumerate() {
        let fields = fields(raw.get());
        let is_preset = fields.as_ref().is_some_and(preset::is_one);
        if let Some((preset, complaints)) = is_preset.then(|| preset::read(raw.get())).flatten() {
            contents.presets.push(preset);
            contents.complaints.extend(complaints);
        } else {
            let format = fields.as_ref().and_then(&format);
            contents.items.push(Item { index, format, text: raw.get() });
        }
    }
    let unknown = contents.presets.is_empty() && contents.items.iter().all(|item| item.format.is_none());
    if !raws.is_empty() && unknown { Err(Unreadable::Unknown) } else { Ok(contents) }
}

/// An object taken apart; none for what is no object.
fn fields(text: &str) -> Option<Fields<'_>> {
    serde_json::from_str(text).ok()
}
