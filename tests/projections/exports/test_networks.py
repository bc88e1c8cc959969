"""Discourse networks, held against arrays filled and summed one cell after the other."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Unparsable
from projections.exports.networks import (
    BOOLEAN,
    ONE_MODE,
    ONE_MODE_NORMS,
    TWO_MODE,
    TWO_MODE_NORMS,
    Aggregation,
    Network,
    Normalization,
    Use,
    one_mode,
    two_mode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALE: Final = (-2, -1, 0, 1, 2)
Cells = dict[tuple[str, str], float]


def uses(levels: Sequence[int]) -> st.SearchStrategy[list[Use]]:
    """Draw statements of few nodes on few concepts, so that many meet."""
    some = st.builds(Use, st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from(levels))
    return st.lists(some, max_size=25)


def array(given_uses: list[Use], levels: Sequence[int]) -> tuple[list[str], list[str], list[list[list[int]]]]:
    """Return names, concepts, and the array of counts by node, concept and level, as DNA makes it."""
    names, concepts = sorted({one.node for one in given_uses}), sorted({one.concept for one in given_uses})
    counts = [[[0 for _ in levels] for _ in concepts] for _ in names]
    for one in given_uses:
        level = levels.index(one.qualifier if one.qualifier is not None else levels[0])
        counts[names.index(one.node)][concepts.index(one.concept)][level] += 1
    return names, concepts, counts


def plain_two_mode(given_uses: list[Use], levels: Sequence[int], aggregation: str, normalization: str) -> Cells:
    """Compute a two-mode network as `computeTwoModeMatrix` does, cell by cell."""
    names, concepts, n = array(given_uses, levels)
    mat = [[0.0 for _ in concepts] for _ in names]
    for i, j in product(range(len(names)), range(len(concepts))):
        for k, level in enumerate(levels):
            if aggregation == "ignore":
                mat[i][j] += n[i][j][k]
            elif aggregation == "combine":
                mat[i][j] += 2 ** (len(levels) - k - 1) if n[i][j][k] > 0 else 0
            elif levels == BOOLEAN:
                mat[i][j] += n[i][j][k] if level else -n[i][j][k]
            else:
                mat[i][j] += level * n[i][j][k]

    def divisor(i: int, j: int) -> float:
        line = [(i, other) for other in range(len(concepts))]
        if normalization == "prominence":
            line = [(other, j) for other in range(len(names))]
        if aggregation == "combine":
            return sum(mat[r][c] > 0 for r, c in line)
        return sum(sum(n[r][c]) for r, c in line)

    found = {}
    for i, j in product(range(len(names)), range(len(concepts))):
        found[names[i], concepts[j]] = mat[i][j] / (1 if normalization == "no" else divisor(i, j))
    return {pair: weight for pair, weight in found.items() if weight}


def plain_one_mode(given_uses: list[Use], levels: Sequence[int], aggregation: str, normalization: str) -> Cells:
    """Compute a one-mode network as `computeOneModeMatrix` does, cell by cell."""
    names, concepts, n = array(given_uses, levels)
    depth, span = range(len(levels)), levels[-1] - levels[0]
    found = {}
    for a, b in product(range(len(names)), repeat=2):
        if a == b:
            continue
        weight = 0.0
        for j in range(len(concepts)):
            if aggregation == "ignore":
                weight += sum(n[a][j]) * sum(n[b][j])
                continue
            for k, m in product(depth, depth):
                apart = abs(levels[k] - levels[m]) / span
                both = n[a][j][k] * n[b][j][m]
                weight += both * {"congruence": 1 - apart, "conflict": apart, "subtract": 1 - 2 * apart}[aggregation]
        count_a, count_b = (sum(map(sum, n[one])) for one in (a, b))
        cells = [(n[a][j][k], n[b][j][k]) for j in range(len(concepts)) for k in depth]
        m10, m01 = sum(x for x, y in cells if y == 0), sum(y for x, y in cells if x == 0)
        norms = {"no": 1, "average": (count_a + count_b) / 2, "cosine": math.sqrt(count_a**2) * math.sqrt(count_b**2)}
        norms["jaccard"] = m10 + m01 + sum(x * y for x, y in cells)
        found[names[a], names[b]] = weight / norms[normalization] if norms[normalization] else 0
    return {pair: weight for pair, weight in found.items() if abs(weight) > 1e-12}


def same(network: Network, cells: Cells) -> bool:
    """Say whether a network has these weights and no others."""
    return network.weights.keys() == cells.keys() and all(
        math.isclose(weight, cells[pair], rel_tol=1e-9) for pair, weight in network.weights.items()
    )


@pytest.mark.parametrize("levels", [BOOLEAN, SCALE])
@given(st.data(), st.sampled_from(TWO_MODE), st.sampled_from(TWO_MODE_NORMS))
def test_two_mode_networks(
    levels: Sequence[int], data: st.DataObject, aggregation: Aggregation, normalization: Normalization
) -> None:
    """Every weight is that of the formula written out, for each aggregation and normalisation."""
    drawn = data.draw(uses(levels))
    found = two_mode(drawn, levels, aggregation, normalization)
    assert same(found, plain_two_mode(drawn, levels, aggregation, normalization))
    assert (found.rows, found.columns) == array(drawn, levels)[:2]


@pytest.mark.parametrize("levels", [BOOLEAN, SCALE])
@given(st.data(), st.sampled_from(ONE_MODE), st.sampled_from(ONE_MODE_NORMS))
def test_one_mode_networks(
    levels: Sequence[int], data: st.DataObject, aggregation: Aggregation, normalization: Normalization
) -> None:
    """Every weight is that of the formula written out, and both halves are the same."""
    drawn = data.draw(uses(levels))
    found = one_mode(drawn, levels, aggregation, normalization)
    assert same(found, plain_one_mode(drawn, levels, aggregation, normalization))
    assert all(found.weights[b, a] == weight for (a, b), weight in found.weights.items())
    assert list(found.rows) == list(found.columns) == array(drawn, levels)[0]


@given(uses(SCALE))
def test_what_agrees_and_what_differs_is_all_there_is(drawn: list[Use]) -> None:
    """Congruence and conflict add up to the network that ignores the qualifier."""
    whole, alike, apart = (one_mode(drawn, SCALE, how).weights for how in ("ignore", "congruence", "conflict"))
    for pair, weight in whole.items():
        assert math.isclose(alike.get(pair, 0) + apart.get(pair, 0), weight)


@given(uses(BOOLEAN), st.lists(st.builds(Use, st.sampled_from("abe"), st.sampled_from("xw"), st.none())))
def test_uses_without_a_qualifier_count_where_it_is_ignored(drawn: list[Use], bare: list[Use]) -> None:
    """Who took no side still spoke: in the network that asks who spoke, and in no other."""
    assert two_mode([*drawn, *bare]).total == len(drawn) + len(bare)
    for how in ("combine", "subtract"):
        assert two_mode([*drawn, *bare], BOOLEAN, how) == two_mode(drawn, BOOLEAN, how)
    for also in ("congruence", "conflict", "subtract"):
        assert one_mode([*drawn, *bare], BOOLEAN, also) == one_mode(drawn, BOOLEAN, also)


def test_isolates_are_rows_without_ties() -> None:
    """Further nodes and concepts are there, and nothing is tied to them."""
    found = two_mode([Use("a", "x", 1)], isolates=("b", "y"))
    assert (found.rows, found.columns, found.edges, found.total) == (["a", "b"], ["x", "y"], 1, 1)
    assert one_mode([Use("a", "x", 1)], isolates="b").rows == ["a", "b"]


@pytest.mark.parametrize(("how", "norm"), [("congruence", "no"), ("ignore", "jaccard"), ("all", "no"), ("ignore", "x")])
def test_settings_that_a_two_mode_network_does_not_have(how: Aggregation, norm: Normalization) -> None:
    """What belongs to one-mode networks, or to none, is refused with what there is."""
    with pytest.raises(Unparsable) as refused:
        two_mode([], BOOLEAN, how, norm)
    assert "one of" in (refused.value.hint or "")
