//! Charts of cells: bars, stacks of them, shades, and the axes below.
//!
//! What tells parts apart is how densely a cell is filled; a colour is only added to it.

use ratatui::layout::Rect;

use crate::text::{Safe, sanitise};

use super::super::paint::Painter;
use super::super::theme::Role;

/// Cells that are filled from the bottom, by eighths.
const EIGHTHS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Stands where nothing was counted.
pub const NONE: &str = "·";
/// Shades, the lightest first.
pub const SHADES: [&str; 4] = ["░", "▒", "▓", "█"];
/// How the parts of a stack are filled, the largest first, and the rest of them.
pub const PARTS: [(&str, Role); 5] = [
    ("█", Role::Accent),
    ("▓", Role::CodeString),
    ("▒", Role::CodeNumber),
    ("░", Role::CodeType),
    ("▪", Role::Dim),
];

/// Values beside each other, in as many columns as there are or a whole part of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    /// How many values are one bin.
    pub each: usize,
    /// How many bins there are.
    pub count: usize,
    /// Columns of a bin, with the gap after it.
    pub pitch: u16,
    /// Columns that are filled.
    pub bar: u16,
}

impl Bins {
    /// The widest bar.
    const WIDEST: u16 = 9;

    /// So many values in so many columns.
    pub fn new(values: usize, columns: u16) -> Self {
        let each = values.div_ceil(usize::from(columns).max(1)).max(1);
        let count = values.div_ceil(each);
        let pitch = columns / u16::try_from(count).unwrap_or(u16::MAX).max(1);
        let pitch = pitch.clamp(1, Self::WIDEST + 1);
        Self { each, count, pitch, bar: if pitch > 1 { pitch - 1 } else { 1 } }
    }

    /// Sums of the values of each bin.
    pub fn sums(&self, values: impl Iterator<Item = u64>) -> Vec<u64> {
        let mut sums = vec![0u64; self.count];
        for (at, value) in values.enumerate() {
            if let Some(sum) = sums.get_mut(at / self.each) {
                *sum = sum.saturating_add(value);
            }
        }
        sums
    }

    /// Where a bin begins.
    pub fn x(&self, area: Rect, bin: usize) -> u16 {
        area.x + u16::try_from(bin).unwrap_or(u16::MAX).saturating_mul(self.pitch)
    }
}

/// How many eighths of so many cells a value is: more than none, where it is more than nothing.
fn eighths(value: u64, most: u64, cells: u16) -> u16 {
    if value == 0 || most == 0 {
        return 0;
    }
    let all = u128::from(cells) * 8;
    let part = (u128::from(value) * all + u128::from(most) / 2) / u128::from(most);
    u16::try_from(part.clamp(1, all)).unwrap_or(u16::MAX)
}

/// Bars of one kind, over all rows of the area.
pub fn bars(values: &[u64], bins: &Bins, area: Rect, role: Role, painter: &mut Painter<'_>) {
    let most = values.iter().copied().max().unwrap_or_default();
    for (bin, value) in values.iter().enumerate() {
        let filled = eighths(*value, most, area.height);
        let x = bins.x(area, bin);
        for row in 0..area.height {
            let part = filled.saturating_sub(row * 8).min(8);
            let (text, role) = match (part, row) {
                (0, 0) => (NONE, Role::Dim),
                (0, _) => continue,
                (part, _) => (EIGHTHS.get(usize::from(part)).copied().unwrap_or(" "), role),
            };
            let text = if text == NONE { text.to_owned() } else { text.repeat(usize::from(bins.bar)) };
            painter.text((x, area.bottom() - 1 - row), &sanitise(&text), role, bins.bar);
        }
    }
}

