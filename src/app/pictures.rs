//! The pictures of a branch: those that were attached, those that models answered with, and those that their texts point
//! to. One is shown at a time, on the whole screen.
//!
//! What is kept here is which one, and how far it is; pixels are the runtime's. What a text points to is fetched only
//! when a person has seen where from and pressed Enter.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use url::Url;
use uuid::Uuid;

use crate::chat::picture::{ImageFormat, Pixels, length};
use crate::chat::{Media, MediaData, Message as ChatMessage, MessageId, Part};
use crate::t;
use crate::text::{Safe, sanitise_line};

use super::command::CommandId;
use super::effect::{Effect, PictureFrom, PictureOrder, Replace};
use super::form::Form;
use super::geometry::picture_room;
use super::message::NotSaved;
use super::model::{Model, Mood};
use super::overlay::Overlay;

/// Tells orders apart, so that only the picture that was asked for last is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureId(pub Uuid);

/// The page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturesPage {
    /// All there are on the branch, root first; never none.
    pub pictures: Vec<Picture>,
    /// Which one is shown, by its place.
    pub at: usize,
    /// How far it is.
    pub state: State,
    /// The order that it was asked for with.
    pub id: PictureId,
    /// The columns and rows that were ordered.
    room: (u16, u16),
}

/// A picture of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Whose it is.
    pub message: MessageId,
    /// Which part of the message it is, or is in.
    pub part: usize,
    /// What it is called.
    pub name: Safe,
    /// Where it is.
    pub source: Source,
}

/// Where a picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The part itself holds it.
    Part,
    /// The text holds it, in base64.
    Written(Arc<str>),
    /// It would have to be fetched from here.
    Away(Url),
    /// It is said to be here, and this is nothing that could be fetched.
    Nowhere(Safe),
}

/// How far a picture is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It would be fetched from here, if the person says so.
    Asks(Url),
    /// It is on its way.
    Loading,
    /// It is there.
    Here(Facts),
    /// It cannot be shown.
    Failed(Safe),
}

/// What is known of a picture that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its size.
    pub pixels: Pixels,
    /// Its length, in bytes.
    pub bytes: usize,
    /// Its format.
    pub format: ImageFormat,
    /// How it is shown.
    pub way: Way,
}

/// How a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the kitty graphics protocol.
    Kitty,
    /// By OSC 1337.
    Iterm2,
    /// By sixels.
    Sixel,
    /// As cells of two colours each.
    HalfBlocks(Instead),
    /// Not: what is known of it is told.
    Words(Why),
}

/// What half blocks stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Nothing: they are what the terminal has, or what was asked for.
    Nothing,
    /// A protocol that what is around the app does not hand on.
    Wrapped,
    /// Sixels, which are counted in pixels, of a terminal that does not tell how many a cell has.
    Unmeasured,
}

/// Why a picture is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was asked for so, or the terminal has nothing to show it with.
    Unable,
    /// There are no colours.
    Colourless,
}

/// Why a picture did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// In words.
    Failed(Safe),
    /// It is elsewhere, where nobody said that it may be fetched from.
    Moved(Url),
}

/// Opens the page: on the picture of this part of a message, else on the last one up to where one reads.
pub fn open(model: &mut Model, on: Option<(MessageId, usize)>) -> Vec<Effect> {
    let pictures = of_branch(model);
    let branch = &model.pane.view.branch;
    let place = |id: MessageId| branch.iter().position(|other| *other == id);
    let upto = model.pane.view.current().and_then(place).unwrap_or(branch.len());
    let clicked = on.and_then(|on| pictures.iter().position(|it| (it.message, it.part) == on));
    let read = pictures.iter().rposition(|it| place(it.message).is_some_and(|at| at <= upto));
    if pictures.is_empty() {
        return vec![model.notify(t!("app-pictures-none"), Mood::Plain)];
    }
    let at = clicked.or(read).unwrap_or_default();
    let (id, room) = (PictureId(model.ids.next(model.now)), room(model));
    let page = PicturesPage { pictures, at, state: State::Loading, id, room };
    model.overlays.push(Overlay::Pictures(Box::new(page)));
    show(model)
}

/// Every picture of the branch that is read, root first.
fn of_branch(model: &Model) -> Vec<Picture> {
    let tree = &model.open.conversation.tree;
    model.pane.view.branch.iter().filter_map(|id| tree.get(*id)).flat_map(of_message).collect()
}

