-- Whether a question ends as soon as everybody has answered who answered the one before.

ALTER TABLE guilds ADD COLUMN early_answers INTEGER NOT NULL DEFAULT 1 CHECK (early_answers IN (0, 1));
