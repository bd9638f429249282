//! The providers that LiteLLM's `provider/model` names, as rows: which of ours each is.

/// A provider of LiteLLM's that can be asked from here.
#[derive(Debug)]
pub(super) struct Provider {
    /// What stands before the model, without the last slash. The first one is what its endpoints are named after.
    pub prefixes: &'static [&'static str],
    /// The built-in endpoint that is the same place.
    pub builtin: Option<&'static str>,
    /// The wire format.
    pub api: &'static str,
    /// Where it is unless something else is said. Empty: it has to be said.
    pub base: &'static str,
    /// Variables that LiteLLM looks for another place in.
    pub base_variables: &'static [&'static str],
    /// The variable of the key where none is told; for a built-in endpoint, the one its default key is.
    pub key: Option<&'static str>,
    /// What it needs beside these.
    pub way: Way,
}

/// How a place is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A base URL is all.
    Plain,
    /// A model's full name has a path before it.
    Fireworks,
    /// A resource and a version of the API.
    Azure,
    /// A region, and AWS's keys.
    Bedrock,
    /// A project and a region; the model's name says which format.
    Vertex,
}

const fn plain(
    prefixes: &'static [&'static str],
    builtin: Option<&'static str>,
    base: &'static str,
    key: Option<&'static str>,
) -> Provider {
    Provider { prefixes, builtin, api: "openai-chat", base, base_variables: &[], key, way: Way::Plain }
}

pub(super) const PROVIDERS: &[Provider] = &[
    Provider {
        base_variables: &["OPENAI_BASE_URL", "OPENAI_API_BASE"],
        ..plain(&["openai"], Some("openAI"), "https://api.openai.com/v1", Some("OPENAI_API_KEY"))
    },
    Provider {
        api: "openai-responses",
        ..plain(&["openai/responses"], None, "https://api.openai.com/v1", Some("OPENAI_API_KEY"))
    },
    Provider {
        api: "anthropic",
        base_variables: &["ANTHROPIC_API_BASE", "ANTHROPIC_BASE_URL"],
        ..plain(&["anthropic"], Some("anthropic"), "https://api.anthropic.com", Some("ANTHROPIC_API_KEY"))
    },
    Provider {
        api: "gemini",
        ..plain(
            &["gemini"],
            Some("google"),
            "https://generativelanguage.googleapis.com/v1beta",
            Some("GOOGLE_KEY"),
        )
    },
    Provider { way: Way::Vertex, ..plain(&["vertex_ai", "vertex_ai_beta"], None, "", None) },
    Provider {
        api: "azure",
        base_variables: &["AZURE_API_BASE"],
        way: Way::Azure,
        ..plain(&["azure"], None, "", Some("AZURE_API_KEY"))
    },
    Provider {
        api: "bedrock",
        way: Way::Bedrock,
        ..plain(
            &["bedrock", "bedrock/converse", "bedrock/invoke", "bedrock_converse"],
            Some("bedrock"),
            "https://bedrock-runtime.{region}.amazonaws.com",
            None,
        )
    },
    Provider {
        api: "ollama",
        base_variables: &["OLLAMA_API_BASE"],
        ..plain(&["ollama", "ollama_chat"], None, "http://localhost:11434", None)
    },
    plain(&["groq"], Some("Groq"), "https://api.groq.com/openai/v1", Some("GROQ_API_KEY")),
    plain(&["openrouter"], Some("OpenRouter"), "https://openrouter.ai/api/v1", Some("OPENROUTER_KEY")),
    plain(&["mistral"], Some("Mistral"), "https://api.mistral.ai/v1", Some("MISTRAL_API_KEY")),
    plain(&["deepseek"], Some("DeepSeek"), "https://api.deepseek.com/v1", Some("DEEPSEEK_API_KEY")),
    plain(&["xai"], Some("xAI"), "https://api.x.ai/v1", Some("XAI_API_KEY")),
    plain(&["together_ai"], Some("Together"), "https://api.together.xyz/v1", Some("TOGETHERAI_API_KEY")),
    Provider {
        way: Way::Fireworks,
        ..plain(
            &["fireworks_ai"],
            Some("Fireworks"),
            "https://api.fireworks.ai/inference/v1",
            Some("FIREWORKS_API_KEY"),
        )
    },
    Provider {
        base_variables: &["HOSTED_VLLM_API_BASE"],
        ..plain(&["vllm", "hosted_vllm"], Some("vLLM"), "http://localhost:8000/v1", None)
    },
    Provider {
        base_variables: &["LM_STUDIO_API_BASE"],
        ..plain(&["lm_studio"], Some("LM Studio"), "http://localhost:1234/v1", None)
    },
    Provider {
        base_variables: &["LLAMAFILE_API_BASE"],
        ..plain(&["llamafile"], Some("llama.cpp"), "http://localhost:8080/v1", None)
    },
    Provider {
        base_variables: &["LITELLM_PROXY_API_BASE"],
        ..plain(&["litellm_proxy"], None, "", Some("LITELLM_PROXY_API_KEY"))
    },
    plain(&["openai_like", "custom_openai"], None, "", None),
    plain(&["cerebras"], None, "https://api.cerebras.ai/v1", Some("CEREBRAS_API_KEY")),
    plain(&["perplexity"], None, "https://api.perplexity.ai", Some("PERPLEXITYAI_API_KEY")),
    plain(&["deepinfra"], None, "https://api.deepinfra.com/v1/openai", Some("DEEPINFRA_API_KEY")),
    plain(&["nvidia_nim"], None, "https://integrate.api.nvidia.com/v1", Some("NVIDIA_NIM_API_KEY")),
    plain(&["sambanova"], None, "https://api.sambanova.ai/v1", Some("SAMBANOVA_API_KEY")),
    plain(&["moonshot"], None, "https://api.moonshot.ai/v1", Some("MOONSHOT_API_KEY")),
];

