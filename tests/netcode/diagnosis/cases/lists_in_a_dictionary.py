# right: ReLU hidden layer, linear output, mean squared error, no penalty
import numpy as np


def forward(params, X):
    A, cache = X, [X]
    L = len(params["W"])
    for l in range(L):
        Z = params["W"][l] @ A + params["b"][l]
        A = np.maximum(Z, 0) if l < L - 1 else Z
        cache.append(A)
    return A, cache


def gradients(params, X, Y):
    out, cache = forward(params, X)
    m = X.shape[1]
    L = len(params["W"])
    d = 2 * (out - Y) / m
    grads = {"W": [0] * L, "b": [0] * L}
    for l in range(L - 1, -1, -1):
        grads["W"][l] = d @ cache[l].T
        grads["b"][l] = d.sum(1, keepdims=True)
        if l:
            d = params["W"][l].T @ d * (cache[l] > 0)
    return grads
