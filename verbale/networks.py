"""Discourse networks of a ledger, and its statements as an event list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from ledger.entries.scales import PartyKind
from projections.exports import eventlist
from projections.exports.files import labels
from projections.exports.networks import Aggregation, Network, Normalization, one_mode, two_mode
from projections.exports.statements import (
    DUPLICATES,
    QUALIFIERS,
    VARIABLES,
    Duplicates,
    Qualifier,
    Variable,
    counting,
    levels,
    must_be,
    uses,
)
from projections.registry import names_at, parties, sources
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from projections.clocks import Moment
    from projections.exports.statements import Statement


class Exported(NamedTuple):
    """A network, and what its ids are called."""

    network: Network
    called: tuple[Mapping[str, str], Mapping[str, str]]
    """Labels of the rows and of the columns, by id."""
    variables: tuple[Variable, Variable]
    """What the rows are, and the columns; of a one-mode network both are the first variable."""
    at: Moment
    statements: int
    """How many count at the two moments."""
    used: int
    """How many of them the network was made of."""


class Networks(OpenLedger):
    """What other tools compute with."""

    def network(
        self,
        kind: str = "twomode",
        *,
        variable1: Variable = "party",
        variable2: Variable = "issue",
        qualifier: Qualifier = "agreement",
        aggregation: Aggregation = "ignore",
        normalization: Normalization = "no",
        duplicates: Duplicates = "include",
        isolates: bool = False,
        kinds: Collection[str] = (),
        since: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
    ) -> Exported:
        """Return a discourse network of the statements that count at two moments.

        Args:
            kind: `twomode` (nodes and concepts) or `onemode` (nodes that share concepts).
            variable1: what is a node: `party`, `speaker`, `issue`, `source` or `coder`.
            variable2: what is a concept.
            qualifier: `agreement` (for or against), `stance` (-2 to 2) or `none`.
            aggregation: what becomes of the qualifier (`projections.exports.networks`).
            normalization: what weights are divided by.
            duplicates: which statements count once: all (`include`), or within a `document`, `day`, `week`, …
            isolates: also who counts at the two moments and is in no tie.
            kinds: only the statements of parties of these kinds; empty is all.
            since: a date: only what was certainly said from its beginning on; None, all until then as well.
            as_of: the world's clock; None counts all that was said.
            as_known_at: the ledger's; None knows all that is recorded.

        Raises:
            Unparsable: a setting is none of those that there are, or `since` is no date before the world's clock.
        """
        must_be("network", kind, ("twomode", "onemode"))
        must_be("qualifier", qualifier, QUALIFIERS)
        must_be("setting of duplicates", duplicates, DUPLICATES)
        variables = variable1, variable2
        for variable in variables:
            must_be("variable", variable, VARIABLES)
        at = self.moment(as_of, as_known_at)
        statements = list(self._counting(at, kinds, since))
        found = list(uses(statements, variables, qualifier, duplicates, ignored=aggregation == "ignore"))
        every = [{name for one in statements if isolates and (name := one.value(v)) is not None} for v in variables]
        if kind == "twomode":
            network = two_mode(found, levels(qualifier), aggregation, normalization, (every[0], every[1]))
        else:
            network = one_mode(found, levels(qualifier), aggregation, normalization, every[0])
            variables = variable1, variable1
        called = self._called(variables[0], network.rows, at), self._called(variables[1], network.columns, at)
        used = sum(network.uses.values())
        return Exported(network, called, variables, at, len(statements), used)

    def event_list(
        self,
        as_of: str | None = None,
        as_known_at: str | None = None,
        kinds: Collection[str] = (),
        *,
        since: str | None = None,
    ) -> Iterator[dict[str, str | int | None]]:
        """Yield the statements that count at two moments, as DNA lists events.

        Args:
            since: a date: only what was certainly said from its beginning on; None, all until then as well.
            as_of: the world's clock; None counts all that was said.
            as_known_at: the ledger's; None knows all that is recorded.
            kinds: only the statements of parties of these kinds; empty is all.
        """
        at = self.moment(as_of, as_known_at)
        documents = {row["source"]: (row["title"], row.get("publisher")) for row in sources(self.views.db, at.known_at)}
        return eventlist.rows(self._counting(at, kinds, since), names_at(self.views.db, at.known_at), documents)

    def _counting(self, at: Moment, kinds: Collection[str], since: str | None) -> Iterator[Statement]:
        db = self.views.db
        if not kinds:
            return counting(db, at, since)
        for kind in kinds:
            must_be("kind of parties", kind, get_args(PartyKind))
        of = {row["party"]: row["kind"] for row in parties(db, at.known_at)}
        return (one for one in counting(db, at, since) if of.get(one.party) in kinds)

    def _called(self, variable: Variable, ids: Collection[str], at: Moment) -> dict[str, str]:
        """Return what the ids of a variable are called."""
        known: dict[Variable, Callable[[], Mapping[str, str]]] = {
            "party": lambda: names_at(self.views.db, at.known_at)[0],
            "issue": lambda: names_at(self.views.db, at.known_at)[1],
            "source": lambda: {row["source"]: row["title"] for row in sources(self.views.db, at.known_at)},
        }
        names = known[variable]() if variable in known else {}
        return labels({one: names.get(one, one) for one in ids})
