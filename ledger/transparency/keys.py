r"""Keys that sign and verify notes: Ed25519 (RFC 8032), as C2SP signed-note and tlog-cosignature write them.

    verifier key     <name>+<id>+<base64(type ‖ public key)>
    signing key      PRIVATE+KEY+<name>+<id>+<base64(type ‖ seed)>      as Go's sumdb/note package writes it
    <id>             lower-case hex of SHA-256(<name> ‖ LF ‖ type ‖ public key)[:4]

Public key and seed have 32 bytes, the type has one.  A name is not empty and has neither spaces (of any script), nor
control characters, nor `+`; a URL without its scheme is best.  Two types are known here, and each signs of a text

    0x01  Ed25519           the text; the signature is Ed25519's 64 bytes
    0x04  cosignature/v1    "cosignature/v1" LF "time " <timestamp> LF and the text; the signature is the timestamp as a
                            big-endian uint64 (POSIX seconds, at most 2⁶³ − 1), then Ed25519's 64 bytes

>>> key = SigningKey("example.com/log", LOG, bytes(32))
>>> key.verifier.format()
'example.com/log+1dde4531+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
>>> VerifierKey.parse(key.verifier.format()) == key.verifier
True
>>> key.verifier.check("one line\n", key.sign("one line\n"))
>>> cosigner = SigningKey("example.org/witness", COSIGNER, bytes(32))
>>> cosigner.verifier.check("one line\n", cosigner.sign("one line\n", timestamp=1_679_315_147))
1679315147
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from ledger.errors import Refused, Unparsable, VerificationFailed
from ledger.transparency.spelling import LARGEST, read_base64, write_base64

LOG: Final = 0x01
"""The type of a key that signs notes as they are: a log's."""
COSIGNER: Final = 0x04
"""The type of a key that signs checkpoints with a timestamp: a witness's."""
ID_BYTES: Final = 4
"""The bytes of a key's id."""

_KEY_BYTES, _SIGNATURE_BYTES, _TIME_BYTES = 32, 64, 8
_SIZES: Final = {LOG: _SIGNATURE_BYTES, COSIGNER: _TIME_BYTES + _SIGNATURE_BYTES}
_ID: Final = re.compile(r"[0-9a-f]{8}")
_PRIVATE: Final = "PRIVATE+KEY+"


def is_name(text: str) -> bool:
    """Say whether a key may have this name."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return text != "" and not any(letter.isspace() or letter < " " or letter == "+" for letter in text)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key, under a name, for one type of signature."""

    name: str
    kind: int
    """`LOG` or `COSIGNER`."""
    public: bytes
    """32 bytes."""

    def __post_init__(self) -> None:
        _must_be_key(self.name, self.kind, self.public)

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a verifier key.

        Raises:
            Unparsable: where it is none, its id is not that of its name and key, or its type is not known here.
        """
        name, key_id, kind, public = _split(text, "a verifier key", "NAME+ID+KEY, as `verbale status` prints it.")
        key = cls(name, kind, public)
        if key.key_id.hex() != key_id:
            raise Unparsable(f"the verifier key of {name} has the id {key_id}, and its bytes make {key.key_id.hex()}.")
        return key

    def format(self) -> str:
        """Return the verifier key as text."""
        return f"{self.name}+{self.key_id.hex()}+{write_base64(bytes([self.kind]) + self.public)}"

    @property
    def key_id(self) -> bytes:
        """The four bytes that point at this key in a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:ID_BYTES]

    def check(self, text: str, signature: bytes) -> int | None:
        """Check what this key is said to have signed.

        Args:
            text: the text of a note.
            signature: what follows the key's id in the signature.

        Returns:
            The timestamp of a cosignature, in POSIX seconds; None where the type has none.

        Raises:
            VerificationFailed: where it did not sign that.
        """
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  33 ms, where a signature is checked
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415  likewise

        if len(signature) != _SIZES[self.kind]:
            raise VerificationFailed(
                f"the signature of {self.name} has {len(signature)} bytes, and must have {_SIZES[self.kind]}."
            )
        timestamp = timestamp_of(signature) if self.kind == COSIGNER else None
        try:
            public = Ed25519PublicKey.from_public_bytes(self.public)
            public.verify(signature[-_SIGNATURE_BYTES:], _message(text, timestamp))
        except (InvalidSignature, ValueError):
            raise VerificationFailed(f"the signature of {self.name} is not good.") from None
        return timestamp


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, under a name, for one type of signature.  Its `repr` keeps the seed to itself."""

    name: str
    kind: int
    """`LOG` or `COSIGNER`."""
    seed: bytes = field(repr=False)
    """32 bytes that nobody else may know."""

    def __post_init__(self) -> None:
        _must_be_key(self.name, self.kind, self.seed)

    @classmethod
    def parse(cls, text: str) -> SigningKey:
        """Read a signing key.

        Raises:
            Unparsable: where it is none, or its id is not that of its name and key; the message does not show it.
        """
        hint = "the file of a key holds one line, PRIVATE+KEY+NAME+ID+KEY."
        if not text.startswith(_PRIVATE):
            raise Unparsable("this is not a signing key.", hint=hint)
        name, key_id, kind, seed = _split(text.removeprefix(_PRIVATE), "a signing key", hint)
        key = cls(name, kind, seed)
        if key.verifier.key_id.hex() != key_id:
            raise Unparsable(f"the signing key of {name} has the id {key_id}, which is not that of its bytes.")
        return key

    def format(self) -> str:
        """Return the signing key as text, to be kept where nobody else reads it."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{write_base64(bytes([self.kind]) + self.seed)}"

    @property
    def verifier(self) -> VerifierKey:
        """The public key that belongs to it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  as above

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def sign(self, text: str, *, timestamp: int | None = None) -> bytes:
        """Sign the text of a note.

        Args:
            text: the text, with its final newline.
            timestamp: when, in POSIX seconds; a cosigner needs it, a log has none.

        Returns:
            What follows the key's id in the signature.

        Raises:
            Refused: where the timestamp does not suit the key.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415  as above

        if (timestamp is not None) != (self.kind == COSIGNER):
            raise Refused(f"{self.name} signs {'with' if self.kind == COSIGNER else 'without'} a timestamp.")
        if timestamp is not None and not 0 < timestamp <= LARGEST:
            raise Refused(f"{timestamp} is not a time that can be signed.")
        head = b"" if timestamp is None else timestamp.to_bytes(_TIME_BYTES, "big")
        return head + Ed25519PrivateKey.from_private_bytes(self.seed).sign(_message(text, timestamp))


