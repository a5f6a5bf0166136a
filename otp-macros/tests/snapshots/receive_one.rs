async fn around() {
    let value = {
        let received = ::otp::__private::receive(|message: ::otp::Message| {
                let message = match ::otp::__private::take_if(
                    message,
                    |boxed| {
                        let mut wanted = false;
                        #[allow(unused_mut)]
                        let mut boxed = boxed;
                        match *boxed {
                            #[allow(unused_mut, unused_variables)]
                            Pong if {
                                wanted = true;
                                false
                            } => ::otp::__private::unmatched(),
                            #[allow(unreachable_patterns)]
                            _ => {}
                        }
                        (wanted, boxed)
                    },
                ) {
                    ::core::result::Result::Ok(boxed) => {
                        return ::core::result::Result::Ok(boxed);
                    }
                    ::core::result::Result::Err(message) => message,
                };
                ::core::result::Result::Err(message)
            })
            .await;
        match received {
            boxed => {
                #[allow(unused_mut)]
                let mut boxed = boxed;
                match *boxed {
                    Pong => {}
                    #[allow(unreachable_patterns)]
                    _ => ::otp::__private::unmatched(),
                }
            }
        }
    };
}
