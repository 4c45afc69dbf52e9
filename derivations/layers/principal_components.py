"""Reconstruction by principal components."""

from derivations.layers.operator import Operator

principal_components = Operator(
    title="Reconstruction by principal components",
    kind="model",
    sentence="How much of the data is lost between a matrix and its transpose.",
    source="Pearson, On lines and planes of closest fit, Philosophical Magazine 2 (1901)",
    forward="""
        H[k, i] = sum[u](W[k, u] * X[u, i])
        E[u, i] = sum[k](W[k, u] * H[k, i]) - X[u, i]
        L = mean[i](sum[u](E[u, i]**2))
    """,
    wrt="W",
)
