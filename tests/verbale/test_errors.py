"""Bad input is answered with a message, a way out and the right exit code; nothing is recorded, and nothing crashes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.verbale.doors import Door

SAY = "record statement RUS ceasefire-30d"
ON = "--said-on 2025-03-12"
UNREADABLE = b"caf\xe9"

REFUSED = [
    # Nobody and nothing of that name
    ("show frnce", 4, "no party or issue 'frnce'", "verbale party list"),
    ("show Kremlni ceasefire-30d", 4, "no party 'Kremlni'", "did you mean RUS (Russia)?"),
    ("show RUS ceasefire", 4, "no issue 'ceasefire'", "did you mean ceasefire-30d"),
    ("matrix --party Nobody", 4, "no party 'Nobody'", "verbale party list"),
    ("matrix --issue nothing", 4, "no issue 'nothing'", "verbale issue list"),
    ("log --party Nobody", 4, "no party 'Nobody'", "verbale party list"),
    ("timeline nothing", 4, "no issue 'nothing'", "verbale issue list"),
    ("when RUS nothing", 4, "no issue 'nothing'", "verbale issue list"),
    ("why Nobody ceasefire-30d", 4, "no party 'Nobody'", "verbale party list"),
    (f"record statement Kremlni ceasefire-30d oppose -m x {ON}", 4, "no party 'Kremlni'", "did you mean RUS"),
    (f"record statement RUS nothing oppose -m x {ON}", 4, "no issue 'nothing'", "verbale issue list"),
    (f"{SAY} oppose -m x {ON} --source none", 4, "no source 'none'", "verbale source add"),
    (f"{SAY} oppose -m x {ON} --to Nobody", 4, "no party 'Nobody'", "verbale party list"),
    (f"{SAY} oppose -m x {ON} --re e999", 4, "no entry e999", "verbale log"),
    (f"{SAY} oppose -m x {ON} --re abc", 4, "no entry 'abc'", "e17"),
    ("retract e999 --reason x", 4, "no entry e999", "verbale log"),
    ("correct e999 --set stance=oppose --reason x", 4, "no entry e999", "verbale log"),
    ("undo 999", 4, "no entry e999", "verbale log"),
    ("matrix --as-known-at e999", 4, "no entry e999", "the last is e60"),
    ("diff --known-from e61", 4, "no entry e61", "the last is e60"),
    ("help nothing", 4, "no help on 'nothing'", "one of: time"),
    ("init --sample nothing --ledger new.db", 4, "no sample 'nothing'", "one of: ukraine-ceasefire-2025"),
    ("search x --party Nobody", 4, "no party 'Nobody'", "verbale party list"),
    ("search x --issue nothing", 4, "no issue 'nothing'", "verbale issue list"),
    ("cite RUS nothing", 4, "no issue 'nothing'", "verbale issue list"),
    ("cite Nobody ceasefire-30d", 4, "no party 'Nobody'", "verbale party list"),
    ("cite e999", 4, "no entry e999", "the last is e60"),
    ("config get nothing", 4, "no setting 'nothing'", "one of: ledger"),
    # What does not parse
    ("search '(\"---'", 2, "no word to search for", "a prefix*"),
    ("cite RUS", 2, "'RUS' alone cannot be cited", "verbale cite PARTY ISSUE"),
    ("cite --bibtex --json", 2, "--bibtex is a form of its own", "choose one"),
    ("query", 2, "one statement, or --tables", "verbale query"),
    ("query 'SELECT 1' --tables", 2, "one statement, or --tables", "verbale query"),
    ("query 'SELECT FROM'", 2, "syntax error", "--tables"),
    ("query hello", 2, "no SQL that reads", "one SELECT"),
    ("query 'SELECT :x' -p x", 2, "'x' is no parameter", "NAME=VALUE"),
    ("query 'SELECT :x'", 2, ":x", "-p NAME=VALUE"),
    ("doctor --stale-after -1", 2, "--stale-after", ""),
    ("completion tcsh", 2, "'tcsh'", ""),
    (f"{SAY} against -m x {ON}", 2, "'against'", "one of: oppose, reserved"),
    (f"{SAY} oppose -m x --said-on 2025-13-12", 2, "'2025-13-12'", "months go from 01 to 12"),
    (f"{SAY} oppose -m x --said-on yesterday", 2, "'yesterday'", "2025-03-12"),
    (f"{SAY} oppose -m x --said-on 2025-03-12/..", 2, "open end", "write when it began"),
    (f"{SAY} oppose -m x --said-on 2025-03-12T14:30", 2, "its zone is missing", "add Z or +03:00"),
    (f"{SAY} oppose -m x --said-on 2025-21", 2, "2025-21", ""),
    (f"{SAY} oppose -m x {ON} --coding CAMEO", 2, "'CAMEO' is no coding", "SCHEME:CODE"),
    (f"{SAY} oppose -m x {ON} --act shout", 2, "'shout'", ""),
    (f"{SAY} oppose -m x", 2, "--said-on", ""),
    (f"{SAY} oppose {ON}", 2, "--message", ""),
    ("record statement RUS", 2, "ISSUE", ""),
    ("party add AAA Aland --code zzz", 2, "'zzz' is no code", "iso3:RUS"),
    ("party add AAA Aland --kind planet", 2, "'planet'", ""),
    ("speaker add Joe --rank first", 2, "--rank", ""),
    ("source add s --title T --reliability Z", 2, "--reliability", ""),
    ("retract abc --reason x", 2, "'abc' is no entry", "as in e17"),
    ("undo 0", 2, "'0' is no entry", "as in e17"),
    ("undo e-1", 2, "'e-1' is no entry", "as in e17"),
    ("correct e32 --set stance --reason x", 2, "'stance' changes nothing", "FIELD=VALUE"),
    ("correct e32 --set stance=against --reason x", 2, "'against'", "one of: oppose"),
    ("correct e32 --set said_on=2025-99 --reason x", 2, "'2025-99'", "months"),
    ("correct e32 --set coding=CAMEO --reason x", 2, "JSON", "an object is written"),
    ("matrix --as-of someday", 2, "'someday'", "2025-03-12"),
    ("matrix --as-known-at someday", 2, "'someday'", "an entry (e41)"),
    ("matrix --rule best/1", 2, "no rule 'best/1'", "one of: latest/1"),
    ("matrix --json --csv", 2, "exclude each other", "choose one"),
    ("matrix --limit 0", 2, "--limit", ""),
    ("matrix --limit many", 2, "--limit", ""),
    ("matrix --no-such-option", 2, "--no-such-option", ""),
    ("nothing", 2, "nothing", ""),
    ("diff", 2, "diff compares two moments", "verbale diff 2025-03-10 2025-03-12"),
    ("diff 2025-03-10", 2, "diff compares two moments", "verbale diff 2025-03-10 2025-03-12"),
    ("diff 2025-03-10 2025-03-12 --known-from e3", 2, "diff compares two moments", "--known-from e41"),
    ("export csv", 2, "no format 'csv'", "verbale export journal"),
    ("export parquet", 2, "parquet is many files", "name a folder"),
    ("export tiles", 2, "tiles are many files", "name a folder"),
    ("export parquet a -o b", 2, "a and b", "name one of them"),
    ("export journal --json", 2, "the lines go to stdout", "name a file"),
    ("export parquet a --in cp1", 2, "--in is of tiles", "leave --in out"),
    # What the ledger refuses
    ("query 'DELETE FROM entries'", 1, "DELETE is not for the views", "one SELECT"),
    ("query 'SELECT 1; SELECT 2'", 1, "more than one statement", "one SELECT"),
    (f"{SAY} oppose -m x --said-on 2026-12-24", 1, "in the future", "verbale record scheduled RUS ceasefire-30d"),
    ("record action RUS ceasefire-30d -m x --occurred-on 2026-12-24", 1, "in the future", "verbale record scheduled"),
    (f"{SAY} oppose -m '' {ON}", 1, "text", "must not be blank"),
    (f"{SAY} oppose -m x {ON} --fulfils e32", 1, "e32 is of type statement-made", "scheduled event"),
    ("party add BLR Kremlin", 1, "'Kremlin' belongs to RUS", "one party at a time"),
    ("party alias UKR kremlin", 1, "'kremlin' belongs to RUS", "one party at a time"),
    ("issue add ceasefire-30d Other", 1, "'ceasefire-30d' is open already", "another id"),
    ("source add jeddah-talks-article --title T", 1, "registered already", "another id"),
    ("source add s --title T --snapshot missing.txt", 1, "missing.txt", "from the folder"),
    ("retract e1 --reason x", 1, "e1 is a registration", "a registration stays"),
    ("retract e19 --reason x", 1, "in use by e", "correct the source"),
    ("correct e1 --set name=x --reason x", 1, "cannot be corrected", ""),
    ("correct e32 --set mood=bad --reason x", 1, "unknown field 'mood'", "fields: party"),
    ("correct e32 --set stance=oppose --reason x", 1, "says that already", "verbale log"),
    ("dispute e1 --reason x", 1, "e1 is of type party-registered", "about"),
    ("corroborate e32", 1, "nobody corroborates", "name a source, or an observer"),
    # Files and places
    ("init", 1, "there is a ledger at .verbale/ledger.db already", "verbale status"),
    ("matrix --ledger missing.db", 1, "no ledger at missing.db", "verbale init --ledger missing.db"),
    ("matrix --ledger garbage.txt", 1, "garbage.txt is not a ledger", "--ledger"),
    ("matrix --ledger empty.db", 1, "empty.db is not a ledger", "--ledger"),
    ("matrix --ledger cut.db", 1, "cut.db is not a ledger", "--ledger"),
    ("matrix --ledger folder", 1, "no ledger at folder", "verbale init --ledger folder"),
    ("matrix --ledger .verbale/ledger.db#other", 1, "no ledger 'other'", "verbale init --ledger"),
    ("matrix --ledger mysql://anna:secret@host/db", 1, "cannot open a ledger at mysql://…", "name a SQLite file"),
    ("matrix --ledger postgresql://anna:se#cret@host/db", 2, "the address of the ledger does not parse", "%23 for #"),
    ("init --ledger garbage.txt", 1, "garbage.txt", "not there yet"),
    ("init --ledger 'x.db#No Name'", 1, "'No Name' cannot name a ledger", "small letters"),
    ("import missing.jsonl", 1, "cannot read missing.jsonl", "JSON Lines"),
    ("import folder", 1, "cannot read folder", "JSON Lines"),
    ("import garbage.txt", 1, "1 of 1 lines refused", "--keep-going"),
    ("replay missing.jsonl", 1, "cannot read missing.jsonl", "verbale export journal"),
    ("replay garbage.txt", 1, "the ledger holds 60 entries already", "an empty one"),
    ("matrix -o folder", 1, "cannot write folder", "-o names a file"),
    ("matrix --json -o missing/answer.json", 1, "cannot write missing/answer.json", "-o names a file"),
    (f"{SAY} oppose -m x {ON} -o missing/answer.txt", 1, "cannot write missing/answer.txt", "-o names a file"),
    (f"{SAY} oppose -m x {ON} -o folder", 1, "cannot write folder", "-o names a file"),
    ("undo e32 --json -o missing/answer.json", 1, "cannot write missing/answer.json", "-o names a file"),
    (
        f"{SAY} oppose -m x {ON} -o .verbale/ledger.db",
        1,
        "is a database, perhaps a ledger",
        "-o names a file of answers",
    ),
    ("export parquet folder", 1, "folder is there already", "not there yet"),
    ("export parquet columns.zip", 1, "an export is a folder", "without .zip"),
    ("export parquet no/such/folder", 1, "cannot write no/such/folder", "is there room"),
    ("export journal -o folder", 1, "cannot write folder", "-o names a file"),
    ("matrix -o .verbale/ledger.db", 1, ".verbale/ledger.db is a database", "-o names a file of answers"),
    ("export journal -o .verbale/ledger.db", 1, "is a database, perhaps a ledger", "-o names a file of answers"),
    (f"{SAY} oppose -m @missing.txt {ON}", 1, "cannot read missing.txt: No such file or directory", "@FILE"),
    (f"{SAY} oppose -m @garbage.txt {ON}", 1, "garbage.txt is not UTF-8 at byte 4", "@FILE"),
    ("retract e32 --reason @missing.txt", 1, "cannot read missing.txt", "@FILE"),
]


def journal(folder: Path) -> bytes:
    """Return the journal's bytes."""
    with Ledger(folder) as ledger:
        return b"".join(ledger.export_journal())


