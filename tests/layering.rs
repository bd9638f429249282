//! The direction of dependencies, the purity of the pure rooms, and who may write to a terminal.
//!
//! The sources are read as tokens, not as text: comments and strings do not count, braces of `use` are taken
//! apart, `super` is followed. Test modules are left out: what they reach for is theirs.

#![expect(clippy::expect_used, reason = "a source tree that cannot be read fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules in reading order: each may use those before it and none after it.
const ORDER: [&str; 17] = [
    "chat",
    "text",
    "config",
    "keys",
    "http",
    "providers",
    "catalog",
    "router",
    "storage",
    "telemetry",
    "transfer",
    "turns",
    "layout",
    "app",
    "ui",
    "runtime",
    "cli",
];

/// Handles: what the app and its drawing may not hold, because whoever holds one can do IO.
const HANDLES: [&[&str]; 6] = [
    &["crate", "storage", "Storage"],
    &["crate", "http"],
    &["crate", "keys", "Keys"],
    &["crate", "turns", "Turns"],
    &["crate", "telemetry", "Log"],
    &["crate", "telemetry", "Index"],
];

/// The outside world: files, sockets, tasks, clocks.
const WORLD: [&[&str]; 7] = [
    &["tokio"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "process"],
    &["Timestamp", "now"],
    &["Instant", "now"],
    &["SystemTime"],
];

/// Writing to the terminal without asking its owner.
const WRITERS: [&[&str]; 8] = [
    &["io", "stdout"],
    &["io", "stderr"],
    &["tokio", "io", "stdout"],
    &["print!"],
    &["println!"],
    &["eprint!"],
    &["eprintln!"],
    &["dbg!"],
];

/// Rooms that do no IO and read no clock.
const PURE: [&str; 6] = ["chat", "text", "providers", "layout", "app", "ui"];

/// Files of a pure room that are its door to the world: the transport that chooses between network and demo.
const DOORS: [&str; 2] = ["providers/demo.rs", "providers/transport.rs"];

/// The two that write to a terminal.
const TERMINAL_OWNERS: [&str; 3] = ["runtime/terminal.rs", "runtime/terminal/", "cli/out.rs"];

#[test]
fn no_module_reaches_below_itself_or_out_of_its_purity() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut broken = Vec::new();
    for file in rust_files(&root) {
        let name = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let source = fs::read_to_string(&file).expect("a source file is readable");
        broken.extend(check(&name, &source).into_iter().map(|line| format!("src/{line}")));
    }
    assert!(broken.is_empty(), "{} broken rules:\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn every_module_of_the_library_has_its_place_in_the_order() {
    let lib = include_str!("../src/lib.rs");
    let modules: Vec<&str> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod ")))
        .map(|rest| rest.trim_end_matches([';', ' ', '{']))
        .collect();
    let missing: Vec<&&str> = modules.iter().filter(|module| !ORDER.contains(module)).collect();
    assert!(missing.is_empty(), "give these a place in ORDER: {missing:?}");
    assert!(modules.len() > 10, "the module list of src/lib.rs was not found: {modules:?}");
}

/// Every rule that `source`, at `name` below `src/`, breaks: `file:line: what`.
fn check(name: &str, source: &str) -> Vec<String> {
    let module = module_path(name);
    if module.is_empty() || module.last().is_some_and(|last| last == "tests") {
        return Vec::new();
    }
    let tokens = without_test_items(tokens(source));
    let room = module[0].as_str();
    let mut broken = Vec::new();
    let mut report = |line: usize, what: String| broken.push(format!("{name}:{line}: {what}"));

    for token in &tokens {
        if token.text == "unsafe" {
            report(token.line, "unsafe code".to_owned());
        }
    }
    for (line, path) in paths(&tokens) {
        let path = resolve(&module, path);
        let shown = path.join("::");
        if let [first, target, ..] = path.as_slice()
            && first == "crate"
            && let (Some(from), Some(to)) = (rank(room), rank(target))
            && to > from
        {
            report(line, format!("`{room}` may not use `{target}` ({shown})"));
        }
        if matches!(room, "app" | "ui") && HANDLES.iter().any(|handle| starts_with(&path, handle)) {
            report(line, format!("`{room}` holds no handle ({shown})"));
        }
        if PURE.contains(&room) && !DOORS.contains(&name) && WORLD.iter().any(|item| contains(&path, item)) {
            report(line, format!("`{room}` does no IO and reads no clock ({shown})"));
        }
        if !TERMINAL_OWNERS.iter().any(|owner| name.starts_with(owner))
            && WRITERS.iter().any(|writer| contains(&path, writer))
        {
            report(line, format!("only runtime::terminal and cli::out write to the terminal ({shown})"));
        }
    }
    broken
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == module)
}

