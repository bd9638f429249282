//! The one table of commands. Keys, the palette, slash commands and the help page all read it, so that
//! whatever can be done can be done in each of these ways.

use crate::t;
use crate::text::Safe;

/// Something a person can have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the catalogue's line of each says what it does")]
pub enum CommandId {
    Send,
    Newline,
    ToggleFocus,
    Leave,
    Interrupt,
    Stop,
    MoveOn,
    AskNow,
    Palette,
    Help,
    PickModel,
    SortModels,
    PickEndpoint,
    PickConversation,
    SortConversations,
    Resume,
    Search,
    Pin,
    Archive,
    Tags,
    ShowArchive,
    Trash,
    EmptyTrash,
    Temporary,
    Keep,
    PickPreset,
    SavePreset,
    New,
    Key,
    RemoveKey,
    Usage,
    UsageBranches,
    UsagePanel,
    UsageOpen,
    UsageBack,
    UsageRange,
    UsageRangeBack,
    UsageDates,
    UsageGroup,
    UsageGroupBack,
    UsageSort,
    UsageFilter,
    UsageView,
    UsageEvents,
    UsageWins,
    Settings,
    Rename,
    DeleteConversation,
    Undo,
    Regenerate,
    Continue,
    Edit,
    Delete,
    Revise,
    Revisions,
    Fork,
    ForkBeside,
    Duplicate,
    Exclude,
    PutFirst,
    OrderSiblings,
    Pick,
    Quote,
    Bring,
    Compare,
    Context,
    Fit,
    Siblings,
    Branches,
    PreviousSibling,
    NextSibling,
    Copy,
    CopyCode,
    CopyMenu,
    OpenLink,
    Select,
    SelectLines,
    SaveCode,
    SaveBranch,
    Pipe,
    Fold,
    Follow,
    Print,
    Pictures,
    NextHeading,
    PreviousHeading,
    NextCode,
    PreviousCode,
    Raw,
    RawAll,
    Find,
    FindNext,
    FindPrevious,
    LineDown,
    LineUp,
    MessageDown,
    MessageUp,
    HalfDown,
    HalfUp,
    PageDown,
    PageUp,
    Top,
    Bottom,
    History,
    SearchHistory,
    Editor,
    Paste,
    OpenPaste,
    StripHidden,
    Vi,
    Refresh,
    Switch,
    Star,
    SplitRight,
    SplitDown,
    OpenBeside,
    Tree,
    TreeOpen,
    TreeFilter,
    TreeShow,
    TreeModel,
    TreeRuns,
    Mark,
    StarMessage,
    Label,
    Rail,
    PreviousLeaf,
    NextLeaf,
    PreviousParting,
    NextParting,
    Back,
    Forward,
    ClosePane,
    ZoomPane,
    NextPane,
    PreviousPane,
    FirstPane,
    SecondPane,
    ThirdPane,
    FourthPane,
    PaneLeft,
    PaneRight,
    PaneUp,
    PaneDown,
    SwapPane,
    WidenPane,
    NarrowPane,
    HeightenPane,
    LowerPane,
    EvenPanes,
    LinkPanes,
    FanOut,
    Lanes,
    NextLane,
    PreviousLane,
    ZoomLane,
    Promote,
    StopAll,
    GhostRun,
    MoreSamples,
    FewerSamples,
    Blind,
    NameSet,
    Theme,
    Mouse,
    Reload,
    Problems,
    Redraw,
    Linear,
    Suspend,
    Quit,
}

/// The part of the help page a command stands in; the palette shows them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Getting about.
    App,
    /// Conversations.
    Conversation,
    /// Reading and branching.
    Transcript,
    /// What is done to messages.
    Acts,
    /// The tree, and ways through it.
    Tree,
    /// Panes beside each other.
    Panes,
    /// Several answers at once.
    Lanes,
    /// What was used and what it cost.
    Usage,
    /// Writing a prompt.
    Composer,
}

impl Section {
    /// What it is called.
    pub fn name(self) -> Safe {
        match self {
            Self::App => t!("app-section-app"),
            Self::Composer => t!("app-section-composer"),
            Self::Acts => t!("app-section-acts"),
            Self::Lanes => t!("app-section-lanes"),
            Self::Usage => t!("app-section-usage"),
            Self::Tree => t!("app-section-tree"),
            Self::Panes => t!("app-section-panes"),
            Self::Transcript => t!("app-section-transcript"),
            Self::Conversation => t!("app-section-conversation"),
        }
    }

    /// The same in a word.
    pub fn word(self) -> Safe {
        match self {
            Self::App => t!("app-part-app"),
            Self::Composer => t!("app-part-composer"),
            Self::Acts => t!("app-part-acts"),
            Self::Lanes => t!("app-part-lanes"),
            Self::Usage => t!("app-part-usage"),
            Self::Tree => t!("app-part-tree"),
            Self::Panes => t!("app-part-panes"),
            Self::Transcript => t!("app-part-transcript"),
            Self::Conversation => t!("app-part-conversation"),
        }
    }
}

