//! What the end of an application means for the others.

use std::time::Duration;

use otp_core::private::{MainOptions, run_main};
use otp_core::{Applications, ExitReason, StartMode, process, shutdown_signal};

use crate::app::{App, Step, end, running, start, steps, tree};
use crate::support::{capture::Capture, paused};

/// Starts `other`, and behind it `a` in this mode.
async fn start_both(mode: StartMode) {
    start(App::new("other")).await.unwrap();
    Applications::start(App::new("a"), mode).await.unwrap();
    steps().await;
}

/// Waits until everything that an end means has happened.
async fn settle() {
    process::sleep(Duration::from_secs(1)).await;
}

/// APP-TYPE-01: it is only reported.
#[test]
fn the_end_of_a_temporary_application_is_only_reported() {
    paused(async {
        let (capture, _guard) = Capture::install();
        start_both(StartMode::Temporary).await;
        end("a", ExitReason::error("broken"));
        settle().await;
        assert_eq!(running(), ["other"]);
        let lines = capture.take("otp::application");
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert_eq!((lines[0].get("name"), lines[0].get("reason")), ("a", "shutdown"));
    });
}

/// A top supervisor that ends with `normal`, when it is told to.
fn ends_normally() -> App {
    let owner = process::self_pid();
    App::new("a").start(move || async move {
        let top = tree("a", owner).await?;
        let told = top.clone();
        process::spawn(async move {
            process::sleep(Duration::from_millis(10)).await;
            told.stop().await
        });
        Ok(top)
    })
}

/// APP-TYPE-02: a normal end is only reported, another one stops everything.
#[test]
fn the_end_of_a_transient_application_matters_when_it_is_not_normal() {
    paused(async {
        start(App::new("other")).await.unwrap();
        Applications::start(ends_normally(), StartMode::Transient).await.unwrap();
        settle().await;
        assert_eq!(running(), ["other"]);
    });
    paused(async {
        start_both(StartMode::Transient).await;
        end("a", ExitReason::error("broken")); // the supervisor gives up, with shutdown
        let ended = Applications::terminated().await;
        assert_eq!((ended.application.as_str(), ended.reason), ("a", ExitReason::Shutdown));
        assert!(running().is_empty());
    });
}

/// APP-TYPE-03: any end stops all in order; then the program is told, and decides.
#[test]
fn the_end_of_a_permanent_application_ends_all() {
    paused(async {
        start(App::new("other")).await.unwrap();
        Applications::start(ends_normally(), StartMode::Permanent).await.unwrap();
        start(App::new("third")).await.unwrap();
        steps().await;
        let ended = Applications::terminated().await;
        assert_eq!((ended.application.as_str(), ended.reason.clone()), ("a", ExitReason::Normal));
        assert_eq!(ended.to_string(), "the application `a` ended: normal");
        let expected = [
            Step("a", "terminate"),
            Step("a", "stop"),
            Step("third", "prep_stop"),
            Step("third", "terminate"),
            Step("third", "stop"),
            Step("other", "prep_stop"),
            Step("other", "terminate"),
            Step("other", "stop"),
        ];
        assert_eq!(steps().await, expected);
    });
}

/// APP-TYPE-03: under the root the body is asked to end as by a signal, and the exit code is 1.
#[test]
fn the_end_of_a_permanent_application_ends_the_program() {
    let (tell, told) = std::sync::mpsc::channel();
    let code = run_main(MainOptions::new(), async move {
        let of_app = tell.clone();
        let other = App::new("other").stop(move || {
            let of_app = of_app.clone();
            async move { of_app.send("stopped").unwrap() }
        });
        start(other).await.unwrap();
        Applications::start(App::new("a"), StartMode::Permanent).await.unwrap();
        end("a", ExitReason::error("broken"));
        shutdown_signal().await;
        tell.send("body").unwrap();
    });
    assert_eq!(told.try_iter().collect::<Vec<_>>(), ["body", "stopped"]);
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::FAILURE));

    let code = run_main(MainOptions::new(), async {
        Applications::start(App::new("a"), StartMode::Permanent).await.unwrap();
        end("a", ExitReason::error("broken"));
        std::future::pending::<()>().await; // hears nothing, so it is dropped here
    });
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::FAILURE));
}

/// APP-TYPE-04: an explicit stop means nothing for the others.
#[test]
fn an_explicit_stop_never_ends_the_others() {
    for mode in [StartMode::Permanent, StartMode::Transient, StartMode::Temporary] {
        paused(async move {
            start_both(mode).await;
            Applications::stop("a").await.unwrap();
            settle().await;
            assert_eq!(running(), ["other"]);
        });
    }
}
