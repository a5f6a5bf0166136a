//! OTP for Rust: annotated servers, supervision trees and typed clients over tokio.

#[doc(hidden)]
pub use otp_core::private as __private;
pub use otp_core::*;
pub use otp_macros::*;

// Generated code says `::otp::..`, also in this crate's own tests and examples.
#[allow(unused_extern_crates)]
extern crate self as otp;

/// What most programs return: any error, as a box.
pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// Everything that a file with servers and supervisors needs.
pub mod prelude {
    pub use otp_core::process;
    pub use otp_core::{
        AutoShutdown, Call, CallError, ChildId, ChildSpec, Context, Down, Exit, ExitReason,
        GenServer, Init, Message, MonitorRef, Name, Noreply, Pid, Reply, ReplyTo, Restart,
        ServerRef, Shutdown, StartError, Strategy, Supervisor, SupervisorRef, Timeout, noreply,
        reply,
    };
    // Not `main` and `test`: a `test` imported with `*` would make `#[test]` ambiguous.
    pub use otp_macros::{
        GenServer, gen_server, handle_call, handle_cast, handle_continue, handle_info, hibernate,
        init, supervisor, terminate,
    };
}
