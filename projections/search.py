"""Full-text search: a projection of its own, caught up when somebody searches and never before.

`search` holds a row for each reading of an entry: as it was recorded, and as each correction made it read, from the
entry `known_from` on; `search_fts` is the FTS5 index over it.  A row's id is twice `known_from`, plus one for what a
correction made of it, so that ids ascend as the ledger came to read so, and every index over the same journal is the
same.  `search_mark` says how far the index goes and over which fold: all three are dropped with the views.

Searched are the words of entries (text, reason, title, proposition, conditions), quotes, and names (of parties,
speakers, observers, publishers).  A sealed value is in none of the views and so in none of these.

What somebody types is never FTS5's own language: words, all of which must be there; `"exact phrases"`; and `prefix*`.
Case and the accents of Latin letters make no difference.  A script written without spaces is found by `prefix*` only.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.amending import RETRACTION
from ledger.errors import Refused, Unparsable
from projections.evidence import Reading, reading
from projections.stored import fields_of
from projections.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.clocks import Moment

VERSION: Final = 1
"""Raised when other words are searched, or in another way: older indexes are then made anew."""
EVERYTHING: Final = Wanted()
OPENED: Final = "\ue000"
CLOSED: Final = "\ue001"
"""What stands around the words of a snippet that were looked for: private characters, which no font draws."""

_TOKENS: Final = "unicode61 remove_diacritics 2"
_COLUMNS: Final = ("text", "quote", "names")
_TEXTS: Final = ("text", "reason", "title", "proposition", "condition", "conditions")
_NAMES: Final = ("name", "aliases", "alias", "speaker", "role", "observer", "publisher", "place")
_IDS: Final = {"party-registered": "party", "issue-opened": "issue", "source-registered": "source"}
"""What a registration names is looked for by its id too; elsewhere `--party` and `--issue` ask for ids."""
_SNIPPET_TOKENS: Final = 24
_CHUNK: Final = 10_000
"""Rows indexed at a time."""

LAST: Final = 1 << 62
"""A place after that of everything that is indexed."""

_TERM: Final = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
_SEARCHABLE: Final = frozenset({"L", "N"})

_NEW: Final = """
SELECT 2 * entry AS id, entry, entry AS known_from, type, data FROM entries WHERE entry > :after
UNION ALL
SELECT 2 * s.known_from + 1, s.entry, s.known_from, e.type, s.data
FROM states s JOIN entries e USING (entry) WHERE s.known_from > :after
"""
_FOUND: Final = f"""
SELECT s.id, s.entry, snippet(search_fts, -1, '{OPENED}', '{CLOSED}', '…', {_SNIPPET_TOKENS})
FROM search_fts JOIN search s ON s.id = search_fts.rowid
WHERE search_fts MATCH :words AND search_fts.rowid < :before AND s.known_from <= :k
AND NOT EXISTS (SELECT 1 FROM states l WHERE l.entry = s.entry AND l.known_from > s.known_from AND l.known_from <= :k)
AND (:retracted OR NOT EXISTS (
    SELECT 1 FROM effects f WHERE f.target = s.entry AND f.kind = '{RETRACTION}'
    AND f.known_from <= :k AND f.known_to > :k
))
ORDER BY search_fts.rowid DESC
"""


class Found(NamedTuple):
    """An entry that has the words, as it reads, and where they stand in it."""

    reading: Reading
    snippet: str
    """Some words around the first match, each match between `OPENED` and `CLOSED`."""
    place: int
    """Where it stands in the index: what was found next has a smaller one."""

    @property
    def plain(self) -> str:
        """The snippet without the marks."""
        return self.snippet.replace(OPENED, "").replace(CLOSED, "")


def search(
    db: sqlite3.Connection, words: str, at: Moment, wanted: Wanted = EVERYTHING, *, retracted: bool = False
) -> Iterator[Found]:
    """Yield the entries that have all the words, by what they read at K, what was recorded or corrected last first.

    Args:
        db: the views, caught up; the index is caught up here.
        words: what somebody typed: words, `"exact phrases"`, `prefix*`.
        at: the two moments; with a T, only what is of the world and certain by it.
        wanted: which of them.
        retracted: also what was retracted by K.

    Raises:
        Unparsable: there is no word in it.
    """
    match_of(words)
    catch_up(db)
    return (one for one in hits(db, words, at, retracted=retracted) if wanted.fits(db, one.reading, at))


def hits(db: sqlite3.Connection, words: str, at: Moment, before: int = LAST, *, retracted: bool) -> Iterator[Found]:
    """Yield every entry that has all the words, as `search` does.

    Args:
        db: the views, the index among them, caught up.
        words: as for `search`.
        at: the two moments; only K counts here.
        before: only what is found after this place.
        retracted: also what was retracted by K.

    Raises:
        Unparsable: there is no word in it.
    """
    asked = {"words": match_of(words), "k": at.known_at, "retracted": retracted, "before": before}
    for place, entry, snippet in db.execute(_FOUND, asked):
        one = reading(db, entry, at.known_at)
        if one is not None:
            yield Found(one, snippet, place)


# What was typed


def match_of(words: str) -> str:
    """Return what somebody typed in the language of FTS5, every term a quoted string that means itself.

    >>> match_of('"30-day truce" Kreml* OR NOT(x')
    '"30-day truce" "Kreml" * "OR" "NOT(x"'

    Raises:
        Unparsable: there is no word in it.
    """
    terms = []
    for phrase, starred, word in _TERM.findall(_typed(words)):
        term = phrase or word.rstrip("*")
        if any(unicodedata.category(c)[0] in _SEARCHABLE for c in term):
            terms.append(f'"{term}"' + (" *" if starred or word.endswith("*") else ""))
    if not terms:
        raise Unparsable(f"'{words}' has no word to search for", hint='words, "an exact phrase", or a prefix*')
    return " ".join(terms)


def _typed(text: str) -> str:
    """Return text as both sides of the search have it: NFC, and nothing that UTF-8 or SQLite could not take."""
    return re.sub("[\0\ud800-\udfff]", " ", unicodedata.normalize("NFC", text))


# The index


def catch_up(db: sqlite3.Connection, told: Callable[[int], None] | None = None) -> None:
    """Index what the views have and the index has not, in one transaction.

    Args:
        db: the views, caught up.
        told: called now and then with the last entry that is indexed.

    Raises:
        Refused: this SQLite has no full-text search.
    """
    if _mark(db) == _views_mark(db):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        _index(db, told)
    except BaseException:
        db.rollback()
        raise
    db.commit()


def _index(db: sqlite3.Connection, told: Callable[[int], None] | None) -> None:
    mark, goal = _mark(db), _views_mark(db)  # again: another process may have been first
    if mark == goal:
        return
    if mark is None or mark[:2] != goal[:2] or mark[2] >= goal[2]:
        _create(db)
        mark = None
    after = -1 if mark is None else mark[2]
    new = db.execute(_NEW, {"after": after})
    columns, done = ", ".join(_COLUMNS), 0
    while rows := [_row(*row) for row in new.fetchmany(_CHUNK)]:
        db.executemany("INSERT INTO search VALUES (?, ?, ?, ?, ?, ?)", rows)
        words = ((number, *some) for number, _, _, *some in rows)
        db.executemany(f"INSERT INTO search_fts (rowid, {columns}) VALUES (?, ?, ?, ?)", words)
        if told is not None:
            done = max(done, rows[-1][2])  # corrections come after all that was recorded
            told(done)
    db.execute("DELETE FROM search_mark")
    db.execute("INSERT INTO search_mark VALUES (?, ?, ?, ?)", goal)


def indexed(db: sqlite3.Connection, upto: int) -> Iterator[tuple[int, int, int, *tuple[str | None, ...]]]:
    """Yield the rows that `search` holds once it is brought up to an entry, by id.

    Args:
        db: the views, folded at least that far.
        upto: that entry.
    """
    rows = db.execute(f"SELECT * FROM ({_NEW}) WHERE known_from <= :upto ORDER BY id", {"after": -1, "upto": upto})
    return (_row(*row) for row in rows)


def _create(db: sqlite3.Connection) -> None:
    from sqlite_utils import Database  # noqa: PLC0415  0.2 s to import, needed only when tables are made

    for name in ("search_fts", "search", "search_mark"):
        db.execute(f"DROP TABLE IF EXISTS {name}")
    tables = Database(db, execute_plugins=False)
    tables.table("search_mark").create({"version": int, "views": int, "entry": int, "leaf": bytes})
    tables.table("search").create(
        {"id": int, "entry": int, "known_from": int, **dict.fromkeys(_COLUMNS, str)},
        pk="id",
        foreign_keys=[("entry", "entries", "entry")],
    )
    try:
        tables.table("search").enable_fts(_COLUMNS, tokenize=_TOKENS)
    except sqlite3.OperationalError as error:
        if "no such module" in str(error):
            raise Refused("this SQLite has no full-text search", hint="use a Python whose SQLite has FTS5") from None
        raise


def _mark(db: sqlite3.Connection) -> tuple[int, int, int, bytes] | None:
    try:
        row: tuple[int, int, int, bytes] | None = db.execute("SELECT * FROM search_mark").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return None
        raise
    return row


def _views_mark(db: sqlite3.Connection) -> tuple[int, int, int, bytes]:
    views, entry, leaf = db.execute("SELECT version, entry, leaf FROM meta").fetchone()
    return VERSION, views, entry, leaf


def _row(
    number: int, entry: int, known_from: int, kind: str, data: str
) -> tuple[int, int, int, *tuple[str | None, ...]]:
    """Return the words of one reading."""
    fields: Any = fields_of(data)
    get = fields.get
    names = [get(_IDS[kind])] if kind in _IDS else []
    names += [word for name in _NAMES for word in _words(get(name))]
    text = [word for name in _TEXTS for word in _words(get(name))]
    quote = _words((get("quote") or {}).get("exact"))
    return number, entry, known_from, *(_typed(" · ".join(some)) or None for some in (text, quote, names))


def _words(value: object) -> list[str]:
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    return [value] if isinstance(value, str) else []
