"""Whole commands on short ledgers: every word that they say, on stdout and stderr, and the exit code.

With `VERBALE_UPDATE=1` they are rewritten from what the commands say; read the difference before you keep it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verbale.terminal.style import columns

if TYPE_CHECKING:
    from tests.verbale.doors import Door


def test_from_nothing_to_a_position(door: Door) -> None:
    """A new ledger says what comes next, each mutation what it did, and an answer names both clocks."""
    door.transcript(
        """
        $ verbale init
        2> Made .verbale/ledger.db.
        2> Its signing key is yours alone, and lies elsewhere: verbale key list
        2> Next: verbale party add RUS "Russia" --kind state
        $ verbale matrix
        no bound in time · nothing recorded

        No positions.
        $ verbale status
        .verbale/ledger.db · no entries · nothing recorded
        0 parties, 0 issues, 0 sources
        Ledger id a3cc345a-83a8-5d40-bf45-7bd14185a57c
        Key verbale/main-00000001+482b1933+AYeSxwm8FQdIMtxVWRboObNKerxFqHDOqXxehqRNTHD4
        No checkpoint yet
        $ verbale party add RUS "Russia" --kind state --alias Kremlin --alias Moscow --code iso3:RUS
        Recorded e1: party RUS
        $ verbale issue add ceasefire-30d "A 30-day ceasefire takes effect"
        Recorded e2: issue ceasefire-30d
        $ verbale source add reuters-0312 --title "Kremlin awaits details" --published-at 2025-03-12T09:00Z
        Recorded e3: source reuters-0312
        Undo with: verbale undo e3
        $ verbale speaker add "D. Peskov" RUS --role "Kremlin spokesman"
        Recorded e4: speaker D. Peskov
        Undo with: verbale undo e4
        $ verbale record statement Kremlin ceasefire-30d oppose -m "No to pauses" --said-on ../2025-03-11
        Recorded e5: statement, RUS on ceasefire-30d
        Position: · → oppose, since ../2025-03-11
        Undo with: verbale undo e5
        $ verbale record statement Kremlin ceasefire-30d awaiting -m "Russia awaits word" --said-on 2025-03-12 --by anna
        Recorded e6: statement, RUS on ceasefire-30d
        Position: oppose → awaiting, since 2025-03-12
        Undo with: verbale undo e6
        $ verbale show Moscow ceasefire-30d --as-of 2025-03-12
        as of 2025-03-12 · as known at e6, recorded 2026-11-23 09:12 UTC

        Russia (RUS) on ceasefire-30d
           A 30-day ceasefire takes effect
        …  awaiting  since 2025-03-12 (under a day)
           e6 Russia awaits word (paraphrase)
           before: −− oppose, since ../2025-03-11 (e5)
        $ verbale status
        .verbale/ledger.db · 6 entries (e1–e6) · last 2026-11-23 09:12:00 UTC
        1 party, 1 issue, 1 source
        Ledger id a3cc345a-83a8-5d40-bf45-7bd14185a57c
        Key verbale/main-00000001+482b1933+AYeSxwm8FQdIMtxVWRboObNKerxFqHDOqXxehqRNTHD4
        No checkpoint yet
        """
    )


SMALL = """
$ verbale init -q
$ verbale party add RUS Russia --alias Kremlin
$ verbale party add UKR Ukraine --alias Kyiv
$ verbale issue add pause "A pause of 30 days takes effect"
$ verbale record statement RUS pause oppose -m "No to pauses" --said-on ../2025-03-10
$ verbale record statement UKR pause support -m "Kyiv agrees" --said-on 2025-03-11 --quote "We accept." --credibility B2
"""


@pytest.fixture
def small(door: Door) -> Door:
    """Hold a ledger of two parties and two statements, recorded at 2026-11-23 09:12 UTC."""
    for line in SMALL.strip().splitlines():
        door.ok(line.removeprefix("$ verbale "))
    return door


def test_amendments_say_what_they_did(small: Door) -> None:
    """A correction, a dispute, a corroboration, a retraction and their undoing say what moved and the way back."""
    small.transcript(
        """
        @ 2026-11-24T10:00:00Z
        $ verbale correct e4 --set stance=reserved --set said_on=2025-03-09 --reason "misread"
        Recorded e6: corrects e4, RUS on pause
        Now reads: stance reserved, said_on 2025-03-09
        Position: oppose → reserved, since 2025-03-09
        Undo with: verbale undo e6
        $ verbale undo e6
        Recorded e7: retracts e6, RUS on pause
        Position: reserved → oppose, since ../2025-03-10
        Undo with: verbale undo e7
        $ verbale dispute e5 --reason "said by nobody"
        Recorded e8: disputes e5, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e8
        $ verbale corroborate e5 --observer "A monitor" -m "heard it too"
        Recorded e9: corroborates e5, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e9
        $ verbale retract e5 --reason "wrong party"
        Recorded e10: retracts e5, UKR on pause
        Position: support → ·
        Undo with: verbale undo e10
        $ verbale retract e5 --reason "wrong party"
        2> Error: e5 is retracted by e10.
        2> Hint: bring it back with: verbale undo e10
        [1]
        $ verbale undo e10
        Recorded e11: retracts e10, UKR on pause
        Position: · → support, since 2025-03-11, contested
        Undo with: verbale undo e11
        $ verbale undo e8
        Recorded e12: retracts e8, UKR on pause
        Position: support, unchanged
        Undo with: verbale undo e12
        """
    )


def test_the_same_draft_again(small: Door) -> None:
    """The same draft again answers with the entry that has it, and with its retraction where it has one."""
    small.transcript(
        """
        $ verbale record statement Kremlin pause oppose -m "No to pauses" --said-on ../2025-03-10
        Nothing new: already e4 (statement, RUS on pause)
        $ verbale retract e4 --reason "not his words"
        Recorded e6: retracts e4, RUS on pause
        Position: oppose → ·
        Undo with: verbale undo e6
        $ verbale record statement Kremlin pause oppose -m "No to pauses" --said-on ../2025-03-10
        Nothing new: already e4, retracted by e6 (statement, RUS on pause)
        $ verbale party add RUS Russia --alias Kremlin
        Nothing new: already e1 (party RUS)
        """
    )


def test_deeds_and_dates_ahead(small: Door) -> None:
    """A deed moves no words, what is scheduled moves nothing, and a statement cannot be of tomorrow."""
    small.transcript(
        """
        $ verbale record action UKR pause -m "Guns fall silent" --occurred-on 2025-03-12 --bearing support --place Kursk
        Recorded e6: action, UKR on pause
        Position: support, unchanged; deed: support, on 2025-03-12
        Undo with: verbale undo e6
        $ verbale record action RUS pause -m "Shells fall" --occurred-on 2025-03-12
        Recorded e7: action, RUS on pause
        Position: oppose, unchanged; deed: no bearing said, on 2025-03-12
        Undo with: verbale undo e7
        $ verbale issue add talks "The parties talk"
        Recorded e8: issue talks
        $ verbale record scheduled UKR talks -m "A meeting in Jeddah" --occurs-on 2026-12-01 --place Jeddah
        Recorded e9: scheduled event, UKR on talks
        Position: none in words
        Undo with: verbale undo e9
        $ verbale record statement UKR talks support -m "We came" --said-on 2026-12-01
        2> Error: said_on 2026-12-01 is in the future.
        2> Hint: announce it with: verbale record scheduled UKR talks
        [1]
        $ verbale record statement UKR talks support -m "We shall come" --said-on 2026-11-23 --fulfils e9
        Recorded e10: statement, UKR on talks
        Position: · → support, since 2026-11-23
        Undo with: verbale undo e10
        $ verbale agenda
        no bound in time · as known at e10, recorded 2026-11-23 09:12 UTC

        2026-12-01  UKR on talks, Jeddah  [fulfilled by e10]
           e9 A meeting in Jeddah
        $ verbale show UKR
        no bound in time · as known at e10, recorded 2026-11-23 09:12 UTC

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        ++ support  since 2025-03-11
           e5 Kyiv agrees (direct, B2)
              “We accept.”
           deed: ++ support, on 2025-03-12
              e6 Guns fall silent

        Ukraine (UKR) on talks
           The parties talk
        ++ support  since 2026-11-23
           e10 We shall come (paraphrase)
        """
    )


def test_two_clocks(small: Door) -> None:
    """What was recorded late changes what is known, not what was known; diff, when and log say so."""
    small.transcript(
        """
        @ 2026-11-24T10:00:00Z
        $ verbale record statement Kremlin pause awaiting -m "Moscow awaits details" --said-on 2025-03-12
        Recorded e6: statement, RUS on pause
        Position: oppose → awaiting, since 2025-03-12
        Undo with: verbale undo e6
        $ verbale matrix
        no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

               RUS          UKR
        pause  …  awaiting  ++ support
               2025-03-12   2025-03-11

        ++ support, … awaiting
        · no evidence
        $ verbale matrix --as-known-at 2026-11-23
        no bound in time · as known at e5, recorded 2026-11-23 09:12 UTC

               RUS            UKR
        pause  −− oppose      ++ support
               ../2025-03-10  2025-03-11

        −− oppose, ++ support
        · no evidence
        $ verbale matrix --as-of 2025-03-10
        as of 2025-03-10 · as known at e6, recorded 2026-11-24 10:00 UTC

               RUS
        pause  −− oppose
               ../2025-03-10

        −− oppose
        · no evidence
        $ verbale diff 2025-03-10 2025-03-12
        before  as of 2025-03-10 · as known at e6, recorded 2026-11-24 10:00 UTC
        after   as of 2025-03-12 · as known at e6, recorded 2026-11-24 10:00 UTC

        party  issue  before        after       by
        RUS    pause  −− oppose  →  … awaiting  e6
        UKR    pause  ·          →  ++ support  e5
        $ verbale diff --known-from e5
        before  no bound in time · as known at e5, recorded 2026-11-23 09:12 UTC
        after   no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        party  issue  before        after       by
        RUS    pause  −− oppose  →  … awaiting  e6
        $ verbale diff --known-from e5 --exit-code -q
        before  no bound in time · as known at e5, recorded 2026-11-23 09:12 UTC
        after   no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        party  issue  before        after       by
        RUS    pause  −− oppose  →  … awaiting  e6
        [10]
        $ verbale when RUS pause
        no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        RUS on pause
        from           stance      entry  the ledger has read so since
        ../2025-03-10  −− oppose   e4     2026-11-23 09:12 UTC
        2025-03-12     … awaiting  e6     2026-11-24 10:00 UTC
        $ verbale log --as-of 2025-03-11
        as of 2025-03-11 · as known at e6, recorded 2026-11-24 10:00 UTC

        e4  ../2025-03-10  statement  RUS on pause  −− oppose
            No to pauses
        e5  2025-03-11  statement  UKR on pause  ++ support
            Kyiv agrees
        $ verbale show RUS pause --as-of 2025-03-09
        as of 2025-03-09 · as known at e6, recorded 2026-11-24 10:00 UTC

        Russia (RUS) on pause
           A pause of 30 days takes effect
        ·  no position in words
           possible by then, not certain: oppose ../2025-03-10 (e4)
        """
    )


def test_why_tells_all_sides(small: Door) -> None:
    """Why lists what counts, what stands against it, what was set aside and what may have been said."""
    small.transcript(
        """
        $ verbale record statement UKR pause conditional -m "Perhaps" --said-on 2025-03 --condition "the sky is quiet"
        Recorded e6: statement, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e6
        $ verbale record statement UKR pause oppose -m "Never" --said-on 2025-02-01
        Recorded e7: statement, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e7
        $ verbale retract e7 --reason "a fake"
        Recorded e8: retracts e7, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e8
        $ verbale dispute e5 --reason "out of context"
        Recorded e9: disputes e5, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e9
        $ verbale corroborate e5 --observer "A monitor"
        Recorded e10: corroborates e5, UKR on pause
        Position: support, unchanged, contested
        Undo with: verbale undo e10
        $ verbale correct e5 --set credibility=A1 --reason "seen on film"
        Recorded e11: corrects e5, UKR on pause
        Now reads: credibility A1
        Position: support, unchanged, contested
        Note: A1 is “confirmed by other sources”, which takes 2 independent ones; it has 1: A monitor (e10)
        Undo with: verbale undo e11
        $ verbale why UKR pause
        no bound in time · as known at e11, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        ++ support  since 2025-03-11  ! contested by e6, e9
           before: + conditional, since 2025-03 (e6)

        counts
           e5 statement 2025-03-11 ++ Kyiv agrees [disputed]
              “We accept.”
              direct, A1
              recorded 2026-11-23 09:12 UTC
              disputed by e9: out of context
              corroborated by e10: A monitor
              corrected by e11: credibility → A1 (seen on film)
              A1 is “confirmed by other sources”, which takes 2 independent ones; it has
                 1: A monitor (e10)

        against
           e6 statement 2025-03 + Perhaps
              paraphrase
              recorded 2026-11-23 09:12 UTC · no source
           e9 disputes e5: out of context
              recorded 2026-11-23 09:12 UTC

        set aside
           e7 retracted by e8: a fake
        $ verbale why UKR pause --as-of 2025-03-11
        as of 2025-03-11 · as known at e11, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        ++ support  since 2025-03-11 (under a day)  ! contested by e9
           possible by then, not certain: conditional 2025-03 (e6)

        counts
           e5 statement 2025-03-11 ++ Kyiv agrees [disputed]
              “We accept.”
              direct, A1
              recorded 2026-11-23 09:12 UTC
              disputed by e9: out of context
              corroborated by e10: A monitor
              corrected by e11: credibility → A1 (seen on film)
              A1 is “confirmed by other sources”, which takes 2 independent ones; it has
                 1: A monitor (e10)

        against
           e9 disputes e5: out of context
              recorded 2026-11-23 09:12 UTC

        possible
           e6 statement 2025-03 + Perhaps
              paraphrase
              recorded 2026-11-23 09:12 UTC · no source

        set aside
           e7 retracted by e8: a fake
        $ verbale why RUS pause --as-of 2025-03-05
        as of 2025-03-05 · as known at e11, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Russia (RUS) on pause
           A pause of 30 days takes effect
        ·  no position in words
           possible by then, not certain: oppose ../2025-03-10 (e4)

        possible
           e4 statement ../2025-03-10 −− No to pauses
              paraphrase
              recorded 2026-11-23 09:12 UTC · no source
        $ verbale why RUS pause --as-known-at e3
        no bound in time · as known at e3, recorded 2026-11-23 09:12 UTC

        Nothing is known of RUS on pause.
        """
    )


def test_a_timeline_draws_lanes(small: Door) -> None:
    """A timeline has a lane for each party's words and one for its deeds, and the entries below."""
    small.transcript(
        """
        $ verbale record statement RUS pause awaiting -m "Moscow awaits details" --said-on 2025-03-12
        Recorded e6: statement, RUS on pause
        Position: oppose → awaiting, since 2025-03-12
        Undo with: verbale undo e6
        $ verbale record action RUS pause -m "Shells fall" --occurred-on 2025-03-13 --bearing oppose
        Recorded e7: action, RUS on pause
        Position: awaiting, unchanged; deed: oppose, on 2025-03-13
        Undo with: verbale undo e7
        $ verbale record scheduled UKR pause -m "A call" --occurs-on 2025-03-13/2025-03-16
        Recorded e8: scheduled event, UKR on pause
        Position: support, unchanged
        Undo with: verbale undo e8
        $ verbale timeline pause
        no bound in time · as known at e8, recorded 2026-11-23 09:12 UTC

        pause
           A pause of 30 days takes effect

             2025-03-10           2025-03-12           2025-03-14            2025-03-16
        RUS  ‹−−━━━━━━━━━━━━━━━━━━…┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄
                                             ▲−−
        UKR  ··········++━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                                             ◇╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
        line: words, with the sign where they begin; ‹ since when is not known
        ▲ deed, ◇ scheduled

        e4  ../2025-03-10  statement  RUS on pause  −− oppose
            No to pauses
        e5  2025-03-11  statement  UKR on pause  ++ support
            Kyiv agrees
        e6  2025-03-12  statement  RUS on pause  … awaiting
            Moscow awaits details
        e7  2025-03-13  action  RUS on pause  −− oppose
            Shells fall
        e8  2025-03-13/2025-03-16  scheduled event  UKR on pause
            A call
        $ verbale timeline pause --as-known-at e3
        no bound in time · as known at e3, recorded 2026-11-23 09:12 UTC

        pause
           A pause of 30 days takes effect

        Nothing was said or done.
        """
    )


