async fn around() {
    let value = {
        let received = ::otp::__private::receive_within(
                ::otp::__private::refuse,
                config.limit(),
            )
            .await;
        match received {
            ::core::option::Option::Some(never) => match never {}
            ::core::option::Option::None => break,
        }
    };
}
