"""Center loss."""

from derivations.layers.operator import Operator

center_loss = Operator(
    title="Center loss",
    kind="loss",
    sentence="Each example should be near to the center of its class, which is learned as well.",
    source="Wen et al., A discriminative feature learning approach for deep face recognition (2016)",
    forward="L = mean[i](sum[k]((X[k, i] - C[k, y[i]])**2)) / 2",
    wrt="X, C",
)
