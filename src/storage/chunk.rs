//! The compact text of a chunk: what a stream said since the last one, neighbours of one kind joined.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{StoreError, rows};
use crate::chat::{Media, ModelId, ProviderState, ServerTool, Source, StreamEvent, Usage};

/// One piece. The short names keep a chunk about as long as its text.
#[derive(Serialize, Deserialize)]
enum Piece<'a> {
    #[serde(rename = "t")]
    Text(Cow<'a, str>),
    #[serde(rename = "r")]
    Reasoning(Cow<'a, str>),
    #[serde(rename = "f")]
    Refusal(Cow<'a, str>),
    #[serde(rename = "c")]
    ToolCall(usize, Option<Cow<'a, str>>, Option<Cow<'a, str>>, Cow<'a, str>),
    #[serde(rename = "m")]
    ModelServed(Cow<'a, str>),
    #[serde(rename = "u")]
    Usage(Usage),
    #[serde(rename = "s")]
    Source(Cow<'a, Source>),
    #[serde(rename = "x")]
    ServerTool(Cow<'a, ServerTool>),
    #[serde(rename = "i")]
    Image(Cow<'a, Media>),
    #[serde(rename = "p")]
    State(Cow<'a, ProviderState>),
}

/// Events as a chunk.
pub(super) fn encode(events: &[StreamEvent]) -> Result<String, StoreError> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for event in events {
        match (pieces.last_mut(), event) {
            (Some(Piece::Text(text)), StreamEvent::Text(more))
            | (Some(Piece::Reasoning(text)), StreamEvent::Reasoning(more))
            | (Some(Piece::Refusal(text)), StreamEvent::Refusal(more)) => text.to_mut().push_str(more),
            (_, StreamEvent::Text(text)) => pieces.push(Piece::Text(text.into())),
            (_, StreamEvent::Reasoning(text)) => pieces.push(Piece::Reasoning(text.into())),
            (_, StreamEvent::Refusal(text)) => pieces.push(Piece::Refusal(text.into())),
            (_, StreamEvent::ToolCall { index, id, name, arguments }) => pieces.push(Piece::ToolCall(
                *index,
                id.as_deref().map(Cow::from),
                name.as_deref().map(Cow::from),
                arguments.into(),
            )),
            (_, StreamEvent::ModelServed(model)) => pieces.push(Piece::ModelServed(model.as_str().into())),
            (_, StreamEvent::Usage(usage)) => pieces.push(Piece::Usage(*usage)),
            (_, StreamEvent::Source(source)) => pieces.push(Piece::Source(Cow::Borrowed(source))),
            (_, StreamEvent::ServerTool(tool)) => pieces.push(Piece::ServerTool(Cow::Borrowed(tool))),
            (_, StreamEvent::Image(image)) => pieces.push(Piece::Image(Cow::Borrowed(image))),
            (_, StreamEvent::State(state)) => pieces.push(Piece::State(Cow::Borrowed(state))),
        }
    }
    rows::json(&pieces)
}

/// The events of a chunk.
pub(super) fn decode(data: &str) -> Result<Vec<StreamEvent>, StoreError> {
    let pieces: Vec<Piece<'_>> = serde_json::from_str(data).map_err(|error| rows::unreadable(0, error))?;
    Ok(pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => StreamEvent::Text(text.into_owned()),
            Piece::Reasoning(text) => StreamEvent::Reasoning(text.into_owned()),
            Piece::Refusal(text) => StreamEvent::Refusal(text.into_owned()),
            Piece::ToolCall(index, id, name, arguments) => StreamEvent::ToolCall {
                index,
                id: id.map(Cow::into_owned),
                name: name.map(Cow::into_owned),
                arguments: arguments.into_owned(),
            },
            Piece::ModelServed(model) => StreamEvent::ModelServed(ModelId(model.into_owned())),
            Piece::Usage(usage) => StreamEvent::Usage(usage),
            Piece::Source(source) => StreamEvent::Source(source.into_owned()),
            Piece::ServerTool(tool) => StreamEvent::ServerTool(tool.into_owned()),
            Piece::Image(image) => StreamEvent::Image(image.into_owned()),
            Piece::State(state) => StreamEvent::State(state.into_owned()),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::{Answer, MediaData};

    fn event() -> impl Strategy<Value = StreamEvent> {
        prop_oneof![
            ".{0,8}".prop_map(StreamEvent::Text),
            ".{0,8}".prop_map(StreamEvent::Reasoning),
            ".{0,8}".prop_map(StreamEvent::Refusal),
            ".{0,8}".prop_map(|model| StreamEvent::ModelServed(ModelId(model))),
            (any::<Option<u64>>(), any::<bool>()).prop_map(|(tokens_in, estimated)| StreamEvent::Usage(
                Usage { tokens_in, estimated, ..Usage::default() }
            )),
            (any::<Option<u8>>(), ".{0,8}").prop_map(|(id, arguments)| StreamEvent::ToolCall {
                index: 0,
                id: id.map(|id| id.to_string()),
                name: None,
                arguments
            }),
            ".{0,2}".prop_map(|url| StreamEvent::Source(Source { url, title: String::new() })),
            (".{0,2}", ".{0,2}").prop_map(|(id, output)| StreamEvent::ServerTool(ServerTool {
                id,
                name: "search".into(),
                input: String::new(),
                output
            })),
            ".{0,2}".prop_map(|data| StreamEvent::Image(Media {
                mime: "image/png".into(),
                name: String::new(),
                data: MediaData::Base64(data)
            })),
            ".{0,2}".prop_map(|text| StreamEvent::State(ProviderState {
                wire: "gemini".into(),
                value: text.into()
            })),
        ]
    }

    fn fold(events: &[StreamEvent]) -> Answer {
        let mut answer = Answer::default();
        events.iter().for_each(|event| answer.apply(event));
        answer
    }

    proptest! {
        #[test]
        fn a_chunk_folds_to_what_its_events_fold_to(events in prop::collection::vec(event(), 0..20)) {
            let chunk = encode(&events).unwrap();
            prop_assert_eq!(fold(&decode(&chunk).unwrap()), fold(&events));
        }
    }

    #[test]
    fn a_run_of_text_is_one_piece() {
        let events: Vec<StreamEvent> = ["He", "llo", " 世"].map(|text| StreamEvent::Text(text.into())).into();
        assert_eq!(encode(&events).unwrap(), r#"[{"t":"Hello 世"}]"#);
    }
}
