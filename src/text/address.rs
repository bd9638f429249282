//! Where a link of a text may lead: an address of the web or of mail that is what it looks like, or nowhere.

use url::Url;

/// What may be opened. Not `file:`, which would start what is on this machine, nor what programs register.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// The longest target in bytes; terminals begin to drop longer ones at 2083.
const LONGEST: usize = 2048;

/// What a terminal or a desktop may be told to open for a link in a text: printable ASCII without blanks; `None` for nothing.
pub fn target(link: &str) -> Option<String> {
    if link.len() > LONGEST || link.chars().any(char::is_control) {
        return None;
    }
    let url = Url::parse(link).ok().filter(|url| SCHEMES.contains(&url.scheme()))?;
    // A name before the host reads as if it were the host.
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let written: String = url.as_str().chars().fold(String::new(), |mut written, c| {
        match c {
            '!'..='~' => written.push(c),
            c => written.extend(c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}"))),
        }
        written
    });
    (written.len() <= LONGEST).then_some(written)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_a_browser_or_a_mail_program_opens_is_a_target() {
        for (link, told) in [
            ("https://example.org/a b?c=d#e", Some("https://example.org/a%20b?c=d#e")),
            ("HTTP://Example.ORG", Some("http://example.org/")),
            ("mailto:ana@example.org?subject=a b", Some("mailto:ana@example.org?subject=a%20b")),
            ("https://bücher.example/ö", Some("https://xn--bcher-kva.example/%C3%B6")),
            ("/etc/passwd", None),
            ("example.org", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("vscode://open", None),
            ("https://bank.example@evil.example/", None),
            ("https://", None),
            ("https://example.org/\u{1b}]8;;https://evil.example\u{7}", None),
        ] {
            assert_eq!(target(link).as_deref(), told, "{link}");
        }
        assert_eq!(target(&format!("https://example.org/{}", "a".repeat(LONGEST))), None);
        assert_eq!(target(&format!("https://example.org/{}", "ö".repeat(LONGEST / 4))), None);
    }

    proptest! {
        #[test]
        fn no_text_becomes_more_than_an_address(link in "(https?://|mailto:|)\\PC{0,40}[\u{1b}\u{9b}\u{7}\n]?\\PC{0,5}") {
            if let Some(target) = target(&link) {
                prop_assert!(target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)), "{target:?}");
                prop_assert!(SCHEMES.iter().any(|scheme| target.starts_with(scheme)), "{target:?}");
            }
        }
    }
}
