-- The daily challenge: five questions a date, the same for a whole server, each player's answers to them, and nothing else.
-- Times are unix milliseconds by Discord's clock, from the ids of interactions.

-- A date's five, stored when somebody begins: no new pack and no setting changes them from then on. AUTOINCREMENT: its
-- number stands in the buttons of private messages, so it is never given out twice.
CREATE TABLE challenges (
    challenge_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,                  -- 0: everywhere outside of servers
    date TEXT NOT NULL,                         -- in the server's zone (ISO)
    pack TEXT NOT NULL,
    UNIQUE (guild_id, date)
) STRICT;

-- A question as it is asked that date: everything that is shown and judged.
CREATE TABLE challenge_questions (
    challenge_id INTEGER NOT NULL REFERENCES challenges ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 1),
    question TEXT NOT NULL,                     -- the question's id within the challenge's pack
    fact TEXT NOT NULL,                         -- the id of the fact behind it
    topics TEXT NOT NULL,                       -- JSON array of topic ids, from the fact
    prompt TEXT NOT NULL,
    options TEXT NOT NULL,                      -- JSON array in the order of the buttons
    answer INTEGER NOT NULL,                    -- index into options
    aliases TEXT NOT NULL,                      -- JSON arrays: for typed answers, of which there are none here
    other_names TEXT NOT NULL,
    fact_text TEXT NOT NULL,
    spoiler INTEGER NOT NULL CHECK (spoiler BETWEEN 0 AND 2),
    difficulty TEXT NOT NULL CHECK (difficulty IN ('easy', 'medium', 'hard')),
    base INTEGER NOT NULL,
    PRIMARY KEY (challenge_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_questions_by_question ON challenge_questions (question, challenge_id);

-- Who has begun, how far they have come, and when they first saw the question that they are at.
CREATE TABLE challenge_plays (
    challenge_id INTEGER NOT NULL REFERENCES challenges ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    time_zone TEXT NOT NULL,                    -- the zone that it was this date in when they began: an IANA name
    position INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    shared_ms INTEGER,                          -- when they showed their result to others; NULL: not yet
    PRIMARY KEY (challenge_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_plays_by_user ON challenge_plays (user_id, challenge_id);

-- The first answer of each player to each question.
CREATE TABLE challenge_answers (
    challenge_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    choice INTEGER NOT NULL,                    -- index into the question's options
    answered_ms INTEGER NOT NULL,               -- the moment by which it belongs to a day, a week and a month
    took_ms INTEGER NOT NULL CHECK (took_ms >= 0),                      -- since it was first seen
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
    PRIMARY KEY (challenge_id, user_id, position),
    FOREIGN KEY (challenge_id, position) REFERENCES challenge_questions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX challenge_answers_by_user ON challenge_answers (user_id);
CREATE INDEX challenge_answers_by_question ON challenge_answers (challenge_id, position);

-- A deck of the challenge's own, for a server or (0) for everywhere outside of servers.
CREATE TABLE new_decks (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    schedule_id INTEGER NOT NULL,
    pack TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('fact', 'question', 'challenge')),
    drawn BLOB NOT NULL, -- numbers of four bytes each, oldest first
    last BLOB NOT NULL,
    PRIMARY KEY (guild_id, user_id, schedule_id, pack, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO new_decks (guild_id, user_id, schedule_id, pack, kind, drawn, last)
SELECT guild_id, user_id, schedule_id, pack, kind, drawn, last FROM decks;
DROP TABLE decks;
ALTER TABLE new_decks RENAME TO decks;

ALTER TABLE guilds ADD COLUMN challenge INTEGER NOT NULL DEFAULT 1 CHECK (challenge IN (0, 1));
