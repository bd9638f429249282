//! The charts of the page: what was spent over time and on what, when in a week, how long it took, what failed.

use jiff::civil::DateTime;
use jiff::{Span, ToSpan};
use ratatui::layout::Rect;

use crate::app::block::{euros, grouped};
use crate::app::usage::{Chart, Shown};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{Charts, Histogram, Point, Step, UsageRow, largest};
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise};

use super::super::paint::Painter;
use super::super::theme::Role;
use super::figures::{seconds, share};
use super::plot::{self, Bins, PARTS, SHADES};

/// Draws one of them.
pub fn draw(chart: Chart, shown: &Shown, area: Rect, painter: &mut Painter<'_>) {
    let (Some(totals), Some(charts)) = (shown.totals(), shown.charts()) else { return };
    let total = &totals.usage.report.total;
    match chart {
        Chart::Line => line(charts, area, painter),
        Chart::Bars => stacked(shown, charts, area, painter),
        Chart::Hours => hours(charts, area, painter),
        Chart::Latency => {
            let marks = [total.latency_p50, total.latency_p95];
            spread(&t!("ui-usage-latency"), &charts.latency, marks, area, painter);
        }
        Chart::FirstContent => {
            let marks = [total.ttft_p50, total.ttft_p95];
            spread(&t!("ui-usage-ttft"), &charts.ttft, marks, area, painter);
        }
        Chart::Shares => shares(charts, total, area, painter),
    }
}

/// What a chart over time counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    Price,
    Requests,
}

impl Counts {
    /// Prices, where anything has one.
    pub fn of(slots: &[Point]) -> Self {
        let is_priced = slots.iter().any(|point| point.cost_eur > Money::ZERO);
        if is_priced { Self::Price } else { Self::Requests }
    }

    /// How much of it is in a slot.
    pub fn value(self, point: &Point) -> u64 {
        match self {
            Self::Price => u64::try_from(point.cost_eur.nanos()).unwrap_or_default(),
            Self::Requests => point.requests,
        }
    }

    fn of_row(self, row: &UsageRow) -> u64 {
        match self {
            Self::Price => u64::try_from(row.cost_eur.nanos()).unwrap_or_default(),
            Self::Requests => row.requests,
        }
    }

    /// As people read it.
    pub fn told(self, value: u64) -> Safe {
        match self {
            Self::Price if value == 0 => sanitise("€0"),
            Self::Price => euros(Money::from_nanos(i64::try_from(value).unwrap_or(i64::MAX))),
            Self::Requests => sanitise(&grouped(value)),
        }
    }

    /// What a slot of it is called.
    pub fn name(self, step: Step) -> Safe {
        match (self, step) {
            (Self::Price, Step::Hour) => t!("ui-usage-price-hour"),
            (Self::Price, Step::Day) => t!("ui-usage-price-day"),
            (Self::Price, Step::Week) => t!("ui-usage-price-week"),
            (Self::Requests, Step::Hour) => t!("ui-usage-requests-hour"),
            (Self::Requests, Step::Day) => t!("ui-usage-requests-day"),
            (Self::Requests, Step::Week) => t!("ui-usage-requests-week"),
        }
    }
}

/// What a bar stands for, where it is more than a slot.
fn bar_name(counts: Counts, charts: &Charts, bins: &Bins) -> Safe {
    let name = counts.name(charts.step);
    if bins.each == 1 { name } else { t!("ui-usage-bar", name = name, count = bins.each) }
}

/// One row: what was spent over time.
fn line(charts: &Charts, area: Rect, painter: &mut Painter<'_>) {
    /// Columns of what is told behind it, with the gaps.
    const BEHIND: u16 = 22;
    let counts = Counts::of(&charts.slots);
    // What a bar stands for is part of the name, and the name leaves less room for bars.
    let mut name = counts.name(charts.step);
    let mut plot = area;
    let mut bins = Bins::new(charts.slots.len(), area.width);
    for _ in 0..2 {
        let cells = u16::try_from(width(&name)).unwrap_or(u16::MAX);
        plot = Rect { x: area.x + cells + 1, width: area.width.saturating_sub(cells + BEHIND), ..area };
        bins = Bins::new(charts.slots.len(), plot.width);
        name = bar_name(counts, charts, &bins);
    }
    let values = bins.sums(charts.slots.iter().map(|point| counts.value(point)));
    let most = values.iter().copied().max().unwrap_or_default();
    painter.text((area.x, area.y), &name, Role::Dim, area.width);
    plot::bars(&values, &bins, plot, Role::Accent, painter);
    let said = t!("ui-usage-most", most = counts.told(most));
    painter.text_right((area.right(), area.y), &said, Role::Dim, plot.right());
}