def log_key(text: str, name: str | None = None) -> VerifierKey | None:
    """Return the key that an entry of a journal names, None where no checkpoint can be signed with it.

    Args:
        text: what the entry says; a journal that came from elsewhere may say anything.
        name: whose checkpoints; None is anybody's.
    """
    try:
        key = VerifierKey.parse(text)
    except Unparsable:
        return None
    return key if key.kind == LOG and name in (None, key.name) else None


def generate(name: str, kind: int = LOG) -> SigningKey:
    """Make a new signing key of the system's randomness.

    Raises:
        Unparsable: where no key can have that name.
    """
    return SigningKey(name, kind, secrets.token_bytes(_KEY_BYTES))


def timestamp_of(signature: bytes) -> int:
    """Return the timestamp of a cosignature, in POSIX seconds, whether or not the signature is good.

    Raises:
        VerificationFailed: where it has none, or one beyond 2⁶³ − 1.
    """
    timestamp = int.from_bytes(signature[:_TIME_BYTES], "big")
    if len(signature) != _SIZES[COSIGNER] or timestamp > LARGEST:
        raise VerificationFailed("this is not a cosignature: its timestamp is missing or out of range.")
    return timestamp


def _message(text: str, timestamp: int | None) -> bytes:
    """Return what is signed of a text."""
    return ("" if timestamp is None else f"cosignature/v1\ntime {timestamp}\n").encode() + text.encode()


def _split(text: str, what: str, hint: str) -> tuple[str, str, int, bytes]:
    """Return name, id, type and bytes of a key."""
    name, key_id, encoded, *more = [*text.split("+", 2), "", ""]
    data = read_base64(encoded)
    if any(more) or not is_name(name) or not _ID.fullmatch(key_id) or not data:
        raise Unparsable(f"this is not {what}.", hint=hint)
    return name, key_id, data[0], data[1:]


def _must_be_key(name: str, kind: int, key: bytes) -> None:
    if not is_name(name):
        raise Unparsable(f"{name!r} is no name for a key.", hint="no spaces, no '+'; such as example.com/log.")
    if kind not in _SIZES:
        raise Unparsable(
            f"the key of {name} is of type 0x{kind:02x}, which is not known here.",
            hint="0x01 (Ed25519) and 0x04 (cosignature/v1) are.",
        )
    if len(key) != _KEY_BYTES:
        raise Unparsable(f"the key of {name} has {len(key)} bytes, and must have {_KEY_BYTES}.")
