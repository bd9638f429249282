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

const PUBLISHER: &str = "/publishers/anthropic/models";

impl Place {
    /// Where an endpoint is asked for an answer of `model`, which is the name that the service has for it.
    ///
    /// # Errors
    /// `config` where the base URL is not one.
    pub fn of(chat: &ChatRequest, model: &str, site: &Site<'_>) -> Result<Self, Failure> {
        let mut url = urls::parse(site.endpoint, site.credential)?;
        if !is_vertex(&url) {
            return urls::messages(site.endpoint, site.credential).map(Self::Messages);
        }
        if !site.endpoint.direct {
            let path = url.path().trim_end_matches('/');
            let base = path.find("/publishers/").map_or(path, |at| &path[..at]);
            let method = match chat.delivery {
                Delivery::Streamed => "streamRawPredict",
                Delivery::Whole => "rawPredict",
            };
            let path = format!("{base}{PUBLISHER}/{model}:{method}");
            url.set_path(&path);
        }
        Ok(Self::Vertex(url))
    }
}

/// Google's hosts, regional ones included, and proxies that keep its paths.
fn is_vertex(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let path = url.path();
    (host.contains("aiplatform") && host.ends_with("googleapis.com"))
        || path.ends_with("awPredict")
        || path.contains(PUBLISHER)
        || (path.contains("/projects/") && path.contains("/locations/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::Settings;
    use crate::config::Endpoint;
    use crate::providers::testing;

    fn place(base: &str, delivery: Delivery) -> Place {
        asked(base, &testing::endpoint("X", base), delivery)
    }

    /// Of an endpoint whose address is asked as it stands.
    fn direct_place(base: &str) -> Place {
        let endpoint = Endpoint { direct: true, ..testing::endpoint("X", base) };
        asked(base, &endpoint, Delivery::Streamed)
    }

    fn asked(base: &str, endpoint: &Endpoint, delivery: Delivery) -> Place {
        let credential = testing::credential(base, "k");
        let chat = ChatRequest {
            model: "m".into(),
            messages: Vec::new(),
            settings: Settings::default(),
            tools: Vec::new(),
            delivery,
            user: None,
        };
        Place::of(&chat, "m@1", &testing::site(endpoint, &credential)).unwrap()
    }

    fn messages(url: &str) -> Place {
        Place::Messages(Url::parse(url).unwrap())
    }

    fn vertex(url: &str) -> Place {
        Place::Vertex(Url::parse(url).unwrap())
    }

    #[test]
    fn what_is_not_vertex_is_asked_for_messages() {
        let base = "https://gw.test/a?beta=true";
        let url = "https://gw.test/a/v1/messages?beta=true";
        assert_eq!(place(base, Delivery::Streamed), messages(url));
        assert_eq!(direct_place("https://gw.test/ask"), messages("https://gw.test/ask"));
    }

    #[test]
    fn vertex_has_the_model_in_its_path() {
        let project = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5";
        let proxied = "https://gw.test/v1/projects/p/locations/global";
        let url = format!("{proxied}/publishers/anthropic/models/m@1:streamRawPredict");
        assert_eq!(place(proxied, Delivery::Streamed), vertex(&url));
        let model = format!("{project}/publishers/anthropic/models/m@1");
        for base in
            [project, &format!("{project}/publishers/anthropic/models"), &format!("{model}:streamRawPredict")]
        {
            assert_eq!(
                place(base, Delivery::Streamed),
                vertex(&format!("{model}:streamRawPredict")),
                "{base}"
            );
        }
        assert_eq!(place(project, Delivery::Whole), vertex(&format!("{model}:rawPredict")));
        let proxy = "https://gw.test/x:streamRawPredict";
        assert_eq!(direct_place(proxy), vertex(proxy));
    }
}
