r"""Forms: what to record, written in an editor, as one writes a commit message.

A form has lines `name: value`; a line that begins with a blank goes on with the one before.  A field that holds several
values is given several times, an empty one is left out, and lines that begin with `#` are comments.

>>> read_form("party: Kremlin\ntext: Not now,\n  not later\nto: UKR\nto: USA\nspeaker:\n# a comment\n", "statement")
{'type': 'statement-made', 'party': 'Kremlin', 'text': 'Not now,\nnot later', 'to': ['UKR', 'USA']}
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, Final

from ledger.entries.scales import STANCES
from ledger.errors import Refused, Unparsable
from verbale.spelling import coding_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from verbale.ledger import Ledger

TYPES: Final = {"statement": "statement-made", "action": "action-taken", "scheduled": "event-scheduled"}
_RESTS: Final = ("source", "quote", "to")
_MOVED: Final = ("attribution", "credibility", *_RESTS, "re", "fulfils", "on_behalf_of", "coding")
REQUIRED: Final = {
    "statement": ("party", "issue", "stance", "said_on", "text"),
    "action": ("party", "issue", "occurred_on", "text"),
    "scheduled": ("party", "issue", "occurs_on", "text"),
}
OPTIONAL: Final = {
    "statement": ("speaker", "act", *_MOVED, "conditions", "sealed"),
    "action": ("bearing", "place", *_MOVED),
    "scheduled": ("place", *_RESTS),
}
_LISTS: Final = frozenset({"conditions", "to", "on_behalf_of"})
_FIELD: Final = re.compile(r"([a-z_]+):[ \t]*(.*)")
_LISTED: Final = 40
_USUAL_EDITORS: Final = ("sensible-editor", "nano", "vi")


def blank_form(kind: str, ledger: Ledger) -> str:
    """Return an empty form, with what may be written in it as comments."""
    fields = "".join(f"{name}: \n" for name in (*REQUIRED[kind], "", *OPTIONAL[kind])).replace("\n: \n", "\n\n")
    return fields + "\n" + "".join(f"# {line}".rstrip() + "\n" for line in _comments(kind, ledger))


def _comments(kind: str, ledger: Ledger) -> Iterator[str]:
    from verbale.cli.helping import TOPICS
    from verbale.terminal.style import safe

    yield f"A {kind}: the fields above the gap are needed, one left empty is left out. A line that begins"
    yield "with a blank goes on with the one before; to, conditions and on_behalf_of may be given several"
    yield "times. Lines that begin with # are left out. An empty form records nothing."
    yield f"Others: verbale record {', verbale record '.join(other for other in TYPES if other != kind)}"
    yield ""
    yield from _some("party", [f"{p['party']}  {', '.join((p['name'], *p['aliases']))}" for p in ledger.parties()])
    yield from _some("issue", [f"{i['issue']}  {i['proposition']}" for i in ledger.issues()])
    yield f"stance: {' '.join(STANCES)}"
    yield ""
    yield from safe(TOPICS["time"].partition("Dates of entries")[2].partition("\n")[2]).splitlines()


def _some(name: str, rows: list[str]) -> Iterator[str]:
    from verbale.terminal.style import safe

    yield f"{name}:"
    yield from (f"  {safe(' '.join(row.split()))}" for row in rows[:_LISTED])
    if len(rows) > _LISTED:
        yield f"  and {len(rows) - _LISTED:,} more: verbale {name} list"
    yield ""


def read_form(text: str, kind: str) -> dict[str, Any]:
    """Return the draft that a form makes.

    Raises:
        Unparsable: a line is no field, a field is not one of this kind's, or is given twice.
    """
    known = (*REQUIRED[kind], *OPTIONAL[kind])
    given: dict[str, list[list[str]]] = {}
    value: list[str] = []
    """The lines of the field at hand."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("#") or not line.strip():
            continue
        if line[0].isspace():
            value.append(line.strip())
            continue
        field = _FIELD.fullmatch(line.rstrip())
        if field is None:
            raise Unparsable(f"line {number} of the form is no field", hint="a field is written: name: value")
        if field[1] not in known:
            raise Unparsable(f"line {number}: unknown field '{field[1]}'", hint=f"fields: {', '.join(known)}")
        value = [field[2]]
        given.setdefault(field[1], []).append(value)
    draft: dict[str, Any] = {"type": TYPES[kind]}
    for name, values in given.items():
        texts = [joined for lines in values if (joined := "\n".join(lines).strip())]
        if len(texts) > 1 and name not in _LISTS:
            raise Unparsable(f"'{name}' is given twice", hint=f"several times: {', '.join(sorted(_LISTS))}")
        if texts:
            draft[name] = texts if name in _LISTS else _value(name, texts[0])
    return draft


def _value(name: str, text: str) -> object:
    if name == "coding":
        return coding_of(text)
    if name == "sealed":
        if text not in {"yes", "no"}:
            raise Unparsable(f"sealed: '{text}' is neither yes nor no", hint="sealed: yes")
        return text == "yes" or None
    return text


def edit(path: Path) -> None:
    """Let the user edit a file, in `$VISUAL` or `$EDITOR`.

    Raises:
        Refused: there is no editor, or it failed.
    """
    said = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    found = said or next(filter(shutil.which, _USUAL_EDITORS), None)
    if found is None:
        raise Refused("no editor is known", hint="set EDITOR, or give the fields as options")
    try:
        code = subprocess.run([*shlex.split(found), str(path)], check=False).returncode  # noqa: S603  the user's own
    except (OSError, ValueError) as error:
        raise Refused(f"cannot run the editor '{found}': {error}", hint="set EDITOR to another") from None
    if code:
        raise Refused(f"the editor ended with {code}; nothing was recorded", hint="leave it without an error")
