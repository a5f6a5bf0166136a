//! What the compiler reported, read from cargo's `--message-format=json`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

/// An error or a warning of one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether it stops the compilation.
    pub is_error: bool,
    /// The message without place and notes.
    pub message: String,
    /// All of it, as it is printed.
    pub rendered: String,
    /// The first place it points at: where it is in a macro, then where that macro is called, and
    /// so on outwards.
    pub places: Vec<Span>,
}

/// A place in a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file, as the compiler was told of it.
    pub file: PathBuf,
    /// The line of its start, from 1.
    pub line: usize,
    /// The first byte of it.
    pub start: usize,
    /// The byte after the last of it.
    pub end: usize,
}

/// The errors and warnings by the name of the program, in the order they were reported.
pub fn parse(output: &str) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    for message in messages.filter(|message| message["reason"] == "compiler-message") {
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if let Some(diagnostic) = diagnostic(&message["message"]) {
            // Cargo prints a message once, however often rustc comes to the same conclusion.
            let reported = found.entry(name.to_owned()).or_default();
            if !reported.contains(&diagnostic) {
                reported.push(diagnostic);
            }
        }
    }
    found
}

/// `None` for what only sums up the errors before it.
fn diagnostic(message: &Value) -> Option<Diagnostic> {
    let is_error = match message["level"].as_str()? {
        "error" => true,
        "warning" => false,
        _ => return None,
    };
    let text = message["message"].as_str()?.to_owned();
    let spans = message["spans"].as_array()?;
    let sums_up = spans.is_empty() && (text.starts_with("aborting due to") || !is_error);
    let rendered = message["rendered"].as_str().unwrap_or_default().to_owned();
    let primary = spans.iter().find(|span| span["is_primary"] == true);
    let places = primary.map(places).unwrap_or_default();
    (!sums_up).then_some(Diagnostic { is_error, message: text, rendered, places })
}

fn places(primary: &Value) -> Vec<Span> {
    std::iter::successors(Some(primary), |inner| outwards(inner)).filter_map(span).collect()
}

/// Where the macro is called whose expansion this place is in.
fn outwards(place: &Value) -> Option<&Value> {
    Some(&place["expansion"]["span"]).filter(|caller| caller.is_object())
}

fn span(span: &Value) -> Option<Span> {
    let number = |key: &str| usize::try_from(span[key].as_u64()?).ok();
    Some(Span {
        file: PathBuf::from(span["file_name"].as_str()?),
        line: number("line_start")?,
        start: number("byte_start")?,
        end: number("byte_end")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(name: &str, message: &Value) -> String {
        json!({"reason": "compiler-message", "target": {"name": name}, "message": message})
            .to_string()
    }

    fn error(text: &str, spans: &Value) -> Value {
        json!({"level": "error", "message": text, "rendered": format!("error: {text}"),
               "spans": spans})
    }

    #[test]
    fn messages_are_sorted_by_program() {
        let primary = json!([
            {"file_name": "b.rs", "line_start": 1, "byte_start": 0, "byte_end": 1,
             "is_primary": false},
            {"file_name": "a.rs", "line_start": 3, "byte_start": 10, "byte_end": 17,
             "is_primary": true},
        ]);
        let output = [
            line("one", &error("first", &primary)),
            line("two", &error("second", &json!([]))),
            line("one", &error("third", &json!([]))),
        ];
        let found = parse(&output.join("\n"));
        let messages = |name: &str| -> Vec<String> {
            found[name].iter().map(|diagnostic| diagnostic.message.clone()).collect()
        };
        assert_eq!(messages("one"), ["first", "third"]);
        assert_eq!(messages("two"), ["second"]);
        let span = Span { file: PathBuf::from("a.rs"), line: 3, start: 10, end: 17 };
        assert_eq!(found["one"][0].places, [span]);
        assert_eq!(found["one"][1].places, []);
    }

    #[test]
    fn places_go_from_a_macro_to_its_callers() {
        let place = |file: &str, expansion: &Value| {
            json!({"file_name": file, "line_start": 1, "byte_start": 0, "byte_end": 1,
                   "is_primary": true, "expansion": expansion})
        };
        let user = place("user.rs", &Value::Null);
        let library = place("library.rs", &json!({ "span": user }));
        let found = parse(&line("one", &error("first", &json!([library]))));
        let files: Vec<_> = found["one"][0].places.iter().map(|span| span.file.clone()).collect();
        assert_eq!(files, [PathBuf::from("library.rs"), PathBuf::from("user.rs")]);
    }

    #[test]
    fn what_sums_up_is_left_out() {
        let output = [
            line("one", &error("aborting due to 1 previous error; 1 warning emitted", &json!([]))),
            line("one", &json!({"level": "failure-note", "message": "for more", "spans": []})),
            line("one", &json!({"level": "warning", "message": "1 warning", "spans": []})),
        ];
        assert_eq!(parse(&output.join("\n")), BTreeMap::new());
    }

    #[test]
    fn other_lines_are_left_out() {
        assert_eq!(parse("{\"reason\":\"build-finished\"}\n   Compiling a\n\n"), BTreeMap::new());
    }
}
