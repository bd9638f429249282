//! What servers of the family want differently, one row each. A server that is not listed is asked as OpenAI is.

use crate::config::{Endpoint, ReasoningBack, ReasoningFormat};
use crate::keys::Credential;
use crate::providers::site::Auth;
use crate::providers::urls;

/// What a server wants.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// What people call an endpoint of it, in lower case. Asked where its host tells nothing.
    names: &'static [&'static str],
    /// Its hosts, and those below them.
    hosts: &'static [&'static str],
    /// Where the key is carried.
    pub auth: Auth,
    /// Whether a stream's token counts have to be asked for.
    pub usage: UsageWish,
    /// Whether the newer name of the system role is known.
    pub developer: Developer,
    /// Parameters under names of its own: ours, its.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Values under words of its own: the parameter, our word, its word.
    pub reworded: &'static [(&'static str, &'static str, &'static str)],
    /// Parameters it refuses.
    pub refused: &'static [&'static str],
    /// How effort is told.
    pub effort: ReasoningFormat,
    /// Which reasoning it wants back.
    pub reasoning: ReasoningBack,
    /// Which ids calls may have.
    pub call_ids: CallIds,
    /// How LibreChat's `web_search: true` is asked for.
    pub search: Search,
}

/// Whether a stream's token counts have to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageWish {
    /// Else there are none.
    Asked,
    /// They come by themselves, and the wish may be refused.
    Unasked,
}

/// Whether a server knows the role `developer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Developer {
    /// It does, or passes it on to who does.
    Known,
    /// It takes `system` only.
    Unknown,
}

/// Which ids calls may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallIds {
    /// Any.
    Free,
    /// Nine letters and digits.
    Nine,
}

/// How a search by the server is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// As the parameter is written.
    Parameter,
    /// As a plug-in.
    Plugin,
}

const PLAIN: Server = Server {
    names: &[],
    hosts: &[],
    auth: Auth::Bearer,
    usage: UsageWish::Asked,
    developer: Developer::Known,
    renamed: &[],
    reworded: &[],
    refused: &[],
    effort: ReasoningFormat::Effort,
    reasoning: ReasoningBack::Never,
    call_ids: CallIds::Free,
    search: Search::Parameter,
};

const SERVERS: &[Server] = &[
    Server {
        names: &["openrouter"],
        hosts: &["openrouter.ai"],
        effort: ReasoningFormat::Object,
        search: Search::Plugin,
        ..PLAIN
    },
    Server {
        names: &["vercel", "vercel ai gateway"],
        hosts: &["ai-gateway.vercel.sh"],
        effort: ReasoningFormat::Object,
        ..PLAIN
    },
    Server {
        names: &["mistral"],
        hosts: &["mistral.ai"],
        usage: UsageWish::Unasked,
        developer: Developer::Unknown,
        renamed: &[("seed", "random_seed"), ("max_completion_tokens", "max_tokens")],
        reworded: &[("tool_choice", "required", "any")],
        refused: &["logit_bias", "logprobs", "top_logprobs"],
        call_ids: CallIds::Nine,
        ..PLAIN
    },
    Server {
        names: &["groq"],
        hosts: &["groq.com"],
        developer: Developer::Unknown,
        refused: &["logit_bias", "logprobs", "top_logprobs", "n"],
        ..PLAIN
    },
    Server {
        names: &["cerebras"],
        hosts: &["cerebras.ai"],
        developer: Developer::Unknown,
        refused: &["logit_bias", "presence_penalty", "frequency_penalty"],
        ..PLAIN
    },
    // Within a turn of calls these go on with the thoughts that led to them, and refuse to without.
    Server {
        names: &["deepseek"],
        hosts: &["deepseek.com"],
        developer: Developer::Unknown,
        reasoning: ReasoningBack::ToolTurns,
        ..PLAIN
    },
    Server {
        names: &["z.ai", "zai", "zhipu"],
        hosts: &["z.ai", "bigmodel.cn"],
        developer: Developer::Unknown,
        reasoning: ReasoningBack::ToolTurns,
        ..PLAIN
    },
    Server {
        names: &["moonshot", "kimi"],
        hosts: &["moonshot.ai", "moonshot.cn"],
        developer: Developer::Unknown,
        reasoning: ReasoningBack::ToolTurns,
        ..PLAIN
    },
    Server {
        names: &["xai", "together", "fireworks", "perplexity", "huggingface"],
        hosts: &["x.ai", "together.xyz", "together.ai", "fireworks.ai", "perplexity.ai", "huggingface.co"],
        developer: Developer::Unknown,
        ..PLAIN
    },
    Server {
        names: &["ollama", "lm studio", "llama.cpp", "vllm"],
        hosts: &[],
        developer: Developer::Unknown,
        ..PLAIN
    },
    Server {
        names: &[],
        hosts: &["openai.azure.com", "services.ai.azure.com", "cognitiveservices.azure.com"],
        auth: Auth::Azure,
        ..PLAIN
    },
];

/// The server behind an endpoint: told by its host, else by the name that the person gave it.
pub fn server(endpoint: &Endpoint, credential: &Credential) -> Server {
    let host = urls::host(credential);
    let name = endpoint.name.as_str().to_lowercase();
    let by_host =
        SERVERS.iter().find(|server| server.hosts.iter().any(|known| urls::is_within(&host, known)));
    let found = by_host.or_else(|| SERVERS.iter().find(|server| server.names.contains(&name.as_str())));
    let server = found.copied().unwrap_or(PLAIN);
    Server {
        effort: endpoint.reasoning_format.unwrap_or(server.effort),
        reasoning: endpoint.reasoning_back.unwrap_or(server.reasoning),
        ..server
    }
}
