//! Events as columns: what the index keeps of each, a few thousand to a block.
//!
//! Every value is a whole number. A block stores each column as the smallest value and, for each row, what it
//! is above that, in as many bytes as the largest needs; a column whose rows are all alike takes none. So an
//! event takes some thirty bytes, any range of moments and any filter can be answered from the rows
//! themselves, and reading them back is a loop that compilers vectorise.
//!
//! A number that an event may leave open is stored plus one, and 0 is "not reported".

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line::Entry;
use super::{EventStatus, Fault};
use crate::chat::Money;

/// Rows of a full block: few enough that the columns of one stay in a core's own cache.
pub(super) const ROWS: usize = 4096;

/// The columns, in the order in which they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Milliseconds since 1970, in an order of unsigned numbers.
    Time,
    /// Place of its names in the dictionary.
    Names,
    /// Place of its conversation in the dictionary, plus one.
    Conversation,
    /// Status, whether it is final, whether tokens are estimated and the price told, kind of failure: see [`Class`].
    Class,
    TokensIn,
    TokensOut,
    CachedIn,
    CacheWrite,
    ReasoningOut,
    /// Nano-euros, with the sign in the lowest bit.
    Cost,
    /// Microseconds.
    Latency,
    /// Microseconds.
    Ttft,
    /// Where its line begins in the log's file. From here on only some questions need to know.
    Offset,
    /// The answer's id, upper half.
    MessageHigh,
    /// Lower half.
    MessageLow,
}

/// How many columns there are.
pub(super) const COLUMNS: usize = 15;
/// How many of them nearly every question needs: those before [`Column::Offset`].
pub(super) const HOT: usize = Column::Offset as usize;

/// Rows, column by column.
#[derive(Debug, Default)]
pub(super) struct Columns {
    values: [Vec<u64>; COLUMNS],
}

/// How a column of a block is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Shape(
    /// Its smallest value.
    u64,
    /// Bytes of a row: 0, 1, 2, 4 or 8.
    u8,
);

impl Shape {
    /// Bytes of a column of so many rows.
    pub fn size(self, rows: usize) -> usize {
        rows * usize::from(self.1)
    }
}

impl Columns {
    pub fn rows(&self) -> usize {
        self.values[Column::Time as usize].len()
    }

    pub fn get(&self, column: Column) -> &[u64] {
        &self.values[column as usize]
    }

    pub fn get_mut(&mut self, column: Column) -> &mut [u64] {
        &mut self.values[column as usize]
    }

    /// Adds an event that begins at `offset`, its names and conversation being those of the dictionary.
    pub fn push(&mut self, entry: &Entry<'_>, names: u32, conversation: Option<u32>, offset: u64) {
        let plus_one = |value: Option<u64>| value.map_or(0, |value| value.saturating_add(1));
        let (high, low) = entry.message.unwrap_or(Uuid::nil()).as_u64_pair();
        let row: [u64; COLUMNS] = [
            ordered(entry.at),
            names.into(),
            plus_one(conversation.map(u64::from)),
            Class::of(entry).0.into(),
            plus_one(entry.tokens_in),
            plus_one(entry.tokens_out),
            plus_one(entry.cached_in),
            plus_one(entry.cache_write),
            plus_one(entry.reasoning_out),
            plus_one(entry.cost_eur.map(zigzag)),
            plus_one(entry.latency),
            plus_one(entry.ttft),
            offset,
            high,
            low,
        ];
        for (column, value) in self.values.iter_mut().zip(row) {
            column.push(value);
        }
    }

    /// Adds these rows of others.
    pub fn extend(&mut self, other: &Self, rows: std::ops::Range<usize>) {
        for (column, more) in self.values.iter_mut().zip(&other.values) {
            column.extend_from_slice(more.get(rows.clone()).unwrap_or_default());
        }
    }

    pub fn clear(&mut self) {
        self.values.iter_mut().for_each(Vec::clear);
    }

    /// Appends the columns to `bytes`, the first [`HOT`] of them first, and tells how each was stored.
    pub fn encode(&self, bytes: &mut Vec<u8>) -> [Shape; COLUMNS] {
        let mut shapes = [Shape(0, 0); COLUMNS];
        for (column, shape) in self.values.iter().zip(&mut shapes) {
            let least = column.iter().copied().min().unwrap_or_default();
            let most = column.iter().copied().max().unwrap_or_default();
            let width = match most - least {
                0 => 0,
                1..=0xff => 1,
                0x100..=0xffff => 2,
                0x1_0000..=0xffff_ffff => 4,
                _ => 8,
            };
            for value in column {
                let above = (value - least).to_le_bytes();
                bytes.extend(&above[..usize::from(width)]);
            }
            *shape = Shape(least, width);
        }
        shapes
    }

    /// Reads columns back, from `first` on, as many as there are shapes.
    pub fn decode(&mut self, first: Column, shapes: &[Shape], rows: usize, mut bytes: &[u8]) {
        for (column, shape) in self.values.iter_mut().skip(first as usize).zip(shapes) {
            let (own, rest) = bytes.split_at_checked(shape.size(rows)).unwrap_or_default();
            unpack(*shape, rows, own, column);
            bytes = rest;
        }
    }
}

