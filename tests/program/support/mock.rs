//! A server that speaks OpenAI's chat completions and does whatever the model's name says.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::HOSTILE;
use super::http::{Reply, Request, Step};

/// The key most tests use. Long and odd enough to be searched for in files and on screens.
pub const KEY: &str = "sk-test-9f2c77aa41d04be8";
/// Lists `alice-large` and `alice-small`.
pub const ALICE: &str = "sk-alice-51e0c3d2";
/// Lists `bob-only`.
pub const BOB: &str = "sk-bob-77b1f0aa";
/// Is refused by the list and by every chat.
pub const REFUSED: &str = "sk-refused-0badc0de";
/// Its list takes longer than anybody waits.
pub const SLOW_LIST: &str = "sk-slowlist-31337";
/// Its list is a web page.
pub const HTML_LIST: &str = "sk-htmllist-31338";
/// Its list holds [`MANY`] models.
pub const MANY_LIST: &str = "sk-manylist-31339";
/// How many models the longest list holds.
pub const MANY: usize = 7_000;

/// What [`Mock`] lists to [`KEY`].
pub const MODELS: [&str; 4] = ["plain", "reasoning", "slow", "vendor/plain"];

/// What `plain` answers.
pub const PLAIN: &str = "Hello from the mock.";
/// What `emoji` answers, in pieces that are cut inside code points.
pub const EMOJI: &str = "🦀 日本語 Grüße 👩‍🚀 ok";
/// What `gallery-0020` answers begins with, in pieces of 20 characters.
const GALLERY: &str = include_str!("../../gallery.md");
/// The lines of code it goes on with.
pub const GALLERY_CODE: usize = 10_000;
/// And its last words.
pub const GALLERY_END: &str = "So ends the gallery.";
/// How many words `slow` says, each after 50 ms.
pub const SLOW_WORDS: usize = 200;
/// How many words `flood` says, each after 2 ms.
pub const FLOOD_WORDS: usize = 10_000;

/// What a server replies to a request that it got so many times before.
pub type Script = fn(&Request, usize) -> Reply;

/// A scripted server on a port of its own. It lives as long as the test process.
#[derive(Clone)]
pub struct Mock {
    address: SocketAddr,
    script: Script,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Mock {
    pub fn start() -> Self {
        Self::answering(reply)
    }

    /// One that speaks something else.
    pub fn answering(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let mock = Self { address, script, requests: Arc::default() };
        let served = mock.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mock = served.clone();
                std::thread::spawn(move || mock.serve(stream));
            }
        });
        mock
    }

    /// The base URL, with `/v1`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The base URL without a path.
    pub fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("no thread panics while it holds the lock").clone()
    }

    /// Every chat so far.
    pub fn chats(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.path.ends_with("/chat/completions")).collect()
    }

    /// The only chat so far.
    pub fn chat(&self) -> Request {
        let mut chats = self.chats();
        assert_eq!(chats.len(), 1, "one chat was expected");
        chats.remove(0)
    }

    fn serve(&self, mut stream: TcpStream) {
        // Small pieces must leave as they are written.
        if stream.set_nodelay(true).is_err() {
            return;
        }
        while let Ok(Some(request)) = Request::read(&mut stream) {
            let earlier = {
                let mut requests = self.requests.lock().expect("no thread panics while it holds the lock");
                let earlier = requests.iter().filter(|old| is_same_ask(old, &request)).count();
                requests.push(request.clone());
                earlier
            };
            if (self.script)(&request, earlier).write(&mut stream).is_err() {
                return;
            }
        }
    }
}

fn is_same_ask(old: &Request, new: &Request) -> bool {
    old.path == new.path && old.text("model") == new.text("model")
}

fn reply(request: &Request, earlier: usize) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path.trim_start_matches("/v1")) {
        ("GET", "/models") => list(request.key()),
        ("POST", "/chat/completions") if request.key() == REFUSED => refused(REFUSED),
        ("POST", "/chat/completions") => {
            let model = request.text("model");
            fault(model, request, earlier).unwrap_or_else(|| answer(model, request))
        }
        _ => Reply::json(404, &error("no such path", "invalid_request_error", "not_found")),
    }
}

