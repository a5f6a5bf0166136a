/// Docs.
#[derive(::core::fmt::Debug)]
pub struct Users;
#[automatically_derived]
impl ::otp::registry::RegistryModule for Users {
    type Key = String;
    type Value = ();
    type Kind = ::otp::registry::Unique;
}
#[automatically_derived]
impl ::otp::registry::UniqueRegistry for Users {}
#[automatically_derived]
impl ::otp::registry::RegistryKey<Users> for String {
    fn into_key(self) -> Self {
        self
    }
}
#[automatically_derived]
impl ::otp::Child for Users {
    type Args = ::otp::Registry<String, (), ::otp::registry::Unique>;
    type Client = ::otp::RegistryRef<String, (), ::otp::registry::Unique>;
    async fn start(
        args: Self::Args,
        name: ::core::option::Option<::otp::Name>,
    ) -> ::core::result::Result<::otp::Started<Self>, ::otp::StartError> {
        ::otp::__private::start_registry_child::<Self>(args, name).await
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
impl Users {
    /// The options with which it starts, to be changed.
    pub fn options() -> ::otp::Registry<String, (), ::otp::registry::Unique> {
        <Self as ::otp::registry::RegistryModule>::options()
    }
    /// Starts the registry, linked to the calling process.
    pub fn start_link() -> ::otp::registry::StartRegistry<
        String,
        (),
        ::otp::registry::Unique,
    > {
        ::otp::__private::start_link_registry::<Self>(Self::options())
    }
    /// Starts the registry with other options, linked to the calling process.
    pub fn start_link_with(
        options: ::otp::Registry<String, (), ::otp::registry::Unique>,
    ) -> ::otp::registry::StartRegistry<String, (), ::otp::registry::Unique> {
        ::otp::__private::start_link_registry::<Self>(options)
    }
    /// The child specification of the registry, for a supervisor.
    pub fn child_spec() -> ::otp::ChildSpec<Self> {
        ::otp::__private::registry_child_spec::<Self>(Self::options())
    }
    /// The child specification of the registry with other options.
    pub fn child_spec_with(
        options: ::otp::Registry<String, (), ::otp::registry::Unique>,
    ) -> ::otp::ChildSpec<Self> {
        ::otp::__private::registry_child_spec::<Self>(options)
    }
    /// The handle of the registry, which finds it at each use.
    pub fn client() -> ::otp::RegistryRef<String, (), ::otp::registry::Unique> {
        <Self as ::otp::registry::RegistryModule>::registry()
    }
    ///Registers the calling process under a key. See `RegistryRef::register`.
    pub fn register(key: String) -> ::core::result::Result<(), ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().register(key, ())
    }
    ///Takes back the calling process's entries. See `RegistryRef::unregister`.
    pub fn unregister<__Q: ?::core::marker::Sized>(
        key: &__Q,
    ) -> ::core::result::Result<(), ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().unregister(key)
    }
    ///Takes back those of the calling process's entries that are chosen. See `RegistryRef::unregister_match`.
    pub fn unregister_match<__Q: ?::core::marker::Sized>(
        key: &__Q,
        leaves: impl ::core::ops::FnMut(&()) -> ::core::primitive::bool,
    ) -> ::core::result::Result<(), ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().unregister_match(key, leaves)
    }
    ///Changes the value of the calling process's entry; the new and the old value. See `RegistryRef::update_value`.
    pub fn update_value<__Q: ?::core::marker::Sized>(
        key: &__Q,
        change: impl ::core::ops::FnOnce(&()) -> (),
    ) -> ::core::result::Result<((), ()), ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().update_value(key, change)
    }
    ///The entry of a key. See `RegistryRef::lookup`.
    pub fn lookup<__Q: ?::core::marker::Sized>(
        key: &__Q,
    ) -> ::core::result::Result<
        ::core::option::Option<::otp::registry::Entry<()>>,
        ::otp::RegistryError,
    >
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().lookup(key)
    }
    ///The keys of a process. See `RegistryRef::keys`.
    pub fn keys(
        pid: ::otp::Pid,
    ) -> ::core::result::Result<::std::vec::Vec<String>, ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().keys(pid)
    }
    ///The values of a process under a key. See `RegistryRef::values`.
    pub fn values<__Q: ?::core::marker::Sized>(
        key: &__Q,
        pid: ::otp::Pid,
    ) -> ::core::result::Result<::std::vec::Vec<()>, ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().values(key, pid)
    }
    ///How many entries there are. See `RegistryRef::count`.
    pub fn count() -> ::core::result::Result<
        ::core::primitive::usize,
        ::otp::RegistryError,
    > {
        ::otp::__private::registry::<Self>().count()
    }
    ///The entries of a key that are wanted. See `RegistryRef::matches`.
    pub fn matches<__Q: ?::core::marker::Sized>(
        key: &__Q,
        wants: impl ::core::ops::FnMut(::otp::Pid, &()) -> ::core::primitive::bool,
    ) -> ::core::result::Result<
        ::std::vec::Vec<::otp::registry::Entry<()>>,
        ::otp::RegistryError,
    >
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().matches(key, wants)
    }
    ///How many entries of a key are wanted. See `RegistryRef::count_match`.
    pub fn count_match<__Q: ?::core::marker::Sized>(
        key: &__Q,
        wants: impl ::core::ops::FnMut(::otp::Pid, &()) -> ::core::primitive::bool,
    ) -> ::core::result::Result<::core::primitive::usize, ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().count_match(key, wants)
    }
    ///What is made of all entries. See `RegistryRef::select`.
    pub fn select<__T>(
        choose: impl ::core::ops::FnMut(
            &String,
            ::otp::Pid,
            &(),
        ) -> ::core::option::Option<__T>,
    ) -> ::core::result::Result<::std::vec::Vec<__T>, ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().select(choose)
    }
    ///How many of all entries are wanted. See `RegistryRef::count_select`.
    pub fn count_select(
        wants: impl ::core::ops::FnMut(
            &String,
            ::otp::Pid,
            &(),
        ) -> ::core::primitive::bool,
    ) -> ::core::result::Result<::core::primitive::usize, ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().count_select(wants)
    }
    ///Sends a message to all entries of a key; how many there were. See `RegistryRef::broadcast`.
    pub fn broadcast<
        __Q: ?::core::marker::Sized,
        __M: ::core::clone::Clone + ::core::marker::Send + 'static,
    >(
        key: &__Q,
        message: __M,
    ) -> ::core::result::Result<::core::primitive::usize, ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().broadcast(key, message)
    }
    ///Calls a function with the entries of a key. See `RegistryRef::dispatch`.
    pub fn dispatch<__Q: ?::core::marker::Sized>(
        key: &__Q,
        each: impl ::core::ops::FnMut(&[::otp::registry::Entry<()>]),
    ) -> ::core::result::Result<(), ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().dispatch(key, each)
    }
    ///Calls a function with the entries of a key, in other processes. See `RegistryRef::dispatch_parallel`.
    pub async fn dispatch_parallel<__Q: ?::core::marker::Sized>(
        key: &__Q,
        each: impl ::core::ops::Fn(
            &[::otp::registry::Entry<()>],
        ) + ::core::marker::Send + ::core::marker::Sync + 'static,
    ) -> ::core::result::Result<(), ::otp::RegistryError>
    where
        String: ::core::borrow::Borrow<__Q>,
        __Q: ::core::cmp::Eq + ::core::hash::Hash,
    {
        ::otp::__private::registry::<Self>().dispatch_parallel(key, each).await
    }
    ///A value that is kept beside the entries. See `RegistryRef::meta`.
    pub fn meta<__T: ::otp::registry::Value>(
        key: &::core::primitive::str,
    ) -> ::core::result::Result<::core::option::Option<__T>, ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().meta(key)
    }
    ///Keeps a value beside the entries. See `RegistryRef::put_meta`.
    pub fn put_meta<__T: ::otp::registry::Value>(
        key: impl ::core::convert::Into<
            ::std::borrow::Cow<'static, ::core::primitive::str>,
        >,
        value: __T,
    ) -> ::core::result::Result<(), ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().put_meta(key, value)
    }
    ///Drops a value that is kept beside the entries. See `RegistryRef::delete_meta`.
    pub fn delete_meta(
        key: &::core::primitive::str,
    ) -> ::core::result::Result<(), ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().delete_meta(key)
    }
    ///Does work while nobody else does it under this key. See `RegistryRef::lock`.
    pub async fn lock<__F: ::core::future::Future>(
        key: String,
        work: __F,
    ) -> ::core::result::Result<__F::Output, ::otp::RegistryError> {
        ::otp::__private::registry::<Self>().lock(key, work).await
    }
}
