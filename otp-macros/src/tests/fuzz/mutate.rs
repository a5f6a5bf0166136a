//! Edits as a hurried user, a careless paste or another macro would make them.

use proc_macro2::{Delimiter, TokenStream};

use super::random::Random;
use super::tree::{self, Node};

/// Inputs stop growing here, so that the time for one stays bounded.
const MOST_NODES: usize = 500;

/// Tokens to put anywhere, besides those of other inputs.
const WORDS: &[&str] = &[
    "as async await box break const continue crate dyn else enum extern false fn for gen if impl",
    "in let loop macro match mod move mut pub ref return self Self static struct super trait true",
    "try type union unsafe use where while yield _ default auto raw safe",
    "r#type r#async r#fn r#match größe 数 __private i64 String Reply Noreply Context Message",
    "'a 'static '_ 'r 0 1 -1 18446744073709551616 340282366920938463463374607431768211456 0xf_f",
    "1e999 1.5 0.0000001s 5s 5sec 5 0ms 18446744073709551616s 99999999999999999999999h 1_000ms",
    "1u8 0b1s \"\" \"a b\" \"\\u{0}\" b\"\" r#\"\"\"# c\"\" 'x' b'x' '\\u{10ffff}' \"größe\"",
    ", ; : :: . .. ..= ... -> => = == != < > <= >> << & && | || + += - * / % ^ ! ? @ # $ ~",
    "() [] {} #[init] #[handle_call] #[from] #[cfg(a)] #![b] #[] #[cfg_attr(a, init)] <T> <'a>",
    "name restart shutdown id strategy children if: after supervisor crate:: Vec<Vec<u8>> { , }",
];

/// Single tokens and small groups.
pub(super) fn words() -> Vec<Node> {
    let tokens = WORDS.iter().map(|line| line.parse::<TokenStream>().expect("tokens"));
    let mut nodes: Vec<Node> = tokens.flat_map(tree::tree).collect();
    nodes.push(Node::Group(Delimiter::None, Vec::new()));
    nodes
}

/// Changes the input a few times. `other` is one that it may borrow from.
pub(super) fn mutate(
    nodes: &mut Vec<Node>,
    words: &[Node],
    other: &mut Vec<Node>,
    random: &mut Random,
) {
    let mut times = 1 + random.below(3);
    while random.once_in(3) && times < 12 {
        times += 2;
    }
    for _ in 0..times {
        let borrowed = piece(other, random);
        once(nodes, words, &borrowed, random);
        if tree::count(nodes) > MOST_NODES {
            nodes.truncate(nodes.len() / 2);
        }
    }
}

/// A few neighbouring nodes.
fn piece(nodes: &mut Vec<Node>, random: &mut Random) -> Vec<Node> {
    let mut piece = Vec::new();
    let (number, length) = (random.below(tree::count(nodes)), 1 + random.below(6));
    tree::at(nodes, number, &mut |list, at| {
        piece = list[at..(at + length).min(list.len())].to_vec();
    });
    piece
}

fn once(nodes: &mut Vec<Node>, words: &[Node], borrowed: &[Node], random: &mut Random) {
    let word = random.pick(words).clone();
    let count = tree::count(nodes);
    if count == 0 {
        nodes.push(word);
        return;
    }
    let (number, kind) = (random.below(count), random.below(15));
    let delimiter = delimiter(random);
    let length = 1 + random.below(4);
    tree::at(nodes, number, &mut |list, at| match kind {
        0 | 1 => drop(list.remove(at)),
        2 => list.insert(at, list[at].clone()),
        3 if at + 1 < list.len() => list.swap(at, at + 1),
        4 | 5 => list.insert(at, word.clone()),
        6 | 7 => list[at] = word.clone(),
        8 => list.truncate(at),
        9 => drop(list.splice(at..=at, borrowed.iter().cloned())),
        10 => drop(list.splice(at..at, borrowed.iter().cloned())),
        11 => drop(list.drain(at..(at + length).min(list.len()))),
        12 => {
            let end = (at + length).min(list.len());
            let inside: Vec<Node> = list.drain(at..end).collect();
            list.insert(at, Node::Group(delimiter, inside));
        }
        13 => list.push(list[at].clone()),
        _ => regroup(list, at, delimiter, word.clone()),
    });
}

fn delimiter(random: &mut Random) -> Delimiter {
    *random.pick(&[
        Delimiter::Brace,
        Delimiter::Bracket,
        Delimiter::None,
        Delimiter::Parenthesis,
        Delimiter::Parenthesis,
    ])
}

/// Changes the brackets of a group, empties it, or takes them away; anything else is replaced.
fn regroup(list: &mut Vec<Node>, at: usize, delimiter: Delimiter, word: Node) {
    match &mut list[at] {
        Node::Group(found, content) if *found == delimiter => {
            let content = std::mem::take(content);
            list.splice(at..=at, content);
        }
        Node::Group(found, _) => *found = delimiter,
        other => *other = word,
    }
}
