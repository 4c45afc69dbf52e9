# right: sigmoid hidden layer, sigmoid output, mean binary cross-entropy, no penalty
import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def update(W1, b1, W2, b2, X, Y, lr=0.1):
    Z1 = W1 @ X + b1
    A1 = sigmoid(Z1)
    A2 = sigmoid(W2 @ A1 + b2)
    m = X.shape[1]
    E2 = (A2 - Y) / m
    E1 = W2.T @ E2 * A1 * (1 - A1)
    W2 = W2 - lr * E2 @ A1.T
    b2 = b2 - lr * E2.sum(axis=1, keepdims=True)
    W1 = W1 - lr * E1 @ X.T
    b1 = b1 - lr * E1.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
