fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() {}
    ::otp::__private::run_main(::otp::__private::MainOptions::new(), main())
}