@pytest.fixture(scope="module")
def workshop(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hold a ledger that no command here may change, and files that are not what they should be."""
    folder = tmp_path_factory.mktemp("workshop")
    shutil.copytree(sample_folder / ".verbale", folder / ".verbale")
    (folder / "garbage.txt").write_bytes(UNREADABLE)
    (folder / "empty.db").touch()
    (folder / "cut.db").write_bytes((folder / ".verbale" / "ledger.db").read_bytes()[:3_000])
    (folder / "folder").mkdir()
    return folder


@pytest.mark.parametrize(("line", "code", "message", "hint"), REFUSED, ids=[case[0] for case in REFUSED])
def test_bad_input_is_refused(
    door: Door, workshop: Path, monkeypatch: pytest.MonkeyPatch, line: str, code: int, message: str, hint: str
) -> None:
    """Each mistake gets its exit code, a message that names it, and a way out; the journal stays as it was."""
    monkeypatch.chdir(workshop)
    before = journal(workshop)
    said = door(line)
    assert (said.code, said.out) == (code, "")
    errors = [found for found in said.err.splitlines() if found.startswith("Error: ")]
    assert len(errors) == 1
    assert message in errors[0]
    hints = [found for found in said.err.splitlines() if found.startswith(("Hint: ", "Try 'verbale"))]
    assert len(hints) == 1
    assert hint in hints[0]
    assert "Traceback" not in said.err
    assert journal(workshop) == before
    assert not (workshop / "new.db").exists()


def test_no_ledger_here(door: Door) -> None:
    """Where there is no ledger, every command that needs one says how to make one."""
    for line in ("matrix", "show RUS", "party add RUS Russia", "import x", "export journal", "undo e1", "status"):
        said = door(line)
        assert (said.code, said.out) == (1, "")
        assert said.err == "Error: no ledger here.\nHint: make one with: verbale init\n"


def test_retracted_twice(sample: Door) -> None:
    """What was retracted before the command began is refused with exit code 1, and how to bring it back."""
    sample.ok("retract e32 --reason first")
    for line in (
        "retract e32 --reason second",
        "dispute e32 --reason x",
        "correct e32 --set stance=support --reason x",
    ):
        said = sample(line)
        assert (said.code, said.err) == (
            1,
            "Error: e32 is retracted by e61.\nHint: bring it back with: verbale undo e61\n",
        )


@pytest.mark.parametrize(
    "line",
    ["retract e32 --reason x", "dispute e32 --reason x", "correct e32 --set stance=support --reason x", "undo e32"],
)
def test_the_state_changed_under_the_command(
    sample: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    """What another writer retracted after the command had looked is refused with exit code 5."""
    record = Ledger.record

    def second(self: Ledger, draft: dict[str, Any], **given: Any) -> object:
        with Ledger(tmp_path) as other:
            record(other, {"type": "entry-retracted", "entry": 32, "reason": "first"})
        return record(self, draft, **given)

    monkeypatch.setattr(Ledger, "record", second)
    said = sample(line)
    assert (said.code, said.out) == (5, "")
    assert said.err == "Error: e32 is retracted by e61.\nHint: another writer was first; nothing was recorded\n"
    with Ledger(tmp_path) as ledger:
        assert ledger.head == 61


def test_the_library_tells_it_too(sample_folder: Path, tmp_path: Path) -> None:
    """A draft whose author says what he has seen is refused as changed; one who says nothing, as retracted."""
    shutil.copytree(sample_folder / ".verbale", tmp_path / ".verbale")
    from ledger.errors import Refused, StateChanged

    draft = {"type": "entry-disputed", "entry": 32, "reason": "x"}
    with Ledger(tmp_path) as ledger:
        seen = ledger.head
        ledger.record({"type": "entry-retracted", "entry": 32, "reason": "first"})
        with pytest.raises(StateChanged):
            ledger.record(draft, seen=seen)
        with pytest.raises(Refused):
            ledger.record(draft, seen=ledger.head)
        with pytest.raises(Refused):
            ledger.record(draft)
        assert ledger.head == seen + 1


# What other people wrote never reaches the terminal as more than text

ESCAPE = "\x1b[31mred\x1b]0;title\x07"


@pytest.mark.parametrize(
    "line",
    [
        f"{SAY} oppose {ON} -m",
        f"{SAY} oppose -m x {ON} --speaker",
        f"{SAY} oppose -m x {ON} --quote",
        f"{SAY} oppose -m x {ON} --condition",
        "retract e32 --reason",
        "party add BLR",
        "party alias RUS",
        "issue add truce",
        "source add wire --title",
        "speaker add",
    ],
)
def test_escape_sequences_are_refused(sample: Door, line: str) -> None:
    """No text that would steer a terminal is recorded, and the refusal does not print it raw."""
    said = sample(line, ESCAPE)
    assert said.code == 1
    assert "\x1b" not in said.out + said.err
    assert "\\x1b" in said.err
    assert sample.ok("status --json").json["head"]["entry"] == 60


@pytest.mark.parametrize(
    "line", ["show", "matrix --as-of", "matrix --as-known-at", "matrix --rule", "undo", "help", "matrix --ledger", "x"]
)
def test_echoed_words_are_shown_not_obeyed(sample: Door, line: str) -> None:
    """A message that repeats what was typed shows control characters, and never sends them."""
    said = sample(line, ESCAPE)
    assert said.code in {1, 2, 4}
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out + said.err


@pytest.mark.parametrize("field", ["text", "quote", "speaker"])
def test_an_escape_hidden_in_json_is_refused(sample: Door, field: str) -> None:
    """An escape sequence that a dossier spells out in JSON is refused on its line, and not printed raw."""
    words = {"type": "statement-made", "party": "RUS", "issue": "ceasefire-30d", "stance": "oppose", "text": "x"}
    draft = json.dumps({**words, "said_on": "2025-03-12", field: ESCAPE}).encode()
    assert b"\\u001b" in draft
    said = sample("import -", stdin=draft)
    assert said.code == 1
    assert said.err.startswith("line 1: ")
    assert "\x1b" not in said.err
    assert sample.ok("status --json").json["head"]["entry"] == 60


def test_right_to_left_text_is_isolated(sample: Door) -> None:
    """Right-to-left words stand isolated, and characters that reorder a line are shown by their number."""
    words = "רוסיה \u202e\u2067 ערב"
    sample.ok(f"{SAY} reserved --said-on 2025-03-14 -m", words, "--speaker", words, "--quote", words)
    for line in ("show RUS ceasefire-30d", "why RUS ceasefire-30d", "log --limit 1", "timeline ceasefire-30d"):
        said = sample.ok(line)
        assert "\u202e" not in said.out
        assert "\u2067" not in said.out
        assert "\\u202e\\u2067" in said.out
        assert said.out.count("\u2068") == said.out.count("\u2069") > 0
    assert sample.ok("show RUS ceasefire-30d --json").json["rows"][0]["text"] == words


# Imports


def test_refusals_name_their_lines(sample: Door) -> None:
    """An import's refusals name their lines from 1, blank lines counted, each with its hint, and record nothing."""
    lines = [
        b'{"type":"party-registered","party":"BLR","name":"Belarus","kind":"state"}',
        b"",
        b'{"type":"statement-made"}',
        b"[]",
        b"not JSON",
        b'{"type":"no-such-type"}',
        b'{"type":"issue-opened","type":"issue-opened"}',
        UNREADABLE,
        b'{"type":"issue-opened","issue":"x","proposition":"y","extra":1}',
        b'{"type":"issue-opened","issue":"x","proposition":"y\\u0000"}',
        b'{"type":"issue-opened","issue":"x","proposition":"\\ud800"}',
        b'{"type":"entry-retracted","entry":"nowhere","reason":"x"}',
        b'{"type":"entry-retracted","entry":"32","reason":"x","after":"e1"}',
        b'{"type":"speaker-appointed","name":"x","rank":"1"}',
    ]
    said = sample("import -", stdin=b"\n".join(lines))
    found = [int(number) for number in re.findall(r"^line (\d+): ", said.err, re.MULTILINE)]
    assert (said.code, said.out, found) == (1, "", list(range(3, 15)))
    assert said.err.count("\n  hint: ") == len(found)
    assert "12 of 13 lines refused; nothing was recorded." in said.err
    assert sample.ok("status --json").json["head"]["entry"] == 60


def test_a_snapshot_stays_in_its_folder(sample: Door, tmp_path: Path) -> None:
    """A dossier may name no document outside its folder, and one from stdin none at all."""
    (tmp_path / "lot").mkdir()
    (tmp_path / "outside.txt").write_bytes(b"words")
    draft = b'{"type":"source-registered","source":"s","title":"T","snapshot":"../outside.txt"}\n'
    (tmp_path / "lot" / "dossier.jsonl").write_bytes(draft)
    for said in (sample("import lot/dossier.jsonl"), sample("import -", stdin=draft)):
        assert said.code == 1
        assert "snapshot" in said.err


# Streams


def test_text_comes_from_stdin_or_a_file(sample: Door, tmp_path: Path) -> None:
    """`-m -` reads UTF-8 from stdin and `-m @FILE` from a file, without the last line feed."""
    (tmp_path / "words.txt").write_text("Ждём подробностей\n", encoding="utf-8")
    sample.ok(f"{SAY} awaiting --said-on 2025-03-13 -m @words.txt")
    sample.ok(f"{SAY} awaiting --said-on 2025-03-14 -m -", stdin="from “stdin”\n".encode())
    assert [row["text"] for row in sample.ok("log --limit 2 --jsonl").rows] == ["Ждём подробностей", "from “stdin”"]


def test_stdin_that_is_not_utf_8(sample: Door) -> None:
    """Text from stdin that is not UTF-8 is refused, and says at which byte."""
    said = sample(f"{SAY} oppose {ON} -m -", stdin=UNREADABLE)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Error: stdin is not UTF-8 at byte 4.\nHint: ")


def test_colour_only_on_a_terminal(sample: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal gets colour unless `NO_COLOR` is set or it is dumb; a pipe gets none; the words are the same."""
    for line in ("matrix", "show RUS", "why UKR kursk-withdrawal", "timeline ceasefire-30d", "log", "party list"):
        plain = sample.ok(line).out
        assert "\x1b" not in plain
        painted = re.sub(r"\x1b\[[0-9;]*m", "", sample(line, terminal=True).out)
        assert [words.rstrip() for words in painted.splitlines()] == plain.splitlines()
        with monkeypatch.context() as patch:
            patch.setenv("NO_COLOR", "1")
            assert sample(line, terminal=True).out == plain
            patch.delenv("NO_COLOR")
            patch.setenv("TERM", "dumb")
            assert sample(line, terminal=True).out == plain
    assert "\x1b[" in sample("matrix", terminal=True).out


def test_errors_have_no_colour_in_a_pipe(sample: Door) -> None:
    """What goes to stderr holds no escape sequence, for wrong options and wrong names alike."""
    for line in ("matrix --nothing", "show nothing", "record statement", "undo x"):
        assert "\x1b" not in sample(line).err


def test_the_reader_may_go(sample: Door, tmp_path: Path) -> None:
    """When the reader of a pipe has gone, a command ends without a word."""
    del sample
    reader, writer = os.pipe()
    os.close(reader)
    verbale = Path(sys.executable).with_name("verbale")
    for line in ("log", "export journal"):
        done = subprocess.run(
            [verbale, *line.split()], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False
        )
        assert done.stderr == b""
    os.close(writer)


# Views that cannot be written


def test_views_that_are_a_folder(sample: Door, tmp_path: Path) -> None:
    """Where the views' file cannot be made, answers still come, and so do mutations."""
    views = tmp_path / ".verbale" / "ledger.views.db"
    before = sample.ok("matrix").out
    for path in views.parent.glob("ledger.views.db*"):
        path.unlink()
    views.mkdir()
    assert sample.ok("matrix").out == before
    sample.ok("retract e32 --reason x")
    assert sample.ok("replay --json").json["equals_views"] is True
    assert views.is_dir()


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"SQLite format 3\0" + b"\0" * 5_000])
def test_views_that_are_no_views(sample: Door, tmp_path: Path, garbage: bytes) -> None:
    """Views that were emptied, overwritten or cut are rebuilt without a word."""
    before = sample.ok("matrix").out
    (tmp_path / ".verbale" / "ledger.views.db").write_bytes(garbage)
    said = sample.ok("matrix")
    assert (said.out, said.err) == (before, "")


