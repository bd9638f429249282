//! What tokens cost: rates by kind of token, the tiers of long prompts, and the arithmetic.
//!
//! A cost is summed exactly and rounded once, to the nano. Input that went through a provider's cache is a part of
//! `tokens_in`, and reasoning a part of `tokens_out`, whatever the wire format called them.

use serde::{Deserialize, Serialize};

use super::{Money, Usage};

/// US dollars per million tokens, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// Input.
    pub input: Money,
    /// Output.
    pub output: Money,
    /// Input read from the provider's cache; `None` is priced as input.
    pub cache_read: Option<Money>,
    /// Input written to the provider's cache, for five minutes where it has several terms; `None` is priced as input.
    pub cache_write: Option<Money>,
    /// Input written to the provider's cache for an hour; `None` is priced as any that is written.
    pub cache_write_1h: Option<Money>,
    /// Reasoning; `None` is priced as output.
    pub reasoning: Option<Money>,
}

impl Rates {
    /// Rates that make no difference between kinds of input, nor of output.
    pub const fn new(input: Money, output: Money) -> Self {
        Self { input, output, cache_read: None, cache_write: None, cache_write_1h: None, reasoning: None }
    }

    fn cost(&self, bill: Bill) -> Money {
        let written = self.cache_write.unwrap_or(self.input);
        Money::for_tokens([
            (self.input, bill.plain),
            (self.cache_read.unwrap_or(self.input), bill.read),
            (written, bill.written),
            (self.cache_write_1h.unwrap_or(written), bill.written_1h),
            (self.output, bill.said),
            (self.reasoning.unwrap_or(self.output), bill.thought),
        ])
    }
}

/// The rates of requests whose input is longer than a threshold: of all their tokens, those of the output too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// More input tokens than this.
    pub over: u64,
    /// What they cost then.
    pub rates: Rates,
}

/// The most tiers above the base; the provider with the most has three.
pub const MOST_TIERS: usize = 3;

/// What a model costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// What it costs unless a tier says otherwise.
    pub base: Rates,
    /// Tiers of long prompts, the lowest threshold first.
    #[serde(default)]
    tiers: [Option<Tier>; MOST_TIERS],
}

impl From<Rates> for Price {
    fn from(base: Rates) -> Self {
        Self { base, tiers: [None; MOST_TIERS] }
    }
}

impl Price {
    /// Known to cost nothing.
    pub const FREE: Self = Self { base: Rates::new(Money::ZERO, Money::ZERO), tiers: [None; MOST_TIERS] };

    /// A price with tiers, in any order; `None` where there are more than a price has room for.
    pub fn tiered(base: Rates, tiers: impl IntoIterator<Item = Tier>) -> Option<Self> {
        let mut price = Self::from(base);
        let mut places = price.tiers.iter_mut();
        for tier in tiers {
            *places.next()? = Some(tier);
        }
        price.tiers.sort_by_key(|tier| tier.map_or(u64::MAX, |tier| tier.over));
        Some(price)
    }

    /// Its tiers, the lowest threshold first.
    pub fn tiers(&self) -> impl Iterator<Item = &Tier> {
        self.tiers.iter().flatten()
    }

    /// The rates of a request with so many input tokens.
    pub fn rates(&self, tokens_in: u64) -> &Rates {
        let crossed = self.tiers().filter(|tier| tokens_in > tier.over).last();
        crossed.map_or(&self.base, |tier| &tier.rates)
    }

    /// What `usage` costs in US dollars; `None` where the tokens are not known.
    pub fn cost(&self, usage: &Usage) -> Option<Money> {
        let bill = Bill::of(usage)?;
        Some(self.rates(bill.input()).cost(bill))
    }
}

/// Tokens by what is asked for them; no token is counted twice.
#[derive(Clone, Copy)]
struct Bill {
    plain: u64,
    read: u64,
    written: u64,
    written_1h: u64,
    said: u64,
    thought: u64,
}

impl Bill {
    /// A part that claims to be more than its whole is the whole.
    fn of(usage: &Usage) -> Option<Self> {
        let (input, output) = (usage.tokens_in?, usage.tokens_out?);
        let read = usage.cached_in.unwrap_or(0).min(input);
        let all_written = usage.cache_write.unwrap_or(0).min(input - read);
        let written_1h = usage.cache_write_1h.unwrap_or(0).min(all_written);
        let thought = usage.reasoning_out.unwrap_or(0).min(output);
        Some(Self {
            plain: input - read - all_written,
            read,
            written: all_written - written_1h,
            written_1h,
            said: output - thought,
            thought,
        })
    }

