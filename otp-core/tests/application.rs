//! Applications: dependencies, starts, stops, what an end means for the others.

mod support;

#[path = "application/app.rs"]
mod app;
#[path = "application/end.rs"]
mod end;
#[path = "application/info.rs"]
mod info;
#[path = "application/start.rs"]
mod start;
#[path = "application/stop.rs"]
mod stop;
