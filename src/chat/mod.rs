//! The conversation and everything said in it, as plain data.
//!
//! This is the floor of the house: every other module speaks in these words, and this one knows none of
//! them. Nothing here does IO, reads a clock or makes an id; times and ids are handed in.
//!
//! | file | subject |
//! |---|---|
//! | [`ids`] | newtyped ids and names |
//! | [`message`] | a message, its status, what it was made with |
//! | [`part`] | what a message is made of |
//! | [`picture`] | what the beginning of an image tells of it |
//! | [`tree`] | the conversation tree, siblings, branches, the chosen branch |
//! | [`order`] | the order a person gave siblings |
//! | [`marks`] | stars, labels and former versions of messages |
//! | [`context`] | what a branch's requests leave out |
//! | [`summary`] | what stands for the beginning of a branch in its requests |
//! | [`estimate`] | how many tokens something has, about |
//! | [`fence`] | a file's text in a prompt |
//! | [`fork`] | parts of a conversation as a new one |
//! | [`shelf`] | how conversations stand in a list: pinned, archived, tagged, by date |
//! | [`settings`] | what a person sets on a conversation: system prompt and parameters |
//! | [`request`] | what is asked of a model, before any wire format |
//! | [`stream`] | what a model says while it answers, and how an answer is folded from it |
//! | [`usage`] | tokens, with "not reported" kept apart from zero |
//! | [`money`] | amounts in integer nano-units |
//! | [`price`] | what tokens cost: rates, tiers of long prompts |
//! | [`tokens`] | how many tokens a text has, about |
//! | [`forecast`] | what a request that is not sent yet will use, about |
//! | [`totals`] | what a conversation adds up to |
//! | [`failure`] | the one typed error of a turn |

pub mod context;
pub mod estimate;
pub mod failure;
pub mod fence;
pub mod forecast;
pub mod fork;
pub mod ids;
pub mod marks;
pub mod message;
pub mod money;
pub mod order;
pub mod part;
pub mod picture;
pub mod preset;
pub mod price;
pub mod request;
pub mod settings;
pub mod shelf;
pub mod stream;
pub mod summary;
pub mod tokens;
pub mod totals;
pub mod tree;
pub mod usage;

pub use context::{Presence, RuleChange};
pub use failure::{ErrorKind, Failure};
pub use fork::{Fork, Forked, Reach};
pub use ids::{AliasName, ConversationId, EndpointName, KeyLabel, MessageId, ModelId, Route, TurnId};
pub use marks::{Kept, Mark, Revision};
pub use message::{Message, Provenance, Role, Status, Tried};
pub use money::{Money, Rate};
pub use order::Rank;
pub use part::{
    Media, MediaData, Part, ProviderState, ServerTool, Source, ToolCall, ToolOutcome, ToolResult,
};
pub use preset::Preset;
pub use price::{Price, Rates, Tier};
pub use request::{ChatRequest, RequestMessage, Tool};
pub use settings::Settings;
pub use shelf::{DateGroup, Shelf};
pub use stream::{Answer, End, FinishReason, StreamEvent, last_said};
pub use summary::Summary;
pub use totals::Totals;
pub use tree::{Conversation, Tree};
pub use usage::Usage;
