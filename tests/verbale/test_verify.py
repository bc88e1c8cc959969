"""Verifying finds what was done to a ledger's files, names the first bad entry, and says what it could not look at."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from ledger.batch import Destroyed
from ledger.codec import CODEC
from ledger.errors import UnknownName
from ledger.kept import Checkpoint, Erasure
from ledger.keys import stored_key
from ledger.transparency.checkpoint import Checkpoint as Signed
from ledger.transparency.checkpoint import format_checkpoint
from ledger.transparency.note import sign_note
from tests.ledger.samples import BASICS, new_ledger, statement
from tests.verbale.tampering import ATTESTED, DOCUMENT, FIRST, KEY, OTHER, made, root_of, sign, sql, verified
from verbale import Ledger
from verbale.contract import SCHEMAS
from verbale.verifying import checkpoints, files, keys, positions, sealed, sources, views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from tests.postgres import Server
    from tests.verbale.doors import Door
    from verbale.verifying import Verified

LINE = (
    "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '{}', '{}') AS BLOB)"
    " WHERE originator_version = {}"
)
EVENT = "UPDATE stored_events SET {} WHERE originator_version = {}"
HARM = {
    "a byte of a text": ([LINE.format("Perhaps.", "Perhapz.", 18)], 18, "content key of e18"),
    "a byte that ends the JSON": ([LINE.format('"text"', '"text', 18)], 18, "JSON"),
    "a field of another name": ([LINE.format('"stance"', '"stence"', 18)], 18, "does not decode"),
    "a party that nobody registered": ([LINE.format('"UKR"', '"UKX"', 18)], 18, "no party 'UKX'"),
    "two lines swapped": (
        [EVENT.format(f"originator_version = {to}", was) for was, to in ((7, -1), (8, 7), (-1, 8))],
        7,
        "content key of e7",
    ),
    "a line deleted": (["DELETE FROM stored_events WHERE originator_version = 10"], 10, "e10 is missing"),
    "lines deleted": (["DELETE FROM stored_events WHERE originator_version IN (10, 11)"], 10, "e10 to e11 are missing"),
    "the first line deleted": (["DELETE FROM stored_events WHERE originator_version = 1"], 1, "e1 is missing"),
    "the tail cut off": (["DELETE FROM stored_events WHERE originator_version > 15"], 16, "the journal ends at e15"),
    "everything cut off": (["DELETE FROM stored_events"], 1, "the journal ends at e0, cp2 covers 19 entries"),
    "a line with a number far off": ([EVENT.format("originator_version = 99999999999", 19)], 19, "e19 is expected"),
    "a line of another ledger": (
        [EVENT.format("originator_id = 'x'", 19)],
        19,
        "entries that belong to none of its ledgers",
    ),
    "a time set back": ([LINE.format("2026-11-23T09:21", "2026-11-23T09:02", 10)], 10, "recorded before e9"),
    "who recorded": ([LINE.format("anna", "otto", 10)], 10, "rows that are not what they should be"),
    "a type renamed": ([EVENT.format("topic = 'nothing-said.v1'", 8)], 8, "nothing-said"),
    "a type that is no text": ([EVENT.format("topic = CAST(x'ff41' AS TEXT)", 8)], 8, "e8 cannot be read"),
    "a line that is no bytes": ([EVENT.format("state = NULL", 8)], 8, "e8"),
    "a content key altered": (["UPDATE content_keys SET key = key + 1 WHERE entry = 8"], 8, "content key"),
    "a content key of another entry": (["UPDATE content_keys SET entry = 7 WHERE entry = 8"], 7, "content key"),
    "a content key removed": (["DELETE FROM content_keys WHERE entry = 8"], 8, "content key of e8 is missing"),
    "a content key added": (["INSERT INTO content_keys VALUES (5, 8)"], 8, "that e8 does not have"),
    "a content key of nothing": (["INSERT INTO content_keys VALUES (5, 99)"], None, "of e99, which is not there"),
    "a sealed value altered": (["UPDATE sealed_values SET value = 'Always.' WHERE field = 'text'"], 9, "does not open"),
    "a salt altered": (["UPDATE sealed_values SET salt = zeroblob(32)"], 9, "does not open the commitment"),
    "a salt that is no bytes": (["UPDATE sealed_values SET salt = 'pepper'"], 9, "cannot be read"),
    "sealed values removed": (["DELETE FROM sealed_values"], 9, "though what it seals is not here"),
    "a sealed value too many": (
        ["INSERT INTO sealed_values SELECT ledger, 7, field, salt, value FROM sealed_values"],
        7,
        "the line speaks of none",
    ),
    "a checkpoint's root": (
        ["UPDATE checkpoints SET note = CAST(replace(CAST(note AS TEXT), 'talks', 'walks') AS BLOB)"],
        None,
        "cp1",
    ),
    "a checkpoint's size": (["UPDATE checkpoints SET size = 11 WHERE number = 1"], None, "disagree on cp1"),
    "a checkpoint that says nothing": (["UPDATE checkpoints SET note = x'00' WHERE number = 1"], None, "cp1"),
    "the key that signs": (
        ["UPDATE verifier_keys SET key = replace(key, 'talks', 'walks')"],
        None,
        "the verifier key of example.org/walks",
    ),
    "a key that is none": (["UPDATE verifier_keys SET key = 'none'"], None, "cp1"),
    "the ledger's secret": (["UPDATE ledgers SET secret = zeroblob(32)"], 1, "content key of e1"),
    "the ledger's name": (["UPDATE ledgers SET name = 'nain'"], None, "does not say which ledger it holds"),
    "the ledger's id": (["UPDATE ledgers SET id = replace(id, 'a', 'b')"], None, "does not say which ledger it holds"),
}
"""What somebody does to the journal's database; the first entry that does not hold, and what is said of it."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger once; nobody writes there."""
    folder = tmp_path_factory.mktemp("original")
    made(folder)
    return folder


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    """Give a copy of the ledger."""
    shutil.copytree(original, tmp_path / "copy")
    return tmp_path / "copy" / "ledger.db"


