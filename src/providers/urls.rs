//! Where a base URL's parts are: people give it with and without `/v1`, with and without
//! `/chat/completions`, and with `directEndpoint` as the whole thing.

use url::Url;

use crate::chat::{ErrorKind, Failure};
use crate::config::{Endpoint, WireFormat};
use crate::keys::Credential;

/// The scheme of the offline endpoint.
pub const DEMO: &str = "demo";

const COMPLETIONS: &str = "/chat/completions";
const RESPONSES: &str = "/responses";
const MESSAGES: &str = "/messages";

/// Where an endpoint is asked for answers in OpenAI's chat format.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn completions(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    answers(endpoint, credential, COMPLETIONS)
}

/// Where an endpoint is asked for answers in OpenAI's Responses format.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn responses(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    answers(endpoint, credential, RESPONSES)
}

fn answers(endpoint: &Endpoint, credential: &Credential, path: &str) -> Result<Url, Failure> {
    let url = parse(endpoint, credential)?;
    if endpoint.direct {
        return Ok(url);
    }
    Ok(below(root(url), path))
}

/// Where an endpoint is asked for its models.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn models(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    let url = parse(endpoint, credential)?;
    let root = if endpoint.api == WireFormat::Gemini {
        google_root(url)
    } else if endpoint.direct {
        direct_root(url)
    } else if endpoint.api == WireFormat::Anthropic {
        anthropic_root(url)
    } else {
        root(url)
    };
    Ok(below(root, "/models"))
}

/// What is below which Google's models are; a direct URL as it is.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn google(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    let url = parse(endpoint, credential)?;
    Ok(if endpoint.direct { url } else { google_root(url) })
}

/// Whether a URL leads into a Google Cloud project, which takes a token rather than a key.
pub fn is_project(url: &Url) -> bool {
    url.path().contains("/projects/")
}

/// The path `path` of an endpoint's host: Ollama's own lists are not below the base URL.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn at_origin(endpoint: &Endpoint, credential: &Credential, path: &str) -> Result<Url, Failure> {
    let mut url = parse(endpoint, credential)?;
    url.set_path(path);
    url.set_query(None);
    Ok(url)
}

/// A path, with a query where it has one, right below an endpoint's base URL.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn below_base(endpoint: &Endpoint, credential: &Credential, path: &str) -> Result<Url, Failure> {
    let base = parse(endpoint, credential)?;
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut url = below(base, &format!("/{}", path.trim_start_matches('/')));
    if let Some(query) = query {
        let whole = url.query().map_or_else(|| query.to_owned(), |own| format!("{own}&{query}"));
        url.set_query(Some(&whole));
    }
    Ok(url)
}

/// The host that a key goes to, in lower case; empty where the base URL has none.
pub fn host(credential: &Credential) -> String {
    let url = Url::parse(credential.base_url.trim()).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Where Ollama is asked for answers in its own format.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn ollama_chat(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    let mut url = parse(endpoint, credential)?;
    if endpoint.direct {
        return Ok(url);
    }
    let path = url.path().trim_end_matches('/');
    let path = ["/api/chat", "/api", COMPLETIONS, "/v1"]
        .iter()
        .fold(path, |path, end| path.strip_suffix(end).unwrap_or(path))
        .to_owned();
    url.set_path(&path);
    Ok(below(url, "/api/chat"))
}

/// Where Anthropic's messages are asked for.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn messages(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    let url = parse(endpoint, credential)?;
    Ok(if endpoint.direct { url } else { below(anthropic_root(url), MESSAGES) })
}

/// The base URL as it is given.
///
/// # Errors
/// `config` where it is not a URL.
pub fn parse(endpoint: &Endpoint, credential: &Credential) -> Result<Url, Failure> {
    parse_base(endpoint, &credential.base_url)
}

/// A base URL of an endpoint.
///
/// # Errors
/// `config` where it is not one.
pub fn parse_base(endpoint: &Endpoint, text: &str) -> Result<Url, Failure> {
    let text = text.trim();
    let whole = (endpoint.api == WireFormat::Ollama).then(|| ollama_host(text)).flatten();
    match Url::parse(whole.as_deref().unwrap_or(text)) {
        Ok(url) if url.scheme() == DEMO => Ok(url),
        Ok(mut url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            url.set_fragment(None);
            Ok(url)
        }
        Ok(_) | Err(_) => Err(Failure::new(
            ErrorKind::Config,
            crate::t!(
                "net-bad-url",
                endpoint = endpoint.name.as_str(),
                url = text,
                at = endpoint.base_url.at.to_string()
            )
            .into_string(),
        )
        .with_next_step(crate::t!("net-step-bad-url").into_string())),
    }
}

