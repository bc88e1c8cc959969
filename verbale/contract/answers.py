"""What questions, and commands that record, answer: schemas by `kind`."""

from __future__ import annotations

from typing import Final

from verbale.contract.shapes import (
    CLOCKS,
    COUNT,
    ENTRY,
    EVIDENCE,
    GROUP,
    LOG,
    POSITION,
    RECORDED,
    STANCE,
    STATUS,
    TEXT,
    YES,
    Schema,
    answer,
    closed,
    list_of,
    listing,
    opened,
    or_null,
)

_CLAIM: Final = closed(
    {"from": or_null(TEXT)},
    what={"enum": ["id", "name", "alias", "code", "state"]},
    party=TEXT,
    until=or_null(TEXT),
    entry=or_null(ENTRY),
)
_WITNESSED: Final = opened(
    **EVIDENCE["properties"], independent_sources=or_null(COUNT), source_groups=or_null(list_of(GROUP))
)

ANSWERS: Final[dict[str, Schema]] = {
    "positions": answer("positions", **CLOCKS, rule=TEXT, rows=list_of(POSITION)),
    "recorded": answer("recorded", **RECORDED),
    "import": answer(
        "import",
        rows=COUNT,
        new=COUNT,
        already=COUNT,
        repeated=COUNT,
        refused={**list_of(closed(line=ENTRY, reason=TEXT, hint=or_null(TEXT))), "maxItems": 1000},
        refused_count=COUNT,
        first=or_null(ENTRY),
        last=or_null(ENTRY),
        notes={"type": "object", "additionalProperties": COUNT},
    ),
    "diff": answer(
        "diff",
        **{"from": closed(CLOCKS), "to": closed(CLOCKS)},
        rows=list_of(
            closed(party=TEXT, issue=TEXT, before=or_null(STANCE), after=or_null(STANCE), entries=list_of(ENTRY))
        ),
    ),
    "when": list_of(closed({"from": TEXT}, stance=STANCE, entry=ENTRY, known_from=TEXT)),
    "why": answer(
        "why",
        **CLOCKS,
        position=or_null(POSITION),
        counts=list_of(_WITNESSED),
        against=list_of(_WITNESSED),
        set_aside=list_of(closed(entry=ENTRY, reason=TEXT)),
        possible=list_of(_WITNESSED),
        rule=TEXT,
    ),
    "log": answer("log", **CLOCKS, rows=list_of(LOG)),
    "timeline": answer("timeline", **CLOCKS, rows=list_of(opened(entry=ENTRY, type=TEXT, party=TEXT, issue=TEXT))),
    "search": answer(
        "search",
        **CLOCKS,
        rows=list_of(opened(entry=ENTRY, type=TEXT, status=STATUS, target=or_null(ENTRY), snippet=TEXT)),
    ),
    "agreement": listing(
        "agreement",
        coder_a=TEXT,
        coder_b=TEXT,
        field=TEXT,
        units=COUNT,
        agreed=COUNT,
        kappa=or_null({"type": "number"}),
    ),
    "agenda": answer(
        "agenda",
        **CLOCKS,
        rows=list_of(
            opened(
                entry=ENTRY,
                party=TEXT,
                issue=TEXT,
                occurs_on=TEXT,
                text=TEXT,
                status={"enum": ["fulfilled", "overdue", "scheduled", "cancelled"]},
                fulfilled_by=or_null(ENTRY),
            )
        ),
    ),
    "parties": listing(
        "parties",
        party=TEXT,
        name=TEXT,
        kind=TEXT,
        aliases=list_of(TEXT),
        codes={"type": "object"},
        merged_into=or_null(TEXT),
        entry=ENTRY,
    ),
    "issues": listing(
        "issues", issue=TEXT, proposition=TEXT, parent=or_null(TEXT), closed_by=or_null(ENTRY), entry=ENTRY
    ),
    "party": answer(
        "party",
        **CLOCKS,
        row=closed(
            party=TEXT,
            name=TEXT,
            kind=TEXT,
            codes={"type": "object"},
            merged_into=or_null(TEXT),
            entry=ENTRY,
            merged=list_of(TEXT),
            names=list_of(closed({"from": or_null(TEXT)}, name=TEXT, until=or_null(TEXT), entry=ENTRY)),
            coalitions=list_of(TEXT),
            members=list_of(TEXT),
            memberships=list_of(opened(type=TEXT, party=TEXT, coalition=TEXT, entry=ENTRY)),
            succeeds=list_of(closed({"from": or_null(TEXT)}, party=TEXT)),
            succeeded_by=list_of(closed({"from": or_null(TEXT)}, party=TEXT)),
            speakers=list_of(opened(name=TEXT, party=or_null(TEXT), entry=ENTRY)),
        ),
    ),
    "resolved": answer(
        "resolved",
        **CLOCKS,
        row=closed(
            asked=TEXT,
            scheme=or_null(TEXT),
            party=TEXT,
            name=TEXT,
            party_kind=TEXT,
            by=_CLAIM,
            merged_into=or_null(TEXT),
            merged_by=or_null(ENTRY),
            state=or_null(closed({"from": or_null(TEXT)}, id=TEXT, name=TEXT, until=or_null(TEXT))),
            others=list_of(_CLAIM),
            close=list_of(closed(party=TEXT, name=TEXT, by=TEXT, score=COUNT, why=TEXT)),
        ),
    ),
    "review": answer(
        "review",
        **CLOCKS,
        rows=list_of(
            closed(
                actor=TEXT,
                name=TEXT,
                country=or_null(TEXT),
                entries=COUNT,
                suggestion=or_null(TEXT),
                why=or_null(TEXT),
                also=or_null(TEXT),
                decision={"type": "null"},
            )
        ),
    ),
    "issue": answer(
        "issue",
        **CLOCKS,
        row=closed(
            issue=TEXT,
            proposition=TEXT,
            parent=or_null(TEXT),
            closed_by=or_null(ENTRY),
            entry=ENTRY,
            closed_on=or_null(TEXT),
            closed_because=or_null(TEXT),
            wordings=list_of(TEXT),
            parts=list_of(TEXT),
        ),
    ),
    "source": answer(
        "source",
        **CLOCKS,
        row=closed(
            source=TEXT,
            title=TEXT,
            publisher=or_null(TEXT),
            agency=or_null(TEXT),
            url=or_null(TEXT),
            published_at=or_null(TEXT),
            sha256=or_null(TEXT),
            text_sha256=or_null(TEXT),
            reliability=or_null(TEXT),
            entry=ENTRY,
            status=STATUS,
            entries=list_of(ENTRY),
            kept=YES,
        ),
    ),
    "sources": listing("sources", source=TEXT, title=TEXT, entry=ENTRY),
    "speakers": listing("speakers", name=TEXT, party=or_null(TEXT), entry=ENTRY),
    "cite": answer(
        "cite",
        **CLOCKS,
        rule=TEXT,
        ledger=TEXT,
        name=TEXT,
        root=or_null(TEXT),
        version=TEXT,
        position=or_null(POSITION),
        entry=or_null(closed(**EVIDENCE["properties"], fields={"type": "object"})),
        source=or_null(opened(source=TEXT, title=TEXT, publisher=or_null(TEXT), url=or_null(TEXT), entry=ENTRY)),
        text=TEXT,
    ),
    "doctor": answer(
        "doctor",
        **CLOCKS,
        ok=YES,
        rows=list_of(
            closed(
                check=TEXT,
                outcome={"enum": ["ok", "warning", "error"]},
                says=TEXT,
                hint=or_null(TEXT),
                count=COUNT,
                found={**list_of(closed(says=TEXT, entries=list_of(ENTRY))), "maxItems": 1000},
            )
        ),
    ),
    "query": answer("query", **CLOCKS, columns=list_of(TEXT), rows=list_of({"type": "object"})),
    "tables": answer("tables", rows=list_of(closed(table=TEXT, columns=list_of(TEXT)))),
    "config": answer(
        "config",
        files=closed(user=TEXT, project=or_null(TEXT)),
        rows=list_of(
            closed(
                key=TEXT,
                value={"type": ["string", "integer", "null"]},
                origin={"enum": ["option", "environment", "project", "nearest", "user", "default"]},
                where=or_null(TEXT),
            )
        ),
    ),
}
