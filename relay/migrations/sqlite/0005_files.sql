-- Files that were sent to the relay. Their content is in the file store, under the organization's id and the file's.
CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 12),
    organization BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    -- 'arriving' until all of it is stored, 'stored', and 'leaving' while its content is being removed.
    status TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- SHA-256 of the content.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- Messages that name it, and whether another record (a user's avatar) does.
    messages INTEGER NOT NULL DEFAULT 0,
    is_kept INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_unused ON files (created_at) WHERE messages = 0 AND is_kept = 0;

-- Which messages, by their position, name which file.
CREATE TABLE file_messages (
    message INTEGER NOT NULL,
    file BLOB NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    PRIMARY KEY (message, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_messages_by_file ON file_messages (file);
CREATE TRIGGER file_named AFTER INSERT ON file_messages
BEGIN
    UPDATE files SET messages = messages + 1 WHERE id = new.file;
END;
CREATE TRIGGER file_no_longer_named AFTER DELETE ON file_messages
BEGIN
    UPDATE files SET messages = messages - 1 WHERE id = old.file;
END;

-- Whoever deletes or changes a message need not think of its files.
CREATE TRIGGER message_with_files_deleted AFTER DELETE ON messages
BEGIN
    DELETE FROM file_messages WHERE message = old.pos;
END;
CREATE TRIGGER message_with_files_changed AFTER UPDATE OF text, extra ON messages
BEGIN
    DELETE FROM file_messages
    WHERE message = new.pos AND instr(new.text || ifnull(new.extra, ''), '/files/' || lower(hex(file)) || '/') = 0;
END;
