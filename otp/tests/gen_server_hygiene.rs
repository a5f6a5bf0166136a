//! The expansion of `#[gen_server]` where no name means what it usually means.

#![no_implicit_prelude]
#![deny(warnings)]

mod shadowed {
    macro_rules! shadow {
        ($($name:ident)*) => { $(#[allow(dead_code)] pub(crate) struct $name;)* };
    }
    shadow!(Result Option Ok Err Some None Box String Vec Clone Debug Deref Send Sync From Into);
    shadow!(Message Context GenServer Never Name Field Answer);
    mod std {}
    mod core {}
    mod otp {}

    pub(crate) struct Server;
    #[derive(::core::clone::Clone)]
    struct Tick;
    enum Step {
        Go,
    }

    #[::otp::gen_server(name, trap_exit, mailbox(capacity = 9, calls = wait), hibernate_after = 1h)]
    impl Server {
        #[init]
        fn init(core: i64) -> ::otp::Init<Self> {
            let _ = core;
            ::otp::Init::ok(Server).continue_with(Step::Go)
        }

        #[handle_call]
        async fn get(&self, otp: i64, server: i64, given: i64, f: i64, never: i64) -> i64 {
            otp + server + given + f + never
        }

        #[handle_cast]
        fn put(&mut self) -> ::core::result::Result<(), i64> {
            ::core::result::Result::Ok(())
        }

        #[handle_info]
        async fn tick(&mut self, message: Tick) {
            let Tick = message;
        }

        #[handle_continue]
        async fn go(&mut self, step: Step) {
            let Step::Go = step;
        }

        #[hibernate]
        fn hibernate(&mut self) {}

        #[terminate]
        fn terminate(&mut self) {}
    }

    #[derive(::otp::GenServer)]
    #[server(name, shutdown = 1h)]
    pub(crate) struct Holder<Start>(pub(crate) Start);

    pub(crate) async fn use_it() -> i64 {
        let server = ::core::result::Result::unwrap(Server::start_link(0).await);
        server.put();
        server.send(Tick);
        let holder = ::core::result::Result::unwrap(Holder::start_link(Holder(1_u8)).await);
        ::core::result::Result::unwrap(holder.stop().await);
        ::core::result::Result::unwrap(Server::client().get(1, 2, 3, 4, 5).await)
    }
}

#[::core::prelude::v1::test]
fn runs() {
    ::otp::__private::run_test(::otp::__private::TestOptions::new("hygiene"), async {
        ::std::assert_eq!(shadowed::use_it().await, 15);
    });
}
