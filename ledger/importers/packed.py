"""What a file holds: itself, or the one file that is packed in it by gzip or zip."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_WORKBOOK: Final = "[Content_Types].xml"
_OPEN_DOCUMENT: Final = "mimetype"


def unpacked(file: IO[bytes]) -> IO[bytes]:
    """Return what a file holds, at its start; a spreadsheet, which is a zip of its own kind, as it is.

    Raises:
        Refused: it is a zip that is damaged, or that holds no file or several; or what is packed is packed again.
    """
    file.seek(0)
    begins = file.read(len(_ZIP))
    file.seek(0)
    if begins.startswith(_GZIP):
        return _packed_once(io.BufferedReader(gzip.GzipFile(fileobj=file)), "gzip")
    if begins != _ZIP or spreadsheet_in(file) is not None:
        return file
    packed = _zip(file)
    names = _names(packed)
    if len(names) != 1:
        found = f"{len(names)} files" if names else "no file"
        raise Refused(f"the zip holds {found}", hint="unpack it, and import the files one by one")
    with whole():
        # Its own `readline` may give more than the limit.
        return _packed_once(io.BufferedReader(packed.open(names[0])), "zip")  # type: ignore[arg-type]


def files_in(file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the files of a zip that holds several, each at its start; none where it is anything else, left as it is.

    Raises:
        Refused: it is damaged.
    """
    at = file.tell()
    file.seek(0)
    is_zip = file.read(len(_ZIP)) == _ZIP and spreadsheet_in(file) is None
    file.seek(at)
    if not is_zip:
        return
    packed = _zip(file)
    names = _names(packed)
    for name in names if len(names) > 1 else ():
        with whole():
            held = io.BufferedReader(packed.open(name))  # type: ignore[type-var]
        yield held


def _names(packed: zipfile.ZipFile) -> list[str]:
    return [one.filename for one in packed.infolist() if not _beside(one)]


def _packed_once(held: io.BufferedReader, by: str) -> IO[bytes]:
    with whole():
        begins = held.peek(len(_ZIP))
    if begins.startswith((_GZIP, _ZIP)):
        held.close()
        raise Refused(f"the {by} holds another packed file, or a spreadsheet", hint=f"unpack the {by}, and import that")
    return held


def head_of(file: IO[bytes], size: int) -> bytes:
    """Return how a file begins, unpacked; it is left at its start.

    Raises:
        Refused: what is packed is cut short or damaged.
    """
    with whole():
        head = unpacked(file).read(size)
    file.seek(0)
    return head


def spreadsheet_in(file: IO[bytes]) -> str | None:
    """Return `xlsx` or `ods` for a file that is such a spreadsheet, else None; the file is left at its start."""
    file.seek(0)
    begins = file.read(len(_ZIP))
    file.seek(0)
    if begins != _ZIP:
        return None
    names = set(_zip(file).namelist())
    file.seek(0)
    if _WORKBOOK in names:
        return "xlsx"
    return "ods" if _OPEN_DOCUMENT in names and "content.xml" in names else None


@contextmanager
def whole() -> Iterator[None]:
    """Say in the ledger's words that what is packed is cut short or damaged."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged(error) from None
    except (NotImplementedError, RuntimeError) as error:  # a compression that Python lacks, a password
        raise Refused(f"the zip cannot be unpacked here: {error}", hint="unpack it, and import the file") from None


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    with whole():
        return zipfile.ZipFile(file)


def _damaged(error: Exception) -> Refused:
    return Refused(f"the file is cut short or damaged: {error}", hint="fetch it again; nothing was recorded")


def _beside(one: zipfile.ZipInfo) -> bool:
    """Say whether a member is none of the sender's files: a folder, or what macOS puts beside each file."""
    return one.is_dir() or one.filename.startswith("__MACOSX/") or one.filename.endswith(".DS_Store")
