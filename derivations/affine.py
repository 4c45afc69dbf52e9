"""The affine layer Z = W A + b: why a transpose appears, and why the bias is summed over the examples.

For any layer: A (n, m) comes in, Z (h, m) goes out, and the gradient dZ (h, m) arrives from above.
"""

from derivations.calculus import Partial, array, delta, sum_over
from derivations.notation import h, i, j, m, n, network_notation, t, u, v, w
from derivations.proofs.derivation import Derivation

notation = network_notation

A, W, b, Z = array("A", n, m), array("W", h, n), array("b", h, 1), array("Z", h, m)
dA, dW, db, dZ = array("dA", n, m), array("dW", h, n), array("db", h, 1), array("dZ", h, m)

where = {
    Z[v, i]: sum_over(u, W[v, u] * A[u, i]) + b[v, 0],
    dW[w, t]: sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], W[w, t]))),
    db[w, 0]: sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], b[w, 0]))),
    dA[t, j]: sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], A[t, j]))),
}
layers = (
    {"A": "X", "W": "W1", "b": "b1", "Z": "Z1", "dZ": "dZ1", "dW": "dW1", "db": "db1"},
    {"A": "A1", "W": "W2", "b": "b2", "Z": "Z2", "dZ": "dZ2", "dW": "dW2", "db": "db2", "dA": "dA1"},
)

forward = Derivation(
    "The layer",
    Z[v, i],
    (sum_over(u, W[v, u] * A[u, i]) + b[v, 0], "weighted sums, plus a bias for each unit"),
    where=where,
    instances=layers,
)

Z_by_W = Derivation(
    "The derivative of Z with respect to W: an array with four indices",
    Partial(Z[v, i], W[w, t]),
    (sum_over(u, Partial(W[v, u], W[w, t]) * A[u, i]), "`A` does not depend on `W`"),
    (sum_over(u, delta(v, w) * delta(u, t) * A[u, i]), "each entry depends only on itself"),
    (delta(v, w) * A[t, i], "the delta picks out `u = t`"),
    where=where,
)

Z_by_b = Derivation(
    "The derivative of Z with respect to b: the identity, once for each example",
    Partial(Z[v, i], b[w, 0]),
    (delta(v, w), "unit `v` has the bias `v` in every example"),
    where=where,
)

Z_by_A = Derivation(
    "The derivative of Z with respect to A: W, once for each example",
    Partial(Z[v, i], A[t, j]),
    (sum_over(u, W[v, u] * Partial(A[u, i], A[t, j])), "`W` does not depend on `A`"),
    (W[v, t] * delta(i, j), "each entry depends only on itself"),
    where=where,
)

dW_contracted = Derivation(
    "The gradient with respect to the weights: the transpose appears",
    dW[w, t],
    (sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], W[w, t]))), "chain rule through every entry of `Z`"),
    (sum_over(v, sum_over(i, dZ[v, i] * delta(v, w) * A[t, i])), "the derivative of `Z` with respect to `W`"),
    (sum_over(i, dZ[w, i] * A[t, i]), "the delta picks out `v = w`"),
    where=where,
    instances=layers,
)

db_contracted = Derivation(
    "The gradient with respect to the bias: a sum over the examples",
    db[w, 0],
    (sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], b[w, 0]))), "chain rule: every example uses the same bias"),
    (sum_over(v, sum_over(i, dZ[v, i] * delta(v, w))), "the derivative of `Z` with respect to `b`"),
    (sum_over(i, dZ[w, i]), "the delta picks out `v = w`; the sum over `i` remains"),
    where=where,
    instances=layers,
)

dA_contracted = Derivation(
    "The gradient with respect to the input: W transposed",
    dA[t, j],
    (sum_over(v, sum_over(i, dZ[v, i] * Partial(Z[v, i], A[t, j]))), "chain rule through every entry of `Z`"),
    (sum_over(v, sum_over(i, dZ[v, i] * W[v, t] * delta(i, j))), "the derivative of `Z` with respect to `A`"),
    (sum_over(v, W[v, t] * dZ[v, j]), "the delta picks out `i = j`"),
    where=where,
    instances=layers[1:],
)
