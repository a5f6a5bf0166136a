//! A bank over HTTP: `cargo run -p bank`, and it says what to try.

use bank::Bank;
use otp::http::HttpServer;

#[otp::main(Bank)]
async fn main() -> otp::Result<()> {
    let address = HttpServer::client().local_addr().await?;
    println!("The bank is open at http://{address}/");
    print!("{}", bank::usage(&address.to_string()));
    otp::shutdown_signal().await; // then the tree stops, last child first
    Ok(())
}
