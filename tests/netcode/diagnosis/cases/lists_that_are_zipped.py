# right: ReLU hidden layers, softmax output, mean cross-entropy, no penalty
import numpy as np


def relu(z):
    return np.maximum(0, z)


def backprop(Ws, bs, x, y):
    """x: (n, m), y: one-hot (C, m). Returns lists of gradients."""
    a, zs, acts = x, [], [x]
    for l, (W, b) in enumerate(zip(Ws, bs)):
        z = W @ a + b
        zs.append(z)
        a = relu(z) if l < len(Ws) - 1 else np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)
        acts.append(a)
    m = x.shape[1]
    delta = (acts[-1] - y) / m
    dWs, dbs = [None] * len(Ws), [None] * len(bs)
    for l in reversed(range(len(Ws))):
        dWs[l] = delta @ acts[l].T
        dbs[l] = delta.sum(axis=1, keepdims=True)
        if l > 0:
            delta = (Ws[l].T @ delta) * (zs[l - 1] > 0)
    return dWs, dbs
