//! Who asks: API tokens (JWT, HS256), the key that signs them, and the extractors that a handler takes
//! to say whom it serves. A handler that runs is authorized.

mod claims;
mod extract;
mod hs256;
mod identity;
mod key;
mod password;
mod tokens;

pub use claims::{Claims, TokenKind};
pub use extract::{Admin, Agent, Asking, bearer};
pub(crate) use key::write_private;
pub use key::{KeyError, SigningKey};
pub use password::PasswordHash;
pub(crate) use tokens::refresh_refused;
pub use tokens::{Issued, Tokens};
