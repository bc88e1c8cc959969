"""What the commands of the audit answer: schemas by `kind`."""

from __future__ import annotations

from typing import Final

from verbale.contract.shapes import (
    CLOCKS,
    COUNT,
    ENTRY,
    EVIDENCE,
    POSITION,
    RECORDED,
    TEXT,
    YES,
    Schema,
    answer,
    closed,
    list_of,
    or_null,
)

AUDITS: Final[dict[str, Schema]] = {
    "erased": answer(
        "erased",
        **RECORDED,
        erased=ENTRY,
        destroyed=list_of({"enum": ["speaker", "text", "quote"]}),
        sources_removed=list_of(TEXT),
        sources_kept=list_of(closed(source=TEXT, because=TEXT)),
        unchecked=list_of(ENTRY),
        purged=YES,
    ),
    "verify": answer(
        "verify",
        ok=YES,
        entries=COUNT,
        root=or_null(TEXT),
        first_bad_entry=or_null(ENTRY),
        checked=list_of(closed(check=TEXT, ok=YES, entry=or_null(ENTRY), says=TEXT)),
        not_checked=list_of(closed(check=TEXT, says=TEXT)),
    ),
    "replay": answer("replay", entries=COUNT, root=TEXT, digests=closed(positions=TEXT), equals_views=YES),
    "explained": answer(
        "explained",
        **{"from": closed(CLOCKS), "to": closed(CLOCKS)},
        entry=closed(**EVIDENCE["properties"], fields={"type": "object"}),
        rows=list_of(
            closed(
                party=TEXT,
                issue=TEXT,
                before=or_null(POSITION),
                after=or_null(POSITION),
                says=list_of(TEXT),
            )
        ),
        reasons=list_of(TEXT),
    ),
    "status": answer(
        "status",
        ledger=TEXT,
        name=TEXT,
        path=TEXT,
        head=CLOCKS["as_known_at"],
        parties=COUNT,
        issues=COUNT,
        sources=COUNT,
        key=or_null(TEXT),
        checkpoint=or_null(closed(checkpoint=ENTRY, size=ENTRY)),
    ),
    "checkpoint": answer(
        "checkpoint", checkpoint=ENTRY, size=ENTRY, root=TEXT, note=TEXT, already=YES, wanting=or_null(TEXT)
    ),
    "keys": answer("keys", rows=list_of(closed(key=TEXT, added=or_null(ENTRY), retired=or_null(ENTRY), here=YES))),
    "key": answer("key", key=TEXT, entry=or_null(ENTRY)),
    "inclusion": answer(
        "inclusion",
        entry=ENTRY,
        index=COUNT,
        size=ENTRY,
        leaf=TEXT,
        root=TEXT,
        path=list_of(TEXT),
    ),
    "consistency": answer("consistency", from_size=ENTRY, to_size=ENTRY, path=list_of(TEXT)),
    "proof": answer("proof", ok=YES, entry=ENTRY, size=ENTRY, origin=TEXT, signed_by=list_of(TEXT), line=TEXT),
    "growth": answer("growth", ok=YES, origin=TEXT, from_size=ENTRY, to_size=ENTRY, signed_by=list_of(TEXT)),
    "request": answer("request", origin=TEXT, from_size=COUNT, to_size=ENTRY, request=TEXT),
    "cosigned": answer("cosigned", origin=TEXT, from_size=COUNT, to_size=ENTRY, note=TEXT),
    "bundle": answer(
        "bundle",
        path=TEXT,
        entries=ENTRY,
        size=ENTRY,
        complete=YES,
        positions=COUNT,
        digest=TEXT,
        disclosed=list_of(closed(entry=ENTRY, field=TEXT)),
        withheld=list_of(closed(entry=ENTRY, field=TEXT)),
        sources=COUNT,
        sources_withheld=list_of(TEXT),
    ),
    "backup": answer("backup", path=TEXT, entries=COUNT, root=TEXT, checkpoints=COUNT, sources=COUNT),
    "restore": answer("restore", path=TEXT, entries=COUNT, root=TEXT, checkpoints=COUNT, sources=COUNT),
    "export": answer(
        "export",
        format={"enum": ["journal", "tiles", "parquet"]},
        path=TEXT,
        entries=COUNT,
        ledger=TEXT,
        root=or_null(TEXT),
        rule=or_null(TEXT),
        files=list_of(closed(file=TEXT, rows=COUNT)),
    ),
    "html": answer(
        "html", path=TEXT, **CLOCKS, rule=TEXT, rows=list_of(closed(page=TEXT, pages=COUNT, left_out=COUNT))
    ),
    "recovered": answer("recovered", first=or_null(ENTRY), last=or_null(ENTRY), missing=COUNT),
    "cosignatures": answer("cosignatures", checkpoint=ENTRY, witnesses=list_of(TEXT), already=YES),
}
