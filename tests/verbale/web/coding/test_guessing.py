"""Who may have spoken, by the names that stand near."""

from __future__ import annotations

import pytest

from verbale.web.coding.guessing import Guess, Speaker, guess

SPEAKERS = (
    Speaker("Dmitry Peskov", "RUS"),
    Speaker("Marco Rubio", "USA"),
    Speaker("Volodymyr Zelenskyy", "UKR"),
    Speaker("Ruslan Leviev", None),
)
NAMES = (("Russia", "RUS"), ("Kremlin", "RUS"), ("Ukraine", "UKR"), ("Ukrainian", "UKR"), ("U.S.", "USA"))


@pytest.mark.parametrize(
    ("text", "mark", "party", "speaker"),
    [
        ("The Kremlin is skeptical, with Dmitry Peskov stating that Russia waits.", None, "RUS", "Dmitry Peskov"),
        ("“We await the Russian response,” stated Rubio.", "“We await the Russian response,”", "USA", "Marco Rubio"),
        ("“Ukraine must yield,” Peskov said.", "“Ukraine must yield,”", "RUS", "Dmitry Peskov"),
        ("Ukraine underscored the necessity of assurances.", None, "UKR", None),
        ("Ruslan Leviev confirmed these observations.", None, None, "Ruslan Leviev"),
        (
            "Zelenskyy stood by his generals, at length. “They do well.”\n\nRubio waits.",
            "“They do well.”",
            "UKR",
            "Volodymyr Zelenskyy",
        ),
        ("Nobody is named here.", None, None, None),
        ("Peskovian rhetoric is no name.", None, None, None),
    ],
)
def test_who_spoke(text: str, mark: str | None, party: str | None, speaker: str | None):
    """Speakers by their last name too; not by a part of a word.  Whom a quote names is not who speaks."""
    start = text.index(mark) if mark else 0
    found = guess(text, start, start + len(mark or text), SPEAKERS, NAMES)
    assert (found.party, found.speaker) == (party, speaker)


def test_a_guess_says_why():
    """What made it is shown beside it."""
    text = "Rubio spoke first. They agreed."
    found = guess(text, text.index("They"), len(text), SPEAKERS, NAMES)
    assert found == Guess("USA", "Marco Rubio", "“Marco Rubio” stands near it")
