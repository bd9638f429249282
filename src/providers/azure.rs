//! Where Azure's models are. What is said there is OpenAI's chat format.
//!
//! A model is a deployment of a resource. LibreChat's groups say which, with a key each; without groups the
//! variables of its `AZURE_` family do; and a plain endpoint of this format has deployments named as its models.
//! A resource has up to three faces: the classic one, whose path has the deployment and whose query a version;
//! v1, which takes the deployment for the model; and Foundry's, for models that are not OpenAI's.

use serde_json::Value;
use url::Url;

use super::openai_chat::request::body;
use super::site::{Auth, Site};
use super::urls;
use crate::chat::{ChatRequest, Failure, KeyLabel, ModelId};
use crate::config::{
    AZURE_DEPLOYMENT, AZURE_INSTANCE, Azure, AzureGroup, AzureHost, AzureModel, Endpoint, Template,
    USER_PROVIDED,
};
use crate::http::HttpRequest;
use crate::keys::{Credential, KeyOrigin, Secret};

/// The endpoint that LibreChat's variables are about.
const NAMED: &str = "azureOpenAI";

/// Versions that mean v1, whose path has no deployment.
const V1_VERSIONS: &[&str] = &["v1", "preview", "latest"];

/// Where models are that are not OpenAI's.
const FOUNDRY: &str = ".services.ai.azure.com";

/// Which deployment serves a model, and where.
#[derive(Debug)]
struct Place {
    base: Url,
    deployment: String,
    version: Option<String>,
    hosting: Hosting,
}

/// Whether a base URL leads to a resource, which has faces, or to one deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hosting {
    Resource,
    Serverless,
}

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one or a variable of the group is not set.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let Some((group, model)) = site.endpoint.azure.as_ref().and_then(|azure| group(azure, &chat.model))
    else {
        return post(chat, site, ungrouped(&chat.model, site)?);
    };
    let place = grouped(group, model, &chat.model, site)?;
    let endpoint = laid_over(site.endpoint, group);
    post(chat, &Site { endpoint: &endpoint, ..*site }, place)
}

/// A GET of what the resource of the first model lists: it costs nothing and wants the key.
///
/// # Errors
/// Those of [`chat`].
pub fn health(site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let model = site.endpoint.models.default.first().cloned().unwrap_or_else(|| ModelId::from(""));
    let azure = site.endpoint.azure.as_ref();
    let own = azure.map(|azure| credential(azure, &model, site)).transpose()?.flatten();
    let site = Site { credential: own.as_ref().unwrap_or(site.credential), ..*site };
    let (place, endpoint) = match azure.and_then(|azure| group(azure, &model)) {
        Some((group, known)) => {
            (grouped(group, known, &model, &site)?, Some(laid_over(site.endpoint, group)))
        }
        None => (ungrouped(&model, &site)?, None),
    };
    let mut url = place.url();
    let path = url.path();
    let face = path.find(DEPLOYMENTS).map_or_else(|| path.trim_end_matches(COMPLETIONS), |at| &path[..at]);
    let path = format!("{face}/models");
    url.set_path(&path);
    Site { endpoint: endpoint.as_ref().unwrap_or(site.endpoint), ..site }.get(url, Auth::Azure)
}

/// The key of a model's group. A key that the person chose or stored is for all groups.
///
/// # Errors
/// `config` where it names a variable that is not set.
pub fn credential(azure: &Azure, model: &ModelId, site: &Site<'_>) -> Result<Option<Credential>, Failure> {
    let given = site.credential;
    let is_chosen = given.label != KeyLabel::default() || matches!(given.origin, KeyOrigin::Stored(_));
    let own = group(azure, model).and_then(|(group, _)| group.key.as_ref()).filter(|_| !is_chosen);
    let Some(own) = own else { return Ok(None) };
    let secret = own.expand(&site.config.env)?;
    if secret.is_empty() || secret == USER_PROVIDED {
        return Ok(None);
    }
    Ok(Some(Credential { secret: Some(Secret::new(secret)), ..given.clone() }))
}

/// The group of a model; of one that none names, the first, where a deployment may have its name.
fn group<'a>(azure: &'a Azure, model: &ModelId) -> Option<(&'a AzureGroup, Option<&'a AzureModel>)> {
    let named = azure.groups.iter().find_map(|group| {
        let known = group.models.iter().find(|known| known.id == *model)?;
        Some((group, Some(known)))
    });
    named.or_else(|| Some((azure.groups.first()?, None)))
}

/// The endpoint with what a group has of its own.
fn laid_over(endpoint: &Endpoint, group: &AzureGroup) -> Endpoint {
    let mut endpoint = endpoint.clone();
    endpoint.headers.extend(group.headers.iter().cloned());
    for (name, value) in &group.add_params {
        endpoint.add_params.insert(name.clone(), value.clone());
    }
    endpoint.drop_params.extend(group.drop_params.iter().cloned());
    endpoint
}

