//! Takes what the terminal answers out of the keys that crossterm reads it as.
//!
//! crossterm 0.29 has no event for the answer to a colour query (OSC 11 and its like): `ESC ]` comes as Alt+`]`, and
//! the rest as characters, Ctrl+G, Alt+`\`. Torn apart by a slow line right behind its `ESC`, it comes as Esc and
//! characters, and then the answer to DA1 does so too, which crossterm else swallows itself. (A notice of mode 2031,
//! `CSI ? 997 ; n n`, it neither tells nor ends at, and takes the next keys for a part of: so we do not ask for those.)
//!
//! An answer is known by its grammar: what can still become one is held back for a moment, what must be one is taken
//! out, and the first character that does not fit was typed by a person. So an answer that comes late, in pieces or
//! without an end reaches nobody, and neither is a key lost that follows it.

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::{SignedDuration, Timestamp};

use crate::config::Background;
use crate::ui::theme::contrast;

use super::input::Seen;

/// How long keys are held back that may begin an answer. What a person types behind Alt+`]` waits so long at most.
const HOLD: Duration = Duration::from_millis(100);

/// The same while an answer is awaited, for what follows an Esc: `[` or `]`.
const LONGER_HOLD: Duration = Duration::from_millis(500);

/// The longest pause within an answer that has surely begun: a slow line's.
const PAUSE: SignedDuration = SignedDuration::from_secs(2);

/// A pause within an answer whose grammar nobody here knows.
const SHORT_PAUSE: SignedDuration = SignedDuration::from_millis(100);

/// How long an answer is awaited, and behind one the other that was asked for. Meanwhile Esc is held back for a
/// moment, because it may begin one.
const AWAITED: SignedDuration = SignedDuration::from_secs(10);
const NEXT_AWAITED: SignedDuration = SignedDuration::from_secs(2);

/// More than any answer has.
const LONGEST: usize = 256;

/// The end of an answer, as it comes without an `ESC`.
const BEL: char = '\u{7}';
const ESC: char = '\u{1b}';

/// What a filter makes of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// What was no answer.
    pub inputs: Vec<Seen>,
    /// What an answer said.
    pub background: Option<Background>,
}

/// Takes answers out of a stream of inputs.
#[derive(Clone, Debug, Default)]
pub(super) struct AnswerFilter {
    /// Until when an answer is awaited.
    awaited: Option<Timestamp>,
    /// The answer so far.
    answer: String,
    /// Its keys, while they may be something else.
    held: Vec<Seen>,
    /// When the last key came.
    last: Option<Timestamp>,
}

/// What a text is, as the beginning of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It may be one.
    Open,
    /// It is one, and goes on.
    Begun,
    /// It is a colour, but for its end.
    Said(Background),
    /// It is a whole one.
    Ended,
    /// It is none.
    None,
}

impl AnswerFilter {
    /// The terminal was asked.
    pub fn ask(&mut self, at: Timestamp) {
        self.awaited = at.checked_add(AWAITED).ok();
    }

    /// How long the rest of what is held back is waited for; then [`release`](Self::release) it. `None` where nothing
    /// is.
    pub fn holds_for(&self) -> Option<Duration> {
        let first = self.held.first()?;
        let escape = self.answer.len() == 1;
        Some(if self.awaits(first.at) && !escape { LONGER_HOLD } else { HOLD })
    }

