-- What packs have learned to say of their facts and questions.

ALTER TABLE facts ADD COLUMN source TEXT;                               -- JSON: [title, year, address or null]; NULL: none
ALTER TABLE questions ADD COLUMN buttons_only INTEGER NOT NULL DEFAULT 0 CHECK (buttons_only IN (0, 1));
ALTER TABLE questions ADD COLUMN never_with TEXT NOT NULL DEFAULT '[]'; -- JSON: ids that it never shares a round with
