//! Keys to commands: the built-in bindings (`config/keymap.yaml`, compiled in) under the person's own.
//!
//! A binding is a sequence of keystrokes in a context. Unknown names and conflicts are reported with the
//! place they were written at, and the rest of the map still works.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;

use crate::config::{KeymapEntry, Location, Problem, Severity};
use crate::t;

use super::command::{self, CommandId, Section};

/// Where a binding applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Wherever keys go, unless a more special context says otherwise.
    Anywhere,
    /// The composer.
    Composer,
    /// The transcript.
    Transcript,
    /// The transcript while lanes are shown; what is not bound here is as in the transcript.
    Lanes,
    /// A list that floats.
    Picker,
}

impl Context {
    /// All of them, with the names configuration uses.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("anywhere", Self::Anywhere),
        ("composer", Self::Composer),
        ("transcript", Self::Transcript),
        ("lanes", Self::Lanes),
        ("picker", Self::Picker),
    ];

    /// The contexts whose bindings hold in this one, the most special first.
    const fn reach(self) -> &'static [Self] {
        match self {
            Self::Anywhere => &[Self::Anywhere],
            Self::Composer => &[Self::Composer, Self::Anywhere],
            Self::Transcript => &[Self::Transcript, Self::Anywhere],
            Self::Lanes => &[Self::Lanes, Self::Transcript, Self::Anywhere],
            Self::Picker => &[Self::Picker, Self::Anywhere],
        }
    }
}

/// A keystroke, as far as a binding tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stroke {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl From<KeyEvent> for Stroke {
    /// Shift is part of a printable character already; terminals disagree on whether they report it too.
    fn from(key: KeyEvent) -> Self {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let mut code = key.code;
        if let KeyCode::Char(c) = code {
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(c.to_ascii_lowercase());
            }
            modifiers.remove(KeyModifiers::SHIFT);
        }
        if code == KeyCode::BackTab {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }
}

/// Names of keys that are no characters.
const KEYS: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
];

impl Stroke {
    /// From its written form: `ctrl-x`, `alt-enter`, `f1`, `J`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((name, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            modifiers |= match name {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
            rest = after;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            _ => named_key(rest)?,
        };
        Some(Self::from(KeyEvent::new(code, modifiers)))
    }
}

#[cfg(test)]
impl Stroke {
    /// The key event that is this stroke.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }
}

fn named_key(name: &str) -> Option<KeyCode> {
    KEYS.iter().find(|(known, _)| *known == name).map(|(_, code)| *code).or_else(|| {
        let number: u8 = name.strip_prefix('f')?.parse().ok()?;
        (1..=24).contains(&number).then_some(KeyCode::F(number))
    })
}

impl fmt::Display for Stroke {
    /// As people read it: `^X`, `Alt+T`, `PgUp`, `F1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt+")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift+")?;
        }
        let ctrl = self.modifiers.contains(KeyModifiers::CONTROL);
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if ctrl => write!(f, "^{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            other => match KEYS.iter().find(|(_, code)| *code == other) {
                Some((name, _)) => {
                    let (first, rest) = name.split_at(1);
                    write!(f, "{}{rest}", first.to_ascii_uppercase())
                }
                None => write!(f, "{other:?}"),
            },
        }
    }
}

/// Keystrokes as people read them.
pub fn display(strokes: &[Stroke]) -> String {
    strokes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A chord begun: keystrokes that are the beginning of bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Pressed so far.
    pub strokes: Vec<Stroke>,
    /// When the strip of what may follow shows.
    pub strip_at: Timestamp,
}

/// What a keystroke after others leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// A command.
    Command(CommandId),
    /// More keystrokes, for commands of this section.
    More(Section),
}

/// What keystrokes mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// A command.
    Command(CommandId),
    /// The beginning of bindings.
    Pending,
    /// Nothing.
    Unbound,
}

#[derive(Clone, Debug, PartialEq)]
struct Binding {
    context: Context,
    strokes: Vec<Stroke>,
    command: CommandId,
    at: Location,
}

