//! OpenAI's models at their other paths: Responses, and Azure's.

use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::mock::KEY;
use super::support::{Home, Mock};

/// A home of this configuration of endpoints.
fn home_of(endpoints: &str) -> Home {
    Home::with_config(&format!("router: {{retries: 0}}\nendpoints:\n{endpoints}")).with_variable("A_KEY", KEY)
}

fn responses(mock: &Mock) -> Home {
    home_of(&format!(
        "  openAI: {{api: openai-responses, baseURL: \"{}\", apiKey: \"${{A_KEY}}\"}}\n",
        mock.url()
    ))
}

fn event(body: &Value) -> Step {
    Step::Send(format!("event: {}\ndata: {body}\n\n", body["type"].as_str().unwrap_or_default()).into_bytes())
}

fn error(status: u16, code: &str, message: &str) -> Reply {
    Reply::json(
        status,
        &json!({"error": {"message": message, "type": "invalid_request_error", "code": code}}),
    )
}

/// What a Responses server answers, by the model's name.
fn respond(request: &Request, _: usize) -> Reply {
    if request.path != "/v1/responses" {
        return error(404, "not_found", "no such path");
    }
    let model = request.text("model");
    let delta = |text: &str| {
        event(
            &json!({"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": text}),
        )
    };
    let whole = json!({"object": "response", "status": "completed", "model": "gpt-5-2026-01-01", "error": null,
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "Hello."}]}],
        "usage": {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 4}, "output_tokens": 7,
                  "output_tokens_details": {"reasoning_tokens": 3}, "total_tokens": 16}});
    let begin = event(&json!({"type": "response.created", "response": {"model": "gpt-5-2026-01-01"}}));
    match model {
        "gpt-401" => error(401, "invalid_api_key", "Incorrect API key provided."),
        "gpt-404" => error(404, "model_not_found", "The model `gpt-404` does not exist"),
        "gpt-long" => error(400, "context_length_exceeded", "Your input exceeds the context window."),
        "gpt-unverified" if request.body.pointer("/reasoning/summary").is_some() => Reply::json(
            400,
            &json!({"error": {"message": "Your organization must be verified to generate reasoning summaries.",
                "type": "invalid_request_error", "param": "reasoning.summary", "code": "unsupported_value"}}),
        ),
        "gpt-breaks" => Reply::stream(vec![
            begin,
            delta("Half"),
            event(&json!({"type": "error", "code": "server_error", "message": "Overloaded", "param": null})),
        ]),
        "gpt-fails" => Reply::stream(vec![event(&json!({"type": "response.failed", "response":
            {"status": "failed", "error": {"code": "rate_limit_exceeded", "message": "Slow down"}}}))]),
        "gpt-cut" => Reply::stream(vec![begin, delta("Half")]),
        "gpt-filters" => Reply::stream(vec![
            delta("Half"),
            event(&json!({"type": "response.incomplete", "response":
                {"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}})),
        ]),
        _ if request.body["stream"] == false => Reply::json(200, &whole),
        _ => Reply::stream(vec![
            begin,
            event(
                &json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Hm."}),
            ),
            delta("Hello "),
            delta("from Responses."),
            event(&json!({"type": "response.completed", "response": whole})),
        ]),
    }
}

fn ask<'a>(endpoint: &'a str, model: &'a str) -> [&'a str; 7] {
    ["-p", "hi", "-e", endpoint, "-m", model, "--json"]
}

fn only(mock: &Mock) -> Request {
    let mut requests = mock.requests();
    assert_eq!(requests.len(), 1, "one request was expected");
    requests.remove(0)
}

#[test]
fn responses_are_asked_at_their_path_with_nothing_kept_there() {
    let mock = Mock::answering(respond);
    let answer = responses(&mock).run(&ask("openAI", "gpt-5")).exits(0).json();
    assert_eq!(
        [
            &answer["text"],
            &answer["reasoning"],
            &answer["finish_reason"],
            &answer["provider"],
            &answer["model_served"],
            &answer["usage"]
        ],
        [
            &json!("Hello from Responses."),
            &json!("Hm."),
            &json!("stop"),
            &json!("openai"),
            &json!("gpt-5-2026-01-01"),
            &json!({"tokens_in": 9, "tokens_out": 7, "cached_in": 4, "cache_write": null, "reasoning_out": 3,
                    "estimated": false})
        ]
    );
    let request = only(&mock);
    assert_eq!((request.path.as_str(), request.key()), ("/v1/responses", KEY));
    assert_eq!(
        request.body,
        json!({"model": "gpt-5", "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
               "stream": true, "store": false, "include": ["reasoning.encrypted_content"],
               "reasoning": {"summary": "auto"}})
    );
    let whole =
        responses(&mock).run(&[&ask("openAI", "gpt-5")[..], &["--no-stream"]].concat()).exits(0).json();
    assert_eq!((&whole["text"], &whole["finish_reason"]), (&json!("Hello."), &json!("stop")));
}

#[test]
fn failures_of_responses_have_their_kinds_and_keep_what_was_said() {
    let mock = Mock::answering(respond);
    let home = responses(&mock);
    for (model, code, kind, text) in [
        ("gpt-401", 4, "auth", ""),
        ("gpt-404", 5, "unknown_model", ""),
        ("gpt-long", 7, "context_window", ""),
        ("gpt-breaks", 7, "provider", "Half"),
        ("gpt-fails", 7, "rate_limit", ""),
        ("gpt-cut", 9, "cut", "Half"),
        ("gpt-filters", 7, "content_filter", "Half"),
    ] {
        let outcome = home.run(&ask("openAI", model));
        let answer = outcome.json();
        assert_eq!(
            (outcome.code, &answer["error"]["kind"], &answer["text"]),
            (Some(code), &json!(kind), &json!(text)),
            "{model}: {}",
            outcome.stderr
        );
    }
}

#[test]
fn a_parameter_that_the_model_refuses_is_left_out_and_the_turn_goes_on() {
    let mock = Mock::answering(respond);
    let flags = [&ask("openAI", "gpt-unverified")[..], &["--param", "reasoning_summary=auto"]].concat();
    let answer = responses(&mock).run(&flags).exits(0).json();
    assert_eq!((&answer["text"], &answer["attempts"]), (&json!("Hello from Responses."), &json!(2)));
    assert_eq!(mock.requests()[1].body.get("reasoning"), None);
}

/// What an Azure resource answers: first the verdict on the prompt, without a model, as the service does.
fn deploy(request: &Request, _: usize) -> Reply {
    let chunk = |body: &Value| Step::Send(format!("data: {body}\n\n").into_bytes());
    if request.path.contains("/absent/") {
        return error(404, "DeploymentNotFound", "The API deployment for this resource does not exist.");
    }
    if request.path.contains("/refused/") {
        let body =
            json!({"error": {"code": "401", "message": "Access denied due to invalid subscription key."}});
        return Reply::json(401, &body);
    }
    if request.path.contains("/filtered/") {
        return error(400, "content_filter", "The response was filtered");
    }
    Reply::stream(vec![
        chunk(&json!({"choices": [], "created": 0, "id": "", "model": "", "object": "",
                      "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]})),
        chunk(
            &json!({"choices": [{"index": 0, "delta": {"content": "Hello from Azure."}, "content_filter_results": {}}],
                      "model": "gpt-4o-2024-11-20"}),
        ),
        chunk(
            &json!({"choices": [{"index": 0, "content_filter_offsets": {}, "content_filter_results": {}}]}),
        ),
        chunk(
            &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "gpt-4o-2024-11-20"}),
        ),
        chunk(
            &json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}}),
        ),
        Step::Send(b"data: [DONE]\n\n".to_vec()),
    ])
}