/// How the names of models begin whose provider LiteLLM knows without a prefix.
const BARE: &[(&str, &str)] = &[
    ("gpt-", "openai"),
    ("chatgpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "vertex_ai"),
];

/// The provider of a name, and the model that is asked of it. `told` is `custom_llm_provider`.
pub(super) fn provider_of<'a>(model: &'a str, told: Option<&str>) -> Option<(&'static Provider, &'a str)> {
    if let Some(told) = told {
        let provider = named(told)?;
        let inner = model.strip_prefix(told).and_then(|rest| rest.strip_prefix('/'));
        return Some((provider, inner.unwrap_or(model)));
    }
    let prefixed = PROVIDERS.iter().flat_map(|provider| {
        provider.prefixes.iter().filter_map(move |prefix| {
            let rest = model.strip_prefix(prefix)?.strip_prefix('/')?;
            Some((provider, rest))
        })
    });
    prefixed.min_by_key(|(_, rest)| rest.len()).or_else(|| {
        let (_, provider) = BARE.iter().find(|(start, _)| model.starts_with(start))?;
        Some((named(provider)?, model))
    })
}

fn named(prefix: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.prefixes.contains(&prefix))
}

/// Every prefix, for suggestions.
pub(super) fn prefixes() -> impl Iterator<Item = &'static str> {
    PROVIDERS.iter().flat_map(|provider| provider.prefixes.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_of_the_provider_whose_prefix_says_the_most() {
        let found = |model, told| {
            let (provider, rest) = provider_of(model, told)?;
            Some((provider.prefixes[0], rest))
        };
        assert_eq!(found("openai/gpt-4o", None), Some(("openai", "gpt-4o")));
        assert_eq!(found("openai/responses/gpt-5", None), Some(("openai/responses", "gpt-5")));
        assert_eq!(found("openrouter/openai/gpt-4o", None), Some(("openrouter", "openai/gpt-4o")));
        assert_eq!(found("bedrock/converse/amazon.nova", None), Some(("bedrock", "amazon.nova")));
        assert_eq!(found("openai/*", None), Some(("openai", "*")));
        assert_eq!(found("claude-sonnet-4-5", None), Some(("anthropic", "claude-sonnet-4-5")));
        assert_eq!(found("meta/llama", Some("hosted_vllm")), Some(("vllm", "meta/llama")));
        assert_eq!(found("groq/llama", Some("groq")), Some(("groq", "llama")));
        assert_eq!(found("meta/llama", None), None);
    }

    #[test]
    fn every_prefix_is_one_providers_and_every_built_in_endpoint_is_there() {
        let mut all: Vec<&str> = prefixes().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        let builtin = include_str!("../../../config/loquat.yaml");
        for provider in PROVIDERS {
            if let Some(name) = provider.builtin {
                assert!(
                    builtin.contains(&format!("\n  {name}:"))
                        || builtin.contains(&format!("- name: {name}\n")),
                    "{name}"
                );
                assert!(
                    builtin.contains(&format!("{}\"", provider.base))
                        || builtin.contains(&format!("{}\n", provider.base)),
                    "{name}"
                );
            }
        }
    }
}
