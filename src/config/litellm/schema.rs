//! What may stand in a LiteLLM `config.yaml`, as tables.
//!
//! Values are mostly of any kind here: LiteLLM takes a number as text or as the name of a variable, and whoever
//! includes the file cannot change it, so what cannot be read is a warning of the reader's and no error.

use crate::config::schema::{Field, Kind, foreign, used};

/// A key that LiteLLM's files and ours both have: it tells nothing of whose a file is.
pub(in crate::config) const SHARED: &str = "prompts";

/// Keys whose presence says that a file is LiteLLM's, but for [`SHARED`].
pub(in crate::config) const ROOT: &[Field] = &[
    used("model_list", Kind::List(&Kind::Object(&[DEPLOYMENT]))),
    used("router_settings", Kind::Object(&[FALLBACKS, ROUTER])),
    used("litellm_settings", Kind::Object(&[FALLBACKS, SETTINGS])),
    foreign("general_settings"),
    foreign("environment_variables"),
    foreign("guardrails"),
    foreign("mcp_servers"),
    foreign("search_tools"),
    used("credential_list", Kind::List(&Kind::Object(&[CREDENTIAL]))),
    foreign("callback_settings"),
    foreign("files_settings"),
    foreign("finetune_settings"),
    foreign("vector_store_registry"),
    foreign(SHARED),
];

const DEPLOYMENT: &[Field] = &[
    used("model_name", Kind::Text),
    used("litellm_params", Kind::Object(&[PLACE, SHARE, PRICES, PARAMS, UNUSED])),
    used("model_info", Kind::Map(&Kind::Any)),
];

const CREDENTIAL: &[Field] = &[
    used("credential_name", Kind::Text),
    used("credential_values", Kind::Map(&Kind::Any)),
    foreign("credential_info"),
];

/// Where a deployment is, and who asks it.
const PLACE: &[Field] = &[
    used("model", Kind::Text),
    used("custom_llm_provider", Kind::Text),
    used("api_base", Kind::Text),
    used("base_url", Kind::Text),
    used("api_key", Kind::Text),
    used("api_version", Kind::Text),
    used("organization", Kind::Text),
    used("litellm_credential_name", Kind::Text),
    used("aws_region_name", Kind::Text),
    used("aws_access_key_id", Kind::Text),
    used("aws_secret_access_key", Kind::Text),
    used("aws_session_token", Kind::Text),
    used("aws_bedrock_runtime_endpoint", Kind::Text),
    used("vertex_project", Kind::Text),
    used("vertex_location", Kind::Text),
    used("extra_headers", Kind::Map(&Kind::Text)),
    used("headers", Kind::Map(&Kind::Text)),
];

/// How much of the requests a deployment takes.
const SHARE: &[Field] = &[
    used("rpm", Kind::Any),
    used("tpm", Kind::Any),
    used("max_parallel_requests", Kind::Any),
    used("weight", Kind::Any),
    used("order", Kind::Any),
    used("timeout", Kind::Any),
    used("stream_timeout", Kind::Any),
    used("num_retries", Kind::Any),
];

/// What tokens cost. They may stand in `model_info` too.
const PRICES: &[Field] = &[
    used("input_cost_per_token", Kind::Any),
    used("output_cost_per_token", Kind::Any),
    used("cache_read_input_token_cost", Kind::Any),
    used("cache_creation_input_token_cost", Kind::Any),
];

/// What of `litellm_params` is sent with every request.
pub(super) const PARAMS: &[Field] = &[
    used("temperature", Kind::Any),
    used("top_p", Kind::Any),
    used("top_k", Kind::Any),
    used("max_tokens", Kind::Any),
    used("max_completion_tokens", Kind::Any),
    used("stop", Kind::Any),
    used("seed", Kind::Any),
    used("presence_penalty", Kind::Any),
    used("frequency_penalty", Kind::Any),
    used("reasoning_effort", Kind::Any),
    used("thinking", Kind::Any),
    used("num_ctx", Kind::Any),
    used("keep_alive", Kind::Any),
    used("service_tier", Kind::Any),
    used("extra_body", Kind::Map(&Kind::Any)),
    used("additional_drop_params", Kind::List(&Kind::Text)),
];

