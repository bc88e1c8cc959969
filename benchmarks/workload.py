"""A seeded dossier of any size: many small cells, one huge one, corrections and retractions among them.

`Workload(size).drafts()` yields the drafts, one a journal entry: 200 parties × 500 issues, cells drawn by Zipf's law,
one cell with a tenth of everything, 8 % corrections, 2 % retractions.  The dates are uniform over six years and do not
follow the order of recording, which is the harder case for two clocks; a few of a hundred are imprecise.  The same size
gives the same bytes everywhere.
"""

from __future__ import annotations

import json
import random
import tempfile
from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.entries.scales import STANCES

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Final = 1
"""Raised when the generator changes, so that no older file is taken for a new one."""
SEED: Final = 20250312
PARTIES: Final = 200
ISSUES: Final = 500
SOURCES: Final = 200
REGISTERED: Final = PARTIES + ISSUES + SOURCES
FIRST_DAY: Final = date(2019, 11, 1)
DAYS: Final = 6 * 365
_CORRECTED: Final = 0.08
_RETRACTED: Final = 0.02
_DEEDS: Final = 0.10
_SCHEDULED: Final = 0.01

_WHO: Final = (
    "The foreign minister", "A government spokesman", "The president", "The delegation", "A senior official",
    "The prime minister", "The permanent representative", "The ministry of defence", "The negotiator", "The envoy",
)  # fmt: skip
_SAYS: Final = (
    "told reporters after the meeting that", "said in a statement carried by state media that",
    "wrote to the mediators that", "repeated before the council that", "made clear in a televised address that",
    "informed the guarantors by note that", "let it be known through intermediaries that",
)  # fmt: skip
_WHAT: Final = (
    "its conditions had not changed", "it could accept the text as it stands", "the proposal needs further study",
    "nothing is agreed until all is agreed", "the withdrawal must come first", "it would not be bound by such terms",
    "monitors would have to be in place before", "the details are still awaited from the capital",
)  # fmt: skip
_SPEAKERS: Final = ("Ana Petrović", "Yusuf Demir", "Inés Alvarado", "Jan Kowalczyk", "Mei Tanaka", "Omar al-Khatib")
_ACTS: Final = ("declare", "propose", "demand", "accept", "reject", "clarify", "comment")


def party_id(number: int) -> str:
    """Return the id of a party, by its number."""
    return f"P{number:03}"


def issue_id(number: int) -> str:
    """Return the id of an issue, by its number."""
    return f"issue-{number:03}"


BIG_CELL: Final = (party_id(0), issue_id(0))
"""The cell that holds a tenth of everything."""


