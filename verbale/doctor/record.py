"""The record: what was taken on trust, what two coders read differently, what has grown old."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ledger.codec import CODEC, stamp_of
from ledger.entries import SourceRegistered, StatementMade
from ledger.errors import LedgerError, Refused
from ledger.texts import anchor
from ledger.times import BEGINNING, END, span, stamp
from projections.agreement import coder_of
from projections.assertions import assertions
from projections.backing import unconfirmed
from projections.erasures import erasures
from projections.evidence import readings
from projections.independence import NEEDED
from verbale.doctor.check import Check, Finding, warned
from verbale.terminal.sourcing import doubt_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.clocks import Moment
    from projections.evidence import Reading
    from verbale.inquiries import Inquiries

_DAY: Final = 86_400_000_000
_QUOTING: Final = """
json_extract(e.data, '$.quote') IS NOT NULL
OR e.entry IN (SELECT entry FROM states WHERE json_extract(data, '$.quote') IS NOT NULL)
"""
_SKEW: Final = b'"clock_behind":'
_STAMP_BYTES: Final = 4_000
"""A stamp is shorter, whoever recorded."""


def checks(ledger: Inquiries, at: Moment, stale_after: int) -> Iterator[Check]:
    """Yield the checks of what is recorded, at two moments."""
    quoting = [
        one
        for one in readings(ledger.views.db, at.known_at, _QUOTING)
        if one.status != "retracted" and getattr(one.event, "quote", None) is not None
    ]
    yield from quotes(ledger, quoting, at)
    yield coding_differences(quoting)
    yield asserted(ledger, at)
    yield credibility(ledger, at)
    yield stale_positions(ledger, at, stale_after)
    yield speakers(ledger, at)
    yield sources(ledger, at)
    yield sealed(ledger)
    yield clocks(ledger, at)


def quotes(ledger: Inquiries, quoting: list[Reading], at: Moment) -> Iterator[Check]:
    """Compare every quote with its source once more; yield those that differ, and those that nobody could compare."""
    kept = {source.source: source for _, source in _sources(ledger, at)}
    unchecked, wrong = [], []
    for one in quoting:
        source = kept.get(getattr(one.event, "source", None) or "")
        quote = one.event.quote  # type: ignore[attr-defined]  # every one of these has it
        text = None
        try:
            text = None if source is None or source.sha256 is None else ledger.snapshots.text(source.sha256)
            if text is None or quote.translated_by is not None:
                unchecked.append(Finding(f"e{one.entry} “{quote.exact}”", (one.entry,)))
            else:
                anchor(quote, text)
        except LedgerError as error:
            wrong.append(Finding(f"e{one.entry}: {error.message}", (one.entry,)))
    if wrong:
        says = f"quotes that do not stand in the source that is kept: {len(wrong)} of {len(quoting)}"
        yield Check("quotes", "error", says, "correct the quote, or restore the source's file", tuple(wrong))
    else:
        yield Check("quotes", "ok", f"{len(quoting) - len(unchecked)} of {len(quoting)} compared with their source")
    some = f"quotes never compared with a source's text: {len(unchecked)} of {len(quoting)}"
    hint = "keep the source's bytes: verbale source add … --snapshot FILE"
    yield warned("quotes-unchecked", unchecked, some, "none", hint)


def asserted(ledger: Inquiries, at: Moment) -> Check:
    """Ask every position that somebody asserted once more."""
    found = list(assertions(ledger.views.db, at.known_at))
    failed = [
        Finding(
            f"e{one.entry} asserts {one.party} on {one.issue}{f' as of {one.as_of}' if one.as_of else ''}:"
            f" {one.stance or 'no position in words'}; the ledger has {one.found or 'none'}",
            (one.entry,),
        )
        for one in found
        if not one.holds
    ]
    if failed:
        hint = "correct what is wrong: an entry, or the assertion (verbale undo eN)"
        return Check("assertions", "error", f"{len(failed)} of {len(found)} do not hold", hint, tuple(failed))
    return Check("assertions", "ok", f"{len(found)} asserted, all hold" if found else "none asserted")


def coding_differences(quoting: list[Reading]) -> Check:
    """Find entries that count and read another stance from the same quote of the same source."""
    alike: dict[tuple[str, str, str, str], list[Reading]] = defaultdict(list)
    for one in quoting:
        event = one.event
        if isinstance(event, StatementMade) and event.source is not None and event.quote is not None:
            for party in event.on_behalf_of or (event.party,):
                alike[event.source, event.quote.exact, party, event.issue].append(one)
    found = []
    for (source, exact, party, issue), some in alike.items():
        if len({one.stance for one in some}) > 1:
            read = ", ".join(f"e{one.entry} {one.stance} by {coder_of(one) or 'nobody named'}" for one in some)
            says = f"{party} on {issue}, {source} “{exact}”: {read}"
            found.append(Finding(says, tuple(one.entry for one in some)))
    hint = "agree on one reading, and retract the others; they do not contest each other"
    return warned("coding-differences", found, f"quotes read in more than one way: {len(found)}", "none", hint)


def credibility(ledger: Inquiries, at: Moment) -> Check:
    """Find entries that are called confirmed by other sources, and for which the ledger does not have two."""
    found = [
        Finding(f"e{one.entry}: {doubt_text(one.event.credibility, groups)}", (one.entry,))  # type: ignore[attr-defined]
        for one, groups in unconfirmed(ledger.views.db, at.known_at)
    ]
    some = f"entries of credibility 1 without {NEEDED} independent sources: {len(found)}"
    none = f"every entry of credibility 1 has {NEEDED} independent sources"
    hint = "verbale corroborate eN --source S, or verbale correct eN --set credibility=…"
    return warned("credibility", found, some, none, hint)


def stale_positions(ledger: Inquiries, at: Moment, stale_after: int) -> Check:
    """Find positions whose deciding word is old, measured to T, or to the end of the latest word or deed."""
    name = "stale-positions"
    until = at.until if at.until != END else _latest(ledger, at)
    if until is None:
        return Check(name, "ok", "no positions")
    before = until - stale_after * _DAY
    found, counted = [], 0
    for row in ledger.matrix(as_of=at.as_of, as_known_at=f"e{at.known_at}"):
        if row.entry is None or row.inherited_from is not None:
            continue
        counted += 1
        dated = ledger.entry(row.entry, at.known_at).dated or ""
        if BEGINNING < span(dated).latest < before:
            found.append(Finding(f"{row.party} on {row.issue}: {row.stance}, last word {dated}", (row.entry,)))
    asked = f"{stale_after} days before {at.as_of or stamp(until - 1)[:10]}"
    some = f"positions that rest on a word older than {asked}: {len(found)} of {counted}"
    return warned(name, found, some, f"none of {counted} older than {asked}", "look for newer words, or --stale-after")


def _latest(ledger: Inquiries, at: Moment) -> int | None:
    """Return the end of the latest word or deed that counts at K."""
    query = "SELECT MAX(latest) FROM versions WHERE known_from <= ?1 AND known_to > ?1"
    (latest,) = ledger.views.db.execute(query, (at.known_at,)).fetchone()
    return None if latest is None else int(latest)


def speakers(ledger: Inquiries, at: Moment) -> Check:
    """Find names of speakers that nobody registered."""
    rows = ledger.speakers(f"e{at.known_at}", unresolved=True)
    found = [Finding(f"{row['name']} ({row['entries']})", (row["entry"],)) for row in rows]
    some = f"names of speakers that nobody registered: {len(found)}"
    return warned("speakers", found, some, "every speaker is registered", "verbale speaker add NAME PARTY --role …")


def sources(ledger: Inquiries, at: Moment) -> Check:
    """Find sources whose bytes are not kept, or no longer those that were."""
    found, changed = [], []
    every = _sources(ledger, at)
    gone = {sha256: one.entry for one in erasures(ledger.views.db) for sha256 in one.event.sources}
    for entry, source in every:
        try:
            if ledger.snapshots.document(source.sha256) is None:
                by = gone.get(source.sha256 or "")
                found.append(Finding(source.source + (f", whose bytes e{by} erased" if by else ""), (entry,)))
        except Refused as error:
            changed.append(Finding(f"{source.source}: {error.message}", (entry,)))
    if changed:
        hint = "restore the file from a backup: its hash is in the journal"
        return Check(
            "sources",
            "error",
            f"sources that are not what was kept: {len(changed)} of {len(every)}",
            hint,
            tuple(changed),
        )
    some = f"sources without their bytes here: {len(found)} of {len(every)}"
    return warned("sources", found, some, f"{len(every)} kept", "pages vanish: register with --snapshot FILE")


def sealed(ledger: Inquiries) -> Check:
    """Count what is sealed and what was erased; say where an erasure is not finished."""
    at_hand = {entry for entry, _ in ledger.journal.all_sealed()}
    erased = {one.event.entry for one in erasures(ledger.views.db)}
    says = f"{len(at_hand)} entries with sealed values at hand, {len(erased)} with erased ones"
    if ledger.journal.erasures.unpurged:
        hint = "once nobody else has the ledger open, run again: verbale erase eN"
        return Check("sealed", "warning", f"{says}; what was deleted is not yet overwritten", hint)
    return Check("sealed", "ok", says)


def _sources(ledger: Inquiries, at: Moment) -> list[tuple[int, SourceRegistered]]:
    found = readings(ledger.views.db, at.known_at, "e.type = 'source-registered'")
    return [
        (one.entry, one.event) for one in found if one.status != "retracted" and isinstance(one.event, SourceRegistered)
    ]


def clocks(ledger: Inquiries, at: Moment) -> Check:
    """Find entries recorded by a host whose clock was more than five minutes behind the ledger."""
    found = []
    for line in ledger.journal.lines(0, at.known_at):
        if _SKEW in line.data[:_STAMP_BYTES]:
            recorded = CODEC.decode(*line)
            prefix = stamp_of(line.data).prefix
            if _SKEW in prefix:
                behind = prefix.rpartition(_SKEW)[2].rstrip(b",").decode()
                found.append(Finding(f"e{line.entry} by {behind} s, at {recorded.recorded_at}", (line.entry,)))
    some = f"entries recorded by a clock behind the ledger: {len(found)}; their order holds, their times do not"
    return warned("clocks", found, some, "none was behind", "set the clocks of the hosts that record")
