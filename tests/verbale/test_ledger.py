"""`Ledger` as somebody uses it who writes Python: the commands as methods, errors as exceptions with a way out."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import verbale
from ledger.errors import LedgerError, Refused, UnknownName, Unparsable, VerificationFailed
from tests.verbale.doors import SAMPLE, Clock
from verbale import Ledger
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.verbale.doors import Door

RUSSIA = {"type": "party-registered", "party": "RUS", "name": "Russia", "kind": "state", "aliases": ["Kremlin"]}
PAUSE = {"type": "issue-opened", "issue": "pause", "proposition": "A pause takes effect"}


def said(stance: str, said_on: str, **more: Any) -> dict[str, Any]:
    """Return a statement of Russia's on the pause."""
    words = {"party": "Kremlin", "issue": "pause", "stance": stance, "said_on": said_on, "text": f"{stance}, they say"}
    return {"type": "statement-made", **words, **more}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a ledger that knows Russia and a pause."""
    path = tmp_path / "ledger.db"
    assert Ledger.create(path)
    with Ledger(path, clock=Clock("2026-11-23T09:12:00Z")) as ledger:
        ledger.record(RUSSIA)
        ledger.record(PAUSE)
    return path


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    """Open it, at 2026-11-24 10:00 UTC, in Anna's name."""
    with Ledger(path, recorded_by="anna", clock=Clock("2026-11-24T10:00:00Z")) as ledger:
        yield ledger


def lines(ledger: Ledger) -> bytes:
    """Return the exported journal."""
    return b"".join(ledger.export_journal())


def test_the_package_has_one_object() -> None:
    """`from verbale import Ledger` is all that a user needs, and a wrong name is an AttributeError."""
    assert verbale.__all__ == ["Ledger"]
    with pytest.raises(AttributeError):
        verbale.Leger  # noqa: B018  asking for it is the point


def test_a_ledger_is_made_once(tmp_path: Path) -> None:
    """`create` says whether the ledger is new, and leaves one alone that is there."""
    path = tmp_path / "deep" / "ledger.db"
    assert Ledger.create(path)
    with Ledger(path) as ledger:
        ledger.record(RUSSIA)
    assert not Ledger.create(path)
    with Ledger(path) as ledger:
        assert ledger.head == 1


def test_a_ledger_opens_by_file_or_folder(path: Path, sample_folder: Path) -> None:
    """A path names the journal's file, the folder that holds it, or a folder with a `.verbale/` in it."""
    for name in (path, str(path), path.parent):
        with Ledger(name) as ledger:
            assert ledger.head == 2
    with Ledger(sample_folder) as ledger:
        assert ledger.head == 60


def test_recording_says_what_it_did(ledger: Ledger) -> None:
    """`record` returns the entry, and the position before and after."""
    first = ledger.record(said("oppose", "2025-03-10"))
    assert (first.entry, first.already, first.type) == (3, False, "statement-made")
    assert (first.party, first.issue, first.before) == ("RUS", "pause", None)
    assert first.after is not None
    assert (first.after.stance, first.after.since) == ("oppose", "2025-03-10")
    second = ledger.record(said("awaiting", "2025-03-12"))
    assert second.before == first.after
    assert second.after is not None
    assert second.after.previous is not None
    assert second.after.previous.entry == 3
    assert ledger.entry(3).recorded_by == "anna"


def test_recording_twice_appends_once(ledger: Ledger) -> None:
    """The same draft again names its entry, and its retraction where it has one."""
    first = ledger.record(said("oppose", "2025-03-10"))
    again = ledger.record(said("oppose", "2025-03-10", party="rus"))
    assert (again.entry, again.already, again.retracted_by) == (first.entry, True, None)
    retraction = ledger.record({"type": "entry-retracted", "entry": first.entry, "reason": "x"})
    again = ledger.record(said("oppose", "2025-03-10"))
    assert (again.entry, again.already, again.retracted_by) == (first.entry, True, retraction.entry)
    assert ledger.head == retraction.entry


