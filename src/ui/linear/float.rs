//! What floats, as it is read out: lists as numbered menus, forms as a question a field, pages as text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::Names;
use crate::app::command::{COMMANDS, Command, CommandId, Needs, Section};
use crate::app::field::{Expiry, Field, Input};
use crate::app::forecast;
use crate::app::form::Form;
use crate::app::help;
use crate::app::listing::entry;
use crate::app::overlay::{Confirm, Overlay};
use crate::app::picker::{Choice, Entry, List, ListKind};
use crate::app::search::Searching;
use crate::app::tree::TreePage;
use crate::app::usage::{UsageAnswer, UsagePage, UsageState};
use crate::chat::{MessageId, Role};
use crate::t;
use crate::telemetry::RequestEvent;
use crate::text::{Safe, sanitise};

use super::{Narrator, Typed, plain};
use crate::ui::{Theme, list, pictures, popup, tree, usage};

/// The rows of a menu that are told at once.
const ROWS: usize = 12;
/// The most cells of a tree that are given to its branches.
const DEEPEST: usize = 12;
/// The rows of usage that are told.
const MOST_ROWS: usize = 40;
/// The characters of a message that the tree tells.
const WORDS: usize = 60;

/// What floats, by what makes it worth telling again.
#[derive(Clone, Debug, PartialEq)]
pub enum Float {
    /// A list, by what is typed in it and whether it has rows; a search by what it found.
    List { kind: Kind, filter: String, rows: Rows },
    /// A field of a form.
    Field { at: usize, title: Safe, problem: Option<Safe> },
    /// A question.
    Confirm(Confirm),
    /// The tree, by its messages.
    Tree(Vec<MessageId>),
    /// A summary that is being written.
    Summary,
    /// A page, by what it says.
    Page(Vec<Safe>),
}

/// What a list is of, without what changes while it is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Hits, which come one by one.
    Search,
    /// Models to be marked.
    FanOut,
    /// Any other.
    Other(ListKind),
}

/// What of a list's rows makes it worth telling again.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Not even that there are some: they are on their way.
    Coming,
    /// That there are some, or none.
    Any(bool),
    /// How many are marked.
    Marked(usize),
    /// Each of them.
    These(Vec<Choice>),
}

/// What asks for a field.
pub fn field(form: &Form) -> Safe {
    match form.fields.get(form.at) {
        Some(field) => sanitise(&format!("{}: ", field.label())),
        None => sanitise("> "),
    }
}

/// How a form's field is typed.
pub fn typed(form: &Form) -> Typed {
    match form.fields.get(form.at).map(|field| &field.input) {
        Some(Input::Masked(_)) => Typed::Unseen,
        Some(Input::Plain(_) | Input::Lines(_) | Input::Expiry(_)) | None => Typed::Seen,
    }
}

impl Float {
    fn of(model: &Model, overlay: &Overlay) -> Self {
        match overlay {
            Overlay::List(list) => {
                let (kind, rows) = match &list.kind {
                    ListKind::Search(_) if model.searching != Searching::No => (Kind::Search, Rows::Coming),
                    ListKind::Search(_) => {
                        let choices = (0..list.matches.len()).filter_map(|at| entry(list, at));
                        let choices = choices.map(|entry| entry.choice.clone()).collect();
                        (Kind::Search, Rows::These(choices))
                    }
                    ListKind::FanOut(party) => (Kind::FanOut, Rows::Marked(party.answers())),
                    kind => (Kind::Other(kind.clone()), Rows::Any(!list.matches.is_empty())),
                };
                Self::List { kind, filter: list.filter.text().to_owned(), rows }
            }
            Overlay::Form(form) => Self::Field {
                at: form.at,
                title: popup::form_title(&form.kind).0,
                problem: form.problem.clone(),
            },
            Overlay::Confirm(confirm) => Self::Confirm(*confirm),
            Overlay::Tree(page) => Self::Tree(page.graph.rows().iter().map(|row| row.id).collect()),
            Overlay::Summary(_) => Self::Summary,
            Overlay::Help(_) => Self::Page(commands(model)),
            Overlay::Usage(page) => Self::Page(totals(model, page)),
            Overlay::Compare(_) => Self::Page(cells(model, overlay)),
            Overlay::Lens(_) => Self::Page(lens(model, overlay)),
            Overlay::Pictures(page) => Self::Page(pictures::told(model, page)),
        }
    }
}

