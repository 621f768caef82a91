"""The rules of facts and rounds: no Discord, no SQLite, no clock, no global chance."""
