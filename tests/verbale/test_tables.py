"""Tables at the door: mappings are drafted, work unedited where the header tells all, and what was exported comes back.

The headlines lie outside of the project, `../shared/data/news`; whoever lacks them sees that test skipped.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Refused, Unparsable
from ledger.importers.mapped import Mapped
from ledger.importers.mapping import mapping_of
from ledger.importers.suggesting import suggestion
from tests.ledger.samples import BASICS, DATES, IDS, LABELS, PROSE, STANCE, new_ledger
from verbale.documents import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.verbale.doors import Door
    from verbale import Ledger

HEADLINES = Path(__file__).resolve().parents[3] / "shared" / "data" / "news" / "rus_ukr_headlines_may2025.csv"
ROOT = Path(__file__).resolve().parents[2]
UNTIL_NOW = DATES | st.dates(datetime(1900, 1, 1).date(), datetime(2026, 1, 1).date()).map(str)  # noqa: DTZ001
TALKS = """\
id,country,vote,day,headline,link,published
1,Russia,yes,13/04/2025,"Russia says
yes",https://a.example/1,"Sun, 13 Apr 2025 06:57:34 EDT"
2,NA,no,14/04/2025,Namibia votes no,https://a.example/2,2025-04-14T09:00:00Z
"""


def as_table(rows: Iterable[dict[str, Any]], names: Iterable[str]) -> bytes:
    """Return rows as CSV, lists joined by semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    listed = list(names)
    writer.writerow(listed)
    for row in rows:
        cells = (row.get(name, "") for name in listed)
        writer.writerow(["; ".join(cell) if isinstance(cell, list) else cell for cell in cells])
    return out.getvalue().encode()


