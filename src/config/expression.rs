//! jq expressions of a configuration: compiled when they are first used, and bounded in what they may cost.
//!
//! A configuration may include files of somebody else, so an expression sees its input and nothing more: no
//! environment, no clock, no file, no other input. And it always ends. The interpreter has no limit of steps,
//! so whatever could run without an end is refused when an expression is compiled: definitions that call
//! themselves, and the filters that make endless streams. What is left costs what its input is worth, and an
//! expression that gives too many values is stopped.

use std::sync::{Arc, OnceLock};

use jaq_core::data::JustLut;
use jaq_core::load::lex::{Lexer, StrPart};
use jaq_core::load::parse::{BinaryOp, Def, Parser, Pattern, Term};
use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{self, Fun};
use jaq_core::path::{Part, Path};
use jaq_core::{Compiler, Ctx, Vars, unwrap_valr};
use jaq_json::{Num, Val};
use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::Location;
use crate::t;

/// The longest expression, in bytes.
const LONGEST: usize = 4 << 10;
/// The deepest nesting of brackets in an expression.
const DEEPEST: usize = 64;
/// The deepest nesting of terms: what runs an expression calls itself for each.
const DEEPEST_TERM: usize = 256;
/// The stack on which an expression is read: enough for the longest, whatever it holds. Only what is used of it
/// is ever taken.
const STACK: usize = 64 << 20;
/// The most values that an expression may give for one input.
const MOST_VALUES: usize = 10_000;

/// Filters that reach outside of the input, or that end the program.
const ABSENT: &[&str] =
    &["env", "now", "halt", "halt_error", "stderr", "debug", "stderr_empty", "debug_empty"];

/// Filters that may go on for ever, or for as long as a number in the input says.
const ENDLESS: &[&str] = &["range", "repeat", "recurse", "while", "until", "combinations"];

/// A jq expression, and where it is written.
#[derive(Clone)]
pub struct Expression {
    /// The keys that lead to it from its endpoint: `adapter.stream.text`.
    pub path: String,
    text: String,
    /// Where it is written.
    pub at: Location,
    /// Where its first character is, where each of its lines is a line of the file with the same indentation.
    start: Option<Location>,
    compiled: Arc<OnceLock<Result<Program, Fault>>>,
}

type Program = jaq_core::Filter<JustLut<Val>>;

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place in the file; in the expression itself, where that can be told.
    pub at: Location,
    /// What the interpreter says. Untrusted: it may quote the input.
    pub reason: String,
}

/// What expressions are run on.
#[derive(Clone, Debug)]
pub struct Input(Val);

impl Input {
    /// JSON text; `None` where it is none.
    pub fn json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// A text that is not JSON.
    pub fn text(text: &str) -> Self {
        Self(Val::from(text.to_owned()))
    }

    /// A value.
    pub fn value(value: &Value) -> Option<Self> {
        Val::deserialize(value).ok().map(Self)
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Expression")
            .field("path", &self.path)
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.at == other.at
    }
}

impl Expression {
    /// An expression, not compiled yet. `start` is where its first character is, where each of its lines is a
    /// line of the file, all with the same indentation.
    pub fn new(path: String, text: String, at: Location, start: Option<Location>) -> Self {
        Self { path, text, at, start, compiled: Arc::default() }
    }

    /// Compiles it, unless that was done before.
    ///
    /// # Errors
    /// What keeps it from being used.
    pub fn check(&self) -> Result<(), Fault> {
        self.program().map(drop)
    }

    /// The values that it gives for an input.
    ///
    /// # Errors
    /// What keeps it from being used, or why it failed on this input.
    pub fn run(&self, input: &Input) -> Result<Vec<Value>, Fault> {
        let program = self.program()?;
        let failed = |reason: String| Fault { at: self.at.clone(), reason };
        let context = Ctx::<JustLut<Val>>::new(&program.lut, Vars::new([]));
        let mut values = Vec::new();
        for value in program.id.run((context, input.0.clone())).map(unwrap_valr) {
            if values.len() == MOST_VALUES {
                return Err(failed(t!("config-jq-many", most = MOST_VALUES).into_string()));
            }
            values.push(json(&value.map_err(|error| failed(error.to_string()))?));
        }
        Ok(values)
    }

