"""Amp's metadata database, in SQLite or PostgreSQL: tables, queries, changes, transactions."""