def bytes_of(folder: Path) -> dict[Path, bytes]:
    """Return all files but those that SQLite keeps beside a database while it reads it."""
    files = (one for one in folder.rglob("*") if one.is_file() and not one.name.endswith(("-wal", "-shm")))
    return {one: one.read_bytes() for one in files}


def said(found: Verified) -> str:
    """Return all that is wrong, a line each."""
    return "\n".join(one.says for one in found.problems)


def opened_or_not(path: Path) -> Verified:
    """Verify a ledger, whether it can be opened or not."""
    from ledger.errors import LedgerError
    from verbale.places import Place
    from verbale.verifying import unopened

    try:
        return verified(path)
    except (LedgerError, ValueError):
        found = unopened(Place(path))
        if found is None:
            raise
        return found


def test_a_ledger_that_holds(path: Path) -> None:
    """All that there is to check is checked, nothing is changed by it, and a second time says the same."""
    before = bytes_of(path.parent)
    found = verified(path)
    assert (found.ok, found.entries, found.first_bad_entry, found.problems) == (True, ATTESTED, None, ())
    checks = {one.check for one in found.checked}
    assert checks == {
        "views-file", "journal-file", "lines", "content-keys", "sealed-values", "sources", "checkpoints", "views",
        "assertions", "attestations",
    }  # fmt: skip
    assert found.not_checked == ()
    with Ledger(path) as ledger:
        assert found.root == ledger.root()
    assert verified(path) == found
    assert bytes_of(path.parent) == before


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (files, "check_journal"),
        (keys, "check"),
        (sealed, "check"),
        (sources, "check"),
        (checkpoints, "check"),
        (views, "folded"),
        (views, "_compare"),
        (positions, "check_assertions"),
    ],
)
def test_others_record_meanwhile(path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> None:
    """What is recorded while a ledger is verified is no harm, whichever check is under way; nor is a search."""
    checked = getattr(module, name)

    def meanwhile(*given: object, **named: object) -> object:
        with Ledger(path) as other:
            other.record(statement("Meanwhile.", stance="support", said_on="2025-06", sealed=True))
            other.record({"type": "issue-opened", "issue": "later", "proposition": "Something else"})
            assert list(other.search("something"))
        return checked(*given, **named)

    monkeypatch.setattr(module, name, meanwhile)
    found = verified(path)
    assert found.problems == ()
    assert found.entries == ATTESTED


@pytest.mark.parametrize("harm", HARM)
def test_harm_done_to_the_journal(path: Path, harm: str) -> None:
    """Whatever is done to the journal's database is found, and the first bad entry is named."""
    statements, first, says = HARM[harm]
    sql(path, *statements)
    found = opened_or_not(path)
    assert not found.ok
    assert says in said(found)
    assert found.first_bad_entry == first


def tables(path: Path) -> list[str]:
    """Return the tables of the views that hold rows of their own."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return [
            name
            for name in names
            if not name.startswith(("sqlite_", "search_")) and db.execute(f"SELECT 1 FROM {name}").fetchone()
        ]


_SOME = {"versions": "entry = 18"}
"""Which row of a table without row ids."""
_VALUES = dict.fromkeys(("party", "issue", "source", "stance", "key"), "'y'") | {"data": "'{}'"}


def altered(db: sqlite3.Connection, table: str) -> None:
    """Alter a row's last column."""
    (column,) = db.execute(f"SELECT name FROM pragma_table_info('{table}') ORDER BY cid DESC LIMIT 1").fetchone()
    last = f"ROWID = (SELECT MAX(ROWID) FROM {table})"
    db.execute(f"UPDATE {table} SET {column} = {_VALUES.get(column, '77')} WHERE {_SOME.get(table, last)}")


def deleted(db: sqlite3.Connection, table: str) -> None:
    """Delete a row."""
    last = f"ROWID = (SELECT MAX(ROWID) FROM {table})"
    db.execute(f"DELETE FROM {table} WHERE {_SOME.get(table, last)}")


def added(db: sqlite3.Connection, table: str) -> None:
    """Add a row."""
    columns = [name for (name,) in db.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]
    db.execute(f"INSERT INTO {table} VALUES ({', '.join(_VALUES.get(name, '77') for name in columns)})")


@pytest.mark.parametrize("do", [altered, deleted, added])
def test_harm_done_to_the_views(path: Path, do: Callable[[sqlite3.Connection, str], None]) -> None:
    """A row of any table of the views that was altered, deleted or added is found, and its table is named."""
    views = path.with_name("ledger.views.db")
    names = tables(views)
    assert {"versions", "entries", "effects", "search", "memberships", "merges", "meta"} <= set(names)
    kept = views.read_bytes()
    for name in names:
        with closing(sqlite3.connect(views)) as db, db:
            before = db.execute(f"SELECT * FROM {name}").fetchall()
            do(db, name)
            assert db.execute(f"SELECT * FROM {name}").fetchall() != before, name
        found = verified(path)
        assert not found.ok, name
        assert name.removesuffix("_mark") in said(found) or name == "meta"
        views.write_bytes(kept)
    assert verified(path).ok


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE versions SET stance = 'support' WHERE entry = 18", "versions has rows"),
        ("UPDATE entries SET data = replace(data, 'Perhaps', 'Never') WHERE entry = 18", "entries has rows"),
        ("UPDATE meta SET leaf = zeroblob(32)", "made of another e19"),
        ("UPDATE meta SET ledger = 'another'", "of another ledger"),
        ("UPDATE meta SET entry = 18", "made of another e18"),
        ("UPDATE meta SET entry = 48", "the views go up to e48, and the journal ends at e19"),
        ("UPDATE meta SET entry = 'x'", "do not say what they were made of"),
        ("DELETE FROM meta", "do not say what they were made of"),
        ("DROP TABLE meta", "do not say what they were made of"),
        ("DROP TABLE states", "states is missing"),
        ("DROP INDEX versions_by_stance", "versions_by_stance is missing"),
        ("CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM effects; END", "t is none of the ledger's"),
        ("ALTER TABLE effects ADD COLUMN x", "effects is laid out otherwise"),
        ("UPDATE search SET text = 'x' WHERE entry = 18", "search has rows"),
        ("UPDATE tiles SET hashes = zeroblob(length(hashes))", "tiles has rows"),
        ("UPDATE tiles_mark SET size = 18", "tiles_mark has rows"),
        ("UPDATE tiles_mark SET size = 99", "tiles_mark has rows"),
        ("DROP TABLE tiles", "tiles is missing"),
        ("DELETE FROM search_fts_data WHERE id > 10", "full-text index"),
    ],
)
def test_harm_done_to_what_the_views_say(path: Path, statement: str, says: str) -> None:
    """What is wrong with the views is said in words."""
    sql(path.with_name("ledger.views.db"), statement)
    assert says in said(verified(path))


