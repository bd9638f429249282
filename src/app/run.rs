//! What each command does: one exhaustive match, for keys, palette and slash alike.

use std::time::Duration;

use crate::chat::tree::Neighbour;
use crate::chat::{ConversationId, Reach};
use crate::config::Following;
use crate::router::Nudge;
use crate::storage::choices::{Follow, Rail};
use crate::t;

use super::command::{CommandId, Section};
use super::effect::Effect;
use super::fanout::Mark;
use super::find::{Find, Left};
use super::fork::Where;
use super::form::Form;
use super::geometry::{NARROW, places, screen};
use super::model::{Focus, Habit, KeyOf, Model, Mood};
use super::overlay::{Confirm, Overlay};
use super::pane::{EditWay, Purpose};
use super::panes::{self, Direction};
use super::picker::{Among, ListKind};
use super::split::Way;
use super::stops::{self, Stop};
use super::transcript::{self, Scroll};
use super::{
    acts, bring, compare, complete, conversation, copies, fanout, find, fit, fold, fork, ghost, health, help,
    insert, jumps, key, lanes, lens, links, lists, look, marks, mouse, nearby, offers, outward, pictures,
    preset, print, prompts, quote, raw, recall, resume, select, shelf, temporary, tree, turn, usage, walk,
};

/// A second Ctrl+C within this quits.
const QUIT_WINDOW: Duration = Duration::from_millis(1500);

