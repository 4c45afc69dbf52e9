"""Statements from textbooks and papers, and false ones beside them that look alike.

Each is an equation for every size. A true one must be proven, a false one refuted; `benchmarks` measures how long each
takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr, Function, Mul, Rational, S, Symbol, erf, exp, log, pi, sign, sqrt, tanh

from derivations.calculus import (
    Assumption,
    Definitions,
    Index,
    Local,
    Partial,
    Positive,
    SumsToOne,
    absolute,
    array,
    delta,
    label,
    relu,
    sigmoid,
    size,
    softplus,
    step,
    sum_over,
)
from derivations.proofs import Equation

__all__ = ["FALSE", "TRUE"]

m, n, h, C, K = (size(name) for name in ("m", "n", "h", "C", "K"))
i, j = Index("i", m), Index("j", m)
u, t, r = Index("u", n), Index("t", n), Index("r", n)
v, w = Index("v", h), Index("w", h)
c, d, k = Index("c", C), Index("d", C), Index("k", C)
a, b = Index("a", K), Index("b", K)
X, Y, Z, P = array("X", n, m), array("Y", C, m), array("Z", C, m), array("P", C, m)
W, B, G = array("W", C, n), array("B", C), array("G", C, m)
A, Q, E = array("A", n, n), array("Q", m, n), array("E", C, n)
q, x = array("q", n), array("x", n)
z, y, beta, mu, lam = (Symbol(name, real=True) for name in ("z", "y", "beta", "mu", "lam"))
eps, sigma = Symbol("eps", positive=True), Symbol("sigma", positive=True)
p = Symbol("p", positive=True)
L = Symbol("L", real=True)
labels = label("y", C)


def stated(
    left: Expr | int,
    right: Expr | int,
    axes: tuple[Index, ...] = (),
    where: Definitions | None = None,
    assumptions: Iterable[Assumption] = (),
) -> Equation:
    return Equation(S(left), S(right), axes, where=where or {}, assumptions=tuple(assumptions))


def product_of(factors: Iterable[Expr]) -> Expr:
    return Mul(*factors, evaluate=False)


# Functions of one number

logistic = 1 / (1 + exp(-z))
tanh_by_exp = (exp(z) - exp(-z)) / (exp(z) + exp(-z))
gelu = z * (1 + erf(z / sqrt(2))) / 2
inner = sqrt(2 / pi) * (z + Rational(44715, 10**6) * z**3)
gelu_by_tanh = z * (1 + tanh(inner)) / 2
A1 = Symbol("A1", real=True)
is_logistic = {A1: logistic}
scores = array("z", 8)
eight = [1 / (1 + exp(-scores[number])) for number in range(8)]

FUNCTIONS: Mapping[str, Equation] = {
    "the sigmoid's derivative": stated(Partial(A1, z), A1 * (1 - A1), where=is_logistic),
    "the sigmoid's derivative as a function": stated(Partial(sigmoid(z), z), sigmoid(z) * (1 - sigmoid(z))),
    "the sigmoid mirrored": stated(sigmoid(-z), 1 - sigmoid(z)),
    "SiLU": stated(Partial(z * sigmoid(z), z), sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "Swish by its parameter": stated(
        Partial(z * sigmoid(beta * z), beta), z**2 * sigmoid(beta * z) * (1 - sigmoid(beta * z))
    ),
    "tanh by exponentials": stated(tanh(z), tanh_by_exp),
    "tanh by the sigmoid": stated(tanh(z), 2 * sigmoid(2 * z) - 1),
    "the derivative of tanh by exponentials": stated(Partial(tanh_by_exp, z), 1 - tanh_by_exp**2),
    "softplus": stated(Partial(softplus(z), z), sigmoid(z)),
    "softplus mirrored": stated(softplus(z) - softplus(-z), z),
    "log-cosh": stated(Partial(log(exp(z) + exp(-z)), z), tanh(z)),
    "GELU": stated(Partial(gelu, z), (1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2) / 2) / sqrt(2 * pi)),
    "GELU by tanh": stated(
        Partial(gelu_by_tanh, z),
        (1 + tanh(inner)) / 2 + z / 2 * (1 - tanh(inner) ** 2) * sqrt(2 / pi) * (1 + 3 * Rational(44715, 10**6) * z**2),
    ),
    "ReLU and its mirror image": stated(relu(z) - relu(-z), z),
    "|z| by ReLU": stated(relu(z) + relu(-z), absolute(z)),
    "the maximum is symmetric": stated(relu(y - z) + z, relu(z - y) + y),
    "the hinge loss": stated(Partial(relu(1 - y * z), z), -y * step(1 - y * z)),
    "the square of |z|": stated(absolute(z) ** 2, z**2),
    "partial fractions": stated(1 / (p * (p + 1)), 1 / p - 1 / (p + 1)),
    "the product of eight sigmoid derivatives": stated(
        product_of(output * (1 - output) for output in eight),
        product_of(exp(-scores[number]) / (1 + exp(-scores[number])) ** 2 for number in range(8)),
    ),
    "any activation": stated(
        Partial(Function("f")(beta * z) ** 2, z), 2 * beta * Function("f")(beta * z) * Function("f'")(beta * z)
    ),
    "the focal loss": stated(Partial(-((1 - p) ** 2) * log(p), p), 2 * (1 - p) * log(p) - (1 - p) ** 2 / p),
    "the Poisson loss": stated(Partial(exp(z) - y * z, z), exp(z) - y),
    "the normal loss by its deviation": stated(
        Partial((y - mu) ** 2 / (2 * sigma**2) + log(sigma), sigma), (sigma**2 - (y - mu) ** 2) / sigma**3
    ),
    "direct preferences": stated(Partial(-log(sigmoid(beta * (z - y))), z), -beta * sigmoid(-beta * (z - y))),
    "a gated unit": stated(Partial(y * sigmoid(z), z), y * sigmoid(z) * sigmoid(-z)),
}

# Losses

S_ = sum_over(d, exp(Z[d, i]))
softmax = exp(Z[c, i]) / S_
is_softmax = {P[c, i]: softmax}
cross_entropy = {**is_softmax, L: -sum_over((c, i), Y[c, i] * log(P[c, i])) / m}
smoothed = (1 - eps) * Y[c, i] + eps / C
entropy = array("H", m)
is_entropy = {**is_softmax, entropy[i]: -sum_over(c, P[c, i] * log(P[c, i]))}
one_hot = SumsToOne("Y")
binary = {A1: logistic, L: -y * log(A1) - (1 - y) * log(1 - A1)}

LOSSES: Mapping[str, Equation] = {
    "binary cross-entropy": stated(Partial(L, z), A1 - y, where=binary),
    "binary cross-entropy of scores": stated(Partial(softplus(z) - y * z, z), sigmoid(z) - y),
    "softmax sums to one": stated(sum_over(c, softmax), 1, (i,)),
    "softmax doesn't see a shift": stated(softmax, exp(Z[c, i] - z) / sum_over(d, exp(Z[d, i] - z)), (c, i)),
    "the log of softmax": stated(log(softmax), Z[c, i] - log(S_), (c, i)),
    "softmax's Jacobian": stated(
        Partial(P[c, i], Z[k, j]), delta(i, j) * P[c, i] * (delta(c, k) - P[k, i]), (c, k, i, j), is_softmax
    ),
    "softmax's Hessian": stated(
        Partial(Partial(P[c, i], Z[d, i]), Z[k, i]),
        P[c, i] * ((delta(c, d) - P[d, i]) * (delta(c, k) - P[k, i]) - P[d, i] * (delta(d, k) - P[k, i])),
        (c, d, k, i),
        is_softmax,
    ),
    "the Hessian of log-sum-exp": stated(
        Partial(Partial(log(S_), Z[c, i]), Z[k, i]), P[c, i] * (delta(c, k) - P[k, i]), (c, k, i), is_softmax
    ),
    "cross-entropy": stated(Partial(L, Z[k, i]), (P[k, i] - Y[k, i]) / m, (k, i), cross_entropy, [one_hot]),
    "cross-entropy with labels": stated(
        Partial(L, Z[k, j]), P[k, j] - delta(k, labels(j)), (k, j),
        {**is_softmax, L: -sum_over(i, log(P[labels(i), i]))},
    ),
    "label smoothing": stated(
        Partial(L, Z[k, i]), P[k, i] - (1 - eps) * Y[k, i] - eps / C, (k, i),
        {**is_softmax, L: -sum_over((c, i), smoothed * log(P[c, i]))}, [one_hot],
    ),
    "Kullback-Leibler": stated(
        Partial(L, Z[k, i]), P[k, i] - Y[k, i], (k, i),
        {**is_softmax, L: sum_over((c, i), Y[c, i] * log(Y[c, i] / P[c, i]))}, [one_hot, Positive("Y")],
    ),
    "the gradient of the entropy": stated(
        Partial(entropy[i], Z[k, i]), -P[k, i] * (log(P[k, i]) + entropy[i]), (k, i), is_entropy
    ),
    "the z-loss": stated(Partial(log(S_) ** 2, Z[k, i]), 2 * log(S_) * P[k, i], (k, i), is_softmax),
    "mean squared error": stated(
        Partial(L, W[k, t]), sum_over(i, (sum_over(u, W[k, u] * X[u, i]) - Y[k, i]) * X[t, i]) / m, (k, t),
        {L: sum_over((c, i), (sum_over(u, W[c, u] * X[u, i]) - Y[c, i]) ** 2) / (2 * m)},
    ),
    "the Hessian of the squared error": stated(
        Partial(Partial(L, W[k, t]), W[d, r]), delta(k, d) * sum_over(i, X[t, i] * X[r, i]) / m, (k, t, d, r),
        {L: sum_over((c, i), (sum_over(u, W[c, u] * X[u, i]) - Y[c, i]) ** 2) / (2 * m)},
    ),
    "L1 by the sign": stated(Partial(sum_over((c, u), absolute(W[c, u])), W[k, t]), sign(W[k, t]), (k, t)),
    "weight decay": stated(Partial(lam / 2 * sum_over((c, u), W[c, u] ** 2), W[k, t]), lam * W[k, t], (k, t)),
}  # fmt: skip

# Layers: L is the sum of the outputs times G, so that dL/dX is what comes back for an upstream gradient G

is_affine = {
    Z[c, i]: sum_over(u, W[c, u] * X[u, i]) + B[c],
    L: sum_over((c, i), G[c, i] * Z[c, i]),
}
D, N, dN = array("D", n, m), array("N", n, m), array("dN", n, m)
mean_of_features, rms = array("M", m), array("V", m)
layer_norm = {
    mean_of_features[i]: sum_over(u, X[u, i]) / n,
    D[u, i]: X[u, i] - mean_of_features[i],
    rms[i]: sqrt(sum_over(u, D[u, i] ** 2) / n + eps),
    N[u, i]: D[u, i] / rms[i],
    L: sum_over((u, i), dN[u, i] * N[u, i]),
}
mean_of_batch, deviation = array("M", n), array("V", n)
batch_norm = {
    mean_of_batch[u]: sum_over(i, X[u, i]) / m,
    D[u, i]: X[u, i] - mean_of_batch[u],
    deviation[u]: sqrt(sum_over(i, D[u, i] ** 2) / m + eps),
    N[u, i]: D[u, i] / deviation[u],
    L: sum_over((u, i), dN[u, i] * N[u, i]),
}
weight = array("g", n)
rms_norm = {
    rms[i]: sqrt(sum_over(u, X[u, i] ** 2) / n + eps),
    N[u, i]: weight[u] * X[u, i] / rms[i],
    L: sum_over((u, i), dN[u, i] * N[u, i]),
}
query, key, value = array("Q", m, n), array("K", m, n), array("V", m, h)
scaled, attended, output, dO = array("S", m, m), array("A", m, m), array("O", m, h), array("dO", m, h)
e = Index("e", m)
attention = {
    scaled[i, j]: sum_over(u, query[i, u] * key[j, u]) / sqrt(n),
    attended[i, j]: exp(scaled[i, j]) / sum_over(e, exp(scaled[i, e])),
    output[i, v]: sum_over(j, attended[i, j] * value[j, v]),
    L: sum_over((i, v), dO[i, v] * output[i, v]),
}
dA = sum_over(v, dO[i, v] * value[j, v])
dA_l = sum_over(v, dO[i, v] * value[e, v])
dS = attended[i, j] * (dA - sum_over(e, attended[i, e] * dA_l))
first, second, rotated, turned = (array(name, n) for name in ("x", "y", "p", "q"))
cosine, sine, d_rotated, d_turned = (array(name, n) for name in ("c", "s", "dp", "dq"))
rope = {
    rotated[u]: first[u] * cosine[u] - second[u] * sine[u],
    turned[u]: first[u] * sine[u] + second[u] * cosine[u],
    L: sum_over(u, d_rotated[u] * rotated[u] + d_turned[u] * turned[u]),
}
left, right = array("x", n), array("y", n)
of_left, of_right = sqrt(sum_over(u, left[u] ** 2)), sqrt(sum_over(u, right[u] ** 2))
dot = sum_over(u, left[u] * right[u])
cosine_similarity = dot / (of_left * of_right)
U, U2, H, R = array("U", h, n), array("U2", n, h), array("H", h, m), array("R", n, m)
residual = {
    rms[i]: sqrt(sum_over(u, X[u, i] ** 2) / n + eps),
    N[u, i]: weight[u] * X[u, i] / rms[i],
    H[v, i]: sum_over(u, U[v, u] * N[u, i]),
    R[u, i]: X[u, i] + sum_over(v, U2[u, v] * H[v, i] * sigmoid(H[v, i])),
    L: sum_over((u, i), dN[u, i] * R[u, i]),
}
dH = sum_over(r, U2[r, v] * dN[r, i]) * sigmoid(H[v, i]) * (1 + H[v, i] * (1 - sigmoid(H[v, i])))
dN_hidden = sum_over(v, U[v, t] * dH)
dN_other = sum_over(v, U[v, u] * dH)
heads = array("T", K, m, n)
other_heads = array("S", K, m, n)

LAYERS: Mapping[str, Equation] = {
    "affine: dW": stated(Partial(L, W[k, t]), sum_over(i, G[k, i] * X[t, i]), (k, t), is_affine),
    "affine: db": stated(Partial(L, B[k]), sum_over(i, G[k, i]), (k,), is_affine),
    "affine: dX": stated(Partial(L, X[t, j]), sum_over(c, W[c, t] * G[c, j]), (t, j), is_affine),
    "layer normalization": stated(
        Partial(L, X[t, j]),
        (dN[t, j] - sum_over(u, dN[u, j]) / n - N[t, j] * sum_over(u, dN[u, j] * N[u, j]) / n) / rms[j],
        (t, j), layer_norm,
    ),
    "batch normalization": stated(
        Partial(L, X[t, j]),
        (dN[t, j] - sum_over(i, dN[t, i]) / m - N[t, j] * sum_over(i, dN[t, i] * N[t, i]) / m) / deviation[t],
        (t, j), batch_norm,
    ),
    "RMS normalization": stated(
        Partial(L, X[t, j]),
        weight[t] * dN[t, j] / rms[j] - X[t, j] * sum_over(u, dN[u, j] * weight[u] * X[u, j]) / (n * rms[j] ** 3),
        (t, j), rms_norm,
    ),
    "RMS normalization's weight": stated(
        Partial(L, weight[t]), sum_over(i, dN[t, i] * X[t, i] / rms[i]), (t,), rms_norm
    ),
    "attention: dV": stated(
        Partial(L, value[j, v]), sum_over(i, attended[i, j] * dO[i, v]), (j, v), attention
    ),
    "attention: dS": stated(Partial(L, scaled[i, j]), dS, (i, j), attention),
    "attention: dQ": stated(
        Partial(L, query[i, t]), sum_over(j, dS * key[j, t]) / sqrt(n), (i, t), attention
    ),
    "attention: dK": stated(
        Partial(L, key[j, t]), sum_over(i, dS * query[i, t]) / sqrt(n), (j, t), attention
    ),
    "rotary positions": stated(
        Partial(L, first[t]), d_rotated[t] * cosine[t] + d_turned[t] * sine[t], (t,), rope
    ),
    "cosine similarity": stated(
        Partial(cosine_similarity, left[t]),
        right[t] / (of_left * of_right) - cosine_similarity * left[t] / of_left**2, (t,),
    ),
    "a pre-norm residual block with SiLU": stated(
        Partial(L, X[t, i]),
        dN[t, i] + weight[t] * dN_hidden / rms[i]
        - X[t, i] * sum_over(u, weight[u] * dN_other * X[u, i]) / (n * rms[i] ** 3),
        (t, i), residual,
    ),
    "embedding": stated(
        Partial(sum_over((i, u), Q[i, u] * E[labels(i), u]), E[k, t]),
        sum_over(i, delta(k, labels(i)) * Q[i, t]), (k, t),
    ),
    "heads of attention": stated(
        Partial(sum_over((a, i, j), sum_over(u, heads[a, i, u] * other_heads[a, j, u]) ** 2) / 2, heads[b, e, t]),
        sum_over(j, sum_over(u, heads[b, e, u] * other_heads[b, j, u]) * other_heads[b, j, t]), (b, e, t),
    ),
    "along one edge": stated(
        Local(L, X[t, j]), sum_over(c, W[c, t] * G[c, j]), (t, j),
        {L: sum_over((c, i), G[c, i] * sum_over(u, W[c, u] * X[u, i])), G[c, i]: X[0, i] * Y[c, i]},
    ),
}  # fmt: skip

# Sums and matrices


def power_of_sum(names: str) -> Expr:
    return product_of(sum_over(Index(name, n), x[Index(name, n)]) for name in names)


def closed_walk(order: list[int]) -> Expr:
    """The trace of the twelfth power, its indices named and its factors written in this order."""
    walk = [Index(f"w{number}", n) for number in order]
    factors = [A[walk[number], walk[(number + 1) % 12]] for number in range(12)]
    return sum_over(tuple(sorted(walk, key=str)), product_of(reversed(factors)))


centred = x[u] - sum_over(t, x[t]) / n

MATRICES: Mapping[str, Equation] = {
    "the twelfth power of a sum": stated(power_of_sum("abcdefghijkl"), sum_over(u, x[u]) ** 12),
    "the trace of a twelfth power": stated(
        closed_walk(list(range(12))), closed_walk([5, 3, 8, 0, 11, 2, 7, 10, 1, 4, 9, 6])
    ),
    "the trace of a product": stated(sum_over((u, t), A[u, t] * A[t, u]), sum_over((t, r), A[r, t] * A[t, r])),
    "a quadratic form": stated(
        Partial(sum_over((u, t), x[u] * A[u, t] * x[t]), x[r]), sum_over(t, (A[r, t] + A[t, r]) * x[t]), (r,)
    ),
    "the gradient of a trace": stated(Partial(sum_over((u, t), A[u, t] * A[t, u]), A[r, u]), 2 * A[u, r], (r, u)),
    "centring twice": stated(centred - sum_over(u, centred) / n, centred, (u,)),
    "the variance": stated(sum_over(u, centred**2) / n, sum_over(u, x[u] ** 2) / n - (sum_over(u, x[u]) / n) ** 2),
    "partial fractions under a sum": stated(
        sum_over(u, 1 / (exp(x[u]) * (exp(x[u]) + 1))), sum_over(u, exp(-x[u])) - sum_over(t, 1 / (exp(x[t]) + 1))
    ),
    "a weighted mean of ones": stated(
        sum_over((u, t), q[u] * exp(A[u, t]) / sum_over(r, exp(A[u, r]))), sum_over(u, q[u])
    ),
    "the length of a vector": stated(
        Partial(sqrt(sum_over(u, x[u] ** 2)), x[t]), x[t] / sqrt(sum_over(u, x[u] ** 2)), (t,)
    ),
}

TRUE: Mapping[str, Equation] = {**FUNCTIONS, **LOSSES, **LAYERS, **MATRICES}


# What is false


def neighbour(name: str, right: Expr | int) -> Equation:
    """A true statement with another right side."""
    true = TRUE[name]
    return Equation(true.left, S(right), true.axes, where=true.where, assumptions=true.assumptions)


def without_assumptions(name: str) -> Equation:
    true = TRUE[name]
    return Equation(true.left, true.right, true.axes, where=true.where)


FALSE: Mapping[str, Equation] = {
    "the sigmoid's derivative of its input": neighbour("the sigmoid's derivative", z * (1 - z)),
    "the sigmoid mirrored is negative": neighbour("the sigmoid mirrored", -sigmoid(z)),
    "SiLU, a factor forgotten": neighbour("SiLU", sigmoid(z) * (1 + z * sigmoid(z))),
    "SiLU, z forgotten": neighbour("SiLU", sigmoid(z) * (2 - sigmoid(z))),
    "tanh by the sigmoid of z": neighbour("tanh by the sigmoid", 2 * sigmoid(z) - 1),
    "tanh', not squared": neighbour("the derivative of tanh by exponentials", 1 - tanh_by_exp),
    "GELU, the root of pi forgotten": neighbour("GELU", (1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2) / 2) / sqrt(2)),
    "GELU by tanh is GELU": stated(gelu_by_tanh, gelu),
    "ReLU is |z|": neighbour("|z| by ReLU", z),
    "the hinge's sign": neighbour("the hinge loss", y * step(1 - y * z)),
    "partial fractions, the sign": neighbour("partial fractions", 1 / p + 1 / (p + 1)),
    "seven sigmoid derivatives for eight": neighbour(
        "the product of eight sigmoid derivatives", product_of(output * (1 - output) for output in eight[:7])
    ),
    "the deviation's cube": neighbour("the normal loss by its deviation", (sigma**2 - (y - mu) ** 2) / sigma**2),
    "direct preferences, the other sigmoid": neighbour("direct preferences", -beta * sigmoid(beta * (z - y))),
    "binary cross-entropy, the sign": neighbour("binary cross-entropy", y - A1),
    "softmax's Jacobian, diagonal alone": neighbour(
        "softmax's Jacobian", delta(i, j) * delta(c, k) * P[c, i] * (1 - P[c, i])
    ),
    "softmax's Hessian, a term forgotten": neighbour(
        "softmax's Hessian", P[c, i] * (delta(c, d) - P[d, i]) * (delta(c, k) - P[k, i])
    ),
    "cross-entropy, not averaged": neighbour("cross-entropy", P[k, i] - Y[k, i]),
    "cross-entropy of targets that don't sum to one": without_assumptions("cross-entropy"),
    "label smoothing, all of eps": neighbour("label smoothing", P[k, i] - (1 - eps) * Y[k, i] - eps),
    "the gradient of the entropy, H forgotten": neighbour("the gradient of the entropy", -P[k, i] * log(P[k, i])),
    "L1 by |W|": neighbour("L1 by the sign", absolute(W[k, t])),
    "affine: dW of one example": neighbour("affine: dW", G[k, 0] * X[t, 0]),
    "affine: dX, summed over the examples too": neighbour("affine: dX", sum_over((c, i), W[c, t] * G[c, i])),
    "layer normalization, the mean forgotten": neighbour(
        "layer normalization", (dN[t, j] - N[t, j] * sum_over(u, dN[u, j] * N[u, j]) / n) / rms[j]
    ),
    "batch normalization over features": neighbour(
        "batch normalization",
        (dN[t, j] - sum_over(u, dN[u, j]) / n - N[t, j] * sum_over(i, dN[t, i] * N[t, i]) / m) / deviation[t],
    ),
    "RMS normalization, the weight forgotten": neighbour(
        "RMS normalization",
        weight[t] * dN[t, j] / rms[j] - X[t, j] * sum_over(u, dN[u, j] * X[u, j]) / (n * rms[j] ** 3),
    ),
    "attention: dQ, not scaled": neighbour("attention: dQ", sum_over(j, dS * key[j, t])),
    "attention: dK with the key": neighbour("attention: dK", sum_over(i, dS * key[i, t]) / sqrt(n)),
    "rotary positions, turned back": neighbour("rotary positions", d_rotated[t] * cosine[t] - d_turned[t] * sine[t]),
    "cosine similarity, one term": neighbour("cosine similarity", right[t] / (of_left * of_right)),
    "a residual block without its residual": neighbour(
        "a pre-norm residual block with SiLU",
        weight[t] * dN_hidden / rms[i] - X[t, i] * sum_over(u, weight[u] * dN_other * X[u, i]) / (n * rms[i] ** 3),
    ),
    "the eleventh power of a sum": neighbour("the twelfth power of a sum", sum_over(u, x[u]) ** 11),
    "a quadratic form of a symmetric matrix": neighbour("a quadratic form", 2 * sum_over(t, A[r, t] * x[t])),
    "the gradient of a trace, transposed": neighbour("the gradient of a trace", 2 * A[r, u]),
    "the variance is the mean square": neighbour("the variance", sum_over(u, x[u] ** 2) / n),
}
