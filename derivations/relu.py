"""ReLU: A = max(0, Z), entry by entry, and its Jacobian.

At 0 ReLU has a corner and no derivative. The convention here is ReLU'(0) = 0: in formulas [Z > 0], in code `Z > 0`.
"""

from derivations.calculus import Partial, array, delta, relu, step, sum_over
from derivations.notation import h, i, j, m, network_notation, v, w
from derivations.proofs.derivation import Derivation

notation = network_notation

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
    instances=hidden,
)

as_mask = Derivation(
    "ReLU is its input times a mask",
    relu(Z[v, i]),
    (Z[v, i] * step(Z[v, i]), "positive entries pass, the others become 0"),
    where=where,
)

jacobian = Derivation(
    "The Jacobian is diagonal",
    Partial(A[v, i], Z[w, j]),
    (step(Z[v, i]) * Partial(Z[v, i], Z[w, j]), "chain rule, with the slope 0 at 0"),
    (step(Z[v, i]) * delta(v, w) * delta(i, j), "each entry depends only on itself"),
    where=where,
)

dZ_elementwise = Derivation(
    "The product with a diagonal Jacobian is elementwise",
    dZ[w, j],
    (sum_over(v, sum_over(i, dA[v, i] * Partial(A[v, i], Z[w, j]))), "chain rule through every entry of `A`"),
    (sum_over(v, sum_over(i, dA[v, i] * step(Z[v, i]) * delta(v, w) * delta(i, j))), "the Jacobian"),
    (dA[w, j] * step(Z[w, j]), "the deltas pick out `v = w` and `i = j`"),
    where=where,
    instances=hidden,
)

a, da, z, dz = array("a", 1, h), array("da", 1, h), array("z", 1, h), array("dz", 1, h)
row_by_diagonal = Derivation(
    "One example as a row: (1 x h)(h x h) is (1 x h) times (1 x h), entry by entry",
    dz[0, w],
    (sum_over(v, da[0, v] * Partial(a[0, v], z[0, w])), "chain rule: the row times the Jacobian"),
    (sum_over(v, da[0, v] * step(z[0, v]) * delta(v, w)), "the Jacobian is diagonal"),
    (da[0, w] * step(z[0, w]), "the delta picks out `v = w`"),
    where={a[0, v]: relu(z[0, v]), dz[0, w]: sum_over(v, da[0, v] * Partial(a[0, v], z[0, w]))},
    instances=(),
)

mask_by_output = Derivation(
    "The mask can be read off the output",
    step(A[v, i]),
    (step(relu(Z[v, i])), "the definition of `A`"),
    (step(Z[v, i]), "ReLU is positive exactly where its input is"),
    where=where,
)
