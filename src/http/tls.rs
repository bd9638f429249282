//! Trust: the platform's, and a file's on top of it, loaded at the first handshake.
//!
//! Reading the system's certificates takes longer than a whole answer from a local server, and plain http
//! never needs them. So the verifier that rustls is given is empty until it is asked to verify.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::ClientConfig;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::chat::{ErrorKind, Failure};

/// TLS as every connection uses it. Reads `ca_file`, and nothing of the system's.
///
/// # Errors
/// `config` where `ca_file` cannot be read or holds no certificate.
pub fn client_config(ca_file: Option<&PathBuf>) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(ring::default_provider());
    let extra = ca_file.map_or(Ok(Vec::new()), |path| certificates(path))?;
    let verifier = Arc::new(LazyVerifier { provider: Arc::clone(&provider), extra, made: OnceLock::new() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let shown = path.display().to_string();
    let refuse = |reason: String| {
        Failure::new(
            ErrorKind::Config,
            crate::t!("net-ca-file", path = shown.as_str(), reason = reason).into_string(),
        )
        .with_next_step(crate::t!("net-step-ca-file").into_string())
    };
    let found: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<_, _>>)
        .map_err(|error| refuse(error.to_string()))?;
    if found.is_empty() {
        return Err(refuse(crate::t!("net-ca-file-empty").into_string()));
    }
    Ok(found)
}

/// The platform's verifier, made when it is first needed.
struct LazyVerifier {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    made: OnceLock<Result<Verifier, rustls::Error>>,
}

impl LazyVerifier {
    fn verifier(&self) -> Result<&Verifier, rustls::Error> {
        self.made
            .get_or_init(|| Verifier::new_with_extra_roots(self.extra.clone(), Arc::clone(&self.provider)))
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl fmt::Debug for LazyVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyVerifier").field("extra", &self.extra.len()).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for LazyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    // The platform's verifier checks signatures with the provider's algorithms too; asking the provider
    // itself keeps these independent of whether it has been made.
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
