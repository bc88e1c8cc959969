"""A desk without a network: requests go straight to the application."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from verbale.places import place_of
from verbale.web.application import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LEAVES = b" and then nothing"
"""What a body ends with whose sender goes away before the rest of it."""
PORT = 8642
HOST = f"127.0.0.1:{PORT}"


@dataclass
class Got:
    """What the desk answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Visitor:
    """Asks the desk of a ledger."""

    path: Path
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the desk."""
        self.desk = Desk(place_of(self.path), self.token)
        self._app = self.desk.at(PORT)

    def get(self, address: str, method: str = "GET", *, body: bytes = b"", **headers: str) -> Got:
        """Ask for an address; headers have `_` for `-`, an empty one is left out; a line break parts two of a name."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self.ask(address, method, body, given))

    async def ask(self, address: str, method: str, body: bytes, headers: Mapping[str, str]) -> Got:
        """Ask for an address among other requests."""
        path, _, query = address.partition("?")
        given = {"host": HOST, **self.headers, **headers}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode()) for name, said in given.items() for value in said.split("\n") if value
            ],
            "server": ("127.0.0.1", PORT),
            "client": ("127.0.0.1", 50_000),
        }
        return await self._ask(scope, body)

    async def _ask(self, scope: dict[str, Any], body: bytes) -> Got:
        sent: list[dict[str, Any]] = []

        leaves = body.endswith(LEAVES)
        bodies = [{"type": "http.request", "body": body.removesuffix(LEAVES), "more_body": leaves}]

        async def receive() -> dict[str, Any]:
            if bodies:
                return bodies.pop()
            if leaves:
                return {"type": "http.disconnect"}
            await asyncio.Event().wait()  # the visitor stays until the answer is there
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return Got(sent[0]["status"], headers, b"".join(one.get("body", b"") for one in sent[1:]))