    /// Lets go of what was held back. What follows an Esc may still be the rest of an answer.
    pub fn release(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.held)
    }

    /// Takes an input in.
    pub fn take(&mut self, input: Seen) -> Taken {
        let (at, mut taken) = (input.at, Taken::default());
        let pause = self.last.replace(at).map_or(SignedDuration::MAX, |last| at.duration_since(last));
        if pause > self.patience(at) {
            taken.inputs.append(&mut self.held);
            self.answer.clear();
        }
        let Some(signs) = signs(&input.event) else {
            if !is_release(&input.event) {
                taken.inputs.append(&mut self.held);
                self.answer.clear();
            }
            taken.inputs.push(input);
            return taken;
        };
        let before = standing(&self.answer);
        let longer = format!("{}{signs}", self.answer);
        match standing(&longer) {
            Standing::Open => {
                self.answer = longer;
                // An Esc that nobody waits for is one.
                if signs == "\u{1b}" && !self.awaits(at) {
                    taken.inputs.push(input);
                } else {
                    self.held.push(input);
                }
            }
            Standing::Begun => {
                self.answer = longer;
                self.held.clear();
            }
            Standing::Said(background) => {
                self.answer = longer;
                self.held.clear();
                if before == Standing::Begun {
                    taken.background = Some(background);
                    self.awaited = at.checked_add(NEXT_AWAITED).ok();
                }
            }
            Standing::Ended => {
                self.answer.clear();
                self.held.clear();
            }
            Standing::None => {
                taken.inputs.append(&mut self.held);
                self.answer.clear();
                // What does not go on with one may begin another.
                if matches!(standing(&signs), Standing::Open) {
                    self.last = None;
                    taken.inputs.extend(self.take(input).inputs);
                } else {
                    taken.inputs.push(input);
                }
            }
        }
        taken
    }

    fn awaits(&self, at: Timestamp) -> bool {
        self.awaited.is_some_and(|until| at <= until)
    }

    /// How long the rest of what began may take.
    fn patience(&self, at: Timestamp) -> SignedDuration {
        let known = self.answer.starts_with("\u{1b}]11;") || self.answer.starts_with("\u{1b}[?");
        match standing(&self.answer) {
            Standing::Begun | Standing::Said(_) if known => PAUSE,
            Standing::Open if self.awaits(at) => PAUSE,
            Standing::Open | Standing::Begun | Standing::Said(_) | Standing::Ended | Standing::None => {
                SHORT_PAUSE
            }
        }
    }
}

/// The bytes that a key was read from, where an answer can have them.
fn signs(event: &Event) -> Option<String> {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press | KeyEventKind::Repeat, .. }) =
        event
    else {
        return None;
    };
    let (alt, control) = (modifiers.contains(KeyModifiers::ALT), modifiers.contains(KeyModifiers::CONTROL));
    match (code, alt, control) {
        (KeyCode::Esc, false, false) => Some(ESC.to_string()),
        (KeyCode::Char('g'), false, true) => Some(BEL.to_string()),
        (KeyCode::Char(c @ (']' | '\\')), true, false) => Some(format!("{ESC}{c}")),
        (KeyCode::Char(c), false, false) => Some(c.to_string()),
        _ => None,
    }
}

fn is_release(event: &Event) -> bool {
    matches!(event, Event::Key(KeyEvent { kind: KeyEventKind::Release, .. }))
}

fn standing(text: &str) -> Standing {
    let Some(rest) = text.strip_prefix(ESC) else { return Standing::None };
    if text.len() > LONGEST {
        return Standing::None;
    }
    match rest.split_at_checked(1) {
        None => Standing::Open,
        Some(("]", rest)) => command(rest),
        Some(("[", rest)) => attributes(rest),
        Some(_) => Standing::None,
    }
}

/// An operating system command behind its `ESC ]`: a number, a semicolon, anything, an end.
fn command(text: &str) -> Standing {
    let Some((number, body)) = text.split_once(';') else {
        let number = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        return if number { Standing::Open } else { Standing::None };
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Standing::None;
    }
    let (body, end) = match body.find([BEL, ESC]) {
        Some(at) => body.split_at(at),
        None => (body, ""),
    };
    match end {
        "\u{7}" | "\u{1b}\\" => Standing::Ended,
        // The first half of the end, or a key.
        "\u{1b}" => Standing::Open,
        "" if number == "11" => color(body),
        "" => Standing::Begun,
        _ => Standing::None,
    }
}