def test_the_journal_travels(small: Door) -> None:
    """An exported journal is replayed into an empty ledger once, and gives the same root and positions there."""
    small.transcript(
        """
        $ verbale export journal -o lines.jsonl
        $ verbale replay
        5 entries · root L9lh+ss2xxhTWHyW5TaPyLkc8XcC3TsJQ1WDoFpXgUw=
        positions ZRlh6DETR6YyS4svb8y/KLghLXYGQffTUohY+CGLk/E=, equal to the views
        $ verbale init --ledger copy.db
        2> Made copy.db.
        2> Its signing key is yours alone, and lies elsewhere: verbale key list
        2> Next: verbale party add RUS "Russia" --kind state
        $ verbale replay lines.jsonl --ledger copy.db
        5 entries · root L9lh+ss2xxhTWHyW5TaPyLkc8XcC3TsJQ1WDoFpXgUw=
        positions ZRlh6DETR6YyS4svb8y/KLghLXYGQffTUohY+CGLk/E=, equal to the views
        2> Recorded 5 entries from lines.jsonl.
        $ verbale replay lines.jsonl --ledger copy.db
        2> Error: the ledger holds 5 entries already.
        2> Hint: replay into an empty one, made with: verbale init --ledger PATH
        [1]
        $ verbale export csv
        2> Error: no format 'csv'.
        2> Hint: verbale export journal -o FILE; or parquet, tiles, html, eventlist, twomode, onemode
        [2]
        """
    )


