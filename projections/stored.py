"""The fields of an entry as the views store them: JSON that the fold wrote, unless the file was damaged since."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json

from ledger.errors import VerificationFailed


def fields_of(data: str) -> dict[str, Any]:
    """Return stored fields.

    Raises:
        VerificationFailed: the views are damaged.
    """
    try:
        fields = from_json(data)
    except (ValueError, TypeError):
        fields = None
    if not isinstance(fields, dict):
        raise damaged()
    return fields


def damaged() -> VerificationFailed:
    """Return what is said of views that hold what no fold wrote."""
    return VerificationFailed("the views are damaged", hint="delete the .views.db file: it is rebuilt")
