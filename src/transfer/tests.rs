//! The files of `tests/transfer/`, read as they are and damaged in every way.

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::*;
use crate::chat::{FinishReason, Part, Role, Status, Tree};

const LIBRECHAT: &str = include_str!("../../tests/transfer/librechat-recursive.json");
const LIBRECHAT_FLAT: &str = include_str!("../../tests/transfer/librechat-flat.json");
const CHATGPT: &str = include_str!("../../tests/transfer/chatgpt.json");
const CLAUDE: &str = include_str!("../../tests/transfer/claude.json");
const CHATBOT_UI: &str = include_str!("../../tests/transfer/chatbot-ui.json");
const LOQUAT: &str = include_str!("../../tests/transfer/loquat.json");
const FILES: [&str; 6] = [LIBRECHAT, LIBRECHAT_FLAT, CHATGPT, CLAUDE, CHATBOT_UI, LOQUAT];

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

/// Every conversation of a file, those that cannot be read as `None`.
fn all(file: &str) -> Vec<Option<Imported>> {
    let contents = read(file.as_bytes()).unwrap();
    contents.items.iter().map(|item| item.read(now()).ok()).collect()
}

fn first(file: &str) -> Imported {
    all(file).remove(0).unwrap()
}

/// A line for each message as the tree is walked: `depth role text`, `*` where it is on the chosen branch.
fn outline(tree: &Tree) -> Vec<String> {
    let branch = tree.branch();
    let line = |message: &&Message| {
        let depth = tree.path(message.id).len();
        let role = match message.role {
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        let star = if branch.contains(&message.id) { "*" } else { "" };
        format!("{depth} {role}{star} {}", message.text().replace('\n', "|"))
    };
    tree.walk().iter().map(line).collect()
}

/// What was complained about, as `message what detail`.
fn complaints(imported: &Imported) -> Vec<String> {
    let line = |complaint: &Complaint| {
        let message = complaint.message.as_deref().unwrap_or("-");
        format!("{message} {} {}", complaint.what.name(), complaint.what.detail().unwrap_or_default())
    };
    imported.complaints.iter().map(|complaint| line(complaint).trim_end().to_owned()).collect()
}

fn with_text<'a>(imported: &'a Imported, text: &str) -> &'a Message {
    imported.conversation.tree.walk().into_iter().find(|message| message.text() == text).unwrap()
}

fn parts(message: &Message) -> Value {
    serde_json::to_value(&message.parts).unwrap()
}

#[test]
fn a_recursive_librechat_file_keeps_branches_models_settings_and_thoughts() {
    let read = first(LIBRECHAT);
    assert_eq!(
        outline(&read.conversation.tree),
        [
            "1 user* When do I prune it?",
            "2 assistant In autumn.",
            "3 user Why then?",
            "4 assistant It flowers in winter.",
            "2 assistant* ",
        ]
    );
    assert_eq!(complaints(&read), ["- setting tools", "r1 image", "r1 attachment notes.pdf"]);
    let settings = serde_json::to_value(&read.conversation.settings).unwrap();
    assert_eq!(
        settings,
        json!({"system": "Answer like a gardener.", "temperature": 0.5, "params": {"top_p": 0.9}})
    );
    let answer = with_text(&read, "In autumn.");
    let made = answer.provenance.as_ref().unwrap();
    assert_eq!(answer.route.as_ref().unwrap().to_string(), "openAI/gpt-4o");
    assert_eq!((made.finish, made.usage.tokens_out), (Some(FinishReason::Stop), Some(3)));
    let stopped = with_text(&read, "It flowers in winter.");
    assert_eq!(stopped.route.as_ref().unwrap().to_string(), "anthropic/claude-sonnet-4-5");
    assert_eq!(stopped.status, Status::Cancelled);
    assert_eq!(
        parts(stopped),
        json!([
            {"type": "reasoning", "text": "Blossoms come in winter."},
            {"type": "server_tool", "id": "t1", "name": "calendar", "input": "{\"month\":11}", "output": "November"},
            {"type": "text", "text": "It flowers in winter."}
        ])
    );
    let failed = with_text(&read, "");
    let failure = failed.provenance.as_ref().unwrap().failure.as_ref().unwrap();
    assert_eq!((failed.status, failure.message.as_str()), (Status::Failed, "Something went wrong."));
}