/// Does a command.
pub fn run(model: &mut Model, command: CommandId) -> Vec<Effect> {
    // From the composer, the end of the branch is meant; where the view happens to be is not pointed at.
    let current = walk::current(model);
    let page = usize::from(screen(model).transcript.height).saturating_sub(2).max(1);
    match command {
        CommandId::Send => return send(model),
        CommandId::Newline => {
            model.pane.composer.newline();
            return conversation::draft_changed(model);
        }
        CommandId::ToggleFocus => {
            model.focus = match model.focus {
                Focus::Composer if !model.open.conversation.tree.is_empty() => Focus::Transcript,
                Focus::Composer | Focus::Transcript => Focus::Composer,
            };
        }
        CommandId::Leave => leave(model),
        CommandId::Interrupt => return interrupt(model),
        CommandId::Stop => return turn::stop(model),
        CommandId::MoveOn => return turn::nudge(model, Nudge::MoveOn),
        CommandId::AskNow => return turn::nudge(model, Nudge::AskNow),
        CommandId::Palette => lists::open_list(model, ListKind::Palette),
        CommandId::Help => toggle_help(model),
        CommandId::PickModel => return lists::open_models(model, None),
        CommandId::PickEndpoint => return lists::open_endpoints(model),
        CommandId::PickConversation => return shelf::open(model),
        CommandId::SortConversations => return shelf::reorder(model),
        CommandId::Search => lists::open_list(model, ListKind::Search(model.search)),
        CommandId::Switch => return lists::switch(model),
        CommandId::SortModels => return lists::sort_models(model),
        CommandId::New => return conversation::new_conversation(model),
        CommandId::Key => return key::ask_key(model, &KeyOf::from(&model.pane.route.clone())),
        CommandId::RemoveKey => {
            let of = KeyOf::from(&model.pane.route);
            if model.is_stored(&of) {
                return vec![Effect::RemoveKey { endpoint: of.endpoint, key: of.key }];
            }
            return vec![model.notify(t!("app-no-stored-key", owner = offers::owner(&of)), Mood::Plain)];
        }
        CommandId::Usage => return usage::open(model),
        CommandId::UsageBranches => return usage::open_branches(model),
        CommandId::UsagePanel => return usage::side::toggle(model),
        CommandId::UsageOpen
        | CommandId::UsageBack
        | CommandId::UsageRange
        | CommandId::UsageRangeBack
        | CommandId::UsageDates
        | CommandId::UsageGroup
        | CommandId::UsageGroupBack
        | CommandId::UsageSort
        | CommandId::UsageFilter
        | CommandId::UsageView
        | CommandId::UsageEvents
        | CommandId::UsageWins => {
            // Away from the page, what is asked of it opens it.
            let mut effects = usage::open(model);
            effects.extend(usage::command(model, command).unwrap_or_default());
            return effects;
        }
        CommandId::Settings => {
            let form = Form::settings(&model.open.conversation.settings);
            model.overlays.push(Overlay::Form(form));
        }
        CommandId::Rename => shelf::ask_title(model, model.open.conversation.id),
        CommandId::Pin => return of_stored(model, shelf::pin),
        CommandId::Archive => return of_stored(model, shelf::archive),
        CommandId::Tags => {
            return of_stored(model, |model, id| {
                shelf::ask_tags(model, id);
                Vec::new()
            });
        }
        // Only a list of conversations shows it.
        CommandId::ShowArchive => {}
        CommandId::Trash => return shelf::open_trash(model),
        CommandId::EmptyTrash => {
            ask_to_empty(model);
            return vec![Effect::ListTrash];
        }
        CommandId::Temporary => return temporary::begin(model),
        CommandId::Keep => return temporary::keep(model),
        CommandId::PickPreset => preset::open(model),
        CommandId::SavePreset => preset::ask(model),
        CommandId::Find => return find::begin(model),
        CommandId::FindNext => return find::step(model, 1),
        CommandId::FindPrevious => return find::step(model, -1),
        CommandId::DeleteConversation => {
            if model.live().is_some() {
                return vec![model.notify(t!("app-busy"), Mood::Plain)];
            }
            if model.open.stored().is_some() {
                let confirm = Confirm::Conversation(model.open.conversation.id);
                model.overlays.push(Overlay::Confirm(confirm));
            }
        }
        CommandId::Undo => {
            if model.live().is_some() {
                return vec![model.notify(t!("app-busy"), Mood::Plain)];
            }
            return match model.undo.pop() {
                Some(trash) => vec![Effect::Restore(trash)],
                None => vec![model.notify(t!("app-nothing-to-undo"), Mood::Plain)],
            };
        }
        CommandId::Regenerate => return current.map_or_else(Vec::new, |id| turn::regenerate(model, id)),
        CommandId::Continue => return current.map_or_else(Vec::new, |id| turn::continue_answer(model, id)),
        CommandId::Edit => {
            if let Some(id) = current {
                turn::edit(model, id);
            }
        }
        CommandId::Delete => {
            return current.map_or_else(Vec::new, |id| conversation::ask_delete(model, id));
        }
        CommandId::PreviousSibling => return walk::sibling(model, Neighbour::Previous),
        CommandId::NextSibling => return walk::sibling(model, Neighbour::Next),
        CommandId::Copy => {
            let message = copies::said(model);
            return copies::message(model, message);
        }
        CommandId::Revise => return current.map_or_else(Vec::new, |id| acts::revise(model, id)),
        CommandId::Revisions => return current.map_or_else(Vec::new, |id| acts::ask_revisions(model, id)),
        CommandId::Fork => return current.map_or_else(Vec::new, |id| fork::ask(model, id, Where::Here)),
        CommandId::ForkBeside => {
            return current.map_or_else(Vec::new, |id| fork::ask(model, id, Where::Beside));
        }
        CommandId::Duplicate => {
            return current.map_or_else(Vec::new, |id| fork::fork(model, id, Reach::Whole, Where::Here));
        }
        CommandId::Exclude => return current.map_or_else(Vec::new, |id| acts::exclude(model, id)),
        CommandId::PutFirst => return current.map_or_else(Vec::new, |id| acts::put_first(model, id)),
        CommandId::OrderSiblings => {
            return current.map_or_else(Vec::new, |id| acts::order_siblings(model, id));
        }
        CommandId::Pick => return current.map_or_else(Vec::new, |id| quote::pick(model, id)),
        CommandId::Quote => return quote::quote(model, current),
        CommandId::Bring => return bring::ask(model),
        CommandId::Compare => return current.map_or_else(Vec::new, |id| compare::open(model, id)),
        CommandId::Context => return lens::open(model),
        CommandId::Fit => return fit::ask(model, current),
        CommandId::CopyCode => return copies::code(model),
        CommandId::OpenLink => return links::list(model),
        CommandId::CopyMenu => return copies::menu(model),
        CommandId::SaveCode => return outward::save(model),
        CommandId::SaveBranch => return outward::save_branch(model),
        CommandId::Pipe => return outward::pipe(model, current),
        CommandId::Select => return select::begin(model, select::Reach::Caret),
        CommandId::SelectLines => return select::begin(model, select::Reach::Lines),
        CommandId::Fold => {
            if let Some(id) = current {
                return fold::toggle(model, id);
            }
        }
        CommandId::Print => return print::print(model),
        CommandId::Pictures => return pictures::open(model, None),
        CommandId::Follow => return follow(model),
        CommandId::NextHeading => return stops::go(model, Stop::Heading, Neighbour::Next),
        CommandId::PreviousHeading => return stops::go(model, Stop::Heading, Neighbour::Previous),
        CommandId::NextCode => return stops::go(model, Stop::Code, Neighbour::Next),
        CommandId::PreviousCode => return stops::go(model, Stop::Code, Neighbour::Previous),
        CommandId::Raw => {
            if let Some(id) = current {
                raw::toggle(model, id);
            }
        }
        CommandId::RawAll => return raw::toggle_all(model),
        CommandId::LineDown => transcript::scroll(model, Scroll::Down(1)),
        CommandId::LineUp => transcript::scroll(model, Scroll::Up(1)),
        CommandId::HalfDown => transcript::scroll(model, Scroll::Down(page.div_ceil(2))),
        CommandId::HalfUp => transcript::scroll(model, Scroll::Up(page.div_ceil(2))),
        CommandId::PageDown => transcript::scroll(model, Scroll::Down(page)),
        CommandId::PageUp => transcript::scroll(model, Scroll::Up(page)),
        CommandId::Top => {
            jumps::record(model);
            transcript::scroll(model, Scroll::Top);
        }
        CommandId::Bottom => {
            jumps::record(model);
            transcript::scroll(model, Scroll::Bottom);
        }
        CommandId::MessageDown => transcript::step(model, 1),
        CommandId::MessageUp => transcript::step(model, -1),
        CommandId::History => lists::open_list(model, ListKind::History),
        CommandId::SearchHistory => return recall::older(model),
        CommandId::Paste => return insert::ask(model),
        CommandId::OpenPaste => {
            if !model.pane.composer.unfold() {
                return vec![model.notify(t!("app-nothing-folded"), Mood::Plain)];
            }
            model.focus = Focus::Composer;
            return conversation::draft_changed(model);
        }
        CommandId::StripHidden => return strip_hidden(model),
        CommandId::Vi => return toggle_vi(model),
        CommandId::Editor => return vec![Effect::OpenEditor(model.pane.composer.text())],
        CommandId::Refresh => return refresh(model),
        CommandId::Star => {
            let route = model.pane.route.clone();
            return lists::star(model, &route);
        }
        CommandId::SplitRight => return panes::split(model, Way::Beside),
        CommandId::SplitDown => return panes::split(model, Way::Stacked),
        CommandId::OpenBeside => return current.map_or_else(Vec::new, |id| panes::open_beside(model, id)),
        CommandId::Tree => tree::toggle(model),
        CommandId::TreeOpen
        | CommandId::TreeFilter
        | CommandId::TreeShow
        | CommandId::TreeModel
        | CommandId::TreeRuns => {
            // Away from the page, what is asked of it opens it.
            tree::toggle(model);
            return tree::command(model, command).unwrap_or_default();
        }
        CommandId::Mark => {
            if let Some(id) = current {
                return tree::mark(model, id);
            }
        }
        CommandId::StarMessage => return current.map_or_else(Vec::new, |id| marks::star(model, id)),
        CommandId::Label => {
            if let Some(id) = current {
                marks::ask_label(model, id);
            }
        }
        CommandId::Rail => return rail(model),
        CommandId::PreviousLeaf => return walk::leaf(model, Neighbour::Previous),
        CommandId::NextLeaf => return walk::leaf(model, Neighbour::Next),
        CommandId::PreviousParting => return walk::parting(model, Neighbour::Previous),
        CommandId::NextParting => return walk::parting(model, Neighbour::Next),
        CommandId::Siblings => return nearby::open(model, Among::Siblings),
        CommandId::Branches => return nearby::open(model, Among::Branches),
        CommandId::Back => return jumps::travel(model, jumps::Way::Back),
        CommandId::Forward => return jumps::travel(model, jumps::Way::Forward),
        CommandId::ClosePane => return panes::close(model),
        CommandId::ZoomPane => return panes::zoom(model),
        CommandId::NextPane => return panes::cycle(model, 1),
        CommandId::PreviousPane => return panes::cycle(model, -1),
        CommandId::FirstPane => return panes::focus_number(model, 1),
        CommandId::SecondPane => return panes::focus_number(model, 2),
        CommandId::ThirdPane => return panes::focus_number(model, 3),
        CommandId::FourthPane => return panes::focus_number(model, 4),
        CommandId::PaneLeft => return panes::focus_toward(model, Direction::Left),
        CommandId::PaneRight => return panes::focus_toward(model, Direction::Right),
        CommandId::PaneUp => return panes::focus_toward(model, Direction::Up),
        CommandId::PaneDown => return panes::focus_toward(model, Direction::Down),
        CommandId::SwapPane => return panes::swap(model),
        CommandId::WidenPane => return panes::resize(model, Way::Beside, panes::STEP),
        CommandId::NarrowPane => return panes::resize(model, Way::Beside, -panes::STEP),
        CommandId::HeightenPane => return panes::resize(model, Way::Stacked, panes::STEP),
        CommandId::LowerPane => return panes::resize(model, Way::Stacked, -panes::STEP),
        CommandId::EvenPanes => model.panes.layout.even(),
        CommandId::LinkPanes => return panes::link(model),
        CommandId::FanOut => return fanout::open(model),
        CommandId::Lanes => return lanes::toggle(model),
        CommandId::NextLane => return lanes::walk(model, 1),
        CommandId::PreviousLane => return lanes::walk(model, -1),
        CommandId::ZoomLane => return lanes::zoom(model),
        CommandId::Promote => return lanes::promote(model),
        CommandId::StopAll => return lanes::stop_all(model),
        CommandId::GhostRun => return ghost::pick(model),
        CommandId::MoreSamples => return fanout::mark(model, Mark::More),
        CommandId::FewerSamples => return fanout::mark(model, Mark::Fewer),
        CommandId::Blind => fanout::toggle_blind(model),
        CommandId::NameSet => return fanout::name_set(model),
        CommandId::Resume => return resume::open(model),
        CommandId::Theme => return look::open(model),
        CommandId::Mouse => return mouse::toggle(model),
        CommandId::Reload => return vec![Effect::ReadConfig],
        CommandId::Problems => lists::open_list(model, ListKind::Problems),
        CommandId::Redraw => return vec![Effect::Redraw],
        CommandId::Linear => return switch_view(model),
        CommandId::Suspend => return vec![Effect::Suspend],
        CommandId::Quit => return quit(model),
    }
    Vec::new()
}

