"""Drafts, ledgers and generated events that the tests of the ledger's floor share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ledger.batch import Prepared
from ledger.codec import CODEC
from ledger.entries import (
    ActionTaken,
    AliasAdded,
    CoalitionJoined,
    CoalitionLeft,
    ConditionResolved,
    EntryCorrected,
    EntryCorroborated,
    EntryDisputed,
    EntryRetracted,
    ErasureRecorded,
    EventScheduled,
    ImportFinished,
    IssueClosed,
    IssueOpened,
    IssueReworded,
    KeyAdded,
    KeyRetired,
    PartyIdentified,
    PartyMerged,
    PartyRegistered,
    PartyRenamed,
    PartySucceeded,
    PartyUnmerged,
    PositionAsserted,
    ProjectionAttested,
    SourceRegistered,
    SpeakerAppointed,
    StatementMade,
)
from ledger.entries.scales import STANCES
from verbale import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.entries import Entry
    from ledger.journal import Journal
    from verbale.places import Location

Draft = dict[str, Any]

NOW = 1_795_425_120_000_000  # 2026-11-23T09:12:00Z

RUS: Draft = {"type": "party-registered", "party": "RUS", "name": "Russia", "kind": "state", "aliases": ["Kremlin"]}
UKR: Draft = {"type": "party-registered", "party": "UKR", "name": "Ukraine", "kind": "state"}
CEASEFIRE: Draft = {"type": "issue-opened", "issue": "ceasefire", "proposition": "A ceasefire takes effect"}
BASICS = (RUS, UKR, CEASEFIRE)


def statement(text: str = "No.", **fields: object) -> Draft:
    """Draft a statement of Russia on the ceasefire."""
    said = {"party": "RUS", "issue": "ceasefire", "stance": "oppose", "said_on": "2025-03-01"}
    return {"type": "statement-made", **said, "text": text, **fields}


def about(kind: str, entry: object, **fields: object) -> Draft:
    """Draft an amendment with a reason."""
    return {"type": f"entry-{kind}", "entry": entry, "reason": "a slip", **fields}


def source(name: str = "wire", **fields: object) -> Draft:
    """Draft the registration of a source."""
    return {"type": "source-registered", "source": name, "title": "A report", **fields}


def prepared(journal: Journal, name: str) -> Prepared:
    """Prepare the opening of an issue."""
    event = IssueOpened(issue=name, proposition=name)
    fields = CODEC.encode(event)
    return Prepared(event.TOPIC, fields, journal.content_key(event, fields, sealing=False))


def new_ledger(path: Path | str | Location, *drafts: Draft, now: int = NOW) -> Ledger:
    """Make a ledger, record the drafts, and return it open."""
    Ledger.create(path)
    ledger = Ledger(path, recorded_by="anna", clock=lambda: now)
    for draft in drafts:
        ledger.record(draft)
    return ledger


def stance(book: Ledger) -> str | None:
    """Return Russia's stance on the ceasefire, all that is recorded counted."""
    row = book.position("RUS", "ceasefire")
    return None if row is None else row.stance


# ── Generated events, of every type and every field ───────────────────────────

_WORD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1, max_size=8)
LABELS = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
PROSE = st.lists(LABELS, min_size=1, max_size=3).map("\n\t".join)
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,8}", fullmatch=True)
NUMBERS = st.integers(1, 10**18 - 1)
DATES = st.sampled_from(["2025", "2025-03-12", "../2025-03-11", "202X", "2025-03-12T14:30+03:00", "2025-03?"])
KEYS = st.from_regex(r"[a-z/]{1,9}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", fullmatch=True)
DIGESTS = st.from_regex(r"[A-Za-z0-9+/]{43}=", fullmatch=True)
HASHES = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
QUOTES = st.fixed_dictionaries(
    {"exact": PROSE}, optional={"prefix": PROSE, "suffix": PROSE, "lang": st.just("uk-Latn"), "translated_by": LABELS}
)
CODINGS = st.fixed_dictionaries(
    {"scheme": LABELS, "code": LABELS},
    optional={
        "mode": LABELS,
        "intensity": st.sampled_from(["-7.0", "10", "0.25"]),
        "quad": LABELS,
        "contexts": st.lists(LABELS, max_size=2),
    },
)
ORIGINS = st.fixed_dictionaries(
    {"dataset": IDS, "id": LABELS},
    optional={"coder": LABELS, "columns": st.dictionaries(LABELS, PROSE, max_size=2)},
)
STANCE = st.sampled_from(STANCES)
_ATTRIBUTION = st.sampled_from(["direct", "paraphrase", "reported", "inferred"])
_AFTER = {"after": NUMBERS}
_MOVER = {"party": IDS, "issue": IDS}
_RESTS = {"source": IDS, "quote": QUOTES, "to": st.lists(IDS, max_size=2)}
_MOVED = _RESTS | {
    "attribution": _ATTRIBUTION,
    "credibility": st.sampled_from(["A1", "F6"]),
    "re": NUMBERS,
    "fulfils": NUMBERS,
    "on_behalf_of": st.lists(IDS, max_size=2),
    "coding": CODINGS,
    "origin": ORIGINS,
}
_SEALED = st.dictionaries(st.sampled_from(["speaker", "text", "quote"]), HASHES, min_size=1)

