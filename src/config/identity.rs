//! `userId`: whether an endpoint is told who asks. Who that is, `user` says at the top of the file.

use super::build::Builder;
use super::node::Node;
use super::{Severity, UserIdPolicy};
use crate::t;

/// What a word of `userId` means.
pub(super) fn policy(node: Option<&Node>) -> UserIdPolicy {
    match node.and_then(Node::text) {
        Some("user") => UserIdPolicy::User,
        Some("metadata") => UserIdPolicy::Metadata,
        Some(_) | None => UserIdPolicy::None,
    }
}

impl Builder<'_> {
    /// Tells of every endpoint that is to be told who asks, where the file does not say who that is.
    pub(super) fn nobody_to_tell_of(&mut self, root: &Node) {
        let sections = root.get("endpoints").map_or(&[][..], Node::entries);
        for section in sections {
            let items = section.value.items().iter().enumerate();
            let custom = items.map(|(index, item)| (format!("endpoints.{}[{index}]", section.key), item));
            let whole = (format!("endpoints.{}", section.key), &section.value);
            for (path, node) in custom.chain([whole]) {
                let Some(written) = node.get("userId") else { continue };
                if policy(Some(written)) != UserIdPolicy::None {
                    let message = t!("config-user-missing").into_string();
                    self.problem(Severity::Warning, written.at, &format!("{path}.userId"), message);
                }
            }
        }
    }
}
