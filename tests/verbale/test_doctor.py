"""The doctor finds what is wrong, says what to do, and changes nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verbale.doctor.machine import file_modes, file_system, libraries, space, versions
from verbale.places import Place

if TYPE_CHECKING:
    from tests.verbale.doors import Door


def checks(door: Door, *more: str) -> dict[str, dict[str, Any]]:
    """Return what the doctor says, by check."""
    return {row["check"]: row for row in door("doctor --json", *more).json["rows"]}


def entries(check: dict[str, Any]) -> list[list[int]]:
    """Return the entries of each finding."""
    return [finding["entries"] for finding in check["found"]]


def test_a_ledger_that_is_well(sample: Door, tmp_path: Path) -> None:
    """A ledger without an error exits 0, whatever the warnings, and every warning has a way out."""
    before = sorted(path.name for path in (tmp_path / ".verbale").iterdir())
    said = sample.ok("doctor --json --thorough")
    assert (said.json["ok"], said.err) == (True, "")
    for row in said.json["rows"]:
        assert row["outcome"] in ("ok", "warning")
        assert (row["outcome"] == "ok") == (row["hint"] is None)
        assert row["count"] == len(row["found"])
    assert set(before) <= {path.name for path in (tmp_path / ".verbale").iterdir()}


def test_an_empty_ledger_is_well(door: Door) -> None:
    """Nothing recorded is nothing wrong."""
    door.ok("init -q")
    assert door.ok("doctor --json").json["ok"] is True


# ── The machine ───────────────────────────────────────────────────────────────


def test_old_sqlite_is_a_warning() -> None:
    """Before 3.51.3 SQLite has the WAL-reset bug: a warning that says what the risk is, and why it is small here."""
    old, new = versions((3, 51, 2)), versions((3, 51, 3))
    assert (old.outcome, new.outcome) == ("warning", "ok")
    assert "lock file" in old.says
    assert "3.51.3" in (old.hint or "")


@pytest.mark.parametrize(
    ("number", "outcome"),
    [("9.5.6", "ok"), ("9.6", "ok"), ("9.5.5", "error"), ("10.0.0", "error"), ("10.0.0rc1", "error"), (None, "error")],
)
def test_the_library_that_stores_the_journal(number: str | None, outcome: str) -> None:
    """Another major version of eventsourcing could not read the journal: an error that names the range."""
    assert libraries({"eventsourcing": number, "typer": "1"}).outcome == outcome


MOUNTS = r"""
sysfs /sys sysfs rw 0 0
/dev/sda1 / ext4 rw 0 0
server:/home /mnt/home nfs4 rw 0 0
//server/share /mnt/a\040share cifs rw 0 0
user@host:/ /mnt/remote fuse.sshfs rw 0 0
host /mnt/vm 9p rw 0 0
/dev/sdb1 /mnt/home/local xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/data/ledger.db", "ok"),
        ("/mnt/home/ledger.db", "error"),
        ("/mnt/home/local/ledger.db", "ok"),
        ("/mnt/homes/ledger.db", "ok"),
        ("/mnt/a share/ledger.db", "error"),
        ("/mnt/remote/x/ledger.db", "error"),
        ("/mnt/vm/ledger.db", "warning"),
    ],
)
def test_file_systems(path: str, outcome: str) -> None:
    """A journal on a network's file system is an error, one that is shared with a host a warning."""
    assert file_system(Path(path), MOUNTS).outcome == outcome
    assert file_system(Path(path), None).outcome == "ok"


@pytest.mark.skipif(os.name != "posix", reason="no mode bits")
def test_who_may_write(sample: Door, tmp_path: Path) -> None:
    """A file of the ledger that anybody may write is an error, exit 1, and named; so is such a folder."""
    place = Place(tmp_path / ".verbale" / "ledger.db")
    assert file_modes(place).outcome == "ok"
    place.journal.chmod(0o666)
    said = sample("doctor")
    assert said.code == 1
    assert "ledger.db: -rw-rw-rw-" in said.out
    place.journal.chmod(0o644)
    place.journal.parent.chmod(0o777)
    assert file_modes(place).outcome == "error"
    place.journal.parent.chmod(0o1777)
    assert file_modes(place).outcome == "ok"


@pytest.mark.parametrize(("free", "outcome"), [(10**12, "ok"), (10**8, "warning"), (10**6, "error")])
def test_room(tmp_path: Path, free: int, outcome: str) -> None:
    """Little room is a warning, hardly any an error."""
    assert space(tmp_path, free).outcome == outcome


# ── The files ─────────────────────────────────────────────────────────────────


def test_damage_is_found(sample: Door, tmp_path: Path) -> None:
    """A page of the journal that was overwritten is an error, exit 1."""
    journal = tmp_path / ".verbale" / "ledger.db"
    with journal.open("r+b") as file:
        file.seek(journal.stat().st_size - 4096)
        file.write(os.urandom(4096))
    said = sample("doctor --json --thorough")
    assert (said.code, said.json["ok"]) == (1, False)
    (row,) = (row for row in said.json["rows"] if row["check"] == "journal-integrity")
    assert row["outcome"] == "error"
    assert "backup" in row["hint"]


def test_how_the_journal_is_written(sample: Door) -> None:
    """The journal is written ahead and synchronised at every commit."""
    assert checks(sample)["durability"]["says"] == "journal mode wal, synchronous FULL"


# ── The record ────────────────────────────────────────────────────────────────


def test_quotes_without_their_source(sample: Door) -> None:
    """Quotes that nobody could compare are counted, and named with their entries."""
    found = checks(sample)["quotes-unchecked"]
    assert (found["outcome"], found["count"]) == ("warning", 6)
    assert entries(found)[0] == [33]


