"""The whole network: all four gradients by the chain rule, each proven equal to differentiating the loss directly.

The loss J is a function of the parameters through the definitions below and nothing else. In each chain the first
link carries the weight: on its left J is differentiated through all its definitions at once, on its right the layers'
results are put together. The affine layer's links are those of its chapter, with each layer's names in them; the
penalty's share is added here. That they hold from J on is proven here, not taken over.
"""

from collections.abc import Mapping

from sympy import Expr, exp, log

from derivations import affine
from derivations.calculus import Partial, SumsToOne, relu, step, sum_over
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
from derivations.proofs.instance import instance

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


def back(rule: Derivation, title: str, gradient: Expr, names: Mapping[str, str]) -> Derivation:
    """What the chapter on the affine layer derives from a given dZ, with this network's names, and started from J."""
    return instance(rule, title, gradient, names, where, one_class_each)


def penalized(data: Derivation, weights: Expr) -> Derivation:
    """The same chain, with the penalty's share on each line."""
    (chain, through), (deltas, layer), (result, picked) = data.steps
    return Derivation(
        data.title,
        data.start,
        (chain + Partial(R, weights), f"{through}, and the penalty"),
        (deltas + lam * weights, f"{layer}, and the penalty's gradient"),
        (result + lam * weights, picked),
        where=where,
        assumptions=one_class_each,
    )


first, second = affine.layers

backward_dW2 = penalized(back(affine.dW_contracted, "Back to the second layer's weights", dW2[k, w], second), W2[k, w])

backward_db2 = back(affine.db_contracted, "Back to the second layer's biases", db2[k, 0], second)

backward_dA1 = back(affine.dA_contracted, "Back to the hidden units", dA1[w, j], second)

backward_dZ1 = Derivation(
    "Back through ReLU",
    dZ1[w, j],
    (sum_over(v, sum_over(i, dA1[v, i] * Partial(A1[v, i], Z1[w, j]))), "chain rule through every activation"),
    (dA1[w, j] * step(Z1[w, j]), "the Jacobian is diagonal"),
    where=where,
    assumptions=one_class_each,
)

backward_dW1 = penalized(back(affine.dW_contracted, "Back to the first layer's weights", dW1[w, t], first), W1[w, t])

backward_db1 = back(affine.db_contracted, "Back to the first layer's biases", db1[w, 0], first)

# The local derivative on each edge of the graph, and on the one from Z2 to L where P is left out: local["Z1_by_W1"].
graph = Graph(J, where)
local = local_derivatives(
    [*graph.edges, graph.without("P").edge("Z2", "L")],
    where,
    wrt=(X[t, j], W1[w, t], b1[w, 0], Z1[w, j], A1[w, j], W2[k, w], b2[k, 0], Z2[k, j], P[k, j], L, R),
    assumptions=one_class_each,
)
