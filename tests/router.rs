//! The router against LiteLLM's documented algorithm, in a world that is simulated: the same requests, the same
//! routes, the same faults at the same times, for each strategy and each kind of fault.
//!
//! Time is that of the events; nothing sleeps. The world is seeded; two runs print the same table:
//! `cargo test --test router -- --nocapture`.

#![expect(clippy::unwrap_used, reason = "a world that cannot be made fails the test")]

mod simulation {
    pub mod litellm;
    pub mod loquat;
    pub mod world;
}

use simulation::world::{Fault, Report, STRATEGIES, World};
use simulation::{litellm, loquat};

/// Of each kind of fault, for each strategy: ten thousand a strategy.
const REQUESTS: usize = 2_000;

#[test]
fn every_strategy_does_better_than_the_proxys_under_every_fault() {
    println!(
        "{REQUESTS} requests a row; seconds until the first word, a request that failed counts as never"
    );
    println!("{:12} {:8} {:>24} {:>35}", "", "", "Loquat", "LiteLLM");
    println!(
        "{:12} {:8} {:>9} {:>7} {:>7} {:>8} {:>9} {:>7} {:>7} {:>8}",
        "strategy", "fault", "success", "p50", "p95", "asked", "success", "p50", "p95", "asked"
    );
    let mut lost = Vec::new();
    for strategy in STRATEGIES {
        for fault in Fault::ALL {
            let world = World::new(fault, REQUESTS);
            let (ours, theirs) = (loquat::run(&world, strategy), litellm::run(&world, strategy));
            let row = format!("{:12} {:8} {} {}", name(strategy), fault.name(), shown(&ours), shown(&theirs));
            println!("{row}");
            if !ours.beats(&theirs) {
                lost.push(row);
            }
        }
    }
    assert!(lost.is_empty(), "lost or drawn:\n{}", lost.join("\n"));
}

fn name(strategy: ::loquat::config::Strategy) -> String {
    format!("{strategy:?}").to_lowercase()
}

fn shown(report: &Report) -> String {
    let seconds = |time: f64| if time.is_finite() { format!("{time:.2}") } else { "never".to_owned() };
    format!(
        "{:>8.2}% {:>7} {:>7} {:>8}",
        report.success() * 100.0,
        seconds(report.percentile(0.50)),
        seconds(report.percentile(0.95)),
        report.asked
    )
}