fn grouped(
    group: &AzureGroup,
    known: Option<&AzureModel>,
    model: &ModelId,
    site: &Site<'_>,
) -> Result<Place, Failure> {
    let told = |of_model: Option<&Template>, of_group: Option<&Template>| {
        of_model.or(of_group).map(|template| template.expand(&site.config.env)).transpose()
    };
    // A model that no group names is no deployment of the group's either.
    let of_group = known.and(group.deployment.as_ref());
    let deployment = told(known.and_then(|known| known.deployment.as_ref()), of_group)?;
    let deployment = deployment.unwrap_or_else(|| model.as_str().to_owned());
    let version = told(known.and_then(|known| known.version.as_ref()), group.version.as_ref())?;
    let base = group.base_url(Some(&deployment)).expand(&site.config.env)?;
    let hosting = match group.host {
        AzureHost::Serverless(_) => Hosting::Serverless,
        AzureHost::Instance(_) | AzureHost::Base { .. } => Hosting::Resource,
    };
    Ok(Place { base: urls::parse_base(site.endpoint, &base)?, deployment, version, hosting })
}

/// Where a model is that no group tells of.
fn ungrouped(model: &ModelId, site: &Site<'_>) -> Result<Place, Failure> {
    let variable = |name: &str| {
        site.config.env.get(name).filter(|_| site.endpoint.name.as_str() == NAMED).map(str::to_owned)
    };
    let is_named_as_model = variable("AZURE_USE_MODEL_AS_DEPLOYMENT_NAME")
        .is_some_and(|value| ["true", "1", "yes", "on"].contains(&value.to_lowercase().as_str()));
    let deployment = if is_named_as_model {
        Some(model.as_str().replace('.', ""))
    } else {
        variable("AZURE_OPENAI_API_DEPLOYMENT_NAME")
    };
    let deployment = deployment.unwrap_or_else(|| model.as_str().to_owned());
    let instance = variable("AZURE_OPENAI_API_INSTANCE_NAME").unwrap_or_default();
    let base =
        site.credential.base_url.replace(AZURE_INSTANCE, &instance).replace(AZURE_DEPLOYMENT, &deployment);
    Ok(Place {
        base: urls::parse_base(site.endpoint, &base)?,
        deployment,
        version: variable("AZURE_OPENAI_API_VERSION"),
        hosting: Hosting::Resource,
    })
}

fn post(chat: &ChatRequest, site: &Site<'_>, place: Place) -> Result<HttpRequest, Failure> {
    let mut body = body(chat, site);
    let url = if site.endpoint.direct { place.base.clone() } else { place.url() };
    // The classic face has the deployment in its path already.
    if !url.path().contains(DEPLOYMENTS) {
        body.insert("model".into(), place.deployment.into());
    }
    site.post(url, Auth::Azure, &Value::Object(body))
}

const DEPLOYMENTS: &str = "/deployments/";
const COMPLETIONS: &str = "/chat/completions";

impl Place {
    /// Where the deployment is asked. A base URL that ends with the host, or with `/openai`, leads to a resource, and
    /// the version tells which of its faces is meant; any other base is one already.
    fn url(&self) -> Url {
        let mut url = self.base.clone();
        let in_base =
            url.query_pairs().find(|(name, _)| name == VERSION).map(|(_, value)| value.into_owned());
        let version = self.version.as_deref().or(in_base.as_deref());
        let path = url.path().trim_end_matches('/');
        let path = path.strip_suffix(COMPLETIONS).unwrap_or(path).trim_end_matches('/');
        let is_classic = version.is_some_and(|version| !V1_VERSIONS.contains(&version));
        let is_foundry = url.host_str().is_some_and(|host| host.ends_with(FOUNDRY));
        let face = match (path, self.hosting) {
            ("", Hosting::Serverless) => "/v1".to_owned(),
            ("", Hosting::Resource) if is_foundry => "/models".to_owned(),
            ("" | "/openai", Hosting::Resource) if is_classic => {
                format!("/openai{DEPLOYMENTS}{}", self.deployment)
            }
            ("" | "/openai", Hosting::Resource) => "/openai/v1".to_owned(),
            (path, _) => path.to_owned(),
        };
        url.set_path(&format!("{face}{COMPLETIONS}"));
        if in_base.is_none()
            && let Some(version) = version
        {
            url.query_pairs_mut().append_pair(VERSION, version);
        }
        url
    }
}

