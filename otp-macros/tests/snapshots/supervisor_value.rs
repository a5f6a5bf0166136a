const TREE: T = {
    let sup = ::otp::Supervisor::one_for_one()
        .child({
            #[allow(unused_imports)]
            use ::otp::__private::NoChild1 as _;
            Counter::child_spec(0)
        });
    let sup = if more {
        sup.child({
            #[allow(unused_imports)]
            use ::otp::__private::NoChild0 as _;
            Extra::child_spec()
        })
    } else {
        sup
    };
    sup
};