/// From the screen to lines, and back, unless the terminal knows of lines alone.
fn switch_view(model: &mut Model) -> Vec<Effect> {
    if model.config.env.get("TERM") == Some("dumb") {
        return vec![model.notify(t!("app-view-dumb"), Mood::Plain)];
    }
    vec![model.notify(t!("app-view-switched"), Mood::Plain), Effect::SwitchView]
}

/// Takes out of the prompt what nobody sees.
fn strip_hidden(model: &mut Model) -> Vec<Effect> {
    let count = model.pane.composer.unseen().hidden.count();
    model.pane.composer.strip();
    let told = if count == 0 { t!("app-nothing-hidden") } else { t!("app-stripped", count = count) };
    let mut effects = vec![model.notify(told, Mood::Plain)];
    effects.extend(conversation::draft_changed(model));
    effects
}

/// From readline's keys to vi's, and back.
fn toggle_vi(model: &mut Model) -> Vec<Effect> {
    let (habit, told) = match model.habit {
        Habit::Readline => (Habit::Vi, t!("app-vi-on")),
        Habit::Vi => (Habit::Readline, t!("app-vi-off")),
    };
    model.habit = habit;
    model.pane.composer.write();
    model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.composer.write());
    vec![model.notify(told, Mood::Plain)]
}

