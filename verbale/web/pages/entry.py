"""One entry in full: its words and fields, what became of it, what it changed, and its line in the journal."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.codec import format_line
from ledger.errors import UnknownName
from ledger.transparency.spelling import write_base64
from ledger.transparency.tree import leaf_hash
from projections.amended import amendments_ever, fulfilled_by
from projections.evidence import reading, readings
from projections.registry import names_at
from verbale.explained import explained
from verbale.terminal.style import clock_words
from verbale.web.amending import forms_of
from verbale.web.answering import Page
from verbale.web.pages.evidence import Shown
from verbale.web.pages.fields import corrected, fields_of, name_of

if TYPE_CHECKING:
    from projections.clocks import Moment
    from verbale.ledger import Ledger
    from verbale.web.amending import Sent
    from verbale.web.asked import Asked

_NUMBER: Final = re.compile("e?([1-9][0-9]{0,17})")
_OFFERED: Final = 200
"""Names of a kind that a form offers: any other can be typed."""
_SHOWN: Final = 40
"""Positions that one entry changed: a coalition's joining may move hundreds."""


class Leaf(NamedTuple):
    """An entry as the journal holds it."""

    line: str
    hash: str
    """Of the leaf of the tree, in base64, as `verbale prove` prints it."""


def entry(ledger: Ledger, asked: Asked, sent: Sent | None = None) -> Page:
    """Return the page of an entry.

    Args:
        ledger: of which.
        asked: the address.
        sent: a form of this page that could not be done: it is shown as it was filled in, and why.

    Raises:
        UnknownName: there is none of this number, or K does not know it.
    """
    at = ledger.moment(asked.as_of, asked.as_known_at)
    number = _numbered(asked)
    one = reading(ledger.views.db, number, at.known_at)
    if one is None:
        raise _unknown(ledger, number, at)
    recorded = reading(ledger.views.db, number, number)
    changed = ledger.explain(number)
    later = amendments_ever(ledger.views.db, number, ledger.head)
    line = ledger.journal.line(number)
    leaf = b"" if line is None else format_line(*line)
    fields = {
        "it": Shown.alone(ledger, one, at),
        "one": one,
        "said": fields_of(one),
        "corrected": [] if recorded is None else corrected(recorded, one),
        "amended": amendments_ever(ledger.views.db, number, at.known_at),
        "later": [each.by for each in later if each.by.entry > at.known_at],
        "fulfilled": fulfilled_by(ledger.views.db, number, at.known_at),
        "changed": changed.rows[:_SHOWN],
        "changed_more": max(0, len(changed.rows) - _SHOWN),
        "reasons": changed.reasons,
        "names": names_at(ledger.views.db, at.known_at)[1],
        "leaf": Leaf(leaf.decode(), write_base64(leaf_hash(leaf))),
        "head": ledger.head,
        "forms": forms_of(one, at.known_at, sent and sent.form) if at.known_at == ledger.head else None,
        "sent": sent,
        "named": name_of,
        "by": ledger.recorded_by,
        "known_names": _known_names(ledger, at) if at.known_at == ledger.head else {},
    }
    return Page("entry.html", f"e{number}", at, fields, lambda: explained(changed))


def _known_names(ledger: Ledger, at: Moment) -> dict[str, list[tuple[str, str]]]:
    """Return ids of parties, issues and sources, each with its name: as many as a form offers."""
    parties, issues = names_at(ledger.views.db, at.known_at)
    sources = readings(ledger.views.db, at.known_at, "e.listed = 'source-registered'", backwards=True)
    return {
        "party": list(islice(parties.items(), _OFFERED)),
        "issue": list(islice(issues.items(), _OFFERED)),
        "source": [(getattr(one.event, "source", ""), one.text or "") for one in islice(sources, _OFFERED)],
    }


def _numbered(asked: Asked) -> int:
    said = "/".join(asked.parts()[1:])
    found = _NUMBER.fullmatch(said)
    if found is None:
        raise UnknownName(f"no entry '{said}'", hint="an entry is a number, as in /entry/17")
    return int(found[1])


def _unknown(ledger: Ledger, number: int, at: Moment) -> UnknownName:
    there = reading(ledger.views.db, number, ledger.head)
    if there is None:
        hint = f"the last is e{ledger.head}" if ledger.head else "the ledger is empty"
        return UnknownName(f"no entry e{number}", hint=hint)
    hint = f"it was recorded {clock_words(there.recorded_at)}; the ledger is asked as known at e{at.known_at}"
    return UnknownName(f"e{number} is not known yet", hint=hint)
