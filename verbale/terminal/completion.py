"""What may come next on the command line: a shell asks at every press of TAB, so this answers at once or not at all.

No other module of the command line is imported, no table is made and nothing is caught up: names come from the views
as they lie there, read-only.  Whatever goes wrong, the answer is empty and nothing is said.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

_WORDS: Final = Path(__file__).parent.parent / "cli" / "words.json"
_MOST: Final = 60
"""Completions of one kind: who gets more types another letter."""
_RECENT: Final = 20
_HELP: Final = 70

_DYADS: Final = "relations/"
"""As `ledger.entries.issues` has it: too many to be offered to who did not ask."""
_NAMES: Final = {
    "party": "SELECT party, name FROM parties ORDER BY kind = 'unresolved', party",
    "issue": "SELECT issue, proposition FROM issues ORDER BY issue",
    "source": "SELECT s.source, json_extract(e.data, '$.title') FROM sources s JOIN entries e USING (entry) ORDER BY 1",
}
_ALIASES: Final = "SELECT name, party FROM party_names ORDER BY name"
_ENTRIES: Final = """
SELECT entry, type, COALESCE(json_extract(data, '$.text'), json_extract(data, '$.reason'),
    json_extract(data, '$.proposition'), json_extract(data, '$.title'), json_extract(data, '$.name'))
FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry DESC LIMIT ?
"""


class Completion(NamedTuple):
    """A word that may come next, and what it is."""

    word: str
    help: str = ""


def answer(environment: Mapping[str, str]) -> int:
    """Print what may come next, as the shell that asks wants it; return the exit code, which is always 0."""
    try:
        words = environment.get("_VERBALE_WORDS", "").replace("\r", "").split("\n")[1:] or [""]
        found = list(completions(words))
        sys.stdout.write(formatted(found, environment.get("_VERBALE_COMPLETE", "")))
    except Exception:  # noqa: BLE001, S110  a press of TAB is no place to complain
        pass
    return 0


def formatted(found: list[Completion], shell: str) -> str:
    """Return completions a line each, as a shell's script reads them."""
    if shell == "bash":
        return "".join(f"{one.word}\n" for one in found)
    if shell == "zsh":
        return "".join(f"{_colons(one.word)}{':' if one.help else ''}{one.help}\n" for one in found)
    return "".join(f"{one.word}\t{one.help}".rstrip("\t") + "\n" for one in found)


def _colons(word: str) -> str:
    return word.replace("\\", "\\\\").replace(":", "\\:")


def completions(words: list[str]) -> Iterator[Completion]:
    """Yield what may stand in the place of the last of these words.

    Args:
        words: what follows `verbale`, the last one perhaps not whole yet, perhaps empty.
    """
    shape: dict[str, Any] = json.loads(_WORDS.read_text(encoding="utf-8"))
    # bash takes `--option=value` for three words.
    *before, typed = [word for at, word in enumerate(words) if word != "=" or at == len(words) - 1]
    typed = typed.lstrip("\"'") if typed != "=" else ""
    commands: dict[str, Any] = shape["commands"]
    path, used, waiting, ledger = _read(before, commands)
    command = commands[path]
    if waiting is None and typed.startswith("-") and "=" in typed:
        name, _, value = typed.partition("=")
        option = _option(command, name)
        if option is not None and option["takes"]:
            for one in _of_kinds(option["takes"], value, shape["lists"], ledger):
                yield Completion(f"{name}={one.word}", one.help)
    elif waiting is not None:
        yield from _of_kinds(waiting, typed, shape["lists"], ledger)
    elif typed.startswith("-"):
        for option in command["options"]:
            if option["again"] or not set(option["names"]) & set(before):
                names = [name for name in option["names"] if name.startswith("--")] or option["names"]
                yield from (Completion(name, option["help"]) for name in names if name.startswith(typed))
    else:
        if not used:
            yield from _subcommands(commands, path, typed)
        arguments = command["arguments"]
        if used < len(arguments):
            yield from _of_kinds(arguments[used], typed, shape["lists"], ledger)


