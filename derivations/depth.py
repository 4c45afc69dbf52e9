"""Any depth: one step back, from layer l + 1 to layer l, for every activation f; and L layers by induction.

A network of L layers computes Z[l] = W[l] A[l-1] + b[l] and A[l] = f(Z[l]) for l = 1, 2, ..., L, from A[0] = X on. Let
dZ[l+1] be the gradient of any loss with respect to Z[l+1]. The derivations below say what the gradients one layer
further down are. Nothing in them depends on l, on the loss, or on which function f is.

    base    dZ[L] is what the loss gives; for softmax and cross-entropy (P - Y) / m, see `softmax_cross_entropy`
    step    from dZ[l+1] to dA[l], dZ[l], dW[l] and db[l], here
    so      all gradients, from L down to 1
"""

import re

from sympy import Function

from derivations import affine
from derivations.calculus import Index, Partial, array, delta, size, sum_over
from derivations.calculus.writers.notation import Notation, Typeset
from derivations.notation import h, i, j, m, n, network_notation, t, u, v, w
from derivations.proofs.derivation import Derivation
from derivations.proofs.instance import instance

LAYERS = {"below": "[l-1]", "l": "[l]", "above": "[l+1]"}


def _typeset(name: str) -> Typeset:
    """`dZ_above` is the gradient of layer l + 1's Z."""
    base, _, layer = name.partition("_")
    written = network_notation.typeset(base)
    return Typeset(written.base, LAYERS[layer]) if layer in LAYERS else network_notation.typeset(name)


def _rank(name: str) -> int:
    return network_notation.rank(re.sub("_.*", "", name))


def _meaning(name: str) -> str:
    base, _, layer = name.partition("_")
    said = network_notation.meaning(base)
    return f"{said}; the layer is {LAYERS[layer].strip('[]')}" if said and layer in LAYERS else ""


notation = Notation(_typeset, _rank, partial=r"\partial", named_sizes=(m,), meaning=_meaning)

f = Function("f")
q = size("q")
r, s = Index("r", q), Index("s", q)

A_below = array("A_below", n, m)
W_l, b_l, Z_l, A_l = array("W_l", h, n), array("b_l", h, 1), array("Z_l", h, m), array("A_l", h, m)
W_above, b_above, Z_above = array("W_above", q, h), array("b_above", q, 1), array("Z_above", q, m)
dW_l, db_l, dZ_l, dA_l = array("dW_l", h, n), array("db_l", h, 1), array("dZ_l", h, m), array("dA_l", h, m)
dZ_above, dA_below = array("dZ_above", q, m), array("dA_below", n, m)

where = {
    Z_l[v, i]: sum_over(u, W_l[v, u] * A_below[u, i]) + b_l[v, 0],
    A_l[v, i]: f(Z_l[v, i]),
    Z_above[r, i]: sum_over(v, W_above[r, v] * A_l[v, i]) + b_above[r, 0],
    dA_l[w, j]: sum_over(r, sum_over(i, dZ_above[r, i] * Partial(Z_above[r, i], A_l[w, j]))),
    dZ_l[w, j]: sum_over(v, sum_over(i, dA_l[v, i] * Partial(A_l[v, i], Z_l[w, j]))),
    dW_l[w, t]: sum_over(v, sum_over(i, dZ_l[v, i] * Partial(Z_l[v, i], W_l[w, t]))),
    db_l[w, 0]: sum_over(v, sum_over(i, dZ_l[v, i] * Partial(Z_l[v, i], b_l[w, 0]))),
}

above = {"A": "A_l", "W": "W_above", "b": "b_above", "Z": "Z_above", "dZ": "dZ_above", "dA": "dA_l"}
own = {"A": "A_below", "W": "W_l", "b": "b_l", "Z": "Z_l", "dZ": "dZ_l", "dW": "dW_l", "db": "db_l"}

below = {"A_below": "X", "W_l": "W1", "b_l": "b1", "Z_l": "Z1", "A_l": "A1"}
beyond = {"W_above": "W2", "b_above": "b2", "Z_above": "Z2", "dZ_above": "dZ2"}
first = ({**below, **beyond, "dA_l": "dA1", "dZ_l": "dZ1", "dW_l": "dW1", "db_l": "db1"},)
"""Layer 1 of the network of two layers, which the training code has."""

forward_Z = instance(affine.forward, "Weighted sums of the layer below", Z_l[v, i], own, where, instances=first)

forward_A = Derivation(
    "The activation",
    A_l[v, i],
    (f(Z_l[v, i]), "entry by entry"),
    where=where,
    instances=(),
)

back_to_A = instance(affine.dA_contracted, "Back through the layer above", dA_l[w, j], above, where, instances=first)

jacobian = Derivation(
    "An activation acts on each entry by itself",
    Partial(A_l[v, i], Z_l[w, j]),
    (Partial(f(Z_l[v, i]), Z_l[v, i]) * delta(v, w) * delta(i, j), "each entry depends only on itself"),
    where=where,
    instances=(),
)

back_to_Z = Derivation(
    "Back through the activation",
    dZ_l[w, j],
    (sum_over(v, sum_over(i, dA_l[v, i] * Partial(A_l[v, i], Z_l[w, j]))), "chain rule through every entry of `A_l`"),
    (dA_l[w, j] * Partial(f(Z_l[w, j]), Z_l[w, j]), "the Jacobian is diagonal"),
    where=where,
    instances=(),
)

step = Derivation(
    "One step back, from layer l + 1 to layer l",
    dZ_l[w, j],
    (dA_l[w, j] * Partial(f(Z_l[w, j]), Z_l[w, j]), "back through the activation"),
    (sum_over(r, W_above[r, w] * dZ_above[r, j]) * Partial(f(Z_l[w, j]), Z_l[w, j]), "back through the layer above"),
    where=where,
    instances=(),
)

back_to_W = instance(affine.dW_contracted, "The weights of layer l", dW_l[w, t], own, where, instances=first)

back_to_b = instance(affine.db_contracted, "The biases of layer l", db_l[w, 0], own, where, instances=first)
