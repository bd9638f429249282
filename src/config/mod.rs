//! Configuration: find, load, include, merge, validate, explain.
//!
//! Files are parsed once, here, into [`Config`]; nothing inside re-checks. Every problem carries its file,
//! line and column, and all of them are told at once. Values that name environment variables stay
//! [`Template`]s until an endpoint is used, because an unset variable is only an error then.

//!
//! | file | subject |
//! |---|---|
//! | [`model`] | the validated configuration, as plain data |
//! | `problem` | what is wrong, and its place in a file |
//! | `template` | text with `${NAME}`, and the environment it is expanded with |
//! | [`router`](mod@router) | aliases, their routes, limits |
//! | [`prices`] | the rate prices are shown at, and the person's own prices |
//! | [`access`] | linear mode, motion, notices, the title |
//! | [`adapter`] | the `adapter` block: what an endpoint that is declared in YAML says |
//! | [`expression`] | jq expressions: compiled when they are used, bounded |
//! | [`paths`] | where files live |
//! | [`private`] | files that only their owner may read |
//! | `node` | YAML as a tree that knows its places |
//! | `schema`, `check` | what may stand in a file, as tables; telling everything that may not |
//! | `files` | the files of one load, and how far each is trusted |
//! | `litellm` | LiteLLM's `config.yaml` in the words of a Loquat file |
//! | `merge` | laying one file over another |
//! | `budgets` | what may be spent |
//! | `telemetry` | how long the log's months are kept |
//! | [`sinks`](mod@sinks) | who gets request events |
//! | `look` | themes, background and colours, as they are asked for |
//! | [`quirks`] | what each terminal can do, as the environment tells which it is |
//! | [`leaves`](mod@leaves) | a small file of its own, value by value |
//! | [`azure`], [`bedrock`] | what only these endpoints have |
//! | `build`, `endpoints`, `aliases`, `identity`, `values`, `vertex` | the configuration of the merged tree |
//! | [`load`](mod@load) | finding, reading and including files |
//! | [`show`](mod@show) | the configuration in effect, secrets masked; the file to start from |
//! | `explain` | what an alias leads to, and from which lines |

pub mod access;
pub mod adapter;
mod aliases;
pub mod azure;
pub mod bedrock;
mod budgets;
mod build;
mod check;
mod endpoints;
mod explain;
pub mod expression;
mod files;
mod identity;
pub mod leaves;
mod litellm;
pub mod load;
mod look;
mod merge;
pub mod model;
mod node;
pub mod paths;
mod presets;
pub mod prices;
pub mod private;
mod problem;
mod prompts;
pub mod quirks;
pub mod router;
mod schema;
pub mod show;
pub mod sinks;
mod telemetry;
mod template;
#[cfg(test)]
mod tests;
mod values;
mod vertex;

pub use adapter::Adapter;
pub use azure::{AZURE_DEPLOYMENT, AZURE_INSTANCE, Azure, AzureGroup, AzureHost, AzureModel};
pub use bedrock::{BedrockConfig, GuardrailConfig};
pub use budgets::{Budget, Each, Period};
pub use check::did_you_mean;
pub use explain::explain;
pub use expression::Expression;
pub use load::{load, load_to_use, sources};
pub use look::{Background, ColorDepth, Images, ThemeName, Themes};
pub use model::*;
pub use paths::Paths;
pub use prices::{PriceConfig, PriceRow, RateTold};
pub use problem::{Location, Problem, Severity};
pub use prompts::{SavedPrompt, is_prompt_name};
pub use router::{Alias, AliasMatch, AliasRoute, Cooldown, Limits, OnCut, RouterConfig, Strategy};
pub use sinks::{Encoding, HttpSink, Shape, SinkConfig, SinkTarget};
pub use telemetry::{FootprintConfig, Retention, TelemetryConfig, Then, ZONES};
pub use template::{Env, Template, USER_PROVIDED, UnsetVariable};
