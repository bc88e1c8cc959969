r"""Numbers and bytes have one spelling each in these formats, so that no file can be altered without being another.

- a number is ASCII decimal without leading zeroes, at most 2⁶³ − 1
- bytes are base64 with the standard alphabet and its padding (RFC 4648, section 4), unused bits zero

>>> read_number("15"), read_number("015"), read_number("-1"), read_number("9223372036854775808")
(15, None, None, None)
>>> read_base64("AQ=="), read_base64("AR=="), read_base64("AQ")
(b'\x01', None, None)
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST: Final = 2**63 - 1
"""The largest size, index and timestamp."""
HASH_BYTES: Final = 32
"""The bytes of a SHA-256 hash."""
LONGEST_PATH: Final = 63
"""The most hashes of a proof: a tree of at most 2⁶³ − 1 leaves is no deeper."""

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


def read_number(text: str) -> int | None:
    """Return the number that a text spells, or None where it spells none."""
    if _NUMBER.fullmatch(text) is None:
        return None
    number = int(text)
    return number if number <= LARGEST else None


def read_base64(text: str) -> bytes | None:
    """Return the bytes that a text spells, or None where it spells none."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return data if write_base64(data) == text else None


def read_hash(text: str) -> bytes | None:
    """Return the hash that a text spells in base64, or None where it spells none."""
    data = read_base64(text)
    return data if data is not None and len(data) == HASH_BYTES else None


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...] | None:
    """Return the hashes of a proof, one a line, or None where a line is none or they are too many."""
    found = tuple(map(read_hash, lines[: LONGEST_PATH + 1]))
    hashes = tuple(each for each in found if each is not None)
    return hashes if len(hashes) == len(lines) <= LONGEST_PATH else None


def write_base64(data: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(data).decode("ascii")
