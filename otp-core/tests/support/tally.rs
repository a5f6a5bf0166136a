//! A server whose state can be copied and shown.

use std::time::Duration;

use otp_core::{
    Context, ExitReason, GenServer, InitResult, Message, Never, Next, Pid, ReplyTo, ServerRef,
    Start, Timeout, noreply, process, reply,
};

/// Counts, and tells its owner what it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub owner: Pid,
    pub count: i64,
    pub shown: Shown,
}

/// How a tally shows its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Nothing,
    Count,
    Panics,
}

pub enum Ask {
    Get(ReplyTo<i64>),
    Add(i64),
    /// Has the server wait for messages so long.
    Wait(Duration, ReplyTo<()>),
    Sleep(Duration),
    Later(ReplyTo<i64>),
    Stop(ExitReason),
    Panic(&'static str),
}

/// What a tally tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Add(i64),
    Info(&'static str),
    Timeout,
    Terminate(ExitReason),
}

impl Tally {
    pub async fn start() -> ServerRef<Tally> {
        Tally::start_shown(Shown::Nothing).await
    }

    pub async fn start_shown(shown: Shown) -> ServerRef<Tally> {
        let tally = Tally { owner: process::self_pid(), count: 0, shown };
        Start::<Tally>::alone(tally).await.unwrap()
    }

    fn tell(&self, heard: Heard) {
        process::send(self.owner, heard);
    }
}

/// Everything that was heard so far, in order.
pub async fn heard() -> Vec<Heard> {
    let mut all = Vec::new();
    while let Some(one) = process::receive_timeout(Message::downcast, Duration::ZERO).await {
        all.push(one);
    }
    all
}

impl GenServer for Tally {
    type Args = Tally;
    type Request = Ask;
    type Continue = Never;
    type Client = ServerRef<Tally>;

    async fn init(state: Tally, cx: &mut Context<Self>) -> InitResult<Self> {
        cx.trap_exit(true);
        InitResult::ok(state)
    }

    async fn handle(&mut self, ask: Ask, _: &mut Context<Self>) -> Next<Self> {
        match ask {
            Ask::Get(caller) => Next::answer(caller, self.count),
            Ask::Add(n) => {
                self.count += n;
                self.tell(Heard::Add(n));
                Next::wait()
            }
            Ask::Wait(duration, caller) => Next::answer(caller, reply(()).timeout(duration)),
            Ask::Sleep(duration) => {
                process::sleep(duration).await;
                Next::wait()
            }
            Ask::Later(caller) => {
                caller.reply(self.count);
                Next::wait()
            }
            Ask::Stop(reason) => Next::after(noreply().stop(reason)),
            Ask::Panic(text) => panic!("{text}"),
        }
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<&'static str>() {
            Ok(text) => self.tell(Heard::Info(text)),
            Err(message) if message.is::<Timeout>() => self.tell(Heard::Timeout),
            Err(message) => return otp_core::private::unhandled(message, cx),
        }
        Next::wait()
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        self.tell(Heard::Terminate(reason.clone()));
    }

    fn format_status(&self) -> Option<String> {
        match self.shown {
            Shown::Nothing => None,
            Shown::Count => Some(format!("count {}", self.count)),
            Shown::Panics => panic!("no status today"),
        }
    }
}
