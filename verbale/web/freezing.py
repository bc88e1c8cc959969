"""The desk's pages as a folder: no server, no script needed, nothing that is not in the folder.

Both clocks and the rule are fixed, and stand on every page.  Pages are made as links lead to them, from the matrix on,
and at most so many of each kind; a link to a page that was left out is plain text, and the index says how many there
are.  Nothing that is sealed is in them, nor a document that sealed words rest on: a folder is given away.  The same
ledger at the same clocks gives the same bytes.

The folder is written aside and takes its place once it is whole.  It names itself, in `verbale-html.json`, so that a
later export may take its place, and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import LedgerError, Refused
from ledger.stores.durable import part_of, sync_names
from projections.json_rows import clocks, dumped
from verbale.documents import envelope
from verbale.web.answering import Page, rendered
from verbale.web.application import PAGES, STATIC
from verbale.web.asked import PAGING
from verbale.web.outward import Outward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from projections.clocks import Moment
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

MARK: Final = "verbale-html.json"
LIMIT: Final = 1_000
"""Pages of one kind, unless somebody wants more."""
_INDEX: Final = "index.html"
_STATIC: Final = ("desk.css", "paper.css", "desk.js", "desk.svg")
_LEFT: Final = frozenset({"agreement", "code", "token"})
"""Pages of those who record."""
_FRONT: Final = ("matrix", "diff", "log", "parties", "issues", "sources", "agenda", "audit")
_PAGED: Final = frozenset(PAGING)
_NUMBERED: Final = frozenset({"across", "down", "page", "part"})
"""Of which the first is the page itself."""
_KEPT: Final = _PAGED | {"party", "issue", "dyads", "known_from"}
_PLAIN: Final = re.compile("[A-Za-z0-9_-]|(?<=[A-Za-z0-9_-])[.](?=[A-Za-z0-9_-])")
_DEVICE: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_LONGEST: Final = 120
_HELD: Final = re.compile(r' (href|src)="held:([^"#]+)(#[^"]*)?"')


@dataclass
class Frozen:
    """What a folder holds."""

    at: Moment
    rule: str
    pages: Counter[str] = field(default_factory=Counter)
    """How many of each kind."""
    left_out: Counter[str] = field(default_factory=Counter)
    """How many more of each kind pages would have led to."""

    def document(self, path: Path | None = None) -> dict[str, Any]:
        """Return what is written into the folder; with its path, what the command prints."""
        kinds = sorted({*self.pages, *self.left_out})
        rows = [{"page": one, "pages": self.pages[one], "left_out": self.left_out[one]} for one in kinds]
        where = {} if path is None else {"path": str(path)}
        return envelope("html", **where, **clocks(self.at), rule=self.rule, rows=rows)


def freeze(
    ledger: Ledger, folder: Path, asked: Asked, limit: int = LIMIT, told: Callable[[int], None] | None = None
) -> Frozen:
    """Write the pages of a ledger into a folder, whole or not at all.

    Args:
        ledger: of which.
        folder: made; what an earlier export wrote there is replaced.
        asked: the clocks, the rule, and the matrix's filters.
        limit: so many pages of a kind at most.
        told: called now and then with how many pages are written.

    Raises:
        LedgerError: a clock or a filter is none; something else is in the folder; or it cannot be written.
    """
    _must_be_free(folder)
    at = ledger.moment(asked.as_of, asked.as_known_at)
    fixed = replace(asked, path="/matrix", form="html", as_known_at=f"e{at.known_at}")
    found = Frozen(at, asked.rule)
    part = part_of(folder.absolute())
    try:
        part.mkdir(parents=True)
        with Outward(ledger.place) as outward:
            _Writer(outward, part, fixed, limit, found).write(told)
        _put_in_place(part, folder.absolute())
    except OSError as error:
        hint = "is there room, and may you write there?"
        raise Refused(f"cannot write {folder}: {error.strerror}", hint=hint) from None
    finally:
        with suppress(OSError):
            shutil.rmtree(part)
    return found


def file_of(asked: Asked) -> str:
    """Return the name of a page's file: letters that every file system and every address takes as they are.

    >>> from verbale.web.asked import Asked
    >>> file_of(Asked("/why/RUS/relations%2FRUS-UKR"))
    'why/RUS/relations~2FRUS-UKR.html'
    >>> file_of(Asked("/matrix", more={"down": "2", "across": "3"}))
    'matrix,across-3,down-2.html'
    """
    *folders, last = (_safe(one) for one in asked.parts())
    more = "".join(f",{name}-{_safe(value)}" for name, value in sorted(asked.more.items()))
    return "/".join([*folders, f"{last}{more}.html"])


def _safe(text: str) -> str:
    escaped = "".join(
        text[at] if _PLAIN.match(text, at) else "".join(f"~{byte:02X}" for byte in text[at].encode())
        for at in range(len(text))
    )
    if _DEVICE.match(escaped):
        escaped = f"~{ord(escaped[0]):02X}{escaped[1:]}"
    return escaped if len(escaped) <= _LONGEST else f"{escaped[:80]}~{sha256(text.encode()).hexdigest()[:20]}"


class _Links:
    """Turns addresses into the names of files, and remembers where pages lead."""

    frozen = True

    def __init__(self, fixed: Asked, since: str | None, limit: int, found: Frozen) -> None:
        self._fixed, self._limit, self._found = fixed, limit, found
        self.pages = frozenset(PAGES) - _LEFT - (set() if since else {"diff"})
        self._diff = since
        self.ahead: deque[Asked] = deque()
        self.known: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._refused: set[str] = set()
        self._newer: dict[str, Asked] = {}
        self.here = fixed
        self._said: dict[str, Asked] = {}

    def __call__(self, asked: Asked) -> str:
        """Return what stands in place of a link until it is known which pages there are."""
        if asked.path.startswith("/static/"):
            return f"held:{asked.path[1:]}"
        there = self._meant(asked)
        if there is None:
            return "held:nowhere"
        name = file_of(there)
        self._said[name] = there
        return f"held:{name}"

    def follow(self, text: str) -> None:
        """Take in the pages that a page leads to: not every link that is made is shown."""
        for held in _HELD.finditer(text):
            there = self._said.get(held[2])
            if there is not None and held[2] not in self.known:
                self._take(there, held[2])
        self._said.clear()

    def begin(self, there: Asked) -> None:
        """Take in a page that is there whatever leads to it."""
        if self(there) != "held:nowhere":
            ((name, meant),) = self._said.items()
            self._take(meant, name)
        self._said.clear()

    def _take(self, there: Asked, name: str) -> None:
        kind = there.parts()[0]
        if self._counts[kind] >= self._limit:
            if name not in self._refused:
                self._refused.add(name)
                self._found.left_out[kind] += 1
            return
        self._counts[kind] += 1
        self.known.add(name)
        self.ahead.append(there)
        if "before" in there.more:
            self._newer[name] = self.here

    def _meant(self, asked: Asked) -> Asked | None:
        """Return the page of the folder that an address means; None where it has none."""
        kind, more = asked.parts()[0], dict(asked.more)
        if kind not in self.pages or asked.form != "html" or not self._same_clocks(asked):
            return None
        if "after" in more and kind == "log":  # the page from which this one was reached
            return self._newer.get(file_of(self.here))
        if not more.keys() <= _KEPT or (more.keys() & _PAGED and asked.path != self.here.path):
            return None
        more = {name: value for name, value in more.items() if value != "1" or name not in _NUMBERED}
        if kind == "matrix":
            more = {**self._fixed.more, **more}
        elif kind == "log":
            more = {**{name: self._fixed.more[name] for name in ("party", "issue") if name in self._fixed.more}, **more}
        elif kind == "diff":
            more = {"known_from": str(self._diff), **more}
        return replace(asked, as_known_at=self._fixed.as_known_at, more=more)

    def _same_clocks(self, asked: Asked) -> bool:
        here = self._fixed
        return (asked.as_of, asked.as_known_at, asked.rule) == (here.as_of, here.as_known_at, here.rule)


class _Writer:
    """Writes one folder."""

    def __init__(self, ledger: Ledger, folder: Path, fixed: Asked, limit: int, found: Frozen) -> None:
        self._ledger, self._folder, self._fixed, self._found = ledger, folder, fixed, found
        signed = [one for one in ledger.journal.checkpoints() if one.size < found.at.known_at]
        self._links = _Links(fixed, f"cp{signed[-1].number}" if signed else None, limit, found)

    def write(self, told: Callable[[int], None] | None) -> None:
        """Write pages, index and what they are drawn with."""
        written: list[str] = []
        for one in _FRONT:
            self._links.begin(self._fixed.elsewhere(one))
        while self._links.ahead:
            there = self._links.ahead.popleft()
            text = self._made(there)
            if text is not None:
                written.append(file_of(there))
                self._put(written[-1], text)
                self._found.pages[there.parts()[0]] += 1
                if told is not None:
                    told(len(written))
        self._put(_INDEX, self._index())
        known = {*written, _INDEX, *(f"static/{name}" for name in _STATIC)}
        for name in (*written, _INDEX):
            path = self._folder / name
            path.write_bytes(_resolved(path.read_text(encoding="utf-8"), name, known).encode())
        for name in _STATIC:
            self._put(f"static/{name}", (STATIC / name).read_text(encoding="utf-8"))
        self._put(MARK, dumped(self._found.document()) + "\n")

    def _made(self, there: Asked) -> str | None:
        """Return a page; None where the desk would say that there is none."""
        self._links.here = there
        try:
            text = rendered(PAGES[there.parts()[0]](self._ledger, there), there, self._links)
        except LedgerError:
            if there.path == "/matrix" and there.more == self._fixed.more:
                raise  # the filters are wrong
            return None
        self._links.follow(text)
        return text

    def _index(self) -> str:
        self._links.here = self._fixed
        fields = {
            "found": self._found,
            "rows": self._found.document()["rows"],
            "front": [one for one in _FRONT if one in self._links.pages],
            "id": str(self._ledger.journal.ledger_id),
            "filters": self._fixed.more,
        }
        return rendered(
            Page("frozen.html", "Contents", self._found.at, fields, dict), replace(self._fixed, path="/"), self._links
        )

    def _put(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _resolved(text: str, name: str, known: Iterable[str]) -> str:
    """Return a page with its links as they lead from where it lies; a link to what is not there is none."""
    folder = name.rpartition("/")[0] or "."

    def lead(held: re.Match[str]) -> str:
        if held[2] not in known:
            return ""
        return f' {held[1]}="{os.path.relpath(held[2], folder).replace(os.sep, "/")}{held[3] or ""}"'

    return _HELD.sub(lead, text)


def _must_be_free(folder: Path) -> None:
    """Refuse a folder in which something else than an earlier export lies."""
    if not folder.exists():
        return
    hint = "name a folder that is not there yet, or one that an earlier export html wrote"
    if not folder.is_dir():
        raise Refused(f"{folder} is a file", hint=hint)
    if any(folder.iterdir()) and not _is_ours(folder):
        raise Refused(f"{folder} is not empty, and not an earlier export", hint=hint)


def _is_ours(folder: Path) -> bool:
    with suppress(OSError, ValueError):
        found = json.loads((folder / MARK).read_bytes())
        return isinstance(found, dict) and found.get("kind") == "html"
    return False


def _put_in_place(part: Path, folder: Path) -> None:
    """Let a whole folder take its place; what was there goes when it has."""
    if not folder.exists():
        part.rename(folder)
    else:
        old = part_of(folder)
        folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old)
    sync_names(folder.parent)
