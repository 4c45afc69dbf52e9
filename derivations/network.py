"""The whole network: all four gradients by the chain rule, each proven equal to differentiating the loss directly.

The loss J is a function of the parameters through the definitions below and nothing else. In each chain the first
link carries the weight: on its left J is differentiated through all its definitions at once, on its right the layers'
results are put together.
"""

from sympy import exp, log

from derivations.calculus import Partial, SumsToOne, delta, relu, step, sum_over
from derivations.graph import Graph, local_derivatives
from derivations.notation import (
    A1,
    W1,
    W2,
    Z1,
    Z2,
    J,
    L,
    P,
    R,
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
    i,
    j,
    k,
    lam,
    m,
    network_notation,
    t,
    u,
    v,
    w,
)
from derivations.proofs.derivation import Derivation

notation = network_notation

where = {
    Z1[v, i]: sum_over(u, W1[v, u] * X[u, i]) + b1[v, 0],
    A1[v, i]: relu(Z1[v, i]),
    Z2[c, i]: sum_over(v, W2[c, v] * A1[v, i]) + b2[c, 0],
    P[c, i]: exp(Z2[c, i]) / sum_over(d, exp(Z2[d, i])),
    L: -sum_over(i, sum_over(c, Y[c, i] * log(P[c, i]))) / m,
    R: lam / 2 * (sum_over((v, u), W1[v, u] ** 2) + sum_over((c, v), W2[c, v] ** 2)),
    J: L + R,
    dZ2[c, i]: Partial(J, Z2[c, i]),
    dW2[c, v]: Partial(J, W2[c, v]),
    db2[c, 0]: Partial(J, b2[c, 0]),
    dA1[v, i]: Partial(J, A1[v, i]),
    dZ1[v, i]: Partial(J, Z1[v, i]),
    dW1[v, u]: Partial(J, W1[v, u]),
    db1[v, 0]: Partial(J, b1[v, 0]),
}
one_class_each = [SumsToOne("Y")]

# The local derivative on each edge of the graph, and on the one from Z2 to L where P is left out: local["Z1_by_W1"].
graph = Graph(J, where)
local = local_derivatives(
    [*graph.edges, graph.without("P").edge("Z2", "L")],
    where,
    wrt=(X[t, j], W1[w, t], b1[w, 0], Z1[w, j], A1[w, j], W2[k, w], b2[k, 0], Z2[k, j], P[k, j], L, R),
    assumptions=one_class_each,
)

forward_Z1 = Derivation("First layer", Z1[v, i], (where[Z1[v, i]], "a weighted sum of the features"), where=where)
forward_A1 = Derivation("Hidden units", A1[v, i], (where[A1[v, i]], "the positive part"), where=where)
forward_Z2 = Derivation("Scores", Z2[c, i], (where[Z2[c, i]], "a weighted sum of the hidden units"), where=where)
forward_P = Derivation("Probabilities", P[c, i], (where[P[c, i]], "softmax of the scores"), where=where)
forward_J = Derivation(
    "The loss with its penalty",
    J,
    (L + R, "the loss on the data plus the penalty on large weights"),
    where=where,
    assumptions=one_class_each,
)

backward_dZ2 = Derivation(
    "Back through softmax and cross-entropy",
    dZ2[k, j],
    (Partial(J, Z2[k, j]), "the definition of `dZ2`"),
    (Partial(L, Z2[k, j]), "the penalty does not depend on the scores"),
    ((P[k, j] - Y[k, j]) / m, "softmax and cross-entropy"),
    where=where,
    assumptions=one_class_each,
)

backward_dW2 = Derivation(
    "Back to the second layer's weights",
    dW2[k, w],
    (
        sum_over(c, sum_over(i, dZ2[c, i] * Partial(Z2[c, i], W2[k, w]))) + Partial(R, W2[k, w]),
        "chain rule through `Z2`, and the penalty",
    ),
    (
        sum_over(c, sum_over(i, dZ2[c, i] * delta(c, k) * A1[w, i])) + lam * W2[k, w],
        "the affine layer, and the penalty's gradient",
    ),
    (sum_over(i, dZ2[k, i] * A1[w, i]) + lam * W2[k, w], "the delta picks out `c = k`"),
    where=where,
    assumptions=one_class_each,
)

backward_db2 = Derivation(
    "Back to the second layer's biases",
    db2[k, 0],
    (sum_over(c, sum_over(i, dZ2[c, i] * Partial(Z2[c, i], b2[k, 0]))), "chain rule: every example uses the same bias"),
    (sum_over(i, dZ2[k, i]), "bias `k` enters only the scores of class `k`"),
    where=where,
    assumptions=one_class_each,
)

backward_dA1 = Derivation(
    "Back to the hidden units",
    dA1[w, j],
    (sum_over(c, sum_over(i, dZ2[c, i] * Partial(Z2[c, i], A1[w, j]))), "chain rule through every score"),
    (sum_over(c, sum_over(i, dZ2[c, i] * W2[c, w] * delta(i, j))), "the affine layer"),
    (sum_over(c, W2[c, w] * dZ2[c, j]), "the delta picks out `i = j`"),
    where=where,
    assumptions=one_class_each,
)

backward_dZ1 = Derivation(
    "Back through ReLU",
    dZ1[w, j],
    (sum_over(v, sum_over(i, dA1[v, i] * Partial(A1[v, i], Z1[w, j]))), "chain rule through every activation"),
    (dA1[w, j] * step(Z1[w, j]), "the Jacobian is diagonal"),
    where=where,
    assumptions=one_class_each,
)

backward_dW1 = Derivation(
    "Back to the first layer's weights",
    dW1[w, t],
    (
        sum_over(v, sum_over(i, dZ1[v, i] * Partial(Z1[v, i], W1[w, t]))) + Partial(R, W1[w, t]),
        "chain rule through `Z1`, and the penalty",
    ),
    (
        sum_over(v, sum_over(i, dZ1[v, i] * delta(v, w) * X[t, i])) + lam * W1[w, t],
        "the affine layer, and the penalty's gradient",
    ),
    (sum_over(i, dZ1[w, i] * X[t, i]) + lam * W1[w, t], "the delta picks out `v = w`"),
    where=where,
    assumptions=one_class_each,
)

backward_db1 = Derivation(
    "Back to the first layer's biases",
    db1[w, 0],
    (sum_over(v, sum_over(i, dZ1[v, i] * Partial(Z1[v, i], b1[w, 0]))), "chain rule: every example uses the same bias"),
    (sum_over(i, dZ1[w, i]), "bias `w` enters only unit `w`, with slope 1"),
    where=where,
    assumptions=one_class_each,
)
