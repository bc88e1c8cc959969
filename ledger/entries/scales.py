"""The closed vocabularies: stances, acts, attributions, the Admiralty code.

A stance is a point on an ordered scale of five, or one of three values off it.  What is off the scale has no number
and is never averaged.  The Admiralty code (NATO AJP-2.1: A–F for the source, 1–6 for the information) stays letters and
digits: published number scales for it disagree with each other.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Stance = Literal["oppose", "reserved", "uncommitted", "conditional", "support", "awaiting", "declined", "withdrawn"]
STANCES: Final[tuple[Stance, ...]] = get_args(Stance)

VALUES: Final[dict[Stance, int]] = {"oppose": -2, "reserved": -1, "uncommitted": 0, "conditional": 1, "support": 2}
"""The ordered scale; a stance that is not a key here is off the scale."""

Act = Literal[
    "declare", "propose", "demand", "request", "accept", "reject", "promise", "threaten", "deny", "clarify", "comment"
]
Attribution = Literal["direct", "paraphrase", "reported", "inferred"]
IdentifiedKind = Literal["state", "organisation", "coalition", "armed-group", "other"]
PartyKind = Literal[IdentifiedKind, "unresolved"]
UNRESOLVED: Final = "unresolved"
"""The kind of an actor that a data set names and that nobody has identified."""
Reliability = Literal["A", "B", "C", "D", "E", "F"]
