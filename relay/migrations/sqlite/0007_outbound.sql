-- What is said later, and links by which a conversation moves to the web.

CREATE TABLE held_messages (
    -- In the order in which they were accepted. Files that one names are noted in `file_messages` under its negative.
    number INTEGER PRIMARY KEY,
    -- Its own from the start, and the message's when it has its place in the log.
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    client_key TEXT,
    -- The message as it will be stored, but for its place and time.
    data TEXT NOT NULL CHECK (json_valid(data)),
    -- From when on its author seems to type. NULL, both, for one that was refused when it was due.
    typing_at INTEGER,
    due_at INTEGER
) STRICT;
CREATE INDEX held_by_conversation ON held_messages (conversation, client_key);
CREATE INDEX held_by_time ON held_messages (typing_at, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX held_by_due ON held_messages (due_at) WHERE due_at IS NOT NULL;
CREATE TRIGGER held_message_with_files_gone AFTER DELETE ON held_messages
BEGIN
    DELETE FROM file_messages WHERE message = -old.number;
END;

-- Where messages are that were held: their ids do not say.
CREATE TABLE held_places (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    pos INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX held_places_by_pos ON held_places (pos);
CREATE TRIGGER held_place_gone AFTER DELETE ON messages
BEGIN
    DELETE FROM held_places WHERE pos = old.pos;
END;
