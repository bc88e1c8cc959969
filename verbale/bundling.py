"""Bundles: what an auditor is given, who then needs neither the ledger nor this program.

A bundle holds journal lines, the tiles that prove them, every checkpoint, the positions with their digest, what is
disclosed of sealed statements, the sources' bytes, the schemas, and `check.py`.  The format is specified in
`ledger.transparency.check`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from ledger.codec import CODEC, format_line
from ledger.entries import EntryCorrected, SourceRegistered, StatementMade
from ledger.errors import Refused, UnknownName
from ledger.transparency.tree import Tree
from projections import tiles
from projections.clocks import recorded_at
from projections.json_rows import dumped, position_row
from projections.matrix import matrix
from projections.parts import part
from projections.ruling import LATEST
from verbale.registered import Registered
from verbale.witnessing import Witnessed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.codec import StoredLine
    from ledger.kept import Checkpoint
    from projections.clocks import Moment
    from projections.ruling import Rule

CHECKER: Final = "check.py"
CHECKED_RULES: Final = ("latest/1", "verified/1", "own-words/1")
"""The rules that the checker knows; ranks would make it longer than one sitting can read."""
_HERE: Final = Path(__file__).parent
_README: Final = """\
# A bundle of Verbale

Positions of parties to a negotiation, and the journal that they follow from, signed.

    python3 check.py --key 'NAME+HASH+KEY'

checks all of it without a network. Give the key that you were given by another way than this bundle, and take
`check.py` from elsewhere, or read it: it says in its first lines what each file here is, and needs nothing but Python.

{what}
"""


@dataclass(frozen=True, slots=True)
class Bundled:
    """What a bundle holds."""

    path: Path
    entries: int
    """How many lines."""
    size: int
    """The entries that the newest checkpoint covers."""
    complete: bool
    positions: int
    digest: str
    disclosed: tuple[tuple[int, str], ...]
    """Sealed fields that are laid open, with their entries."""
    withheld: tuple[tuple[int, str], ...]
    """Sealed fields that are not."""
    sources: int
    """How many documents' bytes."""
    sources_withheld: tuple[str, ...]
    """The ids of sources whose bytes are at hand and not in it."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a bundle is to hold."""

    at: Moment
    party: str | None
    issue: str | None
    rule: Rule
    entries: list[int] | None
    """Which lines; None is all as far as K."""

    @property
    def complete(self) -> bool:
        return self.entries is None


class Bundles(Witnessed, Registered):
    """What is given to auditors."""

    def bundle(
        self,
        path: Path,
        party: str | None = None,
        issue: str | None = None,
        as_of: str | None = None,
        as_known_at: str | None = None,
        *,
        rule: Rule = LATEST,
        disclose: Iterable[tuple[int, str | None]] = (),
        withhold: Iterable[str] = (),
    ) -> Bundled:
        """Write a bundle, whole or not at all.

        Args:
            path: a folder, or a file that ends in `.zip`; nothing is there yet.
            party: only what its positions rest on.
            issue: only what the positions on it rest on.
            as_of: T of the positions.
            as_known_at: K: what was recorded later is not in it.
            rule: of the positions.
            disclose: entries whose sealed values are laid open, each with one field or None for all of them.
            withhold: ids of sources whose bytes are kept back; those that a sealed statement rests on are kept back
                anyway, unless all of it is disclosed.

        Raises:
            UnknownName: there is no such party, issue, entry or source.
            Refused: something is there, K is not signed yet, or the checker does not know the rule.
            VerificationFailed: the journal is not what was signed.
        """
        from ledger.transparency.bundle import sink_at

        if rule.name not in CHECKED_RULES:
            hint = f"a bundle's positions are by one of: {', '.join(CHECKED_RULES)}"
            raise Refused(f"{CHECKER} does not know the rule {rule.name}", hint=hint)
        at = self.moment(as_of, as_known_at)
        checkpoints = self._checkpoints_over(at.known_at)
        holder = None if party is None else self.holder(party, at)
        on = None if issue is None else self.issue(issue)
        of_part = None if party is None and issue is None else part(self.views.db, at.known_at, holder, on)
        asked = _Asked(at, holder, on, rule, of_part)
        opened = self._disclosed(list(disclose), at.known_at)
        for name in withhold:
            if self.source(name) is None:
                raise UnknownName(f"no source '{name}'", hint="see: verbale source list")
        with sink_at(path) as sink:
            return _Writer(self, asked, checkpoints, sink.open).write(path, opened, frozenset(withhold))

    def _checkpoints_over(self, known_at: int) -> list[Checkpoint]:
        """Return every checkpoint; the last covers what is known."""
        known = self.journal.checkpoints()
        if not known_at:
            raise Refused("nothing is recorded by then", hint="a bundle holds at least one entry")
        if not known or known[-1].size < known_at:
            signed = f"e{known[-1].size}" if known else "nothing"
            message = f"the journal is signed as far as {signed}, and not to e{known_at}"
            raise Refused(message, hint="sign it first with verbale checkpoint, or say --as-known-at cpN")
        return known

    def _disclosed(self, wanted: list[tuple[int, str | None]], known_at: int) -> list[dict[str, Any]]:
        found = []
        for entry, field in wanted:
            values = self.journal.sealed_values(entry) if entry <= known_at else []
            chosen = [value for value in values if field in (None, value.field)]
            if not chosen:
                which = f"'{field}' of e{entry}" if field else f"e{entry}"
                hint = "it was never sealed, was erased, or is not at hand here; see: verbale log"
                raise Refused(f"there is nothing to disclose of {which}", hint=hint)
            found += [
                {"entry": entry, "field": one.field, "salt": one.salt.hex(), "value": one.value} for one in chosen
            ]
        found.sort(key=lambda one: (one["entry"], one["field"]))
        return found