    fn input(&self) -> u64 {
        self.plain + self.read + self.written + self.written_1h
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn rates() -> Rates {
        Rates {
            input: money("3"),
            output: money("15"),
            cache_read: Some(money("0.3")),
            cache_write: Some(money("3.75")),
            cache_write_1h: Some(money("6")),
            reasoning: Some(money("20")),
        }
    }

    fn usage() -> Usage {
        Usage {
            tokens_in: Some(1000),
            tokens_out: Some(200),
            cached_in: Some(600),
            cache_write: Some(100),
            cache_write_1h: Some(40),
            reasoning_out: Some(50),
            told_cost: None,
            estimated: false,
        }
    }

    #[test]
    fn each_kind_of_token_is_counted_once_at_its_own_rate() {
        // 300 x 3 + 600 x 0.3 + 60 x 3.75 + 40 x 6 + 150 x 15 + 50 x 20, all over a million.
        assert_eq!(Price::from(rates()).cost(&usage()), Some(money("0.004795")));
        // Without rates of their own: 1000 x 3 + 200 x 15.
        let plain = Price::from(Rates::new(money("3"), money("15")));
        assert_eq!(plain.cost(&usage()), Some(money("0.006")));
        // Without a rate for an hour: 100 x 3.75 for all that is written.
        let one_term = Price::from(Rates { cache_write_1h: None, reasoning: None, ..rates() });
        assert_eq!(one_term.cost(&usage()), Some(money("0.004455")));
    }

    #[test]
    fn beyond_a_threshold_every_token_costs_what_the_highest_crossed_tier_says() {
        let tier = |over, input| Tier { over, rates: Rates::new(money(input), money("10")) };
        let base = Rates::new(money("1"), money("2"));
        let price = Price::tiered(base, [tier(500, "5"), tier(200, "4")]).unwrap();
        let cost = |tokens_in| {
            price.cost(&Usage { tokens_in: Some(tokens_in), tokens_out: Some(100), ..Usage::default() })
        };
        assert_eq!(cost(200), Some(money("0.0004")));
        assert_eq!(cost(201), Some(money("0.001804")));
        assert_eq!(cost(501), Some(money("0.003505")));
        assert_eq!(Price::tiered(base, [tier(1, "1"); MOST_TIERS + 1]), None);
    }

    #[test]
    fn what_is_not_known_costs_an_unknown_amount() {
        let price = Price::from(rates());
        assert_eq!(price.cost(&Usage { tokens_in: None, ..usage() }), None);
        assert_eq!(price.cost(&Usage { tokens_out: None, ..usage() }), None);
        let absurd = Usage { cached_in: Some(5000), reasoning_out: Some(5000), ..usage() };
        // 1000 x 0.3 + 200 x 20.
        assert_eq!(price.cost(&absurd), Some(money("0.0043")));
    }

    #[test]
    fn a_price_is_kept_and_read_again_with_its_tiers() {
        let price = Price::tiered(rates(), [Tier { over: 200_000, rates: rates() }]).unwrap();
        let json = serde_json::to_string(&price).unwrap();
        assert_eq!(serde_json::from_str::<Price>(&json).unwrap(), price);
    }

    prop_compose! {
        fn some_rates()(nanos in proptest::array::uniform6(0_i64..200_000_000_000), told in any::<[bool; 4]>()) -> Rates {
            let amount = |at: usize| Money::from_nanos(nanos[at]);
            let perhaps = |at: usize| told[at - 2].then(|| amount(at));
            Rates {
                input: amount(0),
                output: amount(1),
                cache_read: perhaps(2),
                cache_write: perhaps(3),
                cache_write_1h: perhaps(4),
                reasoning: perhaps(5),
            }
        }
    }

    prop_compose! {
        fn some_usage()(counts in proptest::array::uniform6(0_u64..2_000_000), told in any::<[bool; 4]>()) -> Usage {
            let perhaps = |at: usize| told[at - 2].then_some(counts[at]);
            Usage {
                tokens_in: Some(counts[0]),
                tokens_out: Some(counts[1]),
                cached_in: perhaps(2),
                cache_write: perhaps(3),
                cache_write_1h: perhaps(4),
                reasoning_out: perhaps(5),
                told_cost: None,
                estimated: false,
            }
        }
    }

    /// The same sum in decimals, of dollars.
    fn by_hand(rates: &Rates, usage: &Usage) -> Decimal {
        let bill = Bill::of(usage).unwrap();
        let written = rates.cache_write.unwrap_or(rates.input);
        [
            (rates.input, bill.plain),
            (rates.cache_read.unwrap_or(rates.input), bill.read),
            (written, bill.written),
            (rates.cache_write_1h.unwrap_or(written), bill.written_1h),
            (rates.output, bill.said),
            (rates.reasoning.unwrap_or(rates.output), bill.thought),
        ]
        .into_iter()
        .map(|(rate, tokens)| rate.to_decimal() * Decimal::from(tokens) / Decimal::from(1_000_000))
        .sum()
    }

    proptest! {
        #[test]
        fn a_cost_is_exact_to_the_nano_and_never_negative(rates in some_rates(), usage in some_usage()) {
            let cost = Price::from(rates).cost(&usage).unwrap();
            prop_assert_eq!(Some(cost), Money::from_decimal(by_hand(&rates, &usage)));
            prop_assert!(cost >= Money::ZERO);
        }

        #[test]
        fn every_token_is_in_one_kind(usage in some_usage()) {
            let bill = Bill::of(&usage).unwrap();
            prop_assert_eq!(Some(bill.input()), usage.tokens_in);
            prop_assert_eq!(Some(bill.said + bill.thought), usage.tokens_out);
        }

        #[test]
        fn a_cost_is_linear_within_a_tier(rates in some_rates(), usage in some_usage(), times in 1_u64..50) {
            let price = Price::from(rates);
            let scaled = |count: Option<u64>| count.map(|count| count * times);
            let many = Usage {
                tokens_in: scaled(usage.tokens_in),
                tokens_out: scaled(usage.tokens_out),
                cached_in: scaled(usage.cached_in),
                cache_write: scaled(usage.cache_write),
                cache_write_1h: scaled(usage.cache_write_1h),
                reasoning_out: scaled(usage.reasoning_out),
                told_cost: None,
                estimated: false,
            };
            let one = price.cost(&usage).unwrap().nanos() * i64::try_from(times).unwrap();
            let off = (price.cost(&many).unwrap().nanos() - one).abs();
            // One rounding of half a nano at most, as many times as it is taken.
            prop_assert!(off <= i64::try_from(times).unwrap() / 2 + 1, "{off}");
        }
    }
}
