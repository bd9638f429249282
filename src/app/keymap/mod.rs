//! Keys to commands: the built-in bindings (`config/keymap.yaml`, compiled in) under the person's own.
//!
//! A binding is a sequence of keystrokes in a context. What is wrong with one's own is reported with the place it
//! was written at, and the rest of the map still works: unknown names and bindings that contradict each other are
//! errors, keys that can never be reached or do not arrive everywhere are warnings.
//!
//! | file | subject |
//! |---|---|
//! | `stroke` | a keystroke, and how it is written and read |
//! | [`arrival`] | which keys do not arrive, and who eats them |

pub mod arrival;
mod stroke;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{KeymapEntry, Location, Problem, Severity};
use crate::t;

use super::command::{self, CommandId, Section};

pub use stroke::{Stroke, display, written};

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
    /// The tree page.
    Tree,
    /// The usage page.
    Usage,
}

impl Context {
    /// All of them, with the names configuration uses.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("anywhere", Self::Anywhere),
        ("composer", Self::Composer),
        ("transcript", Self::Transcript),
        ("lanes", Self::Lanes),
        ("picker", Self::Picker),
        ("tree", Self::Tree),
        ("usage", Self::Usage),
    ];

    /// What configuration calls it.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, context)| *context == self).map_or("", |(name, _)| name)
    }

    /// Whether there is a place where the bindings of both hold.
    fn meets(self, other: Self) -> bool {
        Self::NAMES.iter().any(|(_, place)| place.reach().contains(&self) && place.reach().contains(&other))
    }

    /// Whether letters are text there.
    fn is_typed_in(self) -> bool {
        Self::NAMES
            .iter()
            .any(|(_, place)| matches!(place, Self::Composer | Self::Picker) && place.reach().contains(&self))
    }

    /// The contexts whose bindings hold in this one, the most special first.
    const fn reach(self) -> &'static [Self] {
        match self {
            Self::Anywhere => &[Self::Anywhere],
            Self::Composer => &[Self::Composer, Self::Anywhere],
            Self::Transcript => &[Self::Transcript, Self::Anywhere],
            Self::Lanes => &[Self::Lanes, Self::Transcript, Self::Anywhere],
            Self::Picker => &[Self::Picker, Self::Anywhere],
            Self::Tree => &[Self::Tree, Self::Anywhere],
            Self::Usage => &[Self::Usage, Self::Anywhere],
        }
    }
}

/// A chord begun: keystrokes that are the beginning of bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Pressed so far.
    pub strokes: Vec<Stroke>,
    /// When the strip of what may follow shows.
    pub strip_at: Timestamp,
    /// The page of it that shows.
    pub page: usize,
}

/// What a keystroke after others leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// A command.
    Command(CommandId),
    /// More keystrokes, for commands of this section.
    More(Section),
}

impl Follow {
    /// Where it stands among others: as on the help page, groups after the commands of their section.
    fn rank(self) -> (Section, usize) {
        let place = |id| command::COMMANDS.iter().position(|row| row.id == id);
        match self {
            Self::Command(id) => {
                (id.row().map_or(Section::App, |row| row.section), place(id).unwrap_or(usize::MAX))
            }
            Self::More(section) => (section, usize::MAX),
        }
    }

    /// The part of the help page it belongs to.
    pub fn section(self) -> Section {
        self.rank().0
    }
}

/// What keystrokes are bound to in one context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A command.
    Command(CommandId),
    /// They begin so many bindings.
    Begins(usize),
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
    /// What `none` unbinds: there, no more general context is asked either.
    unbound: Vec<Place>,
}

