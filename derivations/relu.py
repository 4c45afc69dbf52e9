"""ReLU: A = max(0, Z), entry by entry, and its Jacobian.

At 0 ReLU has a corner and no derivative. The convention here is ReLU'(0) = 0: in formulas [Z > 0], in code `Z > 0`.
"""

from derivations.calculus import Partial, array, delta, relu, step, sum_over
from derivations.derivation import Derivation
from derivations.notation import h, i, j, m, v, w

A, Z = array("A", h, m), array("Z", h, m)
dA, dZ = array("dA", h, m), array("dZ", h, m)

where = {
    A[v, i]: relu(Z[v, i]),
    dZ[w, j]: sum_over(v, sum_over(i, dA[v, i] * Partial(A[v, i], Z[w, j]))),
}
hidden = ({"A": "A1", "Z": "Z1", "dA": "dA1", "dZ": "dZ1"},)

forward = Derivation(
    "ReLU",
    A[v, i],
    (relu(Z[v, i]), "the definition"),
    where=where,
    occurs_as=hidden,
)

as_mask = Derivation(
    "ReLU is its input times a mask",
    relu(Z[v, i]),
    (Z[v, i] * step(Z[v, i]), "what is positive passes, the rest becomes 0"),
    where=where,
)

jacobian = Derivation(
    "The Jacobian is diagonal",
    Partial(A[v, i], Z[w, j]),
    (step(Z[v, i]) * Partial(Z[v, i], Z[w, j]), "chain rule, with ReLU'(0) = 0"),
    (step(Z[v, i]) * delta(v, w) * delta(i, j), "an entry depends on itself alone"),
    where=where,
)

dZ_elementwise = Derivation(
    "The product with a diagonal Jacobian is elementwise",
    dZ[w, j],
    (sum_over(v, sum_over(i, dA[v, i] * Partial(A[v, i], Z[w, j]))), "chain rule: every entry of A that Z enters"),
    (sum_over(v, sum_over(i, dA[v, i] * step(Z[v, i]) * delta(v, w) * delta(i, j))), "the Jacobian"),
    (dA[w, j] * step(Z[w, j]), "the deltas pick v = w and i = j"),
    where=where,
    occurs_as=hidden,
)

mask_by_output = Derivation(
    "The mask can be read off the output",
    step(A[v, i]),
    (step(relu(Z[v, i])), "what A is"),
    (step(Z[v, i]), "ReLU is positive where its input is"),
    where=where,
)
