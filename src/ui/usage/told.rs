//! The page as text, a line a fact: for who reads line by line.

use crate::app::Model;
use crate::app::block::grouped;
use crate::app::usage::{Shown, Totals, UsageAnswer, UsagePage, UsageState, UsageView, group_name};
use crate::t;
use crate::telemetry::Charts;
use crate::text::{Safe, sanitise};

use super::charts::{Counts, weekdays};
use super::figures::{facts, footprint, seconds, share};
use super::{events, table};

/// The days that are told one by one.
const SLOTS: usize = 31;

/// What the page says above its rows.
pub fn head(page: &UsagePage) -> Vec<Safe> {
    let Some(shown) = page.shown() else {
        return vec![match &page.state {
            UsageState::Failed(reason) => t!("ui-usage-failed", reason = reason),
            UsageState::Loading | UsageState::Here(_) => t!("ui-usage-loading"),
        }];
    };
    if page.view == UsageView::Wins {
        return vec![t!("ui-wins")];
    }
    let mut way = vec![shown.query.range.name()];
    way.extend(page.trail.iter().map(|visit| visit.name.clone()));
    let way: Vec<&str> = way.iter().map(Safe::as_str).collect();
    let about = match &shown.answer {
        UsageAnswer::Totals(_) => group_name(shown.query.by),
        UsageAnswer::Events(events) => t!("ui-usage-events", count = grouped(events.all as u64)),
    };
    let mut lines = vec![sanitise(&format!("{}, {}, {about}:", t!("ui-usage"), way.join(", ")))];
    if page.rows() == 0 {
        lines.push(t!("ui-usage-none"));
    }
    lines
}

/// What each of the first rows says.
pub fn rows(model: &Model, shown: &Shown, most: usize) -> Vec<Safe> {
    match &shown.answer {
        UsageAnswer::Totals(totals) => {
            let row = |at: &usize| {
                let row = totals.usage.report.rows.get(*at)?;
                Some(sanitise(&format!("{}: {}", shown.name(row), facts(row))))
            };
            shown.listed.iter().take(most).filter_map(row).collect()
        }
        UsageAnswer::Events(found) => {
            found.page.iter().take(most).map(|found| events::told(model, found)).collect()
        }
    }
}

/// What it says below them: the sum, and what the charts show.
pub fn foot(shown: &Shown) -> Vec<Safe> {
    let Some(totals) = shown.totals() else { return Vec::new() };
    let mut lines =
        vec![sanitise(&format!("{}: {}", t!("ui-usage-total"), facts(&totals.usage.report.total)))];
    lines.extend(totals.lineage.iter().flat_map(table::lineage));
    lines.extend(shown.charts().into_iter().flat_map(|charts| charted(totals, charts)));
    lines.extend(totals.usage.report.total.footprint.map(footprint));
    lines.push(table::notes(totals));
    lines.retain(|line| !line.is_empty());
    lines
}

/// What the charts show, in words.
fn charted(totals: &Totals, charts: &Charts) -> Vec<Safe> {
    let total = &totals.usage.report.total;
    if total.attempts == 0 {
        return Vec::new();
    }
    let counts = Counts::of(&charts.slots);
    let said: Vec<String> = charts
        .slots
        .iter()
        .rev()
        .take(SLOTS)
        .rev()
        .map(|point| counts.told(counts.value(point)).into_string())
        .collect();
    let mut lines = vec![sanitise(&format!("{}: {}", counts.name(charts.step), said.join(", ")))];
    let days = weekdays();
    let hours = charts.hours.iter().zip(&days).flat_map(|(hours, day)| {
        hours.iter().enumerate().map(move |(hour, point)| (point.requests, day, hour))
    });
    if let Some((most, day, hour)) = hours.max_by_key(|(requests, ..)| *requests) {
        lines.push(t!("ui-usage-busiest", day = day, hour = hour, count = grouped(most)));
    }
    for (name, half, most) in [
        (t!("ui-usage-latency"), total.latency_p50, total.latency_p95),
        (t!("ui-usage-ttft"), total.ttft_p50, total.ttft_p95),
    ] {
        let told = t!("ui-usage-percentiles", half = seconds(half), most = seconds(most));
        lines.push(sanitise(&format!("{name}: {told}")));
    }
    for (fault, count) in &charts.faults {
        let share = share(*count, total.requests);
        lines.push(sanitise(&format!("{}: {} ({share})", fault.name().replace('_', " "), grouped(*count))));
    }
    lines
}
