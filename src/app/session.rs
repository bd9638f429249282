//! The panes as they were left, kept in a small file of the state folder so that the next run begins with them.
//!
//! One pane is not kept: the app opens on a new conversation then. The session is worked out after every message
//! that can change it and compared with what was kept last, so that no command has to think of it.

use serde::{Deserialize, Serialize};

use crate::chat::{ConversationId, MessageId, Route};

use super::effect::Effect;
use super::model::Model;
use super::pane::{Keeping, Opened, Pane, PaneId};
use super::panes::{self, Link, MOST};
use super::split::{Cut, Layout, Share, Way};

/// Several panes and how they share the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    layout: Node,
    /// In the order of the layout.
    panes: Vec<Kept>,
    /// The one with the focus, by its place in `panes`.
    focused: usize,
    #[serde(default)]
    link: Link,
}

/// A node of the layout; its panes are counted from left to right and top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Node {
    Pane,
    Cut { way: Way, share: Share, first: Box<Node>, second: Box<Node> },
}

/// A pane as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// `None` is a conversation that was not stored.
    conversation: Option<ConversationId>,
    leaf: Option<MessageId>,
    route: Route,
    #[serde(default)]
    draft: String,
}

/// What a session is kept with besides its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drafts {
    /// Nothing: enough to see whether it changed.
    Without,
    /// What is written in each pane.
    With,
}

impl Session {
    /// The panes as they are; `None` for a single one.
    pub fn of(model: &Model, drafts: Drafts) -> Option<Self> {
        if model.panes.count() == 1 {
            return None;
        }
        let others: Vec<(&Pane, &Opened)> = model.panes.others(&model.open).collect();
        let order = model.panes.layout.order();
        let kept = |id: &PaneId| {
            let (pane, opened) = if *id == model.pane.id {
                (&model.pane, &model.open)
            } else {
                others.iter().copied().find(|(pane, _)| pane.id == *id)?
            };
            let draft = match drafts {
                Drafts::Without => String::new(),
                Drafts::With => pane.draft(),
            };
            let (draft, leaf) = match opened.keeping {
                Keeping::Stored => (draft, pane.view.leaf),
                Keeping::Nowhere => (String::new(), None),
            };
            let conversation = opened.stored();
            Some(Kept { conversation, leaf, route: pane.route.clone(), draft })
        };
        Some(Self {
            layout: Node::of(&model.panes.layout),
            panes: order.iter().filter_map(kept).collect(),
            focused: order.iter().position(|id| *id == model.pane.id)?,
            link: model.panes.link,
        })
    }

    /// Puts the panes back. A session that does not fit together is left out.
    pub fn restore(self, model: &mut Model) {
        let focused_exists = self.focused < self.panes.len();
        if self.layout.count() != self.panes.len()
            || !(2..=MOST).contains(&self.panes.len())
            || !focused_exists
        {
            return;
        }
        let mut ids = std::iter::successors(Some(PaneId::FIRST), |id| Some(id.next()));
        let layout = self.layout.layout(&mut ids);
        let order = layout.order();
        for (id, kept) in order.iter().zip(self.panes) {
            let exists = model.config.endpoint(kept.route.endpoint.as_str()).is_some();
            let route = if exists { kept.route } else { model.pane.route.clone() };
            let mut pane = Pane::new(*id, route);
            pane.view.leaf = kept.leaf;
            pane.composer.restore(&kept.draft);
            let new = ConversationId(model.ids.next(model.now));
            let opened = match kept.conversation {
                Some(conversation) => Opened::loading(conversation, model.now),
                None => Opened::new(new, model.now),
            };
            panes::put(model, pane, opened);
        }
        model.panes.layout = layout;
        model.panes.link = self.link;
        if let Some(id) = order.get(self.focused) {
            panes::focus(model, *id);
        }
        model.kept = Self::of(model, Drafts::Without);
    }
}

/// Keeps the panes where they are others than those kept last.
pub fn keep(model: &mut Model) -> Option<Effect> {
    let now = Session::of(model, Drafts::Without);
    if now == model.kept {
        return None;
    }
    model.kept = now;
    Some(Effect::SaveSession(Session::of(model, Drafts::With).map(Box::new)))
}

