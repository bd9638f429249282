//! Where a request goes: the Messages API and gateways to it, or Vertex AI, which has the model in the path.

use url::Url;

use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure};
use crate::providers::{Site, urls};

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `…/v1/messages`; the body names the model.
    Messages(Url),
    /// `…/publishers/anthropic/models/MODEL:streamRawPredict`; the path names it.
    Vertex(Url),
}

const MESSAGES: &str = "/messages";
const PUBLISHER: &str = "/publishers/anthropic/models";

impl Place {
    /// Where an endpoint is asked for an answer of `model`, which is the name that the service has for it.
    ///
    /// # Errors
    /// `config` where the base URL is not one.
    pub fn of(chat: &ChatRequest, model: &str, site: &Site<'_>) -> Result<Self, Failure> {
        let mut url = urls::parse(site.endpoint, site.credential)?;
        let is_vertex = is_vertex(&url);
        if site.endpoint.direct {
            return Ok(if is_vertex { Self::Vertex(url) } else { Self::Messages(url) });
        }
        let path = url.path().trim_end_matches('/').to_owned();
        if is_vertex {
            let base = path.find("/publishers/").map_or(&*path, |at| &path[..at]);
            let method = match chat.delivery {
                Delivery::Streamed => "streamRawPredict",
                Delivery::Whole => "rawPredict",
            };
            url.set_path(&format!("{base}{PUBLISHER}/{model}:{method}"));
            return Ok(Self::Vertex(url));
        }
        let base = path.strip_suffix(MESSAGES).unwrap_or(&path);
        let version = if has_version(base) { "" } else { "/v1" };
        url.set_path(&format!("{base}{version}{MESSAGES}"));
        Ok(Self::Messages(url))
    }
}

/// Google's hosts, regional ones included, and proxies that keep its paths.
fn is_vertex(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let path = url.path();
    (host.contains("aiplatform") && host.ends_with("googleapis.com"))
        || path.ends_with("awPredict")
        || path.contains(PUBLISHER)
}

/// Whether a path ends in `/v1` or another version.
fn has_version(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.strip_prefix('v').is_some_and(|number| {
        number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Settings;
    use crate::providers::testing;

    fn place(base: &str, delivery: Delivery, direct: bool) -> Place {
        let mut endpoint = testing::endpoint("X", base);
        endpoint.direct = direct;
        let credential = testing::credential(base, "k");
        let chat = ChatRequest {
            model: "m".into(),
            messages: Vec::new(),
            settings: Settings::default(),
            tools: Vec::new(),
            delivery,
            user: None,
        };
        Place::of(&chat, "m@1", &testing::site(&endpoint, &credential)).unwrap()
    }

    fn messages(url: &str) -> Place {
        Place::Messages(Url::parse(url).unwrap())
    }

    fn vertex(url: &str) -> Place {
        Place::Vertex(Url::parse(url).unwrap())
    }

    #[test]
    fn people_may_write_a_base_url_in_any_usual_way() {
        for (base, url) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"),
            ("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1/messages"),
            ("http://localhost:4000/anthropic", "http://localhost:4000/anthropic/v1/messages"),
            ("https://gw.test/a?beta=true", "https://gw.test/a/v1/messages?beta=true"),
        ] {
            assert_eq!(place(base, Delivery::Streamed, false), messages(url), "{base}");
        }
        assert_eq!(place("https://gw.test/ask", Delivery::Streamed, true), messages("https://gw.test/ask"));
    }

    #[test]
    fn vertex_has_the_model_in_its_path() {
        let project = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5";
        let model = format!("{project}/publishers/anthropic/models/m@1");
        for base in
            [project, &format!("{project}/publishers/anthropic/models"), &format!("{model}:streamRawPredict")]
        {
            assert_eq!(
                place(base, Delivery::Streamed, false),
                vertex(&format!("{model}:streamRawPredict")),
                "{base}"
            );
        }
        assert_eq!(place(project, Delivery::Whole, false), vertex(&format!("{model}:rawPredict")));
        let proxy = "https://gw.test/x:streamRawPredict";
        assert_eq!(place(proxy, Delivery::Streamed, true), vertex(proxy));
    }
}
