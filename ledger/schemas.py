"""JSON Schemas of the drafts, one per event type: `events/schemas/TYPE.json` (2020-12).

A draft may use any name of a party, issue or source, so those fields are plain texts here, and entries are numbers,
`e17` or a `ref`.  A schema says what a draft looks like; whether the ledger admits it is for the ledger to say.  The
files are made by

    python -m ledger.schemas FOLDER

and a test keeps them in step.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.drafts import references
from ledger.entries import ENTRY_TYPES, Amendment, Quote, SourceRegistered, StatementMade

if TYPE_CHECKING:
    from ledger.entries import Entry

_NAME: Final = {"type": "string", "minLength": 1}
_ENTRY: Final = {
    "anyOf": [
        {"type": "integer", "minimum": 1},
        {"type": "string", "minLength": 1, "description": "e17, or the ref of an earlier line"},
    ]
}
_NULL: Final = {"type": "null"}


def schema(cls: type[Entry]) -> dict[str, Any]:
    """Return the JSON Schema of the drafts of one type."""
    found = cls.model_json_schema(by_alias=True)
    said = {"type": {"const": cls.type_name()}, "ref": {"type": "string", "pattern": "^(?![eE]?[0-9]+$).+$"}}
    fields = said | {name: _draft_of(one) for name, one in found["properties"].items()}
    for name, kind in references(cls).items():
        fields[name] = _referring(fields[name], _ENTRY if kind == "entry" else _NAME)
    required = ["type", *found.get("required", [])]
    if issubclass(cls, SourceRegistered):
        fields["snapshot"] = {"type": "string", "description": "a file, relative to the dossier: its bytes are kept"}
    if issubclass(cls, StatementMade):
        fields["sealed"] = {"const": True, "description": "keep speaker, text and quote out of the journal"}
        required.append("text")
    if issubclass(cls, Amendment) and "changes" in fields:
        fields["changes"] = {"type": "object", "minProperties": 1}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": cls.type_name(),
        "description": (cls.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": fields,
        "required": required,
        "additionalProperties": False,
    }
    parts = {name: _draft_of(one) for name, one in found.get("$defs", {}).items()}
    if Quote.__name__ in parts:
        bare = {"type": "string", "minLength": 1, "description": "the exact words alone"}
        parts[Quote.__name__] = {"anyOf": [parts[Quote.__name__], bare]}
    return whole | ({"$defs": parts} if parts else {})


def text(cls: type[Entry]) -> str:
    """Return the schema's file."""
    return json.dumps(schema(cls), ensure_ascii=False, indent=2) + "\n"


def write(folder: Path) -> list[Path]:
    """Write every schema into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for cls in ENTRY_TYPES:
        file = folder / f"{cls.type_name()}.json"
        file.write_text(text(cls), encoding="utf-8", newline="\n")
        files.append(file)
    return files


def _draft_of(part: Any) -> Any:  # noqa: ANN401  JSON
    """Return a part of a schema without pydantic's titles, its patterns in the dialect of JSON Schema (ECMA 262)."""
    if isinstance(part, list):
        return [_draft_of(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _draft_of(one) for name, one in part.items() if name != "title" or not isinstance(one, str)}
    if isinstance(kept.get("pattern"), str):
        kept["pattern"] = re.sub(r"\\x\{([0-9a-fA-F]{4})\}", r"\\u\1", kept["pattern"])
    if isinstance(kept.get("description"), str):
        kept["description"] = kept["description"].partition("\n")[0]
    return kept


def _referring(field: dict[str, Any], name: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that refers: one name, a list of names, and null where it was allowed."""
    if field.get("type") == "array":
        return field | {"items": name}
    if _NULL in field.get("anyOf", ()):
        return {"anyOf": [*name.get("anyOf", [name]), _NULL], "default": None}
    return dict(name)


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "events/schemas"))
