"""Votes in the General Assembly of the United Nations, as Voeten's data give them: real positions on real issues.

Read is the joined CSV: one row per state and roll call, with the columns `rcid`, `country`, `vote`, `date`, `unres` and
`short`, in any order and among others; or the votes of the original's three tables, beside which that of the roll calls
lies, from which the last three columns are taken; or one zip of them.  The third table, of topics, is not read:
there is no field for them in an issue.  What is made of it:

- A roll call is an issue, `unga/rcid-5309`: `rcid` is the data's key.  The resolution's number and title stand in the
  proposition, that it be adopted; numbers come in two spellings (`R/68/262`, `A/RES/74/168`), and 203 resolutions have
  several roll calls.
- A vote is a statement on the day of the roll call: yes is `support`, no `oppose`, abstaining `uncommitted`.  Who was
  absent has no row, and no position.  Where the first vote is one of Voeten's numbers, all are: 1 yes, 2 abstaining,
  3 no; 8, absent, and 9, not a member, are left out and counted (`left_out_absent`, `left_out_no_member`).
- A country is the party that the ledger knows by its name at that date, else that state (`ledger.actors`), registered
  under its ISO code.  The data's code is not looked at: it is missing for Namibia (`NA`, taken for "not available"
  upstream) and for states that ended.  "Russia" is one name throughout; until 1991-12-25 it means the Soviet Union.
  Two states are in the data until that session's end, weeks after their own: their names are the old states' always.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ledger.actors import Actors
from ledger.errors import Refused
from ledger.importers.headers import Columns, given, has, must_be_once
from ledger.importers.line import Line
from ledger.importers.packed import files_in, head_of
from ledger.importers.tables import Layout, Table
from ledger.importers.text_lines import lines_of, text_in, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register

NAME: Final = "unga"
SOURCE: Final = "unga-votes"
STANCES: Final = {"yes": "support", "abstain": "uncommitted", "no": "oppose"}
_NUMBERS: Final = {"1": "yes", "2": "abstain", "3": "no", "8": "absent", "9": "no_member"}
_NO_VOTES: Final = ("absent", "no_member")
_VOTE: Final = ("rcid", "country", "vote")
_ABOUT: Final = ("date", "unres", "short")
_COLUMNS: Final = (*_VOTE, *_ABOUT)
_ENDED: Final = {"Federal Republic of Germany": "GFR", "Yemen Arab Republic": "YAR"}
"""States that vote in December 1990, by the letters of the Correlates of War."""
_HEAD: Final = 4_096
_UNREAD: Final = "a line that is too long"
"""What stands for one."""
_NUMBER: Final = re.compile(r"(?:A/)?R(?:ES)?/(.+)")


def fits(head: bytes) -> bool:
    """Say whether a file begins with the header of the votes, joined or not, or of the roll calls."""
    return has(head, _VOTE) or has(head, ("rcid", *_ABOUT))


def is_among(file: IO[bytes]) -> bool:
    """Say whether a file is a zip of several that holds the votes; it is left at its start."""
    found = _among(file, _VOTE) is not None
    file.seek(0)
    return found


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each vote.

    Raises:
        Refused: the header lacks a column, or has one twice, or the roll calls are not there.
    """
    # Not as a table: there are 870,109 votes, and this takes half the time.
    with text_in(_among(file, _VOTE) or file, "utf-8-sig", "surrogateescape") as text:
        yield from _lines(_rows(lines_of(text)), file, register)


def _rows(lines: Iterator[str | None]) -> Iterator[tuple[int, list[str] | Refused]]:
    """Yield the rows that are not blank, each with the line that it begins on, or why it cannot be read."""
    rows, last = csv.reader(_UNREAD if line is None else line for line in lines), 0
    while True:
        number = last + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            what = f"a cell is longer than {csv.field_size_limit():,} characters"
            yield number, Refused(what, hint="is a quote opened here and never closed?")
            row = []
        last = rows.line_num
        if row:
            yield number, too_long(within=False) if row == [_UNREAD] else row


