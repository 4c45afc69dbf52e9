"""Statements that are often made about backpropagation and are wrong; a blog post of 2018 makes all of these.

The post: "Understanding formulas for backpropogation", which derives the gradients of the network that this project
is about. Each statement is expected to fail, with a counterexample that is found, not given.
"""

from sympy import exp, log

from derivations.calculus import Partial, SumsToOne, array, delta, relu, step, sum_over
from derivations.notation import Z1, Z2, L, P, c, h, i, k, m, n, network_notation, t, u, v, w, y
from derivations.proofs.misconception import Misconception
from derivations.softmax_cross_entropy import where as softmax
from derivations.softmax_cross_entropy import with_labels

notation = network_notation

loss_with_plus = Misconception(
    "E1",
    "The loss of an example is -1/m (Z_y + log of the sum of e^Z).",
    L,
    -sum_over(i, Z2[y(i), i] + log(sum_over(c, exp(Z2[c, i])))) / m,
    correction="It is -1/m (Z_y - log of the sum of e^Z): the log of a quotient is a difference. "
    "With all scores 0 each example's share is wrong by 2 log(C) / m.",
    where=with_labels,
)

s = array("s", m, 1)
first_loss_by_examples = Misconception(
    "E2",
    "The first loss is about -log(1/m), with m the number of training examples.",
    L,
    -log(1 / m),
    correction="It is about -log(1/C), with C the number of classes: log 3 = 1.0986 for three classes. "
    "For 300 examples the rule would say 5.70.",
    where=softmax | {Z2[k, i]: s[i, 0]},
    assumptions=[SumsToOne("Y")],
)

relu_on_scores = Misconception(
    "E3",
    "A = ReLU(Z) holds for every layer but the input, so for the scores too.",
    P[k, i],
    exp(relu(Z2[k, i])) / sum_over(c, exp(relu(Z2[c, i]))),
    correction="The last layer's scores go to softmax as they are; ReLU would make all negative scores equal.",
    axes=(k, i),
    where=softmax,
)

A, W, b, Z = array("A", n, m), array("W", h, n), array("b", h, 1), array("Z", h, m)
affine = {Z[v, i]: sum_over(u, W[v, u] * A[u, i]) + b[v, 0]}

Z_by_A_is_identity = Misconception(
    "E4",
    "The derivative of Z with respect to A is W, the identity matrix.",
    W[v, u],
    delta(v, w),
    correction="It is W, once for each example, and W is not the identity: in general it isn't even square. "
    "The chain rule needs its transpose.",
    axes=(v, u),
    right_axes=(v, w),
)

square = array("W", h, h)
Z_by_A_is_identity_if_square = Misconception(
    "E4",
    "The derivative of Z with respect to A is W, the identity matrix, at least where W is square.",
    square[v, w],
    delta(v, w),
    correction="A square W is not the identity either.",
    axes=(v, w),
)

Z_by_W_is_A_transposed = Misconception(
    "E5",
    "The derivative of Z with respect to W is the transpose of A.",
    Partial(Z[v, i], W[w, t]),
    A[t, i],
    correction="It is an array with four indices, a Kronecker delta times A. "
    "The transpose of A appears when the gradient from above is contracted with it.",
    axes=(v, i, w, t),
    right_axes=(i, t),
    where=affine,
)

D, K, mask = array("D", m, h), array("K", h, h), array("mask", 1, h)
jacobian_product_of_a_batch = Misconception(
    "E8",
    "Where the Jacobian is diagonal, (100 x 1000)(1000 x 1000) is (1 x 1000) times (1 x 1000), elementwise.",
    sum_over(w, D[i, w] * K[w, v]),
    D[i, v] * mask[0, v],
    correction="The product has 100 rows, one for each example. "
    "The mask of a batch has the batch's shape: each example has a different diagonal.",
    axes=(i, v),
    right_axes=(1, v),
)

relu_has_slope_at_zero = Misconception(
    "E9",
    "ReLU's Jacobian has 0 and 1 on its diagonal, so ReLU has a derivative everywhere: "
    "the slopes from the left and from the right agree.",
    step(Z1[v, i]),
    1 - step(-Z1[v, i]),
    correction="At 0 the slope from the left is 0 and from the right 1: there is no derivative. "
    "The code chooses 0, by `Z1 > 0`; a convention that has to be stated.",
    axes=(v, i),
)
