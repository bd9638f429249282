//! Roles: what a piece of the screen is. Nothing in `ui` names a colour; it names a role.

use crate::app::block::Tone;
use crate::layout::colour::Token;

macro_rules! roles {
    ($($(#[doc = $doc:literal])* $role:ident $name:literal $like:ident;)*) => {
        /// What a piece of the screen is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Role {
            $($(#[doc = $doc])* $role,)*
        }

        impl Role {
            /// All of them.
            pub const EACH: &[Self] = &[$(Self::$role,)*];

            /// What theme files call it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)*
                }
            }

            /// The role it looks like in a theme that leaves it out; the text is like itself.
            pub const fn like(self) -> Self {
                match self {
                    $(Self::$role => Self::$like,)*
                }
            }
        }
    };
}

roles! {
    /// What is read.
    Text "text" Text;
    /// What is secondary.
    Dim "dim" Text;
    /// The one accent.
    Accent "accent" Text;
    /// The person.
    User "user" Accent;
    /// A model.
    Assistant "assistant" Accent;
    /// Code.
    Code "code" Text;
    /// Keywords of code.
    CodeKeyword "code-keyword" Code;
    /// Names of types in code.
    CodeType "code-type" Code;
    /// Names of functions in code.
    CodeFunction "code-function" Code;
    /// Text in code.
    CodeString "code-string" Code;
    /// Numbers and constants in code.
    CodeNumber "code-number" Code;
    /// Comments in code.
    CodeComment "code-comment" Dim;
    /// What orders text: the frame of code, bullets, the lines of tables.
    CodeMark "code-mark" Border;
    /// Headings.
    Heading "heading" Title;
    /// Quotations.
    Quote "quote" Text;
    /// The text of links.
    Link "link" Accent;
    /// What went wrong.
    Bad "bad" Accent;
    /// What only the first of two texts has.
    Removed "removed" Bad;
    /// What only the second of two texts has.
    Added "added" User;
    /// Lines and boxes.
    Border "border" Dim;
    /// The selected row.
    Selected "selected" Text;
    /// Names of pages and boxes.
    Title "title" Text;
    /// What was looked for.
    Found "found" Selected;
    /// The one of it that was gone to.
    FoundHere "found-here" Found;
}

impl Role {
    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::EACH.iter().copied().find(|role| role.name() == name)
    }
}

impl From<Tone> for Role {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Text => Self::Text,
            Tone::Code => Self::Code,
            Tone::Token(token) => match token {
                Token::Keyword => Self::CodeKeyword,
                Token::Type => Self::CodeType,
                Token::Function => Self::CodeFunction,
                Token::String => Self::CodeString,
                Token::Number => Self::CodeNumber,
                Token::Comment => Self::CodeComment,
            },
            Tone::CodeMark | Tone::Mark => Self::CodeMark,
            Tone::Heading => Self::Heading,
            Tone::Quote => Self::Quote,
            Tone::Link => Self::Link,
            Tone::Dim => Self::Dim,
            Tone::User => Self::User,
            Tone::Assistant => Self::Assistant,
            Tone::Bad => Self::Bad,
        }
    }
}
