"""Real positions on real issues: seventy-five years of votes in the General Assembly of the United Nations.

Countries are parties, roll calls are issues, and a vote is a statement: yes is `support`, no `oppose`, and abstaining
`uncommitted`.  Who was absent has no row in the data, and no position.

What is imported, and how, is said in `ledger.importers.unga`; here its result is held against the data.

- An issue is named by the key of the data, as in `unga/rcid-5309`: the number of a resolution is not always known, and
  203 resolutions have several roll calls.  The proposition is that the resolution be adopted, or the part voted on.
- `said_on` is the day of the roll call, as the data have it.
- A party's id is the ISO code of three letters that a published list gives to the name, but for states that ended.
- "Russia" is one name throughout the data.  Until 1991-12-25 it means the Soviet Union, `SUN`: a dated alias says so,
  and no vote has to be renamed.

The data lie outside of the project: `../shared/data/unga`.  Whoever lacks them sees these tests skipped.
"""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter
from functools import cache
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from benchmarks.stage import in_own_process
from projections.json_rows import digest
from verbale import Ledger
from verbale.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VOTES = Path(__file__).resolve().parents[2] / "shared" / "data" / "unga" / "unga_votes_joined.csv.gz"
CODES = VOTES.parents[1] / "vocab" / "countrycode_codelist.csv"
pytestmark = pytest.mark.skipif(not VOTES.exists(), reason="the votes are not here: ../shared/data/unga")

STANCES = {"yes": "support", "abstain": "uncommitted", "no": "oppose"}
PART = 27_994
"""The votes of sessions 68 and 74, and of one roll call of 1980."""
EVERY = 31
"""Of all roll calls one in so many is asked for by itself, each party's vote held against the data."""
CRIMEA_2014, CRIMEA_2019, NATURE_1980 = "unga/rcid-5309", "unga/rcid-9111", "unga/rcid-2095"
"""Resolutions 68/262, 74/168 and 35/8."""


class Vote(NamedTuple):
    """One row of the data, as far as it is needed."""

    rcid: str
    country: str
    vote: str
    session: str
    date: str
    resolution: str
    title: str
    about: str
    """Codes of what it is about, as in `di|nu`."""

    @property
    def issue(self) -> str:
        """The issue that the roll call is."""
        return f"unga/rcid-{self.rcid}"

    @property
    def party(self) -> str:
        """The party that cast it."""
        if self.country == "Russia":
            return "SUN" if self.date <= "1991-12-25" else "RUS"
        return ENDED.get(self.country) or codes()[self.country]


ENDED = {
    "Czechoslovakia": "CSK",
    "Federal Republic of Germany": "GFR",
    "German Democratic Republic": "DDR",
    "Yemen Arab Republic": "YAR",
    "Yemen People's Republic": "YMD",
    "Yugoslavia": "YUG",
    "Zanzibar": "ZAN",
}


@cache
def codes() -> dict[str, str]:
    """Return the ISO code of each country by the name that the data have for it, as another list gives it."""
    with CODES.open(encoding="utf-8", newline="") as file:
        return {row["country.name.en"]: row["iso3c"] for row in csv.DictReader(file)}


