//! `loquat usage`

mod html;
mod svg;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Serialize;
use serde_json::json;

use super::args::{UsageArgs, UsageCommand};
use super::export::write;
use super::out::Form;
use super::stored::with_store;
use super::{Context, Exit};
use crate::app::usage::{day, span, step};
use crate::catalog::{Catalog, Price};
use crate::chat::{ConversationId, ErrorKind, Failure, MessageId, Money};
use crate::storage::trials::{self, Wins};
use crate::t;
use crate::telemetry::footprint::Method;
use crate::telemetry::import::{self, Entry, Mistake, Origin};
use crate::telemetry::sinks::{Desk, Tidied};
use crate::telemetry::{
    Archived, Damage, GroupBy, Index, Level, Log, Only, Query, Standing, Taken, Till, Usage, UsageReport,
    UsageRow, Why, branches, login_name,
};
use crate::text::{Safe, sanitise, sanitise_line, width::truncate};
use crate::turns::{amount, told_standing};

/// Days of a report that names none.
const DAYS: i32 = 30;
/// Cells of a group's name, so that a row fits 80 columns.
const KEY: usize = 22;
/// Cells of a model's name, which has fewer columns beside it.
const MODEL: usize = 48;

/// Prints what was used and what it cost, or does what the subcommand says.
pub fn run(args: &UsageArgs, context: &Context) -> Exit {
    if args.wins {
        return wins(args, context);
    }
    let log = Log::of(&context.paths).with_archive(context.config.telemetry.archive());
    match args.command {
        None => totals(args, log, context),
        Some(UsageCommand::Verify { json: true }) => match log.verify() {
            Ok(verified) => {
                context.out.json(&verified);
                if verified.damaged == 0 { Exit::OK } else { Exit::INTERNAL }
            }
            Err(error) => unreadable(&log, &error, context),
        },
        Some(UsageCommand::Verify { json: false }) => verify(&log, context),
        Some(UsageCommand::Archive) => archive(&log, context),
        Some(UsageCommand::Import { ref file, from, json }) => {
            import(file, from, if json { Form::Json } else { Form::Lines }, &log, context)
        }
    }
}

fn totals(args: &UsageArgs, log: Log, context: &Context) -> Exit {
    let (from, to) = match range(args, Zoned::now().date()) {
        Ok(range) => range,
        Err(error) => return misused(&error, context),
    };
    let mut query = Query::new(from, to, args.by, TimeZone::system());
    query.only = only(args);
    query.footprint = context.config.telemetry.footprint.as_ref().map(Method::new).map(Arc::new);
    query.charts = args.html.is_some().then(|| step(from, to));
    match (&args.conversation, args.by) {
        (None, GroupBy::Branch) => return misused(&t!("store-usage-branch"), context),
        (None, _) => {}
        (Some(id), by) => match conversation(id, by, context) {
            Ok((id, branches)) => {
                query.only.push(Only::Conversation(Some(id)));
                query.branches = Arc::new(branches);
            }
            Err(exit) => return exit,
        },
    }
    let index = Index::new(log.clone(), context.paths.usage_index());
    let usage = match index.usage(&query) {
        Ok(usage) => usage,
        Err(error) => return unreadable(&log, &error, context),
    };
    if usage.damaged > 0 {
        context.out.note(&t!("store-usage-skipped", count = usage.damaged));
    }
    let report = usage.report;
    let budgets = match Till::of(&log).standings(&context.config.budgets, &Zoned::now()) {
        Ok(budgets) => budgets,
        Err(error) => return unreadable(&log, &error, context),
    };
    if let Some(file) = &args.html {
        let page = html::page(&Usage { report, ..usage }, args.by, query.footprint.as_deref());
        return written(file, &page, context);
    }
    if args.json {
        context.out.json(&Told { report: &report, budgets: &budgets });
    } else if args.csv {
        context.out.line(&csv(&report));
    } else {
        table(&report, args.by, context);
        if let Some(method) = &query.footprint {
            footprint_notes(&report.total, method).iter().for_each(|note| context.out.note(note));
        }
        budget_table(&budgets, context);
    }
    // What cannot be kept is read from the log again.
    let _ = index.save();
    Exit::OK
}

