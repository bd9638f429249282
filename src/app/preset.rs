//! Presets: choosing one sets where the pane sends to and what its conversation is sent with.
//!
//! Those of the configuration are read; a person's own are kept beside the last choices and can be changed here.

use crate::chat::{KeyLabel, Preset, Route, preset};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::acts::key_of;
use super::command::CommandId;
use super::effect::Effect;
use super::form::{Form, read_settings};
use super::lists;
use super::model::{KeyOf, Model, Mood, first_key};
use super::offers::owner;
use super::overlay::{Confirm, Overlay};
use super::picker::{Choice, Entry, ListKind};

/// All presets, in their order.
pub fn all(model: &Model) -> Vec<Preset> {
    preset::all(&model.config.presets, &model.presets)
}

/// Their rows.
pub fn rows(model: &Model) -> Vec<Entry> {
    let begins = default(model).map(|preset| preset.name);
    let row = |preset: Preset| {
        let place = match (&preset.endpoint, &preset.model) {
            (Some(endpoint), Some(id)) => format!("{endpoint} · {id}"),
            (Some(endpoint), None) => endpoint.to_string(),
            (None, Some(id)) => id.to_string(),
            (None, None) => String::new(),
        };
        let own = is_own(model, &preset.name);
        Entry {
            sign: sanitise(if begins.as_ref() == Some(&preset.name) { "★" } else { "" }),
            detail: sanitise_line(&place),
            about: sanitise_line(preset.settings.system.as_deref().unwrap_or_default()),
            group: if own { t!("app-group-own") } else { t!("app-group-configured") },
            ..Entry::new(Choice::Preset(preset.name.clone()), sanitise_line(&preset.name))
        }
    };
    // Each kind below its heading, in its order.
    let (own, configured): (Vec<Preset>, Vec<Preset>) =
        all(model).into_iter().partition(|preset| is_own(model, &preset.name));
    own.into_iter().chain(configured).map(row).collect()
}

fn is_own(model: &Model, name: &str) -> bool {
    model.presets.iter().any(|preset| preset.name == name)
        && !model.config.presets.iter().any(|preset| preset.name == name)
}

/// The preset that new conversations begin with: the one `defaults.preset` names, else one that says so itself.
pub fn default(model: &Model) -> Option<Preset> {
    let all = all(model);
    let named = model.config.defaults.preset.as_ref();
    let is_it = |preset: &&Preset| match named {
        Some(name) => preset.name == *name,
        None => preset.is_default,
    };
    all.iter().find(is_it).cloned()
}

/// Sets what a preset says. What it is silent about stays.
pub fn apply(model: &mut Model, preset: &Preset) {
    let endpoint = preset.endpoint.as_ref().unwrap_or(&model.pane.route.endpoint);
    if let Some(endpoint) = model.config.endpoint(endpoint.as_str()) {
        let here = endpoint.name == model.pane.route.endpoint;
        let kept =
            |key: &KeyLabel| here && preset.key.is_none() && endpoint.keys.iter().any(|of| of.label == *key);
        let key = if kept(&model.pane.route.key) {
            model.pane.route.key.clone()
        } else {
            preset.key.clone().or_else(|| first_key(endpoint)).unwrap_or_default()
        };
        let first = || endpoint.models.default.first().cloned();
        let id = match &preset.model {
            Some(id) => id.clone(),
            None if here => model.pane.route.model.clone(),
            None => first().unwrap_or_else(|| crate::chat::ModelId(String::new())),
        };
        model.pane.route = Route { endpoint: endpoint.name.clone(), key, model: id };
    }
    model.open.conversation.settings = preset.settings.clone();
}

