"""The bytes of sources in a table of PostgreSQL, by their SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.stores.session import Session


class PostgresShelf:
    """A shelf that the ledgers of one database share.

    Args:
        session: with the database.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, sha256: str, document: bytes) -> None:
        """Keep a document durably; one that is kept already stays as it is."""
        self._session.rows(
            "INSERT INTO public.verbale_documents VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING true",
            (bytes.fromhex(sha256), document),
        )

    def get(self, sha256: str) -> bytes | None:
        """Return a document, None where it is not kept here."""
        query = "SELECT document FROM public.verbale_documents WHERE sha256 = %s"
        found = self._session.rows(query, (bytes.fromhex(sha256),))
        return found[0][0] if found else None

    def holds(self, sha256: str) -> bool:
        """Say whether a document is kept here."""
        query = "SELECT 1 FROM public.verbale_documents WHERE sha256 = %s"
        return bool(self._session.rows(query, (bytes.fromhex(sha256),)))

    def remove(self, sha256: str) -> bool:
        """Let go of a document for good; say whether it was kept here."""
        query = "DELETE FROM public.verbale_documents WHERE sha256 = %s RETURNING true"
        return bool(self._session.rows(query, (bytes.fromhex(sha256),)))
