//! Who sells what an endpoint serves: the same model has a price at each seller.
//!
//! A seller is known by its host, or by a wire format that only it speaks. Behind any other address stands a
//! gateway, which passes on what others sell; its own price is not known, so that of a model's maker is taken, and
//! `prices explain` says so.

use url::Url;

use crate::config::{Endpoint, WireFormat};
use crate::http::host;

/// Who is paid at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seller {
    /// Nobody: the demo.
    Demo,
    /// Nobody: a server of this machine that runs models itself.
    Local,
    /// A seller of the tables.
    Known(&'static str),
    /// Somebody who passes on what others sell.
    Gateway,
}

/// A seller, and how it is known.
struct Shop {
    /// Its name in the tables.
    name: &'static str,
    /// What its hosts end with.
    hosts: &'static [&'static str],
    /// What ids begin with that lead to it, at gateways and in LiteLLM's map.
    prefixes: &'static [&'static str],
    /// What its ids mean elsewhere.
    ids: Ids,
}

/// What a seller's ids mean where somebody else is asked for them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// Its own models: it made them, or nobody else calls them so.
    Own,
    /// Models of others, or of whoever is asked.
    Shared,
}

const fn shop(
    name: &'static str,
    hosts: &'static [&'static str],
    prefixes: &'static [&'static str],
    ids: Ids,
) -> Shop {
    Shop { name, hosts, prefixes, ids }
}

const SHOPS: &[Shop] = &[
    shop("openai", &["api.openai.com"], &["openai"], Ids::Own),
    shop("anthropic", &["api.anthropic.com"], &["anthropic"], Ids::Own),
    shop("gemini", &["generativelanguage.googleapis.com"], &["gemini", "google"], Ids::Own),
    shop("mistral", &["api.mistral.ai"], &["mistral", "mistralai"], Ids::Own),
    shop("deepseek", &["api.deepseek.com"], &["deepseek"], Ids::Own),
    shop("xai", &["api.x.ai"], &["xai", "x-ai"], Ids::Own),
    shop("zai", &["api.z.ai"], &["zai", "z-ai"], Ids::Own),
    shop("perplexity", &["api.perplexity.ai"], &["perplexity"], Ids::Own),
    shop("groq", &["api.groq.com"], &["groq"], Ids::Own),
    shop("azure", &[], &["azure"], Ids::Shared),
    shop("bedrock", &[], &["bedrock"], Ids::Shared),
    shop("vertex", &["aiplatform.googleapis.com"], &["vertex_ai"], Ids::Shared),
    shop("together", &["api.together.xyz", "api.together.ai"], &["together_ai"], Ids::Shared),
    shop("fireworks", &["api.fireworks.ai"], &["fireworks_ai"], Ids::Shared),
    shop("cerebras", &["api.cerebras.ai"], &["cerebras"], Ids::Shared),
    // The built-in table has no rows of these; an imported one may.
    shop("moonshot", &["api.moonshot.ai", "api.moonshot.cn"], &["moonshot"], Ids::Own),
    shop("dashscope", &["dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"], &["dashscope"], Ids::Own),
    shop("deepinfra", &["api.deepinfra.com"], &["deepinfra"], Ids::Shared),
    shop("sambanova", &["api.sambanova.ai"], &["sambanova"], Ids::Shared),
    shop("nebius", &["api.studio.nebius.com", "api.tokenfactory.nebius.com"], &["nebius"], Ids::Shared),
];

/// Servers that run models where they are, by the names their endpoints have.
const LOCAL: &[&str] = &["ollama", "lm studio", "lmstudio", "llama.cpp", "vllm"];

/// Ollama passes these on to its own cloud, which is paid for.
const CLOUD: &[&str] = &["-cloud", ":cloud"];

impl Seller {
    /// Who is paid for a model of an endpoint.
    pub fn of(endpoint: &Endpoint, model: &str) -> Self {
        let raw = endpoint.base_url.raw.as_str();
        let url = Url::parse(raw).ok();
        if url.as_ref().is_some_and(|url| url.scheme() == crate::providers::urls::DEMO) {
            return Self::Demo;
        }
        let name = endpoint.name.as_str().to_ascii_lowercase();
        let runs_models =
            endpoint.api == WireFormat::Ollama || LOCAL.iter().any(|local| name.starts_with(local));
        if runs_models && url.as_ref().is_some_and(host::is_loopback) {
            return if CLOUD.iter().any(|end| model.ends_with(end)) { Self::Gateway } else { Self::Local };
        }
        match endpoint.api {
            WireFormat::Azure => return Self::Known("azure"),
            WireFormat::Bedrock => return Self::Known("bedrock"),
            WireFormat::OpenaiChat
            | WireFormat::OpenaiResponses
            | WireFormat::Anthropic
            | WireFormat::Gemini
            | WireFormat::Ollama
            | WireFormat::Adapter => {}
        }
        // Not parsed: a base URL may hold variables.
        let host = raw.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let shop = SHOPS.iter().find(|shop| shop.hosts.iter().any(|known| host.ends_with(known)));
        shop.map_or(Self::Gateway, |shop| Self::Known(shop.name))
    }
}

