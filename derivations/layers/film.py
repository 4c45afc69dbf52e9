"""FiLM."""

from derivations.layers.operator import Operator

film = Operator(
    title="FiLM",
    kind="linear",
    sentence="Each channel is scaled and shifted by what another network says of the example.",
    source="Perez et al., FiLM: visual reasoning with a general conditioning layer, arXiv:1709.07871",
    forward="Y[c, i, t] = gamma[c, i] * X[c, i, t] + beta[c, i]",
    wrt="X, gamma, beta",
    wrong={
        "dgamma[c, i] = sum[t](dY[c, i, t])": "that is the gradient of the shift; the scale multiplies `X`",
    },
)
