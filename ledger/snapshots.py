"""The bytes of sources, kept by their SHA-256 on a shelf of the store."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from ledger.errors import Refused
from ledger.texts import normalise, sha256_of

if TYPE_CHECKING:
    from ledger.stores.protocol import Shelf

_AT_HAND: Final = 16


class Snapshots:
    """Documents, and their texts.

    Args:
        shelf: where the bytes are kept; what comes from it is checked.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._texts: OrderedDict[str, str] = OrderedDict()

    def keep(self, document: bytes) -> str:
        """Keep a document's bytes, durably, and return their SHA-256."""
        digest = sha256_of(document)
        self._shelf.put(digest, document)
        return digest

    def forget(self) -> None:
        """Let go of the texts at hand: their documents may be gone."""
        self._texts.clear()

    def holds(self, sha256: str | None) -> bool:
        """Say whether a document's bytes are kept here."""
        return sha256 is not None and self._shelf.holds(sha256)

    def document(self, sha256: str | None) -> bytes | None:
        """Return a document's bytes, None where they are not kept here.

        Raises:
            Refused: the bytes are no longer those that were kept.
        """
        document = None if sha256 is None else self._shelf.get(sha256)
        if document is not None and sha256_of(document) != sha256:
            raise Refused(f"the kept document {sha256:.12}… has been changed", hint="restore it from a backup")
        return document

    def text(self, sha256: str) -> str | None:
        """Return a document's normalised text, None where its bytes are not kept here or hold no text."""
        found = self._texts.get(sha256)
        if found is None:
            document = self.document(sha256)
            if document is None:
                return None  # and not remembered: they may be kept later
            try:
                found = self._texts[sha256] = normalise(document)
            except Refused:
                return None
            if len(self._texts) > _AT_HAND:
                self._texts.popitem(last=False)
        return found
