//! Keywords as names: types, handlers, parameters, children and their ids.

#![deny(warnings)]
#![allow(non_camel_case_types)]

use otp::prelude::*;

pub struct r#struct {
    r#type: i64,
}

#[gen_server]
impl r#struct {
    #[init]
    pub fn r#init(r#type: i64) -> Self {
        r#struct { r#type }
    }

    #[handle_call]
    pub fn r#match(&self, r#fn: i64, r#self_: i64) -> i64 {
        self.r#type + r#fn + r#self_
    }

    #[handle_cast]
    pub async fn r#async(&mut self, r#await: i64) {
        self.r#type += r#await;
    }
}

supervisor! {
    pub r#mod(r#in: i64) {
        strategy: one_for_one,
        children: [
            r#struct(r#in),
            r#struct(r#in) { id: "second", after: r#struct },
        ],
    }
}

#[otp::main]
async fn main() {
    let client = r#struct::start_link(40).await.unwrap();
    client.r#async(1);
    assert_eq!(client.r#match(1, 0).await, Ok(42));
    let tree = r#mod::start_link(0).await.unwrap();
    assert_eq!(tree.which_children().await.unwrap().len(), 2);
}
