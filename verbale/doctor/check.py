"""What one check says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found, and the entries that it is about."""

    says: str
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A named check: how it came out, in a sentence, and what to do."""

    check: str
    outcome: Outcome
    says: str
    hint: str | None = None
    found: tuple[Finding, ...] = ()


def warned(check: str, found: list[Finding], some: str, none: str, hint: str) -> Check:
    """Return a warning where something was found, else that all is well."""
    if not found:
        return Check(check, "ok", none)
    return Check(check, "warning", some, hint, tuple(found))
