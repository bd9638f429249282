//! The charts of `loquat usage --html`, as inline SVG. What a figure is, is told when the pointer rests on it.

use std::fmt::Write;

use jiff::civil::DateTime;
use jiff::{Span, ToSpan};

use super::html::escaped;
use crate::app::block::{euros, grouped};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{Charts, GroupBy, Histogram, Point, Step, Usage, UsageRow, largest};

/// The groups that are told apart in a stack.
const LARGEST: usize = 4;
/// Units of a wide chart and of others, and of the height of bars.
const WIDE: f64 = 1000.0;
const NARROW: f64 = 480.0;
const HIGH: f64 = 160.0;
/// Units of a day below an axis.
const LABEL: f64 = 70.0;

/// How series are hatched, for whoever does not tell their colours apart: a plain one, lines of four kinds.
pub fn patterns() -> String {
    let lines = ["", "M0 6L6 0", "M0 0L6 6", "M0 3H6", "M3 0V6"];
    let mut all =
        String::from("<svg width=\"0\" height=\"0\" style=\"position:absolute\" aria-hidden=\"true\"><defs>");
    for (at, line) in lines.iter().enumerate() {
        let _ = write!(
            all,
            "<pattern id=\"p{at}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"6\" height=\"6\" style=\"fill:var(--s{at})\"/>\
             <path d=\"{line}\" style=\"stroke:var(--ground);stroke-width:1.2;fill:none;opacity:.6\"/></pattern>"
        );
    }
    all.push_str("</defs></svg>\n");
    all
}

/// A chart with its name.
fn figure(class: &str, name: &str, (width, height): (f64, f64), drawn: &str, below: &str) -> String {
    format!(
        "<figure class=\"{class}\"><h2>{name}</h2><svg viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"{name}\">{drawn}</svg>{below}</figure>\n",
        name = escaped(name),
    )
}

/// A filled rectangle that tells what it is.
fn bar((x, y, width, height): (f64, f64, f64, f64), fill: &str, said: &str) -> String {
    format!(
        "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" {fill}>\
         <title>{}</title></rect>",
        escaped(said)
    )
}

fn text((x, y): (f64, f64), anchor: &str, said: &str) -> String {
    format!("<text x=\"{x:.2}\" y=\"{y:.2}\" text-anchor=\"{anchor}\">{}</text>", escaped(said))
}

/// What is counted over time: prices, where anything has one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Price,
    Requests,
}

impl Counts {
    fn of(self, price: Money, requests: u64) -> u64 {
        match self {
            Self::Price => u64::try_from(price.nanos()).unwrap_or_default(),
            Self::Requests => requests,
        }
    }

    fn point(self, point: &Point) -> u64 {
        self.of(point.cost_eur, point.requests)
    }

    fn told(self, value: u64) -> String {
        match self {
            Self::Price => euros(Money::from_nanos(i64::try_from(value).unwrap_or(i64::MAX))).into_string(),
            Self::Requests => grouped(value),
        }
    }
}

