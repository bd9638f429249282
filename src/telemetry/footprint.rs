//! Estimated energy and carbon of requests: EcoLogits' method, with its parameters in `config/footprint.yaml`.
//!
//! A request takes what its answer's tokens take on the cards that hold the model, a share of the server around them
//! for as long as the answer is made, and what the computing centre adds; carbon is that energy on the centre's
//! electricity, and a share of what making the machines took. What makers do not tell is a range, so each estimate is
//! one: from the low end of every parameter to the high one. Amounts are whole nano-units, so that sums depend on no
//! order. What no row knows has no estimate, which is counted and is not zero.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize, Serializer};

use super::RequestEvent;
use super::line::micros;
use crate::catalog::prices::table::editions;
use crate::config::FootprintConfig;

/// The built-in ones; that they can be read, a test looks at.
static PARAMETERS: LazyLock<Parameters> =
    LazyLock::new(|| serde_yaml::from_str(include_str!("../../config/footprint.yaml")).unwrap_or_default());

/// From the least to the most. A single number is both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "Ends")]
struct Range {
    low: f64,
    high: f64,
}

/// A range as it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Ends {
    Same(f64),
    Two([f64; 2]),
}

impl From<Ends> for Range {
    fn from(ends: Ends) -> Self {
        match ends {
            Ends::Same(value) => Self { low: value, high: value },
            Ends::Two([low, high]) => Self { low, high },
        }
    }
}

/// The parameters, as the file has them; it says what they are.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    as_of: String,
    source: String,
    batch: f64,
    energy: Energy,
    seconds: Seconds,
    memory: Memory,
    server: Server,
    hosts: HashMap<String, Host>,
    own: Vec<String>,
    zones: HashMap<String, f64>,
    models: Vec<Model>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Energy {
    slope: f64,
    decay: f64,
    base: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    active: f64,
    batch: f64,
    base: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    bits: f64,
    overhead: f64,
    card: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    cards: f64,
    watts: f64,
    grams: f64,
    card_grams: f64,
    years: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Host {
    pue: Range,
    zone: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    model: String,
    maker: Option<String>,
    total: Range,
    active: Option<Range>,
    tps: Option<f64>,
    ttft: Option<f64>,
}

/// Who knows what requests take.
#[derive(Debug)]
pub struct Method {
    parameters: &'static Parameters,
    /// The zone whose electricity is taken for every host, where the person knows better.
    zone: Option<String>,
}

/// From the least to the most, in nano-units: a billionth of a watt hour, or of a gram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// At least.
    pub low: u64,
    /// At most.
    pub high: u64,
}

/// What requests took, by estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Footprint {
    /// Energy, in watt hours.
    pub energy_wh: Span,
    /// Greenhouse gases, in grams of CO2 that warm as much.
    pub carbon_g: Span,
}

impl Span {
    fn of(low: f64, high: f64) -> Self {
        // The casts keep to the ends of their range.
        Self { low: (low * 1e9).round() as u64, high: (high * 1e9).round() as u64 }
    }

    fn plus(&mut self, other: Self) {
        self.low = self.low.saturating_add(other.low);
        self.high = self.high.saturating_add(other.high);
    }

    /// Its ends, in units.
    pub fn units(self) -> (f64, f64) {
        (self.low as f64 / 1e9, self.high as f64 / 1e9)
    }

    /// As a person reads it: two digits of each end, both in thousands, millions or thousandths of the unit where that is
    /// shorter.
    pub fn told(self, unit: &str) -> String {
        let (low, high) = self.units();
        if self == Self::default() {
            return format!("0 {unit}");
        }
        let (scale, prefix) = match high {
            1e6.. => (1e-6, "M"),
            1e3.. => (1e-3, "k"),
            0.1.. => (1.0, ""),
            _ => (1e3, "m"),
        };
        // A million grams have a name of their own.
        let unit = if (prefix, unit) == ("M", "g") { "t".to_owned() } else { format!("{prefix}{unit}") };
        let digits = |value: f64| match value * scale {
            value @ 10.0.. => format!("{value:.0}"),
            value @ 1.0.. => format!("{value:.1}"),
            value => format!("{value:.2}"),
        };
        format!("{}-{} {unit}", digits(low), digits(high))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told {
            low: f64,
            high: f64,
        }
        let (low, high) = self.units();
        Told { low, high }.serialize(serializer)
    }
}

