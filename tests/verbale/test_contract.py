"""The JSON contract: every answer fits its schema, in the order of keys that scripts were promised."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from tests.verbale.doors import SAMPLE, Clock
from verbale.cli.shape import shape
from verbale.contract import SCHEMAS
from verbale.samples import sample_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.verbale.doors import Door

CLOCKS: Final = ["as_of", "as_known_at"]
POSITION: Final = [
    "party", "issue", "stance", "value", "since", "entry", "speaker", "text", "quote", "attribution", "conditions",
    "credibility", "previous", "deed", "contested", "contested_by", "possible", "possible_count", "inherited_from",
]  # fmt: skip
LOG: Final = [
    "entry", "type", "party", "issue", "on", "recorded_at", "recorded_by", "text", "stance", "status", "target",
]  # fmt: skip
IMPORT: Final = ["rows", "new", "already", "repeated", "refused", "refused_count", "first", "last", "notes"]
ENVELOPES: Final = {
    "positions": [*CLOCKS, "rule", "rows"],
    "recorded": ["entry", "already", "type", "party", "issue", "before", "after"],
    "erased": [
        "entry", "already", "type", "party", "issue", "before", "after",
        "erased", "destroyed", "sources_removed", "sources_kept", "unchecked", "purged",
    ],
    "import": IMPORT,
    "diff": ["from", "to", "rows"],
    "why": [*CLOCKS, "position", "counts", "against", "set_aside", "possible", "rule"],
    "verify": ["ok", "entries", "root", "first_bad_entry", "checked", "not_checked"],
    "replay": ["entries", "root", "digests", "equals_views"],
    "explained": ["from", "to", "entry", "rows", "reasons"],
    "status": ["ledger", "name", "path", "head", "parties", "issues", "sources", "key", "checkpoint"],
    "checkpoint": ["checkpoint", "size", "root", "note", "already", "wanting"],
    "growth": ["ok", "origin", "from_size", "to_size", "signed_by"],
    "keys": ["rows"],
    "key": ["key", "entry"],
    "inclusion": ["entry", "index", "size", "leaf", "root", "path"],
    "consistency": ["from_size", "to_size", "path"],
    "proof": ["ok", "entry", "size", "origin", "signed_by", "line"],
    "request": ["origin", "from_size", "to_size", "request"],
    "bundle": [
        "path", "entries", "size", "complete", "positions", "digest", "disclosed", "withheld", "sources",
        "sources_withheld",
    ],
    "backup": ["path", "entries", "root", "checkpoints", "sources"],
    "restore": ["path", "entries", "root", "checkpoints", "sources"],
    "export": ["format", "path", "entries", "ledger", "root", "rule", "files"],
    "html": ["path", *CLOCKS, "rule", "rows"],
    "recovered": ["first", "last", "missing"],
    "cosigned": ["origin", "from_size", "to_size", "note"],
    "cosignatures": ["checkpoint", "witnesses", "already"],
    "log": [*CLOCKS, "rows"],
    "timeline": [*CLOCKS, "rows"],
    "agenda": [*CLOCKS, "rows"],
    "agreement": [*CLOCKS, "rows"],
    "resolved": [*CLOCKS, "row"],
    "party": ["as_of", "as_known_at", "row"],
    "review": [*CLOCKS, "rows"],
    "issue": ["as_of", "as_known_at", "row"],
    "source": ["as_of", "as_known_at", "row"],
    "search": [*CLOCKS, "rows"],
    "cite": [
        *CLOCKS, "rule", "ledger", "name", "root", "version", "position", "entry", "source", "text",
    ],
    "doctor": [*CLOCKS, "ok", "rows"],
    "query": [*CLOCKS, "columns", "rows"],
    "tables": ["rows"],
    "config": ["files", "rows"],
    "parties": ["as_of", "as_known_at", "rows"],
    "issues": ["as_of", "as_known_at", "rows"],
    "sources": ["as_of", "as_known_at", "rows"],
    "speakers": ["as_of", "as_known_at", "rows"],
}  # fmt: skip
"""The keys of each kind of answer in order, after `schema` and `kind`."""
ROWS: Final = {
    "positions": POSITION,
    "diff": ["party", "issue", "before", "after", "entries"],
    "log": LOG,
    "parties": ["party", "name", "kind", "aliases", "codes", "merged_into", "entry"],
    "issues": ["issue", "proposition", "parent", "closed_by", "entry"],
    "sources": [
        "source", "title", "publisher", "agency", "url", "published_at", "sha256", "text_sha256", "reliability",
        "entry",
    ],
    "speakers": ["name", "party", "role", "rank", "from", "to", "entry"],
    "review": ["actor", "name", "country", "entries", "suggestion", "why", "also", "decision"],
    "doctor": ["check", "outcome", "says", "hint", "count", "found"],
    "tables": ["table", "columns"],
    "config": ["key", "value", "origin", "where"],
    "keys": ["key", "added", "retired", "here"],
}  # fmt: skip
"""The keys of a row in order, where every row has all of them."""
WITHIN: Final = {
    "as_known_at": ["entry", "recorded_at"],
    "head": ["entry", "recorded_at"],
    "from": CLOCKS,
    "to": CLOCKS,
    "position": POSITION,
    "previous": ["stance", "since", "entry"],
    "deed": ["entry", "bearing", "occurred_on", "text"],
    "digests": ["positions"],
}
"""The keys of what stands under a key, wherever it is an object."""

ASKED = [
    ("show RUS", "positions"),
    ("show ceasefire-30d --as-of 2025-03-10", "positions"),
    ("show UKR security-guarantees", "positions"),
    ("show UKR moscow-visit", "positions"),
    ("matrix", "positions"),
    ("matrix --as-of 2025-03-12 --as-known-at e50", "positions"),
    ("matrix --as-known-at 2025-01-01", "positions"),
    ("matrix --party Kremlin --issue ceasefire-30d", "positions"),
    ("why RUS ceasefire-30d", "why"),
    ("why UKR kursk-withdrawal --as-of 2025-03-12", "why"),
    ("why RUS ceasefire-30d --as-of 2025-03-10", "why"),
    ("why EUR ceasefire-30d", "why"),
    ("diff 2025-03-10 2025-03-12", "diff"),
    ("diff --known-from e0 --known-to e40 --as-of 2025-03-11", "diff"),
    ("diff 2025 2026", "diff"),
    ("log", "log"),
    ("log --party Moscow --as-of 2025-03-11", "log"),
    ("timeline ceasefire-30d", "timeline"),
    ("timeline kursk-withdrawal", "timeline"),
    ("agenda", "agenda"),
    ("agreement jeddah-talks-article", "agreement"),
    ("agenda --as-of 2025-03-20", "agenda"),
    ("search ceasefire", "search"),
    ("search Leviev --as-known-at e54", "search"),
    ("search putin --party RUS --issue ceasefire-30d --as-of 2025-03-11", "search"),
    ("search xyzzy", "search"),
    ("cite", "cite"),
    ("cite RUS ceasefire-30d --as-of 2025-03-12", "cite"),
    ("cite EUR ceasefire-30d", "cite"),
    ("cite e54", "cite"),
    ("cite e1 --no-root", "cite"),
    ("doctor", "doctor"),
    ("doctor --as-of 2027 --thorough", "doctor"),
    ("query 'SELECT * FROM parties'", "query"),
    ("query 'SELECT leaf, 1e999, 0.5, NULL, version AS v, version AS v FROM meta'", "query"),
    ("query 'SELECT 1 WHERE 0'", "query"),
    ("query --tables", "tables"),
    ("config", "config"),
    ("config --ledger x.db --by anna", "config"),
    ("status", "status"),
    ("verify", "verify"),
    ("replay", "replay"),
    ("replay --to e40", "replay"),
    ("replay --explain e50", "explained"),
    ("replay --explain e60", "explained"),
    ("party list", "parties"),
    ("party list --unresolved", "parties"),
    ("party review", "review"),
    ("party show Kremlin", "party"),
    ("party resolve Kremlin", "resolved"),
    ("party resolve RUS --code iso3 --as-of 2025", "resolved"),
    ("issue list", "issues"),
    ("issue show ceasefire-30d", "issue"),
    ("source list", "sources"),
    ("source show jeddah-talks-article", "source"),
    ("speaker list", "speakers"),
]
SINGLE = {"why", "status", "verify", "replay", "explained", "cite", "config", "party", "issue", "source", "resolved"}
"""The kinds that are one object, or have no `--jsonl`."""
RECORDED = [
    "party add BLR Belarus --alias Minsk",
    "party alias BLR Belorussia",
    "party alias BLR Litva --until 1795",
    "party rename BLR 'Republic of Belarus'",
    "party add CSTO 'Collective Security Treaty Organization' --kind coalition",
    "party join BLR CSTO --from 1994",
    "party join RUS CSTO",
    "party leave BLR CSTO --until 2025-06",
    "party add TALKS 'The talks' --kind other",
    "party merge TALKS --into BLR",
    "party unmerge TALKS",
    "party succeed TALKS BLR --from 2020",
    'issue add truce "A truce at sea takes effect"',
    'issue add truce-sea "A truce at sea" --parent truce',
    'issue reword truce-sea "A truce in all seas"',
    "issue close truce-sea --closed-on 2025-07 --reason signed",
    'source add wire-1 --title "A wire" --publisher Daily --agency Agency --url https://example.org/1 --reliability B',
    'speaker add "Somebody New" BLR --role envoy --rank 2 --from 2024 --to 2025-06',
    "record statement Minsk truce support -m yes --said-on 2025-03 --speaker A --quote Yes. --source wire-1",
    "record statement Minsk truce conditional -m yes --said-on 2025-04 --act accept --to RUS --to UKR --re e32",
    "record statement BLR truce support -m yes --said-on 2025-05 --condition one --condition two --lang be --quote Ok",
    "record statement BLR truce support -m y --said-on 2025-06 --attribution direct --credibility B2 --coding CAMEO:05",
    "record action BLR truce -m ships --occurred-on 2025-03-12 --bearing oppose --place Minsk --source wire-1",
    "record scheduled BLR truce -m talks --occurs-on 2026-01 --place Minsk",
    'record statement BLR truce declined -m "behind doors" --said-on 2025-04 --speaker B --sealed',
    "correct e32 --set said_on=2025-03-10 --reason misread",
    "record assertion BLR truce support --as-of 2025-06 --reason sure",
    "resolve e81 one met --resolved-on 2025-06-01 --reason signed",
    "dispute e32 --reason why --source wire-1",
    "corroborate e32 --source wire-1 --observer Nobody --quote ours",
    "retract e33 --reason why",
    "undo e32",
    "attest --as-of 2025-06",
    "attest --rule verified/1 --as-known-at e60",
    "party add PRESS 'Press (Minsk)' --kind unresolved",
    "party identify PRESS --kind organisation --name 'Press club of Minsk' --code cameo:BLRMED",
]
AUDITED = [
    ("key list", "keys"),
    ("key add --origin example.com/talks", "key"),
    ("key show", "key"),
    ("checkpoint", "checkpoint"),
    ("key add --reason rotation --key second.key", "key"),
    ("checkpoint", "checkpoint"),
    ("key list", "keys"),
    ("prove e31", "inclusion"),
    ("prove e31 --in cp1", "inclusion"),
    ("prove --consistency cp1..cp2", "consistency"),
    ("prove --check e31.tlog-proof --key ledger.key", "proof"),
    ("prove --check growth.txt --checkpoint cp1.txt --key ledger.key", "growth"),
    ("witness ask witness.key", "request"),
    ("witness sign request --key example.org/witness --log ledger.key", "cosigned"),
    ("witness take cosigned --key witness.key", "cosignatures"),
    ("bundle make -o out.zip", "bundle"),
    ("export journal -o all.jsonl", "export"),
    ("export tiles tiles", "export"),
    ("export parquet columns", "export"),
    ("export html pages", "html"),
    ("backup copy", "backup"),
    ("restore copy --ledger other.db", "restore"),
    ("recover lines.jsonl", "recovered"),
    ("key retire 00000000 --reason lost", "recorded"),
    ("status", "status"),
]
"""Commands of the audit, in an order that makes sense, and the kind of each answer."""


ERASE = "erase e85 --reason asked --authority court"


def check(kind: str, document: Any) -> None:
    """Hold a document against its schema and the order of its keys."""
    Draft202012Validator(SCHEMAS[kind]).validate(document)
    if kind == "when":
        assert all(list(row) == ["from", "stance", "entry", "known_from"] for row in document)
        return
    assert list(document) == ["schema", "kind", *ENVELOPES[kind]]
    assert (document["schema"], document["kind"]) == (1, kind)
    if kind in ROWS:
        assert {tuple(row) for row in document["rows"]} <= {tuple(ROWS[kind])}
    check_within(document)


def check_within(document: object) -> None:
    """Hold every object that stands under a known key against the order of its keys."""
    if isinstance(document, list):
        for item in document:
            check_within(item)
    if isinstance(document, dict):
        for key, value in document.items():
            if key in WITHIN and isinstance(value, dict):
                assert list(value) == WITHIN[key]
            if key in {"counts", "against", "possible"} and value and "type" in value[0]:
                evidence = ["entry", "type", "status", "recorded_at", "recorded_by"]
                assert all(list(one)[: len(evidence)] == evidence for one in value)
                check_sources(value)
            check_within(value)


def check_sources(evidence: list[dict[str, Any]]) -> None:
    """Hold what `why` says of independent sources against the order of its keys, and the number against the groups."""
    for one in evidence:
        groups = one["source_groups"]
        assert one["independent_sources"] == (None if groups is None else len(groups))
        assert all(list(group) == ["entries", "names", "because"] for group in groups or ())


def test_who_waits_to_be_identified_keeps_the_contract(door: Door) -> None:
    """The queue's rows have their keys, suggested for or not; the list's have the count as well."""
    door.ok("init -q")
    door.ok("party add HEZ Hezbollah --kind armed-group -q")
    for actor, name in (("a", "Hizbolllah"), ("b", "Hizbollah"), ("c", "'Police (UKR)'")):
        door.ok(f"party add actor/{actor} {name} --kind unresolved -q")
    review = door.ok("party review --json").json
    check("review", review)
    assert [row["suggestion"] for row in review["rows"]] == [None, "merge HEZ", None]
    assert review["rows"][1]["also"] == "merge actor/a: is spelt like 'Hizbolllah' (95 of 100)"
    listed = door.ok("party list --unresolved --json").json
    Draft202012Validator(SCHEMAS["parties"]).validate(listed)
    assert [list(row) for row in listed["rows"]] == [[*ROWS["parties"], "entries"]] * 3
    assert [row["actor"] for row in door.ok("party review --jsonl --country UKR").rows] == ["actor/c"]
    assert [row["actor"] for row in door.ok("party review --jsonl --country none --suggested").rows] == ["actor/b"]
    assert door("party review --country Atlantis").code == 4
    assert door("party review --dry-run").code == 2


@pytest.mark.parametrize("kind", SCHEMAS)
def test_schemas_are_schemas(kind: str) -> None:
    """Every schema of the contract is one itself."""
    Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize(("line", "kind"), ASKED)
def test_answers_keep_the_contract(sample: Door, line: str, kind: str) -> None:
    """Every question's `--json` is one document of its kind, in the promised order, and nothing else is said."""
    said = sample.ok(f"{line} --json")
    assert said.err == ""
    check(kind, said.json)


