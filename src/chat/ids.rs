//! Ids and names, one type each, so that one cannot be passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }
    };
}

uuid_id! {
    /// A conversation; UUID v7, so ids sort by creation.
    ConversationId
}
uuid_id! {
    /// A message; UUID v7.
    MessageId
}
uuid_id! {
    /// A turn; UUID v7. It never outlives the process that runs the turn.
    TurnId
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The name as text. Untrusted: sanitise before it is shown.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(s: &str) -> Self {
                Self(s.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(s: String) -> Self {
                Self(s)
            }
        }
    };
}

name! {
    /// An endpoint's name as the configuration spells it.
    EndpointName
}
name! {
    /// A model id exactly as it is sent to the provider.
    ModelId
}
name! {
    /// A model name that the router resolves to one or more routes.
    AliasName
}
name! {
    /// The label of a key; the key of a plain `apiKey` is labelled `default`.
    KeyLabel
}

impl EndpointName {
    /// The endpoint whose models are the aliases. Nothing is sent to it: a turn that asks it is planned over the
    /// routes of the alias.
    pub const ROUTER: &'static str = "router";
}

impl KeyLabel {
    /// The label of the key that a plain `apiKey` configures.
    pub const DEFAULT: &'static str = "default";
}

impl Default for KeyLabel {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

/// Where a request goes: an endpoint, one of its keys, a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// The endpoint's name.
    pub endpoint: EndpointName,
    /// The label of the key that is used.
    pub key: KeyLabel,
    /// The model id that is sent.
    pub model: ModelId,
}

impl Route {
    /// What asks for an alias.
    pub fn to_alias(alias: impl Into<AliasName>) -> Self {
        let AliasName(name) = alias.into();
        Self { endpoint: EndpointName::ROUTER.into(), key: KeyLabel::default(), model: ModelId(name) }
    }

    /// The alias that is asked for; `None` where a model of an endpoint is.
    pub fn alias(&self) -> Option<AliasName> {
        (self.endpoint.as_str() == EndpointName::ROUTER).then(|| AliasName(self.model.0.clone()))
    }
}

impl fmt::Display for Route {
    /// `ENDPOINT/MODEL`, the form that `fallback_from` uses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.endpoint, self.model)
    }
}
