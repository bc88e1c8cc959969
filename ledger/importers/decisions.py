"""What an analyst decided about actors that nobody had identified: the table of `party review`, filled in.

Two columns count, `actor` and `decision`; the others are there for whoever decides.  A decision is

- `merge RUS`: the actor was this party all along, by its id or any name; a state of the world that is not registered
  yet is registered first;
- `new organisation`, or another kind, perhaps with a name: `new armed-group: Hill Front`: a party of its own;
- nothing, and the actor waits on.

The same decision twice is recorded once.  What is no decision is refused by its line.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any, Final, get_args

from ledger.actors import Actors
from ledger.entries.scales import IdentifiedKind
from ledger.errors import LedgerError, Refused
from ledger.importers.line import Line, as_line
from ledger.importers.tables import Table
from ledger.vocabularies import states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.register import Register

NAME: Final = "decisions"
_COLUMNS: Final = ("actor", "decision")
_KINDS: Final = get_args(IdentifiedKind)
_MERGE: Final = re.compile(r"merge(?:\s+into)?\s+(\S.*)", re.IGNORECASE)
_NEW: Final = re.compile(r"new\s+([a-z-]+)(?:\s*:\s*(.*\S))?", re.IGNORECASE)
_FORMS: Final = f"'merge RUS', or 'new KIND' with KIND one of {', '.join(_KINDS)}; leave it empty to decide later"


def fits(head: bytes) -> bool:
    """Say whether a file begins with the header of the review queue."""
    header = head.partition(b"\n")[0].decode("utf-8", "replace").lstrip("\ufeff").strip().replace('"', "")
    return header.startswith("actor,") and header.endswith(",decision")


def lines(file: IO[bytes], register: Register) -> Iterator[Line]:
    """Yield a line for each decision.

    Raises:
        Refused: the header lacks a column.
    """
    actors, seen = Actors(register), dict[str, str]()
    with Table(file) as table:
        names = [name.strip().casefold() for name in table.header]
        missing = [name for name in _COLUMNS if name not in names]
        if missing:
            raise Refused(
                f"the decisions have no column '{missing[0]}'", hint="make them with: verbale party review --csv"
            )
        actor_at, decision_at = map(names.index, _COLUMNS)
        for row in table:
            if row.error is not None:
                yield Line(row.number, None, 0, table.position(), error=row.error)
                continue
            actor, decision = (" ".join(row.cells[at].split()) for at in (actor_at, decision_at))
            if not decision:
                continue
            try:
                _must_agree(actor, decision, seen)
                draft, needed = _draft(actor, decision, actors, register)
            except LedgerError as error:
                yield Line(row.number, None, 0, table.position(), error=error)
                continue
            yield Line(row.number, as_line(draft), 0, table.position(), needed)


def _must_agree(actor: str, decision: str, seen: dict[str, str]) -> None:
    before = seen.setdefault(actor.casefold(), decision)
    if before.casefold() != decision.casefold():
        raise Refused(f"{actor} was decided on above: '{before}'", hint="decide once, or leave one of the two empty")


def _draft(actor: str, decision: str, actors: Actors, register: Register) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return what a decision says, with the drafts that it needs.

    Raises:
        Refused: it is none.
    """
    merge, new = _MERGE.fullmatch(decision), _NEW.fullmatch(decision)
    if merge is not None:
        into = merge[1]
        if register.claims(into) or into.upper() not in states.every():
            return {"type": "party-merged", "party": actor, "into": into}, ()
        state = actors.party(code=into, scheme="iso3")
        return {"type": "party-merged", "party": actor, "into": state.party}, state.needed
    if new is not None and new[1].lower() in _KINDS:
        draft = {"type": "party-identified", "party": actor, "kind": new[1].lower()}
        return draft | ({"name": new[2]} if new[2] else {}), ()
    raise Refused(f"'{decision}' is no decision", hint=_FORMS)
