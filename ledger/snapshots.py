"""The bytes of sources, kept by their SHA-256 beside the ledger."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.texts import normalise, sha256_of

if TYPE_CHECKING:
    from pathlib import Path


class Snapshots:
    """A folder of documents named by the SHA-256 of their bytes.

    Args:
        folder: made when the first document is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.text = lru_cache(maxsize=16)(self._text)

    def keep(self, document: bytes) -> str:
        """Keep a document's bytes, durably, and return their SHA-256."""
        digest = sha256_of(document)
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        return digest

    def document(self, sha256: str | None) -> bytes | None:
        """Return a document's bytes, None where they are not kept here.

        Raises:
            Refused: the bytes are no longer those that were kept.
        """
        if sha256 is None or not self._path(sha256).exists():
            return None
        document = self._path(sha256).read_bytes()
        if sha256_of(document) != sha256:
            raise Refused(f"the kept document {sha256[:12]}… has been changed", hint="restore it from a backup")
        return document

    def _text(self, sha256: str) -> str | None:
        document = self.document(sha256)
        return None if document is None else normalise(document)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256