/// The bindings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    own: Vec<Binding>,
    built_in: Vec<Binding>,
}

const BUILT_IN: &str = include_str!("../../config/keymap.yaml");
const BUILT_IN_NAME: &str = "keymap.yaml (built in)";

impl Keymap {
    /// The built-in bindings with the person's own over them, and what is wrong with the latter.
    pub fn load(own: &[KeymapEntry]) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut keymap = Self::default();
        for entry in &built_in() {
            match parse(entry) {
                Ok((Some(binding), _)) => keymap.built_in.push(binding),
                Ok((None, _)) => {}
                Err(problem) => problems.push(problem),
            }
        }
        for entry in own {
            match parse(entry) {
                Ok((binding, place)) => keymap.add(entry, binding, &place, &mut problems),
                Err(problem) => problems.push(problem),
            }
        }
        (keymap, problems)
    }

    /// Adds a binding of the person's own. It takes the place of built-in ones it would hide or be hidden
    /// by, but not of those that it is only the beginning of: one key is soon bound, and with it all that
    /// follows a leader would go. Two of the person's own may not disagree, nor may one be the beginning of
    /// another.
    fn add(
        &mut self,
        entry: &KeymapEntry,
        binding: Option<Binding>,
        place: &Place,
        problems: &mut Vec<Problem>,
    ) {
        if let Some(rival) = self.own.iter().find(|other| place.meets(other)) {
            let text = t!("app-keymap-conflict", keys = display(&rival.strokes), at = rival.at.to_string());
            problems.push(problem(entry, text, None));
            return;
        }
        let hidden: Vec<&Binding> =
            self.built_in.iter().filter(|other| binding.is_some() && place.leads_to(other)).collect();
        if let [first, ..] = hidden.as_slice() {
            let (keys, count) = (display(&place.strokes), hidden.len());
            let text = t!("app-keymap-leader", keys = keys, count = count, first = display(&first.strokes));
            let instead = format!("{} …", entry.keys);
            problems.push(Problem { severity: Severity::Warning, ..problem(entry, text, Some(&instead)) });
            return;
        }
        self.built_in.retain(|other| !place.meets(other));
        self.own.extend(binding);
    }

    fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.own.iter().chain(&self.built_in)
    }

    /// What these keystrokes mean in a context: its own bindings first, then those that hold anywhere.
    pub fn lookup(&self, context: Context, strokes: &[Stroke]) -> Lookup {
        let mut pending = false;
        for wanted in context.reach() {
            for binding in self.bindings().filter(|binding| binding.context == *wanted) {
                if binding.strokes == strokes {
                    return Lookup::Command(binding.command);
                }
                pending |= binding.strokes.starts_with(strokes);
            }
        }
        if pending { Lookup::Pending } else { Lookup::Unbound }
    }

    /// What may follow these keystrokes: the next stroke and the command it leads to.
    pub fn followers(&self, context: Context, strokes: &[Stroke]) -> Vec<(Stroke, Follow)> {
        let mut found: Vec<(Stroke, Follow)> = Vec::new();
        let bindings = self
            .bindings()
            .filter(|binding| context.reach().contains(&binding.context))
            .filter(|binding| binding.strokes.starts_with(strokes));
        for binding in bindings {
            let Some(stroke) = binding.strokes.get(strokes.len()).copied() else { continue };
            let follow = match (binding.strokes.len() == strokes.len() + 1, binding.command.row()) {
                (false, Some(row)) => Follow::More(row.section),
                (true, _) | (false, None) => Follow::Command(binding.command),
            };
            if !found.contains(&(stroke, follow)) {
                found.push((stroke, follow));
            }
        }
        found
    }

    /// The keys that lead to a command: those that work while one writes before those of the transcript, then
    /// the shortest first; those of lists only where there are no others.
    pub fn keys_of(&self, command: CommandId) -> Vec<String> {
        let mut keys: Vec<&Binding> = self.bindings().filter(|binding| binding.command == command).collect();
        if keys.iter().any(|binding| binding.context != Context::Picker) {
            keys.retain(|binding| binding.context != Context::Picker);
        }
        keys.sort_by_key(|binding| {
            let elsewhere = matches!(binding.context, Context::Transcript | Context::Lanes);
            (elsewhere, binding.strokes.len(), display(&binding.strokes).chars().count())
        });
        let mut seen = Vec::new();
        for binding in keys {
            let text = display(&binding.strokes);
            if !seen.contains(&text) {
                seen.push(text);
            }
        }
        seen
    }
}

