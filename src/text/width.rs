//! How many cells text takes, measured by grapheme, because a terminal joins what belongs together.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::Safe;

/// The cells a piece of one line takes. Tabs count as one here; layout expands them first.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// The cells one grapheme takes: a joined emoji two, a conjunct of Indic letters what its parts take. What is drawn is
/// measured by this too, so that what fits is drawn whole.
pub fn grapheme_width(grapheme: &str) -> usize {
    if grapheme.len() == 1 {
        return grapheme.width();
    }
    grapheme.width() + grapheme.chars().filter(|c| has_cell_of_its_own(*c)).count()
}

/// Marks that join the letter before them by Unicode's rules for graphemes, and that stand beside it all the same:
/// vowel signs of Bengali, Oriya, Tamil, Kannada, Malayalam and Sinhala (Other_Grapheme_Extend). Most terminals, by the C
/// library's `wcwidth`, give them a cell; one that does not shows a gap after them, where a cell too few would have
/// the next letter written over them.
fn has_cell_of_its_own(c: char) -> bool {
    matches!(
        c,
        '\u{9be}'
            | '\u{9d7}'
            | '\u{b3e}'
            | '\u{b57}'
            | '\u{bbe}'
            | '\u{bd7}'
            | '\u{cc0}'
            | '\u{cc2}'
            | '\u{cc7}'
            | '\u{cc8}'
            | '\u{cca}'
            | '\u{ccb}'
            | '\u{cd5}'
            | '\u{cd6}'
            | '\u{d3e}'
            | '\u{d57}'
            | '\u{dcf}'
            | '\u{ddf}'
    )
}

/// The longest beginning of `text` that fits `cells`, with `…` as its last cell where something was cut.
pub fn truncate(text: &Safe, cells: usize) -> Safe {
    if width(text) <= cells {
        return text.clone();
    }
    if cells == 0 {
        return Safe::default();
    }
    let mut used = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let wide = grapheme_width(grapheme);
        if used + wide > cells - 1 {
            break;
        }
        used += wide;
        end = at + grapheme.len();
    }
    let mut cut = text.slice(0..end).unwrap_or_default();
    cut.push(&super::sanitise("…"));
    cut
}

/// A line of hints that fits `cells`: as many of the first ones as there is room for, and always the last, which
/// tells the way out.
pub fn fit_hints(hints: &Safe, separator: &str, cells: usize) -> Safe {
    let Some(last) = hints.rfind(separator).filter(|_| width(hints) > cells) else {
        return truncate(hints, cells);
    };
    let (first, last) =
        (hints.slice(0..last).unwrap_or_default(), hints.slice(last..hints.len()).unwrap_or_default());
    let room = cells.saturating_sub(width(&last));
    let ends = first.match_indices(separator).map(|(at, _)| at).filter(|at| width(&first[..*at]) <= room);
    match ends.last().and_then(|end| first.slice(0..end)) {
        Some(mut fitting) => {
            fitting.push(&last);
            fitting
        }
        None => truncate(&last.slice(separator.len()..last.len()).unwrap_or_default(), cells),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sanitise;

    #[test]
    fn clusters_take_the_cells_of_their_base() {
        for (text, cells) in [
            ("abc", 3),
            ("日本", 4),
            ("e\u{301}", 1),
            ("👩‍💻", 2),
            ("🇯🇵", 2),
            ("👍🏽", 2),
            ("ﾊﾟ", 2),
            ("กำ", 2),
            ("☎\u{fe0f}", 2),
            ("क्षा", 3),
        ] {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn a_vowel_sign_beside_its_letter_takes_a_cell_like_any_other() {
        for (text, cells) in
            [("আমার", 4), ("যা", 2), ("யா", 2), ("ಕೀ", 2), ("का", 2), ("कि", 2), ("ki", 2), ("കാ", 2)]
        {
            assert_eq!(width(text), cells, "{text}");
        }
    }

    #[test]
    fn of_hints_the_first_ones_and_the_last_are_kept() {
        let fitted = |cells| fit_hints(&sanitise("a one · b two · c three · Esc back"), " · ", cells);
        for (cells, wanted) in [
            (40, "a one · b two · c three · Esc back"),
            (33, "a one · b two · Esc back"),
            (24, "a one · b two · Esc back"),
            (23, "a one · Esc back"),
            (15, "Esc back"),
            (4, "Esc…"),
        ] {
            assert_eq!(fitted(cells), wanted, "{cells}");
        }
    }

    #[test]
    fn truncation_never_halves_a_wide_character() {
        assert_eq!(truncate(&sanitise("日本語"), 4), "日…");
        assert_eq!(truncate(&sanitise("日本語"), 5), "日本…");
        assert_eq!(truncate(&sanitise("日本語"), 6), "日本語");
        assert_eq!(truncate(&sanitise("abc"), 0), "");
    }
}
