"""Text in, drafts out: one module per format, recognised by how a file begins.

A format is a module with `NAME`, `fits(head)`, which says whether a file that begins so is one, and `lines(file,
register)`, which yields a `Line` for each row: its draft, and the drafts of what it names that the register does not
know.  A file that begins as none does is taken for a dossier, whose lines say what is wrong with them.

A format that can be told something has `SETTINGS`, what each means, and `with_settings(settings)`, the format that
knows them; of such a format there are many data sets, and `dataset_of(file)` names the file's.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final, Protocol, runtime_checkable

from ledger.errors import Unparsable
from ledger.importers import acled, decisions, dna, dossier, gdelt, gdelt_mentions, icews, polecat, unga
from ledger.importers.packed import head_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


@runtime_checkable
class Settled(Protocol):
    """A format that can be told something."""

    SETTINGS: Mapping[str, str]

    def dataset_of(self, file: IO[bytes]) -> str:
        """Return the name of the data set that a file holds."""

    def with_settings(self, settings: Mapping[str, str]) -> Format:
        """Return the format that knows these."""


FORMATS: Final[dict[str, Format]] = {
    one.NAME: one for one in (dossier, dna, gdelt, gdelt_mentions, icews, polecat, acled, unga, decisions)
}


def format_of(file: IO[bytes], name: str | None = None, settings: Mapping[str, str] | None = None) -> Format:
    """Return the format of a file: as it is said, else as it begins.

    Args:
        file: at its start, where it is left.
        name: one of `FORMATS`.
        settings: what the format is to be told.

    Raises:
        Unparsable: there is no format of this name, or it has no such setting.
    """
    found = _recognised(file, name)
    if not settings:
        return found
    known = found.SETTINGS if isinstance(found, Settled) else {}
    for setting in settings:
        if setting not in known:
            listed = "; ".join(f"{one}: {what}" for one, what in known.items())
            raise Unparsable(f"{found.NAME} has no setting '{setting}'", hint=listed or "it needs none")
    return found.with_settings(settings) if isinstance(found, Settled) else found


def _recognised(file: IO[bytes], name: str | None) -> Format:
    if name is not None:
        if name not in FORMATS:
            raise Unparsable(f"no format '{name}'", hint=f"one of: {', '.join(FORMATS)}")
        return FORMATS[name]
    if unga.is_among(file):
        return unga
    head = head_of(file, _HEAD)
    return next((one for one in FORMATS.values() if one.fits(head)), dossier)


def dataset_of(of: Format, file: IO[bytes]) -> str:
    """Return the name of the data set that a file holds: its format's, where that is one data set's."""
    return of.dataset_of(file) if isinstance(of, Settled) else of.NAME