/// Where a binding sits.
struct Place {
    context: Context,
    strokes: Vec<Stroke>,
}

impl Place {
    /// Whether this is only the beginning of another binding, which could not be reached any more.
    fn leads_to(&self, other: &Binding) -> bool {
        let together =
            other.context == self.context || [other.context, self.context].contains(&Context::Anywhere);
        together && other.strokes.len() > self.strokes.len() && other.strokes.starts_with(&self.strokes)
    }

    /// Whether one of the two would hide the other.
    fn meets(&self, other: &Binding) -> bool {
        other.context == self.context
            && (other.strokes.starts_with(&self.strokes) || self.strokes.starts_with(&other.strokes))
    }
}

fn problem(entry: &KeymapEntry, message: crate::text::Safe, suggestion: Option<&str>) -> Problem {
    Problem {
        severity: Severity::Error,
        at: entry.at.clone(),
        path: format!("keymap.{}.{}", entry.context, entry.keys),
        message: message.into_string(),
        suggestion: suggestion.map(ToOwned::to_owned),
    }
}

/// An entry as a binding (none, where it unbinds) and its place.
fn parse(entry: &KeymapEntry) -> Result<(Option<Binding>, Place), Problem> {
    let context = Context::NAMES.iter().find(|(name, _)| *name == entry.context).map(|(_, context)| *context);
    let context = context.ok_or_else(|| {
        let text = t!("app-keymap-context", name = entry.context.as_str());
        problem(entry, text, Some("anywhere, composer, transcript, lanes, picker"))
    })?;
    let strokes: Option<Vec<Stroke>> = entry.keys.split_whitespace().map(Stroke::parse).collect();
    let strokes = strokes
        .filter(|strokes| !strokes.is_empty())
        .ok_or_else(|| problem(entry, t!("app-keymap-keys", keys = entry.keys.as_str()), Some("ctrl-x m")))?;
    let command = command::by_name(&entry.command);
    if command.is_none() && entry.command != "none" {
        let text = t!("app-keymap-command", name = entry.command.as_str());
        return Err(problem(entry, text, command::closest(&entry.command)));
    }
    let binding =
        command.map(|command| Binding { context, strokes: strokes.clone(), command, at: entry.at.clone() });
    Ok((binding, Place { context, strokes }))
}