/// Bars over time, stacked by the largest groups.
pub fn over_time(usage: &Usage, charts: &Charts, names: &[String], by: GroupBy) -> String {
    let is_priced = charts.slots.iter().any(|point| point.cost_eur > Money::ZERO);
    let counts = if is_priced { Counts::Price } else { Counts::Requests };
    let of_row = |row: &UsageRow| counts.of(row.cost_eur, row.requests);
    let rows = &usage.report.rows;
    let mut largest = if by.is_time() { Vec::new() } else { largest(rows, of_row, LARGEST) };
    largest.retain(|at| charts.rows.get(*at).is_some_and(|points| !points.is_empty()));
    let step = WIDE / charts.slots.len().max(1) as f64;
    let most = charts.slots.iter().map(|point| counts.point(point)).max().unwrap_or_default().max(1);
    let mut drawn = text((0.0, 10.0), "start", &counts.told(most));
    for (slot, point) in charts.slots.iter().enumerate() {
        let day = begin(charts, slot);
        let mut parts: Vec<(usize, String, u64)> = Vec::new();
        for (series, at) in largest.iter().enumerate() {
            let value =
                charts.rows.get(*at).and_then(|points| points.get(slot)).map(|point| counts.point(point));
            parts.push((series, names.get(*at).cloned().unwrap_or_default(), value.unwrap_or_default()));
        }
        let known: u64 = parts.iter().map(|(.., value)| value).sum();
        let rest = counts.point(point).saturating_sub(known);
        let (series, name) = if largest.is_empty() {
            (0, t!("store-usage-total"))
        } else {
            (LARGEST, t!("ui-usage-others", count = rows.len().saturating_sub(largest.len())))
        };
        parts.push((series, name.into_string(), rest));
        let mut y = HIGH + 16.0;
        for (series, name, value) in parts.into_iter().filter(|(.., value)| *value > 0) {
            let height = value as f64 / most as f64 * HIGH;
            y -= height;
            let place = (slot as f64 * step, y, (step * 0.86).max(0.5), height);
            let said = format!("{}: {name} {}", label(charts.step, day), counts.told(value));
            drawn.push_str(&bar(place, &format!("fill=\"url(#p{series})\""), &said));
        }
    }
    let every = (charts.slots.len() / 10).max(1);
    // A label that would be cut at the right is left out.
    let begins = (0..charts.slots.len()).step_by(every).filter(|slot| *slot as f64 * step <= WIDE - LABEL);
    for slot in begins {
        let said = label(charts.step, begin(charts, slot));
        drawn.push_str(&text((slot as f64 * step, HIGH + 32.0), "start", &said));
    }
    let named = largest.iter().enumerate().map(|(series, at)| {
        (series, names.get(*at).cloned().unwrap_or_default(), rows.get(*at).map(of_row).unwrap_or_default())
    });
    let others = rows.len().saturating_sub(largest.len());
    let known: u64 = largest.iter().filter_map(|at| rows.get(*at)).map(of_row).sum();
    let rest = counts.of(usage.report.total.cost_eur, usage.report.total.requests).saturating_sub(known);
    let rest = (!largest.is_empty() && rest > 0)
        .then(|| (LARGEST, t!("ui-usage-others", count = others).into_string(), rest));
    let legend = named.chain(rest).map(|(series, name, sum)| {
        format!(
            "<li><svg viewBox=\"0 0 12 12\"><rect width=\"12\" height=\"12\" fill=\"url(#p{series})\"/></svg>{} {}</li>",
            escaped(&name),
            escaped(&counts.told(sum))
        )
    });
    let legend = format!("<ul>{}</ul>", legend.collect::<String>());
    let name = match (counts, charts.step) {
        (Counts::Price, Step::Hour) => t!("ui-usage-price-hour"),
        (Counts::Price, Step::Day) => t!("ui-usage-price-day"),
        (Counts::Price, Step::Week) => t!("ui-usage-price-week"),
        (Counts::Requests, Step::Hour) => t!("ui-usage-requests-hour"),
        (Counts::Requests, Step::Day) => t!("ui-usage-requests-day"),
        (Counts::Requests, Step::Week) => t!("ui-usage-requests-week"),
    };
    figure("wide", &name, (WIDE, HIGH + 40.0), &drawn, &legend)
}

/// When a slot begins.
fn begin(charts: &Charts, slot: usize) -> DateTime {
    let slots = i64::try_from(slot).unwrap_or_default();
    let after: Span = match charts.step {
        Step::Hour => slots.hours(),
        Step::Day => slots.days(),
        Step::Week => slots.weeks(),
    };
    charts.first.checked_add(after).unwrap_or(charts.first)
}

fn label(step: Step, at: DateTime) -> String {
    match step {
        Step::Hour => at.strftime("%m-%d %H:00").to_string(),
        Step::Day | Step::Week => at.strftime("%Y-%m-%d").to_string(),
    }
}

/// When in a week.
pub fn hours(charts: &Charts) -> String {
    const LEFT: f64 = 40.0;
    const CELL: f64 = 18.0;
    let most = charts.hours.iter().flatten().map(|point| point.requests).max().unwrap_or_default().max(1);
    let mut drawn = String::new();
    let days = t!("ui-usage-weekdays");
    for (row, (day, points)) in days.split_whitespace().zip(&charts.hours).enumerate() {
        let y = 18.0 + row as f64 * CELL;
        drawn.push_str(&text((0.0, y + 13.0), "start", day));
        for (hour, point) in points.iter().enumerate() {
            let share = point.requests as f64 / most as f64;
            let opacity = if point.requests == 0 { 0.05 } else { 0.18 + 0.82 * share };
            let place = (LEFT + hour as f64 * CELL, y, CELL - 2.0, CELL - 2.0);
            let said = format!("{day} {hour:02}:00: {}", grouped(point.requests));
            drawn.push_str(&bar(place, &format!("style=\"fill:var(--s0);opacity:{opacity:.2}\""), &said));
        }
    }
    for hour in (0..24).step_by(6) {
        let x = LEFT + f64::from(hour) * CELL;
        drawn.push_str(&text((x, 12.0), "start", &format!("{hour:02}")));
    }
    figure("", &t!("ui-usage-by-hour"), (NARROW, 18.0 + 7.0 * CELL), &drawn, "")
}

