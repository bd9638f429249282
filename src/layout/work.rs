//! How much work laying out is: bytes that are parsed, put into rows or copied, events, margins. It is counted where it
//! is done, and in tests only, which so tell linear from quadratic without a clock.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts so much more.
#[cfg(test)]
pub(super) fn count(amount: usize) {
    DONE.with(|done| done.set(done.get() + amount));
}

/// Counts nothing where nobody asks.
#[cfg(not(test))]
pub(super) const fn count(_: usize) {}

/// What was counted on this thread since the last time, and begins anew.
#[cfg(test)]
pub(super) fn take() -> usize {
    DONE.with(std::cell::Cell::take)
}
