"""Mappings: what each key does to a row, and what is said of one that is wrong."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import LedgerError, Unparsable
from ledger.importers.mapped import Mapped
from ledger.importers.mapping import mapping_of
from tests.ledger.samples import BASICS, new_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.reporting import Report
    from verbale import Ledger

ROW = """
dataset = "talks"
[row]
type = "statement-made"
party = "{country}"
issue = "ceasefire"
stance = { from = "{vote}", values = { "Y" = "support", "N" = "oppose", "-" = "declined" } }
said_on = "{day}"
text = "{country} voted {vote}"
"""
HEADER = "country,vote,day"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """Open a ledger that knows Russia, Ukraine and the ceasefire."""
    with new_ledger(tmp_path / "ledger.db") as book:
        for draft in BASICS:
            book.record(draft)
        yield book


def drafts(book: Ledger, mapping: str, *rows: str) -> list[dict[str, Any]]:
    """Return what the rows become, each with what it needs before it; none may be refused."""
    found = []
    file = io.BytesIO("\n".join(rows).encode())
    for line in Mapped(mapping_of(mapping)).lines(file, book.current_register()):
        assert line.error is None, line.error
        assert isinstance(line.draft, dict)
        found += [*map(json.loads, line.needed), line.draft]
    return found


def fields(book: Ledger, mapping: str, *rows: str) -> dict[str, Any]:
    """Return the one draft of some rows, without its type."""
    (draft,) = drafts(book, mapping, *rows)
    return {name: value for name, value in draft.items() if name != "type"}


def refusal(book: Ledger, mapping: str, *rows: str) -> tuple[str, str | None]:
    """Return why the first row is refused, and the hint."""
    line = next(Mapped(mapping_of(mapping)).lines(io.BytesIO("\n".join(rows).encode()), book.current_register()))
    assert line.error is not None
    return line.error.message, line.error.hint


def imported(book: Ledger, folder: Path, mapping: str, content: str | bytes, **how: Any) -> Report:
    """Import a table."""
    (folder / "map.toml").write_text(mapping, encoding="utf-8")
    table = folder / "table.csv"
    table.write_bytes(content if isinstance(content, bytes) else content.encode())
    return book.import_file(table, mapping=folder / "map.toml", **how)


def test_a_row_becomes_a_draft(book: Ledger) -> None:
    """Columns, constants, templates, and words that are looked up, whatever their case and the blanks around them."""
    assert fields(book, ROW, " Country ,VOTE,day", "Kremlin, y ,2025-03") == {
        "party": "Kremlin",
        "issue": "ceasefire",
        "stance": "support",
        "said_on": "2025-03",
        "text": "Kremlin voted y",
    }


def test_namibia_is_no_missing_value(book: Ledger) -> None:
    """`NA` is a text like any other, until the mapping says that it means a blank."""
    assert fields(book, ROW, HEADER, "NA,Y,2025")["party"] == "NA"
    with_missing = ROW.replace("[row]", '[table]\nmissing = ["NA", "n/a"]\n[row]')
    assert "party" not in fields(book, with_missing, HEADER, " NA ,Y,2025")


def test_blank_cells_leave_their_field_out(book: Ledger) -> None:
    """Without any of its cells a template is nothing; with some it is what they make; a default stands for nothing."""
    mapping = ROW + 'speaker = "{first} {last}"\nact = { from = "{act}", default = "declare" }\nto = "{to}"\n'
    header = f"{HEADER},first,last,act,to"
    assert fields(book, mapping, header, "RUS,Y,2025,, ,,").keys() == {
        *("party", "issue", "stance", "said_on", "text", "act")
    }
    assert fields(book, mapping, header, "RUS,Y,2025,,Peskov,deny,Kyiv")["speaker"] == "Peskov"


def test_lists_are_cut_where_it_is_said(book: Ledger) -> None:
    """A separator cuts, blanks are dropped, and each part is looked up by itself; without one a cell is one value."""
    mapping = ROW + 'to = { from = "{to}", separator = ";", values = { "U" = "UKR" }, otherwise = "keep" }\n'
    assert fields(book, mapping, f"{HEADER},to", "RUS,Y,2025,U; FRA;;")["to"] == ["UKR", "FRA"]
    assert fields(book, ROW + 'conditions = "{to}"\n', f"{HEADER},to", "RUS,Y,2025,a; b")["conditions"] == ["a; b"]


def test_words_that_are_not_in_the_table(book: Ledger) -> None:
    """They are refused, kept, or left out, as is said; the refusal says which field, which word, and what would do."""
    assert refusal(book, ROW, HEADER, "RUS,Yes,2025") == (
        "stance: 'Yes' is not in the table of values",
        "add it to the mapping; one of: Y, N, -",
    )
    act = 'act = {{ from = "{{act}}", values = {{ "x" = "deny", "o" = "" }}, otherwise = "{}" }}\n'
    row = (f"{HEADER},act", "RUS,Y,2025,promise")
    assert fields(book, ROW + act.format("keep"), *row)["act"] == "promise"
    assert "act" not in fields(book, ROW + act.format("leave-out"), *row)
    assert "act" not in fields(book, ROW + act.format("refuse"), f"{HEADER},act", "RUS,Y,2025,o")


def test_dates_are_read_as_it_is_said_and_never_guessed(book: Ledger) -> None:
    """What the ledger writes passes; what has two meanings is refused with the line that would do."""
    for edtf in ("2025", "2025-03-1X", "2025-03-13/2025-03-16", "2025-03-12?"):
        assert fields(book, ROW, HEADER, f"RUS,Y,{edtf}")["said_on"] == edtf
    message, hint = refusal(book, ROW, HEADER, "RUS,Y,03/04/2025")
    assert message == "said_on: '03/04/2025' can be read in more than one way"
    assert hint == 'say how it is written: date = "%d/%m/%Y", or "%m/%d/%Y"'
    said = ROW.replace('said_on = "{day}"', 'said_on = { from = "{day}", date = "%d/%m/%Y" }')
    assert fields(book, said, HEADER, "RUS,Y,03/04/2025")["said_on"] == "2025-04-03"
    mixed = said.replace('"%d/%m/%Y"', '["%d/%m/%Y", "%d/%m/%Y %H:%M"], zone = "Europe/Kyiv"')
    assert fields(book, mixed, HEADER, "RUS,Y,03/07/2025 14:30")["said_on"] == "2025-07-03T14:30+03:00"


def test_texts_keep_their_lines_and_labels_have_one(book: Ledger) -> None:
    """A text stays word for word; what must stand on one line is put there."""
    mapping = ROW.replace('text = "{country} voted {vote}"', 'text = "{said}"\nspeaker = "{by}"\nquote = "{said}"')
    found = fields(book, mapping, f"{HEADER},said,by", 'RUS,Y,2025," We\n agree. ","Dmitry\n Peskov "')
    assert (found["text"], found["quote"], found["speaker"]) == (" We\n agree. ", " We\n agree. ", "Dmitry Peskov")


def test_tables_within_a_row(book: Ledger) -> None:
    """Codings, quotes and origins are tables; one without what it needs is left out."""
    mapping = (
        ROW
        + """
