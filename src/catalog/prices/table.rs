//! A price table as text: one row a line, sorted, and read where it is asked and nowhere else.
//!
//! The built-in table and an imported one have this form. A look-up compares the beginnings of a dozen lines and
//! takes one of them apart: nothing is parsed ahead, because every turn of a script is a process of its own.
//! The head of `config/prices.txt` says what stands in a row.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use crate::chat::{Money, Price, Rates, Tier};

/// A table: lines of a head, which begin with `#`, then rows in the order of their bytes.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    head: &'a str,
    rows: &'a str,
}

/// A row: what a seller asks for a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// Who sells it.
    pub seller: &'a str,
    /// Its id there.
    pub model: &'a str,
    /// Which of the head's sources said so.
    pub source: &'a str,
    /// How many tokens may be sent at once.
    pub context: Option<u64>,
    /// What a request in a batch costs; this program sends none.
    pub batch: Option<Batch>,
    /// What it costs.
    pub price: Price,
}

/// US dollars per million tokens of requests in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Input.
    pub input: Money,
    /// Output.
    pub output: Money,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// When it said so: a day or a month.
    pub date: String,
    /// What it is.
    pub name: String,
}

impl<'a> Table<'a> {
    /// A table of its text.
    pub fn new(text: &'a str) -> Self {
        let mut start = 0;
        while text[start..].starts_with('#') {
            start += text[start..].find('\n').map_or(text.len() - start, |end| end + 1);
        }
        let (head, rows) = text.split_at(start);
        Self { head, rows }
    }

    /// The source that rows name so.
    pub fn source(&self, name: &str) -> Option<Source> {
        self.head.lines().find_map(|line| {
            let (date, name) =
                line.strip_prefix('#')?.strip_prefix(name)?.strip_prefix(' ')?.split_once(' ')?;
            Some(Source { date: date.to_owned(), name: name.to_owned() })
        })
    }

    /// Every row that can be read.
    pub fn rows(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        self.rows.lines().filter_map(Row::read)
    }

    /// The row of exactly this id.
    pub fn find(&self, seller: &str, model: &str) -> Option<Row<'a>> {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low + (high - low) / 2;
            // A line that begins before the middle is the one that is looked at.
            let start = self.rows.get(..middle)?.rfind('\n').map_or(0, |end| end + 1).max(low);
            let line = self.rows.get(start..)?.lines().next()?;
            match key_of(line).cmp(key(seller, model)) {
                Ordering::Equal => return Row::read(line),
                Ordering::Less => low = (start + line.len() + 1).min(high),
                Ordering::Greater => high = start,
            }
        }
        None
    }

    /// The row of this id, else of the model that it is an edition of.
    pub fn nearest(&self, seller: &str, id: &str) -> Option<Row<'a>> {
        editions(id).find_map(|id| self.find(seller, id))
    }
}

/// An id, then those of the models that it may be an edition of, the longest first.
pub fn editions(id: &str) -> impl Iterator<Item = &str> {
    let shorter = id
        .rmatch_indices(['-', '@'])
        .map(|(at, _)| id.split_at(at))
        .filter(|(_, edition)| is_edition(edition))
        .map(|(model, _)| model);
    std::iter::once(id).chain(shorter)
}

/// What a row is found by, as bytes in the order of the table.
fn key<'a>(seller: &'a str, model: &'a str) -> impl Iterator<Item = u8> + 'a {
    seller.bytes().chain([b' ']).chain(model.bytes())
}

/// The same of a line.
fn key_of(line: &str) -> impl Iterator<Item = u8> + '_ {
    let mut words = line.splitn(3, ' ');
    key(words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

/// Whether the end of an id only says which edition is meant: `-2024-08-06`, `-20250514`, `-0613`, `-001`,
/// `-latest`, `-preview-05-20`. One digit alone is another model (`claude-opus-4-7` is not `claude-opus-4`), and
/// so is any other word.
fn is_edition(end: &str) -> bool {
    let Some(end) = end.strip_prefix(['-', '@']) else { return false };
    let mut dated = false;
    end.split('-').all(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part.len());
        match (part, digits) {
            ("latest" | "preview" | "exp", _) | (_, Some(3..=8)) => {
                dated = true;
                true
            }
            // Month and day stand after a year or a word.
            (_, Some(2)) => dated,
            _ => false,
        }
    })
}

/// Rates that are being read, of which two have to be there.
#[derive(Default)]
struct Draft {
    over: u64,
    amounts: [Option<Money>; RATES.len()],
}

/// The words of a row that are rates, in the order in which they are written.
const RATES: [&str; 6] = ["in", "out", "read", "write", "hour", "think"];

impl Draft {
    fn rates(&self) -> Option<Rates> {
        let [input, output, cache_read, cache_write, cache_write_1h, reasoning] = self.amounts;
        Some(Rates { input: input?, output: output?, cache_read, cache_write, cache_write_1h, reasoning })
    }
}

impl<'a> Row<'a> {
    /// A row of a line; `None` where it is none. A row that cannot be read prices nothing, which is honest.
    fn read(line: &'a str) -> Option<Self> {
        let mut words = line.split(' ');
        let (seller, model) = (words.next()?, words.next()?);
        let (mut source, mut context, mut batch) = ("", None, None);
        let mut drafts = vec![Draft::default()];
        for word in words {
            let (name, value) = word.split_once('=')?;
            match name {
                "src" => source = value,
                "ctx" => context = Some(value.parse().ok()?),
                "batch" => {
                    let (input, output) = value.split_once('/')?;
                    batch = Some(Batch { input: input.parse().ok()?, output: output.parse().ok()? });
                }
                "over" => drafts.push(Draft { over: value.parse().ok()?, ..Draft::default() }),
                _ => {
                    let place = RATES.iter().position(|rate| *rate == name)?;
                    *drafts.last_mut()?.amounts.get_mut(place)? = Some(value.parse().ok()?);
                }
            }
        }
        let (base, above) = drafts.split_first()?;
        let tiers: Option<Vec<Tier>> =
            above.iter().map(|tier| Some(Tier { over: tier.over, rates: tier.rates()? })).collect();
        let price = Price::tiered(base.rates()?, tiers?)?;
        Some(Self { seller, model, source, context, batch, price })
    }
}

