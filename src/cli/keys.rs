//! `loquat keys`: keep, list, forget and test keys.
//!
//! A key is read from the terminal without showing it, or from stdin; never from the arguments, which other
//! users of the machine can see.

use std::io::{self, BufRead, IsTerminal};

use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

use super::args::{KeysCommand, StoreArg};
use super::out::Form;
use super::stored::local;
use super::{Context, Exit};
use crate::catalog::{Catalog, ListSource};
use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel};
use crate::config::{Config, Endpoint, USER_PROVIDED, did_you_mean};
use crate::http::Transport;
use crate::keys::{EXPIRIES, KeyOrigin, KeyState, KeyStore, Keys, NewKey, Secret, StoredKey, expiry};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// No key is longer.
const MAX_KEY: u64 = 64 << 10;

/// Runs `loquat keys COMMAND`. `transport` is used only to test a key.
pub async fn run(command: &KeysCommand, context: &Context, transport: &dyn Transport) -> Exit {
    let keys = Keys::new(context.paths.clone());
    let done = match command {
        KeysCommand::Set { endpoint, label, store, base_url, expires } => {
            let wish = Wish { endpoint, label, store: *store, base_url: base_url.as_deref(), expires };
            set(&wish, &keys, context)
        }
        KeysCommand::List { json } => list(&keys, context, if *json { Form::Json } else { Form::Lines }),
        KeysCommand::Remove { endpoint, label } => remove(endpoint, label, &keys, context),
        KeysCommand::Test { endpoint, label } => test(endpoint, label, &keys, context, transport).await,
    };
    match done {
        Ok(()) => Exit::OK,
        Err(Refusal::Usage(message)) => {
            context.out.error(&t!("cli-error", message = message));
            Exit::USAGE
        }
        Err(Refusal::Failed(failure)) => context.fail(&failure),
    }
}

/// Why a command did not do what it was told.
enum Refusal {
    /// It was told something that makes no sense.
    Usage(Safe),
    /// It could not.
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What `keys set` was told.
struct Wish<'a> {
    endpoint: &'a str,
    label: &'a str,
    store: Option<StoreArg>,
    base_url: Option<&'a str>,
    expires: &'a str,
}

fn set(wish: &Wish<'_>, keys: &Keys, context: &Context) -> Result<(), Refusal> {
    let endpoint = find(&context.config, wish.endpoint)?;
    has_keys(endpoint, &context.config)?;
    let label = KeyLabel::from(wish.label.trim());
    if label.as_str().is_empty() || label.as_str().chars().any(char::is_control) {
        return Err(Refusal::Usage(t!("keys-bad-label")));
    }
    let now = Timestamp::now();
    let Some(expires) = expiry(wish.expires, now) else {
        let choices: Vec<&str> = EXPIRIES.iter().map(|(choice, _)| *choice).collect();
        return Err(Refusal::Usage(t!("keys-bad-expiry", choices = choices.join(", "))));
    };
    let base_url = base_url(wish.base_url, endpoint, &context.config)?;
    let secret = read_secret(endpoint, &label)?;
    drop_models(keys, context, endpoint, &label, now);
    let key = NewKey { endpoint: endpoint.name.clone(), label: label.clone(), secret, base_url, expires };
    let store = wish.store.map(|store| match store {
        StoreArg::Keyring => KeyStore::Keyring,
        StoreArg::File => KeyStore::File,
    });
    let name = endpoint.name.as_str();
    let told = match keys.set(key, store, now)? {
        KeyStore::Keyring => t!("keys-kept-keyring", endpoint = name, label = label.as_str()),
        KeyStore::File => t!(
            "keys-kept-file",
            endpoint = name,
            label = label.as_str(),
            file = context.paths.data.join("keys.json").to_string_lossy().into_owned()
        ),
    };
    context.out.line(&told);
    Ok(())
}

