"""The address of a PostgreSQL database, as `--ledger` says it, and as it may be shown: never with a password.

    postgresql://USER@HOST:PORT/DATABASE?OPTION=VALUE#NAME

`postgres://` is the same.  What is left out comes from where libpq takes it (`PGHOST`, `PGPASSWORD`, `~/.pgpass`, …);
options are libpq's (`sslmode=require`).  An address that does not parse is not repeated in the refusal, since what went
wrong may be a password with a `#` or `/` in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from ledger.errors import Unparsable

SCHEMES: Final = ("postgresql", "postgres")
_NAME: Final = re.compile(r"[\w.-]*")
_HINT: Final = (
    "postgresql://user@host:5432/database#ledger; a password is best given by PGPASSWORD or ~/.pgpass,"
    " or else with %23 for #, %2F for / and %40 for @"
)


@dataclass(frozen=True)
class Address:
    """Where a database is, and as whom it is opened."""

    host: str | None = None
    port: int | None = None
    database: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def parameters(self) -> dict[str, Any]:
        """Return what libpq is to be told."""
        said = {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
        }
        return {name: value for name, value in said.items() if value is not None} | dict(self.options)

    def __str__(self) -> str:
        """Return the address without its secrets."""
        user = "" if self.user is None else f"{quote(self.user, safe='')}@"
        host = self.host or ""
        host = f"[{host}]" if ":" in host else host
        port = "" if self.port is None else f":{self.port}"
        shown = [(name, value) for name, value in self.options if "pass" not in name]
        options = f"?{urlencode(shown, safe='/')}" if shown else ""
        return f"postgresql://{user}{host}{port}/{quote(self.database or '', safe='')}{options}"


def parse_address(said: str) -> tuple[Address, str]:
    """Return the database that an address names, and the ledger in it.

    Raises:
        Unparsable: it is no such address.
    """
    try:
        parts = urlsplit(said)
        port = parts.port
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
    except ValueError:
        _unparsable()
    database = parts.path.removeprefix("/")
    if parts.scheme not in SCHEMES or "/" in database or "@" in database or not _NAME.fullmatch(parts.fragment):
        _unparsable()
    address = Address(
        host=parts.hostname and unquote(parts.hostname),
        port=port,
        database=unquote(database) or None,
        user=parts.username and unquote(parts.username),
        password=parts.password and unquote(parts.password),
        options=tuple(options),
    )
    return address, parts.fragment or "main"


def _unparsable() -> NoReturn:
    raise Unparsable("the address of the ledger does not parse", hint=_HINT) from None
