"""The reference pages say what the code does: `docs/cli.md` every command's help, `docs/json.md` every kind of answer.

With `VERBALE_UPDATE=1` what follows the marks in the pages is rewritten; read the difference.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.entries.scales import STANCES
from tests.verbale.doors import UPDATE
from verbale.cli import COMMANDS, HEADINGS
from verbale.cli.helping import TOPICS, topics
from verbale.cli.shape import shape
from verbale.contract import SCHEMAS
from verbale.settings import DEFAULTS, ENVIRONMENT, KEYS

if TYPE_CHECKING:
    from tests.verbale.doors import Door

DOCS = Path(__file__).resolve().parents[2] / "docs"
MARK = "<!-- What follows is pasted by tests/verbale/test_pages.py. -->\n"
ANSWERED = {
    "positions": "show, matrix",
    "erased": "erase",
    "recorded": "record …, correct, retract, dispute, corroborate, resolve, undo, party add, party alias, "
    "party identify, party rename, party merge, party unmerge, party join, party leave, party succeed, issue add, "
    "issue reword, issue close, source add, speaker add",
    "party": "party show",
    "resolved": "party resolve",
    "review": "party review",
    "issue": "issue show",
    "parties": "party list",
    "issues": "issue list",
    "source": "source show",
    "sources": "source list",
    "speakers": "speaker list",
    "tables": "query --tables",
    "html": "export html",
}
"""The commands that answer a kind, where they are not called like it."""


def hold(name: str, pasted: str) -> None:
    """Compare what a page has below its mark; rewrite it where that was asked for."""
    path = DOCS / name
    written, _, below = path.read_text(encoding="utf-8").partition(MARK)
    if UPDATE and below != pasted:
        path.write_text(written + MARK + pasted, encoding="utf-8", newline="\n")
        return
    assert below == pasted, f"docs/{name} is stale: rewrite it with VERBALE_UPDATE=1"


def test_every_command_is_in_the_reference(door: Door) -> None:
    """`docs/cli.md` has the help of every command as it is printed."""
    parts = ["\n## Commands\n"]
    for path in shape()["commands"]:
        said = door.ok(f"{path} --help").out.rstrip("\n")
        parts.append(f"\n### verbale {path}".rstrip() + f"\n\n```text\n{said}\n```\n")
    hold("cli.md", "".join(parts))


def test_every_option_is_in_the_reference() -> None:
    """`docs/cli.md` names every option of every command, under that command."""
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    for path, command in shape()["commands"].items():
        _, _, after = page.partition(f"\n### verbale {path}".rstrip() + "\n")
        section = after.partition("\n### ")[0]
        for option in command["options"]:
            assert option["names"][-1] in section, (path, option["names"])


def test_help_fits_a_terminal(door: Door) -> None:
    """No line of any command's help is wider than 80 columns, and each command is explained in one line."""
    for path, command in shape()["commands"].items():
        said = door.ok(f"{path} --help").out
        assert max(map(len, said.splitlines())) <= 80, path
        assert command["help"], path
    assert not [line for line in door.ok("--help").out.splitlines() if line.endswith("...") and "Usage" not in line]


def test_every_command_has_a_heading() -> None:
    """`verbale --help` lists every command once, under a heading."""
    assert sorted(name for some in HEADINGS.values() for name in some) == sorted(COMMANDS)


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_fit_a_screen(door: Door, topic: str) -> None:
    """A topic is at most 24 lines of 80 columns, and ends with a line end."""
    said = door.ok(f"help {topic}").out
    assert said == TOPICS[topic]
    assert said.endswith("\n")
    lines = said.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_topics_are_listed(door: Door) -> None:
    """`help` alone lists the topics, each as the command that explains it, and each of them works."""
    lines = door.ok("help").out.splitlines()
    assert lines == [f"verbale help {topic}" for topic in topics()]
    assert all(door.ok(line.removeprefix("verbale ")).out for line in lines)


def test_every_setting_is_explained(door: Door) -> None:
    """`help config` and the page name every setting, its environment variable, and no other."""
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    for text in (door.ok("help config").out, page):
        for key in KEYS:
            assert key in text
            assert ENVIRONMENT.get(key, "") in text
    assert DEFAULTS.keys() <= KEYS.keys()


# ── The JSON ──────────────────────────────────────────────────────────────────


def kind_of(schema: dict[str, Any]) -> str:  # noqa: PLR0911  one for each kind of schema
    """Return a schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(kind_of(one) for one in schema["anyOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("enum") == list(STANCES):
        return "stance"
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if isinstance(schema["type"], list):
        return " or ".join(kind_of({"type": one}) for one in schema["type"])
    if schema["type"] == "array":
        return f"[{kind_of(schema['items'])}]"
    if schema["type"] == "object":
        names = ", ".join(f"`{name}`" for name in schema.get("required", ()))
        more = "" if schema.get("additionalProperties") is False else "…" if not names else ", …"
        return f"{{{names}{more}}}"
    plain = {"string": "text", "boolean": "yes/no", "null": "`null`", "integer": "number", "number": "decimal"}[
        schema["type"]
    ]
    return {None: plain, 0: "count", 1: "entry"}.get(schema.get("minimum"), plain)


def table(schema: dict[str, Any]) -> str:
    """Return the keys of an object as a table."""
    rows = "".join(f"| `{name}` | {kind_of(one)} |\n" for name, one in schema["properties"].items())
    return f"| key | |\n|---|---|\n{rows}"


def section(kind: str, schema: dict[str, Any]) -> str:
    """Return what the page says of one kind of answer."""
    commands = ", ".join(f"`verbale {command}`" for command in ANSWERED.get(kind, kind).split(", "))
    said = f"\n## {kind}\n\nAnswered by {commands}.\n\n"
    if schema["type"] == "array":
        return f"{said}A bare list of rows:\n\n{table(schema['items'])}"
    rest = {name: one for name, one in schema["properties"].items() if name not in ("schema", "kind")}
    rows = rest["rows"]["items"] if rest.get("rows", {}).get("type") == "array" else None
    if rows is not None:
        del rest["rows"]
    keys = f"Beside `schema` and `kind`:\n\n{table({'properties': rest})}\n" if rest else ""
    if rows is None or not rows.get("properties"):
        return said + keys.rstrip("\n") + "\n"
    also = "" if rows.get("additionalProperties") is False else ", and the draft's fields"
    return f"{said}{keys}Each of `rows`{also}:\n\n{table(rows)}"


def test_every_kind_is_in_the_reference() -> None:
    """`docs/json.md` has every kind of answer with all its keys, as the schemas have them."""
    hold("json.md", "".join(section(kind, schema) for kind, schema in SCHEMAS.items()))
