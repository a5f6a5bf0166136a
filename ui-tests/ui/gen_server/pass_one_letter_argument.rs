//! A type of one letter is a type like any other.

use otp::prelude::*;

#[derive(Default)]
struct A(u8);

#[derive(Default)]
struct Holder<T>(T);

#[gen_server]
impl Holder<A> {
    #[init]
    fn init() -> Self {
        Holder(A(7))
    }

    #[handle_call]
    fn get(&self) -> u8 {
        self.0.0
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    assert_eq!(Holder::<A>::start_link().await?.get().await?, 7);
    Ok(())
}