/// Two resources at one server.
fn azure(mock: &Mock) -> Home {
    let root = mock.root();
    home_of(&format!(
        "  azureOpenAI:\n    groups:\n      \
         - group: west\n        apiKey: \"${{A_KEY}}\"\n        baseURL: \"{root}\"\n        version: 2024-10-21\n        \
         models:\n          gpt-4o: {{deploymentName: my-4o}}\n          absent: true\n          refused: true\n          filtered: true\n      \
         - group: east\n        apiKey: \"${{B_KEY}}\"\n        baseURL: \"{root}/openai/v1\"\n        \
         additionalHeaders: {{x-team: east}}\n        addParams: {{seed: 7}}\n        models:\n          gpt-5: {{deploymentName: my-5}}\n      \
         - group: nowhere\n        apiKey: \"${{UNSET_KEY}}\"\n        baseURL: \"{root}\"\n        models: {{lost: true}}\n"
    ))
    .with_variable("B_KEY", "sk-east-0017")
}

#[test]
fn each_azure_model_is_asked_where_its_group_is_with_that_groups_key() {
    let mock = Mock::answering(deploy);
    let home = azure(&mock);
    let answer = home.run(&ask("azureOpenAI", "gpt-4o")).exits(0).json();
    assert_eq!(
        [
            &answer["text"],
            &answer["finish_reason"],
            &answer["provider"],
            &answer["model_served"],
            &answer["usage"]["tokens_in"]
        ],
        [
            &json!("Hello from Azure."),
            &json!("stop"),
            &json!("azure"),
            &json!("gpt-4o-2024-11-20"),
            &json!(9)
        ]
    );
    home.run(&ask("azureOpenAI", "gpt-5")).exits(0);
    let requests = mock.requests();
    let seen = |at: usize, name: &str| requests[at].headers.get(name).map(String::as_str);
    assert_eq!(requests[0].path, "/openai/deployments/my-4o/chat/completions?api-version=2024-10-21");
    assert_eq!((seen(0, "api-key"), seen(0, "authorization"), seen(0, "x-team")), (Some(KEY), None, None));
    assert_eq!(requests[1].path, "/openai/v1/chat/completions");
    assert_eq!((seen(1, "api-key"), seen(1, "x-team")), (Some("sk-east-0017"), Some("east")));
    assert_eq!((&requests[1].body["model"], &requests[1].body["seed"]), (&json!("my-5"), &json!(7)));
}

