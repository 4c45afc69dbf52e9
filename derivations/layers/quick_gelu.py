"""Quick GELU."""

from derivations.layers.operator import Operator

quick_gelu = Operator(
    title="Quick GELU",
    kind="activation",
    sentence="The input times a sigmoid that is steeper than SiLU's.",
    source="Hendrycks and Gimpel, Gaussian error linear units, arXiv:1606.08415",
    forward="A[i] = z[i] * sigmoid(1.702 * z[i])",
    wrt="z",
)