impl Footprint {
    /// Adds what another took.
    pub fn plus(&mut self, other: Self) {
        self.energy_wh.plus(other.energy_wh);
        self.carbon_g.plus(other.carbon_g);
    }
}

/// What a model takes at one end of its range.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Watt hours for a token, and for a second.
    wh_token: f64,
    wh_second: f64,
    /// Grams for a watt hour, and for a second.
    grams_wh: f64,
    grams_second: f64,
    /// Seconds for a token, and to the first.
    token: f64,
    first: f64,
}

impl End {
    /// Watt hours and grams of so many tokens, which took no longer than so many seconds.
    fn of(&self, tokens: f64, at_most: f64) -> (f64, f64) {
        let seconds = tokens.mul_add(self.token, self.first).min(at_most);
        let wh = tokens * self.wh_token + seconds * self.wh_second;
        (wh, wh * self.grams_wh + seconds * self.grams_second)
    }
}

/// What requests to one model at one host take.
#[derive(Clone, Copy, Debug)]
pub struct Estimator {
    low: End,
    high: End,
}

impl Estimator {
    /// The footprint of a request: the tokens of its answer, and the microseconds it took.
    pub fn of(&self, tokens_out: u64, latency: u64) -> Footprint {
        let (tokens, seconds) = (tokens_out as f64, latency as f64 / 1e6);
        let (low, high) = (self.low.of(tokens, seconds), self.high.of(tokens, seconds));
        Footprint { energy_wh: Span::of(low.0, high.0), carbon_g: Span::of(low.1, high.1) }
    }
}

impl Parameters {
    /// A model at one end of its range, with so many parameters, and at one of the centre's and on this electricity.
    fn end(&self, model: &Model, total: f64, active: f64, pue: f64, zone: f64) -> End {
        let Self { batch, energy, seconds, memory, server, .. } = self;
        let cards = (memory.overhead * total * memory.bits / 8.0 / memory.card).ceil();
        let cards = cards.max(1.0).log2().ceil().exp2();
        let share = cards / server.cards;
        let card_token = energy.slope * (energy.decay * batch).exp() * active + energy.base;
        let life = server.years * 365.0 * 24.0 * 3600.0;
        End {
            wh_token: pue * cards * card_token,
            wh_second: pue * share * server.watts / 3600.0 / batch,
            grams_wh: zone / 1000.0,
            grams_second: (share * server.grams + cards * server.card_grams) / life / batch,
            token: model
                .tps
                .map_or(seconds.active * active + seconds.batch * batch + seconds.base, f64::recip),
            first: model.ttft.unwrap_or(0.0),
        }
    }
}

impl Method {
    /// The method with its built-in parameters, and the person's.
    pub fn new(config: &FootprintConfig) -> Self {
        Self { parameters: &PARAMETERS, zone: config.zone.clone() }
    }

    /// Whose method it is, and of which day the parameters are.
    pub fn source(&self) -> (&str, &str) {
        (&self.parameters.source, &self.parameters.as_of)
    }

    /// What requests of a model at a provider, both as events name them, take. `None` where the model is not known,
    /// or runs where the method says nothing about.
    pub fn estimator(&self, provider: &str, model: &str) -> Option<Estimator> {
        let parameters = self.parameters;
        let provider = provider.to_ascii_lowercase();
        if parameters.own.contains(&provider) {
            return None;
        }
        let id = model.rsplit_once('/').map_or(model, |(_, id)| id).to_ascii_lowercase();
        let row = editions(&id).find_map(|id| parameters.models.iter().find(|row| row.model == id))?;
        let host = [Some(provider.as_str()), row.maker.as_deref(), Some("other")];
        let host = host.into_iter().flatten().find_map(|name| parameters.hosts.get(name))?;
        let zone = parameters.zones.get(self.zone.as_deref().unwrap_or(&host.zone))?;
        let active = row.active.unwrap_or(row.total);
        let end = |total, active, pue| parameters.end(row, total, active, pue, *zone);
        Some(Estimator {
            low: end(row.total.low, active.low, host.pue.low),
            high: end(row.total.high, active.high, host.pue.high),
        })
    }

