"""`verbale serve`: the desk on 127.0.0.1, for as long as the command runs."""

from __future__ import annotations

import secrets
import socket
from contextlib import closing
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from verbale.places import Location

PORT: Final = 8642
_HOST: Final = "127.0.0.1"


def serve(
    place: Location,
    port: int,
    *,
    allow_write: bool,
    told: Callable[[str, str | None], None],
    recorded_by: str | None = None,
) -> None:
    """Serve a ledger's desk until somebody stops it.

    Args:
        place: where the ledger lies.
        port: where to listen; 0 takes one that is free.
        allow_write: whether entries are taken from whoever knows the token.
        recorded_by: in whose name they are recorded.
        told: called once the desk answers, with its address and the token.

    Raises:
        Refused: the port is taken, or what the desk is made of is not installed.
    """
    try:
        import uvicorn

        from verbale.web.application import Desk
    except ImportError:
        raise Refused("the desk is not installed", hint="install it with: pip install 'verbale[web]'") from None
    listening = _bound(port)
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(16) if allow_write else None
    desk = Desk(place, token, recorded_by)
    settings = uvicorn.Config(
        desk.at(port),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=2,
    )
    told(f"http://{_HOST}:{port}/matrix", token)
    with listening, closing(desk):
        uvicorn.Server(settings).run(sockets=[listening])


def _bound(port: int) -> socket.socket:
    """Return a socket that listens on this machine alone."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
    except OSError as error:
        listening.close()
        hint = "another desk may be open already; choose another port with --port, or 0 for any that is free"
        raise Refused(f"cannot listen on port {port}: {error.strerror}", hint=hint) from None
    listening.listen(128)
    return listening
