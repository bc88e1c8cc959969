"""GDELT's mentions, on rows of the tests' own: which article bears out which event, and what becomes of the others."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from ledger.entries import EntryCorroborated
from ledger.importers import format_of, gdelt_mentions
from projections.backing import borne_out
from tests.ledger.importers.test_gdelt import ROW, table

if TYPE_CHECKING:
    from ledger.reporting import Report
    from verbale import Ledger


def mention(event: str = ROW["GLOBALEVENTID"], article: str = "https://example.org/b", sentence: str = "3") -> str:
    """Return a row."""
    cells = [event, "20191024143000", "20191024144500", "1", "example.org", article, sentence]
    return "\t".join([*cells, "-1", "40", "60", "1", "80", "2500", "-2.5", "", ""])


def zipped(*rows: str) -> io.BytesIO:
    """Return a file as GDELT publishes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("20191024144500.mentions.CSV", "\n".join(rows) + "\n")
    return out


def imported(book: Ledger, *rows: str) -> Report:
    """Import an event, then mentions."""
    book.import_file(io.BytesIO(table(ROW).encode()))
    return book.import_file(zipped(*rows), keep_going=True)


def corroborations(book: Ledger) -> list[EntryCorroborated]:
    """Return those that are recorded."""
    events = (book.entry(one.entry).event for one in book.log())
    return [event for event in events if isinstance(event, EntryCorroborated)]


def test_every_row_is_accounted_for(book: Ledger) -> None:
    """An article bears out the event, once; the event's own adds nothing; other events are left out, and counted."""
    rows = (
        mention(),
        mention(sentence="9"),
        mention(article=ROW["SOURCEURL"]),
        mention("1"),
        mention(article="https://example.org/c"),
        mention().replace("\t1\t", "\tx\t", 1),
        mention(article=""),
    )
    assert format_of(zipped(*rows)) is gdelt_mentions
    report = imported(book, *rows)
    assert (report.rows, report.new, report.repeated, report.registered) == (6, 2, 2, 2)
    assert report.notes == {"left_out_event_not_here": 1}
    assert [(one.line, one.reason) for one in report.refused] == [(n, "the row is no mention") for n in (6, 7)]
    first, second = corroborations(book)
    (deed,) = [one.entry for one in book.log() if one.type == "action-taken"]
    assert (first.entry, second.entry) == (deed, deed)
    assert first.origin is not None
    assert first.origin.dataset == "gdelt"
    assert (first.origin.columns["Confidence"], first.origin.columns["SentenceID"]) == ("80", "3")
    again = imported(book, *rows)
    assert (again.new, again.already, again.repeated, again.last) == (0, 2, 2, None)


def test_one_data_set_counts_once(book: Ledger) -> None:
    """However many articles GDELT has read, the event has no further independent evidence."""
    imported(book, *(mention(article=f"https://example{n}.org/") for n in range(3)))
    assert len(corroborations(book)) == 3
    deed = book.entry(corroborations(book)[0].entry)
    (group,) = borne_out(book.views.db, book.head, [deed])[deed.entry]
    assert (len(group.entries), group.because) == (4, ("same data set",))


def test_a_retracted_event_is_not_borne_out(book: Ledger) -> None:
    """Its mentions are left out, and counted."""
    imported(book)
    (deed,) = [one.entry for one in book.log() if one.type == "action-taken"]
    book.retract(deed, "not so")
    assert imported(book, mention()).notes == {"left_out_event_retracted": 1}
