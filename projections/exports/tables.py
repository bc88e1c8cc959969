"""What `export parquet` writes: the tables, their columns, and what each column means.

The terms below are written into the footer of every file, under `verbale.columns`; `FORMAT` is raised with every change
of what is written.  In `entries`, `evidence` and `positions`, which people read, instants are timestamps and a bound
that is not there is null.  The other tables hold what the views hold (`projections.schema`), for the statement of the
rule: instants are microseconds since 1970, −2⁶² is an open start, and 2⁶² is a `known_to` of what is still so.

Nothing in them is sealed: where a line has a commitment, so has its row, and the value lies elsewhere.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

FORMAT: Final = 1

Kind = Literal["number", "text", "instant", "yes", "hash", "corroborations", "disputes"]


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: Kind
    says: str
    long: bool = False
    """Of texts that hardly repeat: neither a dictionary nor the least and the greatest of them are worth keeping."""


class Table(NamedTuple):
    """One file."""

    name: str
    says: str
    columns: tuple[Column, ...]


_ENTRY: Final = Column("entry", "number", "the entry's number in the journal")
_PARTY: Final = Column("party", "text", "the party's id")
_ISSUE: Final = Column("issue", "text", "the issue's id")
_EARLIEST: Final = Column("earliest", "instant", "the first instant that `dated` may mean; null for an open start")
_LATEST: Final = Column("latest", "instant", "the first instant that `dated` no longer means: certain from then on")
_KNOWN_FROM: Final = Column("known_from", "number", "the first entry at which the ledger knows this")
_KNOWN_TO: Final = Column("known_to", "number", "the first entry at which it is so no more; 2^62 where it still is")
_DEEDS: Final = Column("deeds", "yes", "true of actions, false of statements")
_STARTS: Final = Column(
    "starts", "number", "the first term of the order: `earliest`, for an open start that of its end"
)

ENTRIES: Final = Table(
    "entries",
    "Every entry as it was recorded, ordered by number; a correction is an entry of its own.",
    (
        _ENTRY,
        Column("type", "text", "the entry's type, as drafts name it"),
        Column("topic", "text", "the type with the version of its fields, as the journal's line has it"),
        Column("party", "text", "the party that it names, as recorded"),
        Column("issue", "text", "the issue that it names, as recorded"),
        Column("dated", "text", "said_on, occurred_on or occurs_on, as written (EDTF)"),
        _EARLIEST,
        _LATEST,
        Column("stance", "text", "a statement's stance, an action's bearing, as recorded"),
        Column("status", "text", "at the last entry: retracted, disputed, corrected or counts, the first that holds"),
        Column("recorded_at", "instant", "when it was recorded, never decreasing"),
        Column("recorded_by", "text", "who recorded it: a claim"),
        Column("source", "text", "the id of the source that it names, as recorded"),
        Column("target", "number", "the entry that it amends"),
        Column("dataset", "text", "the data set whose row it was made from"),
        Column("origin", "text", "that row's key in the data set", long=True),
        Column("data", "text", "the stored JSON, byte for byte; what is sealed stands in it as commitments", long=True),
        Column(
            "leaf", "hash", 'SHA-256(0x00, {"entry":ENTRY,"type":TOPIC,"data":DATA}): its leaf in the RFC 6962 tree'
        ),
    ),
)
STATES: Final = Table(
    "states",
    "How corrected entries read: `data` from `known_from` on, until the next row of the entry.",
    (_ENTRY, _KNOWN_FROM, Column("data", "text", "the draft's fields as corrected, in JSON", long=True)),
)
VERSIONS: Final = Table(
    "versions",
    "What counts where, ordered by party, issue, deeds and the order of the rule: corrections, retractions, merges and"
    " `on_behalf_of` are worked in. This is what the statement of the rule reads.",
    (
        Column(
            "party", "text", "whose position it moves: the party, those spoken for, and the survivor of a merged one"
        ),
        _ISSUE,
        _DEEDS,
        _STARTS,
        Column("latest", "number", "it is certain at T where latest <= T"),
        _ENTRY,
        Column("earliest", "number", "it is possible at T where earliest < T < latest; -2^62 for an open start"),
        _KNOWN_FROM,
        _KNOWN_TO,
        Column("stance", "text", "the stance; of an action its bearing, or null"),
        Column("dated", "text", "said_on or occurred_on, as written (EDTF)"),
        Column("verified", "yes", "credibility 1 or 2: counts under verified/1"),
        Column("own_words", "yes", "neither reported by others nor inferred: counts under own-words/1"),
        Column(
            "words", "number", "of a statement with a quote of a source: the first entry that brought these very words"
        ),
        Column("quote_start", "number", "where the words begin in the source's text, where that is said"),
    ),
)
EFFECTS: Final = Table(
    "effects",
    "While which amendment is in effect on which entry, ordered by amendment.",
    (
        Column("amendment", "number", "the amending entry"),
        Column("target", "number", "the entry that it amends"),
        Column("kind", "text", "its type, such as entry-disputed"),
        _KNOWN_FROM,
        _KNOWN_TO,
    ),
)
MEMBERSHIPS: Final = Table(
    "memberships",
    "What each joining and leaving of a coalition says, ordered by party; merged parties are their survivors.",
    (
        _PARTY,
        Column("coalition", "text", "the coalition's id"),
        _ENTRY,
        Column("joined", "yes", "true of a joining, false of a leaving"),
        Column("earliest", "number", "the first instant that its date may mean; -2^62 where there is none"),
        Column("latest", "number", "the first instant that its date no longer means; -2^62 where there is none"),
        _KNOWN_FROM,
        _KNOWN_TO,
    ),
)
POSITIONS: Final = Table(
    "positions",
    "The answers of latest/1 as rectangles that do not overlap: the entry is the answer for as_of_from <= T < as_of_to"
    " and known_from <= K < known_to. No row: nothing certain. Corrections, retractions, merges and on_behalf_of are"
    " worked in. Not in it: since and previous, as one late entry may change them for a whole run, again and again; and"
    " what members have from their coalitions, as that repeats every answer for every member. The statement of the rule"
    " gives both.",
    (
        _PARTY,
        _ISSUE,
        _DEEDS,
        Column("stance", "text", "the stance; of an action its bearing, or null"),
        _ENTRY,
        Column("dated", "text", "said_on or occurred_on, as written (EDTF)"),
        Column("as_of_from", "instant", "the first T at which it is the answer"),
        Column("as_of_to", "instant", "the first T at which it is not; null where there is none"),
        _KNOWN_FROM,
        Column("known_to", "number", "the first entry K at which it is not; null where there is none"),
    ),
)
EVIDENCE: Final = Table(
    "evidence",
    "What entries rest on, as they read at the last entry, ordered by number; what rests on nothing has no row.",
    (
        _ENTRY,
        Column("status", "text", "retracted, disputed, corrected or counts, the first that holds"),
        Column("attribution", "text", "direct, paraphrase, reported or inferred"),
        Column("credibility", "text", "the Admiralty code: a letter for the source, a digit for the information"),
        Column("source", "text", "the source's id"),
        Column("title", "text", "the source's title"),
        Column("publisher", "text", "the source's publisher"),
        Column("url", "text", "the source's address"),
        Column("published_at", "text", "the source's own time, as written"),
        Column("sha256", "text", "SHA-256 of the source's bytes"),
        Column("reliability", "text", "the source's reliability, A to F"),
        Column("quote", "text", "the exact words", long=True),
        Column("quote_start", "number", "where they begin in the source's normalised text, in code points"),
        Column("quote_end", "number", "where they end"),
        Column("lang", "text", "the quote's language"),
        Column("translated_by", "text", "who translated the quote, where it is a translation"),
        Column("corroborations", "corroborations", "who says the same: those in effect"),
        Column("disputes", "disputes", "those that are open"),
    ),
)
TABLES: Final = (ENTRIES, STATES, VERSIONS, EFFECTS, MEMBERSHIPS, POSITIONS, EVIDENCE)
"""In the order in which they are written."""
