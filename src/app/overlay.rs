//! What floats above the panes, as data, and the rows of each list.

use jiff::Timestamp;

use crate::catalog::{ListSource, ModelInfo};
use crate::chat::{ConversationId, EndpointName, KeyLabel, MessageId, Money, Route};
use crate::config::{Endpoint, PriceConfig};
use crate::keys::KeyState;
use crate::storage::Hit;
use crate::t;
use crate::telemetry::UsageReport;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::{euros, kind_name};
use super::command::{COMMANDS, Command, Needs};
use super::effect::UsageQuery;
use super::form::Form;
use super::model::{KeyOf, Model, Refresh};
use super::picker::{Choice, Entry, List};

/// Something that floats, or a page that covers the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// A list that filters.
    List(List),
    /// A form.
    Form(Form),
    /// A question before something is done.
    Confirm(Confirm),
    /// The help page, from this line on.
    Help(usize),
    /// The usage page.
    Usage(UsagePage),
}

/// What Enter or `y` will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Put a message and all below it in the trash; so many messages.
    Message(MessageId, usize),
    /// Put a conversation in the trash.
    Conversation(ConversationId),
}

/// Totals over a range.
#[derive(Clone, Debug, PartialEq)]
pub struct UsagePage {
    /// What is shown, or on its way.
    pub query: UsageQuery,
    /// The totals.
    pub state: UsageState,
}

/// Whether totals are there.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageState {
    /// They are being added up.
    Loading,
    /// They are here.
    Here(Box<UsageReport>),
    /// They could not be added up.
    Failed(Safe),
}

/// Whether a command can be done now.
pub fn is_available(model: &Model, command: &Command) -> bool {
    match command.needs {
        Needs::Nothing => true,
        Needs::Message => !model.pane.conversation.tree.is_empty(),
        Needs::LiveTurn => model.live().is_some(),
        Needs::Stored => model.pane.draft_of().is_some(),
        Needs::Undo => !model.undo.is_empty(),
    }
}

/// Every command that can be done now, with its keys.
pub fn palette(model: &Model) -> Vec<Entry> {
    let mut commands: Vec<&Command> =
        COMMANDS.iter().filter(|command| is_available(model, command)).collect();
    commands.sort_by_key(|command| command.section);
    commands
        .into_iter()
        .map(|command| Entry {
            choice: Choice::Command(command.id),
            sign: Safe::default(),
            owner: sanitise(&format!("/{}", command.name)),
            name: (command.line)(),
            detail: sanitise(model.keymap.keys_of(command.id).first().map_or("", String::as_str)),
        })
        .collect()
}

/// The models that can be asked: starred, then used lately, then the rest in the order of their lists.
pub fn models(model: &Model, only: Option<&EndpointName>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut rest = Vec::new();
    let wanted = |endpoint: &EndpointName| only.is_none_or(|only| only == endpoint);
    for route in &model.choices.favourites {
        if wanted(&route.endpoint) {
            entries.push(model_entry(model, route, model.model_info(route)));
        }
    }
    for route in &model.choices.recents {
        if wanted(&route.endpoint) && !model.choices.favourites.contains(route) {
            entries.push(model_entry(model, route, model.model_info(route)));
        }
    }
    for endpoint in model.config.endpoints.iter().filter(|endpoint| wanted(&endpoint.name)) {
        for key in keys_of(model, endpoint) {
            let of = KeyOf { endpoint: endpoint.name.clone(), key };
            match model.models.get(&of) {
                Some(models) => {
                    if let Some(error) = &models.list.error {
                        rest.push(failed_entry(
                            &of,
                            &t!(
                                "app-list-failed",
                                kind = kind_name(error.kind),
                                reason = short(&error.message)
                            ),
                        ));
                    }
                    rest.extend(models.list.models.iter().map(|info| {
                        let route = Route {
                            endpoint: of.endpoint.clone(),
                            key: of.key.clone(),
                            model: info.id.clone(),
                        };
                        model_entry(model, &route, Some(info))
                    }));
                }
                // Asked for by name, an endpoint shows what its configuration lists.
                None if only.is_some() || model.is_usable(endpoint, &of.key) && endpoint.api.is_built() => {
                    rest.extend(endpoint.models.default.iter().map(|id| {
                        let route =
                            Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id.clone() };
                        model_entry(model, &route, None)
                    }));
                }
                None => {}
            }
        }
    }
    let top: Vec<Choice> = entries.iter().map(|entry| entry.choice.clone()).collect();
    entries.extend(rest.into_iter().filter(|entry| !top.contains(&entry.choice)));
    entries
}

