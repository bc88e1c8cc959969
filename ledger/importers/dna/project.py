"""Reading `.dna` projects: SQLite databases of schema 3 (DNA 3.0 and later) and schema 2 (DNA 2.0).

Both have `DOCUMENTS`, `STATEMENTTYPES`, `VARIABLES`, `CODERS` and `STATEMENTS`, and a table of values for each data
type (`DATABOOLEAN`, `DATAINTEGER`, `DATASHORTTEXT`, `DATALONGTEXT`).  They differ in three things: a short text is an
entity of the table `ENTITIES` in schema 3 and stands in its row in schema 2; a document's `Date` counts seconds, or
milliseconds; and who is called what else stands in `ATTRIBUTEVALUES`, or in `ATTRIBUTES`.

**Days.**  DNA 3 stores the date and time that somebody typed as if it were UTC: the day is what was typed.  DNA 2
stores an instant, as the coder's computer had it: midnight in Berlin is 22:00 or 23:00 UTC of the day before.  Where
all of a project's documents are of one such time of day, or of two that a summer's hour parts, they are days without
times, and are read as that; otherwise the day is the one in UTC, which may be a day off, and is counted as such.

**Bounds.**  `Start` and `Stop` count UTF-16 units.  Where a document has line ends as Windows writes them, DNA's window
counted each as one character, while its database and rDNA count two: the reading is taken under which more passages
begin and end where words do, the window's if that does not tell.

The project is copied before it is read: nothing is locked, written or waited for beside it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ledger.errors import Refused
from ledger.importers.dna.coded import Coded, Document, Variable
from ledger.importers.packed import whole

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"SQLite format 3\0"
_VALUED: Final = ("DATABOOLEAN", "DATAINTEGER", "DATASHORTTEXT", "DATALONGTEXT")
_TABLES: Final = ("DOCUMENTS", "STATEMENTTYPES", "VARIABLES", "CODERS", "STATEMENTS", *_VALUED)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = 86_400
_HOUR: Final = 3_600
_QUARTER: Final = 900
_STATEMENTS: Final = """
SELECT s.ID, s.StatementTypeId, s.DocumentId, s.Start, s.Stop, COALESCE(NULLIF(TRIM(c.Name), ''), CAST(s.Coder AS TEXT))
FROM STATEMENTS s LEFT JOIN CODERS c ON c.ID = s.Coder ORDER BY s.DocumentId, s.ID
"""
_DOCUMENT: Final = "SELECT ID, Title, Author, Source, Section, Type, Text, Date FROM DOCUMENTS WHERE ID = ?"
_VALUES: Final = """
SELECT v.Variable, d.Value FROM {table} d JOIN VARIABLES v ON v.ID = d.VariableId WHERE d.StatementId = ?
"""
_ENTITY: Final = """
SELECT v.Variable, e.Value FROM DATASHORTTEXT d JOIN VARIABLES v ON v.ID = d.VariableId
LEFT JOIN ENTITIES e ON e.ID = d.Entity WHERE d.StatementId = ?
"""


@contextmanager
def opened(file: IO[bytes]) -> Iterator[Project]:
    """Give a project, and let go of it.

    Raises:
        Refused: the file is no project, or is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="verbale-") as folder:
        copy = Path(folder) / "project.dna"
        with whole(), copy.open("wb") as written:
            shutil.copyfileobj(file, written, 1 << 20)
        try:
            with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                db.text_factory = lambda data: data.decode("utf-8", "replace")
                db.execute("PRAGMA trusted_schema = OFF")
                yield Project(db)
        except sqlite3.Error as error:
            raise Refused(f"the project cannot be read: {error}", hint="open it with DNA and save it again") from None