[row.coding]
scheme = "CAMEO"
code = "{code}"
contexts = { from = "{contexts}", separator = "|" }
[row.quote]
exact = "{quote}"
start = "{start}"
end = "{end}"
[row.origin]
id = "{id}"
columns = ["*"]
"""
    )
    header = f"{HEADER},code,contexts,quote,start,end,id,note,,note"
    found = fields(book, mapping, header, "RUS,Y,2025,0211,a|b,No.,5,8,17,x,y,")
    assert found["coding"] == {"scheme": "CAMEO", "code": "0211", "contexts": ["a", "b"]}
    assert found["quote"] == {"exact": "No.", "start": 5, "end": 8}
    assert found["origin"] == {"dataset": "talks", "id": "17", "columns": {"note #10": "x", "#11": "y"}}
    assert fields(book, mapping, header, "RUS,Y,2025,,a,,5,8,,,,").keys().isdisjoint({"coding", "quote", "origin"})


def test_columns_are_told_apart(book: Ledger) -> None:
    """A name that several columns have, or none, is a place; another case is the same name; braces are doubled."""
    mapping = ROW.replace("{day}", "{#3}").replace("{country} voted {vote}", "{{{vote}}} by {#1}")
    assert fields(book, mapping, "country,vote,", "RUS,Y,2025")["text"] == "{Y} by RUS"
    with pytest.raises(Unparsable, match=r"row\.said_on: 2 columns are called 'day'") as caught:
        drafts(book, ROW, "country,vote,day,day", "RUS,Y,2025,2026")
    assert caught.value.hint == "write {#3} or {#4}, by their place"
    with pytest.raises(Unparsable, match="no column 'vote'") as caught:
        drafts(book, ROW, "country,vot,day", "RUS,Y,2025")
    assert caught.value.hint == "did you mean 'vot'?"


def test_a_column_s_name_is_no_constant_by_mistake(book: Ledger) -> None:
    """Whoever forgets the braces hears of it, and can say that the word is meant."""
    with pytest.raises(Unparsable, match="'country' is a column's name") as caught:
        drafts(book, ROW.replace('"{country}"', '"country"'), HEADER, "RUS,Y,2025")
    assert (
        caught.value.hint
        == 'write "{country}" for the column, or { from = "", default = "country" } for the word itself'
    )
    meant = ROW.replace('party = "{country}"', 'party = { from = "", default = "country" }')
    assert fields(book, meant, HEADER, "RUS,Y,2025")["party"] == "country"


def test_rows_of_several_types(book: Ledger, tmp_path: Path) -> None:
    """Each row is what its words say; others are refused, or left out and counted apart."""
    mapping = """
