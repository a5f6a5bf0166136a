//~ ERRORS: 4
//~ CODE: cannot find attribute `gen_server`
#![allow(unused)]

struct Counter(i64);

#[gen_server] //~ SPAN: gen_server
impl Counter {
    #[init]
    fn init() -> Self {
        Counter(0)
    }

    #[handle_call]
    fn get(&self) -> i64 {
        self.0
    }

    #[handle_cast]
    fn add(&mut self, n: i64) {
        self.0 += n;
    }
}

fn main() {}
