-- Administrative acts: who, when, what. No texts, names or secrets. What they were about may be gone, so nothing here refers
-- to another table.
CREATE TABLE audit (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 12),
    -- NULL for what is about no organization, or about one as a whole.
    organization BLOB,
    data TEXT NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE INDEX audit_by_organization ON audit (organization);
CREATE INDEX audit_by_age ON audit (json_extract(data, '$.createdAt'));