impl Narrator {
    /// What floats on top, where it is not what was told.
    pub(super) fn float(&mut self, model: &Model) {
        let float = model.overlays.last().map(|overlay| Float::of(model, overlay));
        if float == self.float {
            return;
        }
        let before = std::mem::replace(&mut self.float, float);
        let Some(overlay) = model.overlays.last() else {
            self.menu.clear();
            return;
        };
        match (overlay, &self.float) {
            (_, Some(Float::List { rows: Rows::Coming, .. })) => {}
            (
                Overlay::List(list),
                Some(Float::List { kind: Kind::FanOut, filter, rows: Rows::Marked(now) }),
            ) => {
                let again = matches!(&before, Some(Float::List { kind: Kind::FanOut, filter: was, .. }) if was == filter);
                if again {
                    let now = *now;
                    self.out.line(&t!("ui-linear-marked", count = now));
                } else {
                    self.list(model, list);
                }
            }
            (Overlay::List(list), _) => self.list(model, list),
            (Overlay::Form(form), Some(Float::Field { at, title, problem })) => {
                let same = matches!(&before, Some(Float::Field { title: was, .. }) if was == title);
                if !same {
                    self.out.blank();
                    self.out.line(&t!("ui-linear-form", title = title));
                }
                if let Some(problem) = problem {
                    self.out.line(&t!("ui-linear-bad", text = plain(problem)));
                }
                if let Some(field) = form.fields.get(*at) {
                    held(field, &mut self.out);
                }
            }
            (Overlay::Confirm(confirm), _) => {
                self.out.line(&plain(&popup::question(model, *confirm)));
            }
            (Overlay::Tree(page), _) => self.tree(model, page),
            (Overlay::Summary(summarising), _) => {
                self.out.line(&t!("ui-linear-summarising", model = summarising.route.model.as_str()));
            }
            (Overlay::Usage(page), Some(Float::Page(_))) => self.usage(model, page),
            (_, Some(Float::Page(lines))) => {
                self.out.blank();
                for line in lines.clone() {
                    self.out.line(&line);
                }
                if !is_coming(overlay) {
                    self.out.line(&t!("ui-linear-page-foot"));
                }
            }
            (
                Overlay::Help(_)
                | Overlay::Usage(_)
                | Overlay::Compare(_)
                | Overlay::Lens(_)
                | Overlay::Pictures(_)
                | Overlay::Form(_),
                _,
            ) => {}
        }
    }

    /// A list: its name, its first rows, and what can be typed.
    fn list(&mut self, model: &Model, shown: &List) {
        (self.menu, self.told_rows) = (Vec::new(), 0);
        let (title, _, none) = list::titles(model, shown);
        self.out.blank();
        let title = plain(&title);
        if shown.matches.is_empty() {
            let none = list::no_match(shown).unwrap_or(none);
            self.out.line(&t!("ui-linear-menu-none", title = title, none = plain(&none)));
            return;
        }
        self.out.line(&t!("ui-linear-menu", title = title, count = shown.matches.len()));
        self.rows(shown);
        self.out.line(&match shown.kind {
            ListKind::FanOut(_) => t!("ui-linear-menu-foot-mark"),
            ListKind::Palette
            | ListKind::Themes
            | ListKind::Models(_)
            | ListKind::Endpoints
            | ListKind::Conversations
            | ListKind::Presets
            | ListKind::Trash
            | ListKind::Search(_)
            | ListKind::History
            | ListKind::Code
            | ListKind::Copy
            | ListKind::Links
            | ListKind::Fork(_)
            | ListKind::Messages(_)
            | ListKind::Revisions
            | ListKind::Problems
            | ListKind::Ghost
            | ListKind::Fit(_)
            | ListKind::Summariser(_) => t!("ui-linear-menu-foot"),
        });
    }

    /// The next rows of a list.
    fn rows(&mut self, shown: &List) {
        let from = self.told_rows;
        for at in from..shown.matches.len().min(from + ROWS) {
            let Some(row) = entry(shown, at) else { break };
            if let Some(heading) = shown.heading(at) {
                self.out.line(&sanitise(&format!("{heading}:")));
            }
            self.menu.push(row.choice.clone());
            self.out.line(&sanitise(&format!("{}. {}", self.menu.len(), facts(row))));
            self.told_rows += 1;
        }
        let left = shown.matches.len() - self.told_rows;
        if left > 0 {
            self.out.line(&t!("ui-linear-more", count = left));
        }
    }