/// Sellers whose answers say what they cost, in dollars, and who bill just that.
const TELLS: &[&str] = &["openrouter.ai"];

/// Whether what an endpoint's answers say that they cost is what is billed.
pub fn bills_what_it_says(endpoint: &Endpoint) -> bool {
    let url = Url::parse(&endpoint.base_url.raw).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let is_of =
        |known: &&str| host.strip_suffix(*known).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    TELLS.iter().any(is_of)
}

/// Where a gateway's id may stand in a table: who sells it, by which id.
pub fn behind_gateway(id: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let named = id.split_once('/').and_then(|(prefix, rest)| Some((by_prefix(prefix)?, rest)));
    let bare = id.rsplit('/').next().unwrap_or(id);
    let makers = SHOPS.iter().filter(|shop| shop.ids == Ids::Own);
    named.into_iter().chain(makers.map(move |shop| (shop.name, bare)))
}

/// The seller whose ids begin so at gateways.
pub fn by_prefix(prefix: &str) -> Option<&'static str> {
    SHOPS.iter().find(|shop| shop.prefixes.contains(&prefix)).map(|shop| shop.name)
}

/// How a seller's id is written in a table.
pub fn written<'a>(seller: &str, id: &'a str) -> &'a str {
    match seller {
        "fireworks" => id.strip_prefix("accounts/fireworks/models/").unwrap_or(id),
        // `ft:BASE:ORGANISATION:NAME:ID` costs what any model does that was made of BASE.
        "openai" if id.starts_with("ft:") => {
            id.match_indices(':').nth(1).map_or(id, |(end, _)| id.split_at(end).0)
        }
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing;

    #[test]
    fn an_endpoint_is_known_by_its_address_or_its_wire_format() {
        for (name, url, seller) in [
            ("demo", "demo:tour", Seller::Demo),
            ("openAI", "https://api.openai.com/v1", Seller::Known("openai")),
            ("mine", "https://api.openai.com/v1", Seller::Known("openai")),
            ("openAI", "${OPENAI_REVERSE_PROXY}", Seller::Gateway),
            ("Groq", "https://api.groq.com/openai/v1", Seller::Known("groq")),
            ("x", "https://europe-west1-aiplatform.googleapis.com/v1", Seller::Known("vertex")),
            ("Ollama", "http://localhost:11434/v1", Seller::Local),
            ("vLLM", "http://127.0.0.1:8000/v1", Seller::Local),
            ("vLLM", "https://gpu.example/v1", Seller::Gateway),
            ("LiteLLM", "http://localhost:4000", Seller::Gateway),
            ("OpenRouter", "https://openrouter.ai/api/v1", Seller::Gateway),
            ("asked", "user_provided", Seller::Gateway),
        ] {
            assert_eq!(Seller::of(&testing::endpoint(name, url), "m"), seller, "{name} {url}");
        }
        let ollama = testing::endpoint("Ollama", "http://localhost:11434/v1");
        assert_eq!(Seller::of(&ollama, "gpt-oss:120b-cloud"), Seller::Gateway);
        let mut azure = testing::endpoint("a", "https://x.openai.azure.com");
        azure.api = WireFormat::Azure;
        assert_eq!(Seller::of(&azure, "m"), Seller::Known("azure"));
    }

    #[test]
    fn only_who_bills_what_it_says_is_believed() {
        for (url, believed) in [
            ("https://openrouter.ai/api/v1", true),
            ("https://eu.openrouter.ai/api/v1", true),
            ("https://notopenrouter.ai/api/v1", false),
            ("https://gateway.example/openrouter.ai", false),
            ("${PROXY}", false),
        ] {
            assert_eq!(bills_what_it_says(&testing::endpoint("x", url)), believed, "{url}");
        }
    }

    #[test]
    fn ids_are_looked_up_as_the_table_writes_them() {
        assert_eq!(written("fireworks", "accounts/fireworks/models/kimi-k2"), "kimi-k2");
        assert_eq!(written("openai", "ft:gpt-4o-2024-08-06:acme::abc"), "ft:gpt-4o-2024-08-06");
        assert_eq!(written("openai", "gpt-4o"), "gpt-4o");
        let first = |id: &'static str| behind_gateway(id).next();
        assert_eq!(first("x-ai/grok-4"), Some(("xai", "grok-4")));
        assert_eq!(first("team/gpt-4o"), Some(("openai", "gpt-4o")));
    }
}
