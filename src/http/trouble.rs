//! What went wrong on the way, in words: the host, the reason, the next step. Never a URL's path or query,
//! which may hold a key.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use super::Link;
use crate::chat::{ErrorKind, Failure};

/// Where a request was going, as messages name it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Host and port.
    pub host: String,
    /// Whether it is this machine.
    pub is_loopback: bool,
    /// The proxy on the way, by host and port.
    pub proxy: Option<String>,
}

impl Target {
    /// Of a request.
    pub fn new(url: &url::Url, link: &Link) -> Self {
        let proxy = link.proxy.as_deref().and_then(|proxy| url::Url::parse(proxy).ok());
        Self {
            host: super::host::name(url),
            is_loopback: super::host::is_loopback(url),
            proxy: proxy.as_ref().map(super::host::name),
        }
    }

    /// No connection came about in time.
    pub fn connect_timeout(&self, limit: Duration) -> Failure {
        self.timeout(crate::t!("net-connect-timeout", host = self.host.as_str(), limit = seconds(limit)))
    }

    /// No byte of an answer came in time.
    pub fn first_byte_timeout(&self, limit: Duration) -> Failure {
        self.timeout(crate::t!("net-first-byte-timeout", host = self.host.as_str(), limit = seconds(limit)))
    }

    /// The answer fell silent.
    pub fn idle_timeout(&self, limit: Duration) -> Failure {
        self.timeout(crate::t!("net-idle-timeout", host = self.host.as_str(), limit = seconds(limit)))
    }

    fn timeout(&self, message: crate::text::Safe) -> Failure {
        Failure::new(ErrorKind::Timeout, message.into_string())
            .with_next_step(crate::t!("net-step-timeout").into_string())
    }

    /// What an error of the client means.
    pub fn failure(&self, error: &reqwest::Error, connect: Duration) -> Failure {
        if error.is_timeout() && error.is_connect() {
            return self.connect_timeout(connect);
        }
        self.broken(error)
    }

    /// Nobody knows the host's name.
    pub fn unknown_host(&self) -> Failure {
        Failure::new(ErrorKind::Network, crate::t!("net-dns", host = self.host.as_str()).into_string())
            .with_next_step(crate::t!("net-step-dns").into_string())
    }

    /// What an error of a connection means.
    pub fn broken(&self, error: &(dyn Error + 'static)) -> Failure {
        let host = self.host.as_str();
        if let Some(tls) = cause::<rustls::Error>(error) {
            return Failure::new(
                ErrorKind::Network,
                crate::t!("net-tls", host = host, reason = tls_reason(tls)).into_string(),
            )
            .with_next_step(tls_step(tls).into_string());
        }
        if chain(error).any(|cause| cause.to_string() == "dns error") {
            return self.unknown_host();
        }
        let is_cut = error.downcast_ref::<reqwest::Error>().is_some_and(|e| e.is_body() || e.is_decode());
        let kind = cause::<io::Error>(error).map(io::Error::kind);
        let text = match kind {
            Some(io::ErrorKind::ConnectionRefused) => crate::t!("net-refused", host = host),
            Some(
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof,
            ) => crate::t!("net-reset", host = host),
            Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
                crate::t!("net-unreachable", host = host)
            }
            _ if is_cut || is_incomplete(error) => {
                crate::t!("net-reset", host = host)
            }
            _ => crate::t!("net-other", host = host, reason = innermost(error)),
        };
        let step = match (kind, &self.proxy) {
            (_, Some(proxy)) => crate::t!("net-step-proxy", proxy = proxy.as_str()),
            (Some(io::ErrorKind::ConnectionRefused), None) if self.is_loopback => {
                crate::t!("net-step-start-server", host = host)
            }
            (_, None) => crate::t!("net-step-network"),
        };
        Failure::new(ErrorKind::Network, text.into_string()).with_next_step(step.into_string())
    }
}

fn seconds(limit: Duration) -> String {
    format!("{}", limit.as_secs_f64())
}

/// An error and what it is made of. An `io::Error` tells the source of the error it holds and not that error
/// itself, so what it holds is asked for.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The first error of a type in the chain.
fn cause<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

fn is_incomplete(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|cause| {
        let text = cause.to_string();
        text.contains("connection closed before message completed") || text.contains("end of file before")
    })
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

fn tls_step(error: &rustls::Error) -> crate::text::Safe {
    match error {
        rustls::Error::InvalidMessage(_) => crate::t!("net-step-tls-plain"),
        _ => crate::t!("net-step-tls"),
    }
}

fn tls_reason(error: &rustls::Error) -> String {
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::InvalidMessage(_) => return crate::t!("net-tls-plain").into_string(),
        other => return other.to_string(),
    };
    match certificate {
        CertificateError::UnknownIssuer => crate::t!("net-tls-unknown-issuer").into_string(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            crate::t!("net-tls-expired").into_string()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            crate::t!("net-tls-wrong-name").into_string()
        }
        // The one way in which the library that checks certificates tells of this.
        CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity" => {
            crate::t!("net-tls-self-signed").into_string()
        }
        other => other.to_string(),
    }
}
