"""Where books are kept: in memory, in SQLite, in PostgreSQL. All keep the same promises and give the same hashes."""
