//! `router:` and the limits of endpoints and keys.

use std::time::Duration;

use super::*;

fn router(yaml: &str) -> RouterConfig {
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    loaded.config.router
}

/// An alias on a line, its routes on lines below.
fn shown(alias: &Alias) -> String {
    let Alias {
        name, strategy, routes, fallbacks, context_window_fallbacks, content_policy_fallbacks, ..
    } = alias;
    let mut text = format!("{name}: {strategy:?}");
    let lists =
        [("", fallbacks), (" context", context_window_fallbacks), (" policy", content_policy_fallbacks)];
    for (list, names) in lists.iter().filter(|(_, names)| !names.is_empty()) {
        text.push_str(&format!(",{list} falls back to {}", names.join(", ")));
    }
    if let Some(retries) = alias.retries {
        text.push_str(&format!(", retries {retries}"));
    }
    for AliasRoute { endpoint, model, key, weight, order, limits, timeouts, .. } in routes {
        let key = key.as_ref().map(|key| format!(" as {key}")).unwrap_or_default();
        text.push_str(&format!("\n  {endpoint}/{model}{key}, weight {weight}, order {order}"));
        for (name, limit) in [
            ("rpm", limits.requests_per_minute.map(u64::from)),
            ("tpm", limits.tokens_per_minute),
            ("parallel", limits.parallel.map(u64::from)),
        ] {
            if let Some(limit) = limit {
                text.push_str(&format!(", {limit} {name}"));
            }
        }
        if let Some(Timeouts { first_token, idle, .. }) = timeouts {
            text.push_str(&format!(", first token {first_token:?}, idle {idle:?}"));
        }
    }
    text.push('\n');
    text
}

pub(super) fn all_shown(config: &Config) -> String {
    config.router.models.iter().map(shown).collect()
}

#[test]
fn an_alias_says_where_it_leads_and_what_is_tried_next() {
    let yaml = "\
router:
  cooldown: {failures: 5, seconds: 1.5}
  on_cut: automatic
  models:
    - name: fast
      strategy: least-busy
      routes:
        - {endpoint: Groq, model: llama-3.1-8b-instant, key: work, weight: 3, order: 1}
        - {endpoint: openAI, model: gpt-4o-mini, order: 2, limits: {requests_per_minute: 60, tokens_per_minute: 90000, parallel: 2}, timeouts: {first_token: 20}}
      fallbacks: [smart, anthropic/claude-sonnet-4-5]
      context_window_fallbacks: [long-1m]
      content_policy_fallbacks: []
      retries: 1
    - {name: smart, routes: [{endpoint: anthropic, model: claude-opus-4-1}]}
    - {name: long-*, strategy: cost, routes: [{endpoint: google, model: 'gemini-*'}]}
endpoints:
  custom:
    - {name: Groq, keys: [{label: work, apiKey: '${WORK}', limits: {parallel: 3}}], limits: {requests_per_minute: 30}}
  openAI: {timeouts: {idle: 7}}
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    fast: LeastBusy, falls back to smart, anthropic/claude-sonnet-4-5, context falls back to long-1m, retries 1
      Groq/llama-3.1-8b-instant as work, weight 3, order 1
      openAI/gpt-4o-mini, weight 1, order 2, 60 rpm, 90000 tpm, 2 parallel, first token 20s, idle 7s
    smart: Order
      anthropic/claude-opus-4-1, weight 1, order 1
    long-*: Cost
      google/gemini-*, weight 1, order 1
    ");
    let router = &loaded.config.router;
    assert_eq!(router.cooldown, Cooldown { failures: 5, pause: Duration::from_millis(1500) });
    assert_eq!((router.on_cut, router.retries), (OnCut::Automatic, 2));
    assert_eq!((router.models[0].at.line, router.models[0].routes[1].at.line), (5, 9));
    let groq = named(&loaded, "Groq");
    assert_eq!(groq.limits, Limits { requests_per_minute: Some(30), ..Limits::default() });
    assert_eq!(groq.keys[0].limits, Limits::default());
    assert_eq!(groq.keys[1].limits, Limits { parallel: Some(3), ..Limits::default() });
}

#[test]
fn without_a_word_the_router_has_its_defaults() {
    assert_eq!(router(""), RouterConfig::default());
    assert_eq!(router("router: {models: []}"), RouterConfig::default());
}

