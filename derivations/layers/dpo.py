"""Direct preference optimization."""

from derivations.layers.operator import Operator

dpo = Operator(
    title="Direct preference optimization",
    kind="loss",
    sentence="The log-sigmoid of how much more the chosen answer gained over the rejected one.",
    source="Rafailov et al., Direct preference optimization, arXiv:2305.18290",
    forward="""
        h[i] = beta * (c[i] - cref[i] - r[i] + rref[i])
        L = -mean[i](log(sigmoid(h[i])))
    """,
    wrt="c, r",
)
