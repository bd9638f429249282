//! Models as rows: starred, used lately and listed ones, with what is known of each in columns, and what lists could not
//! be fetched.

use rust_decimal::Decimal;

use crate::app::block::Tone;
use crate::app::forecast::{self, Forecast};
use crate::app::model::{DEMO, KeyOf, Model};
use crate::app::picker::{Choice, Columns, Entry, First, List, ListKind, Rows, Shown};
use crate::catalog::{ListSource, ModelInfo, Price};
use crate::chat::{Failure, KeyLabel, Money, Route};
use crate::config::PriceConfig;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::{Standing, age_text, failed, keys_of, owner, standing, told};

/// The order of the lists of models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelOrder {
    /// Starred, then used lately, then as their lists have them.
    #[default]
    Listed,
    /// What reads cheapest first.
    Input,
    /// What writes cheapest first.
    Output,
}

impl ModelOrder {
    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Listed => Self::Input,
            Self::Input => Self::Output,
            Self::Output => Self::Listed,
        }
    }

    /// What goes by it first goes first; what has no known price goes last.
    fn place(self, price: Option<Price>) -> Option<(bool, Money)> {
        let amount =
            |rate: fn(&Price) -> Money| Some((price.is_none(), price.as_ref().map(rate).unwrap_or_default()));
        match self {
            Self::Listed => None,
            Self::Input => amount(|price| price.base.input),
            Self::Output => amount(|price| price.base.output),
        }
    }
}

/// The facts of a model, each in a column of its own: window, price of input and of output for a million tokens, age
/// of its list.
const FACTS: usize = 4;
/// From so many columns on a list has room for all facts, and for the prices alone.
const WIDE: u16 = 70;
/// See [`WIDE`]. Narrower ones tell them of the selected row, at the foot.
const ROOMY: u16 = 50;

/// The models that can be asked: starred, then used lately, then the rest in the order of their lists, unless they
/// are ordered by price. Why a list could not be fetched stands before what is left of it. A starred or used model
/// that the provider does not list for its key any more is not offered.
pub fn models(model: &Model, only: Option<&KeyOf>) -> Rows {
    let wanted = |of: &KeyOf| only.is_none_or(|only| only == of);
    let favourites = model.choices.favourites.iter();
    let recents = model.choices.recents.iter().filter(|route| !model.choices.favourites.contains(route));
    let top: Vec<&Route> = favourites
        .chain(recents)
        .filter(|route| wanted(&KeyOf::from(*route)) && !is_gone(model, route))
        .collect();
    let mut offers: Vec<Offer<'_>> =
        top.iter().map(|route| Offer::Model((*route).clone(), model.model_info(route))).collect();
    for endpoint in &model.config.endpoints {
        for key in keys_of(model, endpoint) {
            let of = KeyOf { endpoint: endpoint.name.clone(), key };
            if !wanted(&of) {
                continue;
            }
            let route = |id: &crate::chat::ModelId| Route {
                endpoint: of.endpoint.clone(),
                key: of.key.clone(),
                model: id.clone(),
            };
            let standing = standing(model, endpoint, &of);
            if let Standing::Failed(failure) | Standing::Silent(failure) = standing {
                let shown = match standing {
                    Standing::Silent(_) if only.is_none() => Shown::ByName,
                    _ => Shown::Always,
                };
                offers.push(Offer::Failed(of.clone(), failure, shown));
            }
            match model.models.get(&of) {
                Some(models) => {
                    let listed = models.list.models.iter().map(|info| (route(&info.id), Some(info)));
                    offers.extend(
                        listed
                            .filter(|(route, _)| !top.contains(&route))
                            .map(|(route, info)| Offer::Model(route, info)),
                    );
                }
                // Asked for by name, an endpoint shows what its configuration lists.
                None if only.is_some() || model.is_usable(endpoint, &of.key) => {
                    let configured = endpoint.models.default.iter().map(route);
                    offers.extend(
                        configured
                            .filter(|route| !top.contains(&route))
                            .map(|route| Offer::Model(route, None)),
                    );
                }
                None => {}
            }
        }
    }
    let order = model.model_order;
    offers.sort_by_key(|offer| order.place(offer.price(model)));
    let shown = |[window, input, output, age]: [String; FACTS]| match model.size.width {
        WIDE.. => [window, input, output, age],
        ROOMY..WIDE => [String::new(), input, output, String::new()],
        0..ROOMY => Default::default(),
    };
    let facts: Vec<[String; FACTS]> = offers.iter().map(|offer| offer.facts(model)).collect();
    let mut columns: Vec<[String; FACTS]> = facts.iter().cloned().map(shown).collect();
    let head = shown(head(order));
    columns.push(head.clone());
    let widths = Columns::of(&columns);
    let forecast = forecast::of(model);
    let rows = offers.iter().zip(&facts).zip(&columns);
    Rows {
        entries: rows
            .map(|((offer, facts), row)| offer.entry(model, facts, widths.line(row), forecast.as_ref()))
            .collect(),
        head: widths.line(&head),
        first: if order == ModelOrder::Listed { First::Likest } else { First::Foremost },
    }
}

