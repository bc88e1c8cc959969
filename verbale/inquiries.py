"""What else can be asked of a ledger: its words searched, its tables queried, an answer cited, its health."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from ledger.codec import format_line
from ledger.stores.room import no_room
from ledger.transparency.tree import Tree
from projections.registry import names_at
from projections.ruling import LATEST
from projections.views import Views
from verbale.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from projections.clocks import Moment
    from projections.querying import Answer, Table
    from projections.search import Found
    from verbale.citing import Citation
    from verbale.doctor import Examination

STALE_AFTER: Final = 365
"""Days after which a position is stale."""
_ROOT_UNASKED: Final = 100_000
"""Entries over which a citation has its root without being asked."""


class Inquiries(Questions):
    """The questions that need more than the positions."""

    def search(
        self,
        words: str,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        *,
        type: str | None = None,  # noqa: A002  the field's name in every answer
        status: str | None = None,
        recorded_by: str | None = None,
        retracted: bool = False,
        told: Callable[[int], None] | None = None,
    ) -> Iterator[Found]:
        """Yield the entries that have all the words, by what they read, what was recorded or corrected last first.

        Args:
            words: words, `"exact phrases"` and `prefix*`.
            party: only what is about this party.
            issue: only what is about this issue.
            as_of: T; only what is of the world and certain by it.
            as_known_at: K.
            type: only entries of this type, as in `statement-made`.
            status: only those that are `counts`, `corrected`, `disputed` or `retracted` at K.
            recorded_by: only what this person or programme recorded.
            retracted: also what was retracted by K.
            told: called now and then, while the index is brought up to date, with the last entry that is in it.
        """
        from projections.search import search

        at = self.moment(as_of, as_known_at)
        wanted = self.wanted(at, party, issue, type, status, recorded_by)
        everything = retracted or status == "retracted"
        return search(self.searchable(told), words, at, wanted, retracted=everything)

    def searchable(self, told: Callable[[int], None] | None = None) -> sqlite3.Connection:
        """Return views with an index in step; where nothing can be written, views in memory have it."""
        from projections.search import catch_up

        try:
            catch_up(self.views.db, told)
        except sqlite3.OperationalError as error:
            if "readonly" not in str(error) and not no_room(error):
                raise
            self.views.close()
            self._views, self._register = Views(self.journal, None), None
            self._views.catch_up()
        return self.views.db

    def query(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
    ) -> Answer:
        """Run one reading SQL statement over the views, on a connection that cannot write.

        Args:
            sql: SELECT, WITH, VALUES or EXPLAIN.
            parameters: what its `:names` stand for.
            as_of: T; `:as_of` stands for it, in microseconds since 1970.
            as_known_at: K; `:as_known_at` stands for it, an entry.

        Raises:
            Refused: it is no single statement that only reads.
            Unparsable: SQLite does not understand it, or a parameter is missing.
        """
        from projections.querying import query

        at = self.moment(as_of, as_known_at)
        known = {"as_of": at.until, "as_known_at": at.known_at}
        db = self.searchable() if "search" in sql.lower() else self.views.db
        return query(db, sql, {**known, **(parameters or {})})

    def tables(self) -> list[Table]:
        """Return the tables that `query` can ask, with their columns."""
        from projections.querying import tables

        self.moment()
        return tables(self.searchable())

    def cite(
        self,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        *,
        entry: int | None = None,
        root: bool | None = None,
        rule: str = LATEST.name,
    ) -> Citation:
        """Return what a footnote needs: of a position, of an entry, or of the ledger alone.

        Args:
            party: with `issue`, whose position.
            issue: on what.
            as_of: T.
            as_known_at: K.
            entry: the entry, where no position is cited.
            root: whether to compute the root over e1 to K; None does so up to 100,000 entries.
            rule: the position rule.

        Raises:
            UnknownName: there is no such party, issue or entry.
        """
        from importlib.metadata import version

        from verbale.citing import Citation
        from verbale.terminal.sealed import closed_text

        at = self.moment(as_of, as_known_at)
        row, titles = None, {}
        if party is not None and issue is not None:
            cell = self.holder(party, at), self.issue(issue)
            row = self.position(*cell, as_of, as_known_at, rule)
            entry = None if row is None else row.entry or (row.deed.entry if row.deed else None)
            titles = dict(zip(("party", "issue"), self._titled(*cell, at), strict=True))
        deciding = None if entry is None else self.entry(entry, at.known_at)
        source = None if deciding is None else getattr(deciding.event, "source", None)
        wanted = at.known_at <= _ROOT_UNASKED if root is None else root
        return Citation(
            ledger=str(self.journal.ledger_id),
            name=self.place.name,
            at=at,
            rule=rule,
            root=self.root(at.known_at) if wanted else None,
            version=version("verbale"),
            **titles,
            position=row,
            entry=deciding,
            source=None if source is None else self.source(source, as_known_at),
            sealed=closed_text([] if entry is None else self.sealed(entry)),
        )

    def _titled(self, party: str, issue: str, at: Moment) -> tuple[str, str]:
        """Return a party and an issue as a reader who knows no ids needs them."""
        parties, issues = names_at(self.views.db, at.known_at)
        return f"{parties[party]} ({party})", f"“{issues[issue]}” ({issue})"

    def doctor(
        self,
        as_of: str | None = None,
        as_known_at: str | None = None,
        *,
        stale_after: int = STALE_AFTER,
        thorough: bool = False,
    ) -> Examination:
        """Return named checks of the machine, the files and the record.

        Args:
            as_of: T: positions are stale as seen from here; None, from the latest word or deed.
            as_known_at: K.
            stale_after: days after which a position is stale.
            thorough: look at every page and index of the databases.
        """
        from verbale.doctor import examine

        return examine(self, as_of, as_known_at, stale_after, thorough=thorough)

    def root(self, upto: int | None = None) -> str:
        """Return the RFC 6962 root over the lines up to an entry, in base64: every line is read."""
        tree = Tree()
        tree.extend(format_line(*line) for line in self.journal.lines(0, upto))
        return tree.root_base64()