def test_every_kind_is_asked_for() -> None:
    """No kind of the contract goes without a test."""
    assert {kind for _, kind in (*ASKED, *AUDITED)} | {"recorded", "import", "when", "erased"} == set(SCHEMAS)


def test_every_command_that_takes_json_is_asked() -> None:
    """No command that takes `--json` goes without a test of what it then prints."""
    lines = [*(line for line, _ in (*ASKED, *AUDITED)), *RECORDED, ERASE, "import -", "when RUS ceasefire-30d"]
    for path, command in shape()["commands"].items():
        if any("--json" in option["names"] for option in command["options"]):
            assert any(line == path or line.startswith(f"{path} ") for line in lines), path


def test_the_audit_keeps_the_contract(sample: Door, tmp_path: Path) -> None:
    """The `--json` of every command of the audit is one document of its kind, in the promised order."""
    (tmp_path / "witness.key").write_text(sample.ok("witness init example.org/witness").out)
    for line, kind in AUDITED:
        if line.startswith("witness sign"):
            sample.ok("witness ask witness.key -o request")
        if line.startswith("witness take"):
            sample.ok("witness sign request --key example.org/witness -o cosigned")
        if line.startswith("prove --check"):
            sample.ok("prove e31 -o e31.tlog-proof")
            sample.ok("prove --consistency cp1..cp2 -o growth.txt")
            sample.ok("checkpoint cp1 -q -o cp1.txt")
        if line.startswith("recover"):
            sample.ok("export journal -o lines.jsonl")
        key = sample.ok("status --json").json["key"]
        if kind == "recorded":
            key = key.split("+")[1]
        elif key is not None and not (tmp_path / "ledger.key").exists():
            (tmp_path / "ledger.key").write_text(key)
        said = sample.ok(f"{line.replace('00000000', key or '')} --json")
        assert said.err == ""
        check(kind, said.json)
    assert sample.ok("status --json").json["checkpoint"] == {"checkpoint": 2, "size": 61}