/// Bars in parts: a cell is filled as the part is that its middle is in.
pub fn stacks(parts: &[Vec<u64>], bins: &Bins, area: Rect, painter: &mut Painter<'_>) {
    if let [single] = parts {
        bars(single, bins, area, PARTS[0].1, painter);
        return;
    }
    let at = |part: &Vec<u64>, bin: usize| part.get(bin).copied().unwrap_or_default();
    let total = |bin: usize| parts.iter().map(|part| at(part, bin)).fold(0, u64::saturating_add);
    let most = (0..bins.count).map(total).max().unwrap_or_default();
    for bin in 0..bins.count {
        let (x, all) = (bins.x(area, bin), total(bin));
        let largest = (0..parts.len()).max_by_key(|part| parts.get(*part).map(|part| at(part, bin)));
        for row in 0..area.height {
            // Twice the height of the cell's middle, so that it is a whole number.
            let middle = u128::from(most) * (2 * u128::from(row) + 1);
            let reaches = |sum: u64| u128::from(sum) * 2 * u128::from(area.height) > middle;
            let mut sum = 0u64;
            let found = parts.iter().position(|part| {
                sum = sum.saturating_add(at(part, bin));
                reaches(sum)
            });
            let (sign, role) = match (found, row) {
                (Some(part), _) => PARTS[part.min(PARTS.len() - 1)],
                (None, 0) if all > 0 => ("▁", PARTS[largest.unwrap_or(0).min(PARTS.len() - 1)].1),
                (None, 0) => (NONE, Role::Dim),
                (None, _) => break,
            };
            let text = if sign == NONE { sign.to_owned() } else { sign.repeat(usize::from(bins.bar)) };
            painter.text((x, area.bottom() - 1 - row), &sanitise(&text), role, bins.bar);
        }
    }
}

/// Which shade a value has: none for nothing, the darkest for the most.
pub fn shade(value: u64, most: u64) -> Option<usize> {
    let steps = SHADES.len() as u128;
    let step = (u128::from(value) * steps).div_ceil(u128::from(most.max(1)));
    usize::try_from(step).ok()?.checked_sub(1).map(|step| step.min(SHADES.len() - 1))
}

/// A share of so many cells, filled.
pub fn filled(part: u64, whole: u64, cells: u16) -> Safe {
    let all = u64::from(cells);
    let some = u64::from(part > 0);
    let filled = (part.saturating_mul(all)).checked_div(whole).unwrap_or_default().clamp(some, all);
    sanitise(&(0..all).map(|cell| if cell < filled { '▓' } else { '░' }).collect::<String>())
}

/// Words below an axis, each from its column on, where it does not run into the one before.
pub fn labels(
    labels: impl Iterator<Item = (u16, Safe)>,
    (area, role): (Rect, Role),
    painter: &mut Painter<'_>,
) {
    let mut free = area.x;
    for (x, label) in labels {
        let cells = u16::try_from(crate::text::width::width(&label)).unwrap_or(u16::MAX);
        if x >= free && x.saturating_add(cells) <= area.right() {
            free = painter.text((x, area.y), &label, role, cells) + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_the_columns_there_are_or_are_put_together() {
        let bins = |values, columns| {
            let bins = Bins::new(values, columns);
            (bins.each, bins.count, bins.pitch, bins.bar)
        };
        assert_eq!(bins(7, 70), (1, 7, 10, 9));
        assert_eq!(bins(30, 76), (1, 30, 2, 1));
        assert_eq!(bins(76, 76), (1, 76, 1, 1));
        assert_eq!(bins(300, 76), (4, 75, 1, 1));
        assert_eq!(bins(1, 200), (1, 1, 10, 9));
        assert_eq!(bins(0, 10), (1, 0, 10, 9));
        assert_eq!(Bins::new(5, 2).sums([1, 2, 3, 4, u64::MAX].into_iter()), [6, u64::MAX]);
    }

    #[test]
    fn something_is_seen_of_whatever_is_more_than_nothing() {
        assert_eq!([eighths(0, 9, 1), eighths(1, 1_000_000, 4), eighths(9, 9, 4)], [0, 1, 32]);
        assert_eq!(
            [shade(0, 9), shade(1, 1_000), shade(500, 1_000), shade(9, 9)],
            [None, Some(0), Some(1), Some(3)]
        );
        assert_eq!(shade(0, 0), None);
        assert_eq!(
            [filled(0, 9, 3), filled(1, 900, 3), filled(9, 9, 3)].each_ref().map(Safe::as_str),
            ["░░░", "▓░░", "▓▓▓"]
        );
        assert_eq!(filled(0, 0, 2).as_str(), "░░");
    }
}
