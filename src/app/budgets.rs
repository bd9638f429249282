//! Budgets in the app: how they stand, what is told of that and when, and going over one that is spent.
//!
//! A threshold is told when it is crossed, once in a window; what is crossed already when the app starts stands in the
//! status line alone.

use std::cmp::Reverse;

use crate::chat::{ErrorKind, Message as ChatMessage, MessageId};
use crate::t;
use crate::telemetry::{Allowance, Level, Standing};
use crate::turns::told_standing;

use super::effect::Effect;
use super::fit::{Errand, Shortened};
use super::model::{Model, Mood};
use super::overlay::{Confirm, Overlay};
use super::turn;

/// What is known of budgets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budgets {
    /// How they stood when they were last looked at.
    standings: Vec<Standing>,
    /// How each stood when it was last told of.
    told: Vec<Standing>,
}

/// What there is to tell: a level, or that something has no price.
type Say = (Level, Unpriced);

/// Whether requests without a price are in a budget.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unpriced {
    None,
    Some,
}

fn say(standing: &Standing) -> Say {
    (standing.level(), if standing.unpriced > 0 { Unpriced::Some } else { Unpriced::None })
}

fn is_same(a: &Standing, b: &Standing) -> bool {
    a.budget == b.budget && a.of == b.of
}

/// Asks how they stand, where there are any.
pub fn ask(model: &Model) -> Option<Effect> {
    (!model.config.budgets.is_empty()).then_some(Effect::LoadBudgets)
}

/// All budgets, as the log tells.
pub fn known(model: &mut Model, standings: Vec<Standing>) {
    for standing in &standings {
        news(&mut model.budgets, standing);
    }
    model.budgets.standings = standings;
}

/// Some of them, as a turn found them.
pub fn heard(model: &mut Model, standings: Vec<Standing>) -> Vec<Effect> {
    let mut worst: Option<&Standing> = None;
    for standing in &standings {
        let is_news = news(&mut model.budgets, standing);
        if is_news && worst.is_none_or(|worst| say(worst) < say(standing)) {
            worst = Some(standing);
        }
    }
    let told = worst.map(|standing| {
        let stands = told_standing(standing);
        match standing.level() {
            Level::Within => (t!("app-budget-unpriced", budget = stands), Mood::Plain),
            Level::Soft => (t!("app-budget-soft", budget = stands), Mood::Bad),
            Level::Hard => (t!("app-budget-hard", budget = stands), Mood::Bad),
        }
    });
    for standing in standings {
        match model.budgets.standings.iter_mut().find(|known| is_same(known, &standing)) {
            Some(known) => *known = standing,
            None => model.budgets.standings.push(standing),
        }
    }
    told.map(|(text, mood)| model.notify(text, mood)).into_iter().collect()
}

/// Notes how a budget stands; whether that is more than a person knows.
fn news(budgets: &mut Budgets, standing: &Standing) -> bool {
    let known = budgets.told.iter_mut().find(|told| is_same(told, standing));
    let before = known.as_ref().filter(|told| told.window == standing.window);
    let before = before.map_or((Level::Within, Unpriced::None), |told| say(told));
    let now = say(standing);
    let is_news = now.0 > before.0 || now.1 > before.1;
    match known {
        Some(told) if is_news || told.window != standing.window => {
            *told = standing.clone();
        }
        Some(_) => {}
        None => budgets.told.push(standing.clone()),
    }
    is_news
}

/// Those whose window has not ended, the largest share first.
pub fn current(model: &Model) -> Vec<&Standing> {
    let lasts = |standing: &&Standing| standing.renews_in(model.now).is_positive();
    let mut standings: Vec<&Standing> = model.budgets.standings.iter().filter(lasts).collect();
    standings.sort_by_key(|standing| Reverse((standing.level(), standing.percent())));
    standings
}

/// The one that the status line warns of.
pub fn worst(model: &Model) -> Option<&Standing> {
    current(model).into_iter().next().filter(|standing| standing.level() > Level::Within)
}

/// How many of them the usage page has room for, above its table.
pub fn rows(model: &Model) -> usize {
    const FEW: usize = 2;
    const MANY: usize = 4;
    /// From so many rows on a screen has room for many.
    const TALL: u16 = 20;
    current(model).len().min(if model.size.height < TALL { FEW } else { MANY })
}

/// After a turn that a budget refused: whether it is to be sent all the same. Only what would be sent again as it was is
/// offered, where it is looked at.
pub fn offer(model: &mut Model, answer: &ChatMessage) {
    let failure = answer.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
    let is_refused = failure.is_some_and(|failure| failure.kind == ErrorKind::Budget);
    let is_same = answer.route.as_ref() == Some(&model.pane.route);
    if is_refused && is_same && model.pane.shows(answer.id) && model.overlays.is_empty() {
        model.overlays.push(Overlay::Confirm(Confirm::OverBudget(answer.id)));
    }
}

/// Sends it all the same.
pub fn go_over(model: &mut Model, answer: MessageId) -> Vec<Effect> {
    let Some(refused) = model.open.conversation.tree.get(answer) else { return Vec::new() };
    let errand = match refused.parent {
        Some(question) if refused.parts.is_empty() => Errand::Regenerate(question),
        Some(_) | None => Errand::Continue(answer),
    };
    let mut effects = turn::go(model, errand, Shortened::default());
    for effect in &mut effects {
        if let Effect::StartTurn(request) | Effect::StartTemporaryTurn(request) = effect {
            request.allowance = Allowance::Lifted;
        }
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;
    use crate::telemetry::budget::tests::standing;

    fn toasts(app: &mut App, standings: &[Standing]) -> Option<String> {
        app.model.toast = None;
        heard(&mut app.model, standings.to_vec());
        app.model.toast.as_ref().map(|toast| toast.text.to_string())
    }

    #[test]
    fn each_threshold_is_told_once_in_a_window() {
        let mut app = App::new(80, 24);
        let stands = |spent| standing(Some("4"), Some("5"), spent);
        let told = |app: &mut App, spent| toasts(app, &[stands(spent)]);
        assert_eq!(told(&mut app, "3.99"), None);
        assert_eq!(told(&mut app, "4").as_deref(), Some("Budget “all”: 80 %, €4.00 of €5.00 this month"));
        assert_eq!(told(&mut app, "4.5"), None);
        assert!(told(&mut app, "5").is_some_and(|told| told.contains("without a question")));
        assert_eq!(told(&mut app, "6"), None);
        assert_eq!(worst(&app.model).map(Standing::percent), Some(120));
        let unpriced = Standing { unpriced: 1, ..stands("6") };
        assert!(
            toasts(&mut app, std::slice::from_ref(&unpriced))
                .is_some_and(|told| told.contains("1 request without"))
        );
        assert_eq!(toasts(&mut app, &[unpriced]), None);
        let mut later = stands("4");
        later.window.from = later.window.renews.clone();
        assert!(toasts(&mut app, &[later]).is_some(), "the next window tells anew");
    }

    #[test]
    fn what_was_crossed_before_the_start_stands_in_the_status_line_alone() {
        let mut app = App::new(80, 24);
        let crossed = standing(Some("4"), None, "4");
        known(&mut app.model, vec![crossed.clone(), standing(None, Some("9"), "1")]);
        assert_eq!((app.model.toast.clone(), worst(&app.model)), (None, Some(&crossed)));
        assert_eq!(toasts(&mut app, &[crossed]), None);
        app.model.now = standing(None, None, "0").window.renews.timestamp();
        assert_eq!(worst(&app.model), None, "its month is over");
        assert_eq!(rows(&app.model), 0);
    }
}