def test_mutations_keep_the_contract(sample: Door) -> None:
    """Every mutation's `--json` says what was appended and what it did to the position, in the promised order."""
    head = sample.ok("status --json").json["head"]["entry"]
    for number, line in enumerate(RECORDED, start=head + 1):
        said = sample.ok(f"{line} --json")
        assert said.err == ""
        check("recorded", said.json)
        assert (said.json["entry"], said.json["already"]) == (number, False)
    for line, kind in [
        ("show BLR", "positions"),
        ("why BLR truce", "why"),
        ("log", "log"),
        ("timeline truce", "timeline"),
    ]:
        check(kind, sample.ok(f"{line} --json").json)
    assert sample.ok("replay --json").json["equals_views"] is True
    erased = sample.ok(f"{ERASE} --json").json
    check("erased", erased)
    check("erased", sample.ok(f"{ERASE} --json").json)
    assert (erased["erased"], erased["destroyed"], erased["purged"]) == (85, ["speaker", "text"], True)
    why = sample.ok("why BLR truce --json")
    check("why", why.json)


def test_a_mutation_says_before_and_after(sample: Door) -> None:
    """`before` and `after` are the stance of the position that the entry is about, null where there is none."""
    said = sample.ok("record statement Kremlin ceasefire-30d support -m x --said-on 2025-03-14 --json").json
    named = ("type", "party", "issue", "before", "after")
    assert [said[name] for name in named] == ["statement-made", "RUS", "ceasefire-30d", "awaiting", "support"]
    said = sample.ok(f"retract e{said['entry']} --reason y --json").json
    assert [said[name] for name in named] == ["entry-retracted", "RUS", "ceasefire-30d", "support", "awaiting"]
    said = sample.ok("record action EUR ceasefire-30d -m x --occurred-on 2025-03-12 --json").json
    assert [said[name] for name in named] == ["action-taken", "EUR", "ceasefire-30d", None, None]
    said = sample.ok("party add BLR Belarus --json").json
    assert [said[name] for name in named] == ["party-registered", "BLR", None, None, None]


