-- A server's own questions are a pack of that server alone.

ALTER TABLE packs ADD COLUMN guild_id INTEGER; -- NULL: from a folder, for every server
