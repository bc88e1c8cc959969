"""Which variable of a codebook is the party, the speaker, the issue, the stance; and what a value of it says.

DNA's own statement type has the variables `person`, `organization`, `concept` and `agreement`, and any project may name
and type its own.  A variable has a role by its name, else because a setting says so (`party=actor`); the stance is
otherwise the only boolean or integer of its type.  Nothing else is guessed.

A boolean is a stance as it stands: 1 `support`, 0 `oppose`.  An integer is one by its sign, as DNA's own `subtract`
reads it, and 0 is `uncommitted`: how far from 0 stays in the coding, for -1 in somebody's codebook is not `reserved`.
Where an integer is never below 0 and goes beyond 1, it measures something else, or counts from another zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Refused, Unparsable
from ledger.importers.dna.coded import NUMBERS, TEXTS, Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAMES: Final = {
    "party": ("organization", "organisation"),
    "speaker": ("person",),
    "issue": ("concept",),
    "stance": ("agreement",),
}
_DATATYPES: Final = {"party": TEXTS, "speaker": TEXTS, "issue": TEXTS, "stance": NUMBERS}


class Roles(NamedTuple):
    """The variables of a statement type that a position is made of; None where it has none."""

    party: str | None = None
    speaker: str | None = None
    issue: str | None = None
    stance: str | None = None

    @property
    def lacks(self) -> str | None:
        """What a statement of this type has too little of to be a position."""
        if self.stance is None or self.issue is None:
            return "stance" if self.stance is None else "issue"
        return "party" if self.party is None and self.speaker is None else None


def roles_of(variables: Mapping[str, Variable], settings: Mapping[str, str]) -> Roles:
    """Return which variable of a statement type has which role.

    Args:
        variables: those of the type, by name.
        settings: `party`, `speaker`, `issue` and `stance`, as far as somebody has said.
    """
    found = {}
    for role, names in NAMES.items():
        wanted = (settings[role],) if role in settings else names
        fitting = [name for name, one in variables.items() if one.datatype in _DATATYPES[role]]
        named = [name for name in fitting if name.casefold() in {one.casefold() for one in wanted}]
        if not named and role == "stance" and role not in settings and len(fitting) == 1:
            named = fitting
        found[role] = named[0] if named else None
    return Roles(**found)


def must_fit(types: Iterable[Mapping[str, Variable]], settings: Mapping[str, str]) -> None:
    """Return if some statement type of a project can hold positions, and each setting names a variable.

    Raises:
        Unparsable: it is not so.
    """
    types = list(types)
    variables = {name.casefold(): one for type_ in types for name, one in type_.items()}
    listed = ", ".join(dict.fromkeys(one.name for one in variables.values())) or "none"
    for role, name in settings.items():
        if role in NAMES and (one := variables.get(name.casefold())) is None:
            raise Unparsable(f"no variable '{name}' for the {role}", hint=f"the project has: {listed}")
        if role in NAMES and one is not None and one.datatype not in _DATATYPES[role]:
            kinds = " or ".join(sorted(_DATATYPES[role]))
            raise Unparsable(f"'{name}' is {one.datatype}: the {role} is {kinds}", hint=f"the project has: {listed}")
    if all(roles_of(type_, settings).lacks for type_ in types):
        hint = f"say which is which: --set party=NAME --set issue=NAME --set stance=NAME; the project has: {listed}"
        raise Unparsable("no statement type has a party, an issue and a stance", hint=hint)


def stance_of(variable: Variable, value: int) -> str:
    """Return the stance that a value says.

    Raises:
        Refused: it says none.
    """
    if variable.datatype == "boolean":
        if value not in {0, 1}:
            raise Refused(f"{variable.name} is {value}, and can be 1 or 0", hint="mend the project")
        return "support" if value else "oppose"
    if not variable.negative and variable.largest > 1:
        message = f"{variable.name} runs up to {variable.largest} and is never below 0"
        raise Refused(message, hint="which of its values oppose is not said: recode it around 0 in a copy")
    return "support" if value > 0 else "oppose" if value < 0 else "uncommitted"
