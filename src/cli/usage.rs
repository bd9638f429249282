//! `loquat usage`

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use super::args::UsageArgs;
use super::{Context, Exit};
use crate::t;
use crate::telemetry::{GroupBy, Index, Log, Query, UsageReport, UsageRow};
use crate::text::{Safe, sanitise, sanitise_line, width::truncate};

/// Days of a report that names none.
const DAYS: i32 = 30;
/// Cells of a group's name, so that a row fits 80 columns.
const KEY: usize = 22;

/// Prints what was used and what it cost.
pub fn run(args: &UsageArgs, context: &Context) -> Exit {
    let (from, to) = match range(args, Zoned::now().date()) {
        Ok(range) => range,
        Err(error) => {
            context.out.error(&t!("cli-error", message = error));
            return Exit::USAGE;
        }
    };
    let log = Log::of(&context.paths);
    let index = Index::new(log.clone(), context.paths.usage_index());
    let query = Query::new(from, to, args.by, TimeZone::system());
    let usage = match index.usage(&query) {
        Ok(usage) => usage,
        Err(error) => return unreadable(&log, &error, context),
    };
    if usage.damaged > 0 {
        context.out.note(&t!("store-usage-skipped", count = usage.damaged));
    }
    let report = usage.report;
    if args.json {
        context.out.json(&report);
    } else if args.csv {
        context.out.line(&csv(&report));
    } else {
        table(&report, args.by, context);
    }
    // What cannot be kept is read from the log again.
    let _ = index.save();
    Exit::OK
}

fn unreadable(log: &Log, error: &std::io::Error, context: &Context) -> Exit {
    let folder = log.folder().display().to_string();
    let message = t!("store-error-file", path = folder, error = error.to_string());
    context.out.error(&t!("cli-error", message = message));
    Exit::INTERNAL
}

/// The days asked for: up to today, and thirty of them, where nothing else is said.
fn range(args: &UsageArgs, today: Date) -> Result<(Date, Date), Safe> {
    let day = |text: &str| {
        text.parse::<Date>().map_err(|_| t!("store-usage-not-a-day", text = sanitise_line(text)))
    };
    let to = args.until.as_deref().map_or(Ok(today), day)?;
    let from = args.since.as_deref().map_or_else(|| Ok(to.saturating_sub((DAYS - 1).days())), day)?;
    if from > to {
        return Err(t!("store-usage-backwards", from = from.to_string(), to = to.to_string()));
    }
    Ok((from, to))
}

/// The columns of `--json`, the sum of all in a last row without a key.
fn csv(report: &UsageReport) -> String {
    let mut lines = vec![
        "key,requests,errors,tokens_in,tokens_out,cached_in,reasoning_out,cost_eur,unpriced,latency_p50,\
         latency_p95,ttft_p50"
            .to_owned(),
    ];
    for row in report.rows.iter().chain([&report.total]) {
        let seconds = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let fields = [
            quoted(&row.key),
            row.requests.to_string(),
            row.errors.to_string(),
            row.tokens_in.to_string(),
            row.tokens_out.to_string(),
            row.cached_in.to_string(),
            row.reasoning_out.to_string(),
            row.cost_eur.to_string(),
            row.unpriced.to_string(),
            seconds(row.latency_p50),
            seconds(row.latency_p95),
            seconds(row.ttft_p50),
        ];
        lines.push(fields.join(","));
    }
    lines.join("\n")
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn table(report: &UsageReport, by: GroupBy, context: &Context) {
    let header = [
        heading(by),
        t!("store-column-requests"),
        t!("store-column-errors"),
        t!("store-column-tokens-in"),
        t!("store-column-tokens-out"),
        t!("store-column-price"),
        t!("store-column-latency"),
    ];
    let mut rows: Vec<Vec<Safe>> = report.rows.iter().map(|row| cells(&row.key, row)).collect();
    rows.push(cells(&t!("store-usage-total"), &report.total));
    context.out.table(&header, rows);
    if report.total.unpriced > 0 {
        context.out.note(&t!("store-usage-unpriced", count = report.total.unpriced));
    }
}

fn heading(by: GroupBy) -> Safe {
    match by {
        GroupBy::Day => t!("store-column-day"),
        GroupBy::Week => t!("store-column-week"),
        GroupBy::Model => t!("store-column-model"),
        GroupBy::Endpoint => t!("store-column-endpoint"),
        GroupBy::Key => t!("store-column-key"),
        GroupBy::Conversation => t!("store-column-conversation"),
        GroupBy::Branch => t!("store-column-branch"),
        GroupBy::User => t!("store-column-user"),
        GroupBy::Mode => t!("store-column-mode"),
    }
}

fn cells(key: &str, row: &UsageRow) -> Vec<Safe> {
    let key = if key.is_empty() { t!("store-usage-unnamed") } else { sanitise_line(key) };
    let latency = row.latency_p50.map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1}s"));
    let rest = [
        row.requests.to_string(),
        row.errors.to_string(),
        row.tokens_in.to_string(),
        row.tokens_out.to_string(),
        format!("{:.4}", row.cost_eur.to_decimal()),
        latency,
    ];
    std::iter::once(truncate(&key, KEY)).chain(rest.iter().map(|cell| sanitise(cell))).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::chat::Money;

    fn args(since: Option<&str>, until: Option<&str>) -> UsageArgs {
        UsageArgs {
            by: GroupBy::Day,
            since: since.map(str::to_owned),
            until: until.map(str::to_owned),
            json: false,
            csv: false,
        }
    }

    #[test]
    fn a_range_is_thirty_days_up_to_today_unless_said() {
        let today = date(2026, 11, 21);
        for (since, until, expected) in [
            (None, None, (date(2026, 10, 23), today)),
            (Some("2026-11-01"), None, (date(2026, 11, 1), today)),
            (None, Some("2026-01-31"), (date(2026, 1, 2), date(2026, 1, 31))),
            (Some("2026-02-01"), Some("2026-02-01"), (date(2026, 2, 1), date(2026, 2, 1))),
        ] {
            assert_eq!(range(&args(since, until), today), Ok(expected));
        }
        for (since, until) in
            [(Some("yesterday"), None), (Some("2026-11-22"), None), (None, Some("2026-13-01"))]
        {
            assert!(range(&args(since, until), today).is_err(), "{since:?} {until:?}");
        }
    }

    #[test]
    fn csv_has_the_columns_of_json_quotes_what_needs_it_and_ends_in_the_total() {
        let row = UsageRow {
            key: "a,\"b\"".into(),
            requests: 2,
            cost_eur: Money::from_nanos(1_500),
            latency_p50: Some(1.5),
            ..UsageRow::default()
        };
        let report = UsageReport {
            from: date(2026, 11, 1),
            to: date(2026, 11, 2),
            by: "model".into(),
            rows: vec![row.clone()],
            total: UsageRow { key: String::new(), ..row },
        };
        let header: Vec<String> =
            serde_json::to_value(&report.total).unwrap().as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            csv(&report),
            format!(
                "{}\n\"a,\"\"b\"\"\",2,0,0,0,0,0,0.0000015,0,1.5,,\n,2,0,0,0,0,0,0.0000015,0,1.5,,",
                header.join(",")
            )
        );
    }
}
