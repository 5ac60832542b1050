-- Ids are 12-byte BLOBs, times milliseconds since 1970-01-01 UTC, documents JSON.
-- `key` is the short integer by which other tables and indexes refer to a row.

CREATE TABLE organizations (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    -- The organization itself, so that every table is asked by organization alike.
    organization BLOB NOT NULL CHECK (organization = id),
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;

CREATE TABLE users (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    -- NULL for an admin of all organizations.
    organization BLOB REFERENCES organizations (id),
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX users_by_organization ON users (organization);

CREATE TABLE user_tokens (
    jti BLOB NOT NULL PRIMARY KEY CHECK (length(jti) = 16),
    user BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX user_tokens_by_user ON user_tokens (user);

CREATE TABLE channels (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id),
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX channels_by_organization ON channels (organization);

CREATE TABLE forms (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id),
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX forms_by_organization ON forms (organization);

CREATE TABLE contacts (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id),
    data TEXT NOT NULL CHECK (json_valid(data)),
    -- SHA-256 of the token that makes a browser this contact's.
    visitor_token BLOB CHECK (length(visitor_token) = 32)
) STRICT;
CREATE INDEX contacts_by_organization ON contacts (organization);
CREATE UNIQUE INDEX contacts_by_visitor_token ON contacts (organization, visitor_token)
    WHERE visitor_token IS NOT NULL;
CREATE INDEX contacts_by_email ON contacts (organization, json_extract(data, '$.profile.email'))
    WHERE json_extract(data, '$.profile.email') IS NOT NULL;
CREATE INDEX contacts_by_telephone ON contacts (organization, json_extract(data, '$.profile.telephone'))
    WHERE json_extract(data, '$.profile.telephone') IS NOT NULL;

CREATE TABLE conversations (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id),
    type TEXT NOT NULL,
    contact BLOB REFERENCES contacts (id),
    touchpoint TEXT NOT NULL,
    -- Copies of what `state` says, for the filters of the list.
    status TEXT NOT NULL,
    assignee BLOB,
    category TEXT,
    state TEXT NOT NULL CHECK (json_valid(state)),
    created_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
-- What every message changes, apart from what few do: a hundred of these rows fill a page, and a commit writes
-- every page that changed.
CREATE TABLE conversation_heads (
    conversation INTEGER PRIMARY KEY REFERENCES conversations (key),
    -- The newest entry's seq.
    head INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX conversations_by_organization ON conversations (organization);
CREATE INDEX conversations_by_status ON conversations (organization, status);
-- A contact is linked to exactly one conversation.
CREATE UNIQUE INDEX conversations_by_contact ON conversations (contact) WHERE contact IS NOT NULL;

CREATE TABLE messages (
    -- The cursor of the organization's stream. Given by the writer in commit order, never twice. The message's id
    -- is the second of `created_at` (4 bytes) and this (8 bytes), so ids need no column and no index.
    pos INTEGER PRIMARY KEY,
    organization INTEGER NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (key),
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    client_key TEXT,
    user BLOB,
    -- The author's name at the time of writing.
    name TEXT,
    created_at INTEGER NOT NULL,
    -- NULL for a message that was never changed.
    updated_at INTEGER,
    -- Whatever a plain text message does not have; NULL for those.
    extra TEXT
) STRICT;
-- Every index ends with the rowid: this one is (organization, pos).
CREATE INDEX messages_by_organization ON messages (organization);

-- By conversation. As indexes of `messages` these two would be most of the work of storing one: they have another
-- page for every conversation, and a commit writes every page that changed. So messages are stored first and
-- filed here by the thousand. What is not filed yet is at the end of `messages`, after `filing.up_to`.
CREATE TABLE message_places (
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE message_keys (
    conversation INTEGER NOT NULL,
    client_key TEXT NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (conversation, client_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE filing (
    row INTEGER PRIMARY KEY CHECK (row = 1),
    up_to INTEGER NOT NULL
) STRICT;
INSERT INTO filing (row, up_to) VALUES (1, 0);

-- The highest `pos` that was ever given, where its message has been deleted since.
CREATE TABLE retired_positions (pos INTEGER PRIMARY KEY) STRICT;
CREATE TRIGGER retire_position BEFORE DELETE ON messages
WHEN old.pos = (SELECT max(pos) FROM messages)
BEGIN
    INSERT OR IGNORE INTO retired_positions (pos) VALUES (old.pos);
    DELETE FROM retired_positions WHERE pos < old.pos;
END;

-- Answers that are given again when a POST is repeated with its `Idempotency-Key`.
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL CHECK (length(body_hash) = 32),
    status INTEGER NOT NULL,
    response TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);
