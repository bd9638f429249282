//! Messages inside messages, laid flat.
//!
//! Each turn of a recursive export lies two levels deeper than the one before, and a JSON parser that calls itself
//! stops at a hundred or two, or runs out of stack. This walks text that is known to be JSON once, without calling
//! itself, and cuts each message out of what surrounds it.

/// A message of a list, by the pieces of its text around those that it holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Own<'a> {
    /// The place of the message that holds it.
    pub parent: Option<usize>,
    pieces: Vec<&'a str>,
}

impl Own<'_> {
    /// Its text; where it held messages, there is `null`.
    pub fn text(&self) -> String {
        self.pieces.join("null")
    }
}

/// What is open around the place that is looked at.
enum Open {
    /// A list of messages, of the message that holds it.
    List(Option<usize>),
    /// A message, and where the text of it begins that was not taken yet.
    Message(usize, usize),
}

/// The messages of a list, parents before what they hold. The text must be JSON; of other text it makes no sense.
pub(super) fn flatten(list: &str) -> Vec<Own<'_>> {
    let mut walk = Walk { text: list, at: 1 };
    let mut found: Vec<Own<'_>> = Vec::new();
    let mut open = vec![Open::List(None)];
    while let (Some(inner), Some(byte)) = (open.last_mut(), walk.next_token()) {
        match inner {
            Open::List(_) if byte == b']' => {
                walk.at += 1;
                open.pop();
                if let Some(Open::Message(_, from)) = open.last_mut() {
                    *from = walk.at;
                }
            }
            Open::List(parent) => {
                let own = Own { parent: *parent, pieces: Vec::new() };
                let from = walk.at;
                found.push(own);
                if byte == b'{' {
                    walk.at += 1;
                    open.push(Open::Message(found.len() - 1, from));
                } else {
                    walk.skip_value();
                    take(&mut found, list, (from, walk.at));
                }
            }
            Open::Message(place, from) if byte == b'}' => {
                walk.at += 1;
                let own = found.get_mut(*place);
                own.into_iter().for_each(|own| own.pieces.extend(list.get(*from..walk.at)));
                open.pop();
            }
            Open::Message(place, from) => {
                let name_at = walk.at;
                walk.skip_value();
                let name = list.get(name_at..walk.at);
                let value = walk.next_token();
                if name == Some("\"children\"") && value == Some(b'[') {
                    let (place, piece) = (*place, list.get(*from..walk.at));
                    found.get_mut(place).into_iter().for_each(|own| own.pieces.extend(piece));
                    walk.at += 1;
                    open.push(Open::List(Some(place)));
                } else {
                    walk.skip_value();
                }
            }
        }
    }
    found
}

/// Gives the last message this piece of the text.
fn take<'a>(found: &mut [Own<'a>], list: &'a str, (from, to): (usize, usize)) {
    found.last_mut().into_iter().for_each(|own| own.pieces.extend(list.get(from..to)));
}

/// A place in JSON text. Every step goes on by a byte at least, so that it ends on any text.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl Walk<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes over what only stands between tokens, to the first byte of the next one.
    fn next_token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t' | b',' | b':') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                None => return,
                Some(b'"') => self.skip_text(),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
            let ends =
                matches!(self.byte(), None | Some(b',' | b':' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'));
            if depth == 0 && ends {
                return;
            }
        }
    }

    fn skip_text(&mut self) {
        self.at += 1;
        let rest = self.text.as_bytes();
        while let Some(found) = rest.get(self.at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
            let escaped = rest.get(self.at + found) == Some(&b'\\');
            self.at += found + 1 + usize::from(escaped);
            if !escaped {
                return;
            }
        }
        self.at = rest.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(list: &str) -> Vec<(Option<usize>, String)> {
        flatten(list).iter().map(|own| (own.parent, own.text())).collect()
    }

    #[test]
    fn nested_messages_are_cut_out_of_those_that_hold_them() {
        let list = r#"[ {"a":"\"]}","children":[{"b":[{"children":[1]}],"children":[]} , {"c":{"x":"\\"}}],"d":1},
            {"children" : [ {"e":null} ] }, 7, "children" ]"#;
        let expected = [
            (None, r#"{"a":"\"]}","children":null,"d":1}"#),
            (Some(0), r#"{"b":[{"children":[1]}],"children":null}"#),
            (Some(0), r#"{"c":{"x":"\\"}}"#),
            (None, r#"{"children" : null }"#),
            (Some(3), r#"{"e":null}"#),
            (None, "7"),
            (None, r#""children""#),
        ];
        assert_eq!(flat(list), expected.map(|(parent, text)| (parent, text.to_owned())));
        assert_eq!(flat("[]"), []);
    }

    #[test]
    fn what_is_nested_very_deep_is_flat_in_no_time() {
        let deep = 100_000;
        let list = format!("[{}{}]", r#"{"children":["#.repeat(deep), "]}".repeat(deep));
        let flat = flatten(&list);
        assert_eq!((flat.len(), flat.last().and_then(|own| own.parent)), (deep, Some(deep - 2)));
    }
}
