fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() {}
    ::otp::__private::run_main::<_, _>(::otp::__private::MainOptions::new(), main())
}