/// What heads the columns; the one that the rows go by has a mark.
fn head(order: ModelOrder) -> [String; FACTS] {
    let marked = |text: Safe, own: ModelOrder| {
        let mark = if order == own { "▴" } else { "" };
        format!("{mark}{text}")
    };
    [
        t!("app-models-window").into_string(),
        marked(t!("app-models-input"), ModelOrder::Input),
        marked(t!("app-models-output"), ModelOrder::Output),
        String::new(),
    ]
}

/// What was typed in the model picker as a model, where no list has it: providers serve more than they list.
pub fn as_is(model: &Model, list: &List) -> Option<Entry> {
    let only = match &list.kind {
        ListKind::Models(only) => only.clone(),
        ListKind::FanOut(_) | ListKind::Ghost | ListKind::Summariser(_) => None,
        ListKind::Palette
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::Search(_)
        | ListKind::History
        | ListKind::Themes
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fit(_)
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems => return None,
    };
    let of = only.unwrap_or_else(|| KeyOf::from(&model.pane.route));
    let id = list.filter.text().trim();
    let is_it = |entry: &Entry| matches!(&entry.choice, Choice::Route(route) if route.model.as_str() == id);
    if id.is_empty()
        || of.endpoint.as_str() == DEMO
        || list.entries.iter().filter(|entry| entry.shown != Shown::Unlisted).any(is_it)
    {
        return None;
    }
    let route = Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id.into() };
    Some(Entry {
        owner: owner(&of),
        about: t!("app-model-as-is-about", owner = owner(&of)),
        tone: Tone::Dim,
        shown: Shown::Unlisted,
        ..Entry::new(Choice::Route(route), t!("app-model-as-is", model = id))
    })
}

/// Whether the provider told which models a route's key may use, and this one is not among them.
fn is_gone(model: &Model, route: &Route) -> bool {
    model.models.get(&KeyOf::from(route)).is_some_and(|models| match models.list.source {
        ListSource::Live | ListSource::Cache => models.list.models.iter().all(|info| info.id != route.model),
        ListSource::Config | ListSource::Builtin => false,
    })
}

/// A row of the model picker.
enum Offer<'a> {
    Model(Route, Option<&'a ModelInfo>),
    Failed(KeyOf, &'a Failure, Shown),
}

impl Offer<'_> {
    fn price(&self, model: &Model) -> Option<Price> {
        match self {
            Self::Model(route, listed) => listed.or_else(|| first_of_alias(model, route))?.price,
            Self::Failed(..) => None,
        }
    }

    /// Context, prices and age.
    fn facts(&self, model: &Model) -> [String; FACTS] {
        let Self::Model(route, info) = self else { return Default::default() };
        let info = info.or_else(|| first_of_alias(model, route));
        let context = info.and_then(|info| info.context).map(short_count);
        let [input, output] = match info.and_then(|info| info.price).map(|price| price.base) {
            None => [t!("app-models-unpriced"), t!("app-models-unpriced")].map(Safe::into_string),
            Some(rates) if rates.input == Money::ZERO && rates.output == Money::ZERO => {
                [t!("app-free"), Safe::default()].map(Safe::into_string)
            }
            Some(rates) => [rates.input, rates.output].map(|rate| price_text(rate, &model.config.prices)),
        };
        [context.unwrap_or_default(), input, output, age_text(model, &KeyOf::from(route)).into_string()]
    }

    /// Its row: `facts` are told at the foot, `detail` at the right.
    fn entry(
        &self,
        model: &Model,
        [window, input, output, age]: &[String; FACTS],
        detail: Safe,
        forecast: Option<&Forecast>,
    ) -> Entry {
        match self {
            Self::Model(route, info) => {
                let starred = model.choices.favourites.contains(route);
                let of = KeyOf::from(route);
                let mut about = format!("{} · {}", owner(&of), route.model.as_str());
                if let Some(leads) = leads_to(model, route) {
                    about.push_str(" · ");
                    about.push_str(&leads);
                }
                let abilities: Vec<&str> = info.iter().flat_map(|info| info.abilities.names()).collect();
                let price = match self.price(model) {
                    None => t!("app-forecast-unpriced"),
                    Some(_) if output.is_empty() => sanitise(input),
                    Some(_) => t!("app-per-million", input = input.as_str(), output = output.as_str()),
                };
                let next = forecast.and_then(|forecast| forecast::elsewhere(model, forecast, route));
                let next = next.map(|cost| t!("app-forecast-next", price = forecast::about(Some(cost))));
                let told =
                    [window.as_str(), price.as_str()].into_iter().chain(next.as_deref()).chain([&**age]);
                for fact in told.filter(|fact| !fact.is_empty()).chain(abilities) {
                    about.push_str(" · ");
                    about.push_str(fact);
                }
                Entry {
                    sign: sanitise(if starred { "★" } else { "" }),
                    owner: owner(&of),
                    detail,
                    about: sanitise_line(&about),
                    ..Entry::new(Choice::Route(route.clone()), sanitise_line(route.model.as_str()))
                }
            }
            Self::Failed(of, failure, shown) => Entry {
                sign: sanitise("✗"),
                owner: owner(of),
                about: told(failure),
                tone: Tone::Bad,
                shown: *shown,
                ..Entry::new(Choice::Key(of.clone()), failed(failure))
            },
        }
    }
}

