//~ CODE: E0425
#![allow(unused)]

struct Counter(i64);
#[otp::gen_server]
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }
    #[handle_call]
    fn get(&self, #[from] caller: ReplyTo<i64>) { //~ SPAN: ReplyTo
        caller.reply(self.0)
    }
}

fn main() {}
