"""Which page is where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ledger.errors import LedgerError, UnknownName
from verbale.web.answering import Answer, answer, failed
from verbale.web.asked import Asked
from verbale.web.clerks import Clerks
from verbale.web.guard import Guard
from verbale.web.pages.matrix import matrix
from verbale.web.pages.timeline import timeline
from verbale.web.pages.why import why

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from verbale.ledger import Ledger
    from verbale.places import Location
    from verbale.web.answering import Maker

_STATIC: Final = Path(__file__).with_name("static")
PAGES: Final[dict[str, Maker]] = {
    "matrix": matrix,
    "timeline": timeline,
    "why": why,
}
"""By the first part of the path; each page reads the others itself."""


class Desk:
    """The desk of one ledger.

    Args:
        place: where it lies.
        token: what whoever writes must know; None where nobody may.
    """

    def __init__(self, place: Location, token: str | None = None) -> None:
        self.token = token
        self._clerks = Clerks(place)

    def at(self, port: int) -> ASGIApp:
        """Return the application that answers at a port, the guard before it."""
        routes = [Mount("/static", StaticFiles(directory=_STATIC)), Route("/{path:path}", self._page, methods=["GET"])]
        return Guard(Starlette(routes=routes), port, self.token)

    def close(self) -> None:
        """Close the ledger."""
        self._clerks.close()

    async def _page(self, request: Request) -> Response:
        raw = request.scope.get("raw_path") or request.url.path.encode()
        path = raw.decode("ascii", "replace").partition("?")[0]
        if path == "/":
            return RedirectResponse("/matrix", status_code=303)
        query, seen = dict(request.query_params), request.headers.get("if-none-match")
        found = await self._clerks.do(lambda ledger: self._answer(ledger, path, query, seen))
        headers = {"cache-control": "private, no-cache"}
        if found.etag is not None:
            headers["etag"] = found.etag
        return Response(found.body, found.status, headers, media_type=found.type)

    def _answer(self, ledger: Ledger, path: str, query: dict[str, str], seen: str | None) -> Answer:
        try:
            asked = Asked.of(path, query)
        except LedgerError as error:
            return failed(error, Asked.at(path), Asked.address)
        make = PAGES.get(asked.parts()[0])
        if make is None:
            hint = f"there are: {', '.join(f'/{name}' for name in PAGES)}"
            return failed(UnknownName(f"no page {'/'.join(asked.parts())}", hint=hint), asked, Asked.address)
        return answer(ledger, asked, make, Asked.address, seen, may_write=self.token is not None)
