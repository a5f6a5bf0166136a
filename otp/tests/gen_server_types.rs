//! What does not compile: mistakes that OTP finds at run time, or not at all.

#![allow(unreachable_pub)] // written as in a library, where others see it

use std::marker::PhantomData;

use otp::prelude::*;
use otp::{HandleInfo, IntoInit, IntoNoreply, IntoReply, Never};

/// Whether a type implements a trait: the constant of the bounded `impl` wins where it applies.
macro_rules! implements {
    ($type:ty: $($bound:tt)+) => {{
        struct Asked<T>(PhantomData<T>);
        #[allow(dead_code)]
        trait Otherwise {
            const ANSWER: bool = false;
        }
        impl<T> Otherwise for Asked<T> {}
        #[allow(dead_code)]
        impl<T: $($bound)+> Asked<T> {
            const ANSWER: bool = true;
        }
        Asked::<$type>::ANSWER
    }};
}

struct Shop;

struct Restocked;

#[gen_server]
impl Shop {
    #[init]
    fn init() -> Self {
        Shop
    }

    #[handle_call]
    fn price(&self) -> u32 {
        3
    }

    #[handle_cast]
    fn close(&mut self) -> Noreply {
        noreply().stop(ExitReason::Normal)
    }

    #[handle_info]
    fn restocked(&mut self, _: Restocked) {}
}

/// GS-INIT-05.
#[test]
fn init_returns_a_state_or_why_there_is_none() {
    assert!(implements!(Shop: IntoInit<Shop>));
    assert!(implements!(Init<Shop>: IntoInit<Shop>));
    assert!(implements!(Result<Shop, String>: IntoInit<Shop>));
    assert!(implements!(Result<Init<Shop>, std::io::Error>: IntoInit<Shop>));
    assert!(!implements!(u8: IntoInit<Shop>));
    assert!(!implements!(Option<Shop>: IntoInit<Shop>));
    assert!(!implements!(Reply<Shop>: IntoInit<Shop>));
}

/// GS-TERM-11.
#[test]
fn callbacks_return_what_the_server_can_act_on() {
    assert!(implements!(u32: IntoReply<u32, Never>));
    assert!(implements!(Reply<u32>: IntoReply<u32, Never>));
    assert!(!implements!(String: IntoReply<u32, Never>));
    assert!(!implements!(Reply<String>: IntoReply<u32, Never>));
    assert!(!implements!(Reply<u32, otp::Then<u8>>: IntoReply<u32, Never>));

    assert!(implements!((): IntoNoreply<Never>));
    assert!(implements!(Noreply: IntoNoreply<Never>));
    assert!(implements!(Result<(), String>: IntoNoreply<Never>));
    assert!(!implements!(u32: IntoNoreply<Never>));
    assert!(!implements!(Reply<u32>: IntoNoreply<Never>));
    assert!(!implements!(Noreply<otp::Then<u8>>: IntoNoreply<Never>));
}

/// What a client without such a method falls back to.
#[allow(dead_code)] // one of them must not be used
trait NoSuchRequest {
    fn refund(&self) -> &'static str {
        "there is no such call"
    }

    fn price(&self) -> &'static str {
        "there is no such call"
    }
}

impl NoSuchRequest for ShopClient {}

/// GS-CALL-20, GS-CAST-03: there is no way to send what nobody handles.
#[otp::test(start_paused = true)]
async fn a_client_has_the_servers_requests_and_no_others() {
    let shop = Shop::start().await.unwrap();
    assert_eq!(shop.refund(), "there is no such call");
    assert_eq!(shop.price().await, Ok(3)); // the method of the server is there, and wins
    shop.close();
    assert!(implements!(Shop: HandleInfo<Restocked>));
    assert!(!implements!(Shop: HandleInfo<u8>));
}
