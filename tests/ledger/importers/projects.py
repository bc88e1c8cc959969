"""Small projects of Discourse Network Analyzer, as DNA 2 and DNA 3 would write them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

OWN: Final = {"person": "short text", "organization": "short text", "concept": "short text", "agreement": "boolean"}
JANUARY: Final = 1_106_697_600
"""Midnight of 2005-01-26, UTC."""
_COMMON: Final = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE CODERS(ID INTEGER NOT NULL PRIMARY KEY, Name TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER NOT NULL PRIMARY KEY, Title TEXT, Text TEXT, Coder INTEGER, Author TEXT, Source TEXT,
    Section TEXT, Notes TEXT, Type TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER NOT NULL PRIMARY KEY, Label TEXT);
CREATE TABLE VARIABLES(ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER,
    UNIQUE (Variable, StatementTypeId));
CREATE TABLE STATEMENTS(ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER,
    Stop INTEGER, Coder INTEGER);
"""
_SCHEMA_2: Final = """
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    StatementTypeId INTEGER, Value INTEGER, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    StatementTypeId INTEGER, Value INTEGER, UNIQUE (StatementId, VariableId));
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    StatementTypeId INTEGER, Value TEXT, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    StatementTypeId INTEGER, Value TEXT, UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL, Red INTEGER,
    Green INTEGER, Blue INTEGER, Type TEXT, Alias TEXT, Notes TEXT, ChildOf TEXT);
"""
_SCHEMA_3: Final = """
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, Value TEXT NOT NULL DEFAULT '',
    Red INTEGER, Green INTEGER, Blue INTEGER, ChildOf INTEGER, UNIQUE (VariableId, Value));
CREATE TABLE DATABOOLEAN(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    Value INTEGER NOT NULL DEFAULT 1, UNIQUE (StatementId, VariableId));
CREATE TABLE DATAINTEGER(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    Value INTEGER NOT NULL DEFAULT 0, UNIQUE (StatementId, VariableId));
CREATE TABLE DATASHORTTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    Entity INTEGER NOT NULL, UNIQUE (StatementId, VariableId));
CREATE TABLE DATALONGTEXT(ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL, VariableId INTEGER NOT NULL,
    Value TEXT DEFAULT '', UNIQUE (StatementId, VariableId));
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER NOT NULL,
    AttributeVariableId INTEGER NOT NULL, AttributeValue TEXT NOT NULL DEFAULT '');
"""
_TABLES: Final = {"boolean": "DATABOOLEAN", "integer": "DATAINTEGER", "long text": "DATALONGTEXT"}


@dataclass
class Doc:
    """A document, by default of midnight, 26 January 2005."""

    text: str
    title: str = "A hearing"
    author: str = ""
    source: str = ""
    section: str = ""
    date: int = JANUARY
    """Seconds since 1970; schema 2 gets milliseconds."""


@dataclass
class Mark:
    """A statement: the words that it marks in its document, or where they stand, and its values."""

    values: dict[str, Any]
    words: str = ""
    bounds: tuple[int, int] | None = None
    document: int = 1
    type: int = 1
    coder: int = 1


@dataclass
class Made:
    """A project."""

    documents: list[Doc]
    marks: list[Mark]
    types: list[dict[str, str]] = field(default_factory=lambda: [OWN])
    coders: tuple[str, ...] = ("Anna", "Ben")
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    """What else an entity is called, by its variable and value."""

    def written(self, path: Path, schema: int) -> Path:
        """Write the project as one of the schemas has it."""
        db = sqlite3.connect(path)
        db.executescript(_COMMON + (_SCHEMA_3 if schema == 3 else _SCHEMA_2))
        version = "3.0.7" if schema == 3 else "2.0 beta 25"
        db.execute("INSERT INTO SETTINGS VALUES ('version', ?)", (version,))
        db.executemany("INSERT INTO CODERS VALUES (?, ?)", enumerate(self.coders, 1))
        for number, one in enumerate(self.documents, 1):
            date = one.date * (1 if schema == 3 else 1_000)
            row = (number, one.title, one.text, 1, one.author, one.source, one.section, "", "", date)
            db.execute("INSERT INTO DOCUMENTS VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        for type_, variables in enumerate(self.types, 1):
            db.execute("INSERT INTO STATEMENTTYPES VALUES (?, ?)", (type_, f"Type {type_}"))
            rows = [(name, datatype, type_) for name, datatype in variables.items()]
            db.executemany("INSERT INTO VARIABLES (Variable, DataType, StatementTypeId) VALUES (?, ?, ?)", rows)
        for number, mark in enumerate(self.marks, 1):
            self._mark(db, schema, number, mark)
        for (variable, value), alias in self.aliases.items():
            _alias(db, schema, variable, value, alias)
        db.commit()
        db.close()
        return path

    def _mark(self, db: sqlite3.Connection, schema: int, number: int, mark: Mark) -> None:
        start, stop = mark.bounds or _bounds(self.documents[mark.document - 1].text, mark.words)
        row = number, mark.type, mark.document, start, stop, mark.coder
        db.execute("INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, ?)", row)
        for name, value in mark.values.items():
            variable = _variable(db, name, mark.type)
            table = _TABLES.get(self.types[mark.type - 1][name])
            column = "Value"
            if table is None:
                table = "DATASHORTTEXT"
                if schema == 3:
                    db.execute("INSERT OR IGNORE INTO ENTITIES (VariableId, Value) VALUES (?, ?)", (variable, value))
                    column, value = "Entity", _entity(db, variable, value)  # noqa: PLW2901  by its number from here
            query = f"INSERT INTO {table} (StatementId, VariableId, {column}) VALUES (?, ?, ?)"
            db.execute(query, (number, variable, value))


def _bounds(text: str, words: str) -> tuple[int, int]:
    """Return where words stand in a document, in UTF-16 units, as Java counts."""
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


def _variable(db: sqlite3.Connection, name: str, type_: int) -> int:
    query = "SELECT ID FROM VARIABLES WHERE Variable = ? AND StatementTypeId = ?"
    return int(db.execute(query, (name, type_)).fetchone()[0])


def _entity(db: sqlite3.Connection, variable: int, value: object) -> int:
    query = "SELECT ID FROM ENTITIES WHERE VariableId = ? AND Value = ?"
    return int(db.execute(query, (variable, value)).fetchone()[0])


def _alias(db: sqlite3.Connection, schema: int, name: str, value: str, alias: str) -> None:
    variable = _variable(db, name, 1)
    if schema != 3:
        query = "INSERT INTO ATTRIBUTES (VariableId, Value, Type, Alias, Notes, ChildOf) VALUES (?, ?, '', ?, '', '')"
        db.execute(query, (variable, value, alias))
        return
    done = db.execute("INSERT INTO ATTRIBUTEVARIABLES (VariableId, AttributeVariable) VALUES (?, 'Alias')", (variable,))
    query = "INSERT INTO ATTRIBUTEVALUES (EntityId, AttributeVariableId, AttributeValue) VALUES (?, ?, ?)"
    db.execute(query, (_entity(db, variable, value), done.lastrowid, alias))
