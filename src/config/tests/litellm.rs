//! LiteLLM's `config.yaml`: what it becomes, and what is said of what it cannot become.

use super::aliases::all_shown;
use super::*;

/// The endpoints that a file adds or changes, without the built-in ones as they stand.
fn endpoints_shown(config: &Config) -> String {
    let mut text = String::new();
    for endpoint in
        config.endpoints.iter().filter(|endpoint| !endpoint.at.is_builtin() && !endpoint.is_router())
    {
        let Endpoint { name, api, base_url, models, .. } = endpoint;
        text.push_str(&format!("{name}: {} at {}\n", api.name(), base_url.raw));
        for key in &endpoint.keys {
            let source = match &key.source {
                KeySource::Value(template) => template.raw.clone(),
                KeySource::Command(_) | KeySource::Aws => format!("{:?}", key.source),
            };
            text.push_str(&format!("  key {}: {source}\n", key.label));
        }
        let ids: Vec<&str> = models.default.iter().map(|id| id.as_str()).collect();
        text.push_str(&format!("  models {}, fetched: {}\n", ids.join(", "), models.fetch));
        for (header, value) in &endpoint.headers {
            text.push_str(&format!("  header {header}: {}\n", value.raw));
        }
        if !endpoint.add_params.is_empty() {
            text.push_str(&format!("  adds {}\n", serde_json::to_string(&endpoint.add_params).unwrap()));
        }
        if !endpoint.drop_params.is_empty() {
            text.push_str(&format!("  drops {}\n", endpoint.drop_params.join(", ")));
        }
        let mut tokens: Vec<_> = endpoint.token_config.iter().collect();
        tokens.sort_by_key(|(model, _)| model.as_str());
        for (model, TokenConfig { prompt, completion, context, cache_read, cache_write }) in tokens {
            let price = |money: &Option<Money>| money.map_or("?".to_owned(), |money| money.to_string());
            text.push_str(&format!(
                "  {model}: {} in, {} out, {} read, {} written, context {context:?}\n",
                price(prompt),
                price(completion),
                price(cache_read),
                price(cache_write)
            ));
        }
    }
    text
}

/// Loads `yaml` as an included LiteLLM file.
fn included(yaml: &str, vars: &[(&str, &str)]) -> Loaded {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(paths.config.join("config.yaml"), yaml).unwrap();
    fs::write(paths.config_file(), "include: [config.yaml]\n").unwrap();
    load(None, &paths, env(vars)).unwrap()
}

/// An included file with these items in its `model_list`, whatever they hold between braces.
fn models(items: &[&str], vars: &[(&str, &str)]) -> Loaded {
    let items: String = items.iter().map(|item| format!("  - {{{item}}}\n")).collect();
    included(&format!("model_list:\n{items}"), vars)
}

