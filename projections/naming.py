"""What has a name, as the rules and who asks need it: parties, issues, and what was decided on them since.

The names of a ledger are few beside its entries: they are held in memory.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ledger.claims import PartyNames
from ledger.entries import (
    AliasAdded,
    IssueClosed,
    IssueOpened,
    PartyIdentified,
    PartyMerged,
    PartyRegistered,
    PartyRenamed,
    PartyUnmerged,
)
from ledger.merging import Merges
from ledger.names import name_key, skeletons
from projections.schema import OPEN
from projections.states import listed_events

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from ledger.claims import Claim
    from ledger.entries import Entry
    from ledger.entries.scales import PartyKind
    from projections.views import Views

_CLOSE_ENOUGH: Final = 60.0
_CODES: Final = """
SELECT scheme, code, c.party FROM party_codes c JOIN parties p ON p.entry = c.entry ORDER BY c.entry, c.rowid
"""
"""Those of registrations: what an identification adds goes with it where it is retracted."""


class Naming:
    """Parties and issues by their names.

    Args:
        views: caught up.
    """

    def __init__(self, views: Views) -> None:
        self._views = views
        self._names = PartyNames(self._db.execute("SELECT name, party, since, until FROM party_names ORDER BY entry"))
        self._looks: dict[str, set[str]] | None = None
        self._merges = Merges(self._db.execute("SELECT party, into_party FROM merges WHERE known_to = ?", (OPEN,)))
        self._kind_of: dict[str, PartyKind] = dict(self._db.execute("SELECT party, kind FROM parties"))
        self._codes: dict[tuple[str, str], Counter[str]] = {}
        for scheme, code, party in self._db.execute(_CODES):
            self._code(party, {scheme: code})
        self._identified: dict[str, list[PartyIdentified]] = {}
        """How each was identified, as far as that is not retracted; the last counts."""
        for event in listed_events(self._db, PartyIdentified, OPEN):
            self.identified_again(event, counts=True)
        self._closed: dict[str, IssueClosed] = {
            event.issue: event for event in listed_events(self._db, IssueClosed, OPEN)
        }
        self._issues: dict[str, str] = dict(self._db.execute("SELECT key, issue FROM issues"))

    @property
    def _db(self) -> sqlite3.Connection:
        """The views' connection of the moment: damaged views are replaced, and this outlives them."""
        return self._views.db

    def party(self, name: str, dated: str | None = None) -> str | None:
        """Return the id of the party known by this name at a date."""
        return self._names.owner(name, dated)

    def plain_party(self, name: str) -> str | None:
        """Return the id of the party known by this name at any date, None where there is none or dates matter."""
        return self._names.sole_owner(name)

    def plain_issue(self, name: str) -> str | None:
        """Return the id of the issue known by this name, None where there is none or it was closed."""
        found = self.issue(name)
        return None if found in self._closed else found

    def party_at(self, name: str, until: int) -> str | None:
        """Return the id of the party known by this name just before an instant, for who asks."""
        return self._names.owner_at(name, until)

    def names(self) -> Iterator[str]:
        """Yield what every name of a party is compared by."""
        return self._names.keys()

    def claims(self, name: str) -> list[Claim]:
        """Return which parties have this name, and from when until when."""
        return self._names.claims(name)

    def lookalike(self, name: str, party: str) -> str | None:
        """Return another party that has a name which looks like this one."""
        if self._looks is None:
            self._looks = {}
            for known, owner in self._db.execute("SELECT name, party FROM party_names").fetchall():
                self._look_like(known, owner)
        alike = {owner for look in skeletons(name) for owner in self._looks.get(look, ())} - {
            party,
            *(claim.party for claim in self.claims(name)),
        }
        return min(alike, default=None)

    def survivor(self, party: str) -> str:
        """Return the party that a party was merged into in the end; itself where it was not."""
        return self._merges.survivor(party)

    def party_kind(self, party: str) -> PartyKind | None:
        """Return what a party is, by its id, as far as anybody has identified it; None where there is none."""
        identified = self._identified.get(party)
        return identified[-1].kind if identified else self._kind_of.get(party)

    def coded(self, scheme: str, code: str) -> list[str]:
        """Return the parties that a code of a scheme was given to, in the order in which it was."""
        given = self._codes.get((scheme, code.strip().upper()), Counter())
        return [party for party, times in given.items() if times > 0]

    def closing(self, issue: str) -> IssueClosed | None:
        """Return how an issue was closed, None where it is open."""
        return self._closed.get(issue)

    def issue(self, name: str) -> str | None:
        """Return the id of the issue known by this name."""
        return self._issues.get(name) or self._issues.get(name_key(name))

    def suggestion(self, kind: str, name: str) -> str | None:
        """Return a hint for a name that is not known: the closest registered one, or where to look."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415  only when something was misspelt

        if kind == "source":
            return "register it first with: verbale source add"
        known = self._names.keys() if kind == "party" else self._issues.keys()
        found = process.extractOne(name_key(name), known, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        if found is None:
            return f"see: verbale {kind} list"
        identifier = self._today(found[0]) if kind == "party" else self._issues[found[0]]
        title = self._title(kind, identifier)
        return f"did you mean {identifier} ({title})?" if title else f"did you mean {identifier}?"

    def _today(self, name: str) -> str:
        """Return whose a name is when nobody says when: who has it without dates, else who had it last."""
        claims = self.claims(name)
        return next((claim.party for claim in claims if not claim.dated), claims[-1].party)

    def named(self, event: Entry) -> None:
        """Take in what an entry that was decided says of names."""
        match event:
            case PartyRegistered():
                self._name_party(event.party, event.party, event.name, *event.aliases)
                self._kind_of[event.party] = event.kind
                self._code(event.party, event.codes)
            case PartyIdentified():
                self.identified_again(event, counts=True)
                self._name_party(event.party, *filter(None, [event.name]))
            case PartyRenamed():
                self._name_party(event.party, event.name)
            case AliasAdded():
                self._name_party(event.party, event.alias, since=event.from_, until=event.until)
            case PartyMerged():
                self._merges.merge(event.party, event.into)
            case PartyUnmerged():
                self._merges.unmerge(event.party)
            case IssueOpened():
                self._issues[name_key(event.issue)] = self._issues[event.issue] = event.issue
            case IssueClosed():
                self._closed[event.issue] = event
            case _:
                pass

    def identified_again(self, event: PartyIdentified, *, counts: bool) -> None:
        """Take in that an identification was taken back, or has come back."""
        known = self._identified.setdefault(event.party, [])
        if counts:
            known.append(event)
        else:
            known.remove(event)
        self._code(event.party, event.codes, 1 if counts else -1)

    def _code(self, party: str, codes: Mapping[Any, str], times: int = 1) -> None:
        for scheme, code in codes.items():
            self._codes.setdefault((scheme, code.strip().upper()), Counter())[party] += times

    def reopened(self, event: IssueClosed, *, closed: bool) -> None:
        """Take in that a closing was taken back, or has come back."""
        if closed:
            self._closed[event.issue] = event
        else:
            self._closed.pop(event.issue, None)

    def _name_party(self, party: str, *names: str, since: str | None = None, until: str | None = None) -> None:
        for name in names:
            self._names.add(name, party, since, until)
            self._look_like(name, party)

    def _look_like(self, name: str, party: str) -> None:
        if self._looks is not None:
            for look in skeletons(name):
                self._looks.setdefault(look, set()).add(party)

    def _title(self, kind: str, identifier: str) -> str | None:
        query = {
            "party": "SELECT name FROM parties WHERE party = ?",
            "issue": "SELECT proposition FROM issues WHERE issue = ?",
        }[kind]
        row = self._db.execute(query, (identifier,)).fetchone()
        return None if row is None else row[0]
