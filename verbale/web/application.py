"""Which page is where."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ledger.errors import LedgerError, Refused, UnknownName
from verbale.web.amending import Sent
from verbale.web.answering import Answer, Visit, answer, failed, refused
from verbale.web.aside import Aside
from verbale.web.asked import Asked
from verbale.web.bundles import bundled
from verbale.web.clerks import Clerks
from verbale.web.guard import COOKIE, VERIFYING, Guard
from verbale.web.pages.agenda import agenda
from verbale.web.pages.agreement import agreement
from verbale.web.pages.audit import audit
from verbale.web.pages.coding import coding
from verbale.web.pages.diff import diff
from verbale.web.pages.entry import entry
from verbale.web.pages.issues import issue, issues
from verbale.web.pages.log import log
from verbale.web.pages.matrix import matrix
from verbale.web.pages.parties import parties, party
from verbale.web.pages.source import source
from verbale.web.pages.sources import sources
from verbale.web.pages.timeline import timeline
from verbale.web.pages.token import token
from verbale.web.pages.why import why
from verbale.web.verification import Verification
from verbale.web.writing import LARGEST, Given, write

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from verbale.ledger import Ledger
    from verbale.places import Location
    from verbale.web.answering import Maker

_ZIP: Final = "application/zip"
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_FORBIDDEN: Final = 403
STATIC: Final = Path(__file__).with_name("static")
PAGES: Final[dict[str, Maker]] = {
    "agreement": agreement,
    "agenda": agenda,
    "audit": audit,
    "code": coding,
    "diff": diff,
    "entry": entry,
    "issue": issue,
    "issues": issues,
    "log": log,
    "matrix": matrix,
    "parties": parties,
    "party": party,
    "source": source,
    "sources": sources,
    "timeline": timeline,
    "token": token,
    "why": why,
}
"""By the first part of the path; each page reads the others itself."""


class Desk:
    """The desk of one ledger.

    Args:
        place: where it lies.
        token: what whoever writes must know; None where nobody may.
        recorded_by: in whose name entries are recorded.
    """

    def __init__(self, place: Location, token: str | None = None, recorded_by: str | None = None) -> None:
        self.token = token
        self._place = place
        self._clerks = Clerks(place, recorded_by)
        self._aside = Aside()
        self._verification = Verification(place, self._aside)
        self._bundling = asyncio.Lock()
        self._pages: dict[str, Maker] = {**PAGES, "audit": partial(audit, verification=self._verification)}
        self._one_form = Lock()  # one form at a time: a double click comes twice at once, and is the same form

    def at(self, port: int) -> ASGIApp:
        """Return the application that answers at a port, the guard before it."""
        routes = [
            Mount("/static", StaticFiles(directory=STATIC)),
            Route("/{path:path}", self._come, methods=["GET", "POST"]),
        ]
        self._guard = Guard(Starlette(routes=routes), port, self.token, _told)
        return self._guard

    def close(self) -> None:
        """Close the ledger, and end what is still being done beside it."""
        self._aside.close()
        self._clerks.close()

    async def _come(self, request: Request) -> Response:
        raw = request.scope.get("raw_path") or request.url.path.encode()
        path = raw.decode("ascii", "replace").partition("?")[0]
        return await (self._form(request, path) if request.method == "POST" else self._page(request, path))

    async def _form(self, request: Request, path: str) -> Response:
        """Do what a form asks, and go on to a page; what cannot be done is said on one."""
        if path == VERIFYING:
            self._verification.begin()
            return RedirectResponse("/audit#verification", status_code=303)
        said = _misfit(request)
        if said is not None:
            return said
        try:
            given = await _given(request, path)
        except ClientDisconnect:
            return Response(status_code=400)  # which nobody hears
        if path == "/token":
            return self._let_in(given)
        found = await self._clerks.whole.do(lambda ledger: self._written(ledger, given))
        if isinstance(found, Asked):
            return RedirectResponse(found.address() + (f"#{given.to}" if given.to else ""), status_code=303)
        return Response(found.body, found.status, {"cache-control": "no-store"}, media_type=found.type)

    def _written(self, ledger: Ledger, given: Given) -> Asked | Answer:
        try:
            with self._one_form:
                return write(ledger, given)
        except LedgerError as error:
            if given.asked.parts()[0] != "entry":
                return failed(error, given.asked, Asked.address)
            sent = Sent(given.said("form") or "", given.fields, error)
            make: Maker = partial(entry, sent=sent)
            return refused(ledger, given.asked, make, Asked.address, error, Visit(may_write=True, known=True))

    def _let_in(self, given: Given) -> Response:
        token = given.fields.get("token", "").strip()
        if not self._guard.accepts(token):
            error = Refused(
                "that is not this desk's token", hint="it stands in the terminal in which the desk was started"
            )
            found = failed(error, given.asked, Asked.address, _FORBIDDEN)
            return Response(found.body, _FORBIDDEN, {"cache-control": "no-store"}, media_type=found.type)
        back = Asked.at(given.said("to") or "/code")
        ours = back.parts()[0] in PAGES and not back.path.startswith("//")
        address = back.address() if ours else "/code"
        gone = RedirectResponse(address, status_code=303)
        gone.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
        return gone

    async def _page(self, request: Request, path: str) -> Response:
        if path == "/":
            return RedirectResponse("/matrix", status_code=303)
        if path == "/audit/bundle.zip":
            return await self._bundle(path, dict(request.query_params))
        query, seen = dict(request.query_params), request.headers.get("if-none-match")
        known = self._guard.knows(request.headers.getlist("cookie"))
        visit = Visit(may_write=self.token is not None, known=known)
        clerk = self._clerks.pages if Asked.at(path).form == "html" else self._clerks.whole
        found = await clerk.do(lambda ledger: self._answer(ledger, path, query, seen, visit))
        headers = {"cache-control": "private, no-cache"}
        if found.etag is not None:
            headers["etag"] = found.etag
        return Response(found.body, found.status, headers, media_type=found.type)

    async def _bundle(self, path: str, query: dict[str, str]) -> Response:
        """Answer with a bundle; one is made at a time."""
        folder = Path(tempfile.mkdtemp(prefix="verbale-"))
        gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        headers = {"cache-control": "no-store"}
        asked = Asked.at(path)
        try:
            asked = Asked.of(path, query)
            async with self._bundling:
                made = await asyncio.to_thread(bundled, self._aside, self._place, asked, folder)
        except LedgerError as error:
            found = failed(error, asked, Asked.address)
            return Response(found.body, found.status, headers, media_type=found.type, background=gone)
        return FileResponse(made.path, headers=headers, media_type=_ZIP, filename=made.name, background=gone)

    def _answer(self, ledger: Ledger, path: str, query: dict[str, str], seen: str | None, visit: Visit) -> Answer:
        try:
            asked = Asked.of(path, query)
        except LedgerError as error:
            return failed(error, Asked.at(path), Asked.address)
        make = self._pages.get(asked.parts()[0])
        if make is None:
            hint = f"there are: {', '.join(f'/{name}' for name in PAGES)}"
            return failed(UnknownName(f"there is no page /{'/'.join(asked.parts())}", hint=hint), asked, Asked.address)
        return answer(ledger, asked, make, Asked.address, seen, visit)


async def _given(request: Request, path: str) -> Given:
    async with request.form(max_files=1, max_fields=1_000, max_part_size=LARGEST) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        chosen = form.get("file")
        content = b"" if chosen is None or isinstance(chosen, str) else await chosen.read()
        name = getattr(chosen, "filename", None) or ""
    return Given(Asked.at(path), fields, (name, content) if content else None)


def _misfit(request: Request) -> Response | None:
    """Return what is said to whoever sends no form, or one that is too long; None where it can be read."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        return Response("A form of this desk is wanted.\n", 415, media_type="text/plain")
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()):
        return Response("How long is it?\n", 411, media_type="text/plain")
    if len(length) > len(str(LARGEST)) or int(length) > LARGEST:
        return Response(f"At most {LARGEST:,} bytes at a time.\n", 413, media_type="text/plain")
    return None


def _told(refusal: str) -> str:
    """Return the page of a refusal to write, without the ledger: its first sentence, and what to do."""
    first, rest = re.split(r"(?<=[.:]) ", refusal, maxsplit=1)
    error = Refused(first.rstrip(".:"), hint=rest.rstrip("."))
    return failed(error, Asked("/token"), Asked.address, _FORBIDDEN).body
