//! Small forms: a key, a title, the settings of a conversation.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde_json::{Map, Value};

use crate::chat::settings::RESERVED_PARAMS;
use crate::chat::{ConversationId, EndpointName, KeyLabel, MessageId, Preset, Settings};
use crate::keys::{NewKey, Secret};
use crate::t;
use crate::text::{Safe, sanitise};

use super::effect::{Effect, KeyToStore};
use super::field::{Expiry, Field, FieldId, Input, Masked};
use super::model::Model;
use super::overlay::Overlay;
use super::pictures::PictureId;
use super::{conversation, fanout, marks, outward, pictures, preset, prompts, shelf, usage};

/// What a form is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// A key for this endpoint.
    Key(EndpointName),
    /// The title of a conversation.
    Rename(ConversationId),
    /// The tags of a conversation.
    Tags(ConversationId),
    /// The name of a set of models.
    SetName,
    /// The settings of the conversation.
    Settings,
    /// The label of a message.
    Label(MessageId),
    /// A preset: a new one, or the one of this name.
    Preset(Option<String>),
    /// The variables of this prompt.
    Prompt(String),
    /// The file that a text is saved to.
    Save {
        /// The text.
        text: String,
        /// The file that is there already, and may be replaced once it is named again.
        there: Option<String>,
    },
    /// The file that a picture is saved to.
    SavePicture {
        /// The order that it was asked for with.
        id: PictureId,
        /// The file that is there already, and may be replaced once it is named again.
        there: Option<String>,
    },
    /// The command that a text is handed to.
    Pipe(String),
    /// The days of the usage page.
    Dates,
}

