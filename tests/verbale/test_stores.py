"""The command line on PostgreSQL: the same answers as on SQLite, and a way out of all that goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.postgres import PASSWORD
from tests.verbale.doors import SAMPLE
from verbale import Ledger
from verbale.places import ServerPlace, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres import Server
    from tests.verbale.doors import Door

WRITTEN = "".join(f"%{byte:02x}" for byte in PASSWORD.encode())


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """Name a ledger on PostgreSQL that is not there yet."""
    return new_address()


def never(said: str) -> None:
    """Hold what was printed to never saying the password."""
    assert PASSWORD not in said
    assert WRITTEN not in said
    assert "Traceback" not in said


# ── The same answers ──────────────────────────────────────────────────────────

SAY = "record statement FRA ceasefire-30d"
COMMANDS = [
    "party add FRA France --kind state --code iso3:FRA",
    "party add France2 France",
    "source add wire --title Wire --snapshot words.txt",
    f"{SAY} support -m 'We support it' --said-on 2025-03-12 --source wire --quote 'support it'",
    f"{SAY} support -m 'We support it' --said-on 2025-03-12 --source wire --quote 'support it'",
    f"{SAY} oppose -m x --said-on 2025-03-13 --source wire --quote 'oppose it'",
    f"{SAY} reserved -m closed --said-on 2025-03-14 --sealed",
    "record action UKR kursk-withdrawal -m Leaves --occurred-on 2025-03-13",
    "correct e63 --set stance=conditional --reason slip",
    "dispute e63 --reason doubtful",
    "retract e64 --reason wrong",
    "retract e64 --reason wrong",
    "retract e64 --reason other",
    "undo e67",
    "import more.jsonl --json",
    "import more.jsonl",
    "import bad.jsonl",
    "show FRA",
    "show Kremlin ceasefire-30d --as-of 2025-03-11",
    "matrix",
    "matrix --json",
    "matrix --as-known-at e40 --csv",
    "log --jsonl",
    "timeline ceasefire-30d",
    "when RUS ceasefire-30d --json",
    "why FRA ceasefire-30d",
    "diff --known-from e60 --json",
    "agenda",
    "party add EU 'European Union' --kind coalition",
    "party join FRA EU --from 1993-11-01",
    "party add FR3 'Quai d’Orsay'",
    "party merge FR3 --into FRA",
    "issue add ceasefire-air 'In the air' --parent ceasefire-30d",
    "record statement EU ceasefire-air conditional -m 'If all do' --said-on 2025-03-15 --condition 'all do'",
    "resolve e77 'all do' met",
    "record assertion FRA ceasefire-air conditional",
    "matrix --fold",
    "show FR3 ceasefire-air",
    "party show FRA",
    "issue show ceasefire-air --json",
    "search support",
    "query 'SELECT type, count(*) FROM entries GROUP BY type ORDER BY 1'",
    "party list --json",
    "source list",
    "export journal",
    "replay --json",
    "replay more.jsonl",
]
MORE = """{"type":"party-registered","party":"DEU","name":"Germany","kind":"state"}
{"type":"statement-made","party":"DEU","issue":"ceasefire-30d","stance":"support","said_on":"2025-03-12","text":"Ja."}
"""


def test_every_command_says_the_same(door: Door, monkeypatch: pytest.MonkeyPatch, address: str, tmp_path: Path) -> None:
    """Recording, refusing, importing and asking: stdout, stderr and exit code are those of SQLite, to the byte."""
    (tmp_path / "words.txt").write_text("We support it.\n")
    (tmp_path / "more.jsonl").write_text(MORE)
    (tmp_path / "bad.jsonl").write_text(MORE + '{"type":"issue-opened"}\n')
    monkeypatch.setattr("os.urandom", bytes)  # or every salt would be another one
    answers = []
    for ledger in (str(tmp_path / "l.db"), address):
        monkeypatch.setenv("VERBALE_LEDGER", ledger)
        door.clock.set("2026-11-23T09:12:00Z")
        door.ok(f"init --sample {SAMPLE}")
        answers.append([(line, door(line)) for line in COMMANDS])
    here, there = answers
    for one, other in zip(here, there, strict=True):
        assert one == other
        never(str(other))
    failed = [line for line, said in there if said.code]
    assert len(failed) == 6, failed


def test_the_doctor_examines_a_server(door: Door, address: str) -> None:
    """On PostgreSQL the server is asked whether it keeps what it acknowledges: the tests' own does not."""
    door.ok(f"init --sample {SAMPLE} --ledger {address}")
    said = door(f"doctor --json --ledger {address}")
    checks = {one["check"]: one for one in said.json["rows"]}
    assert checks["server"]["says"].startswith("PostgreSQL ")
    assert checks["durability"]["says"] == "fsync off, synchronous_commit on, full_page_writes on"
    assert (said.code, checks["durability"]["outcome"]) == (1, "error")
    assert "journal-integrity" not in checks
    assert "file-modes" not in checks
    never(said.out)


