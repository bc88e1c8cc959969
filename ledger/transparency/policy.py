r"""Policies: which logs are believed, and whose cosignatures are enough, as C2SP tlog-policy defines them.

A policy is a file of lines, each ending in LF.  Its items are parted by spaces and tabs; empty lines, and lines that
begin with `#`, say nothing.

    log <verifier key> [<url>]                     a log whose checkpoints are believed; its key has type 0x01
    witness <name> <verifier key> [<url>]          a witness, named for this file only; its key has type 0x04
    group <name> all|any|<k> <member>…             met where so many of its members are: all, one, or k of them
    quorum <name>|none                             what must be met: a witness, a group, or nothing

Members and quorum are witnesses and groups of earlier lines; both have one space of names, in which `none` is taken.  A
name is a member once in the whole file, so that no witness counts twice; no key is listed twice as a log, or twice as a
witness, under whatever name.  There is one quorum.  A checkpoint satisfies a policy if one of its logs signed it, under
the name that is the checkpoint's origin, and good cosignatures meet the quorum.

Bytes beyond ASCII are opaque, and names are compared byte by byte; tab and LF are the only control characters.  In
Python, bytes that are not UTF-8 stand as `surrogateescape` reads them.

>>> from ledger.transparency.keys import SigningKey
>>> vkeys = [SigningKey(f"example.org/w{n}", COSIGNER, bytes([n] * 32)).verifier for n in range(3)]
>>> lines = [f"witness w{n} {key.format()}" for n, key in enumerate(vkeys)]
>>> policy = parse_policy("\n".join([*lines, "group two 2 w0 w1 w2", "quorum two", ""]).encode())
>>> policy.satisfied_by(vkeys[:1]), policy.satisfied_by(vkeys[1:])
(False, True)
>>> format_policy(policy).decode().splitlines()[-2:]
['group two 2 w0 w1 w2', 'quorum two']
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import LedgerError, Refused, Unparsable, VerificationFailed
from ledger.transparency.checkpoint import OpenedCheckpoint, parse_checkpoint
from ledger.transparency.keys import COSIGNER, LOG, VerifierKey
from ledger.transparency.note import open_note
from ledger.transparency.spelling import read_number

if TYPE_CHECKING:
    from collections.abc import Iterable

NONE: Final = "none"
"""The quorum that asks for no witness."""

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class Log(NamedTuple):
    """A log that is believed."""

    key: VerifierKey
    url: str | None = None


class Witness(NamedTuple):
    """A witness, under the name that the policy gives it."""

    name: str
    key: VerifierKey
    url: str | None = None


class Group(NamedTuple):
    """So many of these."""

    name: str
    needed: int
    members: tuple[str, ...]


class Policy(NamedTuple):
    """What a checkpoint must show to be believed."""

    logs: tuple[Log, ...]
    voices: tuple[Witness | Group, ...]
    """Witnesses and groups, each after its members."""
    quorum: str

    @classmethod
    def of_logs(cls, keys: Iterable[VerifierKey]) -> Policy:
        """Return the policy that believes these logs without any witness."""
        return cls(tuple(map(Log, keys)), (), NONE)

    @property
    def witnesses(self) -> tuple[Witness, ...]:
        """The witnesses alone."""
        return tuple(voice for voice in self.voices if isinstance(voice, Witness))

    def satisfied_by(self, keys: Iterable[VerifierKey]) -> bool:
        """Say whether the quorum is met by the good cosignatures of these keys."""
        present, met = set(keys), {NONE}
        for voice in self.voices:
            if isinstance(voice, Witness):
                counts = voice.key in present
            else:
                counts = sum(member in met for member in voice.members) >= voice.needed
            if counts:
                met.add(voice.name)
        return self.quorum in met


def check_checkpoint(data: bytes, policy: Policy, *, log: VerifierKey | None = None) -> OpenedCheckpoint:
    """Check that a checkpoint satisfies a policy.

    Args:
        data: the signed note.
        policy: whom to believe.
        log: the log's key, where it is known from elsewhere: where the policy lists logs, it must be one of them.

    Raises:
        Refused: where neither names a log, or the policy does not list the one that is given.
        VerificationFailed: where the checkpoint is none, or does not satisfy the policy.
    """
    logs = [each.key for each in policy.logs]
    if log is not None and log not in (logs or [log]):
        raise Refused(f"the policy does not list the log {log.name} with the key {log.key_id.hex()}.")
    if log is not None:
        logs = [log]
    if not logs:
        raise Refused("the policy lists no log, and none was given.", hint="give the log's verifier key.")
    opened = open_note(data, [*logs, *(witness.key for witness in policy.witnesses)])
    checkpoint = parse_checkpoint(opened.text)
    found = OpenedCheckpoint(checkpoint, opened.signatures)
    if not any(each.key in logs and each.key.name == checkpoint.origin for each in opened.signatures):
        raise VerificationFailed(f"no log that is believed signed the checkpoint of {checkpoint.origin!r}.")
    cosigners = {each.key for each in found.cosignatures}
    if not policy.satisfied_by(cosigners):
        names = [_shown(witness.name) for witness in policy.witnesses if witness.key in cosigners]
        raise VerificationFailed(
            f"the quorum {_shown(policy.quorum)!r} is not met: of its witnesses,"
            f" {', '.join(names) or 'none'} cosigned the checkpoint."
        )
    return found


def parse_policy(data: bytes) -> Policy:
    """Read a policy.

    Raises:
        Unparsable: where it is none, with the number of the line.
    """
    *lines, end = data.split(b"\n")
    if end:
        raise Unparsable("the last line of the policy does not end in LF.", hint="is the file whole?")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        try:
            reader.read(line)
        except LedgerError as error:
            raise Unparsable(f"policy, line {number}: {error.message}", hint=error.hint) from None
    if reader.quorum is None:
        raise Unparsable("the policy has no quorum.", hint="'quorum none' asks for no witness.")
    return Policy(tuple(reader.logs), tuple(reader.voices.values()), reader.quorum)


def format_policy(policy: Policy) -> bytes:
    """Return a policy as a file: the inverse of `parse_policy`.

    Raises:
        Refused: where no file can say that.
    """
    lines = [" ".join(["log", log.key.format(), *_url(log.url)]) for log in policy.logs]
    for voice in policy.voices:
        if isinstance(voice, Witness):
            lines.append(" ".join(["witness", voice.name, voice.key.format(), *_url(voice.url)]))
        else:
            lines.append(" ".join(["group", voice.name, str(voice.needed), *voice.members]))
    try:
        data = "".join(f"{line}\n" for line in [*lines, f"quorum {policy.quorum}"]).encode(errors="surrogateescape")
        is_same = parse_policy(data) == policy
    except (UnicodeEncodeError, Unparsable) as error:
        raise Refused(f"no file can hold the policy: {error}") from None
    if not is_same:
        raise Refused("no file can hold the policy: an item has a space, or is empty.")
    return data


class _Reader:
    """The lines of a policy, one after another."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.voices: dict[str, Witness | Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, line: bytes) -> None:
        """Take up one line, without its LF."""
        if _CONTROL.search(line):
            raise Unparsable("it has a control character.", hint="lines end in LF alone, not in CR LF.")
        items = [item for item in re.split(r"[ \t]+", line.decode(errors="surrogateescape")) if item]
        if not items or items[0].startswith("#"):
            return
        match items:
            case ["log", vkey, *url] if len(url) <= 1:
                self._add_log(VerifierKey.parse(vkey), url[0] if url else None)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._add_witness(name, VerifierKey.parse(vkey), url[0] if url else None)
            case ["group", name, needed, *members] if members:
                self._add_group(name, needed, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise Unparsable("there is a quorum already.")
                if name != NONE:
                    self._must_be_known(name)
                self.quorum = name
            case _:
                raise Unparsable(
                    f"{_shown(' '.join(items))[:60]!r} says nothing here.",
                    hint="log VKEY [URL], witness NAME VKEY [URL], group NAME all|any|K MEMBER…, or quorum NAME|none.",
                )

    def _add_log(self, key: VerifierKey, url: str | None) -> None:
        if key.kind != LOG:
            raise Unparsable(f"the key of {key.name} is not of a log's type, 0x{LOG:02x}.")
        if any(log.key.public == key.public for log in self.logs):
            raise Unparsable(f"the key of {key.name} is that of a log above.")
        self.logs.append(Log(key, url))

    def _add_witness(self, name: str, key: VerifierKey, url: str | None) -> None:
        if key.kind != COSIGNER:
            raise Unparsable(f"the key of {key.name} is not of a witness's type, 0x{COSIGNER:02x}.")
        if any(isinstance(voice, Witness) and voice.key.public == key.public for voice in self.voices.values()):
            raise Unparsable(f"the key of {key.name} is that of a witness above.")
        self._define(Witness(name, key, url))

    def _add_group(self, name: str, threshold: str, members: list[str]) -> None:
        for member in members:
            self._must_be_known(member)
            if member in self._members:
                raise Unparsable(f"{_shown(member)!r} is a member already.", hint="a name is a member once.")
            self._members.add(member)
        needed = {"all": len(members), "any": 1}.get(threshold) or read_number(threshold)
        if needed is None or not 0 < needed <= len(members):
            raise Unparsable(
                f"{_shown(threshold)!r} of {len(members)} members cannot be.", hint="all, any, or a number."
            )
        self._define(Group(name, needed, tuple(members)))

    def _define(self, voice: Witness | Group) -> None:
        if voice.name == NONE or voice.name in self.voices:
            raise Unparsable(f"the name {_shown(voice.name)!r} is taken.")
        self.voices[voice.name] = voice

    def _must_be_known(self, name: str) -> None:
        if name not in self.voices:
            raise Unparsable(f"no line above defines {_shown(name)!r}.")


def _url(url: str | None) -> list[str]:
    return [] if url is None else [url]


def _shown(text: str) -> str:
    """Return a text that can be printed, whatever its bytes were."""
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")
