-- Persons, conversations and organizations are erased: out of sight at once, the rest a little at a time.

-- A conversation of the status 'erased' has no head and is seen by nobody. Its messages go first, then its row.
CREATE INDEX conversations_erased ON conversations (key) WHERE status = 'erased';
-- When it was erased. Its row goes after everything else of it.
ALTER TABLE organizations ADD COLUMN erased_at INTEGER;
CREATE INDEX organizations_erased ON organizations (key) WHERE erased_at IS NOT NULL;

-- SQLite would look through all messages for those of a conversation that is deleted: there is no index of them, for
-- it would be most of the work of storing one. Whoever deletes a conversation has deleted its messages before. (This is how a
-- constraint is removed, https://www.sqlite.org/lang_altertable.html, section 7.)
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, ' REFERENCES conversations (key)', '')
WHERE type = 'table' AND name = 'messages';
PRAGMA writable_schema = RESET;

-- What goes with a contact or an organization is found by it.
CREATE INDEX contact_links_by_contact ON contact_links (contact);
CREATE INDEX moved_visitors_by_contact ON moved_visitors (contact);
CREATE INDEX files_by_organization ON files (organization);
