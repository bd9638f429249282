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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ErrorKind;
    use crate::providers::site::Auth;
    use crate::providers::testing;

    #[tokio::test]
    async fn the_demo_is_asked_in_process_and_everything_else_over_the_network() {
        let ask = async |base: &str| {
            let endpoint = testing::endpoint("X", base);
            let credential = testing::credential(base, "");
            let site = testing::site(&endpoint, &credential);
            let request = site.get(urls::models(&endpoint, &credential).unwrap(), Auth::Bearer).unwrap();
            Transports::default()
                .send(request)
                .await
                .map(|response| response.status)
                .map_err(|failure| failure.kind)
        };
        assert_eq!(ask("demo:tour").await, Ok(200));
        // Nobody listens on port 1.
        assert_eq!(ask("http://127.0.0.1:1/v1").await, Err(ErrorKind::Network));
    }
}
