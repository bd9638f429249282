//! The app without a terminal: what it knows ([`Model`]), what can happen ([`Message`]), what it asks for
//! ([`Effect`]), and [`update()`], which turns the second into changes of the first and a list of the third.
//!
//! Nothing here does IO, reads a clock or makes a random number; times come with messages and ids are made
//! from them and a seed. The same messages therefore give the same model, and every rule of the interface
//! can be tested as keys in, effects out.
//!
//! | file | subject |
//! |---|---|
//! | [`model`] | the state, in types that cannot disagree |
//! | [`message`], [`effect`] | what comes in, what goes out |
//! | [`command`], [`keymap`] | the one table of commands, and the keys that lead to them |
//! | [`strip`] | what may follow the keys of a chord |
//! | [`pane`], [`panes`], [`split`] | a view of a branch, several of them, and how they share the screen |
//! | [`session`] | the panes as they were left |
//! | [`resume`] | the answer in whose middle an earlier run ended |
//! | [`composer`] | the prompt being written, and prompt history |
//! | [`complete`], [`prompts`] | what `/` and `@` offer; saved prompts and their variables |
//! | [`burst`], [`recall`] | keys that came at once; prompts of before, looked through while one types |
//! | [`block`], [`transcript`] | messages as rows, the anchor of what is being read |
//! | `place`, `stops`, [`fold`] | a place that outlives its rows; headings and code to go to; what shows its reasoning |
//! | [`pill`], [`mod@print`] | how much is below what is read; the branch as text for the terminal's scrollback |
//! | [`graph`], [`tree`] | the conversation's tree as rows with lanes; the tree page |
//! | `marks` | stars and labels of messages |
//! | `walk`, [`jumps`] | ways through the tree; back to where one was, and forward again |
//! | [`temporary`] | conversations of which nothing is stored |
//! | `conversation` | the conversation that is open, and its draft |
//! | `fork`, `acts`, `quote` | parts of a conversation as a new one; what is done to messages in their place; quotations |
//! | [`pictures`] | the pictures of a branch, one at a time |
//! | [`compare`], [`lens`] | two messages beside each other; what the next prompt would send |
//! | [`fanout`], [`lanes`], [`blind`] | one question to several models, their answers beside each other, judged without names |
//! | [`ghost`] | a branch asked again of another model |
//! | [`forecast`] | what Enter would send and what that will cost |
//! | [`fit`], [`summarise`] | requests too long for a model, and what can be done; a summary on its way |
//! | `title` | what conversations are called until somebody says better |
//! | [`turn`] | sending, regenerating, continuing, and a turn's events |
//! | [`overlay`], [`form`], [`field`], [`picker`] | what floats above the panes |
//! | [`find`], [`search`] | words in the branch that is open, in all conversations |
//! | [`shelf`] | the list of conversations and the trash |
//! | [`preset`] | presets, the configured ones and a person's own |
//! | [`select`], [`copies`], [`outward`] | text selected by its places in the source; what can be copied; files and commands that get it |
//! | [`look`] | which theme is on the screen |
//! | `lists`, [`offers`] | what lists hold and what choosing does; endpoints and models as rows |
//! | `key` | the keys of endpoints, from asked for to used |
//! | [`circuits`] | which routes the router leaves alone, for the endpoint picker |
//! | [`health`] | which endpoints are asked whether they answer, and when |
//! | [`usage`], [`budgets`] | the usage page, and the panel beside the conversation; budgets that are spent |
//! | [`configured`] | a configuration that changed while the app runs |
//! | [`update()`], `keyboard`, [`mouse`], [`run`] | what comes in; keys and clicks among it; what each command does |
//! | [`geometry`] | which rows of the screen belong to what |

mod acts;
pub mod blind;
pub mod block;
pub mod bring;
pub mod budgets;
pub mod burst;
pub mod circuits;
pub mod colours;
pub mod command;
pub mod compare;
pub mod complete;
pub mod composer;
pub mod configured;
mod conversation;
pub mod copies;
pub mod drafts;
pub mod effect;
pub mod fanout;
pub mod field;
pub mod find;
pub mod fit;
pub mod fold;
pub mod forecast;
pub mod fork;
pub mod form;
pub mod geometry;
pub mod ghost;
pub mod graph;
pub mod health;
pub mod help;
pub mod inline;
pub mod insert;
pub mod jumps;
mod key;
pub mod keyboard;
pub mod keymap;
pub mod lanes;
pub mod lens;
pub mod linear;
pub mod links;
pub mod listing;
mod lists;
pub mod look;
mod marks;
pub mod message;
pub mod model;
pub mod motion;
pub mod mouse;
mod nearby;
pub mod notice;
pub mod offers;
pub mod outward;
pub mod overlay;
pub mod pane;
pub mod panes;
pub mod picker;
pub mod pictures;
pub mod pill;
mod place;
pub mod preset;
pub mod print;
pub mod prompts;
pub mod quote;
pub mod raw;
pub mod recall;
pub mod resume;
pub mod run;
pub mod search;
pub mod select;
pub mod session;
pub mod shelf;
pub mod split;
pub mod status;
mod stops;
pub mod strip;
pub mod summarise;
pub mod tabs;
pub mod temporary;
mod title;
pub mod transcript;
pub mod tree;
pub mod turn;
mod update;
pub mod usage;
pub mod vi_escape;
mod walk;

pub use command::CommandId;
pub use effect::{Effect, KeyToStore, SearchId};
pub use message::{Copied, CopyPath, Extent, KeyStatus, Message, Size, ThroughTerminal};
pub use model::{Focus, Model};
pub use pane::Pane;
pub use update::update;

#[cfg(test)]
pub(crate) mod testing;