impl fmt::Display for Row<'_> {
    /// The line of the row, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} src={}", self.seller, self.model, self.source)?;
        if let Some(context) = self.context {
            write!(f, " ctx={context}")?;
        }
        if let Some(Batch { input, output }) = self.batch {
            write!(f, " batch={input}/{output}")?;
        }
        write_rates(f, &self.price.base)?;
        for tier in self.price.tiers() {
            write!(f, " over={}", tier.over)?;
            write_rates(f, &tier.rates)?;
        }
        Ok(())
    }
}

fn write_rates(f: &mut fmt::Formatter<'_>, rates: &Rates) -> fmt::Result {
    let Rates { input, output, cache_read, cache_write, cache_write_1h, reasoning } = *rates;
    let amounts = [Some(input), Some(output), cache_read, cache_write, cache_write_1h, reasoning];
    for (name, amount) in RATES.iter().zip(amounts) {
        if let Some(amount) = amount {
            write!(f, " {name}={amount}")?;
        }
    }
    Ok(())
}

/// The text of a table with one source; of rows with the same key the last counts.
pub fn text(head: &Source, source: &str, rows: &[Row<'_>]) -> String {
    let mut lines: std::collections::BTreeMap<Vec<u8>, &Row<'_>> = std::collections::BTreeMap::new();
    lines.extend(rows.iter().map(|row| (key(row.seller, row.model).collect(), row)));
    let mut text = format!("#{source} {} {}\n", head.date, head.name);
    for row in lines.values() {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{row}");
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::BUILT_IN;
    use super::*;

    #[test]
    fn every_row_of_the_built_in_table_can_be_read_is_in_order_and_names_its_source() {
        let table = Table::new(BUILT_IN);
        let lines: Vec<&str> = table.rows.lines().collect();
        let keys: Vec<Vec<u8>> = lines.iter().map(|line| key_of(line).collect()).collect();
        assert!(keys.windows(2).all(|two| two[0] < two[1]));
        for line in &lines {
            let row = Row::read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(row.to_string(), **line);
            assert!(table.source(row.source).is_some(), "{line}");
            assert!(row.price.base.input > Money::ZERO, "{line}");
            assert_eq!(table.find(row.seller, row.model).as_ref(), Some(&row), "{line}");
        }
        assert!(lines.len() > 1000);
    }

    #[test]
    fn an_edition_is_priced_as_its_model_and_another_model_is_not() {
        let table = Table::new(BUILT_IN);
        for (seller, id, found) in [
            ("openai", "gpt-4o", Some("gpt-4o")),
            ("openai", "gpt-4o-2024-08-06", Some("gpt-4o")),
            ("openai", "gpt-4o-2024-05-13", Some("gpt-4o-2024-05-13")),
            ("openai", "gpt-4-0613", Some("gpt-4-0613")),
            ("openai", "gpt-4-0314", Some("gpt-4")),
            ("openai", "gpt-4-0125-preview", Some("gpt-4-0125-preview")),
            ("gemini", "gemini-2.5-flash-preview-05-20", Some("gemini-2.5-flash")),
            ("anthropic", "claude-sonnet-4-20250514", Some("claude-sonnet-4")),
            ("anthropic", "claude-opus-4-9", None),
            ("openai", "gpt-4o-audio-preview", None),
            ("openai", "gpt-4o:free", None),
            ("openai", "claude-opus-4-5", None),
            ("openai", "qwen3", None),
            ("openai", "", None),
            ("", "gpt-4o", None),
        ] {
            assert_eq!(table.nearest(seller, id).map(|row| row.model), found, "{seller} {id}");
        }
    }

    #[test]
    fn what_is_no_row_is_left_out() {
        for line in [
            "",
            "openai",
            "openai m",
            "openai m in=1",
            "openai m out=1",
            "openai m in=1 out=x",
            "openai m in=1 out=2 new=3",
            "openai m in=1 out=2 over=5 in=3",
            "openai m in=1 out=2 over=1 in=1 out=1 over=2 in=1 out=1 over=3 in=1 out=1 over=4 in=1 out=1",
        ] {
            assert_eq!(Row::read(line), None, "{line}");
        }
    }

    proptest! {
        #[test]
        fn a_look_up_finds_what_a_walk_through_the_table_finds(
            models in proptest::collection::btree_set("[a-c.-]{1,4}", 0..20),
            wanted in "[a-c.-]{1,4}",
        ) {
            let row = |model| Row {
                seller: "s",
                model,
                source: "x",
                context: None,
                batch: None,
                price: Rates::new(Money::from_nanos(1), Money::from_nanos(2)).into(),
            };
            let rows: Vec<Row<'_>> = models.iter().map(|model| row(model.as_str())).collect();
            let head = Source { date: "2026-11-21".to_owned(), name: "a test".to_owned() };
            let text = text(&head, "x", &rows);
            let table = Table::new(&text);
            prop_assert_eq!(table.source("x"), Some(head));
            prop_assert_eq!(table.rows().collect::<Vec<_>>(), rows);
            let found = table.find("s", &wanted).map(|row| row.model.to_owned());
            prop_assert_eq!(found, models.get(&wanted).cloned());
        }
    }
}
