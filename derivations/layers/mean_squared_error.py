"""Mean squared error."""

from derivations.layers.operator import Operator

mean_squared_error = Operator(
    title="Mean squared error",
    kind="loss",
    sentence="The squared distance to the targets, on average over all entries.",
    source="Legendre, Nouvelles methodes pour la determination des orbites des cometes (1805)",
    forward="L = mean[v, i]((Z[v, i] - T[v, i])**2)",
    wrt="Z",
    wrong={
        "dZ[v, i] = 2 * (Z[v, i] - T[v, i]) / size(i)": "the mean is over all entries, not over examples alone",
    },
)
