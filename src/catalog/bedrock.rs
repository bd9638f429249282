//! What Bedrock's two lists say together.
//!
//! One list has the models, the other the inference profiles that lead to them. A model that is not offered on
//! demand is asked through a profile alone, so the profile stands in its place; where both work, both are offered.

use serde_json::Value;

use super::abilities::is_chat;
use super::{ModelInfo, list};
use crate::chat::ModelId;

/// What can be chatted with: the profiles that the endpoint itself has first, then each model of `models` that is
/// offered on demand, with the profiles of `profiles` that lead to it. `None` where `models` is no list.
pub fn merged(own: &[ModelId], models: &Value, profiles: &[Value]) -> Option<Vec<ModelInfo>> {
    let models = list::entries(models)?;
    let mut all: Vec<ModelInfo> = own.iter().cloned().map(ModelInfo::new).collect();
    let mut add = |model: ModelInfo| {
        if !all.iter().any(|known| known.id == model.id) {
            all.push(model);
        }
    };
    for entry in models.iter().filter(|entry| is_chat(entry)) {
        let Some(model) = list::entry(entry) else { continue };
        let through = profiles.iter().filter(|profile| leads_to(profile, model.id.as_str()));
        if is_on_demand(entry) {
            add(model.clone());
        }
        through.filter_map(name).for_each(|id| add(ModelInfo { id, ..model.clone() }));
    }
    // A profile may lead to a model that this region does not have.
    let is_listed = |profile: &Value| {
        models.iter().filter_map(list::entry).any(|model| leads_to(profile, model.id.as_str()))
    };
    let elsewhere = profiles.iter().filter(|profile| !is_listed(profile));
    elsewhere.filter_map(name).for_each(|id| add(ModelInfo::new(id)));
    Some(all)
}

/// Where nothing is told, it is.
fn is_on_demand(model: &Value) -> bool {
    let types = model.get("inferenceTypesSupported").and_then(Value::as_array);
    types.is_none_or(|types| types.iter().any(|one| one == "ON_DEMAND"))
}

/// A profile tells its models by their ARNs, one for each region.
fn leads_to(profile: &Value, model: &str) -> bool {
    let models = profile.get("models").and_then(Value::as_array);
    models.into_iter().flatten().any(|one| {
        let arn = one.get("modelArn").and_then(Value::as_str).unwrap_or_default();
        arn.rsplit('/').next() == Some(model)
    })
}

/// What a profile is asked for by: a person's own one is known by its ARN alone.
fn name(profile: &Value) -> Option<ModelId> {
    let is_own = profile.get("type").is_some_and(|kind| kind == "APPLICATION");
    let field = if is_own { "inferenceProfileArn" } else { "inferenceProfileId" };
    let name = profile.get(field)?.as_str()?;
    let is_active = profile.get("status").is_none_or(|status| status == "ACTIVE");
    (is_active && !name.is_empty()).then(|| ModelId::from(name))
}
