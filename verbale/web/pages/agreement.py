"""How far people agree who coded the same text: Cohen's kappa per field, and passage beside passage."""

from __future__ import annotations

from itertools import combinations, groupby
from typing import TYPE_CHECKING, Final

from ledger.errors import UnknownName
from projections.agreement import FIELDS, agreements, passages
from projections.sentences import sentences
from verbale.agreeing import agreement_row
from verbale.documents import listing
from verbale.terminal.agreeing import kappa_text, share_text
from verbale.web.answering import Page

if TYPE_CHECKING:
    from verbale.ledger import Ledger
    from verbale.web.asked import Asked

SHOWN: Final = 100
"""Passages of two people that the page shows at most."""
_TOLD: Final = tuple(name for name in FIELDS if name not in {"marked", "attribution"})


def agreement(ledger: Ledger, asked: Asked) -> Page:
    """Return the page of a text that was coded.

    Raises:
        UnknownName: there is no such source, or none is named.
    """
    _, *rest = asked.parts()
    if not rest:
        raise UnknownName("no source is named", hint="/agreement/SOURCE, as in the list at /code")
    source = "/".join(rest)
    at = ledger.moment(asked.as_of, asked.as_known_at)
    found, text = ledger.coded(source, asked.as_known_at)
    rows = agreements(found, sentences(text or ""))
    by = {coder: [one for one in found if one.coder == coder] for coder in sorted({one.coder for one in found})}
    beside = {(a, b): passages(by[a], by[b]) for a, b in combinations(by, 2)}
    fields = {
        "source": ledger.source(source, asked.as_known_at) or {},
        "coders": {coder: len(some) for coder, some in by.items()},
        "pairs": [
            (pair, list(some), beside[pair][:SHOWN], max(0, len(beside[pair]) - SHOWN))
            for pair, some in groupby(rows, key=lambda one: (one.coder_a, one.coder_b))
        ],
        "told": _TOLD,
        "share": share_text,
        "kappa": kappa_text,
        "kept": text is not None,
    }
    title = f"Agreement on {source}"
    return Page(
        "agreement.html", title, at, fields, lambda: listing("agreement", at, [agreement_row(one) for one in rows])
    )
