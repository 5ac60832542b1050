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
    begun: bool,
}

impl Storage {
    /// Reads what an earlier page has left, or starts an empty record.
    pub(crate) fn open(area: web_sys::Storage, organization: OrganizationId) -> Self {
        let key = ["frontdesk:", &organization.to_string()].concat();
        let record = Record::new(browser::random_token());
        let mut storage = Self { area, key, record, mine: Vec::new(), begun: false };
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

    fn adopt(&mut self) -> bool {
        let Some(stored) = self.read() else { return false };
        self.mine = stored.outbox.iter().map(|unsent| unsent.key.clone()).collect();
        self.record = stored;
        true
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
        change(&mut self.record);
        if !self.begun {
            return;
        }
        let mut merged = self.record.clone();
        if let Some(stored) = self.read() {
            merged.merge(stored, &self.mine);
        }
        // Full or forbidden: the page's memory has it.
        let _ = self.area.set_item(&self.key, &json::write(&merged));
    }

    fn read(&self) -> Option<Record> {
        let json = self.area.get_item(&self.key).ok()??;
        json::read(&json)
    }
}
