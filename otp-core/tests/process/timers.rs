//! Timers: `PROC-TIME`.

use std::time::Duration;

use otp_core::{ExitReason, process};

use crate::support::paused;
use crate::{SECOND, idle, nothing_waits};

/// PROC-TIME-01
#[test]
fn a_later_timer_that_is_shorter_overtakes() {
    paused(async {
        let me = process::self_pid();
        let start = process::now();
        process::send_after(me, "late", SECOND * 3);
        process::send_after(me, "early", SECOND);
        for (text, at) in [("early", SECOND), ("late", SECOND * 3)] {
            assert_eq!(process::receive_type::<&str>().await, text);
            assert_eq!(process::now() - start, at);
        }
        process::sleep(SECOND * 10).await;
        assert!(nothing_waits().await);
    });
}

/// PROC-TIME-02, PROC-TIME-03
#[test]
fn cancel_tells_what_is_left_and_takes_back_nothing_that_was_sent() {
    paused(async {
        let me = process::self_pid();
        let timer = process::send_after(me, "never", SECOND * 4);
        process::sleep(SECOND).await;
        assert_eq!(timer.read(), Some(SECOND * 3));
        assert_eq!(timer.cancel(), Some(SECOND * 3));
        assert_eq!((timer.cancel(), timer.read()), (None, None));
        process::sleep(SECOND * 10).await;
        assert!(nothing_waits().await);

        let fired = process::send_after(me, "now", Duration::ZERO);
        process::sleep(SECOND).await;
        assert_eq!((fired.read(), fired.cancel()), (None, None));
        assert_eq!(process::receive_type::<&str>().await, "now");
    });
}

/// PROC-TIME-04
#[test]
fn an_absolute_timer_fires_at_its_time() {
    paused(async {
        let me = process::self_pid();
        let start = process::now();
        process::sleep(SECOND).await;
        let timer = process::send_at(me, "noon", start + SECOND * 5);
        assert_eq!(timer.read(), Some(SECOND * 4));
        assert_eq!(process::receive_type::<&str>().await, "noon");
        assert_eq!(process::now(), start + SECOND * 5);
        let past = process::send_at(me, "past", start);
        assert_eq!(process::receive_type::<&str>().await, "past");
        assert_eq!((process::now(), past.cancel()), (start + SECOND * 5, None));
    });
}

/// PROC-TIME-06
#[test]
fn a_timer_to_a_name_looks_for_its_holder_when_it_fires() {
    paused(async {
        let me = process::self_pid();
        let other = idle();
        process::register(other, "holder").unwrap();
        process::send_after("holder", "for the second holder", SECOND);
        process::send_after("holder", "for nobody", SECOND * 3);
        process::send_exit(other, ExitReason::Kill);
        process::join(other).await;
        process::register(me, "holder").unwrap();
        assert_eq!(process::receive_type::<&str>().await, "for the second holder");
        process::unregister("holder").unwrap();
        process::sleep(SECOND * 5).await;
        assert!(nothing_waits().await);
    });
}

/// PROC-TIME-07, PROC-TIME-08
#[test]
fn timers_to_a_dead_pid_are_silent_and_intervals_end_with_it() {
    paused(async {
        let pid = idle();
        let once = process::send_after(pid, "once", SECOND);
        let ticks = process::send_interval(pid, "tick", SECOND);
        process::send_exit(pid, ExitReason::Kill);
        assert!(once.read().is_some() && ticks.read().is_some());
        process::sleep(SECOND * 2).await;
        assert_eq!((once.read(), ticks.read(), ticks.cancel()), (None, None, None));

        let me = process::self_pid();
        let ticks = process::send_interval(me, "tick", SECOND);
        let start = process::now();
        for count in 1..=3 {
            assert_eq!(process::receive_type::<&str>().await, "tick");
            assert_eq!(process::now() - start, SECOND * count);
        }
        ticks.cancel();
        process::sleep(SECOND * 5).await;
        assert!(nothing_waits().await);
    });
}

/// PROC-TIME-09
#[test]
fn sleeps_beyond_32_bits_of_milliseconds_last_their_time() {
    paused(async {
        let long = Duration::from_millis(1 << 32) + SECOND;
        let start = process::now();
        process::sleep(long).await;
        let slept = process::now() - start;
        assert!(slept >= long && slept < long + SECOND, "{slept:?}");
        let start = process::now();
        let timed_out = process::receive_timeout(Ok, long).await.is_none();
        assert!(timed_out && process::now() - start >= long);
    });
}

/// PROC-TIME-10: a time is a `Duration`, which is never negative, and every one of them is fine.
#[test]
fn every_duration_is_fine() {
    paused(async {
        let me = process::self_pid();
        let never = process::send_after(me, "never", Duration::MAX);
        let century = Duration::from_secs(99 * 365 * 24 * 3600);
        assert!(never.cancel().unwrap() > century);
        let never = process::send_interval(me, "never", Duration::MAX);
        assert!(never.cancel().unwrap() > century);
        let asleep = process::spawn(process::sleep(Duration::MAX));
        process::send_after(me, "zero", Duration::ZERO);
        assert_eq!(process::receive_type::<&str>().await, "zero");
        assert!(process::is_alive(asleep));
        process::send_exit(asleep, ExitReason::Kill);
    });
}
