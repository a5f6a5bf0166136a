#[::core::prelude::v1::test]
fn r#type() {
    #[allow(clippy::unused_async)]
    async fn r#type() {}
    ::otp::__private::run_test::<
        _,
        _,
    >(::otp::__private::TestOptions::new("type").start_paused(false), r#type());
}
