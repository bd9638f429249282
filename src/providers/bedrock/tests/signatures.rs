//! Signatures, compared with ones that were made apart from this program.

use super::*;
use crate::keys::Credential;
use crate::providers::bedrock::{list, sign};

/// Made apart from this program, by the steps that AWS documents, of the keys, times and bodies below.
const POSTED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/bedrock/aws4_request, \
    SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, \
    Signature=2748a2146426eb2bbdfce39a6d9aebf961cbf032a391ed2b1791802a3a537425";
const LISTED: &str = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/bedrock/aws4_request, \
    SignedHeaders=content-type;host;x-amz-date, \
    Signature=07ecd4de80543cfb07fd7afd3ad90744c88ff108224027800452b32e14e2000b";

const KEYS: &str =
    r#"{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}"#;

fn site<'a>(endpoint: &'a Endpoint, credential: &'a Credential) -> Site<'a> {
    Site { now: "2026-11-21T08:00:00Z".parse().unwrap(), ..testing::site(endpoint, credential) }
}

#[test]
fn the_signature_is_the_one_that_aws_documents_with_the_path_encoded_again() {
    let keys = KEYS.replace('}', r#","sessionToken":"token/1=="}"#);
    let (endpoint, credential) = (endpoint(), testing::credential(AWS, &keys));
    let site = site(&endpoint, &credential);
    let url = format!("{AWS}/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse-stream");
    let made =
        sign::with_key(&site, None, |auth| site.post(url.parse().unwrap(), auth, &json!({"messages": []})))
            .unwrap();
    assert_eq!(made.headers["authorization"], POSTED);
    assert_eq!(made.headers["x-amz-date"], "20261121T080000Z");
    assert_eq!(made.headers["x-amz-security-token"], "token/1==");
    assert!(made.headers["authorization"].is_sensitive());
    assert!(made.headers["x-amz-security-token"].is_sensitive());
}

#[test]
fn a_list_is_asked_of_the_control_plane_with_its_query_signed() {
    let base = "https://bedrock-runtime.eu-west-1.amazonaws.com";
    let (endpoint, credential) = (endpoint(), testing::credential(base, KEYS));
    let made = list(&site(&endpoint, &credential), "/inference-profiles?maxResults=1000").unwrap();
    assert_eq!(
        made.url.as_str(),
        "https://bedrock.eu-west-1.amazonaws.com/inference-profiles?maxResults=1000"
    );
    assert_eq!(made.headers["authorization"], LISTED);
}

#[test]
fn an_authorization_that_is_configured_is_the_one_that_is_sent() {
    let (mut endpoint, credential) = (endpoint(), testing::credential(AWS, KEYS));
    endpoint.headers = vec![("authorization".into(), testing::template("Gateway g"))];
    let made = list(&site(&endpoint, &credential), "/foundation-models").unwrap();
    assert_eq!(made.headers["authorization"], "Gateway g");
    assert_eq!(made.headers.get("x-amz-date"), None);
}

#[test]
fn json_without_an_access_key_is_no_key_and_is_not_shown() {
    let (endpoint, credential) = (endpoint(), testing::credential(AWS, r#"{"accessKeyId":"AKIDEXAMPLE"}"#));
    let failure = list(&site(&endpoint, &credential), "/foundation-models").unwrap_err();
    assert_eq!(
        (failure.kind, failure.message.as_str()),
        (ErrorKind::Auth, "bedrock: the key is JSON without an accessKeyId and a secretAccessKey.")
    );
}

#[test]
fn where_no_host_tells_the_region_the_request_the_keys_or_the_environment_do() {
    let gateway = "http://127.0.0.1:4000";
    let region = |asked: Option<&str>, keys: &str, env: &[(&str, &str)]| {
        let (endpoint, credential) = (endpoint(), testing::credential(gateway, keys));
        let env = Env::of(env.iter().map(|(name, value)| ((*name).into(), (*value).into())));
        let config = Config { env, ..Config::default() };
        let site = Site { config: &config, ..site(&endpoint, &credential) };
        let made = sign::with_key(&site, asked, |auth| site.get(gateway.parse().unwrap(), auth)).unwrap();
        let signed = made.headers["authorization"].to_str().unwrap();
        signed.split('/').nth(2).unwrap().to_owned()
    };
    let own = KEYS.replace('}', r#","region":"eu-west-1"}"#);
    let env = [("AWS_REGION", "eu-north-1")];
    assert_eq!(region(Some("us-west-2"), &own, &env), "us-west-2");
    assert_eq!(region(None, &own, &env), "eu-west-1");
    assert_eq!(region(None, KEYS, &env), "eu-north-1");
    assert_eq!(region(None, KEYS, &[]), "us-east-1");
}
