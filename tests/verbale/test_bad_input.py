"""A catalogue of bad input: each gets a clear error, a way out and its exit code, and leaves the journal as it was.

A line of a dossier stands for any way to the ledger: `import` refuses it by its number, with exit code 1, and
`Ledger.record` by the exit code of the table.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import LedgerError
from verbale import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door

ESCAPE = "\x1b]0;title\x07\x1b[31mred"


def said(**fields: object) -> dict[str, object]:
    """Draft a statement that would be recorded, but for what is given."""
    fine = {"party": "RUS", "issue": "ceasefire-30d", "stance": "oppose", "said_on": "2025-03-12", "text": "No."}
    return {key: value for key, value in {"type": "statement-made", **fine, **fields}.items() if value is not ...}


def done(**fields: object) -> dict[str, object]:
    """Draft a deed that would be recorded, but for what is given."""
    fine = {"party": "RUS", "issue": "ceasefire-30d", "occurred_on": "2025-03-12", "text": "Troops leave."}
    return {"type": "action-taken", **fine, **fields}


def about(kind: str, entry: object, **fields: object) -> dict[str, object]:
    """Draft an amendment."""
    return {"type": f"entry-{kind}", "entry": entry, "reason": "a slip", **fields}


# What, the draft, the exit code of the error, words of its message, words of its hint.
DRAFTS: list[tuple[str, dict[str, object], int, str, str]] = [
    # Nobody and nothing
    ("unknown party", said(party="Kremlni"), 4, "no party 'Kremlni'", "did you mean RUS (Russia)?"),
    ("unknown issue", said(issue="ceasefire-30"), 4, "no issue 'ceasefire-30'", "did you mean ceasefire-30d"),
    ("unknown addressee", said(to=["UKR", "nobody at all"]), 4, "no party 'nobody at all'", "verbale party list"),
    ("unknown source", said(source="none"), 4, "no source 'none'", "verbale source add"),
    ("party of surrogates", said(party="\udcff"), 4, "no party '\\udcff'", "not written in UTF-8"),
    ("party of escapes", said(party=ESCAPE), 4, "no party '\\x1b", "verbale party list"),
    ("endless party", said(party="R" * 50_000), 4, "no party 'RRR", "verbale party list"),
    ("empty party", said(party=""), 4, "no party ''", "verbale party list"),
    ("party that is a list", said(party=["RUS"]), 1, "party: ['RUS'] will not do", "quotation marks"),
    # Dates
    ("impossible day", said(said_on="2025-02-30"), 2, "2025-02-30", "2025-02 has 28 days"),
    ("impossible month", said(said_on="2025-13-01"), 2, "there is no such month", "01 to 12"),
    ("no date", said(said_on="yesterday"), 2, "'yesterday'", "2025-03-12"),
    ("empty date", said(said_on=""), 2, "it is blank", "2025-03-12"),
    ("reversed interval", said(said_on="2025-03-16/2025-03-13"), 2, "2025-03-16/2025-03-13", "2025-03-13/2025-03-16"),
    ("open end", said(said_on="2025-03-12/.."), 2, "it has an open end", "write when it began"),
    ("open at both ends", said(said_on="../.."), 2, "open at both ends", "../2025-03-11"),
    ("no zone", said(said_on="2025-03-12T14:30"), 2, "its zone is missing", "add Z or +03:00"),
    ("second 60", said(said_on="2016-12-31T23:59:60Z"), 2, "no second 60", "write second 59"),
    ("season", said(said_on="2025-21"), 2, "seasons", "2025-03/2025-05"),
    ("year 0", said(said_on="0000"), 2, "no year here", "0001 to 9999"),
    ("endless date", said(said_on="2025-" * 10_000), 2, "it is too long", "2025-03-12"),
    ("date of escapes", said(said_on=ESCAPE), 2, "\\x1b", "2025-03-12"),
    ("date that is a number", said(said_on=20250312), 1, "said_on: 20250312 will not do", "quotation marks"),
    ("said in the future", said(said_on="2026-12-24"), 1, "is in the future", "verbale record scheduled"),
    ("done in the future", done(occurred_on="2026-12-24"), 1, "is in the future", "verbale record scheduled"),
    # Texts
    ("no text", said(text=...), 1, "text", "events/README.md"),
    ("empty text", said(text=""), 1, "text: '' will not do", "must not be blank"),
    ("blank text", said(text=" \n\u3000"), 1, "text:", "must not be blank"),
    ("over-long text", said(text="x" * 20_001), 1, "longer than 20,000 characters", "kept with the source"),
    ("too long together", said(text="ж" * 20_000, quote="ж" * 20_000), 1, "the entry is too long", "shorten the text"),
    ("over-long speaker", said(speaker="x" * 501), 1, "longer than 500 characters", "shorten"),
    ("C0 in a text", said(text=f"No. {ESCAPE}"), 1, "\\x1b", "control characters"),
    ("C1 in a text", said(text="No. \x9b31m"), 1, "\\x9b", "control characters"),
    ("DEL in a text", said(text="No.\x7f"), 1, "\\x7f", "control characters"),
    ("escapes in a quote", said(quote=ESCAPE), 1, "\\x1b", "control characters"),
    ("escapes in a quote's prefix", said(quote={"exact": "No", "prefix": ESCAPE}), 1, "\\x1b", "control characters"),
    ("escapes in a speaker", said(speaker=ESCAPE), 1, "\\x1b", "control characters"),
    ("escapes in a condition", said(conditions=[ESCAPE]), 1, "\\x1b", "control characters"),
    ("escapes in a field's name", said(**{ESCAPE: 1}), 1, "unknown field '\\x1b", "fields: party"),
    ("escapes in a type", {"type": ESCAPE}, 1, "no entry type '\\x1b", "one of: party-registered"),
    ("escapes in a reason", about("disputed", 32, reason=ESCAPE), 1, "\\x1b", "say in a few words why"),
    (
        "escapes in a URL",
        {"type": "source-registered", "source": "s", "title": "T", "url": f"x:{ESCAPE}"},
        1,
        "url",
        "URL",
    ),
    ("line ends in a speaker", said(speaker="Dmitry\nPeskov"), 1, "speaker", "a line of text"),
    ("half a character", said(text="No \ud83d"), 1, "text", "not written in UTF-8"),
    # Quotes
    (
        "quote that is not there",
        said(source="kept", quote="We accept"),
        1,
        "not in its source",
        "the source's own words",
    ),
    ("quote at another place", said(source="kept", quote={"exact": "We", "start": 3, "end": 5}), 1, "not at 3", "0–2"),
    ("quote there twice", said(source="kept", quote="e"), 1, "stands more than once", "give start and end"),
    ("quote of half an offset", said(quote={"exact": "We", "start": 3}), 1, "start and end go together", "README"),
    ("quote of a wrong length", said(quote={"exact": "We", "start": 0, "end": 9}), 1, "must span exactly", "README"),
    # Fields
    ("unknown type", {"type": "statement"}, 1, "no entry type 'statement'", "one of: party-registered"),
    ("no type", {"party": "RUS"}, 1, "no 'type'", "one of: party-registered"),
    ("type that is a list", {"type": []}, 1, "no entry type", "one of: party-registered"),
    ("unknown field", said(mood="bad"), 1, "unknown field 'mood'", "fields: party"),
    ("recorded_at", said(recorded_at="2020-01-01T00:00:00.000000Z"), 1, "unknown field 'recorded_at'", "fields: party"),
    ("unknown stance", said(stance="against"), 2, "'against'", "one of: oppose"),
    ("unknown act", said(act="shout"), 2, "'shout'", "one of: declare"),
    ("credibility in words", said(credibility="high"), 2, "credibility: 'high'", "as in B2"),
    ("null", said(party=None), 1, "'party' is null", "give a value"),
    ("list where a text goes", said(text=["No."]), 1, "text: ['No.'] will not do", "quotation marks"),
    ("text where a list goes", said(to="UKR"), 1, "to: 'UKR' will not do", "a list is expected"),
    ("integer of 4,000 digits", about("retracted", 10**4_000), 2, "no whole number that fits", "digits"),
    ("entry 0", about("retracted", 0), 2, "no whole number that fits", "digits"),
    ("entry 1.5", about("retracted", 1.5), 2, "no whole number that fits", "digits"),
    ("entry true", about("retracted", True), 2, "no whole number that fits", "digits"),
    ("sealed no", said(sealed=False), 1, "'sealed' is true, or is left out", "commitments"),
    ("sealed by hand", said(sealed={"text": "0" * 64}), 1, "'sealed' is true, or is left out", "commitments"),
    ("ref like a number", said(ref="e17"), 1, "'e17' cannot be a ref", "a word of your own"),
    # Amendments
    ("retracting what is not there", about("retracted", 999), 4, "no entry e999", "verbale log"),
    ("correcting what is not there", about("corrected", 999, changes={"text": "x"}), 4, "no entry e999", "verbale log"),
    ("disputing what is not there", about("disputed", "nowhere"), 4, "no entry 'nowhere'", "e17"),
    (
        "retracting what is retracted",
        about("retracted", 33, reason="again"),
        1,
        "e33 is retracted by e62",
        "verbale undo e62",
    ),
    ("correcting what is retracted", about("corrected", 33, changes={"text": "x"}), 1, "e33 is retracted", "undo e62"),
    ("disputing what is retracted", about("disputed", 33), 1, "e33 is retracted by e62", "verbale undo e62"),
    ("retracting a registration", about("retracted", 1), 1, "e1 is a registration", "a registration stays"),
    ("retracting a source in use", about("retracted", 19), 1, "in use by e", "correct the source"),
    ("correcting a registration", about("corrected", 1, changes={"name": "x"}), 1, "cannot be corrected", "register"),
    ("correcting an amendment", about("corrected", 62, changes={"reason": "x"}), 1, "cannot be corrected", "undo it"),
    ("correcting nothing", about("corrected", 32, changes={}), 1, "changes nothing", "--set"),
    (
        "correcting the type",
        about("corrected", 32, changes={"type": "action-taken"}),
        1,
        "unknown field",
        "fields: party",
    ),
    ("correcting to an unknown party", about("corrected", 32, changes={"party": "X"}), 4, "no party 'X'", "party list"),
    ("correcting to no date", about("corrected", 32, changes={"said_on": "soon"}), 2, "'soon'", "2025-03-12"),
    (
        "correcting into the future",
        about("corrected", 32, changes={"said_on": "2027"}),
        1,
        "in the future",
        "scheduled",
    ),
    ("correcting with escapes", about("corrected", 32, changes={"text": ESCAPE}), 1, "\\x1b", "control characters"),
    ("corroborated by nobody", {"type": "entry-corroborated", "entry": 32}, 1, "nobody corroborates", "observer"),
    # Names that are taken
    (
        "party twice",
        {"type": "party-registered", "party": "rus", "name": "X", "kind": "state"},
        1,
        "belongs to RUS",
        "",
    ),
    (
        "issue twice",
        {"type": "issue-opened", "issue": "ceasefire-30d", "proposition": "x"},
        1,
        "open already",
        "another",
    ),
]

FINE = json.dumps(said()).encode()

# What, the bytes of a line, words of the message.  `import` alone can meet these.
LINES: list[tuple[str, bytes, str]] = [
    ("no JSON", b"nonsense", "not JSON"),
    ("cut off", FINE[:40], "not JSON"),
    ("two objects", FINE + FINE, "not JSON"),
    ("an array", b"[" + FINE + b"]", "not a JSON object but an array"),
    ("a text", b'"statement-made"', "not a JSON object but a string"),
    ("null", b"null", "not a JSON object but null"),
    ("Latin-1", FINE.replace(b"No.", b"caf\xe9"), "not UTF-8 at byte"),
    ("UTF-16", FINE.decode().encode("utf-16"), "not UTF-8 at byte 1"),
    ("a byte-order mark", b"\xef\xbb\xbf" + FINE, "starts with a byte-order mark"),
    ("NUL", FINE.replace(b"No.", b"No.\0"), "not JSON"),
    ("NUL, spelt out", FINE.replace(b"No.", b"No.\\u0000"), "U+0000"),
    ("an escape", FINE.replace(b"No.", b"No.\x1b[31m"), "not JSON"),
    ("half a surrogate pair", FINE.replace(b"No.", b"No. \\ud83d"), "half of a surrogate pair"),
    ("surrogates in UTF-8", FINE.replace(b"No.", b"\xed\xa0\x80"), "not UTF-8 at byte"),
    ("over-long UTF-8", FINE.replace(b"No.", b"\xc0\xaf"), "not UTF-8 at byte"),
    ("nested 100,000 deep", FINE[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON: recursion limit"),
    ("a duplicate key", FINE[:-1] + b',"stance":"support"}', 'duplicate key "stance"'),
    ("a duplicate key within", FINE[:-1] + b',"quote":{"exact":"a","exact":"b"}}', 'duplicate key "exact"'),
    ("a duplicate key, spelt otherwise", FINE[:-1] + b',"st\\u0061nce":"support"}', 'duplicate key "stance"'),
    ("NaN", FINE[:-1] + b',"re":NaN}', "not JSON"),
    ("Infinity", FINE[:-1] + b',"re":-Infinity}', "not JSON"),
    ("an infinite number", FINE[:-1] + b',"re":1e999}', "a number is too large"),
    ("an integer of 5,000 digits", FINE[:-1] + b',"re":' + b"9" * 5_000 + b"}", "not JSON: number out of range"),
    ("an unknown field", FINE[:-1] + b',"mood":"bad"}', "unknown field 'mood'"),
    ("a line of 100 MB", b"x" * 100_000_000, "longer than 1,000,000 bytes"),
]


@pytest.fixture(scope="module")
def held(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold the sample, a source whose bytes are kept (e61), and a statement that is retracted (e33, by e62)."""
    folder = tmp_path_factory.mktemp("held")
    shutil.copytree(sample_folder / ".verbale", folder / ".verbale")
    (folder / "kept.txt").write_text("We refuse to be drawn.")
    with Ledger(folder) as ledger:
        ledger.record(
            {"type": "source-registered", "source": "kept", "title": "T", "snapshot": "kept.txt"}, folder=folder
        )
        assert ledger.record(about("retracted", 33)).entry == 62
    return folder