    fn program(&self) -> Result<&Program, Fault> {
        self.compiled
            .get_or_init(|| {
                compile(&self.text).map_err(|Refused { at, reason }| Fault { at: self.locate(at), reason })
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Where the byte at `offset` of the text is.
    fn locate(&self, offset: usize) -> Location {
        let Some(start) = &self.start else { return self.at.clone() };
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Location {
            file: Arc::clone(&start.file),
            line: start.line.saturating_add(number(line)),
            column: start.column.saturating_add(number(column)),
        }
    }
}

/// Why an expression is not compiled, and at which byte of it.
#[derive(Debug, PartialEq)]
struct Refused {
    at: usize,
    reason: String,
}

fn compile(text: &str) -> Result<Program, Refused> {
    if text.len() > LONGEST {
        return Err(Refused { at: 0, reason: t!("config-jq-long", most = LONGEST).into_string() });
    }
    if let Some(at) = too_deep(text) {
        return Err(Refused { at, reason: t!("config-jq-deep", most = DEEPEST).into_string() });
    }
    // The parser calls itself at every sign and keyword that something follows: a text may lead it deeper than
    // the stack of an ordinary thread is.
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        reader.spawn_scoped(scope, || read(text)).ok()?.join().ok()
    })
    .unwrap_or_else(|| Err(Refused { at: 0, reason: t!("config-jq-unreadable").into_string() }))
}

fn read(text: &str) -> Result<Program, Refused> {
    let refused = |found: &str, reason: String| Refused { at: offset(text, found), reason };
    let tokens = Lexer::new(text).lex().map_err(|errors| {
        first(errors, |(expected, found)| refused(found, unexpected(expected.as_str(), found)))
    })?;
    let term = Parser::new(&tokens).parse(Parser::term).map_err(|errors| {
        first(errors, |(expected, found)| {
            let found = found.map_or(&text[text.len()..], |token| token.0);
            refused(found, unexpected(expected.as_str(), found))
        })
    })?;
    let mut walk = Walk::default();
    walk.term(&term);
    if let Some((name, endless)) = walk.found {
        let reason = match endless {
            Endless::Filter => t!("config-jq-endless", name = name),
            Endless::Recursion => t!("config-jq-recursive", name = name),
        };
        return Err(refused(name, reason.into_string()));
    }
    if walk.deepest > DEEPEST_TERM {
        return Err(Refused { at: 0, reason: t!("config-jq-nested", most = DEEPEST_TERM).into_string() });
    }
    let is_here = |name: &str| !ABSENT.contains(&name);
    let defs = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let funs = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let funs = funs.filter(|(name, ..)| is_here(name) && *name != FROM_JSON).chain([from_json()]);
    let arena = Arena::default();
    let modules = Loader::new(defs.filter(|def| is_here(def.name)))
        .load(&arena, File { code: text, path: () })
        .map_err(|_| refused(text, t!("config-jq-unreadable").into_string()))?;
    Compiler::default().with_funs(funs).compile(modules).map_err(|errors| {
        let all = errors.into_iter().flat_map(|(_, errors)| errors).collect();
        first(all, |(name, kind)| {
            refused(name, t!("config-jq-undefined", kind = kind.as_str(), name = name).into_string())
        })
    })
}

const FROM_JSON: &str = "fromjson";

/// `fromjson` with the depth that JSON has everywhere here. The library's own follows any, and the text may be a
/// stranger's.
fn from_json() -> Fun<JustLut<Val>> {
    native::run((FROM_JSON, native::v(0), |(_, value)| native::bome(read_json(value))))
}

fn read_json(value: Val) -> Result<Val, jaq_json::Error> {
    match &value {
        Val::BStr(text) | Val::TStr(text) => serde_json::from_slice(text).map_err(jaq_json::Error::str),
        Val::Null | Val::Bool(_) | Val::Num(_) | Val::Arr(_) | Val::Obj(_) => {
            Err(jaq_json::Error::typ(value, "string"))
        }
    }
}

/// The first of several errors; the interpreter gives none without one.
fn first<E>(errors: Vec<E>, refused: impl FnOnce(E) -> Refused) -> Refused {
    let nothing = || Refused { at: 0, reason: t!("config-jq-unreadable").into_string() };
    errors.into_iter().next().map_or_else(nothing, refused)
}

fn unexpected(expected: &str, found: &str) -> String {
    let shown: String = found.chars().take_while(|c| *c != '\n').take(20).collect();
    if shown.is_empty() {
        t!("config-jq-ended", expected = expected).into_string()
    } else {
        t!("config-jq-expected", expected = expected, found = shown).into_string()
    }
}

/// Where `part`, a slice of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize).min(whole.len())
}

/// Where brackets nest too deep for a reader that calls itself.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
}

