"""Conic of a projected Gaussian."""

from derivations.layers.operator import Operator

splatting_conic = Operator(
    title="Conic of a projected Gaussian",
    kind="model",
    sentence="The inverse of a 2 x 2 covariance, and the exponent that a splat has at a point.",
    source="Kerbl et al., 3D Gaussian splatting, arXiv:2308.04079",
    forward="""
        D[i] = a[i] * c[i] - b[i]**2
        p[i] = -(c[i] * x[i]**2 - 2 * b[i] * x[i] * y[i] + a[i] * y[i]**2) / (2 * D[i])
        G[i] = exp(p[i])
    """,
    wrt="a, b, c, x, y",
)
