"""Softmax and cross-entropy: from the scores Z2 to the loss L, and back to dZ2.

Softmax turns the scores of an example into numbers that are positive and add up to 1. The loss is the mean, over the
examples, of -log of the number at the right class.
"""

from sympy import exp, log

from derivations.calculus import Partial, SumsToOne, array, delta, sum_over
from derivations.notation import Z2, C, L, P, Y, c, d, dZ2, i, k, m, network_notation, y
from derivations.proofs.derivation import Derivation

notation = network_notation

where = {
    P[k, i]: exp(Z2[k, i]) / sum_over(c, exp(Z2[c, i])),
    L: -sum_over(i, sum_over(c, Y[c, i] * log(P[c, i]))) / m,
    dZ2[k, i]: Partial(L, Z2[k, i]),
}
with_labels = where | {L: -sum_over(i, log(P[y(i), i])) / m}
one_class_each = SumsToOne("Y")

softmax = Derivation(
    "Softmax",
    P[k, i],
    (exp(Z2[k, i]) / sum_over(c, exp(Z2[c, i])), "each exponential, divided by the sum of all"),
    where=where,
)

probabilities_sum_to_one = Derivation(
    "The probabilities of an example add up to 1",
    sum_over(k, P[k, i]),
    (sum_over(k, exp(Z2[k, i])) / sum_over(c, exp(Z2[c, i])), "the denominator does not depend on `k`"),
    (1, "numerator and denominator are the same sum"),
    where=where,
)

s = array("s", m, 1)
softmax_shifted = Derivation(
    "Softmax does not change when all scores of an example are shifted",
    exp(Z2[k, i] - s[i, 0]) / sum_over(c, exp(Z2[c, i] - s[i, 0])),
    (
        exp(Z2[k, i]) * exp(-s[i, 0]) / sum_over(c, exp(Z2[c, i]) * exp(-s[i, 0])),
        "the exponential of a sum is a product",
    ),
    (exp(Z2[k, i]) / sum_over(c, exp(Z2[c, i])), "the factor is the same for each class, so it cancels"),
    (P[k, i], "the definition of softmax"),
    axes=(k, i),
    where=where,
)

loss = Derivation(
    "The loss, with the labels as a matrix",
    L,
    (-sum_over(i, sum_over(c, Y[c, i] * log(P[c, i]))) / m, "minus the mean log-probability of the right class"),
    where=where,
    assumptions=[one_class_each],
)

loss_two_forms = Derivation(
    "The loss in two forms",
    L,
    (
        -sum_over(i, log(exp(Z2[y(i), i]) / sum_over(c, exp(Z2[c, i])))) / m,
        "minus the mean log-probability of the right class",
    ),
    (
        -sum_over(i, Z2[y(i), i] - log(sum_over(c, exp(Z2[c, i])))) / m,
        "the log of a quotient is a difference, and log undoes exp",
    ),
    where=with_labels,
)

total = sum_over(c, exp(Z2[c, i]))
log_sum_exp = Derivation(
    "The derivative of log-sum-exp is softmax",
    Partial(log(total), Z2[k, i]),
    (Partial(total, Z2[k, i]) / total, "the derivative of log: one over its argument"),
    (exp(Z2[k, i]) / total, "one term of the sum has this score, and exp is its own derivative"),
    (P[k, i], "the definition of softmax"),
    where=where,
)

loss_by_labels = Derivation(
    "One-hot columns pick the right class",
    sum_over(c, delta(c, y(i)) * log(P[c, i])),
    (log(P[y(i), i]), "the delta is 1 at the right class only"),
    where=where,
)

dZ2_with_labels = Derivation(
    "The gradient with respect to the scores, with labels",
    dZ2[k, i],
    (Partial(L, Z2[k, i]), "the definition of `dZ2`"),
    (
        (-Partial(Z2[y(i), i], Z2[k, i]) + Partial(log(sum_over(c, exp(Z2[c, i]))), Z2[k, i])) / m,
        "the second form of the loss; only example `i` depends on this score",
    ),
    (
        (-delta(k, y(i)) + exp(Z2[k, i]) / sum_over(c, exp(Z2[c, i]))) / m,
        "the derivative of an entry is a delta, that of log-sum-exp is softmax",
    ),
    ((P[k, i] - delta(k, y(i))) / m, "the quotient is softmax"),
    where=with_labels,
)

dZ2_with_matrix = Derivation(
    "The gradient with respect to the scores",
    dZ2[k, i],
    (Partial(L, Z2[k, i]), "the definition of `dZ2`"),
    (-sum_over(c, Y[c, i] * Partial(log(P[c, i]), Z2[k, i])) / m, "only example `i` depends on this score"),
    (-sum_over(c, Y[c, i] * (delta(c, k) - P[k, i])) / m, "the log of softmax is the score minus log-sum-exp"),
    ((P[k, i] * sum_over(c, Y[c, i]) - Y[k, i]) / m, "the delta picks out class `k`"),
    ((P[k, i] - Y[k, i]) / m, "each column of `Y` sums to 1"),
    where=where,
    assumptions=[one_class_each],
)

first_loss = Derivation(
    "With equal scores the loss is log C",
    L,
    (
        -sum_over(i, sum_over(c, Y[c, i] * log(exp(s[i, 0]) / sum_over(d, exp(s[i, 0]))))) / m,
        "all scores of example `i` are the same number",
    ),
    (-sum_over(i, sum_over(c, Y[c, i] * log(1 / C))) / m, "each class gets the same probability, `1/C`"),
    (-sum_over(i, log(1 / C)) / m, "each column of `Y` sums to 1"),
    (log(C), "the mean of `m` equal numbers"),
    where=where | {Z2[k, i]: s[i, 0]},
    assumptions=[one_class_each],
    instances=[{"L": "L at zero weights"}],
)
