-- Words that belong together are found written as one too: spiderman, aha, jk. An index of full text takes no further
-- column, so it is made anew, and filled when the packs are loaded at the next start.

DROP TABLE fact_words;
DROP TABLE fact_search;

CREATE VIRTUAL TABLE fact_search USING fts5 (
    text, people, films, topics, joined, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
CREATE VIRTUAL TABLE fact_words USING fts5vocab (fact_search, row);

UPDATE packs SET hash = '';
