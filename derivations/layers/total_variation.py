"""Total variation, smoothed."""

from derivations.layers.operator import Operator

total_variation = Operator(
    title="Total variation, smoothed",
    kind="penalty",
    sentence="The lengths of the steps from each place to the next; eps rounds the corner at 0.",
    source="Rudin, Osher and Fatemi, Nonlinear total variation based noise removal algorithms, Physica D 60 (1992)",
    forward="L = lam * sum[p](sqrt((X[p + 1] - X[p])**2 + eps))",
    wrt="X",
    assume="eps > 0",
)
