//! The network against servers on this machine that do one thing each.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::chat::ErrorKind;

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    first_byte: Duration::from_secs(5),
    idle: Duration::from_secs(5),
};

fn request(url: &str) -> HttpRequest {
    HttpRequest {
        method: Method::POST,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: Some(Bytes::from_static(b"{}")),
        link: Link::default(),
        limits: LIMITS,
    }
}

/// A server that reads a request, sends `answer` and then closes, or stays silent for good. Its port.
async fn server(answer: &'static str, then: Then) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = socket.read(&mut request).await;
        socket.write_all(answer.as_bytes()).await.unwrap();
        match then {
            Then::Close => {}
            Then::Hang => std::future::pending().await,
        }
    });
    port
}

#[derive(Clone, Copy)]
enum Then {
    Close,
    Hang,
}

/// Everything a request gave: its body and what ended it.
async fn outcome(request: HttpRequest) -> (Option<u16>, String, Option<Failure>) {
    let mut response = match NetTransport::new().send(request).await {
        Ok(response) => response,
        Err(failure) => return (None, String::new(), Some(failure)),
    };
    let mut body = Vec::new();
    let mut failure = None;
    while let Some(piece) = response.body.next().await {
        match piece {
            Ok(bytes) => body.extend_from_slice(&bytes),
            Err(error) => failure = Some(error),
        }
    }
    (Some(response.status), String::from_utf8(body).unwrap(), failure)
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/v1/chat/completions?key=query-secret")
}

#[tokio::test]
async fn an_answers_head_and_body_are_handed_over() {
    let port =
        server("HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 5\r\n\r\nhello", Then::Hang).await;
    let response = NetTransport::new().send(request(&url(port))).await.unwrap();
    assert_eq!((response.status, &response.headers["retry-after"]), (429, &"7".parse().unwrap()));
    let body: Vec<_> = response.body.map(Result::unwrap).collect().await;
    assert_eq!(body.concat(), b"hello");
}

#[tokio::test]
async fn a_redirect_is_handed_over_and_not_followed() {
    let port = server(
        "HTTP/1.1 308 Moved\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
        Then::Close,
    )
    .await;
    assert_eq!(outcome(request(&url(port))).await, (Some(308), String::new(), None));
}

#[tokio::test]
async fn a_refused_connection_names_host_and_remedy_and_no_query() {
    let port = {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
        free.local_addr().unwrap().port()
    };
    let failure = outcome(request(&url(port))).await.2.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert_eq!(failure.message, format!("127.0.0.1:{port} refuses connections."));
    let step = format!("Is the server that should listen on 127.0.0.1:{port} running?");
    assert_eq!(failure.next_step, Some(step));
}

#[tokio::test]
async fn an_unknown_host_is_told_as_one() {
    let failure = outcome(request("http://no-such-host.invalid/v1")).await.2.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert_eq!(failure.message, "The host no-such-host.invalid is not known (DNS).");
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_what_came() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let port = server(head, Then::Close).await;
    let (status, body, failure) = outcome(request(&url(port))).await;
    assert_eq!((status, body.as_str()), (Some(200), "hello"));
    let failure = failure.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert!(failure.message.contains("closed the connection"), "{failure}");
    let port = server("", Then::Close).await;
    let failure = outcome(request(&url(port))).await.2.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert!(!failure.message.contains("query-secret"), "{failure}");
}

#[tokio::test]
async fn silence_is_told_with_its_limit_wherever_it_falls() {
    let short = Duration::from_millis(60);
    let hanging = |answer| server(answer, Then::Hang);
    let with = |port, limits| HttpRequest { limits, ..request(&url(port)) };
    let impatient = Limits { first_byte: short, ..LIMITS };
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"] {
        let failure = outcome(with(hanging(answer).await, impatient)).await.2.unwrap();
        assert_eq!(failure.kind, ErrorKind::Timeout);
        assert!(failure.message.contains("did not begin to answer within 0.06 s"), "{failure}");
    }
    let port = hanging("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello").await;
    let (_, body, failure) = outcome(with(port, Limits { idle: short, ..LIMITS })).await;
    let failure = failure.unwrap();
    assert_eq!((body.as_str(), failure.kind), ("hello", ErrorKind::Timeout));
    assert!(failure.message.contains("fell silent for 0.06 s"), "{failure}");
}

#[tokio::test]
async fn the_docker_host_is_this_machine_where_it_is_not_known() {
    let port = server("HTTP/1.1 204 None\r\n\r\n", Then::Close).await;
    let net = NetTransport::new();
    let answer = net.send(request(&format!("http://host.docker.internal:{port}/"))).await;
    // Where a container runtime makes the name known, it leads elsewhere and nothing is substituted.
    if let Some(note) = net.note() {
        assert_eq!(answer.unwrap().status, 204);
        assert_eq!(note, "host.docker.internal is not known here; 127.0.0.1 is used instead.");
    }
}

