"""CELU."""

from derivations.layers.operator import Operator

celu = Operator(
    title="CELU",
    kind="activation",
    sentence="ELU whose slope goes on without a jump, whatever the constant is.",
    source="Barron, Continuously differentiable exponential linear units, arXiv:1704.07483",
    forward="A[i] = relu(z[i]) + alpha * (exp((z[i] - relu(z[i])) / alpha) - 1)",
    wrt="z",
    assume="alpha > 0",
    wrong={
        "dz[i] = dA[i] * (step(z[i]) + alpha * step(-z[i]) * exp(z[i] / alpha))": "`alpha` cancels 1/`alpha`",
    },
)