@dataclass
class Workload:
    """The drafts of a ledger of `size` entries."""

    size: int
    _random: random.Random = field(default_factory=lambda: random.Random(SEED))
    _statements: list[int] = field(default_factory=list)
    """Entries that can be corrected or retracted."""
    _stances: dict[int, int] = field(default_factory=dict)
    """How a statement reads today, so that a correction changes something."""
    _corrections: list[tuple[int, int]] = field(default_factory=list)

    def drafts(self) -> Iterator[dict[str, Any]]:
        """Yield one draft for each journal entry, in order."""
        yield from registrations()
        cells = self._cells()
        for entry in range(REGISTERED + 1, self.size + 1):
            chance = self._random.random()
            if chance < _RETRACTED and len(self._statements) > 10:
                yield self._retraction()
            elif chance < _RETRACTED + _CORRECTED and len(self._statements) > 10:
                yield self._correction(entry)
            else:
                yield self._mover(entry, *next(cells))

    def _cells(self) -> Iterator[tuple[int, int]]:
        rng = self._random
        numbers = list(range(1, PARTIES * ISSUES))
        rng.shuffle(numbers)
        weights = list(accumulate(1 / rank for rank in range(1, len(numbers) + 1)))
        share = self.size / 10 / (self.size - REGISTERED) / (1 - _CORRECTED - _RETRACTED)
        while True:
            number = 0 if rng.random() < share else numbers[bisect(weights, rng.random() * weights[-1]) - 1]
            yield number // ISSUES, number % ISSUES

    def _mover(self, entry: int, party: int, issue: int) -> dict[str, Any]:
        rng = self._random
        who, says, what = rng.choice(_WHO), rng.choice(_SAYS), rng.choice(_WHAT)
        draft: dict[str, Any] = {
            "party": party_id(party) if rng.random() < 0.9 else f"Party {party}",
            "issue": issue_id(issue),
            "text": f"{who} of party {party} {says} {what} (note {entry:,}).",
        }
        chance = rng.random()
        if chance < _SCHEDULED:
            return {"type": "event-scheduled", **draft, "occurs_on": self._date()}
        if chance < _SCHEDULED + _DEEDS:
            return {"type": "action-taken", **draft, "occurred_on": self._date(), "bearing": rng.choice(STANCES)}
        stance = rng.randrange(len(STANCES))
        draft |= {"stance": STANCES[stance], "said_on": self._date()}
        if STANCES[stance] == "conditional":
            draft["conditions"] = ["guarantees are given in writing"]
        if rng.random() < 0.6:
            draft["speaker"] = rng.choice(_SPEAKERS)
        if rng.random() < 0.5:
            draft["act"] = rng.choice(_ACTS)
        if rng.random() < 0.5:
            draft["credibility"] = rng.choice("ABCDEF") + rng.choice("123456")
        if rng.random() < 0.7:
            draft["source"] = f"source-{rng.randrange(SOURCES):03}"
            if rng.random() < 0.1:
                draft["quote"] = {"exact": f"{what}", "start": 10, "end": 10 + len(what)}
        self._statements.append(entry)
        self._stances[entry] = stance
        return {"type": "statement-made", **draft}

    def _correction(self, entry: int) -> dict[str, Any]:
        rng, target = self._random, self._target()
        chance = rng.random()
        if chance < 0.5:
            # One of the other stances: a correction that changes nothing would be refused.
            stance = self._stances[target] = (self._stances[target] + rng.randrange(1, len(STANCES))) % len(STANCES)
            field, value = "stance", str(STANCES[stance])
        elif chance < 0.8:
            # A time of its own for every correction, for the same reason.
            hour, minute, second = entry % 24, entry // 24 % 60, entry // 1440 % 60
            field, value = "said_on", f"{self._day()}T{hour:02}:{minute:02}:{second:02}Z"
        else:
            said = f"{rng.choice(_WHO)} {rng.choice(_SAYS)} {rng.choice(_WHAT)}"
            field, value = "text", f"{said} (as corrected by note {entry:,})."
        self._corrections.append((entry, target))
        reason = f"Transcript {entry:,} reads so"
        return {"type": "entry-corrected", "entry": target, "changes": {field: value}, "reason": reason}

    def _retraction(self) -> dict[str, Any]:
        rng = self._random
        if self._corrections and rng.random() < 0.1:
            # A correction is taken back; what it corrected is left alone from then on.
            number, target = self._corrections.pop(rng.randrange(len(self._corrections)))
            if target in self._stances:
                del self._stances[target]
                return {"type": "entry-retracted", "entry": number, "reason": "The transcript was wrong"}
        target = self._target()
        del self._stances[target]
        return {"type": "entry-retracted", "entry": target, "reason": "Never said"}

    def _target(self) -> int:
        """Return a statement that is not retracted, the others forgotten in passing."""
        known = self._statements
        while True:
            at = self._random.randrange(len(known))
            if known[at] in self._stances:
                return known[at]
            known[at] = known[-1]
            known.pop()

    def _day(self) -> str:
        return (FIRST_DAY + timedelta(self._random.randrange(DAYS))).isoformat()

    def _date(self) -> str:
        chance, day = self._random.random(), self._day()
        if chance < 0.95:
            return day
        if chance < 0.97:
            return f"{day}T{self._random.randrange(24):02}:30+03:00"
        last = FIRST_DAY + timedelta(DAYS)
        return self._random.choice((day[:7], day[:7], day[:4], f"{day[:9]}X", f"{day}/{last}", f"../{day}", f"{day}?"))


def registrations() -> Iterator[dict[str, Any]]:
    """Yield the parties, issues and sources."""
    for n in range(PARTIES):
        names = {"party": party_id(n), "name": f"Party {n}", "aliases": [f"Capital {n}", f"Government {n}"]}
        yield {"type": "party-registered", **names, "kind": "state"}
    for n in range(ISSUES):
        yield {"type": "issue-opened", "issue": issue_id(n), "proposition": f"Measure {n} takes effect"}
    for n in range(SOURCES):
        about = {"source": f"source-{n:03}", "title": f"Dispatch {n}", "publisher": "A news agency", "reliability": "B"}
        yield {"type": "source-registered", **about}


def dossier(size: int, folder: Path | None = None) -> Path:
    """Return the path of the drafts of a size, made at the first call.

    Args:
        size: how many.
        folder: where they lie; None is a folder that outlives the run.
    """
    folder = folder or Path(tempfile.gettempdir()) / "verbale-bench"
    folder.mkdir(exist_ok=True)
    path = folder / f"drafts-v{VERSION}-{size}.jsonl"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for draft in Workload(size).drafts():
                file.write(json.dumps(draft, ensure_ascii=False) + "\n")
        part.replace(path)
    return path


def moments(size: int, count: int, seed: int = SEED) -> list[tuple[str, int]]:
    """Return pairs of T, a day, and K, an entry: both uniform."""
    rng = random.Random(seed)
    return [
        ((FIRST_DAY + timedelta(rng.randrange(DAYS))).isoformat(), rng.randrange(REGISTERED, size) + 1)
        for _ in range(count)
    ]