def test_once_only(sample: Door) -> None:
    """The same draft again answers with the entry that has it, `already` true, and appends nothing."""
    line = "record statement Moscow ceasefire-30d support -m x --said-on 2025-03-14 --json"
    first = sample.ok(line).json
    again = sample.ok(line.replace("Moscow", "rus")).json
    assert again == first | {"already": True, "before": "support"}
    assert sample.ok("status --json").json["head"]["entry"] == first["entry"]


def test_when_is_a_bare_list(sample: Door) -> None:
    """`when --json` is a list of runs, the first first, and empty where nothing was said."""
    found = sample.ok("when RUS ceasefire-30d --json").json
    check("when", found)
    assert [(run["from"], run["stance"]) for run in found] == [("../2025-03-11", "oppose"), ("2025-03-12", "awaiting")]
    assert sample.ok("when RUS us-guarantees --json").json == []


def test_the_clocks_are_echoed_as_given(sample: Door) -> None:
    """`as_of` comes back as it was written, null where it was not, and `as_known_at` as the entry that it meant."""
    found = sample.ok("matrix --as-of 2025-Q1 --as-known-at 2026-11-23T09:12Z --json").json
    at = {"entry": 60, "recorded_at": "2026-11-23T09:12:00.000000Z"}
    assert (found["as_of"], found["as_known_at"]) == ("2025-Q1", at)
    found = sample.ok("matrix --as-known-at 2026-11-22 --json").json
    assert (found["as_of"], found["as_known_at"], found["rows"]) == (None, {"entry": 0, "recorded_at": None}, [])


