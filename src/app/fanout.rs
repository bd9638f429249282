//! Fan-out: one question to several models, or several times to one, as siblings in lanes.
//!
//! Who is asked is marked in a list of models and named sets. The question is stored once, by whichever turn comes
//! first; each answer is a turn of its own, so that one that fails leaves the others alone.

use crate::chat::{MessageId, Route};
use crate::storage::Standing;
use crate::storage::sets::{Member, Set};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::effect::Effect;
use super::form::Form;
use super::model::{Focus, Model, Mood};
use super::overlay::Overlay;
use super::picker::{Choice, Entry, ListKind, Rows};
use super::turn::{self, Asking, Question};
use super::{acts, blind, fit, lanes, lens, lists, offers};

/// The most answers that are asked for at once.
pub const MOST: usize = 8;

/// Who is to be asked what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The question, where it is asked already; else it is what the composer holds.
    pub question: Option<MessageId>,
    /// Who is marked, in the order of marking.
    pub members: Vec<Member>,
    /// Whether the answers are told apart by their models.
    pub naming: Naming,
}

/// Whether answers are told apart by their models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// They are.
    #[default]
    Named,
    /// They are letters until one of them is chosen.
    Blind,
}

impl Party {
    /// How many answers it asks for.
    pub fn answers(&self) -> usize {
        self.members.iter().map(|member| member.samples).sum()
    }

    fn samples(&self, route: &Route) -> usize {
        self.members.iter().find(|member| member.route == *route).map_or(0, |member| member.samples)
    }

    fn set_samples(&mut self, route: &Route, samples: usize) {
        match self.members.iter_mut().find(|member| member.route == *route) {
            Some(_) if samples == 0 => self.members.retain(|member| member.route != *route),
            Some(member) => member.samples = samples,
            None if samples == 0 => {}
            None => self.members.push(Member { route: route.clone(), samples }),
        }
    }
}

/// Opens the list of who is to be asked: what the composer holds, or the question that is read.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let written = !model.pane.composer.text().trim().is_empty();
    let tree = &model.open.conversation.tree;
    let (view, _) = model.pane.reading();
    let question = match model.focus {
        Focus::Composer if written => None,
        Focus::Composer => view.branch.last().and_then(|last| lanes::question_of(tree, *last)),
        Focus::Transcript => view.current().and_then(|current| lanes::question_of(tree, current)),
    };
    if question.is_none() && !written {
        return vec![model.notify(t!("app-fan-out-nothing"), Mood::Plain)];
    }
    lists::open_list(model, ListKind::FanOut(Party { question, ..Party::default() }));
    vec![Effect::LoadSets]
}

/// The named sets, then every model that can be asked, with who is marked.
pub fn rows(model: &Model, party: &Party) -> Rows {
    let sets = model.sets.iter().map(|set| {
        let in_set = |member: &Member| party.samples(&member.route) >= member.samples;
        Entry {
            sign: sanitise(if set.members.iter().all(in_set) { "✓" } else { "" }),
            owner: t!("app-set"),
            detail: t!(
                "app-set-answers",
                count = set.members.iter().map(|member| member.samples).sum::<usize>()
            ),
            about: members_text(&set.members),
            ..Entry::new(Choice::Set(set.name.clone()), sanitise_line(&set.name))
        }
    });
    let weight = fit::weight_of_question(model, party.question);
    let models = fit::mark(model, weight, offers::models(model, None));
    let asked = models.entries.into_iter().map(|mut entry| {
        if let Choice::Route(route) = &entry.choice {
            entry.sign = match party.samples(route) {
                0 => Safe::default(),
                1 => sanitise("✓"),
                samples => sanitise(&samples.to_string()),
            };
        }
        entry
    });
    Rows { entries: sets.chain(asked).collect(), ..models }
}

fn members_text(members: &[Member]) -> Safe {
    let member = |member: &Member| match member.samples {
        1 => member.route.model.to_string(),
        samples => format!("{} ×{samples}", member.route.model),
    };
    sanitise_line(&members.iter().map(member).collect::<Vec<_>>().join(" · "))
}

/// What is done to who is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The selected row is marked, or not any more.
    Toggle,
    /// One sample more of it.
    More,
    /// One sample less.
    Fewer,
}

/// Marks the selected row.
pub fn mark(model: &mut Model, mark: Mark) -> Vec<Effect> {
    let Some((mut party, choice)) = opened(model) else { return Vec::new() };
    match choice {
        Some(Choice::Route(route)) => {
            let before = party.samples(&route);
            let samples = match mark {
                Mark::Toggle if before > 0 => 0,
                Mark::Toggle => 1,
                Mark::More => before + 1,
                Mark::Fewer => before.saturating_sub(1),
            };
            party.set_samples(&route, samples);
        }
        Some(Choice::Set(name)) => {
            let members = model.sets.iter().find(|set| set.name == name).map(|set| set.members.clone());
            let members = members.unwrap_or_default();
            let whole = members.iter().all(|member| party.samples(&member.route) >= member.samples);
            for member in members {
                let samples = match mark {
                    Mark::Toggle | Mark::More if !whole => member.samples,
                    Mark::More => party.samples(&member.route),
                    Mark::Toggle | Mark::Fewer => 0,
                };
                party.set_samples(&member.route, samples);
            }
        }
        Some(_) | None => return Vec::new(),
    }
    if party.answers() > MOST {
        return vec![model.notify(t!("app-fan-out-most", count = MOST), Mood::Plain)];
    }
    put(model, party);
    Vec::new()
}