dataset = "talks"
[[row]]
when = { kind = ["vote", "speech"] }
type = "statement-made"
party = "{who}"
issue = "ceasefire"
stance = "oppose"
said_on = "{on}"
text = "{what}"
[[row]]
when = { Kind = "deed" }
type = "action-taken"
party = "{who}"
issue = "ceasefire"
occurred_on = "{on}"
text = "{what}"
"""
    rows = "kind,who,on,what\nvote,RUS,2025,a\n deed ,UKR,2025,b\nrumour,UKR,2025,c\nspeech,UKR,2025,d\n"
    report = imported(book, tmp_path, mapping, rows, keep_going=True)
    assert (report.rows, report.new, report.refused_count, report.notes) == (4, 3, 1, {})
    assert report.refused[0][:2] == (4, "no 'when' of the mapping fits the row")
    report = imported(book, tmp_path, 'other_rows = "leave-out"\n' + mapping, rows)
    assert (report.rows, report.already, report.refused_count, report.notes) == (3, 3, 0, {"left_out_by_mapping": 1})
    kinds = [row.type for row in book.log() if row.entry > len(BASICS)]
    assert kinds == ["statement-made", "action-taken", "statement-made"]


SOURCED = (
    ROW
    + """
[row.source]
title = "{headline}"
url = "{link}"
published_at = "{published}"
"""
)


def test_a_source_beside_each_row_once_by_url(book: Ledger, tmp_path: Path) -> None:
    """One source for each URL, its time in UTC; what a later row says of it otherwise is counted, and not recorded."""
    rows = (
        "country,vote,day,headline,link,published\n"
        'RUS,Y,2025-03-12,One,https://a/1,"Wed, 12 Mar 2025 06:57:34 EDT"\n'
        "UKR,N,2025-03-12,One,https://a/1,2025-03-12T10:57:34Z\n"
        "UKR,Y,2025-03-13,Other,https://a/1,\n"
        "UKR,N,2025-03-14,,https://a/2,2025-03\n"
        "UKR,Y,2025-03-15,,,\n"
    )
    report = imported(book, tmp_path, SOURCED, rows)
    assert (report.new, report.registered, report.notes) == (5, 2, {"sources_differ": 1})
    found = [(row["title"], row["url"], row["published_at"]) for row in book.sources().to_dicts()]
    assert sorted(found) == [
        ("One", "https://a/1", "2025-03-12T10:57:34Z"),
        ("https://a/2", "https://a/2", "2025-03"),
    ]
    again = imported(book, tmp_path, SOURCED, rows)
    assert (again.new, again.already, again.entries, again.notes) == (0, 5, 0, {"sources_differ": 1})


def test_what_a_row_names_may_be_registered_with_it(book: Ledger, tmp_path: Path) -> None:
    """A table in the place of a party or issue registers it where the ledger does not know it."""
    mapping = ROW.replace('party = "{country}"\nissue = "ceasefire"\n', "") + (
        '[row.party]\nparty = "{country}"\nname = "{name}"\nkind = "state"\ncodes = { iso3 = "{country}" }\n'
        '[row.issue]\nissue = "un-{resolution}"\nproposition = "Adopt {resolution}"\n'
    )
    rows = "country,name,vote,day,resolution\nFRA,France,Y,2025,A1\nRUS,Russie,N,2025,A1\nFRA,France,N,2025,A2\n"
    report = imported(book, tmp_path, mapping, rows)
    assert (report.new, report.registered) == (3, 3)
    assert [(row.party, row.issue, row.stance) for row in book.matrix()] == [
        ("FRA", "un-A1", "support"),
        ("FRA", "un-A2", "oppose"),
        ("RUS", "un-A1", "oppose"),
    ]
    assert imported(book, tmp_path, mapping, rows).entries == 0


CODED = """
dataset = "codes"
[unknown]
party = "register"
[row]
type = "statement-made"
party = "{who}"
issue = "ceasefire"
text = "{who}"
said_on = "{day}"
stance = "support"
"""


@pytest.mark.parametrize("turned", [False, True])
def test_a_code_is_a_state_at_its_date_in_any_order(book: Ledger, tmp_path: Path, *, turned: bool) -> None:
    """A cell that is an alpha-3 code is the state that had it then, whether its name or its code comes first."""
    book.record({"type": "party-registered", "party": "CAN", "name": "Climate Action Network", "kind": "organisation"})
    wanted = [
        ("DEU,2020-01-01", "DEU"),
        ("Germany,2020-01-02", "DEU"),
        ("DEU,1985-01-01", "GFR"),
        ("RUS,1991-12-25", "SUN"),
        ("RUS,1991-12-26", "RUS"),
        ("RUS,1991", "RUS"),
        ("NAM,2020-01-01", "NAM"),
        ("XKX,2020-01-01", "XKX"),
        ("Kosovo,2020-01-02", "XKX"),
        ("CAN,2020-01-01", "CAN"),
        ("NA,2020-01-01", "actor/na"),
        ("Deu,2020-01-03", "DEU"),
    ]
    if turned:
        wanted = [*reversed(wanted[:-1]), wanted[-1]]
    imported(book, tmp_path, CODED, "\n".join(["who,day", *(row for row, _ in wanted)]))
    found = [row.fields()["party"] for row in book.log() if row.type == "statement-made"]
    assert found == [party for _, party in wanted]


def test_unknown_names_are_refused_or_registered(book: Ledger, tmp_path: Path) -> None:
    """By default a hint says whom it may mean; on request each is registered once, as what it is."""
    rows = "country,vote,day,to,topic\nNamibia,Y,2025,Côte d’Ivoire,Ceasefire talks\n"
    rows += "Rusia,N,2025,Namibia,Ceasefire talks\n"
    mapping = ROW.replace('"ceasefire"', '"{topic}"') + 'to = "{to}"\n'
    report = imported(book, tmp_path, mapping, rows)
    assert [one.reason for one in report.refused] == ["no party 'Namibia'.", "no party 'Rusia'."]
    assert report.refused[1].hint == "did you mean RUS (Russia)?"
    register = mapping + '[unknown]\nparty = "register"\nissue = "register"\n'
    report = imported(book, tmp_path, register, rows)
    assert (report.new, report.registered) == (2, 4)
    assert [(row.party, row.issue) for row in book.matrix()] == [
        ("NAM", "ceasefire-talks"),
        ("actor/rusia", "ceasefire-talks"),
    ]
    assert imported(book, tmp_path, register, rows).entries == 0
    kinds = {row["party"]: row["kind"] for row in book.parties().to_dicts()}
    assert (kinds["NAM"], kinds["CIV"], kinds["actor/rusia"]) == ("state", "state", "unresolved")


def test_every_row_is_accounted_for_and_twice_is_silent(book: Ledger, tmp_path: Path) -> None:
    """New, already, repeated and refused add up, each refusal with its line; the same file again adds nothing."""
    rows = f"{HEADER}\nRUS,Y,2025\nRUS,Y,2025\n\nUKR,?,2025\nUKR,N\nUKR,N,2025-02-30\nFRA,N,2025\nUKR,N,2025\n"
    report = imported(book, tmp_path, ROW, rows, keep_going=True)
    assert (report.rows, report.new, report.already, report.repeated, report.refused_count) == (7, 2, 0, 1, 4)
    assert [one.line for one in report.refused] == [5, 6, 7, 8]
    again = imported(book, tmp_path, ROW, rows, keep_going=True)
    assert (again.rows, again.new, again.already, again.repeated, again.refused_count) == (7, 0, 3, 0, 4)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("table", ["", "[table]\nheader = 3\n"])
def test_refused_rows_are_set_aside_to_be_mended(book: Ledger, tmp_path: Path, encoding: str, table: str) -> None:
    """They come as a table of their own, written as the first was, which the same mapping reads once it is mended."""
    above = "\n\n" if table else ""
    rows = f'{above}country;vote;day\nRUS;Y;2025\nUKR;Oui – à "demain";2025\nRUS;Y;"2026\n"\nUKR;"?\n";2025\n'
    mapping = table + ROW if not table else ROW.replace("[row]", f"{table}[row]")
    report = imported(book, tmp_path, mapping, rows.encode(encoding), keep_going=True, refused=tmp_path / "refused.csv")
    assert (report.new, report.refused_count) == (2, 2)
    aside = (tmp_path / "refused.csv").read_bytes()
    text = aside.decode(encoding)
    assert text.removeprefix("\n\n" if table else "") == (
        'country;vote;day\nUKR;"Oui – à ""demain""";2025\nUKR;"?\n";2025\n'
    )
    mended = text.replace('"Oui – à ""demain"""', "Y").replace('"?\n"', "N").encode(encoding)
    report = imported(book, tmp_path, mapping, mended)
    assert (report.rows, report.new, report.refused_count) == (2, 2, 0)


