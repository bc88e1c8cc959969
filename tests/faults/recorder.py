"""A process that makes a ledger and records into it, alone, so that it can be watched from outside.

    python -m tests.faults.recorder LEDGER FOLDER SEED COUNT SYNCHRONOUS

It answers as `tests.faults.hands` does, and for the making of the ledger first.  SQLite moves pages out of its log
after 60 of them instead of 1,000, and the ledger is closed now and then: a short life then has many such moments.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ledger.stores.sqlite_recorder import JournalPool
from tests.faults.hands import record, say
from tests.ledger.samples import BASICS
from verbale import Ledger

_AT_ONCE = 12


def main() -> None:
    """Record."""
    address, folder, seed, count, synchronous = sys.argv[1:]
    connect = JournalPool._create_connection

    def weakened(self: JournalPool) -> object:
        connection = connect(self)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=60")
            if synchronous != "FULL":
                cursor.execute(f"PRAGMA synchronous={synchronous}")
        return connection

    JournalPool._create_connection = weakened  # type: ignore[method-assign, assignment]
    Ledger.create(Path(address))
    say(first=1, last=0, sha256="")
    with Ledger(address) as book:
        for draft in BASICS:
            book.record(draft)
    for number in range(0, int(count), _AT_ONCE):
        record(address, folder, int(seed) * 1_000 + number, _AT_ONCE)


if __name__ == "__main__":
    main()