def test_rows_are_ordered(sample: Door) -> None:
    """Rows of positions and of a diff come ordered by party, then issue."""
    for line in ("matrix", "show ceasefire-30d", "diff 2025-03-10 2025-03-12"):
        cells = [(row["party"], row["issue"]) for row in sample.ok(f"{line} --json").json["rows"]]
        assert cells == sorted(cells)
        assert cells


def test_csv_without_rows_still_has_its_header(door: Door) -> None:
    """An answer without rows is a table without records: its columns are there all the same."""
    door.ok("init -q")
    found = ["entry", "type", "status", "target", "snippet"]
    for line, header in (
        ("matrix", ROWS["positions"]),
        ("log", ROWS["log"]),
        ("diff 2024 2025", ROWS["diff"]),
        ("search x", found),
        ("query 'SELECT 1 AS a, 2 AS b WHERE 0'", ["a", "b"]),
    ):
        assert list(csv.reader(io.StringIO(door.ok(f"{line} --csv").out))) == [list(header)]


def test_an_empty_ledger(door: Door) -> None:
    """An empty ledger answers every question, knows nothing, and says that it ends at entry 0."""
    door.ok("init -q")
    for line, kind in [("matrix", "positions"), ("log", "log"), ("agenda", "agenda"), ("party list", "parties")]:
        found = door.ok(f"{line} --json").json
        check(kind, found)
        assert found["rows"] == []
        if "as_known_at" in found:
            assert found["as_known_at"] == {"entry": 0, "recorded_at": None}
    check("replay", door.ok("replay --json").json)


