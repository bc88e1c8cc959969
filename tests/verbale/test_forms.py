"""Recording in an editor: a form like a commit message, never where there is no terminal, and nothing typed is lost."""

from __future__ import annotations

import doctest
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import verbale.cli.forms
from ledger.errors import LedgerError, Unparsable
from verbale import Ledger
from verbale.cli.forms import OPTIONAL, REQUIRED, read_form

if TYPE_CHECKING:
    from tests.verbale.doors import Door

VERBALE = Path(sys.executable).with_name("verbale")
FILLED = """\
party: Kremlin
issue: ceasefire-30d
stance: conditional
said_on: 2025-03-13
text: For the idea, but
  # with questions: many
to: UKR
to: USA
conditions: guarantees, in writing
coding: PLOVER:CONSULT/meet
re: e48
sealed: no
speaker:
"""


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the editor be a script that keeps what it was shown, and puts the file `typed` in its place."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, shutil, sys\n"
        "here, form = pathlib.Path(__file__).parent, sys.argv[-1]\n"
        "shutil.copy(form, here / 'shown')\n"
        "(here / 'typed').exists() and shutil.copy(here / 'typed', form)\n"
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {script}")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def on_a_terminal(folder: Path, *words: str) -> tuple[int, str]:
    """Run a command on a terminal; return its exit code and what it shows."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [VERBALE, *words], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ
    ) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def kept(folder: Path) -> list[Path]:
    """Return the forms that were kept."""
    return sorted(folder.glob("*.form"))


def test_a_form_is_filled_in(sample: Door, editor: Path) -> None:
    """On a terminal, `record statement` opens a form that says what can be written, and records what was."""
    (editor / "typed").write_text(FILLED)
    code, shown = on_a_terminal(editor, "record", "statement")
    assert code == 0, shown
    assert shown.startswith("Recorded e61: statement, RUS on ceasefire-30d\nPosition: awaiting → conditional")
    form = (editor / "shown").read_text()
    assert form.startswith("party: \nissue: \nstance: \nsaid_on: \ntext: \n\nspeaker: \n")
    for line in (
        "#   RUS Russia, ",
        "#   ceasefire-30d A 30-day",
        "# stance: oppose reserved",
        "#   202X  2025-03-1X",
    ):
        assert line in form
    with Ledger(editor) as ledger:
        fields = ledger.entry(61).fields()
    assert fields["text"] == "For the idea, but\n# with questions: many"
    assert (fields["to"], fields["conditions"], fields["re"]) == (["UKR", "USA"], ["guarantees, in writing"], 48)
    assert fields["coding"] == {"scheme": "PLOVER", "code": "CONSULT", "mode": "meet"}
    assert kept(editor) == []
    assert sample.ok("status --json").json["head"]["entry"] == 61


@pytest.mark.parametrize("kind", ["action", "scheduled"])
def test_deeds_and_plans_have_forms_too(sample: Door, editor: Path, kind: str) -> None:
    """`record action` and `record scheduled` open theirs; the shared options go with it."""
    date = "occurred_on: 2025-03-13" if kind == "action" else "occurs_on: 2025-03-13/2025-03-16"
    (editor / "typed").write_text(f"party: UKR\nissue: kursk-withdrawal\n{date}\ntext: Troops leave\n")
    code, shown = on_a_terminal(editor, "record", kind, "--by", "anna")
    assert (code, "Recorded e61: " in shown) == (0, True)
    assert sample.ok("log --limit 1 --jsonl").rows[0]["recorded_by"] == "anna"


@pytest.mark.parametrize(("typed", "state"), [(None, "unchanged"), ("", "empty"), ("# nothing\nparty:\n", "empty")])
def test_a_form_left_alone_records_nothing(sample: Door, editor: Path, typed: str | None, state: str) -> None:
    """A form that is unchanged, or was emptied, records nothing and says so with exit code 1."""
    if typed is not None:
        (editor / "typed").write_text(typed)
    code, shown = on_a_terminal(editor, "record", "statement")
    assert (code, shown.splitlines()[0]) == (1, f"Error: the form was left {state}; nothing was recorded.")
    assert kept(editor) == []
    assert sample.ok("status --json").json["head"]["entry"] == 60


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ("party: Kremlni", "party: Kremlin", 4),
        ("said_on: soon", "said_on: 2025-03-13", 2),
        ("colour: red", "speaker: Putin", 2),
        ("nonsense", "", 2),
        ("sealed: perhaps", "sealed: no", 2),
    ],
)
def test_what_was_typed_is_kept(sample: Door, editor: Path, wrong: str, right: str, code: int) -> None:
    """A mistake keeps the form and says how to open it again; mended, it is recorded."""
    field = wrong.partition(":")[0]
    typed = re.sub(rf"^{field}:.*\n", "", FILLED, flags=re.MULTILINE)
    (editor / "typed").write_text(f"{wrong}\n{typed}")
    failed, shown = on_a_terminal(editor, "record", "statement")
    (form,) = kept(editor)
    assert (failed, form.read_text()) == (code, f"{wrong}\n{typed}")
    assert f"mend it with: verbale record statement --from {form}\n" in shown
    assert sample.ok("status --json").json["head"]["entry"] == 60
    (editor / "typed").write_text(f"{right}\n{typed}")
    done, shown = on_a_terminal(editor, "record", "statement", "--from", str(form))
    assert (done, "Recorded e61" in shown) == (0, True), shown
    assert wrong in (editor / "shown").read_text()
    assert form.exists(), "a form that was named stays"


def test_an_editor_that_fails(sample: Door, editor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that is not there or ends with an error records nothing."""
    monkeypatch.delenv("VISUAL")
    for name, says in (("no-such-editor", "cannot run the editor"), ("false", "the editor ended with 1")):
        monkeypatch.setenv("EDITOR", name)
        code, shown = on_a_terminal(editor, "record", "statement")
        assert (code, says in shown) == (1, True)
        assert "Traceback" not in shown
    assert sample.ok("status --json").json["head"]["entry"] == 60


