-- How well somebody remembers the questions that they missed in a server's games and have practised since. What was
-- missed and not yet practised is read from their answers, so that a game stores nothing more.

CREATE TABLE missed_questions (
    guild_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    pack TEXT NOT NULL,
    question TEXT NOT NULL,                     -- the question's id within the pack
    times_right INTEGER NOT NULL,               -- in a row, since it was missed
    state INTEGER NOT NULL,                     -- these three are FSRS's
    stability REAL NOT NULL,
    difficulty REAL NOT NULL,
    reviewed_ms INTEGER NOT NULL,               -- Discord's clock
    due_ms INTEGER NOT NULL,
    PRIMARY KEY (guild_id, user_id, pack, question)
) STRICT, WITHOUT ROWID;

CREATE INDEX missed_questions_by_user ON missed_questions (user_id);
CREATE INDEX missed_questions_by_age ON missed_questions (reviewed_ms);
