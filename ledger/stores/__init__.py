"""Where a journal's bytes lie: one module for each kind of database, behind the seam of `protocol`.

| module | the journal lies |
|---|---|
| `sqlite` | in a SQLite file; `sqlite_recorder` is imported at the first append |
| `postgres` | in a PostgreSQL database; `postgres_recorder` likewise, and `session` is its connection |
| `memory` | in this process, for tests |

What only writers need stays out of a command that only asks: neither the library that appends nor the lock is imported
to read a SQLite file.
"""
