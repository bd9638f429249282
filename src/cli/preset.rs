//! `--preset`, and the preset that the configuration begins with.

use std::path::Path;

use super::args::TurnArgs;
use super::resolve::nearest;
use crate::chat::{ErrorKind, Failure, Preset, preset};
use crate::config::Config;
use crate::storage::presets;
use crate::t;

/// The preset that flags name; else, for a new conversation whose place no flag names, `defaults.preset`.
///
/// # Errors
/// There is none of that name; the presets there are.
pub fn chosen(args: &TurnArgs, config: &Config, state: &Path) -> Result<Option<Preset>, Failure> {
    let goes_on = args.continue_last || args.conversation.is_some() || args.at.is_some();
    let placed = args.endpoint.is_some() || args.model.is_some();
    let default = config.defaults.preset.as_ref().filter(|_| !goes_on && !placed);
    match args.preset.as_ref().or(default) {
        Some(name) => named(name, config, state).map(Some),
        None => Ok(None),
    }
}

fn named(name: &str, config: &Config, state: &Path) -> Result<Preset, Failure> {
    let all = preset::all(&config.presets, &presets::load(state));
    if let Some(preset) = all.iter().find(|preset| preset.name == name) {
        return Ok(preset.clone());
    }
    let names: Vec<&str> = all.iter().map(|preset| preset.name.as_str()).collect();
    let step = match nearest(name, &names) {
        Some(near) => t!("cli-did-you-mean", name = near),
        None if names.is_empty() => t!("cli-no-presets"),
        None => t!("cli-presets-are", names = names.join(", ")),
    };
    let failure = Failure::new(ErrorKind::NotFound, t!("cli-unknown-preset", name = name).into_string());
    Err(failure.with_next_step(step.into_string()))
}

/// The flags with what a preset says where they say nothing. Another endpoint than the preset's takes neither its
/// model nor its key.
pub fn under(args: &TurnArgs, preset: Option<&Preset>, config: &Config) -> TurnArgs {
    let mut args = args.clone();
    let Some(preset) = preset else { return args };
    let endpoint = preset.endpoint.as_ref().map(|name| name.as_str());
    let names_endpoint =
        |model: &String| model.split_once('/').is_some_and(|(prefix, _)| config.endpoint(prefix).is_some());
    let elsewhere = match &args.endpoint {
        Some(name) => Some(name.as_str()) != endpoint,
        None => args.model.as_ref().is_some_and(names_endpoint),
    };
    if elsewhere {
        return args;
    }
    args.endpoint = args.endpoint.or_else(|| endpoint.map(ToOwned::to_owned));
    args.model = args.model.or_else(|| preset.model.as_ref().map(|model| model.as_str().to_owned()));
    args.key = args.key.or_else(|| preset.key.as_ref().map(|key| key.as_str().to_owned()));
    args
}
