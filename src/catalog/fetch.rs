//! Asking a provider for its models.
//!
//! Most lists are one answer. Some come in pages, and some servers tell more when they are asked again: what
//! each wants is a `Way`, chosen by the wire format and, among the compatible ones, by what is known of the
//! server. A second question is a courtesy: where it fails, the list stands without it.

use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::abilities::Abilities;
use super::{ModelInfo, bedrock as profiles, list};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Endpoint, WireFormat};
use crate::http::{HttpRequest, HttpResponse, Limits, Transport};
use crate::keys::Credential;
use crate::providers::errors::{BODY_LIMIT, Head};
use crate::providers::site::Auth;
use crate::providers::{Site, adapter, anthropic, bedrock, gemini, urls};

/// What a list may take, all in all.
pub const LIMIT: Duration = Duration::from_secs(5);

/// The most bytes of a list; the longest known is under one MiB.
const LIST_LIMIT: usize = 16 << 20;

/// The most pages of a list that are asked for; nobody has as many.
const MOST_PAGES: usize = 50;

/// What is answered where a path is not known.
const UNKNOWN_PATH: &[u16] = &[404, 405];

/// Where compatible servers have their list.
const COMPATIBLE: &str = "/v1/models";

/// How many of a server's models are asked about one by one.
const MOST_DETAILS: usize = 64;

/// How many of those questions are asked at once.
const AT_ONCE: usize = 8;

/// How an endpoint is asked for its models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// One list, as OpenAI has it.
    Plain,
    /// Pages, at a provider or at a gateway that speaks its format.
    Paged(&'static Paging),
    /// Bedrock's models, and the inference profiles that lead to them.
    Bedrock,
    /// Ollama's own list, and what it knows of each model.
    Ollama,
    /// LM Studio's own list, which tells more than the compatible one.
    LmStudio,
    /// As the endpoint's adapter says.
    Adapter,
    /// Nobody can be asked.
    None,
}

/// How a list goes on after its first page.
#[derive(Debug, PartialEq, Eq)]
struct Paging {
    /// The most entries of a page.
    size: (&'static str, &'static str),
    /// The parameter that names a page, and where the page before it tells its value.
    next: (&'static str, &'static str),
    /// Where a page says that it is the last one, although it names a next.
    more: Option<&'static str>,
}

const ANTHROPIC: Paging =
    Paging { size: ("limit", "1000"), next: ("after_id", "/last_id"), more: Some("/has_more") };
const GEMINI: Paging =
    Paging { size: ("pageSize", "1000"), next: ("pageToken", "/nextPageToken"), more: None };
const PROFILES: Paging =
    Paging { size: ("maxResults", "1000"), next: ("nextToken", "/nextToken"), more: None };

impl Paging {
    /// The query of the page of this name; the first has none.
    fn query(&self, page: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(self.size.0, self.size.1);
        if let Some(page) = page {
            query.append_pair(self.next.0, page);
        }
        query.finish()
    }
}

/// How servers of the compatible kind that have a better list are named, in lower case.
const BY_NAME: &[(&str, Way)] =
    &[("ollama", Way::Ollama), ("lm studio", Way::LmStudio), ("lmstudio", Way::LmStudio)];

impl Way {
    fn of(endpoint: &Endpoint, credential: &Credential) -> Self {
        match endpoint.api {
            WireFormat::Ollama => Self::Ollama,
            // A project of Google's has no list of what it may use.
            WireFormat::Anthropic | WireFormat::Gemini if in_project(endpoint, credential) => Self::None,
            WireFormat::Anthropic => Self::Paged(&ANTHROPIC),
            WireFormat::Gemini => Self::Paged(&GEMINI),
            WireFormat::OpenaiChat | WireFormat::OpenaiResponses => {
                let name = endpoint.name.as_str().to_ascii_lowercase();
                BY_NAME.iter().find(|(start, _)| name.starts_with(start)).map_or(Self::Plain, |(_, way)| *way)
            }
            WireFormat::Adapter => {
                let lists = endpoint.adapter.as_ref().is_some_and(|adapter| adapter.models.is_some());
                if lists { Self::Adapter } else { Self::None }
            }
            WireFormat::Bedrock => Self::Bedrock,
            // What is deployed there is configured; nobody tells of it.
            WireFormat::Azure => Self::None,
        }
    }
}