def test_asking_at_two_moments(ledger: Ledger) -> None:
    """`position`, `matrix`, `why`, `when`, `log` and `diff` take both clocks, as text."""
    ledger.record(said("oppose", "2025-03-10"))
    ledger.record(said("awaiting", "2025-03-12"))
    now = ledger.position("Kremlin", "PAUSE")
    assert now is not None
    assert (now.stance, now.value) == ("awaiting", None)
    before = ledger.position("RUS", "pause", as_of="2025-03-11")
    assert before is not None
    assert (before.stance, before.value) == ("oppose", -2)
    assert ledger.position("RUS", "pause", as_known_at="e3") == before
    assert ledger.position("RUS", "pause", as_known_at="2026-11-23") is None
    assert list(ledger.matrix()) == [now]
    assert list(ledger.matrix(party="Kremlin", issue="pause", as_of="2025-03-11")) == [before]
    why = ledger.why("RUS", "pause")
    assert why is not None
    assert (why.position, [one.entry for one in why.counts]) == (now, [4])
    assert [(one.entry, one.reason) for one in why.set_aside] == [(3, "oppose on 2025-03-10, superseded by e4")]
    assert [(run.since, run.stance) for run in ledger.when("RUS", "pause")] == [
        ("2025-03-10", "oppose"),
        ("2025-03-12", "awaiting"),
    ]
    assert [one.entry for one in ledger.log(as_of="2025-03-11")] == [3]
    assert [one.entry for one in ledger.log(latest=2)] == [3, 4]
    (changed,) = ledger.diff(ledger.moment("2025-03-11"), ledger.moment("2025-03-12"))
    assert (changed.before, changed.after, changed.entries) == ("oppose", "awaiting", (4,))
    assert ledger.diff(ledger.moment(None, "e4"), ledger.moment()) == []


def test_names(ledger: Ledger) -> None:
    """Names resolve to ids without regard to case; a wrong one is told with a hint."""
    assert (ledger.party("kremlin"), ledger.party("russia"), ledger.issue("Pause")) == ("RUS", "RUS", "pause")
    assert ledger.knows("party", "Kremlin")
    assert not ledger.knows("party", "pause")
    with pytest.raises(UnknownName, match="no party 'Kremlni'") as error:
        ledger.party("Kremlni")
    assert error.value.hint == "did you mean RUS (Russia)?"


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ({}, Refused),
        ({"type": "no-such-type"}, Refused),
        (said("against", "2025"), Unparsable),
        (said("oppose", "someday"), Unparsable),
        (said("oppose", "2027"), Refused),
        (said("oppose", "2025", party="Nobody"), UnknownName),
        (said("oppose", "2025", issue="nothing"), UnknownName),
        (said("oppose", "2025", colour="red"), Refused),
        (said("oppose", "2025", text="\x1b[31m"), Refused),
        (said("oppose", "2025", text=7), Refused),
        (said("oppose", "2025", re=99), UnknownName),
        ({"type": "entry-retracted", "entry": 1, "reason": "x"}, Refused),
        ({"type": "entry-retracted", "entry": 99, "reason": "x"}, UnknownName),
    ],
)
def test_errors_are_ledger_errors_with_a_hint(ledger: Ledger, draft: dict[str, Any], kind: type[LedgerError]) -> None:
    """Whatever the ledger does not admit is a LedgerError with a message and a hint, and is not recorded."""
    before = lines(ledger)
    with pytest.raises(LedgerError) as error:
        ledger.record(draft)
    assert type(error.value) is kind
    assert error.value.message
    assert error.value.hint
    assert lines(ledger) == before
    assert ledger.record(said("oppose", "2025-03-10")).entry == 3


def test_questions_refuse_what_they_cannot_read(ledger: Ledger) -> None:
    """A moment or a name that does not parse or is not there is told alike by every question."""
    for ask in (ledger.position, ledger.why, ledger.when):
        with pytest.raises(Unparsable):
            ask("RUS", "pause", as_of="someday")
        with pytest.raises(UnknownName):
            ask("RUS", "pause", as_known_at="e99")
        with pytest.raises(UnknownName):
            ask("RUS", "nothing")
    with pytest.raises(UnknownName, match="no entry e99"):
        ledger.entry(99)


