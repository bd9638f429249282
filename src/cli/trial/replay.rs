//! What an earlier walk kept, in the place of the network.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};

use crate::chat::{ErrorKind, Failure, KeyLabel};
use crate::cli::recording::{Recorded, Recording};
use crate::config::Endpoint;
use crate::http::{HttpRequest, HttpResponse, Transport};
use crate::keys::{Credential, KeyOrigin};
use crate::t;

/// The endpoint as a replay needs it: nothing is sent, so what only a sent request needs is left out.
pub(super) fn offline(endpoint: &Endpoint) -> (Endpoint, Credential) {
    let mut endpoint = endpoint.clone();
    endpoint.headers.clear();
    endpoint.proxy = None;
    if let Some(adapter) = endpoint.adapter.as_mut().map(Arc::make_mut) {
        adapter.headers.clear();
    }
    let credential = Credential {
        label: KeyLabel::default(),
        secret: None,
        base_url: "https://replay.invalid".to_owned(),
        own_base_url: false,
        origin: KeyOrigin::NotNeeded,
    };
    (endpoint, credential)
}

/// A file that is replayed.
pub(super) struct Replay(pub(super) Recording);

impl Replay {
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        Recording::read(path).map(Self).map_err(|reason| {
            let file = path.display().to_string();
            Failure::new(
                ErrorKind::Config,
                t!("net-record-unreadable", file = file, reason = reason).into_string(),
            )
        })
    }
}

/// Answers with what was kept, in its order.
pub(super) struct Kept(Mutex<VecDeque<Recorded>>);

impl Kept {
    pub(super) fn new(kept: &[Recorded]) -> Self {
        Self(Mutex::new(kept.iter().cloned().collect()))
    }
}

impl Transport for Kept {
    fn send(&self, _request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let error = next.as_ref().and_then(|kept| kept.error.clone());
        let answer = next.and_then(|kept| kept.response).map(|response| {
            let body = Bytes::from(response.bytes());
            HttpResponse {
                status: response.status,
                headers: response.header_map(),
                body: futures::stream::iter([Ok(body)]).boxed(),
            }
        });
        let nothing = || error.unwrap_or_else(|| t!("net-test-not-kept").into_string());
        std::future::ready(answer.ok_or_else(|| Failure::new(ErrorKind::Network, nothing()))).boxed()
    }
}