def journal(folder: Path) -> bytes:
    """Return the journal's bytes."""
    with Ledger(folder) as ledger:
        return b"".join(ledger.export_journal())


@pytest.mark.parametrize(
    ("draft", "code", "message", "hint"), [case[1:] for case in DRAFTS], ids=[c[0] for c in DRAFTS]
)
@pytest.mark.usefixtures("clock")
def test_a_bad_draft(
    door: Door, held: Path, monkeypatch: pytest.MonkeyPatch, draft: dict[str, Any], code: int, message: str, hint: str
) -> None:
    """A draft that must not be recorded is refused alike by the library and by an import, and nothing is recorded."""
    before = journal(held)
    with Ledger(held) as ledger, pytest.raises(LedgerError) as refusal:
        ledger.record(draft)
    assert (refusal.value.exit_code, message in refusal.value.message) == (code, True), refusal.value.message
    assert hint in (refusal.value.hint or ""), refusal.value.hint
    monkeypatch.chdir(held)
    told = door("import -", stdin=json.dumps(draft).encode() + b"\n")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("line 1: ")
    assert "Error: 1 of 1 lines refused; nothing was recorded.\nHint: " in told.err
    assert not set(told.err) & {"\x1b", "\x07", "\x9b"}
    assert "Traceback" not in told.err
    assert max(map(len, told.err.splitlines())) < 500
    assert journal(held) == before


