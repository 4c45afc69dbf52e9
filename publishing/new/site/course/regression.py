"""A straight line through points: the gradient of the mean squared error."""

from derivations import Derivation, Index, Partial, array, size, sum_over

m, n = size("m"), size("n")  # examples, features: any sizes
i, j = Index("i", m), Index("j", m)
u, v = Index("u", n), Index("v", n)

X, w = array("X", n, m), array("w", n, 1)
y, P = array("y", 1, m), array("P", 1, m)

where = {P[0, i]: sum_over(u, w[u, 0] * X[u, i])}
loss = sum_over(i, (P[0, i] - y[0, i]) ** 2) / m

gradient = Derivation(
    "The gradient with respect to the weights",
    Partial(loss, w[v, 0]),
    (
        sum_over(i, 2 * (P[0, i] - y[0, i]) * X[v, i]) / m,
        "the square's slope, times the slope of `P`",
    ),
    where=where,
)
