"""The JSON contract: a JSON Schema (2020-12) for each `kind` of answer.

A change here needs a new schema number and a line in the changelog.
"""

from __future__ import annotations

import json
from typing import Final

from verbale.contract.answers import ANSWERS
from verbale.contract.audits import AUDITS
from verbale.contract.shapes import SCHEMA_NUMBER, Schema

__all__ = ["SCHEMAS", "SCHEMA_NUMBER", "Schema", "columns_of", "schemas_text"]

SCHEMAS: Final[dict[str, Schema]] = {**ANSWERS, **AUDITS}


def columns_of(kind: str) -> list[str]:
    """Return the fields that every row of a kind of answer has."""
    schema = SCHEMAS[kind]
    rows = schema if schema["type"] == "array" else schema["properties"].get("rows", {"items": schema})
    return list(rows["items"]["required"])


def schemas_text() -> str:
    """Return all schemas as one JSON document, by kind; rows of `--jsonl` are the items of `rows`."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps({kind: {"$schema": dialect, **schema} for kind, schema in SCHEMAS.items()}, indent=1) + "\n"
