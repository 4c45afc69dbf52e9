"""Poisson negative log-likelihood."""

from derivations.layers.operator import Operator

poisson_nll = Operator(
    title="Poisson negative log-likelihood",
    kind="loss",
    sentence="For counts, from the logarithm of their rate.",
    source="Nelder and Wedderburn, Generalized linear models, Journal of the Royal Statistical Society A 135 (1972)",
    forward="L = mean[i](exp(z[i]) - t[i] * z[i])",
    wrt="z",
)