    /// What the attempt of an event took; `None` where its model is not known, or the tokens of its answer are not.
    pub fn taken(&self, event: &RequestEvent) -> Option<Footprint> {
        let estimator = self.estimator(&event.provider, event.model.as_str())?;
        Some(estimator.of(event.tokens_out?, micros(event.latency)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::ZONES;

    fn method(zone: Option<&str>) -> Method {
        Method::new(&FootprintConfig { zone: zone.map(ToOwned::to_owned) })
    }

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= expected * 1e-4
    }

    #[track_caller]
    fn assert_takes(found: Footprint, energy: (f64, f64), carbon: (f64, f64)) {
        let (wh, grams) = (found.energy_wh.units(), found.carbon_g.units());
        for (found, expected) in
            [(wh.0, energy.0), (wh.1, energy.1), (grams.0, carbon.0), (grams.1, carbon.1)]
        {
            assert!(near(found, expected), "{found} for {expected}");
        }
    }

    /// Worked out by hand, with six digits on the way.
    #[test]
    fn requests_take_what_the_method_says() {
        let method = method(None);
        // 440 x 10^9 parameters x 2 bytes x 1.2 = 1056 GB: 14 cards, so 16. A token of one card takes
        // 1.16653e-6 x exp(-0.0112059 x 64) x 44 + 4.05293e-5 = 1.16653e-6 x 0.488096 x 44 + 4.05293e-5 = 6.55818e-5 Wh
        // at least, and 1.15686e-4 with 132: 16 cards and 500 tokens are 0.524654 and 0.925490 Wh.
        // It takes 0.61 + 500 / 74 = 7.36676 s of 1200 W x 16 / 8 / 64 = 37.5 W: 0.0767371 Wh.
        // Times 1.2: 0.721670 to 1.20267 Wh. At 384.4 g/kWh 0.277410 to 0.462308 g; making 16 / 8 servers and 16 cards took
        // 11400 + 4368 kg, of 3 years x 64 requests: 7.36676 / (94608000 x 64) x 15768000 = 0.0191844 g more.
        let gpt_4o = method.estimator("openai", "gpt-4o-2024-08-06").unwrap();
        assert_takes(gpt_4o.of(500, 60_000_000), (0.721_670, 1.202_67), (0.296_594, 0.481_492));
        // The same in 2 s: 37.5 W x 2 s = 0.0208333 Wh; (0.524654 + 0.0208333) x 1.2 and so on; 0.00520833 g more.
        assert_takes(gpt_4o.of(500, 2_000_000), (0.654_585, 1.135_59), (0.256_831, 0.441_729));

        // 31 x 10^9 without a speed of its own: 74.4 GB on one card. A token is 1.16653e-6 x 0.488096 x 31 + 4.05293e-5 =
        // 5.81801e-5 Wh, and takes 6.78509e-4 x 31 + 3.11931e-4 x 64 + 0.0194737 = 0.0604711 s of 1200 / 8 / 64 = 2.34375 W:
        // 1000 tokens are 0.0581801 + 0.0393692 = 0.0975493 Wh, times 1.09 = 0.106329 Wh, 0.0408728 g; of 5700 / 8 + 273 =
        // 985.5 kg 60.4711 / (94608000 x 64) = 0.00984243 g.
        let gemma = method.estimator("google", "gemma-4-31b-it").unwrap();
        assert_takes(gemma.of(1000, 999_000_000), (0.106_329, 0.106_329), (0.050_715, 0.050_715));
    }

    #[test]
    fn who_runs_a_model_and_on_which_electricity_makes_a_difference() {
        let of = |zone: Option<&str>, provider: &str, model: &str| {
            method(zone).estimator(provider, model).map(|estimator| estimator.of(1000, 60_000_000))
        };
        let at_openai = of(None, "openai", "gpt-4o").unwrap();
        // A gateway passes on to whoever made it, and Azure runs it as OpenAI does.
        for (provider, model) in [("litellm", "gpt-4o"), ("openrouter", "openai/gpt-4o"), ("azure", "GPT-4o")]
        {
            assert_eq!(of(None, provider, model), Some(at_openai), "{provider} {model}");
        }
        // What anybody may run is run by somebody.
        let open = of(None, "groq", "openai/gpt-oss-120b").unwrap();
        assert!(open.energy_wh.high > open.energy_wh.low);
        let french = of(Some("FRA"), "openai", "gpt-4o").unwrap();
        assert_eq!(french.energy_wh, at_openai.energy_wh);
        assert!(french.carbon_g.high < at_openai.carbon_g.low);
    }

    #[test]
    fn what_is_not_known_has_no_estimate() {
        for (provider, model) in [
            ("openai", "gpt-99"),
            ("ollama", "llama-3.1-8b"),
            ("lm studio", "gpt-oss-20b"),
            ("openai", ""),
            ("demo", "tour"),
        ] {
            assert!(method(None).estimator(provider, model).is_none(), "{provider} {model}");
        }
    }

    #[test]
    fn the_parameters_are_in_order() {
        let parameters = &*PARAMETERS;
        assert!(!parameters.models.is_empty());
        let mut zones: Vec<&str> = parameters.zones.keys().map(String::as_str).collect();
        let mut known = ZONES.to_vec();
        zones.sort_unstable();
        known.sort_unstable();
        assert_eq!(zones, known);
        assert!(parameters.hosts.values().all(|host| known.contains(&host.zone.as_str())));
        assert!(parameters.hosts.contains_key("other"));
        let mut ids = std::collections::HashSet::new();
        for row in &parameters.models {
            assert!(ids.insert(&row.model), "{} twice", row.model);
            assert!(
                row.maker.as_ref().is_none_or(|maker| parameters.hosts.contains_key(maker)),
                "{}",
                row.model
            );
            let active = row.active.unwrap_or(row.total);
            assert!(
                active.low <= active.high && row.total.low <= row.total.high && active.high <= row.total.high
            );
        }
    }

    #[test]
    fn a_range_is_told_in_two_digits() {
        for (low, high, told) in [
            (0.7217, 1.2027, "0.72-1.2 Wh"),
            (0.0, 0.0, "0 Wh"),
            (0.012, 0.0345, "12-34 mWh"),
            (940.0, 1500.0, "0.94-1.5 kWh"),
            (5_705_000.0, 10_281_000.0, "5.7-10 MWh"),
        ] {
            assert_eq!(Span::of(low, high).told("Wh"), told);
        }
        assert_eq!(Span::of(2e6, 3.5e6).told("g"), "2.0-3.5 t");
    }

    proptest! {
        #[test]
        fn the_low_end_is_never_above_the_high_one_and_more_tokens_take_more(
            model in 0usize..90, tokens in 0u64..2_000_000, latency in 0u64..4_000_000_000,
        ) {
            let method = method(None);
            let row = &method.parameters.models[model % method.parameters.models.len()];
            let estimator = method.estimator("litellm", &row.model).unwrap();
            let one = estimator.of(tokens, latency);
            prop_assert!(one.energy_wh.low <= one.energy_wh.high && one.carbon_g.low <= one.carbon_g.high);
            let more = estimator.of(tokens + 1, latency);
            prop_assert!(one.energy_wh.low < more.energy_wh.low && one.carbon_g.high < more.carbon_g.high);
        }

        /// As long as the time that was measured sets no bound.
        #[test]
        fn each_token_takes_the_same(tokens in 1u64..100_000, times in 1u64..9) {
            let estimator = method(None).estimator("anthropic", "claude-sonnet-4-5").unwrap();
            let of = |tokens| estimator.of(tokens, u64::MAX).energy_wh.units().1;
            let (none, one, many) = (of(0), of(tokens), of(tokens * times));
            prop_assert!(((many - none) - (one - none) * times as f64).abs() < 1e-6);
        }
    }
}
