//! Where ids come from. Those of messages follow from their place; the others are as MongoDB makes its
//! ObjectIds: seconds, five bytes that are this process's own, a counter. Both come in order, so indexes of them
//! grow at the end. An id is no secret.

use shared::{EventId, MessageId, Millis};

pub(super) struct Ids {
    process: [u8; 5],
    counter: u32,
}

impl Ids {
    pub(super) fn new() -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).expect("the operating system has randomness once it has started");
        let [process @ .., a, b, c] = random;
        Self { process, counter: u32::from_be_bytes([0, a, b, c]) }
    }

    /// Another id. They differ unless 16,777,216 are made in one second.
    pub(super) fn next(&mut self, now: Millis) -> [u8; 12] {
        self.counter = self.counter.wrapping_add(1);
        let [s1, s2, s3, s4] = seconds(now);
        let [p1, p2, p3, p4, p5] = self.process;
        let [_, c1, c2, c3] = self.counter.to_be_bytes();
        [s1, s2, s3, s4, p1, p2, p3, p4, p5, c1, c2, c3]
    }
}

/// The first bit of the place in the id of a message that is held or was: no position has it.
const HELD: u8 = 0x80;

/// The id of a message whose place is not known yet, made of one that nobody has.
pub(super) fn held_id(mut new: [u8; 12]) -> MessageId {
    new[4] |= HELD;
    MessageId::from_bytes(new)
}

/// Whether the id says nothing about the message's place.
pub(super) fn is_held(id: MessageId) -> bool {
    id.as_bytes()[4] & HELD != 0
}

/// The id of the message at this position.
pub(super) fn message_id(created_at: Millis, position: u64) -> MessageId {
    MessageId::from_bytes(placed(created_at, position))
}

/// Where the message with this id is, if there is one.
pub(super) fn position_of(id: MessageId) -> u64 {
    place_of(id.as_bytes())
}

/// The id of the event at this position. That a message was stored has the message's.
pub(super) fn event_id(created_at: Millis, position: u64) -> EventId {
    EventId::from_bytes(placed(created_at, position))
}

/// Where the event with this id is, if there is one.
pub(super) fn event_position(id: EventId) -> u64 {
    place_of(id.as_bytes())
}

fn placed(created_at: Millis, position: u64) -> [u8; 12] {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&seconds(created_at));
    bytes[4..].copy_from_slice(&position.to_be_bytes());
    bytes
}

fn place_of(id: &[u8; 12]) -> u64 {
    let [_, _, _, _, position @ ..] = *id;
    u64::from_be_bytes(position)
}

/// The format has 32 bits of seconds: they wrap in 2106, and ids then only lose their order.
fn seconds(time: Millis) -> [u8; 4] {
    let [.., a, b, c, d] = time.as_secs().to_be_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_a_process_are_in_order() {
        let mut ids = Ids { process: [1, 2, 3, 4, 5], counter: 0xff };
        let now = Millis(0x5bb0_1d0d * 1000);
        assert_eq!(MessageId::from_bytes(ids.next(now)).to_string(), "5bb01d0d0102030405000100");
        assert!(ids.next(now) < ids.next(now));
    }

    #[test]
    fn an_id_tells_whether_it_has_a_place() {
        let id = held_id([0x5b, 0xb0, 0x1d, 0x0d, 1, 2, 3, 4, 5, 0, 1, 0]);
        assert_eq!(id.to_string(), "5bb01d0d8102030405000100");
        assert!(is_held(id) && !is_held(message_id(Millis(0), u64::from(u32::MAX))));
    }

    #[test]
    fn a_message_is_found_by_its_id() {
        let id = message_id(Millis(0x5bb0_1d0d * 1000 + 999), 0x2a);
        assert_eq!(id.to_string(), "5bb01d0d000000000000002a");
        assert_eq!(position_of(id), 0x2a);
    }
}
