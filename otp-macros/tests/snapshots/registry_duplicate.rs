#[derive(Debug)]
struct Topics;
#[automatically_derived]
impl crate::otp::registry::RegistryModule for Topics
where
    [(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }]: ::core::marker::Sized,
{
    type Key = <[(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }] as crate::otp::__private::Sound<u8>>::Type;
    type Value = <[(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }] as crate::otp::__private::Sound<Vec<u8>>>::Type;
    type Kind = crate::otp::registry::Duplicate;
    const PARTITIONS: ::core::primitive::usize = 4;
}
#[automatically_derived]
impl crate::otp::registry::RegistryKey<Topics> for u8
where
    [(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }]: ::core::marker::Sized,
{
    fn into_key(self) -> Self {
        self
    }
}
#[automatically_derived]
impl crate::otp::Child for Topics
where
    [(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }]: ::core::marker::Sized,
{
    type Args = crate::otp::Registry<u8, Vec<u8>, crate::otp::registry::Duplicate>;
    type Client = crate::otp::RegistryRef<u8, Vec<u8>, crate::otp::registry::Duplicate>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<crate::otp::Name>,
    ) -> ::core::result::Result<crate::otp::Started<Self>, crate::otp::StartError> {
        crate::otp::__private::start_registry_child::<Self>(args, name).await
    }
}
#[allow(
    clippy::pedantic,
    dead_code,
    deprecated,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl Topics
