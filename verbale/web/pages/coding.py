"""The coding desk: which texts are kept, and one of them, to be marked sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from ledger.entries.issues import DYADS
from ledger.entries.scales import STANCES, Act, Attribution
from ledger.errors import UnknownName, Unparsable
from projections.agreement import coded
from projections.json_rows import clocks
from projections.registry import names_at
from verbale.documents import envelope
from verbale.web.answering import Page
from verbale.web.coding.guessing import Guess, Speaker, guess
from verbale.web.coding.marks import Mark, paragraphs
from verbale.web.coding.quoted import mark_of
from verbale.web.coding.tray import Tray

if TYPE_CHECKING:
    from projections.clocks import Moment
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

_SHORT: Final = 300


def coding(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of the kept texts, or of one.

    Raises:
        UnknownName: there is no such source, or its text is not kept here.
    """
    at = ledger.moment()
    _, *rest = asked.parts()
    return _text(ledger, asked, at, "/".join(rest)) if rest else _texts(ledger, at)


def _texts(ledger: Ledger, at: Moment) -> Page:
    kept = [one for one in ledger.sources() if one.get("sha256") and ledger.snapshots.text(one["sha256"]) is not None]
    fields = {"texts": kept[-_SHORT:], "waiting": Tray.of(ledger.place).waiting()}
    return Page("texts.html", "Code a text", at, fields, lambda: envelope("sources", **clocks(at), rows=kept))


def _text(ledger: Ledger, asked: Asked, at: Moment, name: str) -> Page:
    source = ledger.source(name)
    if source is None:
        raise UnknownName(f"no source '{name}'", hint="the texts that are kept here are at /code")
    text = ledger.snapshots.text(source["sha256"]) if source.get("sha256") else None
    if text is None:
        hint = "register it with its snapshot, or paste its text at /code"
        raise UnknownName(f"the text of '{name}' is not kept here", hint=hint)
    tray = Tray.of(ledger.place)
    waiting = tray.waiting(source["source"])
    parties, issues = names_at(ledger.views.db, at.known_at)
    draft, guessed = _draft(ledger, asked, tray, source, text)
    found = list(coded(ledger.views.db, at.known_at, source["source"], text))
    before = [mark_of(one.reading, one.start, one.end) for one in found]
    waits = [Mark(*span, _label(one.draft)) for one in waiting if (span := _span(one.draft)) is not None]
    fields = {
        "source": source,
        "paragraphs": paragraphs(text, [*before, *waits]),
        "coded": before,
        "coders": sorted({one.coder for one in found}),
        "waiting": waiting,
        "draft": draft,
        "guess": guessed,
        "number": asked.get("draft"),
        "span": _span(draft) if draft else None,
        "parties": parties,
        "issues": {issue: said for issue, said in issues.items() if not issue.startswith(DYADS)},
        "speakers": sorted({one["name"] for one in ledger.speakers()}),
        "choices": {"stance": STANCES, "act": get_args(Act), "attribution": get_args(Attribution)},
    }
    return Page("text.html", source.get("title") or name, at, fields, lambda: envelope("source", **source))


def _draft(
    ledger: Ledger, asked: Asked, tray: Tray, source: dict[str, Any], text: str
) -> tuple[dict[str, Any] | None, Guess]:
    """Return the draft that the form shows: one of the tray, or a new one for the words that are marked."""
    number = asked.number("draft", 0)
    found = tray.get(number) if number else None
    if found is not None:
        return found.draft, Guess()
    if asked.get("start") is None or asked.get("end") is None:
        return None, Guess()
    start, end = asked.number("start", 0), asked.number("end", 0)
    if not start < end <= len(text):
        raise Unparsable(f"{start}–{end} is no part of the text", hint=f"it has {len(text):,} characters")
    names = ledger.views.db.execute("SELECT name, party FROM party_names").fetchall()
    speakers = [Speaker(one["name"], one.get("party")) for one in ledger.speakers()]
    guessed = guess(text, start, end, speakers, names)
    exact = text[start:end]
    quoted = exact.lstrip()[:1] in '"“«„'
    draft = {
        "type": "statement-made",
        "party": guessed.party or "",
        "speaker": guessed.speaker or "",
        "said_on": (source.get("published_at") or "")[:10],
        "text": " ".join(exact.split()),
        "attribution": "direct" if quoted else "paraphrase",
        "source": source["source"],
        "quote": {"exact": exact, "start": start, "end": end},
    }
    return draft, guessed


def _span(draft: dict[str, Any]) -> tuple[int, int] | None:
    quote = draft.get("quote")
    if not isinstance(quote, dict) or quote.get("start") is None:
        return None
    return int(quote["start"]), int(quote["end"])


def _label(draft: dict[str, Any]) -> str:
    stance = draft.get("stance") or draft.get("bearing") or "no stance"
    return f"draft: {draft.get('party') or '?'} on {draft.get('issue') or '?'}: {stance}"
