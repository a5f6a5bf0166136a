//! The commands of a README, so that a test can try them.

/// A command of a `console` block, and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What is typed; a `\` at the end of a line joins it with the next one.
    pub command: String,
    /// The lines that it prints.
    pub output: Vec<String>,
}

/// The commands of the `console` blocks of a page, in order.
///
/// # Panics
///
/// When a block does not begin with a command, which is a line that begins with `$`.
pub fn examples(page: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut is_inside = false;
    for line in page.lines() {
        if line.starts_with("```") {
            is_inside = line == "```console";
        } else if let (true, Some(command)) = (is_inside, line.strip_prefix("$ ")) {
            examples.push(Example { command: command.to_owned(), output: Vec::new() });
        } else if is_inside {
            let example = examples.last_mut().expect("a block begins with a command");
            match example.command.strip_suffix('\\') {
                Some(begun) => example.command = format!("{begun}{line}"),
                None => example.output.push(line.to_owned()),
            }
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use super::{Example, examples};

    #[test]
    fn commands_have_their_output_and_may_be_long() {
        let page =
            "# It\n```console\n$ one \\\n  more\nsaid\n$ two\n```\n$ text\n```rust\n$ no\n```\n";
        let example = |command: &str, output: &[&str]| Example {
            command: command.to_owned(),
            output: output.iter().map(|line| (*line).to_owned()).collect(),
        };
        assert_eq!(examples(page), [example("one   more", &["said"]), example("two", &[])]);
    }
}
