"""ACLED, on rows of the tests' own: how sharp dates are, whose state an actor is of, and snapshots of living data."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from ledger.entries import ActionTaken
from ledger.importers import acled, format_of
from tests.ledger.importers.conftest import deeds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.reporting import Report
    from verbale import Ledger

HEADER = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
]
ROW = {
    "event_id_cnty": "UKR100",
    "event_date": "2022-04-07",
    "year": "2022",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "Military Forces of Russia (2000-)",
    "actor2": "Military Forces of Ukraine (2019-)",
    "country": "Ukraine",
    "admin1": "Donetsk",
    "location": "Izium",
    "source": "Ministry of Defence of Ukraine; A wire",
    "notes": "On 7 April, they clashed.",
    "fatalities": "3",
    "timestamp": "1649700000",
}


def export(rows: Iterable[dict[str, str]]) -> bytes:
    """Return rows as ACLED's export tool writes them."""
    text = io.StringIO()
    written = csv.DictWriter(text, HEADER, restval="", quoting=csv.QUOTE_ALL)
    written.writeheader()
    written.writerows(rows)
    return text.getvalue().encode()


def imported(book: Ledger, *rows: dict[str, str], snapshot_of: str | None = None) -> Report:
    """Import rows."""
    return book.import_file(io.BytesIO(export(rows)), snapshot_of=snapshot_of)


def test_a_row_is_a_deed_between_two_sides(book: Ledger) -> None:
    """The dyad is that of the states in the actors' names; everything that has no field is kept word for word."""
    assert format_of(io.BytesIO(export([ROW]))) is acled
    imported(book, ROW)
    (done,) = deeds(book)
    assert done.issue == "relations/RUS-UKR"
    assert (done.party, done.to) == (
        "actor/military-forces-of-russia-2000",
        ("actor/military-forces-of-ukraine-2019",),
    )
    assert (done.occurred_on, done.place, done.text) == ("2022-04-07", "Izium, Donetsk, Ukraine", ROW["notes"])
    assert done.coding is not None
    assert (done.coding.scheme, done.coding.code, done.coding.mode) == ("ACLED", "Battles", "Armed clash")
    assert done.origin is not None
    assert done.origin.columns["fatalities"] == "3"
    assert done.origin.columns["source"] == ROW["source"]


@pytest.mark.parametrize(
    ("day", "precision", "dated"),
    [
        ("2022-04-07", "1", "2022-04-07"),
        ("07 April 2022", "1", "2022-04-07"),
        ("2022-04-07", "2", "2022-04-04/2022-04-10"),
        ("2024-12-31", "2", "2024-12-30/2025-01-05"),
        ("2022-04-07", "3", "2022-04"),
    ],
)
def test_dates_are_as_sharp_as_they_are_known(book: Ledger, day: str, precision: str, dated: str) -> None:
    """A day, the ISO week that holds it, its month."""
    imported(book, ROW | {"event_date": day, "time_precision": precision})
    assert deeds(book)[0].occurred_on == dated


@pytest.mark.parametrize(
    ("actor", "dyad"),
    [
        ("Protesters (France)", "relations/FRA"),
        ("Police Forces of the United States (2021-2025) Border Patrol", "relations/actor/"),
        ("Government of Namibia (1990-)", "relations/NAM"),
        ("Rioters (Kosovo)", "relations/XKX"),
        ("NAF: United Self-Defense Forces of Novorossiya", "relations/actor/"),
    ],
)
def test_the_state_is_the_one_that_the_name_ends_in(book: Ledger, actor: str, dyad: str) -> None:
    """In brackets or after "of"; where no state stands there, the actor itself is a side."""
    imported(book, ROW | {"actor1": actor, "actor2": ""})
    assert deeds(book)[0].issue.startswith(dyad)


def test_two_snapshots_of_5000_rows_come_back_at_their_labels(book: Ledger) -> None:
    """A later release changes, drops and adds rows: each label answers with its own rows and its own deaths."""
    first = [
        ROW | {"event_id_cnty": f"UKR{n}", "fatalities": str(n % 7), "notes": f"Event {n}.", "timestamp": "1"}
        for n in range(5_000)
    ]
    kept = [row for n, row in enumerate(first) if n % 40 != 1]
    more = {"fatalities": "9", "timestamp": "2"}
    changed = [row | more if int(row["event_id_cnty"][3:]) % 50 == 0 else row for row in kept]
    second = changed + [ROW | {"event_id_cnty": f"UKR{n}", "timestamp": "2"} for n in range(5_000, 5_100)]
    one = imported(book, *first, snapshot_of="2022-04-07")
    assert (one.rows, one.new) == (5_000, 5_000)
    two = imported(book, *second, snapshot_of="2022-05-05")
    assert (two.rows, two.new, two.already) == (4_975, 200, 4_775)
    assert two.notes == {"changed": 100, "vanished": 125}
    for label, rows in (("acled@2022-04-07", first), ("acled@2022-05-05", second)):
        known = book.moment(as_known_at=label).known_at
        counting = (one for one in book.log(as_known_at=label) if one.status != "retracted")
        events = [book.entry(one.entry, known).event for one in counting if one.type == "action-taken"]
        origins = [event.origin for event in events if isinstance(event, ActionTaken) and event.origin is not None]
        assert len(origins) == len(events) == len(rows)
        assert {one.id: one.columns["fatalities"] for one in origins} == {
            row["event_id_cnty"]: row["fatalities"] for row in rows
        }


def test_a_changed_row_is_refused_without_a_snapshot(book: Ledger) -> None:
    """It says which field, and how to take the change in."""
    imported(book, ROW)
    report = imported(book, ROW | {"notes": "They did not."})
    (refused,) = report.refused
    assert refused.reason == "the row is e7 already, and reads otherwise: text"
    assert refused.hint is not None
    assert "--snapshot-of" in refused.hint


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"time_precision": "4"}, "'4' is no time_precision"),
        ({"event_date": "April"}, "'April' is no day"),
        ({"event_date": "2022-W05"}, "'2022-W05' is no day"),
        ({"event_date": "9999-12-31", "time_precision": "2"}, "'9999-12-31' is no day"),
        ({"event_id_cnty": ""}, "the row has no key or no type"),
    ],
)
def test_rows_that_say_nothing_are_refused(book: Ledger, changed: dict[str, str], why: str) -> None:
    """With their line and the reason; nothing is recorded."""
    report = imported(book, ROW, ROW | changed)
    assert [(one.line, one.reason) for one in report.refused] == [(3, why)]
    assert book.head == 0


def test_columns_without_a_name_and_names_given_twice(book: Ledger) -> None:
    """An index that somebody's program wrote, and a column that stands there again, are kept by their places."""
    text = "," + ",".join([*HEADER, "tags"]) + "\n"
    cells = ["7", *(f'"{ROW.get(name, "")}"' for name in HEADER), "again"]
    assert book.import_file(io.BytesIO((text + ",".join(cells) + "\n").encode())).new == 1
    (done,) = deeds(book)
    assert done.origin is not None
    assert (done.origin.columns["column #1"], done.origin.columns["tags #33"]) == ("7", "again")
