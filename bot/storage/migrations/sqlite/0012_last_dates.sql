-- The newest date that a channel had a post of a schedule which was taken away: set anew, it begins after that.
CREATE TABLE daily_last_dates (
    channel_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    date TEXT NOT NULL                          -- the local date (ISO)
) STRICT;