def test_nothing_at_all_is_no_row(sample: Door) -> None:
    """A party of which nothing is known on an issue has no row; one with something possible has one, stance null."""
    assert sample.ok("show EUR ceasefire-30d --json").json["rows"] == []
    (row,) = sample.ok("show RUS ceasefire-30d --as-of 2025-03-10 --json").json["rows"]
    assert (row["stance"], row["entry"], row["possible_count"]) == (None, None, 1)
    assert row["possible"] == [{"entry": 32, "stance": "oppose", "said_on": "../2025-03-11"}]


def test_show_takes_a_party_or_an_issue(sample: Door) -> None:
    """`show X` is about a party or an issue; a name of both is refused with exit code 4, and how to say which."""
    assert {row["party"] for row in sample.ok("show kremlin --json").json["rows"]} == {"RUS"}
    assert {row["issue"] for row in sample.ok("show ceasefire-30d --json").json["rows"]} == {"ceasefire-30d"}
    sample.ok("party alias EUR full-ceasefire")
    said = sample("show full-ceasefire --json")
    assert (said.code, said.out) == (4, "")
    assert "a party and an issue" in said.err
    assert {row["issue"] for row in sample.ok("matrix --issue full-ceasefire --json").json["rows"]} == {
        "full-ceasefire"
    }


@pytest.mark.parametrize(("line", "kind"), [pair for pair in ASKED if pair[1] not in SINGLE])
def test_json_lines_are_the_rows(sample: Door, line: str, kind: str) -> None:
    """`--jsonl` is the rows of `--json`, one a line, of every kind of list."""
    assert sample.ok(f"{line} --jsonl").rows == sample.ok(f"{line} --json").json["rows"]
    assert kind in SCHEMAS


