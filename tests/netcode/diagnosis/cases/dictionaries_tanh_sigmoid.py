# right: tanh hidden layer, sigmoid output, mean binary cross-entropy, no penalty
import numpy as np


def forward_pass(X, params):
    A1 = np.tanh(params["W1"] @ X + params["b1"])
    A2 = 1 / (1 + np.exp(-(params["W2"] @ A1 + params["b2"])))
    return A2, {"A1": A1, "A2": A2}


def backward_pass(params, cache, X, Y):
    m = X.shape[1]
    error = cache["A2"] - Y  # of a sigmoid
    back = params["W2"].T @ error * (1 - np.power(cache["A1"], 2))
    grads = {"dW2": error @ cache["A1"].T / m, "db2": error.sum(axis=1, keepdims=True) / m}
    grads |= {"dW1": back @ X.T / m, "db1": back.sum(axis=1, keepdims=True) / m}
    return grads
