//! The visitor's record in the browser. Storage may be full, forbidden or absent; then the record lives as
//! long as the page does. Nothing is written before `begin`.

mod record;

pub(crate) use record::Record;

use crate::{
    browser,
    settings::{Keep, Settings},
};
use shared::{ClientKey, json, peer::Unsent};

#[derive(Debug)]
pub(crate) struct Storage {
    area: Option<web_sys::Storage>,
    key: String,
    record: Record,
    /// Every message that was ever in this tab's outbox.
    mine: Vec<ClientKey>,
    begun: bool,
}

impl Storage {
    /// Reads what an earlier page has left, or starts an empty record.
    pub(crate) fn open(settings: &Settings) -> Self {
        let window = browser::window();
        let area = match settings.keep {
            Keep::Local => window.local_storage().ok().flatten(),
            Keep::Session => window.session_storage().ok().flatten(),
            Keep::Memory => None,
        };
        let key = ["frontdesk:", &settings.organization.to_string()].concat();
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
        if let Some(area) = &self.area {
            // Full or forbidden: the page's memory has it.
            let _ = area.set_item(&self.key, &json::write(&merged));
        }
    }

    fn read(&self) -> Option<Record> {
        let json = self.area.as_ref()?.get_item(&self.key).ok()??;
        json::read(&json)
    }
}
