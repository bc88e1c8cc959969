"""What the desk's forms do: register a text, lay drafts into the tray, record them, amend an entry.

Each takes the fields of a form and returns the page to go on to.  Whatever the ledger does not admit is an error with a
hint, as on the command line, and nothing is recorded by halves.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import UnknownName, Unparsable
from ledger.free_names import slug
from ledger.texts import sha256_of
from verbale.web.amending import amend
from verbale.web.asked import Asked
from verbale.web.coding.received import received
from verbale.web.coding.tray import Tray, dossier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbale.ledger import Ledger
    from verbale.web.coding.tray import Waiting

LARGEST: Final = 20_000_000
"""Bytes of a form, with the document in it."""
DESK: Final = "verbale-desk"
"""The data set of what is coded at the desk."""
_DIGITS: Final = 18
_PLAIN: Final = ("party", "issue", "text", "speaker", "act", "attribution", "credibility", "source")


@dataclass
class Given:
    """A form that was sent."""

    asked: Asked
    fields: Mapping[str, str]
    file: tuple[str, bytes] | None = None
    """The name and the bytes of the one that was chosen."""
    to: str = ""
    """Where on the next page the reader goes on."""

    def said(self, name: str) -> str | None:
        """Return a field; None where it was left empty."""
        return self.fields.get(name, "").strip() or None

    def needed(self, name: str, what: str) -> str:
        """Return a field that must be there.

        Raises:
            Unparsable: it is empty.
        """
        found = self.said(name)
        if found is None:
            raise Unparsable(f"{what} is missing", hint="go back, and fill it in")
        return found


def _number(said: str) -> int:
    """Return a number that a form brought along.

    Raises:
        Unparsable: it is none.
    """
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
        raise Unparsable(f"'{said[:40]}' is no number", hint="go back, and try again")
    return int(said)


def write(ledger: Ledger, given: Given) -> Asked:
    """Do what a form asks, and return the page to go on to.

    Raises:
        LedgerError: it cannot be done; nothing was.
    """
    first, *rest = given.asked.parts()
    if first == "code":
        return _mark(ledger, given, "/".join(rest)) if rest else _register(ledger, given)
    if first == "tray":
        return _tray(ledger, given)
    if first == "entry":
        return amend(ledger, given)
    raise UnknownName(f"no form at {given.asked.path}", hint="go back, and try again")


# A text


def _register(ledger: Ledger, given: Given) -> Asked:
    """Keep a text and register it as a source; the same text again is the source that it is already."""
    pasted = given.said("text")
    if pasted is None and given.file is None:
        raise Unparsable("there is no text", hint="paste it, or choose a file")
    name, file = given.file or ("", None)
    found = received(pasted, file, name)
    digest = sha256_of(found.document)
    known = next((one["source"] for one in ledger.sources() if one.get("sha256") == digest), None)
    if known is not None:
        return Asked("/").elsewhere("code", known)
    title = given.said("title") or found.title or given.needed("title", "the title")
    source = given.said("source") or _free_id(ledger, title)
    about = {name: given.said(name) for name in ("publisher", "agency", "url", "published_at", "reliability")}
    about["published_at"] = about["published_at"] or found.published_at
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "document"
        kept.write_bytes(found.document)
        ledger.add_source(source, title, snapshot=kept, **about)  # type: ignore[arg-type]
    return Asked("/").elsewhere("code", source)


def _free_id(ledger: Ledger, title: str) -> str:
    named = slug(title)[:48].strip("-") or "text"
    taken = {one["source"] for one in ledger.sources()}
    return next(one for one in (named, *(f"{named}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


# Drafts


def _mark(ledger: Ledger, given: Given, source: str) -> Asked:
    """Lay a draft into the tray, or another one in its place."""
    draft = _drafted(given, source, ledger.recorded_by)
    number = given.said("draft")
    tray = Tray.of(ledger.place)
    tray.put(draft, _number(number) if number else None)
    _checked(ledger, tray, tray.waiting(source))
    given.to = f"s{draft['quote']['start']}" if isinstance(draft.get("quote"), dict) else "tray"
    return Asked("/").elsewhere("code", source)


def _drafted(given: Given, source: str, coder: str | None) -> dict[str, Any]:
    deed = given.said("kind") == "action"
    dated = given.said("on")
    draft: dict[str, Any] = {"type": "action-taken" if deed else "statement-made"}
    draft |= {name: value for name in _PLAIN if (value := given.said(name)) is not None}
    draft["bearing" if deed else "stance"] = given.said("stance")
    draft["occurred_on" if deed else "said_on"] = dated
    draft["source"] = source
    if deed:
        draft = {name: value for name, value in draft.items() if name not in {"speaker", "act", "attribution"}}
    conditions = [line.strip() for line in (given.said("conditions") or "").splitlines() if line.strip()]
    if conditions and not deed:
        draft["conditions"] = conditions
    exact = given.fields.get("exact", "").replace("\r\n", "\n")
    if exact and coder is not None:
        # Who else reads the same in the same words has coded it too: without this it would be the same entry again.
        at = given.said("start")
        draft["origin"] = {"dataset": DESK, "id": f"{source}:{at}", "coder": coder}
    if exact:
        start = _number(given.needed("start", "where the quote begins"))
        draft["quote"] = {"exact": exact, "start": start, "end": start + len(exact)}
    return {name: value for name, value in draft.items() if value is not None}


def _checked(ledger: Ledger, tray: Tray, some: list[Waiting]) -> dict[int, str]:
    """Say beside each draft why the ledger would not admit it; return that."""
    report = ledger.import_file(dossier(some), dry_run=True)
    refused = {some[one.line - 1].id: _sentence(one.reason, one.hint) for one in report.refused}
    tray.mark(refused)
    return refused


def _sentence(reason: str, hint: str | None) -> str:
    return f"{reason} ({hint})" if hint else reason


def _tray(ledger: Ledger, given: Given) -> Asked:
    """Record the drafts of a text together, or take one out."""
    tray, source = Tray.of(ledger.place), given.said("source")
    given.to = "tray"
    back = Asked("/").elsewhere("code", *([source] if source else []))
    gone = given.said("remove")
    if gone is not None:
        tray.take(_number(gone))
        return back
    shown = given.fields.get("drafts", "").split()
    some = [one for one in tray.waiting(source) if str(one.id) in shown]
    if not some:  # the same form came before: what it showed is recorded
        return back
    if _checked(ledger, tray, some):
        return back
    report = ledger.import_file(dossier(some))
    if report.error is not None:
        raise report.error
    tray.take(*(one.id for one in some))
    return back
