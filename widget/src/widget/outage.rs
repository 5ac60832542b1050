//! Which of the connection's ups and downs the page is told: each once, however many attempts it takes.

use shared::peer::ConnectionStatus;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Outage {
    /// The page has not been told anything.
    #[default]
    Unknown,
    Up,
    Down,
    Retrying,
}

impl Outage {
    /// What is true now, and the event that says so if it is news.
    pub(super) fn change(self, status: ConnectionStatus) -> (Self, Option<&'static str>) {
        match (status, self) {
            (ConnectionStatus::Live, _) => (Self::Up, Some("connected")),
            (ConnectionStatus::Waiting, Self::Unknown | Self::Up) => (Self::Down, Some("disconnected")),
            (ConnectionStatus::Connecting, Self::Down) => (Self::Retrying, Some("reconnecting")),
            (ConnectionStatus::Stopped, Self::Up) => (Self::Down, Some("disconnected")),
            (
                ConnectionStatus::Idle
                | ConnectionStatus::Connecting
                | ConnectionStatus::Waiting
                | ConnectionStatus::Stopped,
                told,
            ) => (told, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConnectionStatus::{Connecting, Live, Stopped, Waiting};

    fn told(statuses: &[ConnectionStatus]) -> Vec<&'static str> {
        let mut outage = Outage::default();
        let mut events = Vec::new();
        for status in statuses {
            let (next, event) = outage.change(*status);
            outage = next;
            events.extend(event);
        }
        events
    }

    #[test]
    fn a_loss_is_told_once_however_long_it_lasts() {
        assert_eq!(
            told(&[Connecting, Live, Waiting, Connecting, Waiting, Connecting, Live]),
            ["connected", "disconnected", "reconnecting", "connected"]
        );
    }

    #[test]
    fn a_relay_that_was_never_there_is_told_too() {
        assert_eq!(told(&[Connecting, Waiting, Connecting, Waiting]), ["disconnected", "reconnecting"]);
        assert_eq!(told(&[Connecting, Stopped]), Vec::<&str>::new());
    }
}
