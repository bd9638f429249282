//! Long pastes, files and images, each standing in the text as one character.
//!
//! The character is a control character, of which a prompt holds none: it joins no grapheme, is moved over, deleted
//! and undone as one, and can be taken for nothing that was typed. What it stands for is kept beside the text.

use std::sync::Arc;

use crate::app::block::grouped;
use crate::app::copies;
use crate::chat::fence::fenced;
use crate::chat::picture::{self, Pixels};
use crate::chat::{Media, MediaData};
use crate::t;
use crate::text::Safe;
use crate::text::hidden::{Hidden, without_hidden};

/// The characters that stand for something: C1 controls none of which is a blank.
const FIRST: char = '\u{86}';
const LAST: char = '\u{9f}';

/// A paste of more bytes or lines than this is folded: more than a screen shows of a prompt.
pub const LONG_PASTE: usize = 4000;
const MANY_LINES: usize = 20;

/// What drafts and the history of prompts are kept with: around what was folded, after a file's name, and after the
/// type of an image, which follows its name.
const BEGIN: char = '\u{2}';
const NAME_END: char = '\u{1f}';
const NAME_END_TEXT: &str = "\u{1f}";
const END: char = '\u{3}';

/// Something that is folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    what: What,
    text: Arc<str>,
    label: Safe,
    hidden: Hidden,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Paste,
    /// A file, by the name it was chosen by.
    File(String),
    /// An image, by the name it was chosen by; its text is base64.
    Image {
        name: String,
        mime: String,
    },
}

/// All that the characters of a text stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folds {
    folds: Vec<Fold>,
}

/// Whether a paste is shown folded.
pub(super) fn is_long(text: &str) -> bool {
    text.len() > LONG_PASTE || memchr::memchr_iter(b'\n', text.as_bytes()).nth(MANY_LINES).is_some()
}

/// Whether a character stands for something.
pub(super) fn is_fold(c: char) -> bool {
    (FIRST..=LAST).contains(&c)
}

impl Fold {
    pub(super) fn paste(text: &str) -> Self {
        let count = lines(text);
        let label = t!("app-fold-paste", size = size(text.len()), count = count, lines = grouped(count));
        Self { what: What::Paste, text: text.into(), label, hidden: Hidden::of(text) }
    }

    pub(super) fn file(name: &str, text: &str) -> Self {
        let count = lines(text);
        let label =
            t!("app-fold-file", name = name, size = size(text.len()), count = count, lines = grouped(count));
        Self { what: What::File(name.to_owned()), text: text.into(), label, hidden: Hidden::of(text) }
    }

    pub(super) fn image(name: &str, mime: &str, base64: &str) -> Self {
        let size = copies::size(picture::length(base64));
        let what = What::Image { name: name.to_owned(), mime: mime.to_owned() };
        let fold = Self { what, text: base64.into(), label: Safe::default(), hidden: Hidden::default() };
        let label = match fold.media().and_then(|media| media.pixels()) {
            Some(Pixels { width, height }) => {
                t!("app-fold-image", name = name, size = size, width = width, height = height)
            }
            None => t!("app-fold-image-unread", name = name, size = size),
        };
        Self { label, ..fold }
    }

    /// The image that it is.
    pub(super) fn media(&self) -> Option<Media> {
        let What::Image { name, mime } = &self.what else { return None };
        let data = MediaData::Base64(self.text.to_string());
        Some(Media { mime: mime.clone(), name: file_name(name).to_owned(), data })
    }

    pub(super) fn label(&self) -> &Safe {
        &self.label
    }

    /// What it opens to.
    pub(super) fn opened(&self) -> String {
        match &self.what {
            What::Paste => self.text.to_string(),
            What::File(name) => fenced(name, &self.text),
            What::Image { name, .. } => name.clone(),
        }
    }

    /// The same without characters that nobody sees.
    pub(super) fn without_hidden(&self) -> Self {
        let text = without_hidden(&self.text);
        match &self.what {
            What::Paste => Self::paste(&text),
            What::File(name) => Self::file(name, &text),
            What::Image { .. } => self.clone(),
        }
    }
}

/// The last part of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

impl Folds {
    /// A character that stands for this; `None` where all are taken.
    pub(super) fn add(&mut self, fold: Fold) -> Option<char> {
        let next = u32::from(FIRST) + u32::try_from(self.folds.len()).ok()?;
        let c = char::from_u32(next).filter(|c| is_fold(*c))?;
        self.folds.push(fold);
        Some(c)
    }

    /// What a character stands for.
    pub(super) fn get(&self, c: char) -> Option<&Fold> {
        let at = u32::from(c).checked_sub(u32::from(FIRST))?;
        self.folds.get(usize::try_from(at).ok()?)
    }

    /// The text as it is sent: pastes where they stand; of a file or an image its name where it stands, and what a file
    /// holds after the text, as `--file` puts it there.
    pub(super) fn spell_out(&self, text: &str) -> String {
        if self.folds.is_empty() {
            return text.to_owned();
        }
        let (mut said, mut files) = (String::with_capacity(text.len()), Vec::new());
        for c in text.chars() {
            match self.get(c) {
                None => said.push(c),
                Some(Fold { what: What::Paste, text, .. }) => said.push_str(text),
                Some(fold @ Fold { what: What::File(name), .. }) => {
                    said.push_str(name);
                    files.push(fold.opened());
                }
                Some(Fold { what: What::Image { name, .. }, .. }) => said.push_str(name),
            }
        }
        for file in files {
            said.push_str("\n\n");
            said.push_str(&file);
        }
        said
    }

