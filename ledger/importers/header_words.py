"""What the columns of tables are called, field by field; and which words mean which stance.

A name is compared without regard to case, and to what stands between its words: `Published_At` is `published at`.  Of
several that fit, the one that comes first is taken.
"""

from __future__ import annotations

import re
from typing import Final

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "party": (
        *("party", "actor", "country", "country name", "state", "member state", "member", "delegation"),
        *("organization", "organisation", "actor name", "actor1", "source actor", "government", "party id", "iso3"),
    ),
    "issue": (
        "issue",
        "issue id",
        "topic",
        "concept",
        "proposition",
        "subject",
        "agenda item",
        "question",
        "resolution",
    ),
    "stance": ("stance", "position", "vote", "voted", "agreement", "qualifier", "support", "view"),
    "time": (
        *("said on", "occurred on", "occurs on", "date", "day", "on", "event date", "statement date", "vote date"),
        *("said at", "spoken on", "meeting date", "when", "datetime", "date epoch", "timestamp", "time"),
    ),
    "text": (
        *("text", "statement", "summary", "content", "description", "remarks", "remark", "utterance", "event text"),
        *("body", "comment", "what", "action", "event"),
    ),
    "speaker": ("speaker", "spokesperson", "person", "speaker name", "said by", "representative"),
    "role": ("role", "function", "office", "post", "job title"),
    "rank": ("rank",),
    "from": ("from", "since", "start date", "appointed on", "valid from"),
    "until": ("to", "until", "end date", "valid to", "valid until"),
    "quote": ("quote", "quotation", "exact words", "verbatim", "citation"),
    "to": ("to", "addressee", "addressees", "recipient", "recipients", "addressed", "target", "targets"),
    "on_behalf_of": ("on behalf of", "behalf", "for parties"),
    "act": ("act", "speech act"),
    "attribution": ("attribution",),
    "credibility": ("credibility", "admiralty", "admiralty code"),
    "reliability": ("reliability", "source reliability"),
    "conditions": ("conditions", "condition"),
    "place": ("place", "location", "city", "venue", "where"),
    "title": ("title", "headline", "source title", "document title", "document", "article", "heading"),
    "publisher": ("publisher", "outlet", "newspaper", "media", "medium", "agency", "feed", "source name", "source"),
    "url": ("url", "link", "href", "source url", "web", "web address", "permalink", "uri"),
    "published": (
        *("published", "published at", "pubdate", "pub date", "publication date", "publication time", "date published"),
        *("publish date", "published on", "published date", "source date", "publication", "posted", "posted at"),
    ),
    "id": (
        "id",
        "key",
        "row id",
        "event id",
        "record id",
        "statement id",
        "uuid",
        "guid",
        "no",
        "nr",
        "number",
        "rcid",
    ),
    "coder": ("coder", "coded by", "annotator"),
    "name": ("name", "party name", "full name", "cname", "label", "country", "title"),
    "kind": ("kind", "type", "category"),
    "aliases": ("aliases", "alias", "other names", "also known as"),
    "iso3": ("iso3", "iso 3", "iso3c", "iso alpha 3", "country code"),
    "wikidata": ("wikidata", "qid", "wikidata id"),
    "party_id": ("party", "party id", "id", "code", "iso3", "iso3c"),
    "bearing": ("bearing", "stance"),
}
"""What a field's column may be called."""

STANCE_WORDS: Final[dict[str, str]] = {
    word: stance
    for stance, words in {
        "support": "yes y for favour favor support supports supported agree agrees agreed pro true approve accept",
        "oppose": "no n against oppose opposes opposed disagree disagrees con contra false reject rejects rejected",
        "uncommitted": "abstain abstains abstained abstention abstaining a neutral undecided uncommitted",
        "conditional": "conditional conditionally",
        "reserved": "reserved reservation reservations",
        "awaiting": "awaiting waiting",
        "declined": "declined",
        "withdrawn": "withdrawn",
    }.items()
    for word in words.split()
} | {"in favour": "support", "in favor": "support", "no comment": "declined"}


def plain(name: str) -> str:
    """Return a column's name as it is compared.

    >>> plain("Published_At "), plain("sourceURL"), plain("COUNTRY")
    ('published at', 'source url', 'country')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[^\w]|_", " ", apart).casefold().split())