    /// More of what floats.
    pub(super) fn more(&mut self, model: &Model) {
        match model.overlays.last() {
            Some(Overlay::List(list)) if self.told_rows < list.matches.len() => self.rows(list),
            Some(_) | None => self.out.line(&t!("ui-linear-no-more")),
        }
    }

    /// The usage page: a numbered line a row, and what they add up to.
    fn usage(&mut self, model: &Model, page: &UsagePage) {
        self.menu.clear();
        self.out.blank();
        for line in usage::told::head(page) {
            self.out.line(&plain(&line));
        }
        let Some(shown) = page.shown() else { return };
        let choices: Vec<Option<Choice>> = match &shown.answer {
            UsageAnswer::Totals(totals) => {
                let key = |at: &usize| totals.usage.report.rows.get(*at).map(|row| row.key.clone());
                shown.listed.iter().take(MOST_ROWS).map(|at| key(at).map(Choice::UsageRow)).collect()
            }
            UsageAnswer::Events(events) => {
                let events = events.page.iter().map(|found| found.event.as_ref().ok());
                let of = |event: &RequestEvent| {
                    let conversation = event.conversation?;
                    Some(match event.message {
                        Some(message) => Choice::Message(conversation, message, Vec::new()),
                        None => Choice::Conversation(conversation),
                    })
                };
                events.map(|event| event.and_then(|event| of(event))).collect()
            }
        };
        for (line, choice) in usage::told::rows(model, shown, MOST_ROWS).iter().zip(choices) {
            let line = plain(line);
            // What cannot be gone into has no number.
            match choice {
                Some(choice) => {
                    self.menu.push(choice);
                    self.out.line(&sanitise(&format!("{}. {line}", self.menu.len())));
                }
                None => self.out.line(&line),
            }
        }
        if page.rows() > MOST_ROWS {
            self.out.line(&t!("ui-linear-usage-more", count = page.rows() - MOST_ROWS));
        }
        for line in usage::told::foot(shown) {
            self.out.line(&plain(&line));
        }
        self.out.line(&t!("ui-linear-usage-foot"));
    }

    /// The tree: a numbered line a message, further in wherever branches part.
    fn tree(&mut self, model: &Model, page: &TreePage) {
        let conversation = &model.open.conversation;
        self.menu.clear();
        self.out.blank();
        self.out.line(&t!("ui-linear-tree", count = page.graph.rows().len()));
        for (at, row) in page.graph.rows().iter().enumerate() {
            let Some(message) = conversation.tree.get(row.id) else { continue };
            self.menu.push(Choice::Message(conversation.id, row.id, Vec::new()));
            let name = match message.role {
                Role::User => t!("app-you"),
                Role::Assistant => Names::of(model).speaker(message, &conversation.tree),
            };
            let on_branch = model.pane.view.branch.contains(&row.id);
            let said = tree::first_words(message, WORDS);
            let number = at + 1;
            let line = if on_branch {
                t!("ui-linear-tree-here", number = number, name = name, text = said)
            } else {
                t!("ui-linear-tree-row", number = number, name = name, text = said)
            };
            self.out.indent((row.depth * 2).min(DEEPEST));
            self.out.words(&line);
            self.out.end_line();
        }
        self.out.line(&t!("ui-linear-tree-foot"));
    }
}

