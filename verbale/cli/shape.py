"""What the command line is made of, as plain data: the commands, their options and arguments, and what each takes.

What something takes is a list of kinds: `party`, `issue`, `entry` and `source` are the ledger's, others are in `lists`,
and `=direct` is a word that stands for itself.  An empty list is any text, null nothing.

The shells' completion answers from this, stored in `words.json`, because to build thirty commands anew at every press
of TAB would take longer than anybody waits; `docs/cli.md` is written from it too.  Tests keep both in step.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS: Final = Path(__file__).with_name("words.json")

_KINDS: Final = {"PARTY": "party", "ISSUE": "issue", "eN": "entry", "STANCE": "stance", "RULE": "rule"}
_OF_OPTION: Final = {"--source": "source", "--sample": "sample", "--bearing": "stance"}
_OF_ARGUMENT: Final = {
    ("show", "name"): ["party", "issue"],
    ("agreement", "source"): ["source"],
    ("source show", "source_id"): ["source"],
    ("help", "topic"): ["topic"],
    ("config get", "key"): ["setting"],
    ("config set", "key"): ["setting"],
    ("config unset", "key"): ["setting"],
    ("completion", "shell"): ["shell"],
}


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command and group with the words that call it, in the order of the help; the root is ''."""
    import typer

    from verbale.cli.application import app_for

    yield from _walk("", typer.main.get_command(app_for()))


def _walk(path: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  Typer's own kinds of command
    yield path, command
    for name, sub in getattr(command, "commands", {}).items():
        yield from _walk(f"{path} {name}".lstrip(), sub)


def shape() -> dict[str, Any]:
    """Return commands, options and arguments, and the lists of words that are the same for every ledger."""
    return {
        "commands": {path: _command(path, command) for path, command in commands()},
        "lists": {
            "rule": dict.fromkeys(_rules(), ""),
            "sample": dict.fromkeys(_samples(), ""),
            "setting": dict.fromkeys(_settings(), ""),
            "shell": dict.fromkeys(_shells(), ""),
            "stance": dict.fromkeys(_stances(), ""),
            "topic": dict.fromkeys(_topics(), ""),
        },
    }


def dumped() -> str:
    """Return the shape as `words.json` has it."""
    return json.dumps(shape(), ensure_ascii=False, indent=1) + "\n"


def _command(path: str, command: Any) -> dict[str, Any]:  # noqa: ANN401
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and not param.hidden]
    helping = command.get_help_option(command.make_context(path or "verbale", [], resilient_parsing=True))
    return {
        "help": command.get_short_help_str(limit=78),
        "arguments": [_OF_ARGUMENT.get((path, param.name)) or _kinds(param) for param in arguments],
        "options": [_option(param) for param in (*options, *([] if helping is None else [helping]))],
    }


def _option(param: Any) -> dict[str, Any]:  # noqa: ANN401
    names = [*sorted(param.opts, key=len), *param.secondary_opts]  # those of --help come in any order
    takes = [_OF_OPTION[names[0]]] if names[0] in _OF_OPTION else _choices(param) or _kinds(param)
    return {
        "names": names,
        "takes": None if param.is_flag else takes,
        "again": param.multiple,
        "help": (param.help or "").partition(";")[0].rstrip("."),
    }


def _kinds(param: Any) -> list[str]:  # noqa: ANN401
    words = (param.metavar or "").strip("[]").split(" | ")
    return [_KINDS[word] for word in words if word in _KINDS]


def _choices(param: Any) -> list[str]:  # noqa: ANN401
    from verbale.cli.layout import choices_of

    return [f"={choice}" for choice in choices_of(param)]


def _rules() -> tuple[str, ...]:
    from projections.ruling import RULES

    return tuple(RULES)


def _samples() -> list[str]:
    from verbale.samples import sample_names

    return sample_names()


def _settings() -> list[str]:
    from verbale.settings import KEYS

    return list(KEYS)


def _shells() -> list[str]:
    from verbale.terminal.shells import SCRIPTS

    return list(SCRIPTS)


def _stances() -> tuple[str, ...]:
    from ledger.entries.scales import STANCES

    return STANCES


def _topics() -> list[str]:
    from verbale.cli.helping import topics

    return topics()
