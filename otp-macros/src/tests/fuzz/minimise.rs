//! Making a failing input small.

use super::backends::Backend;
use super::check::check;
use super::corpus::Seed;
use super::tree::{self, Node};

/// At most this many inputs are tried.
const MOST_TRIES: usize = 20_000;

/// Takes nodes away, and brackets around them, as long as the input still fails.
pub(super) fn minimise(backend: &Backend, seed: &Seed, reason: &str) -> Seed {
    let mut best = seed.clone();
    let mut tries = 0;
    // The same fault, not any fault: a reason begins with the property that does not hold.
    let kind: String = reason.chars().take(30).collect();
    let mut fails = |candidate: &Seed| {
        tries += 1;
        tries < MOST_TRIES && check(backend, candidate).is_err_and(|it| it.starts_with(&kind))
    };
    loop {
        let before = tree::count(&best.args) + tree::count(&best.item);
        shrink(&mut best, |seed| &mut seed.item, &mut fails);
        shrink(&mut best, |seed| &mut seed.args, &mut fails);
        if tree::count(&best.args) + tree::count(&best.item) == before {
            return best;
        }
    }
}

fn shrink(
    best: &mut Seed,
    part: fn(&mut Seed) -> &mut Vec<Node>,
    fails: &mut dyn FnMut(&Seed) -> bool,
) {
    let mut number = 0;
    while number < tree::count(part(best)) {
        let smaller = [without_node, without_brackets].into_iter().find_map(|edit| {
            let mut candidate = best.clone();
            let changed = edit(part(&mut candidate), number);
            (changed && fails(&candidate)).then_some(candidate)
        });
        match smaller {
            Some(smaller) => *best = smaller,
            None => number += 1,
        }
    }
}

fn without_node(nodes: &mut Vec<Node>, number: usize) -> bool {
    tree::at(nodes, number, &mut |list, at| drop(list.remove(at)));
    true
}

fn without_brackets(nodes: &mut Vec<Node>, number: usize) -> bool {
    let mut changed = false;
    tree::at(nodes, number, &mut |list, at| {
        if let Node::Group(_, content) = &mut list[at] {
            let content = std::mem::take(content);
            list.splice(at..=at, content);
            changed = true;
        }
    });
    changed
}
