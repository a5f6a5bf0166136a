#[::core::prelude::v1::test]
#[should_panic]
#[cfg(unix)]
fn counts() {
    #[allow(clippy::unused_async)]
    async fn counts() {
        assert_eq!(counter(). await, 7);
    }
    ::otp::__private::run_test::<
        _,
        _,
    >(
        ::otp::__private::TestOptions::new("counts")
            .flavor(::otp::__private::Flavor::CurrentThread)
            .start_paused(true)
            .timeout(::core::time::Duration::from_nanos(1500000000u64)),
        counts(),
    );
}