def test_the_sample_is_made_on_postgresql(door: Door, address: str) -> None:
    """`init --sample --ledger postgresql://…` says where, without the password, and what to do next."""
    said = door.ok(f"init --sample {SAMPLE} --ledger {address}")
    shown = str(place_of(address))
    assert said.shown() == (
        f"2> Made {shown}.\n2> Its signing key is yours alone, and lies elsewhere: verbale key list\n"
        f"2> Recorded e1–e60: 4 parties, 14 issues from {SAMPLE}.\n2> Next: verbale matrix\n"
    )
    never(said.shown())
    again = door(f"init --ledger {address}")
    assert again.code == 1
    assert again.err == f"Error: there is a ledger at {shown} already.\nHint: look at it with: verbale status\n"


def test_status_names_the_place_without_the_password(door: Door, address: str) -> None:
    """In words and in JSON, user, host and database are named, and the password is not."""
    door.ok(f"init --ledger {address}")
    text, document = door.ok(f"status --ledger {address}"), door.ok(f"status --json --ledger {address}")
    assert document.json["path"] == str(place_of(address))
    assert document.json["path"].startswith("postgresql://postgres@127.0.0.1:")
    assert document.json["name"] in address
    assert str(place_of(address)) in text.out
    never(text.shown() + document.shown() + repr(place_of(address)))


# ── What goes wrong ───────────────────────────────────────────────────────────


def refused(door: Door, line: str, code: int, message: str, hint: str) -> None:
    """Run a command that must be refused, in words that people can use."""
    said = door(line)
    assert (said.code, said.out) == (code, "")
    error, way_out = said.err.splitlines()
    assert error.startswith("Error: ")
    assert message in error
    assert way_out.startswith("Hint: ")
    assert hint in way_out
    never(said.err)


@pytest.mark.parametrize("command", ["matrix", "status", "init", "issue add x Y", "import more.jsonl"])
def test_a_server_that_cannot_be_used_is_an_error_with_a_hint(
    door: Door, server: Server, address: str, tmp_path: Path, command: str
) -> None:
    """Away, wrong password, no password, no such user, no such database: exit 1, and what to do about it."""
    (tmp_path / "more.jsonl").write_text(MORE)
    name = address.rpartition("/")[2]
    away = server.address("x").replace(f":{server.port}/", ":1/")
    refused(door, f"{command} --ledger {away}", 1, "Connection refused", "is PostgreSQL running there")
    wrong = server.address(name, password="not-" + PASSWORD)
    refused(door, f"{command} --ledger {wrong}", 1, "password authentication failed", "PGPASSWORD")
    nothing = server.address(name, password=None)
    refused(door, f"{command} --ledger {nothing}", 1, "no password supplied", "PGPASSWORD")
    missing = server.address("missing")
    refused(door, f"{command} --ledger {missing}", 1, 'database "missing" does not exist', "createdb missing")
    option = server.address(name).replace("#", "?sslmod=require#")
    refused(door, f"{command} --ledger {option}", 1, 'invalid connection option "sslmod"', "libpq's options")


