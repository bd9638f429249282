//! Rows of an export, whatever it is written as: CSV (or with tabs), JSON pages, lists, or an object a line.
//!
//! Every row keeps the line it began on, so that what is wrong with it can be told with its place.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::Mistake;

/// A row: what stands under which name. Cells of CSV are texts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The line of the file it begins on, from 1.
    pub line: u64,
    pub fields: Map<String, Value>,
}

/// All rows of a text.
///
/// # Errors
/// The first place that cannot be read.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Mistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) { json(text) } else { csv(text) }
}

fn json(text: &str) -> Result<Vec<Row>, Mistake> {
    let mut rows = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.map_err(|error| Mistake::at(error.line() as u64, error.to_string()))?;
        gather(text, value, &Map::new(), &mut rows)?;
    }
    Ok(rows)
}

/// The rows in a value: of lists their entries, of pages what is in them, of buckets their results, each with what the
/// bucket says.
fn gather(
    text: &str,
    value: &RawValue,
    around: &Map<String, Value>,
    rows: &mut Vec<Row>,
) -> Result<(), Mistake> {
    let line = line_of(text, value.get());
    let told = |error: serde_json::Error| Mistake::at(line, error.to_string());
    if value.get().starts_with('[') {
        let entries: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(told)?;
        return entries.into_iter().try_for_each(|entry| gather(text, entry, around, rows));
    }
    if !value.get().starts_with('{') {
        return Err(Mistake::at(line, "not a row".to_owned()));
    }
    let parts: std::collections::HashMap<String, &RawValue> =
        serde_json::from_str(value.get()).map_err(told)?;
    let mut fields: Map<String, Value> = serde_json::from_str(value.get()).map_err(told)?;
    let inner = ["data", "results"].into_iter().find_map(|name| Some((name, *parts.get(name)?)));
    match inner.filter(|(_, inner)| inner.get().starts_with('[')) {
        Some((name, inner)) => {
            fields.shift_remove(name);
            gather(text, inner, &fields, rows)
        }
        None => {
            for (name, value) in around {
                fields.entry(name.as_str()).or_insert_with(|| value.clone());
            }
            rows.push(Row { line, fields });
            Ok(())
        }
    }
}

/// The line on which a part of a text begins.
fn line_of(text: &str, part: &str) -> u64 {
    let offset = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    memchr::memchr_iter(b'\n', before).count() as u64 + 1
}

/// CSV by RFC 4180, tabs instead of commas where the head has them.
fn csv(text: &str) -> Result<Vec<Row>, Mistake> {
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.contains('\t') { '\t' } else { ',' };
    let mut records = records(text, separator)?.into_iter();
    let Some((_, names)) = records.next() else { return Ok(Vec::new()) };
    records
        .map(|(line, cells)| {
            if cells.len() != names.len() {
                let message = format!("{} cells, and the head has {}", cells.len(), names.len());
                return Err(Mistake::at(line, message));
            }
            let cells = cells.into_iter().map(Value::String);
            Ok(Row { line, fields: names.iter().map(|name| name.trim().to_owned()).zip(cells).collect() })
        })
        .collect()
}

/// The cells of each record, with its line. Empty lines are none.
fn records(text: &str, separator: char) -> Result<Vec<(u64, Vec<String>)>, Mistake> {
    let mut records = Vec::new();
    let (mut line, mut begun) = (1, 1);
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if cell.is_empty() => loop {
                match chars.next() {
                    Some('"') if chars.next_if_eq(&'"').is_some() => cell.push('"'),
                    Some('"') => break,
                    Some(char) => {
                        line += u64::from(char == '\n');
                        cell.push(char);
                    }
                    None => return Err(Mistake::at(begun, "a quotation mark is not closed".to_owned())),
                }
            },
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                line += 1;
                finish(&mut records, begun, &mut cells, &mut cell);
                begun = line;
            }
            char if char == separator => cells.push(std::mem::take(&mut cell)),
            char => cell.push(char),
        }
    }
    finish(&mut records, begun, &mut cells, &mut cell);
    Ok(records)
}

fn finish(records: &mut Vec<(u64, Vec<String>)>, line: u64, cells: &mut Vec<String>, cell: &mut String) {
    if !cells.is_empty() || !cell.is_empty() {
        cells.push(std::mem::take(cell));
        records.push((line, std::mem::take(cells)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(text: &str) -> Vec<(u64, Value)> {
        let rows = rows(text).unwrap();
        rows.into_iter().map(|row| (row.line, Value::Object(row.fields))).collect()
    }

    #[test]
    fn csv_may_quote_and_a_row_is_where_it_begins() {
        assert_eq!(
            told("\u{feff}a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\r\n,\"\"\n"),
            [(2, json!({"a": "1", "b": "x, \"y\"\nz"})), (5, json!({"a": "", "b": ""}))]
        );
        assert_eq!(told("a\tb\n1,5\t2\n"), [(2, json!({"a": "1,5", "b": "2"}))]);
        assert_eq!(rows("a,b\n1\n").unwrap_err().line, 2);
        assert_eq!(rows("a,b\n1,2\n3,\"4\n\n").unwrap_err().line, 3);
    }

    #[test]
    fn json_may_be_a_list_a_page_of_buckets_or_an_object_a_line() {
        assert_eq!(told("[\n{\"a\":1},\n{\"a\":2}]"), [(2, json!({"a": 1})), (3, json!({"a": 2}))]);
        assert_eq!(told("{\"a\":1}\n{\"a\":2}\n"), [(1, json!({"a": 1})), (2, json!({"a": 2}))]);
        assert_eq!(
            told("{\"object\":\"page\",\"data\":[{\"start\":7,\"results\":[\n{\"a\":1},\n{\"a\":2}]}]}"),
            [(2, json!({"a": 1, "start": 7})), (3, json!({"a": 2, "start": 7})),]
        );
        assert_eq!(rows("[{\"a\":1},\n{\"a\":}]").unwrap_err().line, 2);
        assert_eq!(rows("[\n3]").unwrap_err().line, 2);
    }
}
