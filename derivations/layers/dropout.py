"""Dropout."""

from derivations.layers.operator import Operator

dropout = Operator(
    title="Dropout",
    kind="penalty",
    sentence="Some units are switched off by a random mask, the others made larger.",
    source="Srivastava et al., Dropout, JMLR 15 (2014)",
    forward="Y[v, i] = M[v, i] * X[v, i] / q",
    wrt="X",
    assume="q > 0",
    wrong={
        "dX[v, i] = M[v, i] * dY[v, i]": "the scale 1/q belongs to the way back as well",
    },
)
