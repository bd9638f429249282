//! What is on the clipboard of this machine, put into the prompt by a key: for terminals that have no key of their own
//! for it, and for images, which no terminal pastes.

use crate::t;
use crate::text::sanitise_line;

use super::complete;
use super::conversation;
use super::effect::Effect;
use super::message::FileHeld;
use super::model::{Focus, Model, Mood};
use super::pane::PaneId;

/// Why nothing came from the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotPasted {
    /// It would be that of another machine than the person's: this one is reached over SSH.
    Elsewhere,
    /// There is nothing on it, or nothing that is text or an image.
    Empty,
    /// There is no desktop here, or this build has no way to it.
    NoDesktop,
    /// It did not answer in time.
    NoAnswer,
    /// It refused, in its words.
    Failed(String),
}

/// Asks for what is on the clipboard.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    model.focus = Focus::Composer;
    complete::hold(model);
    vec![Effect::ReadClipboard(model.pane.id)]
}

/// It came: text as any paste, an image as one that was attached.
pub fn came(model: &mut Model, pane: PaneId, result: Result<FileHeld, NotPasted>) -> Vec<Effect> {
    let held = match result {
        Ok(held) => held,
        Err(why) => {
            let told = match why {
                NotPasted::Elsewhere => t!("app-paste-elsewhere"),
                NotPasted::Empty => t!("app-paste-empty"),
                NotPasted::NoDesktop => t!("app-paste-no-desktop"),
                NotPasted::NoAnswer => t!("app-paste-no-answer"),
                NotPasted::Failed(reason) => {
                    t!("app-paste-failed", reason = sanitise_line(&reason))
                }
            };
            return vec![model.notify(told, Mood::Plain)];
        }
    };
    let others = model.panes.others_mut(&model.open).map(|(pane, _)| pane);
    let Some(shown) = others.chain([&mut model.pane]).find(|other| other.id == pane) else {
        return Vec::new();
    };
    match held {
        FileHeld::Text(text) => shown.composer.paste(&text),
        FileHeld::Image(image) => {
            let at = shown.composer.at();
            shown.composer.attach_image(at..at, &image.name, &image);
        }
    }
    model.history.settle();
    model.completion = None;
    conversation::draft_changed(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;
    use crate::chat::{Media, MediaData};

    fn pasted(app: &mut App, result: Result<FileHeld, NotPasted>) {
        let pane = app.model.pane.id;
        app.send(Message::ClipboardRead { pane, result });
    }

    #[test]
    fn text_goes_to_the_cursor_and_is_folded_where_it_is_long() {
        let mut app = App::new(80, 24);
        app.type_text("ab");
        app.keys("left");
        assert_eq!(app.keys("ctrl-v"), [Effect::ReadClipboard(app.model.pane.id)]);
        pasted(&mut app, Ok(FileHeld::Text("\u{1b}x\ny".into())));
        assert_eq!(app.model.pane.composer.text(), "ax\nyb");
        let long = "word ".repeat(10_000);
        pasted(&mut app, Ok(FileHeld::Text(long.clone())));
        assert_eq!(app.model.pane.composer.text(), format!("ax\ny{long}b"));
        assert_eq!(app.model.pane.composer.written().chars().count(), 6);
    }

    #[test]
    fn an_image_is_attached() {
        let mut app = App::new(80, 24);
        app.type_text("see ");
        let image = Media {
            mime: "image/png".into(),
            name: "clipboard.png".into(),
            data: MediaData::Base64("iVBORw0KGgo=".into()),
        };
        pasted(&mut app, Ok(FileHeld::Image(Box::new(image.clone()))));
        let composer = &app.model.pane.composer;
        assert_eq!((composer.images(), composer.text().as_str()), (vec![image], "see clipboard.png"));
    }

    #[test]
    fn why_nothing_came_is_told_and_what_to_use() {
        let mut app = App::new(80, 24);
        for (why, told) in [
            (NotPasted::Elsewhere, "Over SSH"),
            (NotPasted::Empty, "nothing"),
            (NotPasted::NoDesktop, "no clipboard"),
            (NotPasted::NoAnswer, "did not answer"),
            (NotPasted::Failed("busy\u{1b}[31m".into()), "busy"),
        ] {
            pasted(&mut app, Err(why));
            let toast = app.model.toast.as_ref().unwrap().text.as_str();
            assert!(toast.contains(told), "{toast}");
        }
        assert!(app.model.pane.composer.is_empty());
    }
}
