//! The page in a real browser.
#![cfg(target_os = "linux")]

mod support;

use std::path::Path;
use std::time::Duration;

use fantoccini::{Client, Locator};
use harness::browser::Driver;
use harness::needs;
use serde_json::{Value, json};
use support::{Server, folder};

/// Waits for an element on the page.
async fn shown(page: &Client, path: &str) -> fantoccini::elements::Element {
    let waiting = page.wait().at_most(harness::DEADLINE).every(Duration::from_millis(50));
    let found = waiting.for_element(Locator::XPath(path)).await;
    found.unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Waits for a job that the page shows as being in a state.
async fn job_shown(page: &Client, id: i64, state: &str) {
    let row = format!("//div[@id='recent']//tr[@data-key='{id}']");
    shown(page, &format!("{row}//span[text()='{state}']")).await;
}

/// Presses a button of a job or a queue.
async fn press(page: &Client, inside: &str, button: &str) {
    let path = format!("//*[@data-key='{inside}']//button[text()='{button}']");
    shown(page, &path).await.click().await.unwrap();
}

async fn is_live(page: &Client) {
    shown(page, "//p[@id='link'][text()='live']").await;
}

async fn script(page: &Client, script: &str) -> Value {
    page.execute(script, Vec::new()).await.unwrap()
}

#[otp::test(timeout = 300s)]
async fn the_page_shows_what_happens_as_it_happens() {
    if !needs("chromium") || !needs("chromedriver") {
        return;
    }
    let folder = folder("page");
    let server = Server::start(&folder, "queues = { default = 2 }");
    let driver = Driver::start(&folder);
    let browser = driver.page("page", &format!("http://{}/", server.address)).await;
    let page = browser.client.clone();
    is_live(&page).await;
    script(&page, "window.first = true").await; // gone after a reload

    let html = "<img src=x onerror=\"document.title='run'\"><b>bold</b>";
    let id = server.enqueue(&json!({ "kind": "echo", "args": { "html": html } }));
    job_shown(&page, id, "completed").await;
    let code = shown(&page, &format!("//tr[@data-key='{id}']//code")).await;
    assert_eq!(code.text().await.unwrap(), json!({ "html": html }).to_string());
    let elements = "return document.querySelectorAll('img, b b, code *').length";
    assert_eq!(script(&page, elements).await, json!(0));
    assert_eq!(page.title().await.unwrap(), "Job queue");

    press(&page, "default", "Pause").await;
    shown(&page, "//*[@data-key='default']//button[text()='Resume']").await;
    assert_eq!(server.get("/api/queues")[0]["paused"], json!(true));
    let waiting = server.enqueue(&json!({ "kind": "sleep", "args": { "ms": 20_000 } }));
    job_shown(&page, waiting, "available").await;
    press(&page, "default", "Resume").await;
    job_shown(&page, waiting, "executing").await;
    let row = format!("//div[@id='running']//tr[@data-key='{waiting}']");
    let cancel = shown(&page, &format!("{row}//button[text()='Cancel']")).await;
    cancel.click().await.unwrap();
    job_shown(&page, waiting, "cancelled").await;

    shown(&page, "//button[@data-kind='panic']").await.click().await.unwrap();
    let error = format!("job {} panics, as asked", waiting + 1);
    shown(&page, &format!("//tr[@data-key='{}']//p[text()='{error}']", waiting + 1)).await;
    press(&page, &id.to_string(), "Retry").await;
    shown(&page, &format!("//tr[@data-key='{id}']/td[text()='2 of 20']")).await;
    assert_eq!(script(&page, "return window.first").await, json!(true), "it was not loaded again");
    page.close().await.unwrap();
    server.stop();
}

#[otp::test(timeout = 300s)]
async fn the_page_comes_back_with_the_program() {
    if !needs("chromium") || !needs("chromedriver") {
        return;
    }
    let folder = folder("page-back");
    let server = Server::start(&folder, "");
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    let driver = Driver::start(&folder);
    let browser = driver.page("page", &format!("http://{}/", server.address)).await;
    let page = browser.client.clone();
    is_live(&page).await;
    server.program.kill();
    shown(&page, "//p[@id='link'][text()='the server does not answer']").await;
    let mut again = support::command(&folder, "");
    again.env("JOB_QUEUE_PORT", port);
    let server = Server::of(harness::Program::start(again));
    is_live(&page).await;
    let id = server.enqueue(&json!({ "kind": "echo" }));
    job_shown(&page, id, "completed").await;
    page.close().await.unwrap();
    server.stop();
}

/// With `SCREENSHOT=1` the picture of the documentation is made anew.
#[otp::test(timeout = 300s)]
async fn a_picture_for_the_documentation() {
    if std::env::var_os("SCREENSHOT").is_none() || !needs("chromium") || !needs("chromedriver") {
        return;
    }
    let folder = folder("page-picture");
    let config = "queues = { default = 4, mail = 2, reports = 1 }\nbackoff = '20s'";
    let server = Server::start(&folder, config);
    let all = |jobs: Vec<Value>| assert_eq!(server.post("/api/jobs", &json!(jobs)).0, 201);
    let echo = |text: &str, queue: &str| {
        let args = json!({ "text": text });
        json!({ "kind": "echo", "args": args, "queue": queue })
    };
    all((0..1000).map(|n| echo(&format!("welcome {n}"), "mail")).collect());
    all((0..340).map(|n| echo(&format!("thumbnail {n}"), "default")).collect());
    harness::until("the jobs", || (server.counts("mail")["completed"] == 1000).then_some(()));
    server.act("/api/queues/reports/pause");
    let discarded = json!({ "kind": "panic", "max_attempts": 1 });
    let later = job_queue::Time::now().after(Duration::from_secs(5400));
    all(vec![
        echo("october", "reports"),
        echo("november", "reports"),
        json!({ "kind": "echo", "queue": "mail", "scheduled_at": later }),
        discarded,
        json!({ "kind": "fail", "args": { "times": 3 }, "queue": "mail" }),
        echo("<b>not bold</b>", "default"),
        json!({ "kind": "sleep", "args": { "ms": 28_000 } }),
        json!({ "kind": "sleep", "args": { "ms": 25_000 }, "queue": "mail" }),
    ]);
    let driver = Driver::start(&folder);
    let browser = driver.page("page", &format!("http://{}/", server.address)).await;
    let page = browser.client.clone();
    is_live(&page).await;
    shown(&page, "//div[@id='recent']//span[text()='retryable']").await;
    page.set_window_size(1100, 1180).await.unwrap();
    let image = page.screenshot().await.unwrap();
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
    std::fs::create_dir_all(&images).unwrap();
    std::fs::write(images.join("job-queue.png"), image).unwrap();
    page.close().await.unwrap();
    server.program.kill();
}
