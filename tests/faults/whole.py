"""Whether a ledger is whole: the product's `verify` finds nothing, and a check that shares nothing with it neither.

Both are asked each time, so that a test of faults rests on neither alone.  `verify` comes first, since opening a ledger
mends its views.  What the check of these tests looks at:

- lines are numbered from 1 without a gap, decode, never go back in time, and point at nothing that is not there yet;
- the root, recomputed here as RFC 6962 §2.1 writes it down, is the one that the product computes;
- the content keys are those that the entries have, no more and no fewer;
- a sealed value opens its commitment, and belongs to an entry that has one;
- the kept bytes of a source have its hash;
- every table of the views is equal to a fold from nothing, and words are found in the index where they are in that;
- the databases themselves are sound.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from os import PathLike
from typing import TYPE_CHECKING, Any

from ledger.codec import CODEC, format_line
from ledger.entries import SourceRegistered, StatementMade
from ledger.entries.movers import Quote
from ledger.errors import LedgerError
from ledger.keys import stored_key
from ledger.replaying import checked
from ledger.sealing import opens
from ledger.stores.sqlite import SQLiteStore
from projections import tiles
from projections.clocks import moment
from projections.search import catch_up, search
from projections.views import Views
from verbale import Ledger
from verbale.places import place_of
from verbale.verifying import unopened

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.codec import StoredLine
    from ledger.entries import Entry
    from verbale.places import Location

WORDS = ("ceasefire", "no", "word*", "russia")


class Wrong(Exception):
    """Something does not follow from the lines."""


def verdict(address: str | Path | Location) -> str | None:
    """Say what is wrong with a ledger at rest, None where it is whole in the eyes of both."""
    verified, own = verify_finds(address), check_finds(address)
    if verified is None and own is not None:
        return f"verify overlooks {own}"
    return verified


def verify_finds(address: str | Path | Location) -> str | None:
    """Say what the command `verify` finds first, if only that the ledger cannot be opened; None where it finds nothing.

    Raises:
        LedgerError: there is no ledger.
    """
    try:
        book = Ledger(address)
    except (LedgerError, sqlite3.Error, ValueError):
        place = place_of(address) if isinstance(address, (str, PathLike)) else address
        found = unopened(place)
        if found is None:
            raise
    else:
        with book:
            found = book.verify()
    return None if found.ok else f"verify: {found.problems[0].says}"


def check_finds(address: str | Path | Location) -> str | None:
    """Say what the check of these tests finds first, None where it finds nothing."""
    try:
        with Ledger(address) as book:
            check(book)
    except (Wrong, LedgerError, sqlite3.Error) as error:
        return f"{type(error).__name__}: {error}"
    return None


def check(book: Ledger) -> None:
    """Hold an open ledger to its lines.

    Raises:
        Wrong: something does not follow from them.
        LedgerError: the product says so itself.
    """
    _sound(book)
    lines = list(checked(book.journal.lines()))
    if len(lines) != book.head:
        raise Wrong(f"{len(lines)} lines, and e{book.head} is the last")
    if root([format_line(*line) for line in lines]) != book.root():
        raise Wrong("the root is another one")
    _keys(book, lines)
    for line in lines:
        event = CODEC.decode(*line).event
        if isinstance(event, SourceRegistered):
            book.snapshots.document(event.sha256)  # refuses what has another hash
    _views(book)


def root(lines: list[bytes]) -> str:
    """Return the RFC 6962 root over lines, in base64, by the recursion of its §2.1."""

    def hashed(some: list[bytes]) -> bytes:
        if len(some) == 1:
            return hashlib.sha256(b"\x00" + some[0]).digest()
        half = 1 << (len(some) - 1).bit_length() - 1
        return hashlib.sha256(b"\x01" + hashed(some[:half]) + hashed(some[half:])).digest()

    return base64.b64encode(hashed(lines) if lines else hashlib.sha256().digest()).decode()


def _sound(book: Ledger) -> None:
    book.views.catch_up()
    dbs = [book.views.db]
    if isinstance(book.journal.store, SQLiteStore):
        dbs.append(book.journal.store.db)  # type: ignore[arg-type]
    for db in dbs:
        told = db.execute("PRAGMA integrity_check(1)").fetchone()
        if told != ("ok",):
            raise Wrong(f"a database is damaged: {told[0]}")


def _keys(book: Ledger, lines: list[StoredLine]) -> None:
    found, hidden = Counter(book.journal.store.keys()), 0
    for line in lines:
        event = CODEC.decode(*line).event
        values = {value.field: value for value in book.journal.sealed_values(line.entry)}
        committed = dict(getattr(event, "sealed", None) or {})
        if not values.keys() <= committed.keys() or not all(
            opens(one, committed[name]) for name, one in values.items()
        ):
            raise Wrong(f"e{line.entry}: what is sealed does not open its commitment")
        if len(values) < len(committed):
            hidden += 1  # erased, or never here: its key is gone with it, or cannot be told
            continue
        meant = _unsealed(event, {name: value.value for name, value in values.items()})
        key = stored_key(book.journal.content_key(meant, CODEC.encode(meant), sealing=bool(committed)))
        if line.entry not in book.journal.store.entries_with_key(key):
            raise Wrong(f"e{line.entry} is not found by its content key")
        found[key] -= 1
    if min(found.values(), default=0) < 0 or sum(found.values()) > hidden:
        raise Wrong("there are content keys of nothing")


def _unsealed(event: Entry, values: dict[str, str]) -> Entry:
    if not values or not isinstance(event, StatementMade):
        return event
    fields: dict[str, Any] = dict(values)
    if "quote" in fields:
        fields["quote"] = Quote.model_validate_json(values["quote"])
    return event.model_copy(update={**fields, "sealed": None})


def _views(book: Ledger) -> None:
    with closing(Views(book.journal, None)) as fresh:
        fresh.catch_up()
        if book.views.db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tiles_mark'").fetchone():
            made = book.views.db.execute("SELECT MAX(size) FROM tiles_mark").fetchone()[0] or 0
            tiles.catch_up(fresh.db, lambda after: book.journal.lines(after, made))
        live, anew = tables(book.views.db), tables(fresh.db)
        if live.keys() != anew.keys():
            raise Wrong(f"other tables: {sorted(live.keys() ^ anew.keys())}")
        for name, rows in anew.items():
            if live[name] != rows:
                raise Wrong(f"table {name} is not what a fresh fold gives")
        catch_up(fresh.db)
        for words in WORDS:
            at = moment(fresh.db, book.head, None, None)
            if list(book.search(words)) != list(search(fresh.db, words, at)):
                raise Wrong(f"a search for {words} finds something else than in a fresh index")


def tables(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but those of the index, which is made when somebody searches."""
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'").fetchall()
    return {name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in names}
