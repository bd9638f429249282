//! Wire formats: pure codecs between our words and a provider's bytes.
//!
//! A codec never sees a socket. [`request`] makes the HTTP request as data; a [`Decoder`] takes the answer's
//! bytes in any pieces and says what they mean; the same bytes give the same events however they are cut.
//! JSON types of a provider stay in its file.
//!
//! | file | subject |
//! |---|---|
//! | [`openai_chat`], [`openai_responses`], [`anthropic`], [`gemini`], [`bedrock`], [`ollama`] | a wire format each: its requests, and the [`codec`] that reads its answers |
//! | [`adapter`] | a wire format: whatever an endpoint's configuration declares |
//! | [`families`] | what families of models want differently on OpenAI's formats |
//! | [`azure`] | where Azure's models are; they speak [`openai_chat`] |
//! | [`codec`] | what reads the frames of an answer, and what every reader keeps of it |
//! | [`sse`], [`lines`], [`array`](mod@array), [`frames`] | framings: server-sent events, JSON a line, the items of an array, the AWS event stream |
//! | [`decoder`] | which framing an answer has, and how it ended |
//! | [`errors`] | error answers: kind, words, waits |
//! | [`limits`] | headers that tell what is left of what a provider allows |
//! | [`prompt`] | a branch as the formats with strict rules want it |
//! | [`params`] | parameters: whose word wins, and where a body has them |
//! | [`urls`] | where a base URL's parts are |
//! | [`site`] | what every request carries: key, headers, link, limits, and the check that a key may go there |
//! | [`demo`] | the offline endpoint |
//! | [`transports`] | the demo and the network behind one transport |

pub mod adapter;
pub mod anthropic;
pub mod array;
pub mod azure;
pub mod bedrock;
pub mod codec;
pub mod decoder;
pub mod demo;
pub mod errors;
pub mod families;
pub mod frames;
pub mod gemini;
pub mod limits;
pub mod lines;
pub mod ollama;
pub mod openai_chat;
pub mod openai_responses;
pub mod params;
pub mod prompt;
pub mod site;
pub mod sse;
pub mod transports;
pub mod urls;

#[cfg(test)]
pub(crate) mod testing;

use crate::chat::{ChatRequest, Failure, ModelId};
use crate::config::{Endpoint, WireFormat};
use crate::http::HttpRequest;
use crate::keys::Credential;

pub use decoder::{Conclusion, Decoder, Pause};
pub use demo::DemoTransport;
pub use site::Site;
pub use transports::Transports;

use codec::Codec;

/// The request that asks `chat` of an endpoint.
///
/// # Errors
/// `config` where the endpoint's URL is not one, a header names a
/// variable that is not set, or a key would go over plain http to a host other than loopback.
pub fn request(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    match site.endpoint.api {
        WireFormat::OpenaiChat => openai_chat::request::chat(chat, site),
        WireFormat::OpenaiResponses => openai_responses::request::chat(chat, site),
        WireFormat::Anthropic => anthropic::request::chat(chat, site),
        WireFormat::Gemini => gemini::request::chat(chat, site),
        WireFormat::Bedrock => bedrock::request::chat(chat, site),
        WireFormat::Ollama => ollama::request::chat(chat, site),
        WireFormat::Azure => azure::chat(chat, site),
        WireFormat::Adapter => adapter::request::chat(chat, site),
    }
}

/// The request that has an answer go on which its provider paused.
///
/// # Errors
/// Those of [`request`].
pub fn resume(chat: &ChatRequest, site: &Site<'_>, pause: &Pause) -> Result<HttpRequest, Failure> {
    match site.endpoint.api {
        WireFormat::Anthropic => anthropic::request::resume(chat, site, &pause.said),
        // No other provider pauses; asked again, one begins again.
        WireFormat::OpenaiChat
        | WireFormat::OpenaiResponses
        | WireFormat::Gemini
        | WireFormat::Azure
        | WireFormat::Bedrock
        | WireFormat::Ollama
        | WireFormat::Adapter => request(chat, site),
    }
}

/// The key that a model wants, where it is another one than the endpoint's: Azure's groups have a key each.
///
/// # Errors
/// `config` where it names a variable that is not set.
pub fn credential(model: &ModelId, site: &Site<'_>) -> Result<Option<Credential>, Failure> {
    match &site.endpoint.azure {
        Some(groups) => azure::credential(groups, model, site),
        None => Ok(None),
    }
}

/// How the pieces of a streamed answer are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Streams {
    /// Server-sent events.
    Events,
    /// JSON values, one a line.
    Lines,
    /// The items of one JSON array.
    Items,
    /// They are not: every answer is in one piece.
    Nothing,
    /// An AWS event stream.
    Frames,
}