#[derive(Clone, Copy, Debug)]
enum Endless {
    /// A filter that may not end.
    Filter,
    /// A definition that calls itself.
    Recursion,
}

/// Looks for what may not end.
#[derive(Default)]
struct Walk<'a> {
    /// The definitions that are being looked at.
    open: Vec<&'a str>,
    found: Option<(&'a str, Endless)>,
    depth: usize,
    deepest: usize,
}

impl<'a> Walk<'a> {
    fn term(&mut self, term: &Term<&'a str>) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        self.parts(term);
        self.depth -= 1;
    }

    fn parts(&mut self, term: &Term<&'a str>) {
        match term {
            Term::Id | Term::Recurse | Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Arr(None) => {}
            Term::Str(_, parts) => {
                for part in parts {
                    match part {
                        StrPart::Term(term) => self.term(term),
                        StrPart::Str(_) | StrPart::Char(_) => {}
                    }
                }
            }
            Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => self.term(inner),
            Term::Obj(entries) => {
                for (key, value) in entries {
                    self.term(key);
                    self.terms(value);
                }
            }
            Term::BinOp(left, op, right) => {
                self.term(left);
                if let BinaryOp::Pipe(Some(pattern)) = op {
                    self.pattern(pattern);
                }
                self.term(right);
            }
            Term::Fold(_, source, pattern, rest) => {
                self.term(source);
                self.pattern(pattern);
                self.terms(rest);
            }
            Term::TryCatch(inner, catch) => {
                self.term(inner);
                self.terms(catch.as_deref());
            }
            Term::IfThenElse(branches, otherwise) => {
                for (condition, then) in branches {
                    self.term(condition);
                    self.term(then);
                }
                self.terms(otherwise.as_deref());
            }
            Term::Def(defs, inner) => {
                for def in defs {
                    self.def(def);
                }
                self.term(inner);
            }
            Term::Call(name, arguments) => {
                if self.open.contains(name) {
                    self.found.get_or_insert((name, Endless::Recursion));
                } else if ENDLESS.contains(name) {
                    self.found.get_or_insert((name, Endless::Filter));
                }
                self.terms(arguments);
            }
            Term::Path(head, path) => {
                self.term(head);
                self.path(path);
            }
        }
    }

    fn terms<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term<&'a str>>)
    where
        'a: 't,
    {
        terms.into_iter().for_each(|term| self.term(term));
    }

    fn def(&mut self, def: &Def<&'a str>) {
        self.open.push(def.name);
        self.term(&def.body);
        self.open.pop();
    }

    fn pattern(&mut self, pattern: &Pattern<&'a str>) {
        match pattern {
            Pattern::Var(_) => {}
            Pattern::Arr(inner) => inner.iter().for_each(|pattern| self.pattern(pattern)),
            Pattern::Obj(entries) => {
                for (key, pattern) in entries {
                    self.term(key);
                    self.pattern(pattern);
                }
            }
        }
    }

    fn path(&mut self, path: &Path<Term<&'a str>>) {
        for (part, _) in &path.0 {
            match part {
                Part::Index(index) => self.term(index),
                Part::Range(from, to) => self.terms(from.iter().chain(to)),
            }
        }
    }
}