def test_record_alone_opens_a_form_for_words(sample: Door, editor: Path) -> None:
    """On a terminal `record` with nothing more is `record statement`, and the form says how to record what else."""
    (editor / "typed").write_text(FILLED, encoding="utf-8")
    code, shown = on_a_terminal(editor, "record")
    assert (code, "Recorded e61: statement, RUS on ceasefire-30d" in shown) == (0, True), shown
    assert "# Others: verbale record action, verbale record scheduled" in (editor / "shown").read_text(encoding="utf-8")
    assert sample.ok("log --limit 1 --json").json["rows"][0]["entry"] == 61


def test_no_terminal_no_form(sample: Door, editor: Path) -> None:
    """Where stdin is no terminal, nobody is asked: the usage, exit code 2; also where some field is given."""
    said = sample("record statement")
    assert (said.code, said.err) == (
        2,
        "Error: Missing argument 'PARTY'.\nHint: see: verbale record statement --help\n",
    )
    said = sample("record")
    assert (said.code, said.err.splitlines()[0]) == (2, "Error: it is not said what to record.")
    code, shown = on_a_terminal(editor, "record", "statement", "RUS")
    assert (code, "Missing argument 'ISSUE'" in shown) == (2, True)
    assert not (editor / "shown").exists()


def test_a_form_goes_without_an_editor(sample: Door, tmp_path: Path) -> None:
    """`--from FILE` in a script records the form as it stands; it goes with no other field."""
    (tmp_path / "a.form").write_text("\ufeff" + FILLED.replace("\n", "\r\n"), encoding="utf-8")
    assert sample.ok("record statement --from a.form --json").json["entry"] == 61
    assert sample.ok("record statement --from=a.form --json").json["already"] is True
    for line, code, says in (
        ("record statement RUS --from a.form", 2, "--from goes without other fields"),
        ("record statement --from missing.form", 1, "cannot read missing.form"),
        ("record action --from a.form", 2, "unknown field 'stance'"),
        ("record statement --from", 2, "--from"),
    ):
        said = sample(line)
        assert (said.code, says in said.err) == (code, True), said.err
    (tmp_path / "a.form").write_bytes(b"text: caf\xe9")
    assert "is not UTF-8 at byte 10" in sample("record statement --from a.form").err


def test_the_worked_example() -> None:
    """The form in the module's docstring reads as it says."""
    assert doctest.testmod(verbale.cli.forms).failed == 0


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("party: A\nparty: B\n", "'party' is given twice"),
        ("Party: A\n", "line 1 of the form is no field"),
        ("party: A\nmood: bad\n", "line 2: unknown field 'mood'"),
    ],
)
def test_forms_that_do_not_read(form: str, says: str) -> None:
    """A field given twice, or none of this kind's, is told by its line."""
    with pytest.raises(Unparsable, match=says):
        read_form(form, "statement")


LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)


@given(st.dictionaries(st.sampled_from(["party", "text", "speaker", "quote", "source"]), LINES, min_size=1))
def test_what_is_written_is_read(fields: dict[str, str]) -> None:
    """Whatever stands behind the colon is the value, `#`, `@` and `-` included."""
    form = "".join(f"{name}: {value}\n" for name, value in fields.items())
    assert read_form(form, "statement") == {"type": "statement-made", **fields}


@given(st.text(), st.sampled_from(list(REQUIRED)))
def test_any_text_is_read_or_refused(text: str, kind: str) -> None:
    """Any text makes a draft of known fields, or is refused with a hint."""
    try:
        draft = read_form(text, kind)
    except LedgerError as error:
        assert error.hint  # noqa: PT017  either way is right
    else:
        assert set(draft) <= {"type", *REQUIRED[kind], *OPTIONAL[kind]}


def test_a_kept_form_of_a_sealed_remark_is_remembered(sample: Door, tmp_path: Path) -> None:
    """Whoever records a sealed remark from a form of his own is told that its words still stand there."""
    form = tmp_path / "remark.form"
    form.write_text(FILLED.replace("sealed: no", "sealed: yes"))
    assert "still holds what is sealed" in sample.ok(f"record statement --from {form}").err
    form.write_text(FILLED.replace("sealed: no", "said_on: 2025-03-14").replace("said_on: 2025-03-13\n", ""))
    assert sample.ok(f"record statement --from {form}").err == ""
