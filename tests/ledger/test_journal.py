"""What the journal promises on every store: numbers without a gap, time that never goes back, nothing twice."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.batch import Batch, Prepared
from ledger.codec import CODEC, StoredLine, format_line, stamp_data
from ledger.entries import IssueOpened
from ledger.errors import Refused, StateChanged, Unparsable
from ledger.journal import Journal
from tests.ledger.samples import BASICS, CEASEFIRE, NOW, RUS, new_ledger, prepared, statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.places import Location

MINUTE = 60_000_000
YEAR = 365 * 24 * 60 * MINUTE


def stamps(journal: Journal) -> list[str]:
    """List when each entry was recorded."""
    return [recorded.recorded_at for recorded in journal.read()]


# ── Numbers and times ─────────────────────────────────────────────────────────


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(-YEAR, YEAR)), min_size=1, max_size=6))
def test_numbers_have_no_gap_and_time_never_goes_back(
    new_place: Callable[[], Location], batches: list[tuple[int, int]]
) -> None:
    """Whatever the clock does between batches of any size, entries count from 1 and `recorded_at` never decreases."""
    place = new_place()
    place.create()
    with Journal(place.open()) as journal:
        for size, drift in batches:
            head = journal.head
            some = [prepared(journal, f"i{head + n}") for n in range(size)]
            done = journal.append(some, now=NOW + drift, recorded_by=None, head=head)
            assert (done.first, done.last) == (head + 1, head + size)
        assert [line.entry for line in journal.lines()] == list(range(1, journal.head + 1))
        assert stamps(journal) == sorted(stamps(journal))


def test_a_clock_set_back_repeats_the_last_time(journal: Journal) -> None:
    """Thirty years back: the last `recorded_at` again, the entry marked, and the caller told by how much."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    done = journal.append([prepared(journal, "b")], now=NOW - 30 * YEAR, recorded_by=None, head=1)
    assert done.clock_behind == 30 * YEAR // 1_000_000
    assert stamps(journal) == ["2026-11-23T09:12:00.000000Z"] * 2
    line = journal.line(2)
    assert line is not None
    assert b'"clock_behind":%d,' % done.clock_behind in line.data


