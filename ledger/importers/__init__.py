"""Text in, drafts out: one module per format, recognised by how a file begins.

A format is a module with `NAME`, `fits(head)`, which says whether a file that begins so is one, and `lines(file,
register)`, which yields a `Line` for each row: its draft, and the drafts of what it names that the register does not
know.  A file that begins as none does is taken for a dossier, whose lines say what is wrong with them.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, Protocol

from ledger.errors import Unparsable
from ledger.importers import acled, dossier, gdelt, icews, polecat, unga
from ledger.importers.packed import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.importers.line import Line
    from ledger.register import Register

_HEAD: Final = 4_096


class Format(Protocol):
    """How the files of one data set are read."""

    NAME: str

    def fits(self, head: bytes) -> bool:
        """Say whether a file that begins so is one."""

    def lines(self, file: IO[bytes], register: Register) -> Iterator[Line]:
        """Yield a line for each row."""


FORMATS: Final[dict[str, Format]] = {one.NAME: one for one in (dossier, gdelt, icews, polecat, acled, unga)}


def format_of(file: IO[bytes], name: str | None = None) -> Format:
    """Return the format of a file: as it is said, else as it begins.

    Args:
        file: at its start, where it is left.
        name: one of `FORMATS`.

    Raises:
        Unparsable: there is no format of this name.
    """
    if name is not None:
        if name not in FORMATS:
            raise Unparsable(f"no format '{name}'", hint=f"one of: {', '.join(FORMATS)}")
        return FORMATS[name]
    file.seek(0)
    head = unpacked(file).read(_HEAD)
    file.seek(0)
    return next((one for one in FORMATS.values() if one.fits(head)), dossier)
