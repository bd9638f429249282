//! Turns and titles.

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::{Effects, Running};
use crate::app::Message;
use crate::chat::{ConversationId, Route, TurnId};
use crate::router::{Circuit, Nudge};
use crate::runtime::words::Words;
use crate::turns::title::Exchange;
use crate::turns::{Listener, TurnEvent, TurnRequest, Turns, Wish, wishes};

/// Sends a turn's events to the loop, and holds its words until a frame.
struct ToLoop {
    turn: TurnId,
    words: Words,
    messages: mpsc::Sender<Message>,
}

impl Listener for ToLoop {
    async fn hear(&mut self, event: TurnEvent) {
        for message in self.words.take(self.turn, event, Timestamp::now()) {
            // The loop is gone only when the app is leaving; the turn still ends and is stored.
            let _ = self.messages.send(message).await;
        }
    }
}

impl Effects {
    /// Runs a turn with these, which may store it or not.
    pub(super) fn start_turn(&mut self, request: TurnRequest, turns: Turns) {
        let (wisher, wishes) = wishes();
        let turn = request.turn;
        let mut listener = ToLoop { turn, words: self.words.clone(), messages: self.messages.clone() };
        let task = tokio::spawn(async move {
            turns.run(request, None, wishes, &mut listener).await;
        });
        self.running.retain(|_, running| !running.task.is_finished());
        self.running.insert(turn, Running { wisher: Some(wisher), task });
    }

    pub(super) fn cancel_turn(&mut self, turn: TurnId) {
        if let Some(running) = self.running.get_mut(&turn) {
            running.wisher = None;
        }
    }

    /// What a person wants of a turn that waits; one that has ended since wants for nothing.
    pub(super) fn nudge_turn(&self, turn: TurnId, nudge: Nudge) {
        if let Some(wisher) = self.running.get(&turn).and_then(|running| running.wisher.as_ref()) {
            // Where so many wait to be heard already, one more of them changes nothing.
            let _ = wisher.try_send(Wish::Nudge(nudge));
        }
    }

    /// What the router knows, which may have to be read from the disk.
    pub(super) fn load_circuits(&self) {
        let router = self.turns.router.clone();
        self.spawn_blocking(move || {
            let at = Timestamp::now();
            let health = router.health(at);
            let all =
                health.routes().iter().map(|known| (known.route.clone(), health.circuit(&known.route, at)));
            let circuits = all.filter(|(_, circuit)| *circuit != Circuit::Closed).collect();
            Some(Message::CircuitsKnown { circuits, at })
        });
    }

    pub(super) fn make_title(
        &self,
        conversation: ConversationId,
        route: Route,
        prompt: String,
        answer: String,
    ) {
        let turns = self.turns.clone();
        self.spawn(async move {
            // Held until the title is made: a title that nobody waits for any more costs little.
            let (_keep, wishes) = wishes();
            let exchange = Exchange { route: &route, prompt: &prompt, answer: &answer };
            let title = turns.title(conversation, exchange, wishes).await?;
            Some(Message::TitleMade { conversation, title: title.into_string() })
        });
    }
}
