//! TOML as configuration values.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::fault::ConfigSource;
use super::value::{Kind, Table, Value};
use crate::sync::Arc;

/// What is wrong with a text. It quotes nothing of it, as that may be secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// The line, from 1, where it is known.
    pub(super) line: Option<usize>,
    pub(super) message: String,
}

/// Reads a text; all values get this source.
pub(super) fn parse(text: &str, source: ConfigSource) -> Result<Table, Malformed> {
    let table = DeTable::parse(text).map_err(|error| Malformed {
        line: error.span().map(|span| line(text, span.start)),
        message: error.message().lines().collect::<Vec<_>>().join(", "),
    })?;
    Reader { text, source: Arc::new(source) }.table(table.into_inner())
}

fn line(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
    source: Arc<ConfigSource>,
}

impl Reader<'_> {
    fn table(&self, table: DeTable<'_>) -> Result<Table, Malformed> {
        let mut read = Table::new();
        for (key, value) in table {
            read.insert(key.into_inner().into_owned(), self.value(value)?);
        }
        Ok(read)
    }

    fn value(&self, value: Spanned<DeValue<'_>>) -> Result<Value, Malformed> {
        let offset = value.span().start;
        let kind = match value.into_inner() {
            DeValue::String(text) => Kind::String(text.into_owned()),
            DeValue::Integer(digits) => {
                match i64::from_str_radix(digits.as_str(), digits.radix()) {
                    Ok(number) => Kind::I64(number),
                    Err(_) => return Err(self.too_large(offset, "integer")),
                }
            }
            DeValue::Float(digits) => match digits.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() || digits.as_str().contains("inf") => {
                    Kind::Float(number)
                }
                Ok(number) if number.is_nan() => Kind::Float(number),
                _ => return Err(self.too_large(offset, "number")),
            },
            DeValue::Boolean(value) => Kind::Boolean(value),
            DeValue::Datetime(moment) => Kind::String(moment.to_string()),
            DeValue::Array(values) => {
                let values = values.into_iter().map(|value| self.value(value));
                Kind::Array(values.collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => Kind::Table(self.table(table)?),
        };
        Ok(Value { source: Some(Arc::clone(&self.source)), kind })
    }

    fn too_large(&self, offset: usize, what: &str) -> Malformed {
        let message = format!("the {what} is too large");
        Malformed { line: Some(line(self.text, offset)), message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Table, Malformed> {
        parse(text, ConfigSource::File("a.toml".to_owned()))
    }

    #[test]
    fn every_type_is_read_with_its_source() {
        let text = "a = -1_000\nb = 0xff\nc = 1.5\nd = inf\ne = [true, 'x']\n\
                    [f.g]\nh = 2026-11-29\n";
        let table = read(text).unwrap();
        let kinds = ["a", "b", "c", "d"].map(|key| table[key].kind.clone());
        let expected = [Kind::I64(-1000), Kind::I64(255)];
        assert_eq!(kinds, [&expected[..], &[1.5, f64::INFINITY].map(Kind::Float)].concat()[..]);
        let Kind::Array(list) = &table["e"].kind else { panic!("{table:?}") };
        assert_eq!(list[1].kind, Kind::String("x".to_owned()));
        let Kind::Table(outer) = &table["f"].kind else { panic!("{table:?}") };
        let Kind::Table(inner) = &outer["g"].kind else { panic!("{table:?}") };
        assert_eq!(inner["h"].kind, Kind::String("2026-11-29".to_owned()));
        let file = ConfigSource::File("a.toml".to_owned());
        assert_eq!(ConfigSource::of(&inner["h"]), Some(file));
    }

    #[test]
    fn a_fault_names_its_line_and_quotes_nothing() {
        let fault = read("a = 1\nkey = \"secret\nb = 2\n").unwrap_err();
        assert_eq!(fault.line, Some(2));
        let message = &fault.message;
        assert!(!message.contains("secret") && !message.contains('\n'), "{message}");
        let fault = read("a = 1\n\n[b]\nc = [1, 99999999999999999999]\n").unwrap_err();
        assert_eq!((fault.line, &*fault.message), (Some(4), "the integer is too large"));
        assert_eq!(read("a = 1e999").unwrap_err().message, "the number is too large");
    }
}
