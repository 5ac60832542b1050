-- Under `/l/`. The credentials that belong to one follow from its slug and the relay's key; `contact_links` has their hash.
CREATE TABLE short_links (
    slug TEXT NOT NULL PRIMARY KEY,
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    -- As it was written, with the places for the credentials.
    uri TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX short_links_by_contact ON short_links (contact);
CREATE INDEX short_links_by_age ON short_links (expires_at);
