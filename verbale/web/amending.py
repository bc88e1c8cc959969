"""What the forms on an entry's own page do: correct it, retract it, dispute it, corroborate it.

They do what the commands of these names do.  A form says what its author had seen (`seen`): of the entry's fields only
those count as corrected that read otherwise than they did then, and the same form sent twice is recorded once.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from pydantic import TypeAdapter, ValidationError

from ledger.drafts import CORRECTABLE
from ledger.entries import Mover, SourceRegistered
from ledger.entries.base import Label
from ledger.entries.scales import STANCES, Act, Attribution, Reliability
from ledger.errors import Refused, UnknownName, Unparsable
from ledger.rules.amending import RETRACTABLE
from projections.evidence import reading
from verbale.spelling import coding_of, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.errors import LedgerError
    from projections.evidence import Reading
    from verbale.ledger import Ledger
    from verbale.recording import Recorded
    from verbale.web.asked import Asked
    from verbale.web.writing import Given

FIELD: Final = "set."
"""Begins the names of the entry's own fields in the form that corrects it."""
_DIGITS: Final = 18
_SMALL: Final = re.compile("[0-9]{1,18}")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "stance": STANCES,
    "bearing": STANCES,
    "act": get_args(Act),
    "attribution": get_args(Attribution),
    "reliability": get_args(Reliability),
}
_LISTS: Final = frozenset({"conditions", "to", "on_behalf_of"})
_LONG: Final = frozenset({"text", "quote", *_LISTS})
_ENTRIES: Final = frozenset({"re", "fulfils"})
_PLAIN_CODING: Final = frozenset({"scheme", "code", "mode"})
_LINE: Final = TypeAdapter[str](Label)


class Box(NamedTuple):
    """A field of an entry, as a form shows it."""

    name: str
    said: str
    needed: bool
    choices: tuple[str, ...]
    """What it can be; empty where that is not a list."""
    long: bool
    """Whether it takes more than a line."""
    many: bool
    """Whether each line is a value of its own."""


class Forms(NamedTuple):
    """The forms on an entry's page."""

    can: tuple[str, ...]
    """Which there are, of `correct`, `retract`, `dispute` and `corroborate`."""
    boxes: list[Box]
    seen: int
    """The last entry that the page knows of."""


class Sent(NamedTuple):
    """A form that was sent and could not be done."""

    form: str
    fields: Mapping[str, str]
    error: LedgerError


def forms_of(one: Reading, seen: int, sent: str | None = None) -> Forms:
    """Return which forms there are for an entry as it reads: what is retracted has none, but for the one just sent."""
    kinds = (
        ("correct", CORRECTABLE),
        ("retract", (*RETRACTABLE, SourceRegistered)),
        ("dispute", Mover),
        ("corroborate", Mover),
    )
    can = tuple(
        form for form, kind in kinds if (one.status != "retracted" or form == sent) and isinstance(one.event, kind)
    )
    return Forms(can, sorted(_boxes(one), key=lambda box: box.long) if "correct" in can else [], seen)


def _boxes(one: Reading) -> Iterator[Box]:
    hidden = {"origin", "sealed", *(getattr(one.event, "sealed", None) or ())}
    if isinstance(one.event, SourceRegistered):
        hidden.add("source")  # its id, under which it stays
    for attribute, info in type(one.event).model_fields.items():
        name, value = info.alias or attribute, getattr(one.event, attribute)
        said = None if name in hidden else _typed(name, value)
        if said is not None:
            choices = _CHOICES.get(name, ())
            yield Box(name, said, info.is_required(), choices, name in _LONG, name in _LISTS)


def _typed(name: str, value: Any) -> str | None:  # noqa: ANN401  of a field
    """Return a value as somebody would type it; None where no box would hold it."""
    if value is None:
        return ""
    if name == "quote":
        return str(value.exact)
    if name == "coding":
        said = value.model_dump(exclude_defaults=True)
        mode = f"/{value.mode}" if value.mode else ""
        return f"{value.scheme}:{value.code}{mode}" if said.keys() <= _PLAIN_CODING else None
    if name in _LISTS:
        return "\n".join(value)
    return f"e{value}" if name in _ENTRIES else str(value)


