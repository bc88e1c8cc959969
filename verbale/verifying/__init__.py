"""Verify a ledger: everything that was recorded is read again, and whatever follows from it is made again.

Nothing is believed that was computed before: the tree is built from the lines' bytes, the content keys from what the
lines say, the views from a fold of their own.  A check that fails stops no other, and what could not be checked is
said.  One check a module; this one says in which order they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import LedgerError
from ledger.kept import Kept
from ledger.known import Known
from ledger.transparency.tree import Tree
from verbale.places import Place
from verbale.verifying import checkpoints, files, keys, positions, sealed, sources, views
from verbale.verifying.lines import CHECK, Lines, Reader, frontier
from verbale.verifying.report import Problem, Report, Said, Step, Verified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.kept import Checkpoint
    from verbale.opened import OpenLedger
    from verbale.places import Location

__all__ = ["Problem", "Said", "Step", "Verified", "unopened", "verify"]

_NEW_ONLY = "only what came after {} was asked for"


def verify(
    ledger: OpenLedger,
    since: Checkpoint | None,
    told: Callable[[Step], None] | None,
    elsewhere: Mapping[str, bytes],
) -> Verified:
    """Make every check.

    Args:
        ledger: open, its views not yet brought up to date.
        since: a checkpoint; what it covers is hashed, and not looked at otherwise.
        told: called now and then with how far it is.
        elsewhere: checkpoints that somebody kept elsewhere, by what they are called.
    """
    report, journal = Report(told), ledger.journal
    live = views.Live(ledger.place.views, report)  # before the head: who records meanwhile may bring them up to date
    head = None
    with report.guarded(CHECK, "the journal"):
        found = journal.head
        head = found if type(found) is int else None
    files.check_journal(journal, report)
    known = checkpoints.Known(journal, report, elsewhere)
    lines = _lines(ledger, since, head, known, report)
    after = 0 if since is None else since.size
    with report.guarded(keys.CHECK, "the table of content keys"):
        keys.check(journal, lines.keys, after, lines.last, report)
    with report.guarded(sealed.CHECK, "the table of sealed values"):
        sealed.check(journal, lines, after, report)
    sources.check(ledger.snapshots, lines.documents, report)
    checkpoints.check(journal, known, lines, report)
    if since is None:
        _folded(ledger, live, lines.last, report)
    else:
        with report.guarded(views.CHECK, "the journal"):
            live.reaches(journal, lines.last)
        for check in (CHECK, keys.CHECK, sealed.CHECK, sources.CHECK):
            report.left(check, f"of e1 to e{after}: {_NEW_ONLY.format(f'cp{since.number}')}")
        for check in (views.CHECK, positions.ASSERTIONS, positions.ATTESTATIONS):
            report.left(check, f"they follow from the whole journal: {_NEW_ONLY.format(f'cp{since.number}')}")
    root = lines.tree.root_base64()
    return Verified(lines.last, root, tuple(report.checked), tuple(report.not_checked), report.problems)


def _lines(
    ledger: OpenLedger, since: Checkpoint | None, head: int | None, known: checkpoints.Known, report: Report
) -> Lines:
    said, tree, after = Known(), Tree(), 0
    if since is not None:
        with report.guarded(CHECK, "the journal"):
            tree = frontier(ledger.journal, since.size, said, report)
            after = tree.size
    lines = Lines(tree, {}, after)
    with report.guarded(CHECK, "the journal"):
        Reader(ledger.journal, report, lines, said, known.sizes).read(head)
    held = f"e{after + 1} to e{lines.last}: bytes, number, time, what it says and points at"
    held = held if lines.last > after else "none is new" if after else "there are none yet"
    report.looked(CHECK, f"{held}; the root over e1 to e{lines.last}" if lines.last else held)
    return lines


def _folded(ledger: OpenLedger, live: views.Live, last: int, report: Report) -> None:
    with views.folded(ledger.journal, live, last, report) as fresh:
        if fresh is None:
            report.left(
                positions.POSITIONS, "the journal was not folded anew: no assertion and no attestation was checked"
            )
            return
        with report.guarded(positions.ASSERTIONS, "the assertions"):
            positions.check_assertions(fresh.db, last, report)
        with report.guarded(positions.ATTESTATIONS, "the attestations"):
            positions.check_attestations(fresh.db, last, report)


def unopened(place: Location) -> Verified | None:
    """Return what verifying a ledger finds that could not be opened; None where that is not for damage.

    Args:
        place: where it should lie.
    """
    if not isinstance(place, Place) or not place.journal.is_file():
        return None
    said = files.unreadable(place.journal, place.name)
    if said is None:
        try:
            Kept(place.kept).erasures()
        except LedgerError as error:
            said = error.message
    if said is None:
        return None
    return Verified(0, None, (), (Said(CHECK, "nothing could be read"),), (Problem("journal-file", None, said),))
