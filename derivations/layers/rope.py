"""Rotary position embedding (RoPE)."""

from derivations.layers.operator import Operator

rope = Operator(
    title="Rotary position embedding (RoPE)",
    kind="attention",
    sentence="Pairs of features are rotated by an angle that grows with the position.",
    source="Su et al., RoFormer, arXiv:2104.09864",
    forward="""
        U[t, d] = X[t, d] * cos(a[t, d]) - Y[t, d] * sin(a[t, d])
        V[t, d] = X[t, d] * sin(a[t, d]) + Y[t, d] * cos(a[t, d])
    """,
    wrt="X, Y",
    wrong={
        "dX[t, d] = dU[t, d] * cos(a[t, d]) - dV[t, d] * sin(a[t, d])": "the way back turns by the opposite angle",
    },
)
