//! The demo and the network behind one transport: what every part of the program sends requests with.

use futures::future::BoxFuture;

use super::{DemoTransport, urls};
use crate::chat::Failure;
use crate::http::{HttpRequest, HttpResponse, NetTransport, Transport};

/// Sends `demo:` requests to the demo and everything else to the network.
#[derive(Clone, Debug, Default)]
pub struct Transports {
    /// The network.
    pub net: NetTransport,
    /// The offline endpoint.
    pub demo: DemoTransport,
}

impl Transport for Transports {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        if request.url.scheme() == urls::DEMO { self.demo.send(request) } else { self.net.send(request) }
    }
}