/// The largest groups, by their place in the report.
const LARGEST: usize = PARTS.len() - 1;

/// A head, bars in parts, days, and what the parts are.
fn stacked(shown: &Shown, charts: &Charts, area: Rect, painter: &mut Painter<'_>) {
    let Some(totals) = shown.totals() else { return };
    let rows = &totals.usage.report.rows;
    let counts = Counts::of(&charts.slots);
    let bins = Bins::new(charts.slots.len(), area.width);
    let sums = |points: &[Point]| bins.sums(points.iter().map(|point| counts.value(point)));
    let all = sums(&charts.slots);
    let mut parts: Vec<(Safe, u64, Vec<u64>)> = Vec::new();
    if !shown.query.by.is_time() {
        for at in largest(rows, |row| counts.of_row(row), LARGEST) {
            let (Some(row), Some(points)) = (rows.get(at), charts.rows.get(at)) else { continue };
            if counts.of_row(row) > 0 && !points.is_empty() {
                parts.push((shown.name(row), counts.of_row(row), sums(points)));
            }
        }
    }
    let shown_of = |bin: usize| parts.iter().filter_map(|(.., values)| values.get(bin)).sum::<u64>();
    let rest: Vec<u64> = all.iter().enumerate().map(|(bin, all)| all.saturating_sub(shown_of(bin))).collect();
    let rest_sum: u64 = rest.iter().sum();
    if parts.is_empty() {
        parts.push((t!("ui-usage-total"), rest_sum, rest));
    } else if rest_sum > 0 {
        let others = totals.usage.groups.saturating_sub(parts.len());
        parts.push((t!("ui-usage-others", count = others), rest_sum, rest));
    }
    let most = all.iter().copied().max().unwrap_or_default();
    title(&bar_name(counts, charts, &bins), &t!("ui-usage-most", most = counts.told(most)), area, painter);
    let legend = u16::from(parts.len() > 1);
    let plot = Rect { y: area.y + 1, height: area.height.saturating_sub(2 + legend), ..area };
    let last = if parts.len() > LARGEST { LARGEST } else { parts.len() };
    let values: Vec<Vec<u64>> = parts.iter().map(|(.., values)| values.clone()).collect();
    plot::stacks(&values, &bins, plot, painter);
    let axis = Rect { y: plot.bottom(), height: 1, ..area };
    dates(charts, &bins, axis, painter);
    if legend == 0 {
        return;
    }
    let said: Vec<(Safe, Safe)> = parts.into_iter().map(|(name, sum, _)| (name, counts.told(sum))).collect();
    self::legend(&said, last, Rect { y: axis.y + 1, height: 1, ..area }, painter);
}

/// What the parts of a stack are: with their sums where there is room, else with as much of their names as there is.
fn legend(parts: &[(Safe, Safe)], last: usize, area: Rect, painter: &mut Painter<'_>) {
    const NAMES: [usize; 5] = [24, 18, 12, 8, 5];
    let with_sum = |most: usize| {
        let said = parts.iter().map(|(name, sum)| sanitise(&format!("{} {sum}", truncate(name, most))));
        said.collect::<Vec<_>>()
    };
    let alone = |most: usize| parts.iter().map(|(name, _)| truncate(name, most)).collect::<Vec<_>>();
    let cells = |said: &Vec<Safe>| said.iter().map(|said| width(said) + 4).sum::<usize>().saturating_sub(2);
    let fits = |said: &Vec<Safe>| cells(said) <= usize::from(area.width);
    let ways = [with_sum(NAMES[0]), with_sum(NAMES[2])].into_iter().chain(NAMES.map(alone));
    let Some(said) = ways.into_iter().find(fits) else { return };
    let mut x = area.x;
    for (at, said) in said.iter().enumerate() {
        let (sign, role) = PARTS[at.min(last)];
        x = painter.text((x, area.y), &sanitise(sign), role, 1);
        x = painter.text((x + 1, area.y), said, Role::Dim, area.right().saturating_sub(x + 1)) + 2;
    }
}