impl Node {
    fn of(layout: &Layout) -> Self {
        match layout {
            Layout::One(_) => Self::Pane,
            Layout::Cut(cut) => Self::Cut {
                way: cut.way,
                share: cut.share,
                first: Box::new(Self::of(&cut.first)),
                second: Box::new(Self::of(&cut.second)),
            },
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Pane => 1,
            Self::Cut { first, second, .. } => first.count() + second.count(),
        }
    }

    fn layout(&self, ids: &mut impl Iterator<Item = PaneId>) -> Layout {
        match self {
            Self::Pane => Layout::One(ids.next().unwrap_or(PaneId::FIRST)),
            Self::Cut { way, share, first, second } => {
                let (first, second) = (first.layout(ids), second.layout(ids));
                Layout::Cut(Box::new(Cut { way: *way, share: *share, first, second }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::testing::{App, config, noon};
    use crate::app::{Extent, Message, Size};
    use crate::storage::choices::Choices;

    /// The session that was kept last, as its file has it.
    fn kept(effects: &[Effect]) -> Option<String> {
        effects.iter().rev().find_map(|effect| match effect {
            Effect::SaveSession(session) => Some(serde_json::to_string(session).unwrap()),
            _ => None,
        })
    }

    fn restored(file: &str) -> App {
        let size = Size { width: 160, height: 40 };
        let (mut model, _) = Model::new(Arc::new(config()), Choices::default(), size, 9, noon());
        serde_json::from_str::<Session>(file).unwrap().restore(&mut model);
        App { model, at: noon() }
    }

    #[test]
    fn the_next_run_begins_with_the_panes_their_branches_and_drafts() {
        let mut app = App::new(160, 40);
        app.turn("one", "first");
        let mut effects = app.keys("ctrl-x w v alt-t K K r");
        let again = crate::app::testing::started(&effects);
        app.end(&again, "second", crate::chat::Status::Complete);
        app.keys("esc");
        app.type_text("to the right");
        effects.extend(app.keys("ctrl-x w s ctrl-x n ctrl-x 1"));
        effects.extend(app.keys("ctrl-x w y"));
        let file = kept(&effects).unwrap();
        let before = app.model.open.conversation.clone();

        let mut app = restored(&file);
        let loads: Vec<Effect> = app
            .send(Message::Started { at: noon() })
            .into_iter()
            .filter(|effect| matches!(effect, Effect::LoadConversation(_) | Effect::SaveSession(_)))
            .collect();
        assert_eq!(loads, [Effect::LoadConversation(before.id)]);
        app.send(Message::ConversationLoaded {
            conversation: Box::new(before),
            extent: Extent::Whole,
            draft: Some("to the right".into()),
        });
        assert_eq!(app.branch_texts_of_panes(), [vec!["one", "first"], vec!["one", "second"], vec![]]);
        assert_eq!(app.model.panes.layout.order()[0], app.model.pane.id);
        assert!(app.model.pane.composer.is_empty());
        assert_eq!(app.model.panes.link, Link::Together);
        app.keys("ctrl-x 2");
        assert_eq!(app.model.pane.composer.text(), "to the right");
    }

    #[test]
    fn a_single_pane_is_not_kept_and_what_was_kept_is_forgotten_with_the_last_split() {
        let mut app = App::new(160, 40);
        assert_eq!(kept(&app.keys("ctrl-x n")), None);
        assert!(kept(&app.keys("ctrl-x w v")).is_some());
        assert_eq!(app.keys("ctrl-x w c"), [Effect::SaveSession(None)]);
    }

    #[test]
    fn a_session_that_does_not_fit_together_is_left_out() {
        let file = r#"{"layout":"pane","panes":[],"focused":3}"#;
        assert_eq!(restored(file).model.panes.count(), 1);
    }

    #[test]
    fn a_pane_whose_conversation_is_gone_begins_a_new_one() {
        let mut app = App::new(160, 40);
        app.turn("one", "first");
        let id = app.model.open.conversation.id;
        let file = kept(&app.keys("ctrl-x w v ctrl-x n")).unwrap();
        let mut app = restored(&file);
        let reason = "it is in the trash".to_owned();
        app.send(Message::ConversationNotLoaded { conversation: id, reason });
        app.keys("ctrl-x 1");
        assert_eq!(app.model.open.stored(), None);
    }
}
