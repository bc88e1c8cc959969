"""Tables in a terminal: what is printed fits, and long ids leave the words their room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from verbale.terminal.style import columns
from verbale.terminal.tables import table

WORD = st.text("abcdefgh-/", min_size=1, max_size=70)


def test_a_long_id_has_a_line_of_its_own() -> None:
    """Where ids would leave less than a third to the words, the long ones stand above theirs."""
    rows = [("a" * 60, "It is so."), ("short", "It is not.")]
    assert table(("id", "proposition"), rows, 80) == (
        f"{'id':<26}  proposition\n{'a' * 60}\n{'':<26}  It is so.\n{'short':<26}  It is not.\n"
    )


@given(rows=st.lists(st.tuples(WORD, st.lists(WORD, min_size=1, max_size=9).map(" ".join)), min_size=1, max_size=5))
def test_every_cell_is_there_and_lines_fit(rows: list[tuple[str, str]]) -> None:
    """Nothing is lost, and no line is wider than the terminal but for a single word that is."""
    printed = table(("id", "proposition"), rows, 80)
    flat = "".join(printed.split())
    for name, words in rows:
        assert name in flat
        assert "".join(words.split()) in flat
    assert all(columns(line) <= 100 for line in printed.splitlines())
