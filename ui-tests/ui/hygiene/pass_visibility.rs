//! Every visibility of a server, its functions and a tree.

#![deny(warnings, unreachable_pub)]

mod outer {
    use otp::prelude::*;

    pub(crate) struct Shared(i64);

    #[gen_server]
    impl Shared {
        #[init]
        pub(crate) fn init() -> Self {
            Shared(0)
        }

        #[handle_call]
        pub(crate) fn get(&self) -> i64 {
            self.0 + self.hidden()
        }

        #[handle_cast]
        pub(super) fn add(&mut self, n: i64) {
            self.0 += n;
        }

        fn hidden(&self) -> i64 {
            0
        }
    }

    pub(crate) mod inner {
        use otp::prelude::*;

        pub(in crate::outer) struct Deep;

        #[gen_server]
        impl Deep {
            #[init]
            pub(in crate::outer) fn init() -> Self {
                Deep
            }

            #[handle_call]
            pub(in crate::outer) fn get(&self) -> Secret {
                Secret
            }
        }

        pub(in crate::outer) struct Secret;

        struct Private(Secret);

        #[gen_server]
        impl Private {
            #[init]
            fn init(secret: Secret) -> Self {
                Private(secret)
            }

            #[handle_call]
            fn take(&mut self) -> Secret {
                std::mem::replace(&mut self.0, Secret)
            }
        }

        pub(crate) async fn run() {
            let private = Private::start_link(Secret).await.unwrap();
            let _ = private.take().await.unwrap();
        }
    }

    pub(crate) async fn run() {
        let deep = inner::Deep::start_link().await.unwrap();
        let _ = deep.get().await.unwrap();
    }

    supervisor! {
        pub(crate) Bank {
            strategy: one_for_one,
            children: [Shared, inner::Deep { after: Shared }],
        }
    }
}

#[otp::main]
async fn main() {
    outer::run().await;
    outer::inner::run().await;
    outer::Bank::start_link().await.unwrap();
    let shared = outer::Shared::start_link().await.unwrap();
    shared.add(42);
    assert_eq!(shared.get().await, Ok(42));
}