/// The head of a chart, and what is told of it at its right.
fn title(name: &Safe, about: &Safe, area: Rect, painter: &mut Painter<'_>) {
    let after = painter.text((area.x, area.y), name, Role::Heading, area.width);
    painter.text((after + 2, area.y), about, Role::Dim, area.right().saturating_sub(after + 2));
}

/// The days below bars: each bar's, where there is room, else as many as there is room for.
fn dates(charts: &Charts, bins: &Bins, area: Rect, painter: &mut Painter<'_>) {
    let begins = |bin: usize| {
        let slots = i64::try_from(bin * bins.each).unwrap_or(0);
        let after: Span = match charts.step {
            Step::Hour => slots.hours(),
            Step::Day => slots.days(),
            Step::Week => slots.weeks(),
        };
        charts.first.checked_add(after).unwrap_or(charts.first)
    };
    let days = weekdays();
    let name = |at: DateTime| match charts.step {
        Step::Hour => sanitise(&at.strftime("%H").to_string()),
        Step::Day | Step::Week if bins.count > 8 || bins.each > 1 => {
            sanitise(&at.strftime("%m-%d").to_string())
        }
        Step::Day | Step::Week => {
            let day = days.get(usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0));
            sanitise(&format!("{} {}", day.map_or("", Safe::as_str), at.day()))
        }
    };
    // An hour in six is as many as anybody counts; days stand as close as they can.
    let every = if charts.step == Step::Hour { 6 } else { 1 };
    let shown = (0..bins.count).step_by(every).map(|bin| (bins.x(area, bin), name(begins(bin))));
    plot::labels(shown, (area, Role::Dim), painter);
}

/// The days of the week, Monday first.
pub fn weekdays() -> Vec<Safe> {
    t!("ui-usage-weekdays").split_whitespace().map(sanitise).collect()
}

/// When in a week: a shade an hour.
fn hours(charts: &Charts, area: Rect, painter: &mut Painter<'_>) {
    const LABEL: u16 = 4;
    let most = charts.hours.iter().flatten().map(|point| point.requests).max().unwrap_or_default();
    let about = t!("ui-usage-most", most = grouped(most));
    title(&t!("ui-usage-by-hour"), &about, area, painter);
    let cells: u16 = if area.width >= LABEL + 48 { 2 } else { 1 };
    let (head, legend) = (u16::from(area.height >= 9), area.height >= 10);
    let grid = Rect { x: area.x + LABEL, y: area.y + 1 + head, width: cells * 24, height: 7 };
    if head > 0 {
        let every = (0..24u16).step_by(6);
        let hours = every.map(|hour| (grid.x + hour * cells, sanitise(&format!("{hour:02}"))));
        plot::labels(hours, (Rect { y: area.y + 1, height: 1, ..grid }, Role::Dim), painter);
    }
    let days = weekdays();
    for (y, (day, points)) in (grid.y..area.bottom()).zip(days.iter().zip(&charts.hours)) {
        painter.text((area.x, y), day, Role::Dim, LABEL - 1);
        for (x, point) in (grid.x..).step_by(usize::from(cells)).zip(points) {
            let (sign, role) = match plot::shade(point.requests, most) {
                Some(shade) => (SHADES[shade].repeat(usize::from(cells)), Role::Accent),
                None => (plot::NONE.to_owned(), Role::Dim),
            };
            painter.text((x, y), &sanitise(&sign), role, cells);
        }
    }
    if legend && most > 0 {
        let bound = |step: u64| most * step / SHADES.len() as u64;
        let shades = (1..).zip(SHADES).filter(|(step, _)| bound(*step) > bound(step - 1));
        let said = shades.map(|(step, sign)| format!("{sign} ≤ {}", grouped(bound(step))));
        let said = sanitise(&said.collect::<Vec<_>>().join("  "));
        painter.text((grid.x, grid.bottom()), &said, Role::Dim, area.width.saturating_sub(LABEL));
    }
}

