-- Quiz rounds, what was asked in them, who answered what, and the totals that the boards read.
-- Times are unix milliseconds in UTC. Ids are Discord's snowflakes unless a comment says otherwise.

-- One game in a channel. AUTOINCREMENT: a round's number stands in the buttons of old messages and in nonces,
-- so it is never given out twice, not even after a server's data was deleted.
CREATE TABLE rounds (
    round_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    host_user_id INTEGER,                       -- who started it; NULL once that person deleted their data
    pack TEXT NOT NULL,
    topic TEXT,                                 -- NULL: every topic
    difficulty TEXT CHECK (difficulty IN ('easy', 'medium', 'hard')),   -- NULL: mixed
    answer_form TEXT NOT NULL CHECK (answer_form IN ('buttons', 'typed')),
    scoring TEXT NOT NULL CHECK (scoring IN ('speed', 'plain')),
    spoilers INTEGER NOT NULL CHECK (spoilers BETWEEN 0 AND 2),         -- the highest level that it may ask about
    questions INTEGER NOT NULL CHECK (questions BETWEEN 1 AND 25),
    seconds INTEGER CHECK (seconds BETWEEN 10 AND 120),                 -- NULL: untimed
    state TEXT NOT NULL CHECK (state IN ('running', 'ending', 'finished')),
    -- ending: its scores are settled and in the totals, its podium is still to be sent. finished: over in every way.
    end_reason TEXT,                            -- a value of bot.core.rounds.EndReason
    ranked INTEGER CHECK (ranked IN (0, 1)),    -- does it count on the board? Settled when it ends; NULL before
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,                           -- the moment by which it belongs to a day, a week and a month
    podium_message_id INTEGER,
    CHECK ((state = 'running') = (ended_ms IS NULL))
) STRICT;

CREATE UNIQUE INDEX rounds_one_open_a_channel ON rounds (channel_id) WHERE state <> 'finished';
CREATE INDEX rounds_by_guild ON rounds (guild_id, ended_ms);
CREATE INDEX rounds_by_host ON rounds (host_user_id, started_ms);