fn failed_entry(of: &KeyOf, reason: &Safe) -> Entry {
    Entry {
        choice: Choice::Key(of.clone()),
        sign: sanitise("✗"),
        owner: owner(of),
        name: reason.clone(),
        detail: Safe::default(),
    }
}

fn model_entry(model: &Model, route: &Route, info: Option<&ModelInfo>) -> Entry {
    let of = KeyOf::from(route);
    let mut facts: Vec<String> = Vec::new();
    if let Some(context) = info.and_then(|info| info.context) {
        facts.push(short_count(context));
    }
    if let Some(price) = info.and_then(|info| info.price) {
        facts.push(price_text(price.input, price.output, &model.config.prices));
    }
    facts.push(age_text(model, &of).into_string());
    let starred = model.choices.favourites.contains(route);
    Entry {
        choice: Choice::Route(route.clone()),
        sign: sanitise(if starred { "★" } else { "" }),
        owner: owner(&of),
        name: sanitise_line(route.model.as_str()),
        detail: sanitise(&facts.join("  ")),
    }
}

/// `ENDPOINT/KEY`; the plain key's label is left out.
pub fn owner(of: &KeyOf) -> Safe {
    if of.key.as_str() == KeyLabel::DEFAULT {
        return sanitise_line(of.endpoint.as_str());
    }
    sanitise_line(&format!("{}/{}", of.endpoint, of.key))
}

fn price_text(input: Money, output: Money, prices: &PriceConfig) -> String {
    let euros = |dollars: Money| {
        let cents = (dollars.convert(prices.eur_per_usd).nanos() + 5_000_000) / 10_000_000;
        format!("{}.{:02}", cents / 100, cents % 100)
    };
    if input == Money::ZERO && output == Money::ZERO {
        return t!("app-free").into_string();
    }
    t!("app-per-million", input = euros(input), output = euros(output)).into_string()
}

