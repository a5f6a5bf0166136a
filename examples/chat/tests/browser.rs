//! Two people at the page, each with a browser of their own; one browser is killed in mid-message.

mod support;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use harness::browser::{Driver, Page};
use harness::{DEADLINE, needs};
use serde_json::{Value, json};
use support::{Chat, command, database};

/// Runs a function in the page.
async fn run(page: &Page, script: &str) -> Value {
    page.client.execute(script, Vec::new()).await.unwrap()
}

/// Waits until a script gives something else than `null` and `false`.
async fn until(page: &Page, what: &str, script: &str) -> Value {
    let begun = Instant::now();
    loop {
        let value = run(page, script).await;
        if !value.is_null() && value != json!(false) {
            return value;
        }
        if begun.elapsed() > DEADLINE {
            let seen = run(page, "return document.body.innerText").await;
            panic!("waited for {what} in vain; the page shows {seen}");
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a text is shown by an element.
async fn shows(page: &Page, selector: &str, text: &str) {
    let (selector, wanted) = (json!(selector), json!(text));
    let script = format!(
        "return [...document.querySelectorAll({selector})].some(it => it.textContent === {wanted})"
    );
    until(page, text, &script).await;
}

/// Types a text and sends it with the enter key, as people do.
async fn say(page: &Page, text: &str) {
    let input = page.client.find(fantoccini::Locator::Id("text")).await.unwrap();
    input.send_keys(&format!("{text}\n")).await.unwrap();
}

async fn enter(driver: &Driver, chat: &Chat, nick: &str) -> Page {
    let page = driver.page(nick, &format!("http://{}", chat.http)).await;
    let input = page.client.find(fantoccini::Locator::Id("nick")).await.unwrap();
    input.send_keys(&format!("{nick}\n")).await.unwrap();
    shows(&page, "#status", "connected").await;
    shows(&page, "#members li", nick).await;
    page
}

/// What a page shows of the messages, in its order: number and text.
async fn messages(page: &Page) -> Vec<(u64, String)> {
    let script = "return [...document.querySelectorAll('#log li[data-number]')]
        .map(it => [Number(it.dataset.number), it.querySelector('.text').textContent])";
    serde_json::from_value(run(page, script).await).unwrap()
}

fn ready() -> bool {
    needs("chromedriver") && needs("chromium")
}

#[tokio::test]
async fn two_people_talk_and_html_stays_text() {
    if !ready() {
        return;
    }
    let database = database("browser-talk");
    let chat = Chat::start(command(&database));
    let driver = Driver::start(database.parent().unwrap());
    let (ann, bob) = (enter(&driver, &chat, "ann").await, enter(&driver, &chat, "bob").await);
    shows(&ann, "#log .event", "bob joined").await;
    let html = "<b onclick=alert(1)>bold</b> <img src=x onerror=alert(1)> &amp;";
    say(&ann, html).await;
    shows(&bob, "#log .text", html).await;
    let made = "return document.querySelectorAll('#log b, #log img').length";
    assert_eq!((run(&bob, made).await, run(&ann, made).await), (json!(0), json!(0)));
    say(&bob, "/me waves").await;
    shows(&ann, "#log .action .text", "waves").await;
    say(&bob, "/msg ann psst").await;
    shows(&ann, "#log .private .text", "psst").await;
    say(&ann, "/join rust").await;
    shows(&ann, "#title", "# rust").await;
    say(&ann, "alone here").await;
    shows(&ann, "#log .text", "alone here").await;
    // A name with HTML in it is refused where it is typed.
    let eve = driver.page("eve", &format!("http://{}", chat.http)).await;
    let input = eve.client.find(fantoccini::Locator::Id("nick")).await.unwrap();
    input.send_keys("<i>eve</i>\n").await.unwrap();
    until(&eve, "a refusal", "return document.getElementById('refusal').textContent !== ''").await;
    let refusal = run(&eve, "return document.getElementById('refusal').textContent").await;
    assert!(refusal.as_str().unwrap().contains("this is no command: a name has letters"));
    chat.stop();
}

#[tokio::test]
async fn a_browser_that_is_killed_in_mid_message_loses_nothing_that_was_acknowledged() {
    if !ready() {
        return;
    }
    let database = database("browser-kill");
    let chat = Chat::start(command(&database));
    let driver = Driver::start(database.parent().unwrap());
    let (ann, bob) = (enter(&driver, &chat, "ann").await, enter(&driver, &chat, "bob").await);
    // Bob's page sends without a pause, and ann's page remembers each message that it was sent.
    run(
        &bob,
        "let n = 0; window.acknowledged = [];
         const before = handlers.sent;
         handlers.sent = (event) => { acknowledged.push(event.id); before(event); };
         setInterval(() => { if (pending.size < 20) say(`text ${++n}`, false); }, 1);",
    )
    .await;
    until(&bob, "some acknowledgements", "return acknowledged.length > 30").await;
    let acknowledged: Vec<String> =
        serde_json::from_value(run(&bob, "return acknowledged").await).unwrap();
    bob.kill();
    until(
        &ann,
        "bob's end",
        "return [...document.querySelectorAll('#log .event')]
             .some(it => it.textContent.startsWith('bob left'))",
    )
    .await;
    shows(&ann, "#members li", "ann").await;
    let gone = "return [...document.querySelectorAll('#members li')].length === 1";
    until(&ann, "one person in the room", gone).await;
    say(&ann, "where are you, bob?").await;
    shows(&ann, "#log .text", "where are you, bob?").await;
    // Everything that was acknowledged is kept once, and the survivor has seen what is kept.
    let kept = chat.socket().history("lobby");
    let mut by_id: HashMap<&str, usize> = HashMap::new();
    for message in &kept {
        *by_id.entry(message["id"].as_str().unwrap()).or_default() += 1;
    }
    assert!(by_id.values().all(|&times| times == 1), "{by_id:?}");
    for id in &acknowledged {
        assert!(by_id.contains_key(id.as_str()), "{id} was acknowledged");
    }
    let expected: Vec<(u64, String)> = kept
        .iter()
        .map(|it| (it["number"].as_u64().unwrap(), it["text"].as_str().unwrap().to_owned()))
        .collect();
    assert_eq!(messages(&ann).await, expected, "no gaps, no repeats, in order");
    chat.stop();
}

#[tokio::test]
async fn a_page_whose_server_goes_away_comes_back_and_sends_what_it_owes_once() {
    if !ready() {
        return;
    }
    let database = database("browser-back");
    let chat = Chat::start(command(&database));
    let (http, tcp) = (chat.http.clone(), chat.tcp.clone());
    let driver = Driver::start(database.parent().unwrap());
    let ann = enter(&driver, &chat, "ann").await;
    say(&ann, "before").await;
    shows(&ann, "#log li[data-number] .text", "before").await;
    // The server dies after it has kept a message and before the page hears of it.
    run(&ann, "socket.onmessage = null").await;
    say(&ann, "in between").await;
    let mut watching = chat.socket();
    harness::until("the message to be kept", || {
        (watching.history("lobby").len() == 2).then_some(())
    });
    chat.kill();
    shows(&ann, "#status", "connecting again …").await;
    say(&ann, "while it was away").await;
    let mut again = command(&database);
    again.env("CHAT_HTTP", &http).env("CHAT_TCP", &tcp);
    let chat = Chat::start(again);
    shows(&ann, "#status", "connected").await;
    shows(&ann, "#log li[data-number] .text", "while it was away").await;
    let expected = [(1, "before"), (2, "in between"), (3, "while it was away")];
    let expected = expected.map(|(number, text)| (number, text.to_owned()));
    assert_eq!(messages(&ann).await, expected);
    assert_eq!(run(&ann, "return pending.size").await, json!(0));
    // The connection is lost without the page's doing, and others go on meanwhile.
    let mut bob = chat.socket_in("bob", "lobby");
    run(&ann, "const lost = socket; lost.onmessage = null; setTimeout(() => lost.close(), 500)")
        .await;
    for number in 4..130 {
        assert_eq!(bob.say("lobby", &format!("text {number}"), &number.to_string()), number);
    }
    shows(&ann, "#log li[data-number] .text", "text 129").await;
    let numbers: Vec<u64> = messages(&ann).await.into_iter().map(|(number, _)| number).collect();
    assert_eq!(numbers, (1..130).collect::<Vec<_>>());
    chat.stop();
}

/// With `SCREENSHOT=1` it makes the picture in the README.
#[tokio::test]
async fn a_picture_for_the_readme() {
    if !std::env::var("SCREENSHOT").is_ok_and(|it| it == "1") || !ready() {
        return;
    }
    let database = database("browser-picture");
    let chat = Chat::start(command(&database));
    let driver = Driver::start(database.parent().unwrap());
    let (ann, bob) = (enter(&driver, &chat, "ann").await, enter(&driver, &chat, "bob").await);
    let _rust = chat.lines_in("cho", "rust");
    let _games = chat.lines_in("dana", "games");
    let _dana = chat.lines_in("åsa", "lobby");
    let talk = [
        (&ann, "Good morning! Did the deploy go through?"),
        (&bob, "It did. I killed two of the connections to see what happens."),
        (&ann, "And?"),
        (&bob, "You saw it: \u{201c}bob left: was lost\u{201d}, and I was back a moment later."),
        (
            &bob,
            "Nothing was lost: each message has a number, and the page asks for what it missed.",
        ),
        (&ann, "Even <b>HTML</b> stays text. I like it."),
        (&bob, "/me gets coffee"),
    ];
    for (count, (page, text)) in talk.into_iter().enumerate() {
        say(page, text).await;
        let shown = format!("return document.querySelectorAll('#log .message').length > {count}");
        until(&ann, text, &shown).await;
        until(&bob, text, &shown).await;
    }
    run(&ann, "send({ type: 'rooms' })").await;
    until(&ann, "other rooms", "return document.querySelectorAll('#others li').length === 2").await;
    let picture = ann.client.screenshot().await.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images/chat.png");
    std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/images")).unwrap();
    std::fs::write(path, &picture).unwrap();
    assert!(picture.len() < 200_000, "{} bytes", picture.len());
    chat.stop();
}