def imported_by_suggestion(book: Ledger, content: bytes) -> tuple[int, int, int]:
    """Import a table by the mapping that is drafted for it, as it is; return rows, refused and left out."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.toml"
        path.write_text(suggestion(io.BytesIO(content), "table.csv"), encoding="utf-8")
        report = book.import_file(io.BytesIO(content), mapping=path, keep_going=True)
    return report.rows, report.refused_count, report.notes.get("left_out_by_mapping", 0)


@pytest.mark.skipif(not HEADLINES.exists(), reason="the headlines are not here: ../shared/data/news")
def test_headlines_are_imported_by_the_mapping_that_is_drafted(door: Door) -> None:
    """The draft, unedited, makes a source of each of the 207 rows, published when Python's own readers say, in UTC."""
    door.ok("init -q")
    door.ok(f"import {HEADLINES} --suggest-mapping -o headlines.toml")
    report = door.ok(f"import {HEADLINES} --mapping headlines.toml --json").json
    assert (report["rows"], report["new"], report["refused_count"], report["notes"]) == (207, 207, 0, {})
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = [r["published"] for r in rows]
    at = [datetime.fromisoformat(one) if one[0].isdigit() else parsedate_to_datetime(one) for one in read]
    wanted = sorted(
        (row["title"], row["link"], row["source"], f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        for row, when in zip(rows, at, strict=True)
    )
    found = door.ok("source list --json").json["rows"]
    assert sorted((row["title"], row["url"], row["publisher"], row["published_at"]) for row in found) == wanted
    again = door.ok(f"import {HEADLINES} --mapping headlines.toml --json").json
    assert (again["already"], again["first"]) == (207, None)


def test_a_table_is_read_by_the_mapping_beside_it(door: Door, tmp_path: Path) -> None:
    """Without a mapping a hint drafts one; the draft says what to edit; under the file's name it is found by itself."""
    (tmp_path / "talks.csv").write_text(TALKS, encoding="utf-8")
    door.ok("init -q")
    door.ok("party add RUS Russia --kind state")
    door.ok('issue add ceasefire "A ceasefire takes effect"')
    door.transcript("""
        $ verbale import talks.csv
        2> Error: talks.csv is a table of no data set that is known here.
        2> Hint: draft a mapping, and read it: verbale import talks.csv --suggest-mapping > talks.toml
        [1]
        $ verbale import talks.csv --suggest-mapping
        # What the rows of talks.csv are. Read it, edit what is marked EDIT, then try it:
        #   verbale import talks.csv --mapping talks.toml --dry-run
        # A field is a text in which {column} stands for that cell; one whose cells are blank is left out.

        dataset = "talks"

        [unknown]  # names that the ledger does not know: their rows are refused, or they are registered
        # party = "register"  # states as states, others for later: verbale party list --unresolved
        # issue = "register"  # its name is the proposition

        [row]
        type = "statement-made"  # each row is a party's words on an issue
        party = "{country}"
        issue = "EDIT"  # no column says what it is about: the id of an issue of the ledger
        text = "{country}: {vote}"
        said_on = { from = "{day}", date = "%d/%m/%Y" }  # told by "13/04/2025"

        [row.stance]
        from = "{vote}"

        [row.stance.values]
        # oppose, reserved, uncommitted, conditional, support, awaiting, declined, withdrawn
        "yes" = "support"
        "no" = "oppose"

        [row.source]  # the document it rests on, registered once for each url
        title = "{headline}"
        url = "{link}"
        published_at = "{published}"

        [row.origin]  # the row that an entry is made from
        id = "{id}"
        # columns = ["*"]  # keep, word for word, what nothing else is made of
        """)
    door.ok("import talks.csv --suggest-mapping -o talks.toml")
    draft = (tmp_path / "talks.toml").read_text(encoding="utf-8")
    (tmp_path / "talks.toml").write_text(draft.replace('issue = "EDIT"', 'issue = "ceasefire"'), encoding="utf-8")
    door.transcript("""
        $ verbale import talks.csv
        2> Reading talks.csv by the mapping beside it, talks.toml
        2> line 4: no party 'NA'.
        2>   hint: see: verbale party list
        2> Error: 1 of 2 lines refused; nothing was recorded.
        2> Hint: mend the lines, or record the rest with --keep-going
        [1]
        $ verbale import talks.csv --keep-going --refused bad.csv
        Recorded e3–e5: 2 rows, 1 new, 1 refused
        2 names registered beside: parties, issues and sources that nobody had
        2> Reading talks.csv by the mapping beside it, talks.toml
        2> line 4: no party 'NA'.
        2>   hint: see: verbale party list
        2> Mend bad.csv, then: verbale import bad.csv --mapping talks.toml
        [1]
        """)
    bad = (tmp_path / "bad.csv").read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(bad))) == [
        row for row in csv.reader(io.StringIO(TALKS)) if row[0] in {"id", "2"}
    ]
    (tmp_path / "bad.csv").write_text(bad.replace("NA", "Russia"), encoding="utf-8")
    door.transcript("""
        $ verbale import bad.csv --mapping talks.toml
        Recorded e6: 1 row, 1 new
        $ verbale import talks.csv --as unga --mapping talks.toml
        2> Error: --mapping and --as exclude each other.
        2> Hint: a mapping says all that --as would
        [2]
        $ verbale import talks.csv --mapping none.toml
        2> Error: cannot read the mapping none.toml: No such file or directory.
        2> Hint: draft one with: verbale import FILE --suggest-mapping
        [1]
        $ verbale show RUS ceasefire
        no bound in time · as known at e6, recorded 2026-11-23 09:12 UTC

        Russia (RUS) on ceasefire
           A ceasefire takes effect
        −− oppose  since 2025-04-14
           e6 Russia: no (paraphrase)
           before: ++ support, since 2025-04-13 (e4)
        """)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["statement-made", "action-taken", "event-scheduled"]),
                "party": st.sampled_from(["RUS", "UKR"]),
                "on": UNTIL_NOW,
                "text": PROSE | st.sampled_from(["=1+1", "'=1", "''-x", "'tis", "-", "a\rb", "NA", " x ", '"']),
                "stance": STANCE,
                "retracted": st.booleans(),
            }
        ),
        max_size=8,
    )
)
def test_what_the_log_prints_comes_back(said: list[dict[str, Any]]) -> None:
    """`log --csv` of any ledger, through the mapping that is drafted for it, gives the same words and deeds again."""
    book, other = (new_ledger(_in_memory(), *BASICS) for _ in range(2))
    with book, other:
        for one in said:
            done = book.record(_mover(one))
            if one["retracted"] and not done.already:
                book.retract(done.entry, "a slip")
        rows = book.log().to_dicts()
        content = csv_text(rows, []).encode()
        counted = [row for row in rows if row["on"] is not None and row["status"] != "retracted"]
        assert imported_by_suggestion(other, content) == (len(counted), 0, len(rows) - len(counted))
        names = ("type", "party", "issue", "on", "text", "stance")
        told = [[row[name] for name in names] for row in other.log().to_dicts()[len(BASICS) :]]
        assert told == [[row[name] for name in names] for row in counted]


def _in_memory() -> Any:
    from tests.ledger.conftest import MemoryPlace

    return MemoryPlace()


