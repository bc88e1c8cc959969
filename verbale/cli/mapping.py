"""What `import` does about mappings: the one beside a table, and drafting one."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

from ledger.errors import Refused, Unparsable
from verbale.cli.output import tell

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = re.compile(r"(?i)\.(csv|tsv|tab|xlsx|xlsm|ods)(\.gz|\.zip)?$")
_HEAD = 4_096


def mapping_for(file: Path, said: Path | None, as_: str | None, *, quiet: bool) -> Path | None:
    """Return the mapping that a file is to be read by: the one that is named, else one beside it of the same name.

    Raises:
        Unparsable: a mapping and a format are named.
        Refused: the file is a table of no data set that is known, and there is no mapping.
    """
    if said is not None and as_ is not None:
        raise Unparsable("--mapping and --as exclude each other", hint="a mapping says all that --as would")
    if said is not None or as_ is not None or str(file) == "-" or not file.is_file():
        return said
    from ledger.importers import dossier, format_of
    from ledger.importers.packed import head_of

    with file.open("rb") as opened:
        known = format_of(opened)
        opened.seek(0)
        if known is dossier and dossier.fits(head_of(opened, _HEAD)):
            return None
    table = _TABLE.search(file.name)
    beside = file.with_name(f"{file.name[: table.start()]}.toml") if table else None
    if beside is not None and beside.is_file():
        tell(f"Reading {file} by the mapping beside it, {beside}", quiet=quiet)
        return beside
    if table and beside is not None and known is dossier:
        hint = f"draft a mapping, and read it: verbale import {file} --suggest-mapping > {beside}"
        raise Refused(f"{file} is a table of no data set that is known here.", hint=hint)
    return None


def suggested(file: Path, piped: IO[bytes] | None) -> str:
    """Return a draft of a mapping for a table.

    Args:
        file: its path.
        piped: what was read from stdin, where that is meant.

    Raises:
        LedgerError: it cannot be read as a table, or has no rows to tell from.
    """
    from ledger.importers.suggesting import suggestion

    if piped is not None:
        return suggestion(piped, "stdin")
    try:
        with file.open("rb") as opened:
            return suggestion(opened, file.name)
    except OSError as error:
        raise Refused(f"cannot read {file}: {error.strerror}", hint="FILE is a table; - is stdin") from None