fn list(key: &str) -> Reply {
    let models = |ids: Vec<String>| {
        let data: Vec<Value> = ids.iter().map(|id| json!({"id": id, "object": "model"})).collect();
        Reply::json(200, &json!({"object": "list", "data": data}))
    };
    let named = |ids: &[&str]| models(ids.iter().map(|id| (*id).to_owned()).collect());
    match key {
        ALICE => named(&["alice-large", "alice-small"]),
        BOB => named(&["bob-only"]),
        REFUSED => refused(REFUSED),
        SLOW_LIST => named(&MODELS).after(Duration::from_secs(60)),
        HTML_LIST => Reply::whole(200, "text/html", "<html><body>Welcome to the portal</body></html>"),
        MANY_LIST => models((0..MANY).map(|n| format!("maker-{}/model-{n:04}", n % 40)).collect()),
        _ => named(&MODELS),
    }
}

fn error(message: &str, kind: &str, code: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

/// A refusal that says the key aloud, as careless gateways do.
fn refused(key: &str) -> Reply {
    Reply::json(
        401,
        &error(&format!("Incorrect API key provided: {key}"), "invalid_request_error", "invalid_api_key"),
    )
}

/// The replies of models whose names are faults.
fn fault(model: &str, request: &Request, earlier: usize) -> Option<Reply> {
    let busy = || error("Rate limit reached, try later", "requests", "rate_limit_exceeded");
    Some(match model {
        "err-401" => refused(request.key()),
        "err-404" => Reply::json(
            404,
            &error("The model `err-404` does not exist", "invalid_request_error", "model_not_found"),
        ),
        "err-429" => Reply::json(429, &busy()).header("retry-after", "1"),
        "err-429-once" if earlier == 0 => Reply::json(429, &busy()).header("retry-after", "1"),
        "err-429-once" => answer("plain", request),
        "err-500" => Reply::json(500, &error("The server had an error", "server_error", "internal")),
        "err-500-once" if earlier == 0 => {
            Reply::json(500, &error("The server had an error", "server_error", "internal"))
        }
        "err-500-once" => answer("plain", request),
        "err-502-html" => Reply::whole(
            502,
            "text/html",
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>",
        ),
        "err-200-json" => Reply::json(200, &error("The backend is on fire", "server_error", "fire")),
        "err-context" => Reply::json(
            400,
            &error(
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
                "invalid_request_error",
                "context_length_exceeded",
            ),
        ),
        "err-content-filter" => Reply::json(
            400,
            &error(
                "The prompt was filtered by the content policy",
                "invalid_request_error",
                "content_filter",
            ),
        ),
        "err-hostile" => {
            Reply::json(400, &error(&format!("No: {HOSTILE} end"), "invalid_request_error", "bad_request"))
        }
        "err-midstream" => {
            let mut steps = Chunks::of(model).text("Half an ans").steps;
            steps.push(event(&error("The backend fell over", "server_error", "overloaded")));
            Reply::stream(steps)
        }
        "err-slow-headers" => answer("plain", request).after(Duration::from_secs(60)),
        "cut" => {
            // Asked to go on, it goes on, and not far.
            let goes_on = request.messages().iter().any(|(role, _)| *role == "assistant");
            let (half, rest) = if goes_on { (" and ", "a bit") } else { ("Half an ", "answer") };
            let mut steps = Chunks::of(model).text(half).text(rest).steps;
            // What was said is seen before the connection goes.
            steps.push(Step::Pause(Duration::from_millis(100)));
            steps.push(Step::CutInChunk(b"data: {\"id\":\"x\",\"choi".to_vec()));
            Reply::stream(steps)
        }
        "end" => Reply::stream(Chunks::of(model).text("Half an ").text("answer").steps),
        "empty" => Reply::stream(Vec::new()),
        "garbage" => {
            let mut chunks = Chunks::of(model).text("Hello");
            chunks.steps.push(Step::Send(b"data: {\"id\":\"x\",\"choices\":[{\"del\n\n".to_vec()));
            chunks.steps.push(Step::Send(b"\xff\xfe\x00nonsense\n\n".to_vec()));
            Reply::stream(chunks.text(" again").finish("stop").done().steps)
        }
        "hang" => {
            let mut steps = Chunks::of(model).text("Half an ").text("answer").steps;
            steps.push(Step::Hang);
            Reply::stream(steps)
        }
        _ => return None,
    })
}

/// The replies of models that answer. A request that asks for no stream gets the same answer whole.
fn answer(model: &str, request: &Request) -> Reply {
    let script = script(model, request);
    if request.body["stream"].as_bool() == Some(true) {
        Reply::stream(script.steps)
    } else {
        Reply::json(200, &script.whole())
    }
}

fn script(model: &str, request: &Request) -> Chunks {
    let start = || Chunks::of(model);
    match model {
        "reasoning" => {
            start().reasoning("Let me think").reasoning(". Yes.").text("42").finish("stop").usage().done()
        }
        "refusal" => start().delta(&json!({"refusal": "I cannot help."})).finish("stop").usage().done(),
        "tools" => start()
            .delta(&json!({"tool_calls": [{"index": 0, "id": "call_a", "type": "function",
                "function": {"name": "weather", "arguments": ""}}]}))
            .delta(&json!({"tool_calls": [{"index": 1, "id": "call_b", "type": "function",
                "function": {"name": "now", "arguments": ""}}]}))
            .delta(&json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"city\":"}}]}))
            .delta(&json!({"tool_calls": [{"index": 0, "function": {"arguments": "\"Graz\"}"}}]}))
            .finish("stop")
            .usage()
            .done(),
        "crlf" => start().text(PLAIN).finish("stop").usage().done().with_line_ends("\r\n"),
        "bom" => {
            let mut chunks = start();
            chunks.steps.insert(0, Step::Send("\u{feff}".as_bytes().to_vec()));
            chunks.text(PLAIN).finish("stop").usage().done()
        }
        "comments" => {
            let mut chunks = start();
            chunks.steps.push(Step::Send(b": PROCESSING\n\n".to_vec()));
            let mut chunks = chunks.text("Hello from ");
            chunks.steps.push(Step::Send(b": keepalive\n".to_vec()));
            chunks.text("the mock.").finish("stop").usage().done()
        }
        "no-done" => start().text(PLAIN).finish("stop").usage(),
        "no-usage" => start().text(PLAIN).finish("stop").done(),
        "emoji" => start().text(EMOJI).finish("stop").usage().done().in_single_bytes(),
        "length" => start().text("Cut by the li").finish("length").usage().done(),
        "filtered" => start().text("So far ").finish("content_filter").usage().done(),
        "hostile" => HOSTILE
            .chars()
            .fold(start().text("["), |chunks, c| chunks.text(c.encode_utf8(&mut [0; 4])))
            .text("]")
            .finish("stop")
            .usage()
            .done(),
        "slow" => (0..SLOW_WORDS)
            .fold(start(), |chunks, n| chunks.pause(50).text(&format!("word{n} ")))
            .finish("stop")
            .usage()
            .done(),
        "flood" => (0..FLOOD_WORDS)
            .fold(start(), |chunks, n| chunks.pause(2).text(&format!("flood{n} ")))
            .finish("stop")
            .usage()
            .done(),
        "echo" => {
            let said = request.messages().last().map_or("", |(_, text)| text).to_owned();
            start().text(&said).finish("stop").usage().done()
        }
        _ if model.starts_with("gallery-") => {
            let size = model.trim_start_matches("gallery-").parse().unwrap_or(1);
            let (gallery, code) = gallery();
            let said = pieces(&gallery, size).chain(pieces(&code, size.max(512)));
            said.fold(start(), |chunks, piece| chunks.text(&piece)).finish("stop").usage().done()
        }
        _ => start().text("Hello ").text("from ").text("the mock.").finish("stop").usage().done(),
    }
}

