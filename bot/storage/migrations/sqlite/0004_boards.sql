-- Boards, so that a server's totals can be counted anew beside those that are shown.

-- One counting of a server's rounds by one zone's calendar. AUTOINCREMENT: rows of a board that is gone can never be
-- taken for another's.
CREATE TABLE boards (
    board_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    time_zone TEXT NOT NULL,                    -- an IANA name
    state TEXT NOT NULL CHECK (state IN ('current', 'counting', 'retired')),
    -- current: shown. counting: on its way to take the place of the current one. retired: its rows are being deleted.
    counted_to INTEGER NOT NULL                 -- rounds up to this number are in its totals; 2^63-1: all, also to come
) STRICT;

CREATE UNIQUE INDEX boards_current ON boards (guild_id) WHERE state = 'current';
CREATE UNIQUE INDEX boards_counting ON boards (guild_id) WHERE state = 'counting';
CREATE INDEX boards_retired ON boards (guild_id) WHERE state = 'retired';

-- In the order in which a board counts them.
CREATE INDEX rounds_ranked ON rounds (guild_id, round_id) WHERE ranked = 1;

INSERT INTO boards (guild_id, time_zone, state, counted_to)
SELECT known.guild_id, COALESCE(g.time_zone, 'UTC'), 'current', 9223372036854775807
FROM (SELECT guild_id FROM rounds UNION SELECT guild_id FROM totals) AS known
LEFT JOIN guilds AS g ON g.guild_id = known.guild_id;

-- The totals of before, by board in place of server.
DROP TRIGGER totals_inserted;
DROP TRIGGER totals_deleted;
DROP TRIGGER totals_updated;
DROP INDEX totals_by_points;
ALTER TABLE totals RENAME TO old_totals;
ALTER TABLE total_buckets RENAME TO old_total_buckets;

-- Sums over ranked, ended rounds, kept as rounds end; everything in it can be counted anew from the answers.
-- Voided questions, blocked players and rounds that ended before the board was reset are left out of it.
CREATE TABLE totals (
    board_id INTEGER NOT NULL REFERENCES boards,
    period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'all')),
    starts TEXT NOT NULL,                       -- the period's first day in the board's zone (ISO date); 'all': ''
    user_id INTEGER NOT NULL,
    points INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    rounds INTEGER NOT NULL,
    bucket INTEGER NOT NULL GENERATED ALWAYS AS ( -- the points, rounded down to two significant digits
        CASE WHEN points < 100 THEN points
        ELSE CAST(substr(points, 1, 2) || substr('00000000000000000', 1, length(points) - 2) AS INTEGER) END
    ) VIRTUAL,
    PRIMARY KEY (board_id, period, starts, user_id)
) STRICT, WITHOUT ROWID;

-- How many players of a board have points in each bucket, kept by the triggers below however a row comes or goes.
-- There are at most 90 buckets to a power of ten, so a place is counted from a few hundred rows and one bucket.
CREATE TABLE total_buckets (
    board_id INTEGER NOT NULL,
    period TEXT NOT NULL,
    starts TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    players INTEGER NOT NULL,
    PRIMARY KEY (board_id, period, starts, bucket DESC)
) STRICT, WITHOUT ROWID;

INSERT INTO totals (board_id, period, starts, user_id, points, correct, answered, rounds)
SELECT board_id, period, starts, user_id, points, correct, answered, rounds
FROM old_totals JOIN boards USING (guild_id);
INSERT INTO total_buckets (board_id, period, starts, bucket, players)
SELECT board_id, period, starts, bucket, players FROM old_total_buckets JOIN boards USING (guild_id);
DROP TABLE old_totals;
DROP TABLE old_total_buckets;

CREATE INDEX totals_by_points ON totals (board_id, period, starts, points DESC, user_id);
CREATE INDEX totals_by_user ON totals (user_id);

CREATE TRIGGER totals_inserted AFTER INSERT ON totals BEGIN
    INSERT INTO total_buckets (board_id, period, starts, bucket, players)
    VALUES (new.board_id, new.period, new.starts, new.bucket, 1)
    ON CONFLICT DO UPDATE SET players = players + 1;
END;

CREATE TRIGGER totals_deleted AFTER DELETE ON totals BEGIN
    UPDATE total_buckets SET players = players - 1
    WHERE board_id = old.board_id AND period = old.period AND starts = old.starts AND bucket = old.bucket;
    DELETE FROM total_buckets
    WHERE board_id = old.board_id AND period = old.period AND starts = old.starts AND bucket = old.bucket
        AND players < 1;
END;

CREATE TRIGGER totals_updated AFTER UPDATE ON totals WHEN new.bucket <> old.bucket BEGIN
    UPDATE total_buckets SET players = players - 1
    WHERE board_id = old.board_id AND period = old.period AND starts = old.starts AND bucket = old.bucket;
    DELETE FROM total_buckets
    WHERE board_id = old.board_id AND period = old.period AND starts = old.starts AND bucket = old.bucket
        AND players < 1;
    INSERT INTO total_buckets (board_id, period, starts, bucket, players)
    VALUES (new.board_id, new.period, new.starts, new.bucket, 1)
    ON CONFLICT DO UPDATE SET players = players + 1;
END;

-- reset_ms is when it was decided, by our clock. Rounds that ended up to after_ms are left out: that is later where
-- the clock had been set back, so that what had ended by then does not count whatever its time says.
ALTER TABLE board_resets ADD COLUMN after_ms INTEGER NOT NULL DEFAULT 0;
UPDATE board_resets SET after_ms = reset_ms;
