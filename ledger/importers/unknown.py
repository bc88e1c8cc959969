"""Names in a table that the ledger does not know: drafts that register them, where that was asked for.

A party is registered under its name, as one of whom nobody has said yet what it is; an issue with its name for the
proposition.  Their ids are made of their names (`ledger.importers.cells.slug`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.entries.scales import UNRESOLVED
from ledger.importers.cells import one_line, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.register import Register

_ASKED: Final = 50_000


class Unknown:
    """Asks the register for the names of each draft.

    Args:
        register: takes in what is decided.
        kinds: of which kinds unknown names are to be registered: `party`, `issue`.
    """

    def __init__(self, register: Register, kinds: frozenset[str]) -> None:
        self._register = register
        self._kinds = kinds
        self._issues: dict[str, str] = {}
        self._parties: set[str] = set()

    def in_(self, draft: dict[str, Any], references: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """Yield the drafts of what a draft names and the ledger lacks; an issue's name in it becomes its id.

        Args:
            draft: of a row.
            references: its fields that hold names, and of what.
        """
        for field, kind in references.items():
            names = draft.get(field)
            if kind not in self._kinds or names is None:
                continue
            if kind == "issue":
                yield from self._issue(names, draft, field)
            else:
                for name in names if isinstance(names, list) else [names]:
                    yield from self._party(name)

    def _party(self, name: str) -> Iterator[dict[str, Any]]:
        if name in self._parties:
            return
        if self._register.claims(name):
            if len(self._parties) >= _ASKED:
                self._parties.clear()
            self._parties.add(name)
            return
        party = slug(name)
        if self._register.claims(party):  # somebody else's id
            party = slug(f"{name}.")
        yield {"type": "party-registered", "party": party, "name": one_line(name), "kind": UNRESOLVED}

    def _issue(self, name: str, draft: dict[str, Any], field: str) -> Iterator[dict[str, Any]]:
        if name not in self._issues:
            issue = self._register.issue(name) or slug(name)
            if self._register.issue(issue) is None:
                draft[field] = issue
                yield {"type": "issue-opened", "issue": issue, "proposition": one_line(name)}
                return
            if len(self._issues) >= _ASKED:
                self._issues.clear()
            self._issues[name] = issue
        draft[field] = self._issues[name]
