"""Rest for the garbage collector while a lot of entries goes by.

What an import makes is freed as soon as nobody holds it; it makes no cycles worth looking for.  But every few hundred
new objects the collector walks all that waits, again and again: at a million drafts a fifth of the time.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELDOM: Final = 200_000
"""New objects between two walks: cycles that somebody else makes meanwhile are still found."""


@contextmanager
def at_rest() -> Iterator[None]:
    """Let the collector walk seldom."""
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
