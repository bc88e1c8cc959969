"""The JSON contract: a JSON Schema (2020-12) for each `kind` of answer.

A change here needs a new schema number and a line in the changelog.
"""

from __future__ import annotations

import json
from typing import Any, Final

from ledger.entries.scales import STANCES

Schema = dict[str, Any]

SCHEMA_NUMBER: Final = 1
_TEXT: Final[Schema] = {"type": "string"}
_NUMBER: Final[Schema] = {"type": "integer"}
_ENTRY: Final[Schema] = {"type": "integer", "minimum": 1}
_YES: Final[Schema] = {"type": "boolean"}
_STANCE: Final[Schema] = {"enum": list(STANCES)}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _object(named: dict[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """Return the schema of an object with just these fields; `named` holds those whose names are Python's own words."""
    return {**_open(named, **fields), "additionalProperties": False}


def _open(named: dict[str, Schema] | None = None, /, **fields: Schema) -> Schema:
    """Return the schema of an object with at least these fields."""
    every = {**(named or {}), **fields}
    return {"type": "object", "properties": every, "required": list(every)}


_CLOCKS: Final = {
    "as_of": _or_null(_TEXT),
    "as_known_at": _object(entry=_COUNT, recorded_at=_or_null(_TEXT)),
}
_RUN: Final = _object(stance=_STANCE, since=_TEXT, entry=_ENTRY)
_DEED: Final = _object(entry=_ENTRY, bearing=_or_null(_STANCE), occurred_on=_TEXT, text=_TEXT)
_POSITION: Final = _object(
    party=_TEXT,
    issue=_TEXT,
    stance=_or_null(_STANCE),
    value=_or_null({"type": "integer", "minimum": -2, "maximum": 2}),
    since=_or_null(_TEXT),
    entry=_or_null(_ENTRY),
    speaker=_or_null(_TEXT),
    text=_or_null(_TEXT),
    quote=_or_null({"type": "object", "required": ["exact"]}),
    attribution=_or_null({"enum": ["direct", "paraphrase", "reported", "inferred"]}),
    conditions=_list(_object(condition=_TEXT, outcome={"enum": ["open", "met", "failed"]})),
    credibility=_or_null({"type": "string", "pattern": "^[A-F][1-6]$"}),
    previous=_or_null(_RUN),
    deed=_or_null(_DEED),
    contested=_YES,
    contested_by=_list(_ENTRY),
    possible={**_list(_object(entry=_ENTRY, stance=_STANCE, said_on=_TEXT)), "maxItems": 20},
    possible_count=_COUNT,
    inherited_from=_or_null(_TEXT),
)
_STATUS: Final = {"enum": ["retracted", "disputed", "corrected", "counts"]}
_EVIDENCE: Final = _open(
    entry=_ENTRY,
    type=_TEXT,
    status=_STATUS,
    recorded_at=_TEXT,
    recorded_by=_or_null(_TEXT),
)
_RECORDED: Final = {
    "entry": _ENTRY,
    "already": _YES,
    "type": _TEXT,
    "party": _or_null(_TEXT),
    "issue": _or_null(_TEXT),
    "before": _or_null(_STANCE),
    "after": _or_null(_STANCE),
}
_LOG: Final = _object(
    entry=_ENTRY,
    type=_TEXT,
    party=_or_null(_TEXT),
    issue=_or_null(_TEXT),
    on=_or_null(_TEXT),
    recorded_at=_TEXT,
    recorded_by=_or_null(_TEXT),
    text=_or_null(_TEXT),
    stance=_or_null(_STANCE),
    status=_STATUS,
    target=_or_null(_ENTRY),
)


def _answer(kind: str, /, **fields: Schema) -> Schema:
    return _object({"schema": {"const": SCHEMA_NUMBER}, "kind": {"const": kind}, **fields})


def _listing(kind: str, /, **fields: Schema) -> Schema:
    return _answer(kind, **_CLOCKS, rows=_list(_open(fields)))


SCHEMAS: Final[dict[str, Schema]] = {
    "positions": _answer("positions", **_CLOCKS, rule=_TEXT, rows=_list(_POSITION)),
    "recorded": _answer("recorded", **_RECORDED),
    "erased": _answer(
        "erased",
        **_RECORDED,
        erased=_ENTRY,
        destroyed=_list({"enum": ["speaker", "text", "quote"]}),
        sources_removed=_list(_TEXT),
        sources_kept=_list(_object(source=_TEXT, because=_TEXT)),
        unchecked=_list(_ENTRY),
        purged=_YES,
    ),
    "import": _answer(
        "import",
        rows=_COUNT,
        new=_COUNT,
        already=_COUNT,
        repeated=_COUNT,
        refused={**_list(_object(line=_ENTRY, reason=_TEXT, hint=_or_null(_TEXT))), "maxItems": 1000},
        refused_count=_COUNT,
        first=_or_null(_ENTRY),
        last=_or_null(_ENTRY),
        notes={"type": "object", "additionalProperties": _COUNT},
    ),
    "diff": _answer(
        "diff",
        **{"from": _object(_CLOCKS), "to": _object(_CLOCKS)},
        rows=_list(
            _object(party=_TEXT, issue=_TEXT, before=_or_null(_STANCE), after=_or_null(_STANCE), entries=_list(_ENTRY))
        ),
    ),
    "when": _list(_object({"from": _TEXT}, stance=_STANCE, entry=_ENTRY, known_from=_TEXT)),
    "why": _answer(
        "why",
        **_CLOCKS,
        position=_or_null(_POSITION),
        counts=_list(_EVIDENCE),
        against=_list(_EVIDENCE),
        set_aside=_list(_object(entry=_ENTRY, reason=_TEXT)),
        possible=_list(_EVIDENCE),
        rule=_TEXT,
    ),
    "verify": _answer(
        "verify",
        ok=_YES,
        entries=_COUNT,
        root=_or_null(_TEXT),
        first_bad_entry=_or_null(_ENTRY),
        checked=_list(_object(check=_TEXT, says=_TEXT)),
        not_checked=_list(_object(check=_TEXT, says=_TEXT)),
        problems=_list(_object(check=_TEXT, entry=_or_null(_ENTRY), says=_TEXT)),
    ),
    "replay": _answer("replay", entries=_COUNT, root=_TEXT, digests=_object(positions=_TEXT), equals_views=_YES),
    "explained": _answer(
        "explained",
        **{"from": _object(_CLOCKS), "to": _object(_CLOCKS)},
        entry=_object(**_EVIDENCE["properties"], fields={"type": "object"}),
        rows=_list(
            _object(
                party=_TEXT,
                issue=_TEXT,
                before=_or_null(_POSITION),
                after=_or_null(_POSITION),
                says=_list(_TEXT),
            )
        ),
        reasons=_list(_TEXT),
    ),
    "status": _answer(
        "status",
        ledger=_TEXT,
        name=_TEXT,
        path=_TEXT,
        head=_CLOCKS["as_known_at"],
        parties=_COUNT,
        issues=_COUNT,
        sources=_COUNT,
        key=_or_null(_TEXT),
        checkpoint=_or_null(_object(checkpoint=_ENTRY, size=_ENTRY)),
    ),
    "checkpoint": _answer("checkpoint", checkpoint=_ENTRY, size=_ENTRY, root=_TEXT, note=_TEXT, already=_YES),
    "keys": _answer(
        "keys", rows=_list(_object(key=_TEXT, added=_or_null(_ENTRY), retired=_or_null(_ENTRY), here=_YES))
    ),
    "key": _answer("key", key=_TEXT, entry=_or_null(_ENTRY)),
    "inclusion": _answer(
        "inclusion",
        entry=_ENTRY,
        index=_COUNT,
        size=_ENTRY,
        leaf=_TEXT,
        root=_TEXT,
        path=_list(_TEXT),
        checkpoint=_or_null(_ENTRY),
    ),
    "consistency": _answer(
        "consistency", from_size=_ENTRY, to_size=_ENTRY, from_root=_TEXT, to_root=_TEXT, path=_list(_TEXT)
    ),
    "proof": _answer("proof", ok=_YES, entry=_ENTRY, size=_ENTRY, origin=_TEXT, signed_by=_list(_TEXT), line=_TEXT),
    "request": _answer("request", origin=_TEXT, from_size=_COUNT, to_size=_ENTRY, request=_TEXT),
    "cosigned": _answer("cosigned", origin=_TEXT, from_size=_COUNT, to_size=_ENTRY, note=_TEXT),
    "bundle": _answer(
        "bundle",
        path=_TEXT,
        entries=_ENTRY,
        size=_ENTRY,
        complete=_YES,
        positions=_COUNT,
        digest=_TEXT,
        disclosed=_list(_object(entry=_ENTRY, field=_TEXT)),
        withheld=_list(_object(entry=_ENTRY, field=_TEXT)),
        sources=_COUNT,
        sources_withheld=_list(_TEXT),
    ),
    "backup": _answer("backup", path=_TEXT, entries=_COUNT, root=_TEXT, checkpoints=_COUNT, sources=_COUNT),
    "restore": _answer("restore", path=_TEXT, entries=_COUNT, root=_TEXT, checkpoints=_COUNT, sources=_COUNT),
    "recovered": _answer("recovered", first=_or_null(_ENTRY), last=_or_null(_ENTRY), missing=_COUNT),
    "cosignatures": _answer("cosignatures", checkpoint=_ENTRY, witnesses=_list(_TEXT), already=_YES),
    "log": _answer("log", **_CLOCKS, rows=_list(_LOG)),
    "timeline": _answer("timeline", **_CLOCKS, rows=_list(_open(entry=_ENTRY, type=_TEXT, party=_TEXT, issue=_TEXT))),
    "search": _answer(
        "search",
        **_CLOCKS,
        rows=_list(_open(entry=_ENTRY, type=_TEXT, status=_STATUS, target=_or_null(_ENTRY), snippet=_TEXT)),
    ),
    "agenda": _answer(
        "agenda",
        **_CLOCKS,
        rows=_list(
            _open(
                entry=_ENTRY,
                party=_TEXT,
                issue=_TEXT,
                occurs_on=_TEXT,
                text=_TEXT,
                status={"enum": ["fulfilled", "overdue", "scheduled", "cancelled"]},
                fulfilled_by=_or_null(_ENTRY),
            )
        ),
    ),
    "parties": _listing(
        "parties",
        party=_TEXT,
        name=_TEXT,
        kind=_TEXT,
        aliases=_list(_TEXT),
        codes={"type": "object"},
        merged_into=_or_null(_TEXT),
        entry=_ENTRY,
    ),
    "issues": _listing(
        "issues", issue=_TEXT, proposition=_TEXT, parent=_or_null(_TEXT), closed_by=_or_null(_ENTRY), entry=_ENTRY
    ),
    "party": _answer(
        "party",
        **_CLOCKS,
        row=_object(
            party=_TEXT,
            name=_TEXT,
            kind=_TEXT,
            codes={"type": "object"},
            merged_into=_or_null(_TEXT),
            entry=_ENTRY,
            merged=_list(_TEXT),
            names=_list(_object({"from": _or_null(_TEXT)}, name=_TEXT, until=_or_null(_TEXT), entry=_ENTRY)),
            coalitions=_list(_TEXT),
            members=_list(_TEXT),
            memberships=_list(_open(type=_TEXT, party=_TEXT, coalition=_TEXT, entry=_ENTRY)),
            succeeds=_list(_object({"from": _or_null(_TEXT)}, party=_TEXT)),
            succeeded_by=_list(_object({"from": _or_null(_TEXT)}, party=_TEXT)),
            speakers=_list(_open(name=_TEXT, party=_or_null(_TEXT), entry=_ENTRY)),
        ),
    ),
    "issue": _answer(
        "issue",
        **_CLOCKS,
        row=_object(
            issue=_TEXT,
            proposition=_TEXT,
            parent=_or_null(_TEXT),
            closed_by=_or_null(_ENTRY),
            entry=_ENTRY,
            closed_on=_or_null(_TEXT),
            closed_because=_or_null(_TEXT),
            wordings=_list(_TEXT),
            parts=_list(_TEXT),
        ),
    ),
    "sources": _listing("sources", source=_TEXT, title=_TEXT, entry=_ENTRY),
    "speakers": _listing("speakers", name=_TEXT, party=_or_null(_TEXT), entry=_ENTRY),
    "cite": _answer(
        "cite",
        **_CLOCKS,
        rule=_TEXT,
        ledger=_TEXT,
        name=_TEXT,
        root=_or_null(_TEXT),
        version=_TEXT,
        position=_or_null(_POSITION),
        entry=_or_null(_object(**_EVIDENCE["properties"], fields={"type": "object"})),
        source=_or_null(_open(source=_TEXT, title=_TEXT, publisher=_or_null(_TEXT), url=_or_null(_TEXT), entry=_ENTRY)),
        text=_TEXT,
    ),
    "doctor": _answer(
        "doctor",
        **_CLOCKS,
        ok=_YES,
        rows=_list(
            _object(
                check=_TEXT,
                outcome={"enum": ["ok", "warning", "error"]},
                says=_TEXT,
                hint=_or_null(_TEXT),
                count=_COUNT,
                found={**_list(_object(says=_TEXT, entries=_list(_ENTRY))), "maxItems": 1000},
            )
        ),
    ),
    "query": _answer("query", **_CLOCKS, columns=_list(_TEXT), rows=_list({"type": "object"})),
    "tables": _answer("tables", rows=_list(_object(table=_TEXT, columns=_list(_TEXT)))),
    "config": _answer(
        "config",
        files=_object(user=_TEXT, project=_or_null(_TEXT)),
        rows=_list(
            _object(
                key=_TEXT,
                value={"type": ["string", "integer", "null"]},
                origin={"enum": ["option", "environment", "project", "nearest", "user", "default"]},
                where=_or_null(_TEXT),
            )
        ),
    ),
}


def columns_of(kind: str) -> list[str]:
    """Return the fields that every row of a kind of answer has."""
    schema = SCHEMAS[kind]
    rows = schema if schema["type"] == "array" else schema["properties"].get("rows", {"items": schema})
    return list(rows["items"]["required"])


def schemas_text() -> str:
    """Return all schemas as one JSON document, by kind; rows of `--jsonl` are the items of `rows`."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps({kind: {"$schema": dialect, **schema} for kind, schema in SCHEMAS.items()}, indent=1) + "\n"