/// How times are spread, and where half of them and most of them end.
fn spread(name: &Safe, spread: &Histogram, marks: [Option<f64>; 2], area: Rect, painter: &mut Painter<'_>) {
    let [p50, p95] = marks;
    let about = t!("ui-usage-percentiles", half = seconds(p50), most = seconds(p95));
    title(name, &about, area, painter);
    if spread.buckets.is_empty() {
        painter.text((area.x, area.y + 1), &t!("ui-usage-unmeasured"), Role::Dim, area.width);
        return;
    }
    let bins = Bins::new(spread.buckets.len(), area.width);
    let marked = area.height >= 5;
    let plot = Rect { y: area.y + 1, height: area.height.saturating_sub(2 + u16::from(marked)), ..area };
    let counts: Vec<u64> = bins.sums(spread.buckets.iter().map(|bucket| bucket.count));
    plot::bars(&counts, &bins, plot, Role::Accent, painter);
    let axis = Rect { y: plot.bottom(), height: 1, ..area };
    let begins = spread.buckets.iter().step_by(bins.each).enumerate();
    let times = begins.map(|(bin, bucket)| (bins.x(area, bin), seconds(Some(bucket.from as f64 / 1e6))));
    plot::labels(times, (axis, Role::Dim), painter);
    if !marked {
        return;
    }
    let place = |mark: Option<f64>| {
        let micros = mark? * 1e6;
        let at = spread.buckets.iter().position(|bucket| micros < bucket.to as f64)?;
        Some(bins.x(area, at / bins.each) + bins.bar / 2)
    };
    let said = match (place(p50), place(p95)) {
        (Some(a), Some(b)) if b < a + 6 => vec![(a, t!("ui-usage-mark-both"))],
        (half, most) => {
            let half = half.map(|x| (x, t!("ui-usage-mark-half")));
            half.into_iter().chain(most.map(|x| (x, t!("ui-usage-mark-most")))).collect()
        }
    };
    let below = Rect { y: axis.y + 1, ..axis };
    // A mark at the right edge is told before it.
    let shift = |(x, said): (u16, Safe)| {
        let cells = u16::try_from(width(&said)).unwrap_or(0);
        (x.min(below.right().saturating_sub(cells)), said)
    };
    plot::labels(said.into_iter().map(shift), (below, Role::Text), painter);
}

/// How fast, what was cached, what failed and why.
fn shares(charts: &Charts, total: &UsageRow, area: Rect, painter: &mut Painter<'_>) {
    const NAME: u16 = 17;
    const FIGURES: u16 = 15;
    let bar = area.width.saturating_sub(NAME + FIGURES).min(16);
    let of = |part: u64, whole: u64| {
        let share = share(part, whole);
        sanitise(&format!("{share:>5}  {}", grouped(part)))
    };
    let failed = t!("ui-usage-failed-share");
    let speed = match total.tokens_per_second {
        Some(rate) => t!("ui-usage-rate", rate = format!("{rate:.0}")),
        None => t!("ui-usage-unmeasured"),
    };
    let tokens = format!("{:>5}", share(total.cached_in, total.tokens_in).as_str());
    let mut rows = vec![
        (t!("ui-usage-cached-share"), (total.cached_in, total.tokens_in), sanitise(&tokens), Role::Accent),
        (failed, (total.errors, total.requests), of(total.errors, total.requests), Role::Bad),
    ];
    for (fault, count) in &charts.faults {
        let name = sanitise(&format!("· {}", fault.name().replace('_', " ")));
        rows.push((name, (*count, total.errors), of(*count, total.errors), Role::Bad));
    }
    for (name, count) in [(t!("ui-usage-stopped"), total.cancelled), (t!("ui-usage-cut"), total.cut)] {
        if count > 0 {
            rows.push((name, (count, total.requests), of(count, total.requests), Role::Accent));
        }
    }
    title(&t!("ui-usage-speed-name"), &speed, Rect { height: 1, ..area }, painter);
    for (y, (name, (part, whole), said, role)) in (area.y + 1..area.bottom()).zip(rows) {
        painter.text((area.x, y), &name, Role::Dim, NAME - 1);
        painter.text((area.x + NAME, y), &plot::filled(part, whole, bar), role, bar);
        let x = area.x + NAME + bar + 1;
        painter.text((x, y), &said, Role::Text, area.right().saturating_sub(x));
    }
}