/// `rgb:RRRR/GGGG/BBBB`, each of the three with as many digits as the first (XParseColor(3)).
fn color(body: &str) -> Standing {
    const NAMES: [&str; 2] = ["rgb:", "rgba:"];
    let Some(parts) = NAMES.iter().find_map(|name| body.strip_prefix(name)) else {
        let begins = NAMES.iter().any(|name| name.starts_with(body));
        return if begins { Standing::Begun } else { Standing::None };
    };
    let wanted = if body.starts_with("rgba:") { 4 } else { 3 };
    let parts: Vec<&str> = parts.split('/').collect();
    let digits = parts.first().map_or(0, |first| first.len());
    let whole = parts.len() == wanted && parts.iter().all(|part| part.len() == digits) && digits > 0;
    let fits = parts.len() <= wanted
        && parts.iter().all(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && parts.iter().skip(1).all(|part| part.len() <= digits);
    let level = |nth: usize| parts.get(nth).and_then(|part| level(part));
    match (fits, whole) {
        (false, _) => Standing::None,
        (true, false) => Standing::Begun,
        (true, true) => match (level(0), level(1), level(2)) {
            (Some(r), Some(g), Some(b)) => Standing::Said(contrast::kind((r, g, b))),
            _ => Standing::None,
        },
    }
}

/// One to four hexadecimal digits, of as many as there are, as one of 256.
fn level(digits: &str) -> Option<u8> {
    let value = u32::from_str_radix(digits, 16).ok()?;
    let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)? - 1;
    u8::try_from(value * 255 / most).ok()
}

