"""Divergence of a Gaussian from the standard one."""

from derivations.layers.operator import Operator

gaussian_kl = Operator(
    title="Divergence of a Gaussian from the standard one",
    kind="loss",
    sentence="The regularizer of a variational autoencoder.",
    source="Kingma and Welling, Auto-encoding variational Bayes, arXiv:1312.6114",
    forward="L = mean[i](sum[k](exp(s[k, i]) + m[k, i]**2 - 1 - s[k, i])) / 2",
    wrt="m, s",
)