def test_lists(small: Door) -> None:
    """Lists show what is registered, and an empty one says so."""
    small.transcript(
        """
        $ verbale party list
        id   name     kind   also called
        RUS  Russia   state  Kremlin
        UKR  Ukraine  state  Kyiv
        $ verbale issue list
        id     proposition
        pause  A pause of 30 days takes effect
        $ verbale source list
        No sources yet.
        $ verbale speaker list
        No speakers yet.
        $ verbale record statement RUS pause oppose -m "Never" --said-on 2025-03-11 --speaker "Somebody New"
        Recorded e6: statement, RUS on pause
        Position: oppose, unchanged
        Undo with: verbale undo e6
        $ verbale speaker list --unresolved
        name          party  entries
        Somebody New  RUS    1
        """
    )


def test_what_is_sealed_stays_closed(small: Door) -> None:
    """A sealed remark counts, and its words are shown to nobody but the ledger's holder, in show and why."""
    small.transcript(
        """
        $ verbale record statement RUS pause reserved -m "Perhaps" --said-on 2025-03-12 --speaker "A diplomat" --sealed
        Recorded e6: statement, RUS on pause
        Position: oppose → reserved, since 2025-03-12
        Undo with: verbale undo e6
        $ verbale show RUS pause
        no bound in time · as known at e6, recorded 2026-11-23 09:12 UTC

        Russia (RUS) on pause
           A pause of 30 days takes effect
        −  reserved  since 2025-03-12
           e6 [sealed] A diplomat: Perhaps (paraphrase)
           before: −− oppose, since ../2025-03-10 (e4)
        $ verbale why RUS pause
        no bound in time · as known at e6, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Russia (RUS) on pause
           A pause of 30 days takes effect
        −  reserved  since 2025-03-12
           before: −− oppose, since ../2025-03-10 (e4)

        counts
           e6 statement 2025-03-12 − [sealed] A diplomat: Perhaps
              paraphrase
              recorded 2026-11-23 09:12 UTC · no source

        set aside
           e4 oppose on ../2025-03-10, superseded by e6
        $ verbale log --limit 1
        no bound in time · as known at e6, recorded 2026-11-23 09:12 UTC

        e6  2025-03-12  statement  RUS on pause  − reserved
            [sealed]
        """
    )


