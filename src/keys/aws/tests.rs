//! Which of AWS's places counts, and what is said where none holds a key.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::config::{Paths, load};
use crate::keys::{Credential, Keys, NewKey, Ring};

/// A home with AWS's two files, and an environment.
struct Home {
    folder: TempDir,
    keys: Keys,
    config: Config,
}

const CREDENTIALS: &str = "\
# keys
[default]
aws_access_key_id = AKIDDEFAULT
aws_secret_access_key = default/secret=

[work]
aws_access_key_id=AKIDWORK
aws_secret_access_key=work-secret
aws_session_token=work-token
";

const CONFIG: &str = "\
[default]
region = eu-central-1

[profile work]
region = eu-west-3
s3 =
    region = us-gov-west-1
aws_access_key_id = overridden

[profile printed]
credential_process = sh -c 'printf \"{\\n\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"AKIDP\\\", \\\"SecretAccessKey\\\": \\\"p\\\"}\"'

[profile silent]
credential_process = echo nothing

[profile sso]
sso_session = company
region = us-east-2

[profile empty]
output = json
";

fn home(yaml: &str, vars: &[(&str, &str)]) -> Home {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let paths = Paths { config: at("config"), data: at("data"), cache: at("cache"), state: at("state") };
    for (path, text) in
        [(paths.config_file(), yaml), (at(".aws/credentials"), CREDENTIALS), (at(".aws/config"), CONFIG)]
    {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let home = at("").to_string_lossy().into_owned();
    let vars = vars.iter().copied().chain([("HOME", home.as_str())]);
    let env = Env::of(vars.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let config = load(None, &paths, env).unwrap().config;
    Home { folder, keys: Keys::with_ring(paths, Ring::None), config }
}

impl Home {
    fn resolve(&self) -> Result<Credential, Failure> {
        let endpoint = self.config.endpoint("bedrock").unwrap();
        self.keys.resolve(&self.config, endpoint, &"default".into(), now())
    }

    fn state(&self) -> KeyState {
        self.keys.state(&self.config, self.config.endpoint("bedrock").unwrap(), &"default".into(), now())
    }

    /// The id of the key, or the token; its secret; where it goes.
    fn used(&self) -> (String, String, String) {
        let credential = self.resolve().unwrap();
        let secret = credential.secret.unwrap();
        let host = credential.base_url.replace("https://bedrock-runtime.", "").replace(".amazonaws.com", "");
        match AwsSecret::of(&secret).unwrap() {
            AwsSecret::Bearer(token) => (token.expose().to_owned(), String::new(), host),
            AwsSecret::Keys(keys) => {
                let token =
                    keys.session_token.map(|token| format!("+{}", token.expose())).unwrap_or_default();
                let secret = format!("{}{token}", keys.secret_access_key.expose());
                (keys.access_key_id.expose().to_owned(), secret, host)
            }
        }
    }

    /// What is said instead of a key.
    fn refusal(&self) -> String {
        let failure = self.resolve().unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Auth);
        let text = format!("{} => {}", failure.message, failure.next_step.unwrap_or_default());
        text.replace(&*self.folder.path().to_string_lossy(), "HOME")
    }
}

fn now() -> jiff::Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn told(id: &str, secret: &str, region: &str) -> (String, String, String) {
    (id.to_owned(), secret.to_owned(), region.to_owned())
}

#[test]
fn librechats_variables_count_before_awss_and_both_before_the_default_profile() {
    let mut vars = vec![
        ("BEDROCK_AWS_BEARER_TOKEN", "ABSKone"),
        ("BEDROCK_AWS_ACCESS_KEY_ID", "AKIDTWO"),
        ("BEDROCK_AWS_SECRET_ACCESS_KEY", "two"),
        ("BEDROCK_AWS_PROFILE", "work"),
        ("AWS_BEARER_TOKEN_BEDROCK", "ABSKfour"),
        ("AWS_ACCESS_KEY_ID", "AKIDFIVE"),
        ("AWS_SECRET_ACCESS_KEY", "five"),
        ("AWS_SESSION_TOKEN", "t"),
    ];
    let mut used = Vec::new();
    for taken in [1, 2, 1, 1, 3, 0] {
        used.push(home("", &vars).used());
        vars.drain(..taken);
    }
    assert_eq!(
        used,
        [
            told("ABSKone", "", "eu-west-3"),
            told("AKIDTWO", "two", "eu-west-3"),
            told("AKIDWORK", "work-secret+work-token", "eu-west-3"),
            told("ABSKfour", "", "eu-central-1"),
            told("AKIDFIVE", "five+t", "eu-central-1"),
            told("AKIDDEFAULT", "default/secret=", "eu-central-1"),
        ]
    );
}

#[test]
fn the_region_is_the_keys_own_then_a_variables_then_the_profiles_then_the_first_offered() {
    let yaml = "endpoints: {bedrock: {availableRegions: [ca-central-1, us-east-1]}}\n";
    let region = |vars: &[(&str, &str)]| home(yaml, vars).used().2;
    let all = [("BEDROCK_AWS_DEFAULT_REGION", "a"), ("AWS_REGION", "b"), ("AWS_DEFAULT_REGION", "c")];
    assert_eq!([region(&all), region(&all[1..]), region(&all[2..])], ["a", "b", "c"]);
    assert_eq!(region(&[]), "eu-central-1");
    assert_eq!(region(&[("AWS_PROFILE", "printed")]), "ca-central-1");
    let stored = home(yaml, &all);
    let secret = r#"{"accessKeyId": "AKIDMINE", "secretAccessKey": "m", "region": "own"}"#.to_owned();
    let key = NewKey {
        endpoint: "bedrock".into(),
        label: "default".into(),
        secret: Secret::new(secret),
        base_url: None,
        expires: None,
    };
    stored.keys.set(key, None, now()).unwrap();
    assert_eq!(stored.used(), told("AKIDMINE", "m", "own"));
}

#[test]
fn no_region_anywhere_is_said_with_the_variables_that_would_tell_it() {
    let failure = home("", &[("AWS_PROFILE", "printed")]).resolve().unwrap_err();
    assert_eq!(failure.kind, ErrorKind::Config);
    insta::assert_snapshot!(failure.message, @"bedrock: no AWS region is set");
    insta::assert_snapshot!(failure.next_step.unwrap(), @"set BEDROCK_AWS_DEFAULT_REGION or AWS_REGION, or write a region into the AWS profile");
}

#[cfg(unix)]
#[test]
fn a_profile_may_name_a_program_that_prints_the_keys() {
    let home = home("", &[("AWS_PROFILE", "printed"), ("AWS_REGION", "r")]);
    assert_eq!(home.state(), KeyState::Ready(KeyOrigin::Profile));
    assert!(KeyOrigin::Profile.may_block());
    assert_eq!(home.used(), told("AKIDP", "p", "r"));
}

#[test]
fn files_may_be_elsewhere() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        Path::to_string_lossy(&path).into_owned()
    };
    let credentials = file("a", "[default]\naws_access_key_id=AKIDA\naws_secret_access_key=a\n");
    let config = file("b", "[default]\nregion=there\n");
    let vars = [("AWS_SHARED_CREDENTIALS_FILE", credentials.as_str()), ("AWS_CONFIG_FILE", config.as_str())];
    assert_eq!(home("", &vars).used(), told("AKIDA", "a", "there"));
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let said = |vars: &[(&str, &str)]| {
        let home = home("", vars);
        assert!(!matches!(home.state(), KeyState::Ready(KeyOrigin::Environment)));
        home.refusal()
    };
    insta::assert_snapshot!(said(&[("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/a"), ("AWS_CONFIG_FILE", "/nowhere/b")]), @r#"bedrock needs AWS keys, and there are none: no BEDROCK_AWS_… or AWS_… variable holds one, and no profile “default” in /nowhere/a, /nowhere/b => set BEDROCK_AWS_BEARER_TOKEN or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or store a key: loquat keys set "bedrock"; instance metadata is not asked in this build, and a profile with a credential_process serves instead"#);
    insta::assert_snapshot!(said(&[("AWS_ACCESS_KEY_ID", "AKID")]), @"bedrock: AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not => set both, or neither");
    insta::assert_snapshot!(said(&[("BEDROCK_AWS_PROFILE", "wrok")]), @"bedrock: there is no AWS profile “wrok” in HOME/.aws/credentials, HOME/.aws/config => BEDROCK_AWS_PROFILE names it; “aws configure list-profiles” lists those there are");
    insta::assert_snapshot!(said(&[("AWS_PROFILE", "empty")]), @"bedrock: the AWS profile “empty” holds no keys => give it aws_access_key_id and aws_secret_access_key, or a credential_process");
    insta::assert_snapshot!(said(&[("AWS_PROFILE", "sso")]), @"bedrock: the AWS profile “sso” gets its keys by sso_session, which is not in this build => let the AWS program do it: in a profile of its own, credential_process = aws configure export-credentials --profile sso, and name that one in BEDROCK_AWS_PROFILE");
}

#[cfg(unix)]
#[test]
fn a_program_that_prints_no_keys_is_named_and_its_words_are_not() {
    insta::assert_snapshot!(home("", &[("AWS_PROFILE", "silent")]).refusal(), @"the credential_process of the AWS profile “silent” did not print AccessKeyId and SecretAccessKey as JSON => run echo by hand, with the arguments of credential_process, to see what it says");
}

#[test]
fn a_value_that_asks_the_person_is_none() {
    let home = home(
        "",
        &[("BEDROCK_AWS_ACCESS_KEY_ID", "user_provided"), ("BEDROCK_AWS_SECRET_ACCESS_KEY", "user_provided")],
    );
    assert_eq!(home.used().0, "AKIDDEFAULT");
}
