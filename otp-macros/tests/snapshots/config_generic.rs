#[automatically_derived]
#[allow(deprecated)]
impl<A: Copy, B> crate::otp::Config for Pair<A, B>
where
    B: Default,
    A: crate::otp::config::ConfigValue,
    Option<B>: crate::otp::Config,
{
    fn read(from: &mut crate::otp::config::Reader<'_>) -> ::core::option::Option<Self> {
        let value_0 = from.field::<A>("left").required();
        let value_1 = from.nested::<Option<B>>("right");
        let _ = from;
        ::core::option::Option::Some(Self {
            left: value_0?,
            right: value_1?,
        })
    }
}
