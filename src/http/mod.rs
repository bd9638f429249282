//! The only HTTP client, and the one trait the router knows it by.
//!
//! A [`Transport`] takes a request as data and gives an answer's head and a stream of its bytes. Behind it
//! stand the network, the offline demo and, in tests, a script; none of them knows what the bytes mean.
//!
//! | file | subject |
//! |---|---|
//! | [`net`] | the network: clients by link, sending |
//! | [`body`] | an answer's bytes under their time limits |
//! | [`tls`] | trust, loaded at the first handshake |
//! | [`trouble`] | what went wrong, in words |
//! | [`reach`] | whether a host can be reached, step by step |
//! | [`record`] | a transport that keeps what passes |
//! | [`host`] | which hosts are this machine |

pub mod body;
pub mod host;
pub mod net;
pub mod reach;
pub mod record;
pub mod tls;
pub mod trouble;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use http::{HeaderMap, Method};
use std::path::PathBuf;
use std::time::Duration;

use crate::chat::Failure;

pub use host::may_send_in_the_clear;
pub use net::NetTransport;

/// How a request reaches its host. Requests with equal links share connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Link {
    /// Proxy URL; `None` follows the environment.
    pub proxy: Option<String>,
    /// A PEM file of further certificates to trust.
    pub ca_file: Option<PathBuf>,
}

/// A request as data: what a codec makes. Headers that hold a secret are marked sensitive.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// GET or POST.
    pub method: Method,
    /// The whole URL.
    pub url: url::Url,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; `None` for none.
    pub body: Option<Bytes>,
    /// How to get there.
    pub link: Link,
    /// Limits of this request.
    pub limits: Limits,
}

/// Limits a transport keeps while it serves one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// From the request to the first byte of the body.
    pub first_byte: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
}

/// An answer: its head, and its body as it comes. An `Err` item ends the stream; no item after the last means
/// that the body ended as its framing said it would.
pub struct HttpResponse {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: BoxStream<'static, Result<Bytes, Failure>>,
}

/// What the router asks of the network.
pub trait Transport: Send + Sync {
    /// Sends a request once the future is polled, and nothing before. Dropping the future, or the body, ends
    /// the request.
    ///
    /// # Errors
    /// `network` or `timeout` where no answer's head came.
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>>;
}
