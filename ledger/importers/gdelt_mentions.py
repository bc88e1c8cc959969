"""GDELT 2.0's mentions: which article mentions which event, 16 columns with tabs and without a header.

What is made of a row: its article is registered as a source, and corroborates the deed that was made from its event
(`ledger.importers.gdelt`), with the row in `origin`.  It stays evidence of the data set `gdelt`, which counts once,
however many articles it has read.  `Confidence` (in per cent, of GDELT in its own reading) and a few other columns are
kept word for word.

- Files are slices of 15 minutes, and mostly mention events of other slices.  A row whose event the ledger lacks is left
  out, and counted (`left_out_event_not_here`); so is one whose event is retracted (`left_out_event_retracted`).  Import
  the events first.  An event that was taken for a repetition of another one is not there either.
- The article that the event itself rests on says nothing new, nor does one that mentions it again: `repeated`.

Source: "The GDELT Event Database Data Format Codebook", V2.0 (2015).
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

from ledger.entries import Mover
from ledger.errors import Unparsable
from ledger.importers.events import Dyads
from ledger.importers.gdelt import NAME as EVENTS
from ledger.importers.gdelt import article
from ledger.importers.headers import first_line
from ledger.importers.line import Draft, Line
from ledger.importers.tables import Layout, Table
from ledger.keys import KeySet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.register import Register

NAME: Final = "gdelt-mentions"
_COLUMNS: Final = (
    *["GlobalEventID", "EventTimeDate", "MentionTimeDate", "MentionType", "MentionSourceName", "MentionIdentifier"],
    *["SentenceID", "Actor1CharOffset", "Actor2CharOffset", "ActionCharOffset", "InRawText", "Confidence"],
    *["MentionDocLen", "MentionDocTone", "MentionDocTranslationInfo", "Extras"],
)
_KEPT: Final = ("MentionTimeDate", "MentionSourceName", "SentenceID", "InRawText", "Confidence", "MentionDocTone")
_TIME: Final = re.compile(r"[0-9]{14}")
_TYPES: Final = frozenset("123456")


def fits(head: bytes) -> bool:
    """Say whether a file begins with a row of GDELT's mentions."""
    return _is_mention(first_line(head))


def _is_mention(cells: Sequence[str]) -> bool:
    times = all(_TIME.fullmatch(cell) for cell in cells[1:3])
    return len(cells) == len(_COLUMNS) and cells[0].isdigit() and times and cells[3] in _TYPES


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each row."""
    mentions = _Mentions(register)
    with Table(file, Layout(None, "\t", None, header=0, ragged="keep")) as table:
        for row in table:
            end = table.position()
            cells = [cell.strip() for cell in row.cells]
            cells += [""] * (
                len(_COLUMNS) - len(cells) if len(cells) in {14, 15} else 0
            )  # the last two are mostly blank
            if row.error is not None:
                yield Line(row.number, None, 0, end, error=row.error)
            elif not _is_mention(cells) or not cells[5]:
                hint = "16 cells: the event's number, two times of 14 digits, a type from 1 to 6, the article"
                yield Line(row.number, None, 0, end, error=Unparsable("the row is no mention", hint=hint))
            else:
                yield mentions.line(row.number, dict(zip(_COLUMNS, cells, strict=True)), end)


class _Mentions:
    """What the rows of one file have said so far."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._dyads = Dyads(EVENTS, None, register)
        self._said = KeySet()

    def line(self, number: int, said: Mapping[str, str], end: int) -> Line:
        """Return what a row says."""
        event, source = said["GlobalEventID"], article(said["MentionIdentifier"])
        entry = self._register.origin(EVENTS, event)
        if entry is None:
            return Line(number, None, 0, end, left_out="event_not_here")
        if self._register.retracted_by(entry) is not None:
            return Line(number, None, 0, end, left_out="event_retracted")
        deed = self._register.as_recorded(entry)
        own = isinstance(deed, Mover) and deed.source == source.id
        if own or not self._said.add(f"{event}\t{source.id}"):
            return Line(number, None, 0, end, repeats=True)
        columns = {name: said[name] for name in _KEPT if said[name]}
        draft: Draft = {
            "type": "entry-corroborated",
            "entry": entry,
            "source": source.id,
            "text": "mentioned in another article",
            "origin": {"dataset": EVENTS, "id": f"{event}/{source.id}", "columns": columns},
        }
        return Line(number, draft, 0, end, tuple(self._dyads.source(source)))
