//! Amounts of money as integer nano-units, so that sums are exact and a price of 0.00000015 is not lost.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// An amount in billionths of its currency's unit. Which currency is told by the name of the field it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

const NANOS_PER_UNIT: i64 = 1_000_000_000;

impl Money {
    /// No money at all, which is not the same as an unknown price.
    pub const ZERO: Self = Self(0);

    /// From billionths of a unit.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Billionths of a unit.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// From a decimal number of units, rounded to the nearest nano; `None` beyond 9.2 billion units.
    pub fn from_decimal(units: Decimal) -> Option<Self> {
        (units.checked_mul(Decimal::from(NANOS_PER_UNIT))?).round().to_i64().map(Self)
    }

    /// The exact number of units.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 9).normalize()
    }

    /// This amount in another currency, rounded to the nearest nano.
    pub fn convert(self, rate: Rate) -> Self {
        Self::from_decimal(self.to_decimal() * rate.0).unwrap_or(Self(i64::MAX))
    }

    /// What tokens cost at these prices for a million of them: the exact sum, rounded once to the nearest nano.
    pub fn for_tokens(priced: impl IntoIterator<Item = (Self, u64)>) -> Self {
        let exact = priced.into_iter().fold(0_i128, |sum, (price, tokens)| {
            sum.saturating_add(i128::from(price.0) * i128::from(tokens))
        });
        // Half goes to the even neighbour, as in `from_decimal`.
        let (whole, rest) = (exact.div_euclid(1_000_000), exact.rem_euclid(1_000_000));
        let up = rest > 500_000 || (rest == 500_000 && whole % 2 != 0);
        Self(i64::try_from(whole + i128::from(up)).unwrap_or(i64::MAX))
    }
}

impl FromStr for Money {
    type Err = &'static str;
    /// Reads a decimal number of units, with or without an exponent.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_decimal(text).and_then(Self::from_decimal).ok_or("not an amount of money")
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    /// The exact decimal, without a currency sign: `0.000012`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_decimal().fmt(f)
    }
}

impl Serialize for Money {
    /// An exact JSON number, never a rounded binary fraction.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = <Box<RawValue>>::deserialize(deserializer)?;
        parse_decimal(number.get())
            .and_then(Self::from_decimal)
            .ok_or_else(|| serde::de::Error::custom("not an amount of money"))
    }
}

/// A decimal number as people and JSON write it, with or without an exponent.
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

/// How many units of one currency a unit of another is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate(pub Decimal);

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.normalize().to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = <Box<RawValue>>::deserialize(deserializer)?;
        parse_decimal(number.get()).map(Self).ok_or_else(|| serde::de::Error::custom("not a rate"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn a_price_per_million_of_fifteen_cents_keeps_every_digit() {
        assert_eq!(Money::for_tokens([(money("0.15"), 9)]), money("0.00000135"));
    }

    #[test]
    fn json_is_an_exact_decimal_both_ways() {
        let amount = money("0.000012");
        let json = serde_json::to_string(&amount).unwrap();
        assert_eq!(json, "0.000012");
        assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), amount);
        assert_eq!(serde_json::from_str::<Money>("1.2e-5").unwrap(), amount);
    }

    #[test]
    fn a_rate_converts_and_rounds_to_a_nano() {
        assert_eq!(money("0.000262").convert(Rate(parse_decimal("0.92").unwrap())), money("0.000241040"));
    }
}
