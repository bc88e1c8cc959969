"""From what a coder has marked to drafts: the statement, and what it names that the register does not know.

- The party is the organisation, found as every data set's actors are (`ledger.actors`): a state of the world, a party
  of this name, else one that is registered as unresolved.  Where there is no organisation it is the person, of kind
  `other`; where there are both, the person is the speaker.
- The issue is the concept, and its text the proposition.  Its id is made of the text alone (`issue_of`), so that two
  projects that code the same concept are about one issue, and a codebook that grows renames none.
- The stance is the qualifier's (`ledger.importers.dna.roles`); the coding says which variable had which value.
- The document is the source, `DATASET/ID`, its raw text the bytes that are kept; the passage is the quote.  DNA does
  not say whose words a passage holds, so the attribution is `paraphrase`, never `direct`.
- `origin` has the data set, the statement's id and its coder, and in `columns` whatever else the statement and its
  document say.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.actors import Actors
from ledger.claims import Claim
from ledger.entries.scales import UNRESOLVED
from ledger.errors import LedgerError, Refused
from ledger.free_names import FreeNames
from ledger.importers.dna.passages import passages
from ledger.importers.dna.roles import Roles, roles_of, stance_of
from ledger.importers.line import Line
from ledger.texts import sha256_of, text_sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.importers.dna.coded import Coded, Variable
    from ledger.register import Register

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NO_ID: Final = re.compile("[^a-z0-9]+")
_AN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}")
_SLUG: Final = 90
_DIGEST: Final = 8
_QUOTE: Final = 20_000
_QUOTE_BYTES: Final = 40_000
"""A line holds 65,535 bytes, and more than the quote."""


def issue_of(concept: str) -> str:
    """Return the id of a concept's issue: what can be read of its text, and a part of its SHA-256.

    >>> issue_of("Cap and trade is the solution.")
    'dna/cap-and-trade-is-the-solution-08ee89df'
    """
    return f"dna/{_with_digest(slug(concept), concept)}"


def slug(text: str) -> str:
    """Return what an id can hold of a text; nothing, where it has no Latin letters.

    >>> slug("Bündnis 90/Die Grünen")
    'bundnis-90-die-grunen'
    """
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NO_ID.sub("-", letters)[:_SLUG].strip("-")


def _with_digest(readable: str, text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST]
    return f"{readable}-{digest}" if readable else digest


class _Meant(NamedTuple):
    """What a statement means for a ledger."""

    name: str
    """What the party is called."""
    is_person: bool
    who: str
    """The variable that the party stands in."""
    speaker: str
    issue: str
    qualifier: Variable
    value: int

    def fields(self) -> dict[str, Any]:
        """Return the fields of a draft that say so."""
        name, value = label(self.qualifier.name), self.value
        says = f"with {name} {value:+d}" if self.qualifier.datatype == "integer" else "agrees" if value else "disagrees"
        return {
            "issue": issue_of(self.issue),
            "stance": stance_of(self.qualifier, value),
            "text": f"{self.name} {says}: {self.issue}",
            "speaker": self.speaker or None,
            "coding": {"scheme": "DNA", "code": name, "mode": str(value)},
        }


class Drafts:
    """Makes lines of statements.

    Args:
        register: what is known already.
        dataset: the name of the data set.
        settings: which variable has which role.
        aliases: returns what else an entity is called, by its variable and value; several are parted by semicolons.
    """

    def __init__(
        self,
        register: Register,
        dataset: str,
        settings: Mapping[str, str],
        aliases: Callable[[str, str], str] = lambda variable, value: "",  # noqa: ARG005  an event list has none
    ) -> None:
        self._register = register
        self._dataset = dataset
        self._settings = settings
        self._aliases = aliases
        self._actors = Actors(register)
        self._roles: dict[int, Roles] = {}

    def lines(self, together: Sequence[Coded], end: int) -> Iterator[Line]:
        """Yield a line for each statement of a document."""
        document = together[0].document
        text, places = ("", None) if document.text is None else passages(document.text, together)
        for number, one in enumerate(together):
            try:
                place = None if places is None else places[number]
                yield self._line(one, text, place, end)
            except LedgerError as error:
                yield Line(one.line, None, 0, end, error=error)

    def _line(self, one: Coded, text: str, place: tuple[int, int] | Refused | None, end: int) -> Line:
        roles = self._roles.get(id(one.variables))
        if roles is None:
            roles = self._roles[id(one.variables)] = roles_of(one.variables, self._settings)
        meant = _meant(one, roles)
        unread = roles.lacks is None and roles.stance in one.unread
        if isinstance(meant, str) and (one.values or one.unsound is None) and not unread:
            return Line(one.line, None, 0, end, left_out=f"without_{meant}")
        if one.unsound is not None or isinstance(meant, str):
            raise Refused(one.unsound or "the row is empty", hint="mend it in DNA, or take the rest with --keep-going")
        if isinstance(place, Refused):
            raise place
        notes = ["days_in_an_unknown_zone"] if one.zone_unknown else []
        party, registered = self._party(one, meant, notes)
        source, documents, needed = self._source(one)
        columns = self._columns(one, roles, meant.name)
        quote = _quote(one, text, place)
        if quote is None and (one.bounds is not None or one.words):
            notes.append("quotes_left_out")
        if one.bounds is not None and "start" not in (quote or {}):
            columns |= {"start_position": str(one.bounds[0]), "stop_position": str(one.bounds[1])}
        statement = {
            "type": "statement-made",
            "party": party,
            **meant.fields(),
            "said_on": one.day,
            "source": source,
            "attribution": "paraphrase",
            "quote": quote,
            "origin": {
                "dataset": self._dataset,
                "id": one.id,
                "coder": label(one.coder or "") or None,
                "columns": columns,
            },
        }
        needed += registered
        if self._register.issue(issue_of(meant.issue)) is None:
            needed.append({"type": "issue-opened", "issue": issue_of(meant.issue), "proposition": meant.issue})
        drafts = tuple(map(_bytes, needed))
        return Line(one.line, _bytes(statement), 0, end, drafts, documents=documents, notes=tuple(notes))

    def _columns(self, one: Coded, roles: Roles, name: str) -> dict[str, str]:
        """Return what else a statement and its document say."""
        spoken_for = {roles.speaker, roles.issue, roles.stance}
        document = one.document
        cells = {key: str(value) for key, value in one.values.items() if key not in spoken_for}
        if roles.party is not None and cells.get(roles.party) == name:
            del cells[roles.party]
        cells |= {"time": one.clock or "", "document_author": document.author, "document_section": document.section}
        cells |= {"document_type": document.type}
        kept = {label(key): _CONTROLS.sub("", value) for key, value in cells.items()}
        return {key: value for key, value in kept.items() if key and value.strip() and len(value) <= _QUOTE}

    def _source(self, one: Coded) -> tuple[str, tuple[bytes, ...], list[dict[str, Any]]]:
        """Return the source of a document, the bytes to keep, and the draft that registers it, if it is to be."""
        document = one.document
        key = document.id if _AN_ID.fullmatch(document.id) else _with_digest(slug(document.id), document.id)
        source = f"{self._dataset}/{key}"
        raw = None if document.text is None else document.text.encode("utf-8", "replace")
        sha256 = None if raw is None else sha256_of(raw)
        facts = self._register.source_facts(source)
        if facts is not None and sha256 is not None and facts.sha256 != sha256:
            source = f"{source}-{sha256[:_DIGEST]}"  # the document has been changed since
            facts = self._register.source_facts(source)
        if facts is not None:
            return source, (), []
        fields = {
            "title": label(document.title) or f"Document {key}",
            "publisher": label(document.source),
            "published_at": one.day,
            "sha256": sha256,
            "text_sha256": None if raw is None else text_sha256_of(raw),
        }
        known = {name: value for name, value in fields.items() if value}
        return source, () if raw is None else (raw,), [{"type": "source-registered", "source": source, **known}]

    def _party(self, one: Coded, meant: _Meant, notes: list[str]) -> tuple[str, list[dict[str, Any]]]:
        """Return the party, and the drafts that register it where it is new, with what else it is called."""
        found = self._actors.party(name=meant.name, on=one.day)
        drafts = [json.loads(draft) for draft in found.needed]
        if not drafts:
            return found.party, []
        for draft in drafts:
            if meant.is_person and draft.get("kind") == UNRESOLVED:
                draft["kind"] = "other"
        told = self._aliases(meant.who, _text(one, meant.who)).split(";")
        others = [alias for alias in dict.fromkeys(map(label, told)) if alias and alias != meant.name]
        free = [alias for alias in others if FreeNames(self._register).is_free(alias, Claim(found.party))]
        notes += ["aliases_left_out"] * (len(others) - len(free))
        drafts += [{"type": "alias-added", "party": found.party, "alias": alias} for alias in free]
        return found.party, drafts


def label(text: str) -> str:
    """Return a text on one line, without characters that no label may hold."""
    return " ".join(_CONTROLS.sub(" ", unicodedata.normalize("NFC", text)).split())


def _text(one: Coded, name: str | None) -> str:
    value = None if name is None else one.values.get(name)
    return "" if value is None else str(value)


def _meant(one: Coded, roles: Roles) -> _Meant | str:
    """Return what a statement means for a ledger, or what it lacks for that."""
    organisation, person, issue = (label(_text(one, name)) for name in roles[:3])
    who = roles.party if organisation else roles.speaker
    stance = None if roles.stance is None else one.values.get(roles.stance)
    if roles.lacks is not None:
        return roles.lacks
    if not isinstance(stance, int) or roles.stance is None:
        return "stance"
    name = organisation or person
    if not issue or not name or who is None:
        return "party" if issue else "issue"
    return _Meant(
        name, not organisation, who, person if organisation else "", issue, one.variables[roles.stance], stance
    )


def _quote(one: Coded, text: str, place: tuple[int, int] | None) -> dict[str, Any] | None:
    """Return the quote, None where there is none or no entry could hold it."""
    exact = (one.words or "") if place is None else text[slice(*place)]
    if not exact.strip() or _CONTROLS.search(exact) or len(exact) > _QUOTE or len(exact.encode()) > _QUOTE_BYTES:
        return None
    return {"exact": exact} if place is None else {"exact": exact, "start": place[0], "end": place[1]}


def _bytes(draft: dict[str, Any]) -> bytes:
    return json.dumps(_filled(draft), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _filled(draft: dict[str, Any]) -> dict[str, Any]:
    """Return a draft, or a part of one, without what is None."""
    return {
        key: _filled(value) if isinstance(value, dict) else value for key, value in draft.items() if value is not None
    }