/// What reads an endpoint's answers, and how they are streamed.
fn codec_of(endpoint: &Endpoint) -> (Box<dyn Codec>, Streams) {
    if let Some(adapter) = &endpoint.adapter {
        return adapter::codec(endpoint, adapter);
    }
    match endpoint.api {
        WireFormat::OpenaiResponses => (Box::new(openai_responses::Answer::default()), Streams::Events),
        WireFormat::Anthropic => (Box::new(anthropic::Answer::default()), Streams::Events),
        WireFormat::Gemini => (Box::new(gemini::Answer::default()), Streams::Events),
        WireFormat::Bedrock => (Box::new(bedrock::Answer::default()), Streams::Frames),
        WireFormat::Ollama => (Box::new(ollama::Answer::default()), Streams::Lines),
        WireFormat::OpenaiChat | WireFormat::Azure | WireFormat::Adapter => {
            (Box::new(openai_chat::Answer::new(endpoint.reasoning_key.clone())), Streams::Events)
        }
    }
}

/// The maker of the wire, as `provider` of contracts section 3 names it: the six known makers, else the part
/// of the model id before `/`, else the endpoint's name in lower case.
pub fn provider_name(endpoint: &Endpoint, model: &ModelId) -> String {
    const BUILT_IN: &[(&str, &str)] = &[
        ("openAI", "openai"),
        ("anthropic", "anthropic"),
        ("google", "google"),
        ("azureOpenAI", "azure"),
        ("bedrock", "bedrock"),
    ];
    let by_format = match endpoint.api {
        WireFormat::Anthropic => Some("anthropic"),
        WireFormat::Gemini => Some("google"),
        WireFormat::Azure => Some("azure"),
        WireFormat::Bedrock => Some("bedrock"),
        WireFormat::Ollama => Some("ollama"),
        WireFormat::OpenaiChat | WireFormat::OpenaiResponses | WireFormat::Adapter => None,
    };
    let name = endpoint.name.as_str();
    by_format
        .or_else(|| BUILT_IN.iter().find(|(key, _)| *key == name).map(|(_, maker)| *maker))
        .map(str::to_owned)
        .or_else(|| {
            let (maker, rest) = model.as_str().split_once('/')?;
            (!maker.is_empty() && !rest.is_empty()).then(|| maker.to_owned())
        })
        .unwrap_or_else(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde_json::{Value, json};

    use super::*;
    use crate::chat::Settings;
    use crate::chat::request::Delivery;
    use crate::config::UserIdPolicy;

    fn chat() -> ChatRequest {
        ChatRequest {
            model: "m".into(),
            messages: Vec::new(),
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        }
    }

    #[test]
    fn a_chat_request_is_a_post_of_json_to_the_completions_url() {
        let base = "https://x.test/v1";
        let (endpoint, credential) = (testing::endpoint("X", base), testing::credential(base, "k"));
        let made = request(&chat(), &testing::site(&endpoint, &credential)).unwrap();
        assert_eq!((made.method, made.url.as_str()), (Method::POST, "https://x.test/v1/chat/completions"));
        assert_eq!(made.headers["content-type"], "application/json");
        let body: serde_json::Value = serde_json::from_slice(&made.body.unwrap()).unwrap();
        assert_eq!(body["model"], "m");
    }

    #[test]
    fn who_asks_is_told_where_it_is_wanted_and_where_the_format_has_a_place_for_it() {
        let in_metadata = json!({"user_id": "ana"});
        let told = |api: WireFormat, policy: UserIdPolicy| {
            let base = "https://x.test/v1";
            let endpoint = Endpoint { api, user_id: policy, ..testing::endpoint("X", base) };
            let credential = testing::credential(base, "k");
            let asked = ChatRequest { user: Some("ana".into()), ..testing::hi("m") };
            let made = request(&asked, &testing::site(&endpoint, &credential)).unwrap();
            let body: Value = serde_json::from_slice(&made.body.unwrap()).unwrap();
            ["user", "metadata", "requestMetadata"].map(|field| body[field].clone())
        };
        let none = [Value::Null, Value::Null, Value::Null];
        let user = [json!("ana"), Value::Null, Value::Null];
        let metadata = [Value::Null, in_metadata.clone(), Value::Null];
        let tagged = [Value::Null, Value::Null, in_metadata];
        for (api, by_user, by_metadata) in [
            (WireFormat::OpenaiChat, &user, &metadata),
            (WireFormat::OpenaiResponses, &user, &metadata),
            (WireFormat::Azure, &user, &metadata),
            (WireFormat::Anthropic, &metadata, &metadata),
            (WireFormat::Bedrock, &tagged, &tagged),
            (WireFormat::Gemini, &none, &none),
            (WireFormat::Ollama, &none, &none),
        ] {
            assert_eq!(&told(api, UserIdPolicy::None), &none, "{}", api.name());
            assert_eq!(&told(api, UserIdPolicy::User), by_user, "{}", api.name());
            assert_eq!(&told(api, UserIdPolicy::Metadata), by_metadata, "{}", api.name());
        }
    }

    #[test]
    fn the_maker_is_told_by_format_name_or_model() {
        for (name, model, maker) in [
            ("openAI", "gpt-4o", "openai"),
            ("OpenRouter", "google/gemini-2.5-pro", "google"),
            ("Groq", "llama-3.1-8b-instant", "groq"),
            ("LiteLLM", "/weights/model.gguf", "litellm"),
        ] {
            assert_eq!(provider_name(&testing::endpoint(name, "https://x.test"), &model.into()), maker);
        }
    }
}