#[test]
fn a_list_of_flat_librechat_conversations_is_read_with_its_faults_told() {
    let read = all(LIBRECHAT_FLAT);
    let flat = read[0].as_ref().unwrap();
    assert_eq!(
        outline(&flat.conversation.tree),
        [
            "1 user Hi",
            "2 assistant Hello",
            "2 assistant Hey",
            "1 user An orphan",
            "1 user* Round",
            "2 assistant* and round",
        ]
    );
    assert_eq!(complaints(flat), ["o parent_missing", "x circle"]);
    assert_eq!(read[1].as_ref().unwrap().conversation.created.to_string(), "2026-01-01T10:00:00Z");
    assert_eq!(read[2], None);
}

#[test]
fn chatgpt_keeps_branches_and_the_current_one_and_steps_begin_answers() {
    let read = all(CHATGPT);
    let jam = read[0].as_ref().unwrap();
    assert_eq!(
        outline(&jam.conversation.tree),
        [
            "1 user* How much sugar?",
            "2 assistant Half the weight.",
            "2 assistant* One to one ([Jam](https://jam.example)).",
            "3 user* Thanks",
            "4 assistant* ",
        ]
    );
    assert_eq!(complaints(jam), ["n1 image", "n1 attachment recipe.pdf"]);
    assert_eq!(
        parts(with_text(jam, "One to one ([Jam](https://jam.example)).")),
        json!([
            {"type": "reasoning", "text": "Ratios\nOne to one."},
            {"type": "server_tool", "id": "", "name": "python", "input": "print(1)", "output": "1"},
            {"type": "text", "text": "One to one ([Jam](https://jam.example))."},
            {"type": "source", "url": "https://jam.example", "title": "Jam"}
        ])
    );
    assert_eq!(parts(with_text(jam, "")), json!([{"type": "reasoning", "text": "Polite"}]));
    let half = with_text(jam, "Half the weight.");
    assert_eq!(half.route.as_ref().unwrap().to_string(), "openAI/gpt-4o-mini");
    assert_eq!(half.created.to_string(), "2026-01-01T10:00:03Z");
    assert_eq!(jam.conversation.updated.to_string(), "2026-01-01T10:01:40.5Z");
    assert_eq!(read[1], None);
    let untimed = &read[2].as_ref().unwrap().conversation;
    assert_eq!(outline(&untimed.tree), ["1 user* And here?", "2 assistant* No times here."]);
    assert_eq!((untimed.title.as_str(), untimed.created), ("", now()));
    assert_eq!(with_text(read[2].as_ref().unwrap(), "No times here.").status, Status::Cancelled);
}

#[test]
fn steps_that_part_begin_each_answer_and_are_one_themselves_where_a_person_speaks_next() {
    let node = |id: &str, parent: &str, role: &str, content: Value, children: Value| {
        json!({"id": id, "parent": parent, "children": children, "message":
            {"author": {"role": role, "name": "web"}, "content": content, "recipient": "all"}})
    };
    let text = |text: &str| json!({"content_type": "text", "parts": [text]});
    let thoughts = json!({"content_type": "thoughts", "thoughts": [{"content": "hm"}]});
    let file = json!([{"current_node": "tool", "mapping": {
        "u": node("u", "", "user", text("Q"), json!(["s"])),
        "s": node("s", "u", "assistant", thoughts, json!(["tool"])),
        "tool": node("tool", "s", "tool", text("found"), json!(["a", "u2", "b"])),
        "a": node("a", "tool", "assistant", text("A"), json!([])),
        "b": node("b", "tool", "assistant", text("B"), json!([])),
        "u2": node("u2", "tool", "user", text("Wait"), json!([])),
    }}]);
    let read = first(&file.to_string());
    assert_eq!(
        outline(&read.conversation.tree),
        ["1 user* Q", "2 assistant A", "2 assistant* ", "3 user* Wait", "2 assistant B"]
    );
    let steps = json!([
        {"type": "reasoning", "text": "hm"},
        {"type": "server_tool", "id": "", "name": "web", "input": "", "output": "found"}
    ]);
    assert_eq!(parts(with_text(&read, "")), steps);
    for answer in ["A", "B"] {
        let parts = parts(with_text(&read, answer));
        assert_eq!(parts.as_array().unwrap()[..2], steps.as_array().unwrap()[..], "{answer}");
    }
    assert_eq!(read.complaints, []);
}