@pytest.mark.parametrize(
    ("line", "header"),
    [
        ("matrix", POSITION),
        ("log", LOG),
        ("diff 2025-03-10 2025-03-12", ROWS["diff"]),
        ("when RUS ceasefire-30d", ["from", "stance", "entry", "known_from"]),
        ("party list", ROWS["parties"]),
        ("issue list", ROWS["issues"]),
        ("doctor", ROWS["doctor"]),
        ("query --tables", ROWS["tables"]),
        ("query 'SELECT party AS who, entry FROM parties'", ["who", "entry"]),
    ],
)
def test_csv_has_the_keys_as_header(sample: Door, line: str, header: Sequence[str]) -> None:
    """`--csv` has the contract's keys as its header and a record for each row, lists and objects as JSON."""
    names, *records = csv.reader(io.StringIO(sample.ok(f"{line} --csv").out))
    assert names == list(header)
    found = sample.ok(f"{line} --jsonl").rows
    assert len(records) == len(found)
    for record, row in zip(records, found, strict=True):
        for cell, value in zip(record, row.values(), strict=True):
            if isinstance(value, list | dict):
                assert json.loads(cell) == value


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"])
def test_csv_cells_are_no_formulas(sample: Door, words: str) -> None:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe in CSV, and only there."""
    sample.ok("record statement EUR full-ceasefire support --said-on 2025-03-12 -m -", stdin=words.encode())
    (record,) = csv.DictReader(io.StringIO(sample.ok("show EUR full-ceasefire --csv").out))
    assert record["text"] == f"'{words}"
    assert sample.ok("show EUR full-ceasefire --json").json["rows"][0]["text"] == words


@pytest.mark.parametrize("blank", ["\t", "\r"])
def test_csv_cells_begin_with_no_blank(blank: str) -> None:
    """A cell that begins with a TAB or CR, should one ever come so far, is defused like a formula."""
    from verbale.cli.output import cell

    assert cell(f"{blank}=1") == f"'{blank}=1"


def test_limit_holds_for_every_form(sample: Door) -> None:
    """`--limit` cuts the rows of every form alike; of the log it keeps the last."""
    assert len(sample.ok("matrix --limit 3 --json").json["rows"]) == 3
    assert len(sample.ok("matrix --limit 3 --jsonl").rows) == 3
    assert len(sample.ok("matrix --limit 3 --csv").out.splitlines()) == 4
    assert [row["entry"] for row in sample.ok("log --limit 2 --jsonl").rows] == [59, 60]


def test_answers_go_to_a_file(sample: Door, tmp_path: Path) -> None:
    """`-o FILE` writes what stdout would have got, for people and for scripts, and says nothing on stdout."""
    for line in ("matrix", "matrix --json", "matrix --csv", "log --jsonl", "replay --json", "export journal"):
        said = sample.ok(f"{line} -o answer")
        assert (said.out, said.err) == ("", "")
        assert (tmp_path / "answer").read_bytes() == sample.ok(line).out.encode()
    sample.ok("dispute e32 --reason x --json -o answer")
    check("recorded", json.loads((tmp_path / "answer").read_bytes()))


def test_help_json_is_the_contract(door: Door) -> None:
    """`help json` prints the schemas as one JSON document, by kind, each with its dialect."""
    found = door.ok("help json").json
    assert list(found) == list(SCHEMAS)
    assert {schema["$schema"] for schema in found.values()} == {"https://json-schema.org/draft/2020-12/schema"}
    assert all({**found[kind], "$schema": ""} == {**schema, "$schema": ""} for kind, schema in SCHEMAS.items())


def drafts(*given: Mapping[str, object] | str) -> bytes:
    """Return a dossier."""
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in given).encode()


PARTY = {"type": "party-registered", "party": "BLR", "name": "Belarus", "kind": "state"}
ISSUE = {"type": "issue-opened", "issue": "truce", "proposition": "A truce takes effect"}
WORDS = {
    "type": "statement-made",
    "party": "BLR",
    "issue": "truce",
    "stance": "support",
    "said_on": "2025",
    "text": "x",
}


def counts(report: dict[str, Any]) -> list[int]:
    """Return rows, new, already, repeated and refused."""
    return [report[name] for name in ("rows", "new", "already", "repeated", "refused_count")]


def test_an_import_adds_up(sample: Door) -> None:
    """An import's rows are those new, there already, repeated within the file, and refused, each counted once."""
    lot = drafts(PARTY, ISSUE, WORDS, WORDS, {**WORDS, "stance": "for"}, "not JSON", {**WORDS, "quote": "x"})
    said = sample("import - --keep-going --json", stdin=lot)
    assert said.code == 1
    check("import", said.json)
    assert counts(said.json) == [7, 4, 0, 1, 2]
    assert (said.json["first"], said.json["last"], said.json["notes"]) == (61, 64, {"quotes_unchecked": 1})
    assert [refused["line"] for refused in said.json["refused"]] == [5, 6]
    again = sample("import - --keep-going --json", stdin=lot).json
    assert counts(again) == [7, 0, 5, 0, 2]
    assert (again["first"], again["last"], again["notes"]) == (None, None, {})


