r"""Signed notes: a text, and below it the signatures of those who stand by it, as C2SP signed-note defines them.

    note         <text> LF <signature line>…
    <text>       UTF-8 that ends in LF, with no other control character (below U+0020); it may hold empty lines
    a line       — <name> <base64(key id ‖ signature)> LF

The dash is U+2014; the last empty line of the note parts text and signatures.  `ledger.transparency.keys` says what
names, ids and signatures are.  A note has at least one signature; here also at most 100, and at most 1,000,000 bytes.

A key is known by its name and its id together.  Signatures of unknown keys are passed over.  Every signature of a known
key must be good, or the note is refused; so is a note without any of them.

>>> data = sign_note("one line\n", SigningKey("example.com/log", LOG, bytes(32)))
>>> print(data.decode(), end="")
one line
<BLANKLINE>
— example.com/log Hd5FMZPmp8wSff7rPv/TKAtcHu5ks4SBq80Kd9nmuuW1E8p/Ut2yTi9SKeyIoZZa/gFHdY5P73ca8wm5GAsig8QvegQ=
>>> key = VerifierKey.parse("example.com/log+1dde4531+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop")
>>> open_note(data, [key]).text
'one line\n'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Refused, VerificationFailed
from ledger.transparency.keys import COSIGNER, ID_BYTES, LOG, SigningKey, VerifierKey, generate, is_name
from ledger.transparency.spelling import read_base64, write_base64

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "COSIGNER",
    "LOG",
    "Note",
    "Opened",
    "Signature",
    "SigningKey",
    "Verified",
    "VerifierKey",
    "format_note",
    "generate",
    "open_note",
    "parse_note",
    "sign",
    "sign_note",
]

MOST_SIGNATURES: Final = 100
"""The most signatures of a note."""
LARGEST_NOTE: Final = 1_000_000
"""The most bytes of a note."""

_DASH: Final = "— "


class Signature(NamedTuple):
    """One line below a note."""

    name: str
    key_id: bytes
    """Four bytes."""
    value: bytes
    """What follows the id; at least one byte."""


class Note(NamedTuple):
    """A text and its signatures, which nobody has checked yet."""

    text: str
    """With its final newline."""
    signatures: tuple[Signature, ...]


class Verified(NamedTuple):
    """A good signature, and whose it is."""

    key: VerifierKey
    signature: Signature
    timestamp: int | None
    """POSIX seconds, of a cosignature."""


class Opened(NamedTuple):
    """A text that can be trusted as far as those who signed it."""

    text: str
    signatures: tuple[Verified, ...]
    """The good ones, in the note's order, each key once."""


def parse_note(data: bytes) -> Note:
    """Take a note apart, without checking its signatures.

    Raises:
        VerificationFailed: where it is not a signed note.
    """
    if len(data) > LARGEST_NOTE:
        raise VerificationFailed(f"the note has {len(data)} bytes: at most {LARGEST_NOTE} are read.")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise VerificationFailed(f"the note is not UTF-8, at byte {error.start}.") from None
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise VerificationFailed("this is not a signed note: no empty line with signatures below, each ending in LF.")
    lines = below[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise VerificationFailed(f"the note has {len(lines)} signatures: at most {MOST_SIGNATURES} are read.")
    if _has_control(whole):
        raise VerificationFailed("the note has a control character other than LF.")
    return Note(text + "\n", tuple(map(_parse_line, lines)))


def format_note(note: Note) -> bytes:
    """Return a note as it is sent: the inverse of `parse_note`.

    Raises:
        Refused: where no note can hold that.
    """
    _must_be_text(note.text)
    if not 0 < len(note.signatures) <= MOST_SIGNATURES:
        raise Refused(f"a note has 1 to {MOST_SIGNATURES} signatures, not {len(note.signatures)}.")
    data = f"{note.text}\n{''.join(map(format_signature, note.signatures))}".encode()
    if len(data) > LARGEST_NOTE:
        raise Refused(f"a note has at most {LARGEST_NOTE} bytes, not {len(data)}.")
    return data


def format_signature(signature: Signature) -> str:
    """Return the line of a signature, with its LF.

    Raises:
        Refused: where no line can hold it.
    """
    if not is_name(signature.name) or len(signature.key_id) != ID_BYTES or not signature.value:
        raise Refused(f"{signature.name!r} cannot sign so: a name without spaces and '+', an id of 4 bytes, a value.")
    return f"{_DASH}{signature.name} {write_base64(signature.key_id + signature.value)}\n"


def sign(text: str, key: SigningKey, *, timestamp: int | None = None) -> Signature:
    """Sign a text.

    Args:
        text: the text, with its final newline.
        key: whose signature it is.
        timestamp: when, in POSIX seconds; a cosigner needs it, a log has none.

    Raises:
        Refused: where no note can hold the text, or the timestamp does not suit the key.
    """
    _must_be_text(text)
    return Signature(key.name, key.verifier.key_id, key.sign(text, timestamp=timestamp))


def sign_note(text: str, key: SigningKey) -> bytes:
    """Return a note with one signature, without a timestamp."""
    return format_note(Note(text, (sign(text, key),)))


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> Opened:
    """Check the signatures of a note against the keys that one knows.

    Args:
        data: the note.
        keys: the keys that are known; others' signatures are passed over.

    Raises:
        VerificationFailed: where it is not a signed note, where a known key's signature is not good, and where no known
            key signed it.
    """
    note = parse_note(data)
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.key_id), key) != key:
            raise VerificationFailed(f"two known keys have the name {key.name} and the id {key.key_id.hex()}.")
    good: dict[VerifierKey, Verified] = {}
    for signature in note.signatures:
        if signer := known.get((signature.name, signature.key_id)):
            timestamp = signer.check(note.text, signature.value)
            good.setdefault(signer, Verified(signer, signature, timestamp))
    if not good:
        names = ", ".join(sorted({signature.name for signature in note.signatures}))
        raise VerificationFailed(
            f"no known key signed the note; signed it is by {names}.", hint="give the key of the one you trust."
        )
    return Opened(note.text, tuple(good.values()))


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    data = read_base64(encoded)
    if not line.startswith(_DASH) or not space or not is_name(name) or data is None or len(data) <= ID_BYTES:
        raise VerificationFailed(f"{line[:60]!r} is not the line of a signature.")
    return Signature(name, data[:ID_BYTES], data[ID_BYTES:])


def _must_be_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("a note's text must be Unicode: it has half of a surrogate pair.") from None
    if not text.endswith("\n") or _has_control(text):
        raise Refused("a note's text ends in LF, and has no other control character.")


def _has_control(text: str) -> bool:
    return any(letter < " " and letter != "\n" for letter in text)
