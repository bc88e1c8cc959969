"""The guard at the door of the desk: who may ask, what a browser may do with the answer.

The desk is for this machine.  Another site's page, open in the same browser, can send requests here, and with a name of
its own that leads to 127.0.0.1 it could even read the answers (DNS rebinding).  So a foreign `Host` is answered with
421 (RFC 9110, section 15.5.20) and a foreign `Origin` with 403, before anything is read; so is whatever another site
fetches without a reader who follows a link (`Sec-Fetch-Site`).  Whatever would write needs
`--allow-write`, and then the token that the terminal printed, as a cookie that no other site's request carries.

Quotes are hostile text.  Templates escape them; should one slip through, the Content-Security-Policy runs and fetches
nothing that the desk does not serve itself, and no inline script or style at all.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "verbale-desk"
_HTTP: Final = 80
_OURS: Final = frozenset({"same-origin", "none"})
"""Where a request comes from, as a browser says it, that one of the desk's pages began, or a person."""
_READING: Final = frozenset({"GET", "HEAD"})
_TOKEN_PATH: Final = "/token"  # noqa: S105  a path
VERIFYING: Final = "/audit/verify"
"""A form of the desk's own pages that writes nothing: it asks that the ledger be read again, and needs no token."""
_FOREIGN: Final = "Another site's page asked for this; the desk answers its own pages only."
_READ_ONLY: Final = "This desk is read-only. Whoever holds the ledger can start it with: verbale serve --allow-write"
_NEEDS_TOKEN: Final = "Recording needs the token that the terminal printed: open /token and give it."  # noqa: S105  a sentence
HEADERS: Final = (
    (
        b"content-security-policy",
        (
            b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            b"font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        ),
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def _followed(given: dict[bytes, list[str]]) -> bool:
    """Say whether a person followed a link to a page, as far as a browser tells; a picture or a frame is none."""
    return given.get(b"sec-fetch-mode") == ["navigate"] and given.get(b"sec-fetch-dest") == ["document"]


class Guard:
    """Stands before an application.

    Args:
        app: what answers.
        port: where the desk listens.
        token: what whoever writes must know; None where nobody may write.
        told: makes a page of why somebody may not write, for who uses a browser.
    """

    def __init__(
        self, app: ASGIApp, port: int, token: str | None = None, told: Callable[[str], str] | None = None
    ) -> None:
        self._app = app
        self._told = told
        names = ("127.0.0.1", "localhost", "[::1]")
        self._hosts = frozenset(f"{name}:{port}" for name in names) | (
            frozenset(names) if port == _HTTP else frozenset()
        )
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse to."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, guarded)
            return
        status, said = refusal
        told = self._told if said in {_READ_ONLY, _NEEDS_TOKEN} and _reads_html(scope) else None
        body = f"{said}\n".encode() if told is None else told(said).encode()
        kind = b"plain" if told is None else b"html"
        headers = [
            (b"content-type", b"text/" + kind + b"; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
        ]
        await guarded({"type": "http.response.start", "status": status, "headers": headers})
        await guarded({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        given: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            given.setdefault(name.lower(), []).append(value.decode("latin-1"))
        hosts, origins = given.get(b"host", []), given.get(b"origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "This desk answers to 127.0.0.1 and localhost only."
        if any(origin.lower() not in {f"http://{host}" for host in self._hosts} for origin in origins):
            return 403, _FOREIGN
        if not (scope.get("raw_path") or b"/").startswith(b"/"):
            return 421, "This desk is no proxy."
        site = set(given.get(b"sec-fetch-site", ())) - _OURS
        if scope["method"] in _READING:
            return (403, _FOREIGN) if site and not _followed(given) else None
        return (403, _FOREIGN) if site else self._unwritten(scope, given)

    def _unwritten(self, scope: Scope, given: dict[bytes, list[str]]) -> tuple[int, str] | None:
        """Return why somebody who wants to write may not."""
        if scope["method"] != "POST":
            return 405, "The desk knows GET, HEAD and POST."
        if scope["path"] == VERIFYING:
            return None
        if self._token is None:
            return 403, _READ_ONLY
        if scope["path"] != _TOKEN_PATH and not self.knows(given.get(b"cookie", [])):
            return 403, _NEEDS_TOKEN
        return None

    def knows(self, cookies: Iterable[str]) -> bool:
        """Say whether the token is among the cookies of a request, as the headers have them.

        Those of other programs on this machine come along, whatever they look like: cookies know no ports.
        """
        pairs = (one.partition("=") for header in cookies for one in header.split(";"))
        return any(self.accepts(value.strip()) for name, _, value in pairs if name.strip() == COOKIE)

    def accepts(self, token: str | None) -> bool:
        """Say whether this is the token."""
        if self._token is None or token is None:
            return False
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode())


def _reads_html(scope: Scope) -> bool:
    return any(name.lower() == b"accept" and b"text/html" in value for name, value in scope["headers"])