def test_a_refusal_anywhere_records_nothing(sample: Door) -> None:
    """Without --keep-going one refused line keeps the whole file out, and the report still says what is wrong."""
    said = sample("import - --json", stdin=drafts(PARTY, ISSUE, {**WORDS, "party": "Mnsk"}))
    assert said.code == 1
    check("import", said.json)
    (refused,) = said.json["refused"]
    assert (refused["line"], refused["reason"]) == (3, "no party 'Mnsk'.")
    assert counts(said.json) == [3, 2, 0, 0, 1]
    assert (said.json["first"], said.json["last"]) == (None, None)
    assert sample.ok("status --json").json["head"]["entry"] == 60


def test_a_long_import_shows_how_far_it_is(door: Door, tmp_path: Path) -> None:
    """On a terminal an import says how much of the file it has decided on, then takes that away; else it is silent."""
    lot = tmp_path / "lot.jsonl"
    lot.write_bytes(drafts(PARTY, ISSUE, *({**WORDS, "text": f"{number}"} for number in range(2_500))))
    door.ok("init -q")
    shown = door(f"import {lot}", terminal=True).err
    assert "% of lot.jsonl decided on" in shown
    assert shown.endswith("\r\x1b[K")
    assert door.ok(f"import {lot}").err == ""
    assert door(f"import -q {lot}", terminal=True).err == ""


def test_a_thousand_refusals_are_listed_and_all_counted(door: Door) -> None:
    """The report lists at most 1,000 refusals, and counts all of them."""
    door.ok("init -q")
    found = door("import - --json", stdin=b"{}\n" * 1_200).json
    check("import", found)
    assert (found["rows"], found["refused_count"], len(found["refused"])) == (1_200, 1_200, 1_000)


def test_an_import_says_it_in_words(door: Door) -> None:
    """For people an import says how many entries are new and which, and how many quotes nobody has checked."""
    door.ok("init -q")
    said = door.ok("import", str(sample_path(SAMPLE)))
    assert said.out == "Recorded e1–e60: 60 rows, 60 new\n6 quotes unchecked: the source's text is not kept here\n"
    assert door.ok("import", str(sample_path(SAMPLE))).out == "Nothing new: 60 rows, 0 new, 60 already there\n"


def test_two_ledgers_in_one_file(door: Door, clock: Clock) -> None:
    """`PATH#NAME` is a ledger of its own in the same file, with its own views."""
    door.ok("init -q --ledger both.db")
    clock.set("2026-11-24T10:00:00Z")
    door.ok("init -q --ledger both.db#second")
    door.ok("party add RUS Russia --ledger both.db#second")
    assert door.ok("party list --ledger both.db --json").json["rows"] == []
    found = door.ok("status --ledger both.db#second --json").json
    assert (found["name"], found["parties"]) == ("second", 1)
    assert found["ledger"] != door.ok("status --ledger both.db --json").json["ledger"]


def test_where_the_ledger_is(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--ledger` wins over `VERBALE_LEDGER`, which wins over the nearest `.verbale/` upwards."""
    door.ok("init -q")
    for name in ("env", "said"):
        door.ok(f"init -q --ledger {name}.db")
        door.ok(f"party add {name} {name}-party --ledger {name}.db")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert door.ok("party list --jsonl").rows == []
    monkeypatch.setenv("VERBALE_LEDGER", str(tmp_path / "env.db"))
    assert [row["party"] for row in door.ok("party list --jsonl").rows] == ["env"]
    assert [row["party"] for row in door.ok("party list --jsonl --ledger ../../said.db").rows] == ["said"]


def test_who_recorded(sample: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """`recorded_by` comes from --by, else from VERBALE_BY, else it is null: never from the operating system."""
    sample.ok("party add AAA Aland")
    monkeypatch.setenv("VERBALE_BY", "anna")
    sample.ok("party add BBB Bland")
    sample.ok("party add CCC Cland --by pavel")
    assert [row["recorded_by"] for row in sample.ok("log --limit 3 --jsonl").rows] == [None, "anna", "pavel"]