@pytest.mark.parametrize(
    ("behind", "marked"), [(0, None), (5 * MINUTE, None), (5 * MINUTE + 1, 300), (6 * MINUTE, 360)]
)
def test_more_than_five_minutes_behind_is_marked(journal: Journal, behind: int, marked: int | None) -> None:
    """Hosts differ by seconds without a word; by more than five minutes the entry says so."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    done = journal.append([prepared(journal, "b")], now=NOW - behind, recorded_by=None, head=1)
    assert done.clock_behind == marked
    line = journal.line(2)
    assert line is not None
    assert (b"clock_behind" in line.data) == (marked is not None)


def test_a_clock_behind_is_told_by_the_ledger(place: Location) -> None:
    """`Ledger.record` passes on that the clock is behind."""
    new_ledger(place, RUS).close()
    with new_ledger(place, now=NOW - 10 * MINUTE) as book:
        assert book.record(CEASEFIRE).clock_behind == 600


def test_a_clock_behind_puts_nothing_into_the_future(place: Location) -> None:
    """The future begins after `recorded_at`, not after a clock that was set back: what was said today is recorded."""
    today = {"said_on": "2026-11-23"}
    new_ledger(place, *BASICS).close()
    with new_ledger(place, now=NOW - 30 * YEAR) as book:
        assert book.record(statement("one", **today)).entry == 4
        report = book.import_file(io.BytesIO(json.dumps(statement("two", **today)).encode()))
        assert (report.new, report.last) == (1, 5)
        with pytest.raises(Refused, match="in the future"):
            book.record(statement("three", said_on="2026-11-25"))


@pytest.mark.parametrize(("by", "written"), [(None, None), ("anna", "anna"), ("", None), ('A "B" \\', 'A "B" \\')])
def test_who_records_is_null_when_nobody_says_so(journal: Journal, by: str | None, written: str | None) -> None:
    """`recorded_by` is what was given, and null where nothing was."""
    journal.append([prepared(journal, "a")], now=NOW, recorded_by=by, head=0)
    assert [recorded.recorded_by for recorded in journal.read()] == [written]


def test_reading_in_parts_is_reading_the_whole(journal: Journal) -> None:
    """`lines(after, upto)` gives exactly those entries, across the chunks in which they are fetched."""
    journal.append([prepared(journal, f"i{n}") for n in range(4_500)], now=NOW, recorded_by=None, head=0)
    whole = list(journal.lines())
    assert len(whole) == 4_500
    for after, upto in [(0, 0), (0, 1), (1_999, 2_001), (10, 4_400), (4_499, None), (4_500, None), (9_000, None)]:
        assert list(journal.lines(after, upto)) == whole[after:upto]
    assert journal.line(4_500) == whole[-1]
    assert journal.line(4_501) is None


def test_an_entry_that_is_too_long_is_refused_whole(journal: Journal) -> None:
    """One entry beyond the limit of a line: none of its batch is appended."""
    long = Prepared("issue-opened.v1", b'{"issue":"%s"}' % (b"x" * 65_535), bytes(16))
    with pytest.raises(Refused, match="holds at most 65,535"):
        journal.append([prepared(journal, "a"), long], now=NOW, recorded_by=None, head=0)
    assert journal.head == 0


# ── Appended by somebody else ─────────────────────────────────────────────────


def behind_its_back(place: Location, entry: int) -> None:
    """Insert an entry through another store, past the lock."""
    data = stamp_data(b'{"issue":"z","proposition":"Z"}', "2026-11-23T09:12:00.000000Z", None)
    store = place.open()
    store.append([Batch([StoredLine(entry, "issue-opened.v1", data)])])
    store.close()


def test_an_entry_decided_after_another_head_is_refused(place: Location, journal: Journal) -> None:
    """Where somebody appended since the decision, nothing is appended, and trying again works."""
    behind_its_back(place, 1)
    with pytest.raises(StateChanged, match="appended e1 first") as changed:
        journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=0)
    assert changed.value.hint
    assert journal.append([prepared(journal, "a")], now=NOW, recorded_by=None, head=1).last == 2


def test_a_version_conflict_leaves_the_journal_usable(
    place: Location, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version check stays as a net: the conflict is `StateChanged`, and the next append does write."""
    behind_its_back(place, 1)
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_recorded_at", lambda *_: None)  # as before somebody wrote past the lock
        with pytest.raises(StateChanged, match="appended e1 first"):
            journal.append([prepared(journal, "a"), prepared(journal, "b")], now=NOW, recorded_by=None, head=0)
    assert journal.head == 1
    for name in ("a", "b"):
        journal.append([prepared(journal, name)], now=NOW, recorded_by=None, head=journal.head)
    assert journal.head == 3
    with Journal(place.open()) as fresh:
        assert [line.entry for line in fresh.lines()] == [1, 2, 3]


def test_a_conflict_in_a_batch_writes_none_of_it(place: Location, journal: Journal) -> None:
    """An entry in the way of the second of three: the first is not there either, nor any key."""
    behind_its_back(place, 2)
    lines = [StoredLine(n, "issue-opened.v1", b"{}") for n in (1, 2, 3)]
    events = [(line, IssueOpened(issue=f"i{line.entry}", proposition="P")) for line in lines]
    with pytest.raises(StateChanged):
        journal.append_lines(events)
    assert [line.entry for line in journal.lines()] == [2]
    assert not journal.store.keys()


def test_a_key_met_by_chance_keeps_both(journal: Journal) -> None:
    """Half a key is stored: two drafts that share it are told apart by what they say."""
    event, other = (IssueOpened(issue=name, proposition=name) for name in "ab")
    key = bytes(16)
    journal.append([Prepared(event.TOPIC, CODEC.encode(event), key)], now=NOW, recorded_by=None, head=0)
    assert journal.recorded_as(key, event, sealing=False) == 1
    assert journal.recorded_as(key, other, sealing=False) is None


def test_the_clock_must_fit_a_stamp(journal: Journal) -> None:
    """A clock beyond the year 9999 is refused, not written."""
    with pytest.raises(Unparsable):
        journal.append([prepared(journal, "a")], now=1 << 61, recorded_by=None, head=0)
    assert journal.head == 0


def test_export_is_the_lines(place: Location) -> None:
    """What is exported is each stored line and its LF, and nothing else."""
    with new_ledger(place, *BASICS) as book:
        expected = b"".join(format_line(*line) + b"\n" for line in book.journal.lines())
        assert b"".join(book.export_journal()) == expected
        assert len(io.BytesIO(expected).readlines()) == 3
