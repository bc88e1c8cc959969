"""Lists of what has a name: parties, issues, sources, speakers, as known at K."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ledger.entries import (
    AliasAdded,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    PartyIdentified,
    PartyRegistered,
    PartyRenamed,
    SpeakerAppointed,
)
from ledger.entries.issues import DYADS
from ledger.entries.scales import UNRESOLVED
from ledger.names import name_key
from projections.belonging import merges_at
from projections.evidence import Reading, readings
from projections.mentions import mentions
from projections.states import listed_events

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

_NAMING: Final = "e.listed IN ('party-registered', 'party-identified', 'alias-added', 'party-renamed')"

_WORDING: Final = "e.listed IN ('issue-opened', 'issue-reworded', 'issue-closed')"
_AMONG: Final = "AND e.{of} IN (SELECT value FROM json_each(:among))"


def parties(db: sqlite3.Connection, known_at: int, among: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Return the parties by id: the draft's fields with what was recorded of their names since, and `entry`.

    Args:
        db: the views, caught up.
        known_at: K.
        among: only these ids, and nothing is read of others.
    """
    found: dict[str, dict[str, Any]] = {}
    merges = merges_at(db, known_at)
    for one in _naming(db, known_at, _NAMING, "party", among):
        match one.event:
            case PartyRegistered() as party:
                found[party.party] = {
                    "party": party.party,
                    "name": party.name,
                    "kind": party.kind,
                    "aliases": list(party.aliases),
                    "codes": dict(party.codes),
                    "merged_into": merges.into(party.party),
                    "entry": one.entry,
                }
            case AliasAdded() as added if added.party in found:
                found[added.party]["aliases"].append(added.alias)
            case PartyRenamed() as renamed if renamed.party in found:
                _rename(found[renamed.party], renamed.name)
            case PartyIdentified(name=name) as identified if identified.party in found:
                row = found[identified.party]
                if one.status != "retracted":
                    row["kind"], row["codes"] = identified.kind, {**row["codes"], **identified.codes}
                    _rename(row, name or row["name"])
                elif name is not None and name != row["name"]:
                    row["aliases"].append(name)
            case _:
                pass
    return [found[party] for party in sorted(found)]


def _rename(row: dict[str, Any], name: str) -> None:
    if name != row["name"]:
        row["aliases"].append(row["name"])
        row["name"] = name


def unresolved_parties(db: sqlite3.Connection, known_at: int) -> list[dict[str, Any]]:
    """Return the actors that nobody has identified or merged, each with how many `entries` name it, most first."""
    found = {row["party"]: row for row in parties(db, known_at) if row["kind"] == UNRESOLVED and not row["merged_into"]}
    named = mentions(db, known_at) if found else {}
    rows = [{**row, "entries": named[party]} for party, row in found.items()]
    return sorted(rows, key=lambda row: (-row["entries"], row["party"]))


def issues(
    db: sqlite3.Connection, known_at: int, *, dyads: bool = True, among: Sequence[str] | None = None
) -> list[dict[str, Any]]:
    """Return the issues by id, as they are worded, and which entry closed them.

    Args:
        db: the views, caught up.
        known_at: K.
        dyads: whether dyads are among them.
        among: only these ids, and nothing is read of others.
    """
    found: dict[str, dict[str, Any]] = {}
    for one in _naming(db, known_at, _WORDING, "issue", among):
        match one.event:
            case IssueOpened() as opened:
                found[opened.issue] = {
                    "issue": opened.issue,
                    "proposition": opened.proposition,
                    "parent": opened.parent,
                    "closed_by": None,
                    "entry": one.entry,
                }
            case IssueReworded() as reworded if reworded.issue in found:
                found[reworded.issue]["proposition"] = reworded.proposition
            case IssueClosed() as closed if closed.issue in found and one.status != "retracted":
                found[closed.issue]["closed_by"] = one.entry
            case _:
                pass
    return [found[issue] for issue in sorted(found) if dyads or not issue.startswith(DYADS)]


def _naming(
    db: sqlite3.Connection, known_at: int, where: str, of: str, among: Sequence[str] | None
) -> Iterator[Reading]:
    if among is None:
        return readings(db, known_at, where)
    return readings(db, known_at, f"{where} {_AMONG.format(of=of)}", {"among": json.dumps(among)})


def names_at(db: sqlite3.Connection, known_at: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the ids of parties and of issues stood for at K."""
    parties = dict(db.execute("SELECT party, name FROM parties"))
    for one in readings(db, known_at, "e.listed IN ('party-identified', 'party-renamed')"):
        name = getattr(one.event, "name", None)
        if name is not None and one.status != "retracted":
            parties[getattr(one.event, "party", "")] = name
    issues = dict(db.execute("SELECT issue, proposition FROM issues"))
    issues.update((reworded.issue, reworded.proposition) for reworded in listed_events(db, IssueReworded, known_at))
    return parties, issues


def sources(db: sqlite3.Connection, known_at: int) -> list[dict[str, Any]]:
    """Return the sources by id, as corrected."""
    return sorted(_rows(db, known_at, "source-registered"), key=lambda row: row["source"])


def source(db: sqlite3.Connection, known_at: int, name: str) -> dict[str, Any] | None:
    """Return one source by its id, as corrected, retracted or not; None where K does not know it."""
    where = "e.entry = (SELECT entry FROM sources WHERE source = :source)"
    return next((register_row(one) for one in readings(db, known_at, where, {"source": name})), None)


def speakers(db: sqlite3.Connection, known_at: int) -> list[dict[str, Any]]:
    """Return the speakers in the order of their registration, observers (who have no party) among them."""
    return _rows(db, known_at, "speaker-appointed")


def unresolved_speakers(db: sqlite3.Connection, known_at: int) -> list[dict[str, Any]]:
    """Return the speakers that statements name and nobody registered, with how often and where first."""
    known = {
        name_key(one.event.name)
        for one in readings(db, known_at, "e.listed = 'speaker-appointed'")
        if one.status != "retracted" and isinstance(one.event, SpeakerAppointed)
    }
    found: dict[str, dict[str, Any]] = {}
    for one in readings(db, known_at, "json_extract(e.data, '$.speaker') IS NOT NULL"):
        name = getattr(one.event, "speaker", None)
        if name is None or one.status == "retracted" or name_key(name) in known:
            continue
        row = found.setdefault(
            name_key(name), {"name": name, "party": getattr(one.event, "party", None), "entry": one.entry, "entries": 0}
        )
        row["entries"] += 1
    return list(found.values())


def _rows(db: sqlite3.Connection, known_at: int, kind: str) -> list[dict[str, Any]]:
    found = [one for one in readings(db, known_at, "e.listed = :type", {"type": kind}) if one.status != "retracted"]
    return [register_row(one) for one in found]


def register_row(one: Reading) -> dict[str, Any]:
    """Return a source, or a speaker, as the lists have it: every field, and `entry`."""
    fields = {info.alias or name: None for name, info in type(one.event).model_fields.items()}
    return {**fields, **one.fields(), "entry": one.entry}