#[test]
fn claude_keeps_branches_where_they_are_told_and_a_line_where_not() {
    let read = all(CLAUDE);
    let grafting = read[0].as_ref().unwrap();
    assert_eq!(
        outline(&grafting.conversation.tree),
        [
            "1 user* Read this||```notes.txt|whip and tongue|```",
            "2 assistant* Done",
            "2 assistant Done differently",
        ]
    );
    assert_eq!(complaints(grafting), ["m1 attachment scan.png"]);
    assert_eq!(
        parts(with_text(grafting, "Done")),
        json!([
            {"type": "reasoning", "text": "a graft"},
            {"type": "server_tool", "id": "u1", "name": "repl", "input": "{\"code\":\"1+1\"}", "output": "2"},
            {"type": "text", "text": "Done"}
        ])
    );
    let line = &read[1].as_ref().unwrap().conversation.tree;
    assert_eq!(outline(line), ["1 user* An older file", "2 assistant* in one line"]);
}

#[test]
fn chatbot_ui_is_read_and_its_library_is_told_of() {
    let contents = read(CHATBOT_UI.as_bytes()).unwrap();
    let what: Vec<&What> = contents.complaints.iter().map(|complaint| &complaint.what).collect();
    assert_eq!(what, [&What::Prompt, &What::Folder]);
    let read = first(CHATBOT_UI);
    assert_eq!(outline(&read.conversation.tree), ["1 user* What goes in?", "2 assistant* Leaves."]);
    let settings = &read.conversation.settings;
    assert_eq!((settings.system.as_deref(), settings.temperature), (Some("Be brief."), Some(0.5)));
    assert_eq!(with_text(&read, "Leaves.").route.as_ref().unwrap().to_string(), "openAI/gpt-3.5-turbo");
}

#[test]
fn our_own_file_is_read_and_written_again_as_it_was() {
    let read = first(LOQUAT);
    assert_eq!(
        outline(&read.conversation.tree),
        ["1 user* How deep?", "2 assistant* A thumb deep.", "2 assistant Deep"]
    );
    assert_eq!(first(&to_json(&read.conversation, &read.kept, None).to_string()), read);
    assert_eq!(read.conversation.id.to_string(), "019b7900-0000-7000-8000-000000000001");
}

#[test]
fn what_a_file_is_not_is_told() {
    let explained = |bytes: &[u8]| read(bytes).unwrap_err().explain().into_string();
    assert!(explained(b"PK\x03\x04....").contains("unpack"));
    assert!(explained(b"ab\xff").contains("at 2"));
    assert!(explained(b"{\"a\":\n 1,}").contains("line 2 column 4"));
    assert!(explained(b"").contains("no JSON"));
    for unknown in [&b"7"[..], b"{}", b"[1]", b"[{\"role\":\"user\"}]", b"{\"version\":1,\"history\":[{}]}"] {
        let told = explained(unknown);
        assert!(
            ["mapping", "chat_messages", "messagesTree", "history"].iter().all(|name| told.contains(name))
        );
    }
    assert_eq!(read(b"\xef\xbb\xbf [ ]").unwrap().items.len(), 0);
}

#[test]
fn one_bad_item_among_good_ones_fails_alone() {
    let mut file: Value = serde_json::from_str(CLAUDE).unwrap();
    file.as_array_mut().unwrap().insert(1, json!({"what": "else"}));
    let read = all(&file.to_string());
    assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
}

