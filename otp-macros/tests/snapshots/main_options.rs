/// Runs everything.
#[allow(unused)]
pub fn main() -> ::std::process::ExitCode {
    #[allow(clippy::unused_async)]
    async fn main() -> otp::Result<()> {
        Counter::start_link(0).await?;
        Ok(())
    }
    ::otp::__private::run_main::<
        _,
        _,
    >(
        ::otp::__private::MainOptions::new()
            .flavor(::otp::__private::Flavor::MultiThread)
            .worker_threads(4usize)
            .shutdown(::core::time::Duration::from_nanos(10000000000u64)),
        main(),
    )
}
