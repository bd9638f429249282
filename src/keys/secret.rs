//! The type a secret lives in, its fingerprint, and the redactor.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

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
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// Tells (base URL, key) pairs apart without telling the key: half a SHA-256, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    let text = secrets
        .into_iter()
        .map(Secret::expose)
        .filter(|secret| secret.len() >= 4)
        .fold(text.to_owned(), |text, secret| text.replace(secret, MASK));
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