/// Enter in the composer: behind a backslash a new line, a command where the text is one, else a turn.
fn send(model: &mut Model) -> Vec<Effect> {
    if model.pane.composer.newline_for_backslash() {
        return conversation::draft_changed(model);
    }
    let text = model.pane.composer.text();
    // What is changed in place is taken as it is written.
    if matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. }) {
        return acts::revised_by_hand(model);
    }
    if complete::is_reading(model) {
        return vec![model.notify(t!("app-file-reading"), Mood::Plain)];
    }
    match slash(model, &text) {
        Slash::No => turn::send(model),
        Slash::Prompt(name, words) => prompts::begin(model, name, words),
        Slash::Wordy(name) => vec![model.notify(t!("app-command-wordy", name = name), Mood::Bad)],
        Slash::Command(command) => {
            model.pane.composer.take();
            let mut effects = conversation::draft_changed(model);
            effects.extend(run(model, command));
            effects
        }
        Slash::Unknown(name) => {
            let meant = super::command::closest(name).unwrap_or("help");
            vec![model.notify(t!("app-no-command", name = name, meant = meant), Mood::Bad)]
        }
    }
}

/// What text that begins with `/` is.
enum Slash<'a> {
    /// Text: it begins otherwise, with `//`, or with a path.
    No,
    Command(CommandId),
    /// A command, and words that it does not take.
    Wordy(&'a str),
    /// A saved prompt, and the words after it.
    Prompt(&'a str, &'a str),
    /// A word that names nothing: it is not sent, because it was meant as a command.
    Unknown(&'a str),
}

fn slash<'a>(model: &Model, text: &'a str) -> Slash<'a> {
    let Some(rest) = text.trim_end().strip_prefix('/') else { return Slash::No };
    let (name, words) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let is_name =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    match super::command::by_name(name) {
        _ if !is_name => Slash::No,
        Some(command) if words.trim().is_empty() => Slash::Command(command),
        Some(_) => Slash::Wordy(name),
        None if prompts::by_name(model, name).is_some() => Slash::Prompt(name, words.trim()),
        None => Slash::Unknown(name),
    }
}

