//! Small forms: a key, a title, the settings of a conversation.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroizing;

use crate::chat::{EndpointName, Settings};
use crate::t;
use crate::text::Safe;

/// What a form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// A key for this endpoint.
    Key(EndpointName),
    /// The title of the conversation.
    Rename,
    /// The settings of the conversation.
    Settings,
}

/// Which field this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub enum FieldId {
    Secret,
    Label,
    BaseUrl,
    Expiry,
    Title,
    System,
    Temperature,
    MaxTokens,
    Effort,
    Params,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Typed and shown.
    Plain,
    /// Typed and not shown.
    Masked,
    /// One of the expiries, walked with Left and Right.
    Expiry(Expiry),
}

/// How long a key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Until it is removed.
    #[default]
    Never,
    /// Half an hour.
    HalfHour,
    /// Two hours.
    TwoHours,
    /// Twelve hours.
    HalfDay,
    /// A day.
    Day,
    /// A week.
    Week,
    /// Thirty days.
    Month,
}

impl Expiry {
    const EACH: [Self; 7] =
        [Self::Never, Self::HalfHour, Self::TwoHours, Self::HalfDay, Self::Day, Self::Week, Self::Month];

    /// Its length in minutes; `None` has no end.
    pub const fn minutes(self) -> Option<u64> {
        match self {
            Self::Never => None,
            Self::HalfHour => Some(30),
            Self::TwoHours => Some(120),
            Self::HalfDay => Some(720),
            Self::Day => Some(1440),
            Self::Week => Some(7 * 1440),
            Self::Month => Some(30 * 1440),
        }
    }

    /// In words.
    pub fn name(self) -> Safe {
        match self {
            Self::Never => t!("app-expiry-never"),
            Self::HalfHour => t!("app-expiry-half-hour"),
            Self::TwoHours => t!("app-expiry-two-hours"),
            Self::HalfDay => t!("app-expiry-half-day"),
            Self::Day => t!("app-expiry-day"),
            Self::Week => t!("app-expiry-week"),
            Self::Month => t!("app-expiry-month"),
        }
    }

    fn walk(self, by: isize) -> Self {
        let at = Self::EACH.iter().position(|expiry| *expiry == self).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(Self::EACH.len() - 1);
        Self::EACH.get(to).copied().unwrap_or_default()
    }
}

/// A field. What is typed in one is wiped when the form goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// How it is filled in.
    pub kind: FieldKind,
    value: Zeroizing<String>,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match self.kind {
            FieldKind::Masked => "***",
            FieldKind::Plain | FieldKind::Expiry(_) => self.value.as_str(),
        };
        f.debug_struct("Field").field("id", &self.id).field("value", &value).finish()
    }
}

impl Field {
    fn new(id: FieldId, kind: FieldKind, value: impl Into<String>) -> Self {
        Self { id, kind, value: Zeroizing::new(value.into()) }
    }

    /// What was typed.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// What it is called.
    pub fn label(&self) -> Safe {
        match self.id {
            FieldId::Secret => t!("app-field-key"),
            FieldId::Label => t!("app-field-label"),
            FieldId::BaseUrl => t!("app-field-base-url"),
            FieldId::Expiry => t!("app-field-expiry"),
            FieldId::Title => t!("app-field-title"),
            FieldId::System => t!("app-field-system"),
            FieldId::Temperature => t!("app-field-temperature"),
            FieldId::MaxTokens => t!("app-field-max-tokens"),
            FieldId::Effort => t!("app-field-effort"),
            FieldId::Params => t!("app-field-params"),
        }
    }
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What it is for.
    pub kind: FormKind,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Which field is typed in.
    pub at: usize,
    /// What is wrong, after Enter.
    pub problem: Option<Safe>,
}

impl Form {
    /// Asks for a key, and for a base URL where the endpoint leaves that to the person.
    pub fn key(endpoint: EndpointName, label: &str, base_url: BaseUrl) -> Self {
        let mut fields = Vec::new();
        if base_url == BaseUrl::Asked {
            fields.push(Field::new(FieldId::BaseUrl, FieldKind::Plain, ""));
        }
        fields.push(Field::new(FieldId::Secret, FieldKind::Masked, ""));
        fields.push(Field::new(FieldId::Label, FieldKind::Plain, label));
        fields.push(Field::new(FieldId::Expiry, FieldKind::Expiry(Expiry::default()), ""));
        Self { kind: FormKind::Key(endpoint), fields, at: 0, problem: None }
    }