/// The person's own base URL, which is needed where the endpoint asks for it and of no use elsewhere.
fn base_url(given: Option<&str>, endpoint: &Endpoint, config: &Config) -> Result<Option<String>, Refusal> {
    let name = endpoint.name.as_str();
    let asks = endpoint.base_url.expand(&config.env).is_ok_and(|url| url == USER_PROVIDED);
    match given.map(str::trim) {
        None if asks => Err(Refusal::Usage(t!("keys-base-wanted", endpoint = name))),
        None => Ok(None),
        Some(_) if !asks => Err(Refusal::Usage(t!("keys-base-unwanted", endpoint = name))),
        Some(url) => match url::Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(Some(url.to_owned())),
            Ok(_) | Err(_) => Err(Refusal::Usage(t!("keys-base-bad"))),
        },
    }
}

fn read_secret(endpoint: &Endpoint, label: &KeyLabel) -> Result<Secret, Refusal> {
    let unread = |error: &io::Error| {
        let message = t!("keys-cannot-read", reason = error.to_string()).into_string();
        Refusal::Failed(Failure::new(ErrorKind::Internal, message))
    };
    let line = if io::stdin().is_terminal() {
        let prompt = t!("keys-prompt", endpoint = endpoint.name.as_str(), label = label.as_str());
        Zeroizing::new(rpassword::prompt_password(format!("{prompt} ")).map_err(|error| unread(&error))?)
    } else {
        first_line(io::stdin().lock()).map_err(|error| unread(&error))?
    };
    clean(&line).map_err(Refusal::Usage)
}

fn first_line(reader: impl BufRead) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    reader.take(MAX_KEY).read_line(&mut line)?;
    Ok(line)
}

/// A key as it was typed or pasted, without what clings to it.
fn clean(line: &str) -> Result<Secret, Safe> {
    // Terminals wrap pasted text in these.
    let line = line.trim().trim_start_matches("\u{1b}[200~").trim_end_matches("\u{1b}[201~");
    let key = line.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if key.is_empty() {
        return Err(t!("keys-empty"));
    }
    let is_object = key.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(key).is_ok();
    if !is_object && key.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(t!("keys-not-a-key"));
    }
    Ok(Secret::new(key.to_owned()))
}

/// A key as it is listed.
#[derive(Serialize)]
struct Row {
    endpoint: EndpointName,
    label: KeyLabel,
    state: &'static str,
    /// `keyring`, `file`, `command`, `environment`, `profile`, `literal`; none where there is no key.
    origin: Option<&'static str>,
    /// The variable that is not set.
    variable: Option<String>,
    stored: Option<Timestamp>,
    expires: Option<Timestamp>,
}

fn list(keys: &Keys, context: &Context, form: Form) -> Result<(), Refusal> {
    let rows = rows(keys, &context.config, Timestamp::now())?;
    if form == Form::Json {
        context.out.json(&rows);
        return Ok(());
    }
    if rows.is_empty() {
        context.out.note(&t!("keys-none"));
        return Ok(());
    }
    let header = [
        t!("keys-column-endpoint"),
        t!("keys-column-label"),
        t!("keys-column-state"),
        t!("keys-column-from"),
        t!("keys-column-expires"),
    ];
    let cells = |row: &Row| {
        let from = row.origin.or(row.variable.as_deref()).unwrap_or_default();
        let expires = row.expires.map(local).unwrap_or_default();
        [row.endpoint.as_str(), row.label.as_str(), row.state, from, expires.as_str()]
            .map(sanitise_line)
            .to_vec()
    };
    context.out.table(&header, rows.iter().map(cells).collect());
    Ok(())
}

/// Every key that is there, was there, or is wanted by the person's own configuration. Built-in endpoints
/// that nobody gave a key are left out.
fn rows(keys: &Keys, config: &Config, now: Timestamp) -> Result<Vec<Row>, Failure> {
    let mut stored = keys.list()?;
    let mut rows = Vec::new();
    for endpoint in &config.endpoints {
        for label in keys.labels(endpoint) {
            let at = stored.iter().position(|key| key.endpoint == endpoint.name && key.label == label);
            let kept = at.map(|at| stored.remove(at));
            let state = keys.state(config, endpoint, &label, now);
            let wanted = !matches!(state, KeyState::Missing | KeyState::Unset(_)) || kept.is_some();
            if wanted || !endpoint.at.is_builtin() {
                rows.push(row(endpoint.name.clone(), label, &state, kept.as_ref()));
            }
        }
    }
    // Keys of endpoints that the configuration does not have any more.
    for key in stored {
        let state = match key.expires {
            Some(expires) if expires <= now => KeyState::Expired(expires),
            Some(_) | None => KeyState::Ready(KeyOrigin::Stored(key.store)),
        };
        rows.push(row(key.endpoint.clone(), key.label.clone(), &state, Some(&key)));
    }
    Ok(rows)
}

