"""Networks as files: a matrix of cells, or GraphML.

GraphML is the plain format (graphml.graphdrawing.org, 1.1): nodes with `id`, `name`, `variable` and `frequency`, edges
with `weight`, undirected; each tie of a one-mode network once.  visone, Gephi, igraph and NetworkX read it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.exports.networks import Network

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for (section 2.2)."""
_KEYS: Final = (
    ("id", "node", "string"),
    ("name", "node", "string"),
    ("variable", "node", "string"),
    ("frequency", "node", "int"),
    ("weight", "edge", "double"),
)


def labels(ids: Mapping[str, str]) -> dict[str, str]:
    """Return what each id is called, with the id where two are called the same.

    >>> labels({"a": "Greens", "b": "Greens", "c": "Labour"})
    {'a': 'Greens (a)', 'b': 'Greens (b)', 'c': 'Labour'}
    """
    shared = Counter(ids.values())
    return {one: f"{name} ({one})" if shared[name] > 1 else name for one, name in ids.items()}


def cells(network: Network, called: tuple[Mapping[str, str], Mapping[str, str]]) -> Iterator[list[str | float]]:
    """Yield the rows of a network's matrix, the names of the columns first, sorted by what they are called.

    Args:
        network: what is written.
        called: the labels of the rows' ids and of the columns'; an id without one is its own.
    """
    rows = sorted((called[0].get(one, one), one) for one in network.rows)
    columns = sorted((called[1].get(one, one), one) for one in network.columns)
    yield ["", *(name for name, _ in columns)]
    for name, row in rows:
        yield [name, *(network.weights.get((row, column), 0) for _, column in columns)]


def graphml(
    network: Network, called: tuple[Mapping[str, str], Mapping[str, str]], variables: tuple[str, str]
) -> Iterator[str]:
    """Yield the lines of a network's GraphML.

    Args:
        network: what is written.
        called: the labels of the rows' ids and of the columns'; an id without one is its own.
        variables: what the rows are, and the columns.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for name, of, kind in _KEYS:
        yield f'  <key id="{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>'
    yield '  <graph id="verbale" edgedefault="undirected">'
    rows = {row: f"r{place}" for place, row in enumerate(network.rows)}
    columns = {column: f"c{place}" for place, column in enumerate(network.columns)} if network.two_mode else rows
    for one, node in rows.items():
        yield _node(node, one, called[0].get(one, one), variables[0], network.uses.get(one, 0))
    for one, node in columns.items() if network.two_mode else ():
        yield _node(node, one, called[1].get(one, one), variables[1], network.concepts.get(one, 0))
    for (row, column), weight in sorted(network.weights.items()):
        if network.two_mode or row < column:
            data = f'<data key="weight">{float(weight)!r}</data>'
            yield f'    <edge source="{rows[row]}" target="{columns[column]}">{data}</edge>'
    yield "  </graph>"
    yield "</graphml>"


def _node(node: str, one: str, name: str, variable: str, frequency: int) -> str:
    told = {"id": one, "name": name, "variable": variable, "frequency": str(frequency)}
    data = "".join(
        f"<data key={quoteattr(key)}>{escape(_NO_XML.sub('�', value))}</data>" for key, value in told.items()
    )
    return f'    <node id="{node}">{data}</node>'
