-- A number is never given again, also when the newest question of a server is removed: controls and decks hold numbers.

CREATE TABLE new_facts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    pack TEXT NOT NULL REFERENCES packs (id),
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    topics TEXT NOT NULL, -- JSON lists
    people TEXT NOT NULL,
    films TEXT NOT NULL,
    paragraphs TEXT NOT NULL,
    spoiler INTEGER NOT NULL,
    as_of INTEGER,
    retired INTEGER NOT NULL DEFAULT 0, -- 1: no longer in its pack
    source TEXT, -- JSON: [title, year, address or null]; NULL: none
    UNIQUE (pack, id)
) STRICT;
INSERT INTO new_facts
SELECT number, pack, id, text, topics, people, films, paragraphs, spoiler, as_of, retired, source FROM facts;
DROP TABLE facts;
ALTER TABLE new_facts RENAME TO facts;

CREATE TABLE new_questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    pack TEXT NOT NULL REFERENCES packs (id),
    id TEXT NOT NULL,
    fact TEXT NOT NULL,
    prompt TEXT NOT NULL,
    answer TEXT NOT NULL,
    distractors TEXT NOT NULL, -- JSON lists
    aliases TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0,
    buttons_only INTEGER NOT NULL DEFAULT 0 CHECK (buttons_only IN (0, 1)),
    never_with TEXT NOT NULL DEFAULT '[]', -- JSON: ids that it never shares a round with
    answered INTEGER NOT NULL DEFAULT 0,
    correct INTEGER NOT NULL DEFAULT 0,
    UNIQUE (pack, id)
) STRICT;
INSERT INTO new_questions
SELECT number, pack, id, fact, prompt, answer, distractors, aliases, difficulty, retired, buttons_only, never_with,
    answered, correct FROM questions;
DROP TABLE questions;
ALTER TABLE new_questions RENAME TO questions;
CREATE INDEX questions_measured ON questions (pack, number, answered, correct) WHERE answered >= 50;
