"""Names in a table that the ledger does not know: drafts that register them, where that was asked for.

A party is found, or registered, as every data set's actors are (`ledger.actors`): a state of the world as a state, with
its codes, anybody else as `unresolved`.  A cell that is a state's alpha-3 code, in capitals, is that state at the row's
date, whichever row comes first, unless somebody else has that name.  An issue is opened with its name for the
proposition, under an id made of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ledger.actors import Actors
from ledger.errors import LedgerError
from ledger.importers.line import as_line
from ledger.importers.wording import one_line, slug
from ledger.resolving import party_of
from ledger.vocabularies import states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.actors import Found
    from ledger.register import Register

_ASKED: Final = 50_000
_CODE: Final = re.compile("[A-Z]{3}")


class Unknown:
    """Asks the register for the names of each draft.

    Args:
        register: takes in what is decided.
        kinds: of which kinds unknown names are to be registered: `party`, `issue`.
    """

    def __init__(self, register: Register, kinds: frozenset[str]) -> None:
        self._register = register
        self._actors = Actors(register)
        self._kinds = kinds
        self._issues: dict[str, str] = {}

    def in_(self, draft: dict[str, Any], references: Mapping[str, str], dated: str | None) -> Iterator[bytes]:
        """Yield the drafts of what a draft names and the ledger lacks; names in it become ids.

        Args:
            draft: of a row.
            references: its fields that hold names, and of what.
            dated: its field that says when: names mean whom they meant then.
        """
        on = None if dated is None else draft.get(dated)
        for field, kind in references.items():
            names = draft.get(field)
            if kind not in self._kinds or names is None:
                continue
            if kind == "issue":
                yield from self._issue(names, draft, field)
                continue
            found = [self._party(name, on) for name in (names if isinstance(names, list) else [names])]
            draft[field] = [one.party for one in found] if isinstance(names, list) else found[0].party
            for one in found:
                yield from one.needed

    def _party(self, name: str, on: str | None) -> Found:
        meant = states.with_code("iso3", name) if _CODE.fullmatch(name) else ()
        owners = {claim.party for claim in self._register.claims(name)}
        if not meant or not owners <= {party_of(self._register, state) for state in meant}:
            return self._actors.party(name=name, on=on)
        return self._actors.party(code=name, scheme="iso3", on=on if _told(name, on) else None)

    def _issue(self, name: str, draft: dict[str, Any], field: str) -> Iterator[bytes]:
        if name not in self._issues:
            issue = self._register.issue(name) or slug(name)
            if self._register.issue(issue) is None:
                draft[field] = issue
                yield as_line({"type": "issue-opened", "issue": issue, "proposition": one_line(name)})
                return
            if len(self._issues) >= _ASKED:
                self._issues.clear()
            self._issues[name] = issue
        draft[field] = self._issues[name]


def _told(code: str, on: str | None) -> bool:
    """Say whether a date tells whose a code was."""
    try:
        return states.by_code("iso3", code, on) is not None
    except LedgerError:  # no date: the row is refused for that
        return False