def test_tiles_that_are_behind(path: Path) -> None:
    """Tiles that go less far than the views, and were made step by step, are those that are made at once."""
    from projections import tiles

    for number in range(3):
        with Ledger(path) as ledger:
            for more in range(number * 2):
                ledger.record(statement(f"More, {number}.{more}.", stance="support", said_on="2025-06"))
            if number < 2:
                tiles.catch_up(ledger.views.db, ledger.journal.lines)
        assert verified(path).problems == ()


def test_tiles_of_another_version_are_left_alone(path: Path) -> None:
    """Tiles that the next proof makes anew are no evidence: that is said, and nothing is wrong."""
    sql(path.with_name("ledger.views.db"), "UPDATE tiles_mark SET version = 99", "DELETE FROM tiles")
    found = verified(path)
    assert found.ok
    assert "the tiles were made by another version" in "".join(one.says for one in found.not_checked)


def test_views_of_another_version_are_left_alone(path: Path) -> None:
    """Views that the next command makes anew are no evidence: that is said, and nothing is wrong."""
    sql(path.with_name("ledger.views.db"), "UPDATE meta SET version = 1")
    found = verified(path)
    assert found.ok
    assert "another version" in "".join(one.says for one in found.not_checked)


def test_views_that_are_behind_are_compared_where_they_are(path: Path) -> None:
    """Views that have not caught up yet hold as far as they go, and what is wrong with them is found."""
    views = path.with_name("ledger.views.db")
    kept = views.read_bytes()
    with Ledger(path) as ledger:
        ledger.record(statement("Later.", stance="support", said_on="2025-05"))
    views.write_bytes(kept)
    for beside in ("-wal", "-shm"):
        views.with_name(views.name + beside).unlink(missing_ok=True)
    found = verified(path)
    assert found.problems == ()
    assert any(f"up to e{ATTESTED}" in one.says for one in found.checked)
    sql(views, "UPDATE versions SET stance = 'support' WHERE entry = 18")
    assert verified(path).first_bad_entry == 18


