"""Discourse networks, as Discourse Network Analyzer computes them: pure functions over who used which concept, and how.

A *use* is a node, a concept and perhaps a qualifier: a party, an issue, and whether it agreed.  With n_ajk the number
of uses of concept j by node a at level k of the qualifier, N_a = Σ_jk n_ajk, and d_kl = |q_k - q_l| / range:

| two-mode (node a, concept j) | |
|---|---|
| `ignore` | w_aj = Σ_k n_ajk |
| `subtract` | w_aj = Σ_k s_k n_ajk: s is 1 and -1 for a boolean, the value itself for an integer |
| `combine` | w_aj = Σ_k 2^(K-1-k) [n_ajk > 0]: which levels occur; for a boolean 1 yes, 2 no, 3 both |

| one-mode (nodes a, b) | |
|---|---|
| `ignore` | w_ab = Σ_j (Σ_k n_ajk) (Σ_l n_bjl) |
| `congruence` | w_ab = Σ_jkl n_ajk n_bjl (1 - d_kl) |
| `conflict` | w_ab = Σ_jkl n_ajk n_bjl d_kl |
| `subtract` | congruence - conflict |

| normalisation | w is divided by |
|---|---|
| `activity` (two-mode) | N_a; with `combine` the number of a's concepts |
| `prominence` (two-mode) | Σ_ak n_ajk; with `combine` the number of j's nodes |
| `average` (one-mode) | (N_a + N_b) / 2 |
| `jaccard` (one-mode) | m10 + m01 + m11: Σ_jk n_ajk where n_bjk is 0, the reverse, and Σ_jk n_ajk n_bjk |
| `cosine` (one-mode) | N_a N_b, which is what DNA computes under that name |

Source: `dna/export/Exporter.java` of leifeld-lab/dna (3.1.2), `computeOneModeMatrix`, `computeTwoModeMatrix` and
`lexRank`; Leifeld, *Discourse Network Analysis*, in: The Oxford Handbook of Political Networks (2017).  Two things
differ: the range is the scale's own, where DNA takes the widest difference that occurs, so that figures of two days
compare (for a boolean it is the same); and `prominence` of `combine` counts down its column, where DNA counts along a
row.  A node is not tied to itself.  Uses without a qualifier count where it is ignored, as a level of their own, and
nowhere else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from ledger.errors import Unparsable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Aggregation = Literal["ignore", "combine", "subtract", "congruence", "conflict"]
Normalization = Literal["no", "activity", "prominence", "average", "jaccard", "cosine"]
TWO_MODE: Final[tuple[Aggregation, ...]] = ("ignore", "combine", "subtract")
ONE_MODE: Final[tuple[Aggregation, ...]] = ("ignore", "congruence", "conflict", "subtract")
TWO_MODE_NORMS: Final[tuple[Normalization, ...]] = ("no", "activity", "prominence")
ONE_MODE_NORMS: Final[tuple[Normalization, ...]] = ("no", "average", "jaccard", "cosine")
BOOLEAN: Final = (0, 1)
"""The levels of a qualifier that is a boolean; those of any other are an integer's."""


class Use(NamedTuple):
    """Somebody used a concept."""

    node: str
    concept: str
    qualifier: int | None = None


class Network(NamedTuple):
    """Weights between rows and columns; a pair that is not in `weights` has none."""

    rows: Sequence[str]
    columns: Sequence[str]
    weights: Mapping[tuple[str, str], float]
    uses: Mapping[str, int]
    """How often each row was used in."""
    concepts: Mapping[str, int]
    """How often each concept was used; in a two-mode network, each column."""
    two_mode: bool

    @property
    def total(self) -> float:
        """The sum of all cells, in a one-mode network each tie twice."""
        return sum(self.weights.values())

    @property
    def edges(self) -> int:
        """How many ties there are."""
        return len(self.weights) if self.two_mode else len(self.weights) // 2


_Levels = Counter[int | None]
_Counts = dict[str, dict[str, _Levels]]


def two_mode(
    uses: Iterable[Use],
    levels: Sequence[int] = BOOLEAN,
    aggregation: Aggregation = "ignore",
    normalization: Normalization = "no",
    isolates: tuple[Iterable[str], Iterable[str]] = ((), ()),
) -> Network:
    """Return the network of nodes and the concepts that they used.

    Args:
        uses: one for each statement.
        levels: what a qualifier can be, ascending.
        aggregation: of `TWO_MODE`.
        normalization: of `TWO_MODE_NORMS`.
        isolates: further nodes and concepts, which are rows and columns whether anybody used them or not.

    Raises:
        Unparsable: there is no such aggregation or normalisation of two-mode networks.
    """
    _must_be(aggregation, TWO_MODE, normalization, TWO_MODE_NORMS, "two-mode")
    counts, by_node, by_concept = _counted(uses, ignored=aggregation == "ignore")
    weights: dict[tuple[str, str], float] = {}
    for node, concepts in counts.items():
        for concept, found in concepts.items():
            weight = _weight(found, levels, aggregation)
            if weight:
                weights[node, concept] = weight
    if normalization != "no":
        at = 0 if normalization == "activity" else 1
        divisors: Mapping[str, int] = by_node if at == 0 else by_concept
        if aggregation == "combine":
            divisors = Counter(pair[at] for pair in weights)
        weights = {pair: weight / divisors[pair[at]] for pair, weight in weights.items()}
    rows, columns = sorted({*by_node, *isolates[0]}), sorted({*by_concept, *isolates[1]})
    return Network(rows, columns, weights, by_node, by_concept, two_mode=True)