@pytest.mark.parametrize(("line", "message"), [case[1:] for case in LINES], ids=[case[0] for case in LINES])
def test_a_bad_line(door: Door, held: Path, monkeypatch: pytest.MonkeyPatch, line: bytes, message: str) -> None:
    """Bytes that are no draft are refused by their line's number with a hint; the good lines around change nothing."""
    before = journal(held)
    monkeypatch.chdir(held)
    told = door("import -", stdin=FINE + b"\n" + line + b"\n" + FINE + b"\n")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("line 2: ")
    assert message in told.err
    assert "\n  hint: " in told.err
    assert "1 of 3 lines refused; nothing was recorded." in told.err
    assert "Traceback" not in told.err
    assert not set(told.err) & {"\x1b", "\x00"}
    assert journal(held) == before


def test_a_file_that_is_no_text(sample: Door, tmp_path: Path) -> None:
    """A database, a picture or noise is refused line by line, and a folder or nothing at all by its name."""
    noise = bytes(range(256)) * 40
    (tmp_path / "noise").write_bytes(noise)
    for name in ("noise", ".verbale/ledger.db"):
        told = sample(f"import {name}")
        assert told.code == 1
        assert "nothing was recorded" in told.err
        assert not set(told.err) & {"\x1b", "\x00", "\x07"}
    for name in (".", "missing"):
        told = sample(f"import {name}")
        assert (told.code, told.err.startswith(f"Error: cannot read {name}: ")) == (1, True)
    assert sample.ok("import /dev/null").out == "Nothing new: 0 rows, 0 new\n"
    assert sample.ok("status --json").json["head"]["entry"] == 60


