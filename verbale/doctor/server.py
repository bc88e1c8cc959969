"""The server: whether PostgreSQL keeps what it acknowledges, and whether this is where one records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbale.doctor.check import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.stores.postgres import PostgresStore


def checks(store: PostgresStore) -> Iterator[Check]:
    """Yield the checks of the server that holds a ledger."""
    told = store.settings()
    yield Check("server", "ok", f"PostgreSQL {told['server_version']}")
    says = ", ".join(f"{name} {told[name]}" for name in ("fsync", "synchronous_commit", "full_page_writes"))
    if "off" in (told["fsync"], told["synchronous_commit"], told["full_page_writes"]):
        yield Check("durability", "error", says, "a power cut costs acknowledged entries: turn these on")
    else:
        yield Check("durability", "ok", says)
    if told["in_recovery"] == "true":
        hint = "record on the primary; what a replica shows may be behind"
        yield Check("replica", "warning", "this server replays another one", hint)