fn in_project(endpoint: &Endpoint, credential: &Credential) -> bool {
    urls::parse(endpoint, credential).is_ok_and(|url| urls::is_project(&url))
}

/// Whether there is anybody to ask for an endpoint's models.
pub fn has_list(endpoint: &Endpoint, credential: &Credential) -> bool {
    Way::of(endpoint, credential) != Way::None
}

/// The models that an endpoint lists for this key.
///
/// # Errors
/// Why there is no list: as `request` for what cannot be asked, `network` or `timeout` for the way,
/// `auth`, `rate_limit` or `provider` for what was answered.
pub async fn models(
    transport: &dyn Transport,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<Vec<ModelInfo>, Failure> {
    let site = Site { config, endpoint, credential, now: Timestamp::now() };
    let asker = Asker { transport, site, limit: LIMIT };
    tokio::time::timeout(LIMIT, asker.models()).await.unwrap_or_else(|_| Err(asker.too_late()))
}

/// Asks one endpoint with one key.
pub(super) struct Asker<'a> {
    pub transport: &'a dyn Transport,
    pub site: Site<'a>,
    /// What each part of an answer may take.
    pub limit: Duration,
}

impl Asker<'_> {
    async fn models(&self) -> Result<Vec<ModelInfo>, Failure> {
        let Site { endpoint, credential, .. } = self.site;
        match Way::of(endpoint, credential) {
            Way::Plain => self.plain().await,
            Way::Paged(paging) => {
                let url = urls::models(endpoint, credential)?;
                match self.paged(&url, paging).await {
                    Err(failure) if failure.status.is_some_and(|status| UNKNOWN_PATH.contains(&status)) => {
                        self.gateways(&url).await.ok_or(failure)
                    }
                    done => done,
                }
            }
            Way::Bedrock => self.bedrock().await,
            Way::Ollama => match self.ollama().await {
                // Something that is called Ollama and is a gateway before it.
                Err(failure) if failure.status.is_some() => self.plain().await,
                done => done,
            },
            Way::LmStudio => {
                let url = urls::at_origin(endpoint, credential, "/api/v0/models")?;
                match self.list(self.get(url)?).await {
                    // An older one has no list of its own.
                    Err(failure) if failure.status.is_some() => self.plain().await,
                    done => done,
                }
            }
            Way::Adapter => self.adapter().await,
            Way::None => Ok(Vec::new()),
        }
    }

    async fn plain(&self) -> Result<Vec<ModelInfo>, Failure> {
        let Site { config, endpoint, credential, .. } = self.site;
        let mut request = self.get(urls::models(endpoint, credential)?)?;
        if endpoint.models.user_id_query {
            let user = config
                .user
                .as_deref()
                .or_else(|| ["USER", "USERNAME"].iter().find_map(|name| config.env.get(name)));
            if let Some(user) = user {
                request.url.query_pairs_mut().append_pair("user", user);
            }
        }
        let body = self.ask(request).await?;
        let mut models = self.read(&body)?;
        if is_llamacpp(&body)
            && let Ok(url) = urls::at_origin(endpoint, credential, "/props")
            && let Ok(request) = self.get(url)
            && let Ok(props) = self.ask(request).await
        {
            let context = props.pointer("/default_generation_settings/n_ctx").and_then(Value::as_u64);
            for model in &mut models {
                // What it runs with, rather than what it was trained with.
                model.context = context.or(model.context);
                model.abilities = Abilities::of(&props).or(model.abilities);
            }
        }
        Ok(models)
    }

    /// The list of a gateway that speaks a provider's format for answers and OpenAI's for everything else: below
    /// the same base, or at its root. Nobody who answers there is worth less than what was answered before.
    async fn gateways(&self, asked: &Url) -> Option<Vec<ModelInfo>> {
        let base = asked.path().trim_end_matches("/models");
        let base = base.rsplit_once('/').map_or("", |(base, _)| base);
        let mut paths = vec![format!("{base}{COMPATIBLE}"), COMPATIBLE.to_owned()];
        paths.dedup();
        for path in paths.iter().filter(|path| *path != asked.path()) {
            let mut url = asked.clone();
            url.set_path(path);
            let request = self.limited(self.site.get(url, Auth::Bearer).ok()?);
            if let Ok(models) = self.list(request).await {
                return Some(models);
            }
        }
        None
    }

    async fn paged(&self, first: &Url, paging: &Paging) -> Result<Vec<ModelInfo>, Failure> {
        let page = |query: &str| {
            let mut url = first.clone();
            let query = url.query().map_or_else(|| query.to_owned(), |own| format!("{own}&{query}"));
            url.set_query(Some(&query));
            self.get(url)
        };
        let mut models: Vec<ModelInfo> = Vec::new();
        for page in self.pages(paging, page).await? {
            for model in self.read(&page)? {
                if !models.iter().any(|known| known.id == model.id) {
                    models.push(model);
                }
            }
        }
        Ok(models)
    }

    /// The pages of a list; `request` asks for one by its query.
    async fn pages(
        &self,
        paging: &Paging,
        request: impl Fn(&str) -> Result<HttpRequest, Failure>,
    ) -> Result<Vec<Value>, Failure> {
        let mut pages: Vec<Value> = Vec::new();
        let mut name: Option<String> = None;
        while pages.len() < MOST_PAGES {
            let request = request(&paging.query(name.as_deref()))?;
            let page = self.ask(self.limited(request)).await?;
            let is_last = paging.more.is_some_and(|path| page.pointer(path) != Some(&Value::Bool(true)));
            let next = page.pointer(paging.next.1).and_then(Value::as_str).filter(|next| !next.is_empty());
            let next = next.filter(|next| !is_last && name.as_deref() != Some(*next)).map(str::to_owned);
            pages.push(page);
            if next.is_none() {
                break;
            }
            name = next;
        }
        Ok(pages)
    }

    async fn bedrock(&self) -> Result<Vec<ModelInfo>, Failure> {
        let models = self.ask(self.limited(bedrock::list(&self.site, bedrock::MODELS)?)).await?;
        let page = |query: &str| bedrock::list(&self.site, &format!("{}?{query}", bedrock::PROFILES));
        // Who may not see the profiles still has what is offered on demand.
        let pages = self.pages(&PROFILES, page).await.unwrap_or_default();
        let profiles: Vec<Value> = pages.iter().filter_map(list::entries).flatten().cloned().collect();
        let own = self.site.endpoint.bedrock.inference_profiles.iter().map(|(model, _)| model.clone());
        profiles::merged(&own.collect::<Vec<_>>(), &models, &profiles).map_or_else(|| self.read(&models), Ok)
    }

    async fn adapter(&self) -> Result<Vec<ModelInfo>, Failure> {
        let Some(request) = adapter::models::request(&self.site)? else { return Ok(Vec::new()) };
        let body = self.ask(self.limited(request)).await?;
        self.read(&adapter::models::list(&self.site, body)?)
    }

    async fn ollama(&self) -> Result<Vec<ModelInfo>, Failure> {
        let Site { endpoint, credential, .. } = self.site;
        let tags = self.get(urls::at_origin(endpoint, credential, "/api/tags")?)?;
        let models = self.list(tags).await?;
        let show = urls::at_origin(endpoint, credential, "/api/show")?;
        let details = models.into_iter().enumerate().map(|(at, model)| {
            let show = show.clone();
            async move {
                if at >= MOST_DETAILS {
                    return Some(model);
                }
                self.ollama_model(&model, show).await.unwrap_or(Some(model))
            }
        });
        let told = futures::stream::iter(details).buffered(AT_ONCE).filter_map(std::future::ready);
        Ok(told.collect().await)
    }

    /// What Ollama knows of a model; `None` where it only embeds.
    async fn ollama_model(&self, model: &ModelInfo, show: Url) -> Result<Option<ModelInfo>, Failure> {
        let body = serde_json::json!({"model": model.id});
        let told = self.ask(self.limited(self.site.post(show, auth(&self.site), &body)?)).await?;
        let abilities = told.get("capabilities").and_then(Value::as_array);
        if abilities.is_some_and(|all| !all.is_empty() && !all.iter().any(|one| one == "completion")) {
            return Ok(None);
        }
        let context = told.get("model_info").and_then(Value::as_object).and_then(|info| {
            info.iter()
                .find(|(key, _)| key.ends_with(".context_length"))
                .and_then(|(_, value)| value.as_u64())
        });
        Ok(Some(ModelInfo {
            context: context.or(model.context),
            abilities: Abilities::of(&told).or(model.abilities),
            ..model.clone()
        }))
    }

    pub(super) fn get(&self, url: Url) -> Result<HttpRequest, Failure> {
        let Site { endpoint, credential, .. } = self.site;
        let request = self.limited(self.site.get(url, auth(&self.site))?);
        Ok(match endpoint.api {
            WireFormat::Anthropic => anthropic::request::versioned(request, credential),
            WireFormat::OpenaiChat
            | WireFormat::OpenaiResponses
            | WireFormat::Gemini
            | WireFormat::Azure
            | WireFormat::Bedrock
            | WireFormat::Ollama
            | WireFormat::Adapter => request,
        })
    }

    pub(super) fn limited(&self, mut request: HttpRequest) -> HttpRequest {
        let shorter = |other: Duration| other.min(self.limit);
        request.limits = Limits {
            connect: shorter(request.limits.connect),
            first_byte: shorter(request.limits.first_byte),
            idle: shorter(request.limits.idle),
        };
        request
    }

    async fn list(&self, request: HttpRequest) -> Result<Vec<ModelInfo>, Failure> {
        let body = self.ask(request).await?;
        self.read(&body)
    }

    fn read(&self, body: &Value) -> Result<Vec<ModelInfo>, Failure> {
        list::parse(body).ok_or_else(|| {
            let head = self.head(200, &http::HeaderMap::new());
            let text = body.to_string();
            if body.get("error").is_some() {
                head.failure(text.as_bytes())
            } else {
                head.not_understood(text.as_bytes())
            }
        })
    }

    /// What a question that took too long comes to.
    pub(super) fn too_late(&self) -> Failure {
        let host = urls::host(self.site.credential);
        let limit = LIMIT.as_secs().to_string();
        let message = crate::t!("net-list-timeout", host = host, limit = limit);
        Failure::new(ErrorKind::Timeout, message.into_string())
            .with_next_step(crate::t!("net-step-list-timeout").into_string())
    }

    fn head(&self, status: u16, headers: &http::HeaderMap) -> Head {
        Head::new(&self.site.endpoint.name, self.site.credential, status, headers)
    }

    /// The JSON that answers a request.
    async fn ask(&self, request: HttpRequest) -> Result<Value, Failure> {
        let mut response = self.accepted(request).await?;
        let head = self.head(response.status, &response.headers);
        let body = Self::body_of(&mut response, LIST_LIMIT).await?;
        serde_json::from_slice(&body).map_err(|_| head.not_understood(&body))
    }

    /// The answer to a request that was not refused.
    pub(super) async fn accepted(&self, request: HttpRequest) -> Result<HttpResponse, Failure> {
        let mut response = self.transport.send(request).await.map_err(late)?;
        if (200..300).contains(&response.status) {
            return Ok(response);
        }
        let head = self.head(response.status, &response.headers);
        let mut failure = head.failure(&Self::body_of(&mut response, BODY_LIMIT).await?);
        // There is no model in this question that could be unknown: the place is wrong.
        if failure.kind == ErrorKind::UnknownModel {
            failure.kind = ErrorKind::Provider;
            let endpoint = self.site.endpoint.name.as_str();
            failure.next_step = Some(crate::t!("net-step-no-list", endpoint = endpoint).into_string());
        }
        Err(failure)
    }

    async fn body_of(response: &mut HttpResponse, limit: usize) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(piece) = response.body.next().await {
            body.extend_from_slice(&piece.map_err(late)?);
            if body.len() > limit {
                break;
            }
        }
        Ok(body)
    }
}

/// A failure on the way. Limits are shorter here than those of an endpoint, which are not to blame.
fn late(failure: Failure) -> Failure {
    if failure.kind == ErrorKind::Timeout {
        return failure.with_next_step(crate::t!("net-step-list-timeout").into_string());
    }
    failure
}

fn auth(site: &Site<'_>) -> Auth {
    match site.endpoint.api {
        WireFormat::Anthropic => anthropic::request::auth(site.credential),
        WireFormat::Gemini => urls::parse(site.endpoint, site.credential)
            .map_or(Auth::Bearer, |base| gemini::request::auth(&base, &site.config.env)),
        WireFormat::Azure => Auth::Azure,
        WireFormat::OpenaiChat | WireFormat::OpenaiResponses | WireFormat::Ollama | WireFormat::Adapter => {
            Auth::Bearer
        }
        WireFormat::Bedrock => Auth::Signed,
    }
}

/// llama.cpp says so in every entry.
fn is_llamacpp(body: &Value) -> bool {
    body.pointer("/data/0/owned_by").is_some_and(|owner| owner == "llamacpp")
}