def test_rows_that_cannot_be_cut_into_cells_are_set_aside_as_they_stand(book: Ledger, tmp_path: Path) -> None:
    """A quote that is not closed, or is followed by more, is for a person to mend: nothing of the row is lost."""
    rows = f'{HEADER}\nRUS,Y,2025\n"UKR"x,Y,2025\nUKR,"N,2025\nUKR,Y,2026\n'
    report = imported(book, tmp_path, ROW, rows, keep_going=True, refused=tmp_path / "refused.csv")
    assert [one.line for one in report.refused] == [3, 4]
    aside = (tmp_path / "refused.csv").read_text(encoding="utf-8")
    assert aside == f'{HEADER}\n"UKR"x,Y,2025\nUKR,"N,2025\nUKR,Y,2026\n'
    report = imported(book, tmp_path, ROW, aside.replace('"UKR"x', "UKR").replace('"N', "N"))
    assert (report.rows, report.new) == (3, 3)


def test_what_the_characters_are_is_told(book: Ledger, tmp_path: Path) -> None:
    """A file that is not UTF-8 is read, and the report says as what."""
    rows = f"{HEADER},said\n" + "UKR,Y,2025,Genève et Zürich déclarées – « prêtes »\n" * 2
    mapping = ROW.replace("{country} voted {vote}", "{said}")
    report = imported(book, tmp_path, mapping, rows.encode("cp1252"))
    assert (report.new, report.repeated, report.notes) == (1, 1, {"read_as_cp1252": 2})
    assert "Genève et Zürich" in (list(book.log())[-1].text or "")


