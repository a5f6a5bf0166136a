fn main() {
    #[allow(dead_code, clippy::unused_async)]
    async fn main(args: Vec<String>) {
        run(args).await
    }
}
::core::compile_error! {
    "`main` takes no arguments\n\nhelp: read arguments with `std::env::args()`\nnote: OTP0602"
}
