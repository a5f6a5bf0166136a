//! What was acknowledged is in the history after `kill -9`, whenever that comes.

mod support;

use std::collections::HashMap;
use std::sync::mpsc;
use std::thread::JoinHandle;

use serde_json::json;
use support::{Chat, Socket, command, database};

/// How many people talk at once.
const PEOPLE: usize = 4;

/// The numbers of what was acknowledged, by the sender's id.
type Acknowledged = HashMap<String, u64>;

/// Talks without a pause until the connection is gone.
fn talk(mut socket: Socket, room: String, who: usize, told: mpsc::Sender<()>) -> Acknowledged {
    let mut acknowledged = Acknowledged::new();
    for n in 0.. {
        let id = format!("{who}-{n}");
        let say = json!({ "type": "say", "room": room, "text": format!("text {id}"), "id": id });
        if socket.try_send(say).is_err() {
            break;
        }
        let sent = std::iter::from_fn(|| socket.next()).find(|event| event["type"] == "sent");
        let Some(sent) = sent else { break };
        acknowledged.insert(id, sent["number"].as_u64().unwrap());
        let _ = told.send(()); // nobody counts any more when the kill is on its way
    }
    acknowledged
}

fn people(chat: &Chat, room: &str) -> (Vec<JoinHandle<Acknowledged>>, mpsc::Receiver<()>) {
    let (told, acknowledgements) = mpsc::channel();
    let people = (0..PEOPLE).map(|who| {
        let socket = chat.socket_in(&format!("p{who}"), room);
        let (room, told) = (room.to_owned(), told.clone());
        std::thread::spawn(move || talk(socket, room, who, told))
    });
    (people.collect(), acknowledgements)
}

/// Every acknowledged message is there, with its number and once; and no number is missing.
fn check(chat: &Chat, room: &str, acknowledged: &Acknowledged) {
    let kept = chat.socket().history(room);
    let numbers: Vec<u64> = kept.iter().map(|it| it["number"].as_u64().unwrap()).collect();
    let expected: Vec<u64> = (1..=kept.len() as u64).collect();
    assert_eq!(numbers, expected, "{room}: numbers without gaps or repeats");
    let mut by_id = HashMap::new();
    for message in &kept {
        let id = message["id"].as_str().unwrap().to_owned();
        assert_eq!(message["text"], format!("text {id}"));
        let twice = by_id.insert(id.clone(), message["number"].as_u64().unwrap());
        assert_eq!(twice, None, "{room}: {id} is there twice");
    }
    for (id, number) in acknowledged {
        assert_eq!(by_id.get(id), Some(number), "{room}: {id} was acknowledged");
    }
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let database = database("kill");
    let mut random = fastrand::Rng::with_seed(40);
    let mut before: Option<(String, Acknowledged)> = None;
    for round in 0..harness::kill_rounds() {
        let chat = Chat::start(command(&database));
        if let Some((room, acknowledged)) = &before {
            check(&chat, room, acknowledged);
        }
        let room = format!("room-{round}");
        let (people, acknowledgements) = people(&chat, &room);
        for _ in 0..random.usize(1..60) {
            acknowledgements.recv().unwrap();
        }
        // Somewhere in the middle of what comes next.
        let pause = std::time::Duration::from_micros(random.u64(0..5_000));
        let _ = acknowledgements.recv_timeout(pause);
        chat.kill();
        let acknowledged = people.into_iter().flat_map(|it| it.join().unwrap()).collect();
        before = Some((room, acknowledged));
    }
    let chat = Chat::start(command(&database));
    let (room, acknowledged) = before.expect("there was a round");
    check(&chat, &room, &acknowledged);
    chat.stop();
}
