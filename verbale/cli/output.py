"""Answers to stdout or a file, as text, JSON, JSON Lines or CSV; everything else to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from ledger.errors import Refused, Unparsable
from ledger.stores.durable import part_of
from ledger.stores.room import is_full
from projections.json_rows import dumped
from verbale.documents import cell, columns_of_document, csv_text, envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from verbale.cli.options import Asking

UNWRITTEN = "-o names a file, in a folder that is there"
__all__ = ["cell", "dumped", "emit", "envelope", "tell", "tell_in_place", "whole_file", "write"]


def emit(
    asked: Asking,
    *,
    document: Callable[[list[dict[str, Any]]], object],
    rows: Iterable[dict[str, Any]],
    text: Callable[[], str],
) -> None:
    """Print an answer in the form that was asked for.

    Args:
        asked: the shared options.
        document: makes the JSON document of the rows.
        rows: the rows as JSON objects, for every form but text.
        text: makes the text for people.
    """
    if asked.json + asked.jsonl + asked.csv > 1:
        raise Unparsable("--json, --jsonl and --csv exclude each other", hint="choose one")
    if not (asked.json or asked.jsonl or asked.csv):
        write(asked.output, text())
        return
    listed = list(rows)
    if asked.limit is not None:
        listed = listed[: asked.limit]
    if asked.json:
        write(asked.output, dumped(document(listed)) + "\n")
    elif asked.jsonl:
        write(asked.output, "".join(dumped(row) + "\n" for row in listed))
    else:
        columns = [] if listed else columns_of_document(document(listed))
        write(asked.output, csv_text(listed, columns))


def write(output: Path | None, text: str) -> None:
    """Write an answer to a file, or to stdout."""
    if output is None or str(output) == "-":
        sys.stdout.write(text)
        return
    with whole_file(output) as file:
        file.write(text.encode())


@contextmanager
def whole_file(output: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes its place once it is whole: a part of an answer could pass for all of it.

    Raises:
        Refused: it cannot be written; what was there is as it was.
    """
    part = None
    try:
        spare_databases(output)
        if output.exists() and not output.is_file():  # a pipe, a terminal
            with output.open("wb") as file:
                yield file
            return
        target = output.resolve()
        part = part_of(target)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            part.chmod(target.stat().st_mode & 0o7777)
        part.replace(target)
        part = None
    except OSError as error:
        hint = "make room, or name a file elsewhere with -o" if is_full(error) else UNWRITTEN
        raise Refused(f"cannot write {output}: {error.strerror}", hint=hint) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def must_be_writable(output: Path | None) -> None:
    """Refuse a place that an answer could not be written to, before anything is done that cannot be undone."""
    if output is None or str(output) == "-":
        return
    folder, there = output.parent, output.exists()
    if (there and not output.is_file()) or not os.access(output if there else folder, os.W_OK):
        raise Refused(f"cannot write {output}", hint=UNWRITTEN)
    spare_databases(output)


def spare_databases(output: Path) -> None:
    """Refuse to write over a database: it may be the ledger itself, which nobody can bring back."""
    if output.is_file():
        with output.open("rb") as file:
            if file.read(16) == b"SQLite format 3\0":
                raise Refused(f"{output} is a database, perhaps a ledger", hint="-o names a file of answers")


def tell(text: str, *, quiet: bool = False) -> None:
    """Say something that is not data."""
    if not quiet:
        sys.stderr.write(text + "\n")


def tell_in_place(text: str) -> None:
    """Say something on the terminal's present line, in place of what stood there."""
    sys.stderr.write(f"\r\x1b[K{text}")
    sys.stderr.flush()
