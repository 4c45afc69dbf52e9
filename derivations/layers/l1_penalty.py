"""L1 penalty."""

from derivations.layers.operator import Operator

l1_penalty = Operator(
    title="L1 penalty",
    kind="penalty",
    sentence="The sum of absolute weights, times a strength.",
    source="Tibshirani, Regression shrinkage and selection via the lasso, JRSS B 58 (1996)",
    forward="R = lam * sum[v, u](abs(W[v, u]))",
    wrt="W",
)
