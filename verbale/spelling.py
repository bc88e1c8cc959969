"""What people type where a draft has more than a text: the number of an entry, a coding; the same at every door."""

from __future__ import annotations

import re
from typing import Final

from ledger.errors import Unparsable

_NUMBER: Final = re.compile("e?([1-9][0-9]{0,17})")


def number_of(said: str) -> int:
    """Return the number of an entry, from `e17` or `17`.

    Raises:
        Unparsable: it is none.
    """
    found = _NUMBER.fullmatch(said)
    if found is None:
        raise Unparsable(f"'{said}' is no entry", hint="an entry is a number, as in e17")
    return int(found[1])


def coding_of(said: str) -> dict[str, str]:
    """Return a coding, from `SCHEME:CODE/MODE`.

    >>> coding_of("PLOVER:RETREAT/withdraw")
    {'scheme': 'PLOVER', 'code': 'RETREAT', 'mode': 'withdraw'}

    Raises:
        Unparsable: it is none.
    """
    scheme, colon, rest = said.partition(":")
    code, _, mode = rest.partition("/")
    if not colon or not scheme or not code:
        raise Unparsable(
            f"'{said}' is no coding", hint="SCHEME:CODE or SCHEME:CODE/MODE, as in PLOVER:RETREAT/withdraw"
        )
    return {"scheme": scheme, "code": code} | ({"mode": mode} if mode else {})