/// A form.
#[derive(Clone, Debug)]
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
    fn new(kind: FormKind, fields: Vec<Field>) -> Self {
        Self { kind, fields, at: 0, problem: None }
    }

    /// Asks for a key, and for a base URL where the endpoint leaves that to the person.
    pub fn key(endpoint: EndpointName, label: &str, base_url: BaseUrl) -> Self {
        let mut fields = Vec::new();
        if base_url == BaseUrl::Asked {
            fields.push(Field::plain(FieldId::BaseUrl, ""));
        }
        fields.push(Field::new(FieldId::Secret, Input::Masked(Masked::default())));
        fields.push(Field::plain(FieldId::Label, label));
        fields.push(Field::new(FieldId::Expiry, Input::Expiry(Expiry::default())));
        Self::new(FormKind::Key(endpoint), fields)
    }

    /// Asks for a title.
    pub fn rename(conversation: ConversationId, title: &str) -> Self {
        Self::new(FormKind::Rename(conversation), vec![Field::plain(FieldId::Title, title)])
    }

    /// Asks for tags.
    pub fn tags(conversation: ConversationId, tags: &[String]) -> Self {
        Self::new(FormKind::Tags(conversation), vec![Field::plain(FieldId::Tags, &tags.join(", "))])
    }

    /// Asks for a preset's name, settings and place.
    pub fn preset(before: Option<String>, preset: &Preset) -> Self {
        let mut fields = vec![Field::plain(FieldId::PresetName, &preset.name)];
        fields.extend(Self::settings(&preset.settings).fields);
        let order = preset.order.map(|order| order.to_string()).unwrap_or_default();
        fields.push(Field::plain(FieldId::Order, &order));
        Self::new(FormKind::Preset(before), fields)
    }

    /// The name and the place that a preset is given.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn preset_facts(&self) -> Result<(String, Option<u64>), Safe> {
        let (name, order) = (self.line(FieldId::PresetName), self.line(FieldId::Order));
        if name.is_empty() {
            return Err(t!("app-preset-unnamed"));
        }
        let order = Some(order).filter(|order| !order.is_empty()).map(str::parse).transpose();
        Ok((name.to_owned(), order.map_err(|_| t!("app-bad-order"))?))
    }

    /// Asks for the variables of a prompt.
    pub fn prompt(text: String, variables: &[String]) -> Self {
        Self::new(FormKind::Prompt(text), variables.iter().map(|name| Field::variable(name)).collect())
    }

    /// What was typed in the field of this place.
    pub fn value(&self, at: usize) -> String {
        match self.fields.get(at).map(|field| &field.input) {
            Some(Input::Lines(lines)) => lines.text(),
            Some(Input::Plain(line)) => line.text().to_owned(),
            Some(Input::Masked(line)) => line.text().to_owned(),
            Some(Input::Expiry(_)) | None => String::new(),
        }
    }

    /// Asks for the name of a set of models.
    pub fn set_name() -> Self {
        Self::new(FormKind::SetName, vec![Field::plain(FieldId::Name, "")])
    }

    /// Asks for days.
    pub fn dates(days: &str) -> Self {
        Self::new(FormKind::Dates, vec![Field::plain(FieldId::Dates, days)])
    }

    /// Asks for the label of a message.
    pub fn label(message: MessageId, label: &str) -> Self {
        Self::new(FormKind::Label(message), vec![Field::plain(FieldId::Mark, label)])
    }

    /// Asks for the name of a file.
    pub fn save(name: &str, text: String, there: Option<String>) -> Self {
        Self::new(FormKind::Save { text, there }, vec![Field::plain(FieldId::Path, name)])
    }

    /// Asks for a command line.
    pub fn save_picture(id: PictureId, name: &str, there: Option<String>) -> Self {
        Self::new(FormKind::SavePicture { id, there }, vec![Field::plain(FieldId::Path, name)])
    }

    /// Asks for the command that gets a text.
    pub fn pipe(text: String) -> Self {
        Self::new(FormKind::Pipe(text), vec![Field::plain(FieldId::Command, "")])
    }

    /// Asks for the settings of a conversation.
    pub fn settings(settings: &Settings) -> Self {
        let params: Vec<String> =
            settings.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let number = |value: Option<String>| value.unwrap_or_default();
        let fields = vec![
            Field::lines(FieldId::System, settings.system.as_deref().unwrap_or_default()),
            Field::plain(FieldId::Temperature, &number(settings.temperature.map(|value| value.to_string()))),
            Field::plain(FieldId::MaxTokens, &number(settings.max_tokens.map(|value| value.to_string()))),
            Field::plain(FieldId::Effort, settings.effort.as_deref().unwrap_or_default()),
            Field::plain(FieldId::Params, &params.join(" ")),
        ];
        Self::new(FormKind::Settings, fields)
    }

    fn input(&self, id: FieldId) -> Option<&Input> {
        self.fields.iter().find(|field| field.id == id).map(|field| &field.input)
    }

    /// What was typed in a field of one line, without space around it.
    pub fn line(&self, id: FieldId) -> &str {
        match self.input(id) {
            Some(Input::Plain(line)) => line.text().trim(),
            Some(Input::Masked(line)) => line.text().trim(),
            Some(Input::Lines(_) | Input::Expiry(_)) | None => "",
        }
    }

    /// What was typed in a field of several lines, without space around it.
    pub fn lines(&self, id: FieldId) -> String {
        match self.input(id) {
            Some(Input::Lines(lines)) => lines.text().trim().to_owned(),
            Some(Input::Plain(_) | Input::Masked(_) | Input::Expiry(_)) | None => String::new(),
        }
    }

    /// The expiry that was chosen.
    pub fn expiry(&self) -> Expiry {
        match self.input(FieldId::Expiry) {
            Some(Input::Expiry(expiry)) => *expiry,
            Some(Input::Plain(_) | Input::Masked(_) | Input::Lines(_)) | None => Expiry::default(),
        }
    }

    /// Puts pasted text in at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.problem = None;
        match self.fields.get_mut(self.at).map(|field| &mut field.input) {
            Some(Input::Plain(line)) => line.insert(text.trim()),
            Some(Input::Masked(line)) => line.insert(text.trim()),
            Some(Input::Lines(lines)) => lines.insert(text),
            Some(Input::Expiry(_)) | None => {}
        }
    }

    /// Whether a key sends the form. Where there are several lines, Enter with Alt or Shift begins one.
    pub fn is_sent_by(&self, key: KeyEvent) -> bool {
        let plain = !key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SHIFT);
        key.code == KeyCode::Enter && (plain || !matches!(self.here(), Some(Input::Lines(_))))
    }

    fn here(&self) -> Option<&Input> {
        self.fields.get(self.at).map(|field| &field.input)
    }

    /// A key in the form.
    pub fn edit(&mut self, key: KeyEvent) {
        self.problem = None;
        let last = self.fields.len().saturating_sub(1);
        let (up, down) = match self.here() {
            Some(Input::Lines(lines)) => (lines.at_top(), lines.at_bottom()),
            Some(Input::Plain(_) | Input::Masked(_) | Input::Expiry(_)) | None => (true, true),
        };
        match key.code {
            KeyCode::Tab => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::BackTab => self.at = self.at.checked_sub(1).unwrap_or(last),
            KeyCode::Down if down => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::Up if up => self.at = self.at.checked_sub(1).unwrap_or(last),
            code => match self.fields.get_mut(self.at).map(|field| &mut field.input) {
                Some(Input::Plain(line)) => line.edit(key),
                Some(Input::Masked(line)) => line.edit(key),
                Some(Input::Expiry(expiry)) => match code {
                    KeyCode::Left => *expiry = expiry.walk(-1),
                    KeyCode::Right | KeyCode::Char(' ') => *expiry = expiry.walk(1),
                    _ => {}
                },
                Some(Input::Lines(lines)) => {
                    let newline = code == KeyCode::Enter
                        || code == KeyCode::Char('j') && key.modifiers == KeyModifiers::CONTROL;
                    if newline {
                        lines.newline();
                    } else {
                        lines.edit(key);
                    }
                }
                None => {}
            },
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
    let line = |id: FieldId| Some(form.line(id)).filter(|text| !text.is_empty());
    let temperature = line(FieldId::Temperature)
        .map(|text| text.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0).ok_or(text))
        .transpose()
        .map_err(|text| t!("app-bad-temperature", value = text))?;
    let max_tokens = line(FieldId::MaxTokens)
        .map(|text| text.parse::<u64>().ok().filter(|value| *value > 0).ok_or(text))
        .transpose()
        .map_err(|text| t!("app-bad-max-tokens", value = text))?;
    Ok(Settings {
        system: Some(form.lines(FieldId::System)).filter(|text| !text.is_empty()),
        temperature,
        max_tokens,
        effort: line(FieldId::Effort).map(ToOwned::to_owned),
        params: read_params(form.line(FieldId::Params))?,
    })
}

