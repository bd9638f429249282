//! Signals as a stream of what they mean to the app.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal as Listener, SignalKind, signal};

/// What the system asks of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end, exit 143.
    Terminate,
    /// SIGHUP: the terminal is gone; end without writing to it.
    HangUp,
    /// SIGINT from outside, or while raw mode is off: cancel.
    Interrupt,
    /// SIGTSTP from outside: give the terminal back, then [`stop`].
    Stop,
    /// SIGCONT: take the terminal again.
    Continue,
    /// SIGWINCH: the terminal has another size.
    Resize,
}

/// The signals that are listened to, in the order in which simultaneous ones are handed on.
#[cfg(unix)]
fn kinds() -> [(Signal, SignalKind); 6] {
    // SIGTSTP and SIGCONT have no names in tokio.
    let raw = |signal: rustix::process::Signal| SignalKind::from_raw(signal.as_raw());
    [
        (Signal::Terminate, SignalKind::terminate()),
        (Signal::HangUp, SignalKind::hangup()),
        (Signal::Interrupt, SignalKind::interrupt()),
        (Signal::Stop, raw(rustix::process::Signal::TSTP)),
        (Signal::Continue, raw(rustix::process::Signal::CONT)),
        (Signal::Resize, SignalKind::window_change()),
    ]
}

/// Listens until it is dropped. After that the signals listened to once still do nothing by themselves.
#[cfg(unix)]
pub struct Signals {
    listeners: Vec<(Signal, Listener)>,
}

#[cfg(unix)]
impl Signals {
    /// Listens from now on. To be called within a tokio runtime.
    pub fn listen() -> io::Result<Self> {
        let listeners = kinds()
            .into_iter()
            .map(|(meaning, kind)| signal(kind).map(|listener| (meaning, listener)))
            .collect::<io::Result<_>>()?;
        Ok(Self { listeners })
    }

    /// The next signal. Dropping the wait loses none; the same signal twice before it is asked for is one.
    pub async fn next(&mut self) -> Signal {
        std::future::poll_fn(|context| {
            for (meaning, listener) in &mut self.listeners {
                if let std::task::Poll::Ready(Some(())) = listener.poll_recv(context) {
                    return std::task::Poll::Ready(*meaning);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// Listens until it is dropped. Only Ctrl+C exists here; sizes come with the input.
#[cfg(not(unix))]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next signal.
    pub async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}

/// Stops this process and the others of its job, as Ctrl+Z does where the terminal sees to it; returns when the
/// job is continued. The terminal must have been given back.
#[cfg(unix)]
pub fn stop() -> io::Result<()> {
    // SIGSTOP, because SIGTSTP would only come back to the listener.
    rustix::process::kill_current_process_group(rustix::process::Signal::STOP).map_err(io::Error::from)
}

/// There are no jobs here to stop.
#[cfg(not(unix))]
pub fn stop() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_signal_is_handed_on_as_what_it_means() {
        let mut signals = Signals::listen().unwrap();
        let own = rustix::process::getpid();
        rustix::process::kill_process(own, rustix::process::Signal::WINCH).unwrap();
        assert_eq!(signals.next().await, Signal::Resize);
        rustix::process::kill_process(own, rustix::process::Signal::TSTP).unwrap();
        assert_eq!(signals.next().await, Signal::Stop);
    }
}