HUMAN = [
    "matrix",
    "matrix --as-of 2025-03-12T14:30+03:00",
    "matrix --as-of 2025-03-10",
    "show RUS",
    "show UKR",
    "show USA --as-of 2025-03-12",
    "show ceasefire-30d",
    "show EUR",
    "log",
    "log --as-of 2025-03-11T23:59:59+03:00",
    "agenda --as-of 2025-03-14",
    "status",
    "party list",
    "issue list",
    "source list",
    "speaker list",
    "speaker list --unresolved",
    "diff 2025-03-10 2025-03-12",
    "diff 2025-03-10T00:00+03:00 2025-03-12T14:30:00+03:00",
    "diff --known-from e0",
    "when RUS ceasefire-30d",
    "when UKR us-guarantees",
    "why RUS ceasefire-30d",
    "why UKR kursk-withdrawal --as-of 2025-03-12",
    "why UKR security-guarantees --as-of 2025-03-12T14:30:00+03:00",
    "why UKR us-guarantees",
    "timeline ceasefire-30d",
    "timeline us-ukraine-talks",
    "timeline moscow-visit",
    "timeline security-guarantees",
    "replay",
    "help",
    "help time",
    "help stances",
    "help rules",
    "help exit-codes",
]


@pytest.mark.parametrize("line", HUMAN)
def test_answers_fit_a_terminal(sample: Door, line: str) -> None:
    """No line of an answer for people is wider than 80 columns, or ends in a blank."""
    said = sample.ok(line)
    assert said.out
    assert [found for found in said.out.splitlines() if columns(found) > 80 or found != found.rstrip()] == []
    assert said.err == ""


