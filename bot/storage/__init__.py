"""Everything that touches SQLite, and nothing that touches Discord."""
