"""Examples as rows: the same network with everything transposed, as most code has it.

Each array with `_rows` is the transpose of the one without: X_rows is (m, n), W1_rows (n, h), b1_rows (1, h), and so
on. Each result starts from the proven one, transposed, and ends in what one would write with examples as rows.
"""

from sympy import exp

from derivations import network
from derivations.calculus import array, relu, step, sum_over
from derivations.notation import (
    A1,
    W1,
    W2,
    Z1,
    Z2,
    C,
    P,
    X,
    Y,
    b1,
    b2,
    c,
    d,
    dA1,
    db1,
    db2,
    dW1,
    dW2,
    dZ1,
    dZ2,
    h,
    i,
    lam,
    m,
    n,
    u,
    v,
)
from derivations.proofs.derivation import Derivation

X_rows, Y_rows = array("X_rows", m, n), array("Y_rows", m, C)
W1_rows, b1_rows = array("W1_rows", n, h), array("b1_rows", 1, h)
W2_rows, b2_rows = array("W2_rows", h, C), array("b2_rows", 1, C)
Z1_rows, A1_rows = array("Z1_rows", m, h), array("A1_rows", m, h)
Z2_rows, P_rows = array("Z2_rows", m, C), array("P_rows", m, C)
dW1_rows, db1_rows = array("dW1_rows", n, h), array("db1_rows", 1, h)
dW2_rows, db2_rows = array("dW2_rows", h, C), array("db2_rows", 1, C)
dZ1_rows, dA1_rows = array("dZ1_rows", m, h), array("dA1_rows", m, h)
dZ2_rows = array("dZ2_rows", m, C)

transposed = {
    X_rows[i, u]: X[u, i],
    Y_rows[i, c]: Y[c, i],
    W1_rows[u, v]: W1[v, u],
    b1_rows[0, v]: b1[v, 0],
    W2_rows[v, c]: W2[c, v],
    b2_rows[0, c]: b2[c, 0],
    Z1_rows[i, v]: Z1[v, i],
    A1_rows[i, v]: A1[v, i],
    Z2_rows[i, c]: Z2[c, i],
    P_rows[i, c]: P[c, i],
    dZ2_rows[i, c]: dZ2[c, i],
    dW2_rows[v, c]: dW2[c, v],
    db2_rows[0, c]: db2[c, 0],
    dA1_rows[i, v]: dA1[v, i],
    dZ1_rows[i, v]: dZ1[v, i],
    dW1_rows[u, v]: dW1[v, u],
    db1_rows[0, v]: db1[v, 0],
}
gradients = (
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
)
where = network.where | {gradient.start: gradient.result for gradient in gradients} | transposed
by_definition = "the transpose"
with_columns = "with examples as columns"
with_rows = "each array replaced by its transpose"

Z1_as_rows = Derivation(
    "First layer",
    Z1_rows[i, v],
    (Z1[v, i], by_definition),
    (sum_over(u, W1[v, u] * X[u, i]) + b1[v, 0], with_columns),
    (sum_over(u, X_rows[i, u] * W1_rows[u, v]) + b1_rows[0, v], with_rows),
    where=where,
)

A1_as_rows = Derivation(
    "Hidden units",
    A1_rows[i, v],
    (A1[v, i], by_definition),
    (relu(Z1[v, i]), with_columns),
    (relu(Z1_rows[i, v]), with_rows),
    where=where,
)

Z2_as_rows = Derivation(
    "Scores",
    Z2_rows[i, c],
    (Z2[c, i], by_definition),
    (sum_over(v, W2[c, v] * A1[v, i]) + b2[c, 0], with_columns),
    (sum_over(v, A1_rows[i, v] * W2_rows[v, c]) + b2_rows[0, c], with_rows),
    where=where,
)

P_as_rows = Derivation(
    "Probabilities: the sum runs along a row",
    P_rows[i, c],
    (P[c, i], by_definition),
    (exp(Z2[c, i]) / sum_over(d, exp(Z2[d, i])), with_columns),
    (exp(Z2_rows[i, c]) / sum_over(d, exp(Z2_rows[i, d])), with_rows),
    where=where,
)

dZ2_as_rows = Derivation(
    "Back through softmax and cross-entropy",
    dZ2_rows[i, c],
    (dZ2[c, i], by_definition),
    ((P[c, i] - Y[c, i]) / m, with_columns),
    ((P_rows[i, c] - Y_rows[i, c]) / m, with_rows),
    where=where,
)

dW2_as_rows = Derivation(
    "The second layer's weights: now the activations are transposed, and stand first",
    dW2_rows[v, c],
    (dW2[c, v], by_definition),
    (sum_over(i, dZ2[c, i] * A1[v, i]) + lam * W2[c, v], with_columns),
    (sum_over(i, A1_rows[i, v] * dZ2_rows[i, c]) + lam * W2_rows[v, c], with_rows),
    where=where,
)

db2_as_rows = Derivation(
    "The second layer's biases: the sum runs down a column",
    db2_rows[0, c],
    (db2[c, 0], by_definition),
    (sum_over(i, dZ2[c, i]), with_columns),
    (sum_over(i, dZ2_rows[i, c]), with_rows),
    where=where,
)

dA1_as_rows = Derivation(
    "Back to the hidden units: W2 is transposed, and stands last",
    dA1_rows[i, v],
    (dA1[v, i], by_definition),
    (sum_over(c, W2[c, v] * dZ2[c, i]), with_columns),
    (sum_over(c, dZ2_rows[i, c] * W2_rows[v, c]), with_rows),
    where=where,
)

dZ1_as_rows = Derivation(
    "Back through ReLU: the mask is the same, transposed",
    dZ1_rows[i, v],
    (dZ1[v, i], by_definition),
    (dA1[v, i] * step(Z1[v, i]), with_columns),
    (dA1_rows[i, v] * step(Z1_rows[i, v]), with_rows),
    where=where,
)

dW1_as_rows = Derivation(
    "The first layer's weights",
    dW1_rows[u, v],
    (dW1[v, u], by_definition),
    (sum_over(i, dZ1[v, i] * X[u, i]) + lam * W1[v, u], with_columns),
    (sum_over(i, X_rows[i, u] * dZ1_rows[i, v]) + lam * W1_rows[u, v], with_rows),
    where=where,
)

db1_as_rows = Derivation(
    "The first layer's biases",
    db1_rows[0, v],
    (db1[v, 0], by_definition),
    (sum_over(i, dZ1[v, i]), with_columns),
    (sum_over(i, dZ1_rows[i, v]), with_rows),
    where=where,
)
