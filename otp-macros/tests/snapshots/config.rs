#[automatically_derived]
#[allow(deprecated)]
impl ::otp::Config for Bank {
    const APP: ::core::option::Option<&'static str> = ::core::option::Option::Some(
        "bank",
    );
    fn read(from: &mut ::otp::config::Reader<'_>) -> ::core::option::Option<Self> {
        let value_0 = from
            .field::<PathBuf>("data")
            .env("BANK_DATA")
            .or_else(|| ::core::convert::Into::into("data"));
        let value_1 = from
            .field::<Duration>("timeout")
            .or_else(|| ::core::time::Duration::from_nanos(5000000000u64));
        let value_2 = from.field::<u16>("net.port").or_else(|| 4000);
        let value_3 = from
            .field::<Vec<String>>("tags")
            .or_else(|| ::otp::__private::default_value::<Vec<String>>());
        let value_4 = from.field::<String>("key").env("BANK_KEY").secret().required();
        let value_5 = from.nested::<Limits>("limits");
        let value_6 = from.field::<Option<u8>>("type").required();
        from.deny_unknown();
        let _ = from;
        ::core::option::Option::Some(Self {
            data: value_0?,
            timeout: value_1?,
            port: value_2?,
            tags: value_3?,
            key: value_4?,
            limits: value_5?,
            r#type: value_6?,
        })
    }
}