/// What a row tells.
fn facts(row: &Entry) -> String {
    let sign = match row.sign.as_str() {
        "★" => t!("ui-linear-starred"),
        "●" => t!("ui-linear-current"),
        "✓" => t!("ui-linear-chosen"),
        "✗" => t!("ui-linear-fails"),
        _ => plain(&row.sign),
    };
    let (name, owner) = (plain(&row.name), plain(&row.owner));
    // Of a key, the endpoint is what is chosen, and its state what is told of it.
    let (first, second) = if matches!(row.choice, Choice::Key(_)) { (owner, name) } else { (name, owner) };
    let columns: Vec<Safe> = if matches!(row.choice, Choice::Route(_)) {
        // Numbers need the heads that stand above them; what is told of the row at the foot needs none.
        let facts = row.about.split(" · ").map(plain);
        facts.filter(|fact| *fact != first && *fact != second).collect()
    } else {
        // Two blanks part columns.
        row.detail.split("  ").map(plain).collect()
    };
    let facts = [first, second].into_iter().chain(columns).chain([sign]);
    let facts = facts.map(|fact| fact.split_whitespace().collect::<Vec<_>>().join(" "));
    // What a fact ends with would stand before the comma after it.
    let facts = facts.map(|fact| fact.trim_end_matches(['.', ':', ',', ';']).to_owned());
    facts.filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What a field holds, and what may be put in it.
fn held(field: &Field, out: &mut super::wrap::Wrap) {
    let hint = plain(&field.hint());
    if !hint.is_empty() {
        out.line(&hint);
    }
    match &field.input {
        Input::Masked(_) => {}
        Input::Plain(line) if line.text().is_empty() => {}
        Input::Plain(line) => out.line(&t!("ui-linear-held", text = line.text())),
        Input::Lines(lines) if lines.is_empty() => {}
        Input::Lines(lines) => out.line(&t!("ui-linear-held", text = lines.text())),
        Input::Expiry(expiry) => {
            for (at, each) in Expiry::EACH.iter().enumerate() {
                out.line(&sanitise(&format!("{}. {}", at + 1, each.name())));
            }
            out.line(&t!("ui-linear-held", text = expiry.name()));
        }
    }
}

/// What means nothing without a screen, or is done by an empty line or the terminal.
const SEEN_ONLY: &[CommandId] = &[
    CommandId::ToggleFocus,
    CommandId::Newline,
    CommandId::LineDown,
    CommandId::LineUp,
    CommandId::HalfDown,
    CommandId::HalfUp,
    CommandId::PageDown,
    CommandId::PageUp,
    CommandId::Bottom,
    CommandId::Mouse,
    CommandId::Redraw,
    CommandId::Rail,
    CommandId::Raw,
    CommandId::RawAll,
    CommandId::Find,
    CommandId::FindNext,
    CommandId::FindPrevious,
];

/// Every command that can be typed, by section.
fn commands(model: &Model) -> Vec<Safe> {
    let is_told = |command: &&Command| {
        command.section != Section::Panes && command.needs != Needs::Tree && !SEEN_ONLY.contains(&command.id)
    };
    let mut lines = vec![t!("ui-linear-help")];
    lines.extend(help::gist(model));
    let mut section: Option<Section> = None;
    for command in COMMANDS.iter().filter(is_told) {
        if section.replace(command.section) != Some(command.section) {
            lines.push(sanitise(&format!("{}:", command.section.name())));
        }
        lines.push(sanitise(&format!("/{} - {}", command.name, (command.line)())));
    }
    lines
}

/// Whether a page only says that there will be more.
fn is_coming(overlay: &Overlay) -> bool {
    matches!(overlay, Overlay::Usage(page) if page.state == UsageState::Loading)
}

/// The usage page, a line a fact: what makes it worth telling again.
fn totals(model: &Model, page: &UsagePage) -> Vec<Safe> {
    let mut lines = usage::told::head(page);
    if let Some(shown) = page.shown() {
        lines.extend(usage::told::rows(model, shown, MOST_ROWS));
        lines.extend(usage::told::foot(shown));
    }
    lines
}

/// What the next prompt would send, and below it what that is likely to cost.
fn lens(model: &Model, overlay: &Overlay) -> Vec<Safe> {
    let forecast =
        forecast::line(model, u16::MAX, usize::MAX).map(|line| t!("ui-linear-forecast", line = line));
    cells(model, overlay).into_iter().chain(forecast).collect()
}

/// A page that has no words of its own, as the text of its cells.
fn cells(model: &Model, overlay: &Overlay) -> Vec<Safe> {
    let area = Rect::new(0, 0, model.size.width, model.size.height);
    let mut buffer = Buffer::empty(area);
    let theme = Theme::named(Theme::COLOURLESS).unwrap_or_else(Theme::terminal);
    crate::ui::draw_overlay(model, overlay, &theme, &mut buffer);
    let drawn = |c: char| if ('\u{2500}'..='\u{259f}').contains(&c) { ' ' } else { c };
    // The last row but one says what keys do.
    let rows = (0..area.height.saturating_sub(2)).map(|y| {
        let row: String = (0..area.width).map(|x| buffer[(x, y)].symbol()).collect();
        plain(row.chars().map(drawn).collect::<String>().trim())
    });
    rows.filter(|row| !row.is_empty()).collect()
}
