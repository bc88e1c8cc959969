"""What several commands of the audit read from files: keys, policies, proofs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import LedgerError, Refused, Unparsable

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

    path = Path(said)
    try:
        text = path.read_text(encoding="utf-8").strip() if len(said) < 500 and path.is_file() else said  # noqa: PLR2004
        return VerifierKey.parse(text)
    except (OSError, ValueError) as error:
        raise Unparsable(f"{said} holds no verifier key: {error}", hint="it is one line: NAME+ID+KEY") from None


def policy_in(path: Path) -> Policy:
    """Return the policy that a file holds (`ledger.transparency.policy`).

    Raises:
        Unparsable: it holds none; the line is named.
    """
    from ledger.transparency.policy import parse_policy

    try:
        return parse_policy(bytes_in(path, "a policy: whose signatures are required"))
    except LedgerError as error:
        raise type(error)(f"{path}: {error.message}", hint=error.hint) from None
