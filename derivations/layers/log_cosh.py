"""Log-cosh loss."""

from derivations.layers.operator import Operator

log_cosh = Operator(
    title="Log-cosh loss",
    kind="loss",
    sentence="A smooth absolute error.",
    source="Green, Bayesian reconstructions from emission tomography data, IEEE TMI 9 (1990)",
    forward="L = mean[i](log((exp(z[i] - t[i]) + exp(t[i] - z[i])) / 2))",
    wrt="z",
)
