//~ CODE: E0425
#![allow(unused)]

use otp::gen_server;
struct Counter(i64);
#[gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_info]
    fn down(&mut self, down: Down) {} //~ SPAN: Down
}

fn main() {}