def one_mode(
    uses: Iterable[Use],
    levels: Sequence[int] = BOOLEAN,
    aggregation: Aggregation = "ignore",
    normalization: Normalization = "no",
    isolates: Iterable[str] = (),
) -> Network:
    """Return the network of nodes that used the same concepts; both halves of it, without the diagonal.

    Args:
        uses: one for each statement.
        levels: what a qualifier can be, ascending.
        aggregation: of `ONE_MODE`.
        normalization: of `ONE_MODE_NORMS`.
        isolates: further nodes, which are rows whether they used anything or not.

    Raises:
        Unparsable: there is no such aggregation or normalisation of one-mode networks.
    """
    _must_be(aggregation, ONE_MODE, normalization, ONE_MODE_NORMS, "one-mode")
    counts, by_node, by_concept = _counted(uses, ignored=aggregation == "ignore")
    used_by: dict[str, list[str]] = defaultdict(list)
    for node in sorted(counts):
        for concept in counts[node]:
            used_by[concept].append(node)
    span = levels[-1] - levels[0]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for concept, nodes in used_by.items():
        for place, one in enumerate(nodes):
            for other in nodes[place + 1 :]:
                sums[one, other] += _tie(counts[one][concept], counts[other][concept], span, aggregation)
    weights: dict[tuple[str, str], float] = {}
    for (one, other), total in sums.items():
        if total:
            exact = total if aggregation == "ignore" else total / span
            divisor = _divisor(normalization, counts, by_node, one, other)
            weights[one, other] = weights[other, one] = _whole(exact) if normalization == "no" else exact / divisor
    rows = sorted({*by_node, *isolates})
    return Network(rows, rows, weights, by_node, by_concept, two_mode=False)


def _counted(uses: Iterable[Use], *, ignored: bool) -> tuple[_Counts, Counter[str], Counter[str]]:
    """Return how often each node used each concept at each level, and how often each was used at all."""
    counts: _Counts = {}
    by_node, by_concept = Counter[str](), Counter[str]()
    for node, concept, qualifier in uses:
        if qualifier is not None or ignored:
            counts.setdefault(node, {}).setdefault(concept, Counter())[qualifier] += 1
            by_node[node] += 1
            by_concept[concept] += 1
    return counts, by_node, by_concept


def _weight(found: _Levels, levels: Sequence[int], aggregation: Aggregation) -> int:
    if aggregation == "ignore":
        return found.total()
    if aggregation == "combine":
        return sum(1 << place for place, level in enumerate(reversed(levels)) if found[level])
    boolean = tuple(levels) == BOOLEAN
    return sum(count * ((1 if level else -1) if boolean else level or 0) for level, count in found.items())


def _tie(one: _Levels, other: _Levels, span: int, aggregation: Aggregation) -> int:
    """Return what a concept adds to the tie of two nodes, in units of 1/`span` where the qualifier counts."""
    if aggregation == "ignore":
        return one.total() * other.total()
    pairs = ((n * m, abs((k or 0) - (l or 0))) for k, n in one.items() for l, m in other.items())  # noqa: E741  as above
    if aggregation == "congruence":
        return sum(both * (span - apart) for both, apart in pairs)
    if aggregation == "conflict":
        return sum(both * apart for both, apart in pairs)
    return sum(both * (span - 2 * apart) for both, apart in pairs)


def _divisor(normalization: Normalization, counts: _Counts, by_node: Mapping[str, int], one: str, other: str) -> float:
    if normalization == "average":
        return (by_node[one] + by_node[other]) / 2
    if normalization == "cosine":
        return by_node[one] * by_node[other]
    if normalization == "jaccard":
        first, second = _flat(counts[one]), _flat(counts[other])
        both = first.keys() & second.keys()
        alone = sum(by_node[node] for node in (one, other)) - sum(first[key] + second[key] for key in both)
        return alone + sum(first[key] * second[key] for key in both)
    return 1


def _flat(concepts: Mapping[str, _Levels]) -> dict[tuple[str, int | None], int]:
    return {(concept, level): count for concept, found in concepts.items() for level, count in found.items()}


def _whole(weight: float) -> float:
    return int(weight) if weight == int(weight) else weight


def _must_be(
    aggregation: str,
    aggregations: Sequence[str],
    normalization: str,
    normalizations: Sequence[str],
    mode: str,
) -> None:
    for what, said, known, every in (
        ("aggregation", aggregation, aggregations, get_args(Aggregation)),
        ("normalization", normalization, normalizations, get_args(Normalization)),
    ):
        if said not in known:
            none = f"{mode} networks have no {what} '{said}'" if said in every else f"no {what} '{said}'"
            raise Unparsable(none, hint=f"one of: {', '.join(known)}")