def test_importing_reports(ledger: Ledger) -> None:
    """`import_file` takes a path or an open file, and reports what became of each line."""
    report = ledger.import_file(
        io.BytesIO(b"".join(json.dumps(said(s, "2025")).encode() + b"\n" for s in ("x", "oppose")))
    )
    assert (report.rows, report.refused_count, report.first, ledger.head) == (2, 1, None, 2)
    assert isinstance(report.error, Unparsable)
    assert [(refusal.line, refusal.hint is not None) for refusal in report.refused] == [(1, True)]


def test_a_dossier_imports_from_its_path(tmp_path: Path) -> None:
    """A dossier that comes with the package imports whole, and a second time as nothing."""
    path = tmp_path / "ledger.db"
    Ledger.create(path)
    with Ledger(path) as ledger:
        first = ledger.import_file(sample_path(SAMPLE))
        assert (first.new, first.first, first.last, first.error) == (60, 1, 60, None)
        again = ledger.import_file(str(sample_path(SAMPLE)))
        assert (again.new, again.already, again.first, ledger.head) == (0, 60, None, 60)


def test_two_open_ledgers_see_each_other(path: Path) -> None:
    """What one open ledger records, another on the same files answers with at once, and follows in number."""
    with Ledger(path) as one, Ledger(path) as other:
        assert other.position("RUS", "pause") is None
        one.record(said("oppose", "2025-03-10"))
        found = other.position("RUS", "pause")
        assert found is not None
        assert (found.stance, other.head) == ("oppose", 3)
        assert other.record(said("support", "2025-03-11")).entry == 4
        assert one.record({"type": "entry-disputed", "entry": 4, "reason": "x"}).entry == 5
        seen = [ledger.position("RUS", "pause") for ledger in (one, other)]
        assert seen[0] == seen[1]
        assert seen[0] is not None
        assert seen[0].contested_by == (5,)
        assert other.record(RUSSIA).already
        assert lines(one) == lines(other)


def test_a_name_registered_elsewhere_is_known_at_once(path: Path) -> None:
    """A party that another open ledger registered can be named at once, and not be registered again."""
    with Ledger(path) as one, Ledger(path) as other:
        assert not other.knows("party", "UKR")
        one.record({"type": "party-registered", "party": "UKR", "name": "Ukraine", "kind": "state"})
        assert other.party("ukraine") == "UKR"
        with pytest.raises(Refused):
            other.record({"type": "party-registered", "party": "X", "name": "Ukraine", "kind": "state"})


def test_an_exported_journal_is_the_same_elsewhere(sample_folder: Path, tmp_path: Path) -> None:
    """Replayed into an empty ledger, an exported journal gives the same bytes, root and positions."""
    path = tmp_path / "copy.db"
    Ledger.create(path)
    with Ledger(sample_folder) as ledger, Ledger(path) as copy:
        assert copy.replay_file(io.BytesIO(lines(ledger))) == ledger.head
        assert lines(copy) == lines(ledger)
        assert copy.replay() == ledger.replay()
        assert copy.replay().equals_views
        assert list(copy.matrix()) == list(ledger.matrix())
        assert list(copy.agenda()) == list(ledger.agenda())
        assert copy.import_file(sample_path(SAMPLE)).already == 60


def test_a_ledger_with_entries_takes_no_other(sample_folder: Path, path: Path, ledger: Ledger) -> None:
    """A journal is replayed into an empty ledger only."""
    del path
    with Ledger(sample_folder) as other, pytest.raises(Refused):
        ledger.replay_file(io.BytesIO(lines(other)))
    assert ledger.head == 2


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda given: given[1:], id="cut at the head"),
        pytest.param(lambda given: given[:3] + given[4:], id="a hole"),
        pytest.param(lambda given: [given[1], given[0], *given[2:]], id="swapped"),
        pytest.param(lambda given: [*given[:3], given[2], *given[3:]], id="doubled"),
        pytest.param(lambda given: [*given[:-1], given[-1][:-9]], id="cut in a line"),
        pytest.param(lambda given: [*given, b"x\n"], id="no entry"),
        pytest.param(lambda given: [given[0].replace(b'"USA"', b'"USA","party":"USA"', 1), *given[1:]], id="two keys"),
    ],
)
def test_a_harmed_file_is_not_replayed(sample_folder: Path, tmp_path: Path, harm: Any) -> None:
    """A hole, a swap, a cut or a duplicate in an exported journal is found, and nothing is written."""
    path = tmp_path / "copy.db"
    Ledger.create(path)
    with Ledger(sample_folder) as ledger, Ledger(path) as copy:
        given = list(ledger.export_journal())
        with pytest.raises(VerificationFailed) as error:
            copy.replay_file(io.BytesIO(b"".join(harm(given))))
        assert error.value.exit_code == 3
        assert copy.head == 0


