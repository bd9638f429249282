//! Which hosts are this machine.

use url::{Host, Url};

/// The name by which containers call the machine they run on; LibreChat's documentation is full of it.
pub const DOCKER_HOST: &str = "host.docker.internal";

/// Whether a URL's host is this machine: loopback, or the name containers know it by.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost") || name == DOCKER_HOST
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        None => false,
    }
}

/// Whether a key or a prompt may go to this URL: over TLS, in process, or not beyond this machine.
pub fn may_send_in_the_clear(url: &Url) -> bool {
    match url.scheme() {
        "http" => is_loopback(url),
        _ => true,
    }
}

/// A URL's host and port as messages name them, without path, query and credentials.
pub fn name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_has_many_names() {
        for (url, is) in [
            ("http://localhost:1", true),
            ("http://LOCALHOST./v1", true),
            ("http://a.localhost", true),
            ("http://127.8.9.1", true),
            ("http://[::1]:80", true),
            ("http://[::ffff:127.0.0.1]", true),
            ("http://host.docker.internal:4000", true),
            ("http://localhost.evil.test", false),
            ("http://127.0.0.1.nip.io", false),
            ("http://10.0.0.1", false),
            ("http://0.0.0.0", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), is, "{url}");
        }
    }

    #[test]
    fn a_host_is_named_without_what_stands_around_it() {
        assert_eq!(name(&Url::parse("https://u:secret@x.test:8443/p?key=1").unwrap()), "x.test:8443");
        assert_eq!(name(&Url::parse("https://x.test/").unwrap()), "x.test");
    }
}
