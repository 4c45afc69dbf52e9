"""L2 normalization."""

from derivations.layers.operator import Operator

l2_normalization = Operator(
    title="L2 normalization",
    kind="normalization",
    sentence="Each example is divided by its length.",
    source="Wang et al., NormFace, arXiv:1704.06369",
    forward="""
        n[i] = sqrt(sum[j](X[i, j]**2) + eps)
        Y[i, j] = X[i, j] / n[i]
    """,
    wrt="X",
    assume="eps > 0",
    wrong={
        "dX[i, j] = dY[i, j] / n[i]": "the length depends on `X`, too",
    },
)