fn json(value: &Val) -> Value {
    match value {
        Val::Null => Value::Null,
        Val::Bool(truth) => Value::Bool(*truth),
        Val::Num(number) => number_of(number),
        Val::BStr(bytes) | Val::TStr(bytes) => Value::String(String::from_utf8_lossy(bytes).into_owned()),
        Val::Arr(items) => items.iter().map(json).collect(),
        Val::Obj(entries) => {
            let key = |key: &Val| match key {
                Val::BStr(bytes) | Val::TStr(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Val::Null | Val::Bool(_) | Val::Num(_) | Val::Arr(_) | Val::Obj(_) => key.to_string(),
            };
            Value::Object(entries.iter().map(|(name, value)| (key(name), json(value))).collect::<Map<_, _>>())
        }
    }
}

/// A number; one that JSON has no words for is null.
fn number_of(number: &Num) -> Value {
    number.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(line: u32, column: u32) -> Location {
        Location { file: "a.yaml".into(), line, column }
    }

    fn expression(text: &str) -> Expression {
        Expression::new("adapter.x".into(), text.into(), place(3, 5), Some(place(4, 9)))
    }

    fn run(text: &str, input: &Value) -> Result<Vec<Value>, String> {
        expression(text).run(&Input::value(input).unwrap()).map_err(|fault| fault.reason)
    }

    #[test]
    fn an_expression_gives_any_number_of_values_of_any_kind() {
        let input =
            json!({"a": [1, -2.5, "x\u{e9}", null, true, {"b": []}], "n": 18_446_744_073_709_551_615_u64});
        for (text, values) in [
            (".a[]", vec![json!(1), json!(-2.5), json!("xé"), json!(null), json!(true), json!({"b": []})]),
            ("empty", vec![]),
            (".n", vec![json!(18_446_744_073_709_551_615_u64)]),
            ("0 / 0", vec![json!(null)]),
            (r#"{c: .a[2], "d": (.a | length)}"#, vec![json!({"c": "xé", "d": 6})]),
            (r#".a[2] | test("^x.$")"#, vec![json!(true)]),
            (r#""e30=" | @base64d | fromjson"#, vec![json!({})]),
            ("reduce .a[:2][] as $x (0; . + $x)", vec![json!(-1.5)]),
            ("def twice(f): f, f; twice(.a[0])", vec![json!(1), json!(1)]),
            ("[.. | strings]", vec![json!(["xé"])]),
        ] {
            assert_eq!(run(text, &input), Ok(values), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_compiled_is_told_at_its_line_and_column() {
        for (text, line, column, reason) in [
            (".a |\n  foo(1)", 5, 11, "there is no filter “foo”"),
            (".a | $é", 4, 15, "expected identifier, found “é”"),
            ("{a: .b", 4, 15, "expected closing brace, found the end of the expression"),
            (".a.", 4, 12, "expected key, found the end of the expression"),
            ("\"é\\q\"", 4, 12, "expected string escape sequence, found “q\"”"),
            ("", 4, 9, "expected term, found the end of the expression"),
        ] {
            let fault = expression(text).check().unwrap_err();
            assert_eq!((fault.at, &*fault.reason), (place(line, column), reason), "{text}");
        }
    }

    #[test]
    fn where_lines_cannot_be_told_the_place_is_that_of_the_value() {
        let folded = Expression::new("adapter.x".into(), ".a | foo".into(), place(3, 5), None);
        assert_eq!(folded.check().unwrap_err().at, place(3, 5));
    }

    #[test]
    fn nothing_that_may_run_without_an_end_is_compiled() {
        for text in [
            "def f: f; f",
            "def f(g): g; def h: f(h); h",
            "def f: def g: f; g; f",
            "[range(3)]",
            "\"\\(repeat(1))\"",
            "{a: until(false; .)}",
            ".[first(recurse(.))]",
            "if true then . else while(true; .) end",
            "try error catch repeat(.)",
            ". as [$x, {(repeat(1)): $y}] | $x",
            "reduce range(5) as $x (0; .)",
            "-(recurse(.))",
            "label $x | repeat(.)",
            "[[1]] | combinations",
        ] {
            let reason = run(text, &json!(null)).unwrap_err();
            assert!(reason.contains("without an end"), "{text}: {reason}");
        }
        // Names are only names where nothing is called.
        assert_eq!(run("{range: .repeat} | .range", &json!({"repeat": 1})), Ok(vec![json!(1)]));
        assert_eq!(
            run("walk(if type == \"array\" then [.] else . end)", &json!([1])),
            Ok(vec![json!([[1]])])
        );
    }

    #[test]
    fn nothing_but_the_input_can_be_seen() {
        for text in ["env", "$ENV", "now", "input", "inputs", "halt", "debug", "stderr", "include \"x\"; ."] {
            assert!(expression(text).check().is_err(), "{text}");
        }
    }

    #[test]
    fn size_depth_and_number_of_values_are_bounded() {
        let many = vec![json!(0); MOST_VALUES + 1];
        assert_eq!(run(".[]", &json!(many)), Err(t!("config-jq-many", most = MOST_VALUES).into_string()));
        assert!(expression(&"[".repeat(DEEPEST + 1)).check().unwrap_err().reason.contains("deep"));
        assert!(expression(&".".repeat(LONGEST + 1)).check().unwrap_err().reason.contains("longer"));
        // As deep as a reader that calls itself can be led.
        for piece in ["-", ".a|", "if ", "try ", "1 as $x|", "def f: ", "1,", "1+", "label $x|", "1//"] {
            let text = format!("{}1", piece.repeat(LONGEST / piece.len() - 1));
            assert!(expression(&text).check().is_err(), "{piece}");
        }
        assert!(run("fromjson", &json!("[".repeat(200_000))).is_err());
    }
}
