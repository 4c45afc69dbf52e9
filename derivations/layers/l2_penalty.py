"""L2 penalty."""

from derivations.layers.operator import Operator

l2_penalty = Operator(
    title="L2 penalty",
    kind="penalty",
    sentence="Half the sum of squared weights, times a strength.",
    source="Hoerl and Kennard, Ridge regression, Technometrics 12 (1970)",
    forward="R = lam / 2 * sum[v, u](W[v, u]**2)",
    wrt="W",
)
