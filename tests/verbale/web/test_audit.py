"""The audit's page: what is signed, verifying without holding anybody up, and the bundle of the command line."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import Refused
from ledger.kept import Checkpoint
from ledger.transparency.checkpoint import Checkpoint as Body
from ledger.transparency.checkpoint import format_checkpoint
from ledger.transparency.keys import LOG, SigningKey
from ledger.transparency.note import sign_note
from tests.verbale.web.asking import HOST, Visitor
from verbale import Ledger
from verbale.verifying.report import Step
from verbale.web.aside import Aside
from verbale.web.verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.verbale.doors import Door
    from tests.verbale.web.asking import Got

KEY = SigningKey("example.com/talks", LOG, bytes(range(32)))
_LATER = {"type": "party-registered", "party": "NOR", "name": "Norway", "kind": "state"}


@pytest.fixture
def signed(sample_folder: Path, tmp_path: Path) -> Iterator[Visitor]:
    """Ask the desk of the ceasefire dossier, which is signed; an entry came after that."""
    path = tmp_path / "signed" / "ledger.db"
    shutil.copytree(sample_folder / ".verbale", path.parent)
    with Ledger(path) as ledger:
        ledger.add_key(KEY.verifier)
        ledger.checkpoint(KEY)
        ledger.record(_LATER)
    found = Visitor(path)
    with closing(found.desk):
        yield found


def verified(visitor: Visitor) -> Got:
    """Press the button, and wait for the report."""
    pressed = visitor.get("/audit/verify", method="POST", origin=f"http://{HOST}")
    assert (pressed.status, pressed.headers["location"]) == (303, "/audit#verification")
    for _ in range(300):
        page = visitor.get("/audit")
        if "data-running" not in page.text:
            return page
        time.sleep(0.1)  # another process does it
    raise AssertionError("it takes too long")


def test_it_says_who_signed_what_and_what_came_after(signed: Visitor):
    """A checkpoint bears no time: the page says after which entry it was signed, and how many are under none yet."""
    page = signed.get("/audit").text
    key = KEY.verifier
    assert f"cp1, by <bdi>{key.name}</bdi>" in page
    assert "(good)" in page
    assert "after e60 was recorded, 2026-11-23 09:12 UTC" in page
    assert "1 entry</a>, e61 to e61, under no signature yet" in page
    with Ledger(signed.path) as ledger:
        assert ledger.replay().root in page


def test_a_note_that_somebody_else_signed_is_not_called_good(signed: Visitor):
    """Who can write the database can put any note there; its signature is then not the ledger's."""
    other = SigningKey(KEY.name, LOG, bytes(range(1, 33)))
    note = sign_note(format_checkpoint(Body(KEY.name, 61, bytes(32))), other)
    with Ledger(signed.path) as ledger:
        ledger.journal.keep_checkpoint(Checkpoint(2, 61, note))
        ledger.journal.keep_checkpoint(Checkpoint(3, 61, b"no note at all"))
    page = signed.get("/audit").text
    assert page.count("(good)") == 1
    assert "not checked: no key of this ledger" in page
    assert "this is not a signed note" in page


def test_the_json_is_the_status(signed: Visitor, door: Door):
    """As at both doors."""
    for form in ("json", "csv"):
        assert signed.get(f"/audit.{form}").text == door(f"status --{form} --ledger {signed.path}").out
        earlier = f"status --as-known-at e30 --{form} --ledger {signed.path}"
        assert signed.get(f"/audit.{form}?as_known_at=e30").text == door(earlier).out


def test_verifying_needs_no_token_and_is_the_command_s(signed: Visitor, door: Door):
    """The button works on a desk that only reads; the report is what the command prints, and stays."""
    assert signed.get("/audit/verify.json").status == 404
    page = verified(signed).text
    assert "All that was checked holds" in page
    assert "not checked" in page
    assert signed.get("/audit/verify.json").text == door(f"verify --json --ledger {signed.path}").out


def test_damage_is_found_and_said(signed: Visitor):
    """A line that was changed is the first thing that the page says."""
    with closing(sqlite3.connect(signed.path)) as db:
        db.execute("UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), 'awaits', 'welcomes') AS BLOB)")
        db.commit()
    page = verified(signed).text
    assert "It does not hold" in page
    assert "✗ wrong" in page


def test_another_site_cannot_have_it_verified(signed: Visitor):
    """It costs time, so only the desk's own pages may ask for it."""
    assert signed.get("/audit/verify", method="POST", origin="http://evil.example").status == 403
    assert signed.get("/audit/verify", method="POST", sec_fetch_site="cross-site").status == 403
    assert "data-running" not in signed.get("/audit").text


class _Slow(Aside):
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.go_on = False

    def do(self, *_: object, told: Callable[[Step], None] | None = None) -> Any:
        self.asked += 1
        assert told is not None
        told(Step("lines read", 3, 9))
        while not self.go_on:
            time.sleep(0.01)
        return None


def test_a_second_click_starts_no_second_one(signed: Visitor):
    """While one is under way the page says how far it is."""
    slow = _Slow()
    found = Verification(signed.desk._place, slow, clock=lambda: 0)
    assert found.begin()
    assert not found.begin()
    while found.standing().step is None:
        time.sleep(0.01)
    assert found.standing().began == "1970-01-01T00:00:00.000000Z"
    slow.go_on = True
    while found.standing().began is not None:
        time.sleep(0.01)
    assert slow.asked == 1
    assert found.begin()


@pytest.mark.parametrize(
    ("query", "command", "name"),
    [
        ("as_known_at=cp1", "--as-known-at cp1", "verbale-main-e60.zip"),
        ("as_known_at=e50&as_of=2025-03-11", "--as-known-at e50 --as-of 2025-03-11", "as-of-2025-03-11.zip"),
        ("as_known_at=cp1&party=Kremlin", "Kremlin --as-known-at cp1", "verbale-main-e60-kremlin.zip"),
    ],
)
def test_the_bundle_is_the_command_line_s(
    signed: Visitor, door: Door, tmp_path: Path, query: str, command: str, name: str
):
    """Byte for byte, and its name says what is in it."""
    door.ok(f"bundle make {command} -o {tmp_path / 'made.zip'} --ledger {signed.path}")
    got = signed.get(f"/audit/bundle.zip?{query}")
    assert got.status == 200
    assert got.headers["content-type"] == "application/zip"
    assert got.headers["content-disposition"].endswith(f'{name}"')
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.body == (tmp_path / "made.zip").read_bytes()


def test_what_is_not_signed_is_in_no_bundle(signed: Visitor, visitor: Visitor):
    """The page says so before, and leads to what is signed."""
    got = signed.get("/audit/bundle.zip")
    assert got.status == 400
    assert "signed as far as e60" in got.text
    assert 'href="/audit?as_known_at=cp1#bundle"' in signed.get("/audit").text
    assert 'href="/audit/bundle.zip?as_known_at=cp1"' in signed.get("/audit?as_known_at=cp1").text
    assert visitor.get("/audit/bundle.zip?as_known_at=e3").status == 400
    assert "verbale checkpoint" in visitor.get("/audit").text


def test_work_beside_ends_with_the_desk():
    """Nobody waits for a verification when the desk is closed."""
    aside = Aside()
    aside.close()
    with pytest.raises(Refused, match="closed"):
        aside.do(print)
