//! Which cryptography TLS uses where the relay calls others: the same for all of them.

/// Before a client is made; again changes nothing.
pub(crate) fn choose() {
    // An error says that it was chosen before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
