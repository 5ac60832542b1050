//! A wire that loses, repeats and delays each frame on its own, so that frames also overtake each other.

use crate::Millis;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    ToRelay,
    ToVisitor,
}

#[derive(Debug, Clone)]
pub(super) struct Packet {
    pub(super) direction: Direction,
    pub(super) socket: u32,
    pub(super) text: String,
    due: Millis,
}

pub(super) struct Wire {
    packets: Vec<Packet>,
    random: u64,
    /// Percent.
    loss: u8,
    repetition: u8,
}

impl Wire {
    pub(super) fn new(seed: u64, loss: u8, repetition: u8) -> Self {
        Self { packets: Vec::new(), random: seed | 1, loss, repetition }
    }

    pub(super) fn heal(&mut self) {
        (self.loss, self.repetition) = (0, 0);
    }

    pub(super) fn send(&mut self, direction: Direction, socket: u32, text: &str, now: Millis) {
        let copies = if self.happens(self.loss) { 0 } else { 1 + usize::from(self.happens(self.repetition)) };
        let jitter = if self.loss + self.repetition > 0 { 400 } else { 0 };
        for _ in 0..copies {
            let due = now + Millis(5 + self.next_random() % (jitter + 1));
            self.packets.push(Packet { direction, socket, text: text.to_owned(), due });
        }
    }

    pub(super) fn cut(&mut self, socket: u32) {
        self.packets.retain(|packet| packet.socket != socket);
    }

    pub(super) fn next_due(&self) -> Option<Millis> {
        self.packets.iter().map(|packet| packet.due).min()
    }

    /// The packet that arrives next, if one does by `now`. Of those due together the first sent comes first.
    pub(super) fn take_due(&mut self, now: Millis) -> Option<Packet> {
        let due = self.next_due().filter(|due| *due <= now)?;
        let at = self.packets.iter().position(|packet| packet.due == due)?;
        Some(self.packets.remove(at))
    }

    fn happens(&mut self, percent: u8) -> bool {
        self.next_random() % 100 < u64::from(percent)
    }

    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}