/// What failed, and why.
pub fn faults(charts: &Charts, total: &UsageRow) -> String {
    const ROW: f64 = 22.0;
    const LEFT: f64 = 150.0;
    let ended = [(t!("ui-usage-stopped"), total.cancelled), (t!("ui-usage-cut"), total.cut)];
    let faults = charts.faults.iter().map(|(fault, count)| (fault.name().replace('_', " "), *count, "bad"));
    let ended = ended.into_iter().filter(|(_, count)| *count > 0);
    let rows: Vec<(String, u64, &str)> =
        faults.chain(ended.map(|(name, count)| (name.into_string(), count, "s4"))).collect();
    let most = rows.iter().map(|(_, count, _)| *count).max().unwrap_or_default().max(1);
    let mut drawn = String::new();
    for (at, (name, count, colour)) in rows.iter().enumerate() {
        let y = at as f64 * ROW;
        let share = *count as f64 * 100.0 / total.requests.max(1) as f64;
        let said = format!("{} · {share:.1} %", grouped(*count));
        let width = *count as f64 / most as f64 * (NARROW - LEFT - 110.0);
        drawn.push_str(&text((0.0, y + 14.0), "start", name));
        drawn.push_str(&bar(
            (LEFT, y + 4.0, width, ROW - 8.0),
            &format!("style=\"fill:var(--{colour})\""),
            &said,
        ));
        drawn.push_str(&text((LEFT + width + 8.0, y + 14.0), "start", &said));
    }
    if rows.is_empty() {
        drawn = text((0.0, 14.0), "start", "–");
    }
    figure("", &t!("ui-usage-failed-share"), (NARROW, (rows.len().max(1) as f64 * ROW).max(40.0)), &drawn, "")
}

/// How times are spread, with the half and the most of them marked.
pub fn spread(name: &str, spread: &Histogram, marks: [Option<f64>; 2]) -> String {
    let most = spread.buckets.iter().map(|bucket| bucket.count).max().unwrap_or_default().max(1);
    // Two rows above the bars tell the percentiles; a bar alone is no wall.
    const ABOVE: f64 = 28.0;
    let step = (NARROW / spread.buckets.len().max(1) as f64).min(40.0);
    let seconds = |micros: f64| match micros {
        0.0 => "0 s".to_owned(),
        ..1e3 => format!("{micros:.0} µs"),
        1e3..1e5 => format!("{:.0} ms", micros / 1e3),
        _ => format!("{:.1} s", micros / 1e6),
    };
    let mut drawn = String::new();
    let every = (spread.buckets.len() / 8).max(1);
    for (at, bucket) in spread.buckets.iter().enumerate() {
        let height = bucket.count as f64 / most as f64 * HIGH;
        let x = at as f64 * step;
        let said = format!(
            "{}–{}: {}",
            seconds(bucket.from as f64),
            seconds(bucket.to as f64),
            grouped(bucket.count)
        );
        let place = (x, HIGH + ABOVE - height, step * 0.9, height);
        drawn.push_str(&bar(place, "style=\"fill:var(--s0)\"", &said));
        if at % every == 0 && x <= NARROW - LABEL / 2.0 {
            drawn.push_str(&text((x, HIGH + ABOVE + 14.0), "start", &seconds(bucket.from as f64)));
        }
    }
    for ((mark, said), y) in marks.into_iter().zip(["p50", "p95"]).zip([10.0, 22.0]) {
        let Some(micros) = mark.map(|seconds| seconds * 1e6) else { continue };
        let Some(at) = spread.buckets.iter().position(|bucket| micros < bucket.to as f64) else { continue };
        let x = (at as f64 + 0.5) * step;
        let _ = write!(
            drawn,
            "<line x1=\"{x:.2}\" y1=\"{:.2}\" x2=\"{x:.2}\" y2=\"{}\" style=\"stroke:var(--text);stroke-dasharray:3 3\"/>",
            y - 8.0,
            HIGH + ABOVE
        );
        let (x, anchor) = if x > NARROW / 2.0 { (x - 4.0, "end") } else { (x + 4.0, "start") };
        drawn.push_str(&text((x, y), anchor, &format!("{said} {}", seconds(micros))));
    }
    figure("", name, (NARROW, HIGH + ABOVE + 20.0), &drawn, "")
}