#[test]
fn azures_failures_have_their_kinds_and_a_missing_variable_is_told_when_it_is_needed() {
    let home = azure(&Mock::answering(deploy));
    for (model, code, kind) in [
        ("absent", 5, "unknown_model"),
        ("refused", 4, "auth"),
        ("filtered", 7, "content_filter"),
        ("lost", 3, "config"),
    ] {
        let outcome = home.run(&ask("azureOpenAI", model));
        assert_eq!((outcome.code, &outcome.json()["error"]["kind"]), (Some(code), &json!(kind)), "{model}");
        assert_eq!(outcome.stderr.contains("UNSET_KEY"), model == "lost", "{}", outcome.stderr);
    }
}

#[test]
fn azures_models_are_those_of_its_groups_and_nothing_is_fetched() {
    let mock = Mock::answering(deploy);
    let listed = azure(&mock).run(&["models", "-e", "azureOpenAI", "--refresh", "--json"]).exits(0).json();
    let ids: Vec<&Value> = listed.as_array().expect("a list").iter().map(|row| &row["model"]).collect();
    assert_eq!(ids, ["gpt-4o", "absent", "refused", "filtered", "gpt-5", "lost"]);
    assert!(mock.requests().is_empty());
}

#[test]
fn azure_without_groups_needs_only_librechats_variables() {
    let mock = Mock::answering(deploy);
    let home = Home::bare()
        .with_variable(
            "AZURE_OPENAI_BASEURL",
            &format!("{}/${{INSTANCE_NAME}}/${{DEPLOYMENT_NAME}}", mock.root()),
        )
        .with_variable("AZURE_API_KEY", KEY)
        .with_variable("AZURE_OPENAI_MODELS", "gpt-4o,gpt-4.1")
        .with_variable("AZURE_OPENAI_API_INSTANCE_NAME", "res")
        .with_variable("AZURE_USE_MODEL_AS_DEPLOYMENT_NAME", "true")
        .with_variable("AZURE_OPENAI_API_VERSION", "2024-10-21");
    home.run(&ask("azureOpenAI", "gpt-4.1")).exits(0);
    assert_eq!(only(&mock).path, "/res/gpt-41/chat/completions?api-version=2024-10-21");
}