/// Does something with the conversation of the pane, where it is stored.
fn of_stored(model: &mut Model, work: impl FnOnce(&mut Model, ConversationId) -> Vec<Effect>) -> Vec<Effect> {
    match model.open.stored() {
        Some(id) => work(model, id),
        None => vec![model.notify(t!("app-not-stored"), Mood::Plain)],
    }
}

/// Asks whether the trash is to be emptied.
pub fn ask_to_empty(model: &mut Model) {
    model.overlays.push(Overlay::Confirm(Confirm::EmptyTrash));
}

/// Esc: the top overlay, then what is looked for, an edit, the lanes, the transcript. It stops nothing and destroys nothing.
fn leave(model: &mut Model) {
    let left = model.overlays.pop().is_some() || recall::leave(model) || find::leave(model) == Left::Find;
    if left || select::leave(model) {
        return;
    }
    match model.focus {
        Focus::Composer if model.pane.purpose != Purpose::Prompt => turn::abandon_edit(model),
        Focus::Transcript | Focus::Composer if model.pane.lanes.is_some() => lanes::close(model),
        Focus::Transcript => model.focus = Focus::Composer,
        Focus::Composer => {}
    }
}

/// Ctrl+C: the stream, then the draft, then (twice) the app.
fn interrupt(model: &mut Model) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        model.overlays.pop();
        return Vec::new();
    }
    if recall::leave(model) {
        return Vec::new();
    }
    if model.pane.find.as_ref().is_some_and(Find::is_typed) {
        find::leave(model);
        return Vec::new();
    }
    let stopping = model.live().is_some_and(|(_, live)| live.phase == super::model::Phase::Stopping);
    if model.live().is_some() && !stopping {
        return turn::stop(model);
    }
    if !model.pane.composer.is_empty() || model.pane.purpose != Purpose::Prompt {
        model.history.add(&model.pane.composer.remembered());
        model.pane.composer.take();
        if let Purpose::Edit { draft, .. } = std::mem::replace(&mut model.pane.purpose, Purpose::Prompt) {
            model.pane.composer.restore(&draft);
        }
        return conversation::draft_changed(model);
    }
    if model.quit_armed.is_some_and(|until| model.now <= until) {
        return quit(model);
    }
    let until = model.now + QUIT_WINDOW;
    model.quit_armed = Some(until);
    model.toast = Some(super::model::Toast { text: t!("app-quit-armed"), mood: Mood::Plain, until });
    vec![Effect::WakeAt(until)]
}

