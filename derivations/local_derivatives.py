"""The local derivative on each edge of the network's graph: how one quantity changes with one that it is computed from.

The edge from Q to S has the derivative of each entry of S with respect to each entry of Q, with all other quantities
held. The chain rule multiplies these along a path, and adds up the paths.
"""

from derivations import regularization
from derivations.calculus import Partial, SumsToOne, delta, step, sum_over
from derivations.network import where
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
    i,
    j,
    k,
    m,
    network_notation,
    t,
    u,
    v,
    w,
)
from derivations.proofs.derivation import Derivation

notation = network_notation

Z1_by_X = Derivation(
    "The derivative of Z1 with respect to X",
    Partial(Z1[v, i], X[t, j]),
    (sum_over(u, W1[v, u] * Partial(X[u, i], X[t, j])), "`W1` does not depend on `X`"),
    (W1[v, t] * delta(i, j), "each entry depends only on itself"),
    where=where,
)

Z1_by_W1 = Derivation(
    "The derivative of Z1 with respect to W1",
    Partial(Z1[v, i], W1[w, t]),
    (sum_over(u, Partial(W1[v, u], W1[w, t]) * X[u, i]), "`X` does not depend on `W1`"),
    (delta(v, w) * X[t, i], "each entry depends only on itself"),
    where=where,
)

Z1_by_b1 = Derivation(
    "The derivative of Z1 with respect to b1",
    Partial(Z1[v, i], b1[w, 0]),
    (delta(v, w), "unit `v` has the bias `v` in every example"),
    where=where,
)

A1_by_Z1 = Derivation(
    "The derivative of A1 with respect to Z1",
    Partial(A1[v, i], Z1[w, j]),
    (step(Z1[v, i]) * Partial(Z1[v, i], Z1[w, j]), "the slope of ReLU is 1 above 0, else 0"),
    (step(Z1[v, i]) * delta(v, w) * delta(i, j), "each entry depends only on itself"),
    where=where,
)

Z2_by_W2 = Derivation(
    "The derivative of Z2 with respect to W2",
    Partial(Z2[c, i], W2[k, w]),
    (sum_over(v, Partial(W2[c, v], W2[k, w]) * A1[v, i]), "`A1` does not depend on `W2`"),
    (delta(c, k) * A1[w, i], "each entry depends only on itself"),
    where=where,
)

Z2_by_b2 = Derivation(
    "The derivative of Z2 with respect to b2",
    Partial(Z2[c, i], b2[k, 0]),
    (delta(c, k), "class `c` has the bias `c` in every example"),
    where=where,
)

Z2_by_A1 = Derivation(
    "The derivative of Z2 with respect to A1",
    Partial(Z2[c, i], A1[w, j]),
    (sum_over(v, W2[c, v] * Partial(A1[v, i], A1[w, j])), "`W2` does not depend on `A1`"),
    (W2[c, w] * delta(i, j), "each entry depends only on itself"),
    where=where,
)

P_by_Z2 = Derivation(
    "The derivative of P with respect to Z2",
    Partial(P[c, i], Z2[k, j]),
    (
        P[c, i] * (delta(c, k) - P[k, i]) * delta(i, j),
        "quotient rule: the numerator has one score, the denominator all of them",
    ),
    where=where,
)

L_by_P = Derivation(
    "The derivative of L with respect to P",
    Partial(L, P[k, j]),
    (-Y[k, j] / (m * P[k, j]), "one term of the sum has this entry; the derivative of `log(x)` is `1/x`"),
    where=where,
)

L_by_Z2 = Derivation(
    "The derivative of L with respect to Z2, through P",
    Partial(L, Z2[k, j]),
    (
        sum_over(c, Partial(L, P[c, j]) * Partial(P[c, j], Z2[k, j])),
        "chain rule: a score acts through every probability of its example",
    ),
    (sum_over(c, -Y[c, j] / m * (delta(c, k) - P[k, j])), "the two derivatives multiplied: the probability cancels"),
    ((P[k, j] - Y[k, j]) / m, "the delta picks out `c = k`; each column of `Y` sums to 1"),
    where=where,
    assumptions=[SumsToOne("Y")],
)

# The chapter on regularization derives these two, from the gradient's definition on.
R_by_W1 = Derivation(
    "The derivative of R with respect to W1", Partial(R, W1[w, t]), *regularization.R_by_W1.steps[1:], where=where
)
R_by_W2 = Derivation(
    "The derivative of R with respect to W2", Partial(R, W2[k, w]), *regularization.R_by_W2.steps[1:], where=where
)

J_by_L = Derivation(
    "The derivative of J with respect to L",
    Partial(J, L),
    (1, "`J` is `L` plus what does not depend on it"),
    where=where,
)

J_by_R = Derivation(
    "The derivative of J with respect to R",
    Partial(J, R),
    (1, "`J` is `R` plus what does not depend on it"),
    where=where,
)
