"""The ceasefire dossier, asked: what the article reports is what comes out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.verbale.doors import SAMPLE, Door
from verbale.samples import sample_path

if TYPE_CHECKING:
    from projections.positions import Position
    from verbale import Ledger

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"
LATEST = "2025-03-12"
"""The day that the article reports as current."""

PROPOSITIONS = {
    "ceasefire-30d": "A 30-day ceasefire in the air and at sea takes effect",
    "full-ceasefire": "All hostilities end",
    "root-causes-first": 'The conflict\'s "root causes" are settled before any ceasefire',
    "security-guarantees": "A lasting ceasefire comes with security guarantees for Ukraine",
    "us-guarantees": "The United States provides security guarantees to Ukraine",
    "nato-renunciation": "Ukraine renounces NATO membership",
    "territory-2022": "Ukraine cedes the regions that Russia claimed in 2022",
    "western-peacekeepers": "Western peacekeepers deploy in Ukraine",
    "russian-terms": "Any agreement is made on Russia's terms",
    "kursk-withdrawal": "Ukrainian forces leave the Kursk region",
    "moscow-visit": "A US envoy visits Moscow",
}
POSITIONS = [
    ("USA", "ceasefire-30d", "2025-03-11", "support"),
    ("UKR", "ceasefire-30d", "2025-03-11", "support"),
    ("RUS", "ceasefire-30d", "2025-03-11", "oppose"),
    ("USA", "ceasefire-30d", "2025-03-12", "support"),
    ("UKR", "ceasefire-30d", "2025-03-12", "support"),
    ("RUS", "ceasefire-30d", "2025-03-12", "awaiting"),
    ("USA", "full-ceasefire", "2025-03-12", "support"),
    ("RUS", "root-causes-first", "2025-03-12", "support"),
    ("UKR", "security-guarantees", "2025-03-12", "support"),
    ("USA", "us-guarantees", "2025-03-12", "oppose"),
    ("RUS", "nato-renunciation", "2025-03-12", "support"),
    ("RUS", "territory-2022", "2025-03-12", "support"),
    ("RUS", "western-peacekeepers", "2025-03-12", "oppose"),
    ("RUS", "russian-terms", "2025-03-12", "support"),
    ("UKR", "kursk-withdrawal", "2025-03-12", "support"),
]


def row(ledger: Ledger, party: str, issue: str, as_of: str | None = LATEST) -> Position:
    """Return a position that is there."""
    found = ledger.position(party, issue, as_of=as_of)
    assert found is not None
    return found


@pytest.mark.parametrize(("issue", "proposition"), PROPOSITIONS.items())
def test_every_issue_is_open(ceasefire: Ledger, issue: str, proposition: str) -> None:
    """Each issue of the negotiation is open under its id, with its proposition."""
    assert {found["issue"]: found["proposition"] for found in ceasefire.issues()}[issue] == proposition


@pytest.mark.parametrize(("party", "issue", "as_of", "stance"), POSITIONS)
def test_positions_come_out(ceasefire: Ledger, party: str, issue: str, as_of: str, stance: str) -> None:
    """Each position that the article reports comes out on its day, uncontested and not inherited."""
    found = row(ceasefire, party, issue, as_of)
    assert (found.stance, found.contested, found.inherited_from) == (stance, False, None)


def test_nothing_is_certain_too_early(ceasefire: Ledger) -> None:
    """As of 2025-03-10 Russia's opposition is possible, from one entry, and no position is certain."""
    found = row(ceasefire, "RUS", "ceasefire-30d", "2025-03-10")
    assert (found.stance, found.possible_count) == (None, 1)
    assert [(p.stance, p.said_on) for p in found.possible] == [("oppose", "../2025-03-11")]
    assert [p for p in ceasefire.matrix(as_of="2025-03-10") if p.stance is not None] == []


def test_russia_moved(ceasefire: Ledger) -> None:
    """As of 2025-03-12 Russia awaits details, and the row says that it opposed before."""
    found = row(ceasefire, "RUS", "ceasefire-30d")
    assert (found.stance, found.since, found.value) == ("awaiting", "2025-03-12", None)
    assert found.previous is not None
    assert (found.previous.stance, found.previous.since) == ("oppose", "../2025-03-11")
    assert found.previous.entry == row(ceasefire, "RUS", "ceasefire-30d", "2025-03-11").entry


def test_the_offer_carries_its_condition(ceasefire: Ledger) -> None:
    """Ukraine's offer to discuss guarantees carries the condition that the ceasefire holds, which is open."""
    (condition,) = row(ceasefire, "UKR", "security-guarantees").conditions
    assert "holds for 30 days" in condition.condition
    assert condition.outcome == "open"


def test_the_demand_is_reported(ceasefire: Ledger) -> None:
    """That Ukraine renounce NATO is a demand, and it is reported by others."""
    found = row(ceasefire, "RUS", "nato-renunciation")
    assert found.entry is not None
    event: Any = ceasefire.entry(found.entry).event
    assert (event.act, event.attribution, found.attribution) == ("demand", "reported", "reported")


