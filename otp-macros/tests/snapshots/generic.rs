impl<K, V: Clone + Send + 'static> KvStore<K, V>
where
    K: Hash + Send + 'static,
{
    pub fn init() -> Self {
        todo()
    }
    pub fn wait_for(&mut self, key: K, caller: ReplyTo<V>) {}
    pub async fn put(&mut self, key: K, value: V) {}
}
#[allow(clippy::all, clippy::pedantic, deprecated, unused)]
const _: () = {
    fn bounds<K, V: Clone + Send + 'static>(
        _: ::otp::__private::FieldType<K>,
        _: ::otp::__private::AnswerType<V>,
        _: ::otp::__private::FieldType<V>,
    )
    where
        K: Hash + Send + 'static,
    {}
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl<K, V: Clone + Send + 'static> ::otp::GenServer for KvStore<K, V>
    where
        K: Hash + Send + 'static,
    {
        type Request = KvStoreRequest<K, V>;
        type Continue = ::otp::Never;
        type Client = KvStoreClient<K, V>;
        const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new();
        type Args = ();
        fn init(
            (): Self::Args,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::InitResult<Self>,
        > + ::core::marker::Send
        where
            Self: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                true,
            >::callback(async move { ::otp::__private::init::<Self, _>(Self::init()) })
        }
        fn handle(
            &mut self,
            request: Self::Request,
            cx: &mut ::otp::Context<Self>,
        ) -> impl ::core::future::Future<
            Output = ::otp::Next<Self>,
        > + ::core::marker::Send
        where
            Self: ::core::marker::Sized,
        {
            ::otp::__private::Moves::<
                true,
            >::callback(async move {
                match request {
                    KvStoreRequest::WaitFor { key, reply_to } => {
                        ::otp::__private::proceed::<
                            Self,
                            _,
                        >(Self::wait_for(self, key, reply_to))
                    }
                    KvStoreRequest::Put { key, value } => {
                        ::otp::__private::proceed::<
                            Self,
                            _,
                        >(
                            ::otp::__private::Moves::<
                                true,
                            >::handler(Self::put(self, key, value))
                                .await,
                        )
                    }
                    KvStoreRequest::__Phantom(never, _) => match never {}
                }
            })
        }
    }
};
#[doc(hidden)]
#[allow(
    dead_code,
    deprecated,
    missing_debug_implementations,
    missing_docs,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub enum KvStoreRequest<K, V: Clone + Send + 'static>
where
    K: Hash + Send + 'static,
{
    WaitFor { key: K, reply_to: ::otp::ReplyTo<V> },
    Put { key: K, value: V },
    #[doc(hidden)]
    __Phantom(::otp::Never, ::core::marker::PhantomData<fn() -> (K, V)>),
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl<K, V: Clone + Send + 'static> KvStore<K, V>
where
    K: Hash + Send + 'static,
{
    ///Starts a `KvStore` that is linked to the calling process.
    pub fn start_link() -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>(())
    }
    ///Starts a `KvStore` without a link to the caller.
    pub fn start() -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>(())
    }
    ///The child specification of a `KvStore`, for a supervisor.
    pub fn child_spec() -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>(())
    }
    ///The client of the `KvStore` that is registered under this name.
    pub fn named(name: impl ::core::convert::Into<::otp::Name>) -> KvStoreClient<K, V> {
        ::otp::__private::client_of::<Self>(name)
    }
}
///A client of `KvStore`: its calls and casts as methods.
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct KvStoreClient<
    K,
    V: Clone + Send + 'static,
    __Server: ::otp::GenServer = KvStore<K, V>,
>(
    ::otp::ServerRef<__Server>,
    ::core::marker::PhantomData<fn() -> (K, V)>,
)
where
    K: Hash + Send + 'static;
#[automatically_derived]
impl<K, V: Clone + Send + 'static, __Server: ::otp::GenServer> ::core::clone::Clone
for KvStoreClient<K, V, __Server>
where
    K: Hash + Send + 'static,
{
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
    }
}
#[automatically_derived]
impl<K, V: Clone + Send + 'static, __Server: ::otp::GenServer> ::core::fmt::Debug
for KvStoreClient<K, V, __Server>
where
    K: Hash + Send + 'static,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[automatically_derived]
impl<K, V: Clone + Send + 'static, __Server: ::otp::GenServer> ::core::ops::Deref
for KvStoreClient<K, V, __Server>
where
    K: Hash + Send + 'static,
{
    type Target = ::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl<
    K,
    V: Clone + Send + 'static,
    __Server: ::otp::GenServer,
> ::core::convert::From<::otp::ServerRef<__Server>> for KvStoreClient<K, V, __Server>
where
    K: Hash + Send + 'static,
{
    fn from(server: ::otp::ServerRef<__Server>) -> Self {
        Self(server, ::core::marker::PhantomData)
    }
}
#[allow(
    clippy::pedantic,
    clippy::should_implement_trait,
    clippy::double_must_use,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
impl<K, V: Clone + Send + 'static> KvStoreClient<K, V>
where
    K: Hash + Send + 'static,
{
    ///Calls the server; awaiting the result waits for its answer, 5 seconds by default.
    pub fn wait_for(&self, key: K) -> ::otp::Call<KvStore<K, V>, V> {
        ::otp::__private::call::<
            _,
            V,
        >(
            &self.0,
            |reply_to| KvStoreRequest::WaitFor {
                key,
                reply_to,
            },
        )
    }
    ///Sends the request to the server and does not wait.
    pub fn put(&self, key: K, value: V) {
        ::otp::__private::cast(&self.0, KvStoreRequest::Put { key, value })
    }
}
