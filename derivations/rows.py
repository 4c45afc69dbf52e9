"""Examples as rows: the same network with everything transposed, as most code has it.

Each array with `_rows` is the transpose of the one without: X_rows is (m, n), W1_rows (n, h), b1_rows (1, h), and so
on. Nothing is derived a second time: each line of the network is transposed, and the transposed line is proven.
"""

from sympy import Expr
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations import network
from derivations.calculus import array
from derivations.calculus.evaluate import free_quantities
from derivations.notation import network_notation
from derivations.proofs.derivation import Derivation

notation = network_notation


def with_rows(expr: Expr) -> Expr:
    """The expression with each entry Q[p, q] written as the entry Q_rows[q, p] of the transpose."""
    return expr.xreplace({entry: _transposed(entry) for entry in expr.atoms(MatrixElement)})


def _transposed(entry: MatrixElement) -> MatrixElement:
    rows, columns = entry.parent.shape
    return array(f"{entry.parent.name}_rows", columns, rows)[entry.j, entry.i]


def _as_rows(title: str, columns: Derivation) -> Derivation:
    """A line of the network for examples as rows; what was assumed for the columns is assumed here."""
    return Derivation(
        title,
        with_rows(columns.start),
        (columns.start, "the definition of the transpose"),
        (columns.result, "with examples as columns"),
        (with_rows(columns.result), "each array is the transpose of the one with rows"),
        where=where,
        assumptions=columns.assumptions,
    )


quantities = free_quantities([*network.where, *network.where.values()]).values()
where = network.where | {with_rows(entry): entry for entry in quantities if isinstance(entry, MatrixElement)}

Z1_as_rows = _as_rows("First layer", network.forward_Z1)
A1_as_rows = _as_rows("Hidden units", network.forward_A1)
Z2_as_rows = _as_rows("Scores", network.forward_Z2)
P_as_rows = _as_rows("Probabilities: the sum runs along a row", network.forward_P)
dZ2_as_rows = _as_rows("Back through softmax and cross-entropy", network.backward_dZ2)
dW2_as_rows = _as_rows(
    "The second layer's weights: now the activations are transposed, and come first", network.backward_dW2
)
db2_as_rows = _as_rows("The second layer's biases: the sum runs down a column", network.backward_db2)
dA1_as_rows = _as_rows("Back to the hidden units: W2 is transposed, and comes last", network.backward_dA1)
dZ1_as_rows = _as_rows("Back through ReLU: the mask is the same, transposed", network.backward_dZ1)
dW1_as_rows = _as_rows("The first layer's weights", network.backward_dW1)
db1_as_rows = _as_rows("The first layer's biases", network.backward_db1)