fn unpack(Shape(least, width): Shape, rows: usize, bytes: &[u8], column: &mut Vec<u64>) {
    column.clear();
    match width {
        0 => column.resize(rows, least),
        1 => column.extend(bytes.iter().map(|byte| least.wrapping_add(u64::from(*byte)))),
        2 => column.extend(
            bytes.as_chunks().0.iter().map(|two| least.wrapping_add(u64::from(u16::from_le_bytes(*two)))),
        ),
        4 => column.extend(
            bytes.as_chunks().0.iter().map(|four| least.wrapping_add(u64::from(u32::from_le_bytes(*four)))),
        ),
        _ => column
            .extend(bytes.as_chunks().0.iter().map(|eight| least.wrapping_add(u64::from_le_bytes(*eight)))),
    }
}

/// Milliseconds since 1970 as a number without a sign that is in the same order.
pub(super) const fn ordered(millis: i64) -> u64 {
    millis.cast_unsigned() ^ (1 << 63)
}

/// The milliseconds behind such a number.
pub(super) const fn millis(ordered: u64) -> i64 {
    (ordered ^ (1 << 63)).cast_signed()
}

fn zigzag(money: Money) -> u64 {
    let nanos = money.nanos();
    ((nanos << 1) ^ (nanos >> 63)).cast_unsigned()
}

/// The price a row of [`Column::Cost`] tells.
pub(super) fn cost(stored: u64) -> Option<Money> {
    let zigzag = stored.checked_sub(1)?;
    let sign = 0u64.wrapping_sub(zigzag & 1);
    Some(Money::from_nanos(((zigzag >> 1) ^ sign).cast_signed()))
}

/// How an attempt ended and what its figures are, in a byte; in two where a provider told the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u16);

impl Class {
    const FINAL: u16 = 1 << 2;
    const ESTIMATED: u16 = 1 << 3;
    const TOLD: u16 = 1 << 8;

    fn of(entry: &Entry<'_>) -> Self {
        let mut class = u16::from(entry.status.code()) | u16::from(Fault::code(entry.error)) << 4;
        for (holds, bit) in
            [(entry.is_final, Self::FINAL), (entry.estimated, Self::ESTIMATED), (entry.cost_told, Self::TOLD)]
        {
            if holds {
                class |= bit;
            }
        }
        Self(class)
    }

    /// The class a row of [`Column::Class`] tells.
    pub const fn stored(stored: u64) -> Self {
        let [low, high, ..] = stored.to_le_bytes();
        Self(u16::from_le_bytes([low, high]))
    }

    pub const fn is_final(self) -> bool {
        self.0 & Self::FINAL != 0
    }

    pub const fn is_estimated(self) -> bool {
        self.0 & Self::ESTIMATED != 0
    }

    /// Whether the price is the provider's own word.
    pub const fn is_told(self) -> bool {
        self.0 & Self::TOLD != 0
    }

    pub const fn is(self, status: EventStatus) -> bool {
        self.0.to_le_bytes()[0] & 3 == status.code()
    }

    /// The number of its failure, below [`Fault::CODES`].
    pub const fn fault(self) -> usize {
        (self.0 >> 4 & 0xf) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_of_failure_has_a_number_that_fits_beside_the_rest() {
        assert_eq!(Fault::CODES, 16);
        for code in 0..Fault::CODES {
            assert_eq!(usize::from(Fault::code(Fault::from_code(code))), code);
        }
    }

    proptest! {
        #[test]
        fn columns_of_any_values_come_back(
            rows in prop::collection::vec(prop::array::uniform15(prop_oneof![0u64..300, any::<u64>()]), 0..40),
        ) {
            let mut columns = Columns::default();
            for row in &rows {
                for (column, value) in columns.values.iter_mut().zip(row) {
                    column.push(*value);
                }
            }
            let mut bytes = Vec::new();
            let shapes = columns.encode(&mut bytes);
            let mut back = Columns::default();
            back.decode(Column::Time, &shapes, rows.len(), &bytes);
            prop_assert_eq!(&back.values, &columns.values);
            let hot: usize = shapes[..HOT].iter().map(|shape| shape.size(rows.len())).sum();
            back.clear();
            back.decode(Column::Offset, &shapes[HOT..], rows.len(), &bytes[hot..]);
            prop_assert_eq!(back.get(Column::MessageLow), columns.get(Column::MessageLow));
        }

        #[test]
        fn moments_and_prices_come_back(at in any::<i64>(), nanos in (i64::MIN + 1)..=i64::MAX) {
            prop_assert_eq!(millis(ordered(at)), at);
            prop_assert_eq!(cost(zigzag(Money::from_nanos(nanos)).saturating_add(1)), Some(Money::from_nanos(nanos)));
            prop_assert_eq!(at < 0, ordered(at) < ordered(0));
        }
    }
}
