"""Rows as the JSON contract has them, and the digest over them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.transparency.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.clocks import Moment
    from projections.evidence import AgendaItem, Reading
    from projections.history import Run
    from projections.independence import Group
    from projections.positions import Position
    from projections.search import Found


def position_row(row: Position) -> dict[str, Any]:
    """Return a position as the contract has it: its fields, in its order."""
    fields = row._asdict()
    fields["previous"] = None if row.previous is None else row.previous._asdict()
    fields["deed"] = None if row.deed is None else row.deed._asdict()
    fields["conditions"] = [one._asdict() for one in row.conditions]
    fields["possible"] = [one._asdict() for one in row.possible]
    return fields


def clocks(at: Moment) -> dict[str, Any]:
    """Return a pair of moments as every answer echoes it."""
    return {"as_of": at.as_of, "as_known_at": {"entry": at.known_at, "recorded_at": at.recorded_at}}


def log_row(one: Reading) -> dict[str, Any]:
    """Return an entry as `log` shows it."""
    return {
        "entry": one.entry,
        "type": one.type,
        "party": getattr(one.event, "party", None),
        "issue": getattr(one.event, "issue", None),
        "on": one.dated,
        "recorded_at": one.recorded_at,
        "recorded_by": one.recorded_by,
        "text": one.text,
        "stance": one.stance,
        "status": one.status,
        "target": one.target,
    }


def found_row(one: Found) -> dict[str, Any]:
    """Return an entry that a search found as `search` shows it."""
    fields = one.reading.fields()
    fields.pop("entry", None)
    said = {"entry": one.reading.entry, "type": one.reading.type, "status": one.reading.status}
    return {**said, "target": one.reading.target, "snippet": one.plain, **fields}


def timeline_row(one: Reading) -> dict[str, Any]:
    """Return an entry as `timeline` shows it."""
    return {"entry": one.entry, "type": one.type, "status": one.status, **one.fields()}


def agenda_row(item: AgendaItem) -> dict[str, Any]:
    """Return a scheduled event as `agenda` shows it."""
    became = {"status": item.status, "fulfilled_by": item.fulfilled_by}
    return {"entry": item.scheduled.entry, **item.scheduled.fields(), **became}


def run_row(run: Run) -> dict[str, Any]:
    """Return a run as `when` shows it."""
    return {"from": run.since, "stance": run.stance, "entry": run.entry, "known_from": run.known_from}


def group_row(group: Group) -> dict[str, Any]:
    """Return backers that count once as `why` shows them."""
    return {name: list(value) for name, value in group._asdict().items()}


def evidence_row(one: Reading) -> dict[str, Any]:
    """Return an entry as evidence: its fields as they read, its type, status and when it was recorded."""
    return {
        "entry": one.entry,
        "type": one.type,
        "status": one.status,
        "recorded_at": one.recorded_at,
        "recorded_by": one.recorded_by,
        "fields": one.fields(),
    }


def dumped(value: object) -> str:
    """Return JSON without spaces, non-ASCII as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def digest(rows: Iterable[Position]) -> str:
    """Return the digest of positions: the RFC 6962 root, in base64, over each row's JSON in contract order.

    The rows come sorted by (party, issue).
    """
    tree = Tree()
    for row in rows:
        tree.add(dumped(position_row(row)).encode())
    return tree.root_base64()