COMMANDS = [
    "show",
    "show RUS ceasefire-30d",
    "matrix",
    "log",
    "timeline ceasefire-30d",
    "why RUS ceasefire-30d",
    "when RUS ceasefire-30d",
    "diff --known-from e1",
    "agenda",
    "party list",
    "issue list",
    "source list",
    "speaker list",
    "speaker list --unresolved",
    "status",
    "replay",
]


@pytest.mark.parametrize("form", ["", " --json", " --csv"])
def test_escape_sequences_in_a_tampered_ledger(sample: Door, tmp_path: Path, form: str) -> None:
    """Somebody who can write the file writes escape sequences into every text: no command prints one raw."""
    db = sqlite3.connect(tmp_path / ".verbale" / "ledger.db")
    rows = db.execute("SELECT originator_version, state FROM stored_events").fetchall()
    for number, state in rows:
        data = json.loads(state)
        for name in ("text", "speaker", "name", "proposition", "title", "publisher", "reason", "observer", "place"):
            if name in data:
                data[name] += ESCAPE
        if "quote" in data:
            data["quote"]["exact"] += ESCAPE
        data["recorded_by"] = ESCAPE
        given = (json.dumps(data).encode(), number)
        db.execute("UPDATE stored_events SET state = ? WHERE originator_version = ?", given)
    db.commit()
    db.close()
    for line in COMMANDS:
        told = sample(line + form)
        assert not set(told.out + told.err) & {"\x1b", "\x07"}, line
        assert "Traceback" not in told.err
