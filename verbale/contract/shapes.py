"""The shapes that answers are made of, as JSON Schemas (2020-12)."""

from __future__ import annotations

from typing import Any, Final

from ledger.entries.scales import STANCES

Schema = dict[str, Any]

SCHEMA_NUMBER: Final = 1
TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer"}
ENTRY: Final[Schema] = {"type": "integer", "minimum": 1}
YES: Final[Schema] = {"type": "boolean"}
STANCE: Final[Schema] = {"enum": list(STANCES)}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def or_null(schema: Schema) -> Schema:
    """Return the schema of what is so, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(of: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": of}


def closed(named: dict[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """Return the schema of an object with just these fields; `named` holds those whose names are Python's own words."""
    return {**opened(named, **fields), "additionalProperties": False}


def opened(named: dict[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """Return the schema of an object with at least these fields."""
    every = {**(named or {}), **fields}
    return {"type": "object", "properties": every, "required": list(every)}


CLOCKS: Final = {
    "as_of": or_null(TEXT),
    "as_known_at": closed(entry=COUNT, recorded_at=or_null(TEXT)),
}
RUN: Final = closed(stance=STANCE, since=TEXT, entry=ENTRY)
DEED: Final = closed(entry=ENTRY, bearing=or_null(STANCE), occurred_on=TEXT, text=TEXT)
POSITION: Final = closed(
    party=TEXT,
    issue=TEXT,
    stance=or_null(STANCE),
    value=or_null({"type": "integer", "minimum": -2, "maximum": 2}),
    since=or_null(TEXT),
    entry=or_null(ENTRY),
    speaker=or_null(TEXT),
    text=or_null(TEXT),
    quote=or_null({"type": "object", "required": ["exact"]}),
    attribution=or_null({"enum": ["direct", "paraphrase", "reported", "inferred"]}),
    conditions=list_of(closed(condition=TEXT, outcome={"enum": ["open", "met", "failed"]})),
    credibility=or_null({"type": "string", "pattern": "^[A-F][1-6]$"}),
    previous=or_null(RUN),
    deed=or_null(DEED),
    contested=YES,
    contested_by=list_of(ENTRY),
    possible={**list_of(closed(entry=ENTRY, stance=STANCE, said_on=TEXT)), "maxItems": 20},
    possible_count=COUNT,
    inherited_from=or_null(TEXT),
)
STATUS: Final = {"enum": ["retracted", "disputed", "corrected", "counts"]}
EVIDENCE: Final = opened(
    entry=ENTRY,
    type=TEXT,
    status=STATUS,
    recorded_at=TEXT,
    recorded_by=or_null(TEXT),
)
GROUP: Final = closed(entries=list_of(ENTRY), names=list_of(TEXT), because=list_of(TEXT))
RECORDED: Final = {
    "entry": ENTRY,
    "already": YES,
    "type": TEXT,
    "party": or_null(TEXT),
    "issue": or_null(TEXT),
    "before": or_null(STANCE),
    "after": or_null(STANCE),
}
LOG: Final = closed(
    entry=ENTRY,
    type=TEXT,
    party=or_null(TEXT),
    issue=or_null(TEXT),
    on=or_null(TEXT),
    recorded_at=TEXT,
    recorded_by=or_null(TEXT),
    text=or_null(TEXT),
    stance=or_null(STANCE),
    status=STATUS,
    target=or_null(ENTRY),
)


def answer(kind: str, /, **fields: Schema) -> Schema:
    """Return the schema of an answer, which says its schema number and kind first."""
    return closed({"schema": {"const": SCHEMA_NUMBER}, "kind": {"const": kind}, **fields})


def listing(kind: str, /, **fields: Schema) -> Schema:
    """Return the schema of a list of what is registered, as known at K."""
    return answer(kind, **CLOCKS, rows=list_of(opened(fields)))
