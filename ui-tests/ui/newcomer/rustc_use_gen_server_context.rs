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
    #[handle_cast]
    fn bump(&mut self, cx: &mut Context<Self>) { //~ SPAN: Context
        self.0 += 1;
    }
}

fn main() {}
