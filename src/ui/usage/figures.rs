//! Figures as people read them: prices, shares, times, and what each column says of a row.

use crate::app::block::{euros, grouped};
use crate::app::usage::Column;
use crate::chat::Money;
use crate::t;
use crate::telemetry::{Taken, UsageRow};
use crate::text::{Safe, sanitise};

/// Stands where nothing was measured.
const NOTHING: &str = "–";

/// The head of a column.
pub fn head(column: Column) -> Safe {
    match column {
        Column::Requests => t!("ui-usage-requests"),
        Column::TokensIn => t!("ui-usage-in"),
        Column::Cached => t!("ui-usage-cached"),
        Column::TokensOut => t!("ui-usage-out"),
        Column::Price => t!("ui-usage-price"),
        Column::Latency => t!("ui-usage-p50"),
        Column::LatencyMost => t!("ui-usage-p95"),
        Column::FirstContent => t!("ui-usage-first"),
        Column::FirstMost => t!("ui-usage-first-p95"),
        Column::Speed => t!("ui-usage-speed"),
        Column::Errors => t!("ui-usage-errors"),
        Column::Energy => t!("ui-usage-energy"),
        Column::Carbon => t!("ui-usage-carbon"),
    }
}

/// What a column says of a row.
pub fn cell(column: Column, row: &UsageRow) -> Safe {
    match column {
        Column::Requests => sanitise(&grouped(row.requests)),
        Column::TokensIn => tokens(row.tokens_in),
        Column::Cached => share(row.cached_in, row.tokens_in),
        Column::TokensOut => tokens(row.tokens_out),
        Column::Price => price(row),
        Column::Latency => seconds(row.latency_p50),
        Column::LatencyMost => seconds(row.latency_p95),
        Column::FirstContent => seconds(row.ttft_p50),
        Column::FirstMost => seconds(row.ttft_p95),
        Column::Speed => rate(row.tokens_per_second),
        Column::Errors => share(row.errors, row.requests),
        Column::Energy => estimate(row.footprint.and_then(|taken| taken.energy())),
        Column::Carbon => estimate(row.footprint.and_then(|taken| taken.carbon())),
    }
}

fn estimate(told: Option<String>) -> Safe {
    sanitise(told.as_deref().unwrap_or(NOTHING))
}

/// What a row says, each figure after its name.
pub fn facts(row: &UsageRow) -> String {
    let columns = Column::EACH.into_iter().filter(|column| row.footprint.is_some() || !column.is_estimate());
    let facts = columns.map(|column| format!("{} {}", head(column), cell(column, row)));
    facts.collect::<Vec<_>>().join(", ")
}

/// What requests took in energy and carbon, and of how many that is not known.
pub fn footprint(taken: Taken) -> Safe {
    let known = taken.energy().zip(taken.carbon());
    let known = known.map(|(energy, carbon)| t!("ui-usage-footprint", energy = energy, carbon = carbon));
    let unknown = (taken.unknown > 0)
        .then(|| t!("ui-usage-footprint-unknown", count = taken.unknown, said = grouped(taken.unknown)));
    let said: Vec<String> = known.into_iter().chain(unknown).map(Safe::into_string).collect();
    sanitise(&said.join(" · "))
}

/// The price of a group: a part of it, where some of it is not known.
pub fn price(row: &UsageRow) -> Safe {
    match (row.unpriced > 0, row.cost_eur == Money::ZERO) {
        (true, true) => t!("ui-usage-unknown"),
        (true, false) => sanitise(&format!("≥ {}", amount(row.cost_eur))),
        // What was asked in vain is not what "free" tells of a model.
        (false, true) if row.tokens_in == 0 && row.tokens_out == 0 => sanitise(NOTHING),
        (false, _) => amount(row.cost_eur),
    }
}

