//! A budget's check, which every request waits for: with few and with many events in the log, and beside the ones that
//! are on their way.

#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot run has nothing to say")]

use divan::Bencher;
use jiff::{Timestamp, Zoned};
use loquat::chat::{ConversationId, Money};
use loquat::config::{Budget, Location, Period};
use loquat::telemetry::{Admission, Allowance, Log, Subject, Till, Want};
use tempfile::TempDir;
use uuid::Uuid;

fn main() {
    divan::main();
}

/// A log of so many events of this month, and who is about to ask.
fn log(events: usize) -> (TempDir, Log, Subject) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = Log::new(folder.path().join("telemetry"));
    let now = Timestamp::now();
    let line = |number: usize| {
        format!(
            "{{\"v\":1,\"id\":\"{}\",\"userId\":\"ana\",\"ts\":\"{now:.3}\",\"model\":\"m\",\"provider\":\"e\",\
             \"tokens_in\":812,\"tokens_out\":240,\"costEUR\":0.000241,\"latency\":1.734,\"endpoint\":\"E\",\
             \"key\":\"default\",\"status\":\"ok\",\"final\":true,\"mode\":\"tui\"}}\n",
            Uuid::from_u128(number as u128)
        )
    };
    std::fs::create_dir_all(log.folder()).expect("a folder");
    let file = log.folder().join(format!("requests-{}.jsonl", now.strftime("%Y-%m")));
    std::fs::write(file, (0..events).map(line).collect::<String>()).expect("a file");
    let subject = Subject {
        endpoint: "E".into(),
        key: "default".into(),
        model: "m".into(),
        user: "ana".into(),
        conversation: Some(ConversationId(Uuid::from_u128(7))),
    };
    (folder, log, subject)
}

fn budgets() -> Vec<Budget> {
    let budget = |per: Period| Budget {
        name: per.name().to_owned(),
        per,
        endpoint: None,
        key: None,
        model: None,
        user: None,
        conversation: None,
        each: None,
        soft: None,
        hard: Some(Money::from_nanos(i64::MAX)),
        at: Location { file: "bench".into(), line: 1, column: 1 },
    };
    [Period::Day, Period::Week, Period::Month].map(budget).into()
}

/// Looking, reserving and giving back, under the lock, with three budgets.
#[divan::bench(args = [0, 10_000, 1_000_000])]
fn check(bencher: Bencher<'_, '_>, events: usize) {
    let (_folder, log, subject) = log(events);
    let (till, budgets, now) = (Till::of(&log), budgets(), Zoned::now());
    let want = Want {
        cost: Some(Money::from_nanos(1_000_000)),
        until: now.timestamp() + std::time::Duration::from_secs(60),
        allowance: Allowance::Kept,
    };
    // The first one counts the log.
    till.standings(&budgets, &now).expect("a log");
    bencher.bench(|| match till.admit(&budgets, &subject, want, &now) {
        Ok(Admission::Granted(granted)) => drop(granted),
        other => panic!("{other:?}"),
    });
}
