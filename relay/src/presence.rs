//! Who of an organization is there: has a stream of its events open, or wrote a moment ago. Kept in memory alone: after a
//! restart whoever is there comes back by themselves.

use crate::{
    app::{self, App},
    bus::Bus,
    model::{User, UserRole},
};
use shared::{Millis, OrganizationId, UserId, wire::ConversationView};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::sleep};

/// Who writes without a stream, through a program of their own, is taken to be there for so long.
const WROTE: Millis = Millis(5 * 60_000);

/// Whose stream ends is there for so long: a page that is reloaded has it back by then.
const LINGER: Millis = Millis(3_000);

#[derive(Debug)]
pub struct Presence {
    bus: Bus,
    here: Mutex<Here>,
    /// Somebody leaves sooner than whoever would have been next.
    leaving: Notify,
}

type Here = HashMap<OrganizationId, HashMap<UserId, Stay>>;

#[derive(Debug, Default)]
struct Stay {
    streams: usize,
    /// Without a stream: when it ends.
    until: Millis,
    /// A bot is always there, and nobody.
    is_person: bool,
}

/// Somebody's open stream. Dropping it is the only way to leave.
#[derive(Debug)]
pub struct Seat {
    app: App,
    organization: OrganizationId,
    user: UserId,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.app.presence.leave(self.organization, self.user, self.app.now());
    }
}

impl Presence {
    pub(crate) fn new(bus: Bus) -> Self {
        Self { bus, here: Mutex::default(), leaving: Notify::new() }
    }

    /// A user has opened a stream of this organization.
    #[must_use]
    pub fn enter(app: &App, organization: OrganizationId, user: &User) -> Seat {
        app.presence.stay(organization, user, |stay| stay.streams += 1);
        Seat { app: app.clone(), organization, user: user.id }
    }

    /// A user has said something in a conversation of this organization.
    pub(crate) fn wrote(&self, organization: OrganizationId, user: &User, now: Millis) {
        self.stay(organization, user, |stay| stay.until = stay.until.max(now + WROTE));
        self.leaving.notify_one();
    }

    /// Fills in who is there.
    pub(crate) fn look(&self, organization: OrganizationId, view: &mut ConversationView) {
        let here = self.lock();
        let here = here.get(&organization);
        view.is_online = here.is_some_and(|here| here.values().any(|stay| stay.is_person));
        for agent in &mut view.agents {
            agent.is_online = here.is_some_and(|here| here.contains_key(&agent.id));
        }
    }

    /// Sends those away whose time is over, for ever.
    pub async fn run(&self) {
        loop {
            let next = self.sweep(app::now());
            let pause = async {
                match next {
                    Some(next) => sleep(Duration::from_millis(next.since(app::now()).0)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = pause => {}
                () = self.leaving.notified() => {}
            }
        }
    }

    fn stay(&self, organization: OrganizationId, user: &User, change: impl FnOnce(&mut Stay)) {
        let mut here = self.lock();
        let stays = here.entry(organization).or_default();
        let is_new = !stays.contains_key(&user.id);
        let stay = stays.entry(user.id).or_default();
        stay.is_person = user.role != UserRole::Bot;
        change(stay);
        drop(here);
        if is_new {
            self.bus.tell_presence(organization);
        }
    }

    fn leave(&self, organization: OrganizationId, user: UserId, now: Millis) {
        let mut here = self.lock();
        let stay = here.get_mut(&organization).and_then(|stays| stays.get_mut(&user));
        if let Some(stay) = stay {
            stay.streams -= 1;
            stay.until = stay.until.max(now + LINGER);
        }
        drop(here);
        self.leaving.notify_one();
    }

    /// Returns when the next one goes.
    fn sweep(&self, now: Millis) -> Option<Millis> {
        let mut gone = Vec::new();
        let mut here = self.lock();
        here.retain(|organization, stays| {
            let before = stays.len();
            stays.retain(|_, stay| stay.streams > 0 || stay.until > now);
            if stays.len() < before {
                gone.push(*organization);
            }
            !stays.is_empty()
        });
        let left = here.values().flat_map(HashMap::values).filter(|stay| stay.streams == 0);
        let next = left.map(|stay| stay.until).min();
        drop(here);
        gone.into_iter().for_each(|organization| self.bus.tell_presence(organization));
        next
    }

    fn lock(&self) -> MutexGuard<'_, Here> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
