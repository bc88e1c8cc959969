"""The short way of an import is the long way but for its speed; and what an import remembers is small and exact."""

from __future__ import annotations

import io
import json
import random
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger.numbers
import ledger.refs
from benchmarks.workload import Workload
from ledger.entries.scales import STANCES
from ledger.keys import DecidedKeys
from ledger.ordinary import ShortWay
from ledger.refs import Refs
from tests.ledger.importers.test_gdelt import ROW, table
from tests.ledger.samples import BASICS, Draft, about, new_ledger, source, statement
from tests.ledger.test_harmed_lines import LINES, harmed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.spool import Spool


def both_ways(folder: Path, lots: Iterable[bytes]) -> list[int]:
    """Import files by the short way and the long way; compare all that comes of it; count the short lines, and all."""
    taken = []
    read = ShortWay.read

    def counted(self: ShortWay, line: bytes) -> object:
        found = read(self, line)
        taken.append(found is not None)
        return found

    told = []
    for name, way in (("short", counted), ("long", lambda *_: None)):
        with pytest.MonkeyPatch.context() as patch, new_ledger(folder / f"{name}.db") as book:
            patch.setattr(ShortWay, "read", way)
            patch.setattr("ledger.sealing.os.urandom", bytes)  # the salts of what is sealed
            reports = [asdict(book.import_file(io.BytesIO(lot), keep_going=True)) for lot in lots]
            for report in reports:
                report["error"] = repr(report["error"])
            told.append((reports, b"".join(book.export_journal())))
    assert told[0] == told[1]
    return [sum(taken), len(taken)]


def as_lines(drafts: Iterable[Draft]) -> bytes:
    """Write drafts as JSON Lines."""
    return b"".join(json.dumps(draft, ensure_ascii=False).encode() + b"\n" for draft in drafts)


@pytest.mark.parametrize("room", [ledger.numbers.IN_MEMORY, 100])
def test_a_large_dossier_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """A made-up dossier, twice, in memory and not: the same bytes, mostly the short way."""
    monkeypatch.setattr(ledger.numbers, "IN_MEMORY", room)
    monkeypatch.setattr("projections.register._MANY_NODES", room)
    lot = as_lines(Workload(4_000).drafts())
    short, lines = both_ways(tmp_path, [lot, lot])
    assert short / lines > 0.65


def test_the_sample_both_ways(tmp_path: Path) -> None:
    """The ceasefire dossier, whole, cut in two, and harmed: the same bytes, the same refusals."""
    rng = random.Random(3)  # noqa: S311  seeded, not secret
    lots = [b"\n".join(LINES[:40]), b"\n".join(LINES), b"\n".join(harmed(rng) for _ in range(3_000))]
    both_ways(tmp_path, lots)


@pytest.mark.torture
def test_a_hundred_thousand_harmed_lines_both_ways(tmp_path: Path) -> None:
    """The same with 100,000 harmed lines."""
    rng = random.Random(4)  # noqa: S311  seeded, not secret
    both_ways(tmp_path, [b"\n".join(harmed(rng) for _ in range(10_000)) for _ in range(10)])


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
FIELDS = {
    "party": st.sampled_from(["RUS", "rus", "Kremlin", "Bear", "UKR", "FRA", "", "\x00"]),
    "issue": st.sampled_from(["ceasefire", "Ceasefire", "truce", "talks"]),
    "stance": st.sampled_from([*STANCES, "against"]),
    "said_on": st.sampled_from(["2025-03-12", "1985", "2025", "2026-11-24", "2027", "soon", "../2025"]),
    "text": WORDS,
    "speaker": WORDS | st.none(),
    "act": st.sampled_from(["demand", "shout", None]),
    "attribution": st.sampled_from(["paraphrase", "direct", "hearsay", None]),
    "credibility": st.sampled_from(["B2", "G7"]),
    "source": st.sampled_from(["wire", "Wire", "gone", "none", "kept"]),
    "conditions": st.lists(WORDS, max_size=2) | st.just("x"),
    "to": st.lists(st.sampled_from(["UKR", "ukraine", "FRA", "Kremlin", "bear"]), max_size=2),
    "on_behalf_of": st.lists(st.sampled_from(["UKR", "RUS"]), max_size=2),
    "place": st.just("Jeddah"),
    "quote": st.sampled_from(
        ["No", "", None, {"exact": "No"}, {"exact": "No", "start": 0, "end": 2}, {"exact": 'é\n"', "start": 1}]
    )
    | st.fixed_dictionaries({"exact": WORDS}, optional={"prefix": WORDS, "lang": st.sampled_from(["uk", "?"])}),
    "ref": st.sampled_from(["a", "e1"]),
    "re": st.sampled_from([4, 99, True, "4", 4.0]),
    "sealed": st.booleans(),
}
GIVEN = st.fixed_dictionaries({}, optional=FIELDS)
SPACING = st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : "), (",\t", "\t:")])


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(GIVEN, SPACING, st.booleans()), max_size=8), st.randoms(use_true_random=False))
def test_any_words_both_ways(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[dict[str, Any], tuple[str, str], bool]],
    rng: random.Random,
) -> None:
    """Any values, order and spacing, keys twice, sources retracted, an issue closed, a name split: the same bytes."""
    talks = {"type": "issue-opened", "issue": "talks", "proposition": "There are talks"}
    bears = [
        {"type": "alias-added", "party": "RUS", "alias": "Bear", "from": "1991-12-26"},
        {"type": "alias-added", "party": "UKR", "alias": "bear", "until": "1991-12-25"},
    ]
    sources = (source(), source("gone"), source("kept", sha256="0" * 64), about("retracted", 5))
    lines = [json.dumps(draft).encode() for draft in (*BASICS, *sources, talks, *bears)]
    first = len(lines)
    for number, (given_fields, separators, twice) in enumerate(rows):
        if number == len(rows) // 2:
            closing = {"type": "issue-closed", "issue": "talks", "closed_on": "2024"}
            lines.append(json.dumps(closing).encode())
        fields = list((statement() | given_fields).items())
        rng.shuffle(fields)
        line = json.dumps(dict(fields), separators=separators, ensure_ascii=rng.random() < 0.5).encode()
        lines.append(line[:-1] + b',"stance":"support"}' if twice else line)
    lines.append(json.dumps(about("retracted", 4)).encode())
    lines += lines[first:]
    both_ways(tmp_path_factory.mktemp("ways"), [b"\n".join(lines)])


