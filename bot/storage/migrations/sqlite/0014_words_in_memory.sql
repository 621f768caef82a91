-- The index of facts' words is in memory now, made with each start.

DROP TABLE fact_words;
DROP TABLE fact_search;