fn quit(model: &mut Model) -> Vec<Effect> {
    turn::abandon_edit(model);
    let mut effects = conversation::flush_draft(model);
    effects.extend(model.turns.keys().map(|turn| Effect::CancelTurn(*turn)));
    effects.push(Effect::Quit);
    effects
}

/// Opens the help page where it tells of what has the keys, above whatever floats; closes it where it is open.
fn toggle_help(model: &mut Model) {
    let section = match (model.overlays.last(), model.focus) {
        (Some(Overlay::Help(_)), _) => {
            model.overlays.pop();
            return;
        }
        (Some(Overlay::Tree(_)), _) => Section::Tree,
        (Some(Overlay::Usage(_)), _) => Section::Usage,
        (Some(Overlay::Pictures(_)), _) => Section::Transcript,
        (Some(Overlay::Compare(_) | Overlay::Lens(_) | Overlay::Summary(_)), _) => Section::Acts,
        (Some(Overlay::List(list)), _) if matches!(list.kind, ListKind::FanOut(_) | ListKind::Ghost) => {
            Section::Lanes
        }
        (Some(Overlay::List(_) | Overlay::Form(_) | Overlay::Confirm(_)), _) | (None, Focus::Composer) => {
            Section::Composer
        }
        (None, Focus::Transcript) if model.pane.lanes.is_some() => Section::Lanes,
        (None, Focus::Transcript) => Section::Transcript,
    };
    let page = help::open_at(model, section);
    model.overlays.push(Overlay::Help(page));
}

/// Shows the graph rail, or takes it away; at the next start, too.
fn rail(model: &mut Model) -> Vec<Effect> {
    model.choices.rail = match model.choices.rail {
        Rail::Off => Rail::On,
        Rail::On => Rail::Off,
    };
    let mut effects = vec![Effect::SaveChoices(model.choices.clone())];
    let room = places(model).iter().any(|place| place.rail.is_some());
    if model.choices.rail == Rail::On && !room {
        let text = if model.has_lanes(model.pane.id) {
            t!("app-rail-lanes")
        } else {
            t!("app-rail-narrow", columns = NARROW)
        };
        effects.push(model.notify(text, Mood::Plain));
    }
    effects
}