const VERSION: &str = "api-version";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::request::Delivery;
    use crate::chat::{ErrorKind, Part, RequestMessage, Role, Settings};
    use crate::config::{Config, Env, WireFormat};
    use crate::providers::{self, testing};

    fn asked(model: &str) -> ChatRequest {
        ChatRequest {
            model: model.into(),
            messages: vec![RequestMessage {
                role: Role::User,
                parts: vec![Part::Text { text: "hi".into() }],
                route: None,
            }],
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        }
    }

    fn group_at(host: AzureHost) -> AzureGroup {
        AzureGroup {
            name: "g".into(),
            key: Some(testing::template("${KEY}")),
            host,
            deployment: Some(testing::template("dep")),
            version: Some(testing::template("2024-10-21")),
            headers: Vec::new(),
            add_params: serde_json::Map::new(),
            drop_params: Vec::new(),
            models: vec![AzureModel { id: "m".into(), deployment: None, version: None }],
        }
    }

    fn instance(name: &str) -> AzureHost {
        AzureHost::Instance(testing::template(name))
    }

    fn endpoint(groups: Vec<AzureGroup>) -> Endpoint {
        let azure = Some(Azure { groups });
        let base = testing::template("https://res.openai.azure.com");
        Endpoint { azure, ..Endpoint::new(NAMED, WireFormat::Azure, base) }
    }

    fn config(vars: &[(&str, &str)]) -> Config {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config { env: Env::of(vars), ..Config::default() }
    }

    /// Where a request goes, and the model that it names.
    fn made(
        endpoint: &Endpoint,
        base: &str,
        vars: &[(&str, &str)],
        model: &str,
    ) -> Result<(String, Value), Failure> {
        let credential = testing::credential(base, "k");
        let config = config(vars);
        let site = Site { config: &config, ..testing::site(endpoint, &credential) };
        let request = chat(&asked(model), &site)?;
        assert_eq!(request.headers["api-key"], "k");
        let body: Value = serde_json::from_slice(&request.body.unwrap()).unwrap();
        Ok((request.url.to_string(), body["model"].clone()))
    }

    fn grouped_at(host: AzureHost, version: Option<&str>) -> (String, Value) {
        let version = version.map(testing::template);
        made(&endpoint(vec![AzureGroup { version, ..group_at(host) }]), "", &[("R", "res")], "m").unwrap()
    }

    #[test]
    fn a_groups_host_and_version_tell_which_face_is_asked() {
        let base = |raw: &str| AzureHost::Base {
            base: testing::template(raw),
            instance: Some(testing::template("${R}")),
        };
        let serverless = |raw: &str| AzureHost::Serverless(testing::template(raw));
        let dated = Some("2024-10-21");
        let cases = [
            (
                instance("res"),
                dated,
                "https://res.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-10-21",
                "m",
            ),
            (
                instance("${R}"),
                dated,
                "https://res.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-10-21",
                "m",
            ),
            (
                instance("res.openai.azure.us"),
                None,
                "https://res.openai.azure.us/openai/v1/chat/completions",
                "dep",
            ),
            (
                instance("res"),
                Some("preview"),
                "https://res.openai.azure.com/openai/v1/chat/completions?api-version=preview",
                "dep",
            ),
            (
                instance("res.services.ai.azure.com"),
                Some("2024-05-01-preview"),
                "https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
                "dep",
            ),
            (
                base("https://gw.test/azure/${INSTANCE_NAME}/${DEPLOYMENT_NAME}"),
                dated,
                "https://gw.test/azure/res/dep/chat/completions?api-version=2024-10-21",
                "dep",
            ),
            (
                base("https://gw.test"),
                dated,
                "https://gw.test/openai/deployments/dep/chat/completions?api-version=2024-10-21",
                "m",
            ),
            (base("https://gw.test/openai/v1/"), None, "https://gw.test/openai/v1/chat/completions", "dep"),
            (
                serverless("https://x.inference.ai.azure.com/v1/chat/completions"),
                None,
                "https://x.inference.ai.azure.com/v1/chat/completions",
                "dep",
            ),
            (
                serverless("https://x.inference.ai.azure.com"),
                dated,
                "https://x.inference.ai.azure.com/v1/chat/completions?api-version=2024-10-21",
                "dep",
            ),
        ];
        for (host, version, url, model) in cases {
            assert_eq!(grouped_at(host, version), (url.to_owned(), json!(model)));
        }
    }

    #[test]
    fn a_models_own_deployment_and_version_come_before_its_groups() {
        let own = AzureModel {
            id: "gpt-4o".into(),
            deployment: Some(testing::template("own")),
            version: Some(testing::template("2025-01-01")),
        };
        let mut second = group_at(instance("second"));
        second.models = vec![own];
        let endpoint = endpoint(vec![group_at(instance("first")), second]);
        let url = |model: &str| made(&endpoint, "", &[], model).unwrap().0;
        assert_eq!(
            url("gpt-4o"),
            "https://second.openai.azure.com/openai/deployments/own/chat/completions?api-version=2025-01-01"
        );
        assert_eq!(
            url("unheard-of"),
            "https://first.openai.azure.com/openai/deployments/unheard-of/chat/completions?api-version=2024-10-21"
        );
    }

    #[test]
    fn a_group_lays_its_headers_and_parameters_over_the_endpoints() {
        let mut group = group_at(instance("res"));
        group.headers = vec![("x-group".into(), testing::template("${G}"))];
        group.add_params = json!({"seed": 2}).as_object().unwrap().clone();
        group.drop_params = vec!["stream_options".into()];
        let mut endpoint = endpoint(vec![group]);
        endpoint.add_params = json!({"seed": 1, "user": "u"}).as_object().unwrap().clone();
        let (credential, config) = (testing::credential("", "k"), config(&[("G", "g")]));
        let made =
            chat(&asked("m"), &Site { config: &config, ..testing::site(&endpoint, &credential) }).unwrap();
        assert_eq!(made.headers["x-group"], "g");
        let body: Value = serde_json::from_slice(&made.body.unwrap()).unwrap();
        assert_eq!(
            body,
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true, "seed": 2, "user": "u"})
        );
    }

    #[test]
    fn a_variable_that_is_not_set_is_told_when_its_group_is_used() {
        let endpoint = endpoint(vec![group_at(instance("${UNSET}")), {
            let mut fine = group_at(instance("res"));
            fine.models[0].id = "fine".into();
            fine
        }]);
        assert!(made(&endpoint, "", &[], "fine").is_ok());
        let failure = made(&endpoint, "", &[], "m").unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Config);
        assert!(failure.message.contains("UNSET"), "{failure}");
    }

    #[test]
    fn each_groups_key_is_its_own_unless_the_person_chose_one() {
        let mut second = group_at(instance("second"));
        second.key = Some(testing::template("${SECOND}"));
        second.models[0].id = "n".into();
        let endpoint = endpoint(vec![group_at(instance("first")), second]);
        let config = config(&[("KEY", "one"), ("SECOND", "two")]);
        let key = |model: &str, label: &str| {
            let credential = Credential { label: label.into(), ..testing::credential("", "given") };
            let site = Site { config: &config, ..testing::site(&endpoint, &credential) };
            let own = providers::credential(&model.into(), &site).unwrap();
            own.map(|own| own.secret.unwrap().expose().to_owned())
        };
        assert_eq!(key("m", "default").as_deref(), Some("one"));
        assert_eq!(key("n", "default").as_deref(), Some("two"));
        assert_eq!(key("n", "work"), None);
    }

    #[test]
    fn without_groups_librechats_variables_tell_the_place() {
        let plain = Endpoint { azure: None, ..endpoint(Vec::new()) };
        let url = |base: &str, vars: &[(&str, &str)]| made(&plain, base, vars, "gpt-3.5-turbo").unwrap().0;
        let version = ("AZURE_OPENAI_API_VERSION", "2024-10-21");
        assert_eq!(
            url("https://res.openai.azure.com", &[version, ("AZURE_OPENAI_API_DEPLOYMENT_NAME", "dep")]),
            "https://res.openai.azure.com/openai/deployments/dep/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(
            url("https://res.openai.azure.com", &[version, ("AZURE_USE_MODEL_AS_DEPLOYMENT_NAME", "true")]),
            "https://res.openai.azure.com/openai/deployments/gpt-35-turbo/chat/completions?api-version=2024-10-21"
        );
        assert_eq!(
            url(
                "https://gw.test/${INSTANCE_NAME}/${DEPLOYMENT_NAME}",
                &[("AZURE_OPENAI_API_INSTANCE_NAME", "res"), ("AZURE_OPENAI_API_DEPLOYMENT_NAME", "dep")]
            ),
            "https://gw.test/res/dep/chat/completions"
        );
        assert_eq!(
            url("https://res.openai.azure.com", &[]),
            "https://res.openai.azure.com/openai/v1/chat/completions"
        );
        assert_eq!(
            url("https://res.openai.azure.com/?api-version=2024-06-01", &[]),
            "https://res.openai.azure.com/openai/deployments/gpt-3.5-turbo/chat/completions?api-version=2024-06-01"
        );
    }

    #[test]
    fn a_token_of_entras_is_a_bearer_token() {
        let plain = Endpoint { azure: None, ..endpoint(Vec::new()) };
        let credential = testing::credential("https://res.openai.azure.com", "eyJ0eXAi");
        let made = chat(&asked("m"), &testing::site(&plain, &credential)).unwrap();
        assert_eq!(made.headers["authorization"], "Bearer eyJ0eXAi");
        assert_eq!(made.headers.get("api-key"), None);
    }
}