/// Chooses a preset for the conversation that is open.
pub fn choose(model: &mut Model, name: &str) -> Vec<Effect> {
    let Some(preset) = all(model).into_iter().find(|preset| preset.name == name) else { return Vec::new() };
    if let Some(endpoint) =
        preset.endpoint.as_ref().filter(|name| model.config.endpoint(name.as_str()).is_none())
    {
        return vec![model.notify(t!("app-no-endpoint", name = endpoint.as_str()), Mood::Bad)];
    }
    apply(model, &preset);
    let route = model.pane.route.clone();
    model.choices.used(&route);
    let to = format!("{} · {}", owner(&KeyOf::from(&route)), route.model);
    let told = t!("app-preset-chosen", name = preset.name.as_str(), to = sanitise_line(&to));
    let mut effects = vec![Effect::SaveChoices(model.choices.clone()), model.notify(told, Mood::Plain)];
    if let Some(conversation) = model.open.stored() {
        effects.push(Effect::SetSettings { conversation, settings: preset.settings });
    }
    effects
}

/// Opens the presets.
pub fn open(model: &mut Model) {
    lists::open_list(model, ListKind::Presets);
}

/// Asks for the name of a new preset, made of what is set now.
pub fn ask(model: &mut Model) {
    let preset = Preset { settings: model.open.conversation.settings.clone(), ..Preset::default() };
    model.overlays.push(Overlay::Form(Form::preset(None, &preset)));
}

/// Opens one of a person's own presets to be changed.
pub fn edit(model: &mut Model, name: &str) -> Vec<Effect> {
    match own(model, name) {
        Some(preset) => {
            model.overlays.push(Overlay::Form(Form::preset(Some(name.to_owned()), &preset)));
            Vec::new()
        }
        None => vec![model.notify(t!("app-preset-configured"), Mood::Plain)],
    }
}

/// Asks before one of a person's own presets goes.
pub fn ask_to_remove(model: &mut Model, name: &str) -> Vec<Effect> {
    match model.presets.iter().position(|preset| preset.name == name).filter(|_| is_own(model, name)) {
        Some(at) => {
            model.overlays.push(Overlay::Confirm(Confirm::Preset(at)));
            Vec::new()
        }
        None => vec![model.notify(t!("app-preset-configured"), Mood::Plain)],
    }
}

/// Removes one of a person's own presets.
pub fn remove(model: &mut Model, at: usize) -> Vec<Effect> {
    if at < model.presets.len() {
        model.presets.remove(at);
    }
    saved(model)
}

/// Lets new conversations begin with one of a person's own presets, or no longer.
pub fn star(model: &mut Model, name: &str) -> Vec<Effect> {
    if !is_own(model, name) {
        return vec![model.notify(t!("app-preset-configured"), Mood::Plain)];
    }
    for preset in &mut model.presets {
        preset.is_default = preset.name == name && !preset.is_default;
    }
    saved(model)
}

/// Stores what a form says, under a name that is free.
///
/// # Errors
/// What is wrong with it.
pub fn store(model: &mut Model, before: Option<&str>, form: &Form) -> Result<Vec<Effect>, Safe> {
    let (name, order) = form.preset_facts()?;
    let settings = read_settings(form)?;
    let taken = all(model).iter().any(|other| other.name == name && before != Some(name.as_str()));
    if taken {
        return Err(t!("app-preset-taken", name = name.as_str()));
    }
    let keys = key_of(model, CommandId::PickPreset);
    let told = t!("app-preset-kept", name = name.as_str(), keys = keys);
    match before.and_then(|before| model.presets.iter_mut().find(|preset| preset.name == before)) {
        Some(preset) => (preset.name, preset.order, preset.settings) = (name, order, settings),
        None => {
            let Route { endpoint, key, model: id } = model.pane.route.clone();
            let (endpoint, key, id) = (Some(endpoint), Some(key), Some(id));
            let preset = Preset { name, endpoint, model: id, key, settings, is_default: false, order };
            model.presets.push(preset);
        }
    }
    let mut effects = saved(model);
    effects.push(model.notify(told, Mood::Plain));
    Ok(effects)
}

fn own(model: &Model, name: &str) -> Option<Preset> {
    model.presets.iter().find(|preset| preset.name == name).filter(|_| is_own(model, name)).cloned()
}

fn saved(model: &mut Model) -> Vec<Effect> {
    lists::refill(model);
    vec![Effect::SavePresets(model.presets.clone())]
}

#[cfg(test)]
mod tests;
