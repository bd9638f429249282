//! The words of answers on their way to the model: what came since the last frame is told in one piece.
//!
//! A model says hundreds of words a second and a screen shows sixty frames of them. Between two frames nobody sees
//! what each of them changes, and to wake the loop and to lay out a paragraph for each costs as much as for all. So a
//! turn adds its words to what is held, and whoever draws takes them; what else the turn has to tell comes behind them,
//! so that everything happens in the order in which it came.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::app::Message;
use crate::chat::{StreamEvent, TurnId};
use crate::turns::TurnEvent;

/// Words that were not told yet, of every turn that runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Words(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// In the order in which they came.
    held: Mutex<Vec<Held>>,
    came: Notify,
}

/// Words of one turn, and of one kind.
#[derive(Debug)]
struct Held {
    turn: TurnId,
    said: StreamEvent,
    at: Timestamp,
}

impl Held {
    fn told(self) -> Message {
        let Self { turn, said, at } = self;
        Message::Turn { turn, event: TurnEvent::Said(said), at }
    }
}

impl Words {
    /// Takes in what a turn tells. What comes out is to be told now, in this order: nothing where words were added to
    /// those that are held, else what was held of the turn and what follows it.
    pub fn take(&self, turn: TurnId, event: TurnEvent, at: Timestamp) -> Vec<Message> {
        match event {
            TurnEvent::Said(said) if is_words(&said) => {
                self.hold(Held { turn, said, at });
                Vec::new()
            }
            other => {
                let mut held = self.held();
                let mut told: Vec<Message> =
                    held.extract_if(.., |held| held.turn == turn).map(Held::told).collect();
                told.push(Message::Turn { turn, event: other, at });
                told
            }
        }
    }

    /// What was held, of all turns.
    pub fn release(&self) -> Vec<Message> {
        self.held().drain(..).map(Held::told).collect()
    }

    /// Waits until words are held where there were none.
    pub async fn came(&self) {
        self.0.came.notified().await;
    }

    fn held(&self) -> MutexGuard<'_, Vec<Held>> {
        // What is held is whole after every step.
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds words, behind those which they go on from.
    fn hold(&self, words: Held) {
        let mut held = self.held();
        if held.is_empty() {
            self.0.came.notify_one();
        }
        let before = held.iter_mut().rfind(|held| held.turn == words.turn);
        match (before.map(|before| &mut before.said), &words.said) {
            (Some(StreamEvent::Text(held)), StreamEvent::Text(more))
            | (Some(StreamEvent::Reasoning(held)), StreamEvent::Reasoning(more)) => held.push_str(more),
            (_, _) => held.push(words),
        }
    }
}

fn is_words(said: &StreamEvent) -> bool {
    matches!(said, StreamEvent::Text(_) | StreamEvent::Reasoning(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(turn: u128, said: StreamEvent) -> Message {
        let turn = TurnId(uuid::Uuid::from_u128(turn));
        Message::Turn { turn, event: TurnEvent::Said(said), at: Timestamp::UNIX_EPOCH }
    }

    fn text(of: &str) -> StreamEvent {
        StreamEvent::Text(of.to_owned())
    }

    fn thought(of: &str) -> StreamEvent {
        StreamEvent::Reasoning(of.to_owned())
    }

    #[test]
    fn words_of_a_turn_are_told_in_one_piece_and_before_what_follows_them() {
        let words = Words::default();
        let take = |turn: u128, event: StreamEvent| {
            words.take(TurnId(uuid::Uuid::from_u128(turn)), TurnEvent::Said(event), Timestamp::UNIX_EPOCH)
        };
        let mut told: Vec<Message> = Vec::new();
        for (turn, event) in [
            (1, thought("so ")),
            (1, thought("be it")),
            (1, text("one ")),
            (2, text("other ")),
            (1, text("two")),
            (2, text("words")),
            (1, StreamEvent::ModelServed("m".into())),
            (1, text(" three")),
        ] {
            told.extend(take(turn, event));
        }
        assert_eq!(
            format!("{told:#?}"),
            format!(
                "{:#?}",
                [
                    said(1, thought("so be it")),
                    said(1, text("one two")),
                    said(1, StreamEvent::ModelServed("m".into())),
                ]
            )
        );
        let rest = [said(2, text("other words")), said(1, text(" three"))];
        assert_eq!(format!("{:#?}", words.release()), format!("{rest:#?}"));
        assert_eq!(words.release().len(), 0);
    }

    #[tokio::test]
    async fn whoever_draws_is_woken_once_until_it_takes_the_words() {
        let words = Words::default();
        let take =
            |event| words.take(TurnId(uuid::Uuid::nil()), TurnEvent::Said(event), Timestamp::UNIX_EPOCH);
        take(text("one "));
        take(text("two"));
        words.came().await;
        assert!(futures::poll!(std::pin::pin!(words.came())).is_pending());
        words.release();
        take(text("three"));
        words.came().await;
    }
}