class Project:
    """A project, read statement by statement: no more than one document is held.

    Args:
        db: a database that nobody writes to.

    Raises:
        Refused: it is no project.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        tables = {name.upper() for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        missing = [name for name in _TABLES if name not in tables]
        if missing:
            hint = "nothing was recorded; a DNA project is a file that DNA 2.0 or later wrote"
            raise Refused(f"the database is no DNA project: it has no table {missing[0]}", hint=hint)
        self._with_entities = "ENTITIES" in tables
        if not self._with_entities and "Entity" in self._columns_of("DATASHORTTEXT"):
            hint = "nothing was recorded; import a whole copy of the file, or open it with DNA 3 and save it anew"
            message = "the project lacks its table ENTITIES, which holds the words of its short texts"
            raise Refused(f"{message} (schema 3)", hint=hint)
        self._with_attributes = "ATTRIBUTEVALUES" in tables if self._with_entities else "ATTRIBUTES" in tables
        self.types = self._types()
        """The variables of each statement type, by the type's id."""
        self._seconds = 1 if self._with_entities else 1_000
        self._offsets = {0: 0} if self._with_entities else self._midnights()

    @property
    def size(self) -> int:
        """How many statements there are."""
        return int(self._db.execute("SELECT COUNT(*) FROM STATEMENTS").fetchone()[0])

    def counted(self) -> dict[str, int]:
        """Return how much of what a ledger has no place for."""
        documents = "SELECT COUNT(*) FROM DOCUMENTS WHERE ID NOT IN (SELECT COALESCE(DocumentId, -1) FROM STATEMENTS)"
        return {"documents_without_statements": int(self._db.execute(documents).fetchone()[0])}

    def aliases(self, name: str, value: str) -> str:
        """Return what else somebody is called, by a variable's name and value."""
        if not self._with_attributes:
            return ""
        query = """
            SELECT a.AttributeValue FROM ENTITIES e JOIN VARIABLES v ON v.ID = e.VariableId
            JOIN ATTRIBUTEVALUES a ON a.EntityId = e.ID JOIN ATTRIBUTEVARIABLES n ON n.ID = a.AttributeVariableId
            WHERE v.Variable = ? AND e.Value = ? AND n.AttributeVariable = 'Alias' AND a.AttributeValue <> ''
        """
        if not self._with_entities:
            query = """
                SELECT a.Alias FROM ATTRIBUTES a JOIN VARIABLES v ON v.ID = a.VariableId
                WHERE v.Variable = ? AND a.Value = ? AND a.Alias <> ''
            """
        row = self._db.execute(query, (name, value)).fetchone()
        return "" if row is None else str(row[0])

    def statements(self) -> Iterator[list[Coded]]:
        """Yield the statements of each document, the documents in the order of their ids."""
        for number, together in groupby(self._db.execute(_STATEMENTS), key=itemgetter(2)):
            row = self._db.execute(_DOCUMENT, (number,)).fetchone()
            if row is None:
                document = Document(str(number))
                yield [self._coded(one, document, None, "its document is not in the project") for one in together]
                continue
            document = Document(*(str(value or "") for value in row[:7]))
            yield [self._coded(one, document, row[7]) for one in together]

    def _coded(self, row: tuple[Any, ...], document: Document, date: object, unsound: str | None = None) -> Coded:
        number, type_, _, start, stop, coder = row
        day, clock, unknown = "", None, False
        if unsound is None:
            try:
                day, clock, unknown = self._day(date)
            except (OverflowError, TypeError, ValueError):
                unsound = "its document has no date"
        values, odd = self._values(number)
        not_whole = next((f"{name} is {value!r:.40}, and is to be a whole number" for name, value in odd.items()), None)
        bounds = (start, stop) if type(start) is int and type(stop) is int else None
        return Coded(
            id=str(number),
            line=number,
            variables=self.types.get(type_, {}),
            values=values,
            document=document,
            day=day,
            clock=clock,
            zone_unknown=unknown,
            coder=coder,
            bounds=bounds,
            words=None,
            unread=frozenset(odd),
            unsound=unsound or not_whole,
        )

    def _columns_of(self, table: str) -> set[str]:
        return {name for (name,) in self._db.execute("SELECT name FROM pragma_table_info(?)", (table,))}

    def _types(self) -> dict[int, dict[str, Variable]]:
        found: dict[int, dict[str, Variable]] = {}
        rows = self._db.execute("SELECT ID, StatementTypeId, Variable, DataType FROM VARIABLES ORDER BY ID").fetchall()
        for number, type_, name, datatype in rows:
            low, high = 0, 0
            if datatype == "integer":
                query = "SELECT COALESCE(MIN(Value), 0), COALESCE(MAX(Value), 0) FROM DATAINTEGER WHERE VariableId = ?"
                low, high = self._db.execute(query, (number,)).fetchone()
            found.setdefault(type_, {})[str(name)] = Variable(str(name), str(datatype), low < 0, high)
        return found

    def _values(self, statement: int) -> tuple[dict[str, str | int], dict[str, object]]:
        """Return the values of a statement by their variables' names, and what stands there in place of a number."""
        found: dict[str, str | int] = {}
        odd: dict[str, object] = {}
        for table in ("DATABOOLEAN", "DATAINTEGER"):
            for name, value in self._db.execute(_VALUES.format(table=table), (statement,)):
                if type(value) is int:
                    found[str(name)] = value
                elif value is not None:
                    odd[str(name)] = value
        texts = _ENTITY if self._with_entities else _VALUES.format(table="DATASHORTTEXT")
        for query in (texts, _VALUES.format(table="DATALONGTEXT")):
            for name, value in self._db.execute(query, (statement,)):
                found[str(name)] = "" if value is None else str(value)
        return found, odd

    def _midnights(self) -> dict[int, int]:
        """Return what to add to each time of day to get local midnight; nothing where there are other times of day."""
        query = "SELECT DISTINCT ((Date / 1000) % 86400 + 86400) % 86400 FROM DOCUMENTS LIMIT 3"
        times = sorted(time for (time,) in self._db.execute(query) if type(time) is int)
        apart = {times[-1] - times[0], _DAY - (times[-1] - times[0])} if times else set()
        if len(times) > 2 or (len(times) == 2 and _HOUR not in apart) or any(time % _QUARTER for time in times):  # noqa: PLR2004  summer and winter
            return {}
        east = bool(times) and times[-1] >= _DAY // 2
        return {time: (_DAY - time if east else -time) if time else 0 for time in times}

    def _day(self, date: Any) -> tuple[str, str | None, bool]:  # noqa: ANN401  whatever the column holds
        """Return the day of a document, its time where there is one, and whether the day is unsure."""
        seconds = date // self._seconds
        offset = self._offsets.get(seconds % _DAY)
        if self._with_entities or offset is None:
            when = _EPOCH + timedelta(seconds=seconds)
            clock = when.strftime("%H:%M:%S") if seconds % _DAY else None
            return f"{when:%Y-%m-%d}".zfill(10), clock, not self._with_entities
        return f"{_EPOCH + timedelta(seconds=seconds + offset):%Y-%m-%d}".zfill(10), None, False