#[test]
fn everything_that_is_wrong_with_an_alias_is_told_at_once() {
    let yaml = "\
router:
  cooldown: {failures: 0, second: 3}
  on_cut: automatc
  models:
    - {name: a, routes: [{endpoint: Grok, model: m}]}
    - {name: b, strategy: fastest, routes: [{endpoint: Groq}, {model: m, wieght: 2}]}
    - {name: c, routes: [{endpoint: Groq, model: 'm-*', weight: -1, limits: {parallel: 0}}]}
    - {name: c, routes: [{endpoint: Groq, model: m}], fallbacks: [c, smrt, Groq/x, Grok/x]}
    - {name: smart, routes: []}
    - {name: '*-*', routes: [{endpoint: Groq, model: m}]}
    - {routes: [{endpoint: Groq, model: m}]}
    - {name: '', routes: [{endpoint: Groq, model: m}]}
    - {name: smarts, routes: [{endpoint: Groq, model: m, key: wrok}], content_policy_fallbacks: smart}
    - {name: Groq, routes: [{endpoint: Groq, model: m}], retries: often}
endpoints: {custom: [{name: Groq, keys: [{label: work, apiKey: '${W}', limits: {rpm: 3}}]}]}
";
    insta::assert_snapshot!(errors(yaml), @"
    loquat.yaml:2:24: error: has to be a whole number, 1 or more; it is “0” [router.cooldown.failures]
    loquat.yaml:2:27: error: unknown key “second” [router.cooldown.second] => did you mean “seconds”?
    loquat.yaml:3:11: error: has to be one of ask, automatic; it is “automatc” [router.on_cut] => did you mean “automatic”?
    loquat.yaml:5:37: error: there is no endpoint “Grok” [router.models[a].routes[0].endpoint] => did you mean “Groq”?
    loquat.yaml:6:27: error: has to be one of order, shuffle, least-busy, latency, cost, headroom; it is “fastest” [router.models[1].strategy]
    loquat.yaml:6:45: error: “model” is missing [router.models[1].routes[0]]
    loquat.yaml:6:63: error: “endpoint” is missing [router.models[1].routes[1]]
    loquat.yaml:6:74: error: unknown key “wieght” [router.models[1].routes[1].wieght] => did you mean “weight”?
    loquat.yaml:7:50: error: “*” in a model is what the “*” of the alias stands for, and “c” has none [router.models[c].routes[0].model]
    loquat.yaml:7:65: error: has to be a whole number, 0 or more; it is “-1” [router.models[2].routes[0].weight]
    loquat.yaml:7:88: error: has to be a whole number, 1 or more; it is “0” [router.models[2].routes[0].limits.parallel]
    loquat.yaml:8:14: error: the name “c” is already taken on line 7 [router.models[3].name]
    loquat.yaml:8:67: error: “c” falls back to itself [router.models[c].fallbacks[0]]
    loquat.yaml:8:70: error: there is no alias “smrt”, and no endpoint that it could be a model of [router.models[c].fallbacks[1]] => did you mean “smarts”?
    loquat.yaml:8:84: error: there is no alias “Grok/x”, and no endpoint that it could be a model of [router.models[c].fallbacks[3]] => did you mean “Groq/x”?
    loquat.yaml:9:14: error: an alias needs a route at least: an endpoint and a model [router.models[smart]]
    loquat.yaml:10:14: error: a name holds one “*” at most [router.models[*-*]]
    loquat.yaml:11:7: error: “name” is missing [router.models[6]]
    loquat.yaml:12:14: error: “name” is missing [router.models[]]
    loquat.yaml:13:63: warning: “Groq” has no key “wrok” here; it has to be stored before this route can be taken [router.models[smarts].routes[0].key] => did you mean “work”?
    loquat.yaml:13:97: error: has to be a list; it is text [router.models[8].content_policy_fallbacks]
    loquat.yaml:14:14: warning: there is an endpoint of this name too; as a model, “Groq” is the alias, and the endpoint's models are “Groq/MODEL” [router.models[Groq]]
    loquat.yaml:14:67: error: has to be a whole number, 0 or more; it is “often” [router.models[9].retries]
    loquat.yaml:15:81: error: unknown key “rpm” [endpoints.custom[0].keys[0].limits.rpm]
    ");
}

#[test]
fn an_alias_of_an_included_file_that_leads_nowhere_is_left_out() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    let team = "\
router:
  models:
    - {name: kept, routes: [{endpoint: Groq, model: m}, {endpoint: Elsewhere, model: m}], fallbacks: [gone]}
    - {name: gone, routes: [{endpoint: Elsewhere, model: m}]}
    - {name: mine, strategy: cost, routes: [{endpoint: xAI, model: theirs}], fallbacks: [kept]}
    - {name: Mine, routes: [{endpoint: xAI, model: grok}]}
";
    fs::write(paths.config.join("team.yaml"), team).unwrap();
    let own = "\
include: [team.yaml]
router:
  models:
    - {name: mine, routes: [{endpoint: openAI, model: gpt-4o}]}
";
    fs::write(paths.config_file(), own).unwrap();
    let loaded = load(None, &paths, env(&[])).unwrap();
    insta::assert_snapshot!(all_shown(&loaded.config), @"
    mine: Cost, falls back to kept
      openAI/gpt-4o, weight 1, order 1
    kept: Order
      Groq/m, weight 1, order 1
    Mine: Order
      xAI/grok, weight 1, order 1
    ");
    insta::assert_snapshot!(told(&loaded.problems), @"
    team.yaml:3:68: warning: there is no endpoint “Elsewhere” [router.models[kept].routes[1].endpoint]
    team.yaml:3:103: warning: there is no alias “gone”, and no endpoint that it could be a model of [router.models[kept].fallbacks[0]]
    team.yaml:4:40: warning: there is no endpoint “Elsewhere” [router.models[gone].routes[0].endpoint]
    ");
}

#[test]
fn models_of_an_endpoint_are_replaced_and_not_merged_by_name() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    let list =
        |ids: &str| format!("endpoints: {{custom: [{{name: A, baseURL: 'https://a', models: {ids}}}]}}\n");
    fs::write(paths.config.join("below.yaml"), list("[{name: x}, {name: y}]")).unwrap();
    fs::write(paths.config_file(), format!("include: below.yaml\n{}", list("[{name: z}]"))).unwrap();
    let loaded = load(None, &paths, env(&[])).unwrap();
    assert_eq!(named(&loaded, "A").models.default, ["z".into()]);
}

#[test]
fn what_an_alias_leads_to_can_be_asked() {
    let yaml = "\
router:
  models:
    - name: fast
      strategy: shuffle
      routes:
        - {endpoint: Groq, model: llama, key: work, weight: 3, limits: {requests_per_minute: 1, tokens_per_minute: 9000}}
        - {endpoint: Gate, model: llama, timeouts: {first_token: 2.5}}
        - {endpoint: vLLM, model: llama, order: 2, key: spare}
        - {endpoint: bedrock, model: llama, order: 2, key: default}
      fallbacks: ['many/llama', openAI/gpt-4o]
      content_policy_fallbacks: [many/x]
    - {name: many/*, retries: 0, routes: [{endpoint: xAI, model: 'x-*'}, {endpoint: Cmd, model: m}]}
endpoints:
  custom:
    - {name: Groq, keys: [{label: work, apiKey: '${WORK}', limits: {parallel: 3}}]}
    - {name: Gate, baseURL: 'https://sk-user@${GATE}/v1?key=sk-1', apiKey: sk-gate, limits: {parallel: 1}}
    - {name: Cmd, baseURL: 'https://cmd.test', keyCommand: [pass, show, key]}
";
    let config = load_yaml(yaml, &[("XAI_API_KEY", "xai-secret")]).unwrap().config;
    let of = |name: &str| {
        let text = explain(&config, name)?;
        let at = config.router.models[0].at.file.clone();
        Some(text.replace(&*at, "loquat.yaml"))
    };
    insta::assert_snapshot!(of("fast").unwrap_or_default(), @"
    fast  loquat.yaml:3:13
      shuffle: one is taken at random, by weight
      2 attempts after the first
    routes
      Groq/llama  loquat.yaml:6:11
        at https://api.groq.com/openai/v1, openai-chat
        key work: ${WORK} (WORK is not set)
        limits of the key: 3 requests at a time
        weight 3 of 4
        limits: 1 request a minute, 9000 tokens a minute
        waits 120 s for the first token, 120 s for each piece, 600 s in all
      Gate/llama  loquat.yaml:7:11
        at https://***@${GATE}/v1?key=*** (GATE is not set), openai-chat
        key default: written in the file
        weight 1 of 4
        limits of the endpoint: 1 request at a time
        waits 2.5 s for the first token, 120 s for each piece, 600 s in all
    then, when none of these can answer
      vLLM/llama  loquat.yaml:8:11
        at http://localhost:8000/v1, openai-chat
        key spare, which has to be stored
        weight 1 of 2
        waits 120 s for the first token, 120 s for each piece, 600 s in all
      bedrock/llama  loquat.yaml:9:11
        at https://bedrock-runtime.{region}.amazonaws.com, bedrock
        key default: where AWS keeps its keys
        weight 1 of 2
        waits 120 s for the first token, 120 s for each piece, 600 s in all
    when every route fails
      many/llama  loquat.yaml:12:14
        xAI/x-llama
        Cmd/m
      openAI/gpt-4o
    when a provider's filter refuses
      many/x  loquat.yaml:12:14
        xAI/x-x
        Cmd/m
    ");
    insta::assert_snapshot!(of("many/a").unwrap_or_default(), @"
    many/a  loquat.yaml:12:14
      by “many/*”
      order: the routes are tried as they stand here
      no attempt after the first
    routes
      xAI/x-a  loquat.yaml:12:43
        at https://api.x.ai/v1, openai-chat
        key default: ${XAI_API_KEY}
        waits 120 s for the first token, 120 s for each piece, 600 s in all
      Cmd/m  loquat.yaml:12:74
        at https://cmd.test, openai-chat
        key default: printed by pass
        waits 120 s for the first token, 120 s for each piece, 600 s in all
    ");
    assert_eq!(of("slow"), None);
}