/// The URL that a value of `OLLAMA_HOST` means, as Ollama itself reads it: without a scheme its own port stands for
/// none, and the address that a server listens on everywhere is asked on this machine.
fn ollama_host(text: &str) -> Option<String> {
    const PORT: &str = "11434";
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // An IPv6 address in brackets holds colons that begin no port.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let here = ["", "0.0.0.0", "[::]"].contains(&host);
    if !here && !scheme.is_empty() || text.is_empty() {
        return None;
    }
    let host = if here { "127.0.0.1" } else { host };
    let port = port.or(scheme.is_empty().then_some(PORT)).map(|port| format!(":{port}")).unwrap_or_default();
    let scheme = if scheme.is_empty() { "http" } else { scheme };
    Some(format!("{scheme}://{host}{port}{path}"))
}

/// Hosts, and those below them, whose paths stand right below the host. Their makers, and LibreChat's samples, give
/// the base URL so.
const UNVERSIONED: &[&str] =
    &["api.perplexity.ai", "githubcopilot.com", "api.deepseek.com", "models.inference.ai.azure.com"];

/// Whether a host is this one, or one below it.
pub fn is_within(host: &str, known: &str) -> bool {
    host.strip_suffix(known).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The base that paths are put below: without `/chat/completions` or `/responses`, and with `/v1`, which almost every
/// compatible server has, where there is no path at all.
fn root(mut url: Url) -> Url {
    if url.scheme() == DEMO {
        return url;
    }
    let path = url.path().trim_end_matches('/');
    let path = without_answers(path).trim_end_matches('/').to_owned();
    let is_unversioned =
        url.host_str().is_some_and(|host| UNVERSIONED.iter().any(|known| is_within(host, known)));
    url.set_path(if path.is_empty() && !is_unversioned { "/v1" } else { &path });
    url
}

/// The base that Anthropic's paths are below. Its own libraries and LibreChat write it without the version.
fn anthropic_root(mut url: Url) -> Url {
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(MESSAGES).unwrap_or(path);
    let path = if is_versioned(path) { path.to_owned() } else { format!("{path}/v1") };
    url.set_path(&path);
    url
}

/// The base that Google's `/models` is below: on Vertex AI the publisher, elsewhere a version. People write it
/// with and without each, and proxies that LibreChat knows have it without.
fn google_root(mut url: Url) -> Url {
    let path = url.path();
    let end = ["/publishers/", "/models", "/tunedModels"].iter().filter_map(|part| path.find(part)).min();
    let path = path[..end.unwrap_or(path.len())].trim_end_matches('/');
    let path = path.strip_suffix("/openai").unwrap_or(path);
    let is_vertex = is_project(&url) || url.host_str().is_some_and(|host| host.ends_with(VERTEX));
    let path = match (is_vertex, is_versioned(path)) {
        (true, _) if path.is_empty() => format!("/v1{PUBLISHER}"),
        (true, _) => format!("{path}{PUBLISHER}"),
        (false, true) => path.to_owned(),
        (false, false) => format!("{path}/v1beta"),
    };
    url.set_path(&path);
    url
}

const VERTEX: &str = "aiplatform.googleapis.com";
const PUBLISHER: &str = "/publishers/google";

/// Whether a path ends with an API's version: `/v1`, `/v1beta`.
fn is_versioned(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.strip_prefix('v').is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// The base in a whole completions URL: up to `/v1` (and an `/openai` right after it), where there is one.
fn direct_root(mut url: Url) -> Url {
    let path = url.path().to_owned();
    let Some(at) = path.find("/v1") else {
        let path = path.trim_end_matches('/');
        url.set_path(without_answers(path));
        return url;
    };
    let mut end = at + "/v1".len();
    if path[end..].starts_with("/openai") {
        end += "/openai".len();
    }
    url.set_path(&path[..end]);
    url
}

fn without_answers(path: &str) -> &str {
    [COMPLETIONS, RESPONSES].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(path)
}

fn below(mut url: Url, path: &str) -> Url {
    // A URL like `demo:` has no path that could be set.
    if url.cannot_be_a_base() {
        return Url::parse(&format!("{}:{path}", url.scheme())).unwrap_or(url);
    }
    let whole = format!("{}{path}", url.path().trim_end_matches('/'));
    url.set_path(&whole);
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing;

    #[test]
    fn people_may_write_a_base_url_in_any_usual_way() {
        let cases = [
            (
                "http://localhost:4000",
                "http://localhost:4000/v1/chat/completions",
                "http://localhost:4000/v1/models",
            ),
            (
                "http://localhost:4000/",
                "http://localhost:4000/v1/chat/completions",
                "http://localhost:4000/v1/models",
            ),
            ("https://api.x.ai/v1/", "https://api.x.ai/v1/chat/completions", "https://api.x.ai/v1/models"),
            (
                "https://api.groq.com/openai/v1",
                "https://api.groq.com/openai/v1/chat/completions",
                "https://api.groq.com/openai/v1/models",
            ),
            (
                "https://gw.test/v1/chat/completions",
                "https://gw.test/v1/chat/completions",
                "https://gw.test/v1/models",
            ),
            (
                "https://gw.test/a?v=1",
                "https://gw.test/a/chat/completions?v=1",
                "https://gw.test/a/models?v=1",
            ),
            ("demo:", "demo:/chat/completions", "demo:/models"),
            ("demo://tour", "demo://tour/chat/completions", "demo://tour/models"),
        ];
        for (base, chat, list) in cases {
            let (endpoint, credential) = (testing::endpoint("X", base), testing::credential(base, ""));
            assert_eq!(completions(&endpoint, &credential).unwrap().as_str(), chat);
            assert_eq!(models(&endpoint, &credential).unwrap().as_str(), list);
        }
    }

    #[test]
    fn a_host_without_versions_is_asked_right_below_it_and_below_whatever_path_is_given() {
        for (base, root) in [
            ("https://api.perplexity.ai/", "https://api.perplexity.ai"),
            ("https://api.perplexity.ai/chat/completions", "https://api.perplexity.ai"),
            ("https://api.githubcopilot.com", "https://api.githubcopilot.com"),
            ("https://api.individual.githubcopilot.com", "https://api.individual.githubcopilot.com"),
            ("https://api.deepseek.com", "https://api.deepseek.com"),
            ("https://api.deepseek.com/v1", "https://api.deepseek.com/v1"),
            ("https://models.inference.ai.azure.com", "https://models.inference.ai.azure.com"),
            ("https://notgithubcopilot.com", "https://notgithubcopilot.com/v1"),
            ("https://api.perplexity.ai.gw.test", "https://api.perplexity.ai.gw.test/v1"),
        ] {
            let (endpoint, credential) = (testing::endpoint("X", base), testing::credential(base, ""));
            let asked = [
                completions(&endpoint, &credential),
                responses(&endpoint, &credential),
                models(&endpoint, &credential),
            ];
            assert_eq!(
                asked.map(|url| url.unwrap().to_string()),
                ["chat/completions", "responses", "models"].map(|path| format!("{root}/{path}")),
                "{base}"
            );
        }
    }

    #[test]
    fn anthropics_paths_are_below_a_version_that_people_leave_out() {
        for (base, root) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1"),
            ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"),
            ("http://localhost:4000/anthropic", "http://localhost:4000/anthropic/v1"),
        ] {
            let endpoint = Endpoint { api: WireFormat::Anthropic, ..testing::endpoint("X", base) };
            let credential = testing::credential(base, "");
            assert_eq!(messages(&endpoint, &credential).unwrap().as_str(), format!("{root}/messages"));
            assert_eq!(models(&endpoint, &credential).unwrap().as_str(), format!("{root}/models"));
        }
    }

    #[test]
    fn googles_models_are_below_a_version_or_a_publisher_whatever_people_write() {
        let studio = "https://generativelanguage.googleapis.com/v1beta/models";
        let vertex = "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu";
        let vertex_models = format!("{vertex}/publishers/google/models");
        for (base, list) in [
            ("https://generativelanguage.googleapis.com", studio),
            ("https://generativelanguage.googleapis.com/v1beta/", studio),
            ("https://generativelanguage.googleapis.com/v1beta/openai/", studio),
            ("https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent", studio),
            (
                "https://generativelanguage.googleapis.com/v1",
                "https://generativelanguage.googleapis.com/v1/models",
            ),
            (
                "https://gw.test/v1/acc/google-ai-studio",
                "https://gw.test/v1/acc/google-ai-studio/v1beta/models",
            ),
            (vertex, &vertex_models),
            (&vertex_models, &vertex_models),
            (
                "https://aiplatform.googleapis.com/v1",
                "https://aiplatform.googleapis.com/v1/publishers/google/models",
            ),
        ] {
            let endpoint = Endpoint::new("google", WireFormat::Gemini, testing::template(base));
            assert_eq!(models(&endpoint, &testing::credential(base, "")).unwrap().as_str(), list, "{base}");
        }
    }

    #[test]
    fn a_direct_url_is_asked_as_it_is_and_its_base_is_cut_out_for_the_list() {
        let base = "https://gw.test/v1/openai/deployments/x/complete";
        let mut endpoint = testing::endpoint("X", base);
        endpoint.direct = true;
        let credential = testing::credential(base, "");
        assert_eq!(completions(&endpoint, &credential).unwrap().as_str(), base);
        assert_eq!(models(&endpoint, &credential).unwrap().as_str(), "https://gw.test/v1/openai/models");
    }

    #[test]
    fn what_is_not_a_url_is_said_with_its_place() {
        for base in ["localhost:4000/v1", "", "ftp://x.test", "http://"] {
            let failure =
                completions(&testing::endpoint("X", base), &testing::credential(base, "")).unwrap_err();
            assert_eq!(failure.kind, ErrorKind::Config, "{base}");
            assert!(failure.message.contains("test.yaml:1:1"), "{}", failure.message);
        }
    }
}
