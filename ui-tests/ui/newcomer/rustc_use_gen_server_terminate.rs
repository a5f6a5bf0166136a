//~ CODE: E0425
#![allow(unused)]

use otp::gen_server;
struct Counter(i64);
#[gen_server(trap_exit)]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[terminate]
    fn stop(&mut self, reason: &ExitReason) {} //~ SPAN: ExitReason
}

fn main() {}
