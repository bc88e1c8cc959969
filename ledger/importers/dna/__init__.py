"""Discourse Network Analyzer: what coders have marked in documents, a position for each statement.

Read are `.dna` projects of DNA 2 and 3 (`project`) and event lists (`events`).  A statement with a party, an issue and
a stance becomes a position's evidence (`drafts`); which variables those are is said by the codebook's names, or by
settings (`roles`).  A statement that lacks one of them, such as an annotation, is no position: it is left out, and
counted by what it lacks.

Left in the project are colours, regular expressions, coders' permissions, links between statements, documents' notes,
and of entities all attributes but `Alias`: neither a type (`NGO`) nor a parent (`ChildOf`) says anything that a ledger
acts on, least of all that one shares the other's positions.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import Unparsable
from ledger.importers.dna import events
from ledger.importers.dna.drafts import Drafts
from ledger.importers.dna.project import MAGIC, opened
from ledger.importers.dna.roles import NAMES, must_fit
from ledger.importers.packed import head_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.importers.line import Line
    from ledger.register import Register

NAME: Final = "dna"
SETTINGS: Final = {"dataset": "the data set's name", **{role: f"the variable that is the {role}" for role in NAMES}}
_DATASET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_TOLD: Final = 1_000_000
_FRACTIONS: Final = b"\x40\x20\x20"
"""Bytes 21 to 23 of every SQLite database (its file format, section 1.3.5)."""


def fits(head: bytes) -> bool:
    """Say whether a file that begins so is a SQLite database, or an event list."""
    return (head.startswith(MAGIC) and head[21:24] == _FRACTIONS) or events.fits(head)


def lines(file: IO[bytes], register: Register, settings: Mapping[str, str] | None = None) -> Iterator[Line]:
    """Yield a line for each statement; its number is the statement's id in a project, the line of an event list.

    Args:
        file: a project or an event list, perhaps packed by gzip.
        register: what is known already.
        settings: of `SETTINGS`; what is not there is told from the file's name and its variables'.

    Raises:
        Refused: the file is neither, or is damaged.
        Unparsable: nothing says which variables are the party, the issue and the stance.
    """
    given = settings or {}
    dataset = given.get("dataset") or dataset_of(file)
    size = file.seek(0, 2)
    file.seek(0)
    if head_of(file, len(MAGIC)) != MAGIC:
        yield from _of_events(file, Drafts(register, dataset, given), given)
        return
    with opened(unpacked(file)) as project:
        must_fit(project.types.values(), given)
        drafts = Drafts(register, dataset, given, project.aliases)
        notes = tuple(name for name, count in project.counted().items() for _ in range(min(count, _TOLD)))
        done, total = 0, max(project.size, 1)
        for together in project.statements():
            done += len(together)
            for line in drafts.lines(together, size * done // total):
                yield line._replace(notes=(*line.notes, *notes))
                notes = ()


def _of_events(file: IO[bytes], drafts: Drafts, settings: Mapping[str, str]) -> Iterator[Line]:
    found = events.Events(file)
    must_fit([found.variables], settings)
    notes: tuple[str, ...] = ("characters_guessed",) if found.guessed else ()
    for one in found.statements():
        for line in drafts.lines([one], file.tell()):
            yield line._replace(notes=(*line.notes, *notes))
            notes = ()


def dataset_of(file: IO[bytes]) -> str:
    """Return the name of a data set: `dna/` and the file's name without its ending; `dna` where it has no name."""
    name = getattr(file, "name", None)
    if not isinstance(name, str):
        return NAME
    stem = PurePath(PurePath(name).name.removesuffix(".gz")).stem
    return f"{NAME}/{_NOT_IN_A_NAME.sub('-', stem).strip('-._')[:70]}".rstrip("/")


class _Told:
    """This format, with settings."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.NAME: str = NAME
        self.SETTINGS: Mapping[str, str] = SETTINGS
        self.settings = settings

    def fits(self, head: bytes) -> bool:
        return fits(head)

    def lines(self, file: IO[bytes], register: Register) -> Iterator[Line]:
        return lines(file, register, self.settings)

    def dataset_of(self, file: IO[bytes]) -> str:
        return self.settings.get("dataset") or dataset_of(file)

    def with_settings(self, settings: Mapping[str, str]) -> _Told:
        return with_settings({**self.settings, **settings})


def with_settings(settings: Mapping[str, str]) -> _Told:
    """Return this format with settings.

    Raises:
        Unparsable: the data set's name cannot be one.
    """
    dataset = settings.get("dataset", NAME)
    if not _DATASET.fullmatch(dataset):
        raise Unparsable(f"'{dataset}' cannot name a data set", hint="Latin letters, digits and . _ : / - will do")
    return _Told(settings)