def test_the_deed_stands_beside_the_words(ceasefire: Ledger) -> None:
    """The withdrawal from Kursk is a coded deed, corroborated by an observer, with the president's words beside it."""
    found = row(ceasefire, "UKR", "kursk-withdrawal")
    assert found.speaker == "Volodymyr Zelenskyy"
    assert found.quote is not None
    assert found.deed is not None
    assert found.deed.bearing == "support"
    deed: Any = ceasefire.entry(found.deed.entry).event
    assert (deed.coding.scheme, deed.coding.code, deed.coding.mode) == ("PLOVER", "RETREAT", "withdraw")
    (amendment,) = ceasefire.amendments(found.deed.entry)
    event: Any = amendment.event
    assert (amendment.type, event.observer) == ("entry-corroborated", "Ruslan Leviev")
    (observer,) = [one for one in ceasefire.speakers() if one["name"] == event.observer]
    assert observer["party"] is None


def test_the_visit_is_on_the_agenda(ceasefire: Ledger) -> None:
    """The envoy's visit to Moscow is scheduled for later that week, and is no position."""
    (item,) = ceasefire.agenda()
    event: Any = item.scheduled.event
    assert (event.party, event.issue, event.occurs_on) == ("USA", "moscow-visit", "2025-03-13/2025-03-16")
    assert item.status == "scheduled"
    assert ceasefire.position("USA", "moscow-visit") is None


def test_both_scopes_are_kept(ceasefire: Ledger) -> None:
    """The pause in the air and at sea and the full ceasefire are two issues, and the United States backs both."""
    words = {row(ceasefire, "USA", issue).text for issue in ("ceasefire-30d", "full-ceasefire")}
    assert len(words) == 2
    assert "air" in PROPOSITIONS["ceasefire-30d"]


@pytest.mark.parametrize(
    ("name", "party"),
    [("Kremlin", "RUS"), ("Moscow", "RUS"), ("Washington", "USA"), ("Kyiv", "UKR"), ("kremlin", "RUS"), ("rus", "RUS")],
)
def test_names_resolve(ceasefire: Ledger, name: str, party: str) -> None:
    """The names that people use stand for the party, however they are written."""
    assert ceasefire.party(name) == party


def test_parties_are_the_four(ceasefire: Ledger) -> None:
    """The parties are the United States, Ukraine, Russia and Europe; nobody who only observes is one."""
    assert [found["party"] for found in ceasefire.parties()] == ["EUR", "RUS", "UKR", "USA"]


def test_nobody_is_a_former_president(ceasefire: Ledger) -> None:
    """The article's slip is not repeated: no role and no name in the registry says former."""
    registry = [*ceasefire.parties(), *ceasefire.issues(), *ceasefire.sources(), *ceasefire.speakers()]
    assert "former" not in json.dumps(registry).lower()
    assert {s["role"] for s in ceasefire.speakers() if s["name"] == "Donald Trump"} == {"President"}


def test_every_speaker_is_registered(ceasefire: Ledger) -> None:
    """No statement of the dossier names a speaker whom nobody registered."""
    assert ceasefire.speakers(unresolved=True) == []


def test_imported_twice_it_is_silent(sample: Door) -> None:
    """The dossier imported again says that all of it is there, and appends nothing."""
    said = sample.ok("import --json", str(sample_path(SAMPLE))).json
    assert (said["new"], said["already"], said["repeated"], said["first"]) == (0, said["rows"], 0, None)
    assert sample.ok("status --json").json["head"]["entry"] == said["rows"]


def drafts() -> list[dict[str, Any]]:
    """Read the dossier's drafts."""
    return [json.loads(line) for line in sample_path(SAMPLE).read_bytes().splitlines()]


def beside_the_article(folder: Path, given: list[dict[str, Any]]) -> Path:
    """Write a dossier beside the article, whose source names it as its snapshot."""
    if not ARTICLE.is_file():
        pytest.skip("the article is not here: ../shared/seed/article.txt")
    shutil.copyfile(ARTICLE, folder / "article.txt")
    for draft in given:
        if draft["type"] == "source-registered":
            draft["snapshot"] = "article.txt"
    path = folder / "dossier.jsonl"
    path.write_text("".join(json.dumps(draft) + "\n" for draft in given), encoding="utf-8")
    return path


def test_without_the_article_quotes_count_as_unchecked(door: Door) -> None:
    """Where the article is not at hand, the report counts every quote as unchecked."""
    door.ok("init")
    quotes = sum("quote" in draft for draft in drafts())
    assert door.ok("import --json", str(sample_path(SAMPLE))).json["notes"] == {"quotes_unchecked": quotes}


def test_with_the_article_quotes_are_checked(door: Door, tmp_path: Path) -> None:
    """Where the article is kept as a snapshot, every quote is compared with it and none counts as unchecked."""
    dossier = beside_the_article(tmp_path, drafts())
    door.ok("init")
    said = door.ok("import --json", str(dossier)).json
    assert (said["new"], said["refused_count"], said["notes"]) == (len(drafts()), 0, {})


def test_a_quote_that_is_not_in_the_article_is_refused(door: Door, tmp_path: Path) -> None:
    """Where the article is kept as a snapshot, words that it does not hold are refused on their line."""
    given = drafts()
    line, draft = next((n, d) for n, d in enumerate(given, 1) if "quote" in d)
    draft["quote"] = {"exact": "root cases"}
    dossier = beside_the_article(tmp_path, given)
    door.ok("init")
    said = door("import --json", str(dossier))
    assert said.code == 1
    assert [(r["line"], r["reason"]) for r in said.json["refused"]] == [
        (line, "the quote is not in its source: “root cases”")
    ]
    assert door.ok("status --json").json["head"]["entry"] == 0
