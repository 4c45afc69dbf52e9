# example-left-out: dW1, db1, dW2, db2
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop(X, Y, W1, b1, W2, b2):
    """X (n, m), Y (C, m)"""
    m = X.shape[1]
    dW1, db1 = np.zeros_like(W1), np.zeros_like(b1)
    dW2, db2 = np.zeros_like(W2), np.zeros_like(b2)
    for i in range(1, m):
        x, t = X[:, i : i + 1], Y[:, i : i + 1]
        a1 = sigmoid(W1 @ x + b1)
        a2 = sigmoid(W2 @ a1 + b2)
        d2 = a2 - t
        d1 = W2.T @ d2 * a1 * (1 - a1)
        dW2 += d2 @ a1.T
        db2 += d2
        dW1 += d1 @ x.T
        db1 += d1
    return dW1 / m, db1 / m, dW2 / m, db2 / m
