//! `loquat usage --html`: one page that needs nothing else, with the table of `--json` and the charts of the app.
//!
//! No script, no font, no picture from elsewhere; colours follow what the reader's system prefers. All text of others
//! is escaped, after what a terminal must not get is taken out of it.

use std::fmt::Write;

use super::svg;
use crate::app::block::{euros, grouped};
use crate::t;
use crate::telemetry::footprint::Method;
use crate::telemetry::{GroupBy, Usage, UsageRow};
use crate::text::{Safe, sanitise_line};

/// What the page looks like. Series are told by hatching too, not by colour alone.
const STYLE: &str = "\
:root{color-scheme:light dark;--ground:#fcfcfb;--text:#23262b;--dim:#646a73;--line:#d9dce1;--bad:#b3372f;\
--s0:#1f7a8c;--s1:#5f8d3a;--s2:#b07d1e;--s3:#8a5fa8;--s4:#8b919a}\
@media(prefers-color-scheme:dark){:root{--ground:#15171b;--text:#d9dce2;--dim:#8d94a0;--line:#32363d;--bad:#e5766e;\
--s0:#56b6c2;--s1:#98c379;--s2:#e0b062;--s3:#c392dd;--s4:#7c838e}}\
*{box-sizing:border-box}\
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:75rem;background:var(--ground);color:var(--text);\
font:15px/1.5 system-ui,sans-serif}\
h1{font-size:1.35rem;margin:0}h2{font-size:1rem;margin:0 0 .5rem}\
p{margin:.25rem 0;color:var(--dim);overflow-wrap:anywhere}\
dl{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem;margin:1.5rem 0}\
dt{color:var(--dim);font-size:.85rem}dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}\
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:2rem 2.5rem;margin:2rem 0}\
.wide{grid-column:1/-1;overflow-x:auto}figure{margin:0;min-width:0}svg{display:block;width:100%;height:auto}\
.wide>svg{min-width:40rem}\
svg text{fill:var(--dim);font:11px system-ui,sans-serif}\
ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0 0;padding:0;font-size:.85rem}\
li svg{display:inline-block;width:.8em;height:.8em;margin-right:.4em}\
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.85rem;width:100%}\
th,td{padding:.3rem .6rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}\
th{color:var(--dim);font-weight:500}th:first-child,td:first-child{text-align:left}\
tr:last-child td{font-weight:600;border-bottom:0}";

/// Text of others, for HTML.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in sanitise_line(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The page.
pub fn page(usage: &Usage, by: GroupBy, method: Option<&Method>) -> String {
    let report = &usage.report;
    let title = t!("cli-html-title", from = report.from.to_string(), to = report.to.to_string());
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write!(
        page,
        "<!doctype html>\n<html><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">\
         <title>{title}</title>\n<style>{STYLE}</style></head>\n<body>\n{patterns}<h1>{title}</h1>\n",
        title = escaped(&title),
        patterns = svg::patterns(),
    );
    let about = method.map(|method| super::footprint_notes(&report.total, method)).unwrap_or_default();
    for note in notes(usage).into_iter().chain(about) {
        let _ = writeln!(page, "<p>{}</p>", escaped(&note));
    }
    page.push_str(&cards(&report.total));
    if let Some(charts) = usage.charts.as_ref().filter(|_| report.total.attempts > 0) {
        let names: Vec<String> = report.rows.iter().map(|row| name(row).into_string()).collect();
        page.push_str("<div class=\"charts\">\n");
        page.push_str(&svg::over_time(usage, charts, &names, by));
        page.push_str(&svg::hours(charts));
        page.push_str(&svg::faults(charts, &report.total));
        let [latency, first] = [
            (t!("ui-usage-latency"), &charts.latency, [report.total.latency_p50, report.total.latency_p95]),
            (t!("ui-usage-ttft"), &charts.ttft, [report.total.ttft_p50, report.total.ttft_p95]),
        ];
        for (name, spread, marks) in [latency, first] {
            page.push_str(&svg::spread(&name, spread, marks));
        }
        page.push_str("</div>\n");
    }
    page.push_str(&table(usage, by));
    page.push_str("</body></html>\n");
    page
}

