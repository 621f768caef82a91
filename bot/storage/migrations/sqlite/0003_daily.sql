-- Daily facts: when each channel wants one, and what was posted. Times are unix milliseconds in UTC.

-- AUTOINCREMENT: a schedule's number stands in the buttons and nonces of its posts, so it is never given out twice.
-- No user's id is kept: who set a schedule does not matter to it.
CREATE TABLE daily_schedules (
    schedule_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,                    -- an IANA name
    wall_time TEXT NOT NULL,                    -- HH:MM in that zone
    topic TEXT,                                 -- NULL: every topic
    role_id INTEGER,                            -- mentioned by each post; NULL: nobody is
    seed INTEGER NOT NULL,                      -- with the date it decides which card is drawn, so a preview is right
    next_date TEXT NOT NULL,                    -- the local date of the next post (ISO)
    next_ms INTEGER NOT NULL,                   -- when that is due; worked out anew at each start
    pause_reason TEXT,                          -- a value of bot.storage.daily.PauseReason; NULL: not paused
    paused_ms INTEGER,
    missed_date TEXT,                           -- the newest date whose post was skipped
    CHECK ((pause_reason IS NULL) = (paused_ms IS NULL))
) STRICT;

CREATE INDEX daily_schedules_by_guild ON daily_schedules (guild_id);
CREATE INDEX daily_schedules_due ON daily_schedules (next_ms) WHERE pause_reason IS NULL;

-- A post is claimed here before it is sent: one a date, whatever happens. Rows are kept for a month.
CREATE TABLE daily_posts (
    schedule_id INTEGER NOT NULL REFERENCES daily_schedules ON DELETE CASCADE,
    date TEXT NOT NULL,                         -- the local date (ISO)
    due_ms INTEGER NOT NULL,
    pack TEXT NOT NULL,
    fact INTEGER NOT NULL,                      -- its number
    state TEXT NOT NULL CHECK (state IN ('claimed', 'posted', 'assumed')),
    -- claimed: perhaps sent. posted: seen. assumed: nobody can tell whether it was sent, so it counts as sent.
    claimed_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,           -- attempts that Discord did not take
    try_ms INTEGER,                             -- when to try again; NULL while it is being sent, and afterwards
    message_id INTEGER,
    PRIMARY KEY (schedule_id, date)
) STRICT, WITHOUT ROWID;

CREATE INDEX daily_posts_to_try ON daily_posts (try_ms) WHERE try_ms IS NOT NULL;
CREATE INDEX daily_posts_unfinished ON daily_posts (schedule_id) WHERE state = 'claimed';