/// Leaves a page in a file of the person's, or on stdout.
fn written(file: &Path, page: &str, context: &Context) -> Exit {
    if file == Path::new("-") {
        context.out.raw(page.as_bytes());
        return Exit::OK;
    }
    match write(file, page) {
        Ok(()) => Exit::OK,
        Err(error) => {
            context.out.error(&t!("cli-error", message = error.explain()));
            Exit::INTERNAL
        }
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    report: &'a UsageReport,
    /// How the configured budgets stand now, whatever days are asked for.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    budgets: &'a [Standing],
}

/// How budgets stand, below the table.
fn budget_table(budgets: &[Standing], context: &Context) {
    if budgets.is_empty() {
        return;
    }
    let header = [
        t!("store-column-budget"),
        t!("store-column-spent"),
        t!("store-column-soft"),
        t!("store-column-hard"),
        t!("store-column-share"),
        t!("store-column-renews"),
        t!("store-column-standing"),
    ];
    let limit = |limit: Option<Money>| limit.map_or_else(|| sanitise("-"), amount);
    let row = |standing: &Standing| {
        let of = standing.of.as_ref().map(|(_, of)| format!(" {of}")).unwrap_or_default();
        vec![
            truncate(&sanitise_line(&format!("{}{of}", standing.budget)), KEY),
            amount(standing.committed()),
            limit(standing.soft),
            limit(standing.hard),
            sanitise(&format!("{} %", standing.percent())),
            sanitise(&standing.window.renews.strftime("%Y-%m-%d").to_string()),
            match standing.level() {
                Level::Within => Safe::default(),
                Level::Soft => t!("ui-budget-soft"),
                Level::Hard => t!("ui-budget-hard"),
            },
        ]
    };
    context.out.line("");
    context.out.table(&header, budgets.iter().map(row).collect());
    for standing in budgets.iter().filter(|standing| standing.unpriced > 0) {
        context.out.note(&t!("cli-budget", budget = told_standing(standing)));
    }
}

/// Prints what choices between answers without names add up to.
fn wins(args: &UsageArgs, context: &Context) -> Exit {
    let wins = match trials::wins(&context.paths.data) {
        Ok(wins) => wins,
        Err(error) => {
            let folder = context.paths.data.display().to_string();
            let message = t!("store-error-file", path = folder, error = error.to_string());
            context.out.error(&t!("cli-error", message = message));
            return Exit::INTERNAL;
        }
    };
    if args.json {
        let row = |wins: &Wins| json!({"model": wins.model, "shown": wins.shown, "won": wins.won});
        context.out.json(&wins.iter().map(row).collect::<Vec<_>>());
        return Exit::OK;
    }
    if wins.is_empty() {
        context.out.note(&t!("store-wins-none"));
        return Exit::OK;
    }
    let header = [
        t!("store-column-model"),
        t!("store-column-shown"),
        t!("store-column-won"),
        t!("store-column-share"),
    ];
    let row = |wins: &Wins| {
        let share = format!("{} %", wins.percent());
        let figures = [wins.shown.to_string(), wins.won.to_string(), share];
        let model = truncate(&sanitise_line(wins.model.as_str()), MODEL);
        std::iter::once(model).chain(figures.iter().map(|figure| sanitise(figure))).collect()
    };
    context.out.table(&header, wins.iter().map(row).collect());
    Exit::OK
}

fn misused(message: &Safe, context: &Context) -> Exit {
    context.out.error(&t!("cli-error", message = message));
    Exit::USAGE
}

/// The conditions that flags name, but for the conversation.
fn only(args: &UsageArgs) -> Vec<Only> {
    let endpoint = args.endpoint.as_deref();
    let conditions = [
        args.model.as_deref().map(|model| Only::Model(model.into())),
        endpoint.map(|endpoint| Only::Endpoint(endpoint.into())),
        endpoint.zip(args.key.as_deref()).map(|(endpoint, key)| Only::Key(endpoint.into(), key.into())),
        args.user.clone().map(Only::User),
        args.mode.map(Only::Mode),
    ];
    conditions.into_iter().flatten().collect()
}

/// The conversation that is meant, and where branches are wanted, those of its messages. One that was removed
/// still has its events: a whole id need not be stored.
fn conversation(
    id: &str,
    by: GroupBy,
    context: &Context,
) -> Result<(ConversationId, HashMap<MessageId, String>), Exit> {
    if let (Ok(id), false) = (id.parse(), by == GroupBy::Branch) {
        return Ok((id, HashMap::new()));
    }
    let mut found = None;
    let exit = with_store(context, |store| {
        let conversation = store.load(store.find_conversation(id)?)?;
        found = Some((conversation.id, branches(&conversation.tree)));
        Ok(Exit::OK)
    });
    found.ok_or(exit)
}

fn verify(log: &Log, context: &Context) -> Exit {
    let verified = match log.verify() {
        Ok(verified) => verified,
        Err(error) => return unreadable(log, &error, context),
    };
    for Damage { file, line, why } in &verified.damage {
        context.out.line(&format!("{}:{line}: {}", file.display(), told(why)));
    }
    let (lines, files) = (verified.lines, verified.files.len());
    if verified.damaged == 0 {
        context.out.line(&t!("store-usage-whole", lines = lines, files = files));
        return Exit::OK;
    }
    context.out.line(&t!("store-usage-damaged", damaged = verified.damaged, lines = lines, files = files));
    Exit::INTERNAL
}

fn told(why: &Why) -> Safe {
    match why {
        Why::NotAnEvent(reason) => t!("store-damage-no-event", reason = reason.as_str()),
        Why::Torn => t!("store-damage-torn"),
        Why::OtherMonth(month) => t!("store-damage-month", month = month.as_str()),
        Why::Again(id) => t!("store-damage-again", id = id.to_string()),
        Why::Unreadable(reason) => t!("store-damage-unreadable", reason = reason.as_str()),
    }
}

/// Mistakes of a file that are told; more are counted.
const MISTAKES: usize = 20;

/// Takes what others have counted; a file that has mistakes not at all.
fn import(file: &Path, from: Option<Origin>, form: Form, log: &Log, context: &Context) -> Exit {
    let path = file.display().to_string();
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            let message = t!("store-error-file", path = path, error = error.to_string());
            return context.fail(&Failure::new(ErrorKind::NotFound, message.into_string()));
        }
    };
    let export = match import::read(&text, from) {
        Ok(export) => export,
        Err(mistakes) => {
            for Mistake { line, what } in mistakes.iter().take(MISTAKES) {
                context.out.error(&sanitise_line(&format!("{path}:{line}: {what}")));
            }
            let message = t!("store-import-refused", path = path, count = mistakes.len());
            return context.fail(&Failure::new(ErrorKind::Config, message.into_string()));
        }
    };
    let config = &context.config;
    let catalog = Catalog::new(context.paths.clone());
    let price = |entry: &Entry| {
        let endpoint = config.endpoint(entry.endpoint())?;
        // Thresholds are of single requests, which such a row does not tell.
        Price::from(catalog.price(endpoint, None, &entry.model.as_str().into(), None)?.base)
            .cost(&entry.usage)
    };
    let user = config.user.clone().unwrap_or_else(|| login_name(&config.env));
    let events = export.events(&user, config.prices.eur_per_usd, price);
    let (rows, unpriced) = (events.len(), events.iter().filter(|event| event.cost_usd.is_none()).count());
    let taken = match import::take(log, events) {
        Ok(taken) => taken,
        Err(error) => return unreadable(log, &error, context),
    };
    if form == Form::Json {
        context
            .out
            .json(&json!({"rows": rows, "imported": taken, "known": rows - taken, "unpriced": unpriced}));
        return Exit::OK;
    }
    context.out.line(&t!("store-import-taken", taken = taken, known = rows - taken));
    if taken > 0 && !config.telemetry.sinks.is_empty() {
        context.out.note(&t!("store-import-no-sink"));
    }
    if unpriced > 0 {
        context.out.note(&t!("store-import-unpriced", count = unpriced));
    }
    Exit::OK
}

