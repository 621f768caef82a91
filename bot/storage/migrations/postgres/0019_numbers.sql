-- Nothing to do: an identity never gives a number again. SQLite's tables learn it with this format.
SELECT 1;