    /// The images that stand in a text, in their order.
    pub(super) fn images(&self, text: &str) -> Vec<Media> {
        text.chars().filter_map(|c| self.get(c)?.media()).collect()
    }

    /// The text without images: each stands there as it was asked for. What is called back much later needs no
    /// megabytes of them.
    pub(super) fn without_images(&self, text: &str) -> String {
        let mut without = String::with_capacity(text.len());
        for c in text.chars() {
            match self.get(c) {
                Some(Fold { what: What::Image { name, .. }, .. }) => without.push_str(&mention(name)),
                Some(_) | None => without.push(c),
            }
        }
        without
    }

    /// The text as it is kept: what is folded stays so.
    pub(super) fn keep(&self, text: &str) -> String {
        if self.folds.is_empty() {
            return text.to_owned();
        }
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            let Some(fold) = self.get(c) else {
                kept.push(c);
                continue;
            };
            kept.push(BEGIN);
            match &fold.what {
                What::Paste => {}
                What::File(name) => kept.extend([name, NAME_END_TEXT]),
                What::Image { name, mime } => kept.extend([name, NAME_END_TEXT, mime, NAME_END_TEXT]),
            }
            kept.push_str(&fold.text);
            kept.push(END);
        }
        kept
    }

    /// What was kept, folded again.
    pub(super) fn restore(&mut self, kept: &str) -> String {
        let mut text = String::new();
        let mut rest = kept;
        while let Some((before, after)) = rest.split_once(BEGIN) {
            text.push_str(before);
            let (held, after) = after.split_once(END).unwrap_or((after, ""));
            let fold = match held.split_once(NAME_END) {
                Some((name, held)) => match held.split_once(NAME_END) {
                    Some((mime, base64)) => Fold::image(name, mime, base64),
                    None => Fold::file(name, held),
                },
                None => Fold::paste(held),
            };
            match self.add(fold) {
                Some(c) => text.push(c),
                None => text.push_str(held),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// What nobody sees in a text, and in what it stands for.
    pub(super) fn hidden(&self, text: &str) -> Hidden {
        let folded = text.chars().filter_map(|c| self.get(c)).map(|fold| fold.hidden);
        folded.fold(Hidden::of(text), std::ops::Add::add)
    }
}

/// A file as it stands in the prompt until it is read.
pub fn mention(path: &str) -> String {
    if path.contains(char::is_whitespace) { format!("@\"{path}\"") } else { format!("@{path}") }
}

/// A text that was kept, with a label for what is folded in it.
pub fn in_short(kept: &str) -> String {
    let mut folds = Folds::default();
    let text = folds.restore(kept);
    let mut short = String::with_capacity(text.len());
    for c in text.chars() {
        match folds.get(c) {
            Some(fold) => short.push_str(&fold.label),
            None => short.push(c),
        }
    }
    short
}

/// How much text there is, in units of a thousand.
fn size(bytes: usize) -> String {
    match bytes {
        ..1000 => format!("{bytes} B"),
        1000..1_000_000 => format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

fn lines(text: &str) -> u64 {
    let ended = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let lines = ended + usize::from(!text.is_empty() && !text.ends_with('\n'));
    u64::try_from(lines).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_is_sent_whole_and_kept_folded() {
        let mut folds = Folds::default();
        let paste = folds.add(Fold::paste(&"a line\n".repeat(20_311))).unwrap();
        let file = folds.add(Fold::file("src/main.rs", "fn main() {}\n")).unwrap();
        assert_eq!(folds.get(paste).unwrap().label(), &"[paste: 142.1 kB, 20\u{202f}311 lines]");
        assert_eq!(folds.get(file).unwrap().label(), &"[src/main.rs: 13 B, 1 line]");
        let text = format!("explain {file} with {paste}please");
        let sent = format!(
            "explain src/main.rs with {}please\n\n```src/main.rs\nfn main() {{}}\n```",
            "a line\n".repeat(20_311)
        );
        assert_eq!(folds.spell_out(&text), sent);
        let mut again = Folds::default();
        assert_eq!(again.restore(&folds.keep(&text)), format!("explain {FIRST} with \u{87}please"));
        assert_eq!(
            in_short(&folds.keep(&text)),
            "explain [src/main.rs: 13 B, 1 line] with [paste: 142.1 kB, 20\u{202f}311 lines]please"
        );
    }

    #[test]
    fn an_image_is_kept_whole_and_called_back_by_its_name() {
        let mut folds = Folds::default();
        let dot = folds.add(Fold::image("my pics/dot.png", "image/png", "iVBORw0KGgo=")).unwrap();
        assert_eq!(folds.get(dot).unwrap().label(), &"[my pics/dot.png: 8 B]");
        let text = format!("what is {dot}?");
        assert_eq!(folds.spell_out(&text), "what is my pics/dot.png?");
        assert_eq!(folds.without_images(&text), "what is @\"my pics/dot.png\"?");
        let data = MediaData::Base64("iVBORw0KGgo=".into());
        let image = Media { mime: "image/png".into(), name: "dot.png".into(), data };
        assert_eq!(folds.images(&text), std::slice::from_ref(&image));
        let mut again = Folds::default();
        let restored = again.restore(&folds.keep(&text));
        assert_eq!((restored.as_str(), again.images(&restored)), (text.as_str(), vec![image]));
    }

    #[test]
    fn more_than_can_be_folded_stands_in_the_text() {
        let mut folds = Folds::default();
        let kept = format!("{BEGIN}x{END}").repeat(40);
        let text = folds.restore(&kept);
        assert_eq!(folds.spell_out(&text), "x".repeat(40));
        assert!(folds.add(Fold::paste("y")).is_none());
    }
}