def _mover(one: dict[str, Any]) -> dict[str, Any]:
    dated, stance = {
        "statement-made": ("said_on", "stance"),
        "action-taken": ("occurred_on", "bearing"),
        "event-scheduled": ("occurs_on", None),
    }[one["type"]]
    draft = {"type": one["type"], "party": one["party"], "issue": "ceasefire", dated: one["on"], "text": one["text"]}
    return draft if stance is None else {**draft, stance: one["stance"]}


STATEMENTS = st.fixed_dictionaries(
    {"party": LABELS, "issue": IDS, "stance": STANCE, "said_on": DATES, "text": PROSE},
    optional={
        "speaker": LABELS,
        "quote": PROSE,
        "to": st.lists(IDS, min_size=1, max_size=3),
        "act": st.sampled_from(["declare", "deny"]),
        "attribution": st.sampled_from(["direct", "reported"]),
        "credibility": st.sampled_from(["A1", "F6"]),
    },
)


@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_statements_in_columns_come_back(statements: list[dict[str, Any]]) -> None:
    """A table whose columns are called as the fields is read by the drafted mapping without a change."""
    names = [
        "party",
        "issue",
        "stance",
        "said_on",
        "text",
        "speaker",
        "quote",
        "to",
        "act",
        "attribution",
        "credibility",
    ]
    content = as_table(statements, names)
    mapping = mapping_of(suggestion(io.BytesIO(content), "table.csv"))
    with new_ledger(_in_memory()) as book:
        lines = list(Mapped(mapping).lines(io.BytesIO(content), book.current_register()))
    found = [line.draft for line in lines]
    assert found == [{"type": "statement-made", **one} for one in statements]


@given(
    st.lists(st.text(max_size=10), min_size=1, max_size=6),
    st.lists(st.lists(st.text(max_size=10), min_size=6, max_size=6), max_size=4),
)
def test_any_table_gets_a_mapping_that_is_one(header: list[str], rows: list[list[str]]) -> None:
    """Whatever a table holds, the draft for it is a mapping, and asks for no column that is not there."""
    table = [header, *(row[: len(header)] for row in rows)]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    content = out.getvalue().encode("utf-8", "surrogatepass")
    if sum(any(map(str.strip, row)) for row in table) < 2:
        with pytest.raises(Refused, match="no row"):
            suggestion(io.BytesIO(content), "any table.csv.gz")
        return
    text = suggestion(io.BytesIO(content), "any table.csv.gz")
    if '"EDIT"' in text:
        with pytest.raises(Unparsable, match="it is yet to be said"):
            mapping_of(text)
    mapping = mapping_of(text.replace('stance = "EDIT"', 'stance = "support"').replace('"EDIT"', '"2025"'))
    with new_ledger(_in_memory()) as book:
        for line in Mapped(mapping).lines(io.BytesIO(content), book.current_register()):
            assert line.draft is not None or line.error is not None


SPOTTED = [
    ("day\n13/04/2025\n03/04/2025\n", r'said_on = \{ from = "\{day\}", date = "%d/%m/%Y" \}  # told by "13/04/2025"'),
    (
        "day\n03/04/2025\n",
        r'# EDIT: "03/04/2025" can be read in more than one way.*\n.*%d/%m/%Y.*\n.*%m/%d/%Y.*\nsaid_on = "',
    ),
    ("day\n12 March 2025\n", r'date = "%d %B %Y"'),
    ("day\n1106697600\n", r'date = "unix"'),
    ("day\n2025-03-12 14:30\n", r'# said_on = \{ from = "\{day\}", zone = "\+00:00" \}\nsaid_on = "\{day\}"'),
    ("day\n2025-03-12T00:00:00\n", r'date = "%Y-%m-%dT00:00:00" \}  # each at midnight'),
    ("day\nsoon\n", r'said_on = "\{day\}"  # EDIT: "soon" is no time'),
    ("vote\nYes\nAgainst\nAbstain\n", r'"Yes" = "support"\n"Against" = "oppose"\n"Abstain" = "uncommitted"'),
    ("vote\n1\n0\n", r'"1" = "support"\n"0" = "oppose"'),
    ("vote\n1\n3\n", r'# "1" = ""  # EDIT.*\n# "3" = ""  # EDIT'),
    ("vote\nsupport\nawaiting\n", r'stance = "\{vote\}"'),
    ("Topic\nA 30-day ceasefire\n", r'\nissue = "register"'),
    ("Topic\nceasefire-30d\n", r'\n# issue = "register"'),
    ("addressee\nA; B\n", r'to = \{ from = "\{addressee\}", separator = ";" \}'),
    ("id\n1\n2\n", r'\[row.origin\].*\nid = "\{id\}"'),
    ("id\n1\n1\n", r"#   \{id\}  1"),
]


