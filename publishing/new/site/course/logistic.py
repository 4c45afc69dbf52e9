"""One unit that answers yes or no: its backward pass comes from its forward pass."""

from derivations import derive

unit = derive(
    """
    z[i] = sum[u](w[u] * X[u, i]) + b
    P[i] = sigmoid(z[i])
    L    = -mean[i](y[i] * log(P[i]) + (1 - y[i]) * log(1 - P[i]))
    """,
    wrt="w, b",
    name="unit",
)
