"""Soft Dice loss."""

from derivations.layers.operator import Operator

dice_loss = Operator(
    title="Soft Dice loss",
    kind="loss",
    sentence="How little two regions overlap, measured against their sizes.",
    source="Milletari, Navab and Ahmadi, V-Net, arXiv:1606.04797",
    forward="""
        n = 2 * sum[i](P[i] * Y[i])
        d = sum[i](P[i]**2) + sum[i](Y[i]**2) + eps
        L = 1 - n / d
    """,
    wrt="P",
    assume="eps > 0",
    wrong={
        "dP[i] = -2 * Y[i] / d": "the denominator depends on `P`, too",
        "dP[i] = (2 * n * P[i] - 2 * Y[i]) / d": "by the quotient rule the first term is divided by the square of `d`",
    },
)
