"""Deciding on a draft: is it recorded already, does the ledger admit it, and what exactly would be appended?

Once only comes first: a draft that is recorded already is answered with its entry, even where the ledger would no
longer admit it, so that a dossier imported twice is silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from ledger.batch import Prepared
from ledger.codec import CODEC, MAX_LINE, claim, stamp_prefix
from ledger.drafts import Drafting
from ledger.entries import ENTRY_TYPES, Amendment, IssueClosed, Mover, SourceRegistered, StatementMade
from ledger.errors import LedgerError, Refused
from ledger.explaining import named
from ledger.handed import Handed
from ledger.importers.line import as_line
from ledger.keys import DecidedKeys, stored_key
from ledger.ordinary import Ordinary, ShortWay
from ledger.refs import Refs
from ledger.register import Register
from ledger.rules import DAY_LINE, Circumstances, admit, unchecked_quote
from ledger.sealing import seal
from ledger.spool import Spool
from ledger.strict_json import parse_object
from ledger.texts import normalise, sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.entries import Entry
    from ledger.journal import Journal
    from ledger.keys import StoredKeys
    from ledger.snapshots import Snapshots

_FEW: Final = 50
"""Reading all content keys costs about a fiftieth of looking up as many."""
_MOVERS: Final = frozenset(cls.type_name() for cls in ENTRY_TYPES if issubclass(cls, Mover))
_FRAME: Final = 200
"""What a line holds beside the fields, the recorder's name and what surrounds that, generously."""


class DecidingRegister(Register, Protocol):
    """A register that takes in what was decided."""

    head: int

    recall: Callable[[int], Entry | None] | None
    """Returns an entry that was decided on and is not appended yet, as it was decided on."""

    def decided(self, event: Entry) -> int:
        """Take in the next entry; return its number."""

    def moved(self, kind: str, source: str | None) -> int:
        """Take in words or a deed as the next entry, of which nobody needs to know more; return its number."""


class Decision(NamedTuple):
    """What became of one draft."""

    entry: int
    event: Entry
    """As it is meant, nothing sealed."""
    prepared: Prepared | None
    """What to append; None where the entry was recorded before."""
    repeated: bool = False
    """Whether an earlier draft of the same lot said the same."""
    quote_unchecked: bool = False