/// Every element of Markdown, twelve scripts and more; and the block of code, and the end, that come after it.
pub fn gallery() -> (String, String) {
    let code: String = (0..GALLERY_CODE).map(|n| format!("let line_{n} = {n};\n")).collect();
    (format!("{GALLERY}\n## Ten thousand lines\n\n"), format!("```rust\n{code}```\n\n{GALLERY_END}\n"))
}

/// A text in pieces of so many characters.
fn pieces(text: &str, size: usize) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(size).map(String::from_iter).collect::<Vec<_>>().into_iter()
}

/// An answer being written, as chunks of a stream and as what they add up to.
struct Chunks {
    model: String,
    steps: Vec<Step>,
    message: HashMap<String, String>,
    finish: String,
}

impl Chunks {
    /// Opens with the role, as real servers do. The served id is the asked one with a date.
    fn of(model: &str) -> Self {
        let chunks = Self {
            model: format!("{model}-2026-01-01"),
            steps: Vec::new(),
            message: HashMap::new(),
            finish: "stop".to_owned(),
        };
        chunks.delta(&json!({"role": "assistant", "content": ""}))
    }

    fn text(self, text: &str) -> Self {
        self.delta(&json!({"content": text}))
    }

    fn reasoning(self, text: &str) -> Self {
        self.delta(&json!({"reasoning_content": text}))
    }

