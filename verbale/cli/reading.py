"""What several commands of the audit read from files: keys, policies, proofs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import LedgerError, Refused, Unparsable

_KEY: Final = re.compile(r"[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")
_ONE_LINE: Final = "a verifier key is one line, NAME+ID+KEY, as `verbale status` prints it"

if TYPE_CHECKING:
    from ledger.transparency.keys import VerifierKey
    from ledger.transparency.policy import Policy


def bytes_in(path: Path, what: str) -> bytes:
    """Return a file's bytes; `-` is stdin.

    Raises:
        Refused: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Refused(f"cannot read {path}: {error.strerror}", hint=f"it is {what}") from None


def verifier_key(said: str) -> VerifierKey:
    """Return the verifier key that a person gives: as it is, or in a file.

    Raises:
        Unparsable: it is none.
    """
    from ledger.transparency.keys import VerifierKey

    if _KEY.fullmatch(said):
        return VerifierKey.parse(said)
    path = Path(said)
    if not path.is_file():
        raise Unparsable(f"'{said}' is neither a verifier key nor a file that holds one", hint=_ONE_LINE)
    try:
        return VerifierKey.parse(bytes_in(path, "one line: NAME+ID+KEY").decode().strip())
    except UnicodeDecodeError as error:
        raise Unparsable(f"{said}: it is not UTF-8, at byte {error.start}", hint=_ONE_LINE) from None
    except Unparsable as error:
        raise Unparsable(f"{said}: {error.message}", hint=error.hint) from None


def policy_in(path: Path) -> Policy:
    """Return the policy that a file holds (`ledger.transparency.policy`).

    Raises:
        Unparsable: it holds none; the line is named.
    """
    from ledger.transparency.policy import parse_policy

    data = bytes_in(path, "a policy: whose signatures are required")
    try:
        return parse_policy(data)
    except LedgerError as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from None
