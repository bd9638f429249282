//! The network: one client for each way to reach a host, made when it is first used and kept.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use reqwest::redirect::Policy;
use reqwest::{Client, NoProxy, Proxy};
use tokio::time::Instant;

use super::body::Timed;
use super::host::{self, DOCKER_HOST};
use super::trouble::Target;
use super::{HttpRequest, HttpResponse, Link, Transport, tls};
use crate::chat::{ErrorKind, Failure};
use crate::text::Safe;

/// What tells clients apart: requests with the same answer share connections.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ClientKey {
    link: Link,
    /// This machine is reached without the environment's proxy.
    direct: bool,
    connect: Duration,
}

/// The network. Cheap to clone; clones share their connections.
#[derive(Clone, Debug, Default)]
pub struct NetTransport {
    clients: Arc<Mutex<HashMap<ClientKey, Client>>>,
    docker_host_is_loopback: Arc<AtomicBool>,
}

impl NetTransport {
    /// The network, with nothing set up yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a person should know of how requests went: that `host.docker.internal` was taken for this
    /// machine, once that has happened.
    pub fn note(&self) -> Option<Safe> {
        self.docker_host_is_loopback
            .load(Ordering::Relaxed)
            .then(|| crate::t!("net-docker-host", host = DOCKER_HOST))
    }

    fn client(&self, key: ClientKey) -> Result<Client, Failure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client = build(&key)?;
        clients.insert(key, client.clone());
        Ok(client)
    }
}

fn build(key: &ClientKey) -> Result<Client, Failure> {
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls::client_config(key.link.ca_file.as_ref())?)
        .connect_timeout(key.connect)
        // A redirect would send the key and the prompt to a host that nobody configured.
        .redirect(Policy::none())
        .referer(false);
    if let Some(url) = &key.link.proxy {
        // The error may quote the URL, and the URL may hold a password.
        let proxy = Proxy::all(url).map_err(|_| {
            Failure::new(ErrorKind::Config, crate::t!("net-bad-proxy").into_string())
                .with_next_step(crate::t!("net-step-bad-proxy").into_string())
        })?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
    } else if key.direct {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| Failure::new(ErrorKind::Internal, error.without_url().to_string()))
}

impl Transport for NetTransport {
    fn send(&self, mut request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let key = ClientKey {
            direct: host::is_loopback(&request.url),
            link: request.link.clone(),
            connect: request.limits.connect,
        };
        let client = self.client(key);
        let substituted = Arc::clone(&self.docker_host_is_loopback);
        async move {
            let client = client?;
            if request.url.host_str() == Some(DOCKER_HOST) && !resolves(&request.url).await {
                // `set_host` refuses only URLs without a host, and this one has one.
                if request.url.set_host(Some("127.0.0.1")).is_ok() {
                    substituted.store(true, Ordering::Relaxed);
                }
            }
            send(client, request).await
        }
        .boxed()
    }
}

async fn resolves(url: &url::Url) -> bool {
    tokio::net::lookup_host((DOCKER_HOST, url.port_or_known_default().unwrap_or(80)))
        .await
        .is_ok_and(|mut addresses| addresses.next().is_some())
}

async fn send(client: Client, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let HttpRequest { method, url, headers, body, link, limits } = request;
    let target = Target::new(&url, &link);
    let mut builder = client.request(method, url).headers(headers);
    if let Some(body) = body {
        builder = builder.body(body);
    }
    let sent = Instant::now();
    let answer = tokio::time::timeout_at(sent + limits.first_byte, builder.send())
        .await
        .map_err(|_| target.first_byte_timeout(limits.first_byte))?
        .map_err(|error| target.failure(&error, limits.connect))?;
    Ok(HttpResponse {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: Timed::new(answer.bytes_stream(), sent, limits, target).boxed(),
    })
}