def test_no_views_are_nothing_to_compare(path: Path) -> None:
    """Where no views lie, that is said, and everything else is checked all the same."""
    path.with_name("ledger.views.db").unlink()
    found = verified(path)
    assert found.ok
    assert "nothing to compare" in "".join(one.says for one in found.not_checked)
    assert "attestations" in {one.check for one in found.checked}


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b"\\nexample.org/talks\\n", b"\\nexample.org/walks\\n", None),
        (b'"size":12', b'"size":13', "disagree on cp1"),
        (b'"note":"example', b'"note":"exemple', "cp1"),
        (b'{"checkpoint":1', b'{"checkpoint":3', "cp3"),
        (b'{"checkpoint":1', b'{"checkpiont":1', "no checkpoint"),
    ],
)
def test_harm_done_to_the_file_of_checkpoints(path: Path, was: bytes, becomes: bytes, says: str | None) -> None:
    """What is changed in the file beside the ledger is found, if it says anything."""
    file = path.with_name("ledger.checkpoints.jsonl")
    before = file.read_bytes()
    file.write_bytes(before.replace(was, becomes))
    found = verified(path)
    assert found.ok == (before == file.read_bytes())
    if says is not None:
        assert says in said(found)


def test_signatures_that_differ_in_the_two_places(path: Path) -> None:
    """A cosignature that only one place has is no harm; one that reads otherwise in the other is, whoever it is of."""
    beside = path.with_name("ledger.checkpoints.jsonl")
    signature = f"\u2014 example.org/witness {'A' * 32}\n"
    beside.write_bytes(beside.read_bytes().replace(b'\\n"}\n', f'\\n{signature.strip()}\\n"}}\n'.encode()))
    assert verified(path).ok
    sql(path, f"UPDATE checkpoints SET note = CAST(note || '{signature.replace('A', 'B')}' AS BLOB) WHERE number = 2")
    assert "the database and the file beside it disagree on cp2" in said(verified(path))


def test_a_checkpoint_that_only_one_place_has(path: Path) -> None:
    """A checkpoint that the database or the file has lost is known from the other; one that both lost leaves a gap."""
    sql(path, "DELETE FROM checkpoints WHERE number = 2")
    assert verified(path).ok
    file = path.with_name("ledger.checkpoints.jsonl")
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[1:]))
    sql(path, "DELETE FROM checkpoints WHERE number = 1")
    assert "cp1 is missing" in said(verified(path))


def test_a_document_that_was_altered_or_is_gone(path: Path) -> None:
    """A source's bytes that were altered are found; bytes that are not kept here are counted, as nobody can say."""
    (kept,) = (one for one in path.with_name("ledger.sources").rglob("*") if one.is_file())
    kept.write_bytes(DOCUMENT + b"!")
    found = verified(path)
    assert (found.first_bad_entry, "has been changed" in said(found)) == (6, True)
    kept.unlink()
    found = verified(path)
    assert found.ok
    assert ("sources", "the bytes of 1 are not kept here") in found.not_checked


# ── What only a checkpoint can show ───────────────────────────────────────────


