"""A page as an answer: HTML from a template, the command's JSON, or CSV; an error as a page of its own.

Templates escape whatever they are given.  An answer carries an ETag of the ledger, both clocks and the rule: what was
asked before and is the same is answered with 304, without asking the ledger for more than its head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.errors import LedgerError, StateChanged, UnknownName, Unparsable
from projections.json_rows import dumped
from verbale.documents import columns_of_document, csv_text, rows_of
from verbale.web import words

if TYPE_CHECKING:
    from jinja2 import Environment

    from projections.clocks import Moment
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
_NOT_FOUND: Final = 404
_BAD: Final = 400
_STATUS: Final = ((UnknownName, _NOT_FOUND), (Unparsable, _BAD), (StateChanged, 409))


class Page(NamedTuple):
    """A page before it has a form."""

    template: str
    title: str
    at: Moment
    fields: dict[str, Any]
    """What the template shows."""
    document: Callable[[], dict[str, Any]]
    """The JSON of the command that asks the same, unpaged."""


VOLATILE: Final = frozenset({"audit", "code", "token"})
"""Pages that depend on more than the ledger, such as the drafts that wait, or a report: never answered with 304."""
Maker = Callable[["Ledger", "Asked"], Page]
Linker = Callable[["Asked"], str]


class Answer(NamedTuple):
    """An answer, whatever brings it to the reader."""

    status: int
    type: str
    body: str
    etag: str | None = None


class Visit(NamedTuple):
    """Who asks, as far as a page depends on it."""

    may_write: bool = False
    """Whether the desk takes entries."""
    known: bool = False
    """Whether whoever asks has given the token."""


_STRANGER: Final = Visit()


def answer(
    ledger: Ledger, asked: Asked, make: Maker, link: Linker, seen: str | None = None, visit: Visit = _STRANGER
) -> Answer:
    """Return the answer to what was asked.

    Args:
        ledger: of which.
        asked: the address.
        make: makes the page.
        link: turns an address within the desk into one that the reader can follow.
        seen: the ETags that the reader has, as the browser sends them.
        visit: who asks.
    """
    try:
        with ledger.views.still() as head:
            return _answered(ledger, asked, make, link, seen, visit, head)
    except LedgerError as error:
        return failed(error, asked, link)


def _answered(
    ledger: Ledger, asked: Asked, make: Maker, link: Linker, seen: str | None, visit: Visit, head: int
) -> Answer:
    etag = None if asked.parts()[0] in VOLATILE else _etag(ledger, asked, visit, head)
    if seen is not None and etag is not None and etag in seen:
        return Answer(304, TYPES[asked.form], "", etag)
    page = make(ledger, asked)
    if asked.form == "json":
        return Answer(200, TYPES["json"], dumped(page.document()) + "\n", etag)
    if asked.form == "csv":
        document = page.document()
        return Answer(200, TYPES["csv"], csv_text(rows_of(document), columns_of_document(document)), etag)
    return Answer(200, TYPES["html"], rendered(page, asked, link, visit), etag)


def refused(
    ledger: Ledger, asked: Asked, make: Maker, link: Linker, error: LedgerError, visit: Visit = _STRANGER
) -> Answer:
    """Return the page of a form that could not be done, as its maker shows it with the error on it."""
    try:
        return Answer(_status(error), TYPES["html"], rendered(make(ledger, asked), asked, link, visit))
    except LedgerError as other:
        return failed(other, asked, link)


def failed(error: LedgerError, asked: Asked, link: Linker, status: int | None = None) -> Answer:
    """Return an error as an answer: what is wrong, and what to do.

    Args:
        error: what is wrong.
        asked: the address.
        link: turns an address within the desk into one that the reader can follow.
        status: of HTTP, where the error's kind alone does not say it.
    """
    status = status or _status(error)
    if asked.form != "html":
        body = dumped({"error": error.message, "hint": error.hint}) + "\n"
        return Answer(status, TYPES["json"], body)
    template = environment().get_template("error.html")
    title = "Not found" if status == _NOT_FOUND else "Not understood" if status == _BAD else "Not done"
    shown = template.render(error=error, status=status, asked=asked, link=link, words=words, at=None, title=title)
    return Answer(status, TYPES["html"], shown)


def _status(error: LedgerError) -> int:
    return next((code for kind, code in _STATUS if isinstance(error, kind)), 400)


def rendered(page: Page, asked: Asked, link: Linker, visit: Visit = _STRANGER) -> str:
    """Return a page as HTML."""
    shared = {"title": page.title, "at": page.at, "asked": asked, "link": link, "words": words, **visit._asdict()}
    return environment().get_template(page.template).render(**shared, **page.fields)


def _etag(ledger: Ledger, asked: Asked, visit: Visit, head: int) -> str:
    """Return what is the same as long as the answer is: the clocks as understood, the rule, and the address."""
    at = ledger.moment(asked.as_of, asked.as_known_at)
    # An old K is answered alike for ever, but for the links to what came after: hence the head too.
    seen = f"{ledger.journal.ledger_id} {head} {at.known_at} {at.until} {asked.address()} {visit} {_version()}"
    return f'"{hashlib.sha256(seen.encode()).hexdigest()[:32]}"'


@cache
def _version() -> str:
    from importlib.metadata import version

    return version("verbale")


@cache
def environment() -> Environment:
    """Return the templates."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("verbale.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
