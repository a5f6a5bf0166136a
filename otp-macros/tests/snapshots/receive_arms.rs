async fn around() {
    let value = {
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
                                Urgent(
                                    job,
                                ) if {
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
                                Down {
                                    monitor,
                                    reason,
                                    ..
                                } if {
                                    wanted = monitor == mine;
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
                                ::otp::__private::Received::Next(
                                    ::otp::__private::Received::This(boxed),
                                ),
                            );
                        }
                        ::core::result::Result::Err(message) => message,
                    };
                    let message = match ::otp::__private::take_if::<
                        (&'static str, Pid),
                        _,
                    >(
                        message,
                        |boxed| {
                            let mut wanted = false;
                            #[allow(unused_mut)]
                            let mut boxed = boxed;
                            match *boxed {
                                #[allow(unused_mut, unused_variables)]
                                (
                                    "ping",
                                    from,
                                ) if {
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
                                ::otp::__private::Received::Next(
                                    ::otp::__private::Received::Next(
                                        ::otp::__private::Received::This(boxed),
                                    ),
                                ),
                            );
                        }
                        ::core::result::Result::Err(message) => message,
                    };
                    let message = match ::otp::__private::take_if::<
                        Message,
                        _,
                    >(
                        message,
                        |boxed| {
                            let mut wanted = false;
                            #[allow(unused_mut)]
                            let mut boxed = boxed;
                            match *boxed {
                                #[allow(unused_mut, unused_variables)]
                                other if {
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
                                ::otp::__private::Received::Next(
                                    ::otp::__private::Received::Next(
                                        ::otp::__private::Received::Next(boxed),
                                    ),
                                ),
                            );
                        }
                        ::core::result::Result::Err(message) => message,
                    };
                    ::core::result::Result::Err(message)
                },
                ::core::time::Duration::from_nanos(5000000000u64),
            )
            .await;
        match received {
            ::core::option::Option::Some(::otp::__private::Received::This(boxed)) => {
                #[allow(unused_mut)]
                let mut boxed = boxed;
                match *boxed {
                    Urgent(job) => handle(job).await?,
                    #[allow(unreachable_patterns)]
                    _ => ::otp::__private::unmatched(),
                }
            }
            ::core::option::Option::Some(
                ::otp::__private::Received::Next(::otp::__private::Received::This(boxed)),
            ) => {
                #[allow(unused_mut)]
                let mut boxed = boxed;
                match *boxed {
                    Down {
                        monitor,
                        reason,
                        ..
                    } if {
                        if false {
                            let _: bool = monitor == mine;
                        }
                        true
                    } => return Err(reason.into()),
                    #[allow(unreachable_patterns)]
                    _ => ::otp::__private::unmatched(),
                }
            }
            ::core::option::Option::Some(
                ::otp::__private::Received::Next(
                    ::otp::__private::Received::Next(
                        ::otp::__private::Received::This(boxed),
                    ),
                ),
            ) => {
                #[allow(unused_mut)]
                let mut boxed = boxed;
                match *boxed {
                    ("ping", from) => send(from, Pong),
                    #[allow(unreachable_patterns)]
                    _ => ::otp::__private::unmatched(),
                }
            }
            ::core::option::Option::Some(
                ::otp::__private::Received::Next(
                    ::otp::__private::Received::Next(
                        ::otp::__private::Received::Next(boxed),
                    ),
                ),
            ) => {
                #[allow(unused_mut)]
                let mut boxed = boxed;
                match *boxed {
                    other => log(other),
                    #[allow(unreachable_patterns)]
                    _ => ::otp::__private::unmatched(),
                }
            }
            ::core::option::Option::None => Answer::None,
        }
    };
}
