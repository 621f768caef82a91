-- How often each question was answered by button in rounds that ended, and how often rightly, since its words last
-- changed. Sums without anybody's id: what composing rounds needs to know, without a look at all answers.

ALTER TABLE questions ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN correct INTEGER NOT NULL DEFAULT 0;

UPDATE questions SET answered = counted.answered, correct = counted.correct
FROM (
    SELECT r.pack, q.question, q.prompt, COUNT(*) AS answered, SUM(a.correct) AS correct
    FROM rounds r
    JOIN asked_questions q ON q.round_id = r.round_id
    JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
    WHERE r.ended_ms IS NOT NULL AND q.state <> 'void' AND a.choice IS NOT NULL
    GROUP BY r.pack, q.question, q.prompt
) AS counted
WHERE questions.pack = counted.pack AND questions.id = counted.question AND questions.prompt = counted.prompt;

-- The few that have answers enough are found without a look at the others.
CREATE INDEX questions_measured ON questions (pack, number, answered, correct) WHERE answered >= 50;