def rewritten(path: Path, entry: int, was: str, becomes: str) -> None:
    """Rewrite an entry as somebody would who has the database with its secret: the content key is made anew."""
    sql(path, LINE.format(was, becomes, entry))
    with Ledger(path) as ledger:
        line = ledger.journal.line(entry)
        assert line is not None
        event = CODEC.decode(*line).event
        key = stored_key(ledger.journal.content_key(event, CODEC.encode(event), sealing=False))
    sql(path, f"UPDATE content_keys SET key = {key} WHERE entry = {entry}")


def test_an_entry_rewritten_with_its_content_key(path: Path) -> None:
    """The views show it, and without them a checkpoint that covers it, which cannot say which entry it is."""
    rewritten(path, 14, "Njet.", "Da.")  # superseded: no attestation speaks of it
    found = verified(path)
    assert (found.first_bad_entry, "one of e13 to e19 is not what cp2 was signed over" in said(found)) == (14, True)
    path.with_name("ledger.views.db").unlink()
    found = verified(path)
    assert [one.check for one in found.problems] == ["checkpoints"]
    assert found.first_bad_entry is None


def test_what_only_a_checkpoint_that_somebody_kept_can_show(path: Path) -> None:
    """Who rewrites an entry, its key, the views and the checkpoints leaves nothing that this ledger could show."""
    rewritten(path, 14, "Njet.", "Da.")
    path.with_name("ledger.views.db").unlink()
    path.with_name("ledger.checkpoints.jsonl").unlink()
    sql(path, "DELETE FROM checkpoints")
    found = verified(path)
    assert found.ok
    assert "only one that somebody keeps elsewhere can show a history rewritten" in found.not_checked[-1].says


# ── Keys and erasures ─────────────────────────────────────────────────────────


def test_keys_that_came_and_went(path: Path) -> None:
    """A checkpoint is signed by a key that the ledger had at its size: one added before it, and not retired by then."""
    with Ledger(path) as ledger:
        sign(ledger, 3, OTHER)
    assert "cp3: no known key signed the note" in said(verified(path))
    with Ledger(path) as ledger:
        ledger.record({"type": "key-added", "key": OTHER.verifier.format()})
        sign(ledger, 3, OTHER)
    assert verified(path).ok
    with Ledger(path) as ledger:
        ledger.record({"type": "key-retired", "key": OTHER.verifier.format(), "reason": "stolen"})
    assert verified(path).ok  # what it has signed stays signed
    with Ledger(path) as ledger:
        sign(ledger, 4, OTHER)
    assert "cp4: no known key signed the note" in said(verified(path))


def test_a_checkpoint_of_another_ledger(path: Path) -> None:
    """A checkpoint of another name, even if this ledger's key signed it, is none of this ledger's."""
    with Ledger(path) as ledger:
        text = format_checkpoint(Signed("example.org/other", ledger.head, root_of(ledger)))
        kept = Checkpoint(3, ledger.head, sign_note(text, KEY))
        ledger.journal.kept.add_checkpoint(kept)
    assert "cp3 is of 'example.org/other', which is not this ledger" in said(verified(path))


def test_a_checkpoint_without_a_known_key(path: Path) -> None:
    """Where no key is known the signatures are not checked, which is said; size and root are."""
    sql(path, "DELETE FROM verifier_keys")
    found = verified(path)
    assert found.ok
    assert ("checkpoints", "the signature of cp1: no key of this ledger is known here") in found.not_checked


@pytest.mark.parametrize("recorded", [True, False])
def test_what_was_erased_is_not_kept(path: Path, recorded: bool) -> None:
    """Erased values are counted as gone; where they come back, be it from a backup, that is found."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT * FROM sealed_values").fetchall()
        key = db.execute("SELECT * FROM content_keys WHERE entry = 9").fetchone()
    with Ledger(path) as ledger:
        if recorded:
            erasure = {"type": "erasure-recorded", "entry": 9, "reason": "asked for", "authority": "a court"}
            ledger.record(erasure)
        else:
            ledger.journal.kept.add_erasure(Erasure(20, 9, ("text",)))
            ledger.journal.store.destroy([Destroyed(9, ("text",), key[0])])
    found = verified(path)
    assert found.ok
    left = 2 if recorded else 1
    says = f"{left} of 2 are not here: erased, or left behind by an export"
    assert ("sealed-values", says) in found.not_checked
    with Ledger(path) as ledger:  # which, when it is opened, destroys again what had come back
        with closing(sqlite3.connect(path)) as db, db:
            db.executemany("INSERT OR IGNORE INTO sealed_values VALUES (?, ?, ?, ?, ?)", rows)
        found = ledger.verify()
    assert found.first_bad_entry == 9
    assert "the sealed text of e9 is still kept, though e20 records that it was erased" in said(found)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (b'"fields":[]', b'"fields":["text"]', "the file of erasures says something else of e20"),
        (b'"entry":9', b'"entry":8', "the file of erasures says something else of e20"),
        (b'"leaf":"', b'"leaf":"0', "the file of erasures says something else of e20"),
        (b'"leaf"', b'"lead"', "no erasure"),
        (b'"erasure":20', b'"erasure":21', None),
    ],
)
def test_harm_done_to_the_file_of_erasures(path: Path, was: bytes, becomes: bytes, says: str | None) -> None:
    """What an old copy would have destroyed again is what the journal records; another history's number may differ."""
    with Ledger(path) as ledger:
        ledger.erase(9, "asked for", "a court")
    beside = path.with_name("ledger.erasures.jsonl")
    content = beside.read_bytes()
    assert was in content
    beside.write_bytes(content.replace(was, becomes))
    found = opened_or_not(path)
    assert (says in said(found)) if says else found.ok


