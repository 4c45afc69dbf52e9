"""Gaussian negative log-likelihood."""

from derivations.layers.operator import Operator

gaussian_nll = Operator(
    title="Gaussian negative log-likelihood",
    kind="loss",
    sentence="A mean and a logarithm of a variance for each example.",
    source="Nix and Weigend, Estimating the mean and variance of the target probability distribution (1994)",
    forward="L = mean[i](s[i] + (t[i] - m[i])**2 * exp(-s[i])) / 2",
    wrt="m, s",
)
