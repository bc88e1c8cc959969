"""What the JSON Schemas promise: one per event type, in step with the models."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger import schemas
from ledger.entries import ENTRY_TYPES

if TYPE_CHECKING:
    from ledger.entries import Entry

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "events" / "schemas"
FORMAT = ROOT / "events" / "README.md"
DOSSIER = ROOT / "events" / "dossiers" / "ukraine-ceasefire-2025.jsonl"


def test_there_is_one_for_every_type() -> None:
    """The folder holds a schema for each type of the registry and nothing else."""
    assert {file.name for file in FOLDER.iterdir()} == {f"{cls.type_name()}.json" for cls in ENTRY_TYPES}


@pytest.mark.parametrize("cls", ENTRY_TYPES, ids=lambda cls: cls.type_name())
def test_files_are_in_step(cls: type[Entry]) -> None:
    """Each file is what `python -m ledger.schemas events/schemas` writes today."""
    assert (FOLDER / f"{cls.type_name()}.json").read_text(encoding="utf-8") == schemas.text(cls)


def test_writing_gives_the_same_files(tmp_path: Path) -> None:
    """The command's function writes every schema, as bytes that do not depend on the system."""
    files = schemas.write(tmp_path / "new")
    assert {file.name: file.read_bytes() for file in files} == {
        file.name: file.read_bytes() for file in FOLDER.iterdir()
    }


def test_the_dossier_uses_no_field_that_they_lack() -> None:
    """Every draft of the ceasefire dossier has the required fields of its schema and no other than its fields."""
    known = {cls.type_name(): schemas.schema(cls) for cls in ENTRY_TYPES}
    for line in DOSSIER.read_bytes().split(b"\n")[:-1]:
        draft = json.loads(line)
        schema = known[draft["type"]]
        assert set(draft) <= set(schema["properties"])
        assert set(schema["required"]) <= set(draft)
        assert schema["properties"]["type"]["const"] == draft["type"]


def test_the_format_page_has_every_type_and_field() -> None:
    """Each type that there is, and each field of its drafts, is described in `events/README.md`."""
    described = set(re.findall(r"`([a-z_][a-z0-9_-]*)`", FORMAT.read_text(encoding="utf-8")))
    fields = {name for cls in ENTRY_TYPES for name in schemas.schema(cls)["properties"]}
    assert sorted((fields | {cls.type_name() for cls in ENTRY_TYPES}) - described) == []