@pytest.mark.parametrize("table", ["checkpoints", "sealed_values", "verifier_keys"])
def test_rows_of_no_ledger(path: Path, table: str) -> None:
    """A row that was moved to a ledger which the file does not hold is missed, though no ledger asks for it."""
    sql(path, f"UPDATE {table} SET ledger = replace(ledger, substr(ledger, 1, 1), 'z')")
    assert "that belong to none of its ledgers" in said(verified(path))


def test_a_ledger_on_a_server(server: Server, database: str) -> None:
    """On PostgreSQL the same is checked, but for the server's own pages; a line changed there is found."""
    address = server.address(database)
    new_ledger(address, *BASICS, statement(), statement("Never.", sealed=True, speaker="An envoy")).close()
    with Ledger(address) as ledger:
        found = ledger.verify()
    assert found.ok
    assert {"lines", "content-keys", "sealed-values", "views"} <= {one.check for one in found.checked}
    assert "journal-file" in {one.check for one in found.not_checked}
    with server.connected(database) as db:
        state = "convert_to(replace(convert_from(state, 'UTF8'), 'No.', 'Yes'), 'UTF8')"
        db.execute(f"UPDATE verbale_events SET state = {state} WHERE originator_version = 4".encode())
    with Ledger(address) as ledger:
        assert ledger.verify().first_bad_entry == 4


# ── What is said of positions ─────────────────────────────────────────────────


def test_an_assertion_that_fails(tmp_path: Path) -> None:
    """A position that somebody was sure of and that is another now is a problem, until the assertion is retracted."""
    asserted = {"type": "position-asserted", "party": "RUS", "issue": "ceasefire", "stance": "support"}
    with new_ledger(tmp_path / "l.db", *BASICS, statement(), asserted) as book:
        pass
    found = verified(tmp_path / "l.db")
    assert (found.first_bad_entry, "the ledger says oppose" in said(found)) == (5, True)
    with Ledger(tmp_path / "l.db") as book:
        book.undo(5)
    assert verified(tmp_path / "l.db").ok


def test_what_fails_because_of_a_line_is_not_the_first_bad_entry(tmp_path: Path) -> None:
    """An assertion that fails since a later line was changed is told of, and the line is the first bad entry."""
    asserted = {"type": "position-asserted", "party": "RUS", "issue": "ceasefire", "stance": "oppose"}
    new_ledger(tmp_path / "l.db", *BASICS, asserted, statement()).close()
    assert verified(tmp_path / "l.db").ok
    sql(tmp_path / "l.db", LINE.format('"oppose"', '"support"', 5))
    found = verified(tmp_path / "l.db")
    assert 4 in {one.entry for one in found.problems}
    assert found.first_bad_entry == 5


def test_an_attestation_that_does_not_hold(tmp_path: Path) -> None:
    """What is attested is computed again as it was known then: later entries change nothing, a wrong digest does."""
    with new_ledger(tmp_path / "l.db", *BASICS, statement()) as book:
        book.attest(as_of="2025-03")
        book.attest(rule="own-words/1")
        book.record(statement("Yes.", stance="support", said_on="2025-03-02"))
        book.undo(4)
    assert verified(tmp_path / "l.db").ok
    with Ledger(tmp_path / "l.db") as book:
        draft = book.attestation("2025-03")
        wrong = book.record({**draft, "digest": book.attestation("2024", "e2")["digest"]}).entry
    found = verified(tmp_path / "l.db")
    assert (found.first_bad_entry, "attests other positions at e8 as of 2025-03" in said(found)) == (wrong, True)


