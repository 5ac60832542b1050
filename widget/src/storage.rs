//! The visitor's record in the browser. Storage may be full or forbidden; then the record lives as long as the
//! page does. Nothing is written before `begin`.

mod record;

pub(crate) use record::Record;

use crate::browser;
use shared::{ClientKey, OrganizationId, json, peer::Unsent};

#[derive(Debug)]
pub(crate) struct Storage {
    area: web_sys::Storage,
    key: String,
    record: Record,
    /// Every message that was ever in this tab's outbox.
    mine: Vec<ClientKey>,
    /// There is something to keep.
    begun: bool,
    /// The visitor lets the site keep it.
    consented: bool,
}

/// What another tab has done to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is this visitor's as before.
    Same,
    /// It is gone.
    Removed,
    /// It is somebody else's, or this tab's own visitor has begun or come to another conversation there.
    Replaced,
    /// It is from before this tab's visitor came to another conversation.
    Outdated,
}

impl Storage {
    /// Reads what an earlier page has left, or starts an empty record. Without consent the area is not touched.
    pub(crate) fn open(area: web_sys::Storage, organization: OrganizationId, consented: bool) -> Self {
        let key = ["frontdesk:", &organization.to_string()].concat();
        let record = Record::new(browser::random_token());
        let mut storage = Self { area, key, record, mine: Vec::new(), begun: false, consented };
        storage.begun = storage.adopt();
        storage
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// From here on the record is kept. Says whether another tab has begun meanwhile, and this is its record now.
    pub(crate) fn begin(&mut self) -> bool {
        let is_another = !self.begun && self.adopt();
        self.begun = true;
        is_another
    }

    /// Makes the stored record this tab's. Says whether there is one.
    pub(crate) fn adopt(&mut self) -> bool {
        let Some(stored) = self.read() else { return false };
        self.mine = stored.outbox.iter().map(|unsent| unsent.key.clone()).collect();
        self.record = stored;
        self.begun = true;
        true
    }

    /// Becomes another visitor's: what was kept of the last one is overwritten.
    pub(crate) fn replace(&mut self, record: Record) {
        self.mine.clear();
        self.record = record;
        if self.begun {
            self.write(&self.record);
        }
    }

    /// As `replace`; what was kept of the last one is removed.
    pub(crate) fn forget(&mut self, record: Record) {
        self.begun = false;
        self.replace(record);
        self.remove();
    }

    /// The visitor's word on whether anything may be kept. Says whether the record is another one now.
    pub(crate) fn consent(&mut self, consented: bool) -> bool {
        if self.consented == consented {
            return false;
        }
        if !consented {
            self.remove();
        }
        self.consented = consented;
        let is_another = consented && !self.begun && self.adopt();
        self.update(|_| ());
        is_another
    }

    /// Compares with what is stored now.
    pub(crate) fn compare(&self) -> (Change, Option<Record>) {
        let Some(stored) = self.read() else {
            let is_gone = self.begun && self.consented;
            return (if is_gone { Change::Removed } else { Change::Same }, None);
        };
        (self.record.compare(&stored), Some(stored))
    }

    pub(crate) fn set_outbox(&mut self, outbox: Vec<Unsent>) {
        for unsent in &outbox {
            if !self.mine.contains(&unsent.key) {
                self.mine.push(unsent.key.clone());
            }
        }
        self.update(|record| record.outbox = outbox);
    }

    /// Changes the record, and writes it if it is kept.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut Record)) {
        let stored = self.take_choices();
        change(&mut self.record);
        if !self.begun {
            return;
        }
        let mut merged = self.record.clone();
        if let Some(stored) = stored {
            merged.merge(stored, &self.mine);
        }
        self.write(&merged);
    }

    /// A choice is made in one tab and counts in all, also in one that was kept to go back to and heard of nothing. Gives
    /// the stored record.
    pub(crate) fn take_choices(&mut self) -> Option<Record> {
        let stored = self.read()?;
        if stored.token == self.record.token {
            self.record.choices.clone_from(&stored.choices);
        }
        Some(stored)
    }

    fn read(&self) -> Option<Record> {
        if !self.consented {
            return None;
        }
        let json = self.area.get_item(&self.key).ok()??;
        json::read(&json)
    }

    fn write(&self, record: &Record) {
        if self.consented {
            // Full or forbidden: the page's memory has it.
            let _ = self.area.set_item(&self.key, &json::write(record));
        }
    }

    fn remove(&self) {
        if self.consented {
            // Forbidden: then there is nothing in it.
            let _ = self.area.remove_item(&self.key);
        }
    }
}