def test_a_password_may_come_from_the_environment(
    door: Door, server: Server, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PGPASSWORD is taken where the address has none."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    bare = server.address(address.rpartition("/")[2], password=None)
    door.ok(f"init --ledger {bare}")
    assert door.ok(f"status --ledger {bare} --json").json["head"]["entry"] == 0


@pytest.mark.parametrize("command", ["matrix", "issue add x Y"])
def test_a_database_without_tables_or_without_that_ledger(
    door: Door, server: Server, database: str, command: str
) -> None:
    """Nothing made yet, or another ledger only: exit 1, and the command that makes it; nothing is made in passing."""
    bare = server.address(database)
    shown = str(place_of(bare))
    refused(door, f"{command} --ledger {bare}", 1, "holds no ledgers", f"verbale init --ledger {shown}")
    with server.connected(database) as db:
        assert db.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    door.ok(f"init --ledger {bare}")
    refused(door, f"{command} --ledger {bare}#other", 1, "holds no ledger 'other'", f"init --ledger {shown}#other")


def test_a_ledger_held_by_another_writer(door: Door, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute of waiting, here shorter: exit 1, the same words as on SQLite, the journal unchanged."""
    monkeypatch.setattr("ledger.stores.protocol.LOCK_SECONDS", 0.05)
    door.ok(f"init --ledger {address}")
    with Ledger(address) as busy, busy.journal.writing():
        refused(door, f"issue add x Y --ledger {address}", 1, "held by another writer", "try again")
        assert busy.head == 0
    door.ok(f"issue add x Y --ledger {address}")


def test_a_name_that_no_ledger_can_have(door: Door, server: Server, database: str) -> None:
    """The rule for names is that of SQLite, and no table is made for a name that is refused."""
    refused(door, f"init --ledger {server.address(database)}#Main", 1, "'Main' cannot name a ledger", "small letters")


WITHOUT = """
import sys
sys.modules["psycopg"] = None
from verbale.cli import main
main()
"""


def test_without_psycopg_the_hint_says_how_to_install_it() -> None:
    """The extra is optional: where it is missing, exit 1 and the command that installs it."""
    command = [sys.executable, "-c", WITHOUT, "matrix", "--ledger", "postgresql://localhost/x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 1
    assert "need psycopg" in done.stderr
    assert "Hint: pip install 'verbale[postgres]'\n" in done.stderr
    assert "Traceback" not in done.stderr


# ── Views ─────────────────────────────────────────────────────────────────────


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give this test a cache folder, not made yet."""
    name = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    monkeypatch.setenv(name, str(tmp_path / "cache"))
    return tmp_path / "cache" / "verbale"


def test_views_lie_in_the_reader_s_cache(door: Door, new_address: Callable[[], str], cache: Path) -> None:
    """One file for each ledger, for this user alone, whoever he is on the server; nothing beside it but its log."""
    first, second = new_address(), new_address()
    for address in (first, second):
        door.ok(f"init --sample {SAMPLE} --ledger {address}")
        door.ok(f"matrix --ledger {address}")
    files = sorted(cache.glob("*.views.db"))
    assert len(files) == 2
    assert {place_of(first).views, place_of(second).views} == set(files)
    assert place_of(first.replace("postgres:", "anna:")).views == place_of(first).views
    if sys.platform != "win32":
        assert cache.stat().st_mode & 0o077 == 0


def test_without_home_and_settings_the_cache_is_where_the_system_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`~/.cache/verbale` on Unix, also where XDG_CACHE_HOME is not absolute; local application data on Windows."""
    from verbale.places import cache_folder

    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for said in (None, "", "relative"):
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            monkeypatch.delenv(name, raising=False) if said is None else monkeypatch.setenv(name, said)
        if sys.platform != "win32":
            assert cache_folder() == tmp_path / ".cache" / "verbale"
    monkeypatch.delenv("LOCALAPPDATA")
    monkeypatch.setattr(sys, "platform", "win32")
    assert cache_folder() == tmp_path / "AppData" / "Local" / "verbale"


@pytest.mark.parametrize("obstacle", ["no folder", "a directory", "damaged", "of another ledger"])
def test_views_that_cannot_be_used_do_no_harm(
    door: Door, new_address: Callable[[], str], cache: Path, obstacle: str
) -> None:
    """Where the file cannot be made, is a directory, no database or another ledger's: the answers are the same."""
    address = new_address()
    door.ok(f"init --sample {SAMPLE} --ledger {address}")
    expected = door.ok(f"matrix --ledger {address}").out
    place = place_of(address)
    assert isinstance(place, ServerPlace)
    views = place.views
    assert views is not None
    for file in cache.glob(f"{views.name}*"):
        file.unlink()
    match obstacle:
        case "no folder":
            cache.rmdir()
            cache.write_text("a file")
            assert place.views is None
        case "a directory":
            views.mkdir()
        case "damaged":
            views.write_bytes(b"no database " * 1_000)
        case "of another ledger":
            other = new_address()
            door.ok(f"init --ledger {other}")
            door.ok(f"issue add x Y --ledger {other}")
            foreign = place_of(other).views
            assert foreign is not None
            foreign.rename(views)
    for _ in range(2):
        assert door.ok(f"matrix --ledger {address}").out == expected
    if obstacle == "a directory":
        assert list(views.iterdir()) == []
