//! `presets:`, and LibreChat's `modelSpecs`, which are presets by another name.

use serde_json::Value as Json;

use super::build::Builder;
use super::node::Node;
use super::values::{flag, text};
use crate::chat::{EndpointName, KeyLabel, ModelId, Preset, preset};

impl Builder<'_> {
    /// All presets of a tree: its own, then those of `modelSpecs` whose names are free.
    pub(super) fn presets(&mut self, root: &Node) -> Vec<Preset> {
        let mut presets = Vec::new();
        for (index, item) in root.get("presets").map_or(&[][..], Node::items).iter().enumerate() {
            let Some(name) = text(item, "name").filter(|name| !name.trim().is_empty()) else { continue };
            let params = self.add_params(item.get("parameters"), &format!("presets[{index}].parameters"));
            presets.push(Preset {
                name,
                endpoint: self.filled(item.get("endpoint")).map(EndpointName::from),
                model: self.filled(item.get("model")).map(ModelId::from),
                key: self.filled(item.get("key")).map(KeyLabel::from),
                settings: preset::settings(text(item, "system"), params),
                is_default: flag(item, "default"),
                order: order(item),
            });
        }
        let specs = root.get("modelSpecs").and_then(|specs| specs.get("list"));
        for (index, item) in specs.map_or(&[][..], Node::items).iter().enumerate() {
            let Some(name) = text(item, "name") else { continue };
            if presets.iter().any(|preset| preset.name == name) {
                continue;
            }
            let path = format!("modelSpecs.list[{index}].preset");
            let fields = item.get("preset").map(|preset| self.json(preset, &path));
            let Some(Json::Object(fields)) = fields else { continue };
            presets.push(Preset {
                is_default: flag(item, "default"),
                order: order(item),
                ..Preset::from_librechat(&name, &fields)
            });
        }
        presets
    }
}

fn order(node: &Node) -> Option<u64> {
    node.get("order").and_then(Node::text).and_then(|text| text.parse().ok())
}
