"""What has a name: lists and cards, each as known at K."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.errors import UnknownName
from ledger.resolving import state_named
from projections import cards, registry
from projections.assertions import assertions
from projections.identity import identity
from projections.reviewing import review
from verbale.opened import OpenLedger
from verbale.rows import Rows

if TYPE_CHECKING:
    from projections.assertions import Asserted


class Registered(OpenLedger):
    """The names, and what is known of them."""

    def parties(self, as_known_at: str | None = None, *, unresolved: bool = False) -> Rows[dict[str, Any]]:
        """Return the parties, by id.

        Args:
            as_known_at: only those registered by then.
            unresolved: those that data sets name and nobody identified or merged, with how many `entries` name each,
                most first, instead.
        """
        known_at = self.moment(None, as_known_at).known_at
        listed = registry.unresolved_parties if unresolved else registry.parties
        return Rows(lambda: listed(self.views.db, known_at), dict, "parties")

    def issues(self, as_known_at: str | None = None, *, dyads: bool = False) -> Rows[dict[str, Any]]:
        """Return the issues, by id.

        Args:
            as_known_at: only those registered by then.
            dyads: with the dyads, such as `relations/RUS-UKR`, which event data sets bring along.
        """
        known_at = self.moment(None, as_known_at).known_at
        return Rows(lambda: registry.issues(self.views.db, known_at, dyads=dyads), dict, "issues")

    def party_card(self, name: str, as_of: str | None = None, as_known_at: str | None = None) -> dict[str, Any]:
        """Return what is known of a party beside its positions: names, links, members, speakers.

        Args:
            name: any name of it.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            UnknownName: K does not know it.
        """
        at = self.moment(as_of, as_known_at)
        card = cards.party_card(self.views.db, at, self.party(name, at.until))
        if card is None:
            raise UnknownName(f"no party '{name}' at e{at.known_at}", hint="it was registered later")
        return card

    def party_named(
        self, name: str, as_of: str | None = None, as_known_at: str | None = None, *, scheme: str | None = None
    ) -> dict[str, Any]:
        """Return who a name or a code leads to, by what, and what else is close.

        Args:
            name: a name in any spelling, or a code.
            as_of: the world's clock, as for `position`: a name may be another party's at another time.
            as_known_at: the ledger's clock, as for `position`: merges and what parties are called by then.
            scheme: whose code it is: `iso3`, `cow`, `wikidata` or `cameo`; None for a name.

        Raises:
            UnknownName: it leads to nobody, or to several and T does not tell them apart.
        """
        at = self.moment(as_of, as_known_at)
        return identity(self.views.db, self.current_register(), at, name, scheme)

    def review(self, as_known_at: str | None = None, *, country: str | None = None) -> Rows[dict[str, Any]]:
        """Return the actors that nobody has identified, most named first, each with who it may be and why.

        Args:
            as_known_at: as they waited then.
            country: only those of this state, by a code or name; an empty text, those of which nobody knows.

        Raises:
            UnknownName: there is no such state.
        """
        known_at = self.moment(None, as_known_at).known_at
        state = state_named(country)
        if country and state is None:
            raise UnknownName(f"no state '{country}'", hint="an ISO code of three letters, or a name")
        of = country if state is None else state.id
        return Rows(lambda: list(review(self.views.db, known_at, of)), dict, "review")

    def issue_card(self, name: str, as_of: str | None = None, as_known_at: str | None = None) -> dict[str, Any]:
        """Return what is known of an issue beside the positions on it: wordings, parts, how it was closed.

        Args:
            name: its id.
            as_of: the world's clock, as for `position`.
            as_known_at: the ledger's clock, as for `position`.

        Raises:
            UnknownName: K does not know it.
        """
        at = self.moment(as_of, as_known_at)
        card = cards.issue_card(self.views.db, at, self.issue(name))
        if card is None:
            raise UnknownName(f"no issue '{name}' at e{at.known_at}", hint="it was opened later")
        return card

    def source(self, name: str, as_known_at: str | None = None) -> dict[str, Any] | None:
        """Return one source, None where it is not known.

        Args:
            name: its id.
            as_known_at: where it was registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return registry.source(self.views.db, known_at, name)

    def source_card(self, name: str, as_known_at: str | None = None) -> dict[str, Any]:
        """Return all that is known of one source: its fields, its `status`, whether its document is `kept` here.

        `entries` are those that rest on it, retracted or not.

        Args:
            name: its id.
            as_known_at: as known by then.

        Raises:
            UnknownName: nobody has registered such a source by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        card = cards.source_card(self.views.db, known_at, name)
        if card is None:
            raise UnknownName(f"no source '{name}' at e{known_at}", hint="verbale source list names them all")
        return {**card, "kept": self.snapshots.holds(card["sha256"])}

    def sources(self, as_known_at: str | None = None) -> Rows[dict[str, Any]]:
        """Return the sources, by id.

        Args:
            as_known_at: only those registered by then.
        """
        known_at = self.moment(None, as_known_at).known_at
        return Rows(lambda: registry.sources(self.views.db, known_at), dict, "sources")

    def speakers(self, as_known_at: str | None = None, *, unresolved: bool = False) -> Rows[dict[str, Any]]:
        """Return the speakers.

        Args:
            as_known_at: only those named by then.
            unresolved: those that statements name and nobody registered, instead.
        """
        known_at = self.moment(None, as_known_at).known_at
        listed = registry.unresolved_speakers if unresolved else registry.speakers
        return Rows(lambda: listed(self.views.db, known_at), dict, "speakers")

    def assertions(self, as_known_at: str | None = None) -> list[Asserted]:
        """Return the positions that were asserted, each with what the ledger says now.

        Args:
            as_known_at: only those recorded by then, held against what was known there.
        """
        known_at = self.moment(None, as_known_at).known_at
        return list(assertions(self.views.db, known_at))
