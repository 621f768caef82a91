-- Whether the posts of a schedule invite to the day's challenge, and say how yesterday's went.

ALTER TABLE daily_schedules ADD COLUMN challenge INTEGER NOT NULL DEFAULT 0 CHECK (challenge IN (0, 1));