NOBODY = 65534


@pytest.fixture
def sealed_folder(sample_folder: Path, door: Door) -> Iterator[Path]:
    """Hold a ledger in a folder where this process may write nothing, whoever runs it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(sample_folder / ".verbale", folder / "spare")
        for line in ("search x", "query 'SELECT 1'", "cite", "doctor"):
            door(f"{line} --ledger {folder / 'spare'}")  # imports what this process may not when it gives up its rights
        shutil.copytree(sample_folder / ".verbale", folder / ".verbale")
        for path in (folder / ".verbale").iterdir():
            path.chmod(0o444)
        (folder / ".verbale").chmod(0o555)
        folder.chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield folder
        finally:
            if root:
                os.setresuid(0, 0, 0)
            (folder / ".verbale").chmod(0o755)


def test_a_ledger_that_cannot_be_written_can_be_read(sealed_folder: Path, door: Door) -> None:
    """A ledger in a read-only folder answers, and refuses what would change it."""
    place = f"--ledger {sealed_folder}"
    assert "RUS" in door.ok(f"matrix {place}").out
    assert door.ok(f"replay --json {place}").json["equals_views"] is True
    assert len(door.ok(f"search Jeddah --jsonl {place}").rows) > 1
    query = "SELECT COUNT(*) AS n FROM search_fts WHERE search_fts MATCH 'jeddah'"
    assert door.ok(f"query --jsonl {place}", query).rows[0]["n"] > 1
    assert "e60" in door.ok(f"cite {place}").out
    said = door.ok(f"doctor --json {place}").json
    assert {row["check"]: row["outcome"] for row in said["rows"]}["views"] == "warning"
    said = door(f"party add BLR Belarus {place}")
    assert (said.code, said.out) == (1, "")
    assert "Hint: " in said.err


def test_a_question_in_an_error_ends_as_one(door: Door) -> None:
    """What ends with a question mark gets no full stop after it."""
    assert door("record statment").err.splitlines()[0] == "Error: No such command 'statment'. Did you mean 'statement'?"
