# transpose-forgotten: fails where sizes differ
import numpy as np


def backprop(X, Y, weights, biases):
    m = X.shape[1]
    activations = [X]
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        activations.append(np.maximum(W @ activations[-1] + b, 0))
    powers = np.exp(weights[-1] @ activations[-1] + biases[-1])
    delta = (powers / powers.sum(axis=0) - Y) / m
    d_weights, d_biases = [], []
    for k in reversed(range(len(weights))):
        d_weights.insert(0, delta @ activations[k].T)
        d_biases.insert(0, delta.sum(axis=1, keepdims=True))
        delta = weights[k] @ delta * (activations[k] > 0)
    return d_weights, d_biases
