//! The words of the interface that tests look for. Wording belongs to the catalogue; when it changes there,
//! it changes here, and nowhere else in the tests.

/// On the first frame: what the keys line of the composer always says.
pub const READY: &str = "F1";
/// In every answer of the demo.
pub const NOT_A_MODEL: &str = "not a model";
/// What shows that an answer is still being written.
pub const LIVE: &str = "▍";
/// In the pill that counts what came below what is read.
pub const NEW_LINES: &str = "new line";
/// The counter of the second of two siblings, and of the first.
pub const SECOND_OF_TWO: &str = "‹2/2›";
pub const FIRST_OF_TWO: &str = "‹1/2›";
/// Over three answers beside each other, and the counter of the second of them.
pub const THREE_LANES: &str = "3 lanes";
pub const SECOND_OF_THREE: &str = "‹2/3›";
/// On the tree page, before the first of several roots.
pub const FIRST_ROOT: &str = "┌─";
/// In the graph rail, at a message with one sibling.
pub const RAIL_AT_A_SIBLING: &str = "●──○";
/// In the title of the endpoint picker.
pub const ENDPOINTS: &str = "endpoint";
/// In the key entry.
pub const KEY_ENTRY: &str = "key";
/// Told where the configuration was read again.
pub const CONFIG_TAKEN: &str = "configuration is taken up";
pub const CONFIG_REFUSED: &str = "not taken up";
pub const CONFIG_SAME: &str = "as it was";
/// On the help page and on the usage page.
pub const HELP: &str = "help";
pub const USAGE: &str = "usage";
/// The days of the usage page, its last row, what it says of nothing, and the head of its single requests.
pub const USAGE_RANGES: &str = "30 days  month";
pub const USAGE_TOTAL: &str = "total";
pub const USAGE_NONE: &str = "Nothing was used";
pub const USAGE_OF_EVENTS: &str = "the latest first";
/// In the panel beside the conversation.
pub const THIS_BRANCH: &str = "this branch";
/// Told where panes are linked.
pub const TOGETHER: &str = "together";
/// At the foot of the page that compares two messages.
pub const COMPARED: &str = "what was sent";
/// What is asked where a budget is spent.
pub const SEND_ALL_THE_SAME: &str = "Send it all the same?";
/// Over what can be done about a request that is too long, and two of its rows.
pub const TOO_LONG: &str = "too long";
pub const LEAVE_OUT: &str = "leave out the";
pub const SUMMARISE: &str = "send a summary";
/// Over the models that can write a summary, and above one that is folded.
pub const SUMMARY_BY: &str = "a summary, written by";
pub const SUMMARY_OF: &str = "summary of";
/// Below the composer while a message is changed in its place, and over its former versions.
pub const REVISE: &str = "Enter changes the message";
pub const FORMER_VERSIONS: &str = "former versions";
/// At a message that its branch leaves out, and in the title of the context lens.
pub const NOT_SENT: &str = "⊘ not sent";
pub const LENS: &str = "what Enter sends";
/// In the form for tags, and in the list of conversations where nothing is like what is typed.
pub const TAGS: &str = "commas between them";
pub const NO_MATCH: &str = "No title and no #tag is like that";
/// When a preset was made.
pub const PRESET_KEPT: &str = "Kept as the preset";
/// What an answer that was stopped, or cut, is marked with.
pub const STOPPED: &[&str] = &["stopped", "cancelled"];
pub const CUT_MARK: &[&str] = &["cut"];
/// After the route that can go on with an answer that was cut.
pub const GOES_ON: &str = "can go on with it";
/// What each fault is told by: one of these. None may be part of the name of the model that has the fault,
/// which is on the screen in any case.
pub const REFUSED: &[&str] = &["Incorrect API key"];
pub const RATE_LIMIT: &[&str] = &["Rate limit reached"];
pub const NO_SUCH_MODEL: &[&str] = &["does not exist"];
pub const SERVER_ERROR: &[&str] = &["The server had an error"];
pub const BAD_GATEWAY: &[&str] = &["Bad Gateway"];
pub const BACKEND_ERROR: &[&str] = &["The backend"];
pub const CONTEXT: &[&str] = &["maximum context length"];
pub const FILTER: &[&str] = &["content policy", "content filter", "a filter"];
pub const TIMEOUT: &[&str] = &["did not begin to answer", "fell silent"];
pub const CUT: &[&str] = &["ended before its end", "closed the connection"];
/// Below 40x12.
pub const TOO_SMALL: &str = "40";

/// Whether a screen shows one of these, whatever its letters' case.
pub fn shows(screen: &str, any: &[&str]) -> bool {
    // A message may be broken over lines.
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    any.iter().any(|word| flat.contains(&word.to_lowercase()))
}