fn archive(log: &Log, context: &Context) -> Exit {
    let Some(retention) = &context.config.telemetry.retention else {
        context.out.note(&t!("store-archive-off"));
        return Exit::OK;
    };
    let desk = Desk::new(log.clone(), &context.paths);
    match desk.archive(retention, &context.config.telemetry.sinks, Timestamp::now()) {
        Ok(Tidied { archived, waiting }) => {
            if archived.is_empty() && waiting.is_empty() {
                context.out.note(&t!("store-archive-nothing"));
            }
            for (month, sink) in waiting {
                context.out.note(&t!("store-archive-waits", month = month, sink = sink));
            }
            for Archived { month, now, .. } in archived {
                context.out.line(&match now {
                    Some(now) => t!("store-archive-now", month = month, path = now.display().to_string()),
                    None => t!("store-archive-deleted", month = month),
                });
            }
            Exit::OK
        }
        Err(error) => unreadable(log, &error, context),
    }
}

fn unreadable(log: &Log, error: &std::io::Error, context: &Context) -> Exit {
    let folder = log.folder().display().to_string();
    let message = t!("store-error-file", path = folder, error = error.to_string());
    context.out.error(&t!("cli-error", message = message));
    Exit::INTERNAL
}

/// The days asked for: up to today, and thirty of them, where nothing else is said.
fn range(args: &UsageArgs, today: Date) -> Result<(Date, Date), Safe> {
    let to = args.until.as_deref().map_or(Ok(today), day)?;
    let from = args.since.as_deref().map_or_else(|| Ok(to.saturating_sub((DAYS - 1).days())), day)?;
    span(from, to)
}

