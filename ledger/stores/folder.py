"""The bytes of sources in a folder, each document in a file named by its SHA-256."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ledger.errors import Refused
from ledger.stores.durable import make_folder, sync_names

_PART = ".part"


class Folder:
    """A shelf on the file system.

    Args:
        folder: made when the first document is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: set[Path] = set()
        """Folders whose names are durable."""

    def put(self, sha256: str, document: bytes) -> None:
        """Keep a document durably; one that is kept already stays as it is.

        Raises:
            Refused: nobody can write there.
        """
        path = self._path(sha256)
        try:
            for folder in (self.folder, path.parent):
                if folder not in self._made or not folder.is_dir():
                    make_folder(folder)
                    self._made.add(folder)
            if not path.exists():
                self._write(path, document)
            sync_names(path.parent)
        except OSError as error:
            hint = "is the folder read-only, or the disk full?"
            raise Refused(f"cannot keep a document in {self.folder}: {error.strerror}", hint=hint) from None

    @staticmethod
    def _write(path: Path, document: bytes) -> None:
        """Write a document aside, and give it its name once it is on the disk."""
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_PART, delete=False) as file:
            try:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                Path(file.name).unlink()
                raise
        Path(file.name).replace(path)

    def get(self, sha256: str) -> bytes | None:
        """Return a document, None where it is not kept here."""
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def holds(self, sha256: str) -> bool:
        """Say whether a document is kept here."""
        return self._path(sha256).exists()

    def remove(self, sha256: str) -> bool:
        """Let go of a document for good, durably; say whether it was kept here.

        What a put that was killed has left in that folder goes too: the caller holds the lock, so nobody is putting.
        """
        path = self._path(sha256)
        try:
            for left in path.parent.glob(f"*{_PART}"):
                left.unlink()
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Refused(f"cannot remove {path}: {error.strerror}", hint="is the folder read-only?") from None
        sync_names(path.parent)
        return True

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256