#[test]
fn a_teams_proxy_becomes_aliases_and_the_endpoints_they_need() {
    let loaded = load_fixture("litellm-team.yaml", &[]);
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    gpt-4o: Shuffle, falls back to claude, local, retries 3
      azure-acme-eu/gpt-4o-eu as default, weight 300, order 1, 300 rpm, 120000 tpm, first token 20s, idle 20s
      openAI/gpt-4o as default, weight 100, order 1, 100 rpm, first token 600s, idle 600s
      openAI/gpt-4o as OPENAI_KEY_RESEARCH, weight 50, order 1, 50 rpm, 4 parallel, first token 600s, idle 600s
    claude: Shuffle, falls back to gpt-4o, policy falls back to groq/llama-3.3-70b-versatile, retries 3
      anthropic/claude-sonnet-4-5-20250929 as default, weight 1, order 1, first token 600s, idle 600s
      anthropic/claude-3-7-sonnet-20250219 as default, weight 1, order 2, first token 600s, idle 600s
    local: Shuffle, context falls back to claude, retries 3
      vLLM/Qwen/Qwen2.5-32B-Instruct, weight 1, order 1, first token 600s, idle 600s
    gateway: Shuffle, falls back to local, retries 3
      openai-127.0.0.1:9000/mixtral-8x7b as default, weight 1, order 1, first token 600s, idle 600s
    groq/*: Shuffle, falls back to local, retries 3
      Groq/* as default, weight 1, order 1, first token 600s, idle 600s
    gpt-4: Shuffle, falls back to claude, local, retries 3
      azure-acme-eu/gpt-4o-eu as default, weight 300, order 1, 300 rpm, 120000 tpm, first token 20s, idle 20s
      openAI/gpt-4o as default, weight 100, order 1, 100 rpm, first token 600s, idle 600s
      openAI/gpt-4o as OPENAI_KEY_RESEARCH, weight 50, order 1, 50 rpm, 4 parallel, first token 600s, idle 600s
    hidden-claude: Shuffle, falls back to gpt-4o, policy falls back to groq/llama-3.3-70b-versatile, retries 3
      anthropic/claude-sonnet-4-5-20250929 as default, weight 1, order 1, first token 600s, idle 600s
      anthropic/claude-3-7-sonnet-20250219 as default, weight 1, order 2, first token 600s, idle 600s
    ");
    insta::assert_snapshot!(endpoints_shown(&loaded.config), @r#"
    openAI: openai-chat at https://api.openai.com/v1
      key default: ${OPENAI_API_KEY}
      key OPENAI_KEY_RESEARCH: ${OPENAI_KEY_RESEARCH}
      models gpt-5, gpt-5-mini, gpt-4.1, gpt-4.1-mini, gpt-4o, gpt-4o-mini, o4-mini, fetched: true
    azure-acme-eu: azure at https://acme-eu.openai.azure.com?api-version=2024-10-21
      key default: ${AZURE_EU_KEY}
      models gpt-4o-eu, fetched: false
    vLLM: openai-chat at http://localhost:8000/v1
      models , fetched: true
      Qwen/Qwen2.5-32B-Instruct: 0 in, 0 out, ? read, ? written, context Some(32768)
    openai-127.0.0.1:9000: openai-chat at http://127.0.0.1:9000/v1
      key default: sk-none
      models mixtral-8x7b, fetched: true
      header X-Team: research
      adds {"temperature":0.2,"repetition_penalty":1.1}
      mixtral-8x7b: 0.15 in, 0.6 out, ? read, ? written, context None
    "#);
    insta::assert_snapshot!(told(&loaded.problems), @r#"
    litellm-team.yaml:15:7: note: understood, not used [model_list[0].model_info.id]
    litellm-team.yaml:16:7: note: understood, not used [model_list[0].model_info.base_model]
    litellm-team.yaml:49:7: note: understood, not used [model_list[5].model_info.supports_function_calling]
    litellm-team.yaml:55:16: warning: a key is written out in this file [endpoints.custom[2].apiKey] => name a variable, "${NAME}", or write user_provided and use “loquat keys set”
    litellm-team.yaml:73:24: note: it is for embedding and not for chats; this deployment is left out [model_list[8].model_info.mode]
    litellm-team.yaml:80:3: note: understood, not used [router_settings.enable_pre_call_checks]
    litellm-team.yaml:84:36: note: understood, not used [router_settings.model_group_alias.hidden-claude.hidden]
    litellm-team.yaml:89:3: note: understood, not used [router_settings.redis_host]
    litellm-team.yaml:92:3: note: understood, not used [litellm_settings.drop_params]
    litellm-team.yaml:97:3: note: understood, not used [litellm_settings.success_callback]
    litellm-team.yaml:99:1: note: understood, not used [general_settings]
    "#);
    let router = &loaded.config.router;
    assert_eq!(router.cooldown, Cooldown { failures: 3, pause: std::time::Duration::from_secs(45) });
    let lines: Vec<u32> = router.models[0].routes.iter().map(|route| route.at.line).collect();
    assert_eq!((router.models[0].at.line, lines), (4, vec![6, 20, 25]));
}

#[test]
fn every_provider_becomes_the_endpoint_that_a_person_knows_it_by() {
    let plain = |model: &str| format!("model_name: m, litellm_params: {{model: {model}}}");
    let with = |model: &str, more: &str| format!("model_name: m, litellm_params: {{model: {model}, {more}}}");
    let items = [
        plain("openai/gpt-4o"),
        plain("gpt-4o-mini"),
        plain("openai/responses/gpt-5"),
        with("openai/gpt-4o", "api_base: 'https://api.openai.com/v1/'"),
        with("openai/gpt-4o", "organization: org-1"),
        with("openai/qwen", "api_base: 'http://gpu1:8000/v1', api_key: os.environ/GPU_KEY"),
        with("openai/phi", "api_base: 'http://gpu1:8000/v1', api_key: os.environ/GPU_KEY_2"),
        with("openai/phi", "api_base: 'http://gpu1:8000/other/v1', api_key: os.environ/GPU_KEY_2"),
        with("mixtral", "custom_llm_provider: openai, base_url: os.environ/MIX_BASE, api_key: k"),
        plain("anthropic/claude-opus-4-1"),
        plain("gemini/gemini-2.5-pro"),
        with("gemini/gemini-2.5-flash", "api_key: os.environ/GEMINI_API_KEY"),
        with("vertex_ai/claude-opus-4-1", "vertex_project: p-1, vertex_location: us-east5"),
        with("vertex_ai/gemini-2.5-pro", "vertex_project: os.environ/PROJECT"),
        with("azure/dep", "api_base: os.environ/AZURE_API_BASE, api_version: preview"),
        plain("azure/other"),
        plain("bedrock/anthropic.claude-v2"),
        with("bedrock/converse/amazon.nova-lite-v1:0", "aws_region_name: eu-west-1"),
        with(
            "bedrock/amazon.nova-lite-v1:0",
            "aws_region_name: eu-west-1, aws_access_key_id: os.environ/AK, aws_secret_access_key: os.environ/SK",
        ),
        plain("ollama/llama3.1"),
        with("ollama_chat/llama3.1", "api_base: 'http://localhost:11434'"),
        with("ollama_chat/llama3.1", "api_base: 'http://nas:11434', num_ctx: 8192"),
        plain("groq/llama-3.3-70b-versatile"),
        plain("mistral/mistral-large-latest"),
        plain("openrouter/anthropic/claude-3.5-sonnet"),
        plain("deepseek/deepseek-chat"),
        plain("xai/grok-4"),
        plain("together_ai/meta-llama/Llama-3-70b"),
        plain("fireworks_ai/llama-v3p1-8b-instruct"),
        plain("fireworks_ai/accounts/acme/models/own"),
        with("hosted_vllm/qwen", "api_base: 'http://127.0.0.1:8000/v1'"),
        plain("lm_studio/phi-4"),
        plain("cerebras/llama3.1-8b"),
        with("litellm_proxy/gpt-4o", "api_base: 'https://proxy.acme.test', additional_drop_params: [user]"),
    ];
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let vars = [("AZURE_API_BASE", "https://x.openai.azure.com"), ("AZURE_API_VERSION", "2024-10-21")];
    let loaded = models(&items, &vars);
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    m: Shuffle
      openAI/gpt-4o as default, weight 1, order 1
      openAI/gpt-4o-mini as default, weight 1, order 1
      openai-responses/gpt-5 as default, weight 1, order 1
      openAI/gpt-4o as default, weight 1, order 1
      openai-m/gpt-4o as default, weight 1, order 1
      openai-gpu1:8000/qwen as default, weight 1, order 1
      openai-gpu1:8000/phi as GPU_KEY_2, weight 1, order 1
      openai-gpu1:8000-m/phi as default, weight 1, order 1
      openai-MIX_BASE/mixtral as default, weight 1, order 1
      anthropic/claude-opus-4-1 as default, weight 1, order 1
      google/gemini-2.5-pro as default, weight 1, order 1
      google/gemini-2.5-flash as GEMINI_API_KEY, weight 1, order 1
      vertex-anthropic-p-1/claude-opus-4-1 as default, weight 1, order 1
      vertex-gemini-PROJECT/gemini-2.5-pro as default, weight 1, order 1
      azure-AZURE_API_BASE/dep as default, weight 1, order 1
      azure-AZURE_API_BASE-m/other as default, weight 1, order 1
      bedrock/anthropic.claude-v2 as default, weight 1, order 1
      bedrock-eu-west-1/amazon.nova-lite-v1:0 as default, weight 1, order 1
      bedrock-eu-west-1/amazon.nova-lite-v1:0 as AK, weight 1, order 1
      ollama-localhost:11434/llama3.1, weight 1, order 1
      ollama-localhost:11434/llama3.1, weight 1, order 1
      ollama-nas:11434/llama3.1, weight 1, order 1
      Groq/llama-3.3-70b-versatile as default, weight 1, order 1
      Mistral/mistral-large-latest as default, weight 1, order 1
      OpenRouter/anthropic/claude-3.5-sonnet as default, weight 1, order 1
      DeepSeek/deepseek-chat as default, weight 1, order 1
      xAI/grok-4 as default, weight 1, order 1
      Together/meta-llama/Llama-3-70b as default, weight 1, order 1
      Fireworks/accounts/fireworks/models/llama-v3p1-8b-instruct as default, weight 1, order 1
      Fireworks/accounts/acme/models/own as default, weight 1, order 1
      vLLM/qwen, weight 1, order 1
      LM Studio/phi-4, weight 1, order 1
      cerebras/llama3.1-8b as default, weight 1, order 1
      litellm_proxy-proxy.acme.test/gpt-4o as default, weight 1, order 1
    ");
    insta::assert_snapshot!(endpoints_shown(&loaded.config), @r#"
    google: gemini at https://generativelanguage.googleapis.com/v1beta
      key default: ${GOOGLE_KEY}
      key GEMINI_API_KEY: ${GEMINI_API_KEY}
      models , fetched: true
    openai-responses: openai-responses at https://api.openai.com/v1
      key default: ${OPENAI_API_KEY}
      models gpt-5, fetched: true
    openai-m: openai-chat at https://api.openai.com/v1
      key default: ${OPENAI_API_KEY}
      models gpt-4o, fetched: true
      header OpenAI-Organization: org-1
    openai-gpu1:8000: openai-chat at http://gpu1:8000/v1
      key default: ${GPU_KEY}
      key GPU_KEY_2: ${GPU_KEY_2}
      models qwen, phi, fetched: true
    openai-gpu1:8000-m: openai-chat at http://gpu1:8000/other/v1
      key default: ${GPU_KEY_2}
      models phi, fetched: true
    openai-MIX_BASE: openai-chat at ${MIX_BASE}
      key default: k
      models mixtral, fetched: true
    vertex-anthropic-p-1: anthropic at https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5
      key default: user_provided
      models claude-opus-4-1, fetched: false
    vertex-gemini-PROJECT: gemini at https://us-east5-aiplatform.googleapis.com/v1/projects/${PROJECT}/locations/us-east5
      key default: user_provided
      models gemini-2.5-pro, fetched: false
    azure-AZURE_API_BASE: azure at ${AZURE_API_BASE}?api-version=preview
      key default: ${AZURE_API_KEY}
      models dep, fetched: false
    azure-AZURE_API_BASE-m: azure at ${AZURE_API_BASE}?api-version=${AZURE_API_VERSION}
      key default: ${AZURE_API_KEY}
      models other, fetched: false
    bedrock-eu-west-1: bedrock at https://bedrock-runtime.eu-west-1.amazonaws.com
      key default: Aws
      key AK: {"accessKeyId":"${AK}","secretAccessKey":"${SK}"}
      models amazon.nova-lite-v1:0, fetched: true
    ollama-localhost:11434: ollama at http://localhost:11434
      models llama3.1, fetched: true
    ollama-nas:11434: ollama at http://nas:11434
      models llama3.1, fetched: true
      adds {"num_ctx":8192}
    cerebras: openai-chat at https://api.cerebras.ai/v1
      key default: ${CEREBRAS_API_KEY}
      models llama3.1-8b, fetched: true
    litellm_proxy-proxy.acme.test: openai-chat at https://proxy.acme.test
      key default: ${LITELLM_PROXY_API_KEY}
      models gpt-4o, fetched: true
      drops user
    "#);
    insta::assert_snapshot!(told(&loaded.problems), @r#"
    config.yaml:10:123: warning: a key is written out in this file [endpoints.custom[4].apiKey] => name a variable, "${NAME}", or write user_provided and use “loquat keys set”
    config.yaml:14:37: warning: Vertex AI wants an access token as this endpoint's key, and none is configured; service-account files are not read [model_list[12].litellm_params.vertex_project] => add keyCommand: [gcloud, auth, print-access-token]
    config.yaml:15:37: warning: Vertex AI wants an access token as this endpoint's key, and none is configured; service-account files are not read [model_list[13].litellm_params.vertex_project] => add keyCommand: [gcloud, auth, print-access-token]
    "#);
}

#[test]
fn what_cannot_be_understood_is_told_at_its_line_and_keeps_nothing_from_working() {
    let yaml = "\
model_list:
  - {model_name: a, litellm_params: {model: cohere/command-r}}
  - {model_name: a, litellm_params: {model: grok/x}}
  - {model_name: b, litellm_params: {model: '*'}}
  - {model_name: c, litellm_params: {api_key: k}}
  - {model_name: d}
  - {litellm_params: {model: openai/x}}
  - {model_name: e, litellm_params: {model: azure/x}}
  - {model_name: e, litellm_params: {model: vertex_ai/gemini-x}}
  - {model_name: e, litellm_params: {model: vertex_ai/llama-x, vertex_project: p}}
  - {model_name: f, litellm_params: {model: openai_like/x}}
  - {model_name: g, litellm_params: {model: openai/x, api_key: os.environ/NO-NAME, rpm: many, tpm: 0, weight: -1, order: os.environ/ORDER, timeout: os.environ/NOT_SET}}
  - {model_name: g, litellm_params: {model: openai/x, mock_response: hi, tag: x, litellm_credential_name: gone}, model_info: {input_cost_per_token: cheap, team: x}}
  - {model_name: ok, litellm_params: {model: openai/y, litellm_credential_name: shared, weight: 0.75, num_retries: 5}}
  - {model_name: ok, litellm_params: {model: openai/z, weight: 0.25, timeout: 900}, modle_info: {}}
credential_list:
  - {credential_name: shared, credential_values: {api_key: os.environ/SHARED_KEY, api_base: 'https://shared.test/v1'}}
router_settings:
  routing_strategy: latency-based-routin
  model_group_alias: {other: okk, ok: g}
  cooldown_time: soon
  fallbacks: [{ok: [g, nowhere, {model: g, api_key: k}]}, {okk: [g]}, {ok: [g]}]
  retry_policy: {TimeoutErrorRetries: 3}
  shuffle: true
litellm_settings: {num_retries: os.environ/RETRIES, callbacks: [x]}
general_settings: {master_key: sk-1}
environment_variables: {A: b}
model_lists: []
";
    let loaded = included(yaml, &[("ORDER", "2"), ("RETRIES", "4")]);
    insta::assert_snapshot!(told(&loaded.problems), @r#"
    config.yaml:2:45: warning: the provider of “cohere/command-r” is none that can be asked from here; this deployment is left out [model_list[0].litellm_params.model] => a server that speaks OpenAI's format is openai/MODEL with its api_base
    config.yaml:3:45: warning: the provider of “grok/x” is none that can be asked from here; this deployment is left out [model_list[1].litellm_params.model] => did you mean “groq”?
    config.yaml:4:45: warning: every endpoint's models can be asked for as ENDPOINT/MODEL without this; this deployment is left out [model_list[2].litellm_params.model]
    config.yaml:5:37: warning: “model” is missing; this deployment is left out [model_list[3].litellm_params.model]
    config.yaml:6:5: warning: “litellm_params” is missing [model_list[4]]
    config.yaml:7:5: warning: “model_name” is missing [model_list[5]]
    config.yaml:8:37: warning: “api_base” is missing; this deployment is left out [model_list[6].litellm_params.api_base]
    config.yaml:9:37: warning: “vertex_project” is missing; this deployment is left out [model_list[7].litellm_params.vertex_project]
    config.yaml:10:37: warning: of the models on Vertex AI only claude-… and gemini-… can be asked from here; this deployment is left out [model_list[8].litellm_params.model]
    config.yaml:11:37: warning: “api_base” is missing; this deployment is left out [model_list[9].litellm_params.api_base]
    config.yaml:12:64: warning: “NO-NAME” is no name of a variable that can be read [model_list[10].litellm_params.api_key]
    config.yaml:12:64: warning: a key is written out in this file [endpoints.openAI.keys[0].apiKey] => name a variable, "${NAME}", or write user_provided and use “loquat keys set”
    config.yaml:12:89: warning: has to be a number, above 0 where it is a limit; it is left out [model_list[10].litellm_params.rpm]
    config.yaml:12:100: warning: has to be a number, above 0 where it is a limit; it is left out [model_list[10].litellm_params.tpm]
    config.yaml:12:111: warning: has to be a number, above 0 where it is a limit; it is left out [model_list[10].litellm_params.weight]
    config.yaml:12:149: warning: has to be a number, above 0 where it is a limit; it is left out [model_list[10].litellm_params.timeout]
    config.yaml:13:55: note: understood, not used [model_list[11].litellm_params.mock_response]
    config.yaml:13:74: warning: unknown key “tag” [model_list[11].litellm_params.tag] => did you mean “tags”?
    config.yaml:13:107: warning: there is no credential “gone” in this file [model_list[11].litellm_params.litellm_credential_name]
    config.yaml:13:149: warning: has to be a number, above 0 where it is a limit; it is left out [model_list[11].model_info.input_cost_per_token]
    config.yaml:13:156: note: understood, not used [model_list[11].model_info.team]
    config.yaml:15:85: warning: unknown key “modle_info” [model_list[13].modle_info] => did you mean “model_info”?
    config.yaml:19:21: warning: there is no strategy “latency-based-routin” here; routes are shuffled [router_settings.routing_strategy] => did you mean “latency-based-routing”?
    config.yaml:20:23: warning: there is no model_name “okk” in this file that can be used [router_settings.model_group_alias.other] => did you mean “ok”?
    config.yaml:20:35: warning: “ok” is a model_name already, which is meant [router_settings.model_group_alias.ok]
    config.yaml:21:18: warning: has to be a number, above 0 where it is a limit; it is left out [router_settings.cooldown_time]
    config.yaml:22:24: warning: there is no alias “nowhere”, and no endpoint that it could be a model of [router.models[ok].fallbacks[1]]
    config.yaml:22:33: warning: only names of models can be fallbacks; this one is left out [router_settings.fallbacks.ok]
    config.yaml:22:60: warning: there is no model_name “okk” in this file that can be used [router_settings.fallbacks.okk] => did you mean “ok”?
    config.yaml:23:3: note: understood, not used [router_settings.retry_policy]
    config.yaml:24:3: warning: unknown key “shuffle” [router_settings.shuffle]
    config.yaml:25:53: note: understood, not used [litellm_settings.callbacks]
    config.yaml:26:1: note: understood, not used [general_settings]
    config.yaml:27:1: note: understood, not used [environment_variables]
    config.yaml:28:1: warning: unknown key “model_lists” [model_lists] => did you mean “model_list”?
    "#);
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    g: Shuffle, retries 4
      openAI/x as NO-NAME, weight 1, order 2
      openAI/x as default, weight 1, order 1
    ok: Shuffle, falls back to g, retries 5
      openai-shared.test/y as default, weight 750, order 1
      openAI/z as default, weight 250, order 1, first token 900s, idle 900s
    ");
}

#[test]
fn who_waits_longer_for_a_piece_waits_longer_for_the_whole() {
    let of = |params: &str| {
        let item = format!("model_name: m, litellm_params: {{model: openai/x, {params}}}");
        let timeouts = models(&[&item], &[]).config.router.models[0].routes[0].timeouts.unwrap();
        [timeouts.connect, timeouts.first_token, timeouts.idle, timeouts.total].map(|time| time.as_millis())
    };
    assert_eq!(of("timeout: 30, stream_timeout: 2.5"), [10_000, 2_500, 2_500, 600_000]);
    assert_eq!(of("timeout: 900"), [10_000, 900_000, 900_000, 900_000]);
}

#[test]
fn a_persons_file_lies_over_what_a_litellm_file_says() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    let one = "model_list: [{model_name: m, litellm_params: {model: openai/x, api_base: 'http://gpu1:1/v1', api_key: a}}]\n";
    let two = "model_list: [{model_name: n, litellm_params: {model: openai/x, api_base: 'http://gpu1:1/b/v1', api_key: b}}]\n";
    fs::write(paths.config.join("one.yaml"), one).unwrap();
    fs::write(paths.config.join("two.yaml"), two).unwrap();
    let own = "\
include: [one.yaml, two.yaml]
endpoints: {custom: [{name: 'openai-gpu1:1', allowInsecure: true}]}
router: {models: [{name: m, strategy: order, fallbacks: [n]}]}
";
    fs::write(paths.config_file(), own).unwrap();
    let loaded = load(None, &paths, env(&[])).unwrap();
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    m: Order, falls back to n
      openai-gpu1:1/x as default, weight 1, order 1
    n: Shuffle
      openai-gpu1:1-n/x as default, weight 1, order 1
    ");
    insta::assert_snapshot!(endpoints_shown(&loaded.config), @"
    openai-gpu1:1: openai-chat at http://gpu1:1/v1
      key default: a
      models x, fetched: true
    openai-gpu1:1-n: openai-chat at http://gpu1:1/b/v1
      key default: b
      models x, fetched: true
    ");
    assert!(named(&loaded, "openai-gpu1:1").allow_insecure);
}

#[test]
fn what_is_shown_of_a_litellm_file_is_in_loquats_words_and_has_no_secret() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    let file = paths.config.join("config.yaml");
    let yaml = "\
model_list: [{model_name: m, litellm_params: {model: openai/x, api_base: 'https://one.test/v1', api_key: sk-one, rpm: 3}}]
general_settings: {master_key: sk-master}
";
    fs::write(&file, yaml).unwrap();
    let shown = show::show(Some(&file), &paths, env(&[])).unwrap();
    assert!(!shown.contains("sk-"), "{shown}");
    let (endpoints, router) = shown.split_once("router:").unwrap();
    insta::assert_snapshot!(endpoints.split("  - name: demo").next().unwrap_or_default(), @"
    endpoints:
      custom:
      - name: openai-one.test
        api: openai-chat
        baseURL: https://one.test/v1
        apiKey: '***'
        models:
          default:
          - x
          fetch: true
    ");
    insta::assert_snapshot!(router, @"
    models:
    - name: m
      strategy: shuffle
      routes:
      - endpoint: openai-one.test
        model: x
        key: default
        weight: 3
        limits:
          requests_per_minute: 3
    ");
}
