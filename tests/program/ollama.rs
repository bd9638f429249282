//! Ollama at its own path, in its own format.

use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::{Home, Mock};

/// A home with an endpoint of this base URL.
fn home(base: &str) -> Home {
    Home::with_config(&format!(
        "router: {{retries: 0}}\nendpoints:\n  custom:\n    - name: Box\n      api: ollama\n      \
         baseURL: \"{base}\"\n      models: {{default: [m]}}\n"
    ))
}

fn line(message: &Value, done: &Value) -> Step {
    let mut line = json!({"model": "m:latest", "message": message, "done": false});
    if let (Some(line), Some(done)) = (line.as_object_mut(), done.as_object()) {
        line.extend(done.clone());
    }
    Step::Send(format!("{line}\n").into_bytes())
}

/// What the server answers, by the model's name.
fn script(request: &Request, _: usize) -> Reply {
    let done = json!({"done": true, "done_reason": "stop", "prompt_eval_count": 9, "eval_count": 4});
    let half = || line(&json!({"content": "Half"}), &json!({}));
    let lines = |steps| Reply::stream(steps).header("content-type", "application/x-ndjson");
    if (request.method.as_str(), request.path.as_str()) != ("POST", "/api/chat") {
        return Reply::json(404, &json!({"error": "no such path"}));
    }
    match request.text("model") {
        "absent" => Reply::json(404, &json!({"error": "model 'absent' not found"})),
        "busy" => Reply::json(503, &json!({"error": "server busy, please try again"})),
        "breaks" => lines(vec![half(), Step::Send(b"{\"error\":\"the runner has died\"}\n".to_vec())]),
        "cut" => lines(vec![half()]),
        _ if request.body["stream"] == false => {
            let mut whole =
                json!({"model": "m:latest", "message": {"role": "assistant", "content": "Hello."}});
            if let (Some(whole), Some(done)) = (whole.as_object_mut(), done.as_object()) {
                whole.extend(done.clone());
            }
            Reply::json(200, &whole)
        }
        _ => lines(vec![
            line(&json!({"content": "", "thinking": "Hm."}), &json!({})),
            line(&json!({"content": "Hello "}), &json!({})),
            line(&json!({"content": "from Ollama."}), &json!({})),
            line(&json!({"content": ""}), &done),
        ]),
    }
}

fn ask(model: &str) -> [&str; 7] {
    ["-p", "hi", "-e", "Box", "-m", model, "--json"]
}

#[test]
fn an_endpoint_of_this_format_is_asked_natively_wherever_its_base_url_points() {
    for path in ["", "/", "/v1", "/api/"] {
        let mock = Mock::answering(script);
        let mut flags = ask("m").to_vec();
        flags.extend(["--param", "num_ctx=8192"]);
        let answer = home(&format!("{}{path}", mock.root())).run(&flags).exits(0).json();
        assert_eq!(
            [
                &answer["text"],
                &answer["reasoning"],
                &answer["finish_reason"],
                &answer["provider"],
                &answer["model_served"],
                &answer["usage"]["tokens_in"],
                &answer["usage"]["tokens_out"]
            ],
            [
                &json!("Hello from Ollama."),
                &json!("Hm."),
                &json!("stop"),
                &json!("ollama"),
                &json!("m:latest"),
                &json!(9),
                &json!(4)
            ]
        );
        let requests = mock.requests();
        assert_eq!((requests.len(), requests[0].path.as_str(), requests[0].key()), (1, "/api/chat", ""));
        assert_eq!(
            requests[0].body,
            json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
                   "options": {"num_ctx": 8192}})
        );
    }
}

#[test]
fn a_whole_answer_is_one_object() {
    let mock = Mock::answering(script);
    let mut flags = ask("m").to_vec();
    flags.push("--no-stream");
    assert_eq!(home(&mock.root()).run(&flags).exits(0).json()["text"], "Hello.");
}

#[test]
fn every_failure_has_its_exit_code_and_keeps_what_came() {
    let mock = Mock::answering(script);
    let home = home(&mock.root());
    for (model, code, kind, text) in [
        ("absent", 5, "unknown_model", ""),
        ("busy", 7, "provider", ""),
        ("breaks", 7, "provider", "Half"),
        ("cut", 9, "cut", "Half"),
    ] {
        let outcome = home.run(&ask(model));
        let answer = outcome.json();
        assert_eq!(
            (outcome.code, &answer["error"]["kind"], &answer["text"]),
            (Some(code), &json!(kind), &json!(text)),
            "{model}: {}",
            outcome.stderr
        );
    }
}
