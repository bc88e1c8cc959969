"""Settings: an option wins over the environment, that over the project, that over the user, that over the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbale import settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.verbale.doors import Door


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the user a configuration file that is not there yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "xdg"))
    return tmp_path / "xdg" / "verbale" / "config.toml"


def put(path: Path, text: str) -> None:
    """Write a file, and its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def origins(door: Door, *more: str) -> dict[str, tuple[object, str]]:
    """Return what `config` says of each key: value and origin."""
    return {row["key"]: (row["value"], row["origin"]) for row in door.ok("config --json", *more).json["rows"]}


def test_who_wins(door: Door, user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each origin wins over the next, and `config` says which it was."""
    assert origins(door)["by"] == (None, "default")
    put(user, 'by = "user"\n')
    assert origins(door)["by"] == ("user", "user")
    put(tmp_path / ".verbale" / "config.toml", 'by = "project"\n')
    assert origins(door)["by"] == ("project", "project")
    monkeypatch.setenv("VERBALE_BY", "environment")
    assert origins(door)["by"] == ("environment", "environment")
    assert origins(door, "--by", "option")["by"] == ("option", "option")


def test_who_records(sample: Door, user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`recorded_by` is what is settled, else null: never the name of the operating system's user."""
    monkeypatch.setenv("USER", "somebody")
    sample.ok("party add AAA Aland")
    put(user, 'by = "anna"\n')
    sample.ok("party add BBB Bland")
    sample.ok("party add CCC Cland --by pavel")
    sample.ok("party add DDD Dland", "--by", "")
    assert [row["recorded_by"] for row in sample.ok("log --limit 4 --jsonl").rows] == [None, "anna", "pavel", None]


def test_where_the_ledger_is(
    door: Door, user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_folder: Path
) -> None:
    """The project's `ledger` starts from the project's folder and wins; the user's is for where no nearer one is."""
    put(user, f"ledger = {str(sample_folder)!r}\n")
    assert origins(door)["ledger"] == (str(sample_folder), "user")
    assert door.ok("status --json").json["head"]["entry"] == 60
    door.ok("init -q")
    assert origins(door)["ledger"][1] == "nearest"
    assert door.ok("status --json").json["head"]["entry"] == 0
    door.ok("init -q --ledger other.db")
    door.ok("party add X Xland --ledger other.db")
    put(tmp_path / ".verbale" / "config.toml", 'ledger = "other.db"\n')
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert origins(door)["ledger"] == (str(tmp_path / "other.db"), "project")
    assert door.ok("status --json").json["head"]["entry"] == 1


def test_a_limit_is_for_people(sample: Door, user: Path) -> None:
    """A settled limit cuts what people are shown, and never what a script reads; --limit cuts both."""
    put(user, "limit = 2\n")
    assert len(sample.ok("log --jsonl").rows) == 60
    assert len(sample.ok("log --json").json["rows"]) == 60
    assert "e58 " not in sample.ok("log").out
    assert "e58 " in sample.ok("log --limit 3").out


def test_a_rule_can_be_settled(sample: Door, user: Path) -> None:
    """A settled rule is taken where none is said, and refused like one that is."""
    put(user, 'rule = "best/1"\n')
    said = sample("matrix")
    assert (said.code, said.err.splitlines()[0]) == (2, "Error: no rule 'best/1'.")
    assert sample.ok("matrix --rule latest/1 --json").json["rule"] == "latest/1"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('by = "anna"\nbye = "x"\n', 2, "no setting 'bye'"),
        ("by = anna\n", 1, "Invalid value"),
        ('by = "anna"\n\nlimit = "many"\n', 3, 'limit is "many"'),
        ("limit = 0\n", 1, "limit is 0"),
        ("limit = true\n", 1, "limit is true"),
        ("by = 3\n", 1, "by is 3"),
        ('by = "a"\nby = "b"\n', 2, "overwrite"),
        ("[by]\nx = 1\n", 1, "by is"),
        ("\n\n[", 3, ""),
    ],
)
def test_what_is_no_configuration(sample: Door, user: Path, text: str, line: int, says: str) -> None:
    """A file that holds something else is refused with its name, the line and a way out; nothing is recorded."""
    put(user, text)
    for command in ("matrix", "party add AAA Aland", "config"):
        said = sample(command)
        assert (said.code, said.out) == (2, "")
        error, hint = said.err.splitlines()
        assert error.startswith(f"Error: {user}, line {line}: ")
        assert says in error
        assert hint.startswith("Hint: ")
    assert sample.ok("config path").out == f"{user}\n"


def test_set_get_unset(door: Door, user: Path) -> None:
    """`set` changes one line and leaves the others, comments too; `get` prints a value; `unset` takes a line out."""
    put(user, '# mine\nby = "old"  # who\n\n# rows\nlimit = 5\n')
    door.ok("config set by", 'Anna "A" Kovács')
    assert user.read_text(encoding="utf-8") == '# mine\nby = "Anna \\"A\\" Kovács"\n\n# rows\nlimit = 5\n'
    assert door.ok("config get by").out == 'Anna "A" Kovács\n'
    door.ok("config set rule latest/1")
    door.ok("config unset limit")
    assert (door.ok("config get limit").out, door.ok("config get rule").out) == ("", "latest/1\n")
    assert user.read_text(encoding="utf-8").endswith('# rows\nrule = "latest/1"\n')


def test_set_makes_the_file(door: Door, user: Path, tmp_path: Path) -> None:
    """The first `set` makes the user's file; the project's needs a project."""
    said = door("config set by anna --project")
    assert (said.code, "verbale init" in said.err) == (1, True)
    said = door.ok("config set ledger some.db")
    assert (said.out, said.err) == ("", f"{user}: ledger = {tmp_path / 'some.db'}\n")
    door.ok("init -q")
    door.ok("config set by anna --project -q")
    assert (tmp_path / ".verbale" / "config.toml").read_text() == 'by = "anna"\n'


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("set bye x", 4),
        ("get bye", 4),
        ("unset bye", 4),
        ("set limit many", 2),
        ("set limit 0", 2),
        ("set limit -1", 2),
    ],
)
def test_what_cannot_be_set(door: Door, user: Path, command: str, code: int) -> None:
    """An unknown key or a value of another kind is refused, and no file is made."""
    said = door(f"config {command}")
    assert (said.code, said.out) == (code, "")
    assert not user.exists()


def test_several_lines_are_left_to_their_author(door: Door, user: Path) -> None:
    """A value over several lines is not touched: the file stays as it is."""
    text = 'by = """\nanna\nkovacs"""\n'
    put(user, text)
    said = door("config set by pavel")
    assert (said.code, user.read_text()) == (1, text)


@given(
    value=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    other=st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, value: str, other: str) -> None:
    """Whatever text is set is read back as it was."""
    path = tmp_path_factory.mktemp("config") / "config.toml"
    settings.write(path, "rule", other)
    settings.write(path, "by", other)
    settings.write(path, "by", value)
    assert settings.read(path) == {"rule": other, "by": value}
    settings.write(path, "rule", None)
    assert settings.read(path) == {"by": value}
