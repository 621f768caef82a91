-- Why the newest skipped post of a schedule did not come, so that /daily status can say it.

-- A value of bot.storage.daily.MissReason or PauseReason; NULL: nothing was skipped, or before this was kept.
ALTER TABLE daily_schedules ADD COLUMN missed_reason TEXT;
