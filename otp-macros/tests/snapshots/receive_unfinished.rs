async fn around() {
    let value = {
        ::core::compile_error! {
            "this body of an arm is unfinished\n\nhelp: an arm is `Ping { from } => answer(from),`\nnote: OTP0506"
        }
        ::core::compile_error! {
            "expected `=>` after the pattern, found `->`\n\nhelp: an arm is `Ping { from } => answer(from),`\nnote: OTP0506"
        }
        ::core::compile_error! {
            "the type of `msg` is unknown\n\nhelp: write `msg: Ping`, or `msg: Message` for any message\nnote: OTP0505"
        }
        ::core::compile_error! {
            "`5` has no unit\n\nhelp: write `5ms` or `5s`; Elixir's plain milliseconds are easy to misread\nnote: OTP0306"
        }
        {
            let received = ::otp::__private::receive_within(
                    |message: ::otp::Message| {
                        let message = match ::otp::__private::take_if(
                            message,
                            |boxed| {
                                let mut wanted = false;
                                #[allow(unused_mut)]
                                let mut boxed = boxed;
                                match *boxed {
                                    #[allow(unused_mut, unused_variables)]
                                    Ping {
                                        from,
                                    } if {
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
                                return ::core::result::Result::Ok(
                                    ::otp::__private::Received::This(boxed),
                                );
                            }
                            ::core::result::Result::Err(message) => message,
                        };
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
                                return ::core::result::Result::Ok(
                                    ::otp::__private::Received::Next(boxed),
                                );
                            }
                            ::core::result::Result::Err(message) => message,
                        };
                        ::core::result::Result::Err(message)
                    },
                    ::core::time::Duration::ZERO,
                )
                .await;
            match received {
                ::core::option::Option::Some(
                    ::otp::__private::Received::This(boxed),
                ) => {
                    #[allow(unused_mut)]
                    let mut boxed = boxed;
                    match *boxed {
                        Ping { from } => {
                            let _ = &from;
                            ::core::unreachable!()
                        }
                        #[allow(unreachable_patterns)]
                        _ => ::otp::__private::unmatched(),
                    }
                }
                ::core::option::Option::Some(
                    ::otp::__private::Received::Next(boxed),
                ) => {
                    #[allow(unused_mut)]
                    let mut boxed = boxed;
                    match *boxed {
                        Pong => 1,
                        #[allow(unreachable_patterns)]
                        _ => ::otp::__private::unmatched(),
                    }
                }
                ::core::option::Option::None => 2,
            }
        }
    };
}
