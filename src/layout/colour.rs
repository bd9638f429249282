//! What the words of source code are: keywords, strings, comments.
//!
//! Syntaxes are read when code is first coloured, and the rules of a language made ready when it is first met; both
//! take too long for a frame. So whoever colours does it elsewhere, some lines at a time, and hands on the [`State`]
//! between them. The same lines after the same state always come to the same colours.

use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// What a stretch of code is. The interface maps it to a role of the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// A word of the language itself.
    Keyword,
    /// The name of a type, a module, a tag.
    Type,
    /// The name of a function.
    Function,
    /// Text.
    String,
    /// A number, or another value that stands for itself.
    Number,
    /// What is not read by the machine.
    Comment,
}

/// A line's stretches: how many characters each has, blanks not counted, and what it is.
pub type Tokens = Vec<(usize, Option<Token>)>;

/// What is open at the end of a line.
#[derive(Clone, Debug)]
pub struct State {
    parse: ParseState,
    stack: ScopeStack,
}

/// A longer line is data rather than code.
const LONGEST_LINE: usize = 2000;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Scopes and what they come to; the first that matches decides.
const TOKENS: [(&str, Option<Token>); 14] = [
    ("comment", Some(Token::Comment)),
    ("string", Some(Token::String)),
    ("constant", Some(Token::Number)),
    ("keyword.operator", None),
    ("keyword", Some(Token::Keyword)),
    ("storage.type.function", Some(Token::Keyword)),
    ("storage", Some(Token::Keyword)),
    ("entity.name.function", Some(Token::Function)),
    ("support.function", Some(Token::Function)),
    ("variable.function", Some(Token::Function)),
    ("entity.name", Some(Token::Type)),
    ("entity.other.inherited-class", Some(Token::Type)),
    ("support.type", Some(Token::Type)),
    ("support.class", Some(Token::Type)),
];

static SCOPES: LazyLock<Vec<(Scope, Option<Token>)>> = LazyLock::new(|| {
    let scope = |(name, token): &(&str, Option<Token>)| Scope::new(name).ok().map(|scope| (scope, *token));
    TOKENS.iter().filter_map(scope).collect()
});

/// Colours lines that follow `state`, or begin a block of `language`, each with its newline. A last one without is still
/// being written: it is coloured as far as it goes, and what is open after it is what was open before. `None` where
/// nobody knows the language.
pub fn colour(language: &str, state: Option<State>, lines: &str) -> Option<(Vec<Tokens>, State)> {
    let mut state = match state {
        Some(state) => state,
        None => State {
            parse: ParseState::new(SYNTAXES.find_syntax_by_token(language)?),
            stack: ScopeStack::new(),
        },
    };
    let coloured =
        |line: &str| if line.ends_with('\n') { state.line(line) } else { state.clone().line(line) };
    let tokens = lines.split_inclusive('\n').map(coloured).collect();
    Some((tokens, state))
}

impl State {
    fn line(&mut self, line: &str) -> Tokens {
        if line.len() > LONGEST_LINE {
            return Tokens::new();
        }
        // What a syntax cannot be followed through stays plain.
        let Ok(changes) = self.parse.parse_line(line, &SYNTAXES) else { return Tokens::new() };
        let mut tokens = Tokens::new();
        let mut from = 0;
        for (at, change) in changes {
            self.push(&mut tokens, line.get(from..at).unwrap_or_default());
            from = at;
            if self.stack.apply(&change).is_err() {
                return tokens;
            }
        }
        self.push(&mut tokens, line.get(from..).unwrap_or_default());
        tokens
    }

    fn push(&self, tokens: &mut Tokens, text: &str) {
        let count = text.chars().filter(|c| !c.is_whitespace()).count();
        if count == 0 {
            return;
        }
        let token = self.token();
        match tokens.last_mut() {
            Some((before, same)) if *same == token => *before += count,
            Some(_) | None => tokens.push((count, token)),
        }
    }

    fn token(&self) -> Option<Token> {
        let of = |scope: &Scope| {
            SCOPES.iter().find(|(known, _)| known.is_prefix_of(*scope)).map(|(_, token)| *token)
        };
        self.stack.scopes.iter().rev().find_map(of).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "fn main() { // go\n    let x = \"a b\"; /* on\n  and */ f(42);\n}\n";

    #[test]
    fn words_are_told_apart_by_what_they_are() {
        let (tokens, _) = colour("rust", None, "let x = \"a b\"; // c\n").unwrap();
        assert_eq!(
            tokens,
            [vec![
                (3, Some(Token::Keyword)),
                (2, None),
                (4, Some(Token::String)),
                (1, None),
                (3, Some(Token::Comment))
            ]]
        );
    }

    #[test]
    fn any_slices_come_to_the_same_colours() {
        let (whole, _) = colour("rust", None, CODE).unwrap();
        let mut state = None;
        let mut sliced = Vec::new();
        for line in CODE.split_inclusive('\n') {
            let (tokens, after) = colour("rust", state, line).unwrap();
            sliced.extend(tokens);
            state = Some(after);
        }
        assert_eq!(sliced, whole);
        assert_eq!(sliced[2][0], (5, Some(Token::Comment)));
    }

    #[test]
    fn a_line_that_is_still_written_is_coloured_as_far_as_it_goes_and_opens_nothing() {
        let (first, state) = colour("rust", None, "let x = 1;\nlet s = \"a").unwrap();
        assert_eq!(first[1], [(3, Some(Token::Keyword)), (2, None), (2, Some(Token::String))]);
        let (second, _) = colour("rust", Some(state), "let s = \"a b\";\n").unwrap();
        assert_eq!(second[0], [(3, Some(Token::Keyword)), (2, None), (4, Some(Token::String)), (1, None)]);
    }

    #[test]
    fn a_language_that_nobody_knows_has_no_colours() {
        assert!(colour("klingon", None, "x\n").is_none());
        for language in
            ["rust", "py", "python", "ts", "typescript", "toml", "bash", "sh", "json", "go", "kotlin"]
        {
            assert!(colour(language, None, "x\n").is_some(), "{language}");
        }
    }
}
