# %% [markdown]
# # The network and its graph
#
# x

# %%
import numpy as np

import netcode
from derivations import network, regularization, softmax_cross_entropy
from derivations.graph import Drawing, Graph, Units, Walk
from derivations.notation import J, L

graph = Graph(L, network.where).without("P")
Drawing(graph, "The graph of the network. Squares are learned, round squares are given, circles are computed.")

# %%
Units(L, network.where, {"n": 2, "h": 4, "C": 3}, ("A1", 2))

# %%
Drawing(graph, back=[graph.edge("Z2", "L")], gradients=["Z2"], derivatives="equations")

# %%
Drawing(graph, back=[edge for edge in graph.edges if edge.source != "Y"], gradients=[name for name in graph.quantities if name not in ("L", "X", "Y")], derivatives="equations")

# %%
X = np.array([[1.0, -0.5], [0.5, 1.5]])
Y = netcode.one_hot(np.array([0, 2]), 3)
lam = 0.1
parameters = netcode.initialize(2, 4, 3, seed=1)
parameters = netcode.Parameters(*[np.round(p, 1) for p in parameters])
forward = netcode.forward(X, parameters)
backward = netcode.backward(X, Y, parameters, forward, lam)
values = {"X": X, "Y": Y, "lam": lam, **parameters._asdict(), **forward._asdict(), **backward._asdict()}
values["L"] = netcode.loss(forward.Z2, Y, parameters, 0.0)
values["J"] = netcode.loss(forward.Z2, Y, parameters, lam)
values["R"] = values["J"] - values["L"]
Walk(
    Graph(J, network.where),
    [network.forward_Z1, network.forward_A1, network.forward_Z2, network.forward_P, softmax_cross_entropy.loss, regularization.penalty, network.forward_J],
    [network.backward_dZ2, network.backward_dW2, network.backward_db2, network.backward_dA1, network.backward_dZ1, network.backward_dW1, network.backward_db1],
    values,
)
