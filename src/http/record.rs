//! A transport that keeps what passes through it, for those who look for what is wrong.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use http::HeaderMap;

use super::{HttpRequest, HttpResponse, Transport};
use crate::chat::Failure;

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// As it was sent: with its secrets.
    pub request: HttpRequest,
    /// Status and headers of the answer, where one came.
    pub head: Option<(u16, HeaderMap)>,
    /// What came of the answer's body.
    pub body: Vec<u8>,
    /// Why no more came, where something broke.
    pub failure: Option<Failure>,
}

/// Sends through another transport, and keeps requests and answers.
pub struct Recorder<'a> {
    inner: &'a dyn Transport,
    kept: Arc<Mutex<Vec<Exchange>>>,
}

impl<'a> Recorder<'a> {
    /// In front of `inner`.
    pub fn new(inner: &'a dyn Transport) -> Self {
        Self { inner, kept: Arc::default() }
    }

    /// Takes out what was kept since the last time.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Transport for Recorder<'_> {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let kept = Arc::clone(&self.kept);
        let at = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(Exchange { request: request.clone(), head: None, body: Vec::new(), failure: None });
            kept.len() - 1
        };
        let note = move |news: &dyn Fn(&mut Exchange)| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(exchange) = kept.get_mut(at) {
                news(exchange);
            }
        };
        let sent = self.inner.send(request);
        async move {
            match sent.await {
                Ok(response) => {
                    note(&|exchange| exchange.head = Some((response.status, response.headers.clone())));
                    let body = response.body.inspect(move |piece: &Result<Bytes, Failure>| match piece {
                        Ok(bytes) => note(&|exchange| exchange.body.extend_from_slice(bytes)),
                        Err(failure) => note(&|exchange| exchange.failure = Some(failure.clone())),
                    });
                    Ok(HttpResponse { body: body.boxed(), ..response })
                }
                Err(failure) => {
                    note(&|exchange| exchange.failure = Some(failure.clone()));
                    Err(failure)
                }
            }
        }
        .boxed()
    }
}