def test_quotes_are_compared_again(sample: Door, tmp_path: Path) -> None:
    """A source's file that was changed or lost since is found, and so is the quote that rests on it."""
    (tmp_path / "page.txt").write_text("He said that nothing had changed.", encoding="utf-8")
    sample.ok('source add page --title "A page" --snapshot page.txt')
    sample.ok('record statement RUS full-ceasefire oppose -m x --said-on 2025-03 --source page --quote "nothing had"')
    assert checks(sample)["quotes"]["says"] == "1 of 7 compared with their source"
    (kept,) = (path for path in (tmp_path / ".verbale" / "ledger.sources").rglob("*") if path.is_file())
    kept.write_text("He said that everything had changed.", encoding="utf-8")
    found = checks(sample)
    assert (found["quotes"]["outcome"], entries(found["quotes"])) == ("error", [[62]])
    assert (found["sources"]["outcome"], entries(found["sources"])) == ("error", [[61]])
    kept.unlink()
    found = checks(sample)
    assert found["sources"]["outcome"] == "warning"
    assert [62] in entries(found["quotes-unchecked"])


def test_confirmed_takes_two_independent_sources(sample: Door) -> None:
    """Credibility 1 without two independent sources is found and explained; a reprint does not help, a rival does."""
    assert checks(sample)["credibility"]["outcome"] == "ok"
    sample.ok("source add wire --title A --publisher Reuters")
    sample.ok("source add print --title B --publisher Daily --agency Reuters")
    sample.ok("source add rival --title C --publisher TASS")
    line = "record statement EUR full-ceasefire support -m x --said-on 2025-03-12 --source wire --credibility B1"
    doubt = "B1 is “confirmed by other sources”, which takes 2 independent ones; it has 1: Reuters (e64)"
    assert f"\nNote: {doubt}\n" in sample.ok(line).out
    sample.ok("corroborate e64 --source print")
    found = checks(sample)["credibility"]
    assert (found["outcome"], entries(found)) == ("warning", [[64]])
    assert found["found"][0]["says"] == f"e64: {doubt[:-1]}, e65: reprint of Reuters)"
    sample.ok("corroborate e64 --source rival")
    assert checks(sample)["credibility"]["outcome"] == "ok"
    assert entries(checks(sample, "--as-known-at", "e65")["credibility"]) == [[64]]
    sample.ok("undo e66")
    assert entries(checks(sample)["credibility"]) == [[64]]
    assert "Note:" not in sample.ok("correct e64 --set credibility=B2 --reason r").out
    assert checks(sample)["credibility"]["outcome"] == "ok"
    assert "\nNote: A1 is " in sample.ok("correct e64 --set credibility=A1 --reason s").out
    sample.ok("retract e64 --reason t")
    assert checks(sample)["credibility"]["outcome"] == "ok"


def test_coding_differences(sample: Door) -> None:
    """Two readings of the same quote of the same source are listed with who recorded them, and not once retracted."""
    assert checks(sample)["coding-differences"]["outcome"] == "ok"
    line = "record statement RUS truce -m x --said-on 2025-03 --source jeddah-talks-article --quote Da."
    sample.ok("issue add truce Truce")
    sample.ok(line.replace("truce", "truce support", 1), "--by", "anna")
    sample.ok(line.replace("truce", "truce conditional", 1), "--by", "pavel")
    found = checks(sample)["coding-differences"]
    assert entries(found) == [[62, 63]]
    assert "e62 support by anna, e63 conditional by pavel" in found["found"][0]["says"]
    assert checks(sample, "--as-known-at", "e62")["coding-differences"]["outcome"] == "ok"
    sample.ok("retract e63 --reason agreed")
    assert checks(sample)["coding-differences"]["outcome"] == "ok"


def test_stale_positions(sample: Door) -> None:
    """A position is stale as seen from the latest word or deed of the ledger, or from T: never from today."""
    assert checks(sample)["stale-positions"]["outcome"] == "ok"
    sample.ok("record statement EUR full-ceasefire support -m x --said-on 2026-06-01")
    found = checks(sample)["stale-positions"]
    assert (found["outcome"], found["count"]) == ("warning", 14)
    assert "365 days before 2026-06-01" in found["says"]
    assert checks(sample, "--stale-after", "447")["stale-positions"]["outcome"] == "ok"
    assert checks(sample, "--as-of", "2025-03-20")["stale-positions"]["outcome"] == "ok"
    assert checks(sample, "--as-of", "2025-03-20", "--stale-after", "1")["stale-positions"]["count"] == 14


def test_speakers_and_sources(sample: Door) -> None:
    """Speakers that nobody registered and sources without their bytes are named."""
    sample.ok("record statement RUS full-ceasefire oppose -m x --said-on 2025-03 --speaker", "Mr Nobody")
    found = checks(sample)
    assert [finding["says"] for finding in found["speakers"]["found"]] == ["Mr Nobody (1)"]
    assert [finding["says"] for finding in found["sources"]["found"]] == ["jeddah-talks-article"]


def test_clocks_that_were_behind(sample: Door) -> None:
    """Entries that a clock marked as behind the ledger are named, with by how much."""
    sample.clock.set("2026-11-23T08:00:00Z")
    sample("party add AAA Aland")
    found = checks(sample)["clocks"]
    assert (found["outcome"], entries(found)) == ("warning", [[61]])
    assert "by 4320 s" in found["found"][0]["says"]


def test_people_see_a_few_of_many(sample: Door) -> None:
    """For people each check is a line, with some of what was found; --limit shows more of it."""
    said = sample.ok("doctor").out
    assert "… and 1 more (--limit N, or --json)" in said
    assert "--limit N" not in sample.ok("doctor --limit 6").out
    assert max(map(len, said.splitlines())) <= 80