/// What is in a column of `--csv`.
type Column = (&'static str, fn(&UsageRow) -> String);

/// The columns of `--json`, but for what is estimated.
const COLUMNS: [Column; 20] = [
    ("key", |row| quoted(&row.key)),
    ("requests", |row| row.requests.to_string()),
    ("errors", |row| row.errors.to_string()),
    ("tokens_in", |row| row.tokens_in.to_string()),
    ("tokens_out", |row| row.tokens_out.to_string()),
    ("cached_in", |row| row.cached_in.to_string()),
    ("reasoning_out", |row| row.reasoning_out.to_string()),
    ("cost_eur", |row| row.cost_eur.to_string()),
    ("unpriced", |row| row.unpriced.to_string()),
    ("latency_p50", |row| number(row.latency_p50)),
    ("latency_p95", |row| number(row.latency_p95)),
    ("ttft_p50", |row| number(row.ttft_p50)),
    ("ttft_p95", |row| number(row.ttft_p95)),
    ("tokens_per_second", |row| number(row.tokens_per_second)),
    ("attempts", |row| row.attempts.to_string()),
    ("cancelled", |row| row.cancelled.to_string()),
    ("cut", |row| row.cut.to_string()),
    ("cache_write", |row| row.cache_write.to_string()),
    ("estimated", |row| row.estimated.to_string()),
    ("cost_told", |row| row.cost_told.to_string()),
];

/// What is estimated, where it is.
const TAKEN: [Column; 5] = [
    ("energy_wh_low", |row| taken(row, |taken| taken.known.energy_wh.units().0)),
    ("energy_wh_high", |row| taken(row, |taken| taken.known.energy_wh.units().1)),
    ("carbon_g_low", |row| taken(row, |taken| taken.known.carbon_g.units().0)),
    ("carbon_g_high", |row| taken(row, |taken| taken.known.carbon_g.units().1)),
    ("footprint_unknown", |row| row.footprint.map(|taken| taken.unknown.to_string()).unwrap_or_default()),
];

fn taken(row: &UsageRow, of: fn(&Taken) -> f64) -> String {
    number(row.footprint.as_ref().map(of))
}

fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The columns of a report.
fn columns(report: &UsageReport) -> Vec<&'static Column> {
    let estimated = if report.total.footprint.is_some() { &TAKEN[..] } else { &[] };
    COLUMNS.iter().chain(estimated).collect()
}

/// The sum of all is in a last row without a key.
fn csv(report: &UsageReport) -> String {
    let columns = columns(report);
    let line = |of: &dyn Fn(&Column) -> String| {
        columns.iter().map(|column| of(column)).collect::<Vec<_>>().join(",")
    };
    let rows = report.rows.iter().chain([&report.total]);
    let rows = rows.map(|row| line(&|(_, of)| of(row)));
    std::iter::once(line(&|(name, _)| (*name).to_owned())).chain(rows).collect::<Vec<_>>().join("\n")
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn table(report: &UsageReport, by: GroupBy, context: &Context) {
    let mut header = vec![
        heading(by),
        t!("store-column-requests"),
        t!("store-column-errors"),
        t!("store-column-tokens-in"),
        t!("store-column-tokens-out"),
        t!("store-column-price"),
        t!("store-column-latency"),
    ];
    if report.total.footprint.is_some() {
        header.extend([t!("store-column-energy"), t!("store-column-carbon")]);
    }
    let mut rows: Vec<Vec<Safe>> = report.rows.iter().map(|row| cells(&row.key, row)).collect();
    rows.push(cells(&t!("store-usage-total"), &report.total));
    context.out.table(&header, rows);
    if report.total.unpriced > 0 {
        context.out.note(&t!("store-usage-unpriced", count = report.total.unpriced));
    }
}

/// What estimates leave out, and whose they are.
fn footprint_notes(total: &UsageRow, method: &Method) -> Vec<Safe> {
    let unknown = total.footprint.map_or(0, |taken| taken.unknown);
    let left_out = (unknown > 0).then(|| t!("store-usage-footprint-unknown", count = unknown));
    let (source, date) = method.source();
    left_out.into_iter().chain([t!("store-usage-footprint", source = source, date = date)]).collect()
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
    let estimated = row.footprint.into_iter().flat_map(|taken| {
        // What is known of none of them is not known to be nothing.
        [taken.energy(), taken.carbon()].map(|told| told.unwrap_or_else(|| "-".to_owned()))
    });
    let cells = rest.into_iter().chain(estimated);
    std::iter::once(truncate(&key, KEY)).chain(cells.map(|cell| sanitise(&cell))).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn args(since: Option<&str>, until: Option<&str>) -> UsageArgs {
        UsageArgs {
            command: None,
            by: GroupBy::Day,
            model: None,
            endpoint: None,
            key: None,
            conversation: None,
            user: None,
            mode: None,
            since: since.map(str::to_owned),
            until: until.map(str::to_owned),
            json: false,
            csv: false,
            html: None,
            wins: false,
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
                "{}\n\"a,\"\"b\"\"\",2,0,0,0,0,0,0.0000015,0,1.5,,,,,0,0,0,0,0,0\n,2,0,0,0,0,0,0.0000015,0,1.5,,,,,0,0,0,0,0,0",
                header.join(",")
            )
        );
    }
}