_FIELDS: dict[type[Entry], tuple[dict[str, st.SearchStrategy[Any]], dict[str, st.SearchStrategy[Any]]]] = {
    PartyRegistered: (
        {"party": IDS, "name": LABELS, "kind": st.sampled_from(["state", "armed-group"])},
        {"aliases": st.lists(LABELS), "codes": st.dictionaries(st.sampled_from(["iso3", "cow"]), LABELS)},
    ),
    PartyIdentified: (
        {"party": IDS, "kind": st.sampled_from(["state", "armed-group"])},
        {"name": LABELS, "codes": st.dictionaries(st.sampled_from(["iso3", "cow"]), LABELS)},
    ),
    PartyRenamed: ({"party": IDS, "name": LABELS}, {}),
    AliasAdded: ({"party": IDS, "alias": LABELS}, {"from": DATES, "until": DATES}),
    PartyMerged: ({"party": IDS, "into": IDS}, {}),
    PartyUnmerged: ({"party": IDS}, {}),
    PartySucceeded: ({"party": IDS, "by": IDS}, {"from": DATES}),
    CoalitionJoined: ({"party": IDS, "coalition": IDS}, {"from": DATES}),
    CoalitionLeft: ({"party": IDS, "coalition": IDS, "until": DATES}, {}),
    IssueOpened: ({"issue": IDS, "proposition": LABELS}, {"parent": IDS}),
    IssueReworded: ({"issue": IDS, "proposition": LABELS}, {"reason": PROSE}),
    IssueClosed: ({"issue": IDS}, {"closed_on": DATES, "reason": PROSE}),
    PositionAsserted: (
        {"party": IDS, "issue": IDS},
        {"as_of": st.sampled_from(["2025-Q1", "2025-03-12"]), "stance": STANCE, "reason": PROSE},
    ),
    KeyAdded: ({"key": KEYS}, {"reason": PROSE}),
    KeyRetired: ({"key": KEYS, "reason": PROSE}, {}),
    ErasureRecorded: (
        {"entry": NUMBERS, "reason": PROSE, "authority": LABELS},
        {**_AFTER, "fields": st.lists(st.sampled_from(["speaker", "text", "quote"]), unique=True)},
    ),
    ProjectionAttested: (
        {"projection": st.just("positions"), "version": st.just("latest/1"), "basis": NUMBERS, "digest": DIGESTS},
        {"as_of": st.sampled_from(["2025-Q1", "2025-03-12"])},
    ),
    ImportFinished: (
        {"dataset": IDS, "snapshot": st.just("2022-04-07"), "sha256": HASHES, "rows": st.integers(0, 10**18 - 1)},
        {"scope": st.dictionaries(LABELS, LABELS, max_size=2)},
    ),
    SourceRegistered: (
        {"source": IDS, "title": LABELS},
        {
            "publisher": LABELS,
            "agency": LABELS,
            "url": st.just("https://example.org/ü"),
            "published_at": st.sampled_from(["2025-03", "2025-03-12T09:00Z"]),
            "sha256": HASHES,
            "text_sha256": HASHES,
            "reliability": st.sampled_from("ABCDEF"),
        },
    ),
    SpeakerAppointed: (
        {"name": LABELS, "party": IDS},
        {"role": LABELS, "rank": NUMBERS, "from": DATES, "to": DATES},
    ),
    StatementMade: (
        {**_MOVER, "stance": STANCE, "said_on": DATES, "text": PROSE},
        {**_MOVED, "speaker": LABELS, "act": st.just("demand"), "conditions": st.lists(LABELS), "sealed": _SEALED},
    ),
    ActionTaken: ({**_MOVER, "occurred_on": DATES, "text": PROSE}, {**_MOVED, "bearing": STANCE, "place": LABELS}),
    EventScheduled: (
        {**_MOVER, "occurs_on": DATES, "text": PROSE},
        {**_RESTS, "place": LABELS, "coding": CODINGS, "origin": ORIGINS},
    ),
    EntryCorrected: (
        {"entry": NUMBERS, "reason": PROSE, "changes": st.dictionaries(IDS, st.one_of(st.none(), LABELS), min_size=1)},
        {**_AFTER, "source": IDS},
    ),
    EntryRetracted: ({"entry": NUMBERS, "reason": PROSE}, {**_AFTER, "source": IDS}),
    EntryDisputed: ({"entry": NUMBERS, "reason": PROSE}, {**_AFTER, "source": IDS}),
    ConditionResolved: (
        {"entry": NUMBERS, "condition": LABELS, "outcome": st.sampled_from(["met", "failed"])},
        {**_AFTER, "resolved_on": DATES, "source": IDS, "reason": PROSE},
    ),
    EntryCorroborated: (
        {"entry": NUMBERS},
        {**_AFTER, "source": IDS, "observer": LABELS, "quote": QUOTES, "text": PROSE, "origin": ORIGINS},
    ),
}


def events_of(cls: type[Entry]) -> st.SearchStrategy[Entry]:
    """Draw events of one type."""
    required, optional = _FIELDS[cls]
    return st.fixed_dictionaries(required, optional=optional).map(cls.model_validate)


EVENTS: st.SearchStrategy[Entry] = st.sampled_from(list(_FIELDS)).flatmap(events_of)
