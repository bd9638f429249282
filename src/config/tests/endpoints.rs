//! Endpoints as files tell them: where they are, their keys, their models, what is sent along.

use super::*;

#[test]
fn a_groq_endpoint_of_the_documentation_loads_and_becomes_the_built_in_one() {
    let loaded = load_fixture("librechat-groq.yaml", &[("GROQ_API_KEY", "gsk")]);
    let groq = named(&loaded, "groq");
    assert_eq!(raw_key(groq), Some("${GROQ_API_KEY}"));
    assert_eq!(groq.models.default.len(), 3);
    assert!(!groq.models.fetch);
    assert_eq!(groq.title.model, TitleModel::Named("mixtral-8x7b-32768".into()));
    assert!(groq.title.enabled);
    assert_eq!(groq.label.as_deref(), Some("groq"));
    assert_eq!(loaded.config.endpoint("Groq"), None);
    assert_eq!(loaded.config.endpoints[0].name.as_str(), "groq");
    insta::assert_snapshot!(told(&loaded.problems), @r"
    librechat-groq.yaml:2:1: note: understood, not used [version]
    librechat-groq.yaml:3:1: note: understood, not used [cache]
    ");
}

#[test]
fn a_litellm_endpoint_of_the_documentation_loads_with_its_legacy_keys() {
    let loaded = load_fixture("librechat-litellm.yaml", &[]);
    let litellm = named(&loaded, "LiteLLM");
    assert_eq!(raw_key(litellm), Some(USER_PROVIDED));
    assert_eq!(litellm.base_url.raw, "http://host.docker.internal:4000");
    assert!(litellm.models.fetch);
    insta::assert_snapshot!(told(&loaded.problems), @r"
    librechat-litellm.yaml:2:1: note: understood, not used [version]
    librechat-litellm.yaml:3:1: note: understood, not used [cache]
    librechat-litellm.yaml:14:7: note: understood, not used [endpoints.custom[0].summarize]
    librechat-litellm.yaml:15:7: note: understood, not used [endpoints.custom[0].summaryModel]
    librechat-litellm.yaml:16:7: note: understood, not used [endpoints.custom[0].forcePrompt]
    ");
}

#[test]
fn a_base_url_without_v1_stays_as_it_is() {
    let loaded = load_fixture("librechat-no-v1.yaml", &[]);
    assert_eq!(named(&loaded, "Gateway").base_url.raw, "https://llm.example.com");
}

#[test]
fn openai_reverse_proxy_moves_the_openai_endpoint() {
    let with =
        load_yaml("", &[("OPENAI_REVERSE_PROXY", "https://gw/v1"), ("OPENAI_MODELS", "a, b,")]).unwrap();
    let openai = named(&with, "openAI");
    assert_eq!(openai.base_url.raw, "${OPENAI_REVERSE_PROXY}");
    assert_eq!(openai.models.default, ["a".into(), "b".into()]);
    assert!(!openai.models.fetch, "a list that was given is final");
    let without = load_yaml("", &[]).unwrap();
    assert_eq!(named(&without, "openAI").base_url.raw, "https://api.openai.com/v1");
    assert!(named(&without, "openAI").models.fetch);
}

#[test]
fn the_first_alternative_whose_variables_are_set_is_taken_else_the_first() {
    let second = load_yaml("", &[("GEMINI_API_KEY", "x")]).unwrap();
    assert_eq!(raw_key(named(&second, "google")), Some("${GEMINI_API_KEY}"));
    let none = load_yaml("", &[]).unwrap();
    assert_eq!(raw_key(named(&none, "google")), Some("${GOOGLE_KEY}"));
}

#[test]
fn claude_on_vertex_has_its_place_its_names_and_its_own_token() {
    let yaml = |more: &str| {
        format!(
            "endpoints:\n  anthropic:\n    {more}\n    vertex:\n      projectId: ${{PROJECT}}\n      \
             serviceKeyFile: /keys/a.json\n      deploymentName: usual\n      models:\n        \
             claude-a: true\n        claude-b: {{deploymentName: b@1}}\n        claude-c: false\n"
        )
    };
    let vars = [("PROJECT", "p-1"), ("ANTHROPIC_API_KEY", "sk-ant-1")];
    let loaded = load_yaml(&yaml("titleConvo: false"), &vars).unwrap();
    let claude = named(&loaded, "anthropic");
    assert_eq!(
        claude.base_url.raw,
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5"
    );
    assert_eq!(raw_key(claude), Some(USER_PROVIDED), "Anthropic's key is not for Google");
    assert_eq!(
        (&claude.models.default, claude.models.fetch),
        (&vec!["claude-a".into(), "claude-b".into()], false)
    );
    let deployments = [("claude-a".into(), "usual".into()), ("claude-b".into(), "b@1".into())];
    assert_eq!(claude.deployments, HashMap::from(deployments));
    insta::assert_snapshot!(told(&loaded.problems), @"
    loquat.yaml:5:7: warning: Vertex AI wants an access token as this endpoint's key, and none is configured; service-account files are not read [endpoints.anthropic.vertex] => add keyCommand: [gcloud, auth, print-access-token]
    loquat.yaml:6:7: note: understood, not used [endpoints.anthropic.vertex.serviceKeyFile]
    ");

    let own = yaml("keyCommand: [gcloud, auth, print-access-token]");
    let loaded = load_yaml(&own.replace("projectId", "region: global\n      projectId"), &vars).unwrap();
    let claude = named(&loaded, "anthropic");
    assert_eq!(claude.base_url.raw, "https://aiplatform.googleapis.com/v1/projects/p-1/locations/global");
    assert!(matches!(claude.keys[0].source, KeySource::Command(_)));
    insta::assert_snapshot!(
        told(&loaded.problems),
        @"loquat.yaml:7:7: note: understood, not used [endpoints.anthropic.vertex.serviceKeyFile]"
    );

    insta::assert_snapshot!(errors("endpoints: {anthropic: {vertex: {region: eu, modells: []}}}"), @"
    loquat.yaml:1:33: error: “projectId” is missing [endpoints.anthropic.vertex]
    loquat.yaml:1:46: error: unknown key “modells” [endpoints.anthropic.vertex.modells] => did you mean “models”?
    ");
    let off = load_yaml("endpoints: {anthropic: {vertex: {enabled: false}}}", &vars).unwrap();
    assert_eq!(named(&off, "anthropic").base_url.raw, "https://api.anthropic.com");
}

#[test]
fn azures_groups_are_read_with_all_they_say() {
    let loaded = load_yaml(
        "endpoints:
  azureOpenAI:
    groups:
      - group: one
        apiKey: ${ONE}
        instanceName: res
        deploymentName: dep
        version: 2024-10-21
        additionalHeaders: {x-a: b}
        addParams: {seed: 1}
        dropParams: [stop]
        models: {gpt-4o: {deploymentName: own, version: '1'}, gpt-4: true}
      - group: two
        apiKey: ${TWO}
        serverless: true
        baseURL: https://x.inference.ai.azure.com
        models: {mistral: true}
",
        &[("TWO", "two")],
    )
    .unwrap();
    assert_eq!(told(&loaded.problems), "");
    let endpoint = named(&loaded, "azureOpenAI");
    let ids: Vec<&str> = endpoint.models.default.iter().map(|id| id.as_str()).collect();
    assert_eq!((ids, endpoint.models.fetch), (vec!["gpt-4o", "gpt-4", "mistral"], false));
    assert_eq!(raw_key(endpoint), Some("${TWO}"), "the first that can be had");
    let groups = &endpoint.azure.as_ref().unwrap().groups;
    let raw = |template: &Option<Template>| template.as_ref().map(|template| template.raw.clone());
    let one = &groups[0];
    assert_eq!(one.base_url(None).raw, "https://res.openai.azure.com");
    assert_eq!((raw(&one.key), raw(&one.deployment)), (Some("${ONE}".into()), Some("dep".into())));
    assert_eq!(raw(&one.version).as_deref(), Some("2024-10-21"));
    assert_eq!((one.headers[0].0.as_str(), one.headers[0].1.raw.as_str()), ("x-a", "b"));
    assert_eq!((&one.add_params["seed"], &one.drop_params), (&1.into(), &vec!["stop".to_owned()]));
    let models: Vec<_> = one
        .models
        .iter()
        .map(|model| (model.id.as_str(), raw(&model.deployment), raw(&model.version)))
        .collect();
    assert_eq!(models, [("gpt-4o", Some("own".into()), Some("1".into())), ("gpt-4", None, None)]);
    assert!(
        matches!(&groups[1].host, AzureHost::Serverless(base) if base.raw == "https://x.inference.ai.azure.com")
    );
}

#[test]
fn an_azure_group_that_leads_nowhere_and_a_model_of_two_groups_are_told() {
    let yaml = "\
endpoints:
  azureOpenAI:
    groups:
      - {group: one, instanceName: res, models: {gpt-4o: true}}
      - {group: two, models: {a: true}}
      - {group: three, serverless: true, instanceName: res, models: {b: true}}
      - {group: four, instanceName: res, models: {gpt-4o: true}}
";
    insta::assert_snapshot!(errors(yaml), @r"
    loquat.yaml:5:17: error: a group needs an instanceName, or a baseURL [endpoints.azureOpenAI.groups[1]]
    loquat.yaml:6:17: error: a serverless group needs a baseURL [endpoints.azureOpenAI.groups[2]]
    loquat.yaml:7:51: error: the model “gpt-4o” is in another group already [endpoints.azureOpenAI.groups[3].models]
    ");
}

#[test]
fn how_reasoning_is_told_and_sent_back_can_be_configured() {
    let read = |params: &str| {
        let yaml = format!(
            "endpoints:\n  custom:\n    - {{name: X, baseURL: https://x.test, customParams: {{{params}}}}}\n"
        );
        let loaded = load_yaml(&yaml, &[]).unwrap();
        assert_eq!(told(&loaded.problems), "");
        let endpoint = named(&loaded, "X");
        (endpoint.reasoning_format, endpoint.reasoning_back)
    };
    assert_eq!(read(""), (None, None));
    assert_eq!(read("reasoningFormat: reasoning_object"), (Some(ReasoningFormat::Object), None));
    assert_eq!(read("reasoningFormat: disabled"), (Some(ReasoningFormat::Disabled), None));
    assert_eq!(read("includeReasoningContent: true"), (None, Some(ReasoningBack::ToolTurns)));
    assert_eq!(read("includeReasoningContent: false"), (None, Some(ReasoningBack::Never)));
    assert_eq!(read("includeReasoningHistory: true"), (None, Some(ReasoningBack::Always)));
}

#[test]
fn a_persons_endpoint_changes_the_built_in_one_of_its_name_and_comes_first() {
    let yaml = "\
endpoints:
  custom:
    - {name: Mine, baseURL: 'https://mine'}
    - name: Groq
      keys: [{label: work, apiKey: '${WORK}'}]
      timeouts: {idle: 7.5}
  openAI: {titleModel: gpt-4o-mini}
router: {retries: 5, timeouts: {idle: 60, connect: 3}}
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let names: Vec<&str> =
        loaded.config.endpoints.iter().take(4).map(|endpoint| endpoint.name.as_str()).collect();
    assert_eq!(names, ["Mine", "Groq", "openAI", "anthropic"]);
    let groq = named(&loaded, "Groq");
    assert_eq!(groq.base_url.raw, "https://api.groq.com/openai/v1");
    let labels: Vec<&str> = groq.keys.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(labels, ["default", "work"]);
    assert_eq!(groq.timeouts.idle.as_millis(), 7500);
    assert_eq!((groq.timeouts.connect.as_secs(), loaded.config.router.retries), (3, 5));
}

#[test]
fn a_parameter_that_would_make_another_request_is_told_of_and_not_sent() {
    let yaml = "endpoints:\n  custom:\n    - {name: One, baseURL: 'https://one', addParams: {model: x, seed: 1}, \
                customParams: {paramDefinitions: [{key: stream, default: false}]}}\n";
    let loaded = load_yaml(yaml, &[]).unwrap();
    let one = named(&loaded, "One");
    assert_eq!((one.add_params.len(), one.default_params.len()), (1, 0));
    insta::assert_snapshot!(told(&loaded.problems), @r"
    loquat.yaml:3:62: warning: “model” is the turn's own and no parameter; it is not sent [endpoints.custom[0].addParams.model]
    loquat.yaml:3:132: warning: “stream” is the turn's own and no parameter; it is not sent [endpoints.custom[0].customParams.stream]
    ");
}

#[test]
fn every_api_name_is_a_wire_format() {
    let yaml: String = schema::APIS
        .iter()
        .map(|api| {
            let adapter = match *api {
                "adapter" => ", adapter: {paths: {chat: /a}, request: ., response: {text: .}}",
                _ => "",
            };
            format!("    - {{name: E-{api}, baseURL: 'https://x', api: {api}{adapter}}}\n")
        })
        .collect();
    let loaded = load_yaml(&format!("endpoints:\n  custom:\n{yaml}"), &[]).unwrap();
    for api in schema::APIS {
        assert_eq!(named(&loaded, &format!("E-{api}")).api.name(), *api);
    }
}

#[test]
fn a_custom_endpoint_may_not_take_the_name_of_one_that_has_its_own_section() {
    let yaml =
        "endpoints: {custom: [{name: openAI, baseURL: 'https://x'}, {name: '', baseURL: 'https://y'}]}\n";
    insta::assert_snapshot!(errors(yaml), @r#"
    loquat.yaml:1:29: error: “openAI” has a section of its own: write it as endpoints.openAI [endpoints.custom[0].name]
    loquat.yaml:1:67: error: “name” is missing [endpoints.custom[1].name]
    "#);
}

#[test]
fn an_endpoint_is_told_who_asks_where_there_is_somebody_to_tell_of() {
    let yaml = "\
endpoints:
  all: {userId: metadata}
  anthropic: {userId: none}
  custom: [{name: A, baseURL: 'https://a', userId: user}]
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    insta::assert_snapshot!(told(&loaded.problems), @"
    loquat.yaml:2:17: warning: there is no `user` at the top of the file, so the endpoint is told of nobody [endpoints.all.userId]
    loquat.yaml:4:52: warning: there is no `user` at the top of the file, so the endpoint is told of nobody [endpoints.custom[0].userId]
    ");
    let loaded = load_yaml(&format!("user: ana\n{yaml}"), &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    assert_eq!(named(&loaded, "A").user_id, UserIdPolicy::Metadata, "`all` wins over the endpoint's own");
}

#[test]
fn bedrock_has_its_regions_profiles_and_guardrail_and_awss_own_places_for_keys() {
    let yaml = "\
endpoints:
  bedrock:
    availableRegions: [us-east-1, eu-west-1]
    inferenceProfiles: {claude: '${ARN}'}
    guardrailConfig: {guardrailIdentifier: abc, guardrailVersion: 1, trace: enabled_full, streamProcessingMode: async}
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let bedrock = named(&loaded, "bedrock");
    let sources: Vec<&KeySource> = bedrock.keys.iter().map(|key| &key.source).collect();
    assert_eq!(sources, [&KeySource::Aws]);
    let [(model, profile)] = &bedrock.bedrock.inference_profiles[..] else { panic!("one profile") };
    assert_eq!((model.as_str(), profile.raw.as_str()), ("claude", "${ARN}"));
    assert_eq!(bedrock.bedrock.regions, ["us-east-1", "eu-west-1"]);
    let guardrail = bedrock.bedrock.guardrail.as_ref().unwrap();
    assert_eq!(
        (guardrail.identifier.raw.as_str(), guardrail.version.as_str(), guardrail.trace.as_deref()),
        ("abc", "1", Some("enabled_full"))
    );
    assert_eq!(guardrail.stream_processing_mode.as_deref(), Some("async"));
    let bearer = load_yaml("endpoints: {bedrock: {apiKey: '${TOKEN}'}}\n", &[]).unwrap();
    assert_eq!(raw_key(named(&bearer, "bedrock")), Some("${TOKEN}"));
    insta::assert_snapshot!(errors("endpoints: {bedrock: {guardrailConfig: {trace: loud}}}\n"), @r"
    loquat.yaml:1:40: error: “guardrailIdentifier” is missing [endpoints.bedrock.guardrailConfig]
    loquat.yaml:1:48: error: has to be one of enabled, disabled, enabled_full; it is “loud” [endpoints.bedrock.guardrailConfig.trace]
    ");
}
