"""Who a name or a code leads to, and why: what `party resolve` answers.

Names and codes lead where `ledger.resolving` says, as in an import: a name that a party has without dates, and that was
another state's at the date, is that state's.  `record` and `show` go by the register alone: where they differ, the
other party is among the answer's `others`, or in the hint where the state is not registered.  What is close is shown
beside the answer, and is never the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.claims import Claim
from ledger.entries import PartyIdentified, PartyRegistered, PartyRenamed
from ledger.errors import UnknownName, Unparsable
from ledger.names import name_key, skeletons
from ledger.resolving import Actor, resolved, state_named
from ledger.times import END, stamp
from ledger.vocabularies.states import SCHEMES
from projections.belonging import merges_at
from projections.registry import names_at
from projections.states import event_from, listed_events

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.vocabularies.states import State
    from projections.clocks import Moment
    from projections.register import ViewRegister

_CLAIMS: Final = """
SELECT n.name, n.party, n.entry, n.since, n.until, e.type, e.data FROM party_names n JOIN entries e ON e.entry = n.entry
WHERE n.key = ? GROUP BY n.party, n.entry ORDER BY n.entry
"""
_CODED: Final = "SELECT party, entry FROM party_codes WHERE scheme = ? AND UPPER(TRIM(code)) = UPPER(?) ORDER BY entry"
_MERGED: Final = "SELECT known_from FROM merges WHERE party = ? AND known_from <= ? AND known_to > ?"
_CLOSE: Final = 5
_CLOSE_ENOUGH: Final = 75.0
_SHORT: Final = 3
"""Of so few letters another one is another name: "US" and "RUS" are not alike, unless they look the same."""


def identity(
    db: sqlite3.Connection, register: ViewRegister, at: Moment, asked: str, scheme: str | None
) -> dict[str, Any]:
    """Return who a name, or a code of a scheme, leads to at two moments, and by what.

    Args:
        db: the views, caught up.
        register: the names, in step with the views.
        at: the two moments; names are those that are recorded by now, merges those recorded by K.
        asked: the name or code.
        scheme: whose code it is; None for a name.

    Raises:
        UnknownName: it leads to nobody, or to several and T does not tell them apart.
        Unparsable: there is no such scheme.
    """
    if scheme is not None and scheme not in SCHEMES:
        raise Unparsable(f"no code list '{scheme}'", hint=f"one of: {', '.join(SCHEMES)}")
    on = None if at.until == END else stamp(at.until - 1)
    state: State | None = None
    if scheme is None:
        party, state = _named(register, asked, on, at.until)
        claims = list(_by_name(db, asked))
    else:
        party, _, state = resolved(register, Actor(code=asked, scheme=scheme, on=on))
        claims = [claim for claim in _by_code(db, asked, scheme) if claim["party"] in register.coded(scheme, asked)]
    if party is None:
        raise _nobody(register, asked, scheme, state or state_named(asked, on), claims)
    names, _ = names_at(db, at.known_at)
    holder, merged = merges_at(db, at.known_at).survivor(party), None
    if holder != party:
        merged = db.execute(_MERGED, (party, at.known_at, at.known_at)).fetchone()[0]
    mine = [claim for claim in claims if claim["party"] == party]
    return {
        "asked": asked,
        "scheme": scheme,
        "party": party,
        "name": names.get(party, party),
        "party_kind": _kind(db, party, at.known_at),
        "by": _best(mine, at.until) or {"what": "state", "party": party, "from": None, "until": None, "entry": None},
        "merged_into": None if holder == party else holder,
        "merged_by": merged,
        "state": None
        if state is None
        else {"id": state.id, "name": state.name, "from": state.since, "until": state.until},
        "others": [claim for claim in claims if claim["party"] != party],
        "close": list(_close(register, names, asked, {party, *(claim["party"] for claim in claims)}, scheme)),
    }


def _named(register: ViewRegister, asked: str, on: str | None, until: int) -> tuple[str | None, State | None]:
    """Return the party that a name leads to, and the state by which it does, where it is not by the register."""
    party, how, state = resolved(register, Actor(name=asked, on=on))
    if party is None and state is None:
        return register.party_at(asked, until), None
    return party, state if how == "state by name" else None


def _kind(db: sqlite3.Connection, party: str, known_at: int) -> str:
    """Return what a party is as far as anybody had identified it by K."""
    row = db.execute("SELECT kind FROM parties WHERE party = ? AND entry <= ?", (party, known_at)).fetchone()
    if row is None:
        raise UnknownName(f"no party '{party}' at e{known_at}", hint="it was registered later")
    identified = [one.kind for one in listed_events(db, PartyIdentified, known_at) if one.party == party]
    return str(identified[-1] if identified else row[0])


def _by_name(db: sqlite3.Connection, asked: str) -> Iterator[dict[str, Any]]:
    """Yield which parties have a name, from when until when, and by which entry."""
    for name, party, entry, since, until, kind, data in db.execute(_CLAIMS, (name_key(asked),)):
        what = "alias"
        match event_from(kind, data):
            case PartyRegistered() as event if name_key(event.party) == name_key(name):
                what = "id"
            case PartyRegistered(name=said) | PartyRenamed(name=said) if name_key(said) == name_key(name):
                what = "name"
            case PartyIdentified():
                what = "name"
            case _:
                pass
        yield {"what": what, "party": party, "from": since, "until": until, "entry": entry}


def _by_code(db: sqlite3.Connection, asked: str, scheme: str | None) -> Iterator[dict[str, Any]]:
    for party, entry in db.execute(_CODED, (scheme, asked.strip())):
        yield {"what": "code", "party": party, "from": None, "until": None, "entry": entry}


def _best(claims: list[dict[str, Any]], until: int) -> dict[str, Any] | None:
    """Return the claim by which a party has a name: one whose dates hold, else the first."""
    dated = [one for one in claims if one["from"] or one["until"]]
    for one in dated:
        claim = Claim(one["party"], one["from"], one["until"])
        if claim.earliest < until <= claim.latest:
            return one
    return next((one for one in claims if one not in dated), next(iter(claims), None))


def _nobody(
    register: ViewRegister, asked: str, scheme: str | None, state: State | None, claims: list[dict[str, Any]]
) -> UnknownName:
    what = f"no party with the {scheme} code '{asked}'" if scheme else f"no party '{asked}'"
    if state is not None:
        hint = f"an import would register {state.id} ({state.name})"
        if claims and not scheme:
            return UnknownName(
                f"{what} at that time",
                hint=f"{hint}; record and show take it for {claims[0]['party']}, whose name it is without dates",
            )
        return UnknownName(what, hint=hint)
    return UnknownName(what, hint="see: verbale party list" if scheme else register.suggestion("party", asked))


def _close(
    register: ViewRegister, names: dict[str, str], asked: str, apart: set[str], scheme: str | None
) -> Iterator[dict[str, Any]]:
    """Yield parties with a name that is close, the closest first."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  only when somebody asks

    if scheme:
        return
    looks = skeletons(asked)
    seen = set(apart)
    found = process.extract(
        name_key(asked), list(register.names()), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH, limit=50
    )
    for name, score, _ in found:
        same_looks = not looks.isdisjoint(skeletons(name))
        if min(len(name), len(asked)) <= _SHORT and not same_looks:
            continue
        for claim in register.claims(name):
            if claim.party in seen or len(seen) - len(apart) >= _CLOSE:
                continue
            seen.add(claim.party)
            why = "looks the same" if same_looks else "is spelt alike"
            yield {
                "party": claim.party,
                "name": names.get(claim.party, claim.party),
                "by": name,
                "score": round(score),
                "why": why,
            }
