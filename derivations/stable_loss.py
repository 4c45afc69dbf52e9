"""The loss of one example, measured from one of its scores, so that nothing overflows and nothing cancels.

On a computer k is the class with the largest score. Then no exponential exceeds 1, and neither the difference of the
scores nor the logarithm of 1 plus something is negative.
"""

from sympy import exp, log

from derivations.calculus import delta, sum_over
from derivations.notation import Z2, c, i, k, network_notation, y
from derivations.proofs.derivation import Derivation

notation = network_notation

loss_from_a_score = Derivation(
    "The loss of an example, measured from the score of class k",
    -log(exp(Z2[y(i), i]) / sum_over(c, exp(Z2[c, i]))),
    (log(sum_over(c, exp(Z2[c, i]))) - Z2[y(i), i], "the log of a quotient is a difference, and log undoes exp"),
    (
        Z2[k, i] - Z2[y(i), i] + log(sum_over(c, exp(Z2[c, i] - Z2[k, i]))),
        "take the common factor out of the sum, then out of the log",
    ),
    (
        Z2[k, i] - Z2[y(i), i] + log(1 + sum_over(c, (1 - delta(c, k)) * exp(Z2[c, i] - Z2[k, i]))),
        "class `k` itself contributes 1: the sum is over the others",
    ),
    axes=(k, i),
)
