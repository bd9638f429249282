//! The fields of forms: a line that is shown, one that is not, lines of text, a choice.

use std::fmt;

use crate::t;
use crate::text::{Safe, sanitise_line};

use super::composer::Composer;

mod line;
mod masked;

pub use line::Line;
pub use masked::Masked;

/// Which field this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub enum FieldId {
    Secret,
    Label,
    BaseUrl,
    Expiry,
    Title,
    Tags,
    PresetName,
    Order,
    Name,
    Mark,
    Path,
    Command,
    System,
    Temperature,
    MaxTokens,
    Effort,
    Params,
    Dates,
    /// A variable of a prompt; its name stands beside the field.
    Variable,
}

/// A field, by how it is filled in.
#[derive(Clone)]
pub enum Input {
    /// A line that is shown.
    Plain(Box<Line>),
    /// A line that is not shown.
    Masked(Masked),
    /// Several lines.
    Lines(Box<Composer>),
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
    /// All of them, shortest first after the one without an end.
    pub const EACH: [Self; 7] =
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

    /// The one before or after; it stops at both ends.
    pub fn walk(self, by: isize) -> Self {
        let at = Self::EACH.iter().position(|expiry| *expiry == self).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(Self::EACH.len() - 1);
        Self::EACH.get(to).copied().unwrap_or_default()
    }
}

/// A field.
#[derive(Clone)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// What is filled in.
    pub input: Input,
    /// What it is called, where its kind does not say that.
    pub name: Safe,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.input {
            Input::Masked(_) => "***".to_owned(),
            Input::Plain(line) => line.text().to_owned(),
            Input::Lines(lines) => lines.text(),
            Input::Expiry(expiry) => format!("{expiry:?}"),
        };
        f.debug_struct("Field").field("id", &self.id).field("value", &value).finish()
    }
}

impl Field {
    /// A field.
    pub fn new(id: FieldId, input: Input) -> Self {
        Self { id, input, name: Safe::default() }
    }

    /// Several lines for a variable.
    pub fn variable(name: &str) -> Self {
        Self { name: sanitise_line(name), ..Self::lines(FieldId::Variable, "") }
    }

    /// A line that is shown.
    pub fn plain(id: FieldId, value: &str) -> Self {
        Self::new(id, Input::Plain(Box::new(Line::new(value))))
    }

    /// Several lines.
    pub fn lines(id: FieldId, value: &str) -> Self {
        let mut composer = Composer::default();
        composer.set(value);
        Self::new(id, Input::Lines(Box::new(composer)))
    }

    /// What it is called.
    pub fn label(&self) -> Safe {
        match self.id {
            FieldId::Secret => t!("app-field-key"),
            FieldId::Label => t!("app-field-label"),
            FieldId::BaseUrl => t!("app-field-base-url"),
            FieldId::Expiry => t!("app-field-expiry"),
            FieldId::Title => t!("app-field-title"),
            FieldId::Mark => t!("app-field-label"),
            FieldId::Path => t!("app-field-file"),
            FieldId::Command => t!("app-field-command"),
            FieldId::Tags => t!("app-field-tags"),
            FieldId::Order => t!("app-field-order"),
            FieldId::Name | FieldId::PresetName => t!("app-field-name"),
            FieldId::System => t!("app-field-system"),
            FieldId::Temperature => t!("app-field-temperature"),
            FieldId::MaxTokens => t!("app-field-max-tokens"),
            FieldId::Effort => t!("app-field-effort"),
            FieldId::Params => t!("app-field-params"),
            FieldId::Dates => t!("app-field-dates"),
            FieldId::Variable => self.name.clone(),
        }
    }

    /// What may be put in it.
    pub fn hint(&self) -> Safe {
        match self.id {
            FieldId::Secret => t!("app-hint-key"),
            FieldId::Label => t!("app-hint-label"),
            FieldId::BaseUrl => t!("app-hint-base-url"),
            FieldId::Expiry => t!("app-hint-expiry"),
            FieldId::Title | FieldId::PresetName => Safe::default(),
            FieldId::Order => t!("app-hint-order"),
            FieldId::Tags => t!("app-hint-tags"),
            FieldId::Name => t!("app-hint-name"),
            FieldId::Mark => t!("app-hint-mark"),
            FieldId::Path => t!("app-hint-file"),
            FieldId::Command => t!("app-hint-command"),
            FieldId::System => t!("app-hint-system"),
            FieldId::Temperature => t!("app-hint-temperature"),
            FieldId::MaxTokens => t!("app-hint-max-tokens"),
            FieldId::Effort => t!("app-hint-effort"),
            FieldId::Params => t!("app-hint-params"),
            FieldId::Dates => t!("app-hint-dates"),
            FieldId::Variable => t!("app-hint-variable"),
        }
    }
}
