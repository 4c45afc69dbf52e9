"""Variance term of VICReg."""

from derivations.layers.operator import Operator

vicreg_variance = Operator(
    title="Variance term of VICReg",
    kind="penalty",
    sentence="Every feature should vary over the batch at least by gamma, so that not all examples become one.",
    source="Bardes, Ponce and LeCun, VICReg, arXiv:2105.04906",
    forward="""
        mu[k] = mean[i](X[k, i])
        s[k] = sqrt(mean[i]((X[k, i] - mu[k])**2) + eps)
        R = mean[k](relu(gamma - s[k]))
    """,
    wrt="X",
    assume="eps > 0",
)