fn starts_with(path: &[String], prefix: &[&str]) -> bool {
    path.len() >= prefix.len() && path.iter().zip(prefix).all(|(have, want)| have == want)
}

fn contains(path: &[String], part: &[&str]) -> bool {
    path.windows(part.len()).any(|window| window.iter().zip(part).all(|(have, want)| have == want))
}

/// `app/keys/mod.rs` is `[app, keys]`; `lib.rs` and `main.rs` are the root.
fn module_path(name: &str) -> Vec<String> {
    let mut path: Vec<String> = name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
        path.pop();
    }
    path
}

/// `super::x` and `self::x`, seen from `module`, as `crate::…`.
fn resolve(module: &[String], path: Vec<String>) -> Vec<String> {
    let supers = path.iter().take_while(|segment| *segment == "super").count();
    let skip = match path.first().map(String::as_str) {
        Some("super") => supers,
        Some("self") => 1,
        Some(_) | None => return path,
    };
    let base = &module[..module.len().saturating_sub(supers)];
    std::iter::once("crate".to_owned())
        .chain(base.iter().cloned())
        .chain(path.into_iter().skip(skip))
        .collect()
}

struct Token {
    text: String,
    line: usize,
}

/// Identifiers and punctuation; comments, strings and characters are gone, `::` is one token.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let start = i;
        match at(i) {
            '/' if at(i + 1) == '/' => i = find(&chars, i, &['\n']),
            '/' if at(i + 1) == '*' => i = find(&chars, i + 2, &['*', '/']) + 2,
            'r' if is_raw_string(&chars, i) => {
                let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
                let mut close = vec!['"'];
                close.extend(std::iter::repeat_n('#', hashes));
                i = find(&chars, i + 2 + hashes, &close) + close.len();
            }
            '"' => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            '\'' if at(i + 1) == '\\' => i = find(&chars, i + 3, &['\'']) + 1,
            '\'' if at(i + 2) == '\'' => i += 3,
            c if c.is_alphanumeric() || c == '_' => {
                while at(i).is_alphanumeric() || at(i) == '_' {
                    i += 1;
                }
                tokens.push(Token { text: chars[start..i].iter().collect(), line });
            }
            ':' if at(i + 1) == ':' => {
                i += 2;
                tokens.push(Token { text: "::".to_owned(), line });
            }
            c => {
                i += 1;
                if !c.is_whitespace() {
                    tokens.push(Token { text: c.to_string(), line });
                }
            }
        }
        let end = i.min(chars.len());
        line += chars[start..end].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn find(chars: &[char], from: usize, what: &[char]) -> usize {
    (from..chars.len()).find(|i| chars[*i..].starts_with(what)).unwrap_or(chars.len())
}

fn is_raw_string(chars: &[char], at: usize) -> bool {
    let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    let byte = at > 0 && chars[at - 1] == 'b';
    let rest = chars[at + 1..].iter().find(|c| **c != '#');
    (!in_word || byte) && rest == Some(&'"')
}