@pytest.mark.parametrize("content", ["", f"{HEADER}\n"])
def test_nothing_to_import(book: Ledger, tmp_path: Path, content: str) -> None:
    """A table without rows, or without anything, is imported without a word."""
    report = imported(book, tmp_path, ROW, content)
    assert (report.rows, report.entries) == (0, 0)


WRONG = [
    ("x = [", "no TOML: ", "texts stand in quotes"),
    ("", "map.toml: 'dataset' is missing", "name the data"),
    ('dataset = "t"', "map.toml: 'row' is missing", "say what a row is"),
    ('dataset = "a b"\n[row]\ntype = "issue-opened"', "map.toml, line 1: dataset: 'a b' will not do", ""),
    (ROW.replace("dataset", "datset"), "map.toml, line 2: datset: there is no such key", "did you mean 'dataset'?"),
    (ROW.replace("statement-made", "statment"), "line 4: row.type: no row can be 'statment'", "'statement-made'?"),
    (ROW.replace("said_on", "siad_on"), "line 8: row.siad_on: there is no such field", "did you mean 'said_on'?"),
    (ROW.replace('said_on = "{day}"\n', ""), "line 3: row: 'said_on' is missing", "it needs party, issue, stance"),
    (ROW.replace("values =", "valeus ="), "line 7: row.stance.valeus: there is no such key", "did you mean 'values'?"),
    (ROW.replace('"support"', '"suport"'), "line 7: row.stance: 'suport' is none of its values", "'support'?"),
    (
        ROW.replace('"{day}"', '{ from = "{day}", date = "DD/MM" }'),
        "line 8: row.said_on.date: 'DD/MM' is no format",
        "",
    ),
    (ROW.replace('"{day}"', '{ from = "{day}", zone = "Kyiv" }'), "line 8: row.said_on.zone: no zone 'Kyiv'", ""),
    (ROW.replace('"{day}"', '["{day}"]'), "line 8: row.said_on: ['{day}'] says no field", 'write a text: "{column}"'),
    (ROW + "speaker = true\n", "line 10: row.speaker: True says no field", "write a text"),
    (ROW + "sealed = false\n", "line 10: row.sealed: it is true, or is left out", "sealed = true"),
    (ROW + 'speaker = { from = "{a}", separator = ";" }', "row.speaker.separator: the field holds one value", "leave"),
    (ROW + 'speaker = { from = "{a}", date = "%Y" }', "line 10: row.speaker.date: the field holds no time", "leave"),
    (ROW + 'coding = "{code}"\n', "line 10: row.coding: it is a table of fields", "[row.coding]"),
    (ROW + '[row.coding]\nscheme = "x"\n', "line 10: row.coding: 'code' is missing", "it needs scheme, code"),
    (ROW + '[row.source]\npublisher = "x"\n', "line 10: row.source: 'title' is missing", "a title, or a url"),
    (ROW + '[row.origin]\ncolumns = 3\nid = "x"', "line 11: row.origin.columns: it is a list of columns", "columns ="),
    (ROW + '[unknown]\nparty = "maybe"\n', "line 11: unknown.party: 'maybe' is none of its values", "refuse, register"),
    (ROW + '[table]\ndelimiter = ";;"\n', "line 11: table.delimiter: ';;' will not do", "at most 1"),
    (ROW + "when = 3\n", "line 10: row.when: it is a table of columns", "when = {"),
    (ROW.replace("[row]", "[[row]]") + ROW.replace('\ndataset = "talks"\n[row]', "[[row]]"), "each says which", "when"),
]


