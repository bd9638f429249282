//! A branch printed to the shell's own screen: lines as they were written, which the terminal wraps itself, so that it
//! and multiplexers keep, search and copy them as any other output.

use super::colour::ColorDepth;
use crate::app::print::Printout;
use crate::text::painted::Painter;

/// A name stands out without a colour too.
const NAME: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[m";

/// The lines of a branch.
pub fn plain(printout: &Printout, colors: ColorDepth) -> String {
    let mut text = String::new();
    if !printout.title.is_empty() {
        text.push_str(&format!("{NAME}{}{PLAIN}\n\n", printout.title));
    }
    for message in &printout.messages {
        text.push_str(&format!("{NAME}▏{}{PLAIN}\n", message.name));
        match colors {
            ColorDepth::None => text.push_str(&message.text),
            ColorDepth::Ansi16 | ColorDepth::Ansi256 | ColorDepth::True => {
                let mut painter = Painter::default();
                text.push_str(&painter.push(&message.text));
                text.push_str(&painter.finish());
            }
        }
        text.push_str("\n\n");
    }
    // A terminal in raw mode begins no line by itself.
    text.replace('\n', "\r\n")
}

/// The same, and on into what can be scrolled back to, on a screen of so many rows: while the alternate screen is on,
/// what still stands on the other one cannot be seen.
pub fn scrolled(printout: &Printout, colors: ColorDepth, rows: u16) -> String {
    let mut text = plain(printout, colors);
    text.push_str(&"\r\n".repeat(usize::from(rows.saturating_sub(1))));
    text.push_str("\x1b[H");
    text
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::*;
    use crate::app::print::Printed;
    use crate::text::sanitise;

    fn printout() -> Printout {
        let said = |name: &str, text: &str| Printed { name: sanitise(name), text: sanitise(text) };
        Printout {
            title: sanitise("Loquats"),
            messages: vec![said("you", "what?"), said("demo", "# A fruit\n\n`code` and more")],
        }
    }

    #[test]
    fn names_stand_out_without_colours_and_markdown_with_them() {
        assert_eq!(
            plain(&printout(), ColorDepth::None),
            "\x1b[1mLoquats\x1b[m\r\n\r\n\x1b[1m▏you\x1b[m\r\nwhat?\r\n\r\n\
             \x1b[1m▏demo\x1b[m\r\n# A fruit\r\n\r\n`code` and more\r\n\r\n"
        );
        assert!(plain(&printout(), ColorDepth::True).contains("\x1b[1m# A fruit\x1b[0m"));
    }

    #[test]
    fn all_of_it_is_scrolled_out_of_the_screen_and_the_cursor_is_at_its_top() {
        let sides = (NonZeroU16::new(6).unwrap(), NonZeroU16::new(20).unwrap());
        let mut vt = vt100::Parser::new(sides.0, sides.1, 100);
        vt.process(b"$ loquat\r\n");
        vt.process(scrolled(&printout(), ColorDepth::True, 6).as_bytes());
        assert_eq!((vt.screen().contents().as_str(), vt.screen().cursor_position()), ("", (0, 0)));
        vt.screen_mut().set_scrollback(100);
        let kept = vt.screen().contents();
        assert!(kept.starts_with("$ loquat\nLoquats\n\n▏you"), "{kept}");
    }
}
