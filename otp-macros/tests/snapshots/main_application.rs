fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() {}
    ::otp::__private::run_application::<
        _,
        _,
        _,
    >(
        ::otp::__private::MainOptions::new()
            .stop_limit(::core::time::Duration::from_nanos(30000000000u64)),
        App,
        main(),
    )
}
