"""From text to definitions: the forward pass, a line for each name, as one would write it on paper.

    mu[i]    = mean[j](X[i, j])
    Y[i, j]  = gamma[j] * (X[i, j] - mu[i])

The text is Python's own grammar, read by `ast` and never executed. An index is a letter in brackets; a letter that is
not on the left is summed over by `sum[j](...)` or `mean[j](...)`. Sizes need no declaration (see `sizes`). A number
that is an array's entry, as the class y[i] in P[y[i], i], is a label; a sum of indices, as in X[c, p + k], is the place
of a window (see `windows`). The size of an index is a number where one is said: mean[k:3](X[c, 3*p + k]).
"""

from __future__ import annotations

from derivations.reverse.reading.building import Builder
from derivations.reverse.reading.forward import Forward
from derivations.reverse.reading.shapes import Shapes
from derivations.reverse.reading.syntax import statements

__all__ = ["Forward", "read"]


def read(text: str) -> Forward:
    """The forward pass that a text writes down.

    Raises FormulaError, which names line and column, if there is something that the grammar doesn't have.

    >>> forward = read("A[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]")
    >>> sorted(forward.inputs)
    ['W', 'X', 'b']
    """
    lines = list(statements(text))
    shapes = Shapes()
    for statement in lines:
        shapes.statement(statement)
    shapes.finish()
    return Builder(shapes).forward(lines)
