//! Recordings with something wrong in them: what a broken gateway or a hostile server sends in a provider's shape.
//!
//! One piece of an answer (a line, a frame, or all of it) is left out, said twice, or becomes something else; most often
//! a single value of its JSON becomes one that nobody expects there. What comes before that piece is as it was.

use std::sync::LazyLock;

use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::event_stream::Message;
use fastrand::Rng;
use serde_json::Value;

use super::recorded::Recording;

/// A recording and what is wrong with it.
pub struct Damaged {
    pub bytes: Vec<u8>,
    /// How many of the bytes are as they were recorded.
    pub sound: usize,
}

/// Values that stand where others are expected.
static ODD: LazyLock<Vec<Value>> = LazyLock::new(|| {
    const TEXT: &str = r#"[null, true, -1, 1.5, 1e300, 18446744073709551615, -9223372036854775808, 4000000000, "", "12",
        "tool_use", "é日本\u0000", "\u001b]0;x\u0007", [], {}, [null], {"text": null},
        [{"type": "text", "text": "x"}, {"type": null}]]"#;
    serde_json::from_str(TEXT).expect("it is JSON")
});

/// Pieces that stand where others are expected.
const STRANGE: &[&str] = &[
    "data: not json\n\n",
    "data: {\n\n",
    "data: null\n\n",
    "data: []\n\n",
    "data: {\"error\": null}\n\n",
    "data: {\"error\": {\"message\": \"no\"}}\n\n",
    "event: error\n",
    "{\"error\": \"no\"}\n",
    "null\n",
    "garbage\n",
    "\n\n",
];

/// Damages a recording.
pub fn damaged(recording: &Recording, random: &mut Rng) -> Damaged {
    let mut pieces = pieces(recording);
    let with_json: Vec<usize> = (0..pieces.len()).filter(|at| said(&pieces[*at]).is_some()).collect();
    let Some(at) = random.choice(with_json) else {
        return Damaged { bytes: recording.bytes.clone(), sound: recording.bytes.len() };
    };
    let sound = pieces[..at].iter().map(Vec::len).sum();
    match random.u8(..8) {
        0 => pieces[at].clear(),
        1 => pieces[at] = pieces[at].repeat(2),
        2 => pieces[at] = STRANGE[random.usize(..STRANGE.len())].into(),
        _ => pieces[at] = worse(&pieces[at], random),
    }
    Damaged { bytes: pieces.concat(), sound }
}

fn pieces(recording: &Recording) -> Vec<Vec<u8>> {
    let bytes = &recording.bytes[..];
    if serde_json::from_slice::<Value>(bytes).is_ok() {
        return vec![bytes.to_vec()];
    }
    if bytes.first() != Some(&0) {
        return bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    }
    let mut frames = Vec::new();
    let mut rest = bytes;
    while let Some((length, _)) = rest.split_first_chunk() {
        let (frame, after) = rest.split_at(u32::from_be_bytes(*length) as usize);
        frames.push(frame.to_vec());
        rest = after;
    }
    frames
}

/// A piece in parts.
enum Said {
    /// What is before its JSON, and the JSON.
    Line(&'static str, Value),
    /// The frame of an event stream, and its JSON.
    Frame(Message, Value),
}

/// What a piece says in JSON, if it does.
fn said(piece: &[u8]) -> Option<Said> {
    if piece.first() == Some(&0) {
        let message = read_message_from(piece).ok()?;
        let json = serde_json::from_slice(message.payload()).ok()?;
        return Some(Said::Frame(message, json));
    }
    let (before, json) = match piece.strip_prefix(b"data:") {
        Some(json) => ("data: ", json),
        None => ("", piece),
    };
    Some(Said::Line(before, serde_json::from_slice(json).ok()?))
}

/// A piece, one value of which is another.
fn worse(piece: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut worsen = |mut json: Value| {
        let mut place = random.usize(..count(&json));
        replace(&mut json, &mut place, &ODD[random.usize(..ODD.len())]);
        json.to_string()
    };
    match said(piece) {
        Some(Said::Line(before, json)) => format!("{before}{}\n", worsen(json)).into_bytes(),
        Some(Said::Frame(message, json)) => {
            let message = Message::new_from_parts(message.headers().to_vec(), worsen(json));
            let mut bytes = Vec::new();
            write_message_to(&message, &mut bytes).expect("a short message can be written");
            bytes
        }
        None => piece.to_vec(),
    }
}

/// How many values a value is made of, itself included.
fn count(json: &Value) -> usize {
    1 + match json {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Puts a value in the place of the one that has this number.
fn replace(json: &mut Value, place: &mut usize, new: &Value) {
    let is_here = *place == 0;
    *place = place.wrapping_sub(1);
    match json {
        _ if is_here => *json = new.clone(),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, place, new)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace(field, place, new)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
