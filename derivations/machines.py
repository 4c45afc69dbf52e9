"""Many machines: examples, features or hidden units are dealt out, and what comes back is put together again.

Who has what is a matrix of zeros and ones with a row for each example and a column for each machine, and one 1 in each
row. So all ways of dealing out are covered at once, even and uneven ones, for any number of machines.
"""

from derivations.calculus import Index, SumsToOne, array, size, sum_over
from derivations.calculus.writers.notation import Notation, Typeset
from derivations.notation import h, i, lam, m, n, network_notation, u, v
from derivations.proofs.derivation import Derivation
from derivations.proofs.misconception import Misconception

K = size("K")
r, s = Index("r", K), Index("s", K)

NAMES = {"count": r"\mathrm{count}", "part": r"\mathrm{part}"}


def _typeset(name: str) -> Typeset:
    return Typeset(NAMES[name]) if name in NAMES else network_notation.typeset(name)


notation = Notation(_typeset, network_notation.rank, partial=r"\partial", named_sizes=(m,))

G, g, w = array("G", h, m), array("g", h, 1), array("w", h, 1)
S, count, part = array("S", m, K), array("count", K, 1), array("part", h, K)
F, W, A, Z = array("F", n, K), array("W", h, n), array("A", n, m), array("Z", h, m)
H, dA, dZ = array("H", h, K), array("dA", n, m), array("dZ", h, m)

examples = {
    g[v, 0]: sum_over(i, G[v, i]) / m,
    count[r, 0]: sum_over(i, S[i, r]),
    part[v, r]: sum_over(i, S[i, r] * G[v, i]) / count[r, 0],
}
one_machine_each = [SumsToOne("S", 1)]

by_examples = Derivation(
    "The mean over all examples is the mean of the machines' means, weighted by their counts",
    sum_over(r, count[r, 0] / m * part[v, r]),
    (sum_over(r, sum_over(i, S[i, r] * G[v, i])) / m, "a mean times its count is a sum"),
    (sum_over(i, G[v, i] * sum_over(r, S[i, r])) / m, "the sums change places"),
    (sum_over(i, G[v, i]) / m, "each example is on one machine"),
    (g[v, 0], "the definition of `g`"),
    where=examples,
    assumptions=one_machine_each,
    instances=(),
)

penalty_once = Derivation(
    "A penalty that every machine adds is counted once, because the weights add up to 1",
    sum_over(r, count[r, 0] / m * (part[v, r] + lam * w[v, 0])),
    (g[v, 0] + lam * w[v, 0] * sum_over(r, count[r, 0]) / m, "the mean, and the penalty's share of each machine"),
    (g[v, 0] + lam * w[v, 0], "the counts add up to `m`"),
    where=examples,
    assumptions=one_machine_each,
    instances=(),
)

by_features = Derivation(
    "Features dealt out: each machine has some columns of W and rows of A, and the products are added up",
    Z[v, i],
    (sum_over(u, W[v, u] * A[u, i]), "the definition"),
    (sum_over(u, sum_over(r, F[u, r]) * W[v, u] * A[u, i]), "each feature is on one machine"),
    (sum_over(r, sum_over(u, F[u, r] * W[v, u] * A[u, i])), "the sums change places"),
    where={Z[v, i]: sum_over(u, W[v, u] * A[u, i])},
    assumptions=[SumsToOne("F", 1)],
    instances=(),
)

by_units = Derivation(
    "Hidden units dealt out: on the way back each machine's share of dA is added up",
    dA[u, i],
    (sum_over(v, W[v, u] * dZ[v, i]), "back through the layer"),
    (sum_over(v, sum_over(r, H[v, r]) * W[v, u] * dZ[v, i]), "each unit is on one machine"),
    (sum_over(r, sum_over(v, H[v, r] * W[v, u] * dZ[v, i])), "the sums change places"),
    where={dA[u, i]: sum_over(v, W[v, u] * dZ[v, i])},
    assumptions=[SumsToOne("H", 1)],
    instances=(),
)

mean_of_means = Misconception(
    "M1",
    "The gradient is the mean of the machines' gradients, however many examples each has.",
    sum_over(r, part[v, r]) / K,
    g[v, 0],
    correction="Each machine's mean counts as often as it has examples. With equal counts both are the same.",
    where=examples,
    assumptions=one_machine_each,
)

penalty_per_machine = Misconception(
    "M2",
    "Each machine's gradient has the penalty in it, and the gradients are added up.",
    sum_over(r, count[r, 0] / m * part[v, r] + lam * w[v, 0]),
    g[v, 0] + lam * w[v, 0],
    correction="Then it is there once for each machine: add it once, after the sum, or weigh it like the gradients.",
    where=examples,
    assumptions=one_machine_each,
)
