"""Squeeze and excitation."""

from derivations.layers.operator import Operator

squeeze_excite = Operator(
    title="Squeeze and excitation",
    kind="block",
    sentence="Each channel is weighed by a gate that has seen the means of all channels.",
    source="Hu et al., Squeeze-and-excitation networks, arXiv:1709.01507",
    forward="""
        s[c, i] = mean[t](X[c, i, t])
        H[r, i] = relu(sum[c](W[r, c] * s[c, i]))
        G[c, i] = sigmoid(sum[r](V[c, r] * H[r, i]))
        Y[c, i, t] = G[c, i] * X[c, i, t]
    """,
    wrt="X, W, V",
    wrong={
        "dX[c, i, t] = dY[c, i, t] * G[c, i]": "the gate depends on `X`, too",
    },
)
