"""The bytes of sources, kept by their SHA-256 beside the ledger."""

from __future__ import annotations

import os
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Final

from ledger.errors import Refused
from ledger.texts import normalise, sha256_of

_AT_HAND: Final = 16


class Snapshots:
    """A folder of documents named by the SHA-256 of their bytes.

    Args:
        folder: made when the first document is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._texts: OrderedDict[str, str] = OrderedDict()

    def keep(self, document: bytes) -> str:
        """Keep a document's bytes, durably, and return their SHA-256."""
        digest = sha256_of(document)
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
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

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256
