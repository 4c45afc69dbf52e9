"""Examples as rows: the same network with everything transposed, as most code has it.

Each array with `_rows` is the transpose of the one without: X_rows is (m, n), W1_rows (n, h), b1_rows (1, h), and so
on. Nothing is derived a second time: each line of the network, and of a layer, is transposed, and the transposed line
is proven.
"""

from collections.abc import Mapping

from sympy import Expr
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations import affine, network
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


def _definitions(columns: Mapping[Expr, Expr]) -> Mapping[Expr, Expr]:
    """What the names stand for, and of each array with rows that it is the transpose."""
    quantities = free_quantities([*columns, *columns.values()]).values()
    return {**columns, **{with_rows(entry): entry for entry in quantities if isinstance(entry, MatrixElement)}}


def _as_rows(title: str, columns: Derivation, where: Mapping[Expr, Expr]) -> Derivation:
    """A line of a chapter for examples as rows; what was assumed for the columns is assumed here."""
    return Derivation(
        title,
        with_rows(columns.start),
        (columns.start, "the definition of the transpose"),
        (columns.result, "with examples as columns"),
        (with_rows(columns.result), "each array is the transpose of the one with rows"),
        where=where,
        assumptions=columns.assumptions,
        instances=[names | {f"{a}_rows": f"{b}_rows" for a, b in names.items()} for names in columns.instances],
    )


# Any affine layer

layer = _definitions(affine.where)

Z_as_rows = _as_rows("The layer", affine.forward, layer)
dW_as_rows = _as_rows("The weights: now what came in is transposed, and comes first", affine.dW_contracted, layer)
db_as_rows = _as_rows("The biases: the sum runs down a column", affine.db_contracted, layer)
dA_as_rows = _as_rows("Back to what came in: W is transposed, and comes last", affine.dA_contracted, layer)

# The network

where = _definitions(network.where)

Z1_as_rows = _as_rows("First layer", network.forward_Z1, where)
A1_as_rows = _as_rows("Hidden units", network.forward_A1, where)
Z2_as_rows = _as_rows("Scores", network.forward_Z2, where)
P_as_rows = _as_rows("Probabilities: the sum runs along a row", network.forward_P, where)
dZ2_as_rows = _as_rows("Back through softmax and cross-entropy", network.backward_dZ2, where)
dW2_as_rows = _as_rows(
    "The second layer's weights: now the activations are transposed, and come first", network.backward_dW2, where
)
db2_as_rows = _as_rows("The second layer's biases: the sum runs down a column", network.backward_db2, where)
dA1_as_rows = _as_rows("Back to the hidden units: W2 is transposed, and comes last", network.backward_dA1, where)
dZ1_as_rows = _as_rows("Back through ReLU: the mask is the same, transposed", network.backward_dZ1, where)
dW1_as_rows = _as_rows("The first layer's weights", network.backward_dW1, where)
db1_as_rows = _as_rows("The first layer's biases", network.backward_db1, where)