const UNUSED: &[Field] = &[
    foreign("drop_params"),
    foreign("modify_params"),
    foreign("allowed_openai_params"),
    foreign("max_retries"),
    foreign("cooldown_time"),
    foreign("itpm"),
    foreign("otpm"),
    foreign("timeout_by_service_tier"),
    foreign("max_budget"),
    foreign("budget_duration"),
    foreign("tags"),
    foreign("tag_regex"),
    foreign("mock_response"),
    foreign("mock_tool_calls"),
    foreign("mock_timeout"),
    foreign("mock_delay"),
    foreign("region_name"),
    foreign("aws_profile_name"),
    foreign("aws_role_name"),
    foreign("aws_session_name"),
    foreign("aws_web_identity_token"),
    foreign("aws_sts_endpoint"),
    foreign("vertex_credentials"),
    foreign("azure_ad_token"),
    foreign("tenant_id"),
    foreign("client_id"),
    foreign("client_secret"),
    foreign("input_cost_per_second"),
    foreign("output_cost_per_second"),
    foreign("ssl_verify"),
    foreign("stream"),
    foreign("caching"),
    foreign("merge_reasoning_content_in_choices"),
    foreign("cache_control_injection_points"),
    foreign("configurable_clientside_auth_params"),
    foreign("use_in_pass_through"),
    foreign("use_litellm_proxy"),
];

/// What both settings may say of fallbacks and attempts.
const FALLBACKS: &[Field] = &[
    used("num_retries", Kind::Any),
    used("allowed_fails", Kind::Any),
    used("fallbacks", FALLBACK_LIST),
    used("default_fallbacks", Kind::List(&Kind::Any)),
    used("context_window_fallbacks", FALLBACK_LIST),
    used("content_policy_fallbacks", FALLBACK_LIST),
];

const FALLBACK_LIST: Kind = Kind::List(&Kind::Map(&Kind::List(&Kind::Any)));

const ROUTER: &[Field] = &[
    used("routing_strategy", Kind::Text),
    used("cooldown_time", Kind::Any),
    used("timeout", Kind::Any),
    used("stream_timeout", Kind::Any),
    used("model_group_alias", Kind::Map(&Kind::ObjectOr(GROUP_ALIAS, &Kind::Text))),
    foreign("enable_pre_call_checks"),
    foreign("optional_pre_call_checks"),
    foreign("routing_strategy_args"),
    foreign("max_fallbacks"),
    foreign("retry_after"),
    foreign("retry_policy"),
    foreign("model_group_retry_policy"),
    foreign("allowed_fails_policy"),
    foreign("disable_cooldowns"),
    foreign("enable_weighted_failover"),
    foreign("enable_tag_filtering"),
    foreign("tag_filtering_match_any"),
    foreign("provider_budget_config"),
    foreign("routing_groups"),
    foreign("default_max_parallel_requests"),
    foreign("default_priority"),
    foreign("polling_interval"),
    foreign("set_verbose"),
    foreign("debug_level"),
    foreign("cache_responses"),
    foreign("caching_groups"),
    foreign("cache_kwargs"),
    foreign("client_ttl"),
    foreign("alerting_config"),
    foreign("redis_host"),
    foreign("redis_port"),
    foreign("redis_password"),
    foreign("redis_url"),
    foreign("redis_db"),
];

const GROUP_ALIAS: &[Field] = &[used("model", Kind::Text), foreign("hidden")];

const SETTINGS: &[Field] = &[
    used("request_timeout", Kind::Any),
    foreign("drop_params"),
    foreign("modify_params"),
    foreign("callbacks"),
    foreign("success_callback"),
    foreign("failure_callback"),
    foreign("service_callbacks"),
    foreign("cache"),
    foreign("cache_params"),
    foreign("set_verbose"),
    foreign("json_logs"),
    foreign("telemetry"),
    foreign("max_budget"),
    foreign("budget_duration"),
    foreign("budget_exceeded_status_code"),
    foreign("cost_discount_config"),
    foreign("cost_margin_config"),
    foreign("turn_off_message_logging"),
    foreign("redact_user_api_key_info"),
    foreign("redact_messages_in_exceptions"),
    foreign("disable_hf_tokenizer_download"),
    foreign("disable_end_user_cost_tracking"),
    foreign("network_mock"),
    foreign("enable_post_custom_auth_checks"),
    foreign("expose_router_debug_in_errors"),
    foreign("forward_traceparent_to_llm_provider"),
    foreign("default_internal_user_params"),
    foreign("default_team_settings"),
    foreign("upperbound_key_generate_params"),
    foreign("max_internal_user_budget"),
    foreign("internal_user_budget_duration"),
    foreign("langfuse_default_tags"),
    foreign("tag_budget_config"),
    foreign("public_routes"),
    foreign("mcp_aliases"),
    foreign("ssl_verify"),
    foreign("ssl_certificate"),
];