def test_wide_characters_fit_too(sample: Door) -> None:
    """Characters that take two columns count as two where words are wrapped."""
    words = "停火三十天" * 30 + " and " + "👍" * 50
    sample.ok("record statement RUS ceasefire-30d reserved --said-on 2025-03-13 --quote", words, "-m", words)
    for line in ("show RUS ceasefire-30d", "why RUS ceasefire-30d", "timeline ceasefire-30d", "log --limit 1"):
        said = sample.ok(line)
        assert [found for found in said.out.splitlines() if columns(found) > 80] == []
        assert "".join(said.out.split()).count("停火三十天" * 30) >= 1


def test_parties_merge_join_and_are_told_of(small: Door) -> None:
    """What parties are to each other is recorded in a line, told in a card, and seen in every position."""
    small.transcript(
        """
        $ verbale party add EU "European Union" --kind coalition --alias Brussels
        Recorded e6: party EU
        $ verbale party join UKR EU --from 2025-01-01
        Recorded e7: UKR joins EU from 2025-01-01
        Undo with: verbale undo e7
        $ verbale record statement EU pause support -m "Brussels is for it" --said-on 2025-03-12
        Recorded e8: statement, EU on pause
        Position: · → support, since 2025-03-12
        Undo with: verbale undo e8
        $ verbale show UKR pause
        no bound in time · as known at e8, recorded 2026-11-23 09:12 UTC

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        ++ support  since 2025-03-11
           e5 Kyiv agrees (direct, B2)
              “We accept.”
        $ verbale party add KREM "Kremlin press office" --kind organisation
        Recorded e9: party KREM
        $ verbale party merge KREM --into RUS
        Recorded e10: KREM is merged into RUS
        Undo with: verbale party unmerge KREM
        $ verbale record statement KREM pause declined -m "No comment" --said-on 2025-03-14
        Recorded e11: statement, KREM on pause
        Position: oppose → declined, since 2025-03-14
        Undo with: verbale undo e11
        $ verbale party show KREM
        no bound in time · as known at e11, recorded 2026-11-23 09:12 UTC

        Kremlin press office (KREM), organisation  e9
        merged into  RUS
        Its positions: verbale show KREM
        $ verbale party show RUS
        no bound in time · as known at e11, recorded 2026-11-23 09:12 UTC

        Russia (RUS), state  e1
        holds for    KREM
        also called  Kremlin
        Its positions: verbale show RUS
        $ verbale party unmerge KREM
        Recorded e12: KREM is a party of its own again
        $ verbale party leave UKR EU --until 2025-06-01
        Recorded e13: UKR leaves EU (2025-06-01)
        Undo with: verbale undo e13
        $ verbale party show UKR
        no bound in time · as known at e13, recorded 2026-11-23 09:12 UTC

        Ukraine (UKR), state  e2
        also called  Kyiv
        memberships  joined EU from 2025-01-01 (e7); left EU (2025-06-01) (e13)
        Its positions: verbale show UKR
        $ verbale party rename UKR "Republic of Ukraine"
        Recorded e14: new name UKR
        $ verbale party succeed KREM RUS --from 2025-04
        Recorded e15: KREM is succeeded by RUS from 2025-04
        Undo with: verbale undo e15
        $ verbale log --limit 3
        no bound in time · as known at e15, recorded 2026-11-23 09:12 UTC

        e13  leaves  UKR
             UKR leaves EU (2025-06-01)
        e14  new name  UKR
             Republic of Ukraine
        e15  succession  KREM
             KREM is succeeded by RUS from 2025-04
        $ verbale party leave KREM EU --until 2025
        2> Error: KREM would leave EU, of which it is no member.
        2> Hint: record first: verbale party join KREM EU
        [1]
        """
    )


