impl<T: Send + 'static> Queue<T> {
    fn init() -> Self {
        todo()
    }
    fn pop(&mut self) -> Option<T> {}
    fn push(&mut self, item: T) {}
    fn shrink(&mut self) {}
}
#[allow(clippy::all, clippy::pedantic, deprecated, unused)]
const _: () = {
    fn bounds<T: Send + 'static>(
        _: ::otp::__private::AnswerType<Option<T>>,
        _: ::otp::__private::FieldType<T>,
    ) {}
    #[automatically_derived]
    #[allow(deprecated, private_interfaces, unreachable_code, unused)]
    impl<T: Send + 'static> ::otp::GenServer for Queue<T> {
        type Request = QueueRequest<T>;
        type Continue = ::otp::Never;
        type Client = QueueClient<T>;
        const OPTIONS: ::otp::ServerOptions = ::otp::ServerOptions::new()
            .mailbox(
                ::otp::Mailbox::bounded(1000)
                    .full(::otp::Full::DropOldest)
                    .calls(::otp::FullCall::Wait),
            )
            .hibernate_after(::core::time::Duration::from_nanos(5000000000u64));
        fn is_call(request: &Self::Request) -> bool
        where
            Self: ::core::marker::Sized,
        {
            match *request {
                QueueRequest::Pop { .. } => true,
                QueueRequest::Push { .. } => false,
                QueueRequest::__Phantom(ref never, _) => match *never {}
            }
        }
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
                    QueueRequest::Pop { reply_to } => {
                        ::otp::__private::answer::<
                            Self,
                            Option<T>,
                            _,
                        >(reply_to, Self::pop(self))
                    }
                    QueueRequest::Push { item } => {
                        ::otp::__private::proceed::<Self, _>(Self::push(self, item))
                    }
                    QueueRequest::__Phantom(never, _) => match never {}
                }
            })
        }
        fn hibernate(&mut self) {
            Self::shrink(self)
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
pub enum QueueRequest<T: Send + 'static> {
    Pop { reply_to: ::otp::ReplyTo<Option<T>> },
    Push { item: T },
    #[doc(hidden)]
    __Phantom(::otp::Never, ::core::marker::PhantomData<fn() -> (T,)>),
}
#[allow(
    clippy::pedantic,
    dead_code,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
impl<T: Send + 'static> Queue<T> {
    ///Starts a `Queue` that is linked to the calling process.
    fn start_link() -> ::otp::Start<Self> {
        ::otp::__private::start_link::<Self>(())
    }
    ///Starts a `Queue` without a link to the caller.
    fn start() -> ::otp::Start<Self> {
        ::otp::__private::start::<Self>(())
    }
    ///The child specification of a `Queue`, for a supervisor.
    fn child_spec() -> ::otp::ChildSpec<Self> {
        ::otp::__private::child_spec::<Self>(())
    }
    ///The client of the `Queue` that is registered under this name.
    fn named(name: impl ::core::convert::Into<::otp::Name>) -> QueueClient<T> {
        ::otp::__private::client_of::<Self>(name)
    }
}
///A client of `Queue`: its calls and casts as methods.
#[doc(hidden)]
#[allow(
    dead_code,
    non_camel_case_types,
    private_bounds,
    private_interfaces,
    unreachable_pub,
)]
pub struct QueueClient<T: Send + 'static, __Server: ::otp::GenServer = Queue<T>>(
    ::otp::ServerRef<__Server>,
    ::core::marker::PhantomData<fn() -> (T,)>,
);
#[automatically_derived]
impl<T: Send + 'static, __Server: ::otp::GenServer> ::core::clone::Clone
for QueueClient<T, __Server> {
    fn clone(&self) -> Self {
        Self(::core::clone::Clone::clone(&self.0), ::core::marker::PhantomData)
    }
}
#[automatically_derived]
impl<T: Send + 'static, __Server: ::otp::GenServer> ::core::fmt::Debug
for QueueClient<T, __Server> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::core::fmt::Debug::fmt(&self.0, f)
    }
}
#[automatically_derived]
impl<T: Send + 'static, __Server: ::otp::GenServer> ::core::ops::Deref
for QueueClient<T, __Server> {
    type Target = ::otp::ServerRef<__Server>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
#[automatically_derived]
impl<
    T: Send + 'static,
    __Server: ::otp::GenServer,
> ::core::convert::From<::otp::ServerRef<__Server>> for QueueClient<T, __Server> {
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
impl<T: Send + 'static> QueueClient<T> {
    ///Calls the server; awaiting the result waits for its answer, 5 seconds by default.
    fn pop(&self) -> ::otp::Call<Queue<T>, Option<T>> {
        ::otp::__private::call::<
            _,
            Option<T>,
        >(&self.0, |reply_to| QueueRequest::Pop { reply_to })
    }
    ///Sends the request to the server and does not wait.
    fn push(&self, item: T) {
        ::otp::__private::cast(&self.0, QueueRequest::Push { item })
    }
}
