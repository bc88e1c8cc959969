"""What the address of a page asks for, and addresses that ask for something else.

Everything that a page depends on stands in its address: the two clocks, the rule, filters and pages.  A link keeps the
clocks and the rule; filters and pages belong to one page and are left behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlencode

from ledger.errors import Unparsable
from projections.ruling import LATEST, rule_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CLOCKS: Final = ("as_of", "as_known_at", "rule")
FORMS: Final = ("html", "json", "csv")
PAGING: Final = ("across", "down", "page", "part", "before", "after", "list")
"""What asks for a part of a list: a form has all of it."""
_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """One address, understood."""

    path: str
    """Without the ending that names the form, each part as it is: `/why/RUS/ceasefire-30d`."""
    form: str = "html"
    as_of: str | None = None
    as_known_at: str | None = None
    rule: str = LATEST.name
    more: Mapping[str, str] = field(default_factory=dict)
    """Filters and pages, by name; what was left empty is not among them."""

    @classmethod
    def of(cls, path: str, query: Mapping[str, str]) -> Asked:
        """Return what a path and a query ask for.

        Raises:
            Unparsable: there is no such rule.
        """
        given = {name: value.strip() for name, value in query.items() if value.strip()}
        bare = cls.at(path)
        rule = given.get("rule", LATEST.name)
        rule_named(rule)
        clocks = given.get("as_of"), given.get("as_known_at")
        more = {name: value for name, value in given.items() if name not in CLOCKS}
        return cls(bare.path, bare.form, *clocks, rule, more)

    @classmethod
    def at(cls, path: str) -> Asked:
        """Return what a path alone asks for."""
        form = next((one for one in FORMS[1:] if path.endswith(f".{one}")), "html")
        return cls(path if form == "html" else path[: -len(form) - 1], form)

    def get(self, name: str) -> str | None:
        """Return a filter; None where it was not asked for."""
        return self.more.get(name)

    def number(self, name: str, least: int = 1) -> int:
        """Return a number, as of a page.

        Raises:
            Unparsable: it is none, or below the least.
        """
        said = self.more.get(name)
        if said is None:
            return least
        if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS and int(said) >= least):
            raise Unparsable(f"'{name}={said}' is no number from {least} on", hint=f"as in {name}={least}")
        return int(said)

    def flag(self, name: str) -> bool:
        """Say whether something that is on or off is on."""
        return self.more.get(name) not in {None, "0", "no", "false"}

    def __getitem__(self, clock: str) -> str | None:
        """Return a clock by its name."""
        return {"as_of": self.as_of, "as_known_at": self.as_known_at}[clock]

    def parts(self) -> list[str]:
        """Return the parts of the path, each as it is."""
        return [unquote(part) for part in self.path.strip("/").split("/")]

    def bare(self) -> Asked:
        """Return the page without clocks, rule and filters, as a form's address must be."""
        return Asked(self.path)

    def as_form(self, form: str) -> Asked:
        """Return the same answer in another form, unpaged."""
        return replace(self.with_(**dict.fromkeys(PAGING)), form=form)

    def clocks(self) -> dict[str, str]:
        """Return the clocks and the rule, as far as they differ from what is usual."""
        rule = None if self.rule == LATEST.name else self.rule
        given = zip(CLOCKS, (self.as_of, self.as_known_at, rule), strict=True)
        return {name: value for name, value in given if value is not None}

    def with_(self, **changes: str | int | None) -> Asked:
        """Return the same page with other clocks, filters or pages; None takes one away."""
        said = {"as_of": self.as_of, "as_known_at": self.as_known_at, "rule": self.rule, **self.more, **changes}
        given = {name: str(value) for name, value in said.items() if value is not None}
        clocks = given.pop("as_of", None), given.pop("as_known_at", None), given.pop("rule", LATEST.name)
        return Asked(self.path, self.form, *clocks, given)

    def elsewhere(self, *parts: str | int, form: str = "html", **more: str | int | None) -> Asked:
        """Return another page at the same clocks, by the same rule.

        Args:
            parts: of its path, each as it is: `"why", "RUS", "ceasefire-30d"`.
            form: one of `FORMS`.
            more: its filters.
        """
        path = "/" + "/".join([segment(str(part)) for part in parts])
        kept = {name: str(value) for name, value in more.items() if value is not None}
        return Asked(path, form, self.as_of, self.as_known_at, self.rule, kept)

    def below(self, page: str) -> Callable[..., str]:
        """Return what gives the server's addresses of one kind of page, by the parts that follow: for many of them."""
        kept = urlencode(self.clocks(), quote_via=quote)
        query = f"?{kept}" if kept else ""
        return lambda *parts: f"/{page}/{'/'.join([segment(part) for part in parts])}{query}"

    def address(self) -> str:
        """Return the address on the server."""
        given = {**self.clocks(), **self.more}
        query = urlencode(given, quote_via=quote) if given else ""
        return f"{self.path}{'' if self.form == 'html' else '.' + self.form}{'?' + query if query else ''}"


@lru_cache(maxsize=4_096)  # a page of the matrix has 1,600 addresses of 80 names
def segment(text: str) -> str:
    """Return a text as one part of a path: an id may have a slash of its own, or end as a form does (`votes.json`)."""
    quoted = quote(text, safe="")
    stem, dot, ending = quoted.rpartition(".")
    return f"{stem}%2E{ending}" if dot and ending in FORMS else quoted
