//! The app as lines: what a person who does not see a screen, or has a slow one, is told.
//!
//! The model and everything that happens to it are those of the full screen; only the view is another one. A
//! [`Narrator`] keeps what it has told, and after each message tells what the model holds beyond that: text can be
//! added and never taken back, so nothing is told twice and nothing that was told moves. No sequence that a terminal
//! would obey is made here, and no sign that only a picture explains: roles are words, lists are numbered, and what
//! is typed is a line.
//!
//! | file | subject |
//! |---|---|
//! | `prose` | Markdown as it is read out, while it comes |
//! | `answer` | messages: who says them, their parts, how they ended |
//! | `float` | lists, forms, questions and pages, as menus and questions |
//! | `wrap` | words into lines |

mod answer;
mod float;
mod prose;
mod wrap;

use jiff::Timestamp;

use crate::app::fold;
use crate::app::linear::goes_on;
use crate::app::message::Extent;
use crate::app::model::{KeyOf, Mood, Phase, Toast};
use crate::app::offers;
use crate::app::overlay::{Overlay, title_or_untitled};
use crate::app::pane::{Presence, Purpose};
use crate::app::picker::Choice;
use crate::app::{Message, Model};
use crate::chat::{ConversationId, MessageId, Role, Route, Status};
use crate::t;
use crate::text::{Safe, sanitise};

use answer::Telling;
use float::Float;
use wrap::Wrap;

/// The messages of a conversation that are told when it is opened.
const OPENED: usize = 2;

/// What has been told, and what follows from a line.
#[derive(Debug)]
pub struct Narrator {
    out: Wrap,
    /// Where questions go.
    route: Route,
    conversation: Option<ConversationId>,
    branch: Vec<MessageId>,
    live: Option<Telling>,
    held: Held,
    cursor: Option<MessageId>,
    unfolded: Option<MessageId>,
    draft: String,
    toast: Option<Toast>,
    float: Option<Float>,
    /// What the numbers of the last menu stand for.
    menu: Vec<Choice>,
    /// The rows of it that were told.
    told_rows: usize,
    /// The line that was entered last, until what it led to is told.
    line: Option<String>,
    prompt: Prompt,
}

/// Whether a person is asked for a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prompt {
    /// It stands.
    Stands,
    /// It is to be given when all is told.
    Owed,
}

/// Whether it was told that the answer waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    No,
    Told,
}

/// How a line is to be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// As anything is.
    Seen,
    /// Unseen: it is a secret.
    Unseen,
}

impl Narrator {
    /// A narrator that has told nothing.
    pub fn new(model: &Model) -> Self {
        let mut narrator = Self {
            out: Wrap::new(usize::from(model.size.width)),
            route: model.pane.route.clone(),
            conversation: None,
            branch: Vec::new(),
            live: None,
            held: Held::No,
            cursor: None,
            unfolded: None,
            draft: String::new(),
            toast: None,
            float: None,
            menu: Vec::new(),
            told_rows: 0,
            line: None,
            prompt: Prompt::Owed,
        };
        let route = &model.pane.route;
        narrator.out.line(&t!(
            "ui-linear-hello",
            endpoint = route.endpoint.as_str(),
            model = route.model.as_str()
        ));
        narrator
    }

    /// Takes in what the model holds beyond what was told.
    pub fn hear(&mut self, model: &Model) {
        // A column is left free: some terminals wrap when the last one is written to.
        self.out.set_width(usize::from(model.size.width).saturating_sub(1));
        self.branch(model);
        self.live(model);
        self.route(model);
        self.draft(model);
        self.float(model);
        self.toast(model);
        if !self.out.is_empty() {
            self.prompt = Prompt::Owed;
            self.line = None;
        }
    }

    /// What is to be added to the terminal.
    pub fn take(&mut self) -> Safe {
        self.out.take()
    }

    /// Whether anything waits to be taken, or a person to be asked.
    pub fn is_due(&self, model: &Model) -> bool {
        !self.out.is_empty() || (self.prompt == Prompt::Owed && asks(model))
    }

    /// Asks for a line, where one is to be typed and nothing more is to be told.
    pub fn ask(&mut self, model: &Model) {
        if self.prompt == Prompt::Stands || !asks(model) {
            return;
        }
        // Who cannot see that nothing happened is told so.
        if self.line.take().is_some_and(|line| line.starts_with('/')) {
            self.out.line(&t!("ui-linear-done"));
        }
        let prompt = match model.overlays.last() {
            Some(Overlay::Form(form)) => float::field(form),
            Some(Overlay::Confirm(_)) => t!("ui-linear-yes-or-no"),
            Some(_) | None if goes_on(model) => sanitise("+ "),
            Some(_) | None => sanitise("> "),
        };
        self.out.prompt(&prompt);
        self.prompt = Prompt::Stands;
    }

