"""Citing an answer: a position or an entry, pinned to the ledger, its head, the two clocks and the rule.

A citation can be checked by whoever has the journal: the root is RFC 6962's over the lines e1 to K, so a ledger that
gives another root at K is not the one that was cited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from verbale.terminal.sealed import SEALED

if TYPE_CHECKING:
    from projections.clocks import Moment
    from projections.evidence import Reading
    from projections.positions import Position

_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}  # fmt: skip
_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a footnote needs."""

    ledger: str
    """The ledger's id."""
    name: str
    at: Moment
    rule: str
    root: str | None
    """The RFC 6962 root over e1 to K, in base64; None where it was not asked for."""
    version: str
    """Of Verbale."""
    party: str | None = None
    """The party's name and id, as in `Russia (RUS)`."""
    issue: str | None = None
    """Likewise the issue's proposition and id."""
    position: Position | None = None
    entry: Reading | None = None
    """The entry that decides the position, or the one that is cited itself."""
    source: dict[str, Any] | None = None
    sealed: str = SEALED
    """What stands for the words of the entry where they are sealed: a citation is for others to read."""

    def text(self) -> str:
        """Return a footnote: one line, without line breaks."""
        return " ".join(map(_sentence, (*self._what(), self._where())))

    def bibtex(self) -> str:
        """Return a BibTeX entry."""
        dated = (self.entry.dated if self.entry else None) or self.at.recorded_at or ""
        year = _YEAR.search(dated)
        fields = {
            "title": self._title(),
            "year": year[0] if year else None,
            "howpublished": f"Verbale ledger {self.name}, {self.ledger}",
            "note": " ".join(map(_sentence, (*self._what(titled=True), self._where()))),
        }
        url = (self.source or {}).get("url")
        lines = [f"  {name} = {{{_latex(value)}}},\n" for name, value in fields.items() if value]
        if url:
            address = url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
            lines.append(f"  url = {{{address}}},\n")
        return f"@misc{{{self._key()},\n{''.join(lines)}}}\n"

    def _key(self) -> str:
        cell = (self.position.party, self.position.issue) if self.position else ()
        entry = () if self.entry is None or self.position else (f"e{self.entry.entry}",)
        parts = ("verbale", *cell, *entry, f"at-e{self.at.known_at}")
        return re.sub(r"[^A-Za-z0-9:.-]", "-", ":".join(parts))

    def _title(self) -> str:
        if self.party is not None and self.issue is not None:
            row = self.position
            held = "nothing known" if row is None else row.stance or "no position in words"
            since = f", since {row.since}" if row is not None and row.since else ""
            heir = f", inherited from {row.inherited_from}" if row is not None and row.inherited_from else ""
            contested = ", contested" if row is not None and row.contested else ""
            return f"{self.party} on {self.issue}: {held}{since}{heir}{contested}"
        if self.entry is not None:
            return f"Verbale ledger {self.name}, e{self.entry.entry}"
        return f"Verbale ledger {self.name}"

    def _what(self, *, titled: bool = False) -> list[str]:
        """Return what is cited, part by part: the position unless the title says it, the entry, its source."""
        parts = [self._title()] if self.party is not None and not titled else []
        if self.entry is not None:
            parts.append(_entry(self.entry, self.sealed, alone=self.position is None))
        if self.source is not None:
            published = self.source["published_at"]
            named = (self.source["title"], self.source["publisher"], published and f"published {published}")
            parts.append(", ".join(filter(None, (*named, self.source["url"]))))
        return parts

    def _where(self) -> str:
        at = self.at
        known = f"as known at e{at.known_at}, recorded {at.recorded_at}" if at.recorded_at else "nothing recorded"
        said = [f"Verbale ledger {self.name}, {self.ledger}", f"as of {at.as_of}" if at.as_of else "no bound in time"]
        said += [known, f"rule {self.rule}"]
        said += [f"RFC 6962 root {self.root}"] if self.root else []
        return "; ".join((*said, f"verbale {self.version}"))


def _entry(one: Reading, sealed: str, *, alone: bool) -> str:
    event = one.event
    about = [getattr(event, name, None) for name in ("party", "issue")] if alone else []
    quote = getattr(event, "quote", None)
    words = f"“{quote.exact}”" if quote is not None else one.text or sealed
    status = "" if one.status == "counts" else f" [{one.status}]"
    number = f"e{one.entry}" + (f", {one.type} of e{one.target}" if one.target else "")
    facts = filter(
        None,
        (number, " on ".join(filter(None, about)), alone and one.stance, getattr(event, "speaker", None), one.dated),
    )
    return f"{', '.join(facts)}{status}: {' '.join(words.split())}"


def _sentence(part: str) -> str:
    return part if part.rstrip("”").endswith((".", "!", "?", "…")) else f"{part}."


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
