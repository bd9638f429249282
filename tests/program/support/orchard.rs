//! A gateway with three models, each of which says its own words, and waits in the middle of an answer when told to.

use serde_json::json;

use super::http::{Reply, Request, Step};
use super::{Home, KEY, Service};

/// The models and what each says: words that nothing else on the screen has.
pub const ORCHARD: [(&str, &str); 3] =
    [("apricot", "velvety skin"), ("medlar", "bletted in frost"), ("quince", "hard and golden")];

/// A gateway and the home of somebody who uses its first model.
pub fn start() -> (Service, Home) {
    let service = Service::start(reply);
    let home = Home::with_config(&format!(
        "defaults: {{endpoint: Orchard, model: apricot}}\nendpoints:\n  custom:\n    - name: Orchard\n      \
         apiKey: {KEY}\n      baseURL: \"{}\"\n      models: {{default: [apricot], fetch: true}}\n",
        service.url()
    ));
    (service, home)
}

/// A prompt that says "quince waits" is never answered to its end by that model.
fn reply(request: &Request) -> Reply {
    if request.method == "GET" {
        let list: Vec<_> = ORCHARD.iter().map(|(id, _)| json!({"id": id, "object": "model"})).collect();
        return Reply::json(200, &json!({"object": "list", "data": list}));
    }
    let model = request.text("model");
    let words = ORCHARD.iter().find(|(id, _)| *id == model).map_or("nothing", |(_, words)| words);
    let line =
        |choice: serde_json::Value| format!("data: {}\n\n", json!({"model": model, "choices": [choice]}));
    let said = Step::Send(line(json!({"index": 0, "delta": {"content": words}})).into_bytes());
    let asked = request.messages().last().map(|(_, text)| text.contains(&format!("{model} waits")));
    if asked == Some(true) {
        return Reply::stream(vec![said, Step::Hang]);
    }
    let end = line(json!({"index": 0, "delta": {}, "finish_reason": "stop"}));
    Reply::stream(vec![said, Step::Send(format!("{end}data: [DONE]\n\n").into_bytes())])
}
