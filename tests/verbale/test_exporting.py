"""`export`: each format whole or not at all, with an answer for people and one for scripts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

from ledger.errors import Refused, VerificationFailed
from projections.exports import rows
from verbale import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.verbale.doors import Door

FILES = ["effects", "entries", "evidence", "memberships", "positions", "states", "versions"]


def test_columns_are_written_for_people_and_for_scripts(sample: Door, tmp_path: Path) -> None:
    """Both answers name the root and count the rows; the files say the same."""
    said = sample("export parquet columns")
    assert (said.out, said.code) == ("", 0)
    document = sample.ok("export parquet again --json").json
    assert said.err.startswith(f"Wrote columns: {document['entries']} entries · root {document['root']}\n")
    assert sorted(path.name for path in (tmp_path / "columns").iterdir()) == sorted(
        [*(f"{name}.parquet" for name in FILES), "latest-1.sql"]
    )
    for one in document["files"]:
        assert pl.scan_parquet(tmp_path / "columns" / one["file"]).select(pl.len()).collect().item() == one["rows"]
    assert document["files"][0] == {"file": "entries.parquet", "rows": document["entries"]}
    assert sample.ok("export parquet third -q").err == ""


def test_each_format_goes_where_it_is_told(sample: Door, tmp_path: Path) -> None:
    """A path may be an argument or an option; lines that go to stdout are nothing but lines."""
    lines = sample.ok("export journal").out
    sample.ok("export journal lines.jsonl")
    document = sample.ok("export journal -o more.jsonl --json").json
    assert (tmp_path / "lines.jsonl").read_text() == (tmp_path / "more.jsonl").read_text() == lines
    assert (document["entries"], document["path"]) == (len(lines.splitlines()), "more.jsonl")
    assert sample.ok("export parquet -o columns --json").json["path"] == "columns"


def test_a_ledger_without_entries_has_empty_columns(door: Door, tmp_path: Path) -> None:
    """Every file is there, with its columns and without rows."""
    Ledger.create(tmp_path / "ledger.db")
    document = door.ok("export parquet columns --json --ledger ledger.db").json
    assert [one["rows"] for one in document["files"]] == [0] * len(FILES)
    assert pl.read_parquet(tmp_path / "columns" / "positions.parquet").columns[:2] == ["party", "issue"]


def test_half_an_export_is_never_left(sample: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fills half way, nothing is left, the ledger answers, and the next try works."""

    def filling(*_: object) -> Iterator[rows.Row]:
        yield ("RUS", "ceasefire-30d", False, "oppose", 1, "2025", 0, None, 1, None)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "positions", filling)
        done = sample("export parquet columns")
    assert (done.code, "cannot write columns: No space left on device" in done.err) == (1, True)
    assert [path.name for path in tmp_path.iterdir() if "columns" in path.name] == []
    sample.ok("export parquet columns")


@pytest.mark.usefixtures("sample")
def test_views_of_another_length_are_not_exported(tmp_path: Path) -> None:
    """Views that lack an entry are damaged: nothing is written that could pass for the record."""
    with Ledger(tmp_path) as ledger:
        ledger.views.catch_up()
        ledger.views.db.execute("DELETE FROM entries WHERE entry = (SELECT entry FROM meta)")
        with pytest.raises(VerificationFailed, match="the views are damaged"):
            ledger.export_parquet(tmp_path / "columns")
    assert not (tmp_path / "columns").exists()


@pytest.mark.usefixtures("sample")
def test_progress_counts_up_to_what_there_is(tmp_path: Path) -> None:
    """What watches is told of each table in turn, never more than there is."""
    told: list[tuple[str, int, int]] = []
    with Ledger(tmp_path) as ledger:
        ledger.export_parquet(tmp_path / "columns", lambda *said: told.append(said))
    assert [name for name, _, _ in told] == ["entries", "versions", "effects", "positions", "evidence"]
    assert all(done <= total for _, done, total in told)


def test_without_pyarrow_the_error_says_what_to_install(
    sample: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else needs it."""
    for name in [name for name in sys.modules if name.startswith(("pyarrow", "projections.exports."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with Ledger(tmp_path) as ledger, pytest.raises(Refused, match="pyarrow is not installed") as error:
        ledger.export_parquet(tmp_path / "columns")
    assert error.value.hint == "install it with: pip install 'verbale[parquet]'"
    assert not (tmp_path / "columns").exists()
    sample.ok("export journal lines.jsonl")
