"""The rules on words and deeds: when they were, what they rest on, what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.codec import CODEC
from ledger.entries import EntryCorroborated, EventScheduled, Mover, PositionAsserted
from ledger.errors import Refused
from ledger.rules.admitting import Circumstances, admit, kind_of, must_stand
from ledger.texts import anchor
from ledger.times import span

if TYPE_CHECKING:
    from ledger.entries import Entry, Quote

DAY_LINE: Final = 14 * 3600 * 1_000_000
"""Dates are the speaker's calendar day, and it is tomorrow first at UTC+14."""


@admit.register
def _(event: Mover, given: Circumstances) -> None:
    must_be_open(event, given)
    must_be_past(event, given)
    must_rest(event, given)
    must_answer(event, given)


def must_be_open(event: Mover, given: Circumstances) -> None:
    """Return unless an entry is dated after its issue was closed."""
    closing = given.register.closing(event.issue)
    if closing is None or closing.closed_on is None:
        return
    date = getattr(event, event.DATED)
    if span(date).earliest >= span(closing.closed_on).latest:
        message = f"issue '{event.issue}' was closed on {closing.closed_on}, before {event.DATED} {date}"
        raise Refused(message, hint="open another issue for what came after")


def must_be_past(event: Mover, given: Circumstances) -> None:
    """Return unless words or a deed are dated in the future."""
    date = getattr(event, event.DATED)
    if not isinstance(event, EventScheduled) and span(date).earliest > given.now + DAY_LINE:
        hint = f"announce it with: verbale record scheduled {event.party} {event.issue}"
        raise Refused(f"{event.DATED} {date} is in the future", hint=hint)


def must_rest(event: Mover, given: Circumstances) -> None:
    """Return if an entry's source stands and its quote is found there, as far as anybody here can tell."""
    if event.source is not None:
        must_stand(event.source, given)
    if event.quote is not None and event.source is not None:
        must_anchor(event.quote, event.source, given)


def must_answer(event: Mover, given: Circumstances) -> None:
    """Return if what an entry answers or fulfils is of a type for that."""
    for name in ("re", "fulfils"):
        number = getattr(event, name, None)
        if number is not None:
            kind = kind_of(number, given)
            wanted = EventScheduled if name == "fulfils" else Mover
            if not issubclass(CODEC.type_named(kind) or Mover, wanted):
                raise Refused(f"e{number} is of type {kind}", hint=f"'{name}' points at {IN_WORDS[wanted]}")


IN_WORDS: Final[dict[type[Mover], str]] = {
    EventScheduled: "a scheduled event",
    Mover: "a statement, an action or a scheduled event",
}


def must_anchor(quote: Quote, source: str, given: Circumstances) -> None:
    """Return if a quote stands in its source's text, or nobody here can tell."""
    text = _text(source, given)
    if text is not None and quote.translated_by is None:
        anchor(quote, text)


def _text(source: str, given: Circumstances) -> str | None:
    facts = given.register.source_facts(source)
    return None if facts is None or facts.sha256 is None else given.text_of(facts.sha256)


def unchecked_quote(event: Entry, given: Circumstances) -> bool:
    """Say whether an entry quotes a source whose text is not at hand, so that nobody has compared the words."""
    if not isinstance(event, Mover | EntryCorroborated) or event.quote is None:
        return False
    return event.source is None or event.quote.translated_by is not None or _text(event.source, given) is None


@admit.register
def _(event: PositionAsserted, given: Circumstances) -> None:
    """Take every expectation: one that fails is reported when somebody asks."""
