//! The type a secret lives in, its fingerprint, and the redactor.

use std::collections::HashMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// A secret. It does not print, compare or serialise, and is wiped when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The secret itself: for the header it is sent in, the store it is kept in, and the redactor.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The long values of a secret that is a JSON object, as those of AWS and Google are: a text may repeat one of
    /// them alone. A region or a version is shorter.
    fn values(&self) -> Vec<Zeroizing<String>> {
        const LONG: usize = 16;
        if !self.expose().trim_start().starts_with('{') {
            return Vec::new();
        }
        let object: HashMap<String, serde_json::Value> =
            serde_json::from_str(self.expose()).unwrap_or_default();
        object
            .into_values()
            .filter_map(|value| match value {
                serde_json::Value::String(text) => Some(Zeroizing::new(text)),
                _ => None,
            })
            .filter(|text| text.len() >= LONG)
            .collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// Tells (base URL, key) pairs apart without telling the key: half a SHA-256, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Of a key at a base URL.
    pub fn of(base_url: &str, secret: Option<&Secret>) -> Self {
        let mut hash = Sha256::new();
        hash.update(base_url.trim_end_matches('/').as_bytes());
        hash.update([0]);
        hash.update(secret.map_or("", Secret::expose).as_bytes());
        Self(hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }
}

const MASK: &str = "***";

/// `text` with every one of `secrets` in it replaced, and whatever else looks like a key: providers repeat
/// keys in error bodies, whole or in part. Secrets under four characters are left: replacing them would tell
/// more than it hides.
pub fn redact<'a>(text: &str, secrets: impl IntoIterator<Item = &'a Secret>) -> String {
    let text = secrets.into_iter().filter(|secret| secret.expose().len() >= 4).fold(
        text.to_owned(),
        |text, secret| {
            let text = text.replace(secret.expose(), MASK);
            secret.values().iter().fold(text, |text, value| text.replace(value.as_str(), MASK))
        },
    );
    LOOKS.iter().fold(text, mask)
}

/// What a key looks like where nobody told which it is.
struct Look {
    /// What stands before it, in lower case.
    before: &'static str,
    /// Whether that is a part of the key.
    part: Part,
    /// Shorter is no key.
    least: usize,
}

#[derive(PartialEq, Eq)]
enum Part {
    Kept,
    Masked,
}

const LOOKS: &[Look] = &[
    Look { before: "bearer ", part: Part::Kept, least: 8 },
    Look { before: "authorization: basic ", part: Part::Kept, least: 8 },
    Look { before: "x-api-key: ", part: Part::Kept, least: 8 },
    Look { before: "x-goog-api-key: ", part: Part::Kept, least: 8 },
    Look { before: "api-key: ", part: Part::Kept, least: 8 },
    Look { before: "?key=", part: Part::Kept, least: 4 },
    Look { before: "&key=", part: Part::Kept, least: 4 },
    Look { before: "api_key=", part: Part::Kept, least: 4 },
    Look { before: "sk-", part: Part::Masked, least: 12 },
    Look { before: "gsk_", part: Part::Masked, least: 12 },
    Look { before: "xai-", part: Part::Masked, least: 20 },
    Look { before: "aiza", part: Part::Masked, least: 20 },
    // AWS: ids of keys, Bedrock API keys, and what requests and files call the rest.
    Look { before: "akia", part: Part::Masked, least: 16 },
    Look { before: "asia", part: Part::Masked, least: 16 },
    Look { before: "absk", part: Part::Masked, least: 20 },
    Look { before: "bedrock-api-key-", part: Part::Masked, least: 12 },
    Look { before: "x-amz-security-token:", part: Part::Kept, least: 8 },
    Look { before: "x-amz-security-token: ", part: Part::Kept, least: 8 },
    Look { before: "x-amz-security-token=", part: Part::Kept, least: 8 },
    Look { before: "signature=", part: Part::Kept, least: 32 },
    Look { before: "secret_access_key=", part: Part::Kept, least: 8 },
    Look { before: "secret_access_key = ", part: Part::Kept, least: 8 },
    Look { before: "secretaccesskey\":\"", part: Part::Kept, least: 8 },
    Look { before: "secretaccesskey\": \"", part: Part::Kept, least: 8 },
    Look { before: "sessiontoken\":\"", part: Part::Kept, least: 8 },
    Look { before: "sessiontoken\": \"", part: Part::Kept, least: 8 },
];

