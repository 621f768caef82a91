-- What one round gave each player, in place of totals by day, week and month: any stretch of time is a query over these
-- rows, in whatever zone the server has at that moment.

DROP TABLE total_buckets;
DROP TABLE totals;
DROP TABLE boards;
DROP INDEX rounds_ranked;

-- A row for each player of a ranked, ended round, of what counts: questions that are not void, players who are not
-- blocked, rounds that ended after the board's last reset. Everything in it can be worked out anew from the answers.
CREATE TABLE scores (
    guild_id INTEGER NOT NULL,
    board TEXT NOT NULL,                        -- whose points these are: 'rounds'
    game INTEGER NOT NULL,                      -- of the board 'rounds': round_id
    user_id INTEGER NOT NULL,
    ended_ms INTEGER NOT NULL,                  -- the moment by which it belongs to a day, a week and a month
    points INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY (guild_id, board, game, user_id)
) STRICT, WITHOUT ROWID;

-- A stretch of time is read from this alone.
CREATE INDEX scores_by_end ON scores (guild_id, board, ended_ms, user_id, points, correct);
CREATE INDEX scores_by_user ON scores (user_id, guild_id, board);

-- Each player's sums over those rows, changed in the same write; a player without a row has none.
CREATE TABLE totals (
    guild_id INTEGER NOT NULL,
    board TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    points INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    games INTEGER NOT NULL,
    PRIMARY KEY (guild_id, board, user_id)
) STRICT, WITHOUT ROWID;

-- A page is read from this alone.
CREATE INDEX totals_by_points ON totals (guild_id, board, points DESC, user_id, correct);
CREATE INDEX totals_by_user ON totals (user_id);

INSERT INTO scores (guild_id, board, game, user_id, ended_ms, points, correct, answered)
SELECT r.guild_id, 'rounds', r.round_id, a.user_id, r.ended_ms, SUM(a.points), SUM(a.correct), COUNT(*)
FROM rounds r
JOIN asked_questions q ON q.round_id = r.round_id
JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
WHERE r.ranked = 1 AND q.state <> 'void'
    AND r.ended_ms > COALESCE((SELECT after_ms FROM board_resets b WHERE b.guild_id = r.guild_id), 0)
    AND NOT EXISTS (SELECT 1 FROM voided_questions v
        WHERE v.guild_id = r.guild_id AND v.pack = r.pack AND v.question = q.question)
    AND NOT EXISTS (SELECT 1 FROM blocked_players b WHERE b.guild_id = r.guild_id AND b.user_id = a.user_id)
GROUP BY r.guild_id, r.round_id, a.user_id, r.ended_ms;

INSERT INTO totals (guild_id, board, user_id, points, correct, answered, games)
SELECT guild_id, board, user_id, SUM(points), SUM(correct), SUM(answered), COUNT(*)
FROM scores
GROUP BY guild_id, board, user_id;
