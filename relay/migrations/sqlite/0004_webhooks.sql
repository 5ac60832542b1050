-- Who is told what happens, and how far each has been told.

CREATE TABLE webhooks (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX webhooks_by_organization ON webhooks (organization);

-- Apart from the webhook's document, which is shown.
CREATE TABLE webhook_states (
    webhook BLOB NOT NULL PRIMARY KEY REFERENCES webhooks (id) ON DELETE CASCADE,
    secret TEXT NOT NULL,
    -- What happened up to here is in its deliveries, as far as it wants it.
    cursor INTEGER NOT NULL,
    -- The first failure since something was delivered.
    failing_since INTEGER
) STRICT, WITHOUT ROWID;

-- What happens besides entries of logs. It says of what, not what: that is read when it is sent.
CREATE TABLE outbox (
    -- From the same numbers as `messages.pos`: both are one stream.
    pos INTEGER PRIMARY KEY,
    organization BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    -- What it is ordered with: the conversation, else the resource itself.
    lane BLOB NOT NULL CHECK (length(lane) = 12),
    subject BLOB CHECK (length(subject) = 12),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_organization ON outbox (organization);
CREATE INDEX outbox_by_age ON outbox (created_at);
-- Also for a relay that does not know this table: no place is given twice.
CREATE TRIGGER retire_outbox_position AFTER INSERT ON outbox
BEGIN
    INSERT OR IGNORE INTO retired_positions (pos) VALUES (new.pos);
    DELETE FROM retired_positions WHERE pos < new.pos;
END;

CREATE TABLE webhook_deliveries (
    webhook BLOB NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    pos INTEGER NOT NULL,
    event TEXT NOT NULL,
    lane BLOB NOT NULL CHECK (length(lane) = 12),
    subject BLOB CHECK (length(subject) = 12),
    created_at INTEGER NOT NULL,
    -- `waiting`, `delivered` or `failed`.
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    response_status INTEGER,
    error TEXT,
    -- From when on the 24 h count in which it is tried.
    queued_at INTEGER NOT NULL,
    attempted_at INTEGER,
    next_attempt INTEGER,
    PRIMARY KEY (webhook, pos)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook, pos) WHERE status = 'waiting';