    /// How the next line is to be typed.
    pub fn typed(model: &Model) -> Typed {
        match model.overlays.last() {
            Some(Overlay::Form(form)) => float::typed(form),
            Some(_) | None => Typed::Seen,
        }
    }

    /// A line was entered: what that means. `None` where it only asks the narrator for more.
    pub fn entered(&mut self, model: &Model, line: String, at: Timestamp) -> Option<Message> {
        self.out.entered();
        self.prompt = Prompt::Owed;
        let list =
            matches!(model.overlays.last(), Some(Overlay::List(_) | Overlay::Tree(_) | Overlay::Usage(_)));
        let word = line.trim();
        if list && word == "+" {
            self.more(model);
            return None;
        }
        if model.overlays.is_empty() && word == "/top" {
            self.read_branch(model);
            return None;
        }
        let number = word.parse::<usize>().ok().filter(|_| list);
        if let Some(choice) = number.and_then(|number| self.menu.get(number.checked_sub(1)?)) {
            self.line = Some(line);
            return Some(Message::Chosen { choice: choice.clone(), at });
        }
        if let Some(number) = number {
            self.out.line(&t!("ui-linear-no-number", number = number));
            return None;
        }
        self.line = Some(line.clone());
        Some(Message::Line { text: line, at })
    }

    /// The terminal showed Ctrl+C.
    pub fn interrupted(&mut self) {
        self.out.echoed("^C");
        self.prompt = Prompt::Owed;
    }

    /// The program was stopped, and goes on.
    pub fn resumed(&mut self) {
        self.out.entered();
        self.prompt = Prompt::Owed;
    }

    /// The app is left: what follows begins on a line of its own.
    pub fn leave(&mut self) {
        self.out.end_line();
    }

    /// What of the branch was not told yet.
    fn branch(&mut self, model: &Model) {
        let open = &model.open;
        if matches!(open.presence, Presence::Loading | Presence::Here(Extent::Tail(_))) {
            return;
        }
        let (tree, view) = (&open.conversation.tree, &model.pane.view);
        let first = self.conversation.is_none();
        if self.conversation.replace(open.conversation.id) != Some(open.conversation.id) {
            (self.branch, self.live, self.cursor) = (Vec::new(), None, view.cursor);
            if !tree.is_empty() {
                let title = title_or_untitled(&open.conversation.title);
                let (count, branches) = (tree.len(), view.figures.totals.branches);
                self.out.blank();
                self.out.line(&t!("ui-linear-opened", title = title, count = count, branches = branches));
            } else if !first {
                self.out.line(&t!("ui-linear-new"));
            }
        }
        if view.branch == self.branch {
            self.pointed(model);
            self.reasoning(model);
            return;
        }
        let before = std::mem::replace(&mut self.branch, view.branch.clone());
        self.cursor = view.cursor;
        if self.live.as_ref().is_some_and(|live| !self.branch.contains(&live.message)) {
            self.live = None;
        }
        let shared = before.iter().zip(&self.branch).take_while(|(was, is)| was == is).count();
        let added = self.branch.get(shared..).unwrap_or_default().to_vec();
        let skipped = if before.is_empty() { added.len().saturating_sub(OPENED) } else { 0 };
        if skipped > 0 {
            self.out.line(&t!("ui-linear-before", count = skipped));
        }
        for id in added.iter().skip(skipped) {
            self.message(model, *id);
        }
        if let (true, Some(last)) = (added.is_empty(), self.branch.last()) {
            let last = *last;
            self.message(model, last);
        }
    }

    /// Reads the branch from its beginning.
    fn read_branch(&mut self, model: &Model) {
        for id in model.pane.view.branch.clone() {
            self.message(model, id);
        }
    }

    /// Another message was gone to.
    fn pointed(&mut self, model: &Model) {
        let cursor = model.pane.view.cursor;
        if std::mem::replace(&mut self.cursor, cursor) != cursor
            && let Some(id) = cursor
        {
            self.message(model, id);
        }
    }

    /// Reasoning that was asked for.
    fn reasoning(&mut self, model: &Model) {
        let current = model.pane.view.current().and_then(|id| model.open.conversation.tree.get(id));
        // While reasoning is all there is, it is open by itself: nobody has asked for it.
        let shown = current
            .filter(|message| fold::has_said(message) && fold::is_open(message, model.folds.of(message.id)));
        let id = shown.map(|message| message.id);
        if std::mem::replace(&mut self.unfolded, id) == id {
            return;
        }
        if let Some(message) = shown {
            answer::reasoning(message, &mut self.out);
        }
    }