fn of_message(message: &ChatMessage) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for (part, said) in message.parts.iter().enumerate() {
        let picture = |name, source| Picture { message: message.id, part, name, source };
        match said {
            Part::Image(media) => {
                let source = match &media.data {
                    MediaData::Base64(_) => Source::Part,
                    MediaData::Url(url) => source_of(url),
                };
                pictures.push(picture(name_of(media), source));
            }
            Part::Text { text } => {
                pictures.extend(written_in(text).into_iter().map(|(name, target)| {
                    let source = source_of(&target);
                    let name = if name.is_empty() { told(&source) } else { name };
                    picture(name, source)
                }));
            }
            Part::Reasoning { .. }
            | Part::Refusal { .. }
            | Part::ToolCall(_)
            | Part::ToolResult(_)
            | Part::Document(_)
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::Summary(_)
            | Part::State(_) => {}
        }
    }
    pictures
}

/// What an image is called: its name, else what it is.
pub fn name_of(media: &Media) -> Safe {
    sanitise_line(if media.name.is_empty() { &media.mime } else { &media.name })
}

/// The images that a text points to: what is said of each, and where it is.
fn written_in(text: &str) -> Vec<(Safe, String)> {
    let mut found = Vec::new();
    if !text.contains("![") {
        return found;
    }
    let mut open: Option<(String, String)> = None;
    for event in Parser::new_ext(text, Options::empty()) {
        match (event, &mut open) {
            (Event::Start(Tag::Image { dest_url, .. }), None) => {
                open = Some((String::new(), dest_url.into_string()));
            }
            (Event::Text(said) | Event::Code(said), Some((name, _))) => name.push_str(&said),
            (Event::End(TagEnd::Image), Some(_)) => {
                found.extend(open.take().map(|(name, target)| (sanitise_line(&name), target)));
            }
            _ => {}
        }
    }
    found
}

fn source_of(target: &str) -> Source {
    if let Some(data) = target.strip_prefix("data:") {
        let held = data.split_once(";base64,").filter(|(mime, _)| mime.starts_with("image/"));
        return match held {
            Some((_, data)) => Source::Written(data.into()),
            None => Source::Nowhere(t!("app-picture-no-image")),
        };
    }
    match Url::parse(target) {
        Ok(url) if may_be_fetched(&url) => Source::Away(url),
        Ok(_) | Err(_) => Source::Nowhere(t!("app-picture-nowhere", target = in_short(target))),
    }
}

/// Whether a picture may be asked for there: http or https, of a host that is named as it is.
pub fn may_be_fetched(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
}

/// What a picture without a name is called.
fn told(source: &Source) -> Safe {
    match source {
        Source::Away(url) => sanitise_line(&in_short(url.as_str())),
        Source::Part | Source::Written(_) | Source::Nowhere(_) => t!("app-picture"),
    }
}

fn in_short(target: &str) -> String {
    const LONGEST: usize = 200;
    target.chars().take(LONGEST).collect()
}

/// Orders the picture that the page is on, or asks for it.
fn show(model: &mut Model) -> Vec<Effect> {
    let id = PictureId(model.ids.next(model.now));
    let room = room(model);
    let tree = &model.open.conversation.tree;
    let Some(Overlay::Pictures(page)) = model.overlays.last_mut() else { return Vec::new() };
    (page.id, page.room) = (id, room);
    let Some(picture) = page.pictures.get(page.at) else { return Vec::new() };
    let base64 = match &picture.source {
        Source::Part => match tree.get(picture.message).and_then(|message| message.parts.get(picture.part)) {
            Some(Part::Image(Media { data: MediaData::Base64(data), .. })) => Arc::from(data.as_str()),
            // The message says something else by now.
            Some(_) | None => {
                page.state = State::Failed(t!("app-picture-gone"));
                return Vec::new();
            }
        },
        Source::Written(data) => Arc::clone(data),
        Source::Away(url) => {
            page.state = State::Asks(url.clone());
            return Vec::new();
        }
        Source::Nowhere(why) => {
            page.state = State::Failed(why.clone());
            return Vec::new();
        }
    };
    page.state = State::Loading;
    vec![Effect::LoadPicture(PictureOrder { id, from: PictureFrom::Base64(base64), room })]
}

/// The cells that a picture has.
fn room(model: &Model) -> (u16, u16) {
    let room = picture_room(model);
    (room.width, room.height)
}

/// Goes to another picture.
pub fn walk(model: &mut Model, by: isize) -> Vec<Effect> {
    let Some(Overlay::Pictures(page)) = model.overlays.last_mut() else { return Vec::new() };
    let last = page.pictures.len().saturating_sub(1);
    let at = page.at.saturating_add_signed(by).min(last);
    if at == page.at {
        return Vec::new();
    }
    page.at = at;
    show(model)
}

