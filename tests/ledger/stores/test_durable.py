"""Names are made durable, and not bytes alone: what a power cut may take is what no folder was synced for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ledger.stores.folder import Folder
from ledger.stores.sqlite import SQLiteStore

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="folders cannot be synced here")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, frozenset[str]]]:
    """Return what takes down each folder that is synced, by its inode, with the names in it at that moment."""
    done: list[tuple[int, frozenset[str]]] = []
    sync = os.fsync

    def noting(opened: int) -> None:
        sync(opened)
        if os.path.isdir(f"/dev/fd/{opened}"):  # noqa: PTH112
            done.append((os.fstat(opened).st_ino, frozenset(os.listdir(opened))))

    monkeypatch.setattr(os, "fsync", noting)
    return done


def names(synced: list[tuple[int, frozenset[str]]], folder: Path) -> frozenset[str]:
    """Return the names that were in a folder when it was last synced."""
    inode = folder.stat().st_ino
    return next((found for one, found in reversed(synced) if one == inode), frozenset())


@pytest.mark.parametrize("again", [False, True], ids=["new", "kept already"])
def test_a_kept_document_has_a_name_that_lasts(
    tmp_path: Path, synced: list[tuple[int, frozenset[str]]], again: bool
) -> None:
    """Its own name and those of the folders above are synced; also where whoever wrote it was killed before that."""
    shelf = Folder(tmp_path / "l.sources")
    shelf.put("ab12", b"Words.\n")
    if again:
        synced.clear()
        Folder(tmp_path / "l.sources").put("ab12", b"Words.\n")
    assert "ab12" in names(synced, shelf.folder / "ab")
    assert "ab" in names(synced, shelf.folder)
    assert "l.sources" in names(synced, tmp_path)


def test_a_new_ledger_has_a_folder_that_lasts(tmp_path: Path, synced: list[tuple[int, frozenset[str]]]) -> None:
    """Every folder that is made for it is synced into the one above."""
    SQLiteStore.create(tmp_path / "deep" / ".verbale" / "ledger.db")
    assert "deep" in names(synced, tmp_path)
    assert ".verbale" in names(synced, tmp_path / "deep")
