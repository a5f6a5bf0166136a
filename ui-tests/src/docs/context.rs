pub use std::collections::{HashMap, HashSet};
pub use std::process::ExitCode;
pub use std::rc::Rc;
pub use std::sync::Arc;
pub use std::time::Duration;

use otp::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub struct Ping {
    pub from: Pid,
}
#[derive(Clone, Debug, PartialEq)]
pub struct Pong;
pub struct Tick;
pub struct Boot;

macro_rules! servers {
    ($($name:ident($($arg:ident: $ty:ty),*))*) => {$(
        pub struct $name;
        #[gen_server]
        impl $name {
            #[init]
            pub fn init($($arg: $ty),*) -> Self {
                $(let _ = $arg;)*
                $name
            }
        }
    )*};
}
servers! { Counter(n: i64) Users() Web() Cache() }