/// A key on the page.
pub fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return Vec::new();
    }
    match key.code {
        KeyCode::Left | KeyCode::Up | KeyCode::Char('h' | 'k') => walk(model, -1),
        KeyCode::Right | KeyCode::Down | KeyCode::Char('l' | 'j' | ' ') => walk(model, 1),
        KeyCode::Home | KeyCode::Char('g') => walk(model, isize::MIN),
        KeyCode::End | KeyCode::Char('G') => walk(model, isize::MAX),
        KeyCode::Enter => fetch(model),
        KeyCode::Char('s') => ask_name(model),
        KeyCode::Char('q') => {
            model.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// The person has seen where the picture is, and wants it.
fn fetch(model: &mut Model) -> Vec<Effect> {
    let room = room(model);
    let Some(Overlay::Pictures(page)) = model.overlays.last_mut() else { return Vec::new() };
    let State::Asks(url) = &page.state else { return Vec::new() };
    let from = PictureFrom::Away(url.clone());
    (page.state, page.room) = (State::Loading, room);
    vec![Effect::LoadPicture(PictureOrder { id: page.id, from, room })]
}

/// Asks for the file that the picture is saved to.
fn ask_name(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Pictures(page)) = model.overlays.last() else { return Vec::new() };
    let (State::Here(facts), Some(picture)) = (&page.state, page.pictures.get(page.at)) else {
        return vec![model.notify(t!("app-picture-unsaved"), Mood::Plain)];
    };
    let form = Form::save_picture(page.id, &file_name(&picture.name, facts.format), None);
    model.overlays.push(Overlay::Form(form));
    Vec::new()
}

/// The name that a picture is offered to be saved by: its own where that is a plain one, with the ending of what it is.
fn file_name(name: &str, format: ImageFormat) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let plain: String = stem
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '-' })
        .take(64)
        .collect();
    let plain = plain.trim_matches(['-', '.']);
    format!("{}.{}", if plain.is_empty() { "picture" } else { plain }, format.ending())
}

/// Enter in the form: the file is written, unless there is one and nobody said that it may be replaced.
pub fn named(form: &mut Form, id: PictureId, there: Option<&str>) -> Option<Effect> {
    let path = form.line(super::field::FieldId::Path).to_owned();
    if path.is_empty() {
        form.problem = Some(t!("app-save-unnamed"));
        return None;
    }
    let replace = if there == Some(path.as_str()) { Replace::Allowed } else { Replace::Refused };
    Some(Effect::SavePicture { id, path, replace })
}

/// A picture was written to a file, or not.
pub fn saved(
    model: &mut Model,
    id: PictureId,
    path: &str,
    result: Result<(String, usize), NotSaved>,
) -> Vec<Effect> {
    match result {
        Ok((full, bytes)) => {
            vec![model.notify(t!("app-saved", path = full, size = super::copies::size(bytes)), Mood::Plain)]
        }
        Err(NotSaved::Exists) => {
            let mut form = Form::save_picture(id, path, Some(path.to_owned()));
            form.problem = Some(t!("app-save-exists", path = path));
            model.overlays.push(Overlay::Form(form));
            Vec::new()
        }
        Err(NotSaved::Failed(reason)) => {
            vec![model.notify(t!("app-not-saved", path = path, reason = reason), Mood::Bad)]
        }
    }
}

/// A picture came, or did not. One that nobody waits for any more is dropped.
pub fn came(model: &mut Model, id: PictureId, result: Result<Facts, Missing>) -> Option<Effect> {
    let page = page_mut(model).filter(|page| page.id == id)?;
    page.state = match result {
        Ok(facts) => State::Here(facts),
        Err(Missing::Failed(why)) => State::Failed(why),
        Err(Missing::Moved(url)) => State::Asks(url),
    };
    fit(model)
}

/// Where the screen has another size than a picture was ordered for, it is made to fit.
pub fn fit(model: &mut Model) -> Option<Effect> {
    let room = room(model);
    let page = page_mut(model)?;
    if page.room == room || !matches!(page.state, State::Here(_)) {
        return None;
    }
    page.room = room;
    Some(Effect::LoadPicture(PictureOrder { id: page.id, from: PictureFrom::Held, room }))
}

fn page_mut(model: &mut Model) -> Option<&mut PicturesPage> {
    let mut overlays = model.overlays.iter_mut();
    overlays.find_map(|overlay| if let Overlay::Pictures(page) = overlay { Some(&mut **page) } else { None })
}

/// What a row of the transcript, or a line, says of an image: its name, size and length.
pub fn facts(media: &Media) -> Safe {
    let mut told = name_of(media).into_string();
    if let Some(Pixels { width, height }) = media.pixels() {
        told.push_str(&format!(" · {width}×{height}"));
    }
    match &media.data {
        MediaData::Base64(data) => {
            told.push_str(" · ");
            told.push_str(&super::copies::size(length(data)));
        }
        MediaData::Url(url) => {
            let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
            if let Some(host) = host {
                told.push_str(&format!(" · {host}"));
            }
        }
    }
    sanitise_line(&told)
}

/// The key that shows pictures, where one does.
pub fn key(keymap: &super::keymap::Keymap) -> Option<String> {
    keymap.keys_of(CommandId::Pictures).into_iter().next()
}

#[cfg(test)]
mod tests;
