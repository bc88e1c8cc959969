"""The guard at the door of the desk: who may ask, what a browser may do with the answer.

The desk is for this machine.  Another site's page, open in the same browser, can send requests here, and with a name of
its own that leads to 127.0.0.1 it could even read the answers (DNS rebinding).  So a foreign `Host` is answered with
421 (RFC 9110, section 15.5.20) and a foreign `Origin` with 403, before anything is read.  Whatever would write needs
`--allow-write`, and then the token that the terminal printed, as a cookie that no other site's request carries.

Quotes are hostile text.  Templates escape them; should one slip through, the Content-Security-Policy runs and fetches
nothing that the desk does not serve itself, and no inline script or style at all.
"""

from __future__ import annotations

import hmac
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "verbale-desk"
_HTTP: Final = 80
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
        return None if scope["method"] in _READING else self._unwritten(scope, given)

    def _unwritten(self, scope: Scope, given: dict[bytes, list[str]]) -> tuple[int, str] | None:
        """Return why somebody who wants to write may not."""
        if scope["method"] != "POST":
            return 405, "The desk knows GET, HEAD and POST."
        if given.get(b"sec-fetch-site", ["same-origin"])[0] not in {"same-origin", "none"}:
            return 403, _FOREIGN
        if scope["path"] == VERIFYING:
            return None
        if self._token is None:
            return 403, _READ_ONLY
        if scope["path"] != _TOKEN_PATH and not self._knows(given.get(b"cookie", [])):
            return 403, _NEEDS_TOKEN
        return None

    def _knows(self, cookies: list[str]) -> bool:
        try:
            found = SimpleCookie("; ".join(cookies)).get(COOKIE)
        except CookieError:
            return False
        return self.accepts(None if found is None else found.value)

    def accepts(self, token: str | None) -> bool:
        """Say whether this is the token."""
        if self._token is None or token is None:
            return False
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode())


def _reads_html(scope: Scope) -> bool:
    return any(name.lower() == b"accept" and b"text/html" in value for name, value in scope["headers"])
