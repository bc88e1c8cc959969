"""The worst cases: what K does not know and must be stepped over, one entry corrected ten thousand times, a merge."""

from __future__ import annotations

import io
import json
import shutil
from typing import TYPE_CHECKING, Any

from benchmarks.table import Row, alternately, timed
from ledger.entries.scales import STANCES
from projections.asking import position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from benchmarks.stage import Stage
    from verbale import Ledger

_LATE = 100_000
_CORRECTIONS = (1_000, 10_000)
_MERGED_ISSUES = 100
_PARTY, _ISSUE = "ONE", "only"
_REPEATS = 5
_SCAN = "SELECT COUNT(*) FROM versions NOT INDEXED WHERE cell = ? AND known_from <= ? AND known_to > ?"
_NAMES = (
    {"type": "party-registered", "party": _PARTY, "name": "The one party", "kind": "state"},
    {"type": "issue-opened", "issue": _ISSUE, "proposition": "The only issue"},
)


def worst(stage: Stage) -> Iterator[Row]:
    """The worst cases; their sizes are their own, so they are measured at the smallest stage only."""
    if stage.smaller is None:
        yield _late(stage)
        yield from _corrected(stage)
        yield from _merged(stage)


def _late(stage: Stage) -> Row:
    """Return what it costs that 100,000 entries of a cell were recorded after K, and lie between T and the answer."""
    ledger = stage.fresh("late")
    first = _statement("A first word", "1999-12-31")
    fill(ledger, (*_NAMES, first, *(_statement(f"Word {n:,}", f"20{n % 25:02}-{n % 12 + 1:02}") for n in range(_LATE))))
    at = ledger.moment(None, f"e{len(_NAMES) + 1}")
    db = ledger.views.db
    found = position(db, _PARTY, _ISSUE, at)
    assert found is not None
    assert (found.entry, found.text) == (at.known_at, "A first word")
    (cell,) = db.execute("SELECT id FROM cells").fetchone()

    def theirs() -> None:
        assert db.execute(_SCAN, (cell, at.known_at, at.known_at)).fetchone() == (1,)

    times = alternately(lambda: position(db, _PARTY, _ISSUE, at), theirs, _REPEATS)
    note = f"{times[0] / _LATE * 1e9:.0f} ns a version stepped over"
    ledger.close()
    shutil.rmtree(stage.folder / "late")
    return Row("worst-late", "position, 100k recorded after K", "one scan of the cell", _LATE, *times, "ms", note=note)


def _corrected(stage: Stage) -> Iterator[Row]:
    """Yield what one entry corrected over and over costs to record, and to ask about."""
    each: dict[int, float] = {}
    for count in _CORRECTIONS:
        ledger = stage.fresh(f"corrected-{count}")
        statement = _statement("A first word", "1999-12-31")
        target = len(_NAMES) + 1
        drafts = (*_NAMES, statement, *(_correction(target, n) for n in range(1, count + 1)))
        each[count] = timed(lambda ledger=ledger, drafts=drafts: fill(ledger, drafts)) / count  # type: ignore[misc]
        if count == _CORRECTIONS[-1]:
            yield Row(
                "worst-corrected",
                f"one entry corrected {count:,} times, each",
                f"each of {_CORRECTIONS[0]:,}",
                count,
                each[count],
                each[_CORRECTIONS[0]],
                "µs",
                note="recorded in one import, views up to date",
            )
            yield _asked(ledger, target, count)
        ledger.close()
        shutil.rmtree(stage.folder / f"corrected-{count}")


def _asked(ledger: Ledger, target: int, count: int) -> Row:
    db = ledger.views.db
    middle = ledger.moment(None, f"e{target + count // 2}")
    found = position(db, _PARTY, _ISSUE, middle)
    assert found is not None
    assert found.stance == STANCES[count // 2 % len(STANCES)]
    (cell,) = db.execute("SELECT id FROM cells").fetchone()

    def ours() -> object:
        return [position(db, _PARTY, _ISSUE, middle) for _ in range(10)]

    def theirs() -> None:
        for _ in range(10):
            assert db.execute(_SCAN, (cell, middle.known_at, middle.known_at)).fetchone() == (1,)

    times = [t / 10 for t in alternately(ours, theirs, _REPEATS)]
    what, against = "its position after half of them", "one scan of the cell"
    return Row("worst-corrected-read", what, against, count, times[0], times[1], "µs")


def _merged(stage: Stage) -> Iterator[Row]:
    """Yield what it costs to merge a party with 100,000 entries on 100 issues into another, and to take it back."""
    ledger = stage.fresh("merged")
    issues = [{**_NAMES[1], "issue": f"issue-{n}", "proposition": f"Issue {n}"} for n in range(_MERGED_ISSUES)]
    other = {**_NAMES[0], "party": "OTHER", "name": "Another party"}
    words = [{**_statement("A word of the other's", "1999"), "party": "OTHER", "issue": one["issue"]} for one in issues]
    held = (
        {**_statement(f"Word {n:,} on it", f"20{n % 25:02}-{n // 25 % 12 + 1:02}"), "issue": issue["issue"]}
        for issue in issues
        for n in range(_LATE // _MERGED_ISSUES)
    )
    fill(ledger, (_NAMES[0], other, *issues, *words, *held))
    apart = list(ledger.matrix())
    merged = timed(lambda: ledger.record({"type": "party-merged", "party": _PARTY, "into": "OTHER"}))
    assert {row.party for row in ledger.matrix()} == {"OTHER"}
    assert [row.entry for row in ledger.matrix("OTHER")] == [row.entry for row in apart if row.party == _PARTY]
    unmerged = timed(lambda: ledger.record({"type": "party-unmerged", "party": _PARTY}))
    assert list(ledger.matrix()) == apart
    folded = timed(ledger.views.rebuild)
    assert list(ledger.matrix()) == apart
    ledger.close()
    shutil.rmtree(stage.folder / "merged")
    against = "all of its views folded anew"
    yield Row(
        "worst-merge",
        f"merge of a party with 100k entries, {_MERGED_ISSUES} issues",
        against,
        _LATE,
        merged,
        folded,
        "s",
    )
    yield Row("worst-unmerge", "its unmerge", against, _LATE, unmerged, folded, "s", note="the fold repeats both")


def fill(ledger: Ledger, drafts: Iterable[dict[str, Any]]) -> None:
    """Import drafts, all of which must be new."""
    lines = [json.dumps(draft).encode() + b"\n" for draft in drafts]
    report = ledger.import_file(io.BytesIO(b"".join(lines)))
    assert report.new == len(lines) == ledger.head, report


def _statement(text: str, said_on: str) -> dict[str, Any]:
    about = {"type": "statement-made", "party": _PARTY, "issue": _ISSUE, "stance": STANCES[0]}
    return {**about, "said_on": said_on, "text": text}


def _correction(target: int, number: int) -> dict[str, Any]:
    changes = {"stance": STANCES[number % len(STANCES)]}
    return {"type": "entry-corrected", "entry": target, "changes": changes, "reason": f"Reading {number:,}"}
