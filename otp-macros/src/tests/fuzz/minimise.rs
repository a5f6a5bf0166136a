//! Making a failing input small.

use super::backends::Backend;
use super::check::check;
use super::corpus::Seed;
use super::tree::{self, Node};

/// At most this many inputs are tried.
const MOST_TRIES: usize = 20_000;

/// Takes nodes away, and brackets around them, as long as the input still fails.
pub(super) fn minimise(backend: &Backend, seed: &Seed) -> Seed {
    let mut best = seed.clone();
    let mut tries = 0;
    loop {
        let before = tree::count(&best.args) + tree::count(&best.item);
        shrink(backend, &mut best, |seed| &mut seed.item, &mut tries);
        shrink(backend, &mut best, |seed| &mut seed.args, &mut tries);
        if tree::count(&best.args) + tree::count(&best.item) == before || tries > MOST_TRIES {
            return best;
        }
    }
}

fn shrink(
    backend: &Backend,
    best: &mut Seed,
    part: fn(&mut Seed) -> &mut Vec<Node>,
    tries: &mut usize,
) {
    let mut number = 0;
    while number < tree::count(part(best)) && *tries < MOST_TRIES {
        let smaller = [without_node, without_brackets].into_iter().find_map(|edit| {
            let mut candidate = best.clone();
            let changed = edit(part(&mut candidate), number);
            *tries += 1;
            (changed && check(backend, &candidate).is_err()).then_some(candidate)
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