    fn pause(mut self, milliseconds: u64) -> Self {
        self.steps.push(Step::Pause(Duration::from_millis(milliseconds)));
        self
    }

    fn delta(mut self, delta: &Value) -> Self {
        for field in ["content", "reasoning_content", "refusal"] {
            if let Some(text) = delta[field].as_str() {
                self.message.entry(field.to_owned()).or_default().push_str(text);
            }
        }
        self.chunk(&json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}], "usage": null}))
    }

    fn finish(mut self, reason: &str) -> Self {
        reason.clone_into(&mut self.finish);
        self.chunk(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}], "usage": null}))
    }

    /// The usage chunk: its choices are empty.
    fn usage(self) -> Self {
        self.chunk(&json!({"choices": [], "usage": usage()}))
    }

    fn done(mut self) -> Self {
        self.steps.push(Step::Send(b"data: [DONE]\n\n".to_vec()));
        self
    }

    fn chunk(mut self, fields: &Value) -> Self {
        let mut chunk =
            json!({"id": "chatcmpl-mock", "object": "chat.completion.chunk", "model": self.model});
        for (name, value) in fields.as_object().into_iter().flatten() {
            chunk[name] = value.clone();
        }
        self.steps.push(event(&chunk));
        self
    }

    fn with_line_ends(mut self, ends: &str) -> Self {
        self.steps = self
            .steps
            .into_iter()
            .map(|step| match step {
                Step::Send(bytes) => {
                    Step::Send(String::from_utf8_lossy(&bytes).replace('\n', ends).into_bytes())
                }
                other @ (Step::Pause(_) | Step::CutInChunk(_) | Step::Hang) => other,
            })
            .collect();
        self
    }

    /// Every byte in a write of its own.
    fn in_single_bytes(mut self) -> Self {
        self.steps = self
            .steps
            .into_iter()
            .flat_map(|step| match step {
                Step::Send(bytes) => bytes.into_iter().map(|byte| Step::Send(vec![byte])).collect(),
                other @ (Step::Pause(_) | Step::CutInChunk(_) | Step::Hang) => vec![other],
            })
            .collect();
        self
    }

    /// The same answer without a stream.
    fn whole(&self) -> Value {
        let mut message = json!({"role": "assistant"});
        for (field, text) in &self.message {
            message[field] = json!(text);
        }
        json!({"id": "chatcmpl-mock", "object": "chat.completion", "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish}], "usage": usage()})
    }
}

fn event(data: &Value) -> Step {
    Step::Send(format!("data: {data}\n\n").into_bytes())
}

/// What every answer costs: 9 in (4 of them cached), 5 out.
fn usage() -> Value {
    json!({"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14,
        "prompt_tokens_details": {"cached_tokens": 4}, "completion_tokens_details": {"reasoning_tokens": 0}})
}
