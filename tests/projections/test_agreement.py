"""How far two coders agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entries import Origin, Quote, StatementMade
from projections.agreement import Coded, agreements, coder_of, kappa, passages
from projections.evidence import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("xyz")), max_size=30)


def coded(entry: int, coder: str, start: int, end: int, party: str = "RUS", stance: str = "oppose") -> Coded:
    """Return what somebody read between two places."""
    said = StatementMade.model_validate(
        {"party": party, "issue": "pause", "stance": stance, "said_on": "2025-03-12", "text": "x"}
    )
    return Coded(Reading(entry, "statement-made", "", coder, said, "counts"), coder, start, end)


def by_the_formula(units: Sequence[tuple[str, str]]) -> float | None:
    """Return kappa as Cohen writes it: (po - pe) / (1 - pe)."""
    count = len(units)
    labels = {label for unit in units for label in unit}
    chance = sum(sum(a == one for a, _ in units) * sum(b == one for _, b in units) for one in labels) / max(1, count**2)
    return None if chance == 1 or not count else (sum(a == b for a, b in units) / count - chance) / (1 - chance)


@settings(deadline=None)  # the library is imported at the first use
@given(UNITS)
def test_kappa_is_cohen_s(units: list[tuple[str, str]]):
    """The library computes what the paper says, and None stands where it divides by zero."""
    found, expected = kappa(units), by_the_formula(units)
    assert found == (None if expected is None else pytest.approx(expected))


def test_kappa_of_the_textbook():
    """Of fifty proposals two people accept twenty and refuse fifteen alike: 0.4, as every textbook has it."""
    units = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(units) == pytest.approx(0.4)


def test_passages_are_paired_by_what_overlaps_most():
    """Each reading has one partner at most; of two on the same words it is the one that says the same."""
    anna = [coded(1, "anna", 0, 10, "RUS"), coded(2, "anna", 0, 10, "UKR"), coded(3, "anna", 50, 60)]
    ben = [coded(4, "ben", 0, 10, "UKR"), coded(5, "ben", 0, 9, "RUS"), coded(6, "ben", 58, 80)]
    found = [(one.one and one.one.reading.entry, one.other and one.other.reading.entry) for one in passages(anna, ben)]
    assert found == [(1, 5), (2, 4), (3, None), (None, 6)]


def test_every_field_is_a_unit_of_each_pair():
    """Sentences are the units of what was marked, pairs those of all else."""
    some = [coded(1, "anna", 0, 10), coded(2, "anna", 20, 30), coded(3, "ben", 0, 10, stance="support")]
    rows = {one.field: (one.units, one.agreed) for one in agreements(some, [(0, 10), (11, 19), (20, 30)])}
    assert rows["marked"] == (3, 2)
    assert rows["party"] == (1, 1)
    assert rows["stance"] == (1, 0)


def test_three_coders_are_three_pairs():
    """Each with each, by their names."""
    rows = agreements([coded(1, "cara", 0, 9), coded(2, "ben", 0, 9), coded(3, "anna", 0, 9)])
    assert list(dict.fromkeys((one.coder_a, one.coder_b) for one in rows)) == [
        ("anna", "ben"),
        ("anna", "cara"),
        ("ben", "cara"),
    ]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=6)


@given(SPANS, SPANS)
def test_nothing_is_lost_or_paired_twice(one: list[tuple[int, int]], other: list[tuple[int, int]]):
    """Every reading is in exactly one row, in the order of the text."""
    anna = [coded(at, "anna", start, start + long) for at, (start, long) in enumerate(one)]
    ben = [coded(at + 100, "ben", start, start + long) for at, (start, long) in enumerate(other)]
    found = passages(anna, ben)
    assert sorted(p.one.reading.entry for p in found if p.one) == [one.reading.entry for one in anna]
    assert sorted(p.other.reading.entry for p in found if p.other) == [one.reading.entry for one in ben]
    starts = [(p.one or p.other).start for p in found if (p.one or p.other) is not None]  # type: ignore[union-attr]
    assert starts == sorted(starts)


def test_the_coder_is_whom_the_data_name():
    """Else who recorded it."""
    said = {"party": "RUS", "issue": "pause", "stance": "oppose", "said_on": "2025-03-12", "text": "x"}
    quoted = StatementMade.model_validate({**said, "quote": Quote(exact="x"), "source": "s"})
    named = quoted.model_copy(update={"origin": Origin(dataset="dna", id="1", coder="cara")})
    assert coder_of(Reading(1, "statement-made", "", "anna", quoted, "counts")) == "anna"
    assert coder_of(Reading(1, "statement-made", "", "anna", named, "counts")) == "cara"