fn row(endpoint: EndpointName, label: KeyLabel, state: &KeyState, kept: Option<&StoredKey>) -> Row {
    let (name, origin, variable) = match state {
        KeyState::Ready(origin) => ("ready", origin_name(*origin), None),
        KeyState::Missing => ("missing", None, None),
        KeyState::Unset(variable) => ("unset", None, Some(variable.clone())),
        KeyState::Expired(_) => ("expired", kept.map(|key| store_name(key.store)), None),
    };
    Row {
        endpoint,
        label,
        state: name,
        origin,
        variable,
        stored: kept.map(|key| key.stored),
        expires: kept.and_then(|key| key.expires),
    }
}

fn origin_name(origin: KeyOrigin) -> Option<&'static str> {
    match origin {
        KeyOrigin::Stored(store) => Some(store_name(store)),
        KeyOrigin::Command => Some("command"),
        KeyOrigin::Environment => Some("environment"),
        KeyOrigin::Profile => Some("profile"),
        KeyOrigin::Literal => Some("literal"),
        KeyOrigin::NotNeeded => None,
    }
}

fn store_name(store: KeyStore) -> &'static str {
    match store {
        KeyStore::Keyring => "keyring",
        KeyStore::File => "file",
    }
}

/// Forgets a key. The endpoint need not be configured any more.
fn remove(endpoint: &str, label: &str, keys: &Keys, context: &Context) -> Result<(), Refusal> {
    let (name, label) = (EndpointName::from(endpoint), KeyLabel::from(label));
    if let Some(endpoint) = context.config.endpoint(endpoint) {
        drop_models(keys, context, endpoint, &label, Timestamp::now());
    }
    if !keys.remove(&name, &label)? {
        let message = t!("keys-not-stored", endpoint = endpoint, label = label.as_str()).into_string();
        return Err(Failure::new(ErrorKind::NotFound, message).into());
    }
    context.out.line(&t!("keys-removed", endpoint = endpoint, label = label.as_str()));
    Ok(())
}

/// The models of a stored key that is about to go are not kept.
fn drop_models(keys: &Keys, context: &Context, endpoint: &Endpoint, label: &KeyLabel, now: Timestamp) {
    let is_stored =
        matches!(keys.state(&context.config, endpoint, label, now), KeyState::Ready(KeyOrigin::Stored(_)));
    // A key out of reach leaves a list that nothing finds again.
    if is_stored && let Ok(credential) = keys.resolve(&context.config, endpoint, label, now) {
        Catalog::new(context.paths.clone()).forget(&credential);
    }
}

async fn test(
    endpoint: &str,
    label: &str,
    keys: &Keys,
    context: &Context,
    transport: &dyn Transport,
) -> Result<(), Refusal> {
    let endpoint = find(&context.config, endpoint)?;
    let name = endpoint.name.as_str();
    let label = KeyLabel::from(label);
    let now = Timestamp::now();
    has_keys(endpoint, &context.config)?;
    let credential = keys.resolve(&context.config, endpoint, &label, now)?;
    let catalog = Catalog::new(context.paths.clone());
    let list = catalog.refresh(transport, &context.config, endpoint, &credential, now).await;
    if let Some(failure) = list.error {
        return Err(failure.into());
    }
    let count = list.models.len();
    context.out.line(&match list.source {
        ListSource::Live => t!("keys-works", endpoint = name, label = label.as_str(), models = count),
        ListSource::Cache | ListSource::Config | ListSource::Builtin => {
            t!("net-test-not-fetched", endpoint = name, count = count)
        }
    });
    Ok(())
}