class _Writer:
    """Writes the members of one bundle."""

    def __init__(self, ledger: Bundles, asked: _Asked, checkpoints: list[Checkpoint], opener: Any) -> None:  # noqa: ANN401
        self._ledger, self._asked, self._checkpoints, self._open = ledger, asked, checkpoints, opener
        self._sealed: list[tuple[int, str]] = []
        self._erased: list[tuple[int, tuple[str, ...]]] = []
        self._sources: dict[str, set[str]] = {}
        self._resting: dict[str, set[int]] = {}
        self._recorded = 0

    def write(self, path: Path, opened: list[dict[str, Any]], withhold: frozenset[str]) -> Bundled:
        """Write every member; return what there is."""
        size = self._checkpoints[-1].size
        self._put("journal.jsonl", self._lines())
        for one in self._checkpoints:
            self._put(f"checkpoints/cp{one.number}", [one.note])
        self._put("checkpoint", [self._checkpoints[-1].note])
        self._write_tiles(size)
        count, digest = self._write_positions()
        self._put("disclosed.jsonl", (dumped(one).encode() + b"\n" for one in opened))
        disclosed = {(one["entry"], one["field"]) for one in opened}
        closed = {pair for pair in self._sealed if pair not in disclosed and not self._is_erased(*pair)}
        kept_back = self._write_sources(withhold, {entry for entry, _ in closed})
        self._put("bundle.json", [dumped(self._manifest(size, count, digest)).encode() + b"\n"])
        self._write_papers()
        return Bundled(
            path,
            self._recorded,
            size,
            self._asked.complete,
            count,
            digest,
            tuple(sorted(disclosed)),
            tuple(sorted(closed)),
            sum(len(names) > 0 for names in self._sources.values()),
            kept_back,
        )

    def _put(self, name: str, chunks: Iterable[bytes]) -> None:
        file: IO[bytes]
        with self._open(name) as file:
            file.writelines(chunks)

    def _lines(self) -> Iterator[bytes]:
        wanted = None if self._asked.entries is None else frozenset(self._asked.entries)
        for line in self._ledger.journal.lines(upto=self._asked.at.known_at):
            if wanted is None or line.entry in wanted:
                self._note(line)
                yield format_line(*line) + b"\n"

    def _note(self, line: StoredLine) -> None:
        """Remember what the other members depend on."""
        self._recorded += 1
        event = CODEC.decode(*line).event
        match event:
            case StatementMade(sealed=sealed) if sealed:
                self._sealed += [(line.entry, field) for field in sealed]
                if event.source is not None:
                    self._resting.setdefault(event.source, set()).add(line.entry)
            case SourceRegistered(sha256=str(sha256)):
                self._sources.setdefault(sha256, set()).add(event.source)
            case EntryCorrected():
                self._note_correction(event)
            case _:
                if event.type_name() == "erasure-recorded":
                    self._erased.append((event.entry, event.fields))  # type: ignore[attr-defined]

    def _note_correction(self, event: EntryCorrected) -> None:
        source, sha256 = event.changes.get("source"), event.changes.get("sha256")
        if isinstance(source, str):
            self._resting.setdefault(source, set()).add(event.entry)
        if isinstance(sha256, str):
            line = self._ledger.journal.line(event.entry)
            registered = None if line is None else CODEC.decode(*line).event
            if isinstance(registered, SourceRegistered):
                self._sources.setdefault(sha256, set()).add(registered.source)

    def _is_erased(self, entry: int, field: str) -> bool:
        return any(of == entry and (not fields or field in fields) for of, fields in self._erased)

    def _write_tiles(self, size: int) -> None:
        from ledger.transparency.bundle import bundle_tiles
        from ledger.transparency.tiles import tile_path

        entries = self._asked.entries or range(1, self._asked.at.known_at + 1)
        self._ledger.nodes(size)
        read = tiles.read_tile(self._ledger.views.db)
        for tile in bundle_tiles(size, entries, [one.size for one in self._checkpoints]):
            self._put(tile_path(*tile), [read(*tile)])

    def _write_positions(self) -> tuple[int, str]:
        asked, tree = self._asked, Tree()
        rows = matrix(self._ledger.views.db, asked.at, asked.party, asked.issue, asked.rule)

        def lines() -> Iterator[bytes]:
            for row in rows:
                line = dumped(position_row(row)).encode()
                tree.add(line)
                yield line + b"\n"

        self._put("positions.jsonl", lines())
        return tree.size, tree.root_base64()

    def _write_sources(self, withhold: frozenset[str], closed: set[int]) -> tuple[str, ...]:
        """Write the documents that may be shown; return the sources whose documents may not."""
        sealed = {name for name, entries in self._resting.items() if entries & closed}
        kept_back: set[str] = set()
        for sha256, names in sorted(self._sources.items()):
            document = self._ledger.snapshots.document(sha256)
            if document is None:
                names.clear()
            elif names & (withhold | sealed):
                kept_back |= names & (withhold | sealed)
                names.clear()
            else:
                self._put(f"sources/{sha256}", [document])
        return tuple(sorted(kept_back))

    def _manifest(self, size: int, count: int, digest: str) -> dict[str, Any]:
        from ledger.transparency.bundle import FORMAT

        asked, ledger = self._asked, self._ledger
        at, keys = asked.at, [state.key for state in ledger.signing_keys()]
        here = asked.complete or at.known_at in (asked.entries or ())
        when = recorded_at(ledger.views.db, at.known_at) if here else None
        return {
            "format": FORMAT,
            "ledger": str(ledger.journal.ledger_id),
            "origin": keys[0].name,
            "entries": at.known_at,
            "size": size,
            "complete": asked.complete,
            "party": asked.party,
            "issue": asked.issue,
            "as_of": at.as_of,
            "as_known_at": {"entry": at.known_at, "recorded_at": when},
            "rule": asked.rule.name,
            "positions": count,
            "digest": digest,
            "keys": [key.format() for key in keys],
        }

    def _write_papers(self) -> None:
        from ledger import transparency

        asked = self._asked
        about = [f"party {asked.party}"] * bool(asked.party) + [f"issue {asked.issue}"] * bool(asked.issue)
        whole = f"It holds the whole journal, e1 to e{asked.at.known_at:,}."
        some = f"It holds what the positions of {' and '.join(about)} rest on, as known at e{asked.at.known_at:,}."
        self._put("README.md", [_README.format(what=whole if asked.complete else some).encode()])
        self._put(CHECKER, [(Path(transparency.__path__[0]) / CHECKER).read_bytes()])
        for file in sorted(_schemas().glob("*.json")):
            self._put(f"schemas/{file.name}", [file.read_bytes()])


def _schemas() -> Path:
    installed = _HERE / "events" / "schemas"
    return installed if installed.is_dir() else _HERE.parent / "events" / "schemas"