# What an import remembers


def test_a_correction_far_back_is_checked_in_full(tmp_path: Path) -> None:
    """However many lines lie between, a correction is held against its target as that reads by then."""
    rows = [*BASICS, statement("first", ref="a"), statement("b", ref="b", said_on="2025-03-02")]
    rows += [about("corrected", "a", changes={"stance": "support"}, ref="c")]
    rows += [statement(f"{n}") for n in range(21_000)]
    refused = [
        about("corrected", "a", changes={"stance": "support"}, reason="again"),
        about("corrected", "a", changes={"text": None}),
        about("corrected", "b", changes={"said_on": "2025-03-02"}),
    ]
    taken = [
        about("retracted", "c"),
        about("corrected", "a", changes={"stance": "support"}, reason="after all"),
        about("corrected", "b", changes={"stance": "reserved"}),
    ]
    with new_ledger(tmp_path / "l.db") as book:
        report = book.import_file(io.BytesIO(as_lines([*rows, *refused, *taken])), keep_going=True)
        said = [refusal.reason for refusal in report.refused]
        assert ["says that already" in reason for reason in said] == [True, False, True]
        assert report.new == len(rows) + 3
        assert [getattr(book.entry(n).event, "stance", None) for n in (4, 5)] == ["support", "reserved"]


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1) | st.sampled_from([0, -1, 1 << 52, -(1 << 63)]), max_size=60))
def test_keys_are_found_by_their_number(keys: list[int]) -> None:
    """Every key is found, with the numbers of all that share it, and no other is."""
    decided = DecidedKeys()
    for key in keys:
        assert (key in decided) == bool(list(decided.find(key)))
        decided.add(key)
    for key in (*keys, 7, -7):
        assert sorted(decided.find(key)) == [number for number, other in enumerate(keys) if other == key]


def test_two_drafts_whose_stored_keys_agree_by_chance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a key is compared first, then all of it: two drafts that share the half are both recorded, once each."""
    monkeypatch.setattr("ledger.deciding.stored_key", lambda _: 1)
    rows = [*BASICS, statement("a"), statement("b"), statement("a"), statement("b")]
    with new_ledger(tmp_path / "l.db") as book:
        report = book.import_file(io.BytesIO(as_lines(rows)))
    assert (report.new, report.repeated) == (5, 2)


def test_many_refs_leave_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number, refs go to a file; they are found all the same, and the last meaning counts."""
    monkeypatch.setattr(ledger.refs, "_IN_MEMORY", 10)
    refs, expected = Refs(), {}
    for number in range(95):
        name = f"r{number % 60}"
        refs[name] = expected[name] = number
        assert refs[name] == number
    assert dict(refs) == expected
    assert len(refs) == 60
    assert "other" not in refs
    assert refs.get("other") is None
    refs.close()


def test_a_spool_gives_back_what_it_took(tmp_path: Path) -> None:
    """Batches come in order, whatever their size, and each draft can be read again while others are added."""
    with new_ledger(tmp_path / "l.db", *BASICS) as book:
        desk = book._desk()
        for number in range(100):
            desk.decide(statement(f"{number}", **({} if number % 7 else {"sealed": True})))
        spool: Spool = desk.spool
        every = [spool[index] for index in range(len(spool))]
        assert len(every) == 100
        for size in (1, 7, 16, 1_000):
            assert [one for batch in spool.batches(size) for one in batch] == every
            assert all(len(batch) <= size for batch in spool.batches(size))
        assert [len(one.sealed) for one in every[:8]] == [1, 0, 0, 0, 0, 0, 0, 1]
        desk.close()


def test_event_data_both_ways(tmp_path: Path) -> None:
    """Rows of a data set, whose drafts are made and have refs, codings and origins: the same bytes, mostly short."""
    rows = [
        ROW | {"GLOBALEVENTID": str(n), "EventCode": f"{n % 15 + 31:03}", "SQLDATE": f"201910{n % 23 + 1:02}"}
        for n in range(300)
    ]
    odd = ({"Actor2Name": "KI\x07EV"}, {"SQLDATE": "20261201", "EventCode": "010"}, {"GoldsteinScale": "a"})
    lot = table(*rows, *(ROW | one for one in odd)).encode()
    told = []
    for name in ("short", "long"):
        with pytest.MonkeyPatch.context() as patch, new_ledger(tmp_path / f"{name}.db") as book:
            if name == "long":
                patch.setattr(ShortWay, "take", lambda *_: None)
            reports = [asdict(book.import_file(io.BytesIO(lot), keep_going=True, format_="gdelt")) for _ in range(2)]
            for report in reports:
                report["error"] = repr(report["error"])
            told.append((reports, b"".join(book.export_journal())))
    assert told[0] == told[1]
    assert told[0][0][0]["new"] > 200
