//! Which key is used, where keys are kept, and what is said when there is none.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::config::{Env, load};

/// A home with a configuration and a keyring in memory.
struct Home {
    folder: TempDir,
    keys: Keys,
    config: Config,
}

const CONFIG: &str = "\
endpoints:
  custom:
    - name: Asked
      baseURL: https://asked/v1/
      apiKey: user_provided
      keys: [{label: work, apiKey: '${WORK_KEY}'}]
    - {name: Literal, baseURL: 'https://literal/v1/chat/completions', apiKey: sk-literal}
    - {name: Anywhere, baseURL: user_provided, apiKey: user_provided}
    - {name: Prints, baseURL: 'https://prints', keyCommand: [sh, -c, 'echo \"  sk-first \"; echo second']}
    - {name: Fails, baseURL: 'https://fails', keyCommand: [sh, -c, 'echo sk-leak; exit 3']}
    - {name: Absent, baseURL: 'https://absent', keyCommand: [/nonexistent/program]}
    - {name: Gateway, baseURL: '${GATEWAY}', apiKey: k, directEndpoint: true}
";

fn memory() -> Ring {
    Ring::Memory(std::sync::Arc::default())
}

fn home(ring: Ring, vars: &[(&str, &str)]) -> Home {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let paths = Paths { config: at("config"), data: at("data"), cache: at("cache"), state: at("state") };
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(paths.config_file(), CONFIG).unwrap();
    let env = Env::of(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let config = load(None, &paths, env).unwrap().config;
    Home { folder, keys: Keys::with_ring(paths, ring), config }
}

fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn new_key(endpoint: &str, label: &str, secret: &str) -> NewKey {
    NewKey {
        endpoint: endpoint.into(),
        label: label.into(),
        secret: Secret::new(secret.to_owned()),
        base_url: None,
        expires: None,
    }
}

impl Home {
    fn endpoint(&self, name: &str) -> &Endpoint {
        self.config.endpoint(name).unwrap()
    }

    fn state(&self, name: &str, label: &str) -> KeyState {
        self.keys.state(&self.config, self.endpoint(name), &label.into(), now())
    }

    fn resolve(&self, name: &str, label: &str) -> Result<Credential, Failure> {
        self.keys.resolve(&self.config, self.endpoint(name), &label.into(), now())
    }

    /// The secret in use, and where it came from.
    fn used(&self, name: &str, label: &str) -> (Option<String>, KeyOrigin) {
        let credential = self.resolve(name, label).unwrap();
        (credential.secret.map(|secret| secret.expose().to_owned()), credential.origin)
    }

    /// What is said instead of a key.
    fn refusal(&self, name: &str, label: &str) -> (ErrorKind, String) {
        let failure = self.resolve(name, label).unwrap_err();
        let step = failure.next_step.unwrap_or_default();
        let text = format!("{} => {step}", failure.message);
        (failure.kind, text.replace(&*self.folder.path().to_string_lossy(), "HOME"))
    }
}

fn some(secret: &str) -> Option<String> {
    Some(secret.to_owned())
}

#[test]
fn configured_keys_come_from_a_value_a_variable_or_a_command() {
    let home = home(memory(), &[("WORK_KEY", " sk-work ")]);
    assert_eq!(home.used("Asked", "work"), (some("sk-work"), KeyOrigin::Environment));
    assert_eq!(home.used("Literal", "default"), (some("sk-literal"), KeyOrigin::Literal));
    assert_eq!(home.used("Prints", "default"), (some("sk-first"), KeyOrigin::Command));
    assert_eq!(home.used("demo", "default"), (None, KeyOrigin::NotNeeded));
    assert_eq!(home.state("Asked", "work"), KeyState::Ready(KeyOrigin::Environment));
    assert_eq!(home.state("Prints", "default"), KeyState::Ready(KeyOrigin::Command));
    assert_eq!(home.state("demo", "default"), KeyState::Ready(KeyOrigin::NotNeeded));
}

#[test]
fn a_stored_key_wins_over_a_configured_one() {
    let home = home(memory(), &[]);
    home.keys.set(new_key("Literal", "default", "sk-mine"), Some(KeyStore::File), now()).unwrap();
    assert_eq!(home.used("Literal", "default"), (some("sk-mine"), KeyOrigin::Stored(KeyStore::File)));
    assert!(home.keys.remove(&"Literal".into(), &"default".into()).unwrap());
    assert_eq!(home.used("Literal", "default"), (some("sk-literal"), KeyOrigin::Literal));
    assert!(!home.keys.remove(&"Literal".into(), &"default".into()).unwrap());
}

#[test]
fn a_missing_key_is_told_with_what_to_do() {
    let home = home(memory(), &[]);
    let (kind, text) = home.refusal("Asked", "default");
    assert_eq!(kind, ErrorKind::Auth);
    insta::assert_snapshot!(text, @r#"Asked needs a key, and there is none with the label “default” => loquat keys set "Asked" --label default"#);
    let (kind, text) = home.refusal("Asked", "work");
    assert_eq!(kind, ErrorKind::Config);
    insta::assert_snapshot!(text, @"WORK_KEY is not set, and HOME/config/loquat.yaml:6:36 needs it => set WORK_KEY in the environment, or change that line");
    let (kind, text) = home.refusal("openAI", "default");
    assert_eq!(kind, ErrorKind::Auth);
    insta::assert_snapshot!(text, @r#"openAI needs a key, and there is none with the label “default” => set OPENAI_API_KEY, or store a key: loquat keys set "openAI""#);
    let (kind, text) = home.refusal("Asked", "wrok");
    assert_eq!(kind, ErrorKind::NotFound);
    insta::assert_snapshot!(text, @r#"Asked has no key with the label “wrok”; it has default, work => loquat keys set "Asked" --label wrok"#);
    assert_eq!(home.state("Asked", "default"), KeyState::Missing);
    assert_eq!(home.state("Asked", "work"), KeyState::Unset("WORK_KEY".to_owned()));
}

#[test]
fn a_command_that_fails_is_named_and_its_output_is_not() {
    let home = home(memory(), &[]);
    insta::assert_snapshot!(home.refusal("Fails", "default").1, @"the keyCommand sh ended with 3 => run sh by hand, with the arguments of keyCommand, to see what it says");
    insta::assert_snapshot!(home.refusal("Absent", "default").1, @"the keyCommand /nonexistent/program cannot be started: No such file or directory (os error 2) => run /nonexistent/program by hand, with the arguments of keyCommand, to see what it says");
}

#[test]
fn without_a_keyring_the_file_takes_the_key_and_only_the_owner_can_read_it() {
    let home = home(Ring::None, &[]);
    assert_eq!(home.keys.set(new_key("Asked", "default", "sk-1"), None, now()).unwrap(), KeyStore::File);
    assert_eq!(home.used("Asked", "default"), (some("sk-1"), KeyOrigin::Stored(KeyStore::File)));
    let refused = home.keys.set(new_key("Asked", "b", "sk-2"), Some(KeyStore::Keyring), now()).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Internal);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |path: &str| fs::metadata(home.folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("data"), mode("data/keys.json")), (0o700, 0o600));
        fs::set_permissions(home.folder.path().join("data/keys.json"), fs::Permissions::from_mode(0o640))
            .unwrap();
        let (kind, text) = home.refusal("Asked", "default");
        assert_eq!(kind, ErrorKind::Config);
        insta::assert_snapshot!(text, @"HOME/data/keys.json holds keys, and others than you may read it; it is not used => chmod 600 HOME/data/keys.json, and think of the keys in it as known to others");
    }
}

#[test]
fn a_keyring_keeps_the_secret_out_of_the_file() {
    let home = home(memory(), &[]);
    let key = new_key("Asked", "default", "sk-ring");
    assert_eq!(home.keys.set(key, None, now()).unwrap(), KeyStore::Keyring);
    assert_eq!(home.used("Asked", "default"), (some("sk-ring"), KeyOrigin::Stored(KeyStore::Keyring)));
    let file = fs::read_to_string(home.folder.path().join("data/keys.json")).unwrap();
    assert!(!file.contains("sk-ring"));
}

#[test]
fn a_key_in_a_keyring_out_of_reach_is_said_to_be_there() {
    let mut home = home(memory(), &[]);
    home.keys.set(new_key("Asked", "default", "sk-ring"), None, now()).unwrap();
    home.keys.ring = Ring::None;
    assert_eq!(home.state("Asked", "default"), KeyState::Ready(KeyOrigin::Stored(KeyStore::Keyring)));
    let (kind, text) = home.refusal("Asked", "default");
    assert_eq!(kind, ErrorKind::Auth);
    insta::assert_snapshot!(text, @r#"the key “default” of Asked is kept in the desktop keyring, which cannot be reached from here: there is no keyring => unlock the keyring, or keep the key in a file: loquat keys set "Asked" --label default --store file"#);
}

#[test]
fn moving_a_key_to_the_file_takes_it_out_of_the_keyring() {
    let home = home(memory(), &[]);
    home.keys.set(new_key("Asked", "default", "sk-1"), None, now()).unwrap();
    home.keys.set(new_key("Asked", "default", "sk-2"), Some(KeyStore::File), now()).unwrap();
    let Ring::Memory(map) = &home.keys.ring else { panic!("the ring of this test is in memory") };
    assert!(map.lock().unwrap().is_empty());
    assert_eq!(home.keys.list().unwrap().len(), 1);
}

#[test]
fn a_key_is_used_until_it_expires() {
    let home = home(memory(), &[]);
    let expires = expiry("30m", now()).unwrap();
    let key = |endpoint| NewKey { expires, ..new_key(endpoint, "default", "sk-short") };
    home.keys.set(key("Asked"), Some(KeyStore::File), now()).unwrap();
    home.keys.set(key("Literal"), Some(KeyStore::File), now()).unwrap();
    let later = expires.unwrap();
    let label = KeyLabel::default();
    let at = |endpoint: &str, time| home.keys.resolve(&home.config, home.endpoint(endpoint), &label, time);
    assert!(at("Asked", now()).is_ok());
    let failure = at("Asked", later).unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Auth);
    insta::assert_snapshot!(failure.message, @"the key “default” of Asked expired at 2026-11-21T08:30:00Z");
    let state = home.keys.state(&home.config, home.endpoint("Asked"), &label, later);
    assert_eq!(state, KeyState::Expired(later));
    assert_eq!(
        at("Literal", later).unwrap().origin,
        KeyOrigin::Literal,
        "the configured key is next in line"
    );
}

#[test]
fn expiry_takes_its_words_and_no_others() {
    for (word, _) in EXPIRIES {
        assert!(expiry(word, now()).is_some(), "{word}");
    }
    assert_eq!(expiry("1d", now()), Some(Some("2026-11-22T08:00:00Z".parse().unwrap())));
    assert_eq!(expiry("never", now()), Some(None));
    assert_eq!(expiry("soon", now()), None);
}

#[test]
fn a_base_url_of_ones_own_comes_with_the_key() {
    let home = home(memory(), &[]);
    let own = NewKey { base_url: Some("https://mine/v1/".to_owned()), ..new_key("Anywhere", "default", "k") };
    assert_eq!(home.state("Anywhere", "default"), KeyState::Missing);
    home.keys.set(new_key("Anywhere", "default", "k"), Some(KeyStore::File), now()).unwrap();
    assert_eq!(home.state("Anywhere", "default"), KeyState::Missing, "a key without its base URL");
    assert_eq!(home.refusal("Anywhere", "default").0, ErrorKind::Auth);
    home.keys.set(own, Some(KeyStore::File), now()).unwrap();
    let credential = home.resolve("Anywhere", "default").unwrap();
    assert_eq!((credential.base_url.as_str(), credential.own_base_url), ("https://mine/v1", true));
}

#[test]
fn a_whole_completions_url_is_cut_to_its_base_unless_it_is_direct() {
    let home = home(memory(), &[("GATEWAY", "https://gw/v1/chat/completions")]);
    assert_eq!(home.resolve("Literal", "default").unwrap().base_url, "https://literal/v1");
    assert_eq!(home.resolve("Gateway", "default").unwrap().base_url, "https://gw/v1/chat/completions");
}

#[test]
fn labels_are_the_configured_ones_then_the_stored_ones() {
    let home = home(memory(), &[]);
    home.keys.set(new_key("Asked", "home", "k"), None, now()).unwrap();
    home.keys.set(new_key("Asked", "work", "k"), None, now()).unwrap();
    let labels = home.keys.labels(home.endpoint("Asked"));
    assert_eq!(labels, ["default".into(), "work".into(), "home".into()]);
    assert_eq!(home.keys.labels(home.endpoint("demo")), []);
}
