const TREE: T = {
    let sup = ::otp::Supervisor::one_for_one().child(Counter::child_spec(0));
    let sup = if more { sup.child(Extra::child_spec()) } else { sup };
    sup
};