-- A question as it was asked. It holds everything that is shown and judged, so that a new pack alters no round.
CREATE TABLE asked_questions (
    round_id INTEGER NOT NULL REFERENCES rounds ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 1),
    question TEXT NOT NULL,                     -- the question's id within the round's pack
    fact TEXT NOT NULL,                         -- the id of the fact behind it
    topics TEXT NOT NULL,                       -- JSON array of topic ids, from the fact
    prompt TEXT NOT NULL,
    options TEXT NOT NULL,                      -- JSON array in the order of the buttons
    answer INTEGER NOT NULL,                    -- index into options
    aliases TEXT NOT NULL,                      -- JSON array: other right spellings, for typed answers
    other_names TEXT NOT NULL,                  -- JSON array: names that a typed answer must not be taken for
    fact_text TEXT NOT NULL,
    spoiler INTEGER NOT NULL CHECK (spoiler BETWEEN 0 AND 2),
    difficulty TEXT NOT NULL CHECK (difficulty IN ('easy', 'medium', 'hard')),
    base INTEGER NOT NULL,                      -- points of a right answer before speed and streak
    state TEXT NOT NULL CHECK (state IN ('asking', 'open', 'revealed', 'void')),
    -- asking: committed, perhaps sent. open: sent. revealed: closed, its points stand.
    -- void: skipped, deleted or never seen; its answers are kept and have no points.
    nonce TEXT NOT NULL,
    message_id INTEGER,
    asked_ms INTEGER NOT NULL,                  -- our clock
    opened_ms INTEGER,                          -- Discord's clock, from the message's id
    deadline_ms INTEGER,                        -- Discord's clock; an answer made later does not count
    clock_offset_ms INTEGER,                    -- Discord's clock minus ours, seen when it was sent
    reopened INTEGER NOT NULL DEFAULT 0 CHECK (reopened IN (0, 1)),     -- opened again after a restart
    closed_ms INTEGER,                          -- our clock
    close_reason TEXT,                          -- a value of bot.core.rounds.CloseReason
    PRIMARY KEY (round_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX asked_questions_by_question ON asked_questions (question, round_id);

-- The first answer of each player to each question; later ones change nothing. What people typed is not kept.
CREATE TABLE answers (
    round_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    choice INTEGER,                             -- index into the question's options; NULL for a typed answer
    answered_ms INTEGER NOT NULL,               -- Discord's clock, from the interaction's id
    took_ms INTEGER NOT NULL CHECK (took_ms >= 0),                      -- since the question was opened
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
    points INTEGER NOT NULL CHECK (points >= 0),
    streak INTEGER NOT NULL CHECK (streak >= 0),                        -- right answers in a row, this one included
    PRIMARY KEY (round_id, position, user_id),
    FOREIGN KEY (round_id, position) REFERENCES asked_questions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_user ON answers (user_id, round_id, position);

-- Sums over ranked, ended rounds, kept as rounds end; everything in it can be rebuilt from the tables above.
-- Voided questions, blocked players and rounds that ended before the board was reset are left out of it.
CREATE TABLE totals (
    guild_id INTEGER NOT NULL,
    period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'all')),
    starts TEXT NOT NULL,                       -- the period's first day in the server's zone (ISO date); 'all': ''
    user_id INTEGER NOT NULL,
    points INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    rounds INTEGER NOT NULL,
    bucket INTEGER NOT NULL GENERATED ALWAYS AS ( -- the points, rounded down to two significant digits
        CASE WHEN points < 100 THEN points
        ELSE CAST(substr(points, 1, 2) || substr('00000000000000000', 1, length(points) - 2) AS INTEGER) END
    ) VIRTUAL,
    PRIMARY KEY (guild_id, period, starts, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX totals_by_points ON totals (guild_id, period, starts, points DESC, user_id);

-- How many players of a board have points in each bucket, kept by the triggers below however a row comes or goes.
-- There are at most 90 buckets to a power of ten, so a place is counted from a few hundred rows and one bucket.
CREATE TABLE total_buckets (
    guild_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    starts TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    players INTEGER NOT NULL,
    PRIMARY KEY (guild_id, period, starts, bucket DESC)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER totals_inserted AFTER INSERT ON totals BEGIN
    INSERT INTO total_buckets (guild_id, period, starts, bucket, players)
    VALUES (new.guild_id, new.period, new.starts, new.bucket, 1)
    ON CONFLICT DO UPDATE SET players = players + 1;
END;

CREATE TRIGGER totals_deleted AFTER DELETE ON totals BEGIN
    UPDATE total_buckets SET players = players - 1
    WHERE guild_id = old.guild_id AND period = old.period AND starts = old.starts AND bucket = old.bucket;
    DELETE FROM total_buckets
    WHERE guild_id = old.guild_id AND period = old.period AND starts = old.starts AND bucket = old.bucket
        AND players < 1;
END;

CREATE TRIGGER totals_updated AFTER UPDATE ON totals WHEN new.bucket <> old.bucket BEGIN
    UPDATE total_buckets SET players = players - 1
    WHERE guild_id = old.guild_id AND period = old.period AND starts = old.starts AND bucket = old.bucket;
    DELETE FROM total_buckets
    WHERE guild_id = old.guild_id AND period = old.period AND starts = old.starts AND bucket = old.bucket
        AND players < 1;
    INSERT INTO total_buckets (guild_id, period, starts, bucket, players)
    VALUES (new.guild_id, new.period, new.starts, new.bucket, 1)
    ON CONFLICT DO UPDATE SET players = players + 1;
END;

-- Questions that a server's moderators took out of play: not drawn there any more, and worth nothing there.
CREATE TABLE voided_questions (
    guild_id INTEGER NOT NULL,
    pack TEXT NOT NULL,
    question TEXT NOT NULL,
    moderator_user_id INTEGER,
    voided_ms INTEGER NOT NULL,
    PRIMARY KEY (guild_id, pack, question)
) STRICT, WITHOUT ROWID;

-- Players whom a server's moderators took out of its rounds and off its board.
CREATE TABLE blocked_players (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    moderator_user_id INTEGER,
    blocked_ms INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id)
) STRICT, WITHOUT ROWID;

-- When a server's board was last reset: rounds that ended by then are left out of its totals.
CREATE TABLE board_resets (
    guild_id INTEGER PRIMARY KEY,
    moderator_user_id INTEGER,
    reset_ms INTEGER NOT NULL
) STRICT;