/// What the name of a row is.
fn name(row: &UsageRow) -> Safe {
    if row.key.is_empty() { t!("store-usage-unnamed") } else { sanitise_line(&row.key) }
}

/// What is not in the sums.
fn notes(usage: &Usage) -> Vec<Safe> {
    let total = &usage.report.total;
    let notes = [
        (total.attempts == 0).then(|| t!("ui-usage-none")),
        (total.unpriced > 0).then(|| t!("store-usage-unpriced", count = total.unpriced)),
        (total.estimated > 0).then(|| t!("ui-usage-estimated", count = grouped(total.estimated))),
        (total.cost_told > 0).then(|| t!("ui-usage-told", count = grouped(total.cost_told))),
        (usage.damaged > 0).then(|| t!("store-usage-skipped", count = usage.damaged)),
    ];
    notes.into_iter().flatten().collect()
}

/// The sums that are looked for first.
fn cards(total: &UsageRow) -> String {
    let percent = |part: u64, whole: u64| match (part * 100).checked_div(whole) {
        Some(percent) => format!("{percent} %"),
        None => "–".to_owned(),
    };
    let price = match (total.unpriced, total.cost_eur.nanos()) {
        (0, _) if total.attempts == 0 => "–".to_owned(),
        (0, _) => euros(total.cost_eur).into_string(),
        (_, 0) => t!("ui-usage-unknown").into_string(),
        (_, _) => format!("≥ {}", euros(total.cost_eur)),
    };
    let speed = total.tokens_per_second.map_or_else(|| "–".to_owned(), |rate| format!("{rate:.0}"));
    let cards = [
        (t!("ui-usage-price"), price),
        (t!("ui-usage-requests"), grouped(total.requests)),
        (t!("ui-usage-in"), grouped(total.tokens_in)),
        (t!("ui-usage-out"), grouped(total.tokens_out)),
        (t!("ui-usage-cached-share"), percent(total.cached_in, total.tokens_in)),
        (t!("ui-usage-speed"), speed),
        (t!("ui-usage-failed-share"), percent(total.errors, total.requests)),
    ];
    let estimates = total.footprint.into_iter().flat_map(|taken| {
        let told = |told: Option<String>| told.unwrap_or_else(|| "–".to_owned());
        [(t!("ui-usage-energy"), told(taken.energy())), (t!("ui-usage-carbon"), told(taken.carbon()))]
    });
    let card = |(name, figure): (Safe, String)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>", escaped(&name), escaped(&figure))
    };
    format!("<dl>{}</dl>\n", cards.into_iter().chain(estimates).map(card).collect::<String>())
}

/// The figures of `--json`, as they are there.
fn table(usage: &Usage, by: GroupBy) -> String {
    let mut table = String::from("<div class=\"scroll\"><table>\n<tr>");
    let columns = super::columns(&usage.report);
    for (at, (name, _)) in columns.iter().enumerate() {
        let head = if at == 0 { super::heading(by).into_string() } else { (*name).to_owned() };
        let _ = write!(table, "<th>{}</th>", escaped(&head));
    }
    table.push_str("</tr>\n");
    let report = &usage.report;
    let total = UsageRow { key: t!("store-usage-total").into_string(), ..report.total.clone() };
    for row in report.rows.iter().chain([&total]) {
        table.push_str("<tr>");
        for (at, (_, of)) in columns.iter().enumerate() {
            let cell = if at == 0 { name(row).into_string() } else { of(row) };
            let _ = write!(table, "<td>{}</td>", escaped(&cell));
        }
        table.push_str("</tr>\n");
    }
    table.push_str("</table></div>\n");
    table
}
