"""A bundle to take along: what `verbale bundle make` writes, byte for byte, under a name that says what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.free_names import slug
from projections.ruling import rule_named

if TYPE_CHECKING:
    from pathlib import Path

    from verbale.places import Location
    from verbale.web.aside import Aside
    from verbale.web.asked import Asked


class Zipped(NamedTuple):
    """A bundle in a file."""

    path: Path
    name: str
    """What a reader's file is called: `verbale-main-e60.zip`."""


def bundled(aside: Aside, place: Location, asked: Asked, folder: Path) -> Zipped:
    """Make a bundle in another process; of one party or one issue, where the address says so.

    Args:
        aside: has it made.
        place: where the ledger lies.
        asked: the address.
        folder: gets the file.

    Raises:
        LedgerError: there is no such bundle, as where nothing is signed yet.
    """
    wanted = asked.get("party"), asked.get("issue"), asked.as_of, asked.as_known_at
    path = folder / "bundle.zip"
    known_at = aside.do(_made, place, path, wanted, asked.rule)
    told = (place.name, f"e{known_at}", *wanted[:2], asked.as_of and f"as-of-{asked.as_of}")
    parts = [slug(part)[:60] for part in told if part]
    return Zipped(path, f"verbale-{'-'.join(filter(None, parts))}.zip")


def _made(_: object, place: Location, path: Path, wanted: tuple[str | None, ...], rule: str) -> int:
    from verbale.ledger import Ledger

    with Ledger(place) as ledger:
        party, issue, as_of, as_known_at = wanted
        known_at = ledger.moment(as_of, as_known_at).known_at
        # K is named, so that what is recorded meanwhile is not in it.
        ledger.bundle(path, party, issue, as_of, as_known_at or f"e{known_at}", rule=rule_named(rule))
    return known_at
