-- Users who sign in with a password.

-- Apart from the user's document, which is shown.
CREATE TABLE passwords (
    user BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- In lower case: whoever signs in says no more than this, so it is one user's in all organizations.
    email TEXT NOT NULL UNIQUE,
    -- In the PHC string format.
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Handed out to whoever signed in, not made for a program: those end with the password.
ALTER TABLE user_tokens ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0;
