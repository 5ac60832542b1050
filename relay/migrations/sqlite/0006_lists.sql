-- What lists of conversations are found by.

-- The columns that conversations are filtered by, beside the time by which they are sorted. `conversations` has the
-- first three up to date; a time that every message changes costs too much there. So what a message changes is filed
-- here with it, by the thousand: a conversation with messages after `filing.listed_up_to` is not as it is here yet.
CREATE TABLE conversation_lists (
    key INTEGER PRIMARY KEY REFERENCES conversations (key) ON DELETE CASCADE,
    organization BLOB NOT NULL,
    status TEXT NOT NULL,
    assignee BLOB,
    category TEXT,
    updated_at INTEGER NOT NULL
) STRICT;
ALTER TABLE filing ADD COLUMN listed_up_to INTEGER NOT NULL DEFAULT 0;
INSERT INTO conversation_lists (key, organization, status, assignee, category, updated_at)
    SELECT c.key, c.organization, c.status, c.assignee, c.category, h.updated_at
    FROM conversations c JOIN conversation_heads h ON h.conversation = c.key;
CREATE INDEX lists_by_update ON conversation_lists (organization, updated_at);
CREATE INDEX lists_by_status ON conversation_lists (organization, status, updated_at);
CREATE INDEX lists_by_assignee ON conversation_lists (organization, assignee, updated_at);
CREATE INDEX lists_by_category ON conversation_lists (organization, category, updated_at);
-- One that nothing is said in is here, too.
CREATE TRIGGER list_conversation AFTER INSERT ON conversation_heads
BEGIN
    INSERT INTO conversation_lists (key, organization, status, assignee, category, updated_at)
        SELECT key, organization, status, assignee, category, new.updated_at
        FROM conversations WHERE key = new.conversation;
END;

-- The same in the order of their making.
CREATE INDEX conversations_by_assignee ON conversations (organization, assignee);
CREATE INDEX conversations_by_category ON conversations (organization, category);
CREATE INDEX contacts_by_update ON contacts (organization, json_extract(data, '$.updatedAt'));

-- The inboxes that were notified, as `state` has them.
CREATE TABLE conversation_channels (
    channel BLOB NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    organization BLOB NOT NULL,
    PRIMARY KEY (channel, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX channels_by_conversation ON conversation_channels (conversation);
INSERT OR IGNORE INTO conversation_channels (channel, conversation, organization)
    SELECT unhex(n.value ->> 'channel'), c.key, c.organization
    FROM conversations c, json_each(c.state, '$.notifications') n WHERE n.value ->> 'channel' IS NOT NULL;

-- How many there are of each, so that nobody has to count them.
CREATE TABLE conversation_counts (
    member TEXT NOT NULL,
    value ANY NOT NULL,
    organization BLOB NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (member, value, organization)
) STRICT, WITHOUT ROWID;
INSERT INTO conversation_counts (member, value, organization, count)
    SELECT 'status', status, organization, count(*) FROM conversations GROUP BY 2, 3
    UNION ALL
    SELECT 'assignee', assignee, organization, count(*) FROM conversations WHERE assignee IS NOT NULL GROUP BY 2, 3
    UNION ALL
    SELECT 'category', category, organization, count(*) FROM conversations WHERE category IS NOT NULL GROUP BY 2, 3
    UNION ALL
    SELECT 'channel', channel, organization, count(*) FROM conversation_channels GROUP BY 2, 3;

CREATE TRIGGER count_made AFTER INSERT ON conversations
BEGIN
    INSERT INTO conversation_counts (member, value, organization, count)
        VALUES ('status', new.status, new.organization, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO conversation_counts (member, value, organization, count)
        SELECT 'assignee', new.assignee, new.organization, 1 WHERE new.assignee IS NOT NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
    INSERT INTO conversation_counts (member, value, organization, count)
        SELECT 'category', new.category, new.organization, 1 WHERE new.category IS NOT NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER count_deleted AFTER DELETE ON conversations
BEGIN
    UPDATE conversation_counts SET count = count - 1
        WHERE (member, value, organization) IN (VALUES ('status', old.status, old.organization),
            ('assignee', old.assignee, old.organization), ('category', old.category, old.organization));
END;
CREATE TRIGGER count_status AFTER UPDATE OF status ON conversations WHEN new.status <> old.status
BEGIN
    UPDATE conversation_counts SET count = count - 1
        WHERE member = 'status' AND value = old.status AND organization = old.organization;
    INSERT INTO conversation_counts (member, value, organization, count)
        VALUES ('status', new.status, new.organization, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER count_assignee AFTER UPDATE OF assignee ON conversations WHEN new.assignee IS NOT old.assignee
BEGIN
    UPDATE conversation_counts SET count = count - 1
        WHERE member = 'assignee' AND value = old.assignee AND organization = old.organization;
    INSERT INTO conversation_counts (member, value, organization, count)
        SELECT 'assignee', new.assignee, new.organization, 1 WHERE new.assignee IS NOT NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER count_category AFTER UPDATE OF category ON conversations WHEN new.category IS NOT old.category
BEGIN
    UPDATE conversation_counts SET count = count - 1
        WHERE member = 'category' AND value = old.category AND organization = old.organization;
    INSERT INTO conversation_counts (member, value, organization, count)
        SELECT 'category', new.category, new.organization, 1 WHERE new.category IS NOT NULL
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER count_notified AFTER INSERT ON conversation_channels
BEGIN
    INSERT INTO conversation_counts (member, value, organization, count)
        VALUES ('channel', new.channel, new.organization, 1)
        ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER count_unnotified AFTER DELETE ON conversation_channels
BEGIN
    UPDATE conversation_counts SET count = count - 1
        WHERE member = 'channel' AND value = old.channel AND organization = old.organization;
END;

-- The words of what people said, filed with the messages. The row's number is the conversation's key times 2^24 and
-- the message's seq, so that rows are in the order of their conversations. The first word, of a private character and
-- the organization's key, is one that nobody writes.
CREATE VIRTUAL TABLE message_words USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- As many parts as are allowed before they are merged: half the work of storing, and finding looks into twice as many.
INSERT INTO message_words (message_words, rank) VALUES ('automerge', 16);
CREATE VIEW spoken_messages (word_row, pos, conversation, organization, text) AS
    SELECT conversation * 16777216 + seq, pos, conversation, organization, text FROM messages
    WHERE text <> '' AND type NOT IN ('command', 'field', 'form', 'event', 'status');
INSERT INTO message_words (rowid, text)
    SELECT word_row, char(57344) || organization || ' ' || text FROM spoken_messages ORDER BY word_row;
UPDATE filing SET listed_up_to = (SELECT ifnull(max(pos), 0) FROM messages);
CREATE TRIGGER forget_words AFTER DELETE ON messages
WHEN old.pos <= (SELECT listed_up_to FROM filing)
BEGIN
    DELETE FROM message_words WHERE rowid = old.conversation * 16777216 + old.seq;
END;
CREATE TRIGGER change_words AFTER UPDATE OF text ON messages
WHEN old.pos <= (SELECT listed_up_to FROM filing) AND new.text <> old.text
BEGIN
    DELETE FROM message_words WHERE rowid = old.conversation * 16777216 + old.seq;
    INSERT INTO message_words (rowid, text)
        SELECT word_row, char(57344) || organization || ' ' || text FROM spoken_messages WHERE pos = new.pos;
END;
