//! Work that the cores share: each takes a stretch of it, and what comes of the stretches keeps their order.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

/// Threads at most: from here on memory is what is waited for.
const MOST: usize = 8;

/// Goes through the items in as many threads as there are cores, unless each would have fewer than `least`.
pub(super) fn share<T: Sync, R: Send>(items: &[T], least: usize, work: impl Fn(&[T]) -> R + Sync) -> Vec<R> {
    let worth = (items.len() / least.max(1)).min(MOST);
    let threads =
        if worth > 1 { thread::available_parallelism().map_or(1, NonZero::get).min(worth) } else { 1 };
    if threads < 2 {
        return vec![work(items)];
    }
    let mut stretches = items.chunks(items.len().div_ceil(threads));
    let own = stretches.next().unwrap_or_default();
    thread::scope(|scope| {
        let work = &work;
        let others: Vec<_> = stretches.map(|stretch| scope.spawn(move || work(stretch))).collect();
        std::iter::once(work(own)).chain(others.into_iter().map(joined)).collect()
    })
}

/// Does both: at once where there is so much to do, `least` or more, that a thread for it is worth its while.
pub(super) fn both<A, B: Send>(
    (much, least): (usize, usize),
    one: impl FnOnce() -> A,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    if much < least {
        return (one(), other());
    }
    thread::scope(|scope| {
        let other = scope.spawn(other);
        (one(), joined(other))
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_of_stretches_keeps_their_order_and_leaves_nothing_out() {
        let items: Vec<u32> = (0..1000).collect();
        for least in [1, 7, 400, 5000] {
            let shared = share(&items, least, <[u32]>::to_vec);
            assert!(shared.len() <= MOST && shared.iter().all(|stretch| stretch.len() >= least.min(100)));
            assert_eq!(shared.concat(), items, "{least}");
        }
        assert_eq!(share(&[] as &[u32], 1, <[u32]>::len), [0]);
        assert_eq!([both((7, 8), || 1, || 2), both((8, 8), || 1, || 2)], [(1, 2), (1, 2)]);
    }
}