/// The compiled-in bindings. A test keeps the file whole.
fn built_in() -> Vec<KeymapEntry> {
    type File = BTreeMap<String, BTreeMap<String, String>>;
    let file: File = serde_yaml::from_str(BUILT_IN).unwrap_or_default();
    let at = Location { file: Arc::from(BUILT_IN_NAME), line: 1, column: 1 };
    file.into_iter()
        .flat_map(|(context, bindings)| {
            let at = at.clone();
            bindings.into_iter().map(move |(keys, command)| KeymapEntry {
                context: context.clone(),
                keys,
                command,
                at: at.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(context: &str, keys: &str, command: &str, line: u32) -> KeymapEntry {
        KeymapEntry {
            context: context.into(),
            keys: keys.into(),
            command: command.into(),
            at: Location { file: Arc::from("loquat.yaml"), line, column: 3 },
        }
    }

    fn strokes(text: &str) -> Vec<Stroke> {
        text.split_whitespace().map(|stroke| Stroke::parse(stroke).unwrap()).collect()
    }

    #[test]
    fn the_built_in_bindings_are_whole_and_leave_no_command_without_a_key() {
        let (keymap, problems) = Keymap::load(&[]);
        assert_eq!(problems, []);
        let unreachable: Vec<&str> = command::COMMANDS
            .iter()
            .filter(|command| keymap.keys_of(command.id).is_empty())
            .map(|command| command.name)
            .collect();
        assert_eq!(unreachable, Vec::<&str>::new());
    }

    #[test]
    fn no_built_in_binding_begins_with_a_key_that_terminals_and_multiplexers_eat() {
        let (keymap, _) = Keymap::load(&[]);
        for eaten in ["ctrl-b", "ctrl-a", "ctrl-s", "ctrl-q", "ctrl-m", "ctrl-i", "ctrl-h", "ctrl-["] {
            for (name, context) in Context::NAMES {
                assert_eq!(keymap.lookup(context, &strokes(eaten)), Lookup::Unbound, "{eaten} in {name}");
            }
        }
    }

    #[test]
    fn a_binding_of_ones_own_replaces_and_none_unbinds() {
        let own = [entry("anywhere", "ctrl-x m", "usage", 1), entry("transcript", "j", "none", 2)];
        let (keymap, problems) = Keymap::load(&own);
        assert_eq!(problems, []);
        assert_eq!(keymap.lookup(Context::Composer, &strokes("ctrl-x m")), Lookup::Command(CommandId::Usage));
        assert_eq!(keymap.lookup(Context::Transcript, &strokes("j")), Lookup::Unbound);
        assert_eq!(keymap.lookup(Context::Transcript, &strokes("k")), Lookup::Command(CommandId::LineUp));
    }

    #[test]
    fn unknown_names_and_conflicts_are_told_with_their_place() {
        let own = [
            entry("anywhere", "ctrl-x m", "modle", 4),
            entry("nowhere", "x", "quit", 5),
            entry("anywhere", "hyper-x", "quit", 6),
            entry("anywhere", "f5", "quit", 7),
            entry("anywhere", "f5 a", "usage", 8),
        ];
        let (_, problems) = Keymap::load(&own);
        let told: Vec<(u32, Option<&str>)> =
            problems.iter().map(|problem| (problem.at.line, problem.suggestion.as_deref())).collect();
        assert_eq!(
            told,
            [
                (4, Some("model")),
                (5, Some("anywhere, composer, transcript, lanes, picker")),
                (6, Some("ctrl-x m")),
                (8, None)
            ]
        );
    }

    #[test]
    fn a_key_that_only_begins_built_in_bindings_is_told_and_they_stay() {
        for context in ["anywhere", "composer"] {
            let own = [entry(context, "ctrl-x", "quit", 4), entry(context, "f5", "usage", 5)];
            let (keymap, problems) = Keymap::load(&own);
            let told: Vec<(String, Severity)> =
                problems.iter().map(|problem| (problem.at.to_string(), problem.severity)).collect();
            assert_eq!(told, [("loquat.yaml:4:3".to_owned(), Severity::Warning)]);
            assert!(problems[0].message.contains("^X"), "{}", problems[0].message);
            assert_eq!(keymap.lookup(Context::Composer, &strokes("ctrl-x")), Lookup::Pending);
            let models = keymap.lookup(Context::Composer, &strokes("ctrl-x m"));
            assert_eq!(models, Lookup::Command(CommandId::PickModel));
            assert_eq!(keymap.lookup(Context::Composer, &strokes("f5")), Lookup::Command(CommandId::Usage));
        }
    }

    #[test]
    fn keys_read_as_people_write_them() {
        for (written, read) in
            [("ctrl-x m", "^X m"), ("alt-enter", "Alt+Enter"), ("pageup", "PgUp"), ("f1", "F1"), ("J", "J")]
        {
            assert_eq!(display(&strokes(written)), read);
        }
    }
}
