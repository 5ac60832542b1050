-- Who a visitor is beyond the token that its browser made.

-- Apart from the organization's document, which is shown.
CREATE TABLE identity_secrets (
    organization BLOB NOT NULL PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_links (
    -- SHA-256 of what the link carries.
    token BLOB NOT NULL PRIMARY KEY CHECK (length(token) = 32),
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    -- Who has used it: the same browser may ask again when it missed the answer.
    used_by BLOB CHECK (length(used_by) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_links_by_age ON contact_links (expires_at);

-- Visitor tokens that a link has moved to another contact than their own. They come before `contacts.visitor_token`.
CREATE TABLE moved_visitors (
    organization BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    visitor_token BLOB NOT NULL CHECK (length(visitor_token) = 32),
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (organization, visitor_token)
) STRICT, WITHOUT ROWID;
