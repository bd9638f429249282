//! What LibreChat's `bedrock` section has beyond what every endpoint has.

use super::Template;
use crate::chat::ModelId;

/// Regions, profiles and the guardrail of a Bedrock endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BedrockConfig {
    /// `availableRegions`: the regions a request may name. Empty: any.
    pub regions: Vec<String>,
    /// `inferenceProfiles`: what is asked for in place of a model.
    pub inference_profiles: Vec<(ModelId, Template)>,
    /// `guardrailConfig`.
    pub guardrail: Option<GuardrailConfig>,
}

/// The guardrail that every request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardrailConfig {
    /// `guardrailIdentifier`: its id or ARN.
    pub identifier: Template,
    /// `guardrailVersion`; `DRAFT` where none is written.
    pub version: String,
    /// `trace`: `enabled`, `disabled` or `enabled_full`.
    pub trace: Option<String>,
    /// `streamProcessingMode`: `sync` or `async`; only streamed answers take it.
    pub stream_processing_mode: Option<String>,
}