/// Where an alias leads, and how one of its routes is chosen; nothing of another route.
fn leads_to(model: &Model, route: &Route) -> Option<String> {
    let alias = route.alias()?;
    let found = model.config.router.alias(alias.as_str())?;
    let routes: Vec<String> = found.routes(&KeyLabel::default()).map(|route| route.to_string()).collect();
    let strategy = found.alias.strategy.name();
    Some(t!("app-alias-leads-to", routes = routes.join(", "), strategy = strategy).into_string())
}

/// What is known of a route's model; of an alias, of the first one that it leads to.
pub fn info<'a>(model: &'a Model, route: &Route) -> Option<&'a ModelInfo> {
    model.model_info(route).or_else(|| first_of_alias(model, route))
}

/// What the lists say of the first model that an alias leads to, of whatever key where it names none.
fn first_of_alias<'a>(model: &'a Model, route: &Route) -> Option<&'a ModelInfo> {
    let alias = route.alias()?;
    let found = model.config.router.alias(alias.as_str())?;
    let first = found.alias.routes.iter().min_by_key(|route| route.order)?;
    let id = first.model(found.wildcard);
    let lists = model.models.iter().filter(|(of, _)| {
        of.endpoint == first.endpoint && first.key.as_ref().is_none_or(|key| of.key == *key)
    });
    lists.flat_map(|(_, models)| &models.list.models).find(|info| info.id == id)
}

/// Euros of a million tokens, with two digits; less than a cent with four.
fn price_text(dollars: Money, prices: &PriceConfig) -> String {
    let price = dollars.convert(prices.eur_per_usd).to_decimal();
    if dollars != Money::ZERO && price < Decimal::new(1, 2) {
        return format!("{:.4}", price.round_dp(4));
    }
    format!("{:.2}", price.round_dp(2))
}