/// The endpoint that stands for aliases has no keys: those they lead to do.
fn has_keys(endpoint: &Endpoint, config: &Config) -> Result<(), Refusal> {
    if endpoint.is_router() { Err(Refusal::Usage(for_aliases(config))) } else { Ok(()) }
}

/// That an endpoint stands for aliases, and which endpoints they lead to.
pub(super) fn for_aliases(config: &Config) -> Safe {
    let routes = || config.router.models.iter().flat_map(|alias| &alias.routes);
    let mut names: Vec<&str> = routes().map(|route| route.endpoint.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    t!("cli-for-aliases", name = EndpointName::ROUTER, names = names.join(", "))
}

fn find<'a>(config: &'a Config, name: &str) -> Result<&'a Endpoint, Failure> {
    config.endpoint(name).ok_or_else(|| {
        let failure =
            Failure::new(ErrorKind::NotFound, t!("keys-no-endpoint", endpoint = name).into_string());
        let names = config.endpoints.iter().map(|endpoint| endpoint.name.as_str());
        match did_you_mean(name, names) {
            Some(suggestion) => failure.with_next_step(suggestion),
            None => failure.with_next_step(t!("keys-no-endpoint-step").into_string()),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::config::{Env, Paths, load};
    use crate::keys::Ring;

    #[test]
    fn what_clings_to_a_pasted_key_is_dropped() {
        for pasted in ["sk-1\n", "  sk-1\r\n", "\u{1b}[200~sk-1\u{1b}[201~\n", "\tsk-1 \u{0}"] {
            assert_eq!(clean(pasted).unwrap().expose(), "sk-1", "{pasted:?}");
        }
    }

    #[test]
    fn nothing_and_what_cannot_be_a_key_are_refused_without_repeating_them() {
        for pasted in ["", "\n", " \t\r\n", "sk 1\n", "sk-\u{1b}[31m1\n"] {
            let refusal = clean(pasted).unwrap_err();
            assert!(!refusal.contains("sk"), "{refusal}");
        }
    }

    #[test]
    fn a_key_may_be_a_json_object_with_spaces_in_it() {
        let key = r#"{"accessKeyId": "AKID", "secretAccessKey": "s"}"#;
        assert_eq!(clean(&format!("{key}\n")).unwrap().expose(), key);
        assert!(clean("{sk 1}").is_err());
    }

    #[test]
    fn only_the_first_line_of_stdin_is_the_key() {
        assert_eq!(first_line(&b"sk-1\nsk-2\n"[..]).unwrap().as_str(), "sk-1\n");
    }

    #[test]
    fn the_list_tells_of_keys_that_are_there_or_wanted_and_of_no_secret() {
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name);
        let paths = Paths { config: at("config"), data: at("d"), cache: at("c"), state: at("s") };
        fs::create_dir_all(&paths.config).unwrap();
        let yaml = "endpoints: {custom: [{name: Mine, baseURL: 'https://m', apiKey: '${MINE}', keys: [{label: w, apiKey: user_provided}]}]}";
        fs::write(paths.config_file(), yaml).unwrap();
        let env = Env::of([("GROQ_API_KEY".to_owned(), "gsk-secret".to_owned())]);
        let config = load(None, &paths, env).unwrap().config;
        let keys = Keys::with_ring(paths, Ring::None);
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        for (endpoint, expires) in [("LiteLLM", None), ("Gone", Some(now))] {
            let key = NewKey {
                endpoint: endpoint.into(),
                label: "default".into(),
                secret: Secret::new("sk-secret".to_owned()),
                base_url: None,
                expires,
            };
            keys.set(key, None, now).unwrap();
        }
        let json = serde_json::to_string_pretty(&rows(&keys, &config, now).unwrap()).unwrap();
        assert!(!json.contains("secret"));
        let lines: Vec<String> = rows(&keys, &config, now)
            .unwrap()
            .iter()
            .map(|row| {
                format!("{} {} {} {:?} {:?}", row.endpoint, row.label, row.state, row.origin, row.variable)
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        Mine default unset None Some("MINE")
        Mine w missing None None
        Groq default ready Some("environment") None
        LiteLLM default ready Some("file") None
        Gone default expired Some("file") None
        "#);
    }
}