@pytest.mark.parametrize(("column", "wanted"), SPOTTED)
def test_what_a_column_tells_is_written_down(column: str, wanted: str) -> None:
    """Formats, words, ids and lists are told from the values, with what told them; what nothing tells is marked."""
    name, *values = column.splitlines()
    rows = [{name: value, "party": "RUS"} for value in values]
    others = [] if name == "vote" else ["vote"]
    text = suggestion(io.BytesIO(as_table(rows, ["party", *others, name])), "t.csv")
    assert re.search(wanted, text), text
    mapping_of(text.replace('"EDIT"', '"2025"'))


@pytest.mark.parametrize("header", ["pays,avis", "country,avis", "pays,stance"])
def test_words_that_no_column_holds_are_asked_for(header: str) -> None:
    """Where neither words nor party and stance are told from the header, the draft invents no text for the rows."""
    text = suggestion(io.BytesIO(f"{header}\nLorn,support\n".encode()), "t.csv")
    assert re.search('^text = "EDIT"', text, re.MULTILINE), text


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Headline;URL;PubDate", "source-registered"),
        ("name,party,role,from,to", "speaker-appointed"),
        ("iso3,name,kind", "party-registered"),
        ("actor,issue,event date,description,place", "action-taken"),
        ("Country,Topic,Position,Date", "statement-made"),
    ],
)
def test_what_the_rows_are_is_told_by_the_header(header: str, kind: str) -> None:
    """The columns together tell what a row is."""
    row = ";,"["," in header].join("x" * (header.count(",") + header.count(";") + 1))
    assert f'type = "{kind}"' in suggestion(io.BytesIO(f"{header}\n{row}\n".encode()), "t.csv")


def test_speakers_and_parties_are_imported_too(door: Door, tmp_path: Path) -> None:
    """Drafted mappings of parties and of who speaks for them work as they are."""
    (tmp_path / "parties.csv").write_text("iso3,name,kind,aliases\nRUS,Russia,state,Kremlin;Moscow\n", encoding="utf-8")
    speakers = "name,party,role,rank,from\nDmitry Peskov,Kremlin,Spokesman,2,2012-05-22\n"
    (tmp_path / "speakers.csv").write_text(speakers, encoding="utf-8")
    door.ok("init -q")
    for name in ("parties", "speakers"):
        door.ok(f"import {name}.csv --suggest-mapping -o {name}.toml")
        assert door.ok(f"import {name}.csv --json").json["new"] == 1
    (party,) = door.ok("party list --json").json["rows"]
    assert (party["party"], party["aliases"], party["codes"]) == ("RUS", ["Kremlin", "Moscow"], {"iso3": "RUS"})
    (speaker,) = door.ok("speaker list --json").json["rows"]
    assert (speaker["name"], speaker["party"], speaker["rank"], speaker["from"]) == (
        "Dmitry Peskov",
        "RUS",
        2,
        "2012-05-22",
    )