/// Primary device attributes behind their `ESC [`: `?`, numbers, `c`.
fn attributes(text: &str) -> Standing {
    let Some(numbers) = text.strip_prefix('?') else {
        return if text.is_empty() { Standing::Open } else { Standing::None };
    };
    let inner = numbers.strip_suffix('c');
    match (inner.unwrap_or(numbers).bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), inner) {
        (false, _) => Standing::None,
        (true, Some(_)) => Standing::Ended,
        (true, None) => Standing::Begun,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(code: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(code), modifiers))
    }

    /// Bytes as crossterm reads them in one piece.
    fn read(bytes: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let mut chars = bytes.chars().peekable();
        while let Some(c) = chars.next() {
            events.push(match c {
                ESC => match chars.next_if(|next| matches!(next, ']' | '\\')) {
                    Some(next) => key(next, KeyModifiers::ALT),
                    None => Event::Key(KeyCode::Esc.into()),
                },
                BEL => key('g', KeyModifiers::CONTROL),
                c => key(c, KeyModifiers::NONE),
            });
        }
        events
    }

    /// What passes of pieces that come so many milliseconds after each other, and what was said.
    fn passed(pieces: &[&str], apart: i64) -> (Vec<Event>, Vec<Background>) {
        let mut filter = AnswerFilter::default();
        filter.ask(Timestamp::UNIX_EPOCH);
        let (mut events, mut said) = (Vec::new(), Vec::new());
        for (nth, piece) in (1..).zip(pieces) {
            let at = Timestamp::from_millisecond(nth * apart).unwrap();
            let hold = filter.holds_for().map_or(u128::MAX, |hold| hold.as_millis());
            if u128::try_from(apart).unwrap() > hold {
                events.extend(filter.release());
            }
            for event in read(piece) {
                let taken = filter.take(Seen { at, event });
                events.extend(taken.inputs);
                said.extend(taken.background);
            }
        }
        events.extend(filter.release());
        (events.into_iter().map(|input| input.event).collect(), said)
    }

    fn typed(text: &str) -> Vec<Event> {
        read(text)
    }

    const DARK: &str = "\u{1b}]11;rgb:1e1e/1e1e/2e2e\u{7}";

    #[test]
    fn an_answer_says_what_the_background_is_and_is_never_typed() {
        for (answer, background) in [
            (DARK, Background::Dark),
            ("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\", Background::Light),
            ("\u{1b}]11;rgb:fd/f6/e3\u{7}", Background::Light),
            ("\u{1b}]11;rgb:0/0/0\u{7}", Background::Dark),
            ("\u{1b}]11;rgba:2828/2a2a/3636/ffff\u{7}", Background::Dark),
        ] {
            assert_eq!(passed(&["a", answer, "b"], 0), (typed("ab"), vec![background]), "{answer:?}");
        }
    }

    #[test]
    fn an_answer_without_an_end_ends_with_the_first_key_that_does_not_fit() {
        let unended = DARK.trim_end_matches(BEL);
        assert_eq!(passed(&[unended, "abc"], 50), (typed("abc"), vec![Background::Dark]));
        assert_eq!(passed(&["\u{1b}]11;rgb:1e/1e/2e", "feed"], 50), (typed("feed"), vec![Background::Dark]));
        assert_eq!(passed(&["\u{1b}]11;rgb:1e1e/", "hello"], 50), (typed("hello"), vec![]));
        // What is not gone on with for long was all there was.
        assert_eq!(passed(&["\u{1b}]11;rgb:1e1e/", "123"], 3000), (typed("123"), vec![]));
    }

    #[test]
    fn what_device_attributes_are_torn_off_their_escape_is_not_typed() {
        let (events, _) = passed(&["\u{1b}", "[", "?62;22c", "d"], 400);
        assert_eq!(events, typed("\u{1b}d"));
        assert_eq!(passed(&["\u{1b}", "[?62;22c", "d"], 20), (typed("d"), vec![]));
    }

    #[test]
    fn what_is_typed_by_a_person_passes() {
        for text in ["\u{1b}]hello", "]11;rgb:0/0/0", "\u{1b}[a", "\u{1b}\u{1b}x", "\u{7}\u{1b}\\", "11;?"] {
            assert_eq!(passed(&[text], 0), (typed(text), vec![]), "{text:?}");
        }
        // Esc, and some time later what could go on with it.
        let keys = ["\u{1b}", "]", "1", "2"];
        let each: Vec<Event> = keys.iter().flat_map(|key| typed(key)).collect();
        assert_eq!(passed(&keys, 3000), (each, vec![]));
    }

    #[test]
    fn an_answer_to_somebody_elses_question_is_taken_out_too() {
        assert_eq!(passed(&["\u{1b}]4;1;rgb:cdcd/0000/0000\u{1b}\\x"], 0), (typed("x"), vec![]));
        assert_eq!(passed(&["\u{1b}]52;c;aGVsbG8=\u{7}x"], 0), (typed("x"), vec![]));
    }

    #[test]
    fn an_escape_is_held_back_only_while_an_answer_is_awaited() {
        let esc = |at: i64| Seen {
            at: Timestamp::from_second(at).unwrap(),
            event: Event::Key(KeyCode::Esc.into()),
        };
        let mut filter = AnswerFilter::default();
        assert_eq!(filter.take(esc(1)).inputs, [esc(1)]);
        filter.ask(Timestamp::from_second(2).unwrap());
        assert_eq!(filter.take(esc(5)).inputs, []);
        assert_eq!((filter.holds_for(), filter.release()), (Some(HOLD), vec![esc(5)]));
        assert_eq!(filter.take(esc(13)).inputs, [esc(13)]);
    }

    #[test]
    fn other_events_pass_and_end_what_was_held_back() {
        let at = Timestamp::UNIX_EPOCH;
        let mut filter = AnswerFilter::default();
        let input = |event| Seen { at, event };
        let bracket = input(key(']', KeyModifiers::ALT));
        assert_eq!(filter.take(bracket.clone()), Taken::default());
        let taken = filter.take(input(Event::FocusGained));
        assert_eq!(taken.inputs, [bracket, input(Event::FocusGained)]);
    }

    proptest! {
        /// However a line tears an answer apart, none of it is typed, and what is typed behind it is whole.
        #[test]
        fn any_split_of_an_answer_says_the_same(cuts in proptest::collection::vec(0..60_usize, 0..6), apart in 0..490_i64, st in any::<bool>()) {
            let end = if st { "\u{1b}\\" } else { "\u{7}" };
            let whole = format!("{}{end}\u{1b}[?62;22cxyz", DARK.trim_end_matches(BEL));
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(whole.len())).collect();
            cuts.extend([0, whole.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&str> = cuts.windows(2).map(|cut| &whole[cut[0]..cut[1]]).filter(|piece| !piece.is_empty()).collect();
            // crossterm reads the attributes itself but where they are torn off their escape.
            let pieces: Vec<String> = pieces.iter().map(|piece| piece.replace("\u{1b}[?62;22c", "")).collect();
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let torn = |at: &[&str]| at.windows(2).any(|two| two[0].contains("\u{1b}[") && !two[0].contains("22c"));
            prop_assume!(!torn(&pieces));
            let (mut events, said) = passed(&pieces, apart);
            events.retain(|event| *event != Event::Key(KeyCode::Esc.into()));
            prop_assert_eq!(events, typed("xyz"));
            prop_assert_eq!(said, vec![Background::Dark]);
        }
    }
}
