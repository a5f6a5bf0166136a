//! What goes wrong, for those who want to see what happens then.

/// A fault, as `SHOP_FAULT` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The endpoint does not find its port.
    InitError,
    /// The endpoint panics while it starts.
    InitPanic,
    /// The endpoint never finishes its start.
    InitHang,
    /// Somebody else has the endpoint's name.
    NameClash,
    /// The endpoint crashes again and again.
    Storm,
    /// The shop takes a moment to stop.
    SlowStop,
    /// The shop never finishes its stop.
    HangingStop,
}

impl Fault {
    pub(crate) fn chosen() -> Fault {
        match std::env::var("SHOP_FAULT").as_deref() {
            Ok("init_error") => Fault::InitError,
            Ok("init_panic") => Fault::InitPanic,
            Ok("init_hang") => Fault::InitHang,
            Ok("name_clash") => Fault::NameClash,
            Ok("storm") => Fault::Storm,
            Ok("slow_stop") => Fault::SlowStop,
            Ok("hanging_stop") => Fault::HangingStop,
            _ => Fault::None,
        }
    }
}