def test_issues_have_parts_and_are_closed(small: Door) -> None:
    """A part stands below the issue it is a part of, or is folded into a count; closed, it takes what was before."""
    small.transcript(
        """
        $ verbale issue add pause-sea "A pause at sea" --parent pause
        Recorded e6: issue pause-sea
        $ verbale record statement RUS pause-sea support -m "At sea, yes" --said-on 2025-03-12
        Recorded e7: statement, RUS on pause-sea
        Position: · → support, since 2025-03-12
        Undo with: verbale undo e7
        $ verbale matrix
        no bound in time · as known at e7, recorded 2026-11-23 09:12 UTC

                     RUS            UKR
        pause        −− oppose      ++ support
                     ../2025-03-10  2025-03-11
          pause-sea  ++ support     ·
                     2025-03-12

        −− oppose, ++ support
        · no evidence
        $ verbale matrix --fold
        no bound in time · as known at e7, recorded 2026-11-23 09:12 UTC

               RUS                  UKR
        pause  −− oppose            ++ support
               ../2025-03-10 (1++)  2025-03-11

        −− oppose, ++ support
        · no evidence
        (…) the stances on its parts
        $ verbale issue add pause-black-sea "A pause in the Black Sea alone" --parent pause-sea
        Recorded e8: issue pause-black-sea
        $ verbale record statement UKR pause-black-sea oppose -m "Not there" --said-on 2025-03-13
        Recorded e9: statement, UKR on pause-black-sea
        Position: · → oppose, since 2025-03-13
        Undo with: verbale undo e9
        $ verbale matrix --fold --issue pause
        no bound in time · as known at e9, recorded 2026-11-23 09:12 UTC

               RUS                  UKR
        pause  −− oppose            ++ support
               ../2025-03-10 (1++)  2025-03-11 (1−−)

        −− oppose, ++ support
        · no evidence
        (…) the stances on its parts
        $ verbale matrix --fold --issue pause-sea
        no bound in time · as known at e9, recorded 2026-11-23 09:12 UTC

                   RUS         UKR
        pause-sea  ++ support  ·
                   2025-03-12  (1−−)

        −− oppose, ++ support
        · no evidence
        (…) the stances on its parts
        $ verbale issue reword pause-sea "A pause in the Black Sea" --reason "as the text has it"
        Recorded e10: new wording pause-sea
        $ verbale issue close pause-sea --closed-on 2025-05-01 --reason "signed"
        Recorded e11: pause-sea is closed on 2025-05-01
        Undo with: verbale undo e11
        $ verbale issue show pause-sea
        no bound in time · as known at e11, recorded 2026-11-23 09:12 UTC

        pause-sea  e6
           A pause in the Black Sea
        part of      pause
        parts        pause-black-sea
        once worded  A pause at sea
        closed       by e11, on 2025-05-01: signed
        The positions on it: verbale show pause-sea
        $ verbale issue show pause
        no bound in time · as known at e11, recorded 2026-11-23 09:12 UTC

        pause  e3
           A pause of 30 days takes effect
        parts  pause-sea
        The positions on it: verbale show pause
        $ verbale issue list
        id               closed by  part of    proposition
        pause                                  A pause of 30 days takes effect
        pause-black-sea             pause-sea  A pause in the Black Sea alone
        pause-sea        e11        pause      A pause in the Black Sea
        $ verbale record statement RUS pause-sea oppose -m "No more" --said-on 2025-06-01
        2> Error: issue 'pause-sea' was closed on 2025-05-01, before said_on 2025-06-01.
        2> Hint: open another issue for what came after
        [1]
        """
    )


def test_conditions_are_resolved(small: Door) -> None:
    """A condition is met by an entry of its own, and is open before the day on which it was."""
    small.transcript(
        """
        $ verbale record statement UKR pause conditional -m "If dated" --said-on 2025-03-14 --condition "a date"
        Recorded e6: statement, UKR on pause
        Position: support → conditional, since 2025-03-14
        Undo with: verbale undo e6
        $ verbale resolve e6 "a day" met
        2> Error: e6 has no condition 'a day'.
        2> Hint: its conditions: a date
        [1]
        $ verbale resolve e6 "a date" met --resolved-on 2025-03-16 --reason "agreed in Jeddah"
        Recorded e7: resolves e6, UKR on pause
        Position: conditional, unchanged
        Undo with: verbale undo e7
        $ verbale show UKR pause --as-of 2025-03-15
        as of 2025-03-15 · as known at e7, recorded 2026-11-23 09:12 UTC

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        +  conditional  since 2025-03-14 (1 day)
           e6 If dated (paraphrase)
           ◦ if a date (open)
           before: ++ support, since 2025-03-11 (e5)
        $ verbale why UKR pause
        no bound in time · as known at e7, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Ukraine (UKR) on pause
           A pause of 30 days takes effect
        +  conditional  since 2025-03-14
           ◦ if a date (met)
           before: ++ support, since 2025-03-11 (e5)

        counts
           e6 statement 2025-03-14 + If dated
              paraphrase
              recorded 2026-11-23 09:12 UTC · no source
              condition resolved by e7: a date: met, 2025-03-16 (agreed in Jeddah)

        set aside
           e5 support on 2025-03-11, superseded by e6
        """
    )