    /// Asks for a title.
    pub fn rename(title: &str) -> Self {
        let fields = vec![Field::new(FieldId::Title, FieldKind::Plain, title)];
        Self { kind: FormKind::Rename, fields, at: 0, problem: None }
    }

    /// Asks for the settings of a conversation.
    pub fn settings(settings: &Settings) -> Self {
        let params: Vec<String> =
            settings.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let text = |value: Option<String>| value.unwrap_or_default();
        let plain = |id, value: String| Field::new(id, FieldKind::Plain, value);
        let fields = vec![
            plain(FieldId::System, text(settings.system.as_ref().map(|system| system.replace('\n', "\\n")))),
            plain(FieldId::Temperature, text(settings.temperature.map(|value| value.to_string()))),
            plain(FieldId::MaxTokens, text(settings.max_tokens.map(|value| value.to_string()))),
            plain(FieldId::Effort, text(settings.effort.clone())),
            plain(FieldId::Params, params.join(" ")),
        ];
        Self { kind: FormKind::Settings, fields, at: 0, problem: None }
    }

    /// What was typed in a field, without space around it.
    pub fn value(&self, id: FieldId) -> &str {
        self.fields.iter().find(|field| field.id == id).map_or("", |field| field.value().trim())
    }

    /// The expiry that was chosen.
    pub fn expiry(&self) -> Expiry {
        self.fields
            .iter()
            .find_map(|field| match field.kind {
                FieldKind::Expiry(expiry) => Some(expiry),
                FieldKind::Plain | FieldKind::Masked => None,
            })
            .unwrap_or_default()
    }

    /// Puts text in at the end of the field typed in.
    pub fn insert(&mut self, text: &str) {
        self.problem = None;
        if let Some(field) = self.fields.get_mut(self.at) {
            field.value.extend(text.chars().filter(|c| !c.is_control()));
        }
    }

    /// A key in the form.
    pub fn edit(&mut self, key: KeyEvent) {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let last = self.fields.len().saturating_sub(1);
        match key.code {
            KeyCode::Tab | KeyCode::Down => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::BackTab | KeyCode::Up => self.at = self.at.checked_sub(1).unwrap_or(last),
            KeyCode::Char(c) if !ctrl => self.insert(c.encode_utf8(&mut [0; 4])),
            code => {
                let Some(field) = self.fields.get_mut(self.at) else { return };
                match (&mut field.kind, code) {
                    (FieldKind::Expiry(expiry), KeyCode::Left) => *expiry = expiry.walk(-1),
                    (FieldKind::Expiry(expiry), KeyCode::Right) => *expiry = expiry.walk(1),
                    (_, KeyCode::Backspace | KeyCode::Char('h')) => {
                        field.value.pop();
                    }
                    (_, KeyCode::Char('u')) => field.value.clear(),
                    (_, KeyCode::Char('w')) => {
                        let kept = field.value.trim_end().rfind(' ').map_or(0, |at| at + 1);
                        field.value.truncate(kept);
                    }
                    _ => {}
                }
            }
        }
    }
}

/// Whether a form asks for a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseUrl {
    /// The configuration has one.
    Configured,
    /// The person is to give it.
    Asked,
}

/// The settings a form says, over those that were.
///
/// # Errors
/// What is wrong with a field.
pub fn read_settings(form: &Form) -> Result<Settings, Safe> {
    let number = |id: FieldId| Some(form.value(id)).filter(|text| !text.is_empty());
    let temperature = number(FieldId::Temperature)
        .map(|text| text.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0).ok_or(text))
        .transpose()
        .map_err(|text| t!("app-bad-temperature", value = text))?;
    let max_tokens = number(FieldId::MaxTokens)
        .map(|text| text.parse::<u64>().ok().filter(|value| *value > 0).ok_or(text))
        .transpose()
        .map_err(|text| t!("app-bad-max-tokens", value = text))?;
    let mut params = serde_json::Map::new();
    for pair in form.value(FieldId::Params).split_whitespace() {
        let (name, value) = pair.split_once('=').ok_or_else(|| t!("app-bad-param", value = pair))?;
        let value =
            serde_json::from_str(value).unwrap_or_else(|_| serde_json::Value::String(value.to_owned()));
        params.insert(name.to_owned(), value);
    }
    let text = |id| Some(form.value(id)).filter(|text| !text.is_empty());
    Ok(Settings {
        system: text(FieldId::System).map(|text| text.replace("\\n", "\n")),
        temperature,
        max_tokens,
        effort: text(FieldId::Effort).map(ToOwned::to_owned),
        params,
    })
}