# ── Only what is new ──────────────────────────────────────────────────────────


def test_since_a_checkpoint_only_what_is_new_is_verified(path: Path) -> None:
    """Since a checkpoint the root is the same, the old part is hashed only, and what was left out is said."""
    whole, new = verified(path), verified(path, "cp1")
    assert (new.ok, new.root, new.entries) == (True, whole.root, whole.entries)
    assert any(f"e{FIRST + 1} to e{ATTESTED}" in one.says for one in new.checked)
    assert {"lines", "content-keys", "sealed-values", "views"} <= {one.check for one in new.not_checked}
    sql(path, "UPDATE content_keys SET key = key + 1 WHERE entry = 8")
    assert verified(path, "cp1").ok
    sql(path, "UPDATE content_keys SET key = key + 1 WHERE entry = 18")
    assert verified(path, "cp1").first_bad_entry == 18
    with pytest.raises(UnknownName, match="no checkpoint cp9"):
        verified(path, "cp9")


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        (LINE.format("We agree.", "We refuse.", 7), None),  # below the checkpoint: its root shows it
        (LINE.format("Njet.", "Net.", 14), 14),
        (LINE.format("2026-11-23T09:24", "2026-11-23T09:02", 13), 13),  # before the last that the checkpoint covers
        ("DELETE FROM stored_events WHERE originator_version = 14", 14),
        ("DELETE FROM stored_events WHERE originator_version > 10", 11),
    ],
)
def test_since_a_checkpoint_harm_is_found(path: Path, statement: str, first: int | None) -> None:
    """Harm done to what is new is found as ever, and harm to what is old by the root that was signed."""
    sql(path, statement)
    found = verified(path, "cp1")
    assert not found.ok
    assert found.first_bad_entry == first