const BUILT_IN: &str = include_str!("../../../config/keymap.yaml");
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
                Ok((binding, place)) => keymap.add(entry, binding, place, &mut problems),
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
        place: Place,
        problems: &mut Vec<Problem>,
    ) {
        if let Some(rival) = self.own.iter().find(|other| place.contradicts(other)) {
            let text = t!(
                "app-keymap-conflict",
                keys = display(&place.strokes),
                command = entry.command.as_str(),
                other = display(&rival.strokes),
                rival = rival.command.row().map_or("", |row| row.name),
                at = rival.at.to_string()
            );
            problems.push(problem(entry, text, Some(&self.free())));
            return;
        }
        let hidden: Vec<&Binding> =
            self.built_in.iter().filter(|other| binding.is_some() && place.leads_to(other)).collect();
        if let [first, ..] = hidden.as_slice() {
            let (keys, count) = (display(&place.strokes), hidden.len());
            let text = t!("app-keymap-leader", keys = keys, count = count, first = display(&first.strokes));
            let instead = format!("{} …", entry.keys);
            problems.push(warning(entry, text, Some(&instead)));
            return;
        }
        self.built_in.retain(|other| !place.replaces(other));
        match binding {
            Some(binding) => {
                problems.extend(self.doubts(entry, &place));
                self.own.push(binding);
            }
            None => self.unbound.push(place),
        }
    }

    /// What is no mistake, but may not do what it was written for.
    fn doubts(&self, entry: &KeymapEntry, place: &Place) -> Vec<Problem> {
        let mut doubts = Vec::new();
        let shorter = self.bindings().find(|other| other.leads_to(place));
        if let Some(shorter) = shorter {
            let text = t!(
                "app-keymap-unreachable",
                keys = display(&place.strokes),
                other = display(&shorter.strokes),
                command = shorter.command.row().map_or("", |row| row.name),
                context = shorter.context.name()
            );
            let instead = format!("{}: {{{}: none}}", shorter.context.name(), written(&shorter.strokes));
            doubts.push(warning(entry, text, Some(&instead)));
        }
        let letter = place.strokes.first().and_then(Stroke::letter);
        if let Some(letter) = letter.filter(|_| place.context.is_typed_in()) {
            let text = t!("app-keymap-letter", key = letter.to_string(), context = entry.context.as_str());
            doubts.push(warning(entry, text, Some(&self.free())));
        }
        let trouble = entry.keys.split_whitespace().find_map(arrival::trouble);
        if let Some(trouble) = trouble {
            let instead = trouble.instead().map_or_else(|| self.free(), ToOwned::to_owned);
            doubts.push(warning(entry, trouble.told(), Some(&instead)));
        }
        doubts
    }

    /// Keys that arrive everywhere and lead nowhere yet.
    fn free(&self) -> String {
        let free = ('a'..='z').chain('A'..='Z').map(|letter| format!("ctrl-x {letter}")).find(|keys| {
            let strokes: Vec<Stroke> = keys.split_whitespace().filter_map(Stroke::parse).collect();
            Context::NAMES.iter().all(|(_, context)| self.lookup(*context, &strokes) == Lookup::Unbound)
        });
        free.unwrap_or_else(|| "f5".to_owned())
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
            if self.is_unbound(*wanted, strokes) {
                break;
            }
        }
        if pending { Lookup::Pending } else { Lookup::Unbound }
    }

    fn is_unbound(&self, context: Context, strokes: &[Stroke]) -> bool {
        self.unbound.iter().any(|place| place.context == context && place.strokes == strokes)
    }

    /// What may follow these keystrokes: the next stroke and what it leads to, in the order of the help page.
    pub fn followers(&self, context: Context, strokes: &[Stroke]) -> Vec<(Stroke, Follow)> {
        let mut found: Vec<(Stroke, Follow)> = Vec::new();
        for binding in self.bindings().filter(|binding| context.reach().contains(&binding.context)) {
            let Some((next, rest)) =
                binding.strokes.strip_prefix(strokes).and_then(|strokes| strokes.split_first())
            else {
                continue;
            };
            if found.iter().any(|(stroke, _)| stroke == next) {
                continue;
            }
            let chord = binding.strokes.get(..=strokes.len()).unwrap_or_default();
            match (self.lookup(context, chord), binding.command.row()) {
                (Lookup::Command(command), _) => found.push((*next, Follow::Command(command))),
                (Lookup::Pending, Some(row)) if !rest.is_empty() => {
                    found.push((*next, Follow::More(row.section)));
                }
                (Lookup::Pending | Lookup::Unbound, _) => {}
            }
        }
        found.sort_by_key(|(_, follow)| follow.rank());
        found
    }

    /// What these keystrokes lead to in each context where they lead to something.
    pub fn meanings(&self, strokes: &[Stroke]) -> Vec<(Context, Meaning)> {
        let bindings = |context: Context| self.bindings().filter(move |binding| binding.context == context);
        Context::NAMES
            .iter()
            .filter_map(|(_, context)| {
                let exact = bindings(*context).find(|binding| binding.strokes == strokes);
                let longer =
                    bindings(*context).filter(|binding| binding.strokes.starts_with(strokes)).count();
                let meaning = match (exact, longer) {
                    (Some(binding), _) => Meaning::Command(binding.command),
                    (None, 0) => return None,
                    (None, count) => Meaning::Begins(count),
                };
                Some((*context, meaning))
            })
            .collect()
    }

    /// The keys that lead to a command: those that work while one writes before those of the transcript, then
    /// the shortest first; those of lists and pages only where there are no others.
    pub fn keys_of(&self, command: CommandId) -> Vec<String> {
        let mut keys: Vec<&Binding> = self.bindings().filter(|binding| binding.command == command).collect();
        let floats = |binding: &&Binding| matches!(binding.context, Context::Picker | Context::Tree);
        if !keys.iter().all(floats) {
            keys.retain(|binding| !floats(binding));
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
#[derive(Clone, Debug, PartialEq)]
struct Place {
    context: Context,
    strokes: Vec<Stroke>,
}

impl Place {
    /// Whether this is only the beginning of another binding, which could not be reached any more.
    fn leads_to(&self, other: &Binding) -> bool {
        self.context.meets(other.context) && is_longer(&other.strokes, &self.strokes)
    }

    /// Whether one of the two would hide the other in the context of both.
    fn replaces(&self, other: &Binding) -> bool {
        other.context == self.context
            && (other.strokes.starts_with(&self.strokes) || self.strokes.starts_with(&other.strokes))
    }

    /// Whether not both can be meant.
    fn contradicts(&self, other: &Binding) -> bool {
        self.replaces(other) || self.leads_to(other) || other.leads_to(self)
    }
}

impl Binding {
    /// Whether what sits at a place could not be reached because of this.
    fn leads_to(&self, place: &Place) -> bool {
        self.context.meets(place.context) && is_longer(&place.strokes, &self.strokes)
    }
}

/// Whether keystrokes begin with these and go on.
fn is_longer(strokes: &[Stroke], beginning: &[Stroke]) -> bool {
    strokes.len() > beginning.len() && strokes.starts_with(beginning)
}

fn warning(entry: &KeymapEntry, message: crate::text::Safe, suggestion: Option<&str>) -> Problem {
    Problem { severity: Severity::Warning, ..problem(entry, message, suggestion) }
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

/// The keystrokes that are written; at least one.
fn strokes(keys: &str) -> Option<Vec<Stroke>> {
    let strokes: Option<Vec<Stroke>> = keys.split_whitespace().map(Stroke::parse).collect();
    strokes.filter(|strokes| !strokes.is_empty())
}

/// An entry as a binding (none, where it unbinds) and its place.
fn parse(entry: &KeymapEntry) -> Result<(Option<Binding>, Place), Problem> {
    let context = Context::NAMES.iter().find(|(name, _)| *name == entry.context).map(|(_, context)| *context);
    let context = context.ok_or_else(|| {
        let text = t!("app-keymap-context", name = entry.context.as_str());
        problem(entry, text, Some("anywhere, composer, transcript, lanes, picker, tree"))
    })?;
    let strokes = strokes(&entry.keys).ok_or_else(|| {
        let lower = entry.keys.to_lowercase();
        let instead = if strokes(&lower).is_some() { lower.as_str() } else { "ctrl-x m" };
        problem(entry, t!("app-keymap-keys", keys = entry.keys.as_str()), Some(instead))
    })?;
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
        super::strokes(text).unwrap()
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

    /// The keys that a context's bindings have, as they are written.
    fn bound(keymap: &Keymap) -> impl Iterator<Item = (&Binding, String)> {
        keymap
            .built_in
            .iter()
            .flat_map(|binding| binding.strokes.iter().map(move |stroke| (binding, written(&[*stroke]))))
    }

    #[test]
    fn no_built_in_key_is_one_that_something_eats_or_that_another_key_looks_like() {
        let (keymap, _) = Keymap::load(&[]);
        let lost: Vec<String> = bound(&keymap)
            .filter(|(_, key)| {
                arrival::trouble(key).is_some_and(|trouble| !matches!(trouble, arrival::Trouble::Untold(_)))
            })
            .filter(|(binding, key)| {
                // It may be a second way to what another key does there, too.
                let is_way = |other: &&Binding| {
                    other.command == binding.command
                        && other.context.meets(binding.context)
                        && other.strokes.iter().all(|stroke| arrival::trouble(&written(&[*stroke])).is_none())
                };
                let alternative = keymap.built_in.iter().any(|other| is_way(&other));
                !alternative || arrival::is_prefix_key(key)
            })
            .map(|(binding, key)| format!("{key} in {}", binding.context.name()))
            .collect();
        assert_eq!(lost, Vec::<String>::new());
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
        let free = Keymap::load(&[]).0.free();
        let told: Vec<(u32, Option<&str>)> =
            problems.iter().map(|problem| (problem.at.line, problem.suggestion.as_deref())).collect();
        assert_eq!(
            told,
            [
                (4, Some("model")),
                (5, Some("anywhere, composer, transcript, lanes, picker, tree")),
                (6, Some("ctrl-x m")),
                (8, Some(free.as_str()))
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

    /// The problems of these bindings: line, severity, and what to do.
    fn problems(own: &[KeymapEntry]) -> Vec<(u32, Severity, String, String)> {
        let (_, problems) = Keymap::load(own);
        let told = |problem: Problem| {
            let instead = problem.suggestion.unwrap_or_default();
            (problem.at.line, problem.severity, problem.message, instead)
        };
        problems.into_iter().map(told).collect()
    }

    #[test]
    fn bindings_that_contradict_each_other_are_named_both_wherever_they_hold_together() {
        let own = [
            entry("anywhere", "f5", "quit", 1),
            entry("composer", "f5 a", "usage", 2),
            entry("transcript", "B", "usage", 3),
            entry("lanes", "B x", "quit", 4),
            entry("composer", "f6", "usage", 5),
            entry("transcript", "f6 x", "quit", 6),
        ];
        let told = problems(&own);
        let lines: Vec<(u32, Severity)> =
            told.iter().map(|(line, severity, ..)| (*line, *severity)).collect();
        assert_eq!(lines, [(2, Severity::Error), (4, Severity::Error)]);
        for part in ["F5 a", "usage", "F5 (quit)", "loquat.yaml:1:3"] {
            assert!(told[0].2.contains(part), "{}", told[0].2);
        }
        assert_eq!(told[0].3, Keymap::load(&[]).0.free());
    }

    #[test]
    fn what_may_never_be_reached_or_typed_is_a_warning_and_holds() {
        let own = [
            entry("composer", "ctrl-l a", "usage", 1),
            entry("composer", "j", "line-down", 2),
            entry("anywhere", "W W", "top", 3),
            entry("picker", "ctrl-b", "top", 4),
            entry("transcript", "ctrl-i", "top", 5),
            entry("transcript", "B", "top", 6),
            entry("transcript", "ctrl-shift-k", "usage", 7),
        ];
        let told: Vec<(u32, String)> = problems(&own)
            .into_iter()
            .map(|(line, severity, message, instead)| {
                assert_eq!(severity, Severity::Warning);
                (line, format!("{message} => {instead}"))
            })
            .collect();
        let parts = [
            (1, "^L is “redraw” (anywhere) => anywhere: {ctrl-l: none}"),
            (2, "“j” can no longer be typed (composer) => ctrl-x "),
            (3, "“W” can no longer be typed (anywhere) => ctrl-x "),
            (4, "tmux, zellij"),
            (5, "=> tab"),
            (7, "=> ctrl-k"),
        ];
        assert_eq!(told.len(), parts.len(), "{told:?}");
        for ((line, message), (at, part)) in told.iter().zip(parts) {
            assert!(*line == at && message.contains(part), "{line}: {message}");
        }
        let (keymap, _) = Keymap::load(&own);
        assert_eq!(keymap.lookup(Context::Composer, &strokes("j")), Lookup::Command(CommandId::LineDown));
    }

    #[test]
    fn none_unbinds_in_its_context_what_holds_anywhere() {
        let (keymap, problems) = Keymap::load(&[entry("composer", "ctrl-p", "none", 1)]);
        assert_eq!(problems, []);
        assert_eq!(keymap.lookup(Context::Composer, &strokes("ctrl-p")), Lookup::Unbound);
        assert_eq!(keymap.lookup(Context::Tree, &strokes("ctrl-p")), Lookup::Command(CommandId::Palette));
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
