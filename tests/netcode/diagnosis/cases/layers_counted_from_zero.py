# right: sigmoid hidden layer, sigmoid output, mean binary cross-entropy, no penalty
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(X, y, W0, b0, W1, b1):
    m = len(X)
    a0 = sigmoid(X @ W0 + b0)
    a1 = sigmoid(a0 @ W1 + b1)
    d1 = (a1 - y) / m
    dW1, db1 = a0.T @ d1, d1.sum(0)
    d0 = d1 @ W1.T * a0 * (1 - a0)
    dW0, db0 = X.T @ d0, d0.sum(0)
    return dW0, db0, dW1, db1
