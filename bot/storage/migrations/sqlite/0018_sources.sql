-- Rounds ask of the film, of a server's own questions, or of both; so each question that was asked has its pack.

ALTER TABLE guilds ADD COLUMN source TEXT NOT NULL DEFAULT 'film' CHECK (source IN ('film', 'ours', 'both'));
ALTER TABLE rounds ADD COLUMN source TEXT NOT NULL DEFAULT 'film' CHECK (source IN ('film', 'ours', 'both'));
ALTER TABLE asked_questions ADD COLUMN pack TEXT NOT NULL DEFAULT '';
ALTER TABLE challenge_questions ADD COLUMN pack TEXT NOT NULL DEFAULT '';

UPDATE asked_questions SET pack = (SELECT r.pack FROM rounds r WHERE r.round_id = asked_questions.round_id);
UPDATE challenge_questions
SET pack = (SELECT c.pack FROM challenges c WHERE c.challenge_id = challenge_questions.challenge_id);