/// A count in thousands or millions: `128k`, `1.2M`.
pub fn short_count(count: u64) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=999_999 => format!("{}k", count / 1_000),
        1_000_000.. => format!("{}.{}M", count / 1_000_000, count % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::overlay::Overlay;
    use crate::app::testing::{App, choose_alias, list_names, list_rows, litellm, models, noon};
    use crate::app::{KeyStatus, Message};
    use crate::chat::Rates;
    use crate::keys::{KeyOrigin, KeyState};

    #[test]
    fn a_model_that_no_list_has_can_be_used_as_it_is_typed() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        app.keys("ctrl-x m");
        app.type_text("model-1");
        assert_eq!(list_rows(&app), [("LiteLLM/work".to_owned(), "model-1".to_owned())]);
        app.type_text("-preview");
        let as_is = ("LiteLLM/work".to_owned(), "use \u{201c}model-1-preview\u{201d} as is".to_owned());
        assert_eq!(list_rows(&app), std::slice::from_ref(&as_is));
        // A list that comes meanwhile changes nothing of it.
        app.send(Message::ModelsLoaded { list: models(4), at: noon() });
        assert_eq!(list_rows(&app), [as_is]);
        app.keys("enter");
        assert_eq!(app.model.pane.route, litellm("model-1-preview"));
        // What matches stands before it.
        app.keys("ctrl-x m");
        app.type_text("model");
        let names: Vec<String> = list_rows(&app).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["model-1", "model-2", "model-3", "use \u{201c}model\u{201d} as is"]);
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        assert_eq!((list.matching(), list.total()), (3, 6));
    }

    #[test]
    fn the_model_picker_offers_exactly_what_the_provider_lists_for_the_key() {
        let mut app = App::new(80, 24);
        app.model.choices.recents = vec![litellm("gone"), litellm("model-1")];
        app.model.choices.favourites = vec![litellm("not-for-this-key")];
        app.keys("ctrl-x m");
        assert_eq!(list_names(&app, 3), ["not-for-this-key", "gone", "model-1"]);
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        assert_eq!(list_names(&app, 3), ["model-1", "claude-sonnet", "model-2"]);
    }

    /// Three models at a gateway: one that reads cheap, one that writes cheap, one whose price nobody knows.
    fn with_prices() -> App {
        let mut app = App::new(100, 30);
        let mut list = models(4);
        let money = |text: &str| text.parse().unwrap();
        for (info, (input, output)) in list.models.iter_mut().zip([("3", "15"), ("4", "8"), ("0.001", "20")])
        {
            info.price = Some(Rates::new(money(input), money(output)).into());
        }
        app.send(Message::ModelsLoaded { list, at: noon() });
        app.keys("ctrl-x m");
        app
    }

    #[test]
    fn models_are_ordered_by_either_price_and_what_has_none_stands_last() {
        let mut app = with_prices();
        let names = |app: &App| {
            let named = list_rows(app).into_iter().filter(|(owner, _)| owner == "LiteLLM/work");
            named.map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(&app), ["claude-sonnet", "model-1", "model-2", "model-3"]);
        app.keys("alt-p");
        assert_eq!(names(&app), ["model-2", "claude-sonnet", "model-1", "model-3"]);
        app.type_text("model-");
        assert_eq!(names(&app), ["model-2", "model-1", "model-3"], "also of what matches");
        app.keys("ctrl-u alt-p");
        assert_eq!(names(&app), ["model-1", "claude-sonnet", "model-2", "model-3"]);
        app.keys("alt-p");
        assert_eq!(names(&app)[0], "claude-sonnet");
    }

    #[test]
    fn prices_stand_in_columns_below_their_heads_and_no_price_is_no_zero() {
        let app = with_prices();
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let told = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        assert_eq!(told(&list.head), ["window", "€/M", "in", "€/M", "out"]);
        let details: Vec<_> = list.entries[..4].iter().map(|entry| told(&entry.detail)).collect();
        let expected = [
            ["200k", "2.76", "13.80", "now"],
            ["200k", "3.68", "7.36", "now"],
            ["200k", "0.0009", "18.40", "now"],
            ["200k", "?", "?", "now"],
        ];
        assert_eq!(details, expected);
        assert!(list.entries[3].about.contains("price unknown"), "{}", list.entries[3].about.as_str());
    }

    #[test]
    fn an_alias_says_where_it_leads_with_the_facts_of_its_first_route_and_has_no_keys() {
        let mut app = App::new(100, 30);
        choose_alias(&mut app);
        let of = KeyStatus {
            endpoint: "router".into(),
            key: KeyLabel::default(),
            state: KeyState::Ready(KeyOrigin::NotNeeded),
        };
        app.send(Message::KeyStates(vec![of]));
        app.send(Message::ModelsLoaded { list: models(1), at: noon() });
        app.keys("ctrl-x m");
        let about = |app: &App, owner: &str| {
            let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
            let entry = list.entries.iter().find(|entry| entry.owner == owner).unwrap();
            [entry.name.to_string(), entry.about.to_string(), entry.detail.trim().to_owned()]
        };
        let [name, told, detail] = about(&app, "router");
        assert_eq!(name, "fast");
        let leads =
            "router · fast · order: LiteLLM/claude-sonnet, Spare/mini · 200k · price unknown · configured";
        assert_eq!(told, leads);
        assert!(detail.starts_with("200k"), "{detail}");
        app.keys("esc ctrl-x p");
        let [name, told, detail] = about(&app, "router");
        let expected = ["1 alias", "names for several routes, in router.models; Enter shows them", ""];
        assert_eq!([name.as_str(), told.as_str(), detail.as_str()], expected);
    }
}
