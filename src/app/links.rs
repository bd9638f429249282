//! Links of a message, opened by a key: each is shown with where it really leads before anything is done.
//!
//! Only addresses of the web and of mail are opened ([`target`]). What else a text calls a link may start a program
//! that takes its word for it, so it is told what it is, and left to the person.

use std::sync::Arc;

use crate::chat::MessageId;
use crate::t;
use crate::text::address::target;
use crate::text::{Safe, sanitise, sanitise_line};

use super::copies;
use super::effect::Effect;
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::picker::{Choice, Entry, List, ListKind};
use super::transcript;

/// Why nothing opened a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// A browser would open on another machine than the person's: this one is reached over SSH.
    Elsewhere,
    /// There is no desktop to open it on.
    NoDesktop,
    /// The program that opens links failed, in the system's words or its own.
    Failed(String),
}

/// Lists the links of the message that commands are about.
pub fn list(model: &mut Model) -> Vec<Effect> {
    let links = copies::said(model).map(|id| of_message(model, id)).unwrap_or_default();
    if links.is_empty() {
        return vec![model.notify(t!("app-no-links"), Mood::Plain)];
    }
    let entries = links.iter().map(|link| entry(link)).collect();
    model.overlays.push(Overlay::List(List::new(ListKind::Links, entries)));
    Vec::new()
}

/// The links of a message as it is shown, each once, in their order.
fn of_message(model: &mut Model, id: MessageId) -> Vec<Arc<str>> {
    let mut links: Vec<Arc<str>> = Vec::new();
    let Some(block) = transcript::lay_out(model, id) else { return links };
    let rows = (0..block.rows()).filter_map(|row| block.row(row));
    for link in rows.flat_map(|row| row.pieces).filter_map(|piece| piece.link) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

/// A link, what it is, and where it leads: an address that looks like another is told as it really is.
pub(super) fn entry(link: &str) -> Entry {
    let (kind, name) = match target(link) {
        Some(address) if address.starts_with("mailto:") => (t!("app-link-mail"), address),
        Some(address) => (t!("app-link-web"), address),
        None => (t!("app-link-other"), link.to_owned()),
    };
    Entry { owner: kind, ..Entry::new(Choice::Open(link.to_owned()), sanitise_line(&name)) }
}

/// Opens a link, where it is one that is opened.
pub fn open(model: &mut Model, link: &str) -> Vec<Effect> {
    match target(link) {
        Some(address) => vec![Effect::OpenLink(address)],
        None => {
            let told = t!("app-link-refused", link = sanitise_line(link));
            vec![model.notify(told, Mood::Bad)]
        }
    }
}

/// A link was opened, or not: then it is copied, so that it can be opened where the person is.
pub fn opened(model: &mut Model, address: &str, result: Result<(), NotOpened>) -> Vec<Effect> {
    let why = match result {
        Ok(()) => return vec![model.notify(t!("app-link-opened", link = address), Mood::Plain)],
        Err(NotOpened::Elsewhere) => t!("app-link-elsewhere"),
        Err(NotOpened::NoDesktop) => t!("app-link-no-desktop"),
        Err(NotOpened::Failed(reason)) => t!("app-link-failed", reason = sanitise_line(&reason)),
    };
    model.copying = Some(why);
    vec![Effect::Copy { text: sanitise(address) }]
}

/// What is told of a copy that was made instead of something else, or as it is.
pub(super) fn instead(model: &mut Model, told: Safe) -> Safe {
    match model.copying.take() {
        Some(why) => t!("app-copied-instead", why = why.as_str(), copied = told.as_str()),
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::{Copied, CopyPath};
    use crate::app::testing::App;
    use crate::app::{Message, ThroughTerminal};

    const ANSWER: &str = "See [my bank](https://bücher.example/a), https://example.org/x. [it](https://bücher.example/a), \
        [mail](mailto:ana@example.org), [run](vscode://open?file=x) and [who](https://bank.example@evil.example/).";

    fn app() -> App {
        let mut app = App::new(100, 24);
        app.turn("one", ANSWER);
        app.keys("alt-t O");
        app
    }

    #[test]
    fn each_link_is_listed_once_with_where_it_really_leads() {
        let app = app();
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let rows: Vec<[&str; 2]> =
            list.entries.iter().map(|entry| [entry.owner.as_str(), entry.name.as_str()]).collect();
        assert_eq!(
            rows,
            [
                ["web", "https://xn--bcher-kva.example/a"],
                ["web", "https://example.org/x"],
                ["mail", "mailto:ana@example.org"],
                ["not opened", "vscode://open?file=x"],
                ["not opened", "https://bank.example@evil.example/"],
            ]
        );
    }

    #[test]
    fn only_enter_opens_one_and_what_is_no_address_is_refused() {
        let mut app = app();
        app.keys("down");
        assert_eq!(app.keys("enter"), [Effect::OpenLink("https://example.org/x".into())]);
        app.keys("O");
        app.type_text("vscode");
        assert!(!app.keys("enter").iter().any(|effect| matches!(effect, Effect::OpenLink(_))));
        let toast = app.model.toast.as_ref().unwrap().text.as_str();
        assert!(toast.contains("vscode://open?file=x"), "{toast}");
    }

    #[test]
    fn where_nothing_opens_links_the_link_is_copied_and_both_are_told() {
        let mut app = app();
        app.keys("enter");
        let address = "https://example.org/x".to_owned();
        let result = Err(NotOpened::Elsewhere);
        let effects = app.send(Message::LinkOpened { address: address.clone(), result });
        assert_eq!(effects, [Effect::Copy { text: sanitise(&address) }]);
        let copied =
            Copied { path: CopyPath::Terminal(ThroughTerminal::Osc52), bytes: address.len(), file: None };
        app.send(Message::Copied(copied.clone()));
        let first = app.model.toast.clone().unwrap().text;
        assert!(first.contains("SSH") && first.contains("OSC 52"), "{first}");
        app.send(Message::Copied(copied));
        assert!(!app.model.toast.as_ref().unwrap().text.contains("SSH"));
    }

    #[test]
    fn a_message_without_links_says_so() {
        let mut app = App::new(80, 24);
        app.turn("one", "none");
        app.keys("alt-t O");
        assert!(app.model.overlays.is_empty());
        assert!(app.model.toast.as_ref().unwrap().text.contains("No link"));
    }
}