/// A count in thousands or millions: `128k`, `1.2M`.
pub fn short_count(count: u64) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=999_999 => format!("{}k", count / 1_000),
        1_000_000.. => format!("{}.{}M", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

fn age_text(model: &Model, of: &KeyOf) -> Safe {
    let Some(models) = model.models.get(of) else { return t!("app-age-configured") };
    if models.refresh == Refresh::Running {
        return t!("app-age-refreshing");
    }
    match (models.list.source, models.list.fetched) {
        (ListSource::Live | ListSource::Cache, Some(fetched)) => age(model.now, fetched),
        (ListSource::Live | ListSource::Cache, None) | (ListSource::Config | ListSource::Builtin, _) => {
            t!("app-age-configured")
        }
    }
}

/// How long ago, in words.
pub fn age(now: Timestamp, then: Timestamp) -> Safe {
    let seconds = now.as_second() - then.as_second();
    match seconds {
        ..60 => t!("app-age-now"),
        60..3600 => t!("app-age-minutes", count = seconds / 60),
        3600..86_400 => t!("app-age-hours", count = seconds / 3600),
        86_400.. => t!("app-age-days", count = seconds / 86_400),
    }
}

/// The labels of an endpoint's keys: configured ones in order, then stored ones.
pub fn keys_of(model: &Model, endpoint: &Endpoint) -> Vec<KeyLabel> {
    let mut labels: Vec<KeyLabel> = endpoint.keys.iter().map(|key| key.label.clone()).collect();
    for of in model.key_states.keys().filter(|of| of.endpoint == endpoint.name) {
        if !labels.contains(&of.key) {
            labels.push(of.key.clone());
        }
    }
    if labels.is_empty() {
        labels.push(KeyLabel::default());
    }
    labels
}

/// Every endpoint and key, with its state; local servers that answer come first after the person's own.
pub fn endpoints(model: &Model) -> Vec<Entry> {
    let mut entries = Vec::new();
    for endpoint in &model.config.endpoints {
        for key in keys_of(model, endpoint) {
            let of = KeyOf { endpoint: endpoint.name.clone(), key };
            let current = KeyOf::from(&model.pane.route) == of;
            let count =
                model.models.get(&of).map(|models| models.list.models.len()).filter(|count| *count > 0);
            entries.push(Entry {
                sign: sanitise(if current { "●" } else { "" }),
                owner: owner(&of),
                name: endpoint_state(model, endpoint, &of),
                detail: match count {
                    Some(count) => t!("app-endpoint-models", count = count, age = age_text(model, &of)),
                    None => Safe::default(),
                },
                choice: Choice::Key(of),
            });
        }
    }
    entries
}

fn endpoint_state(model: &Model, endpoint: &Endpoint, of: &KeyOf) -> Safe {
    if !endpoint.api.is_built() && endpoint.name.as_str() != super::model::DEMO {
        return t!("app-endpoint-not-built", api = endpoint.api.name());
    }
    match model.key_states.get(of) {
        Some(KeyState::Missing) => return t!("app-endpoint-needs-key"),
        Some(KeyState::Unset(variable)) => return t!("app-endpoint-unset", variable = variable.as_str()),
        Some(KeyState::Expired(_)) => return t!("app-endpoint-expired"),
        Some(KeyState::Ready(_)) | None => {}
    }
    let error = model.models.get(of).and_then(|models| models.list.error.as_ref());
    if let Some(error) = error {
        return t!("app-endpoint-failed", kind = kind_name(error.kind), reason = short(&error.message));
    }
    if model.local.contains(&of.endpoint) {
        return t!("app-endpoint-local");
    }
    match model.key_states.get(of) {
        Some(_) => t!("app-endpoint-ready"),
        None => Safe::default(),
    }
}

/// The beginning of an untrusted message, for a row.
fn short(text: &str) -> Safe {
    crate::text::width::truncate(&sanitise_line(text), 60)
}

/// The stored conversations.
pub fn conversations(model: &Model) -> Vec<Entry> {
    model
        .conversations
        .iter()
        .map(|summary| {
            let cost = summary.cost_eur.map(|cost| format!("  {}", euros(cost))).unwrap_or_default();
            let branches =
                if summary.branches > 1 { format!("⑂{}  ", summary.branches) } else { String::new() };
            Entry {
                choice: Choice::Conversation(summary.id),
                sign: sanitise(if summary.id == model.pane.conversation.id { "●" } else { "" }),
                owner: Safe::default(),
                name: title_or_untitled(&summary.title),
                detail: sanitise(&format!("{branches}{}{cost}", age(model.now, summary.updated))),
            }
        })
        .collect()
}

/// A title as it is shown.
pub fn title_or_untitled(title: &str) -> Safe {
    if title.trim().is_empty() { t!("app-untitled") } else { sanitise_line(title) }
}

/// Messages that were found.
pub fn hits(hits: &[Hit]) -> Vec<Entry> {
    hits.iter()
        .map(|hit| Entry {
            choice: Choice::Message(hit.conversation, hit.message),
            sign: Safe::default(),
            owner: crate::text::width::truncate(&title_or_untitled(&hit.title), 24),
            name: sanitise_line(&hit.snippet),
            detail: Safe::default(),
        })
        .collect()
}

/// Prompts, newest first.
pub fn prompts(model: &Model) -> Vec<Entry> {
    let entry = |prompt: &String| Entry {
        choice: Choice::Prompt(prompt.clone()),
        sign: Safe::default(),
        owner: Safe::default(),
        name: sanitise_line(prompt),
        detail: Safe::default(),
    };
    model.history.entries().iter().rev().map(entry).collect()
}

/// The code blocks of a message that is laid out.
pub fn code_blocks(model: &Model, message: MessageId) -> Vec<Entry> {
    let Some(block) = model.pane.layouts.get(message) else { return Vec::new() };
    block
        .code()
        .map(|code| Entry {
            choice: Choice::Copy(code.source.clone()),
            sign: sanitise(&code.number.to_string()),
            owner: sanitise_line(&code.language),
            name: sanitise_line(code.source.lines().next().unwrap_or_default()),
            detail: t!("app-lines", count = code.source.lines().count()),
        })
        .collect()
}
