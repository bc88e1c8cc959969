"""What the lists of the desk share: a page of many rows, and finding by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.names import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def found(rows: Iterable[Mapping[str, Any]], said: str | None, *fields: str) -> list[Mapping[str, Any]]:
    """Return the rows in which some of the fields hold what was said, in any case.

    Args:
        rows: as the contract has them.
        said: a part of a name; None leaves all of them.
        fields: their names; a list or the values of a mapping are looked through.
    """
    if said is None:
        return list(rows)
    wanted = name_key(said)
    return [row for row in rows if any(wanted in name_key(text) for name in fields for text in _texts(row[name]))]


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        return map(str, value.values())
    return map(str, value) if isinstance(value, list) else ()