/// `NAME=VALUE …`. A value is JSON where it reads as such; else it is text, up to the next `NAME=`.
fn read_params(text: &str) -> Result<Map<String, Value>, Safe> {
    let mut params = Map::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let bad = || t!("app-bad-param", value = rest);
        let (name, after) = rest.split_once('=').filter(|(name, _)| is_name(name)).ok_or_else(bad)?;
        if RESERVED_PARAMS.contains(&name) {
            return Err(t!("app-reserved-param", name = name));
        }
        let (value, left) = read_value(after);
        // A list or an object that never ends is a slip, not a text.
        if value.as_str().is_some_and(|text| text.starts_with(['[', '{', '"'])) {
            return Err(bad());
        }
        params.insert(name.to_owned(), value);
        rest = left.trim_start();
    }
    Ok(params)
}

fn read_value(text: &str) -> (Value, &str) {
    let mut json = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = json.next() {
        let left = &text[json.byte_offset()..];
        let ends = left.is_empty() || left.starts_with(char::is_whitespace);
        if ends && starts_param(left.trim_start()) {
            return (value, left);
        }
    }
    let mut end = text.len();
    for (at, _) in text.match_indices(char::is_whitespace) {
        if starts_param(text[at..].trim_start()) {
            end = at;
            break;
        }
    }
    let (value, left) = text.split_at(end);
    (Value::String(value.trim_end().to_owned()), left)
}

