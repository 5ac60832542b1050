//! Messages that are held back: shortly before one is due its author seems to type, and when it is due it is said. What
//! has to survive is in the store; this only knows whose typing has been shown.

use crate::{
    app::App,
    metrics::Gauge,
    store::{Held, StoreError, Typist},
};
use shared::{
    MessageId, Millis,
    wire::{self, RelayFrame},
};
use std::{collections::HashSet, time::Duration};
use tokio::time::sleep;

/// Messages that are said in one transaction. Whatever is said meanwhile waits for them.
const TOGETHER: u32 = 100;
/// The longest time between two looks: the clock of the system may be set, and a laptop sleeps.
const LOOK: Duration = Duration::from_secs(60);
/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub struct Delays {
    app: App,
    typed: HashSet<MessageId>,
    /// What the gauge counts.
    waiting: u64,
}

impl Delays {
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, typed: HashSet::new(), waiting: 0 }
    }

    /// Says everything in its time, for ever.
    pub async fn run(mut self) {
        loop {
            let pause = match self.round(self.app.now()).await {
                Ok(next) => {
                    next.map_or(LOOK, |at| Duration::from_millis(at.since(self.app.now()).0).min(LOOK))
                }
                Err(error) => {
                    tracing::error!(%error, "held messages wait for the store");
                    PAUSE
                }
            };
            tokio::select! {
                () = self.app.store.held_changed() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Does what is to be done at `now`. Returns when there is more to do, as far as that is known.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn round(&mut self, now: Millis) -> Result<Option<Millis>, StoreError> {
        loop {
            let held = self.app.store.read(move |read| read.held(now)).await?;
            let Held { waiting, is_due, typists, next } = held;
            self.app.metrics.change(Gauge::HeldMessages, self.waiting, waiting);
            self.waiting = waiting;
            if !is_due {
                self.show_typing(&typists, now);
                return Ok(next);
            }
            self.app.store.write(move |write| write.release(now, TOGETHER)).await?;
        }
    }

    /// Once for each message.
    fn show_typing(&mut self, typists: &[Typist], now: Millis) {
        for Typist { message, conversation, name, due_at } in typists {
            if !self.typed.contains(message) {
                let frame = RelayFrame::Typing { name: name.clone(), lasts: due_at.since(now).0 };
                self.app.bus.whisper_to_conversation(*conversation, wire::encode(&frame).into());
            }
        }
        self.typed = typists.iter().map(|typist| typist.message).collect();
    }
}