where
    [(); {
        crate::otp::__private::registry_key::<u8>();
        crate::otp::__private::registry_value::<Vec<u8>>();
        0
    }]: ::core::marker::Sized,
{
    /// The options with which it starts, to be changed.
    fn options() -> crate::otp::Registry<u8, Vec<u8>, crate::otp::registry::Duplicate> {
        <Self as crate::otp::registry::RegistryModule>::options()
    }
    /// Starts the registry, linked to the calling process.
    fn start_link() -> crate::otp::registry::StartRegistry<
        u8,
        Vec<u8>,
        crate::otp::registry::Duplicate,
    > {
        crate::otp::__private::start_link_registry::<Self>(Self::options())
    }
    /// Starts the registry with other options, linked to the calling process.
    fn start_link_with(
        options: crate::otp::Registry<u8, Vec<u8>, crate::otp::registry::Duplicate>,
    ) -> crate::otp::registry::StartRegistry<
        u8,
        Vec<u8>,
        crate::otp::registry::Duplicate,
    > {
        crate::otp::__private::start_link_registry::<Self>(options)
    }
    /// The child specification of the registry, for a supervisor.
    fn child_spec() -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::registry_child_spec::<Self>(Self::options())
    }
    /// The child specification of the registry with other options.
    fn child_spec_with(
        options: crate::otp::Registry<u8, Vec<u8>, crate::otp::registry::Duplicate>,
    ) -> crate::otp::ChildSpec<Self> {
        crate::otp::__private::registry_child_spec::<Self>(options)
    }
    /// The handle of the registry, which finds it at each use.
    fn client() -> crate::otp::RegistryRef<
        u8,
        Vec<u8>,
        crate::otp::registry::Duplicate,
    > {
        <Self as crate::otp::registry::RegistryModule>::registry()
    }
    ///Registers the calling process under a key. See `RegistryRef::register`.
    fn register(
        key: u8,
        value: Vec<u8>,
    ) -> ::core::result::Result<(), crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().register(key, value)
    }
    ///Takes back the calling process's entries. See `RegistryRef::unregister`.
    fn unregister<__Q: ?::core::marker::Sized>(
        key: &__Q,
    ) -> ::core::result::Result<(), crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().unregister(key)
    }
    ///Takes back those of the calling process's entries that are chosen. See `RegistryRef::unregister_match`.
    fn unregister_match<__Q: ?::core::marker::Sized>(
        key: &__Q,
        leaves: impl ::core::ops::FnMut(&Vec<u8>) -> ::core::primitive::bool,
    ) -> ::core::result::Result<(), crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().unregister_match(key, leaves)
    }
    ///The entries of a key. See `RegistryRef::lookup`.
    fn lookup<__Q: ?::core::marker::Sized>(
        key: &__Q,
    ) -> ::core::result::Result<
        ::std::vec::Vec<crate::otp::registry::Entry<Vec<u8>>>,
        crate::otp::RegistryError,
    >
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().lookup(key)
    }
    ///The keys of a process. See `RegistryRef::keys`.
    fn keys(
        pid: crate::otp::Pid,
    ) -> ::core::result::Result<::std::vec::Vec<u8>, crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().keys(pid)
    }
    ///The values of a process under a key. See `RegistryRef::values`.
    fn values<__Q: ?::core::marker::Sized>(
        key: &__Q,
        pid: crate::otp::Pid,
    ) -> ::core::result::Result<::std::vec::Vec<Vec<u8>>, crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().values(key, pid)
    }
    ///How many entries there are. See `RegistryRef::count`.
    fn count() -> ::core::result::Result<
        ::core::primitive::usize,
        crate::otp::RegistryError,
    > {
        crate::otp::__private::registry::<Self>().count()
    }
    ///The entries of a key that are wanted. See `RegistryRef::matches`.
    fn matches<__Q: ?::core::marker::Sized>(
        key: &__Q,
        wants: impl ::core::ops::FnMut(
            crate::otp::Pid,
            &Vec<u8>,
        ) -> ::core::primitive::bool,
    ) -> ::core::result::Result<
        ::std::vec::Vec<crate::otp::registry::Entry<Vec<u8>>>,
        crate::otp::RegistryError,
    >
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().matches(key, wants)
    }
    ///How many entries of a key are wanted. See `RegistryRef::count_match`.
    fn count_match<__Q: ?::core::marker::Sized>(
        key: &__Q,
        wants: impl ::core::ops::FnMut(
            crate::otp::Pid,
            &Vec<u8>,
        ) -> ::core::primitive::bool,
    ) -> ::core::result::Result<::core::primitive::usize, crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().count_match(key, wants)
    }
    ///What is made of all entries. See `RegistryRef::select`.
    fn select<__T>(
        choose: impl ::core::ops::FnMut(
            &u8,
            crate::otp::Pid,
            &Vec<u8>,
        ) -> ::core::option::Option<__T>,
    ) -> ::core::result::Result<::std::vec::Vec<__T>, crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().select(choose)
    }
    ///How many of all entries are wanted. See `RegistryRef::count_select`.
    fn count_select(
        wants: impl ::core::ops::FnMut(
            &u8,
            crate::otp::Pid,
            &Vec<u8>,
        ) -> ::core::primitive::bool,
    ) -> ::core::result::Result<::core::primitive::usize, crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().count_select(wants)
    }
    ///Sends a message to all entries of a key; how many there were. See `RegistryRef::broadcast`.
    fn broadcast<
        __Q: ?::core::marker::Sized,
        __M: ::core::clone::Clone + ::core::marker::Send + 'static,
    >(
        key: &__Q,
        message: __M,
    ) -> ::core::result::Result<::core::primitive::usize, crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().broadcast(key, message)
    }
    ///Calls a function with the entries of a key. See `RegistryRef::dispatch`.
    fn dispatch<__Q: ?::core::marker::Sized>(
        key: &__Q,
        each: impl ::core::ops::FnMut(&[crate::otp::registry::Entry<Vec<u8>>]),
    ) -> ::core::result::Result<(), crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().dispatch(key, each)
    }
    ///Calls a function with the entries of a key, in other processes. See `RegistryRef::dispatch_parallel`.
    async fn dispatch_parallel<__Q: ?::core::marker::Sized>(
        key: &__Q,
        each: impl ::core::ops::Fn(
            &[crate::otp::registry::Entry<Vec<u8>>],
        ) + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> ::core::result::Result<(), crate::otp::RegistryError>
    where
        u8: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        crate::otp::__private::registry::<Self>().dispatch_parallel(key, each).await
    }
    ///A value that is kept beside the entries. See `RegistryRef::meta`.
    fn meta<__T: crate::otp::registry::Value>(
        key: &::core::primitive::str,
    ) -> ::core::result::Result<::core::option::Option<__T>, crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().meta(key)
    }
    ///Keeps a value beside the entries. See `RegistryRef::put_meta`.
    fn put_meta<__T: crate::otp::registry::Value>(
        key: impl ::core::convert::Into<
            ::std::borrow::Cow<'static, ::core::primitive::str>,
        >,
        value: __T,
    ) -> ::core::result::Result<(), crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().put_meta(key, value)
    }
    ///Drops a value that is kept beside the entries. See `RegistryRef::delete_meta`.
    fn delete_meta(
        key: &::core::primitive::str,
    ) -> ::core::result::Result<(), crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().delete_meta(key)
    }
    ///Does work while nobody else does it under this key. See `RegistryRef::lock`.
    async fn lock<__F: ::core::future::Future>(
        key: u8,
        work: __F,
    ) -> ::core::result::Result<__F::Output, crate::otp::RegistryError> {
        crate::otp::__private::registry::<Self>().lock(key, work).await
    }
}