def test_a_spreadsheet_by_the_mapping_that_is_drafted(door: Door, tmp_path: Path) -> None:
    """A sheet with dates and numbers of its own types is imported; the refused rows come as a CSV with the header."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Votes"
    for row in (
        ["id", "party", "issue", "vote", "date"],
        [1, "RUS", "ceasefire", "no", datetime(2025, 3, 12)],  # noqa: DTZ001  a sheet has no zones
        [2, "NA", "ceasefire", "yes", datetime(2025, 3, 13)],  # noqa: DTZ001
    ):
        sheet.append(row)
    book.create_sheet("Notes")
    book.save(tmp_path / "votes.xlsx")
    door.ok("init -q")
    door.ok("party add RUS Russia --kind state")
    door.ok('issue add ceasefire "A ceasefire takes effect"')
    said = door.ok("import votes.xlsx --suggest-mapping").out
    assert 'sheet = "Votes"  # of: Votes, Notes' in said
    (tmp_path / "votes.toml").write_text(said, encoding="utf-8")
    done = door("import votes.xlsx --keep-going --refused bad.csv")
    assert "1 new, 1 refused" in done.out
    assert "line 3: no party 'NA'." in done.err
    assert (
        tmp_path / "bad.csv"
    ).read_bytes() == b"\xef\xbb\xbfid,party,issue,vote,date\n2,NA,ceasefire,yes,2025-03-13T00:00:00\n"
    assert door.ok("log --csv").out.splitlines()[-1].endswith("RUS: no,oppose,counts,")
    door.ok("party add NAM Namibia --kind state --alias NA")
    assert door.ok("import bad.csv --mapping votes.toml --json").json["new"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "t.csv is empty: there is no header and no row to draft a mapping from."),
        (b"\n\n", "t.csv is empty: there is no header and no row to draft a mapping from."),
        (b"party,vote\n", "t.csv has a header and no row below it to draft a mapping from."),
        (b'party,vote\nRUS,"no"x\n', "no row of t.csv can be read: line 2: a cell goes on after its closing quote."),
    ],
)
def test_no_mapping_is_drafted_from_nothing(door: Door, tmp_path: Path, content: bytes, said: str) -> None:
    """A file without a row tells nothing of its columns: the draft is refused, with what to do, and none is written."""
    (tmp_path / "t.csv").write_bytes(content)
    done = door("import t.csv --suggest-mapping -o t.toml")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: {said}\nHint: ")
    assert not (tmp_path / "t.toml").exists()


def test_a_table_through_a_pipe(door: Door) -> None:
    """Stdin is a table like any other, for the draft as for the import."""
    assert "type = " in door.ok("import - --suggest-mapping", stdin=b"party,vote\nRUS,yes\n").out


def test_a_row_too_long_to_be_held_is_said_not_to_be_set_aside(door: Door, tmp_path: Path) -> None:
    """The refused rows come without it, as a table that can be read; its reason, there and on the terminal, says so."""
    long = "x" * 1_000_001
    (tmp_path / "t.csv").write_text(f"party,issue,vote,text\nRUS,i,no,{long}\nNA,i,no,short\n", encoding="utf-8")
    door.ok("init -q")
    door.ok('issue add i "One takes part" -q')
    (tmp_path / "t.toml").write_text(
        'dataset = "t"\n[row]\ntype = "statement-made"\nparty = "{party}"\nissue = "{issue}"\ntext = "{text}"\n'
        'stance = "oppose"\nsaid_on = "2025"\n',
        encoding="utf-8",
    )
    done = door("import t.csv --keep-going --refused bad.csv")
    assert "line 2: a line is longer than 1,000,000 characters" in done.err
    assert "Not written by --refused" in done.err
    assert "Not written by --refused" in (tmp_path / "bad.csv.reasons").read_text(encoding="utf-8")
    left = (tmp_path / "bad.csv").read_text(encoding="utf-8").splitlines()
    assert [row["party"] for row in csv.DictReader(left)] == ["NA"]


READ = """
import resource, sys, time
from pathlib import Path
from ledger.importers.mapped import Mapped
from ledger.importers.mapping import mapping_of
from verbale import Ledger

table, mapping, place = map(Path, sys.argv[1:])
Ledger.create(place)
with Ledger(place) as book, table.open("rb") as file:
    book.record({"type": "party-registered", "party": "CIV", "name": "Côte d’Ivoire", "kind": "state"})
    format = Mapped(mapping_of(mapping.read_text(encoding="utf-8")))
    began = time.perf_counter()
    rows = sum(line.draft is not None for line in format.lines(file, book.current_register()))
    print(rows, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def read_in_own_process(table: Path, mapping: str) -> tuple[int, float, float]:
    """Make drafts of all rows of a table; return how many, the seconds that it took, and the peak memory in MB."""
    told, place = table.with_suffix(".toml"), table.with_suffix(".db")
    told.write_text(mapping, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", READ, table, told, place], cwd=ROOT, capture_output=True, check=True)
    rows, seconds, peak = done.stdout.split()
    return int(rows), float(seconds), float(peak)


@pytest.mark.torture
def test_a_table_of_100_mb_in_flat_memory(tmp_path: Path) -> None:
    """A table ten times as long takes no more memory to read; `make torture ARGS=-s` prints the figures."""
    sizes = {}
    for rows in (90_000, 900_000):
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("id,country,vote,date,title,link,published\n")
            for n in range(rows):
                day = f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}"
                published = f'"{n % 28 + 1:02} Mar 2024 06:57:{n % 60:02} EDT"'
                file.write(
                    f"{n},Côte d’Ivoire,yes,{day},A title of some length {n},https://a.example/{n},{published}\n"
                )
        with path.open("rb") as table:
            mapping = suggestion(table, path.name).replace('"EDIT"', '"ceasefire"')
        count, seconds, peak = read_in_own_process(path, mapping)
        assert count == rows
        sizes[rows] = peak
        size = path.stat().st_size / 1e6
        told = f"{size:,.0f} MB, {rows:,} rows: {rows / seconds:,.0f} rows/s, {peak:,.0f} MB at the peak"
        print(told)  # noqa: T201  figures, for who asks to see them
    assert path.stat().st_size > 100_000_000
    assert sizes[900_000] < sizes[90_000] * 1.1 + 5