/// Whether a parameter, or nothing, begins here.
fn starts_param(text: &str) -> bool {
    text.is_empty() || text.split_once('=').is_some_and(|(name, _)| is_name(name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Enter in a form.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else { return Vec::new() };
    match form.kind.clone() {
        FormKind::Rename(id) => {
            let title = form.line(FieldId::Title).to_owned();
            model.overlays.pop();
            conversation::rename(model, id, title)
        }
        FormKind::Tags(id) => {
            let written = form.line(FieldId::Tags).to_owned();
            model.overlays.pop();
            shelf::set_tags(model, id, &written)
        }
        FormKind::Preset(before) => {
            let form = form.clone();
            match preset::store(model, before.as_deref(), &form) {
                Ok(effects) => {
                    model.overlays.pop();
                    effects
                }
                Err(problem) => {
                    if let Some(Overlay::Form(form)) = model.overlays.last_mut() {
                        form.problem = Some(problem);
                    }
                    Vec::new()
                }
            }
        }
        FormKind::Prompt(_) => {
            let form = form.clone();
            model.overlays.pop();
            prompts::filled(model, &form)
        }
        FormKind::Save { text, there } => {
            let order = outward::named(form, &text, there.as_deref());
            if order.is_some() {
                model.overlays.pop();
            }
            order.into_iter().collect()
        }
        FormKind::SavePicture { id, there } => {
            let order = pictures::named(form, id, there.as_deref());
            if order.is_some() {
                model.overlays.pop();
            }
            order.into_iter().collect()
        }
        FormKind::Pipe(text) => {
            let command = form.line(FieldId::Command).to_owned();
            if command.is_empty() {
                return Vec::new();
            }
            model.overlays.pop();
            vec![Effect::Pipe { command, text: sanitise(&text) }]
        }
        FormKind::SetName => {
            let name = form.line(FieldId::Name).to_owned();
            if name.is_empty() {
                form.problem = Some(t!("app-set-unnamed"));
                return Vec::new();
            }
            model.overlays.pop();
            fanout::keep_set(model, name)
        }
        FormKind::Dates => {
            let days = form.line(FieldId::Dates).to_owned();
            usage::dates(model, &days).unwrap_or_else(|problem| {
                if let Some(Overlay::Form(form)) = model.overlays.last_mut() {
                    form.problem = Some(problem);
                }
                Vec::new()
            })
        }
        FormKind::Label(message) => {
            let label = form.line(FieldId::Mark).to_owned();
            model.overlays.pop();
            marks::label(model, message, &label)
        }
        FormKind::Settings => match read_settings(form) {
            Ok(settings) => {
                model.overlays.pop();
                model.open.conversation.settings = settings.clone();
                match model.open.stored() {
                    Some(conversation) => vec![Effect::SetSettings { conversation, settings }],
                    None => Vec::new(),
                }
            }
            Err(problem) => {
                form.problem = Some(problem);
                Vec::new()
            }
        },
        FormKind::Key(endpoint) => {
            if form.line(FieldId::Secret).is_empty() {
                form.problem = Some(t!("app-key-empty"));
                return Vec::new();
            }
            let label = Some(form.line(FieldId::Label)).filter(|label| !label.is_empty());
            let base_url = Some(form.line(FieldId::BaseUrl)).filter(|url| !url.is_empty());
            let asked = form.fields.iter().any(|field| field.id == FieldId::BaseUrl);
            if asked && base_url.is_none() {
                form.problem = Some(t!("app-base-url-empty"));
                return Vec::new();
            }
            let key = NewKey {
                endpoint,
                label: label.map_or_else(KeyLabel::default, KeyLabel::from),
                secret: Secret::new(form.line(FieldId::Secret).to_owned()),
                base_url: base_url.map(ToOwned::to_owned),
                expires: form.expiry().minutes().map(|minutes| model.now + Duration::from_secs(minutes * 60)),
            };
            model.overlays.pop();
            vec![Effect::StoreKey(KeyToStore(key))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Stroke;
    use crate::app::testing::App;

    fn press(form: &mut Form, keys: &str) {
        for key in keys.split_whitespace() {
            form.edit(Stroke::parse(key).unwrap().event());
        }
    }

    #[test]
    fn parameters_may_hold_spaces_and_json() {
        for (text, params) in [
            ("", "{}"),
            ("top_k=40 style=terse", r#"{"top_k":40,"style":"terse"}"#),
            (r#"stop=["a", "b"] seed=1"#, r#"{"stop":["a","b"],"seed":1}"#),
            ("style=terse and dry  n=2", r#"{"style":"terse and dry","n":2}"#),
            (r#"response_format={"type": "json_object"}"#, r#"{"response_format":{"type":"json_object"}}"#),
            (r#"a="x y=z" b=true c="#, r#"{"a":"x y=z","b":true,"c":""}"#),
            ("when=12 at noon", r#"{"when":"12 at noon"}"#),
        ] {
            let read = read_params(text).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), params, "{text}");
        }
        for text in ["top_k", "= 3", "stop=[\"a\", b", "a b=1", "seed=1 model=x"] {
            assert!(read_params(text).is_err(), "{text}");
        }
    }

    #[test]
    fn settings_come_out_of_the_form_as_they_went_in() {
        let settings = Settings {
            system: Some("Be brief.\nAnswer in \\n Latin.".into()),
            temperature: Some(0.5),
            max_tokens: Some(100),
            effort: Some("low".into()),
            params: read_params(r#"stop=["a b=", "c"] style="a b""#).unwrap(),
        };
        assert_eq!(read_settings(&Form::settings(&settings)), Ok(settings));
    }

    #[test]
    fn the_system_prompt_takes_lines_and_tab_moves_on() {
        let mut form = Form::settings(&Settings::default());
        form.insert("one");
        press(&mut form, "ctrl-j t w o alt-enter up ctrl-a X down down tab 7");
        assert_eq!(form.lines(FieldId::System), "one\nXtwo");
        assert_eq!(form.line(FieldId::MaxTokens), "7");
        let enter = Stroke::parse("enter").unwrap().event();
        let alt_enter = Stroke::parse("alt-enter").unwrap().event();
        assert!(form.is_sent_by(enter) && form.is_sent_by(alt_enter));
        press(&mut form, "backtab backtab");
        assert!(form.is_sent_by(enter) && !form.is_sent_by(alt_enter));
    }

    #[test]
    fn a_field_and_a_filter_know_the_keys_of_the_composer() {
        for (keys, text) in [
            ("ctrl-a n o t space", "not one two three"),
            ("ctrl-a ctrl-e !", "one two three!"),
            ("ctrl-w", "one two "),
            ("alt-b alt-b ctrl-k ctrl-a ctrl-y", "two threeone "),
            ("ctrl-u x ctrl-y", "xone two three"),
            ("alt-b alt-b alt-f !", "one two! three"),
            ("ctrl-a alt-d", " two three"),
            ("ctrl-w ctrl-w ctrl-_", "one two "),
        ] {
            let mut app = App::new(80, 24);
            let at = app.model.open.conversation.id;
            app.model.overlays.push(Overlay::Form(Form::rename(at, "")));
            app.type_text("one two three");
            app.keys(keys);
            let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
            assert_eq!(form.value(0), text, "{keys}");

            let mut app = App::new(80, 24);
            app.turn("a", "b");
            app.keys("ctrl-x F");
            app.type_text("one two three");
            app.keys(keys);
            assert_eq!(app.model.pane.find.as_ref().unwrap().typed.text(), text, "{keys}");
        }
    }

    #[test]
    fn settings_are_checked_before_they_are_kept() {
        let mut app = App::new(80, 24);
        let request = app.turn("a", "b");
        app.keys("ctrl-x g tab");
        app.type_text("hot");
        assert_eq!(app.keys("enter"), []);
        let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
        assert!(form.problem.is_some());
        app.keys("ctrl-u");
        app.type_text("0.5");
        app.keys("tab tab tab");
        app.type_text("top_k=40 style=terse");
        let effects = app.keys("enter");
        let settings = app.model.open.conversation.settings.clone();
        assert_eq!(settings.temperature, Some(0.5));
        assert_eq!(serde_json::to_string(&settings.params).unwrap(), r#"{"top_k":40,"style":"terse"}"#);
        assert_eq!(effects, [Effect::SetSettings { conversation: request.conversation, settings }]);
    }
}