/// A TLS server with a certificate of its own for `name`: its port, and the certificate as a PEM file.
async fn tls_server(name: &str, folder: &tempfile::TempDir) -> (u16, PathBuf) {
    tls_server_with(rcgen::CertificateParams::new([name.to_owned()]).unwrap(), folder).await
}

async fn tls_server_with(params: rcgen::CertificateParams, folder: &tempfile::TempDir) -> (u16, PathBuf) {
    let pair = rcgen::KeyPair::generate().unwrap();
    let cert = params.self_signed(&pair).unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, cert.pem()).unwrap();
    let key = PrivateKeyDer::try_from(pair.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(cert.der().to_vec())], key)
            .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
            let _ = socket.shutdown().await;
        }
    });
    (port, file)
}

#[tokio::test]
async fn tls_trusts_a_ca_file_and_nothing_it_was_not_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let (port, ca_file) = tls_server("localhost", &folder).await;
    let ask = |host: &str, ca_file: Option<PathBuf>| HttpRequest {
        link: Link { proxy: None, ca_file },
        ..request(&format!("https://{host}:{port}/"))
    };
    let trusted = outcome(ask("localhost", Some(ca_file.clone()))).await;
    assert_eq!(trusted, (Some(200), "secret".to_owned(), None));
    let failure = outcome(ask("localhost", None)).await.2.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert!(failure.message.starts_with(&format!("No secure connection to localhost:{port}: ")), "{failure}");
    assert!(failure.next_step.unwrap().contains("caFile"));
    let failure = outcome(ask("127.0.0.1", Some(ca_file))).await.2.unwrap();
    assert!(failure.message.contains("its certificate is for another name"), "{failure}");
}

#[tokio::test]
async fn a_certificate_that_is_its_own_authority_and_a_server_without_tls_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let (port, _) = tls_server_with(params, &folder).await;
    let failure = outcome(request(&format!("https://localhost:{port}/"))).await.2.unwrap();
    assert!(failure.message.contains("its certificate is signed by itself"), "{failure}");
    assert!(failure.next_step.unwrap().contains("caFile"));
    let plain = server("HTTP/1.1 400 Bad Request\r\n\r\n", Then::Close).await;
    let failure = outcome(request(&format!("https://localhost:{plain}/"))).await.2.unwrap();
    assert!(failure.message.contains("what it answers is not TLS"), "{failure}");
    assert!(failure.next_step.unwrap().contains("http://"));
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [("absent.pem", None), ("empty.pem", Some("no certificate here"))] {
        let path = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let ask = HttpRequest {
            link: Link { proxy: None, ca_file: Some(path) },
            ..request("https://localhost:1/")
        };
        let failure = outcome(ask).await.2.unwrap();
        assert_eq!(failure.kind, ErrorKind::Config);
        assert!(failure.message.contains(name), "{failure}");
    }
}

#[tokio::test]
async fn a_proxy_is_used_and_named_without_its_password() {
    let port = server("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nvia", Then::Close).await;
    let ask = |proxy: String| HttpRequest {
        link: Link { proxy: Some(proxy), ca_file: None },
        ..request("http://far.invalid/v1")
    };
    assert_eq!(outcome(ask(format!("http://127.0.0.1:{port}"))).await, (Some(200), "via".to_owned(), None));
    let failure = outcome(ask("http://me:hunter2@127.0.0.1:9".to_owned())).await.2.unwrap();
    assert_eq!(failure.kind, ErrorKind::Network);
    assert!(failure.next_step.as_ref().unwrap().contains("127.0.0.1:9"), "{failure:?}");
    assert!(!format!("{failure:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_host_is_reached_step_by_step_and_each_step_says_what_is_wrong() {
    let limit = Duration::from_secs(5);
    let at = |url: &str| url.parse::<url::Url>().unwrap();
    let found = reach::addresses(&at("http://127.0.0.1:1/v1"), limit).await.unwrap();
    assert_eq!(found, [std::net::IpAddr::from([127, 0, 0, 1])]);
    let unknown = reach::addresses(&at("https://nobody.invalid"), limit).await.unwrap_err();
    assert_eq!(
        (unknown.kind, &*unknown.message),
        (ErrorKind::Network, "The host nobody.invalid is not known (DNS).")
    );

    let folder = tempfile::TempDir::new().unwrap();
    let (port, ca_file) = tls_server("localhost", &folder).await;
    let url = at(&format!("https://localhost:{port}/v1"));
    let trusting = Link { proxy: None, ca_file: Some(ca_file) };
    assert_eq!(reach::handshake(&url, &trusting, limit).await, Ok(Some("TLS 1.3")));
    let strange = reach::handshake(&url, &Link::default(), limit).await.unwrap_err();
    assert!(strange.message.contains("does not trust"), "{}", strange.message);
    let plain = at(&format!("http://localhost:{port}"));
    assert_eq!(reach::handshake(&plain, &Link::default(), limit).await, Ok(None));
    let refused = reach::handshake(&at("http://127.0.0.1:1"), &Link::default(), limit).await.unwrap_err();
    assert_eq!((refused.kind, &*refused.message), (ErrorKind::Network, "127.0.0.1:1 refuses connections."));
}
