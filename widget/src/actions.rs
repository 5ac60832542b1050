//! Named actions: every gesture and every call of the page goes through one, so that the page can have a part in
//! it. `registry` knows the order, `runs` keeps to it.

mod act;
mod registry;
mod runs;

pub(crate) use act::Act;
pub(crate) use registry::{FunctionId, SEND_MEDIA_MESSAGE, SEND_MESSAGE, START_ENGAGEMENT};
pub(crate) use runs::{Finish, Invocation, Runs, another_visitor};
