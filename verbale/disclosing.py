"""What is sealed in an entry, for who holds the ledger: shown, withheld, or erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ledger.errors import UnknownName
from projections.erasures import erased_by, erasures
from projections.evidence import reading
from verbale.opened import OpenLedger

if TYPE_CHECKING:
    from ledger.sealing import SealedValue


class SealedField(NamedTuple):
    """A field of an entry that is sealed, and what became of its value."""

    field: str
    """`speaker`, `text` or `quote`."""
    value: str | None
    """Where it is at hand; a quote as its JSON."""
    erased_by: int | None = None
    """The entry that records its erasure."""

    @property
    def state(self) -> Literal["at hand", "erased", "withheld"]:
        """Whether who holds the ledger can read it: `withheld` is what was never here, or is not for this user."""
        if self.erased_by is not None:
            return "erased"
        return "withheld" if self.value is None else "at hand"


class Disclosure(NamedTuple):
    """What one hands to somebody who is to read one sealed field, and to check it against the journal line."""

    entry: int
    field: str
    salt: str
    """In hex."""
    value: str
    commitment: str
    """As the line has it: HMAC-SHA256(salt, field ‖ 0x00 ‖ value), in hex."""


class Disclosures(OpenLedger):
    """What the holder of a ledger knows beyond its journal."""

    def sealed(self, entry: int) -> list[SealedField]:
        """Return the sealed fields of an entry, none where nothing is sealed.

        Raises:
            UnknownName: there is no such entry.
        """
        committed = self._commitments(entry)
        at_hand = {value.field: value.value for value in self._at_hand(entry)} if committed else {}
        gone = list(erasures(self.views.db, entry)) if committed else []
        return [SealedField(name, at_hand.get(name), erased_by(gone, name)) for name in committed]

    def disclosed(self, entry: int) -> dict[str, str]:
        """Return what is sealed in an entry and at hand: the field's name and its value."""
        return {value.field: value.value for value in self._at_hand(entry)}

    def disclosure(self, entry: int) -> list[Disclosure]:
        """Return salt and value of each sealed field of an entry that is at hand, to be handed to one reader.

        Each field has a salt of its own: who is given one learns nothing of the others.

        Raises:
            UnknownName: there is no such entry.
        """
        committed = self._commitments(entry)
        return [
            Disclosure(entry, one.field, one.salt.hex(), one.value, committed[one.field])
            for one in self._at_hand(entry)
            if one.field in committed
        ]

    def erased_entries(self) -> dict[int, list[SealedField]]:
        """Return the entries of which something was erased, and what became of their sealed fields."""
        self.views.catch_up()
        return {target: self.sealed(target) for target in {one.event.entry for one in erasures(self.views.db)}}

    def _at_hand(self, entry: int) -> list[SealedValue]:
        return sorted(self.journal.sealed_values(entry), key=lambda value: value.field)

    def _commitments(self, entry: int) -> dict[str, str]:
        head = self.views.catch_up()
        found = reading(self.views.db, entry, head)
        if found is None:
            raise UnknownName(f"no entry e{entry}", hint=f"the last is e{head}" if head else "the ledger is empty")
        return dict(getattr(found.event, "sealed", None) or {})
