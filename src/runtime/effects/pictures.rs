//! Pictures: read where they are, fetched where a person said so, saved.
//!
//! What a text points to is somebody else's address: it is asked for without a key, a cookie or a word of where it
//! stood, up to a size and within a time, and no other host is asked in its place without a person's word.

use std::io::{self, Write};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use http::{HeaderMap, HeaderValue, Method, header};
use url::Url;

use crate::app::Message;
use crate::app::effect::{PictureFrom, PictureOrder, Replace};
use crate::app::message::NotSaved;
use crate::app::pictures::{Missing, PictureId, may_be_fetched};
use crate::http::{HttpRequest, Limits, Link, Transport};
use crate::runtime::pictures::{Manner, Surface, cell_size, way};
use crate::t;
use crate::text::Safe;

use super::outward::create;
use super::{Album, Effects};

/// The most that is fetched, in millions of bytes.
const MOST: usize = 20;
/// How long fetching may take as a whole.
const LONGEST: Duration = Duration::from_secs(10);
/// How often one is sent on to elsewhere on the same host.
const HOPS: usize = 5;

impl Effects {
    /// The pictures that are shown.
    pub fn album(&self) -> &Album {
        &self.album
    }

    pub(super) fn load_picture(&self, order: PictureOrder) {
        // Where lines are told, pictures are told of in words.
        if self.surface == Surface::Lines {
            return;
        }
        let PictureOrder { id, from, room } = order;
        let cell = cell_size();
        let manner = Manner { way: way(self.surface, self.turns.config.ui.images, cell), cell };
        let album = self.album.clone();
        album.want(id, room);
        let failed = move |why: Safe| Message::PictureCame { id, result: Err(Missing::Failed(why)) };
        match from {
            PictureFrom::Held => self.spawn_blocking(move || album.fit(id, room, manner)),
            PictureFrom::Base64(data) => self.spawn_blocking(move || {
                Some(match STANDARD.decode(data.as_bytes()) {
                    Ok(bytes) => album.load(id, bytes, room, manner),
                    Err(_) => failed(t!("app-picture-base64")),
                })
            }),
            PictureFrom::Away(url) => {
                let transport = std::sync::Arc::clone(&self.turns.transport);
                self.spawn(async move {
                    let bytes = match fetch(transport.as_ref(), url).await {
                        Ok(bytes) => bytes,
                        Err(missing) => return Some(Message::PictureCame { id, result: Err(missing) }),
                    };
                    let loaded = tokio::task::spawn_blocking(move || album.load(id, bytes, room, manner));
                    loaded.await.ok()
                });
            }
        }
    }

    pub(super) fn save_picture(&self, id: PictureId, path: String, replace: Replace) {
        let bytes = self.album.bytes(id);
        self.spawn_blocking(move || {
            let result = match bytes {
                Some(bytes) => save(&path, &bytes, replace),
                None => Err(NotSaved::Failed(t!("app-picture-let-go").into_string())),
            };
            Some(Message::PictureSaved { id, path, result })
        });
    }
}

fn save(path: &str, bytes: &[u8], replace: Replace) -> Result<(String, usize), NotSaved> {
    let (mut file, path) = create(path, replace)?;
    file.write_all(bytes).map_err(|error: io::Error| NotSaved::Failed(error.to_string()))?;
    Ok((path, bytes.len()))
}

/// Fetches what is at an address, all of it within the limits.
async fn fetch(transport: &dyn Transport, url: Url) -> Result<Vec<u8>, Missing> {
    let host = crate::http::host::name(&url);
    let fetched = tokio::time::timeout(LONGEST, followed(transport, url)).await;
    let slow = || t!("app-picture-slow", host = host, seconds = LONGEST.as_secs());
    fetched.unwrap_or_else(|_| Err(Missing::Failed(slow())))
}

/// Asks, and asks again where the same host sends on to another place of it. Another host, or the same one without
/// encryption, is for the person to decide.
async fn followed(transport: &dyn Transport, mut url: Url) -> Result<Vec<u8>, Missing> {
    for _ in 0..HOPS {
        match ask(transport, &url).await? {
            Answer::Bytes(bytes) => return Ok(bytes),
            Answer::Elsewhere(next) => {
                let is_same = next.origin() == url.origin();
                url = next;
                if !is_same {
                    return Err(Missing::Moved(url));
                }
            }
        }
    }
    let host = crate::http::host::name(&url);
    Err(Missing::Failed(t!("app-picture-scheme", host = host, target = url.as_str())))
}

enum Answer {
    Bytes(Vec<u8>),
    Elsewhere(Url),
}

async fn ask(transport: &dyn Transport, url: &Url) -> Result<Answer, Missing> {
    let host = crate::http::host::name(url);
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("image/png, image/jpeg, image/webp, image/gif"));
    headers
        .insert(header::USER_AGENT, HeaderValue::from_static(concat!("loquat/", env!("CARGO_PKG_VERSION"))));
    let limits = Limits { connect: LONGEST, first_byte: LONGEST, idle: LONGEST };
    let request = HttpRequest {
        method: Method::GET,
        url: url.clone(),
        headers,
        body: None,
        link: Link::default(),
        limits,
    };
    let refused = |reason: String| Missing::Failed(t!("app-picture-not-fetched", reason = reason));
    let answer = transport.send(request).await.map_err(|failure| refused(failure.message))?;
    if (300..400).contains(&answer.status)
        && let Some(to) = answer.headers.get(header::LOCATION)
    {
        let target = String::from_utf8_lossy(to.as_bytes()).into_owned();
        let next = url.join(&target).ok().filter(may_be_fetched);
        let nowhere = || Missing::Failed(t!("app-picture-scheme", host = host, target = target));
        return next.map(Answer::Elsewhere).ok_or_else(nowhere);
    }
    if !(200..300).contains(&answer.status) {
        return Err(Missing::Failed(t!("app-picture-status", host = host, status = answer.status)));
    }
    let mut bytes = Vec::new();
    let mut body = answer.body;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|failure| refused(failure.message))?;
        if bytes.len() + piece.len() > MOST * 1_000_000 {
            return Err(Missing::Failed(t!("app-picture-large", host = host, most = MOST)));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Answer::Bytes(bytes))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::FutureExt;
    use futures::future::BoxFuture;
    use futures::stream;

    use super::*;
    use crate::chat::Failure;
    use crate::http::HttpResponse;

    /// A host that sends so many pieces of a million bytes, or never ends.
    struct Sends(Option<usize>);

    impl Transport for Sends {
        fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
            assert_eq!((request.method, request.body), (Method::GET, None));
            let piece = || Ok(Bytes::from(vec![0; 1_000_000]));
            let body = match self.0 {
                Some(count) => stream::iter((0..count).map(move |_| piece())).boxed(),
                None => stream::pending().boxed(),
            };
            async move { Ok(HttpResponse { status: 200, headers: HeaderMap::new(), body }) }.boxed()
        }
    }

    async fn fetched(host: Sends) -> Result<usize, Missing> {
        fetch(&host, Url::parse("https://pics.test/a.png").unwrap()).await.map(|bytes| bytes.len())
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_fetched_has_a_limit_in_size_and_time() {
        assert_eq!(fetched(Sends(Some(20))).await, Ok(20_000_000));
        let failed = |why: &str| Err(Missing::Failed(crate::text::sanitise(why)));
        assert_eq!(
            fetched(Sends(Some(21))).await,
            failed("pics.test sends more than 20 MB: it was not fetched.")
        );
        assert_eq!(fetched(Sends(None)).await, failed("pics.test did not send it within 10 s."));
    }
}