def test_an_empty_ledger(tmp_path: Path) -> None:
    """A ledger without entries holds, and has the root of no leaves."""
    Ledger.create(tmp_path / "l.db")
    found = verified(tmp_path / "l.db")
    assert (found.ok, found.entries, found.root) == (True, 0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")


def test_two_ledgers_in_one_file(path: Path) -> None:
    """A file's other ledgers are no harm; a key that is missing is found; that one too many cannot be, is said."""
    new_ledger(f"{path}#second").close()
    found = verified(path)
    assert found.ok
    assert "cannot be told from theirs" in "".join(one.says for one in found.not_checked)
    sql(path, "DELETE FROM content_keys WHERE entry = 8")
    assert verified(path).first_bad_entry == 8


def test_a_replayed_ledger_has_no_sealed_values(path: Path, tmp_path: Path) -> None:
    """What an exported journal does not bring is counted as not checked, and is no harm."""
    Ledger.create(tmp_path / "copy.db")
    with Ledger(path) as ledger, Ledger(tmp_path / "copy.db") as copy, (tmp_path / "lines").open("w+b") as file:
        file.writelines(ledger.export_journal())
        file.seek(0)
        copy.replay_file(file)
    found = verified(tmp_path / "copy.db")
    assert found.ok
    assert ("sealed-values", "2 of 2 are not here: erased, or left behind by an export") in found.not_checked


# ── Files that nobody can read ────────────────────────────────────────────────


def noise(path: Path) -> None:
    """Leave noise."""
    path.write_bytes(bytes(range(256)) * 40)


def nothing(path: Path) -> None:
    """Leave a file of no bytes."""
    path.write_bytes(b"")


def half(path: Path) -> None:
    """Leave the first half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def holes(path: Path) -> None:
    """Leave zeros in every page but the first."""
    whole = bytearray(path.read_bytes())
    for page in range(4096, len(whole), 4096):
        whole[page : page + 2_000] = bytes(2_000)
    path.write_bytes(whole)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        *(("ledger.db", harm) for harm in (noise, nothing, half, holes)),
        *(("ledger.views.db", harm) for harm in (noise, half, holes)),
        ("ledger.checkpoints.jsonl", noise),
        ("ledger.erasures.jsonl", noise),
    ],
)
def test_a_file_that_nobody_can_read_is_named(
    door: Door, path: Path, name: str, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Damage that SQLite gives up on ends in exit code 3 and the file's name, never in a hint to make a new ledger."""
    harm(path.with_name(name))
    monkeypatch.chdir(path.parent)
    said = door("verify --ledger ledger.db --json")
    assert said.code == 3, said
    Draft202012Validator(SCHEMAS["verify"]).validate(said.json)
    assert name in "".join(one["says"] for one in said.json["checked"] if not one["ok"])
    assert "init" not in said.err


@pytest.mark.parametrize("name", ["ledger.db", "ledger.views.db"])
def test_what_sqlite_quotes_may_be_no_text(path: Path, name: str) -> None:
    """Where SQLite names the broken part of a schema in bytes that are no text, that is damage like any other."""
    file = path.with_name(name)
    table = b"CREATE TABLE content_keys" if name == "ledger.db" else b"CREATE TABLE versions"
    file.write_bytes(file.read_bytes().replace(table, table.replace(b"E ", b"E \xa0", 1)[: len(table)]))
    assert not opened_or_not(path).ok


@pytest.mark.parametrize("name", ["ledger.views.db", "ledger.checkpoints.jsonl"])
def test_an_empty_file_is_as_none(path: Path, name: str) -> None:
    """Views that were never folded, and a file of checkpoints that lost all, are no harm: the database has them."""
    path.with_name(name).write_bytes(b"")
    assert verified(path).ok


def test_verify_as_people_see_it(door: Door, original: Path) -> None:
    """On a terminal it says how far it is and takes that away; in a pipe it says what it found, and nothing else."""
    shown = door(f"verify --ledger {original / 'ledger.db'}", terminal=True)
    assert shown.code == 0
    assert shown.err.endswith("\r\x1b[K")
    said = door.ok(f"verify --ledger {original / 'ledger.db'} --since cp1")
    assert said.err == ""
    assert said.out.endswith("\n\nAll that was checked holds.\n")
    assert door(f"verify -q --ledger {original / 'ledger.db'}", terminal=True).err == ""


def test_what_is_no_damage_is_no_failed_verification(door: Door) -> None:
    """A ledger that is not there, or another name in a file, is refused as by every command."""
    assert door("verify --ledger nothing.db").code == 1
    door.ok("init -q --ledger some.db")
    said = door("verify --ledger some.db#other")
    assert (said.code, "holds no ledger 'other'" in said.err) == (1, True)
    assert door("verify --ledger some.db --since cp1").code == 4
    assert door("attest --ledger some.db").code == 1


def test_verify_is_told_in_words(door: Door) -> None:
    """What was checked, what was not, what is wrong and the first bad entry are told, a check a line."""
    door.transcript(
        """
        $ verbale init -q
        $ verbale party add RUS Russia -q
        $ verbale attest
        Recorded e2: positions under latest/1 as known at e1: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
        Undo with: verbale undo e2
        $ verbale verify
        2 entries · root xSsXHg1h6F68iMskXlTHovf/yDQo+WgCQwbXs6BoRFQ=

        ok           views-file: ledger.views.db, integrity_check: 0.2 MB
        ok           journal-file: ledger.db, integrity_check: 0.0 MB
        ok           lines: e1 to e2: bytes, number, time, what it says and points at;
                     the root over e1 to e2
        ok           content-keys: 2 stored, one for each entry that can have one
        ok           views: 16 tables with 14 rows, as the journal folded anew up to e2
                     has them
        ok           attestations: 1 computed again
        not checked  checkpoints: none is signed yet: only one that somebody keeps
                     elsewhere can show a history rewritten

        All that was checked holds.
        """
    )


def test_verify_tells_what_is_wrong(sample: Door, tmp_path: Path) -> None:
    """A word changed in the database is told of by its entry, and the exit code is 3."""
    sql(tmp_path / ".verbale" / "ledger.db", LINE.format("Zelenskyy", "Zelenskij", 50))
    sample.transcript(
        """
        $ verbale verify -q
        60 entries · root 4DDToh+lX7PKiu+cD3rhiNq6Ca3E/3XwZ7oxRccwE50=

        ok           views-file: ledger.views.db, integrity_check: 0.2 MB
        ok           journal-file: ledger.db, integrity_check: 0.1 MB
        ok           lines: e1 to e60: bytes, number, time, what it says and points at;
                     the root over e1 to e60
        not checked  sources: the bytes of 1 are not kept here
        not checked  checkpoints: none is signed yet: only one that somebody keeps
                     elsewhere can show a history rewritten
        wrong        content-keys: the content key of e50 is missing, or the line was
                     changed
        wrong        views: entries has rows that are not what they should be: 1 that do
                     not follow from the journal, 1 missing, first of e50

        It does not hold: the first bad entry is e50.
        2> Error: content-keys: the content key of e50 is missing, or the line was changed.
        2> Hint: restore a backup or another copy, and keep this one as evidence
        [3]
        """
    )