/// Leaves out every item under `#[cfg(test)]`.
fn without_test_items(tokens: Vec<Token>) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    let mut seen: Vec<Token> = Vec::new();
    while let Some(token) = tokens.next() {
        seen.push(token);
        if seen.last().map(|token| token.text.as_str()) != Some(MARK[seen.len() - 1]) {
            // A `#` that ends a false start may begin the real one.
            let restart = seen.len() > 1 && seen.last().is_some_and(|token| token.text == "#");
            let tail = if restart { seen.pop() } else { None };
            kept.append(&mut seen);
            seen.extend(tail);
        } else if seen.len() == MARK.len() {
            seen.clear();
            skip_item(&mut tokens);
        }
    }
    kept.append(&mut seen);
    kept
}

/// Passes over an item, a field, a variant or an arm: to its `;`, `,` or last `}`, or to the end of what it is in.
fn skip_item(tokens: &mut std::iter::Peekable<impl Iterator<Item = Token>>) {
    let mut depth = 0_usize;
    let mut before = String::new();
    while let Some(token) = tokens.peek() {
        let arrow = token.text == ">" && matches!(before.as_str(), "-" | "=");
        match token.text.as_str() {
            "{" | "(" | "[" | "<" => depth += 1,
            "}" | ")" | "]" if depth == 0 => return,
            "}" | ")" | "]" => depth -= 1,
            ">" if !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        before.clone_from(&token.text);
        tokens.next();
        if depth == 0 && matches!(before.as_str(), ";" | "," | "}") {
            return;
        }
    }
}

/// Every path in the tokens, `use` braces taken apart; a macro's name ends in `!`.
fn paths(tokens: &[Token]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        if is_word(&tokens[i].text) {
            i = path(tokens, i, Vec::new(), &mut found);
        } else {
            i += 1;
        }
    }
    found
}

