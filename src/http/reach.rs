//! Whether a host can be reached at all, step by step: its name, its port, its certificate. For people who
//! look for what is wrong; requests do all of it themselves.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ProtocolVersion;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use url::Url;

use super::trouble::Target;
use super::{Link, tls};
use crate::chat::{ErrorKind, Failure};

/// The addresses of a URL's host.
///
/// # Errors
/// `network` where the name is not known, `timeout` where nobody says so in time.
pub async fn addresses(url: &Url, limit: Duration) -> Result<Vec<IpAddr>, Failure> {
    let target = Target::new(url, &Link::default());
    let found = tokio::time::timeout(limit, lookup_host(place(url)))
        .await
        .map_err(|_| target.connect_timeout(limit))?
        .map_err(|_| target.unknown_host())?;
    let mut addresses: Vec<IpAddr> = found.map(|address| address.ip()).collect();
    addresses.dedup();
    Ok(addresses)
}

/// Connects to a URL's host and shakes hands, where it is `https`; the TLS version then.
///
/// # Errors
/// `network` where there is no connection or no trust, `timeout` where it takes too long, `config` where
/// the link's certificates cannot be read.
pub async fn handshake(url: &Url, link: &Link, limit: Duration) -> Result<Option<&'static str>, Failure> {
    let target = Target::new(url, link);
    let shaken = async {
        let stream = TcpStream::connect(place(url)).await.map_err(|error| target.broken(&error))?;
        if url.scheme() != "https" {
            return Ok(None);
        }
        let name = ServerName::try_from(place(url).0)
            .map_err(|error| Failure::new(ErrorKind::Config, error.to_string()))?;
        let connector = TlsConnector::from(Arc::new(tls::client_config(link.ca_file.as_ref())?));
        let stream = connector.connect(name, stream).await.map_err(|error| target.broken(&error))?;
        Ok(Some(match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            _ => "TLS",
        }))
    };
    tokio::time::timeout(limit, shaken).await.unwrap_or_else(|_| Err(target.connect_timeout(limit)))
}

/// Host and port, without the brackets of an IPv6 address.
fn place(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    (host.to_owned(), url.port_or_known_default().unwrap_or(443))
}
