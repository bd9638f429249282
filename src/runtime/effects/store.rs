//! Conversations, drafts, the trash and the last choices.

use std::io;
use std::path::Path;

use jiff::Timestamp;
use uuid::Uuid;

use super::Effects;
use crate::app::resume::Unfinished;
use crate::app::session::Session;
use crate::app::{Extent, Message, SearchId};
use crate::chat::{Conversation, ConversationId, Mark, MessageId, Part, Preset, Rank, RuleChange, Settings};
use crate::storage::choices::Choices;
use crate::storage::sets::{self, Set};
use crate::storage::trials::{self, Trial};
use crate::storage::{DraftPlace, Order, Searcher, ShelfChange, Store, StoreError, presets, session};

/// The messages that fill the largest screen, read before the rest.
const FIRST_SCREEN: usize = 24;
/// The most hits a search in the app shows.
const HITS: usize = 100;

fn failed(error: &StoreError) -> Message {
    Message::StorageFailed { reason: error.explain().into_string() }
}

impl Effects {
    /// Runs a job and sends its answer, or its failure.
    fn ask<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<R, StoreError> + Send + 'static,
        answer: impl FnOnce(R) -> Option<Message> + Send + 'static,
    ) {
        let answered = self.storage.call(job);
        self.spawn(async move {
            match answered.await {
                Ok(result) => answer(result),
                Err(error) => Some(failed(&error)),
            }
        });
    }

    /// Runs a job that only its failure is told of. The job is queued here and now, so that writes keep the
    /// order they were asked in.
    fn write(&self, job: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static) {
        let messages = self.messages.clone();
        self.storage.post(move |store| {
            job(store).inspect_err(|error| {
                // A full queue means a busy loop, which will be told of the next failure.
                let _ = messages.try_send(failed(error));
            })
        });
    }

    pub(super) fn load_conversation(&self, id: ConversationId) {
        let (storage, messages) = (self.storage.clone(), self.messages.clone());
        self.spawn(async move {
            let tail = storage
                .call(move |store| {
                    let tail = (store.load_tail(id, FIRST_SCREEN)?, store.totals(id)?);
                    Ok((tail, store.draft(Some(id))?, store.placed_drafts(id)?))
                })
                .await;
            let gone = |error: StoreError| {
                Some(Message::ConversationNotLoaded {
                    conversation: id,
                    reason: error.explain().into_string(),
                })
            };
            let (tail, draft, drafts) = match tail {
                Ok(read) => read,
                Err(error) => return gone(error),
            };
            let loaded = |conversation, extent, draft| Message::ConversationLoaded {
                conversation: Box::new(conversation),
                extent,
                draft,
            };
            let (tail, totals) = tail;
            if !drafts.is_empty() {
                let _ = messages.send(Message::DraftsLoaded { conversation: id, drafts }).await;
            }
            let _ = messages.send(loaded(tail, Extent::Tail(totals), Some(draft))).await;
            match storage.call(move |store| store.load(id)).await {
                Ok(whole) => Some(loaded(whole, Extent::Whole, None)),
                Err(error) => gone(error),
            }
        });
    }

    pub(super) fn place_draft(&self, conversation: ConversationId, place: DraftPlace, text: String) {
        self.write(move |store| store.place_draft(conversation, place, &text));
    }

    pub(super) fn load_draft(&self) {
        self.ask(|store| store.draft(None), |text| Some(Message::DraftLoaded { text }));
    }

    pub(super) fn list_conversations(&self) {
        self.ask(|store| store.list(None), |all| Some(Message::ConversationsListed(all)));
    }

    pub(super) fn find_unfinished(&self) {
        self.ask(
            |store| store.unfinished(),
            |found| {
                let (conversation, title) = found?;
                Some(Message::UnfinishedFound(Unfinished { conversation, title }))
            },
        );
    }

    /// A search gives way to the next one, which every letter asks for.
    pub(super) fn search(&mut self, search: SearchId, words: String, order: Order) {
        let (storage, database) = (&self.storage, self.paths.database());
        let searcher = self.searcher.get_or_insert_with(|| Searcher::start(storage, database));
        let found = searcher.search(words, order, HITS);
        self.spawn(async move {
            match found.await {
                Ok(hits) => hits.map(|hits| Message::Searched { search, hits }),
                Err(error) => Some(failed(&error)),
            }
        });
    }

    pub(super) fn stop_search(&self) {
        if let Some(searcher) = &self.searcher {
            searcher.stop();
        }
    }

    pub(super) fn change_shelf(&self, conversation: ConversationId, change: ShelfChange) {
        self.write(move |store| store.change_shelf(conversation, &change, Timestamp::now()));
    }

    pub(super) fn store_conversation(&self, conversation: Conversation) {
        self.write(move |store| store.import(&conversation));
    }

    pub(super) fn revise(&self, conversation: ConversationId, message: MessageId, parts: Vec<Part>) {
        self.write(move |store| store.revise(conversation, message, &parts, Timestamp::now()));
    }

    pub(super) fn load_revisions(&self, conversation: ConversationId, message: MessageId) {
        self.ask(
            move |store| store.revisions(conversation, message),
            move |revisions| Some(Message::RevisionsRead { conversation, message, revisions }),
        );
    }

    pub(super) fn set_rule(&self, conversation: ConversationId, change: RuleChange) {
        self.write(move |store| store.set_rule(conversation, change));
    }

    pub(super) fn set_ranks(&self, conversation: ConversationId, ranks: Vec<(MessageId, Rank)>) {
        self.write(move |store| store.set_ranks(conversation, &ranks));
    }

    pub(super) fn rename(&self, conversation: ConversationId, title: String) {
        self.write(move |store| store.rename(conversation, &title, Timestamp::now()));
    }

    pub(super) fn trash(&self, conversation: ConversationId, message: Option<MessageId>) {
        self.ask(
            move |store| store.trash(conversation, message, Timestamp::now()),
            move |trash| Some(Message::Trashed { trash, conversation }),
        );
    }

    pub(super) fn restore(&self, id: Uuid) {
        self.ask(move |store| store.restore(&id.to_string()), |restored| Some(Message::Restored(restored)));
    }

    pub(super) fn list_trash(&self) {
        self.ask(|store| store.trashed(), |trash| Some(Message::TrashListed(trash)));
    }

    pub(super) fn empty_trash(&self) {
        self.ask(Store::empty_trash, |emptied| Some(Message::TrashEmptied(emptied)));
    }

    pub(super) fn choose(&self, conversation: ConversationId, choices: Vec<(Option<MessageId>, MessageId)>) {
        self.write(move |store| store.choose(conversation, &choices));
    }

    pub(super) fn set_mark(&self, conversation: ConversationId, message: MessageId, mark: Mark) {
        self.write(move |store| store.set_mark(conversation, message, &mark));
    }

    pub(super) fn set_settings(&self, conversation: ConversationId, settings: Settings) {
        self.write(move |store| store.set_settings(conversation, &settings));
    }

    pub(super) fn set_draft(&self, conversation: Option<ConversationId>, text: String) {
        self.write(move |store| store.set_draft(conversation, &text));
    }

    // Small files, written at once: the app may be leaving.

    pub(super) fn save_choices(&self, choices: Choices) {
        self.told(choices.save(&self.paths.state));
    }

    pub(super) fn save_presets(&self, own: &[Preset]) {
        self.told(presets::save(&self.paths.state, own));
    }

    pub(super) fn save_session(&self, kept: Option<&Session>) {
        self.told(session::save(&self.paths.state, kept));
    }

    fn told(&self, written: std::io::Result<()>) {
        if let Err(error) = written {
            let _ = self.messages.try_send(Message::StorageFailed { reason: error.to_string() });
        }
    }

    pub(super) fn load_sets(&self) {
        let state = self.paths.state.clone();
        self.spawn_blocking(move || Some(Message::SetsKnown(sets::load(&state))));
    }

    /// A small file, written at once: the app may be leaving.
    pub(super) fn change_sets(&self, change: impl FnOnce(&Path) -> io::Result<Vec<Set>>) {
        let told = match change(&self.paths.state) {
            Ok(sets) => Message::SetsKnown(sets),
            Err(error) => Message::StorageFailed { reason: error.to_string() },
        };
        let _ = self.messages.try_send(told);
    }

    /// A line of a file, written at once: the app may be leaving.
    pub(super) fn keep_trial(&self, trial: &Trial) {
        if let Err(error) = trials::append(&self.paths.data, trial) {
            let _ = self.messages.try_send(Message::StorageFailed { reason: error.to_string() });
        }
    }

    pub(super) fn load_wins(&self) {
        let data = self.paths.data.clone();
        self.spawn_blocking(move || {
            Some(match trials::wins(&data) {
                Ok(wins) => Message::WinsKnown(wins),
                Err(error) => Message::StorageFailed { reason: error.to_string() },
            })
        });
    }
}