/// A change to one value of a JSON file.
#[derive(Clone, Debug)]
enum Damage {
    Replace(Value),
    Remove,
    Double,
    /// Takes the value of another place.
    Copy(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let values = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("n1"),
        json!("r1"),
        json!("m1"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"children": [{}]}),
        json!("00000000-0000-0000-0000-000000000000"),
    ]);
    prop_oneof![
        values.prop_map(Damage::Replace),
        Just(Damage::Remove),
        Just(Damage::Double),
        any::<Index>().prop_map(Damage::Copy),
    ]
}

fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{n}"), found);
            }
        }
        Value::Object(object) => {
            for (name, item) in object {
                places(item, &format!("{at}/{name}"), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn damaged(file: &mut Value, place: Index, damage: &Damage) {
    let mut found = Vec::new();
    places(file, "", &mut found);
    let at = place.get(&found);
    let copy = match damage {
        Damage::Copy(other) => file.pointer(&found[other.index(found.len())]).cloned().unwrap(),
        Damage::Replace(value) => value.clone(),
        Damage::Remove | Damage::Double => file.pointer(at).cloned().unwrap(),
    };
    let (above, name) = at.rsplit_once('/').unwrap_or_default();
    match (damage, file.pointer_mut(above)) {
        (Damage::Remove, Some(Value::Object(object))) => drop(object.shift_remove(name)),
        (Damage::Remove, Some(Value::Array(items))) if !items.is_empty() => {
            items.remove(name.parse().unwrap_or_default());
        }
        (Damage::Double, Some(Value::Array(items))) => items.push(copy),
        _ => *file.pointer_mut(at).unwrap() = copy,
    }
}

/// Reads what can be read, and checks what holds of everything that is.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(contents) = read(bytes) else { return Ok(()) };
    for item in &contents.items {
        let _ = item.title();
        let Ok(read) = item.read(now()) else { continue };
        prop_assert_eq!(item.read(now()), Ok(read.clone()));
        let tree = &read.conversation.tree;
        prop_assert_eq!(tree.walk().len(), tree.len());
        prop_assert_eq!(tree.branch().is_empty(), tree.is_empty());
        prop_assert!(tree.walk().iter().all(|message| message.status != Status::Streaming));
        let own = to_json(&read.conversation, &read.kept, None).to_string();
        prop_assert_eq!(&first(&own).conversation, &read.conversation);
        let theirs = first(&to_librechat(&read.conversation, None)).conversation;
        prop_assert_eq!((theirs.tree.len(), theirs.tree.branch_count()), (tree.len(), tree.branch_count()));
        let copy = read.clone().copied(crate::chat::ConversationId(uuid::Uuid::from_u128(1)));
        prop_assert_eq!(outline(&copy.conversation.tree), outline(tree));
    }
    Ok(())
}

proptest! {
    #[test]
    fn damaged_files_lose_no_message_that_is_read_and_never_panic(
        file in prop::sample::select(FILES.to_vec()),
        damages in prop::collection::vec((any::<Index>(), damage()), 0..6),
    ) {
        let mut file: Value = serde_json::from_str(file).unwrap();
        for (place, damage) in &damages {
            damaged(&mut file, *place, damage);
        }
        check(file.to_string().as_bytes())?;
    }

    #[test]
    fn files_with_bytes_that_changed_never_panic(
        file in prop::sample::select(FILES.to_vec()),
        changes in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        end in prop::option::weighted(0.2, any::<Index>()),
    ) {
        let mut bytes = file.as_bytes().to_vec();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        check(&bytes)?;
    }
}

#[test]
fn no_call_is_left_open_for_a_provider_to_ask_about() {
    for read in FILES.into_iter().flat_map(all).flatten() {
        let walked = read.conversation.tree.walk();
        let mut parts = walked.iter().flat_map(|message| &message.parts);
        assert!(parts.all(|part| !matches!(part, Part::ToolCall(_))));
    }
}