/// An amount in fewer cells than its column has, behind the sign that there is more, too: of large ones nobody asks for
/// the cents.
fn amount(amount: Money) -> Safe {
    let whole = u64::try_from(amount.nanos() / 1_000_000_000).unwrap_or_default();
    match whole {
        0..100_000 => euros(amount),
        100_000..1_000_000 => sanitise(&format!("€{}", grouped(whole))),
        1_000_000.. => sanitise(&format!("€{}.{}M", whole / 1_000_000, whole % 1_000_000 / 100_000)),
    }
}

/// A part of a whole.
pub fn share(part: u64, whole: u64) -> Safe {
    let percent = |percent: u64| match percent {
        0 if part > 0 => "< 1 %".to_owned(),
        percent => format!("{percent} %"),
    };
    sanitise(&(part.saturating_mul(100)).checked_div(whole).map_or_else(|| NOTHING.to_owned(), percent))
}

/// Tokens in thousands, millions, or thousand millions: no more than five cells.
fn tokens(count: u64) -> Safe {
    sanitise(&match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => format!("{}k", count / 1_000),
        1_000_000..100_000_000 => format!("{}.{}M", count / 1_000_000, count % 1_000_000 / 100_000),
        100_000_000..1_000_000_000 => format!("{}M", count / 1_000_000),
        1_000_000_000.. => format!("{}.{}G", count / 1_000_000_000, count % 1_000_000_000 / 100_000_000),
    })
}

/// Seconds, or thousandths of one.
pub fn seconds(seconds: Option<f64>) -> Safe {
    sanitise(&match seconds {
        None => NOTHING.to_owned(),
        Some(seconds) if seconds > 0.0 && seconds < 0.001 => format!("{:.0} µs", seconds * 1e6),
        Some(seconds) if seconds < 0.1 => format!("{:.0} ms", seconds * 1e3),
        Some(seconds) if seconds < 100.0 => format!("{seconds:.1} s"),
        Some(seconds) => format!("{seconds:.0} s"),
    })
}

/// Tokens a second.
pub fn rate(rate: Option<f64>) -> Safe {
    sanitise(&rate.map_or_else(|| NOTHING.to_owned(), |rate| format!("{rate:.0}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_is_known_in_part_says_so_and_one_that_is_not_is_no_zero() {
        let row = |nanos, unpriced, tokens_in| UsageRow {
            cost_eur: Money::from_nanos(nanos),
            unpriced,
            tokens_in,
            ..UsageRow::default()
        };
        for (row, expected) in [
            (row(1_500_000_000, 0, 9), "€1.50"),
            (row(1_500_000_000, 2, 9), "≥ €1.50"),
            (row(98_765_430_000_000, 0, 9), "€98\u{202f}765.43"),
            (row(987_654_321_000_000, 2, 9), "≥ €987\u{202f}654"),
            (row(9_876_543_210_000_000, 2, 9), "≥ €9.8M"),
            (row(98_765_432_100_000_000, 0, 9), "€98.7M"),
            (row(0, 2, 9), "unknown"),
            (row(0, 0, 9), "free"),
            (row(0, 0, 0), "–"),
        ] {
            assert_eq!(price(&row).as_str(), expected);
        }
    }

    #[test]
    fn tokens_are_told_in_few_cells() {
        let said = [999, 1_999, 85_940_000, 520_000_000, 1_765_200_000].map(tokens);
        assert_eq!(said.each_ref().map(Safe::as_str), ["999", "1k", "85.9M", "520M", "1.7G"]);
    }

    #[test]
    fn little_is_not_nothing() {
        let said = [share(0, 0), share(0, 9), share(1, 900), share(2, 3), share(u64::MAX, 1)];
        assert_eq!(said[..4].iter().map(Safe::as_str).collect::<Vec<_>>(), ["–", "0 %", "< 1 %", "66 %"]);
        let said = [seconds(None), seconds(Some(0.0412)), seconds(Some(2.14)), seconds(Some(240.4))];
        assert_eq!(said.each_ref().map(Safe::as_str), ["–", "41 ms", "2.1 s", "240 s"]);
    }
}
