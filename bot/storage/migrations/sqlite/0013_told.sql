-- What somebody is to hear privately, once, the next time they use a command: that their report was settled, or that their
-- round ended in trouble. It stands where it happened, so that it is exported and deleted with that.

ALTER TABLE reports ADD COLUMN settled_ms INTEGER;              -- when the moderators were done with it; NULL: not yet
ALTER TABLE reports ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));  -- has its sender heard of that?
ALTER TABLE rounds ADD COLUMN tell_host INTEGER NOT NULL DEFAULT 0 CHECK (tell_host IN (0, 1));

CREATE INDEX reports_untold ON reports (guild_id, user_id) WHERE settled_ms IS NOT NULL AND told = 0;
CREATE INDEX rounds_untold ON rounds (guild_id, host_user_id) WHERE tell_host = 1;