def _read(before: list[str], commands: dict[str, Any]) -> tuple[str, int, list[str] | None, str | None]:
    """Return what these words call, how many arguments it has, what an option waits for, and what `--ledger` said."""
    path, used, ledger = "", 0, None
    waiting: dict[str, Any] | None = None
    for word in before:
        if waiting is not None:
            if "--ledger" in waiting["names"]:
                ledger = word
            waiting = None
        elif word.startswith("-"):
            name, equals, value = word.partition("=")
            option = _option(commands[path], name)
            if name == "--ledger" and equals:
                ledger = value
            elif option is not None and option["takes"] is not None and not equals:
                waiting = option
        elif f"{path} {word}".lstrip() in commands:
            path = f"{path} {word}".lstrip()
        else:
            used += 1
    return path, used, None if waiting is None else waiting["takes"], ledger


def _option(command: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((option for option in command["options"] if name in option["names"]), None)


def _subcommands(commands: dict[str, Any], path: str, typed: str) -> Iterator[Completion]:
    for name, command in commands.items():
        above, _, last = name.rpartition(" ")
        if name and above == path and last.startswith(typed):
            yield Completion(last, command["help"])


def _of_kinds(kinds: list[str], typed: str, lists: dict[str, Any], ledger: str | None) -> Iterator[Completion]:
    for kind in kinds:
        if kind.startswith("="):
            yield from [Completion(kind[1:])] if kind[1:].startswith(typed) else []
        elif kind in lists:
            yield from (Completion(word, said) for word, said in lists[kind].items() if word.startswith(typed))
        else:
            yield from _of_ledger(kind, typed, ledger)


# What the ledger holds


def _of_ledger(kind: str, typed: str, ledger: str | None) -> Iterator[Completion]:
    views = _views(ledger)
    if views is None:
        return
    try:
        if kind == "entry":
            yield from _entries(views, typed)
            return
        found = [row for row in views.execute(_NAMES[kind]) if row[0].casefold().startswith(typed.casefold())]
        if kind == "issue" and not typed.casefold().startswith(_DYADS):
            found = [row for row in found if not row[0].startswith(_DYADS)]
        if not found and kind == "party":
            aliases = views.execute(_ALIASES)
            found = [row for row in aliases if " " not in row[0] and row[0].casefold().startswith(typed.casefold())]
        yield from (Completion(word, _line(said)) for word, said in found[:_MOST])
    finally:
        views.close()


def _entries(views: sqlite3.Connection, typed: str) -> Iterator[Completion]:
    """Yield the last entries whose numbers begin so, the last first."""
    digits = typed.removeprefix("e")
    (head,) = views.execute("SELECT MAX(entry) FROM entries").fetchone()
    if head is None or (digits and not (digits.isdecimal() and digits[0] != "0")):
        return
    ranges = [(1, head)]
    if digits:
        tens = [10**power for power in range(len(str(head)) - len(digits) + 1)]
        ranges = [(int(digits) * ten, (int(digits) + 1) * ten - 1) for ten in reversed(tens)]
    rows = [row for span in ranges for row in views.execute(_ENTRIES, (*span, _RECENT))]
    for entry, kind, text in rows[:_RECENT]:
        yield Completion(f"e{entry}", _line(f"{kind}: {text}" if text else kind))


def _views(said: str | None) -> sqlite3.Connection | None:
    """Return the views of the ledger that the words mean, read-only; None where there are none yet."""
    import sqlite3

    from verbale.places import place_of
    from verbale.settings import setting

    place = said or setting("ledger").value
    if not place:
        return None
    path = place_of(str(place)).views
    if path is None or not path.exists():
        return None
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.1)


def _line(text: str | None) -> str:
    """Return a text as one short line that no terminal obeys."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text or "").split())
    return line if len(line) <= _HELP else line[: _HELP - 1] + "…"