/// Follows answers to their end from now on, or until their beginning would leave the view; at the next start, too,
/// where nothing else is configured.
fn follow(model: &mut Model) -> Vec<Effect> {
    let (follow, text) = match model.follow {
        Follow::Beginning => (Follow::Always, t!("app-follow-always")),
        Follow::Always => (Follow::Beginning, t!("app-follow-beginning")),
    };
    model.follow = follow;
    let mut effects = Vec::new();
    if model.config.ui.follow == Following::Remember {
        model.choices.follow = follow;
        effects.push(Effect::SaveChoices(model.choices.clone()));
    }
    effects.push(model.notify(text, Mood::Plain));
    effects
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![Effect::RefreshAllModels, model.notify(t!("app-refreshing"), Mood::Plain)];
    effects.extend(health::ask_again(model));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command;
    use crate::app::model::Phase;
    use crate::app::testing::App;
    use crate::chat::Status;

    #[test]
    fn ctrl_c_stops_then_clears_then_quits_when_pressed_twice() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        app.type_text("draft");
        assert_eq!(app.keys("ctrl-c"), [Effect::CancelTurn(request.turn)]);
        assert_eq!(app.model.live().unwrap().1.phase, Phase::Stopping);
        app.end(&request, "half", Status::Cancelled);
        assert_eq!(app.keys("ctrl-c"), [Effect::RememberPrompt("draft".into())]);
        assert!(app.model.pane.composer.is_empty());
        assert_eq!(app.model.history.entries(), ["hello", "draft"]);
        assert_eq!(app.keys("ctrl-c"), []);
        app.at += std::time::Duration::from_secs(2);
        assert_eq!(app.keys("ctrl-c"), []);
        app.at += std::time::Duration::from_secs(1);
        let effects = app.keys("ctrl-c");
        assert_eq!(effects.last(), Some(&Effect::Quit));
    }

    #[test]
    fn a_draft_that_is_cleared_can_be_called_back_in_the_next_run() {
        let mut app = App::new(80, 24);
        app.type_text("not yet");
        assert_eq!(app.keys("ctrl-c"), [Effect::RememberPrompt("not yet".into())]);
    }

    #[test]
    fn esc_closes_and_goes_back_but_never_stops() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        app.keys("tab ctrl-p");
        assert_eq!(app.keys("esc esc esc esc"), []);
        assert_eq!((app.model.overlays.len(), app.model.focus), (0, Focus::Composer));
        assert!(app.model.turns.contains_key(&request.turn));
    }

    #[test]
    fn slash_runs_commands_and_a_double_slash_is_a_slash() {
        let mut app = App::new(80, 24);
        app.type_text("/help");
        assert_eq!(app.keys("enter"), []);
        assert!(matches!(app.model.overlays.as_slice(), [Overlay::Help(_)]));
        app.keys("esc");
        app.type_text("/modle");
        app.keys("enter");
        assert!(app.model.toast.as_ref().unwrap().text.contains("/model"));
        app.keys("ctrl-c");
        for text in ["/modle of a car", "/help me", "/typo"] {
            app.model.pane.composer.set(text);
            assert_eq!(app.keys("enter"), [], "{text}");
            assert_eq!(app.model.pane.composer.text(), text);
        }
        app.keys("ctrl-c");
        let request = app.ask("//help");
        assert_eq!(request.user.clone().unwrap().text(), "/help");
        app.end(&request, "yes", Status::Complete);
        let request = app.ask("/etc/hosts is a file");
        assert_eq!(request.user.unwrap().text(), "/etc/hosts is a file");
    }

    #[test]
    fn every_command_is_reached_by_its_slash_form_and_by_the_palette() {
        for command in command::COMMANDS {
            let mut by_slash = App::new(80, 24);
            by_slash.model.pane.composer.set(&format!("/{}", command.name));
            by_slash.keys("enter");
            assert!(!by_slash.model.pane.composer.text().starts_with('/'), "{}", command.name);
            let mut app = App::new(80, 24);
            app.keys("ctrl-p");
            if crate::app::overlay::is_available(&app.model, command) {
                app.type_text(&format!("/{}", command.name));
                let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no palette") };
                let names: Vec<&str> =
                    list.matches.iter().map(|at| list.entries[*at].owner.as_str()).collect();
                assert!(names.contains(&format!("/{}", command.name).as_str()), "{}", command.name);
            }
        }
    }
}
