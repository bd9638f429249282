//! `prompts:`, texts that are asked for by their names.

use super::build::Builder;
use super::node::Node;
use super::values::text;
use crate::t;

/// A saved prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedPrompt {
    /// What it is asked for by, after `/`.
    pub name: String,
    /// What it says; `{{name}}` is a variable.
    pub text: String,
    /// What it is for.
    pub description: String,
}

/// Whether a prompt can be asked for by this name.
pub fn is_prompt_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

impl Builder<'_> {
    /// All saved prompts of a tree.
    pub(super) fn prompts(&mut self, root: &Node) -> Vec<SavedPrompt> {
        let mut prompts = Vec::new();
        for (index, item) in root.get("prompts").map_or(&[][..], Node::items).iter().enumerate() {
            let (Some(name), Some(said)) = (text(item, "name"), text(item, "text")) else { continue };
            if !is_prompt_name(&name) {
                let path = format!("prompts[{index}].name");
                let at = item.get("name").map_or(item.at, |node| node.at);
                self.slip(at, &path, t!("config-prompt-name", name = name.as_str()).into_string());
                continue;
            }
            let description = text(item, "description").unwrap_or_default();
            prompts.push(SavedPrompt { name, text: said, description });
        }
        prompts
    }
}