@pytest.mark.parametrize(("mapping", "said", "hint"), WRONG)
def test_a_wrong_mapping_is_told_by_key_and_line(mapping: str, said: str, hint: str) -> None:
    """What is wrong is found before any row is read: where it stands, and what would do."""
    with pytest.raises(Unparsable) as caught:
        mapping_of(mapping, "map.toml")
    assert said in caught.value.message
    assert hint in (caught.value.hint or "")


def test_a_brace_without_its_other(book: Ledger) -> None:
    """A template that does not close is refused before any row is read."""
    with pytest.raises(LedgerError, match="a brace without its other"):
        drafts(book, ROW.replace("{day}", "{day"), HEADER, "RUS,Y,2025")


def test_a_snapshot_of_a_mapped_table(book: Ledger, tmp_path: Path) -> None:
    """A table with keys can be a living data set: what changed is corrected, what vanished is retracted."""
    mapping = ROW + '[row.origin]\nid = "{id}"\n'
    first = "id,country,vote,day\n" + "".join(f"{n},RUS,Y,19{n:02}\n" for n in range(40))
    imported(book, tmp_path, mapping, first, snapshot_of="2025-03-01")
    later = first.replace("\n7,RUS,Y,1907", "").replace("\n9,RUS,Y,1909", "\n9,RUS,N,1909")
    report = imported(book, tmp_path, mapping, later, snapshot_of="2025-03-02", allow_vanished=10.0)
    assert (report.notes["changed"], report.notes["vanished"]) == (1, 1)
    then, now = (book.position("RUS", "ceasefire", as_of="1909", as_known_at=at) for at in ("talks@2025-03-01", None))
    assert then is not None
    assert now is not None
    assert (then.stance, now.stance) == ("support", "oppose")