/// What a command needs before it makes sense; the palette leaves out what cannot be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A message in the transcript.
    Message,
    /// An answer that is being written.
    LiveTurn,
    /// A stored conversation.
    Stored,
    /// Something that was deleted.
    Undo,
    /// Several panes.
    Panes,
    /// Answers beside each other.
    Lanes,
    /// An answer of the conversation that is being written.
    Turns,
    /// A list that floats: by its key only.
    List,
    /// The tree page: by its key only.
    Tree,
    /// The usage page: by its key only.
    Usage,
}

/// A row of the table.
#[derive(Debug)]
pub struct Command {
    /// Which.
    pub id: CommandId,
    /// Its name: what key bindings and the palette call it, and, after `/`, its slash form.
    pub name: &'static str,
    /// Where help lists it.
    pub section: Section,
    /// What it needs.
    pub needs: Needs,
    /// Its line in help and the palette.
    pub line: fn() -> Safe,
}

macro_rules! commands {
    ($($id:ident $name:literal $section:ident $needs:ident $line:literal;)*) => {
        /// Every command, in the order of the help page.
        pub const COMMANDS: &[Command] = &[
            $(Command {
                id: CommandId::$id,
                name: $name,
                section: Section::$section,
                needs: Needs::$needs,
                line: || t!($line),
            },)*
        ];
    };
}