/// Hides the names of who answers until an answer is chosen, or shows them again.
pub fn toggle_blind(model: &mut Model) {
    let Some((mut party, _)) = opened(model) else { return };
    party.naming = match party.naming {
        Naming::Named => Naming::Blind,
        Naming::Blind => Naming::Named,
    };
    put(model, party);
}

/// Asks for the name of a set to be made of who is marked.
pub fn name_set(model: &mut Model) -> Vec<Effect> {
    let Some((party, _)) = opened(model) else { return Vec::new() };
    if party.members.is_empty() {
        return vec![model.notify(t!("app-fan-out-none"), Mood::Plain)];
    }
    model.overlays.push(Overlay::Form(Form::set_name()));
    Vec::new()
}

/// Keeps who is marked as a set of this name.
pub fn keep_set(model: &mut Model, name: String) -> Vec<Effect> {
    let Some((party, _)) = opened(model) else { return Vec::new() };
    let toast = model.notify(t!("app-set-kept", name = name.as_str()), Mood::Plain);
    vec![toast, Effect::KeepSet(Set { name, members: party.members })]
}

/// The list that is open, as who is marked, and the row that is selected.
fn opened(model: &Model) -> Option<(Party, Option<Choice>)> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return None };
    let ListKind::FanOut(party) = &list.kind else { return None };
    Some((party.clone(), list.chosen().map(|entry| entry.choice.clone())))
}

fn put(model: &mut Model, party: Party) {
    let rows = rows(model, &party);
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        list.kind = ListKind::FanOut(party);
        list.refresh(rows);
    }
}

/// Enter in the list: asks everybody who is marked; where nobody is, whom the selected row names.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let Some((mut party, choice)) = opened(model) else { return Vec::new() };
    if party.members.is_empty() {
        party.members = match choice {
            Some(Choice::Route(route)) => vec![Member { route, samples: 1 }],
            Some(Choice::Set(name)) => {
                let set = model.sets.iter().find(|set| set.name == name);
                set.map(|set| set.members.clone()).unwrap_or_default()
            }
            Some(_) | None => Vec::new(),
        };
    }
    let tree = &model.open.conversation.tree;
    let there = party.question.map_or(0, |question| tree.children(Some(question)).len());
    if party.members.is_empty() || party.answers() + there < 2 {
        return vec![model.notify(t!("app-fan-out-none"), Mood::Plain)];
    }
    if party.answers() > MOST {
        return vec![model.notify(t!("app-fan-out-most", count = MOST), Mood::Plain)];
    }
    for member in &party.members {
        if let Err(effects) = turn::ready(model, &member.route) {
            return effects;
        }
    }
    if party.question.is_none()
        && let Err(effects) = turn::can_send(model)
    {
        return effects;
    }
    model.overlays.pop();
    ask(model, party)
}

/// Asks everybody at once, and shows their answers in lanes.
fn ask(model: &mut Model, party: Party) -> Vec<Effect> {
    let routes: Vec<Route> = party
        .members
        .iter()
        .flat_map(|member| std::iter::repeat_n(member.route.clone(), member.samples))
        .collect();
    let Some(first) = routes.first() else { return Vec::new() };
    let conversation = model.open.conversation.id;
    let left_out = lens::excluded(model);
    let (question, asked, mut effects) = match party.question {
        Some(question) => {
            // Which answer is chosen so far stays said, even where only its age said it.
            let chosen = model.open.conversation.tree.chosen_child(Some(question));
            let choices = chosen.map(|chosen| vec![(Some(question), chosen)]);
            let effects = choices.map(|choices| Effect::Choose { conversation, choices });
            (question, None, Vec::from_iter(effects))
        }
        None => {
            let (asked, effects) = turn::put_question(model, first, None);
            (asked.user.id, Some(asked), effects)
        }
    };
    let (create, user, mut titles) = match asked {
        Some(Question { create, user, titles }) => (create, Some(user), titles),
        None => (None, None, None),
    };
    let mut answers = Vec::new();
    for route in &routes {
        let answer = turn::empty_answer(model, question, route);
        let tree = &mut model.open.conversation.tree;
        // The first answer to a new question is the way on until another is chosen.
        let standing = match (answers.is_empty(), &user) {
            (true, Some(_)) => {
                tree.add(answer.clone());
                Standing::Chosen
            }
            (true, None) | (false, _) => {
                tree.add_beside(answer.clone());
                Standing::Beside
            }
        };
        let rules = acts::inherit(tree, &left_out, answer.id);
        let messages = turn::asked(tree, &answer);
        answers.push(answer.id);
        let (_, effect) = turn::order(
            model,
            Asking {
                conversation,
                create: create.clone(),
                user: user.clone(),
                answer,
                messages,
                settings: model.open.conversation.settings.clone(),
                standing,
                titles: titles.take(),
            },
        );
        effects.push(effect);
        effects.extend(rules.into_iter().map(|change| Effect::SetRule { conversation, change }));
        model.choices.noted(route);
    }
    effects.push(Effect::SaveChoices(model.choices.clone()));
    turn::grown(model, Some(question));
    let tree = &model.open.conversation.tree;
    let shown = match party.naming {
        Naming::Named => answers.first().copied(),
        Naming::Blind => {
            model.blind.insert(question);
            blind::order(tree, question).first().copied()
        }
    };
    if let Some(shown) = shown {
        model.pane.view.go(tree, shown);
        model.pane.view.cursor = None;
        model.pane.drop_blocks();
        lanes::open(model, Some(question));
    }
    effects
}

/// A set is forgotten.
pub fn forget_set(model: &mut Model, name: String) -> Vec<Effect> {
    let toast = model.notify(t!("app-set-forgotten", name = name.as_str()), Mood::Plain);
    vec![toast, Effect::ForgetSet(name)]
}
