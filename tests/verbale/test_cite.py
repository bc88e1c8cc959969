"""A citation names ledger, head, clocks and rule, and can be checked against the journal's own lines."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ledger.transparency.tree import Tree

if TYPE_CHECKING:
    from tests.verbale.doors import Door


def root_of(door: Door, known_at: int) -> str:
    """Compute the root over the first lines of the exported journal."""
    tree = Tree()
    for line in door.ok("export journal").out.encode().split(b"\n")[:known_at]:
        tree.add(line)
    return tree.root_base64()


@pytest.mark.parametrize("known_at", [1, 41, 60])
def test_the_root_is_that_of_the_lines(sample: Door, known_at: int) -> None:
    """The root is RFC 6962's over the journal's lines up to K."""
    found = sample.ok(f"cite --json --as-known-at e{known_at}").json
    assert found["root"] == root_of(sample, known_at)
    assert found["as_known_at"]["entry"] == known_at


def test_an_empty_ledger_can_be_cited(door: Door) -> None:
    """The root of nothing is the hash of nothing."""
    door.ok("init -q")
    found = door.ok("cite --json").json
    assert found["root"] == base64.b64encode(sha256().digest()).decode()
    assert "nothing recorded" in found["text"]


def test_a_position_is_cited_with_what_decides_it(sample: Door) -> None:
    """A position's citation has its row, the deciding entry as it reads, and the source's particulars."""
    sample.ok(
        'source add wire --title "A wire" --publisher Agency --url https://example.org/1 --published-at 2025-03-14'
    )
    sample.ok("record statement RUS ceasefire-30d support -m x --said-on 2025-03-14 --quote Da. --source wire")
    found = sample.ok("cite Kremlin ceasefire-30d --json").json
    (row,) = sample.ok("show RUS ceasefire-30d --json").json["rows"]
    assert found["position"] == row
    assert (found["entry"]["entry"], found["entry"]["status"]) == (62, "counts")
    assert found["source"]["publisher"] == "Agency"
    for words in ("Russia (RUS) on “A 30-day ceasefire", "support, since 2025-03-14", "e62", "“Da.”", "A wire, Agency"):
        assert words in found["text"]
    for words in ("published 2025-03-14", "https://example.org/1", "as known at e62", "rule latest/1", found["root"]):
        assert words in found["text"]
    assert sample.ok("cite Kremlin ceasefire-30d").out == found["text"] + "\n"


def test_the_clocks_are_those_asked_for(sample: Door) -> None:
    """A citation is of the moment that was asked about, and says so."""
    text = sample.ok("cite RUS ceasefire-30d --as-of 2025-03-11 --as-known-at e40").out
    assert "oppose" in text
    assert "as of 2025-03-11; as known at e40, recorded 2026-11-23T09:12:00.000000Z" in text
    assert "no position in words" in sample.ok("cite RUS ceasefire-30d --as-of 2024").out
    assert "nothing known" in sample.ok("cite RUS ceasefire-30d --as-known-at e30").out


def test_an_entry_is_cited_as_it_reads(sample: Door) -> None:
    """An entry is cited by its words at K, with its status where that is not `counts`."""
    before = sample.ok("cite e48").out
    sample.ok('correct e48 --set text="Other words" --reason slip')
    assert sample.ok("cite e48").out.startswith("e48, RUS on ceasefire-30d, awaiting, Dmitry Peskov, 2025-03-12")
    assert "[corrected]: Other words." in sample.ok("cite e48").out
    assert sample.ok("cite e48 --as-known-at e60").out == before
    assert sample.ok("cite e54").out.startswith("e54, entry-corroborated of e53: ")


def test_what_is_sealed_is_not_cited(sample: Door) -> None:
    """A footnote goes to readers, so a sealed text stays sealed in it, even for who holds the ledger."""
    sample.ok("record statement RUS ceasefire-30d oppose --said-on 2025-04 --sealed -m", "behind doors")
    for line in ("cite RUS ceasefire-30d", "cite e61", "cite e61 --json", "cite e61 --bibtex"):
        said = sample.ok(line).out
        assert "behind doors" not in said
        assert "[sealed]" in said


def test_bibtex(sample: Door) -> None:
    """--bibtex is one entry whose braces balance, whatever the words are."""
    sample.ok("record statement RUS ceasefire-30d support --said-on 2025-04 -m", r"100% {of} $5 & #1_x \ ~ ^")
    said = sample.ok("cite RUS ceasefire-30d --bibtex").out
    assert said.startswith("@misc{verbale:RUS:ceasefire-30d:at-e61,\n")
    assert r"100\% \{of\} \$5 \& \#1\_x \textbackslash{} \textasciitilde{} \textasciicircum{}" in said
    assert "  year = {2025},\n" in said
    bare = re.sub(r"\\[{}]", "", said)
    assert bare.count("{") == bare.count("}")


def test_a_root_can_be_left_out(sample: Door) -> None:
    """--no-root leaves the root out, and says nothing of it."""
    found = sample.ok("cite --no-root --json")
    assert (found.json["root"], found.err) == (None, "")
    assert "root" not in sample.ok("cite --no-root").out


def test_a_long_journal_needs_to_be_asked(sample: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a long journal the root is computed only if somebody asks for it, which stderr says."""
    monkeypatch.setattr("verbale.inquiries._ROOT_UNASKED", 59)
    said = sample.ok("cite --json")
    assert said.json["root"] is None
    assert "--root" in said.err
    assert sample.ok("cite --json --root").json["root"] == root_of(sample, 60)