def _lines(rows: Iterator[tuple[int, list[str] | Refused]], file: IO[bytes], register: Register) -> Iterator[Line]:
    _, header = next(rows, (1, []))
    if isinstance(header, Refused):
        raise header
    calls = _roll_calls(file) if set(_VOTE) <= set(header) and not set(_ABOUT) & set(header) else None
    columns = _COLUMNS if calls is None else _VOTE
    missing = [name for name in columns if name not in header]
    if missing:
        hint = f"they need: {', '.join(columns)}"
        if set(_ABOUT) <= set(header):
            hint = "these are the roll calls: import the votes beside them"
        raise Refused(f"the votes have no column '{missing[0]}'", hint=hint)
    must_be_once(header, columns)
    wanted, asked, actors = [header.index(name) for name in columns], _Asked(register), Actors(register)
    spelling = _Spelling()
    for number, row in rows:
        if isinstance(row, Refused):
            yield Line(number, None, 0, file.tell(), error=row)
            continue
        if len(row) != len(header):
            yield _refused(number, file, f"{len(row)} cells, and the header has {len(header)}", "mend the row")
            continue
        rcid, country, vote, *about = (row[at].strip() for at in wanted)
        if calls is not None and rcid not in calls:
            yield _refused(number, file, f"there is no roll call '{rcid[:40]}'", "is the table of roll calls whole?")
            continue
        date, resolution, title = about if calls is None else calls[rcid]
        said = spelling.read(vote)
        if isinstance(said, Refused):
            yield Line(number, None, 0, file.tell(), error=said)
            continue
        if said in _NO_VOTES:
            yield Line(number, None, 0, file.tell(), left_out=said)
            continue
        issue = f"unga/rcid-{rcid}"
        needed = tuple(map(_bytes, asked.for_vote(issue, (rcid, resolution, title))))
        ended = _ENDED.get(country)
        party = actors.party(code=ended, scheme="cow") if ended else actors.party(name=country, on=date)
        statement = {
            "type": "statement-made",
            "party": party.party,
            "issue": issue,
            "stance": STANCES[said],
            "said_on": date,
            "text": f"{country} abstained" if said == "abstain" else f"{country} voted {said}",
            "source": SOURCE,
        }
        yield Line(number, _bytes(statement), 0, file.tell(), (*needed, *party.needed))


def _roll_calls(votes: IO[bytes]) -> dict[str, tuple[str, ...]]:
    """Return day, resolution and title of each roll call, from the table beside the votes, or in their zip."""
    packed = _among(votes, ("rcid", *_ABOUT))
    if packed is not None:
        return _called(packed)
    name = getattr(votes, "name", None)
    folder = Path(name).parent if isinstance(name, str) else None
    for path in sorted(folder.glob("*.csv*")) if folder is not None else ():
        with path.open("rb") as file:
            if not has(head_of(file, _HEAD), ("rcid", *_ABOUT)):
                continue
            return _called(file)
    hint = "put un_roll_calls.csv, with the columns rcid, date, unres and short, into the folder of the votes"
    raise Refused("the votes have no dates, and no roll calls lie beside them", hint=hint)


def _called(file: IO[bytes]) -> dict[str, tuple[str, ...]]:
    with Table(file, Layout()) as table:
        columns = Columns(table.header, ("rcid", *_ABOUT))
        return {
            columns.cell(row.cells, "rcid"): tuple(given(columns.cell(row.cells, one)) for one in _ABOUT)
            for row in table
        }


def _among(file: IO[bytes], columns: tuple[str, ...]) -> IO[bytes] | None:
    """Return that of the files of a zip whose header names these columns."""
    return next((one for one in files_in(file) if has(head_of(one, _HEAD), columns)), None)


class _Spelling:
    """Reads the votes of one file: all in words, or all in numbers, as the first is."""

    def __init__(self) -> None:
        self._in_numbers: bool | None = None

    def read(self, vote: str) -> str | Refused:
        """Return what was voted, in words, or why that is none."""
        if self._in_numbers is None:
            self._in_numbers = vote.removesuffix(".0") in _NUMBERS
        if not self._in_numbers:
            hint = "who was absent has no row"
            return (
                vote if vote in STANCES else Refused(f"the vote '{vote[:40]}' is none of yes, no, abstain", hint=hint)
            )
        said = _NUMBERS.get(vote.removesuffix(".0"))
        if said is not None:
            return said
        what = "is no number, and the votes above are" if vote in STANCES else "is none of 1, 2, 3, 8, 9"
        return Refused(f"the vote '{vote[:40]}' {what}", hint="1 yes, 2 abstained, 3 no, 8 absent, 9 not a member")


def _refused(number: int, file: IO[bytes], message: str, hint: str) -> Line:
    return Line(number, None, 0, file.tell(), error=Refused(message, hint=hint))


class _Asked:
    """What the register was asked for already, so that each issue is asked for once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._issue = ""
        self._source = False

    def for_vote(self, issue: str, about: tuple[str, str, str]) -> Iterator[dict[str, Any]]:
        """Yield the drafts of what a vote is about and the ledger does not know."""
        if not self._source:
            self._source = True
            if self._register.source(SOURCE) is None:
                title = "Votes in the General Assembly of the United Nations"
                yield {"type": "source-registered", "source": SOURCE, "title": title, "publisher": "Erik Voeten"}
        if issue != self._issue:
            self._issue = issue
            if self._register.issue(issue) is None:
                yield {"type": "issue-opened", "issue": issue, "proposition": _proposition(*about)}


def _proposition(rcid: str, resolution: str, title: str) -> str:
    """Return what is voted on, as far as the data say; titles hold tabs and line ends, which no proposition may."""
    number = _NUMBER.fullmatch(resolution)
    named = [f"A/RES/{number[1]}" if number else resolution, " ".join(title.split())]
    what = ", ".join(filter(None, named)) or "its text"
    return f"Roll call {rcid} of the General Assembly: adopt {what}"


def _bytes(draft: dict[str, Any]) -> bytes:
    return json.dumps(draft, ensure_ascii=False).encode("utf-8", "surrogatepass")
