-- Content. Rebuilt from a pack's files whenever their hash changes.

CREATE TABLE packs (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    hash TEXT NOT NULL,
    topics TEXT NOT NULL -- JSON, in order: [{"id": …, "name": …, "emoji": …, "about": …}]
) STRICT, WITHOUT ROWID;

-- A fact's number never changes and is never used again: decks hold numbers.
CREATE TABLE facts (
    number INTEGER PRIMARY KEY,
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
    UNIQUE (pack, id)
) STRICT;

CREATE TABLE questions (
    number INTEGER PRIMARY KEY,
    pack TEXT NOT NULL REFERENCES packs (id),
    id TEXT NOT NULL,
    fact TEXT NOT NULL,
    prompt TEXT NOT NULL,
    answer TEXT NOT NULL,
    distractors TEXT NOT NULL, -- JSON lists
    aliases TEXT NOT NULL,
    difficulty TEXT NOT NULL,
    retired INTEGER NOT NULL DEFAULT 0,
    UNIQUE (pack, id)
) STRICT;

CREATE VIRTUAL TABLE fact_search USING fts5 (
    text, people, films, topics, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);

CREATE VIRTUAL TABLE fact_words USING fts5vocab (fact_search, row);

-- What has been dealt. A deck belongs to a server, a user or a schedule; the other two are 0.
CREATE TABLE decks (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    pack TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'question')),
    drawn BLOB NOT NULL, -- numbers of four bytes each, oldest first
    last BLOB NOT NULL,
    PRIMARY KEY (guild_id, user_id, schedule_id, pack, kind)
) STRICT, WITHOUT ROWID;

-- A server without a row has the defaults.
CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    pack TEXT, -- NULL: the default pack
    time_zone TEXT NOT NULL,
    spoilers INTEGER NOT NULL,
    scoring TEXT NOT NULL CHECK (scoring IN ('speed', 'plain')),
    board_minimum_players INTEGER NOT NULL,
    round_questions INTEGER NOT NULL,
    round_seconds INTEGER NOT NULL,
    removed_ms INTEGER -- when the bot was removed from the server
) STRICT;

CREATE TABLE reports (
    number INTEGER PRIMARY KEY,
    guild_id INTEGER, -- NULL in direct messages
    user_id INTEGER NOT NULL,
    pack TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'question')),
    item TEXT NOT NULL,
    reason TEXT NOT NULL,
    reported_ms INTEGER NOT NULL,
    UNIQUE (user_id, pack, kind, item)
) STRICT;

CREATE INDEX reports_by_guild ON reports (guild_id);

-- What the application remembers of itself: the hash of the commands that Discord was last given.
CREATE TABLE app_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