def test_tampered_views_are_found(sample_folder: Path, tmp_path: Path) -> None:
    """Views that were changed by hand do not equal the journal's positions, until they are thrown away."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    with Ledger(tmp_path) as ledger:
        assert ledger.replay().equals_views
    views = tmp_path / ".verbale" / "ledger.views.db"
    with closing(sqlite3.connect(views)) as db, db:
        (changed,) = db.execute("SELECT COUNT(*) FROM versions WHERE stance = 'awaiting'").fetchone()
        db.execute("UPDATE versions SET stance = 'support' WHERE stance = 'awaiting'")
    assert changed == 1
    with Ledger(tmp_path) as ledger:
        found = ledger.replay()
        assert not found.equals_views
    views.unlink()
    with Ledger(tmp_path) as ledger:
        again = ledger.replay()
        assert again.equals_views
        assert (again.root, again.positions) == (found.root, found.positions)


def test_tampered_views_end_the_command_with_3(sample: Door, tmp_path: Path) -> None:
    """`replay` still prints what it found, says that the views do not follow, and how to mend them; exit code 3."""
    with closing(sqlite3.connect(tmp_path / ".verbale" / "ledger.views.db")) as db, db:
        db.execute("UPDATE versions SET stance = 'support' WHERE stance = 'awaiting'")
    told = sample("replay --json")
    assert (told.code, told.json["equals_views"]) == (3, False)
    assert "Hint: delete the .views.db file" in told.err
    assert sample("replay").code == 3


def test_a_harmed_file_ends_the_command_with_3(sample: Door, tmp_path: Path) -> None:
    """`replay FILE` with a line missing says which, writes nothing, and ends with exit code 3."""
    exported = sample.ok("export journal").out.splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(exported[:10] + exported[11:]), encoding="utf-8", newline="\n")
    sample.ok("init -q --ledger copy.db")
    told = sample("replay cut.jsonl --ledger copy.db")
    assert (told.code, told.out) == (3, "")
    assert "line 11" in told.err
    assert "Hint: " in told.err
    assert sample.ok("status --json --ledger copy.db").json["head"]["entry"] == 0


def test_a_clock_that_is_behind_warns(sample: Door) -> None:
    """A clock more than five minutes behind repeats the last time, warns on stderr and marks the entry."""
    sample.clock.set("2026-11-23T09:08:00Z")
    assert sample.ok("party add AAA Aland").err == ""
    sample.clock.set("2026-11-23T09:00:00Z")
    told = sample.ok("party add BBB Bland")
    assert told.err == "Warning: this clock is 720 s behind the ledger; the entry is marked.\n"
    rows = sample.ok("log --limit 2 --jsonl").rows
    assert {row["recorded_at"] for row in rows} == {"2026-11-23T09:12:00.000000Z"}
    last = json.loads(sample.ok("export journal").out.splitlines()[-1])
    assert last["data"]["clock_behind"] == 720


@pytest.mark.parametrize("there", [False, True], ids=["new", "in place of another"])
def test_half_an_export_is_never_left(sample: Door, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """A disk that is full half-way: refused with a hint, no part that could pass for all, and what was there stays."""
    out = Path("out.jsonl")
    if there:
        out.write_bytes(b"before")
        out.chmod(0o640)
    lines = Ledger.export_journal

    def filling(self: Ledger) -> Iterator[bytes]:
        yield from list(lines(self))[:10]
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "export_journal", filling)
        done = sample("export journal -o out.jsonl")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: cannot write out.jsonl: No space left on device.\nHint: make room")
    assert sorted(path.name for path in Path().iterdir()) == [".verbale", *(["out.jsonl"] if there else [])]
    assert not there or out.read_bytes() == b"before"
    sample.ok("export journal -o out.jsonl")
    assert out.read_bytes() == sample.ok("export journal").out.encode()
    assert not there or out.stat().st_mode & 0o777 == 0o640
