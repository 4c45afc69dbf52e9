"""Where a node stands: the longest path runs from left to right, weights above it, biases and labels below."""

from __future__ import annotations

from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.graph.model import Graph, is_vector

__all__ = ["ABOVE", "BELOW", "ON_PATH", "places", "spine"]

ABOVE, ON_PATH, BELOW = range(3)


def places(graph: Graph) -> dict[str, tuple[int, int]]:
    """The column and the row of each node. Raises ValueError where two nodes would stand at the same place."""
    path = spine(graph)
    found = {name: (column, ON_PATH) for column, name in enumerate(path)}
    for name in reversed(graph.quantities):
        if name not in found:
            target = next(edge.target for edge in graph.edges if edge.source == name and edge.target in path)
            found[name] = (found[target][0], BELOW if _hangs(graph, name) else ABOVE)
    if len(set(found.values())) < len(found):
        raise ValueError(f"two nodes of the graph have the same place: {found}")
    return found


def spine(graph: Graph) -> list[str]:
    """From the data through what is computed from them, layer by layer, to the last node."""
    path = [graph.last]
    while inputs := graph.inputs(path[0]):
        path.insert(0, max(inputs, key=lambda name: (graph.depth[name], graph.kind(name) == "data")))
    return path


def _hangs(graph: Graph, name: str) -> bool:
    quantity = graph.quantities[name]
    return is_vector(quantity) or (graph.kind(name) == "data" and isinstance(quantity, MatrixElement))