commands! {
    Send "send" Composer Nothing "app-command-send";
    Newline "newline" Composer Nothing "app-command-newline";
    History "history" Composer Nothing "app-command-history";
    SearchHistory "search-history" Composer Nothing "app-command-search-history";
    Editor "editor" Composer Nothing "app-command-editor";
    Paste "paste" Composer Nothing "app-command-paste";
    OpenPaste "open-paste" Composer Nothing "app-command-open-paste";
    StripHidden "strip-hidden" Composer Nothing "app-command-strip-hidden";
    Vi "vi" Composer Nothing "app-command-vi";
    Interrupt "interrupt" Composer Nothing "app-command-interrupt";
    Stop "stop" Composer LiveTurn "app-command-stop";
    MoveOn "move-on" Composer LiveTurn "app-command-move-on";
    AskNow "ask-now" Composer LiveTurn "app-command-ask-now";
    ToggleFocus "focus" Transcript Nothing "app-command-focus";
    Edit "edit" Transcript Message "app-command-edit";
    Regenerate "regenerate" Transcript Message "app-command-regenerate";
    Continue "continue" Transcript Message "app-command-continue";
    PreviousSibling "previous-sibling" Transcript Message "app-command-previous-sibling";
    NextSibling "next-sibling" Transcript Message "app-command-next-sibling";
    Copy "copy" Transcript Message "app-command-copy";
    CopyCode "copy-code" Transcript Message "app-command-copy-code";
    CopyMenu "copy-menu" Transcript Nothing "app-command-copy-menu";
    OpenLink "open-link" Transcript Message "app-command-open-link";
    SaveCode "save-code" Transcript Message "app-command-save-code";
    SaveBranch "save-branch" Transcript Message "app-command-save-branch";
    Pipe "pipe" Transcript Message "app-command-pipe";
    Select "select" Transcript Message "app-command-select";
    SelectLines "select-lines" Transcript Message "app-command-select-lines";
    Fold "fold" Transcript Message "app-command-fold";
    Raw "raw" Transcript Message "app-command-raw";
    RawAll "raw-all" Transcript Nothing "app-command-raw-all";
    Delete "delete" Transcript Message "app-command-delete";
    Undo "undo" Transcript Undo "app-command-undo";
    Find "find" Transcript Message "app-command-find";
    FindNext "find-next" Transcript Message "app-command-find-next";
    FindPrevious "find-previous" Transcript Message "app-command-find-previous";
    LineDown "line-down" Transcript Nothing "app-command-line-down";
    LineUp "line-up" Transcript Nothing "app-command-line-up";
    MessageDown "message-down" Transcript Message "app-command-message-down";
    MessageUp "message-up" Transcript Message "app-command-message-up";
    HalfDown "half-down" Transcript Nothing "app-command-half-down";
    HalfUp "half-up" Transcript Nothing "app-command-half-up";
    PageDown "page-down" Transcript Nothing "app-command-page-down";
    PageUp "page-up" Transcript Nothing "app-command-page-up";
    Top "top" Transcript Nothing "app-command-top";
    Bottom "bottom" Transcript Nothing "app-command-bottom";
    Print "print" Transcript Message "app-command-print";
    Pictures "pictures" Transcript Message "app-command-pictures";
    Follow "follow" Transcript Nothing "app-command-follow";
    NextHeading "next-heading" Transcript Message "app-command-next-heading";
    PreviousHeading "previous-heading" Transcript Message "app-command-previous-heading";
    NextCode "next-code" Transcript Message "app-command-next-code";
    PreviousCode "previous-code" Transcript Message "app-command-previous-code";
    Revise "revise" Acts Message "app-command-revise";
    Revisions "revisions" Acts Message "app-command-revisions";
    Fork "fork" Acts Message "app-command-fork";
    ForkBeside "fork-beside" Acts Message "app-command-fork-beside";
    Duplicate "duplicate" Acts Message "app-command-duplicate";
    Exclude "exclude" Acts Message "app-command-exclude";
    PutFirst "put-first" Acts Message "app-command-put-first";
    OrderSiblings "order-siblings" Acts Message "app-command-order-siblings";
    Pick "pick" Acts Message "app-command-pick";
    Quote "quote" Acts Message "app-command-quote";
    Bring "bring-summary" Acts Message "app-command-bring-summary";
    Compare "compare" Acts Message "app-command-compare";
    Context "context" Acts Nothing "app-command-context";
    Fit "fit" Acts Nothing "app-command-fit";
    Tree "tree" Tree Message "app-command-tree";
    Rail "rail" Tree Nothing "app-command-rail";
    PreviousLeaf "previous-leaf" Tree Message "app-command-previous-leaf";
    NextLeaf "next-leaf" Tree Message "app-command-next-leaf";
    PreviousParting "previous-parting" Tree Message "app-command-previous-parting";
    NextParting "next-parting" Tree Message "app-command-next-parting";
    Siblings "siblings" Tree Message "app-command-siblings";
    Branches "branches" Tree Message "app-command-branches";
    Back "back" Tree Nothing "app-command-back";
    Forward "forward" Tree Nothing "app-command-forward";
    Mark "mark" Tree Message "app-command-mark";
    StarMessage "star-message" Tree Message "app-command-star-message";
    Label "label" Tree Message "app-command-label";
    TreeOpen "tree-open" Tree Tree "app-command-tree-open";
    TreeFilter "tree-filter" Tree Tree "app-command-tree-filter";
    TreeShow "tree-show" Tree Tree "app-command-tree-show";
    TreeModel "tree-model" Tree Tree "app-command-tree-model";
    TreeRuns "tree-runs" Tree Tree "app-command-tree-runs";
    SplitRight "split-right" Panes Nothing "app-command-split-right";
    SplitDown "split-down" Panes Nothing "app-command-split-down";
    OpenBeside "open-beside" Panes Message "app-command-open-beside";
    ClosePane "close-pane" Panes Panes "app-command-close-pane";
    ZoomPane "zoom-pane" Panes Panes "app-command-zoom-pane";
    NextPane "next-pane" Panes Panes "app-command-next-pane";
    PreviousPane "previous-pane" Panes Panes "app-command-previous-pane";
    FirstPane "pane-1" Panes Panes "app-command-pane-1";
    SecondPane "pane-2" Panes Panes "app-command-pane-2";
    ThirdPane "pane-3" Panes Panes "app-command-pane-3";
    FourthPane "pane-4" Panes Panes "app-command-pane-4";
    PaneLeft "pane-left" Panes Panes "app-command-pane-left";
    PaneRight "pane-right" Panes Panes "app-command-pane-right";
    PaneUp "pane-up" Panes Panes "app-command-pane-up";
    PaneDown "pane-down" Panes Panes "app-command-pane-down";
    SwapPane "swap-pane" Panes Panes "app-command-swap-pane";
    WidenPane "widen-pane" Panes Panes "app-command-widen-pane";
    NarrowPane "narrow-pane" Panes Panes "app-command-narrow-pane";
    HeightenPane "heighten-pane" Panes Panes "app-command-heighten-pane";
    LowerPane "lower-pane" Panes Panes "app-command-lower-pane";
    EvenPanes "even-panes" Panes Panes "app-command-even-panes";
    LinkPanes "link-panes" Panes Panes "app-command-link-panes";
    FanOut "fan-out" Lanes Nothing "app-command-fan-out";
    Lanes "lanes" Lanes Message "app-command-lanes";
    NextLane "next-lane" Lanes Lanes "app-command-next-lane";
    PreviousLane "previous-lane" Lanes Lanes "app-command-previous-lane";
    ZoomLane "zoom-lane" Lanes Lanes "app-command-zoom-lane";
    Promote "promote" Lanes Lanes "app-command-promote";
    StopAll "stop-all" Lanes Turns "app-command-stop-all";
    GhostRun "ghost-run" Lanes Message "app-command-ghost-run";
    MoreSamples "more-samples" Lanes List "app-command-more-samples";
    FewerSamples "fewer-samples" Lanes List "app-command-fewer-samples";
    Blind "blind" Lanes List "app-command-blind";
    NameSet "name-set" Lanes List "app-command-name-set";
    Usage "usage" Usage Nothing "app-command-usage";
    UsagePanel "usage-panel" Usage Nothing "app-command-usage-panel";
    UsageBranches "usage-branches" Usage Stored "app-command-usage-branches";
    UsageOpen "usage-open" Usage Usage "app-command-usage-open";
    UsageBack "usage-back" Usage Usage "app-command-usage-back";
    UsageRange "usage-range" Usage Usage "app-command-usage-range";
    UsageRangeBack "usage-range-back" Usage Usage "app-command-usage-range-back";
    UsageDates "usage-dates" Usage Usage "app-command-usage-dates";
    UsageGroup "usage-group" Usage Usage "app-command-usage-group";
    UsageGroupBack "usage-group-back" Usage Usage "app-command-usage-group-back";
    UsageSort "usage-sort" Usage Usage "app-command-usage-sort";
    UsageFilter "usage-filter" Usage Usage "app-command-usage-filter";
    UsageView "usage-view" Usage Usage "app-command-usage-view";
    UsageEvents "usage-events" Usage Usage "app-command-usage-events";
    UsageWins "usage-wins" Usage Usage "app-command-usage-wins";
    New "new" Conversation Nothing "app-command-new";
    PickConversation "conversations" Conversation Nothing "app-command-conversations";
    SortConversations "sort-conversations" Conversation Nothing "app-command-sort-conversations";
    Resume "resume" Conversation Nothing "app-command-resume";
    Search "search" Conversation Nothing "app-command-search";
    Pin "pin" Conversation Stored "app-command-pin";
    Archive "archive" Conversation Stored "app-command-archive";
    Tags "tags" Conversation Stored "app-command-tags";
    ShowArchive "show-archive" Conversation List "app-command-show-archive";
    Trash "trash" Conversation Nothing "app-command-trash";
    EmptyTrash "empty-trash" Conversation Nothing "app-command-empty-trash";
    Temporary "temporary" Conversation Nothing "app-command-temporary";
    Keep "keep" Conversation Nothing "app-command-keep";
    PickPreset "preset" Conversation Nothing "app-command-preset";
    SavePreset "save-preset" Conversation Nothing "app-command-save-preset";
    Rename "rename" Conversation Nothing "app-command-rename";
    DeleteConversation "delete-conversation" Conversation Stored "app-command-delete-conversation";
    Settings "settings" Conversation Nothing "app-command-settings";
    PickModel "model" App Nothing "app-command-model";
    PickEndpoint "endpoint" App Nothing "app-command-endpoint";
    Key "key" App Nothing "app-command-key";
    RemoveKey "remove-key" App Nothing "app-command-remove-key";
    Refresh "refresh" App Nothing "app-command-refresh";
    Switch "switch" App List "app-command-switch";
    SortModels "sort-models" App Nothing "app-command-sort-models";
    Star "star" App Nothing "app-command-star";
    Palette "palette" App Nothing "app-command-palette";
    Help "help" App Nothing "app-command-help";
    Leave "leave" App Nothing "app-command-leave";
    Theme "theme" App Nothing "app-command-theme";
    Mouse "mouse" App Nothing "app-command-mouse";
    Reload "reload" App Nothing "app-command-reload";
    Problems "problems" App Nothing "app-command-problems";
    Redraw "redraw" App Nothing "app-command-redraw";
    Linear "linear" App Nothing "app-command-linear";
    Suspend "suspend" App Nothing "app-command-suspend";
    Quit "quit" App Nothing "app-command-quit";
}

impl CommandId {
    /// Its row.
    pub fn row(self) -> Option<&'static Command> {
        COMMANDS.iter().find(|command| command.id == self)
    }
}

/// The command of this name.
pub fn by_name(name: &str) -> Option<CommandId> {
    COMMANDS.iter().find(|command| command.name == name).map(|command| command.id)
}

/// The name closest to one that is not in the table, where one is close.
pub fn closest(name: &str) -> Option<&'static str> {
    COMMANDS
        .iter()
        .map(|command| (strsim::jaro_winkler(name, command.name), command.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_name_of_its_own_and_a_line() {
        let mut names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for command in COMMANDS {
            assert_eq!(by_name(command.name), Some(command.id));
            assert!(!(command.line)().starts_with("app-command"), "{}", command.name);
        }
    }

    #[test]
    fn a_mistyped_name_finds_the_one_that_was_meant() {
        assert_eq!(closest("modle"), Some("model"));
        assert_eq!(closest("zzz"), None);
    }
}
