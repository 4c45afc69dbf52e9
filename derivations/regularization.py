"""L2 regularization: a price for large weights, R = lam/2 times the sum of their squares. Biases are free."""

from sympy import Symbol

from derivations.calculus import Partial, array, delta, sum_over
from derivations.notation import W1, W2, C, R, c, h, k, lam, n, network_notation, t, u, v, w
from derivations.proofs.derivation import Derivation

notation = network_notation

dR1, dR2 = array("dR1", h, n), array("dR2", C, h)  # the gradients of R with respect to W1 and W2

dL1 = array("dL1", h, n)  # that of the data's loss with respect to W1
eta = Symbol("eta", real=True)  # the learning rate

where = {
    R: lam / 2 * (sum_over((v, u), W1[v, u] ** 2) + sum_over((c, v), W2[c, v] ** 2)),
    dR1[v, u]: Partial(R, W1[v, u]),
    dR2[c, v]: Partial(R, W2[c, v]),
}

penalty = Derivation(
    "The penalty",
    R,
    (lam / 2 * (sum_over((v, u), W1[v, u] ** 2) + sum_over((c, v), W2[c, v] ** 2)), "the definition"),
    where=where,
)

R_by_W1 = Derivation(
    "The penalty pulls each weight of the first layer towards 0",
    dR1[w, t],
    (Partial(R, W1[w, t]), "the definition of `dR1`"),
    (lam / 2 * sum_over((v, u), 2 * W1[v, u] * delta(v, w) * delta(u, t)), "the derivative of a square"),
    (lam * W1[w, t], "the deltas pick out one entry; `2` cancels `1/2`"),
    where=where,
)

R_by_W2 = Derivation(
    "The penalty pulls each weight of the second layer towards 0",
    dR2[k, w],
    (Partial(R, W2[k, w]), "the definition of `dR2`"),
    (lam / 2 * sum_over((c, v), 2 * W2[c, v] * delta(c, k) * delta(v, w)), "the derivative of a square"),
    (lam * W2[k, w], "the deltas pick out one entry; `2` cancels `1/2`"),
    where=where,
)

decay = Derivation(
    "An update first makes each weight smaller by the same factor, then follows the data",
    W1[w, t] - eta * (dL1[w, t] + dR1[w, t]),
    (W1[w, t] - eta * (dL1[w, t] + lam * W1[w, t]), "the penalty's gradient is `lam W1`"),
    ((1 - eta * lam) * W1[w, t] - eta * dL1[w, t], "collect the two terms with the weight"),
    where=where,
)
