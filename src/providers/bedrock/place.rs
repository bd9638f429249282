//! Hosts and regions.
//!
//! AWS has a host for every region, and the region stands in its name. At a host that is not AWS's (a gateway, a
//! private link, a test) the region is only what the signature is made for.

use url::Url;

use crate::chat::{ErrorKind, Failure};
use crate::providers::{Site, urls};

/// How AWS's names end.
const DOMAINS: &[&str] = &[".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];

/// How the names of Bedrock's hosts for answers begin, after a private link's own part.
const RUNTIME: &str = "bedrock-runtime";

/// The base that paths of answers are put below, in the region that the request names, where it names one.
///
/// # Errors
/// `config` where the base URL is not one, or the endpoint does not offer the region.
pub fn runtime(site: &Site<'_>, asked: Option<&str>) -> Result<Url, Failure> {
    let mut url = urls::parse(site.endpoint, site.credential)?;
    let Some(asked) = asked else { return Ok(url) };
    let offered = &site.endpoint.bedrock.regions;
    if !offered.is_empty() && !offered.iter().any(|region| region == asked) {
        let message = crate::t!(
            "net-aws-region",
            endpoint = site.endpoint.name.as_str(),
            region = asked,
            offered = offered.join(", ")
        );
        return Err(Failure::new(ErrorKind::Config, message.into_string()));
    }
    if let Some(here) = region_of(&url) {
        let host = url.host_str().unwrap_or_default().replace(here, asked);
        set_host(&mut url, &host);
    }
    Ok(url)
}

/// The base of the lists: AWS has another host for them, everybody else the same.
///
/// # Errors
/// `config` where the base URL is not one.
pub fn control(site: &Site<'_>) -> Result<Url, Failure> {
    let mut url = urls::parse(site.endpoint, site.credential)?;
    if region_of(&url).is_some() {
        let host = url.host_str().unwrap_or_default().replacen(RUNTIME, "bedrock", 1);
        set_host(&mut url, &host);
    }
    Ok(url)
}

/// The region in the name of one of AWS's hosts.
pub fn region_of(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    if !DOMAINS.iter().any(|domain| host.ends_with(domain)) {
        return None;
    }
    let mut labels = host.split('.');
    labels.find(|label| label.starts_with("bedrock"))?;
    labels.next()
}

/// `url` with more of a path, which is encoded already.
pub fn below(mut url: Url, path: &str) -> Url {
    let base = url.path().trim_end_matches('/').to_owned();
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    url.set_path(&format!("{base}{path}"));
    url.set_query(query);
    url
}

fn set_host(url: &mut Url, host: &str) {
    // A host made of a host's labels and a region is one, unless the region is nonsense; then it stays.
    let _ = url.set_host(Some(host));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WireFormat;
    use crate::providers::testing;

    const AWS: &str = "https://bedrock-runtime.us-east-1.amazonaws.com";

    fn at(base: &str, regions: &[&str], asked: Option<&str>) -> Result<(String, String), String> {
        let mut endpoint = testing::endpoint("bedrock", base);
        endpoint.api = WireFormat::Bedrock;
        endpoint.bedrock.regions = regions.iter().map(|region| (*region).to_owned()).collect();
        let credential = testing::credential(base, "");
        let site = testing::site(&endpoint, &credential);
        let runtime = runtime(&site, asked).map_err(|failure| failure.message)?;
        Ok((runtime.to_string(), control(&site).unwrap().to_string()))
    }

    #[test]
    fn the_region_of_a_request_changes_awss_host_and_no_other() {
        let told = |runtime: &str, control: &str| Ok((runtime.to_owned(), control.to_owned()));
        assert_eq!(
            at(AWS, &[], None),
            told(
                "https://bedrock-runtime.us-east-1.amazonaws.com/",
                "https://bedrock.us-east-1.amazonaws.com/"
            )
        );
        assert_eq!(
            at(AWS, &["us-east-1", "eu-west-1"], Some("eu-west-1")),
            told(
                "https://bedrock-runtime.eu-west-1.amazonaws.com/",
                "https://bedrock.us-east-1.amazonaws.com/"
            )
        );
        let gateway = "http://127.0.0.1:4000/bedrock";
        assert_eq!(at(gateway, &[], Some("eu-west-1")), told(gateway, gateway));
    }

    #[test]
    fn a_region_that_is_not_offered_is_refused() {
        assert_eq!(
            at(AWS, &["us-east-1", "eu-west-1"], Some("us-west-2")),
            Err("bedrock does not offer the region us-west-2; it offers us-east-1, eu-west-1.".to_owned())
        );
    }

    #[test]
    fn the_region_is_read_from_awss_names_only() {
        let region = |url: &str| region_of(&Url::parse(url).unwrap()).map(ToOwned::to_owned);
        for url in [
            AWS,
            "https://bedrock-runtime-fips.us-east-1.amazonaws.com",
            "https://vpce-1-2.bedrock-runtime.us-east-1.vpce.amazonaws.com",
            "https://bedrock-runtime.us-east-1.api.aws",
        ] {
            assert_eq!(region(url).as_deref(), Some("us-east-1"), "{url}");
        }
        for url in ["https://bedrock-runtime.us-east-1.example.com", "https://s3.us-east-1.amazonaws.com"] {
            assert_eq!(region(url), None, "{url}");
        }
    }
}