@dataclass
class Desk:
    """Decides on drafts, one after the other.

    Args:
        register: caught up; takes in what is decided.
        journal: what is recorded already.
        snapshots: where the bytes of sources lie.
        now: the time at which the entries would be recorded, microseconds since 1970.
        recorded_by: who would record them.
        folder: where the `snapshot` of a source is looked up; None forbids them.
        anywhere: whether a `snapshot` may lie outside that folder.
        seen: the last entry that the author knew of, where that is known.
    """

    register: DecidingRegister
    journal: Journal
    snapshots: Snapshots
    now: int
    recorded_by: str | None = None
    folder: Path | None = None
    anywhere: bool = False
    seen: int | None = None
    refs: Refs = field(default_factory=Refs)
    """The entries that the `ref`s of this lot stand for."""
    spool: Spool = field(default_factory=Spool)
    """What is to be appended."""
    _decided: DecidedKeys = field(default_factory=DecidedKeys)
    _documents: dict[str, Path] = field(default_factory=dict)
    """The files of the sources that were admitted, by their SHA-256."""
    _handed: Handed = field(default_factory=Handed)
    """Documents that came within the file."""
    _text_at_hand: tuple[str, str | None] = "", None
    """The last document's SHA-256 and text."""

    def __post_init__(self) -> None:
        """Make what every decision uses."""
        self._drafting = Drafting(self.register, keep=self._read, refs=self.refs)
        self._given = Circumstances(self.register, self.now, self._text, self.seen)
        self._short: ShortWay | None = None
        self._base, self._asked = self.register.head, 0
        self.register.recall = self._recall
        self._keys: StoredKeys | None = None
        self._room = MAX_LINE - _FRAME - len(stamp_prefix("", claim(self.recorded_by)))

    def decide(self, given: dict[str, Any]) -> Decision:
        """Decide on one draft.

        Raises:
            LedgerError: it is not recorded, and the ledger does not admit it.
        """
        draft = self._drafting.read(given)
        event, fields = draft.event, CODEC.encode(draft.event)
        key = self.journal.content_key(event, fields, sealing=draft.sealing)
        entry = self._decided_as(key)
        repeated = entry is not None
        if entry is None:
            entry = self._recorded_as(key, event, sealing=draft.sealing)
        # Whatever can be refused is refused before the register takes anything in.
        taken = None if draft.ref is None else self.refs.get(draft.ref)
        if taken is not None and taken != entry:
            raise Refused(f"ref '{draft.ref}' stands for e{taken} already", hint="give each line a ref of its own")
        snapshot = event.sha256 if isinstance(event, SourceRegistered) and "snapshot" in given else None
        gone = None if snapshot is None else self.journal.erasures.source_gone(snapshot)
        if entry is None and gone is not None:
            hint = "register it with its sha256 and text_sha256, without the snapshot"
            raise Refused(f"the bytes of {named(given['snapshot'])} went with the erasure e{gone}", hint=hint)
        if entry is None:
            decision = self._admitted(event, fields, key, sealing=draft.sealing)
        else:
            decision = Decision(entry, event, None, repeated)
        if draft.ref is not None:
            self.refs[draft.ref] = decision.entry
        if snapshot is not None and gone is None:
            self._documents[snapshot] = self._path(given["snapshot"])
        return decision

    def meant(self, given: dict[str, Any]) -> Entry:
        """Return the entry that a draft would become, its names resolved.

        Raises:
            LedgerError: the draft cannot be read.
        """
        return self._drafting.read(given).event

    def decide_line(self, line: bytes | dict[str, Any]) -> Decision | Ordinary:
        """Decide on one of many drafts; an ordinary one that is new is returned as it was read.

        Args:
            line: as it stands in a file, or as an importer made it.

        Raises:
            LedgerError: it is no draft, or is not recorded and the ledger does not admit it.
        """
        if self._short is None:
            self._short = ShortWay(self.register, self.now + DAY_LINE)
        if isinstance(line, bytes):
            found, ref = self._short.read(line), None
        else:
            ref = line.get("ref")
            found = self._short.take({name: value for name, value in line.items() if name != "ref"} if ref else line)
        if found is not None and len(found.fields) <= self._room and (ref is None or ref not in self.refs):
            cls, fields, source, _ = found
            key = self.journal.keyed(cls.type_name(), fields)
            stored = stored_key(key)
            if stored not in self._decided and not self._perhaps_recorded(key):
                entry = self.register.moved(cls.type_name(), source)
                if ref is not None:
                    self.refs[ref] = entry
                self._decided.add(stored)
                self.spool.add(cls.TOPIC, fields, key)
                return found
        # An importer's draft is put into words and read again: what no file could say is refused as in a file.
        decision = self.decide(parse_object(line if isinstance(line, bytes) else as_line(line)))
        if isinstance(decision.event, IssueClosed):
            self._short = None  # which remembers it as open
        elif decision.prepared is not None and self._may_be_about_sources(decision.event):
            self._short.forget_sources()
        return decision

    def _may_be_about_sources(self, event: Entry) -> bool:
        """Say whether an entry may register, correct or retract a source, or bring one back."""
        if isinstance(event, Amendment):
            return self.register.kind(event.entry) not in _MOVERS
        return not isinstance(event, Mover)

    def _perhaps_recorded(self, key: bytes) -> bool:
        self._asked += 1
        if self._keys is None and self._asked * _FEW > self._base:
            self._keys = self.journal.keys()
        return self._keys is None or self._keys.perhaps(key)

    def _decided_as(self, key: bytes) -> int | None:
        """Return the entry that an earlier draft of the same lot will be, if that said the same."""
        found = self._decided.find(stored_key(key))
        return next((self._base + 1 + number for number in found if self.spool[number].key == key), None)

    def _recall(self, entry: int) -> Entry | None:
        """Return an entry of this lot, which waits to be appended; None for one that was recorded before."""
        if entry <= self._base:
            return None
        prepared = self.spool[entry - self._base - 1]
        return CODEC.decode_fields(prepared.topic, prepared.fields)

    def recall(self, given: dict[str, Any]) -> None:
        """Let the `ref` of a draft stand for the entry that it was recorded as; nothing is decided.

        Raises:
            LedgerError: the draft cannot be read.
        """
        draft = self._drafting.read(given)
        key = self.journal.content_key(draft.event, CODEC.encode(draft.event), sealing=draft.sealing)
        entry = self._recorded_as(key, draft.event, sealing=draft.sealing)
        if draft.ref is not None and entry is not None:
            self.refs[draft.ref] = entry

    def hand(self, document: bytes) -> None:
        """Put a document at hand, whose source a later draft registers by its hashes; kept with the others.

        One that an erasure took away does not come back, whatever file it comes in.
        """
        if self.journal.erasures.source_gone(sha256_of(document)) is None:
            self._handed.add(document)

    def keep_documents(self) -> None:
        """Keep the bytes of the sources that were admitted, before the entries that rest on them are appended.

        Raises:
            Refused: a file was changed since it was read; none is kept then.
        """
        for sha256, path in self._documents.items():
            self._unchanged(path, sha256)
        for sha256, path in self._documents.items():
            self.snapshots.keep(self._unchanged(path, sha256))
        for document in self._handed:
            self.snapshots.keep(document)

    def close(self) -> None:
        """Let go of what waits to be appended."""
        self.register.recall = None
        self.spool.close()
        self._decided.close()
        self._handed.close()
        self.refs.close()

    def _recorded_as(self, key: bytes, event: Entry, *, sealing: bool) -> int | None:
        if not self._perhaps_recorded(key):
            return None
        return self.journal.recorded_as(key, event, sealing=sealing)

    def _admitted(self, event: Entry, fields: bytes, key: bytes, *, sealing: bool) -> Decision:
        admit(event, self._given)
        prepared, meant = Prepared(event.TOPIC, fields, key), event
        if sealing and isinstance(event, StatementMade):
            event, sealed = seal(event)
            prepared = Prepared(event.TOPIC, CODEC.encode(event), key, sealed)
        size = len(prepared.fields)
        if size > self._room:
            hint = "shorten the text, or keep the words in the source and quote a part"
            raise Refused(f"the entry is too long: {size:,} bytes of at most {self._room:,}", hint=hint)
        entry = self.register.decided(event)
        self._decided.add(stored_key(key))
        self.spool.add(*prepared)
        return Decision(entry, meant, prepared, quote_unchecked=unchecked_quote(meant, self._given))

    def _path(self, name: str) -> Path:
        """Return where a `snapshot` lies.

        Raises:
            Refused: it lies where it must not.
        """
        if self.folder is None:
            raise Refused("a snapshot can only be read beside a dossier", hint="give sha256 and text_sha256 instead")
        try:
            path = (self.folder / name).resolve()
            if self.anywhere or path.is_relative_to(self.folder.resolve()):
                return path
        except (OSError, ValueError) as error:
            raise self._unreadable(name, error) from None
        message = f"snapshot {named(name)} lies outside the dossier's folder"
        raise Refused(message, hint="put the file beside the dossier")

    def _read(self, name: str) -> tuple[bytes, str]:
        """Return the bytes of a `snapshot` with their SHA-256; they are kept once something rests on them."""
        path = self._path(name)
        try:
            document = path.read_bytes()
        except (OSError, ValueError) as error:
            raise self._unreadable(name, error) from None
        return document, sha256_of(document)

    def _unreadable(self, name: str, error: OSError | ValueError) -> Refused:
        message = f"cannot read snapshot {name!a}: {getattr(error, 'strerror', None) or error}"
        return Refused(message, hint=f"its path is taken from the folder {self.folder}")

    def _unchanged(self, path: Path, sha256: str) -> bytes:
        document = self._read(str(path))[0]
        if sha256_of(document) != sha256:
            raise Refused(f"snapshot {path.name} was changed meanwhile", hint="nothing was recorded; try again")
        return document

    def _text(self, sha256: str) -> str | None:
        """Return the text of a document that is kept, or will be."""
        kept = self.snapshots.text(sha256)
        if kept is not None or not (sha256 in self._documents or sha256 in self._handed):
            return kept
        if self._text_at_hand[0] != sha256:
            try:
                handed = self._handed.get(sha256)
                document = self._unchanged(self._documents[sha256], sha256) if handed is None else handed
                self._text_at_hand = sha256, normalise(document)
            except LedgerError:
                return None
        return self._text_at_hand[1]