def amend(ledger: Ledger, given: Given) -> Asked:
    """Do what a form on an entry's page asks, and return that page, where it tells of the amendment.

    Raises:
        LedgerError: it cannot be done; nothing was recorded.
    """
    number = number_of("/".join(given.asked.parts()[1:]))
    with _recording_as(ledger, given.said("by")):
        done = _amended(ledger, number, given)
    given.to = f"e{done.entry}"
    return given.asked.elsewhere("entry", number)


def _amended(ledger: Ledger, number: int, given: Given) -> Recorded:
    seen = _seen(ledger, given)
    match given.said("form"):
        case "correct":
            reason = _reason(given)
            changes = _changes(ledger, number, seen, given)
            return ledger.correct(number, changes, reason, source=given.said("source"), seen=seen)
        case "retract":
            return ledger.retract(number, _reason(given), seen=seen)
        case "dispute":
            return ledger.dispute(number, _reason(given), source=given.said("source"), seen=seen)
        case "corroborate":
            named = {name: _prose(given.said(name)) for name in ("source", "observer", "quote", "text")}
            return ledger.corroborate(number, **named, seen=seen)
        case other:
            raise UnknownName(f"no form '{other}'", hint="correct, retract, dispute, corroborate")


def _seen(ledger: Ledger, given: Given) -> int:
    said = given.said("seen") or ""
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS and int(said) <= ledger.head):
        raise Unparsable(f"'{said[:40]}' is no entry that a page has shown", hint="open the entry's page again")
    return int(said)


def _reason(given: Given) -> str:
    reason = _prose(given.said("reason"))
    if reason is None:
        raise Unparsable("the reason is missing", hint="say why: it stays in the journal, for whoever reads it later")
    return reason


def _changes(ledger: Ledger, number: int, seen: int, given: Given) -> dict[str, object]:
    """Return the fields that read otherwise in the form than they did when it was made."""
    before = reading(ledger.views.db, number, seen)
    if before is None:
        raise UnknownName(f"no entry e{number}", hint=f"the last is e{ledger.head}")
    found: dict[str, object] = {}
    for box in _boxes(before):
        said = _prose(given.fields.get(f"{FIELD}{box.name}"))
        if f"{FIELD}{box.name}" in given.fields and said != _prose(box.said):
            found[box.name] = None if said is None else _value(before, box, said)
    if not found:
        raise Refused(f"e{number} says that already", hint="change what it should say otherwise")
    return found


def _value(before: Reading, box: Box, said: str) -> object:
    if box.many:
        return [line.strip() for line in said.split("\n") if line.strip()]
    if box.name == "quote":
        quote = getattr(before.event, "quote", None)
        kept = {} if quote is None else {"lang": quote.lang, "translated_by": quote.translated_by}
        return {"exact": said, **{name: value for name, value in kept.items() if value is not None}}
    if box.name == "coding":
        return coding_of(said)
    if box.name in _ENTRIES:
        return number_of(said)
    return int(said) if box.name == "rank" and _SMALL.fullmatch(said) else said


def _prose(said: str | None) -> str | None:
    """Return what was typed, whichever line ends the browser has sent; None where that is nothing."""
    return re.sub("\r\n?", "\n", said or "").strip() or None


@contextmanager
def _recording_as(ledger: Ledger, by: str | None) -> Iterator[None]:
    """Record in somebody's name, as `--by` does: a claim, and kept as one.

    Raises:
        Unparsable: that is no name.
    """
    usual = ledger.recorded_by
    try:
        ledger.recorded_by = usual if by is None else _LINE.validate_python(by)
        yield
    except ValidationError:
        raise Unparsable(f"'{by}' is no name", hint="one line, of 500 characters at most") from None
    finally:
        ledger.recorded_by = usual