/// Masks every key of one look.
fn mask(text: String, look: &Look) -> String {
    let lower = text.to_ascii_lowercase();
    if !lower.contains(look.before) {
        return text;
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (start, before) in lower.match_indices(look.before) {
        let starts_word = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        if start < done || (look.part == Part::Masked && !starts_word) {
            continue;
        }
        let key = start + before.len();
        let rest = &text[key..];
        let run = &rest[..rest.find(|c: char| !is_key_character(c)).unwrap_or(rest.len())];
        // A full stop ends the sentence, not the key.
        let end = key + run.trim_end_matches('.').len();
        if end - key < look.least {
            continue;
        }
        let keep_to = if look.part == Part::Kept { key } else { start };
        masked.push_str(&text[done..keep_to]);
        masked.push_str(MASK);
        done = end;
    }
    masked.push_str(&text[done..]);
    masked
}

fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '+' | '/' | '=' | '~')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text, []), expected);
    }

    #[test]
    fn what_looks_like_a_key_is_masked_and_words_are_not() {
        check(
            "Incorrect API key provided: sk-abcde*********wxyz. You can find it",
            "Incorrect API key provided: ***. You can find it",
        );
        check("Authorization: Bearer abcdefghijkl, ok", "Authorization: Bearer ***, ok");
        check("GET /v1beta/models?key=AIzaSyA123&x=1", "GET /v1beta/models?key=***&x=1");
        check("{\"x-api-key: 0123456789\"}", "{\"x-api-key: ***\"}");
        check("task-oriented sk-learn is a bearer of news", "task-oriented sk-learn is a bearer of news");
    }

    #[test]
    fn what_aws_repeats_is_masked() {
        check("The key AKIAIOSFODNN7EXAMPLE is not active in Asia", "The key *** is not active in Asia");
        check(
            "x-amz-date:2026\nx-amz-security-token:FwoGZXIvYXdz==\n",
            "x-amz-date:2026\nx-amz-security-token:***\n",
        );
        check("Bad key ABSKQmVkcm9ja0FQSUtleS0xMjM0.", "Bad key ***.");
        check("{\"secretAccessKey\": \"wJalrXUtnFEMI/K7\"}", "{\"secretAccessKey\": \"***\"}");
    }

    #[test]
    fn the_values_of_a_secret_that_is_an_object_are_masked_alone_and_its_region_is_not() {
        let secret = Secret::new(
            r#"{"secretAccessKey":"wJalrXUtnFEMI/K7MDENG","region":"ap-southeast-2"}"#.to_owned(),
        );
        assert_eq!(
            redact("no wJalrXUtnFEMI/K7MDENG in ap-southeast-2", [&secret]),
            "no *** in ap-southeast-2"
        );
    }

    #[test]
    fn a_known_secret_is_masked_wherever_it_stands() {
        let secret = Secret::new("hunter22".to_owned());
        assert_eq!(redact("a hunter22 b hunter22", [&secret]), "a *** b ***");
        assert_eq!(format!("{secret:?}"), "Secret(***)");
    }

    #[test]
    fn fingerprints_tell_keys_and_urls_apart_and_not_a_final_slash() {
        let (one, two) = (Secret::new("one".to_owned()), Secret::new("two".to_owned()));
        let of = |url: &str, secret| Fingerprint::of(url, secret);
        assert_eq!(of("https://a/v1/", Some(&one)), of("https://a/v1", Some(&one)));
        assert_ne!(of("https://a/v1", Some(&one)), of("https://a/v1", Some(&two)));
        assert_ne!(of("https://a/v1", Some(&one)), of("https://b/v1", Some(&one)));
        assert_eq!(of("https://a", None).0.len(), 32);
    }
}
