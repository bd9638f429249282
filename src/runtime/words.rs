//! The words of answers on their way to the model: what came since the last frame is told in one piece.
//!
//! A model says hundreds of words a second and a screen shows sixty frames of them. Between two frames nobody sees
//! what each of them changes, and to lay out a paragraph once costs as much as to lay it out for every word. What is
//! held is told before anything else is, so that everything happens in the order in which it came.

use jiff::Timestamp;

use crate::app::Message;
use crate::chat::{StreamEvent, TurnId};
use crate::turns::TurnEvent;

/// Words that were not told yet.
#[derive(Debug, Default)]
pub(super) struct Words {
    held: Option<Held>,
}

/// Words of one turn, and of one kind.
#[derive(Debug)]
struct Held {
    turn: TurnId,
    said: StreamEvent,
    at: Timestamp,
}

impl Words {
    /// Takes a message in. What comes out is to be told now, in this order.
    pub fn take(&mut self, message: Message) -> impl Iterator<Item = Message> + use<> {
        let (before, now) = match message {
            Message::Turn { turn, event: TurnEvent::Said(said), at } if is_words(&said) => {
                (self.join(turn, said, at), None)
            }
            other => (self.release(), Some(other)),
        };
        before.into_iter().chain(now)
    }

    /// What was held.
    pub fn release(&mut self) -> Option<Message> {
        let Held { turn, said, at } = self.held.take()?;
        Some(Message::Turn { turn, event: TurnEvent::Said(said), at })
    }

    /// Holds words, behind those which they go on from. Others come out.
    fn join(&mut self, turn: TurnId, said: StreamEvent, at: Timestamp) -> Option<Message> {
        if let Some(held) = self.held.as_mut().filter(|held| held.turn == turn) {
            match (&mut held.said, &said) {
                (StreamEvent::Text(held), StreamEvent::Text(more))
                | (StreamEvent::Reasoning(held), StreamEvent::Reasoning(more)) => {
                    held.push_str(more);
                    return None;
                }
                _ => {}
            }
        }
        let before = self.release();
        self.held = Some(Held { turn, said, at });
        before
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
        let tick = || Message::Tick { at: Timestamp::UNIX_EPOCH };
        let mut words = Words::default();
        let mut told: Vec<Message> = Vec::new();
        for message in [
            said(1, thought("so ")),
            said(1, thought("be it")),
            said(1, text("one ")),
            said(2, text("other ")),
            said(2, text("words")),
            said(1, text("two")),
            tick(),
            tick(),
            said(1, text(" three")),
        ] {
            told.extend(words.take(message));
        }
        told.extend(words.release());
        told.extend(words.release());
        let expected = [
            said(1, thought("so be it")),
            said(1, text("one ")),
            said(2, text("other words")),
            said(1, text("two")),
            tick(),
            tick(),
            said(1, text(" three")),
        ];
        assert_eq!(format!("{told:#?}"), format!("{expected:#?}"));
    }
}