def test_a_table_loses_nothing(door: Door) -> None:
    """The last column of a list is wrapped where it is too wide, right-to-left text and all; nothing of it is cut."""
    door.ok("init -q")
    for name, words in (("first", "word " * 30 + "end"), ("second", "סוף " * 30 + "end")):
        door.ok(f"issue add {name}", words)
        out = door.ok("issue list").out
        assert " ".join(words.split()) in " ".join(out.replace("\u2068", "").replace("\u2069", "").split())
        assert "\\u" not in out
        assert max(map(columns, out.splitlines())) <= 80


def test_a_search_sets_its_words_off(small: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal that takes colour the words are bold, whatever the text itself holds, and nowhere else."""
    small.ok("record statement RUS pause oppose --said-on 2025-04 -m", "no \ue000marked\ue000 pauses, no more")
    shown = small("search pauses", terminal=True).out
    assert "\x1b[1mpauses\x1b[22m" in shown
    assert all(line.count("\x1b[22m") for line in shown.splitlines() if "\x1b[1m" in line and "\ue000" not in line)
    assert small.ok("search pauses --jsonl").rows[0]["snippet"] == "no marked pauses, no more"
    assert "\x1b" not in small.ok("search pauses").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in small("search pauses", terminal=True).out


def test_searching_asking_citing(small: Door) -> None:
    """A search shows where the words stand, a query a plain table, a citation one line for a footnote."""
    small.transcript(
        """
        @ 2026-11-24T10:00:00Z
        $ verbale correct e5 --set text="Kyiv agrees in full" --reason "the transcript" --by anna
        Recorded e6: corrects e5, UKR on pause
        Now reads: text Kyiv agrees in full
        Position: support, unchanged
        Undo with: verbale undo e6
        $ verbale search "paus* full"
        no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        Nothing has the words: paus* full
        $ verbale search "full" --as-known-at e6
        no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        e5  2025-03-11  statement  UKR on pause  ++ support  [corrected]
            Kyiv agrees in full
        $ verbale search full --as-known-at e5
        no bound in time · as known at e5, recorded 2026-11-23 09:12 UTC

        Nothing has the words: full
        $ verbale search transcript
        no bound in time · as known at e6, recorded 2026-11-24 10:00 UTC

        e6  corrects e5
            the transcript
        $ verbale query "SELECT party, name, entry FROM parties ORDER BY party"
        party  name     entry
        RUS    Russia   1
        UKR    Ukraine  2
        $ verbale query "SELECT entry FROM versions WHERE known_from <= :as_known_at" --as-known-at e4 --json
        {"schema":1,"kind":"query","as_of":null,"as_known_at":{"entry":4,"recorded_at":"2026-11-23T09:12:00.000000Z"},"columns":["entry"],"rows":[{"entry":4}]}
        $ verbale cite UKR pause --as-of 2025-03-12 --no-root
        Ukraine (UKR) on “A pause of 30 days takes effect” (pause): support, since 2025-03-11. e5, 2025-03-11 [corrected]: “We accept.” Verbale ledger main, a3cc345a-83a8-5d40-bf45-7bd14185a57c; as of 2025-03-12; as known at e6, recorded 2026-11-24T10:00:00.000000Z; rule latest/1; verbale 0.1.0.
        $ verbale cite e6 --no-root
        e6, entry-corrected of e5: the transcript. Verbale ledger main, a3cc345a-83a8-5d40-bf45-7bd14185a57c; no bound in time; as known at e6, recorded 2026-11-24T10:00:00.000000Z; rule latest/1; verbale 0.1.0.
        $ verbale cite RUS pause --no-root --bibtex
        @misc{verbale:RUS:pause:at-e6,
          title = {Russia (RUS) on “A pause of 30 days takes effect” (pause): oppose, since ../2025-03-10},
          year = {2025},
          howpublished = {Verbale ledger main, a3cc345a-83a8-5d40-bf45-7bd14185a57c},
          note = {e4, ../2025-03-10: No to pauses. Verbale ledger main, a3cc345a-83a8-5d40-bf45-7bd14185a57c; no bound in time; as known at e6, recorded 2026-11-24T10:00:00.000000Z; rule latest/1; verbale 0.1.0.},
        }
        """  # noqa: E501
    )


def test_positions_are_asserted_and_checked(small: Door) -> None:
    """An assertion is recorded whatever the ledger says, and the doctor tells which do not hold any more."""
    small.transcript(
        """
        $ verbale record assertion UKR pause support --as-of 2025-03-12 --reason "the joint statement"
        Recorded e6: UKR on pause: support as of 2025-03-12
        It holds; verbale doctor asks again
        Undo with: verbale undo e6
        $ verbale record assertion RUS pause --as-of 2024
        Recorded e7: RUS on pause: no position in words as of 2024
        It holds; verbale doctor asks again
        Undo with: verbale undo e7
        $ verbale doctor --json -o checks.json
        $ verbale correct e5 --set stance=conditional --reason "reread"
        Recorded e8: corrects e5, UKR on pause
        Now reads: stance conditional
        Position: support → conditional, since 2025-03-11
        Undo with: verbale undo e8
        $ verbale log --limit 1
        no bound in time · as known at e8, recorded 2026-11-23 09:12 UTC

        e8  corrects e5
            stance → conditional (reread)
        """
    )
    checks = {one["check"]: one for one in small("doctor --json").json["rows"]}
    assert (checks["assertions"]["outcome"], checks["assertions"]["says"]) == ("error", "1 of 2 do not hold")
    (found,) = checks["assertions"]["found"]
    assert found["entries"] == [6]
    assert found["says"] == "e6 asserts UKR on pause as of 2025-03-12: support; the ledger has conditional"
    assert small("doctor").code == 1
    small.ok("undo e6")
    assert small("doctor").code == 0


def test_the_agenda_tells_what_became_of_plans(small: Door) -> None:
    """A plan is fulfilled by what names it, overdue only as of a day after it, and cancelled by a retraction."""
    small.transcript(
        """
        $ verbale record scheduled RUS pause -m "A second call" --occurs-on 2025-03-20
        Recorded e6: scheduled event, RUS on pause
        Position: oppose, unchanged
        Undo with: verbale undo e6
        $ verbale record scheduled RUS pause -m "A summit" --occurs-on 2025-04-01
        Recorded e7: scheduled event, RUS on pause
        Position: oppose, unchanged
        Undo with: verbale undo e7
        $ verbale record statement RUS pause reserved --to UKR -m "Slowly" --said-on 2025-03-20 --fulfils e6 --re e5
        Recorded e8: statement, RUS on pause
        Position: oppose → reserved, since 2025-03-20
        Undo with: verbale undo e8
        $ verbale retract e7 --reason "called off"
        Recorded e9: retracts e7, RUS on pause
        Position: reserved, unchanged
        Undo with: verbale undo e9
        $ verbale agenda
        no bound in time · as known at e9, recorded 2026-11-23 09:12 UTC

        2025-03-20  RUS on pause  [fulfilled by e8]
           e6 A second call
        2025-04-01  RUS on pause  [cancelled]
           e7 A summit
        $ verbale agenda --as-of 2025-03-19
        as of 2025-03-19 · as known at e9, recorded 2026-11-23 09:12 UTC

        2025-03-20  RUS on pause  [scheduled]
           e6 A second call
        2025-04-01  RUS on pause  [cancelled]
           e7 A summit
        $ verbale agenda --as-of 2025-04-02 --as-known-at e7
        as of 2025-04-02 · as known at e7, recorded 2026-11-23 09:12 UTC

        2025-03-20  RUS on pause  [overdue]
           e6 A second call
        2025-04-01  RUS on pause  [overdue]
           e7 A summit
        $ verbale why RUS pause
        no bound in time · as known at e9, recorded 2026-11-23 09:12 UTC
        rule latest/1

        Russia (RUS) on pause
           A pause of 30 days takes effect
        −  reserved  since 2025-03-20
           before: −− oppose, since ../2025-03-10 (e4)

        counts
           e8 statement 2025-03-20 − Slowly
              to UKR, in reply to e5, fulfils e6, paraphrase
              recorded 2026-11-23 09:12 UTC · no source

        set aside
           e4 oppose on ../2025-03-10, superseded by e8
        """
    )


def test_a_name_that_imports_take_otherwise_comes_with_the_way_to_split_it(door: Door) -> None:
    """Beside what an import takes a name for stands whom `record` takes it for, and what makes them agree."""
    door.ok("init -q")
    door.ok("party add RUS Russia -q")
    door.ok('party add SUN "Soviet Union" -q')
    door.ok('issue add i "One takes part" -q')
    *_, words, command = door.ok("party resolve Russia --as-of 1985-01-01").out.splitlines()
    assert words.endswith("until:")
    assert command == "  verbale party alias SUN Russia --until 1991-12-25"
    door.ok(command.removeprefix("  verbale "))
    assert "by    its alias until 1991-12-25" in door.ok("party resolve Russia --as-of 1985-01-01").out
    assert "SUN on i" in door.ok("record statement Russia i support -m x --said-on 1985").out


def test_dyads_are_listed_where_somebody_asks(door: Door) -> None:
    """What data sets open for pairs of parties is hidden as in the matrix, and counted, in words and in JSON alike."""
    door.ok("init -q")
    door.ok('issue add ceasefire "A ceasefire takes effect" -q')
    door.ok('issue add relations/RUS-UKR "Relations between RUS and UKR" -q')
    door.ok('issue add relations/RUS "Relations within RUS" -q')
    hidden = "2 dyads hidden, on which data sets' events bear: --dyads lists them\n"
    for form in ("", "--json", "--csv", "--limit 1"):
        shown = door(f"issue list {form}")
        assert (shown.code, shown.err) == (0, hidden)
        assert "ceasefire" in shown.out
        assert "relations/" not in shown.out
        every = door(f"issue list --dyads {form}")
        assert (every.code, every.err) == (0, "")
    assert door("issue list -q").err == ""
    rows = door.ok("issue list --dyads --json").json["rows"]
    assert [row["issue"] for row in rows] == ["ceasefire", "relations/RUS", "relations/RUS-UKR"]
    assert door.ok("status --json").json["issues"] == 3