def votes() -> Iterator[Vote]:
    """Yield the rows, which the data keep together by roll call, in the order of their days."""
    with gzip.open(VOTES, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for rcid, country, _, vote, session, date, resolution, title, _, about in rows:
            yield Vote(rcid, country, vote, session, date, resolution, title, about)


def written(cast: Iterable[Vote], folder: Path) -> Path:
    """Write votes into a file, as the data have them."""
    path = folder / "votes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["rcid", "country", "vote", "session", "date", "unres", "short", "issues"])
        rows.writerows(cast)
    return path


def recorded(folder: Path, cast: Iterable[Vote]) -> Ledger:
    """Return a ledger of votes."""
    place = Place(folder / "ledger.db")
    Ledger.create(place)
    ledger = Ledger(place, recorded_by="test")
    report = ledger.import_file(written(cast, folder))
    assert (report.new, report.entries) == (report.rows, ledger.head), report.refused
    return ledger


def tally(ledger: Ledger, issue: str, known: str | None = None, as_of: str | None = None) -> dict[str | None, int]:
    """Return how many parties have each stance on an issue."""
    return Counter(row.stance for row in ledger.matrix(issue=issue, as_of=as_of, as_known_at=known))


def tally_of(votes_cast: Counter[tuple[str, str]]) -> Counter[str]:
    """Return how often each stance was taken, whatever the issue."""
    found = Counter[str]()
    for (_, stance), count in votes_cast.items():
        found[stance] += count
    return found


def as_cast(together: Iterable[Vote]) -> dict[str, str | None]:
    """Return the stance of each party, as the data have it."""
    return {vote.party: STANCES[vote.vote] for vote in together}


def as_told(ledger: Ledger, issue: str) -> dict[str, str | None]:
    """Return the stance of each party, as the ledger has it."""
    return {row.party: row.stance for row in ledger.matrix(issue=issue)}


def latest_on(ledger: Ledger, issues: set[str], as_of: str) -> dict[str | None, int]:
    """Return how many states took each stance when they last voted on some issues, Russia as the union's successor."""
    last: dict[str, tuple[str, int, str | None]] = {}
    for row in ledger.matrix(as_of=as_of):
        if row.issue in issues:
            state = "RUS" if row.party == "SUN" else row.party
            cast_vote = (row.since or "", int(row.issue.rpartition("-")[2]), row.stance)
            last[state] = max(last.get(state, cast_vote), cast_vote)
    return Counter(stance for _, _, stance in last.values())


@pytest.fixture(scope="module")
def cast() -> list[Vote]:
    """Return the votes that the everyday tests record: two sessions with the resolutions on Crimea, and one of 1980."""
    return [vote for vote in votes() if vote.session in {"68.0", "74.0"} or vote.issue == NATURE_1980]


@pytest.fixture(scope="module")
def part(cast: list[Vote], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """Record them; nobody adds to the ledger."""
    with recorded(tmp_path_factory.mktemp("unga"), cast) as ledger:
        yield ledger


def test_tallies_are_those_of_the_record(part: Ledger) -> None:
    """100 for, 11 against, 58 abstained on resolution 68/262; 65, 23 and 83 on 74/168."""
    assert tally(part, CRIMEA_2014) == {"support": 100, "oppose": 11, "uncommitted": 58}
    assert tally(part, CRIMEA_2019) == {"support": 65, "oppose": 23, "uncommitted": 83}


def test_every_party_on_every_roll_call(part: Ledger, cast: list[Vote]) -> None:
    """All the votes of the part are positions, each of its party on its roll call, and there are no others."""
    for issue, together in groupby(cast, attrgetter("issue")):
        assert as_told(part, issue) == as_cast(together)
    assert len(cast) == PART == len(part.matrix())


def test_a_position_says_when_and_on_what_evidence(part: Ledger) -> None:
    """A single position, asked for by the country's name, is the row of the matrix."""
    row = part.position("Ukraine", CRIMEA_2014)
    assert row is not None
    assert (row.party, row.stance, row.value, row.since) == ("UKR", "support", 2, "2014-03-27")
    assert (row.text, row.contested, row.previous) == ("Ukraine voted yes", False, None)
    assert row in part.matrix(issue=CRIMEA_2014)
    assert part.position("Iran", CRIMEA_2014) is None  # absent


def test_nobody_has_voted_before_the_day(part: Ledger) -> None:
    """As of the day before a roll call there is no position on it; as of the day itself all are there."""
    assert tally(part, CRIMEA_2014, as_of="2014-03-26") == {}
    assert tally(part, CRIMEA_2014, as_of="2014-03-27") == tally(part, CRIMEA_2014)
    assert tally(part, CRIMEA_2014, as_of="2014-03-27T14:00Z") == {None: 169}  # possible, and no more
    assert part.position("Brazil", CRIMEA_2014, as_of="2014-03-26") is None


def test_nobody_is_known_to_have_voted_before_it_is_recorded(part: Ledger) -> None:
    """As known half-way through a roll call, the votes up to there are known, and no later one."""
    rows = list(part.matrix(issue=CRIMEA_2019))
    entries = sorted(row.entry for row in rows if row.entry is not None)
    half = entries[:80]
    known = f"e{half[-1]}"
    assert sorted(row.entry or 0 for row in part.matrix(issue=CRIMEA_2019, as_known_at=known)) == half
    assert tally(part, CRIMEA_2014, known) == tally(part, CRIMEA_2014)
    last = max(rows, key=lambda row: row.entry or 0)
    assert part.position(last.party, CRIMEA_2019, as_known_at=known) is None
    assert part.position(last.party, CRIMEA_2019) == last


def test_russia_meant_the_soviet_union_in_1980(part: Ledger) -> None:
    """A vote under the name "Russia" is the Soviet Union's in 1980 and Russia's in 2014; a question is read alike."""
    soviet, russian = part.position("SUN", NATURE_1980), part.position("RUS", CRIMEA_2014)
    assert soviet is not None
    assert russian is not None
    assert (soviet.party, soviet.stance, soviet.text) == ("SUN", "support", "Russia voted yes")
    assert (russian.party, russian.stance, russian.text) == ("RUS", "oppose", "Russia voted no")
    assert part.position("Russia", NATURE_1980, as_of="1980-12-31") == soviet
    assert part.position("Russia", CRIMEA_2014) == russian
    assert part.position("Russia", CRIMEA_2014, as_of="2014-12-31") == russian


def test_a_successor_inherits_no_vote(part: Ledger) -> None:
    """That Russia came after the Soviet Union is known, and gives it none of its votes."""
    assert part.position("Russia", NATURE_1980) is None
    assert [row.party for row in part.matrix("SUN")] == ["SUN"]
    assert {row.issue for row in part.matrix("RUS")}.isdisjoint({NATURE_1980})


def test_a_corrected_vote_moves_the_tally_and_the_old_one_stays_known(cast: list[Vote], tmp_path: Path) -> None:
    """Who corrects a vote gets another tally; as known before, it is the one that was read out."""
    with recorded(tmp_path, (vote for vote in cast if vote.issue == CRIMEA_2014)) as ledger:
        read_out = f"e{ledger.head}"
        row = ledger.position("Brazil", CRIMEA_2014)
        assert row is not None
        assert row.entry is not None
        corrected = ledger.correct(row.entry, {"stance": "support"}, "What if: a correction of this test's own")
        assert corrected.before == row
        assert tally(ledger, CRIMEA_2014) == {"support": 101, "oppose": 11, "uncommitted": 57}
        for known in (read_out, f"e{corrected.entry - 1}"):
            assert tally(ledger, CRIMEA_2014, known)["support"] == 100
        ledger.undo(corrected.entry)
        assert tally(ledger, CRIMEA_2014) == tally(ledger, CRIMEA_2014, read_out)


@pytest.mark.torture
def test_every_vote_since_1946(tmp_path: Path) -> None:
    """All 870,109 votes are recorded, each of the 6,203 tallies is the data's, a replay gives the same positions."""
    place = Place(tmp_path / "ledger.db")
    began = time.perf_counter()
    peak = in_own_process("import", VOTES, place)
    told("870,109 votes recorded, views in step", began, f", in a process whose memory peaked at {peak:.0f} MB")
    with Ledger(place) as ledger:
        count = ledger.head
        assert count == 870_109 + 6_203 + 201 + 1 + 3 + 12  # roll calls, states, the source, split names, successions
        began = time.perf_counter()
        read_out = Counter((vote.issue, STANCES[vote.vote]) for vote in votes())
        assert Counter((row.issue, row.stance) for row in ledger.matrix()) == read_out
        assert read_out.total() == 870_109
        assert len({issue for issue, _ in read_out}) == 6_203
        assert tally_of(read_out) == {"support": 693_664, "uncommitted": 110_897, "oppose": 65_548}
        told("the whole matrix, tallied", began)
        began, asked = time.perf_counter(), 0
        for issue, together in islice(groupby(votes(), attrgetter("issue")), 0, None, EVERY):
            assert as_told(ledger, issue) == as_cast(together)
            asked += 1
        told(f"{asked} roll calls asked for one by one", began)
        nuclear = {vote.issue for vote in votes() if "nu" in vote.about.split("|")}
        assert latest_on(ledger, nuclear, "1990-12-31") == {"support": 113, "oppose": 28, "uncommitted": 21}
        assert latest_on(ledger, nuclear, "2019-12-31") == {"support": 167, "oppose": 8, "uncommitted": 24}
        assert len(ledger.parties()) == 201  # 200 countries, and the Soviet Union
        began = time.perf_counter()
        replayed = ledger.replay()
        told("replayed in memory", began)
        assert replayed.equals_views
        assert (replayed.entries, replayed.root) == (count, ledger.root())
        began = time.perf_counter()
        again = Place(tmp_path / "again.db")
        Ledger.create(again)
        exported = tmp_path / "journal.jsonl"
        with exported.open("wb") as file:
            file.writelines(ledger.export_journal())
    with Ledger(again) as other, exported.open("rb") as file:
        assert other.replay_file(file) == count
        assert other.root() == replayed.root
        assert digest(other.matrix()) == replayed.positions
        told("exported, and replayed into another ledger", began)


def told(what: str, began: float, more: str = "") -> None:
    """Print how long something took; `make torture ARGS=-s` shows it."""
    print(f"{what}: {time.perf_counter() - began:,.0f} s{more}")  # noqa: T201  figures, for who asks to see them
