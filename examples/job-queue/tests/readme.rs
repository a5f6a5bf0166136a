//! The commands of the README do what it says.
#![cfg(unix)]

mod support;

use std::process::Command;

use harness::readme::{Example, examples};
use harness::{needs, until};
use support::{Server, folder};

/// Whether a text is as a line says, where `..` stands for anything.
fn fits(text: &str, line: &str) -> bool {
    let Some((first, others)) = line.split_once("..") else { return text == line };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let (middle, last) = others.rsplit_once("..").unwrap_or(("", others));
    for part in middle.split("..") {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn the_commands_do_what_the_readme_says() {
    if !needs("curl") {
        return;
    }
    let examples = examples(include_str!("../README.md"));
    let (start, others) = examples.split_first().unwrap();
    assert_eq!(start.command, "cargo run -q -p job-queue");
    assert!(others.len() > 10);
    let server = Server::start(&folder("readme"), "drain = '1ms'");
    let address = &server.address;
    server.program.wait_for(|line| {
        fits(&line.replace(address, "127.0.0.1:4001"), &start.output[0]).then_some(())
    });
    for Example { command, output } in others {
        let here = command.replace("127.0.0.1:4001", address);
        // A job may not have run yet when the next command looks for it.
        until(command, || {
            let said = Command::new("sh").args(["-c", &here]).output().unwrap();
            assert!(said.status.success(), "{command}");
            let said = String::from_utf8(said.stdout).unwrap();
            let lines: Vec<&str> = said.lines().collect();
            let fit = lines.len() == output.len()
                && lines.iter().zip(output).all(|(text, line)| fits(text, line));
            assert!(fit || !command.contains("-d"), "{command}: {said}");
            fit.then_some(())
        });
    }
    server.stop();
}

#[test]
fn dots_stand_for_anything() {
    assert!(fits("{\"id\":1,\"a\":[]}", "{\"id\":1,..}"));
    assert!(fits("same", "same") && fits("anything", ".."));
    assert!(fits("{\"a\":{}}", "{..}") && !fits("ab..", "a..b..c"));
    assert!(!fits("same!", "same") && !fits("{\"id\":2}", "{\"id\":1..}"));
}