/// Reads one path that begins at `i` below `prefix`; returns where it ends.
fn path(
    tokens: &[Token],
    mut i: usize,
    mut prefix: Vec<String>,
    found: &mut Vec<(usize, Vec<String>)>,
) -> usize {
    let text = |i: usize| tokens.get(i).map_or("", |token| token.text.as_str());
    let line = tokens[i].line;
    loop {
        prefix.push(tokens[i].text.clone());
        i += 1;
        if text(i) == "!" && text(i + 1) != "=" {
            if let Some(last) = prefix.last_mut() {
                last.push('!');
            }
            break;
        }
        if text(i) != "::" {
            break;
        }
        i += 1;
        if text(i) == "{" {
            i += 1;
            while i < tokens.len() && text(i) != "}" {
                if text(i) == "as" {
                    i += 2;
                } else if is_word(text(i)) {
                    i = path(tokens, i, prefix.clone(), found);
                } else {
                    i += 1;
                }
            }
            return i + 1;
        }
        if !is_word(text(i)) {
            break;
        }
    }
    found.push((line, prefix));
    i
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

mod checker {
    use super::check;

    #[test]
    fn an_arrow_that_points_up_the_list_is_fine() {
        assert_eq!(
            check("router/mod.rs", "use crate::chat::{Failure, ModelId};\nuse crate::http::Link;"),
            [""; 0]
        );
    }

    #[test]
    fn an_arrow_that_points_down_is_told_with_its_line() {
        assert_eq!(
            check("chat/tree.rs", "use std::fmt;\n\nuse crate::storage::Storage;"),
            ["chat/tree.rs:3: `chat` may not use `storage` (crate::storage::Storage)"]
        );
    }

    #[test]
    fn braces_renames_and_full_paths_are_followed() {
        assert_eq!(
            check("keys/mod.rs", "use crate::{chat::Failure as F, turns::{Turns, TurnEvent}};"),
            [
                "keys/mod.rs:1: `keys` may not use `turns` (crate::turns::Turns)",
                "keys/mod.rs:1: `keys` may not use `turns` (crate::turns::TurnEvent)",
            ]
        );
        assert_eq!(
            check("keys/mod.rs", "fn f() {\n    crate::cli::run()\n}"),
            ["keys/mod.rs:2: `keys` may not use `cli` (crate::cli::run)"]
        );
    }

    #[test]
    fn super_is_followed_to_the_root() {
        assert_eq!(
            check("config/load/yaml.rs", "use super::super::super::ui::draw; use super::super::Config;"),
            ["config/load/yaml.rs:1: `config` may not use `ui` (crate::ui::draw)"]
        );
    }

    #[test]
    fn comments_strings_and_test_modules_do_not_count() {
        let source = r##"
            //! See [`crate::cli`].
            /* crate::ui */
            const A: &str = "crate::runtime \" unsafe"; const B: &str = r#"crate::ui " println!"#;
            const C: char = '"'; fn f<'a>(x: &'a str) -> &'a str { x }
            #[derive(Debug)] struct S;
            #[cfg(test)]
            mod tests { use crate::cli::run; fn f() { println!("{}", [1][0]); } }
        "##;
        assert_eq!(check("chat/mod.rs", source), [""; 0]);
        assert_eq!(check("chat/tests.rs", "use crate::cli::run;"), [""; 0]);
    }

    #[test]
    fn code_after_a_test_module_counts_again() {
        assert_eq!(
            check("chat/mod.rs", "#[cfg(test)]\nmod tests { fn f() {} }\nuse crate::ui::draw;"),
            ["chat/mod.rs:3: `chat` may not use `ui` (crate::ui::draw)"]
        );
        assert_eq!(
            check("chat/mod.rs", "#[cfg(test)]\nmod tests;\nuse crate::ui::draw;"),
            ["chat/mod.rs:3: `chat` may not use `ui` (crate::ui::draw)"]
        );
    }

    #[test]
    fn a_test_field_or_variant_ends_where_it_ends() {
        assert_eq!(
            check("chat/mod.rs", "struct S { #[cfg(test)] a: Vec<u8>, b: crate::ui::B }"),
            ["chat/mod.rs:1: `chat` may not use `ui` (crate::ui::B)"]
        );
        assert_eq!(
            check("chat/mod.rs", "enum E { A, #[cfg(test)] B(crate::ui::B) }\nuse crate::ui::C;"),
            ["chat/mod.rs:2: `chat` may not use `ui` (crate::ui::C)"]
        );
        assert_eq!(
            check("chat/mod.rs", "#[cfg(test)]\nfn f<A, B>(a: A) -> Vec<B> { crate::ui::g(a) }\nfn h() {}"),
            [""; 0]
        );
    }

    #[test]
    fn the_app_holds_no_handle_and_reads_no_clock() {
        assert_eq!(
            check("app/mod.rs", "use crate::telemetry::{Log, UsageRow};\nlet t = jiff::Timestamp::now();"),
            [
                "app/mod.rs:1: `app` holds no handle (crate::telemetry::Log)",
                "app/mod.rs:2: `app` does no IO and reads no clock (jiff::Timestamp::now)",
            ]
        );
    }

    #[test]
    fn only_the_doors_of_a_pure_room_lead_out() {
        assert_eq!(check("providers/demo.rs", "use tokio::time::sleep;"), [""; 0]);
        assert_eq!(
            check("providers/openai.rs", "use tokio::time::sleep;"),
            ["providers/openai.rs:1: `providers` does no IO and reads no clock (tokio::time::sleep)"]
        );
    }

    #[test]
    fn nobody_else_writes_to_the_terminal_and_nobody_is_unsafe() {
        assert_eq!(check("cli/out.rs", "let mut out = io::stdout().lock();"), [""; 0]);
        assert_eq!(
            check("turns/mod.rs", "println!(\"x\"); if a != b {}\nstd::io::stderr();\nunsafe {}"),
            [
                "turns/mod.rs:3: unsafe code",
                "turns/mod.rs:1: only runtime::terminal and cli::out write to the terminal (println!)",
                "turns/mod.rs:2: only runtime::terminal and cli::out write to the terminal (std::io::stderr)",
            ]
        );
    }
}