    /// A message: who says it, and what. Of one that is being written, the rest follows.
    fn message(&mut self, model: &Model, id: MessageId) {
        let Some(message) = model.open.conversation.tree.get(id) else { return };
        // What was typed a moment ago stands above.
        let own = |line: &String| message.text().ends_with(line.as_str());
        if message.role == Role::User && self.line.as_ref().is_some_and(own) {
            self.draft.clear();
            return;
        }
        answer::head(model, message, &mut self.out);
        let mut telling = Telling::of(model, message);
        telling.go_on(message, &mut self.out);
        if message.status == Status::Streaming {
            self.live = Some(telling);
        } else {
            telling.end(model, message, &mut self.out);
        }
    }

    /// What came of the answer that is being written.
    fn live(&mut self, model: &Model) {
        let tree = &model.open.conversation.tree;
        if self.live.is_none()
            && let Some((_, live)) = model.live()
            && self.branch.contains(&live.message)
            && let Some(message) = tree.get(live.message)
        {
            // It is gone on with: what it said before was told.
            answer::head(model, message, &mut self.out);
            self.live = Some(Telling::after(model, message));
        }
        let Some(mut telling) = self.live.take() else {
            self.held = Held::No;
            return;
        };
        let Some(message) = tree.get(telling.message) else { return };
        telling.go_on(message, &mut self.out);
        if message.status == Status::Streaming {
            self.waits(model);
            self.live = Some(telling);
        } else {
            telling.end(model, message, &mut self.out);
        }
    }

    /// That the answer waits, and for what, is told once.
    fn waits(&mut self, model: &Model) {
        let Some((_, live)) = model.live() else { return };
        match &live.phase {
            Phase::Held { .. } => {
                if self.held == Held::No {
                    self.out.line(&plain(&crate::app::status::doing(model, &live.phase)));
                    self.held = Held::Told;
                }
            }
            Phase::Waiting | Phase::Retrying { .. } | Phase::Streaming | Phase::Stopping => {
                self.held = Held::No;
            }
        }
    }

    /// Questions go elsewhere from now on.
    fn route(&mut self, model: &Model) {
        let route = &model.pane.route;
        if *route != self.route {
            self.route.clone_from(route);
            let owner = offers::owner(&KeyOf::from(route));
            self.out.line(&t!("ui-linear-asks", owner = owner, model = route.model.as_str()));
        }
    }

    /// A draft that came from elsewhere than the last line.
    fn draft(&mut self, model: &Model) {
        let draft = model.pane.composer.text();
        if draft == self.draft {
            return;
        }
        self.draft = draft;
        if self.draft.is_empty() || goes_on(model) {
            return;
        }
        let typed = self.line.as_ref().is_some_and(|line| self.draft.ends_with(line.as_str()));
        let told = match &model.pane.purpose {
            _ if typed => t!("ui-linear-kept"),
            Purpose::Edit { .. } => t!("ui-linear-edit"),
            Purpose::Prompt => t!("ui-linear-draft"),
        };
        self.out.line(&told);
        if !typed {
            for line in self.draft.lines() {
                self.out.verbatim(line);
            }
        }
    }

    fn toast(&mut self, model: &Model) {
        if model.toast == self.toast {
            return;
        }
        self.toast.clone_from(&model.toast);
        if let Some(toast) = &self.toast {
            let text = plain(&toast.text);
            match toast.mood {
                Mood::Plain => self.out.line(&text),
                Mood::Bad => self.out.line(&t!("ui-linear-bad", text = text)),
            }
        }
    }
}

/// Whether a person is to type: not while an answer is read out and nothing is asked.
fn asks(model: &Model) -> bool {
    !model.overlays.is_empty() || model.live().is_none()
}

/// Signs that a picture explains, as words or stops that a voice does.
const SIGNS: &[(&str, &str)] = &[
    (" · ", ", "),
    (" → ", ", "),
    ("→ ", ""),
    ("✗ ", ""),
    ("✂ ", ""),
    ("■ ", ""),
    ("▸ ", ""),
    ("⊘ ", ""),
    ("≈ ", "about "),
    ("≈", "about "),
    ("~", "about "),
    ("⑂ ", "branches "),
    ("**", ""),
    ("\u{202f}", ""),
    ("^", "Ctrl+"),
];

/// A line of the interface as it is read out.
fn plain(text: &str) -> Safe {
    let mut plain = text.to_owned();
    for (sign, word) in SIGNS {
        if plain.contains(sign) {
            plain = plain.replace(sign, word);
        }
    }
    sanitise(&plain)
}

#[cfg(test)]
mod tests;
